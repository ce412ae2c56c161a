// SPDX-License-Identifier: BSL-1.0
/// \file
/// The rows of an export's sync, by whichever path they are asked for.
#pragma once

#include <eloqua/bulk/schema/documents.hpp>
#include <eloqua/bulk/simulator/answers.hpp>
#include <eloqua/bulk/simulator/call.hpp>
#include <eloqua/bulk/simulator/csv.hpp>
#include <eloqua/bulk/simulator/lists.hpp>
#include <eloqua/bulk/simulator/pages.hpp>
#include <eloqua/bulk/simulator/state.hpp>
#include <eloqua/bulk/wire/http.hpp>

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>

namespace eloqua::bulk::simulation {

/// Whether rows are wanted as CSV: only if JSON is not taken as well.
inline bool wants_csv(request const& q) {
    std::string const accepted = folded(q.fields.find("Accept").value_or(""));
    return accepted.find("text/csv") != accepted.npos &&
           accepted.find("application/json") == accepted.npos;
}

/// What another user's data are answered with.
inline response not_ones_own(service_state const& state) {
    return plain_text(state.options.foreign_data_status, "Forbidden");
}

/// A page of at most `most` rows. Only the user who made the sync may read them.
inline response rows_answer(service_state const& state, call const& c, sync_job& job,
                            std::int64_t most) {
    if (job.document.createdBy != c.user)
        return not_ones_own(state);
    if (!job.finished())
        return plain_text(state.options.unfinished_data_status, "The sync is not finished.");
    if (job.data_deleted || !job.succeeded())
        return not_found();
    if (c.injected && c.injected->kind == fault_kind::expire)
        job.data_gone = c.injected->status;
    if (c.injected && c.injected->kind == fault_kind::reorder && job.rows)
        job.rows->reordered = true;
    if (job.data_gone == 404)
        return not_found();
    if (job.data_gone != 0 || job.data_end() <= state.time.now()) {
        job.rows.reset();
        return documented(410, reasons::gone);
    }
    page_range range;
    if (auto refused = read_range(c.target, most, state.options, range))
        return std::move(*refused);
    bool const csv = wants_csv(c.q);
    std::string body = csv ? csv_page(*job.rows, range, state.options, job.page_bytes)
                           : json_page(*job.rows, range, state.options, job.page_bytes);
    job.page_bytes = std::max(job.page_bytes, body.size());
    return response(200, std::move(body),
                    csv ? "text/csv; charset=utf-8" : "application/json; charset=utf-8");
}

/// The rows of an export definition that no sync has succeeded for: none.
inline response no_rows_answer(service_state const& state, call const& c, string_map const& fields,
                               std::int64_t most) {
    page_range range;
    if (auto refused = read_range(c.target, most, state.options, range))
        return std::move(*refused);
    if (wants_csv(c.q)) {
        std::string header;
        for (auto const& each : fields) {
            header += header.empty() ? "" : ",";
            append_csv(header, each.first);
        }
        return response(200, header + '\n', "text/csv; charset=utf-8");
    }
    std::string const items = state.options.omit_empty_items ? "" : ",\"items\":[]";
    return json_answer(200, "{" + page_members(range, 0, state.options) + items + "}");
}

} // namespace eloqua::bulk::simulation
