// SPDX-License-Identifier: BSL-1.0
/// \file
/// An endpoint of the table, called: documents in, documents out.
#pragma once

#include <eloqua/bulk/client/exchange.hpp>
#include <eloqua/bulk/codec/json.hpp>
#include <eloqua/bulk/schema/endpoints.hpp>

#include <concepts>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

namespace eloqua::bulk {

namespace detail {

template <class Endpoint>
struct answer_of {
    using type = typename Endpoint::result_type;
};
template <class Endpoint>
    requires std::same_as<typename Endpoint::result_type, nothing>
struct answer_of<Endpoint> {
    using type = void;
};
/// Pushes answer with a sync only if the definition starts one by itself.
template <class Endpoint>
    requires std::same_as<typename Endpoint::body_type, rows>
struct answer_of<Endpoint> {
    using type = std::optional<sync>;
};

template <class T>
result<T> read_answer(exchange const& made, std::string const& body) {
    if constexpr (std::is_void_v<T>) {
        return result<T>();
    } else {
        if constexpr (std::same_as<T, std::optional<sync>>)
            if (body.find_first_not_of(" \t\r\n") == body.npos)
                return T();
        auto document = [&] {
            if constexpr (std::same_as<T, std::optional<sync>>)
                return parse_document<sync>(body);
            else
                return parse_document<T>(body);
        }();
        if (document)
            return T(std::move(*document));
        failure why = document.error();
        why.info.request = made.line();
        why.info.attempts = made.attempts();
        why.info.server = shorten(body);
        return why;
    }
}

} // namespace detail

/// What calling an endpoint results in.
template <class Endpoint>
using answer_t = typename detail::answer_of<Endpoint>::type;

/// Calls an endpoint. `path` is relative to the bulk base, with its query; errors in making it come
/// out again. `body` must stay until the flow is done. `s` must outlive the flow.
template <class Endpoint>
[[nodiscard]] flow<result<answer_t<Endpoint>>>
perform(session& s, slot on, result<std::string> path, std::string_view body = {},
        std::string_view content_type = "application/json") {
    if (!path)
        co_return path.error();
    call what = call::of<Endpoint>(std::move(*path), body);
    what.content_type = content_type;
    exchange made(s, on, what);
    result<std::string> const answer = co_await made.fetch();
    if (!answer)
        co_return answer.error();
    co_return detail::read_answer<answer_t<Endpoint>>(made, *answer);
}

/// The path of an endpoint below an entity's (or, for `scope::service`, an empty) base, with ids.
template <class Endpoint, std::same_as<id>... Ids>
[[nodiscard]] result<std::string> path_of(result<std::string> base, Ids... ids) {
    if (!base)
        return base;
    result<std::string> rest = Endpoint::path_type::expand(ids...);
    if (rest)
        rest->insert(0, *base);
    return rest;
}

} // namespace eloqua::bulk
