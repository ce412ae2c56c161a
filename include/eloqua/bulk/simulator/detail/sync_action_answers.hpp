// SPDX-License-Identifier: BSL-1.0
/// \file
/// The endpoints of definitions of sync actions.
#pragma once

#include <eloqua/bulk/endpoints.hpp>
#include <eloqua/bulk/http.hpp>
#include <eloqua/bulk/simulator/detail/answers.hpp>
#include <eloqua/bulk/simulator/detail/call.hpp>
#include <eloqua/bulk/simulator/detail/definition_checks.hpp>
#include <eloqua/bulk/simulator/detail/definitions.hpp>
#include <eloqua/bulk/simulator/detail/state.hpp>
#include <eloqua/bulk/simulator/detail/sync_action_rules.hpp>

#include <boost/json/object.hpp>

#include <utility>

namespace eloqua::bulk::simulation {

class sync_action_answers {
public:
    explicit sync_action_answers(service_state& s) : state_(s) {}

    response answer(to<endpoints::list_all_sync_actions>, call const& c) {
        return list_definitions(state_, c, state_.sync_actions);
    }
    response answer(to<endpoints::list_sync_actions>, call const& c) {
        return list_definitions(state_, c, state_.sync_actions);
    }
    response answer(to<endpoints::create_sync_action>, call const& c) { return write(c, nullptr); }
    response answer(to<endpoints::read_sync_action>, call const& c) {
        return read_definition(state_.sync_actions, c);
    }
    response answer(to<endpoints::replace_sync_action>, call const& c) {
        sync_action_entry* const found = find_definition(state_.sync_actions, c);
        return found ? write(c, found) : not_found();
    }
    response answer(to<endpoints::delete_sync_action>, call const& c) {
        if (!find_definition(state_.sync_actions, c))
            return not_found();
        state_.sync_actions.erase(c.id);
        return response(204);
    }
    response answer(to<endpoints::push_sync_action_data>, call const& c) {
        return push_rows(state_, c, find_definition(state_.sync_actions, c));
    }
    response answer(to<endpoints::delete_sync_action_data>, call const& c) {
        return delete_staged_rows(find_definition(state_.sync_actions, c));
    }

private:
    response write(call const& c, sync_action_entry* replaced) {
        boost::json::object body;
        if (auto refused = c.read_object(body))
            return std::move(*refused);
        definition_checks checks(body);
        sync_action_entry written;
        auto& document = written.document;
        document = checks.read<sync_action_definition>();
        if (!checks.found.empty())
            return refusal(checks.found);
        written.checked =
            check_sync_actions(checks, document, state_.tables, *c.of, state_.options);
        if (!checks.found.empty())
            return refusal(checks.found);
        if (!document.isSyncTriggeredOnImport)
            document.isSyncTriggeredOnImport = state_.options.sync_triggered_on_import;
        return keep_definition(state_, c, state_.sync_actions, state_.next_sync_action,
                               "/syncActions/", replaced, std::move(written));
    }

    service_state& state_;
};

} // namespace eloqua::bulk::simulation
