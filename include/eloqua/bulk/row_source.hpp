// SPDX-License-Identifier: BSL-1.0
/// \file
/// `row_source`, which delivers the rows of an export as they arrive.
#pragma once

#include <eloqua/bulk/detail/http/shared_work.hpp>
#include <eloqua/bulk/detail/job/engine.hpp>
#include <eloqua/bulk/detail/job/make_call.hpp>
#include <eloqua/bulk/detail/row/filter_messages.hpp>
#include <eloqua/bulk/export.hpp>
#include <eloqua/bulk/filter.hpp>
#include <eloqua/bulk/operation.hpp>
#include <eloqua/bulk/record.hpp>
#include <eloqua/bulk/resources.hpp>

#include <concepts>
#include <functional>
#include <iterator>
#include <memory>
#include <ranges>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

namespace eloqua::bulk {

namespace detail {

/// The filter nodes of an export of `Row` from `E`. A filter that does not fit is a compile error
/// with a message.
template <class Row, class E>
std::vector<filter_node> nodes_for(all_rows_t) {
    return {};
}
template <class Row, class E, class FilterRow, class FilterEntity>
std::vector<filter_node> nodes_for(filter<FilterRow, FilterEntity> f) {
    static_assert(filter_fits<FilterRow, FilterEntity, Row, E>);
    return std::move(f).release();
}
template <class Row, class E, class Other>
std::vector<filter_node> nodes_for(Other const&) {
    static_assert(filter_of_export<Other, std::derived_from<Other, export_options>>::checked);
    return {};
}

/// Sees the rows that a store gets, in the form of these codecs; also those that it may lose again.
using row_watcher = std::function<void(std::span<column_codec const>, void const* row)>;

/// The input of an export: a new one, a resumed one, or one that starts over.
template <class Row, class Transport>
struct export_request {
    core_pointer<Transport> core;
    row_plan plan;
    std::vector<filter_node> filter;
    export_options options;
    row_factory<Row> maker = {};
    row_watcher watch = {}; ///< may be empty
};

template <class Row, class Transport, exportable E, class Filter>
export_request<Row, Transport> request_rows(core_pointer<Transport> core, E const& of,
                                            Filter condition, export_options options) {
    static_assert(check_exportable<Row, E>());
    return {std::move(core), plan_for<Row>(of), nodes_for<Row, E>(std::move(condition)),
            std::move(options)};
}
/// Throws `error` with `errc::invalid_argument` for columns that the entity's exports cannot have.
template <class Transport, exportable E, class Filter>
export_request<record, Transport> request_records(core_pointer<Transport> core, E const& of,
                                                  record_columns columns, Filter condition,
                                                  export_options options) {
    row_plan plan = plan_for(of, exported_record(of, columns).value());
    return {std::move(core),
            std::move(plan),
            nodes_for<record, E>(std::move(condition)),
            std::move(options),
            {std::move(columns)}};
}

} // namespace detail

/// The rows of one export. Nothing is sent until the first row is requested. Then the export
/// creates its definition, runs the sync and polls it, and delivers rows page by page as they
/// arrive, `export_options::batch_rows` at a time. Memory use does not grow with the number of
/// rows. The end is reported only when completeness is verified: rows delivered = `totalResults` =
/// the log's count.
///
/// Movable. It can be destroyed at any point and on any thread, without blocking or throwing; the
/// service then deletes the definition after its `autoDeleteDuration`. Run one operation at a
/// time, on the client's thread. One that starts during another fails with
/// `errc::invalid_argument` and has no effect. After a temporary error (see
/// `condition::try_later`), the next operation resumes after the last row delivered.
///
/// If a page breaks off, it is requested again from the last delivered row, which must be
/// unchanged. If a response is lost, the request is retried, or the export searches for what it
/// may have created.
///
/// Errors: those of options and filter; `errc::sync_failed`, or ELQ-00146 if the service asks to
/// try later; `errc::deadline_exceeded` for a sync that may still end; `errc::sync_gone` if the
/// rows on the server have expired; `errc::rows_reordered`; `errc::duplicate_row` if `unique_by`
/// was called; `errc::invalid_value` for a value that does not fit its member;
/// `errc::rows_missing`, `short_page`, `empty_page`, `too_many_rows`, `total_changed`,
/// `count_mismatch`, `rows_cut_off` and `malformed_response` if the rows received cannot be
/// complete; `errc::outcome_unknown` if the export cannot search for, or cannot find, what a
/// request with a lost response may have created; HTTP errors of the service.
template <class Row, class Transport>
class row_source {
    struct state {
        detail::core_pointer<Transport> core;
        std::shared_ptr<detail::channels<Transport>> open_channels;
        std::size_t batch_rows;
        std::unique_ptr<detail::export_job> job;
        detail::row_factory<Row> maker;
        std::vector<Row> batch; ///< decoded; delivered up to `passed`
        std::size_t passed = 0;
        std::vector<Row> reused; ///< given back by `reuse`
        /// The position before the batch, with the hash of a known row.
        export_checkpoint before_batch;
        /// How many definitions no stored checkpoint needs: their windows had ended before the last
        /// call began.
        std::size_t unneeded = 0;
        bool busy = false; ///< an operation is in progress
    };

public:
    /// See `basic_client::export_rows`.
    explicit row_source(detail::export_request<Row, Transport> of)
        : state_(new state{of.core,
                           std::make_shared<detail::channels<Transport>>(),
                           of.options.batch_rows,
                           of.core->engine->make_export(std::move(of.plan), std::move(of.filter),
                                                        std::move(of.options)),
                           std::move(of.maker),
                           {},
                           0,
                           {},
                           {},
                           0,
                           false}) {}

