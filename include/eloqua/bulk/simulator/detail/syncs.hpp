// SPDX-License-Identifier: BSL-1.0
/// \file
/// Syncs over time: pending, active, ended, deleted; and their endpoints.
#pragma once

#include <eloqua/bulk/definitions.hpp>
#include <eloqua/bulk/document_json.hpp>
#include <eloqua/bulk/endpoints.hpp>
#include <eloqua/bulk/http.hpp>
#include <eloqua/bulk/limits.hpp>
#include <eloqua/bulk/simulator/detail/answers.hpp>
#include <eloqua/bulk/simulator/detail/call.hpp>
#include <eloqua/bulk/simulator/detail/definition_checks.hpp>
#include <eloqua/bulk/simulator/detail/definition_rules.hpp>
#include <eloqua/bulk/simulator/detail/pages.hpp>
#include <eloqua/bulk/simulator/detail/state.hpp>
#include <eloqua/bulk/simulator/detail/sync_results.hpp>
#include <eloqua/bulk/simulator/detail/values.hpp>
#include <eloqua/bulk/simulator/fault.hpp>
#include <eloqua/bulk/syncs.hpp>

#include <boost/json/object.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace eloqua::bulk::simulation {

/// Starts and ends syncs as time passes.
class sync_runs {
public:
    explicit sync_runs(service_state& s) : state_(s) {}

