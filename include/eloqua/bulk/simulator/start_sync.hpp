// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <eloqua/bulk/simulator/answers.hpp>
#include <eloqua/bulk/simulator/definition_rules.hpp>
#include <eloqua/bulk/simulator/state.hpp>
#include <eloqua/bulk/simulator/sync_runs.hpp>
#include <eloqua/bulk/wire/http.hpp>

#include <boost/json/object.hpp>

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>

namespace eloqua::bulk::simulation {

/// Makes a sync of a definition, as `POST /syncs` does.
inline response start_sync(service_state& state, std::string const& user, sync_definition wanted) {
    sync_job job;
    auto const busy = [&](std::int64_t definition, bool of_import) {
        return !state.options.allow_concurrent_syncs &&
               std::ranges::any_of(state.running, [&](std::int64_t id) {
                   sync_job const& each = state.syncs.at(id);
                   return each.of_import == of_import && each.definition_id == definition;
               });
    };
    for (auto& [id, entry] : state.exports)
        if (entry.document.uri == wanted.syncedInstanceUri) {
            // What the definition names may be gone by now.
            boost::json::object const nothing_sent;
            definition_checks checks(nothing_sent);
            job.export_plan =
                check_export(checks, entry.document, state.tables, *entry.of, state.options);
            if (!checks.found.empty())
                return refusal(checks.found);
            job.definition_id = id;
            job.of = entry.of;
            job.exported = entry.document;
        }
    for (auto& [id, entry] : state.imports)
        if (entry.document.uri == wanted.syncedInstanceUri) {
            job.of_import = true;
            job.definition_id = id;
            job.of = entry.of;
            job.imported = entry.document;
            job.import_plan = entry.checked;
        }
    if (!job.of)
        return refusal("syncedInstanceUri", wanted.syncedInstanceUri,
                       "Must reference an existing object.");
    if (busy(job.definition_id, job.of_import))
        return plain_text(409, "A sync of this definition is pending or active.");
    timestamp const now = state.time.now();
    if (job.of_import) {
        import_entry& entry = state.imports.at(job.definition_id);
        for (staged_request& each : entry.staged)
            if (each.at + *entry.document.dataRetentionDuration->known() > now)
                job.staged.push_back(std::move(each));
        entry.staged.clear();
    }
    job.id = state.next_sync++;
    job.document.syncedInstanceUri = std::move(wanted.syncedInstanceUri);
    job.document.callbackUrl = std::move(wanted.callbackUrl);
    job.document.status = sync_status::pending;
    job.document.createdAt = now;
    job.document.createdBy = user;
    job.document.uri = "/syncs/" + std::to_string(job.id);
    response made = document_answer(201, job.document);
    sync_runs(state).add(std::move(job));
    return made;
}

} // namespace eloqua::bulk::simulation
