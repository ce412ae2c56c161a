// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <eloqua/bulk/client/call.hpp>
#include <eloqua/bulk/client/list_query.hpp>
#include <eloqua/bulk/error.hpp>
#include <eloqua/bulk/schema/endpoints.hpp>
#include <eloqua/bulk/schema/entity.hpp>

#include <string>

namespace eloqua::bulk::detail {

/// Where the fields of an entity are listed: of activities and campaigns of one type, those that it
/// has.
template <has_field_list E>
result<std::string> fields_path(E const& of) {
    result<std::string> path = path_of<endpoints::list_fields>(of.base_path());
    if constexpr (requires { of.fields_argument(); })
        if (std::string const narrowed = of.fields_argument(); path && !narrowed.empty()) {
            std::string query;
            append_parameter(query, E::fields_parameter, narrowed);
            *path += query;
        }
    return path;
}

/// The same; empty if there is no such place.
template <entity E>
std::string fields_path_or_none(E const& of) {
    if constexpr (has_field_list<E>)
        if (result<std::string> path = fields_path(of))
            return *path;
    return {};
}

} // namespace eloqua::bulk::detail
