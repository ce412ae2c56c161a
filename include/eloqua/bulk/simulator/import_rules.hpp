// SPDX-License-Identifier: BSL-1.0
/// \file
/// What an import does with its rows: which it refuses, which it matches, what it writes.
#pragma once

#include <eloqua/bulk/schema/assets.hpp>
#include <eloqua/bulk/schema/definitions.hpp>
#include <eloqua/bulk/schema/documents.hpp>
#include <eloqua/bulk/schema/status_codes.hpp>
#include <eloqua/bulk/schema/sync_action.hpp>
#include <eloqua/bulk/schema/time.hpp>
#include <eloqua/bulk/schema/value.hpp>
#include <eloqua/bulk/simulator/definition_rules.hpp>
#include <eloqua/bulk/simulator/eel_match.hpp>
#include <eloqua/bulk/simulator/options.hpp>
#include <eloqua/bulk/simulator/staging.hpp>
#include <eloqua/bulk/simulator/store.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace eloqua::bulk::simulation {

/// A refused row, or one that was taken without some of its values.
struct rejected_row {
    std::int64_t index; ///< from 1
    std::size_t order;  ///< of its row among all of the sync
    elq code;
    char const* message;
    packed_values values;                     ///< as pushed
    std::vector<std::size_t> invalid_columns; ///< by number
};

struct import_counts {
    std::int64_t processed = 0, remaining = 0, cut = 0; ///< rows
    std::int64_t created = 0, updated = 0, linked = 0;  ///< records
    std::map<elq, std::int64_t> refused;                ///< rows
};

/// Records by the number of the sync action that reached them.
using action_counts = std::map<std::size_t, std::int64_t>;

struct import_outcome {
    import_counts counts;
    std::vector<rejected_row> rejects;
    action_counts acted;
};

/// Sync actions of one record.
inline void run_sync_actions(table& of, std::vector<sync_action> const& actions, position p,
                             action_counts& acted) {
    for (std::size_t i = 0; i != actions.size(); ++i) {
        sync_action const& each = actions[i];
        if (each.action == sync_action_kind::setStatus)
            of.edit(p).subscribed = each.status == member_status::subscribed;
        else if (each.action == sync_action_kind::add)
            of.containers[each.destination].insert(p);
        else
            of.containers[each.destination].erase(p);
        ++acted[i];
    }
}

/// Whether the text can be an e-mail address.
inline bool plausible_email(std::string_view text) {
    std::size_t const at = text.find('@');
    if (at == 0 || at == text.npos || text.size() > 254)
        return false;
    std::string_view const domain = text.substr(at + 1);
    if (domain.find('@') != domain.npos || domain.find('.') == domain.npos ||
        domain.starts_with('.') || domain.ends_with('.') || domain.find("..") != domain.npos)
        return false;
    return std::ranges::none_of(text, [](char c) {
        return static_cast<unsigned char>(c) <= ' ' || c == ',' || c == ';' || c == '<' ||
               c == '>' || c == '"' || c == 0x7f;
    });
}

/// The value as it is stored in a field of this type, or nothing if it is none.
inline std::optional<std::string> stored_form(std::string_view value, data_type type) {
    if (value.empty() || type == data_type::string || type == data_type::emailAddress)
        return std::string(value);
    if (type == data_type::number)
        return parse_decimal(value) ? std::optional(std::string(value)) : std::nullopt;
    if (type == data_type::boolean) {
        bool yes = false;
        if (!value_traits<bool>::parse(value, yes))
            return std::nullopt;
        return yes ? "True" : "False";
    }
    auto const time = parse_any_time(value);
    std::string text;
    if (!time || !append_time(text, std::chrono::floor<std::chrono::milliseconds>(*time)))
        return std::nullopt;
    if (text.ends_with(".000"))
        text.resize(text.size() - 4);
    return text;
}

