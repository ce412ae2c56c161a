// SPDX-License-Identifier: BSL-1.0
/// \file
/// Syncs as time goes by: pending, active, ended, forgotten.
#pragma once

#include <eloqua/bulk/definitions.hpp>
#include <eloqua/bulk/document_json.hpp>
#include <eloqua/bulk/http.hpp>
#include <eloqua/bulk/limits.hpp>
#include <eloqua/bulk/simulator/detail/answers.hpp>
#include <eloqua/bulk/simulator/detail/assets.hpp>
#include <eloqua/bulk/simulator/detail/definition_checks.hpp>
#include <eloqua/bulk/simulator/detail/export_rules.hpp>
#include <eloqua/bulk/simulator/detail/import_definition_rules.hpp>
#include <eloqua/bulk/simulator/detail/state.hpp>
#include <eloqua/bulk/simulator/detail/sync_action_rules.hpp>
#include <eloqua/bulk/simulator/detail/sync_results.hpp>
#include <eloqua/bulk/simulator/detail/values.hpp>
#include <eloqua/bulk/simulator/fault.hpp>
#include <eloqua/bulk/syncs.hpp>

#include <boost/json/object.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace eloqua::bulk::simulation {

/// Starts and ends syncs as time goes by.
class sync_runs {
public:
    explicit sync_runs(service_state& s) : state_(s) {}

    /// Lets everything happen that is due by now, in order of time, and makes the calls that came
    /// of it.
    void catch_up() {
        run();
        while (!state_.callbacks.empty()) {
            callback const due = std::move(state_.callbacks.front());
            state_.callbacks.erase(state_.callbacks.begin());
            request q(verb::post, due.to.at, due.to.target);
            q.fields.set("Content-Type", "application/json; charset=utf-8");
            q.body = due.body;
            state_.options.on_callback(q); // may come back here
        }
    }
    /// Queues a sync that was just made.
    void add(sync_job job) {
        job.starts = job.held == sync_job::for_ever
                         ? timestamp::max()
                         : state_.time.now() + ticks(state_.options.sync_pending + job.held);
        state_.running.push_back(job.id);
        state_.syncs.emplace(job.id, std::move(job));
        if (state_.options.callback_before_answer)
            catch_up();
        else
            run();
    }

private:
    void run() {
        timestamp const now = state_.time.now();
        for (;;) {
            sync_job* next = nullptr;
            for (std::int64_t const id : state_.running) {
                sync_job& job = state_.syncs.at(id);
                if (due(job) <= now && (!next || due(job) < due(*next)))
                    next = &job;
            }
            if (!next)
                break;
            if (next->document.status == sync_status::pending)
                start(*next);
            else
                end(*next);
        }
        drop_old(state_.exports, now);
        drop_old(state_.imports, now);
        drop_old(state_.sync_actions, now);
        std::erase_if(state_.syncs, [&](auto const& each) {
            return each.second.finished() &&
                   *each.second.document.createdAt + limits::sync_life <= now;
        });
    }
    static timestamp::duration ticks(std::chrono::nanoseconds d) {
        return std::chrono::floor<timestamp::duration>(d);
    }
    static timestamp due(sync_job const& job) {
        return job.document.status == sync_status::pending ? job.starts : job.ends;
    }
    template <class Entries>
    static void drop_old(Entries& entries, timestamp now) {
        std::erase_if(entries, [&](auto const& each) {
            auto const& d = each.second.document;
            return d.autoDeleteDuration
                       ? *d.createdAt + *read_duration(d.autoDeleteDuration->text()) <= now
                       : each.second.used + limits::unused_definition_life <= now;
        });
    }

    void start(sync_job& job) {
        job.document.status = sync_status::active;
        job.document.syncStartedAt = job.starts;
        std::size_t rows = 0;
        if (job.kind == definition_kind::exports) {
            sync_results(state_, job).take_snapshot();
            rows = job.rows->size;
        } else {
            rows = job.staged_rows();
        }
        job.ends =
            job.starts + ticks(state_.options.sync_active + state_.options.sync_active_per_row *
                                                                static_cast<std::int64_t>(rows));
    }
    void end(sync_job& job) {
        std::erase(state_.running, job.id);
        job.document.syncEndedAt = job.ends;
        sync_results(state_, job).conclude();
        job.staged.clear();
        job.staged.shrink_to_fit();
        if (job.document.callbackUrl && state_.options.on_callback)
            state_.callbacks.push_back(
                {*parse_url(*job.document.callbackUrl), write_document(job.document)});
    }

    service_state& state_;
};

