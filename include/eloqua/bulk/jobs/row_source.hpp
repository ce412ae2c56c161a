// SPDX-License-Identifier: BSL-1.0
/// \file
/// `row_source`: the rows of an export, as they come.
#pragma once

#include <eloqua/bulk/client/resources.hpp>
#include <eloqua/bulk/client/row_maker.hpp>
#include <eloqua/bulk/jobs/export_job.hpp>

#include <concepts>
#include <iterator>
#include <memory>
#include <span>
#include <utility>
#include <vector>

namespace eloqua::bulk {

/// The rows of one export. Nothing happens before the first row is asked for: then the definition
/// is made, the sync run and watched, and rows are handed out page by page while they arrive,
/// `export_options::batch_rows` at a time, in memory that does not grow with their number. The end
/// is only ever reported when it is proven: rows handed out = `totalResults` = the log's count.
///
/// Movable; destroying it at any point neither blocks nor throws, and leaves the definition to the
/// service's `autoDeleteDuration`. One operation at a time. After an error that may pass (see
/// `condition::try_later`), asking again goes on behind the last row handed out.
template <class Row, class Transport>
class row_source {
    struct state {
        core_pointer<Transport> core;
        std::shared_ptr<leases<Transport>> held;
        std::unique_ptr<export_job> job;
        std::size_t batch_rows;
        detail::row_maker<Row> maker;
        std::vector<Row> batch; ///< decoded, not yet handed out but for what a pass has passed
        std::size_t passed = 0;
    };

public:
    row_source(core_pointer<Transport> core, std::unique_ptr<export_job> job,
               std::size_t batch_rows, detail::row_maker<Row> maker = {})
        : state_(new state{std::move(core),
                           std::make_shared<leases<Transport>>(),
                           std::move(job),
                           batch_rows,
                           std::move(maker),
                           {}}) {}

    /// The next rows, at least one; none at the end, once it is proven.
    operation<std::vector<Row>, Transport> next()
        requires(!is_view_row<Row>)
    {
        return operation<std::vector<Row>, Transport>(next_flow(state_), transport(), state_->held);
    }

    /// Calls `f(Row const&)` for every row, as it is decoded, and results in their number. The row
    /// is one object, reused; rows that hold views are valid during the call only. What `f` throws
    /// comes out of a blocking `get()`; an asynchronous `f` must not throw.
    template <std::invocable<Row const&> F>
    operation<std::int64_t, Transport> for_each(F f) {
        return operation<std::int64_t, Transport>(each_flow(state_, std::move(f)), transport(),
                                                  state_->held);
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

    /// Single pass. Increment throws `error` when the export fails. A row counts as handed out when
    /// the iterator passes it.
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

    /// Rows one by one, for a client that blocks. A pass that was left goes on with the row it was
    /// left at. The source must stay while an iterator is in use.
    iterator begin()
        requires(blocking_transport<Transport> && !is_view_row<Row>)
    {
        return iterator(*this);
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
        std::vector<Row> more = next().get().value();
        state_->batch = std::move(more);
        state_->passed = 0;
    }

    static flow<result<std::vector<Row>>> next_flow(std::shared_ptr<state> s) {
        s->batch.erase(s->batch.begin(), s->batch.begin() + static_cast<std::ptrdiff_t>(s->passed));
        s->passed = 0;
        detail::vector_sink<Row> sink(s->batch, s->maker);
        for (bool more = true; more && s->batch.size() < s->batch_rows;) {
            result<bool> const pulled = co_await s->job->pull(sink);
            if (!pulled)
                co_return pulled.error();
            more = *pulled;
        }
        std::vector<Row> full = std::move(s->batch);
        s->batch = std::vector<Row>();
        co_return full;
    }

    template <class F>
    struct callback_sink final : row_sink {
        F& f;
        Row row;
        std::int64_t given = 0;
        callback_sink(F& function, detail::row_maker<Row> const& maker)
            : f(function), row(maker.make()) {}
        void* begin_row() override { return &row; }
        void end_row(bool complete) override {
            if (complete) {
                f(std::as_const(row));
                ++given;
            }
        }
    };

    template <class F>
    static flow<result<std::int64_t>> each_flow(std::shared_ptr<state> s, F f) {
        callback_sink<F> sink(f, s->maker);
        if constexpr (!is_view_row<Row>) // what a pass or a broken batch has left comes first
            for (; s->passed < s->batch.size(); ++s->passed, ++sink.given)
                f(std::as_const(s->batch[s->passed]));
        for (;;) {
            result<bool> const more = co_await s->job->pull(sink);
            if (!more)
                co_return more.error();
            if (!*more)
                co_return sink.given;
        }
    }

    std::shared_ptr<state> state_;
};

} // namespace eloqua::bulk
