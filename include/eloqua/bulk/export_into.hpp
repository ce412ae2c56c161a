// SPDX-License-Identifier: BSL-1.0
/// \file
/// Exports into a store from which they can be resumed.
#pragma once

#include <eloqua/bulk/client.hpp>
#include <eloqua/bulk/detail/codec/column.hpp>
#include <eloqua/bulk/detail/codec/page.hpp>
#include <eloqua/bulk/detail/http/instance.hpp>
#include <eloqua/bulk/detail/job/engine.hpp>
#include <eloqua/bulk/detail/job/make_call.hpp>
#include <eloqua/bulk/detail/text/shown.hpp>
#include <eloqua/bulk/export.hpp>
#include <eloqua/bulk/export_windows.hpp>
#include <eloqua/bulk/filter.hpp>
#include <eloqua/bulk/operation.hpp>
#include <eloqua/bulk/record.hpp>
#include <eloqua/bulk/row_source.hpp>
#include <eloqua/bulk/syncs.hpp>

#include <concepts>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace eloqua::bulk {

namespace detail {

/// Tells a store what was created on the server before the first row, or before a window's.
template <class Row, class Sink>
result<void> note_begun(Sink& sink, export_checkpoint const& at) {
    if constexpr (requires { sink.begun(at); })
        return at.rows == 0 ? sink.begun(at) : sink.append(std::span<Row const>(), at);
    else
        return sink.append(std::span<Row const>(), at);
}

/// Refuses a checkpoint: a store has its own. Error: `errc::invalid_argument`.
inline result<void> check_no_checkpoint(export_options const& options) {
    if (!options.resume_from)
        return {};
    return failure(errc::invalid_argument,
                   "resume_from is set, but a file or store keeps its own checkpoint",
                   "leave it empty: the same call resumes the export");
}

/// Checks that an interrupted export by windows is resumed by the same windows. Error:
/// `errc::invalid_checkpoint`.
inline result<void> check_same_windows(export_checkpoint const& stored,
                                       std::optional<window_plan> const& asked) {
    std::string const before = stored.windows ? stored.windows->windows.text() + " of '" +
                                                    shown(stored.windows->column) + "'"
                                              : "none";
    std::string const now =
        asked ? asked->windows.text() + " of '" + shown(asked->column.key) + "'" : "none";
    if (before == now)
        return {};
    return failure(errc::invalid_checkpoint,
                   "the store has a part of an export by other windows of time: " + before +
                       "; requested: " + now,
                   "set export_options::windows to those that it began with, or clear the store to "
                   "start a new export");
}

/// When an export clears its store and starts over, once.
struct starting_over {
    bool if_gone = false;  ///< if the sync has expired
    bool if_wrong = false; ///< if that of an earlier run brings only wrong rows, twice
};

/// Collects rows for a store that takes them by batches. A destination of `export_rows_to`.
template <class Row, checkpointed_sink<Row> Sink>
class batches {
public:
    /// `request` and `sink` must outlive the object.
    template <class Transport>
    batches(export_request<Row, Transport> const& request, Sink& sink)
        : sink_(sink), codecs_(request.plan.codecs), watch_(request.watch),
          most_(request.options.batch_rows), collected_(rows_, request.maker, &reused_) {}

