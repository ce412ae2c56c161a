// SPDX-License-Identifier: BSL-1.0
/// \file
/// Running a sync: started, watched to its end, its logs read.
#pragma once

#include <eloqua/bulk/client/exchange.hpp>
#include <eloqua/bulk/client/list_query.hpp>
#include <eloqua/bulk/client/session.hpp>
#include <eloqua/bulk/schema/status_codes.hpp>

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace eloqua::bulk {

/// A sync and its logs, which are read when it has ended.
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
    /// "ELQ-00002 Invalid email addresses."; a code without a message is explained.
    static std::string text_of(sync_log const& entry) {
        std::string text = entry.statusCode.value_or("");
        std::optional<elq> const code = parse_elq(text);
        elq_meaning const* const meaning = code ? meaning_of(*code) : nullptr;
        text += ' ';
        return text += entry.message.value_or(std::string(meaning ? meaning->text : ""));
    }
    /// What the logs warn of: "ELQ-00002 Invalid email addresses. (1)".
    std::vector<std::string> warnings() const {
        std::vector<std::string> out;
        for (sync_log const& each : logs)
            if (each.severity && !(each.severity == severity::information))
                out.push_back(text_of(each) + " (" + std::to_string(each.count.value_or(0)) + ")");
        return out;
    }
};

namespace detail {

/// Makes a call on slot 0 and reads its answer whole.
template <class Session>
flow<result<answer>> fetch(Session& s, call what) {
    exchange<Session> made(s, slot(0), what);
    co_return co_await made.fetch();
}

/// The logs of a sync, page after page.
template <class Session>
flow<result<std::vector<sync_log>>> read_logs(Session& s, id sync_id) {
    using endpoint = endpoints::list_sync_logs;
    std::vector<sync_log> all;
    for (;;) {
        list_query wanted;
        wanted.limit = limits::items_per_list;
        wanted.offset = static_cast<std::int64_t>(all.size());
        call const ask = call::of<endpoint>(*path_of<endpoint>(std::string(), sync_id) +
                                            *to_query_string(wanted));
        result<answer> const got = co_await fetch(s, ask);
        result<page<sync_log>> part = read_answer<endpoint>(got);
        if (!part)
            co_return part.error();
        for (sync_log& each : part->items)
            all.push_back(std::move(each));
        if (!part->hasMore)
            co_return all;
        if (part->items.empty()) {
            failure why(errc::rows_missing,
                        "log entries after the first " + std::to_string(all.size()));
            why.info.request = got->line;
            co_return why;
        }
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
            f.info.server += (f.info.server.empty() ? "" : "; ") + sync_run::text_of(each);
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

/// Starts a sync of a definition. Errors: those of `exchange`; after `errc::outcome_unknown` it may
/// be running.
template <class Session>
flow<result<sync>> start_sync(Session& s, std::string definition_uri) {
    sync_definition wanted;
    wanted.syncedInstanceUri = std::move(definition_uri);
    std::string const body = write_document(wanted);
    call const start =
        call::of<endpoints::create_sync>(*path_of<endpoints::create_sync>(std::string()), body);
    result<answer> const got = co_await fetch(s, start);
    co_return read_answer<endpoints::create_sync>(got);
}

/// Watches `run.sync`, which was started, to its end and reads its logs. Polls with growing delay.
/// `run` holds what is known, after an error too; it may then be watched on.
/// Errors: `errc::sync_failed` (or ELQ-00146) with what the logs say, `errc::deadline_exceeded`,
/// and those of `exchange`.
template <class Session>
flow<result<void>> watch_sync(Session& s, sync_run& run) {
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
        call const ask = call::of<endpoints::read_sync>(
            *path_of<endpoints::read_sync>(std::string(), run.sync_id));
        result<answer> const got = co_await fetch(s, ask);
        result<sync> seen = read_answer<endpoints::read_sync>(got);
        if (!seen)
            co_return seen.error();
        run.sync = std::move(*seen);
        run.sync.uri = uri;
    }
    result<std::vector<sync_log>> logs = co_await read_logs(s, run.sync_id);
    if (!logs)
        co_return logs.error();
    run.logs = std::move(*logs);
    if (run.sync.failed())
        co_return sync_failure(run);
    co_return result<void>();
}

} // namespace detail

} // namespace eloqua::bulk
