// SPDX-License-Identifier: BSL-1.0
/// \file
/// Creates definitions and syncs for a job, and polls syncs until they end. The service has no
/// idempotency keys. After the response to a POST is lost, the job searches for what the POST may
/// have created: a definition by its unique name, a sync by its definition.
#pragma once

#include <eloqua/bulk/detail/codec/bounded_json.hpp>
#include <eloqua/bulk/detail/http/endpoint_call.hpp>
#include <eloqua/bulk/detail/http/exchange.hpp>
#include <eloqua/bulk/detail/http/list_walk.hpp>
#include <eloqua/bulk/detail/http/parse_response.hpp>
#include <eloqua/bulk/detail/http/session.hpp>
#include <eloqua/bulk/detail/job/governed_start.hpp>
#include <eloqua/bulk/detail/text/ascii.hpp>
#include <eloqua/bulk/detail/text/shown.hpp>
#include <eloqua/bulk/endpoints.hpp>
#include <eloqua/bulk/flow.hpp>
#include <eloqua/bulk/limits.hpp>
#include <eloqua/bulk/sync_run.hpp>
#include <eloqua/bulk/syncs.hpp>

#include <boost/describe.hpp>
#include <boost/system/errc.hpp>

#include <algorithm>
#include <cstdint>
#include <new>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace eloqua::bulk::detail {

/// A definition that a job has created.
struct made_definition {
    std::string uri; ///< empty: none
    std::string name;
    bool may_be_doubled = false; ///< there may be other definitions with this name
    std::string warning;         ///< set if the service changed the name
};

/// Sends a call on channel 0 and reads the whole response. Running out of memory is reported as a
/// failure.
template <class Session>
flow<result<response_body>> fetch(Session& s, endpoint_call what) {
    exchange<Session> made(s, channel_id(0), what);
    try {
        co_return co_await made.fetch();
    } catch (std::bad_alloc const&) {
    }
    co_await io_request::drop(0);
    failure why = out_of_memory();
    why.info.request = made.line();
    co_return why;
}

/// As above, for `next_items`.
template <class Session>
struct session_calls {
    Session& session;
    flow<result<response_body>> fetch(endpoint_call what) {
        return detail::fetch(session, std::move(what));
    }
};

inline list_query from_begin() {
    list_query wanted;
    wanted.limit = limits::items_per_list;
    wanted.offset = 0;
    return wanted;
}

/// All items of the list at a path.
template <class List, class Item, class Session>
flow<result<std::vector<Item>>> read_list(Session& s, std::string path, std::int64_t most_items) {
    list_walk<Item> list(facts_of<List>, std::move(path), from_begin(), most_items);
    gathered_list<Item> all;
    session_calls<Session> by{s};
    co_return co_await all_items(by, list, all);
}

/// The members that every definition has.
struct named_item {
    static constexpr bool named_in_list = true;
    std::optional<std::string> name;
    std::optional<std::string> uri;
};
BOOST_DESCRIBE_STRUCT(named_item, (), (name, uri))

/// Uris of the definitions in a list that have this name. The name must end with a unique word.
template <class List, class Session>
flow<result<std::vector<std::string>>> definitions_named(Session& s, std::string list_path,
                                                         std::string name) {
    list_query wanted = from_begin();
    wanted.q = "name=*" + name.substr(name.rfind(' ') + 1) + "*";
    list_walk<named_item> list(facts_of<List>, std::move(list_path), std::move(wanted));
    session_calls<Session> by{s};
    std::vector<std::string> uris;
    while (!list.ended()) {
        result<std::vector<named_item>> const some = co_await next_items(by, list);
        if (!some)
            co_return some.error();
        for (named_item const& each : *some)
            if (each.name == name && id_of(each))
                uris.push_back(*each.uri);
    }
    co_return uris;
}