    result<std::optional<sink_progress>> last() const { return sink_.last(); }
    result<void> begun(export_checkpoint const& at) { return note_begun<Row>(sink_, at); }
    row_sink& rows() { return collected_; }
    bool empty() const { return rows_.empty(); }
    bool full() const { return rows_.size() >= most_; }
    result<void> store(export_checkpoint const& at) {
        result<void> const stored = sink_.append(std::span<Row const>(rows_), at);
        if (!stored)
            return stored;
        if (watch_)
            for (Row const& each : rows_)
                watch_(codecs_, &each);
        std::swap(rows_, reused_); // so that later rows need no allocation
        rows_.clear();
        return {};
    }
    result<void> complete(export_checkpoint const& at) { return sink_.complete(at); }
    result<void> interrupted(export_checkpoint const& at) {
        if constexpr (requires { sink_.interrupted(at); })
            return sink_.interrupted(at);
        else
            return {};
    }
    /// Forgets the rows since the last call of `store`.
    void drop() { rows_.clear(); }
    static constexpr bool clears = requires(Sink& sink) { sink.clear(); };
    result<void> clear()
        requires clears
    {
        return sink_.clear();
    }

private:
    Sink& sink_;
    std::span<column_codec const> codecs_;
    row_watcher const& watch_;
    std::size_t most_;
    std::vector<Row> rows_;   ///< since the last call of `store`
    std::vector<Row> reused_; ///< rows that were stored
    vector_sink<Row> collected_;
};

/// Passes all rows of an export to `to`, which must outlive the flow. As a store it has `last`,
/// `begun`, `complete`, `interrupted` and, if it `clears`, `clear`. Its `rows()` takes rows;
/// `store` stores those that came since the last call, with the checkpoint after them, and `drop`
/// forgets them. `empty` and `full` say whether there are any, and whether they are to be stored
/// now.
template <class Row, class Transport, class Destination>
flow<result<stored_export>> export_rows_to(export_request<Row, Transport> request, Destination& to,
                                           starting_over start_over = starting_over()) {
    result<void> const alone = check_no_checkpoint(request.options);
    if (!alone)
        co_return alone.error();
    // Until all rows are stored.
    bool const keep_definition = std::exchange(request.options.keep_definition, true);
    stored_export done;
    result<std::optional<sink_progress>> last = to.last();
    if (!last)
        co_return last.error();
    bool resumed = last->has_value();
    if (resumed) {
        export_checkpoint const& at = (*last)->at;
        done.resumed = at.rows;
        done.was_complete = (*last)->complete;
        done.receipt.rows = at.rows;
        done.receipt.sync = at.sync;
        done.receipt.definition = at.definition;
    }
    if (done.was_complete) {
        result<std::string> const here = co_await request.core->engine->instance();
        if (!here)
            co_return here.error();
        std::string const& its = (*last)->at.instance;
        if (are_other_instances(its, *here))
            co_return of_another_instance(errc::invalid_checkpoint, "what is stored", its, *here);
        co_return done;
    }
    if (resumed) {
        result<void> const same = check_same_windows((*last)->at, request.options.windows);
        if (!same)
            co_return same.error();
        request.options.resume_from = (*last)->at;
    }
    auto const make = [&request] {
        return request.core->engine->make_export(request.plan, request.filter, request.options);
    };
    std::unique_ptr<export_job> job = make();
    export_checkpoint stored = resumed ? (*last)->at : export_checkpoint();
    bool stored_rows = false; // by this run
    bool asked_again = false; // since the rows were wrong
    std::string given_up;
    for (bool prepared = false;;) {
        result<bool> more = true;
        while (more && *more && !prepared) {
            more = co_await job->prepare();
            if (!more || !*more) {
                prepared = more.has_value();
                break;
            }
            result<void> const noted = to.begun(job->checkpoint());
            if (!noted)
                co_return noted.error();
            stored = job->checkpoint();
            if (!keep_definition)
                (void)co_await job->remove_past_definitions();
        }
        if (prepared) {
            more = true;
            while (more && *more && !to.full() && (to.empty() || !job->at_new_window())) {
                more = co_await job->pull(to.rows());
                if (job->at_new_window())
                    break;
            }
        }
        if (!more) {
            error_code const why = more.error().code;
            bool const gone = why == make_error_code(errc::sync_gone);
            bool const failed = why == make_error_code(errc::sync_failed);
            bool const later = why == make_error_code(elq::temporary_error);
            bool const nothing_stored = stored.rows == 0;
            bool anew = false;
            if (resumed && nothing_stored && (gone || failed || later)) {
                // An earlier run had started the export, but no row was stored.
                anew = !later;
                if (failed)
                    (void)co_await job->remove_definition();
            } else if constexpr (Destination::clears) {
                bool const wrong = start_over.if_wrong && resumed && prepared && !stored_rows &&
                                   why == condition::wrong_rows;
                if (wrong && !std::exchange(asked_again, true)) {
                    to.drop();
                    request.options.resume_from = stored;
                    job = make();
                    prepared = false;
                    continue;
                }
                if (wrong && !keep_definition)
                    (void)co_await job->remove_definition();
                if (wrong || (start_over.if_gone && gone)) {
                    anew = true;
                    given_up = "an earlier export was given up: " + more.error().message();
                    result<void> const cleared = to.clear();
                    if (!cleared)
                        co_return cleared.error();
                }
            }
            if (!anew && !(resumed && nothing_stored && later)) {
                // So that the next run does not receive the same rows again. If it fails, it does.
                if (stored_rows)
                    (void)to.interrupted(to.empty() ? job->checkpoint() : stored);
                co_return more.error();
            }
            resumed = prepared = false;
            start_over = starting_over();
            if (anew) {
                to.drop();
                stored_rows = false;
                done.resumed = 0;
                request.options.resume_from.reset();
                stored = export_checkpoint();
                job = make();
            }
            continue;
        }
        export_checkpoint const& at = job->checkpoint();
        bool const ended = to.empty() && job->finished();
        if (ended || !to.empty()) {
            result<void> const kept = ended ? to.complete(at) : to.store(at);
            if (!kept)
                co_return kept.error();
            stored_rows = stored_rows || !ended;
            stored = at;
        }
        if (ended)
            break;
        prepared = !at.windows; // otherwise another window may begin now
    }
    if (!keep_definition)
        (void)co_await job->remove_definition(); // if that fails, the receipt says so
    done.receipt = job->receipt();
    if (!given_up.empty())
        done.receipt.warnings.push_back(std::move(given_up));
    co_return done;
}

/// `sink` must outlive the flow.
template <class Row, class Transport, checkpointed_sink<Row> Sink>
flow<result<stored_export>> export_into_flow(export_request<Row, Transport> request, Sink& sink) {
    batches<Row, Sink> to(request, sink);
    co_return co_await export_rows_to(request, to);
}

template <class Row, class Transport, checkpointed_sink<Row> Sink>
operation<stored_export, Transport> export_into(export_request<Row, Transport> request, Sink& sink,
                                                std::shared_ptr<Transport> transport) {
    static_assert(row_to_keep<Row>::checked);
    return {export_into_flow(std::move(request), sink), std::move(transport)};
}

} // namespace detail

