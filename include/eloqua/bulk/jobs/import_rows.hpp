// SPDX-License-Identifier: BSL-1.0
/// \file
/// An import of a range of described rows.
#pragma once

#include <eloqua/bulk/client/resources.hpp>
#include <eloqua/bulk/client/row_maker.hpp>
#include <eloqua/bulk/jobs/import_job.hpp>
#include <eloqua/bulk/jobs/import_report.hpp>
#include <eloqua/bulk/jobs/reject_sink.hpp>
#include <eloqua/bulk/schema/definitions.hpp>
#include <eloqua/bulk/schema/fields.hpp>
#include <eloqua/bulk/schema/record.hpp>

#include <cstddef>
#include <exception>
#include <iterator>
#include <memory>
#include <ranges>
#include <string>
#include <utility>

namespace eloqua::bulk::detail {

/// Whether a row is one of those that the job was made for.
template <class Row>
bool is_made_by(row_maker<Row> const&, Row const&) {
    return true;
}
inline bool is_made_by(row_maker<record> const& maker, record const& row) {
    return row.columns() == maker.columns;
}

inline failure of_other_columns(std::size_t number, std::size_t synced) {
    return failure(errc::invalid_row, "row " + std::to_string(number) +
                                          ": a record of other columns than the import's; " +
                                          std::to_string(synced) + " rows before it are synced");
}

/// Where the rows begin that may have to be passed again; of a range that can be passed only once,
/// nothing.
template <class Rows>
class saved_iterator {
    using iterator = std::ranges::iterator_t<Rows>;

public:
    explicit saved_iterator(iterator const&) {}
    void keep(iterator const&, std::size_t, std::size_t) {}
    void restore(iterator&, std::size_t) {}
};
template <std::ranges::forward_range Rows>
class saved_iterator<Rows> {
    using iterator = std::ranges::iterator_t<Rows>;

public:
    explicit saved_iterator(iterator const& first) : at_(first) {}
    /// The row at `it` has this number; so many are synced.
    void keep(iterator const& it, std::size_t number, std::size_t synced) {
        if (synced == number)
            at_ = it;
        else if (synced != number_)
            std::ranges::advance(at_, static_cast<std::ptrdiff_t>(synced - number_));
        number_ = synced;
    }
    void restore(iterator& it, std::size_t synced) {
        std::ranges::advance(at_, static_cast<std::ptrdiff_t>(synced - number_));
        number_ = synced;
        it = at_;
    }

private:
    iterator at_;
    std::size_t number_ = 0;
};

template <class Row, class Core, class Rows>
flow<result<import_report<Row>>>
import_flow(Core core, row_plan plan, std::size_t identifier, Rows rows, import_options options,
            any_import_definition settings, row_maker<Row> maker, reject_handler<Row> sink) {
    import_report<Row> report;
    reject_desk<Row> desk{report, maker, plan.columns, options.rejects_kept, std::move(sink)};
    std::shared_ptr<import_journal> const journal = options.journal;
    std::unique_ptr<import_job> const job = core->engine->make_import(
        std::move(plan), identifier, std::move(options), std::move(settings));
    job->on_reject = [&desk](sync_reject const& said, ledger::finding found, bool row_taken) {
        return desk.take(said, std::move(found), row_taken);
    };

    using step = import_job::step;
    constexpr bool forward = std::ranges::forward_range<Rows>;
    if (!forward)
        job->keep_requests();

    result<step> state = step::go_on;
    if (result<void> const begun = co_await job->begin(); !begun)
        state = begun.error();
    auto it = std::ranges::begin(rows);
    saved_iterator<Rows> unsynced(it);
    while (state) {
        std::size_t const number = job->rows();
        bool const end = it == std::ranges::end(rows);
        if (end) {
            state = co_await job->finish();
        } else {
            Row const& row = *it;
            import_job::room room = import_job::room::refused;
            if (is_made_by(maker, row))
                room = job->offer(&row);
            else
                state = of_other_columns(number, job->synced_rows());
            while (state && *state == step::go_on && room == import_job::room::full) {
                state = co_await job->push();
                if (state && *state == step::go_on)
                    room = job->offer(&row);
            }
            if (state && room == import_job::room::refused)
                state = job->refusal();
        }
        if (!state || (end && *state == step::go_on))
            break;
        if (*state == step::again) {
            unsynced.restore(it, job->synced_rows());
            state = step::go_on;
        } else {
            unsynced.keep(it, number, job->synced_rows());
            ++it;
        }
    }
    if (!state) {
        failure why = state.error();
        if (why.code != boost::system::errc::operation_canceled && !journal)
            (void)co_await job->remove_definition();
        if (desk.thrown)
            std::rethrow_exception(desk.thrown);
        if (!job->so_far().definition.empty() && !job->so_far().definition_deleted)
            why.info.detail += "; " + job->so_far().definition + " is left on the server";
        co_return why;
    }
    (void)co_await job->remove_definition(); // if it fails, the report says so

    static_cast<import_totals&>(report) = job->so_far();
    co_return report;
}

} // namespace eloqua::bulk::detail
