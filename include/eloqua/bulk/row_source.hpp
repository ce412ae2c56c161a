// SPDX-License-Identifier: BSL-1.0
/// \file
/// `row_source`: the rows of an export, as they come.
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
#include <iterator>
#include <memory>
#include <ranges>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

namespace eloqua::bulk {

namespace detail {

/// The nodes of what exports of `Row` of `E` are given as their filter; what they cannot have is
/// refused, with a message.
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

/// What an export is made of: a new one, one that resumes, or one that begins anew.
template <class Row, class Transport>
struct export_request {
    core_pointer<Transport> core;
    row_plan plan;
    std::vector<filter_node> filter;
    export_options options;
    row_factory<Row> maker = {};
};

template <class Row, class Transport, exportable E, class Filter>
export_request<Row, Transport> request_rows(core_pointer<Transport> core, E const& of,
                                            Filter condition, export_options options) {
    static_assert(check_exportable<Row, E>());
    return {std::move(core), plan_for<Row>(of), nodes_for<Row, E>(std::move(condition)),
            std::move(options)};
}
/// Throws `error` with `errc::invalid_argument` for columns that no export of the entity can have.
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

/// The rows of one export. Nothing happens before the first row is asked for: then the definition
/// is made, the sync run and watched, and rows are handed out page by page while they arrive,
/// `export_options::batch_rows` at a time, in memory that does not grow with their number. The end
/// is only ever reported when it is proven: rows handed out = `totalResults` = the log's count.
///
/// Movable; destroying it at any point and on any thread neither blocks nor throws, and leaves the
/// definition to the service's `autoDeleteDuration`. One operation at a time, on the client's
/// thread: one that begins while another is under way fails with `errc::invalid_argument` and
/// changes nothing. After an error that may pass (see `condition::try_later`), asking again resumes
/// after the last row handed out.
///
/// A page that breaks off is asked for from the last row handed out on, which must be the same.
/// Lost answers are repeated, or what they may have made is looked for.
///
/// Errors: those of options and filter; `errc::sync_failed`, or ELQ-00146 if the service asks to
/// try later; `errc::deadline_exceeded` for a sync that may yet end; `errc::sync_gone` when the
/// rows on the server have expired; `errc::rows_reordered`; `errc::duplicate_row` if `unique_by`
/// was called; `errc::invalid_value` for a value that does not fit; `errc::rows_missing`,
/// `short_page`, `empty_page`, `too_many_rows`, `total_changed`, `count_mismatch`, `rows_cut_off`
/// and `malformed_response` when what came cannot be all; `errc::outcome_unknown` if what a lost
/// answer may have made cannot be looked for, or is nowhere to be found; refusals by the service.
template <class Row, class Transport>
class row_source {
    struct state {
        detail::core_pointer<Transport> core;
        std::shared_ptr<detail::channels<Transport>> held;
        std::size_t batch_rows;
        std::unique_ptr<detail::export_job> job;
        detail::row_factory<Row> maker;
        std::vector<Row> batch; ///< decoded, not yet handed out but for what a pass has passed
        std::size_t passed = 0;
        export_checkpoint before_batch; ///< with a row whose hash is known, in front of the batch
        bool busy = false;              ///< an operation is under way
    };

public:
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
                           false}) {}

    /// Does the next thing that comes before rows, without waiting for the sync: chooses the
    /// definition's name, makes it, starts its sync. True if the checkpoint has come to name more
    /// by that, which is to be stored before more is done if another process is to resume the
    /// same sync:
    ///
    ///     while (source.prepare().get().value())
    ///         store(source.checkpoint().text());
    ///
    /// False once it names the sync. What is not prepared when rows are asked for is then.
    operation<bool, Transport> prepare() {
        return operation<bool, Transport>(preparing_flow(state_), transport(), state_->held);
    }

    /// The next rows: `export_options::batch_rows`, and what else of the piece received last was
    /// decoded, but fewer at the end; none after it, once it is proven. Only then, when the rows
    /// before are in safe hands, the definition is removed.
    operation<std::vector<Row>, Transport> next() {
        static_assert(detail::row_to_keep<Row>::checked);
        return operation<std::vector<Row>, Transport>(next_flow(state_), transport(), state_->held);
    }

    /// Calls `f(Row const&)` for every row, as it is decoded, and results in their number. The row
    /// is one of two objects, reused; rows that hold views are valid during the call only. What `f`
    /// throws comes out of a blocking `get()`; of an asynchronous operation it is the failure, see
    /// `diagnostics::thrown`.
    template <class F>
        requires std::invocable<std::decay_t<F>&, Row const&>
    operation<std::int64_t, Transport> for_each(F&& f) {
        static_assert(detail::named_function<detail::is_safe_function<F, Transport>>::checked);
        return operation<std::int64_t, Transport>(
            each_flow<std::decay_t<F>>(state_, std::forward<F>(f)), transport(), state_->held);
    }

