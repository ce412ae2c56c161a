// SPDX-License-Identifier: BSL-1.0
/// \file
/// Filters over records: comparisons by the type of the field.
#pragma once

#include <eloqua/bulk/definitions.hpp>
#include <eloqua/bulk/http.hpp>
#include <eloqua/bulk/simulator/detail/eel.hpp>
#include <eloqua/bulk/simulator/detail/snapshot.hpp>
#include <eloqua/bulk/simulator/detail/statements.hpp>
#include <eloqua/bulk/simulator/detail/store.hpp>
#include <eloqua/bulk/simulator/detail/table.hpp>
#include <eloqua/bulk/simulator/detail/values.hpp>
#include <eloqua/bulk/simulator/options.hpp>

#include <boost/describe/enum_from_string.hpp>
#include <boost/describe/enumerators.hpp>
#include <boost/mp11/algorithm.hpp>

#include <chrono>
#include <compare>
#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace eloqua::bulk::simulation {

/// SQL Server's LIKE without regard to the case of ASCII letters: `%` any text, `_` one character,
/// `[a-c]` one of these, `[^a-c]` one of all others.
inline bool like(std::string_view text, std::string_view pattern) {
    auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
    auto width = [](std::string_view t) { // of the first character, in bytes
        std::size_t n = 1;
        while (n < t.size() && (static_cast<unsigned char>(t[n]) & 0xC0) == 0x80)
            ++n;
        return n;
    };
    std::string_view retry_text, retry_pattern;
    bool can_retry = false;
    for (;;) {
        std::size_t text_step = 0, pattern_step = 0;
        bool fits = false;
        if (pattern.empty()) {
            if (text.empty())
                return true;
        } else if (pattern[0] == '%') {
            pattern.remove_prefix(1);
            retry_text = text;
            retry_pattern = pattern;
            can_retry = true;
            continue;
        } else if (!text.empty()) {
            std::size_t const close = pattern[0] == '[' ? pattern.find(']', 1) : pattern.npos;
            if (pattern[0] == '_') {
                fits = true;
                text_step = width(text);
                pattern_step = 1;
            } else if (close != pattern.npos) {
                std::string_view set = pattern.substr(1, close - 1);
                bool const negated = set.starts_with('^');
                set.remove_prefix(negated ? 1 : 0);
                text_step = width(text);
                bool inside = false;
                while (!set.empty()) {
                    std::size_t const n = width(set);
                    if (n == 1 && set.size() >= 3 && set[1] == '-' && text_step == 1) {
                        inside |=
                            lower(text[0]) >= lower(set[0]) && lower(text[0]) <= lower(set[2]);
                        set.remove_prefix(3);
                    } else {
                        inside |= folded(set.substr(0, n)) == folded(text.substr(0, text_step));
                        set.remove_prefix(n);
                    }
                }
                fits = inside != negated;
                pattern_step = close + 1;
            } else {
                fits = lower(text[0]) == lower(pattern[0]);
                text_step = pattern_step = 1;
            }
        }
        if (fits) {
            text.remove_prefix(text_step);
            pattern.remove_prefix(pattern_step);
        } else {
            if (!can_retry || retry_text.empty())
                return false;
            retry_text.remove_prefix(width(retry_text));
            text = retry_text;
            pattern = retry_pattern;
        }
    }
}

/// Whether a filter of exports of `of` can ask for members of a container by this statement.
inline bool can_exist_in(table const& of, std::string_view statement) {
    auto const path = parse_statement(statement);
    if (!path || path->size() != 1)
        return false;
    std::string_view const name = path->front().name;
    return of.kind == table_kind::contacts
               ? name == "ContactFilter" || name == "ContactSegment" || name == "ContactList"
               : of.kind == table_kind::accounts && name == "AccountList";
}

