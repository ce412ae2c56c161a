// SPDX-License-Identifier: BSL-1.0
/// \file
/// Passes all rows through an import job and completes its report.
#pragma once

#include <eloqua/bulk/detail/job/engine.hpp>
#include <eloqua/bulk/detail/job/row_progress.hpp>
#include <eloqua/bulk/error.hpp>
#include <eloqua/bulk/flow.hpp>
#include <eloqua/bulk/import.hpp>

#include <cstddef>
#include <memory>
#include <string>

namespace eloqua::bulk::detail {

inline failure of_other_columns(std::size_t number, std::size_t synced) {
    return failure(errc::invalid_row, "row " + std::to_string(number) +
                                          ": the record's columns differ from the import's; " +
                                          std::to_string(synced) + " rows before it are synced");
}

/// Passes all rows to `job` and counts the results in `totals`. The definition is deleted at the
/// end; after an error only if no later run needs it, see `import_options::journal`. `Job` is an
/// `import_run`; `exchange` explains why this is a template.
template <class Job, class Session>
flow<result<void>> run_import(Job& job, row_cursor& rows, bool keeps_journal, import_totals& totals,
                              Session& session) {
    using step = typename Job::step;
    using append_result = typename Job::append_result;
    if (!rows.can_go_back())
        job.keep_requests();

    row_progress<Session> progress(session);
    result<step> state = step::go_on;
    if (result<void> const begun = co_await job.begin(); !begun)
        state = begun.error();
    while (state) {
        std::size_t const number = job.rows();
        bool const end = rows.at_end();
        if (end) {
            state = co_await job.finish();
        } else {
            void const* const row = rows.row();
            append_result came = append_result::refused;
            if (row)
                came = job.append(row);
            else
                state = of_other_columns(number, job.synced_rows());
            while (state && *state == step::go_on && came == append_result::full) {
                state = co_await job.push();
                if (state && *state == step::go_on)
                    came = job.append(row);
            }
            if (state && came == append_result::refused)
                state = job.refusal();
        }
        if (!state || (end && *state == step::go_on))
            break;
        if (progress.watched()) {
            io_result const now = co_await io_request::time();
            progress.moved(static_cast<std::int64_t>(job.rows()), rows.size(), now.now);
        }
        if (*state == step::again) {
            rows.go_back(job.synced_rows());
            state = step::go_on;
        } else {
            rows.next(number, job.synced_rows());
        }
    }
    if (!state) {
        failure why = state.error();
        if (why.code != boost::system::errc::operation_canceled && !keeps_journal)
            (void)co_await job.remove_definition();
        if (!job.so_far().definition.empty() && !job.so_far().definition_deleted)
            why.info.detail += "; " + job.so_far().definition + " remains on the server";
        why.info.import_so_far = std::make_shared<import_totals const>(job.so_far());
        co_return why;
    }
    (void)co_await job.remove_definition(); // the report mentions a failure

    totals = job.so_far();
    progress.ended(static_cast<std::int64_t>(job.rows()));
    co_return result<void>();
}

} // namespace eloqua::bulk::detail
