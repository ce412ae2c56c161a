// SPDX-License-Identifier: BSL-1.0
/// \file
/// Running a sync: started, watched to its end, its logs read.
#pragma once

#include <eloqua/bulk/client/exchange.hpp>
#include <eloqua/bulk/client/session.hpp>
#include <eloqua/bulk/jobs/creation.hpp>
#include <eloqua/bulk/jobs/sync_run.hpp>
#include <eloqua/bulk/schema/shown.hpp>
#include <eloqua/bulk/schema/status_codes.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace eloqua::bulk {

namespace detail {

/// The logs of a sync.
template <class Session>
flow<result<std::vector<sync_log>>> read_logs(Session& s, id sync_id) {
    constexpr std::int64_t most = 10'000; // a log has some dozen entries
    co_return co_await read_list<endpoints::list_sync_logs, sync_log>(
        s, *path_of<endpoints::list_sync_logs>(std::string(), sync_id), most);
}

/// The failure of a sync that ended in `error`: its logged errors, else all its logs.
inline failure sync_failure(sync_run const& run, row_values values) {
    failure f(errc::sync_failed);
    f.info.detail = run.sync.uri.value_or("") + " of " + shown(run.sync.syncedInstanceUri);
    constexpr std::size_t most = 10;
    bool later = false;
    for (bool only_errors : {true, false}) {
        std::size_t told = 0;
        for (sync_log const& each : run.logs) {
            if (only_errors && !(each.severity == bulk::severity::error))
                continue;
            later = later || parse_elq(each.statusCode.value_or("")) == elq::temporary_error;
            if (told++ < most)
                f.info.server +=
                    (f.info.server.empty() ? "" : "; ") + sync_run::text_of(each, values);
        }
        if (told > most)
            f.info.server += "; and " + std::to_string(told - most) + " more";
        if (told != 0)
            break;
    }
    f.info.advice = later ? "the service asks to run it again after an hour"
                          : "see the sync's logs for the cause";
    if (later)
        f.code = make_error_code(elq::temporary_error);
    return f;
}

/// The failure of a sync that ended, but nobody knows how.
inline failure unknown_end(sync const& ended) {
    std::string what = ended.uri.value_or("") + " of " + ended.syncedInstanceUri + " has ended ";
    if (ended.status)
        what += "in the status '" + shown(ended.status->text()) + "', which is not known";
    else
        what += "without a status";
    return failure(errc::malformed_response, std::move(what),
                   "see the sync's logs for what it has done");
}

/// Polls a sync with growing delay until it has ended. It must be of the definition that `run`
/// names.
template <class Session>
flow<result<void>> wait_for_end(Session& s, sync_run& run, clock::time_point begin) {
    result<id> const which = id_of(run.sync.uri.value_or(""));
    if (!which)
        co_return which.error();
    run.sync_id = *which;
    std::string const uri = *run.sync.uri, of = run.sync.syncedInstanceUri;

    for (unsigned look = 1;; ++look) {
        std::string const status = run.sync.status ? shown(run.sync.status->text()) : "";
        s.tell(&observer::on_sync, uri, status);
        if (run.sync.finished())
            break;
        clock::duration const delay = polling_delay(s.options.polling, look, s.chance());
        outcome const now = co_await wish::time();
        if (delay > s.options.polling.deadline - (now.now - begin)) {
            failure why(errc::deadline_exceeded,
                        uri + " is still " + (run.sync.status ? status : "without status"),
                        "it may yet end; look at it later, or allow more time");
            co_return why;
        }
        outcome const waited = co_await wish::wait(delay);
        if (waited.ec)
            co_return failure(waited.ec);
        call const ask = call::of<endpoints::read_sync>(
            *path_of<endpoints::read_sync>(std::string(), run.sync_id));
        result<answer> const got = co_await fetch(s, ask);
        result<sync> seen = read_answer<endpoints::read_sync>(got, ask);
        if (!seen)
            co_return seen.error();
        if (of.find('/') != of.npos && !names_path(seen->syncedInstanceUri, of)) {
            failure why(errc::malformed_response,
                        answer_is_of("syncedInstanceUri", seen->syncedInstanceUri, of));
            why.info.request = got->line;
            co_return why;
        }
        run.sync = std::move(*seen);
        run.sync.uri = uri;
        run.sync.syncedInstanceUri = of;
    }
    co_return result<void>();
}

/// Watches `run.sync`, which was started, to its end and reads its logs. `run` holds what is known,
/// after an error too; it may then be watched on.
/// Errors: `errc::sync_failed` (or ELQ-00146) with what the logs say, `errc::malformed_response`
/// for an end in a status that is not known, `errc::deadline_exceeded`, and those of `exchange`.
template <class Session>
flow<result<void>> watch_sync(Session& s, sync_run& run) {
    outcome const begin = co_await wish::time();
    for (;;) {
        result<void> const ended = co_await wait_for_end(s, run, begin.now);
        if (!ended)
            co_return ended.error();
        if (!run.sync.failed() && !run.sync.succeeded())
            co_return unknown_end(run.sync);
        result<std::vector<sync_log>> logs = co_await read_logs(s, run.sync_id);
        if (!logs)
            co_return logs.error();
        run.logs = std::move(*logs);
        if (!run.sync.failed())
            co_return result<void>();
        if (!run.has(elq::retried_automatically) || run.has(elq::temporary_error))
            co_return sync_failure(run, s.options.row_values);
        run.sync.status.reset(); // it is not the end
        run.sync.syncEndedAt.reset();
    }
}

} // namespace detail

} // namespace eloqua::bulk
