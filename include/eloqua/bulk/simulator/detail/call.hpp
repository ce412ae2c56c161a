// SPDX-License-Identifier: BSL-1.0
/// \file
/// Finds the endpoint for a request's target. Describes entities as the service's router sees them,
/// based on the list of entities.
#pragma once

#include <eloqua/bulk/endpoints.hpp>
#include <eloqua/bulk/entity.hpp>
#include <eloqua/bulk/http.hpp>
#include <eloqua/bulk/simulator/detail/answers.hpp>
#include <eloqua/bulk/simulator/detail/store.hpp>
#include <eloqua/bulk/simulator/detail/values.hpp>
#include <eloqua/bulk/simulator/fault.hpp>

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <boost/mp11/algorithm.hpp>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace eloqua::bulk::simulation {

struct service_state;

/// Decodes percent-encoding; leaves invalid sequences unchanged.
inline std::string percent_decoded(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i != text.size(); ++i) {
        unsigned code = 0;
        if (text[i] == '%' && i + 2 < text.size()) {
            auto const end = text.data() + i + 3;
            auto const read = std::from_chars(text.data() + i + 1, end, code, 16);
            if (read.ec == std::errc() && read.ptr == end) {
                out += static_cast<char>(code);
                i += 2;
                continue;
            }
        }
        out += text[i];
    }
    return out;
}

/// The parts of a request's target. Double slashes and a bare '?' are ignored.
struct request_target {
    std::vector<std::string> path;
    std::vector<std::pair<std::string, std::string>> query;

    explicit request_target(std::string_view target) {
        std::size_t const mark = target.find('?');
        for_each_part(target.substr(0, mark), '/',
                      [&](std::string_view part) { path.push_back(percent_decoded(part)); });
        if (mark == target.npos)
            return;
        for_each_part(target.substr(mark + 1), '&', [&](std::string_view part) {
            std::size_t const equals = part.find('=');
            std::string value(equals == part.npos ? "" : part.substr(equals + 1));
            for (char& c : value)
                if (c == '+')
                    c = ' ';
            query.emplace_back(percent_decoded(part.substr(0, equals)), percent_decoded(value));
        });
    }
    std::optional<std::string_view> parameter(std::string_view name) const {
        for (auto const& each : query)
            if (detail::iequals(each.first, name))
                return each.second;
        return std::nullopt;
    }

private:
    template <class F>
    static void for_each_part(std::string_view text, char separator, F f) {
        while (!text.empty()) {
            std::size_t const end = std::min(text.find(separator), text.size());
            if (end != 0)
                f(text.substr(0, end));
            text.remove_prefix(std::min(end + 1, text.size()));
        }
    }
};

/// Whether the segments from `from` to `to` match a path template, ignoring case. `id` gets the
/// segment in place of a parameter.
inline bool fits(std::string_view path_template, std::vector<std::string> const& path,
                 std::size_t from, std::size_t to, std::string_view& id) {
    while (!path_template.empty()) {
        path_template.remove_prefix(1); // the slash
        std::size_t const end = std::min(path_template.find('/'), path_template.size());
        std::string_view const wanted = path_template.substr(0, end);
        if (from == to)
            return false;
        if (wanted.front() == '{')
            id = path[from];
        else if (!detail::iequals(wanted, path[from]))
            return false;
        path_template.remove_prefix(end);
        ++from;
    }
    return from == to;
}

/// "parentId" of "/customObjects/{parentId}".
constexpr std::string_view parameter_of(std::string_view path_template) {
    std::size_t const open = path_template.find('{');
    return open == path_template.npos
               ? std::string_view()
               : path_template.substr(open + 1, path_template.find('}') - open - 1);
}

/// A positive integer, or empty.
inline std::optional<std::int64_t> parse_id(std::string_view text) {
    std::int64_t value = 0;
    return read_integer(text, value) && value > 0 ? std::optional(value) : std::nullopt;
}

/// The path of an entity and properties that depend on it.
struct entity_route {
    std::string path_template; ///< "/customObjects/{parentId}"
    std::size_t segments = 0;
    std::int64_t export_data_limit = 0; ///< rows per request for an export definition's data
    std::string_view fields_parameter;  ///< filters the list of fields; empty: none
    bool (*offers)(scope) = nullptr;

    /// Whether a path starts with the entity's own path. `parent` gets the entity's id, if it has
    /// one.
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

/// "text/csv" of "Text/CSV; charset=utf-8": the media type of a request's body.
inline std::string media_type(request const& q) {
    std::string_view const type = q.fields.find("Content-Type").value_or("");
    std::string kind = folded(type.substr(0, type.find(';')));
    kind.erase(kind.find_last_not_of(' ') + 1);
    return kind;
}

/// A request and its endpoint.
struct call {
    request const& q;
    request_target& target;
    std::string user;                     ///< empty: unknown credentials
    entity_route const* entity = nullptr; ///< if the endpoint is relative to an entity
    table* of = nullptr;                  ///< the entity's
    std::string_view parent = {};         ///< in place of the entity's `{parentId}`
    std::string_view number = {};         ///< in place of `{id}`
    std::int64_t id = 0;                  ///< `number` as an integer
    fault const* injected = nullptr;      ///< from the fault plan, for this request

    /// Parses a body that must be an object. Returns a refusal if it is not one.
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

/// Selects an overload by an endpoint of the table.
template <class Endpoint>
using to = std::type_identity<Endpoint>;

/// Combines the answers of these parts, each of which is constructed from the service's state.
template <class... Parts>
struct answers_of : Parts... {
    explicit answers_of(service_state& s) : Parts(s)... {}
    using Parts::answer...;
};

} // namespace eloqua::bulk::simulation