/// A filter bound to the fields of a table.
class record_filter {
    struct term {
        column what;
        std::optional<double> number;
        std::optional<timestamp> time;
        std::optional<bool> truth;
        std::string text; ///< folded
        std::set<position> const* members = nullptr;
        service_instance const* service = nullptr;
        std::int64_t execution = 0;
        member_status status{};
    };

public:
    /// Error: `errc::invalid_filter` for a statement that means nothing here, a container, service
    /// instance or execution that does not exist, or a value that is not a number or time where the
    /// field is one. `options` must stay.
    static result<record_filter> bind(eel_filter parsed, store const& s, table const& of,
                                      simulator_options const& options) {
        record_filter made(options);
        made.terms_.resize(parsed.nodes.size());
        for (std::size_t i = 0; i != parsed.nodes.size(); ++i) {
            eel_node const& node = parsed.nodes[i];
            term& t = made.terms_[i];
            if (node.what == eel_node::kind::exists) {
                auto const found = of.containers.find(node.left);
                if (found == of.containers.end() || !can_exist_in(of, node.left))
                    return failure(errc::invalid_filter, "Must reference an existing object.");
                t.members = &found->second;
            } else if (node.what == eel_node::kind::status) {
                auto const reference = parse_instance(node.left);
                t.service = reference ? of.services.find(*reference) : nullptr;
                // Responses are given to an app by the execution.
                if (!t.service || (of.kind == table_kind::campaign_responses &&
                                   !reference->connector && reference->execution == 0))
                    return failure(errc::invalid_filter,
                                   "Must reference service instance within a workflow");
                t.execution = reference->execution;
                if (!boost::describe::enum_from_string(node.literal.c_str(), t.status))
                    return failure(errc::invalid_filter, "'" + node.literal + "' is not a status.");
                made.has_status_ = true;
                made.related_.campaign = t.service->campaign;
            } else if (node.what == eel_node::kind::comparison) {
                auto const resolved = s.resolve(of, node.left);
                if (!resolved || resolved->where != column::use::any)
                    return failure(errc::invalid_filter,
                                   "'" + node.left + "' is not a valid statement here.");
                t.what = *resolved;
                t.text = folded(node.literal);
                made.related_.add(*resolved);
                made.contact_fields_ |=
                    resolved->of == column::owner::contact && resolved->from != column::source::id;
                if (node.by == eel_node::op::like || node.literal.empty())
                    continue;
                if (resolved->type == data_type::number && !(t.number = read_number(node.literal)))
                    return failure(errc::invalid_filter, "'" + node.literal + "' is not a number.");
                if (resolved->type == data_type::date &&
                    !(t.time = read_time(node.literal, options)))
                    return failure(errc::invalid_filter, "'" + node.literal + "' is not a date.");
                if (resolved->type == data_type::boolean) // any other text is a text
                    t.truth = read_any_boolean(node.literal, options);
            }
        }
        made.filter_ = std::move(parsed);
        return made;
    }
    /// What it reads of other tables, and what its STATUS gives to the export.
    related_records related() const { return related_; }
    bool has_status() const { return has_status_; }
    bool has_contact_fields() const { return contact_fields_; }
    /// Of activities: the types that can pass it.
    activity_types types() const {
        return filter_.nodes.empty() ? all_activity_types : types(filter_.root);
    }
    bool matches(snapshot const& records, position p) const {
        return !filter_.nodes.empty() && matches(filter_.root, records, p);
    }

private:
    explicit record_filter(simulator_options const& options) : options_(&options) {}

    bool matches(std::size_t at, snapshot const& records, position p) const {
        using kind = eel_node::kind;
        eel_node const& node = filter_.nodes[at];
        switch (node.what) {
        case kind::and_:
            return matches(node.first, records, p) && matches(node.second, records, p);
        case kind::or_:
            return matches(node.first, records, p) || matches(node.second, records, p);
        case kind::not_:
            return !matches(node.first, records, p);
        case kind::exists:
            return terms_[at].members->contains(p);
        case kind::status:
            return service_instances::has(*terms_[at].service, terms_[at].execution, p,
                                          terms_[at].status);
        case kind::comparison:
            break;
        }
        return compare(node, terms_[at], records, p);
    }
    activity_types types(std::size_t at) const {
        using kind = eel_node::kind;
        eel_node const& node = filter_.nodes[at];
        if (node.what == kind::and_)
            return types(node.first) & types(node.second);
        if (node.what == kind::or_)
            return types(node.first) | types(node.second);
        if (node.what != kind::comparison || node.by != eel_node::op::equal ||
            node.left != "{{Activity.Type}}")
            return all_activity_types;
        activity_types found = 0;
        boost::mp11::mp_for_each<boost::describe::describe_enumerators<activity_type>>(
            [&](auto const& each) {
                if (iequals(each.name, node.literal))
                    found = only(each.value);
            });
        return found;
    }
    bool compare(eel_node const& node, term const& t, snapshot const& records, position p) const {
        using op = eel_node::op;
        if (t.time)
            if (auto const system = records.time(t.what, p))
                return holds(node.by, *system <=> in_utc(*t.time, records));
        std::string_view const value = records.value(t.what, p, scratch_);
        if (node.by == op::like)
            return like(value, node.literal);
        if (t.number || t.time || t.truth) {
            // A blank value, or a text that slipped into the field, differs from every literal.
            if (t.truth) {
                auto const truth = read_any_boolean(value, *options_);
                return truth ? holds(node.by, *truth <=> *t.truth) : node.by == op::not_equal;
            }
            if (t.number) {
                auto const number = read_number(value);
                return number ? holds(node.by, *number <=> *t.number) : node.by == op::not_equal;
            }
            auto const time = read_time(value, *options_);
            return time ? holds(node.by, *time <=> *t.time) : node.by == op::not_equal;
        }
        return holds(node.by, folded(value) <=> t.text);
    }
    /// Literals are in the zone in which the export writes its times.
    static timestamp in_utc(timestamp literal, snapshot const& records) {
        if (records.utc())
            return literal;
        return literal + eastern_to_utc(std::chrono::floor<std::chrono::seconds>(literal));
    }
    static bool holds(eel_node::op by, std::partial_ordering order) {
        switch (by) {
        case eel_node::op::equal:
            return order == 0;
        case eel_node::op::not_equal:
            return order != 0;
        case eel_node::op::greater:
            return order > 0;
        case eel_node::op::greater_equal:
            return order >= 0;
        case eel_node::op::less:
            return order < 0;
        case eel_node::op::less_equal:
            return order <= 0;
        case eel_node::op::like:
            break;
        }
        return false;
    }

    simulator_options const* options_;
    eel_filter filter_;
    std::vector<term> terms_;
    related_records related_;
    bool has_status_ = false;
    bool contact_fields_ = false;
    mutable std::string scratch_;
};

} // namespace eloqua::bulk::simulation
