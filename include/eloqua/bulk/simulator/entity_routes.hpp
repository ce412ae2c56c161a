// SPDX-License-Identifier: BSL-1.0
/// \file
/// Entities as the service's router sees them, drawn from the list of entities.
#pragma once

#include <eloqua/bulk/schema/endpoints.hpp>
#include <eloqua/bulk/schema/entity.hpp>
#include <eloqua/bulk/schema/path.hpp>
#include <eloqua/bulk/simulator/router.hpp>

#include <boost/mp11/algorithm.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace eloqua::bulk::simulation {

/// What the paths of an entity begin with, and what follows from it.
struct entity_route {
    std::string path_template; ///< "/customObjects/{parentId}"
    std::size_t segments = 0;
    std::int64_t export_data_limit = 0; ///< rows per request of the data of an export definition
    std::string_view fields_parameter;  ///< that narrows the list of fields; empty for none
    bool (*offers)(scope) = nullptr;

    /// Whether the path is the entity's own, up to what it offers. What stands for its id, if it
    /// has one, goes to `parent`.
    bool begins(std::vector<std::string> const& path, std::string_view& parent) const {
        return path.size() > segments && fits(path_template, path, 0, segments, parent);
    }
    /// "/customObjects/172"; the template itself if the entity has no id.
    std::string path(id parent) const {
        std::size_t const brace = path_template.find('{');
        return brace == std::string::npos ? path_template
                                          : path_template.substr(0, brace) + std::to_string(parent);
    }
    bool has_parent() const { return path_template.ends_with('}'); }
};

template <entity E>
entity_route make_route() {
    constexpr bool numbered = std::is_constructible_v<E, id>;
    entity_route made;
    if constexpr (numbered) {
        std::string const one = E(id(1)).base_path().value();
        made.path_template = one.substr(0, one.rfind('/')) + "/{parentId}";
    } else {
        made.path_template = E().base_path().value();
    }
    for (char const c : made.path_template)
        made.segments += c == '/';
    made.export_data_limit = export_data_limit_of<E>;
    if constexpr (requires { E::fields_parameter; })
        made.fields_parameter = E::fields_parameter;
    made.offers = &bulk::offers<E>;
    return made;
}

inline std::vector<entity_route> const& entity_routes() {
    static std::vector<entity_route> const all = [] {
        std::vector<entity_route> routes;
        using entities = boost::mp11::mp_transform<std::type_identity, all_entities>;
        boost::mp11::mp_for_each<entities>(
            [&](auto each) { routes.push_back(make_route<typename decltype(each)::type>()); });
        return routes;
    }();
    return all;
}

} // namespace eloqua::bulk::simulation