/// Syncs of a definition, except the known ones, newest first. Reads at most
/// `retry_policy::pages_of_syncs` pages of the list of all syncs.
template <class Session>
flow<result<std::vector<sync>>> syncs_of(Session& s, std::string definition_uri,
                                         std::vector<std::string> known) {
    list_query wanted = from_begin();
    wanted.orderBy = "createdAt DESC";
    list_walk<sync> list(facts_of<endpoints::list_syncs>,
                         path_of<endpoints::list_syncs>(std::string()), std::move(wanted));
    session_calls<Session> by{s};
    std::int64_t const most = s.options.retry.pages_of_syncs * limits::items_per_list;
    std::vector<sync> found;
    std::int64_t looked = 0;
    while (!list.ended() && (most == 0 || looked < most)) {
        result<std::vector<sync>> const some = co_await next_items(by, list);
        if (!some)
            co_return some.error();
        looked += list.asked();
        for (sync const& each : *some)
            if (iequals(below_base(each.syncedInstanceUri), below_base(definition_uri)) &&
                id_of(each) && std::ranges::find(known, *each.uri) == known.end()) {
                known.push_back(*each.uri); // a list that grows while it is read repeats items
                found.push_back(each);
            }
    }
    co_return found;
}

/// Waits before the `n`th search (from 1) for what a lost response may have created.
template <class Session>
flow<result<void>> wait_to_look(Session& s, unsigned n) {
    retry_policy const& policy = s.options.retry;
    io_result const waited = co_await io_request::wait(
        exponential_delay(policy.search_delay, policy.longest_delay, 2 * n - 1));
    if (waited.ec)
        co_return failure(waited.ec);
    co_return result<void>();
}

/// Searches repeatedly until items are found, as long as they may still appear. `find()` is a flow
/// of a vector. `first`: 0 to search at once, 1 to wait first.
template <class Item, class Session, class Find>
flow<result<std::vector<Item>>> look_until_found(Session& s, unsigned first, unsigned attempts,
                                                 Find find) {
    result<std::vector<Item>> found = std::vector<Item>();
    for (unsigned look = first; found && found->empty() && look <= attempts; ++look) {
        result<void> waited;
        if (look != 0)
            waited = co_await wait_to_look(s, look);
        if (!waited)
            co_return waited.error();
        found = co_await find();
    }
    co_return found;
}

/// Searches for a definition by name as long as it may still appear. The uri is empty if none was
/// found.
template <class List, class Session>
flow<result<made_definition>> look_for_definition(Session& s, result<std::string> list_path,
                                                  std::string name) {
    if (!list_path)
        co_return list_path.error();
    made_definition made;
    made.name = std::move(name);
    auto const find = [&] { return definitions_named<List>(s, *list_path, made.name); };
    result<std::vector<std::string>> const found =
        co_await look_until_found<std::string>(s, 0, s.options.retry.search_attempts, find);
    if (!found)
        co_return found.error();
    if (!found->empty())
        made.uri = found->front();
    made.may_be_doubled = found->size() > 1;
    co_return made;
}

/// Searches for syncs of a definition as long as one may still appear.
template <class Session>
flow<result<std::vector<sync>>> look_for_syncs(Session& s, std::string definition_uri,
                                               std::vector<std::string> known, unsigned attempts) {
    auto const find = [&] { return syncs_of(s, definition_uri, known); };
    co_return co_await look_until_found<sync>(s, 1, attempts, find);
}

/// Whether a failed POST may nevertheless have created its resource: its response was lost,
/// malformed or only partly read.
inline bool may_have_made(failure const& why) {
    return why.code == boost::system::errc::not_enough_memory ||
           is_among(why.code,
                    {errc::outcome_unknown, errc::malformed_response, errc::response_too_large});
}

/// Says why it is unknown whether something was created, and why the search for it failed.
inline failure not_looked_for(failure lost, failure looking) {
    if (looking.code == boost::system::errc::operation_canceled) {
        looking.info.unsent = false; // the POST that is searched for was sent
        return looking;
    }
    lost.info.detail +=
        (lost.info.detail.empty() ? "" : "; ") + ("the search for it failed: " + looking.message());
    return lost;
}

/// Reads the response to a POST that creates a resource. The response must have a uri with an id.
template <class Made>
result<Made> read_made(result<response_body> const& got, endpoint_call const& create) {
    result<Made> said = parse_response_as<Made>(got, create);
    if (!said || id_of(*said))
        return said;
    return got->refused(failure(errc::malformed_response, "the created resource has no uri"));
}

