// SPDX-License-Identifier: BSL-1.0
/// \file
/// The endpoints of definitions of exports, imports and sync actions, and of their rows.
#pragma once

#include <eloqua/bulk/documents.hpp>
#include <eloqua/bulk/endpoints.hpp>
#include <eloqua/bulk/http.hpp>
#include <eloqua/bulk/limits.hpp>
#include <eloqua/bulk/simulator/detail/answers.hpp>
#include <eloqua/bulk/simulator/detail/call.hpp>
#include <eloqua/bulk/simulator/detail/definition_checks.hpp>
#include <eloqua/bulk/simulator/detail/definition_rules.hpp>
#include <eloqua/bulk/simulator/detail/pages.hpp>
#include <eloqua/bulk/simulator/detail/staging.hpp>
#include <eloqua/bulk/simulator/detail/state.hpp>
#include <eloqua/bulk/simulator/detail/syncs.hpp>

#include <boost/json/object.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace eloqua::bulk::simulation {

/// The definition that is asked for, or null if the entity has no such id.
template <class Entry>
Entry* find_definition(std::map<std::int64_t, Entry>& entries, call const& c) {
    auto const found = entries.find(c.id);
    return found == entries.end() || found->second.of != c.of ? nullptr : &found->second;
}

template <class Entry>
response read_definition(std::map<std::int64_t, Entry>& entries, call const& c) {
    Entry const* const found = find_definition(entries, c);
    return found ? document_answer(200, found->document) : not_found();
}

/// Those of the call's entity, or all if it has none.
template <class Entry>
response list_definitions(service_state const& state, call const& c,
                          std::map<std::int64_t, Entry> const& entries) {
    std::vector<Entry const*> listed;
    for (auto const& each : entries)
        if (!c.of || each.second.of == c.of)
            listed.push_back(&each.second);
    return list_page(c.target, state.options, listed.size(),
                     [&](std::size_t i) { return listed[i]->document; });
}

/// Notes who wrote a definition and when, and keeps it: in place of `replaced`, or as a new one.
template <class Entry>
response keep_definition(service_state const& state, call const& c,
                         std::map<std::int64_t, Entry>& entries, std::int64_t& next,
                         char const* collection, Entry* replaced, Entry written) {
    auto& document = written.document;
    document.updatedBy = c.user;
    document.updatedAt = written.used = state.time.now();
    document.createdBy = replaced ? replaced->document.createdBy : document.updatedBy;
    document.createdAt = replaced ? replaced->document.createdAt : document.updatedAt;
    document.kbUsed.reset();
    written.id = replaced ? replaced->id : next++;
    written.of = c.of;
    document.uri = c.of->path + collection + std::to_string(written.id);
    if constexpr (requires { written.staged; })
        if (replaced && replaced->document.fields == document.fields) {
            written.staged = std::move(replaced->staged); // under the same columns
            written.over_quota = replaced->over_quota;
        }
    Entry& kept = entries[written.id];
    kept = std::move(written);
    return document_answer(replaced ? 200 : 201, kept.document);
}

/// Takes rows as JSON or CSV, and starts a sync if the definition says so.
template <class Entry>
response push_rows(service_state& state, call const& c, Entry* into) {
    if (!into)
        return not_found();
    bool const csv = media_type(c.q) == "text/csv";
    auto staged = csv ? stage_csv(c.q.body, into->checked)
                      : stage_json(c.q.body, into->checked, state.options);
    if (!staged)
        return documented(400, reasons::parsing_error);
    if (over_quota(state, static_cast<std::int64_t>(c.q.body.size()))) {
        if (state.options.quota_refuses_requests)
            return documented(413, reasons::storage_exceeded);
        into->over_quota = true;
    }
    staged->at = state.time.now();
    staged->bytes = c.q.body.size();
    into->staged.push_back(std::move(*staged));
    bool const unasked = c.injected && c.injected->kind == fault_kind::start_by_push;
    if (!unasked && !into->document.isSyncTriggeredOnImport.value_or(false))
        return response(204);
    sync_definition wanted;
    wanted.syncedInstanceUri = *into->document.uri;
    response begun = start_sync(state, c.user, std::move(wanted), c.injected);
    if (begun.status != 201)
        into->staged.pop_back(); // refused as a whole
    return begun;
}

template <class Entry>
response delete_staged_rows(Entry* from) {
    if (!from)
        return not_found();
    from->staged.clear();
    from->over_quota = false;
    return response(204);
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
