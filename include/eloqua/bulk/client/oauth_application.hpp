// SPDX-License-Identifier: BSL-1.0
/// \file
/// A client application as it is registered with Eloqua, and the way of its users' consent.
#pragma once

#include <eloqua/bulk/client/list_query.hpp>
#include <eloqua/bulk/error.hpp>
#include <eloqua/bulk/schema/endpoints.hpp>
#include <eloqua/bulk/schema/shown.hpp>
#include <eloqua/bulk/wire/http.hpp>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace eloqua::bulk {

/// An application that acts for users: what it registered, and where it asks.
struct oauth_application {
    std::string client_id;
    std::string client_secret;
    std::string redirect_uri; ///< exactly as registered
    std::string scope = "full";
    /// Where the login service is.
    std::string login_origin = "https://login.eloqua.com";
    /// Token requests as JSON instead of a form. Clients of the service are known to use either.
    bool json_requests = false;
    /// Allows http:// to a login service on another machine: secrets can then be read on the way.
    bool allow_http = false;

    oauth_application(std::string registered_id, std::string secret, std::string redirect)
        : client_id(std::move(registered_id)), client_secret(std::move(secret)),
          redirect_uri(std::move(redirect)) {}

    /// URL of an endpoint of the login service. Error: `errc::invalid_argument` for an origin that
    /// is no URL, or http to another machine without `allow_http`.
    template <class Endpoint>
    [[nodiscard]] result<url> url_of() const {
        result<url> at = parse_url(login_origin);
        if (!at)
            return at;
        if (!at->at.secure() && !at->at.loopback() && !allow_http)
            return failure(errc::invalid_argument,
                           "the login service at " + at->at.text() + " is not reached by https",
                           "use https, or set oauth_application::allow_http");
        while (at->target.ends_with('/'))
            at->target.pop_back();
        at->target += Endpoint::path;
        return at;
    }
};

/// Where to send a user's browser, to consent. `state` is any text, best one that cannot be
/// guessed, which comes back with the code. Errors: those of `oauth_application::url_of`.
[[nodiscard]] inline result<std::string> authorization_url(oauth_application const& app,
                                                           std::string_view state) {
    result<url> const at = app.url_of<endpoints::authorize>();
    if (!at)
        return at.error();
    std::string query;
    detail::append_parameter(query, "response_type", "code");
    detail::append_parameter(query, "client_id", app.client_id);
    detail::append_parameter(query, "redirect_uri", app.redirect_uri);
    if (!app.scope.empty())
        detail::append_parameter(query, "scope", app.scope);
    detail::append_parameter(query, "state", state);
    return at->at.text() + at->target + query;
}

namespace detail {

/// A parameter of a query, decoded.
inline std::optional<std::string> query_parameter(std::string_view query, std::string_view name) {
    while (!query.empty()) {
        std::size_t const end = std::min(query.find('&'), query.size());
        std::string_view const part = query.substr(0, end);
        query.remove_prefix(std::min(end + 1, query.size()));
        std::size_t const equals = std::min(part.find('='), part.size());
        if (part.substr(0, equals) != name)
            continue;
        std::string_view const text = part.substr(std::min(equals + 1, part.size()));
        std::string value;
        for (std::size_t i = 0; i != text.size(); ++i) {
            unsigned code = 0;
            char const* const digits = text.data() + i + 1;
            if (text[i] == '%' && text.size() - i > 2 &&
                std::from_chars(digits, digits + 2, code, 16).ptr == digits + 2) {
                value += static_cast<char>(code);
                i += 2;
            } else {
                value += text[i] == '+' ? ' ' : text[i];
            }
        }
        return value;
    }
    return std::nullopt;
}

} // namespace detail

/// The authorization code in the URL, or path and query, to which the user's browser was sent back.
/// `state`: what `authorization_url` was given. Errors: `errc::not_authenticated` if the user
/// refused, or in the service's words; `errc::invalid_argument` if the state is another, as when
/// somebody else made the link, or there is no code.
[[nodiscard]] inline result<std::string> authorization_code(std::string_view redirected,
                                                            std::string_view state) {
    redirected = redirected.substr(0, redirected.find('#'));
    std::size_t const mark = redirected.find('?');
    std::string_view const query =
        mark == redirected.npos ? std::string_view() : redirected.substr(mark + 1);
    if (detail::query_parameter(query, "state").value_or("") != state)
        return failure(errc::invalid_argument, "the redirection has another state",
                       "it does not answer this request for consent; begin anew");
    if (auto const error = detail::query_parameter(query, "error"))
        return failure(errc::not_authenticated, "the login service says: " + detail::shown(*error),
                       *error == "access_denied" ? "the user has not consented" : "");
    auto code = detail::query_parameter(query, "code");
    if (!code || code->empty())
        return failure(errc::invalid_argument, "the redirection has no code");
    return std::move(*code);
}

} // namespace eloqua::bulk
