// SPDX-License-Identifier: BSL-1.0
/// \file
/// What a sync of an import did, by the service's counts and by ours.
#pragma once

#include <eloqua/bulk/jobs/import_totals.hpp>
#include <eloqua/bulk/jobs/sync_run.hpp>
#include <eloqua/bulk/schema/shown.hpp>
#include <eloqua/bulk/schema/status_codes.hpp>

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace eloqua::bulk {

/// The rejects of one sync, counted as they are listed.
struct reject_tally {
    std::int64_t rejected = 0;           ///< rows not taken
    std::int64_t partly_taken = 0;       ///< rows taken without some values
    std::map<elq, std::int64_t> by_code; ///< rows not taken
    std::string warning;                 ///< of the list
};

namespace detail {

/// Codes with which single rows are refused. ELQ-00040 is not one of them: what its count in a log
/// counts is not known.
inline constexpr auto refusing_codes = std::to_array<elq>({
    elq::invalid_email_address,
    elq::duplicate_email_address,
    elq::duplicate_identifier,
    elq::malformed_record,
    elq::unmatched_record,
    elq::invalid_opportunity_stage,
    elq::contact_already_exists,
    elq::campaign_not_found,
    elq::empty_record,
    elq::missing_fields,
    elq::duplicate_account_linkage,
    elq::activity_type_not_found,
    elq::asset_type_not_found,
    elq::opportunity_does_not_exist,
    elq::contact_does_not_exist,
    elq::multiple_match_limit,
});

/// The codes by which a log counts the rows of an entity; empty for what it does not count.
struct counting_codes {
    std::optional<elq> created, updated;

    std::optional<std::int64_t> created_by(sync_run const& run) const {
        return created ? run.logged(*created) : std::nullopt;
    }
    std::optional<std::int64_t> updated_by(sync_run const& run) const {
        return updated ? run.logged(*updated) : std::nullopt;
    }
};
/// `root`: of the entity's statements.
inline counting_codes codes_of(std::string_view root) {
    root = root.substr(0, root.find('['));
    return root == "Contact"   ? counting_codes{elq::contacts_created, elq::contacts_updated}
           : root == "Account" ? counting_codes{elq::accounts_created, elq::accounts_updated}
           : root == "CustomObject"
               ? counting_codes{elq::custom_object_data_created, elq::custom_object_data_updated}
           : root == "Event" ? counting_codes{elq::event_data_created, elq::event_data_updated}
           : root == "EmailAddress"
               ? counting_codes{elq::email_addresses_created, elq::email_addresses_updated}
           : root == "Activity" ? counting_codes{elq::activities_created, std::nullopt}
                                : counting_codes{};
}

/// The rows of a group, and what can be said of their account.
struct sent_rows {
    std::int64_t count = 0;
    counting_codes codes;
    bool one_record_each = true; ///< no row can update several records
    bool all_told = true;        ///< rows neither created nor updated are listed as rejects
    bool one_sync = true;        ///< else several logs count the same rows
    bool once = false;           ///< a row that is applied twice makes two records
};

/// Adds a sync, whose uri is the last in `totals`, and lists where its counts disagree with each
/// other or with ours. `values`: what texts show of rows.
inline void account(import_totals& totals, sync_run const& run, sent_rows rows,
                    reject_tally const& listed, row_values values) {
    std::int64_t const sent = rows.count;
    std::string const& uri = totals.syncs.back();
    for (sync_log const& each : run.logs)
        if (each.statusCode)
            totals.counts[shown(*each.statusCode)] += each.count.value_or(0);
    for (std::string const& each : run.warnings(values))
        totals.warnings.push_back(uri + ": " + each);
    auto const created = rows.codes.created_by(run), updated = rows.codes.updated_by(run);
    totals.rows += sent;
    totals.rejected += listed.rejected;
    totals.partly_taken += listed.partly_taken;
    // Of the other entities there is no more than the number of new records.
    totals.created += created ? *created : run.logged(elq::new_records).value_or(0);
    totals.updated += updated.value_or(0);

    auto compare = [&](std::string_view what, std::int64_t theirs, std::string_view counted,
                       std::int64_t ours) {
        if (theirs != ours)
            totals.disagreements.push_back(uri + ": " + std::string(what) + ' ' +
                                           std::to_string(theirs) + ", " + std::string(counted) +
                                           ' ' + std::to_string(ours));
    };
    auto compare_logged = [&](std::string_view what, elq code, std::string_view counted,
                              std::int64_t ours) {
        if (auto const theirs = run.logged(code))
            compare(std::string(what) + " (" + make_error_code(code).message() + ")", *theirs,
                    counted, ours);
    };
    compare_logged("staged", elq::records_staged, "sent", sent);
    compare_logged("processed", elq::records_processed, "sent", sent);
    if ((created || updated) && rows.one_record_each)
        compare("created + updated + rejected",
                created.value_or(0) + updated.value_or(0) + listed.rejected, "sent", sent);
    compare_logged("rejected", elq::records_rejected, "listed", listed.rejected);
    compare_logged("rejected", elq::event_data_rejected, "listed", listed.rejected);
    compare_logged("partly taken", elq::records_with_rejected_fields, "listed",
                   listed.partly_taken);
    for (elq const code : refusing_codes) {
        auto const found = listed.by_code.find(code);
        compare_logged("rejected", code, "listed",
                       found == listed.by_code.end() ? 0 : found->second);
    }
}

} // namespace detail

} // namespace eloqua::bulk