    /// Does the next step that comes before rows, without waiting for the sync: chooses the
    /// definition's name, creates the definition, starts its sync. True if the checkpoint now
    /// names more. Store it before you continue if another process is to resume the same sync:
    ///
    ///     while (source.prepare().value())
    ///         store(source.checkpoint().text());
    ///
    /// False once the checkpoint names the sync. The other operations do any steps that are left.
    operation<bool, Transport> prepare() {
        return operation<bool, Transport>(preparing_flow(state_), transport(),
                                          state_->open_channels);
    }

    /// The next rows: at least `export_options::batch_rows`, with all rows decoded from the last
    /// part received; fewer in the last batch, and in the last one of each window; then an empty
    /// vector once completeness is verified. The definition is deleted only by that last call, so
    /// that the caller can store the rows first.
    operation<std::vector<Row>, Transport> next() {
        static_assert(detail::row_to_keep<Row>::checked);
        return operation<std::vector<Row>, Transport>(next_flow(state_, false), transport(),
                                                      state_->open_channels);
    }

    /// Like `next`, but returns no rows also when a window of an export by windows begins. Store
    /// the checkpoint then, and after each `prepare` that returns true, so that another process
    /// waits for the same sync. The export is at its end if `finished`.
    operation<std::vector<Row>, Transport> next_in_window() {
        static_assert(detail::row_to_keep<Row>::checked);
        return operation<std::vector<Row>, Transport>(next_flow(state_, true), transport(),
                                                      state_->open_channels);
    }
    /// Gives back rows that `next` returned. Later rows use their memory, so that they need no
    /// allocation. Mapped members are assigned again; others keep their values. Do not call it
    /// while an operation is in progress.
    void reuse(std::vector<Row> rows) {
        if constexpr (std::same_as<Row, record>)
            std::erase_if(rows, [this](record const& each) {
                return !(each.columns() == state_->maker.columns);
            });
        if (state_->batch.empty()) {
            std::swap(state_->batch, state_->reused);
            state_->batch.clear();
        }
        state_->reused = std::move(rows);
    }
    /// Whether completeness is verified.
    bool finished() const { return state_->job->finished(); }

    /// Calls `f(Row const&)` for every row as it is decoded, and returns the number of rows. Two
    /// row objects are reused in turn; rows that hold views are valid only during the call.
    /// Exceptions of `f` leave a blocking `get()`; an asynchronous operation reports them as its
    /// failure, see `diagnostics::thrown`.
    template <class F>
        requires std::invocable<std::decay_t<F>&, Row const&>
    operation<std::int64_t, Transport> for_each(F&& f) {
        static_assert(detail::named_function<detail::is_safe_function<F, Transport>>::checked);
        return operation<std::int64_t, Transport>(
            each_flow<std::decay_t<F>>(state_, std::forward<F>(f)), transport(),
            state_->open_channels);
    }

