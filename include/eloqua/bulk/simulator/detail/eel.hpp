// SPDX-License-Identifier: BSL-1.0
/// \file
/// Parses the filter language (EEL) and applies filters to records. Comparisons depend on the
/// field's type.
///
///     filter      = or-expr
///     or-expr     = and-expr { "OR" and-expr }
///     and-expr    = not-expr { "AND" not-expr }
///     not-expr    = [ "NOT" ] primary
///     primary     = "(" or-expr ")" | "EXISTS" "(" text ")" | "STATUS" "(" text ")" "=" text
///                 | text op text
///     op          = "=" | "!=" | ">" | ">=" | "<" | "<=" | "~"
///     text        = "'" characters without quote "'"
///
/// Spaces may occur anywhere between. A quote within a text cannot be written; no escape is known.
#pragma once

#include <eloqua/bulk/definitions.hpp>
#include <eloqua/bulk/error.hpp>
#include <eloqua/bulk/http.hpp>
#include <eloqua/bulk/simulator/detail/fields.hpp>
#include <eloqua/bulk/simulator/detail/snapshot.hpp>
#include <eloqua/bulk/simulator/detail/store.hpp>
#include <eloqua/bulk/simulator/detail/table.hpp>
#include <eloqua/bulk/simulator/detail/values.hpp>
#include <eloqua/bulk/simulator/simulator_options.hpp>

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

/// A node of a parsed filter. Children are indexes of nodes.
struct eel_node {
    enum class kind : unsigned char { comparison, exists, status, not_, and_, or_ };
    enum class op : unsigned char {
        equal,
        not_equal,
        greater,
        greater_equal,
        less,
        less_equal,
        like
    };

    kind what = kind::comparison;
    op by = op::equal;
    std::string left;    ///< statement
    std::string literal; ///< the value compared with
    std::size_t first = 0, second = 0;
};

struct eel_filter {
    std::vector<eel_node> nodes;
    std::size_t root = 0;
};

class eel_parser {
public:
    eel_parser(std::string_view text, bool lenient) : text_(text), lenient_(lenient) {}

    /// Error: `errc::invalid_filter`, with the error and its place.
    result<eel_filter> parse() {
        std::size_t const root = or_expression();
        skip_spaces();
        if (wrong_.empty() && at_ != text_.size())
            fail("Expected AND, OR or the end");
        if (!wrong_.empty())
            return failure(errc::invalid_filter,
                           wrong_ + " at character " + std::to_string(wrong_at_ + 1) + ".");
        out_.root = root;
        return std::move(out_);
    }

private:
    using kind = eel_node::kind;

    std::size_t fail(char const* why) {
        if (wrong_.empty()) {
            wrong_ = why;
            wrong_at_ = at_;
        }
        return 0;
    }
    void skip_spaces() {
        while (at_ != text_.size() && text_[at_] == ' ')
            ++at_;
    }
    bool take(std::string_view token) {
        skip_spaces();
        if (!text_.substr(at_).starts_with(token))
            return false;
        at_ += token.size();
        return true;
    }
    bool take_word(std::string_view word) {
        skip_spaces();
        std::string_view const here = text_.substr(at_, word.size());
        if (here != word && !(lenient_ && detail::iequals(here, word)))
            return false;
        char const next = at_ + word.size() < text_.size() ? text_[at_ + word.size()] : ' ';
        if (next != ' ' && next != '(' && next != '\'' && next != '{')
            return false;
        at_ += word.size();
        return true;
    }
    bool take_text(std::string& into) {
        skip_spaces();
        if (at_ == text_.size() || text_[at_] != '\'')
            return false;
        std::size_t const close = text_.find('\'', at_ + 1);
        if (close == text_.npos)
            return false;
        into = text_.substr(at_ + 1, close - at_ - 1);
        at_ = close + 1;
        return true;
    }
    bool take_statement(std::string& into) {
        if (take_text(into))
            return true;
        if (!lenient_ || !text_.substr(at_).starts_with("{{"))
            return false;
        std::size_t const close = text_.find("}}", at_);
        if (close == text_.npos)
            return false;
        into = text_.substr(at_, close + 2 - at_);
        at_ = close + 2;
        return true;
    }
    std::size_t add(eel_node node) {
        out_.nodes.push_back(std::move(node));
        return out_.nodes.size() - 1;
    }
    std::size_t join(kind what, std::size_t first, std::size_t second) {
        eel_node node;
        node.what = what;
        node.first = first;
        node.second = second;
        return add(std::move(node));
    }