/// Creates a definition by a POST of `body`, which contains the name `name`.
/// Errors: those of `exchange`. `errc::outcome_unknown` and `errc::malformed_response` only if
/// repeated searches do not find the definition.
template <class Create, class List, class Session>
flow<result<made_definition>> make_definition(Session& s, result<std::string> path,
                                              std::string body, std::string name) {
    if (!path)
        co_return path.error();
    made_definition made;
    made.name = std::move(name);
    endpoint_call const create = endpoint_call::of<Create>(*path, body);
    auto const find = [&] { return definitions_named<List>(s, *path, made.name); };
    for (unsigned attempt = 1;; ++attempt) {
        result<response_body> const got = co_await fetch(s, create);
        result<named_item> const said = read_made<named_item>(got, create);
        if (said) {
            made.uri = *said->uri;
            if (said->name && *said->name != made.name)
                made.warning = made.uri + " was named '" + made.name +
                               "', but the service calls it '" + shown(*said->name) + '\'';
            co_return made;
        }
        if (!may_have_made(said.error())) {
            failure why = said.error();
            why.info.unsent = why.info.unsent && attempt == 1;
            co_return why;
        }
        result<std::vector<std::string>> const found =
            co_await look_until_found<std::string>(s, 1, s.options.retry.search_attempts, find);
        if (!found)
            co_return not_looked_for(said.error(), found.error());
        if (!found->empty()) {
            made.uri = found->front();
            made.may_be_doubled = made.may_be_doubled || found->size() > 1;
            co_return made;
        }
        made.may_be_doubled = true;
        if (attempt >= s.options.retry.attempts)
            co_return said.error();
    }
}

/// Deletes a definition of the entity at a path, and others with its name if there may be any.
template <class Remove, class List, class Session>
flow<result<void>> remove_definitions(Session& s, result<std::string> base_path,
                                      made_definition made) {
    result<std::string> const list_path = path_of<List>(base_path);
    if (!list_path)
        co_return list_path.error();
    result<void> all;
    std::vector<std::string> uris;
    if (!made.uri.empty())
        uris.push_back(made.uri);
    if (made.may_be_doubled) {
        result<std::vector<std::string>> const others =
            co_await definitions_named<List>(s, *list_path, made.name);
        if (!others)
            all = others.error();
        for (std::size_t i = 0; others && i != others->size(); ++i)
            if ((*others)[i] != made.uri)
                uris.push_back((*others)[i]);
    }
    for (std::string const& each : uris) {
        result<id> const which = id_of(each);
        if (!which)
            co_return which.error();
        endpoint_call const remove = endpoint_call::of<Remove>(*path_of<Remove>(base_path, *which));
        result<response_body> const gone = co_await fetch(s, remove);
        if (!gone && gone.error().code != error_code(404, http_category()))
            all = gone.error();
    }
    co_return all;
}

/// Starts a sync of a definition, when the client's governor allows it. `allowed`: that it has done
/// so already, if not null. Errors: those of `exchange` and `admit`. After `errc::outcome_unknown`
/// the sync may be running.
template <class Session>
flow<result<sync>> start_sync(Session& s, std::string definition_uri,
                              admission* allowed = nullptr) {
    result<admission> own = admission();
    if (s.options.governor && !(allowed && *allowed)) {
        own = co_await admit(s, definition_uri);
        if (!own)
            co_return own.error();
        allowed = &*own;
    }
    if (allowed)
        allowed->sending();
    sync_definition wanted;
    wanted.syncedInstanceUri = std::move(definition_uri);
    std::string const body = write_document(wanted);
    endpoint_call const start = endpoint_call::of<endpoints::create_sync>(
        *path_of<endpoints::create_sync>(std::string()), body);
    result<response_body> const got = co_await fetch(s, start);
    result<sync> made = read_made<sync>(got, start);
    if (allowed && made)
        allowed->started(made->uri);
    else if (allowed)
        allowed->failed(made.error());
    co_return made;
}

/// A sync that was started.
struct started_sync {
    bulk::sync sync;
    bool may_be_doubled = false; ///< there may be another sync of the same definition
};