    /// How far the export has come: after the rows that were handed out, which are those that
    /// `next` gave, that a callback has returned from, or that a pass has passed. Good for
    /// `export_options::resume_from`, in another process too. Before the first row it names what
    /// was made so far; before anything was, there is nothing to resume. Not while an operation is
    /// under way, so not from a callback: it lags then by up to all rows of the piece received
    /// last, and they would be handed out again.
    export_checkpoint checkpoint() const {
        export_checkpoint at = state_->job->checkpoint();
        std::size_t const waiting = state_->batch.size() - state_->passed;
        if (waiting != 0) {
            at.rows -= static_cast<std::int64_t>(waiting);
            at.known_row = state_->before_batch.known_row;
            at.known_hash = state_->before_batch.known_hash;
        }
        return at;
    }

    /// Lets the export fail with `errc::duplicate_row` as soon as two rows have the same value in a
    /// member, as in `unique_by<&person::id>()`: an order of rows that changes between pages, which
    /// the service does not promise not to, doubles some rows and loses others. Takes 9 bytes of
    /// memory for each row. Before the first row is asked for. `before`: the values of rows in
    /// front of the checkpoint that an export resumes from, as far as they are to be compared.
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
    template <auto Member>
        requires described<Row>
    void unique_by() {
        state_->job->require_unique(detail::column_index<Row, Member>());
    }
    /// As above, by a column of records; throws `error` with `errc::invalid_argument` for a key
    /// that is not a column's.
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

    /// Removes the definition that `export_options::keep_definition` has kept, and with it the rows
    /// on the server.
    operation<void, Transport> remove_definition() {
        return operation<void, Transport>(removal_flow(state_), transport(), state_->held);
    }

    /// Proof of completeness. Throws `error` with `errc::not_finished` before the end.
    export_receipt const& receipt() const {
        if (!state_->job->finished())
            throw_exception_from_error(
                failure(errc::not_finished, "the export has handed out " +
                                                std::to_string(state_->job->rows()) + " rows"),
                BOOST_CURRENT_LOCATION);
        return state_->job->receipt();
    }

    /// Single pass. Increment throws `error` when the export fails; the pass is at its end then,
    /// and another one resumes, if the error may pass. A row counts as handed out when the iterator
    /// passes it.
    class iterator {
    public:
        using iterator_concept = std::input_iterator_tag;
        using value_type = Row;
        using difference_type = std::ptrdiff_t;

        explicit iterator(row_source& s) : source_(&s) { source_->fill(); }
        Row& operator*() const { return source_->state_->batch[source_->state_->passed]; }
        iterator& operator++() {
            ++source_->state_->passed;
            source_->fill();
            return *this;
        }
        void operator++(int) { ++*this; }
        friend bool operator==(iterator const& i, std::default_sentinel_t) { return i.at_end(); }

    private:
        bool at_end() const { return source_->state_->batch.empty(); }
        row_source* source_;
    };

    /// Rows one by one, for a client that blocks. A pass that was left resumes with the row it was
    /// left at. The source must stay while an iterator is in use.
    iterator begin()
        requires blocking_transport<Transport>
    {
        return iterator(*this);
    }
    /// Refused, with a message.
    std::counted_iterator<Row*> begin()
        requires(!blocking_transport<Transport>)
    {
        static_assert(detail::range_of_client<blocking_transport<Transport>>::checked);
        return {};
    }
    std::default_sentinel_t end() const { return {}; }

private:
    std::shared_ptr<Transport> transport() const {
        return std::shared_ptr<Transport>(state_->core, &state_->core->transport);
    }

    /// Sees to it that there is a row not yet passed, unless the end is reached.
    void fill() {
        if (state_->passed < state_->batch.size())
            return;
        export_checkpoint const before = state_->job->checkpoint();
        std::vector<Row> more = next().get().value();
        state_->batch = std::move(more);
        state_->passed = 0;
        state_->before_batch = before;
    }

    static flow<result<std::vector<Row>>> next_flow(std::shared_ptr<state> s) {
        detail::turn const now(s->busy);
        if (!now.mine())
            co_return detail::turn::taken("row source");
        s->batch.erase(s->batch.begin(), s->batch.begin() + static_cast<std::ptrdiff_t>(s->passed));
        s->passed = 0;
        if (s->batch.empty())
            s->before_batch = s->job->checkpoint();
        detail::vector_sink<Row> sink(s->batch, s->maker);
        for (bool more = true; more && s->batch.size() < s->batch_rows;) {
            result<bool> const pulled = co_await s->job->pull(sink);
            if (!pulled)
                co_return pulled.error();
            more = *pulled;
        }
        if (s->batch.empty())
            (void)co_await s->job->conclude();
        std::vector<Row> full = std::move(s->batch);
        s->batch = std::vector<Row>();
        co_return full;
    }

    template <class F>
    struct callback_sink final : detail::row_sink {
        F& f;
        Row rows[2]; ///< in turn, so that the one before stays
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
        if constexpr (!detail::is_view_row<Row>) // what a pass or a broken batch has left comes
                                                 // first
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
        }
    }

    static flow<result<bool>> preparing_flow(std::shared_ptr<state> s) {
        detail::turn const now(s->busy);
        if (!now.mine())
            co_return detail::turn::taken("row source");
        co_return co_await s->job->prepare();
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
