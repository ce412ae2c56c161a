// SPDX-License-Identifier: BSL-1.0
/// \file
/// What the endpoints of exports, imports and sync actions have in common.
#pragma once

#include <eloqua/bulk/http.hpp>
#include <eloqua/bulk/simulator/detail/answers.hpp>
#include <eloqua/bulk/simulator/detail/call.hpp>
#include <eloqua/bulk/simulator/detail/lists.hpp>
#include <eloqua/bulk/simulator/detail/staging.hpp>
#include <eloqua/bulk/simulator/detail/state.hpp>
#include <eloqua/bulk/simulator/detail/syncs.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace eloqua::bulk::simulation {

/// The definition that is asked for, or null if the entity has no such id.
template <class Entry>
Entry* find_definition(std::map<std::int64_t, Entry>& entries, call const& c) {
    auto const found = entries.find(c.id);
    return found == entries.end() || found->second.of != c.of ? nullptr : &found->second;
}

template <class Entry>
response read_definition(std::map<std::int64_t, Entry>& entries, call const& c) {
    Entry const* const found = find_definition(entries, c);
    return found ? document_answer(200, found->document) : not_found();
}

/// Those of the call's entity, or all if it has none.
template <class Entry>
response list_definitions(service_state const& state, call const& c,
                          std::map<std::int64_t, Entry> const& entries) {
    std::vector<Entry const*> listed;
    for (auto const& each : entries)
        if (!c.of || each.second.of == c.of)
            listed.push_back(&each.second);
    return list_page(c.target, state.options, listed.size(),
                     [&](std::size_t i) { return listed[i]->document; });
}

/// Notes who wrote a definition and when, and keeps it: in place of `replaced`, or as a new one.
template <class Entry>
response keep_definition(service_state const& state, call const& c,
                         std::map<std::int64_t, Entry>& entries, std::int64_t& next,
                         char const* collection, Entry* replaced, Entry written) {
    auto& document = written.document;
    document.updatedBy = c.user;
    document.updatedAt = written.used = state.time.now();
    document.createdBy = replaced ? replaced->document.createdBy : document.updatedBy;
    document.createdAt = replaced ? replaced->document.createdAt : document.updatedAt;
    document.kbUsed.reset();
    written.id = replaced ? replaced->id : next++;
    written.of = c.of;
    document.uri = c.of->path + collection + std::to_string(written.id);
    if constexpr (requires { written.staged; })
        if (replaced && replaced->document.fields == document.fields) {
            written.staged = std::move(replaced->staged); // under the same columns
            written.over_quota = replaced->over_quota;
        }
    Entry& kept = entries[written.id];
    kept = std::move(written);
    return document_answer(replaced ? 200 : 201, kept.document);
}

/// Takes rows as JSON or CSV, and starts a sync if the definition says so.
template <class Entry>
response push_rows(service_state& state, call const& c, Entry* into) {
    if (!into)
        return not_found();
    bool const csv = media_type(c.q) == "text/csv";
    auto staged = csv ? stage_csv(c.q.body, into->checked)
                      : stage_json(c.q.body, into->checked, state.options);
    if (!staged)
        return documented(400, reasons::parsing_error);
    if (over_quota(state, static_cast<std::int64_t>(c.q.body.size()))) {
        if (state.options.quota_refuses_requests)
            return documented(413, reasons::storage_exceeded);
        into->over_quota = true;
    }
    staged->at = state.time.now();
    staged->bytes = c.q.body.size();
    into->staged.push_back(std::move(*staged));
    bool const unasked = c.injected && c.injected->kind == fault_kind::start_by_push;
    if (!unasked && !into->document.isSyncTriggeredOnImport.value_or(false))
        return response(204);
    sync_definition wanted;
    wanted.syncedInstanceUri = *into->document.uri;
    response begun = start_sync(state, c.user, std::move(wanted), c.injected);
    if (begun.status != 201)
        into->staged.pop_back(); // refused as a whole
    return begun;
}

template <class Entry>
response delete_staged_rows(Entry* from) {
    if (!from)
        return not_found();
    from->staged.clear();
    from->over_quota = false;
    return response(204);
}

} // namespace eloqua::bulk::simulation