/// The definition of this uri, or null.
template <class Entry>
Entry* definition_at(std::map<std::int64_t, Entry>& entries, std::string_view uri) {
    for (auto& [id, entry] : entries)
        if (iequals(*entry.document.uri, uri))
            return &entry;
    return nullptr;
}

/// Moves what was pushed to a sync.
template <class Definition>
void take_rows(sync_job& job, staging_entry<Definition>& from, timestamp now) {
    from.used = now;
    job.import_plan = from.checked;
    job.over_quota = std::exchange(from.over_quota, false);
    for (staged_request& each : from.staged)
        if (each.at + from.retention() > now)
            job.staged.push_back(std::move(each));
    from.staged.clear();
}

/// What a fault does to a sync that is being made.
inline void burden(sync_job& job, fault const& f) {
    if (f.kind == fault_kind::hold)
        job.held = f.time.value_or(sync_job::for_ever);
    if (f.kind == fault_kind::fail) {
        job.fails_with = f.code;
        job.fails_late = f.rows != 0;
    }
    if (f.kind != fault_kind::reject)
        return;
    std::size_t row = 0;
    for (staged_request& each : job.staged)
        for (staged_row& staged : each.rows)
            if (row++ % f.of_rows < f.rows)
                staged.rejected_with = f.code;
}

/// Whether the priority that an import names is there.
inline void check_priority(definition_checks& checks, any_import_definition const& d,
                           asset_store const& assets) {
    if (d.importPriorityUri && !assets.import_priorities.contains_uri(*d.importPriorityUri))
        checks.refuse("importPriorityUri", "Must reference an existing object.");
}

/// What is wrong with definitions whose syncs take rows, as what they name may be gone by now.
/// Either may be null.
inline failures judged_again(service_state const& state, import_entry const* imported,
                             sync_action_entry const* acted) {
    boost::json::object const nothing_sent;
    definition_checks checks(nothing_sent);
    if (imported) {
        check_import(checks, imported->document, state.tables, *imported->of, state.options);
        check_priority(checks, imported->document, state.assets);
    }
    if (acted)
        check_sync_actions(checks, acted->document, state.tables, *acted->of, state.options);
    return std::move(checks.found);
}

/// Makes a sync of a definition, as `POST /syncs` does. `injected` may be null.
inline response start_sync(service_state& state, std::string const& user, sync_definition wanted,
                           fault const* injected) {
    export_entry* const exported = definition_at(state.exports, wanted.syncedInstanceUri);
    import_entry* const imported = definition_at(state.imports, wanted.syncedInstanceUri);
    sync_action_entry* const acted = definition_at(state.sync_actions, wanted.syncedInstanceUri);
    if (wanted.callbackUrl && !parse_url(*wanted.callbackUrl))
        return refusal("callbackUrl", *wanted.callbackUrl, "Must be a valid URL.");
    sync_job job;
    auto const concerns = [&](definition_kind kind, auto* entry) {
        if (!entry)
            return;
        job.kind = kind;
        job.definition_id = entry->id;
        job.of = entry->of;
        job.document.syncedInstanceUri = *entry->document.uri;
    };
    concerns(definition_kind::exports, exported);
    concerns(definition_kind::imports, imported);
    concerns(definition_kind::sync_actions, acted);
    if (!job.of)
        return refusal("syncedInstanceUri", wanted.syncedInstanceUri,
                       "Must reference an existing object.");
    if (failures const wrong = judged_again(state, imported, acted); !wrong.empty())
        return refusal(wrong);
    if (exported) {
        // What the definition names may be gone by now.
        boost::json::object const nothing_sent;
        definition_checks checks(nothing_sent);
        job.export_plan =
            check_export(checks, exported->document, state.tables, *exported->of, state.options);
        if (!checks.found.empty())
            return refusal(checks.found);
        if (job.export_plan.outdated)
            job.fails_with = elq::definition_invalid;
    }
    if (!state.options.allow_concurrent_syncs &&
        std::ranges::any_of(state.running, [&](std::int64_t id) {
            return state.syncs.at(id).is(job.kind, job.definition_id);
        }))
        return plain_text(409, "A sync of this definition is pending or active.");
    timestamp const now = state.time.now();
    if (exported) {
        job.exported = exported->document;
        exported->used = now;
    }
    if (imported) {
        job.imported = imported->document;
        take_rows(job, *imported, now);
    }
    if (acted) {
        job.actions = acted->document.syncActions;
        take_rows(job, *acted, now);
    }
    if (injected)
        burden(job, *injected);
    job.id = state.next_sync++;
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