/// Exports the rows of an entity that match a filter, or `all_rows`, into a store, or resumes what
/// an earlier run left there. Does nothing if the store is complete. The store is notified of
/// everything created on the server before the export waits for it, so that another run waits for
/// the same sync. The definition is kept until the store is complete. A resumed export uses the
/// filter it started with, and must be given the same windows. If nothing is stored yet and the
/// sync of an earlier run failed or expired, the export starts over by itself. The store receives
/// `export_options::batch_rows` rows at a time.
///
/// The store must stay alive until the operation completes. It is called on the thread that runs
/// the operation and blocks that thread, also for asynchronous clients. Its exceptions leave a
/// blocking `get()`; an asynchronous operation reports them as its failure, see
/// `diagnostics::thrown`.
///
/// Errors: those of `row_source` and of the store; `errc::invalid_checkpoint` if the store has a
/// part of an export by other windows, or by windows when none are requested, or the reverse. After
/// a temporary error, the same call resumes. After `errc::sync_gone`, when the rows on the server
/// have expired, and after `condition::wrong_rows` that comes again, clear the store and export
/// again.
template <class Row, class Transport, exportable E, checkpointed_sink<Row> Sink,
          class Filter = all_rows_t>
operation<stored_export, Transport>
export_into(basic_client<Transport> const& with, E of, Sink& sink, Filter condition = Filter(),
            detail::argument<export_options, Transport> options =
                detail::argument<export_options, Transport>()) {
    return detail::export_into(
        detail::request_rows<Row>(with.shared_core(), of, std::move(condition), std::move(options)),
        sink, with.transport());
}

/// As above, for records. Throws like `basic_client::export_records`.
template <class Transport, exportable E, checkpointed_sink<record> Sink, class Filter = all_rows_t>
operation<stored_export, Transport>
export_records_into(basic_client<Transport> const& with, E of, record_columns columns, Sink& sink,
                    Filter condition = Filter(),
                    detail::argument<export_options, Transport> options =
                        detail::argument<export_options, Transport>()) {
    return detail::export_into(detail::request_records(with.shared_core(), of, std::move(columns),
                                                       std::move(condition), std::move(options)),
                               sink, with.transport());
}

} // namespace eloqua::bulk
