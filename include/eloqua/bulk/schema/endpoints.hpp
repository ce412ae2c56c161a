// SPDX-License-Identifier: BSL-1.0
/// \file
/// The table of endpoints: the one place that knows methods, paths, documents and statuses.
#pragma once

#include <eloqua/bulk/schema/documents.hpp>
#include <eloqua/bulk/schema/path.hpp>
#include <eloqua/bulk/wire/verb.hpp>

#include <algorithm>
#include <array>
#include <string_view>
#include <tuple>

namespace eloqua::bulk {

/// What an endpoint's path is relative to.
enum class scope : unsigned char {
    service, ///< the bulk base: "/syncs"
    entity,  ///< an entity's `base_path()`: "/exports" of "/contacts"
};

/// Whether a request may be made again when its outcome is unknown, as after a connection that was
/// lost once the request was sent. The service knows no idempotency keys.
enum class repetition : unsigned char {
    safe,        ///< reads: repeat
    idempotent,  ///< repeat; 404 to a repeated DELETE is success
    findable,    ///< what it makes can be looked for
    abandonable, ///< what it changes can be thrown away and made anew
};

/// What `limit` and `offset` mean to an endpoint.
enum class paging : unsigned char { none, list, rows };

/// Stands for "no document" in the table.
struct nothing {};
/// Stands for rows of the caller's type in the table.
struct rows {};

/// One row of the table. `Result` is the document of the answer, `Body` that of the request.
template <verb Method, scope Scope, fixed_string Path, class Body, class Result,
          repetition Repetition, paging Paging, int... Statuses>
struct endpoint {
    using path_type = bulk::path<Path>;
    using body_type = Body;
    using result_type = Result;
    static constexpr verb method = Method;
    static constexpr bulk::scope relative_to = Scope;
    static constexpr std::string_view path = Path.view();
    static constexpr bulk::repetition repetition = Repetition;
    static constexpr bulk::paging paging = Paging;
    static constexpr std::array<int, sizeof...(Statuses)> success{Statuses...};
    static constexpr bool succeeds(int status) {
        return std::ranges::find(success, status) != success.end();
    }
};

namespace endpoints {

// clang-format off
using list_exports       = endpoint<verb::get,     scope::entity,  "/exports",           nothing,           page<export_definition>, repetition::safe,        paging::list, 200>;
using create_export      = endpoint<verb::post,    scope::entity,  "/exports",           export_definition, export_definition,       repetition::findable,    paging::none, 201>;
using read_export        = endpoint<verb::get,     scope::entity,  "/exports/{id}",      nothing,           export_definition,       repetition::safe,        paging::none, 200>;
using replace_export     = endpoint<verb::put,     scope::entity,  "/exports/{id}",      export_definition, export_definition,       repetition::idempotent,  paging::none, 200>;
using delete_export      = endpoint<verb::delete_, scope::entity,  "/exports/{id}",      nothing,           nothing,                 repetition::idempotent,  paging::none, 204>;
using delete_export_data = endpoint<verb::delete_, scope::entity,  "/exports/{id}/data", nothing,           nothing,                 repetition::idempotent,  paging::none, 204>;

using list_imports       = endpoint<verb::get,     scope::entity,  "/imports",           nothing,           page<import_definition>, repetition::safe,        paging::list, 200>;
using create_import      = endpoint<verb::post,    scope::entity,  "/imports",           import_definition, import_definition,       repetition::findable,    paging::none, 201>;
using read_import        = endpoint<verb::get,     scope::entity,  "/imports/{id}",      nothing,           import_definition,       repetition::safe,        paging::none, 200>;
using replace_import     = endpoint<verb::put,     scope::entity,  "/imports/{id}",      import_definition, import_definition,       repetition::idempotent,  paging::none, 200>;
using delete_import      = endpoint<verb::delete_, scope::entity,  "/imports/{id}",      nothing,           nothing,                 repetition::idempotent,  paging::none, 204>;
using push_import_data   = endpoint<verb::post,    scope::entity,  "/imports/{id}/data", rows,              sync,                    repetition::abandonable, paging::none, 204, 201>;
using delete_import_data = endpoint<verb::delete_, scope::entity,  "/imports/{id}/data", nothing,           nothing,                 repetition::idempotent,  paging::none, 204>;

using list_fields        = endpoint<verb::get,     scope::entity,  "/fields",            nothing,           page<field_definition>,  repetition::safe,        paging::list, 200>;
using read_field         = endpoint<verb::get,     scope::entity,  "/fields/{id}",       nothing,           field_definition,        repetition::safe,        paging::none, 200>;

using list_syncs         = endpoint<verb::get,     scope::service, "/syncs",             nothing,           page<sync>,              repetition::safe,        paging::list, 200>;
using create_sync        = endpoint<verb::post,    scope::service, "/syncs",             sync,              sync,                    repetition::findable,    paging::none, 201>;
using read_sync          = endpoint<verb::get,     scope::service, "/syncs/{id}",        nothing,           sync,                    repetition::safe,        paging::none, 200>;
using read_sync_data     = endpoint<verb::get,     scope::service, "/syncs/{id}/data",   nothing,           rows,                    repetition::safe,        paging::rows, 200>;
using delete_sync_data   = endpoint<verb::delete_, scope::service, "/syncs/{id}/data",   nothing,           nothing,                 repetition::idempotent,  paging::none, 204>;
using list_sync_logs     = endpoint<verb::get,     scope::service, "/syncs/{id}/logs",   nothing,           page<sync_log>,          repetition::safe,        paging::list, 200>;
using list_sync_rejects  = endpoint<verb::get,     scope::service, "/syncs/{id}/rejects",nothing,           page<sync_reject>,       repetition::safe,        paging::list, 200>;
// clang-format on

/// The endpoints of one kind of definitions.
struct exports {
    using document = export_definition;
    using list = list_exports;
    using create = create_export;
    using read = read_export;
    using replace = replace_export;
    using remove = delete_export;
    using remove_data = delete_export_data;
};
struct imports {
    using document = import_definition;
    using list = list_imports;
    using create = create_import;
    using read = read_import;
    using replace = replace_import;
    using remove = delete_import;
    using remove_data = delete_import_data;
};

/// The whole table.
using all = std::tuple<list_exports, create_export, read_export, replace_export, delete_export,
                       delete_export_data, list_imports, create_import, read_import, replace_import,
                       delete_import, push_import_data, delete_import_data, list_fields, read_field,
                       list_syncs, create_sync, read_sync, read_sync_data, delete_sync_data,
                       list_sync_logs, list_sync_rejects>;

} // namespace endpoints

} // namespace eloqua::bulk
