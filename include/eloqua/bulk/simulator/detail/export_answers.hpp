// SPDX-License-Identifier: BSL-1.0
/// \file
/// The endpoints of export definitions and of all exports.
///
/// The rows of an export's sync, by whichever path they are asked for.
#pragma once

#include <eloqua/bulk/documents.hpp>
#include <eloqua/bulk/endpoints.hpp>
#include <eloqua/bulk/http.hpp>
#include <eloqua/bulk/limits.hpp>
#include <eloqua/bulk/simulator/detail/answers.hpp>
#include <eloqua/bulk/simulator/detail/call.hpp>
#include <eloqua/bulk/simulator/detail/definition_checks.hpp>
#include <eloqua/bulk/simulator/detail/definitions.hpp>
#include <eloqua/bulk/simulator/detail/export_rules.hpp>
#include <eloqua/bulk/simulator/detail/lists.hpp>
#include <eloqua/bulk/simulator/detail/pages.hpp>
#include <eloqua/bulk/simulator/detail/state.hpp>

#include <boost/json/object.hpp>

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

class export_answers {
public:
    explicit export_answers(service_state& s) : state_(s) {}

    response answer(to<endpoints::list_all_exports>, call const& c) {
        return list_definitions(state_, c, state_.exports);
    }
    response answer(to<endpoints::read_export_storage>, call const&) {
        return document_answer(200, storage_use{stored_exports_kb(state_), 0});
    }
    response answer(to<endpoints::list_exports>, call const& c) {
        return list_definitions(state_, c, state_.exports);
    }
    response answer(to<endpoints::create_export>, call const& c) { return write(c, nullptr); }
    response answer(to<endpoints::read_export>, call const& c) {
        return read_definition(state_.exports, c);
    }
    response answer(to<endpoints::replace_export>, call const& c) {
        export_entry* const found = find_definition(state_.exports, c);
        return found ? write(c, found) : not_found();
    }
    response answer(to<endpoints::delete_export>, call const& c) {
        if (!find_definition(state_.exports, c))
            return not_found();
        state_.exports.erase(c.id);
        if (state_.options.data_goes_with_definition)
            delete_data(c.id);
        return response(204);
    }
    /// The rows of the last sync that ended well.
    response answer(to<endpoints::read_export_data>, call const& c) {
        auto const* const defined = find_definition(state_.exports, c);
        if (!defined)
            return not_found();
        sync_job* last = nullptr;
        bool running = false;
        for (auto& [id, job] : state_.syncs) {
            if (!job.is(definition_kind::exports, c.id))
                continue;
            running |= !job.finished();
            if (job.succeeded() && (!last || job.ends >= last->ends))
                last = &job;
        }
        if (last)
            return rows_answer(state_, c, *last, c.entity->export_data_limit);
        if (running)
            return plain_text(409, "The sync is not finished.");
        return state_.options.unsynced_exports_have_data
                   ? no_rows_answer(state_, c, defined->document.fields,
                                    c.entity->export_data_limit)
                   : not_found();
    }
    response answer(to<endpoints::delete_export_data>, call const& c) {
        if (!find_definition(state_.exports, c))
            return not_found();
        delete_data(c.id);
        return response(204);
    }

private:
    response write(call const& c, export_entry* replaced) {
        boost::json::object body;
        if (auto refused = c.read_object(body))
            return std::move(*refused);
        definition_checks checks(body);
        export_entry written;
        written.document = checks.read<export_definition>();
        if (!checks.found.empty())
            return refusal(checks.found);
        check_export(checks, written.document, state_.tables, *c.of, state_.options);
        if (!checks.found.empty())
            return refusal(checks.found);
        if (state_.options.quota_refuses_requests && over_quota(state_, 1))
            return documented(412, reasons::storage_exceeded);
        if (!written.document.dataRetentionDuration)
            written.document.dataRetentionDuration = limits::export_retention_default;
        return keep_definition(state_, c, state_.exports, state_.next_export, "/exports/", replaced,
                               std::move(written));
    }
    void delete_data(std::int64_t definition) {
        for (auto& [id, job] : state_.syncs)
            if (job.is(definition_kind::exports, definition) && job.finished()) {
                job.data_deleted = true;
                job.rows.reset();
            }
    }

    service_state& state_;
};

} // namespace eloqua::bulk::simulation