    std::size_t or_expression() {
        std::size_t left = and_expression();
        while (wrong_.empty() && take_word("OR"))
            left = join(kind::or_, left, and_expression());
        return left;
    }
    std::size_t and_expression() {
        std::size_t left = not_expression();
        while (wrong_.empty() && take_word("AND"))
            left = join(kind::and_, left, not_expression());
        return left;
    }
    std::size_t not_expression() {
        if (!take_word("NOT"))
            return primary();
        std::size_t const inner = primary();
        return join(kind::not_, inner, inner);
    }
    std::size_t primary() {
        eel_node node;
        if (take("(")) {
            std::size_t const inner = or_expression();
            return take(")") ? inner : fail("Expected ')'");
        }
        bool const exists = take_word("EXISTS");
        if (exists || take_word("STATUS")) {
            node.what = exists ? kind::exists : kind::status;
            if (!take("(") || !take_text(node.left) || !take(")"))
                return fail("Expected a statement in quotes and parentheses");
            if (++functions_ > 1)
                return fail("Only one EXISTS or STATUS operator is allowed");
            if (!exists && (!take("=") || !take_text(node.literal)))
                return fail("Expected '=' and a status in quotes");
            return add(std::move(node));
        }
        if (!take_statement(node.left))
            return fail("Expected a statement in quotes");
        if (!take_operator(node.by))
            return fail("Expected an operator");
        if (!take_text(node.literal))
            return fail("Expected a value in quotes");
        return add(std::move(node));
    }
    bool take_operator(eel_node::op& into) {
        using op = eel_node::op;
        static constexpr std::pair<std::string_view, op> all[] = {
            {"!=", op::not_equal}, {">=", op::greater_equal}, {"<=", op::less_equal},
            {"=", op::equal},      {">", op::greater},        {"<", op::less},
            {"~", op::like}};
        for (auto const& [token, each] : all)
            if (take(token)) {
                into = each;
                return true;
            }
        return false;
    }

    std::string_view text_;
    bool lenient_;
    std::size_t at_ = 0;
    int functions_ = 0;
    std::string wrong_;
    std::size_t wrong_at_ = 0;
    eel_filter out_;
};

/// Parses a filter. Lenient: the left statement may be unquoted, and keywords may have any case.
/// Error: `errc::invalid_filter`.
[[nodiscard]] inline result<eel_filter> parse_eel(std::string_view text, bool lenient) {
    return eel_parser(text, lenient).parse();
}

/// SQL Server's LIKE, ignoring the case of ASCII letters: `%` any text, `_` one character, `[a-c]`
/// one of these, `[^a-c]` one of all others.
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

/// Whether an export filter of `of` can use this statement for membership in a container.
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
    /// Error: `errc::invalid_filter` for a statement that is unknown here; a container, service
    /// instance or execution that does not exist; or a value that is not a number or time as its
    /// field requires. `options` must outlive the filter.
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
                // An app gets responses by the execution.
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
                if (resolved->type == data_type::boolean) // any other literal is compared as text
                    t.truth = read_any_boolean(node.literal, options);
            }
        }
        made.filter_ = std::move(parsed);
        return made;
    }
    /// The related tables that it reads; whether it has a STATUS.
    related_records related() const { return related_; }
    bool has_status() const { return has_status_; }
    bool has_contact_fields() const { return contact_fields_; }
    /// For activities: the types that can match.
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
                if (detail::iequals(each.name, node.literal))
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
            // A blank, or a stored text that is not a boolean, differs from every literal.
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
    /// By default, literals are in the time zone in which the export writes its times.
    timestamp in_utc(timestamp literal, snapshot const& records) const {
        literal_zone const zone = options_->filter_times;
        if (records.utc() && (zone == literal_zone::as_exported || zone == literal_zone::utc))
            return literal;
        return literal + eastern_to_utc(std::chrono::floor<std::chrono::seconds>(literal),
                                        zone == literal_zone::us_eastern_standard);
    }
    static bool holds(eel_node::op by, std::partial_ordering order) {
        using op = eel_node::op;
        return by == op::equal           ? order == 0
               : by == op::not_equal     ? order != 0
               : by == op::greater       ? order > 0
               : by == op::greater_equal ? order >= 0
               : by == op::less          ? order < 0
                                         : by == op::less_equal && order <= 0;
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
