// SPDX-License-Identifier: BSL-1.0
/// \file
/// The table of endpoints: the only place that defines methods, paths, documents and statuses.
/// Client, simulator, tests and documentation all use it.
#pragma once

#include <eloqua/bulk/assets.hpp>
#include <eloqua/bulk/definitions.hpp>
#include <eloqua/bulk/documents.hpp>
#include <eloqua/bulk/entity.hpp>
#include <eloqua/bulk/limits.hpp>
#include <eloqua/bulk/login.hpp>
#include <eloqua/bulk/syncs.hpp>
#include <eloqua/bulk/verb.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>
#include <tuple>

namespace eloqua::bulk {

/// What an endpoint's path is relative to: an entity's `base_path()` ("/exports" of "/contacts"),
/// the base of the Bulk API ("/syncs"), or the login host.
enum class scope : unsigned char { exports, imports, sync_actions, fields, service, login };

/// Whether the endpoint belongs to an entity.
constexpr bool of_entity(scope s) {
    return s != scope::service && s != scope::login;
}

/// Whether a request may be retried when its outcome is unknown, for example when the connection
/// was lost after it was sent. The service has no idempotency keys. Direct calls retry the first
/// two classes and end in `errc::outcome_unknown` for the others. Exports and imports search for
/// what can be found, and abandon what can be abandoned.
enum class retry_class : unsigned char {
    safe,         ///< reads: retry
    idempotent,   ///< retry; 404 for a retried DELETE is success
    recoverable,  ///< what it creates can be searched for
    abandonable,  ///< what it changes can be abandoned and created again
    unrepeatable, ///< only the caller can find out the outcome
};

/// The meaning of `limit` and `offset` for an endpoint. Lists also accept `orderBy` and `q`; both
/// accept `totalResults`.
enum class paging : unsigned char { none, list, rows };

/// Means "no document" in the table.
struct nothing {};
/// Means rows of the caller's type in the table.
struct rows {};
/// Placeholders in the table for the entity's own documents.
struct export_document {};
struct import_document {};
struct field_document {};

namespace detail {

template <class E, class Document>
struct document_for {
    using type = Document;
};
template <class E>
struct document_for<E, export_document> {
    using type = export_definition_t<E>;
};
template <class E>
struct document_for<E, import_document> {
    using type = import_definition_t<E>;
};
template <class E>
struct document_for<E, field_document> {
    using type = field_definition_t<E>;
};
template <class E, class Document>
struct document_for<E, stored<Document>> {
    using type = stored<typename document_for<E, Document>::type>;
};
template <class E, class Document>
struct document_for<E, page<Document>> {
    using type = page<typename document_for<E, Document>::type>;
};

} // namespace detail

/// A document of the table, with placeholders replaced by the entity's own documents.
template <class E, class Document>
using document_t = typename detail::document_for<E, Document>::type;

/// One row of the table. `Result` is the document of the response, `Body` that of the request.
template <verb Method, scope Scope, fixed_string Path, class Body, class Result,
          retry_class Repetition, paging Paging, int... Statuses>
struct endpoint {
    /// @{
    /// The parts of the row, see the template's parameters.
    using path_type = bulk::path<Path>;
    using body_type = Body;
    using result_type = Result;
    static constexpr verb method = Method;
    static constexpr bulk::scope relative_to = Scope;
    static constexpr std::string_view path = Path.view();
    static constexpr bulk::retry_class retry_class = Repetition;
    static constexpr bulk::paging paging = Paging;
    static constexpr std::array<int, sizeof...(Statuses)> success{Statuses...};
    /// @}
    /// Whether a response with this status is a success.
    static constexpr bool succeeds(int status) {
        return std::ranges::find(success, status) != success.end();
    }
};

namespace detail {

template <class Endpoint, class E>
struct answer_of {
    using type = document_t<E, typename Endpoint::result_type>;
};
template <class Endpoint, class E>
    requires std::same_as<typename Endpoint::result_type, nothing>
struct answer_of<Endpoint, E> {
    using type = void;
};
/// The response to a push contains a sync only if the definition starts one automatically.
template <class Endpoint, class E>
    requires std::same_as<typename Endpoint::body_type, rows>
struct answer_of<Endpoint, E> {
    using type = std::optional<sync>;
};

} // namespace detail

/// The result of calling an endpoint of an entity: its document, nothing, or, for a push of rows,
/// an optional sync. `E` is void where the entity does not matter or is not known; the documents
/// are then those of contacts.
template <class Endpoint, class E = void>
using answer_t = typename detail::answer_of<Endpoint, E>::type;

/// Query of a list. Empty members are not sent.
struct list_query {
    /// Items per page, 1 to 1,000; the service's default is 1,000.
    std::optional<std::int64_t> limit = {};
    std::optional<std::int64_t> offset = {}; ///< index of the first item; empty: 0
    std::optional<std::string> orderBy = {}; ///< "name ASC"
    std::optional<std::string> q = {};       ///< "name=*Test*"; case matters, '*' is the wildcard
    std::optional<bool> totalResults = {};   ///< false: the page does not state the total
};

/// Query of the rows of a sync.
struct rows_query {
    /// Rows per page, 1 to 50,000; at most 1,000 for export definitions of campaign responses.
    std::int64_t limit = limits::default_page;
    std::int64_t offset = 0;               ///< index of the first row
    std::optional<bool> totalResults = {}; ///< false: the page does not state the total
};

/// The table of endpoints, and the endpoints by what they serve.
namespace endpoints {

// clang-format off
/// @{
/// One endpoint. `docs/endpoints.md` shows the whole table with its columns.
using list_exports            = endpoint<verb::get,     scope::exports,      "/exports",                      nothing,                page<stored<export_document>>,        retry_class::safe,        paging::list, 200>;
using create_export           = endpoint<verb::post,    scope::exports,      "/exports",                      export_document,        stored<export_document>,              retry_class::recoverable,    paging::none, 201>;
using read_export             = endpoint<verb::get,     scope::exports,      "/exports/{id}",                 nothing,                stored<export_document>,              retry_class::safe,        paging::none, 200>;
using replace_export          = endpoint<verb::put,     scope::exports,      "/exports/{id}",                 export_document,        stored<export_document>,              retry_class::idempotent,  paging::none, 200>;
using delete_export           = endpoint<verb::delete_, scope::exports,      "/exports/{id}",                 nothing,                nothing,                              retry_class::idempotent,  paging::none, 204>;
using read_export_data        = endpoint<verb::get,     scope::exports,      "/exports/{id}/data",            nothing,                rows,                                 retry_class::safe,        paging::rows, 200>;
using delete_export_data      = endpoint<verb::delete_, scope::exports,      "/exports/{id}/data",            nothing,                nothing,                              retry_class::idempotent,  paging::none, 204>;
using list_imports            = endpoint<verb::get,     scope::imports,      "/imports",                      nothing,                page<stored<import_document>>,        retry_class::safe,        paging::list, 200>;
using create_import           = endpoint<verb::post,    scope::imports,      "/imports",                      import_document,        stored<import_document>,              retry_class::recoverable,    paging::none, 201>;
using read_import             = endpoint<verb::get,     scope::imports,      "/imports/{id}",                 nothing,                stored<import_document>,              retry_class::safe,        paging::none, 200>;
using replace_import          = endpoint<verb::put,     scope::imports,      "/imports/{id}",                 import_document,        stored<import_document>,              retry_class::idempotent,  paging::none, 200>;
using delete_import           = endpoint<verb::delete_, scope::imports,      "/imports/{id}",                 nothing,                nothing,                              retry_class::idempotent,  paging::none, 204>;
using push_import_data        = endpoint<verb::post,    scope::imports,      "/imports/{id}/data",            rows,                   sync,                                 retry_class::abandonable, paging::none, 204, 201>;
using delete_import_data      = endpoint<verb::delete_, scope::imports,      "/imports/{id}/data",            nothing,                nothing,                              retry_class::idempotent,  paging::none, 204>;
using list_sync_actions       = endpoint<verb::get,     scope::sync_actions, "/syncActions",                  nothing,                page<stored<sync_action_definition>>, retry_class::safe,        paging::list, 200>;
using create_sync_action      = endpoint<verb::post,    scope::sync_actions, "/syncActions",                  sync_action_definition, stored<sync_action_definition>,       retry_class::recoverable,    paging::none, 201>;
using read_sync_action        = endpoint<verb::get,     scope::sync_actions, "/syncActions/{id}",             nothing,                stored<sync_action_definition>,       retry_class::safe,        paging::none, 200>;
using replace_sync_action     = endpoint<verb::put,     scope::sync_actions, "/syncActions/{id}",             sync_action_definition, stored<sync_action_definition>,       retry_class::idempotent,  paging::none, 200>;
using delete_sync_action      = endpoint<verb::delete_, scope::sync_actions, "/syncActions/{id}",             nothing,                nothing,                              retry_class::idempotent,  paging::none, 204>;
using push_sync_action_data   = endpoint<verb::post,    scope::sync_actions, "/syncActions/{id}/data",        rows,                   sync,                                 retry_class::abandonable, paging::none, 204, 201>;
using delete_sync_action_data = endpoint<verb::delete_, scope::sync_actions, "/syncActions/{id}/data",        nothing,                nothing,                              retry_class::idempotent,  paging::none, 204>;
using list_fields             = endpoint<verb::get,     scope::fields,       "/fields",                       nothing,                page<field_document>,                 retry_class::safe,        paging::list, 200>;
using read_field              = endpoint<verb::get,     scope::fields,       "/fields/{id}",                  nothing,                field_document,                       retry_class::safe,        paging::none, 200>;
using list_contact_filters    = endpoint<verb::get,     scope::service,      "/contacts/filters",             nothing,                page<segment_document>,               retry_class::safe,        paging::list, 200>;
using read_contact_filter     = endpoint<verb::get,     scope::service,      "/contacts/filters/{id}",        nothing,                segment_document,                     retry_class::safe,        paging::none, 200>;
using list_contact_lists      = endpoint<verb::get,     scope::service,      "/contacts/lists",               nothing,                page<list_document>,                  retry_class::safe,        paging::list, 200>;
using read_contact_list       = endpoint<verb::get,     scope::service,      "/contacts/lists/{id}",          nothing,                list_document,                        retry_class::safe,        paging::none, 200>;
using list_contact_segments   = endpoint<verb::get,     scope::service,      "/contacts/segments",            nothing,                page<segment_document>,               retry_class::safe,        paging::list, 200>;
using read_contact_segment    = endpoint<verb::get,     scope::service,      "/contacts/segments/{id}",       nothing,                segment_document,                     retry_class::safe,        paging::none, 200>;
using list_scoring_models     = endpoint<verb::get,     scope::service,      "/contacts/scoring/models",      nothing,                page<lead_score_model>,               retry_class::safe,        paging::list, 200>;
using read_scoring_model      = endpoint<verb::get,     scope::service,      "/contacts/scoring/models/{id}", nothing,                lead_score_model,                     retry_class::safe,        paging::none, 200>;
using list_account_lists      = endpoint<verb::get,     scope::service,      "/accounts/lists",               nothing,                page<list_document>,                  retry_class::safe,        paging::list, 200>;
using read_account_list       = endpoint<verb::get,     scope::service,      "/accounts/lists/{id}",          nothing,                list_document,                        retry_class::safe,        paging::none, 200>;
using list_custom_objects     = endpoint<verb::get,     scope::service,      "/customObjects",                nothing,                page<object_document>,                retry_class::safe,        paging::list, 200>;
using read_custom_object      = endpoint<verb::get,     scope::service,      "/customObjects/{parentId}",     nothing,                object_document,                      retry_class::safe,        paging::none, 200>;
using list_events             = endpoint<verb::get,     scope::service,      "/events",                       nothing,                page<object_document>,                retry_class::safe,        paging::list, 200>;
using read_event              = endpoint<verb::get,     scope::service,      "/events/{id}",                  nothing,                object_document,                      retry_class::safe,        paging::none, 200>;
using list_email_groups       = endpoint<verb::get,     scope::service,      "/emailGroups",                  nothing,                page<email_group_document>,           retry_class::safe,        paging::list, 200>;
using read_email_group        = endpoint<verb::get,     scope::service,      "/emailGroups/{id}",             nothing,                email_group_document,                 retry_class::safe,        paging::none, 200>;
using list_import_priorities  = endpoint<verb::get,     scope::service,      "/imports/priorities",           nothing,                page<import_priority>,                retry_class::safe,        paging::list, 200>;
using read_import_priority    = endpoint<verb::get,     scope::service,      "/imports/priorities/{id}",      nothing,                import_priority,                      retry_class::safe,        paging::none, 200>;
using list_all_exports        = endpoint<verb::get,     scope::service,      "/exports",                      nothing,                page<stored<export_definition>>,      retry_class::safe,        paging::list, 200>;
using read_export_storage     = endpoint<verb::get,     scope::service,      "/exports/data",                 nothing,                storage_use,                          retry_class::safe,        paging::none, 200>;
using list_all_imports        = endpoint<verb::get,     scope::service,      "/imports",                      nothing,                page<stored<import_definition>>,      retry_class::safe,        paging::list, 200>;
using read_import_storage     = endpoint<verb::get,     scope::service,      "/imports/data",                 nothing,                storage_use,                          retry_class::safe,        paging::none, 200>;
using list_all_sync_actions   = endpoint<verb::get,     scope::service,      "/syncActions",                  nothing,                page<stored<sync_action_definition>>, retry_class::safe,        paging::list, 200>;
using list_syncs              = endpoint<verb::get,     scope::service,      "/syncs",                        nothing,                page<sync>,                           retry_class::safe,        paging::list, 200>;
using create_sync             = endpoint<verb::post,    scope::service,      "/syncs",                        sync_definition,        sync,                                 retry_class::recoverable,    paging::none, 201>;
using read_sync               = endpoint<verb::get,     scope::service,      "/syncs/{id}",                   nothing,                sync,                                 retry_class::safe,        paging::none, 200>;
using read_sync_data          = endpoint<verb::get,     scope::service,      "/syncs/{id}/data",              nothing,                rows,                                 retry_class::safe,        paging::rows, 200>;
using delete_sync_data        = endpoint<verb::delete_, scope::service,      "/syncs/{id}/data",              nothing,                nothing,                              retry_class::idempotent,  paging::none, 204>;
using list_sync_logs          = endpoint<verb::get,     scope::service,      "/syncs/{id}/logs",              nothing,                page<sync_log>,                       retry_class::safe,        paging::list, 200>;
using list_sync_rejects       = endpoint<verb::get,     scope::service,      "/syncs/{id}/rejects",           nothing,                page<sync_reject>,                    retry_class::safe,        paging::list, 200>;
using read_login              = endpoint<verb::get,     scope::login,        "/id",                           nothing,                login_response,                       retry_class::safe,        paging::none, 200>;
using authorize               = endpoint<verb::get,     scope::login,        "/auth/oauth2/authorize",        nothing,                nothing,                              retry_class::safe,        paging::none, 302>;
using request_tokens          = endpoint<verb::post,    scope::login,        "/auth/oauth2/token",            token_request,          token_response,                       retry_class::unrepeatable, paging::none, 200>;
/// @}
// clang-format on

/// The endpoints of one kind of definition.
struct exports {
    template <class E>
    using document = export_definition_t<E>; ///< the document of these definitions
    /// @{
    /// The endpoint of that operation.
    using list = list_exports;
    using create = create_export;
    using read = read_export;
    using replace = replace_export;
    using remove = delete_export;
    using remove_data = delete_export_data;
    /// @}
};
/// The endpoints of import definitions.
struct imports {
    template <class E>
    using document = import_definition_t<E>; ///< the document of these definitions
    /// @{
    /// The endpoint of that operation.
    using list = list_imports;
    using create = create_import;
    using read = read_import;
    using replace = replace_import;
    using remove = delete_import;
    using push = push_import_data;
    using remove_data = delete_import_data;
    /// @}
};
/// The endpoints of definitions of sync actions.
struct sync_actions {
    template <class E>
    using document = sync_action_definition; ///< the document of these definitions
    /// @{
    /// The endpoint of that operation.
    using list = list_sync_actions;
    using create = create_sync_action;
    using read = read_sync_action;
    using replace = replace_sync_action;
    using remove = delete_sync_action;
    using push = push_sync_action_data;
    using remove_data = delete_sync_action_data;
    /// @}
};

/// The endpoints of read-only objects.
template <class List, class Read>
struct assets {
    /// @{
    /// The endpoint of that operation.
    using list = List;
    using read = Read;
    /// @}
};
/// @{
/// The endpoints of one kind of assets.
using contact_filters = assets<list_contact_filters, read_contact_filter>;
using contact_lists = assets<list_contact_lists, read_contact_list>;
using contact_segments = assets<list_contact_segments, read_contact_segment>;
using scoring_models = assets<list_scoring_models, read_scoring_model>;
using account_lists = assets<list_account_lists, read_account_list>;
using custom_objects = assets<list_custom_objects, read_custom_object>;
using events = assets<list_events, read_event>;
using email_groups = assets<list_email_groups, read_email_group>;
using import_priorities = assets<list_import_priorities, read_import_priority>;
/// @}

/// The endpoints of the login host.
using login = std::tuple<read_login, authorize, request_tokens>;

/// All other endpoints. An endpoint of entities stands for one operation per entity that has it;
/// see `offers`.
using all = std::tuple<
    list_exports, create_export, read_export, replace_export, delete_export, read_export_data,
    delete_export_data, list_imports, create_import, read_import, replace_import, delete_import,
    push_import_data, delete_import_data, list_sync_actions, create_sync_action, read_sync_action,
    replace_sync_action, delete_sync_action, push_sync_action_data, delete_sync_action_data,
    list_fields, read_field, list_contact_filters, read_contact_filter, list_contact_lists,
    read_contact_list, list_contact_segments, read_contact_segment, list_scoring_models,
    read_scoring_model, list_account_lists, read_account_list, list_custom_objects,
    read_custom_object, list_events, read_event, list_email_groups, read_email_group,
    list_import_priorities, read_import_priority, list_all_exports, read_export_storage,
    list_all_imports, read_import_storage, list_all_sync_actions, list_syncs, create_sync,
    read_sync, read_sync_data, delete_sync_data, list_sync_logs, list_sync_rejects>;

} // namespace endpoints

/// Whether an entity has the endpoints of a scope.
template <entity E>
constexpr bool offers(scope s) {
    switch (s) {
    case scope::exports:
        return exportable<E>;
    case scope::imports:
        return importable<E>;
    case scope::sync_actions:
        return has_sync_action_definitions<E>;
    case scope::fields:
        return has_field_list<E>;
    case scope::service:
    case scope::login:
        break;
    }
    return false;
}

} // namespace eloqua::bulk
