// SPDX-License-Identifier: BSL-1.0
/// \file
/// The endpoints of syncs.
#pragma once

#include <eloqua/bulk/endpoints.hpp>
#include <eloqua/bulk/http.hpp>
#include <eloqua/bulk/limits.hpp>
#include <eloqua/bulk/simulator/detail/answers.hpp>
#include <eloqua/bulk/simulator/detail/call.hpp>
#include <eloqua/bulk/simulator/detail/definition_checks.hpp>
#include <eloqua/bulk/simulator/detail/export_answers.hpp>
#include <eloqua/bulk/simulator/detail/lists.hpp>
#include <eloqua/bulk/simulator/detail/state.hpp>
#include <eloqua/bulk/simulator/detail/syncs.hpp>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

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
        failures misshapen;
        for_each_misshapen<sync_definition>(body, [&](std::string_view field, std::string why) {
            misshapen.push_back(
                {std::string(field), boost::json::serialize(body.at(field)), std::move(why)});
        });
        if (!misshapen.empty())
            return refusal(misshapen);
        sync_definition wanted;
        if (auto const* const uri = body.if_contains("syncedInstanceUri"))
            wanted.syncedInstanceUri = std::string(uri->get_string());
        if (auto const* const url = body.if_contains("callbackUrl"); url && url->is_string())
            wanted.callbackUrl = std::string(url->get_string());
        return start_sync(state_, c.user, std::move(wanted), c.injected);
    }
    response answer(to<endpoints::read_sync>, call const& c) {
        sync_job const* const found = find_sync(c);
        return found ? document_answer(200, found->document) : not_found();
    }
    response answer(to<endpoints::read_sync_data>, call const& c) {
        auto const found = state_.syncs.find(c.id);
        if (found == state_.syncs.end())
            return not_found();
        if (found->second.kind != definition_kind::exports)
            return plain_text(400, "There was a validation error: the sync is not an export.");
        return rows_answer(state_, c, found->second, limits::rows_per_page);
    }
    response answer(to<endpoints::delete_sync_data>, call const& c) {
        auto const found = state_.syncs.find(c.id);
        if (found == state_.syncs.end())
            return not_found();
        if (found->second.document.createdBy != c.user)
            return not_ones_own(state_);
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
            for (std::size_t column = 0; column != columns.size(); ++column)
                reject.fieldValues.emplace_back(columns[column].key, from.values.get(column));
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
