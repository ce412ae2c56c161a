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

template <class Row, class Core, class Rows>
flow<result<import_report<Row>>>
import_flow(Core core, row_plan plan, std::size_t identifier, Rows rows, import_options options,
            any_import_definition settings, row_maker<Row> maker, reject_handler<Row> sink) {
    import_report<Row> report;
    reject_desk<Row> desk{report, maker, plan.columns, options.rejects_kept, std::move(sink)};
    std::unique_ptr<import_job> const job = core->engine->make_import(
        std::move(plan), identifier, std::move(options), std::move(settings));
    job->on_reject = [&desk](sync_reject const& said, ledger::finding found, bool row_taken) {
        return desk.take(said, std::move(found), row_taken);
    };

    result<void> state = co_await job->begin();
    if (state) {
        std::size_t number = 0;
        for (auto it = std::ranges::begin(rows); state && it != std::ranges::end(rows);
             ++it, ++number) {
            Row const& row = *it;
            if (!is_made_by(maker, row)) {
                state =
                    failure(errc::invalid_row,
                            "row " + std::to_string(number) +
                                ": a record of other columns than the import's; " +
                                std::to_string(job->so_far().rows) + " rows before it are synced");
                break;
            }
            import_job::room room = job->offer(&row);
            if (room == import_job::room::full) {
                state = co_await job->push();
                room = state ? job->offer(&row) : room;
            }
            if (room == import_job::room::refused)
                state = job->refusal();
        }
        if (state)
            state = co_await job->finish();
    }
    if (!state) {
        failure why = state.error();
        if (why.code != boost::system::errc::operation_canceled)
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
