// SPDX-License-Identifier: BSL-1.0
/// \file
/// The syncs that apply a group of an import's rows.
#pragma once

#include <eloqua/bulk/jobs/creation.hpp>
#include <eloqua/bulk/jobs/import_progress.hpp>
#include <eloqua/bulk/jobs/ledger.hpp>
#include <eloqua/bulk/jobs/staging_area.hpp>
#include <eloqua/bulk/jobs/sync_run.hpp>
#include <eloqua/bulk/jobs/watch_sync.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace eloqua::bulk {

/// What became of the syncs of a group: there is one, unless the answer to its start was lost.
struct group_run {
    sync_run succeeded; ///< logs of those that did
    std::optional<failure> failed;
    bool applied = false;   ///< by one of them
    bool under_way = false; ///< one of them is not at its end
    bool refused = false;   ///< one of them has ended in `error`

    /// Whether the logs say that so many rows were processed.
    bool accounts_for(std::size_t rows) const {
        return succeeded.logged(elq::records_processed) == static_cast<std::int64_t>(rows);
    }
};

namespace detail {

/// The failure, and what has become of which rows.
inline failure of_rows(failure f, ledger const& rows, std::vector<std::string> const& syncs) {
    std::size_t const first = rows.first_row();
    f.info.detail += (f.info.detail.empty() ? "rows " : "; rows ") + std::to_string(first) +
                     " to " + std::to_string(first + rows.rows()) +
                     " (exclusive) were staged or under way; " + std::to_string(first) +
                     " rows before them are synced";
    for (std::string const& each : syncs)
        f.info.detail += (&each == &syncs.front() ? ", see the rejects of " : ", ") + each;
    return f;
}

/// Whether it is a sync's own end, and not that of looking at it.
inline bool says_failed(failure const& f) {
    return f.code == make_error_code(errc::sync_failed) ||
           f.code == make_error_code(elq::temporary_error);
}
inline void advise(failure& f, std::string_view what) {
    f.info.advice.append(f.info.advice.empty() ? "" : "; ").append(what);
}

/// "3, 7 to 9": at most so many stretches, and how many numbers there are.
inline std::string stretches(std::vector<std::size_t> const& numbers, std::size_t most) {
    std::string text;
    for (std::size_t i = 0; i != numbers.size(); ++i) {
        std::size_t const first = i;
        while (i + 1 != numbers.size() && numbers[i + 1] == numbers[i] + 1)
            ++i;
        if (most-- == 0)
            return text + " and others, " + std::to_string(numbers.size()) + " in all";
        text += (text.empty() ? "" : ", ") + std::to_string(numbers[first]);
        if (i != first)
            text += " to " + std::to_string(numbers[i]);
    }
    return text;
}

/// Tells of rows that have a blank identifier, and may have made records. Neither code nor advice
/// says then that the same may be done again, unless a journal sees to it that it is not.
inline void tell_unknown_rows(failure& f, std::vector<std::size_t> const& rows,
                              bool keeps_journal) {
    if (says_failed(f) || (f.code == condition::try_later && !keeps_journal)) {
        f.info.detail.insert(0, f.code.message() + (f.info.detail.empty() ? "" : ": "));
        f.info.advice.clear();
        f.code = make_error_code(errc::outcome_unknown);
    }
    f.info.detail += "; rows with a blank identifier, which may or may not have made records: " +
                     stretches(rows, 100);
    advise(f, "look whether their records are there; to push these rows again as they are may make "
              "records twice");
}

/// Watches the syncs of a group to their end. `started`: the first of them, as far as it is known;
/// `known`: uris of syncs before. Others of the same definition are looked for if there may be any,
/// and added to the group.
/// Errors: `errc::journal_failed`, and those of looking for others; what became of syncs is told by
/// the result.
template <class Session>
flow<result<group_run>> watch_group(Session& s, staging_area<Session> const& area,
                                    import_progress::group& begun, std::optional<sync> started,
                                    std::vector<std::string> known, bool may_be_doubled) {
    group_run out;
    for (std::size_t i = 0; i != begun.syncs.size(); ++i) {
        sync_run run;
        if (i == 0 && started)
            run.sync = *started;
        run.sync.uri = begun.syncs[i];
        run.sync.syncedInstanceUri = begun.definition;
        result<void> const ended = co_await watch_sync(s, run);
        out.under_way = !run.sync.finished();
        out.refused = out.refused || (!ended && says_failed(ended.error()));
        if (ended) {
            out.applied = true;
            std::ranges::move(run.logs, std::back_inserter(out.succeeded.logs));
        } else if (!out.failed) {
            out.failed = ended.error();
            advise(*out.failed, run.sync.succeeded() ? begun.syncs[i] + " has applied these rows"
                                                     : "what of these rows was applied is unknown");
        }
        if (out.under_way)
            break;
        if (!may_be_doubled || i != 0)
            continue;
        known.insert(known.end(), begun.syncs.begin(), begun.syncs.end());
        result<std::vector<sync>> const others = co_await syncs_of(s, area.definition().uri, known);
        if (!others) // one of them may be under way
            co_return others.error();
        for (std::size_t other = 0; other != others->size(); ++other) {
            begun.syncs.push_back(*(*others)[other].uri);
            result<void> const noted = area.note(import_progress::sync_record(begun.syncs.back()));
            if (!noted)
                co_return noted.error();
        }
    }
    co_return out;
}

/// Whether the syncs of a group are what the journal says. `known`: others were. Then
/// a sync of applied rows may have expired. Error: `errc::sync_gone`.
template <class Session>
flow<result<void>> check_syncs(Session& s, import_progress::group begun, bool known) {
    for (std::size_t i = 0; i != begun.syncs.size(); ++i) {
        result<id> const which = id_of(begun.syncs[i]);
        if (!which)
            co_return which.error();
        call const ask =
            call::of<endpoints::read_sync>(*path_of<endpoints::read_sync>(std::string(), *which));
        result<answer> const got = co_await fetch(s, ask);
        result<sync> const seen = read_answer<endpoints::read_sync>(got, ask);
        if (seen && names_path(seen->syncedInstanceUri, begun.definition))
            continue;
        if (!seen && seen.error().code != error_code(404, http_category()))
            co_return seen.error();
        if (!seen && known && begun.applied)
            continue;
        failure why(errc::sync_gone, begun.syncs[i] + " of " + begun.definition +
                                         " is not there: it has expired, or the journal is of "
                                         "another instance");
        why.info.advice = "these rows may be applied already; for all rows once more, begin anew "
                          "with another journal";
        if (got)
            why.info.request = got->line;
        co_return why;
    }
    co_return result<void>();
}

/// The logs of syncs that have ended, as far as they are there.
template <class Session>
flow<result<sync_run>> read_group_logs(Session& s, std::vector<std::string> uris) {
    sync_run all;
    for (std::size_t i = 0; i != uris.size(); ++i)
        if (result<id> const which = id_of(uris[i])) {
            result<std::vector<sync_log>> logs = co_await read_logs(s, *which);
            if (!logs && logs.error().code != error_code(404, http_category()))
                co_return logs.error();
            if (logs)
                std::ranges::move(*logs, std::back_inserter(all.logs));
        }
    co_return all;
}

/// Looks for syncs of a group of which it is not known whether one was started.
template <class Session>
flow<result<void>> find_syncs(Session& s, staging_area<Session> const& area,
                              import_progress::group& begun, std::vector<std::string> known,
                              unsigned looks) {
    result<std::vector<sync>> const found =
        co_await look_for_syncs(s, area.definition().uri, std::move(known), looks);
    if (!found)
        co_return found.error();
    for (std::size_t i = 0; i != found->size(); ++i) {
        begun.syncs.push_back(*(*found)[i].uri);
        result<void> const noted = area.note(import_progress::sync_record(begun.syncs.back()));
        if (!noted)
            co_return noted;
    }
    co_return result<void>();
}

} // namespace detail

} // namespace eloqua::bulk
