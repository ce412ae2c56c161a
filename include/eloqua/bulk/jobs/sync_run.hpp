// SPDX-License-Identifier: BSL-1.0
/// \file
/// Running a sync: started, watched to its end, its logs read.
#pragma once

#include <eloqua/bulk/client/list_query.hpp>
#include <eloqua/bulk/client/perform.hpp>
#include <eloqua/bulk/client/session.hpp>
#include <eloqua/bulk/schema/status_codes.hpp>

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace eloqua::bulk {

/// A sync that has ended well, or in `warning`.
struct sync_run {
    bulk::sync sync;
    id sync_id = 0;
    std::vector<sync_log> logs;

    /// Sum of the counts of the log entries with this code; empty if there is none.
    std::optional<std::int64_t> logged(elq code) const {
        std::optional<std::int64_t> sum;
        for (sync_log const& each : logs)
            if (parse_elq(each.statusCode.value_or("")) == code)
                sum = sum.value_or(0) + each.count.value_or(0);
        return sum;
    }
};

namespace detail {

/// All items of a list, page after page. `Endpoint` is one of `paging::list`.
template <class Endpoint>
flow<result<decltype(answer_t<Endpoint>::items)>> read_list(session& s, std::string path,
                                                            std::size_t most) {
    decltype(answer_t<Endpoint>::items) all;
    for (;;) {
        list_query wanted;
        wanted.limit = limits::items_per_list;
        wanted.offset = static_cast<std::int64_t>(all.size());
        result<std::string> const query = to_query_string(wanted);
        result<std::string> at = path + *query;
        result<answer_t<Endpoint>> part = co_await perform<Endpoint>(s, 0, std::move(at));
        if (!part)
            co_return part.error();
        if (part->hasMore && part->items.empty()) {
            failure why(errc::rows_missing, "after " + std::to_string(all.size()) + " items");
            why.info.request = "GET " + path;
            co_return why;
        }
        for (auto& each : part->items)
            all.push_back(std::move(each));
        if (!part->hasMore || all.size() >= most)
            co_return all;
    }
}

/// The failure of a sync that ended in `error`: its logged errors, else all its logs.
inline failure sync_failure(sync_run const& run) {
    failure f(errc::sync_failed);
    f.info.detail = run.sync.uri.value_or("") + " of " + run.sync.syncedInstanceUri;
    bool later = false;
    for (bool only_errors : {true, false}) {
        for (sync_log const& each : run.logs) {
            if (only_errors && !(each.severity == bulk::severity::error))
                continue;
            f.info.server += (f.info.server.empty() ? "" : "; ") + each.statusCode.value_or("") +
                             " " + each.message.value_or("");
            later = later || parse_elq(each.statusCode.value_or("")) == elq::temporary_error;
        }
        if (!f.info.server.empty())
            break;
    }
    f.info.advice = later ? "the service asks to run it again after an hour"
                          : "see the sync's logs for the cause";
    if (later)
        f.code = make_error_code(elq::temporary_error);
    return f;
}

/// Starts a sync of a definition and watches it to its end. Polls with growing delay.
/// Errors: `errc::sync_failed` with what the logs say, `errc::deadline_exceeded`, and those of
/// `exchange`.
inline flow<result<sync_run>> run_sync(session& s, std::string definition_uri) {
    sync wanted;
    wanted.syncedInstanceUri = std::move(definition_uri);
    std::string const body = write_document(wanted);
    result<std::string> path = path_of<endpoints::create_sync>(std::string());
    result<sync> made = co_await perform<endpoints::create_sync>(s, 0, std::move(path), body);
    if (!made)
        co_return made.error();
    sync_run run;
    run.sync = std::move(*made);
    result<id> const which = id_of(run.sync.uri.value_or(""));
    if (!which)
        co_return which.error();
    run.sync_id = *which;
    std::string const uri = *run.sync.uri;

    outcome const begin = co_await wish::time();
    for (unsigned look = 1;; ++look) {
        s.tell(&observer::on_sync, uri, run.sync.status ? run.sync.status->text() : "");
        if (run.sync.finished())
            break;
        clock::duration const delay = polling_delay(s.options.polling, look, s.chance());
        outcome const now = co_await wish::time();
        if (now.now - begin.now + delay > s.options.polling.deadline) {
            failure why(errc::deadline_exceeded,
                        uri + " is still " +
                            (run.sync.status ? run.sync.status->text() : "without status"),
                        "it may yet end; look at it later, or allow more time");
            co_return why;
        }
        outcome const waited = co_await wish::wait(delay);
        if (waited.ec)
            co_return failure(waited.ec);
        result<std::string> again = path_of<endpoints::read_sync>(std::string(), run.sync_id);
        result<sync> seen = co_await perform<endpoints::read_sync>(s, 0, std::move(again));
        if (!seen)
            co_return seen.error();
        run.sync = std::move(*seen);
        run.sync.uri = uri;
    }
    result<std::string> const logs_path =
        path_of<endpoints::list_sync_logs>(std::string(), run.sync_id);
    result<std::vector<sync_log>> logs =
        co_await read_list<endpoints::list_sync_logs>(s, *logs_path, 100'000);
    if (!logs)
        co_return logs.error();
    run.logs = std::move(*logs);
    if (run.sync.failed())
        co_return sync_failure(run);
    co_return run;
}

} // namespace detail

} // namespace eloqua::bulk
