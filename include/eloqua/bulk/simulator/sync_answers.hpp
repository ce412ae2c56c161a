// SPDX-License-Identifier: BSL-1.0
/// \file
/// The endpoints of syncs.
#pragma once

#include <eloqua/bulk/codec/json.hpp>
#include <eloqua/bulk/schema/endpoints.hpp>
#include <eloqua/bulk/schema/limits.hpp>
#include <eloqua/bulk/simulator/answers.hpp>
#include <eloqua/bulk/simulator/call.hpp>
#include <eloqua/bulk/simulator/lists.hpp>
#include <eloqua/bulk/simulator/pages.hpp>
#include <eloqua/bulk/simulator/start_sync.hpp>
#include <eloqua/bulk/simulator/state.hpp>
#include <eloqua/bulk/wire/http.hpp>

#include <boost/json/object.hpp>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace eloqua::bulk::simulation {

class sync_answers {
public:
    explicit sync_answers(service_state& s) : state_(s) {}

    response answer(to<endpoints::list_syncs>, call const& c) {
        std::vector<sync_job const*> all;
        for (auto const& each : state_.syncs)
            all.push_back(&each.second);
        return list_page(c.target, state_.options, all.size(),
                         [&](std::size_t i) { return all[i]->document; });
    }
    response answer(to<endpoints::create_sync>, call const& c) {
        boost::json::object body;
        if (auto refused = c.read_object(body))
            return std::move(*refused);
        body.emplace("syncedInstanceUri", "");
        sync_definition wanted;
        if (auto const wrong = detail::json_codec<sync_definition>::read(body, wanted))
            return refusal({{wrong->path, "", wrong->what}});
        return start_sync(state_, c.user, std::move(wanted));
    }
    response answer(to<endpoints::read_sync>, call const& c) {
        sync_job const* const found = find_sync(c);
        return found ? document_answer(200, found->document) : not_found();
    }
    response answer(to<endpoints::read_sync_data>, call const& c) {
        auto const found = state_.syncs.find(c.id);
        if (found == state_.syncs.end())
            return not_found();
        sync_job& job = found->second;
        if (job.of_import)
            return plain_text(400, "There was a validation error: the sync is no export.");
        if (job.document.createdBy != c.user)
            return plain_text(403, "Forbidden");
        if (!job.finished())
            return plain_text(409, "The sync is not finished.");
        if (job.data_deleted || !job.succeeded())
            return not_found();
        if (job.ends + *job.exported.dataRetentionDuration->known() <= state_.time.now()) {
            job.rows.reset();
            return plain_text(410, "The requested resource is no longer available.");
        }
        page_range range;
        if (auto refused = read_range(c.target, limits::rows_per_page, range))
            return std::move(*refused);
        std::string_view const accepted = c.q.fields.find("Accept").value_or("");
        bool const csv = accepted.find("text/csv") != accepted.npos &&
                         accepted.find("application/json") == accepted.npos;
        std::string body = csv ? csv_page(*job.rows, range, state_.options, job.page_bytes)
                               : json_page(*job.rows, range, state_.options, job.page_bytes);
        job.page_bytes = std::max(job.page_bytes, body.size());
        return response(200, std::move(body),
                        csv ? "text/csv; charset=utf-8" : "application/json; charset=utf-8");
    }
    response answer(to<endpoints::delete_sync_data>, call const& c) {
        auto const found = state_.syncs.find(c.id);
        if (found == state_.syncs.end())
            return not_found();
        found->second.data_deleted = true;
        if (found->second.finished())
            found->second.rows.reset();
        return response(204);
    }
    response answer(to<endpoints::list_sync_logs>, call const& c) {
        sync_job const* const found = find_sync(c);
        return found ? list_page(c.target, state_.options, found->logs.size(),
                                 [&](std::size_t i) { return found->logs[i]; })
                     : not_found();
    }
    response answer(to<endpoints::list_sync_rejects>, call const& c) {
        sync_job const* const found = find_sync(c);
        if (!found)
            return not_found();
        auto const& columns = found->import_plan.columns;
        return list_page(c.target, state_.options, found->rejects.size(), [&](std::size_t i) {
            rejected_row const& from = found->rejects[i];
            sync_reject reject;
            from.values.for_each([&](std::size_t column, std::string_view value) {
                reject.fieldValues.emplace_back(columns[column].key, value);
            });
            for (std::size_t const column : from.invalid_columns)
                reject.invalidFields.push_back(columns[column].key);
            reject.message = from.message;
            reject.statusCode = make_error_code(from.code).message();
            reject.recordIndex = from.index;
            return reject;
        });
    }

private:
    sync_job const* find_sync(call const& c) const {
        auto const found = state_.syncs.find(c.id);
        return found == state_.syncs.end() ? nullptr : &found->second;
    }

    service_state& state_;
};

} // namespace eloqua::bulk::simulation
