// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <eloqua/bulk/simulator/answers.hpp>
#include <eloqua/bulk/simulator/entity_routes.hpp>
#include <eloqua/bulk/simulator/fault.hpp>
#include <eloqua/bulk/simulator/router.hpp>
#include <eloqua/bulk/simulator/store.hpp>
#include <eloqua/bulk/wire/http.hpp>

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace eloqua::bulk::simulation {

/// "text/csv" of "Text/CSV; charset=utf-8", what a request says its body is.
inline std::string media_type(request const& q) {
    std::string_view const type = q.fields.find("Content-Type").value_or("");
    std::string kind = folded(type.substr(0, type.find(';')));
    kind.erase(kind.find_last_not_of(' ') + 1);
    return kind;
}

/// A request at its endpoint.
struct call {
    request const& q;
    request_target& target;
    std::string user;                     ///< empty: there is none with these credentials
    entity_route const* entity = nullptr; ///< of an endpoint relative to an entity
    table* of = nullptr;                  ///< the entity's
    std::string_view parent = {};         ///< in place of the entity's `{parentId}`
    std::string_view number = {};         ///< in place of `{id}`
    std::int64_t id = 0;                  ///< the same, read
    fault const* injected = nullptr;      ///< of the plan, for this request

    /// Parses a body that must be an object. The refusal, if it is not.
    std::optional<response> read_object(boost::json::object& into) const {
        boost::system::error_code ec;
        boost::json::value v = boost::json::parse(q.body, ec);
        if (ec)
            return documented(400, reasons::parsing_error);
        if (!v.is_object())
            return documented(400, reasons::serialization_error);
        into = std::move(v.get_object());
        return std::nullopt;
    }
};

/// Names an endpoint of the table in overloads.
template <class Endpoint>
using to = std::type_identity<Endpoint>;

} // namespace eloqua::bulk::simulation
