// SPDX-License-Identifier: BSL-1.0
/// \file
/// How imports process rows: which ones they reject, which records match, and what they write.
#pragma once

#include <eloqua/bulk/assets.hpp>
#include <eloqua/bulk/definitions.hpp>
#include <eloqua/bulk/documents.hpp>
#include <eloqua/bulk/simulator/detail/definition_rules.hpp>
#include <eloqua/bulk/simulator/detail/import_pass.hpp>
#include <eloqua/bulk/simulator/detail/member_actions.hpp>
#include <eloqua/bulk/simulator/detail/staging.hpp>
#include <eloqua/bulk/simulator/detail/store.hpp>
#include <eloqua/bulk/simulator/detail/values.hpp>
#include <eloqua/bulk/simulator/simulator_options.hpp>
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

/// Whether a name is one of these, ignoring case.
inline bool among(std::vector<std::string> const& known, std::string_view name) {
    return std::ranges::any_of(
        known, [&](std::string const& each) { return folded(each) == folded(name); });
}

/// The common base of all imports.
class any_import {
public:
    any_import(store& s, table& into, checked_import const& d, simulator_options const& o,
               timestamp now, std::vector<staged_request>& requests)
        : store_(s), into_(into), definition_(d), options_(o), now_(now),
          pass_(d.columns, requests, o) {}

protected:
    using row = import_pass::row;

    column const& target(std::size_t at) const { return pass_.target(at); }
    std::string_view value(row const& r, std::size_t at) const { return pass_.value(r, at); }
    std::size_t columns() const { return definition_.columns.size(); }
    std::size_t field(char const* name) const { return into_.field_by_name(name).value(); }
    /// The contacts or accounts that a row names.
    std::vector<position> linked_by(row const& r, row_linkage const& by) {
        return records_named(by.accounts ? store_.accounts() : store_.contacts(), by.field,
                             value(r, by.source), by.case_sensitive);
    }

    store& store_;
    table& into_;
    checked_import const& definition_;
    simulator_options const& options_;
    timestamp now_;
    import_pass pass_;
};

class activity_import : any_import {
public:
    using any_import::any_import;

    import_outcome run() {
        for (std::size_t i = 0; i != columns(); ++i)
            if (of_contact(i) || is(i, type_))
                pass_.need(i);
        pass_.check_rows();
        return pass_.take_all([&](row& r) { take(r); });
    }

private:
    bool of_contact(std::size_t at) const { return target(at).of == column::owner::contact; }
    bool is(std::size_t at, std::size_t field) const {
        return target(at).of == column::owner::self && target(at).field == field;
    }
    void take(row& r) {
        position contact = no_position;
        std::string_view asset;
        for (std::size_t i = 0; i != columns(); ++i) {
            std::string_view const v = value(r, i);
            if (v.empty())
                continue;
            if (is(i, type_) && !among(options_.external_activity_types, v))
                return pass_.refuse(r, elq::activity_type_not_found, "Activity type not found.",
                                    {i});
            if (is(i, asset_type_) && !among(options_.external_asset_types, v))
                return pass_.refuse(r, elq::asset_type_not_found, "Asset type not found.", {i});
            if (is(i, campaign_) &&
                table::position_of(v, store_.of(table_kind::campaigns).size()) == no_position)
                return pass_.refuse(r, elq::campaign_not_found, "Campaign not found.", {i});
            if (of_contact(i)) {
                auto const found = records_named(store_.contacts(), target(i), v);
                if (found.empty())
                    return pass_.refuse(r, elq::contact_does_not_exist, "Contact does not exist.",
                                        {i});
                contact = found.front();
            }
            if (is(i, asset_name_))
                asset = v;
        }
        pass_.report_cut(r);
        if (!asset.empty() && store_.external_assets.insert(folded(asset)).second)
            ++pass_.out.counts.assets;
        write(r, contact);
        ++pass_.out.counts.created;
    }
    void write(row const& r, position contact) {
        position const made = into_.add(now_);
        into_.edit(made).link = contact;
        r.from->values.for_each([&](std::size_t i, std::string_view v) {
            column const& to = target(i);
            if (to.of != column::owner::self || std::ranges::find(r.cut, i) != r.cut.end())
                return;
            if (to.from == column::source::created_at) {
                if (auto const at = read_time(v, options_))
                    into_.edit(made).created_at = *at;
            } else {
                into_.assign(made, to.field, v);
            }
        });
        into_.assign(made, type_, "ExternalActivity");
    }

    std::size_t type_ = field("ActivityType"), asset_type_ = field("AssetType"),
                asset_name_ = field("AssetName"), campaign_ = field("CampaignId");
};

/// Links are records of their own table. An existing link is not created again; what else the
/// service does then is unknown, but an existing link to an account has a code (ELQ-00062).
class opportunity_links : any_import {
public:
    using any_import::any_import;

