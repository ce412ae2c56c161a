// SPDX-License-Identifier: BSL-1.0
/// \file
/// Imports of external activities: each row becomes one, none is ever updated.
///
/// Imports that link opportunities to contacts or accounts.
#pragma once

#include <eloqua/bulk/documents.hpp>
#include <eloqua/bulk/simulator/detail/import_definition_rules.hpp>
#include <eloqua/bulk/simulator/detail/import_pass.hpp>
#include <eloqua/bulk/simulator/detail/record_matching.hpp>
#include <eloqua/bulk/simulator/detail/staging.hpp>
#include <eloqua/bulk/simulator/detail/store.hpp>
#include <eloqua/bulk/simulator/detail/values.hpp>
#include <eloqua/bulk/simulator/options.hpp>
#include <eloqua/bulk/syncs.hpp>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace eloqua::bulk::simulation {

class activity_import {
    using row = import_pass::row;

public:
    activity_import(store& s, table& into, checked_import const& d, simulator_options const& o,
                    timestamp now, std::vector<staged_request>& requests)
        : store_(s), into_(into), definition_(d), options_(o), now_(now),
          pass_(d.columns, requests, o), type_(into.field_by_name("ActivityType").value()),
          asset_type_(into.field_by_name("AssetType").value()),
          asset_name_(into.field_by_name("AssetName").value()),
          campaign_(into.field_by_name("CampaignId").value()) {}

    import_outcome run() {
        for (std::size_t i = 0; i != definition_.columns.size(); ++i)
            if (of_contact(i) || is(i, type_))
                pass_.need(i);
        pass_.check_rows();
        pass_.count_remaining();
        for (row& each : pass_.rows)
            if (!each.refused)
                take(each);
        return pass_.finish();
    }

private:
    column const& target(std::size_t at) const { return definition_.columns[at].into; }
    bool of_contact(std::size_t at) const { return target(at).of == column::owner::contact; }
    bool is(std::size_t at, std::size_t field) const {
        return target(at).of == column::owner::self && target(at).field == field;
    }
    static bool among(std::vector<std::string> const& known, std::string_view name) {
        return std::ranges::any_of(
            known, [&](std::string const& each) { return folded(each) == folded(name); });
    }

    void take(row& r) {
        position contact = no_position;
        std::string_view asset;
        for (std::size_t i = 0; i != definition_.columns.size(); ++i) {
            std::string_view const v = pass_.value(r, i);
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

    store& store_;
    table& into_;
    checked_import const& definition_;
    simulator_options const& options_;
    timestamp now_;
    import_pass pass_;
    std::size_t type_, asset_type_, asset_name_, campaign_; ///< fields
};

/// Links are records of their table. One that is there is not made again; what else the service
/// does with it is unknown, but that of an account has a code (ELQ-00062).
class opportunity_links {
    using row = import_pass::row;

public:
    opportunity_links(store& s, table& into, checked_import const& d, simulator_options const& o,
                      timestamp now, std::vector<staged_request>& requests)
        : store_(s), into_(into), definition_(d), by_(*d.link), now_(now),
          pass_(d.columns, requests, o), opportunity_(into.field_by_name("OpportunityId").value()),
          other_(into.field_by_name(by_.accounts ? "AccountId" : "ContactId").value()) {}

    import_outcome run() {
        pass_.need(definition_.identifier);
        pass_.need(by_.source);
        pass_.check_rows();
        pass_.count_remaining();
        for (row& each : pass_.rows)
            if (!each.refused)
                take(each);
        return pass_.finish();
    }

private:
    void take(row& r) {
        std::size_t const match = definition_.identifier;
        auto const opportunities =
            records_named(store_.of(table_kind::opportunities), definition_.columns[match].into,
                          pass_.value(r, match), definition_.identifier_case_sensitive);
        if (opportunities.empty())
            return pass_.refuse(r, elq::opportunity_does_not_exist, "Opportunity does not exist.",
                                {match});
        auto const others =
            records_named(by_.accounts ? store_.accounts() : store_.contacts(), by_.field,
                          pass_.value(r, by_.source), by_.case_sensitive);
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

    store& store_;
    table& into_;
    checked_import const& definition_;
    row_linkage const& by_;
    timestamp now_;
    import_pass pass_;
    std::size_t opportunity_, other_; ///< fields of links
};

} // namespace eloqua::bulk::simulation
