// SPDX-License-Identifier: BSL-1.0
/// \file
/// Checks whether the service accounts for the rows of an import.
#pragma once

#include <eloqua/bulk/detail/job/create_or_find.hpp>
#include <eloqua/bulk/detail/job/import_batch.hpp>
#include <eloqua/bulk/import.hpp>
#include <eloqua/bulk/sync_run.hpp>
#include <eloqua/bulk/syncs.hpp>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace eloqua::bulk::detail {

/// What the logs of a group's syncs prove about its rows.
struct account_of_rows {
    import_proof proof = import_proof::proven;
    std::string why; ///< why it is not proven
};

/// Rows not accepted, according to the log.
inline std::int64_t logged_rejects(sync_run const& run) {
    std::int64_t by_code = 0;
    for (elq const code : refusing_codes)
        by_code += run.logged(code).value_or(0);
    return std::max({by_code, run.logged(elq::records_rejected).value_or(0),
                     run.logged(elq::event_data_rejected).value_or(0)});
}

/// The most rejects that a sync's list can have. A sync that the service retries itself may list
/// its rows again.
inline std::int64_t most_rejects(sync_run const& run, std::size_t rows) {
    std::int64_t runs = 1;
    for (sync_log const& each : run.logs)
        runs += parse_elq(each.statusCode.value_or("")) == elq::retried_automatically;
    return static_cast<std::int64_t>(rows) * runs;
}

/// `listed`: number of rejects; one row may have several.
inline account_of_rows account_for(sync_run const& run, sent_rows sent, std::int64_t listed) {
    std::int64_t const n = sent.count, logged = logged_rejects(run);
    std::int64_t const rejected = std::max(listed, logged);
    auto const contradicted = [&](std::string what) {
        return account_of_rows{import_proof::contradicted,
                               "its log says " + std::move(what) + ", sent " + std::to_string(n)};
    };
    auto const unproven = [](char const* what) {
        return account_of_rows{import_proof::unproven, std::string("its log does not say ") + what};
    };
    // A sync that the service retries itself counts its rows again.
    bool const counted_once = sent.one_sync && !run.has(elq::retried_automatically);
    bool arrived = false;
    for (auto const& [code, what] : {std::pair(elq::records_staged, "staged "),
                                     std::pair(elq::records_processed, "processed ")}) {
        auto const theirs = run.logged(code);
        if (!theirs)
            continue;
        bool const several = code == elq::records_processed && !sent.one_record_each;
        bool const once = counted_once || sent.once;
        if (*theirs + rejected < n || (*theirs > n && once && !several))
            return contradicted(what + std::to_string(*theirs));
        arrived = arrived || *theirs == n || (!counted_once && *theirs > n && *theirs % n == 0);
    }
    if (run.has(elq::no_data) && (!arrived || sent.one_sync))
        return contradicted("that there was nothing to process");
    auto const created = sent.codes.created_by(run), updated = sent.codes.updated_by(run);
    std::int64_t const applied = created.value_or(0) + updated.value_or(0);
    bool const told = created || updated || rejected >= n;
    if (sent.once && sent.one_record_each && applied > n)
        return contradicted("created + updated " + std::to_string(applied));
    if (sent.once && sent.one_record_each && applied + logged > n)
        return unproven("that rows with a blank identifier created only one record each");
    if (told && applied + rejected < n)
        return sent.all_told ? contradicted("created + updated + rejected " +
                                            std::to_string(applied + rejected))
                             : unproven("what happened to the rows that the import rule skipped");
    if (sent.codes.created && !told)
        return unproven("how many rows were created or updated");
    bool const adds_up = told && (applied + listed == n || applied + logged == n);
    if (!arrived && !(adds_up && sent.one_record_each))
        return unproven("how many rows were staged or processed");
    if (listed < logged)
        return {import_proof::unproven, "its log says rejected " + std::to_string(logged) +
                                            ", listed " + std::to_string(listed)};
    return {};
}

/// A log may be incomplete when its sync ends. A log that does not account for the rows is read
/// again; if that fails, the old one is used.
template <class Session>
flow<result<sync_run>> await_account(Session& s, std::vector<std::string> syncs, sync_run run,
                                     sent_rows sent) {
    for (unsigned look = 1; look <= std::min(s.options.retry.search_attempts, 2u); ++look) {
        if (syncs.size() != 1 ||
            account_for(run, sent, logged_rejects(run)).proof == import_proof::proven)
            break;
        result<void> const waited = co_await wait_to_look(s, look);
        if (!waited)
            co_return waited.error();
        result<sync_run> again = co_await read_group_logs(s, syncs);
        if (!again && again.error().code == boost::system::errc::operation_canceled)
            co_return again.error();
        if (again && again->logs.size() >= run.logs.size())
            run.logs = std::move(again->logs);
    }
    co_return run;
}

/// Records the proof for the sync that is last in `totals`. Error, if `may_fail`:
/// `errc::rows_unaccounted`.
inline result<void> prove(import_totals& totals, account_of_rows found, bool may_fail) {
    if (found.proof == import_proof::proven)
        return {};
    totals.doubts.push_back(totals.syncs.back() + ": " + found.why);
    bool const fails = found.proof == import_proof::contradicted && may_fail;
    totals.proof = fails ? import_proof::contradicted : import_proof::unproven;
    if (!fails)
        return {};
    return failure(
        errc::rows_unaccounted, totals.doubts.back(),
        "some rows were not imported, or were imported more than once: compare them with the "
        "records in Eloqua; the definition and its staged rows were kept");
}

} // namespace eloqua::bulk::detail
