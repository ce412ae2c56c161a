// SPDX-License-Identifier: BSL-1.0
/// \file
/// The endpoints of definitions, their data and fields, the same for every entity.
#pragma once

#include <eloqua/bulk/schema/endpoints.hpp>
#include <eloqua/bulk/schema/limits.hpp>
#include <eloqua/bulk/simulator/answers.hpp>
#include <eloqua/bulk/simulator/call.hpp>
#include <eloqua/bulk/simulator/definition_rules.hpp>
#include <eloqua/bulk/simulator/field_lists.hpp>
#include <eloqua/bulk/simulator/lists.hpp>
#include <eloqua/bulk/simulator/staging.hpp>
#include <eloqua/bulk/simulator/start_sync.hpp>
#include <eloqua/bulk/simulator/state.hpp>
#include <eloqua/bulk/wire/http.hpp>

#include <boost/json/object.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace eloqua::bulk::simulation {

class definition_answers {
public:
    explicit definition_answers(service_state& s) : state_(s) {}

    response answer(to<endpoints::list_exports>, call const& c) {
        return list_definitions(c, state_.exports);
    }
    response answer(to<endpoints::create_export>, call const& c) {
        return write_export(c, nullptr);
    }
    response answer(to<endpoints::read_export>, call const& c) {
        export_entry const* const found = find(state_.exports, c);
        return found ? document_answer(200, found->document) : not_found();
    }
    response answer(to<endpoints::replace_export>, call const& c) {
        export_entry* const found = find(state_.exports, c);
        return found ? write_export(c, found) : not_found();
    }
    response answer(to<endpoints::delete_export>, call const& c) {
        if (!find(state_.exports, c))
            return not_found();
        state_.exports.erase(c.id);
        if (state_.options.data_goes_with_definition)
            delete_data_of_export(c.id);
        return response(204);
    }
    response answer(to<endpoints::delete_export_data>, call const& c) {
        if (!find(state_.exports, c))
            return not_found();
        delete_data_of_export(c.id);
        return response(204);
    }
    response answer(to<endpoints::list_imports>, call const& c) {
        return list_definitions(c, state_.imports);
    }
    response answer(to<endpoints::create_import>, call const& c) {
        return write_import(c, nullptr);
    }
    response answer(to<endpoints::read_import>, call const& c) {
        import_entry const* const found = find(state_.imports, c);
        return found ? document_answer(200, found->document) : not_found();
    }
    response answer(to<endpoints::replace_import>, call const& c) {
        import_entry* const found = find(state_.imports, c);
        return found ? write_import(c, found) : not_found();
    }
    response answer(to<endpoints::delete_import>, call const& c) {
        if (!find(state_.imports, c))
            return not_found();
        state_.imports.erase(c.id);
        return response(204);
    }
    response answer(to<endpoints::push_import_data>, call const& c) {
        import_entry* const found = find(state_.imports, c);
        if (!found)
            return not_found();
        bool const csv = media_type(c.q) == "text/csv";
        auto staged =
            csv ? stage_csv(c.q.body, found->checked) : stage_json(c.q.body, found->checked);
        if (!staged)
            return plain_text(400, "There was a parsing error.");
        staged->at = state_.time.now();
        found->staged.push_back(std::move(*staged));
        if (!found->document.isSyncTriggeredOnImport.value_or(false))
            return response(204);
        sync_definition wanted;
        wanted.syncedInstanceUri = *found->document.uri;
        return start_sync(state_, c.user, std::move(wanted));
    }
    response answer(to<endpoints::delete_import_data>, call const& c) {
        import_entry* const found = find(state_.imports, c);
        if (!found)
            return not_found();
        found->staged.clear();
        return response(204);
    }

    // Fields.

