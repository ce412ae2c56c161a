// SPDX-License-Identifier: BSL-1.0
/// \file
/// Syncs: pending, active, ended; what their logs say.
#pragma once

#include <eloqua/bulk/codec/json.hpp>
#include <eloqua/bulk/schema/limits.hpp>
#include <eloqua/bulk/schema/status_codes.hpp>
#include <eloqua/bulk/simulator/import_logs.hpp>
#include <eloqua/bulk/simulator/import_rules.hpp>
#include <eloqua/bulk/simulator/member_actions.hpp>
#include <eloqua/bulk/simulator/state.hpp>
#include <eloqua/bulk/simulator/storage.hpp>
#include <eloqua/bulk/simulator/sync_action_rules.hpp>
#include <eloqua/bulk/wire/http.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

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
        job.starts = state_.time.now() + ticks(state_.options.sync_pending);
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
            return d.autoDeleteDuration ? *d.createdAt + *d.autoDeleteDuration->known() <= now
                                        : each.second.used + limits::unused_definition_life <= now;
        });
    }

    void log(sync_job& job, elq code, severity how, std::int64_t count, std::string message,
             timestamp at) {
        sync_log entry;
        entry.syncUri = job.document.uri;
        entry.count = count;
        entry.severity = how;
        entry.statusCode = make_error_code(code).message();
        if (!message.empty())
            entry.message = std::move(message);
        entry.createdAt = at;
        job.logs.push_back(std::move(entry));
    }

    /// Of what happens to rows: in the middle of the run.
    void log(sync_job& job, std::vector<log_line> lines) {
        for (log_line& each : lines)
            log(job, each.code, each.severity, each.count, std::move(each.text),
                job.starts + (job.ends - job.starts) / 2);
    }

    void start(sync_job& job) {
        job.document.status = sync_status::active;
        job.document.syncStartedAt = job.starts;
        std::size_t rows = 0;
        if (job.kind == definition_kind::exports) {
            take_snapshot(job);
            rows = job.rows->size;
        } else {
            rows = staged_rows(job);
        }
        job.ends =
            job.starts + ticks(state_.options.sync_active + state_.options.sync_active_per_row *
                                                                static_cast<std::int64_t>(rows));
    }
    void take_snapshot(sync_job& job) {
        export_definition const& d = job.exported;
        checked_export& plan = job.export_plan;
        state_.assets.executed(d.filter.value_or(""), job.starts);
        bool const utc = d.areSystemTimestampsInUTC.value_or(state_.options.timestamps_in_utc);
        exported_rows rows{snapshot(state_.tables, *job.of, plan.related, utc, state_.options),
                           std::move(plan.columns),
                           0,
                           {}};
        if (plan.filter) {
            std::vector<position>& selected = rows.selected.emplace();
            for (std::size_t p = 0; p != rows.records.size(); ++p)
                if (static_cast<std::int64_t>(selected.size()) == plan.most)
                    break;
                else if (plan.filter->matches(rows.records, static_cast<position>(p)))
                    selected.push_back(static_cast<position>(p));
            selected.shrink_to_fit();
            rows.size = selected.size();
        } else {
            rows.size = static_cast<std::size_t>(
                std::min(plan.most, static_cast<std::int64_t>(rows.records.size())));
        }
        if (state_.options.shuffle_repeated_statements && repeats(d.fields))
            for (std::size_t i = 1; i < rows.columns.size(); ++i)
                std::swap(rows.columns[i - 1].from, rows.columns[i].from);
        job.rows = std::move(rows);
    }
    static bool repeats(string_map const& fields) {
        for (auto a = fields.begin(); a != fields.end(); ++a)
            for (auto b = a + 1; b != fields.end(); ++b)
                if (a->second == b->second)
                    return true;
        return false;
    }

    void end(sync_job& job) {
        std::erase(state_.running, job.id);
        job.document.syncEndedAt = job.ends;
        sync_status result = sync_status::error;
        switch (job.kind) {
        case definition_kind::exports:
            if (defined(job, state_.exports, "export"))
                result = end_export(job);
            break;
        case definition_kind::imports:
            if (defined(job, state_.imports, "import"))
                result = end_import(job);
            break;
        case definition_kind::sync_actions:
            if (defined(job, state_.sync_actions, "sync action"))
                result = end_sync_actions(job);
            break;
        }
        if (result == sync_status::error)
            job.rows.reset();
        job.document.status = result;
        std::string name(job.document.status->text());
        name[0] = static_cast<char>(name[0] - 32);
        log(job, elq::sync_processed, severity::information, 0,
            "Sync processed for sync " +
                (state_.options.untidy_logs ? "" : std::to_string(job.id)) + ", resulting in " +
                name + " status.",
            job.ends);
        if (state_.options.untidy_logs) {
            std::size_t const early = std::min<std::size_t>(2, job.logs.size() - 1);
            std::rotate(job.logs.begin() + static_cast<std::ptrdiff_t>(early), job.logs.end() - 1,
                        job.logs.end());
            log(job, static_cast<elq>(71), severity::information, 0, "", job.ends);
        }
        job.staged.clear();
        job.staged.shrink_to_fit();
        if (job.document.callbackUrl && state_.options.on_callback)
            state_.callbacks.push_back(
                {*parse_url(*job.document.callbackUrl), write_document(job.document)});
    }
    /// Whether the definition is still there; if not, the log says so.
    template <class Entries>
    bool defined(sync_job& job, Entries const& entries, std::string const& kind) {
        if (entries.contains(job.definition_id))
            return true;
        log(job, elq::definition_deleted, severity::error, 0,
            "Recovery failed: the " + kind + " definition " + std::to_string(job.definition_id) +
                " was deleted before the sync ended.",
            job.ends);
        return false;
    }
    sync_status end_export(sync_job& job) {
        auto const rows = static_cast<std::int64_t>(job.rows->size);
        timestamp const at = job.starts + (job.ends - job.starts) / 2;
        job.rows_kb = exported_kb(job.rows->size);
        if (over_quota(state_, job.rows_kb * 1024))
            return storage_exceeded(job);
        if (job.exported.syncActions) {
            action_counts acted;
            for (std::size_t i = 0; i != job.rows->size; ++i)
                run_sync_actions(state_.tables, *job.of, *job.exported.syncActions, job.rows->at(i),
                                 acted);
            log(job, action_logs(*job.of, *job.exported.syncActions, acted));
        }
        log(job, elq::members_exported, severity::information, rows,
            "Successfully exported members to csv file.", at);
        log(job, elq::staging_deleted, severity::information, 0,
            "Deleted internal staging for data transfer.", at);
        log(job, elq::converted, severity::information, 0,
            "Successfully converted csv file to sqlite, taking " + std::to_string(job.rows_kb) +
                " kb.",
            at);
        return sync_status::success;
    }

    static std::size_t staged_rows(sync_job const& job) {
        std::size_t rows = 0;
        for (staged_request const& each : job.staged)
            rows += each.rows.size();
        return rows;
    }
    sync_status storage_exceeded(sync_job& job) {
        log(job, elq::storage_limit, severity::error, 0, "Staging area storage limit exceeded.",
            job.starts);
        return sync_status::error;
    }
    /// What ends a sync of pushed rows before any of them is looked at.
    std::optional<sync_status> end_early(sync_job& job, char const* kind) {
        if (job.over_quota)
            return storage_exceeded(job);
        if (staged_rows(job) == 0) {
            log(job, elq::no_data, severity::warning, 0, "No data available to process.",
                job.starts);
            return sync_status::warning;
        }
        if (job.staged.size() > state_.options.requests_per_sync) {
            log(job, elq::error_processing, severity::error, 0,
                std::string("There was an error processing the ") + kind + '.', job.starts);
            return sync_status::error;
        }
        return std::nullopt;
    }
    sync_status end_sync_actions(sync_job& job) {
        if (auto const ended = end_early(job, "sync action"))
            return *ended;
        log(job, elq::records_staged_for_actions, severity::information,
            static_cast<std::int64_t>(staged_rows(job)), "Total records staged for sync actions.",
            job.starts);
        if (!log_columns(job))
            return sync_status::error;
        import_outcome done = run_sync_action_rows(state_.tables, *job.of, job.import_plan,
                                                   job.actions, state_.options, job.staged);
        for (auto const& [code, count] : done.counts.refused)
            log(job, {{code, severity::warning, count, std::string(refusal_text(code))}});
        log(job, action_logs(*job.of, job.actions, done.acted));
        job.rejects = std::move(done.rejects);
        return job.rejects.empty() ? sync_status::success : sync_status::warning;
    }
    sync_status end_import(sync_job& job) {
        if (auto const ended = end_early(job, "import"))
            return *ended;
        auto const staged = static_cast<std::int64_t>(staged_rows(job));
        log(job, elq::records_staged, severity::information, staged,
            "Total records staged for import.", job.starts);
        log(job, elq::ready_for_processing, severity::information, 0,
            "Ready for data import processing.", job.starts);
        bool const usable = log_columns(job);
        if (!usable)
            return sync_status::error;
        import_outcome done = run_import(state_.tables, *job.of, job.import_plan, job.imported,
                                         state_.options, job.ends, job.staged);
        log(job, import_logs(*job.of, job.import_plan, job.imported.syncActions, done));
        job.rejects = std::move(done.rejects);
        return job.rejects.empty() ? sync_status::success : sync_status::warning;
    }
    /// Tells of columns that are missing or unknown; whether any request has a column to process.
    bool log_columns(sync_job& job) {
        std::map<std::string, std::int64_t> ignored, missing;
        bool usable = false;
        for (std::size_t file = 0; file != job.staged.size(); ++file) {
            staged_request const& each = job.staged[file];
            if (each.rows.empty())
                continue;
            if (!each.mapped()) {
                bool const none = each.unknown.empty();
                log(job, none ? elq::no_fields : elq::no_mapped_fields, severity::error, 0,
                    std::string(none ? "No fields" : "No mapped fields") + " to process in file " +
                        std::to_string(file + 1) + ".",
                    job.starts);
                continue;
            }
            usable = true;
            for (std::string const& name : each.unknown)
                ++ignored[name];
            for (std::size_t i = 0; i != each.seen.size(); ++i)
                if (!each.seen[i])
                    ++missing[job.import_plan.columns[i].key];
        }
        for (auto const& [name, files] : ignored)
            log(job, elq::field_ignored, severity::warning, files,
                "Field " + name + " is not part of the import definition, and is ignored.",
                job.starts);
        for (auto const& [name, files] : missing)
            log(job, elq::field_missing, severity::warning, files,
                "Field " + name + " is part of the import definition, but not in the file.",
                job.starts);
        return usable;
    }
    service_state& state_;
};

} // namespace eloqua::bulk::simulation