    /// Processes everything that is due by now, in order of time, and makes the resulting calls.
    void catch_up() {
        run();
        while (!state_.callbacks.empty()) {
            callback const due = std::move(state_.callbacks.front());
            state_.callbacks.erase(state_.callbacks.begin());
            request q(verb::post, due.to.at, due.to.target);
            q.fields.set("Content-Type", "application/json; charset=utf-8");
            q.body = due.body;
            state_.options.on_callback(q); // may call this function again
        }
    }
    /// Queues a new sync.
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

/// The definition with this uri, or null.
template <class Entry>
Entry* definition_at(std::map<std::int64_t, Entry>& entries, std::string_view uri) {
    for (auto& [id, entry] : entries)
        if (detail::iequals(*entry.document.uri, uri))
            return &entry;
    return nullptr;
}

/// Moves pushed rows to a sync.
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

/// Applies a fault to a new sync.
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

/// Checks that the priority of an import exists.
inline void check_priority(definition_checks& checks, any_import_definition const& d,
                           asset_store const& assets) {
    if (d.importPriorityUri && !assets.import_priorities.contains_uri(*d.importPriorityUri))
        checks.refuse("importPriorityUri", "Must reference an existing object.");
}

/// The errors of a sync's definition; what it refers to may have been deleted since. All but one of
/// the three pointers are null. For an export, the sync gets its plan.
inline failures judged_again(service_state const& state, sync_job& job,
                             export_entry const* exported, import_entry const* imported,
                             sync_action_entry const* acted) {
    boost::json::object const nothing_sent;
    definition_checks checks(nothing_sent);
    if (exported)
        job.export_plan =
            check_export(checks, exported->document, state.tables, *exported->of, state.options);
    if (imported) {
        check_import(checks, imported->document, state.tables, *imported->of, state.options);
        check_priority(checks, imported->document, state.assets);
    }
    if (acted)
        check_sync_actions(checks, acted->document, state.tables, *acted->of, state.options);
    return std::move(checks.found);
}

/// Whether another sync of the same kind exceeds the hourly limit. Forgets older syncs.
inline bool over_hourly_limit(service_state& state, definition_kind kind) {
    auto const at = static_cast<std::size_t>(kind);
    std::array<std::int64_t, 3> const limits{state.options.export_syncs_per_hour,
                                             state.options.import_syncs_per_hour,
                                             state.options.sync_action_syncs_per_hour};
    std::deque<timestamp>& starts = state.usage.starts[at];
    while (!starts.empty() && starts.front() <= state.time.now() - std::chrono::hours(1))
        starts.pop_front();
    return static_cast<std::int64_t>(starts.size()) >= limits[at];
}

/// Whether a new sync exports activities while another one does.
inline bool overlaps_activities(service_state const& state, sync_job const& job) {
    auto const of_activities = [](sync_job const& each) {
        return each.kind == definition_kind::exports &&
               each.document.syncedInstanceUri.starts_with("/activities/");
    };
    return of_activities(job) && std::ranges::any_of(state.running, [&](std::int64_t id) {
               return of_activities(state.syncs.at(id));
           });
}

/// Counts the rules of use that a new sync breaks. Returns the responses to them.
inline std::vector<rule_response> broken_rules(service_state& state, sync_job const& job) {
    std::vector<rule_response> found;
    if (over_hourly_limit(state, job.kind)) {
        ++state.usage.over_limit;
        found.push_back(state.options.over_limit);
    }
    if (overlaps_activities(state, job)) {
        ++state.usage.overlapping;
        found.push_back(state.options.overlapping_activities);
    }
    return found;
}

/// Creates a sync of a definition, as `POST /syncs` does. `injected` may be null.
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
    if (failures const wrong = judged_again(state, job, exported, imported, acted); !wrong.empty())
        return refusal(wrong);
    if (job.export_plan.outdated)
        job.fails_with = elq::definition_invalid;
    if (!state.options.allow_concurrent_syncs &&
        std::ranges::any_of(state.running, [&](std::int64_t id) {
            return state.syncs.at(id).is(job.kind, job.definition_id);
        }))
        return plain_text(409, "A sync of this definition is pending or active.");
    timestamp const now = state.time.now();
    std::vector<rule_response> const broken = broken_rules(state, job);
    if (std::ranges::find(broken, rule_response::refuse) != broken.end())
        return plain_text(429, "Too many requests.");
    state.usage.starts[static_cast<std::size_t>(job.kind)].push_back(now);
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
    for (rule_response const each : broken) {
        if (each == rule_response::delay && job.held != sync_job::for_ever)
            job.held += state.options.rule_delay;
        if (each == rule_response::fail)
            job.fails_with = elq::error_processing;
    }
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

/// Whether rows are requested as CSV: only if JSON is not accepted as well.
inline bool wants_csv(request const& q) {
    std::string const accepted = folded(q.fields.find("Accept").value_or(""));
    return accepted.find("text/csv") != accepted.npos &&
           accepted.find("application/json") == accepted.npos;
}

/// The response to a request for another user's data.
inline response not_ones_own(service_state const& state) {
    return plain_text(state.options.foreign_data_status, "Forbidden");
}

/// A page of at most `most` rows. Only the user who created the sync may read them.
inline response rows_answer(service_state const& state, call const& c, sync_job& job,
                            std::int64_t most) {
    if (job.document.createdBy != c.user)
        return not_ones_own(state);
    if (!job.finished())
        return plain_text(state.options.unfinished_data_status, "The sync is not finished.");
    if (job.data_deleted || !job.succeeded())
        return not_found();
    if (c.injected && c.injected->kind == fault_kind::expire)
        job.data_gone = c.injected->status;
    if (c.injected && c.injected->kind == fault_kind::reorder && job.rows)
        job.rows->reordered = true;
    if (job.data_gone == 404)
        return not_found();
    if (job.data_gone != 0 || job.data_end() <= state.time.now()) {
        job.rows.reset();
        return documented(410, reasons::gone);
    }
    page_range range;
    if (auto refused = read_range(c.target, most, state.options, range))
        return std::move(*refused);
    bool const csv = wants_csv(c.q);
    std::string body = csv ? csv_page(*job.rows, range, state.options, job.page_bytes)
                           : json_page(*job.rows, range, state.options, job.page_bytes);
    job.page_bytes = std::max(job.page_bytes, body.size());
    return response(200, std::move(body),
                    csv ? "text/csv; charset=utf-8" : "application/json; charset=utf-8");
}

/// The rows of an export definition without a successful sync: none.
inline response no_rows_answer(service_state const& state, call const& c, string_map const& fields,
                               std::int64_t most) {
    page_range range;
    if (auto refused = read_range(c.target, most, state.options, range))
        return std::move(*refused);
    if (wants_csv(c.q)) {
        std::string header;
        for (auto const& each : fields) {
            header += header.empty() ? "" : ",";
            append_csv(header, each.first);
        }
        return response(200, header + '\n', "text/csv; charset=utf-8");
    }
    std::string const items = state.options.omit_empty_items ? "" : ",\"items\":[]";
    return json_answer(200, "{" + page_members(range, 0, state.options) + items + "}");
}

/// The endpoints for syncs.
class sync_answers {
public:
    explicit sync_answers(service_state& s) : state_(s) {}

