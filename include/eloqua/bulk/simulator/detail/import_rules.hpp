// SPDX-License-Identifier: BSL-1.0
/// \file
/// What an import does with its rows: which it refuses, which it matches, what it writes.
#pragma once

#include <eloqua/bulk/assets.hpp>
#include <eloqua/bulk/definitions.hpp>
#include <eloqua/bulk/documents.hpp>
#include <eloqua/bulk/simulator/detail/import_definition_rules.hpp>
#include <eloqua/bulk/simulator/detail/import_pass.hpp>
#include <eloqua/bulk/simulator/detail/member_actions.hpp>
#include <eloqua/bulk/simulator/detail/other_imports.hpp>
#include <eloqua/bulk/simulator/detail/record_matching.hpp>
#include <eloqua/bulk/simulator/detail/staging.hpp>
#include <eloqua/bulk/simulator/detail/store.hpp>
#include <eloqua/bulk/simulator/detail/values.hpp>
#include <eloqua/bulk/simulator/options.hpp>
#include <eloqua/bulk/syncs.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace eloqua::bulk::simulation {

/// An import that matches its rows with records by an identifier.
class record_import {
    using row = import_pass::row;

public:
    record_import(store& s, table& into, checked_import const& d,
                  any_import_definition const& document, simulator_options const& o, timestamp now,
                  std::vector<staged_request>& requests)
        : store_(s), into_(into), definition_(d), document_(document), options_(o), now_(now),
          pass_(d.columns, requests, o), before_(into.size()) {
        if (o.default_values != default_value_use::never)
            find_defaults();
    }

    import_outcome run() {
        if (!definition_.blanks_make_records)
            pass_.need(definition_.identifier);
        for (std::size_t i = 0; i != definition_.columns.size(); ++i)
            if (target(i).required)
                pass_.need(i);
        pass_.check_rows();
        if (into_.kind == table_kind::opportunities)
            check_opportunities();
        refuse_duplicates();
        pass_.count_remaining();
        for (row& each : pass_.rows)
            if (!each.refused)
                take(each);
        return pass_.finish();
    }

private:
    std::string_view value(row const& r, std::size_t at) const { return pass_.value(r, at); }
    column const& target(std::size_t at) const { return definition_.columns[at].into; }
    char const* already_exists() const {
        return into_.kind == table_kind::contacts ? "Contact already exists."
                                                  : "Record already exists.";
    }

    /// An opportunity needs all of its mandatory fields each time, and a stage that exists.
    void check_opportunities() {
        bool lacks = false;
        for (std::size_t f = 0; f != into_.fields().size(); ++f)
            lacks |= into_.fields()[f].as_column(f).required &&
                     std::ranges::none_of(definition_.columns,
                                          [&](auto const& c) { return c.into.field == f; });
        std::size_t const stage_field = into_.field_by_name("OpportunityStageID").value();
        for (row& each : pass_.rows) {
            if (!each.refused && lacks)
                pass_.refuse(each, elq::missing_fields, "Missing fields.", {});
            for (std::size_t i = 0; !each.refused && i != definition_.columns.size(); ++i)
                if (target(i).field == stage_field &&
                    std::ranges::none_of(options_.opportunity_stages, [&](std::string const& s) {
                        return folded(s) == folded(value(each, i));
                    }))
                    pass_.refuse(each, elq::invalid_opportunity_stage, "Invalid opportunity stage.",
                                 {i});
        }
    }
    /// Of the rows with one identifier, one stays.
    void refuse_duplicates() {
        bool const address = into_.kind == table_kind::email_addresses;
        std::unordered_map<std::string, row*> chosen;
        for (row& each : pass_.rows) {
            if (each.refused)
                continue;
            std::string_view const key = value(each, definition_.identifier);
            if (key.empty()) // makes a record
                continue;
            auto const [known, fresh] = chosen.try_emplace(
                definition_.identifier_case_sensitive ? std::string(key) : folded(key), &each);
            if (fresh)
                continue;
            row* const loser = options_.duplicates_keep_last ? known->second : &each;
            if (options_.duplicates_keep_last)
                known->second = &each;
            pass_.refuse(*loser, address ? elq::duplicate_email_address : elq::duplicate_identifier,
                         address ? "Duplicate email address." : "Duplicate identifier.",
                         {definition_.identifier});
        }
    }