    /// The progress of the export, for `export_options::resume_from`, also in another process. It
    /// is the position after the last row that `next` returned, a callback returned from, or an
    /// iterator passed. Before the first row, it names what was created so far; before that, there
    /// is nothing to resume. Do not call it while an operation is in progress, nor from a
    /// callback: it is then too early by up to all rows of the last part received, which a resumed
    /// export would deliver again.
    export_checkpoint checkpoint() const {
        export_checkpoint at = state_->job->checkpoint();
        std::size_t const waiting = state_->batch.size() - state_->passed;
        export_checkpoint const& before = state_->before_batch;
        if (waiting != 0 && before.windows) {
            // A window drops rows: their number tells nothing about the position in its sync.
            std::int64_t const rows = at.rows - static_cast<std::int64_t>(waiting);
            at = before;
            at.windows->known += rows - before.rows;
            at.rows = rows;
        } else if (waiting != 0) {
            at.rows -= static_cast<std::int64_t>(waiting);
            at.known_row = before.known_row;
            at.known_hash = before.known_hash;
        }
        return at;
    }

    /// Makes the export fail with `errc::duplicate_row` as soon as two rows have the same value in
    /// a member, as in `unique_by<&person::id>()`. The service does not promise a stable order of
    /// rows; if it changes between pages, some rows come twice and others never. Uses 9 bytes of
    /// memory per row. Call it before the first row is requested. `before`: when an export
    /// resumes, the values of the rows before its checkpoint, as far as they are to be compared.
    template <auto Member, std::ranges::input_range Values>
        requires described<Row>
    void unique_by(Values&& before) {
        unique_by<Member>();
        Row row{};
        for (auto const& each : before) {
            row.*Member = each;
            state_->job->has_come(&row);
        }
    }
    /// As above, without earlier values.
    template <auto Member>
        requires described<Row>
    void unique_by() {
        state_->job->require_unique(detail::column_index<Row, Member>());
    }
    /// As above, for a column of records. Throws `error` with `errc::invalid_argument` if no
    /// column has this key.
    void unique_by(std::string_view key)
        requires std::same_as<Row, record>
    {
        std::size_t const at = state_->maker.columns.index_of(key);
        if (at == state_->maker.columns.size())
            throw_exception_from_error(
                failure(errc::invalid_argument, "no column '" + std::string(key) + "'"),
                BOOST_CURRENT_LOCATION);
        state_->job->require_unique(at);
    }

    /// In an export by windows: deletes the definitions of windows that are complete. Call it when
    /// their rows are stored. Without `export_options::keep_definition`, `next` does it,
    /// later: once a call has returned that began in a later window. So store the rows and the
    /// checkpoint before each call. While rows of a window are received, the definitions are
    /// deleted when the next one begins.
    operation<void, Transport> remove_past_definitions() {
        return operation<void, Transport>(past_flow(state_), transport(), state_->open_channels);
    }

    /// Deletes the definition that `export_options::keep_definition` has kept, and with it the
    /// rows on the server.
    operation<void, Transport> remove_definition() {
        return operation<void, Transport>(removal_flow(state_), transport(), state_->open_channels);
    }

    /// The proof of completeness. Throws `error` with `errc::not_finished` before the end.
    export_receipt const& receipt() const {
        if (!state_->job->finished())
            throw_exception_from_error(
                failure(errc::not_finished, "the export has delivered " +
                                                std::to_string(state_->job->rows()) + " rows"),
                BOOST_CURRENT_LOCATION);
        return state_->job->receipt();
    }

    /// Single-pass. Increment throws `error` if the export fails, and the iterator is then at the
    /// end. After a temporary error, a new `begin()` resumes. A row counts as delivered when the
    /// iterator moves past it.
    class iterator {
    public:
        /// @{
        /// As the standard library requires.
        using iterator_concept = std::input_iterator_tag;
        using value_type = Row;
        using difference_type = std::ptrdiff_t;
        /// @}

        /// @{
        /// An input iterator.
        explicit iterator(row_source& s) : source_(&s) { source_->fill(); }
        Row& operator*() const { return source_->state_->batch[source_->state_->passed]; }
        iterator& operator++() {
            ++source_->state_->passed;
            source_->fill();
            return *this;
        }
        void operator++(int) { ++*this; }
        friend bool operator==(iterator const& i, std::default_sentinel_t) { return i.at_end(); }
        /// @}

    private:
        bool at_end() const { return source_->state_->batch.empty(); }
        row_source* source_;
    };

