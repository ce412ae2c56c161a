// SPDX-License-Identifier: BSL-1.0
/// \file
/// Syncs as time goes by: pending, active, ended, forgotten.
#pragma once

#include <eloqua/bulk/codec/json.hpp>
#include <eloqua/bulk/schema/limits.hpp>
#include <eloqua/bulk/simulator/read_values.hpp>
#include <eloqua/bulk/simulator/state.hpp>
#include <eloqua/bulk/simulator/sync_results.hpp>
#include <eloqua/bulk/wire/http.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
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

} // namespace eloqua::bulk::simulation