    import_outcome run() {
        pass_.need(definition_.identifier);
        pass_.need(by_.source);
        pass_.check_rows();
        return pass_.take_all([&](row& r) { take(r); });
    }

private:
    void take(row& r) {
        std::size_t const match = definition_.identifier;
        auto const opportunities =
            records_named(store_.of(table_kind::opportunities), target(match), value(r, match),
                          definition_.identifier_case_sensitive);
        if (opportunities.empty())
            return pass_.refuse(r, elq::opportunity_does_not_exist, "Opportunity does not exist.",
                                {match});
        auto const others = linked_by(r, by_);
        if (others.empty())
            return by_.accounts
                       ? pass_.refuse(r, elq::unmatched_record, "Unmatched record.", {by_.source})
                       : pass_.refuse(r, elq::contact_does_not_exist, "Contact does not exist.",
                                      {by_.source});
        if (opportunities.size() > 1 || (others.size() > 1 && !by_.several))
            return pass_.refuse(r, elq::duplicate_identifier, "Multiple matches.",
                                {opportunities.size() > 1 ? match : by_.source});
        std::int64_t made = 0;
        for (position const each : others)
            made += add(opportunities.front(), each) ? 1 : 0;
        if (made == 0 && by_.accounts)
            return pass_.refuse(r, elq::duplicate_account_linkage, "Duplicate account linkage.",
                                {by_.source});
        pass_.out.counts.created += made;
    }
    bool add(position opportunity, position other) {
        std::string const from = std::to_string(table::first_id + opportunity);
        std::string const to = std::to_string(table::first_id + other);
        std::string scratch;
        for (position const p : into_.find(opportunity_, from))
            if (into_.records().value(p, other_, scratch) == to)
                return false;
        position const made = into_.add(now_);
        into_.assign(made, opportunity_, from);
        into_.assign(made, other_, to);
        return true;
    }

    row_linkage const& by_ = *definition_.link;
    std::size_t opportunity_ = field("OpportunityId"),
                other_ = field(by_.accounts ? "AccountId" : "ContactId");
};

/// An import that matches rows to records by an identifier.
class record_import : any_import {
public:
    record_import(store& s, table& into, checked_import const& d,
                  any_import_definition const& document, simulator_options const& o, timestamp now,
                  std::vector<staged_request>& requests)
        : any_import(s, into, d, o, now, requests), document_(document), before_(into.size()) {
        if (o.default_values != default_value_use::never)
            find_defaults();
    }

    import_outcome run() {
        if (!definition_.blanks_make_records)
            pass_.need(definition_.identifier);
        for (std::size_t i = 0; i != columns(); ++i)
            if (target(i).required)
                pass_.need(i);
        pass_.check_rows();
        if (into_.kind == table_kind::opportunities)
            check_opportunities();
        refuse_duplicates();
        return pass_.take_all([&](row& r) { take(r); });
    }

private:
    char const* already_exists() const {
        return into_.kind == table_kind::contacts ? "Contact already exists."
                                                  : "Record already exists.";
    }

    /// Each import of an opportunity must have all mandatory fields and an existing stage.
    void check_opportunities() {
        bool lacks = false;
        for (std::size_t f = 0; f != into_.fields().size(); ++f)
            lacks |= into_.fields()[f].as_column(f).required &&
                     std::ranges::none_of(definition_.columns,
                                          [&](auto const& c) { return c.into.field == f; });
        std::size_t const stage_field = field("OpportunityStageID");
        for (row& each : pass_.rows) {
            if (!each.refused && lacks)
                pass_.refuse(each, elq::missing_fields, "Missing fields.", {});
            for (std::size_t i = 0; !each.refused && i != columns(); ++i)
                if (target(i).field == stage_field &&
                    !among(options_.opportunity_stages, value(each, i)))
                    pass_.refuse(each, elq::invalid_opportunity_stage, "Invalid opportunity stage.",
                                 {i});
        }
    }
    /// Keeps one of the rows with the same identifier.
    void refuse_duplicates() {
        bool const address = into_.kind == table_kind::email_addresses;
        std::unordered_map<std::string, row*> chosen;
        for (row& each : pass_.rows) {
            if (each.refused)
                continue;
            std::string_view const key = value(each, definition_.identifier);
            if (key.empty()) // creates a record
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
    /// A column whose unique value belongs to another record, and that record.
    std::optional<std::pair<std::size_t, position>>
    taken_value(row const& r, std::vector<position> const& matches) {
        for (std::size_t i = 0; i != columns(); ++i) {
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
    /// A field with a default value, and its column.
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
            for (std::size_t i = 0; i != columns(); ++i)
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
        auto const found = linked_by(r, *definition_.link);
        if (found.empty())
            return;
        written.link = found.front();
        written.link_is_account = definition_.link->accounts;
        ++pass_.out.counts.linked;
    }

    any_import_definition const& document_;
    std::size_t before_; ///< records that existed before
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

/// Runs the actions on the records that the rows name. Naming a record twice is harmless.
inline import_outcome run_sync_action_rows(store& s, table& of, checked_import const& d,
                                           std::vector<sync_action> const& actions,
                                           simulator_options const& options,
                                           std::vector<staged_request>& requests) {
    import_pass pass(d.columns, requests, options);
    pass.check_rows();
    return pass.take_all([&](import_pass::row& each) {
        auto const found = records_named(of, d.columns[0].into, pass.value(each, 0));
        if (found.empty())
            pass.refuse(each, elq::unmatched_record, "Unmatched record.", {0});
        for (position const p : found)
            run_sync_actions(s, of, actions, p, pass.out.acted);
    });
}

} // namespace eloqua::bulk::simulation