    void take(row& r) {
        std::size_t const identifier = definition_.identifier;
        std::vector<position> matches = records_named(
            into_, target(identifier), value(r, identifier), definition_.identifier_case_sensitive);
        auto const rule = into_.rules().imports == import_method::update ? import_rule::updateOnly
                          : document_.importRule && into_.rules().import_rule
                              ? document_.importRule->known().value_or(import_rule::createAndUpdate)
                              : import_rule::createAndUpdate;
        if (matches.empty() && definition_.blanks_make_records && !value(r, identifier).empty() &&
            !options_.other_ids_make_records)
            return pass_.refuse(r, elq::unmatched_record, "Unmatched record.", {identifier});
        if (matches.empty() && rule == import_rule::updateOnly)
            return pass_.refuse(r, options_.not_updated_reject, "Unmatched record.", {identifier});
        if (!matches.empty() && rule == import_rule::createOnly)
            return pass_.refuse(r, options_.not_created_reject, already_exists(), {identifier});
        bool const several = document_.isUpdatingMultipleMatchedRecords.value_or(false);
        if (matches.size() > 1 && !several)
            return pass_.refuse(r, elq::duplicate_identifier, "Multiple matches.", {identifier});
        if (matches.size() > options_.multiple_match_limit)
            return pass_.refuse(r, elq::multiple_match_limit,
                                "Multiple matched record limit exceeded.", {identifier});
        if (auto const taken = taken_value(r, matches))
            return pass_.refuse(r,
                                taken->second < before_ ? elq::contact_already_exists
                                                        : elq::duplicate_email_address,
                                taken->second < before_ ? already_exists()
                                                        : "Duplicate email address.",
                                {taken->first});
        pass_.report_cut(r);
        bool const made = matches.empty();
        if (made)
            matches.push_back(into_.add(now_));
        for (position const p : matches) {
            write(r, p, made);
            if (made)
                give_defaults(r, p);
        }
        import_counts& counts = pass_.out.counts;
        (made ? counts.created : counts.updated) += static_cast<std::int64_t>(matches.size());
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
        bool new_address = false;
        std::string scratch;
        r.from->values.for_each([&](std::size_t i, std::string_view v) {
            column const& to = target(i);
            if (to.from != column::source::stored || to.of != column::owner::self ||
                std::ranges::find(r.cut, i) != r.cut.end())
                return;
            std::string const old(into_.records().value(p, to.field, scratch));
            if (!made) {
                update_rule const rule = definition_.columns[i].rule;
                if ((rule == update_rule::ifNewIsNotNull && v.empty()) ||
                    (rule == update_rule::ifExistingIsNull && !old.empty()) ||
                    (several && to.unique))
                    return;
            }
            std::string const stored = stored_form(v, to.type, options_).value_or("");
            if (stored != old) {
                into_.assign(p, to.field, stored);
                new_address |= to.type == data_type::emailAddress;
            }
        });
        column const& identifier = target(definition_.identifier);
        if (!made && options_.null_identifier_blanks_field &&
            identifier.from == column::source::stored &&
            document_.nullIdentifierFieldName.value_or(false))
            into_.assign(p, identifier.field, "");
        record& written = into_.edit(p);
        written.updated_at = now_;
        link(r, written);
        if (into_.kind == table_kind::contacts && new_address)
            apply_address_status(store_, p);
        if (document_.syncActions)
            run_sync_actions(store_, into_, *document_.syncActions, p, pass_.out.acted);
    }
    /// A field with a default value, and the column of the rows that is for it.
    struct field_default {
        std::size_t field;
        std::string value;
        std::size_t column = no_column;
    };
    void find_defaults() {
        for (std::size_t f = 0; f != into_.fields().size(); ++f) {
            table_field const& each = into_.fields()[f];
            std::string const given = each.definition.defaultValue.value_or("");
            auto const value = stored_form(given, each.as_column(f).type, options_);
            if (given.empty() || !value || each.from != column::source::stored ||
                each.of != column::owner::self)
                continue;
            field_default made{f, *value};
            for (std::size_t i = 0; i != definition_.columns.size(); ++i)
                if (target(i).field == f && target(i).of == column::owner::self)
                    made.column = i;
            defaults_.push_back(std::move(made));
        }
    }
    void give_defaults(row const& r, position p) {
        bool const blanks = options_.default_values == default_value_use::not_given_or_blank;
        for (field_default const& each : defaults_) {
            std::optional<std::string_view> given;
            if (each.column != no_column && std::ranges::find(r.cut, each.column) == r.cut.end())
                given = r.from->values.find(each.column);
            if (!given || (blanks && given->empty()))
                into_.assign(p, each.field, each.value);
        }
    }
    void link(row const& r, record& written) {
        if (!definition_.link)
            return;
        row_linkage const& by = *definition_.link;
        auto const found = records_named(by.accounts ? store_.accounts() : store_.contacts(),
                                         by.field, value(r, by.source), by.case_sensitive);
        if (found.empty())
            return;
        written.link = found.front();
        written.link_is_account = by.accounts;
        ++pass_.out.counts.linked;
    }

    store& store_;
    table& into_;
    checked_import const& definition_;
    any_import_definition const& document_;
    simulator_options const& options_;
    timestamp now_;
    import_pass pass_;
    std::size_t before_; ///< records that were there before
    std::vector<field_default> defaults_;
};

/// Runs an import sync over its rows.
inline import_outcome run_import(store& s, table& into, checked_import const& d,
                                 any_import_definition const& document, simulator_options const& o,
                                 timestamp now, std::vector<staged_request>& requests) {
    switch (into.rules().imports) {
    case import_method::create:
        return activity_import(s, into, d, o, now, requests).run();
    case import_method::link:
        return opportunity_links(s, into, d, o, now, requests).run();
    case import_method::upsert:
    case import_method::update:
    case import_method::none:
        break;
    }
    return record_import(s, into, d, document, o, now, requests).run();
}

} // namespace eloqua::bulk::simulation