    response answer(to<endpoints::list_syncs>, call const& c) {
        std::vector<sync_job const*> all;
        for (auto const& each : state_.syncs)
            all.push_back(&each.second);
        return list_page(c.target, state_.options, all.size(),
                         [&](std::size_t i) { return all[i]->document; });
    }
    response answer(to<endpoints::create_sync>, call const& c) {
        boost::json::object body;
        if (auto refused = c.read_object(body))
            return std::move(*refused);
        definition_checks checks(body);
        for_each_misshapen<sync_definition>(body, [&](std::string_view field, std::string why) {
            checks.refuse(field, std::move(why));
        });
        if (!checks.found.empty())
            return refusal(checks.found);
        sync_definition wanted;
        if (auto const* const uri = body.if_contains("syncedInstanceUri"))
            wanted.syncedInstanceUri = std::string(uri->get_string());
        if (auto const* const url = body.if_contains("callbackUrl"); url && url->is_string())
            wanted.callbackUrl = std::string(url->get_string());
        return start_sync(state_, c.user, std::move(wanted), c.injected);
    }
    response answer(to<endpoints::read_sync>, call const& c) {
        sync_job const* const found = find_sync(c);
        return found ? document_answer(200, found->document) : not_found();
    }
    response answer(to<endpoints::read_sync_data>, call const& c) {
        sync_job* const found = find_sync(c);
        if (!found)
            return not_found();
        if (found->kind != definition_kind::exports)
            return plain_text(400, "There was a validation error: the sync is not an export.");
        return rows_answer(state_, c, *found, limits::rows_per_page);
    }
    response answer(to<endpoints::delete_sync_data>, call const& c) {
        sync_job* const found = find_sync(c);
        if (!found)
            return not_found();
        if (found->document.createdBy != c.user)
            return not_ones_own(state_);
        found->data_deleted = true;
        if (found->finished())
            found->rows.reset();
        return response(204);
    }
    response answer(to<endpoints::list_sync_logs>, call const& c) {
        sync_job const* const found = find_sync(c);
        return found ? list_page(c.target, state_.options, found->logs.size(),
                                 [&](std::size_t i) { return found->logs[i]; })
                     : not_found();
    }
    response answer(to<endpoints::list_sync_rejects>, call const& c) {
        sync_job const* const found = find_sync(c);
        if (!found)
            return not_found();
        auto const& columns = found->import_plan.columns;
        return list_page(c.target, state_.options, found->rejects.size(), [&](std::size_t i) {
            rejected_row const& from = found->rejects[i];
            sync_reject reject;
            for (std::size_t column = 0; column != columns.size(); ++column)
                reject.fieldValues.emplace_back(columns[column].key, from.values.get(column));
            for (std::size_t const column : from.invalid_columns)
                reject.invalidFields.push_back(columns[column].key);
            reject.message = from.message;
            reject.statusCode = make_error_code(from.code).message();
            reject.recordIndex = from.index;
            return reject;
        });
    }

private:
    sync_job* find_sync(call const& c) {
        auto const found = state_.syncs.find(c.id);
        return found == state_.syncs.end() ? nullptr : &found->second;
    }

    service_state& state_;
};

} // namespace eloqua::bulk::simulation
