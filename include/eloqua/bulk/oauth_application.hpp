// SPDX-License-Identifier: BSL-1.0
/// \file
/// A client application as it is registered with Eloqua, and the way of its users' consent.
#pragma once

#include <eloqua/bulk/credentials.hpp>
#include <eloqua/bulk/detail/http/call.hpp>
#include <eloqua/bulk/detail/text/ascii.hpp>
#include <eloqua/bulk/detail/text/shown.hpp>
#include <eloqua/bulk/endpoints.hpp>
#include <eloqua/bulk/error.hpp>
#include <eloqua/bulk/http.hpp>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

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
    /// is not a URL, or http to another machine without `allow_http`.
    template <class Endpoint>
    [[nodiscard]] result<url> url_of() const {
        result<url> at = parse_url(login_origin);
        if (!at)
            return at;
        if (!detail::may_get_credentials(at->at, allow_http))
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
/// guessed, which comes back with the code. Errors: `errc::invalid_argument` for an empty state,
/// and those of `oauth_application::url_of`.
[[nodiscard]] inline result<std::string> authorization_url(oauth_application const& app,
                                                           std::string_view state) {
    result<url> const at = app.url_of<endpoints::authorize>();
    if (!at)
        return at.error();
    if (state.empty())
        return failure(errc::invalid_argument, "the state is empty",
                       "give a text that cannot be guessed, and keep it until the user comes back");
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

/// A part of a query, decoded.
inline std::string percent_decode(std::string_view text) {
    std::string value;
    for (std::size_t i = 0; i != text.size(); ++i) {
        std::optional<char> const byte = percent_at(text, i);
        value += byte.value_or(text[i] == '+' ? ' ' : text[i]);
        i += byte ? 2 : 0;
    }
    return value;
}

/// The parameters of a query that have this name, decoded.
inline std::vector<std::string> query_parameters(std::string_view query, std::string_view name) {
    std::vector<std::string> values;
    while (!query.empty()) {
        std::string_view const part = query.substr(0, query.find('&'));
        query.remove_prefix(std::min(part.size() + 1, query.size()));
        std::string_view const key = part.substr(0, part.find('='));
        if (percent_decode(key) == name)
            values.push_back(percent_decode(part.substr(std::min(key.size() + 1, part.size()))));
    }
    return values;
}

/// Whether a user came back to where the application is registered: at the same scheme, host, port
/// and path, or, where only path and query are known, at the same path. An address that is neither
/// of http nor of https must be the same text.
inline bool comes_back_to(std::string_view registered, std::string_view redirected) {
    auto const path_of = [](std::string_view target) { return target.substr(0, target.find('?')); };
    result<url> const wanted = parse_url(registered);
    if (!wanted)
        return path_of(registered) == path_of(redirected);
    if (redirected.starts_with('/'))
        return path_of(wanted->target) == path_of(redirected);
    result<url> const came = parse_url(redirected);
    return came && came->at.scheme == wanted->at.scheme && came->at.port == wanted->at.port &&
           iequals(came->at.host, wanted->at.host) &&
           path_of(came->target) == path_of(wanted->target);
}

} // namespace detail

/// The authorization code in the URL, or path and query, to which the user's browser was sent back.
/// `state`: what `authorization_url` was given. Errors: `errc::not_authenticated` if the user
/// refused, or in the service's words; `errc::invalid_argument` if the address is not the
/// application's `redirect_uri`, if the state is empty, missing, doubled or another, as when
/// somebody else made the link, or if there is no code, or more than one.
[[nodiscard]] inline result<std::string> authorization_code(oauth_application const& app,
                                                            std::string_view redirected,
                                                            std::string_view state) {
    auto const refused = [](char const* why) {
        return failure(errc::invalid_argument, why,
                       "it does not answer this request for consent; begin anew");
    };
    redirected = redirected.substr(0, redirected.find('#'));
    if (!detail::comes_back_to(app.redirect_uri, redirected))
        return refused("the redirection is to another address than redirect_uri");
    std::size_t const mark = std::min(redirected.find('?'), redirected.size());
    std::string_view const query = redirected.substr(std::min(mark + 1, redirected.size()));
    std::vector<std::string> const states = detail::query_parameters(query, "state");
    if (states.size() > 1)
        return refused("the redirection has two states");
    if (state.empty() || states.empty() || states.front() != state)
        return refused("the redirection has another state");
    std::vector<std::string> const errors = detail::query_parameters(query, "error");
    if (!errors.empty())
        return failure(errc::not_authenticated,
                       "the login service says: " + detail::shown(errors.front()),
                       errors.front() == "access_denied" ? "the user has not consented" : "");
    std::vector<std::string> codes = detail::query_parameters(query, "code");
    if (codes.size() > 1)
        return refused("the redirection has two codes");
    if (codes.empty() || codes.front().empty())
        return failure(errc::invalid_argument, "the redirection has no code");
    return std::move(codes.front());
}

} // namespace eloqua::bulk
