// SPDX-License-Identifier: BSL-1.0
/// \file
/// The endpoints of import definitions and of all imports.
#pragma once

#include <eloqua/bulk/endpoints.hpp>
#include <eloqua/bulk/http.hpp>
#include <eloqua/bulk/limits.hpp>
#include <eloqua/bulk/simulator/detail/answers.hpp>
#include <eloqua/bulk/simulator/detail/call.hpp>
#include <eloqua/bulk/simulator/detail/definitions.hpp>
#include <eloqua/bulk/simulator/detail/import_definition_rules.hpp>
#include <eloqua/bulk/simulator/detail/state.hpp>
#include <eloqua/bulk/simulator/detail/syncs.hpp>

#include <boost/json/object.hpp>

#include <utility>

namespace eloqua::bulk::simulation {

class import_answers {
public:
    explicit import_answers(service_state& s) : state_(s) {}

    response answer(to<endpoints::list_all_imports>, call const& c) {
        return list_definitions(state_, c, state_.imports);
    }
    response answer(to<endpoints::read_import_storage>, call const&) {
        return document_answer(200, storage_use{stored_imports_kb(state_), 0});
    }
    response answer(to<endpoints::list_imports>, call const& c) {
        return list_definitions(state_, c, state_.imports);
    }
    response answer(to<endpoints::create_import>, call const& c) { return write(c, nullptr); }
    response answer(to<endpoints::read_import>, call const& c) {
        return read_definition(state_.imports, c);
    }
    response answer(to<endpoints::replace_import>, call const& c) {
        import_entry* const found = find_definition(state_.imports, c);
        return found ? write(c, found) : not_found();
    }
    response answer(to<endpoints::delete_import>, call const& c) {
        if (!find_definition(state_.imports, c))
            return not_found();
        state_.imports.erase(c.id);
        return response(204);
    }
    response answer(to<endpoints::push_import_data>, call const& c) {
        return push_rows(state_, c, find_definition(state_.imports, c));
    }
    response answer(to<endpoints::delete_import_data>, call const& c) {
        return delete_staged_rows(find_definition(state_.imports, c));
    }

private:
    response write(call const& c, import_entry* replaced) {
        boost::json::object body;
        if (auto refused = c.read_object(body))
            return std::move(*refused);
        definition_checks checks(body);
        import_entry written;
        auto& document = written.document;
        document = checks.read<any_import_definition>();
        if (!checks.found.empty())
            return refusal(checks.found);
        written.checked = check_import(checks, document, state_.tables, *c.of, state_.options);
        check_priority(checks, document, state_.assets);
        if (!checks.found.empty())
            return refusal(checks.found);
        if (!document.dataRetentionDuration)
            document.dataRetentionDuration = limits::import_retention_default;
        if (!document.isSyncTriggeredOnImport)
            document.isSyncTriggeredOnImport = state_.options.sync_triggered_on_import;
        if (!document.isUpdatingMultipleMatchedRecords)
            document.isUpdatingMultipleMatchedRecords = false;
        return keep_definition(state_, c, state_.imports, state_.next_import, "/imports/", replaced,
                               std::move(written));
    }

    service_state& state_;
};

} // namespace eloqua::bulk::simulation
