// SPDX-License-Identifier: BSL-1.0
/// \file
/// The endpoints for definitions of exports, imports and sync actions, and for their rows.
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
#include <string>
#include <utility>
#include <vector>

namespace eloqua::bulk::simulation {

/// The endpoints for all definitions of one kind. A base class of `Self`, which has `judge(checks,
/// entry, of)`: it reports errors to the checks; otherwise it sets the defaults of the definition,
/// and returns a response if the service cannot accept it.
template <class Self, class Entry, class ListAll, class List, class Create, class Read,
          class Replace, class Delete>
class definition_answers {
public:
    response answer(to<ListAll>, call const& c) { return list(c); }
    response answer(to<List>, call const& c) { return list(c); }
    response answer(to<Create>, call const& c) { return write(c, nullptr); }
    response answer(to<Read>, call const& c) {
        Entry const* const found = find(c);
        return found ? document_answer(200, found->document) : not_found();
    }
    response answer(to<Replace>, call const& c) {
        Entry* const found = find(c);
        return found ? write(c, found) : not_found();
    }
    response answer(to<Delete>, call const& c) {
        if (!find(c))
            return not_found();
        all_.erase(c.id);
        if constexpr (requires(Self& self) { self.deleted(c.id); })
            static_cast<Self&>(*this).deleted(c.id);
        return response(204);
    }

protected:
    definition_answers(service_state& s, definition_map<Entry>& all) : state_(s), all_(all) {}

    /// The requested definition, or null if the entity has none with this id.
    Entry* find(call const& c) {
        auto const found = all_.find(c.id);
        return found == all_.end() || found->second.of != c.of ? nullptr : &found->second;
    }

    service_state& state_;

private:
    /// The definitions of the call's entity, or all if it has none.
    response list(call const& c) {
        std::vector<Entry const*> listed;
        for (auto const& each : all_)
            if (!c.of || each.second.of == c.of)
                listed.push_back(&each.second);
        return list_page(c.target, state_.options, listed.size(),
                         [&](std::size_t i) { return listed[i]->document; });
    }
    response write(call const& c, Entry* replaced) {
        boost::json::object body;
        if (auto refused = c.read_object(body))
            return std::move(*refused);
        definition_checks checks(body);
        Entry written;
        written.document = checks.read<typename Entry::definition>();
        if (!checks.found.empty())
            return refusal(checks.found);
        auto refused = static_cast<Self&>(*this).judge(checks, written, *c.of);
        if (!checks.found.empty())
            return refusal(checks.found);
        return refused ? std::move(*refused) : keep(c, replaced, std::move(written));
    }
    /// Sets a definition's author and time and stores it, as a new one or in place of `replaced`.
    response keep(call const& c, Entry* replaced, Entry written) {
        auto& document = written.document;
        document.updatedBy = c.user;
        document.updatedAt = written.used = state_.time.now();
        document.createdBy = replaced ? replaced->document.createdBy : document.updatedBy;
        document.createdAt = replaced ? replaced->document.createdAt : document.updatedAt;
        document.kbUsed.reset();
        written.id = replaced ? replaced->id : all_.next++;
        written.of = c.of;
        document.uri = c.of->path + all_.collection + std::to_string(written.id);
        if constexpr (requires { written.staged; })
            if (replaced && replaced->document.fields == document.fields) {
                written.staged = std::move(replaced->staged); // its columns are unchanged
                written.over_quota = replaced->over_quota;
            }
        Entry& kept = all_[written.id];
        kept = std::move(written);
        return document_answer(replaced ? 200 : 201, kept.document);
    }

