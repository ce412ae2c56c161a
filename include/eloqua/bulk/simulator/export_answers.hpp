// SPDX-License-Identifier: BSL-1.0
/// \file
/// The endpoints of export definitions and of all exports.
#pragma once

#include <eloqua/bulk/schema/endpoints.hpp>
#include <eloqua/bulk/schema/limits.hpp>
#include <eloqua/bulk/simulator/answers.hpp>
#include <eloqua/bulk/simulator/call.hpp>
#include <eloqua/bulk/simulator/definition_checks.hpp>
#include <eloqua/bulk/simulator/definitions.hpp>
#include <eloqua/bulk/simulator/export_rules.hpp>
#include <eloqua/bulk/simulator/state.hpp>
#include <eloqua/bulk/simulator/storage.hpp>
#include <eloqua/bulk/simulator/sync_data.hpp>
#include <eloqua/bulk/wire/http.hpp>

#include <boost/json/object.hpp>

#include <cstdint>
#include <utility>

namespace eloqua::bulk::simulation {

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