/// One import sync's pass over its rows.
class import_run {
    struct row {
        staged_row* from;
        std::int64_t index;
        std::size_t order;
        std::vector<std::size_t> cut; ///< columns whose values cannot be stored
        bool refused = false;
    };

public:
    import_run(store& s, table& into, checked_import const& d, received_import const& document,
               simulator_options const& o, timestamp now)
        : store_(s), into_(into), definition_(d), document_(document), options_(o), now_(now) {}

    import_outcome run(std::vector<staged_request>& requests) {
        std::vector<row> rows;
        for (staged_request& each : requests) {
            std::int64_t index =
                options_.record_index_per_request ? 0 : static_cast<std::int64_t>(rows.size());
            for (staged_row& staged : each.rows)
                rows.push_back({&staged, ++index, rows.size(), {}, false});
        }
        counts_.processed = static_cast<std::int64_t>(rows.size());
        for (row& each : rows)
            check(each);
        refuse_duplicates(rows);
        counts_.remaining = std::ranges::count(rows, false, &row::refused);
        before_ = into_.size();
        for (row& each : rows)
            if (!each.refused)
                take(each);
        std::ranges::sort(out_.rejects, {}, &rejected_row::order);
        out_.counts = counts_;
        return std::move(out_);
    }

private:
    std::string_view value(row const& r, std::size_t column) const {
        return r.from->values.get(column);
    }
    column const& target(std::size_t at) const { return definition_.columns[at].into; }
    char const* already_exists() const {
        return into_.kind == table_kind::contacts ? "Contact already exists."
                                                  : "Record already exists.";
    }

    void report(row const& r, elq code, char const* message, std::vector<std::size_t> invalid) {
        out_.rejects.push_back(
            {r.index, r.order, code, message, r.from->values, std::move(invalid)});
    }
    void refuse(row& r, elq code, char const* message, std::vector<std::size_t> invalid) {
        r.refused = true;
        ++counts_.refused[code];
        report(r, code, message, std::move(invalid));
    }

    void check(row& r) {
        std::size_t const columns = definition_.columns.size();
        if (r.from->malformed)
            return refuse(r, elq::malformed_record, "Malformed record.", {});
        bool blank = true;
        std::vector<std::size_t> missing, bad_addresses;
        for (std::size_t i = 0; i != columns; ++i) {
            std::string_view const v = value(r, i);
            blank &= v.empty();
            if (v.empty()) {
                if (i == definition_.identifier || target(i).required)
                    missing.push_back(i);
            } else if (target(i).type == data_type::emailAddress) {
                if (!plausible_email(v))
                    bad_addresses.push_back(i);
            } else if (!stored_form(v, target(i).type)) {
                r.cut.push_back(i);
            }
        }
        if (blank)
            return refuse(r, elq::empty_record, "Empty record.", {});
        if (!missing.empty())
            return refuse(r, elq::missing_fields, "Missing fields.", std::move(missing));
        if (!bad_addresses.empty())
            return refuse(r, elq::invalid_email_address, "Invalid email address.",
                          std::move(bad_addresses));
        if (std::ranges::find(r.cut, definition_.identifier) != r.cut.end())
            return refuse(r, elq::malformed_record, "Malformed record.", {definition_.identifier});
        if (std::ranges::any_of(r.cut, [&](std::size_t i) { return target(i).unique; }))
            refuse(r, elq::rejected_fields_only, "Invalid field values.", r.cut);
    }

    /// Of the rows with one identifier, one stays.
    void refuse_duplicates(std::vector<row>& rows) {
        std::unordered_map<std::string, row*> chosen;
        for (row& each : rows) {
            if (each.refused)
                continue;
            auto const [known, fresh] =
                chosen.try_emplace(folded(value(each, definition_.identifier)), &each);
            if (fresh)
                continue;
            row* const loser = options_.duplicates_keep_last ? known->second : &each;
            if (options_.duplicates_keep_last)
                known->second = &each;
            refuse(*loser, elq::duplicate_identifier, "Duplicate identifier.",
                   {definition_.identifier});
        }
    }

