// SPDX-License-Identifier: BSL-1.0
/// \file
/// Whether the service accounts for the rows of an import.
#pragma once

#include <eloqua/bulk/jobs/creation.hpp>
#include <eloqua/bulk/jobs/group_run.hpp>
#include <eloqua/bulk/jobs/import_balance.hpp>
#include <eloqua/bulk/jobs/import_totals.hpp>
#include <eloqua/bulk/jobs/sync_run.hpp>
#include <eloqua/bulk/schema/status_codes.hpp>

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace eloqua::bulk::detail {

/// The rows of a group.
struct sent_rows {
    std::int64_t count = 0;
    bool one_record_each = true; ///< no row can update several records
    bool all_told = true;        ///< rows neither created nor updated are listed as rejects
};

/// What the logs of a group's syncs prove of its rows.
struct account_of_rows {
    import_proof proof = import_proof::proven;
    std::string why; ///< it is not proven
};

/// `rejected`: rows that were not taken. Only fewer rows than were sent contradict by their sum,
/// for one row may be listed among the rejects several times.
inline account_of_rows account_for(sync_run const& run, sent_rows sent, std::int64_t rejected) {
    std::string const of_sent = ", sent " + std::to_string(sent.count);
    auto const contradicted = [&](char const* what, std::int64_t theirs) {
        return account_of_rows{import_proof::contradicted, "its log says " + std::string(what) +
                                                               ' ' + std::to_string(theirs) +
                                                               of_sent};
    };
    auto const staged = run.logged(elq::records_staged);
    if (staged && *staged != sent.count)
        return contradicted("staged", *staged);
    auto const processed = run.logged(elq::records_processed);
    if (processed && (*processed < sent.count || (*processed > sent.count && sent.one_record_each)))
        return contradicted("processed", *processed);
    auto const created = logged_sum(run, creating_codes), updated = logged_sum(run, updating_codes);
    std::int64_t const all = created.value_or(0) + updated.value_or(0) + rejected;
    bool const told = created || updated;
    if (told && all < sent.count && sent.all_told)
        return contradicted("created + updated + rejected", all);
    if (staged || processed || (told && all == sent.count && sent.one_record_each))
        return {};
    if (run.logged(elq::no_data))
        return {import_proof::contradicted,
                "its log says that there was nothing to process" + of_sent};
    return {import_proof::unproven,
            "its log does not say how many rows were staged, processed, created or updated"};
}

/// Rows that were not taken, by the log.
inline std::int64_t logged_rejects(sync_run const& run) {
    std::int64_t by_code = 0;
    for (elq const code : refusing_codes)
        by_code += run.logged(code).value_or(0);
    return run.logged(elq::records_rejected).value_or(by_code);
}

/// A log may lag behind the end of its sync: one that does not account for the rows is read again.
template <class Session>
flow<result<sync_run>> await_account(Session& s, std::vector<std::string> syncs, sync_run run,
                                     sent_rows sent) {
    for (unsigned look = 1; look <= std::min(s.options.retry.looks, 2u); ++look) {
        if (account_for(run, sent, logged_rejects(run)).proof == import_proof::proven)
            break;
        result<void> const waited = co_await wait_to_look(s, look);
        if (!waited)
            co_return waited.error();
        result<sync_run> again = co_await read_group_logs(s, syncs);
        if (!again)
            co_return again.error();
        run.logs = std::move(again->logs);
    }
    co_return run;
}

/// Notes what is proven of the sync that is the last in `totals`. Error, if `may_fail`:
/// `errc::rows_unaccounted`.
inline result<void> prove(import_totals& totals, account_of_rows found, bool may_fail) {
    if (found.proof == import_proof::proven)
        return {};
    totals.doubts.push_back(totals.syncs.back() + ": " + found.why);
    bool const fails = found.proof == import_proof::contradicted && may_fail;
    totals.proof = fails ? import_proof::contradicted : import_proof::unproven;
    if (!fails)
        return {};
    return failure(errc::rows_unaccounted, totals.doubts.back(),
                   "compare these rows with what is stored: some were not taken, or not once; "
                   "nothing was removed");
}

} // namespace eloqua::bulk::detail
