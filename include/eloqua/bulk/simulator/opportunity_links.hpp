// SPDX-License-Identifier: BSL-1.0
/// \file
/// Imports that link opportunities to contacts or accounts.
#pragma once

#include <eloqua/bulk/schema/documents.hpp>
#include <eloqua/bulk/schema/status_codes.hpp>
#include <eloqua/bulk/simulator/definition_rules.hpp>
#include <eloqua/bulk/simulator/import_pass.hpp>
#include <eloqua/bulk/simulator/options.hpp>
#include <eloqua/bulk/simulator/record_matching.hpp>
#include <eloqua/bulk/simulator/staging.hpp>
#include <eloqua/bulk/simulator/store.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace eloqua::bulk::simulation {

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