    definition_map<Entry>& all_;
};

class export_answers
    : public definition_answers<export_answers, export_entry, endpoints::list_all_exports,
                                endpoints::list_exports, endpoints::create_export,
                                endpoints::read_export, endpoints::replace_export,
                                endpoints::delete_export> {
public:
    explicit export_answers(service_state& s) : definition_answers(s, s.exports) {}

    using definition_answers::answer;
    response answer(to<endpoints::read_export_storage>, call const&) {
        return document_answer(200, storage_use{stored_exports_kb(state_), 0});
    }
    /// The rows of the last successful sync.
    response answer(to<endpoints::read_export_data>, call const& c) {
        auto const* const defined = find(c);
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
        if (!find(c))
            return not_found();
        delete_data(c.id);
        return response(204);
    }

    std::optional<response> judge(definition_checks& checks, export_entry& written,
                                  table const& of) {
        check_export(checks, written.document, state_.tables, of, state_.options);
        if (checks.found.empty() && state_.options.quota_refuses_requests && over_quota(state_, 1))
            return documented(412, reasons::storage_exceeded);
        if (!written.document.dataRetentionDuration)
            written.document.dataRetentionDuration = limits::export_retention_default;
        return std::nullopt;
    }
    void deleted(std::int64_t definition) {
        if (state_.options.data_goes_with_definition)
            delete_data(definition);
    }

private:
    void delete_data(std::int64_t definition) {
        for (auto& [id, job] : state_.syncs)
            if (job.is(definition_kind::exports, definition) && job.finished()) {
                job.data_deleted = true;
                job.rows.reset();
            }
    }
};

/// The endpoints for definitions whose rows are pushed.
template <class Push, class DeleteData, class Base>
class pushed_answers : public Base {
public:
    using Base::answer;
    /// Accepts rows as JSON or CSV, and starts a sync if the definition says so.
    response answer(to<Push>, call const& c) {
        auto* const into = this->find(c);
        if (!into)
            return not_found();
        bool const csv = media_type(c.q) == "text/csv";
        auto staged = csv ? stage_csv(c.q.body, into->checked)
                          : stage_json(c.q.body, into->checked, this->state_.options);
        if (!staged)
            return documented(400, reasons::parsing_error);
        if (over_quota(this->state_, static_cast<std::int64_t>(c.q.body.size()))) {
            if (this->state_.options.quota_refuses_requests)
                return documented(413, reasons::storage_exceeded);
            into->over_quota = true;
        }
        staged->at = this->state_.time.now();
        staged->bytes = c.q.body.size();
        into->staged.push_back(std::move(*staged));
        bool const unasked = c.injected && c.injected->kind == fault_kind::start_by_push;
        if (!unasked && !into->document.isSyncTriggeredOnImport.value_or(false))
            return response(204);
        sync_definition wanted;
        wanted.syncedInstanceUri = *into->document.uri;
        response begun = start_sync(this->state_, c.user, std::move(wanted), c.injected);
        if (begun.status != 201)
            into->staged.pop_back(); // rejected as a whole
        return begun;
    }
    response answer(to<DeleteData>, call const& c) {
        auto* const from = this->find(c);
        if (!from)
            return not_found();
        from->staged.clear();
        from->over_quota = false;
        return response(204);
    }

protected:
    using Base::Base;
};

class import_answers
    : public pushed_answers<
          endpoints::push_import_data, endpoints::delete_import_data,
          definition_answers<import_answers, import_entry, endpoints::list_all_imports,
                             endpoints::list_imports, endpoints::create_import,
                             endpoints::read_import, endpoints::replace_import,
                             endpoints::delete_import>> {
public:
    explicit import_answers(service_state& s) : pushed_answers(s, s.imports) {}

    using pushed_answers::answer;
    response answer(to<endpoints::read_import_storage>, call const&) {
        return document_answer(200, storage_use{stored_imports_kb(state_), 0});
    }
    std::optional<response> judge(definition_checks& checks, import_entry& written,
                                  table const& of) {
        auto& document = written.document;
        written.checked = check_import(checks, document, state_.tables, of, state_.options);
        check_priority(checks, document, state_.assets);
        if (!document.dataRetentionDuration)
            document.dataRetentionDuration = limits::import_retention_default;
        if (!document.isSyncTriggeredOnImport)
            document.isSyncTriggeredOnImport = state_.options.sync_triggered_on_import;
        if (!document.isUpdatingMultipleMatchedRecords)
            document.isUpdatingMultipleMatchedRecords = false;
        return std::nullopt;
    }
};

class sync_action_answers
    : public pushed_answers<
          endpoints::push_sync_action_data, endpoints::delete_sync_action_data,
          definition_answers<sync_action_answers, sync_action_entry,
                             endpoints::list_all_sync_actions, endpoints::list_sync_actions,
                             endpoints::create_sync_action, endpoints::read_sync_action,
                             endpoints::replace_sync_action, endpoints::delete_sync_action>> {
public:
    explicit sync_action_answers(service_state& s) : pushed_answers(s, s.sync_actions) {}

    std::optional<response> judge(definition_checks& checks, sync_action_entry& written,
                                  table const& of) {
        auto& document = written.document;
        written.checked = check_sync_actions(checks, document, state_.tables, of, state_.options);
        if (!document.isSyncTriggeredOnImport)
            document.isSyncTriggeredOnImport = state_.options.sync_triggered_on_import;
        return std::nullopt;
    }
};

} // namespace eloqua::bulk::simulation