    void take(row& r) {
        std::size_t const identifier = definition_.identifier;
        std::vector<position> matches = into_.find(target(identifier).field, value(r, identifier));
        auto const rule = document_.importRule && into_.kind != table_kind::custom_object
                              ? document_.importRule->known().value_or(import_rule::createAndUpdate)
                              : import_rule::createAndUpdate;
        if (matches.empty() && rule == import_rule::updateOnly)
            return refuse(r, elq::unmatched_record, "Unmatched record.", {identifier});
        if (!matches.empty() && rule == import_rule::createOnly)
            return refuse(r, elq::contact_already_exists, already_exists(), {identifier});
        bool const several = document_.isUpdatingMultipleMatchedRecords.value_or(false);
        if (matches.size() > 1 && !several)
            return refuse(r, elq::duplicate_identifier, "Multiple matches.", {identifier});
        if (matches.size() > options_.multiple_match_limit)
            return refuse(r, elq::multiple_match_limit, "Multiple matched record limit exceeded.",
                          {identifier});
        if (auto const taken = taken_value(r, matches))
            return refuse(r,
                          taken->second < before_ ? elq::contact_already_exists
                                                  : elq::duplicate_email_address,
                          taken->second < before_ ? already_exists() : "Duplicate email address.",
                          {taken->first});
        if (!r.cut.empty()) {
            ++counts_.cut;
            report(r, elq::rejected_fields_only, "Invalid field values.", r.cut);
        }
        bool const made = matches.empty();
        if (made)
            matches.push_back(into_.add(now_));
        for (position const p : matches)
            write(r, p, made);
        (made ? counts_.created : counts_.updated) += static_cast<std::int64_t>(matches.size());
    }
    /// A column whose value is unique and belongs to another record, and that record.
    std::optional<std::pair<std::size_t, position>>
    taken_value(row const& r, std::vector<position> const& matches) {
        for (std::size_t i = 0; i != definition_.columns.size(); ++i) {
            if (!target(i).unique || i == definition_.identifier || value(r, i).empty())
                continue;
            for (position const other : into_.find(target(i).field, value(r, i)))
                if (std::ranges::find(matches, other) == matches.end())
                    return std::pair(i, other);
        }
        return std::nullopt;
    }
    void write(row const& r, position p, bool made) {
        bool const several = document_.isUpdatingMultipleMatchedRecords.value_or(false);
        std::string scratch;
        r.from->values.for_each([&](std::size_t i, std::string_view v) {
            column const& to = target(i);
            if (to.from != column::source::stored || std::ranges::find(r.cut, i) != r.cut.end())
                return;
            std::string const old(into_.records().value(p, to.field, scratch));
            if (!made) {
                update_rule const rule = definition_.columns[i].rule;
                if ((rule == update_rule::ifNewIsNotNull && v.empty()) ||
                    (rule == update_rule::ifExistingIsNull && !old.empty()) ||
                    (several && to.unique))
                    return;
            }
            std::string const stored = stored_form(v, to.type).value_or("");
            if (stored != old)
                into_.assign(p, to.field, stored);
        });
        record& written = into_.edit(p);
        written.updated_at = now_;
        link(r, written);
        if (document_.syncActions)
            run_sync_actions(into_, *document_.syncActions, p, out_.acted);
    }
    void link(row const& r, record& written) {
        if (!definition_.link_field)
            return;
        table& other = definition_.link_to_accounts ? store_.accounts() : store_.contacts();
        std::string_view const wanted = value(r, definition_.link_source);
        std::string scratch;
        for (position const p : other.find(definition_.link_field->field, wanted))
            if (!document_.mapDataCardsCaseSensitiveMatch.value_or(false) ||
                other.records().value(p, definition_.link_field->field, scratch) == wanted) {
                written.link = p;
                ++counts_.linked;
                return;
            }
    }

    store& store_;
    table& into_;
    checked_import const& definition_;
    received_import const& document_;
    simulator_options const& options_;
    timestamp now_;
    std::size_t before_ = 0;
    import_counts counts_;
    import_outcome out_;
};

} // namespace eloqua::bulk::simulation