/// Starts a sync of a definition. If the response is lost, searches for the sync and starts another
/// one only if the search finds nothing. `known`: uris of earlier syncs of the definition. Sets
/// `lost_answer` if a response was lost. `allowed`: see `start_sync`; must outlive the flow.
/// Errors: those of `start_sync`. After `errc::outcome_unknown` the sync may be running.
template <class Session>
flow<result<started_sync>> start_or_find_sync(Session& s, std::string definition_uri,
                                              std::vector<std::string> known, bool& lost_answer,
                                              admission* allowed = nullptr) {
    started_sync begun;
    std::optional<failure> lost; ///< why it is unknown whether a sync was started
    for (unsigned attempt = 1;; ++attempt) {
        result<sync> started = co_await start_sync(s, definition_uri, allowed);
        if (started) {
            begun.sync = std::move(*started);
            co_return begun;
        }
        failure why = started.error();
        // The sync whose response was lost is running after all.
        bool const conflict = lost && why.code == error_code(409, http_category());
        why.info.unsent = why.info.unsent && !lost;
        if (!may_have_made(why) && !conflict)
            co_return why;
        if (conflict)
            why = *lost;
        lost = why;
        lost_answer = true;
        result<std::vector<sync>> found =
            co_await look_for_syncs(s, definition_uri, known, s.options.retry.search_attempts);
        if (!found)
            co_return not_looked_for(why, found.error());
        if (!found->empty()) {
            begun.sync = std::move(found->front());
            begun.may_be_doubled = attempt != 1;
            co_return begun;
        }
        begun.may_be_doubled = true;
        if (attempt >= s.options.retry.attempts)
            co_return why;
    }
}

/// The logs of a sync.
template <class Session>
flow<result<std::vector<sync_log>>> read_logs(Session& s, id sync_id) {
    constexpr std::int64_t most = 10'000; // a log has some dozen entries
    co_return co_await read_list<endpoints::list_sync_logs, sync_log>(
        s, *path_of<endpoints::list_sync_logs>(std::string(), sync_id), most);
}

/// The failure of a sync that ended in `error`: its logged errors, or all its logs if it has no
/// errors.
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
    f.info.advice = later ? "wait at least an hour, then run the sync again"
                          : "see the sync's logs for the cause";
    if (later)
        f.code = make_error_code(elq::temporary_error);
    return f;
}

/// The failure of a sync that ended with an unknown status.
inline failure unknown_end(sync const& ended) {
    std::string what = ended.uri.value_or("") + " of " + ended.syncedInstanceUri + " has ended ";
    if (ended.status)
        what +=
            "in the status '" + shown(ended.status->text()) + "', which this version does not know";
    else
        what += "without a status";
    return failure(errc::malformed_response, std::move(what),
                   "see the sync's logs for what it has done");
}

/// Polls a sync with growing delays until it has ended. It must be a sync of the definition that
/// `run` names.
template <class Session>
flow<result<void>> wait_for_end(Session& s, sync_run& run, clock::time_point begin) {
    result<id> const which = id_of(run.sync);
    if (!which)
        co_return which.error();
    run.sync_id = *which;
    std::string const uri = *run.sync.uri, of = run.sync.syncedInstanceUri;

    for (unsigned look = 1;; ++look) {
        std::string const status = run.sync.status ? shown(run.sync.status->text()) : "";
        s.tell(&observer::on_sync, uri, status);
        if (s.options.governor) // again and again: its file may have been locked before
            (void)co_await note_run(s, run.sync);
        if (run.sync.finished())
            break;
        clock::duration const delay = polling_delay(s.options.polling, look, s.random());
        io_result const now = co_await io_request::time();
        if (delay > s.options.polling.deadline - (now.now - begin)) {
            failure why(
                errc::deadline_exceeded,
                uri + " is still " + (run.sync.status ? status : "without status"),
                "it may still finish: check it later, or raise client_options::polling.deadline");
            co_return why;
        }
        io_result const waited = co_await io_request::wait(delay);
        if (waited.ec)
            co_return failure(waited.ec);
        endpoint_call const ask = endpoint_call::of<endpoints::read_sync>(
            *path_of<endpoints::read_sync>(std::string(), run.sync_id));
        result<response_body> const got = co_await fetch(s, ask);
        result<sync> seen = parse_response<endpoints::read_sync>(got, ask);
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

/// Polls `run.sync`, which was started, until it ends, and reads its logs. `run` holds what is
/// known, also after an error; polling can then be continued.
/// Errors: `errc::sync_failed` (or ELQ-00146) with the log's messages, `errc::malformed_response`
/// for an unknown status, `errc::deadline_exceeded`, and those of `exchange`.
template <class Session>
flow<result<void>> watch_sync(Session& s, sync_run& run) {
    io_result const begin = co_await io_request::time();
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
        run.sync.status.reset(); // not the final status
        run.sync.syncEndedAt.reset();
    }
}

} // namespace eloqua::bulk::detail
