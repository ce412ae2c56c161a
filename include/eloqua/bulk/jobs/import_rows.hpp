// SPDX-License-Identifier: BSL-1.0
/// \file
/// An import of a range of described rows.
#pragma once

#include <eloqua/bulk/client/resources.hpp>
#include <eloqua/bulk/client/row_maker.hpp>
#include <eloqua/bulk/jobs/import_job.hpp>
#include <eloqua/bulk/jobs/import_report.hpp>
#include <eloqua/bulk/schema/definitions.hpp>
#include <eloqua/bulk/schema/fields.hpp>
#include <eloqua/bulk/schema/record.hpp>

#include <cstddef>
#include <memory>
#include <ranges>
#include <string>
#include <utility>

namespace eloqua::bulk::detail {

/// The rejected row as the caller's type. A row of views would have nothing to view.
template <class Row>
result<Row> row_of_reject(sync_reject const& reject) {
    if constexpr (is_view_row<Row>)
        return failure(errc::invalid_value, "the row's type holds views");
    Row row{};
    for (auto const& value : reject.fieldValues)
        for (std::size_t column = 0; column != row_codec<Row>.size(); ++column)
            if (row_codec<Row>[column].key == value.first &&
                !assign_text(row_codec<Row>[column], &row, column, value.second))
                return failure(errc::invalid_value, "member '" + value.first + "' cannot hold \"" +
                                                        value.second.substr(0, 100) + "\"");
    return row;
}

/// The same as a record with the columns of `maker`.
inline result<record> row_of_reject(sync_reject const& reject, row_maker<record> const& maker) {
    record row = maker.make();
    for (auto const& value : reject.fieldValues)
        if (std::size_t const at = maker.columns.index_of(value.first); at != row.size())
            row[at] = value.second;
    return row;
}
template <class Row>
result<Row> row_of_reject(sync_reject const& reject, row_maker<Row> const&) {
    return row_of_reject<Row>(reject);
}

/// Whether a row is one of those that the job was made for.
template <class Row>
bool is_made_by(row_maker<Row> const&, Row const&) {
    return true;
}
inline bool is_made_by(row_maker<record> const& maker, record const& row) {
    return row.columns() == maker.columns;
}

template <class Row, class Core, class Rows>
flow<result<import_report<Row>>> import_flow(Core core, row_plan plan, std::size_t identifier,
                                             Rows rows, import_options options,
                                             any_import_definition settings, row_maker<Row> maker) {
    import_report<Row> report;
    std::size_t const kept = options.rejects_kept;
    std::unique_ptr<import_job> const job = core->engine->make_import(
        std::move(plan), identifier, std::move(options), std::move(settings));
    job->on_reject = [&report, &maker, kept](sync_reject const& said,
                                             std::vector<std::size_t> found, bool row_taken) {
        if (report.rejects.size() >= kept) {
            ++report.rejects_not_kept;
            return;
        }
        import_reject<Row>& reject = report.rejects.emplace_back();
        if (found.size() == 1)
            reject.row_index = found.front();
        else
            reject.candidates = std::move(found);
        reject.reason = parse_elq(said.statusCode.value_or("")).value_or(elq{});
        reject.message = said.message.value_or("");
        reject.invalid_columns = said.invalidFields;
        reject.row_taken = row_taken;
        reject.row = row_of_reject(said, maker);
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
        if (!job->so_far().definition.empty() && !job->so_far().definition_deleted)
            why.info.detail += "; " + job->so_far().definition + " is left on the server";
        co_return why;
    }
    (void)co_await job->remove_definition(); // if it fails, the report says so

    static_cast<import_totals&>(report) = job->so_far();
    co_return report;
}

} // namespace eloqua::bulk::detail