    response answer(to<endpoints::list_fields>, call const& c) {
        return std::visit(
            [&](auto const& fields) {
                return list_page(c.target, state_.options, fields.size(),
                                 [&](std::size_t i) { return fields[i]; });
            },
            listed_fields(*c.of,
                          c.target.parameter(c.of->kind == table_kind::activities ? "activityType"
                                                                                  : "type")));
    }
    response answer(to<endpoints::read_field>, call const& c) {
        auto const found = c.of->field_by_id(c.id);
        if (!found)
            return not_found();
        table_field const& field = c.of->fields()[*found];
        return c.of->kind == table_kind::activities ? document_answer(200, activity_field(field))
                                                    : document_answer(200, field.definition);
    }

private:
    template <class Entries>
    response list_definitions(call const& c, Entries const& entries) {
        std::vector<typename Entries::mapped_type const*> of_entity;
        for (auto const& each : entries)
            if (each.second.of == c.of)
                of_entity.push_back(&each.second);
        return list_page(c.target, state_.options, of_entity.size(),
                         [&](std::size_t i) { return of_entity[i]->document; });
    }

    template <class Entries>
    static typename Entries::mapped_type* find(Entries& entries, call const& c) {
        auto const found = entries.find(c.id);
        return found == entries.end() || found->second.of != c.of ? nullptr : &found->second;
    }
    template <class Definition>
    void stamp(Definition& d, call const& c, Definition const* replaced) {
        d.updatedBy = c.user;
        d.updatedAt = state_.time.now();
        d.createdBy = replaced ? replaced->createdBy : d.updatedBy;
        d.createdAt = replaced ? replaced->createdAt : d.updatedAt;
        d.kbUsed.reset();
    }
    response write_export(call const& c, export_entry* replaced) {
        boost::json::object body;
        if (auto refused = c.read_object(body))
            return std::move(*refused);
        definition_checks checks(body);
        auto document = checks.read<stored<export_definition>>();
        if (!checks.found.empty())
            return refusal(checks.found);
        check_export(checks, document, state_.tables, *c.of, state_.options);
        if (!checks.found.empty())
            return refusal(checks.found);
        if (!document.dataRetentionDuration)
            document.dataRetentionDuration = limits::export_retention_default;
        stamp(document, c, replaced ? &replaced->document : nullptr);
        std::int64_t const id = replaced ? replaced->id : state_.next_export++;
        document.uri = c.of->path + "/exports/" + std::to_string(id);
        export_entry& entry = state_.exports[id];
        entry = {id, c.of, std::move(document)};
        return document_answer(replaced ? 200 : 201, entry.document);
    }
    response write_import(call const& c, import_entry* replaced) {
        boost::json::object body;
        if (auto refused = c.read_object(body))
            return std::move(*refused);
        definition_checks checks(body);
        auto document = checks.read<stored<received_import>>();
        if (!checks.found.empty())
            return refusal(checks.found);
        auto checked = check_import(checks, document, state_.tables, *c.of, state_.options);
        if (document.importPriorityUri) // there are none
            checks.refuse("importPriorityUri", "Must reference an existing object.");
        if (!checks.found.empty())
            return refusal(checks.found);
        if (!document.dataRetentionDuration)
            document.dataRetentionDuration = limits::import_retention_default;
        if (!document.isSyncTriggeredOnImport)
            document.isSyncTriggeredOnImport = state_.options.sync_triggered_on_import;
        if (!document.isUpdatingMultipleMatchedRecords)
            document.isUpdatingMultipleMatchedRecords = false;
        stamp(document, c, replaced ? &replaced->document : nullptr);
        std::int64_t const id = replaced ? replaced->id : state_.next_import++;
        document.uri = c.of->path + "/imports/" + std::to_string(id);
        import_entry& entry = state_.imports[id]; // loses what was staged under other columns
        entry = {id, c.of, std::move(document), std::move(checked), {}};
        return document_answer(replaced ? 200 : 201, entry.document);
    }
    void delete_data_of_export(std::int64_t id) {
        for (auto& each : state_.syncs)
            if (!each.second.of_import && each.second.definition_id == id &&
                each.second.finished()) {
                each.second.data_deleted = true;
                each.second.rows.reset();
            }
    }

    service_state& state_;
};

} // namespace eloqua::bulk::simulation