    /// Iterates over the rows, for blocking clients. After a loop was left, the next one resumes
    /// with the row it was left at. The source must outlive the iterator.
    iterator begin()
        requires blocking_transport<Transport>
    {
        return iterator(*this);
    }
    /// For asynchronous clients: a compile error with a message.
    std::counted_iterator<Row*> begin()
        requires(!blocking_transport<Transport>)
    {
        static_assert(detail::range_of_client<blocking_transport<Transport>>::checked);
        return {};
    }
    /// The end of the rows.
    std::default_sentinel_t end() const { return {}; }

private:
    std::shared_ptr<Transport> transport() const {
        return std::shared_ptr<Transport>(state_->core, &state_->core->transport);
    }

    /// Ensures that there is a current row, unless the end is reached.
    void fill() {
        if (state_->passed < state_->batch.size())
            return;
        std::vector<Row> more = next().value();
        state_->batch = std::move(more);
        state_->passed = 0;
    }

    static flow<result<std::vector<Row>>> next_flow(std::shared_ptr<state> s, bool stops) {
        detail::turn const now(s->busy);
        if (!now.mine())
            co_return detail::turn::taken("row source");
        s->batch.erase(s->batch.begin(), s->batch.begin() + static_cast<std::ptrdiff_t>(s->passed));
        s->passed = 0;
        s->job->allow_removal(std::exchange(s->unneeded, 0));
        // The caller may not have stored yet what this call returns.
        std::size_t const past = s->job->past_definitions();
        detail::vector_sink<Row> sink(s->batch, s->maker, &s->reused);
        for (bool more = true; more && s->batch.size() < s->batch_rows;) {
            if (s->batch.empty())
                s->before_batch = s->job->checkpoint();
            else if (s->job->at_new_window())
                break;
            result<bool> const pulled = co_await s->job->pull(sink);
            if (!pulled)
                co_return pulled.error();
            more = *pulled;
            if (stops && s->job->at_new_window())
                break;
        }
        if (s->job->finished() && s->batch.empty())
            (void)co_await s->job->conclude();
        else
            s->unneeded = past;
        std::vector<Row> full = std::move(s->batch);
        s->batch = std::vector<Row>();
        co_return full;
    }

    template <class F>
    struct callback_sink final : detail::row_sink {
        F& f;
        Row rows[2]; ///< used in turn, so that the previous row stays valid
        std::size_t current = 0;
        std::int64_t given = 0;
        callback_sink(F& function, detail::row_factory<Row> const& maker)
            : f(function), rows{maker.make(), maker.make()} {}
        void* begin_row() override { return &rows[current]; }
        void end_row(bool complete) override {
            if (complete) {
                f(std::as_const(rows[current]));
                ++given;
                current = 1 - current;
            }
        }
        void const* last_row() const override { return given == 0 ? nullptr : &rows[1 - current]; }
    };

    template <class F>
    static flow<result<std::int64_t>> each_flow(std::shared_ptr<state> s, F f) {
        detail::turn const now(s->busy);
        if (!now.mine())
            co_return detail::turn::taken("row source");
        callback_sink<F> sink(f, s->maker);
        bool const resumable = s->job->rows() != 0; // the caller may have stored a checkpoint
        // First what an iterator or a failed batch has left.
        if constexpr (!detail::is_view_row<Row>)
            for (; s->passed < s->batch.size(); ++s->passed, ++sink.given)
                f(std::as_const(s->batch[s->passed]));
        for (;;) {
            result<bool> const more = co_await s->job->pull(sink);
            if (!more)
                co_return more.error();
            if (!*more) {
                (void)co_await s->job->conclude();
                co_return sink.given;
            }
            if (!resumable)
                s->job->allow_removal(s->job->past_definitions());
        }
    }

    static flow<result<bool>> preparing_flow(std::shared_ptr<state> s) {
        detail::turn const now(s->busy);
        if (!now.mine())
            co_return detail::turn::taken("row source");
        co_return co_await s->job->prepare();
    }
    static flow<result<void>> past_flow(std::shared_ptr<state> s) {
        detail::turn const now(s->busy);
        if (!now.mine())
            co_return detail::turn::taken("row source");
        co_return co_await s->job->remove_past_definitions();
    }
    static flow<result<void>> removal_flow(std::shared_ptr<state> s) {
        detail::turn const now(s->busy);
        if (!now.mine())
            co_return detail::turn::taken("row source");
        co_return co_await s->job->remove_definition();
    }

    std::shared_ptr<state> state_;
};

} // namespace eloqua::bulk
