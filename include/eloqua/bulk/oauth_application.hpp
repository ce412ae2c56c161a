// SPDX-License-Identifier: BSL-1.0
/// \file
/// A client application as registered with Eloqua, its users' consent, and the exchange of a code,
/// a password or a refresh token for tokens.
#pragma once

#include <eloqua/bulk/credentials.hpp>
#include <eloqua/bulk/detail/config.hpp>
#include <eloqua/bulk/detail/http/endpoint_call.hpp>
#include <eloqua/bulk/detail/text/ascii.hpp>
#include <eloqua/bulk/detail/text/shown.hpp>
#include <eloqua/bulk/endpoints.hpp>
#include <eloqua/bulk/error.hpp>
#include <eloqua/bulk/flow.hpp>
#include <eloqua/bulk/http.hpp>
#include <eloqua/bulk/login.hpp>
#include <eloqua/bulk/operation.hpp>
#include <eloqua/bulk/options.hpp>
#include <eloqua/bulk/token_store.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace eloqua::bulk {

/// An application that acts for users: its registration, and the login service it uses.
struct oauth_application {
    std::string client_id;      ///< as registered
    std::string client_secret;  ///< as registered
    std::string redirect_uri;   ///< exactly as registered
    std::string scope = "full"; ///< what the tokens may be used for
    /// The origin of the login service.
    std::string login_origin = "https://login.eloqua.com";
    /// Sends token requests as JSON instead of a form. Existing clients of the service use either.
    bool json_requests = false;
    /// Allows http:// to a login service on another machine. Secrets can then be read on the
    /// network.
    bool allow_http = false;

    /// With the default scope and login service.
    oauth_application(std::string registered_id, std::string secret, std::string redirect)
        : client_id(std::move(registered_id)), client_secret(std::move(secret)),
          redirect_uri(std::move(redirect)) {}

    /// URL of an endpoint of the login service. Error: `errc::invalid_argument` for an origin that
    /// is not a URL, or for http to another machine without `allow_http`.
    template <class Endpoint>
    [[nodiscard]] result<url> url_of() const {
        result<url> at = parse_url(login_origin);
        if (!at)
            return at;
        if (!detail::may_get_credentials(at->at, allow_http))
            return failure(errc::invalid_argument,
                           "the login service at " + at->at.text() + " does not use https",
                           "use https, or set oauth_application::allow_http");
        while (at->target.ends_with('/'))
            at->target.pop_back();
        at->target += Endpoint::path;
        return at;
    }
};

/// The URL to open in the user's browser to obtain consent. `state`: any text, preferably one that
/// cannot be guessed; it comes back with the code. Errors: `errc::invalid_argument` for an empty
/// state, and those of `oauth_application::url_of`.
[[nodiscard]] inline result<std::string> authorization_url(oauth_application const& app,
                                                           std::string_view state) {
    result<url> const at = app.url_of<endpoints::authorize>();
    if (!at)
        return at.error();
    if (state.empty())
        return failure(errc::invalid_argument, "the state is empty",
                       "pass a text that cannot be guessed, and keep it until the user returns");
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

/// Decodes a part of a query.
inline std::string percent_decode(std::string_view text) {
    std::string value;
    for (std::size_t i = 0; i != text.size(); ++i) {
        std::optional<char> const byte = percent_at(text, i);
        value += byte.value_or(text[i] == '+' ? ' ' : text[i]);
        if (byte)
            i += 2;
    }
    return value;
}

/// The values, decoded, of all parameters of a query with this name.
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

/// Whether the user was redirected to the registered address: same scheme, host, port and path,
/// or, if only path and query are known, the same path. An address that is neither http nor https
/// must be the same text.
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

/// The authorization code in the URL, or path and query, that the user's browser was redirected
/// to. `state`: the text passed to `authorization_url`. Errors: `errc::not_authenticated` if the
/// user or the service refused, with its message; `errc::invalid_argument` if the address is not
/// the application's `redirect_uri`, if the state is empty, missing, repeated or different, as in
/// a link created by somebody else, or if there is no code or more than one.
[[nodiscard]] inline result<std::string> authorization_code(oauth_application const& app,
                                                            std::string_view redirected,
                                                            std::string_view state) {
    auto const refused = [](char const* why) {
        return failure(errc::invalid_argument, why,
                       "it is not the result of this consent request; start over");
    };
    redirected = redirected.substr(0, redirected.find('#'));
    if (!detail::comes_back_to(app.redirect_uri, redirected))
        return refused("the redirection goes to an address other than redirect_uri");
    std::size_t const mark = std::min(redirected.find('?'), redirected.size());
    std::string_view const query = redirected.substr(std::min(mark + 1, redirected.size()));
    std::vector<std::string> const states = detail::query_parameters(query, "state");
    if (states.size() > 1)
        return refused("the redirection has two states");
    if (state.empty() || states.empty() || states.front() != state)
        return refused(
            "the redirection has no state, or another one than authorization_url was given");
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

/// How tokens are requested and renewed.
struct oauth_options {
    /// How long before its expiry an access token is renewed; at most half its lifetime.
    clock::duration renew_before = std::chrono::minutes(5);
    /// How long an operation waits for a renewal by another client before it gives up.
    clock::duration patience = std::chrono::minutes(5);
    /// For token requests that were certainly not executed; others are not retried.
    retry_policy retry{4, std::chrono::seconds(1), std::chrono::seconds(20),
                       std::chrono::minutes(2)};
    /// Receives notifications of token requests; may be null.
    std::shared_ptr<bulk::observer> observer;
    std::optional<std::uint32_t> seed; ///< see `client_options`
    /// The current time, for the expiry of tokens; empty: the system clock.
    std::function<timestamp()> time_of_day;
};

namespace detail {

inline timestamp time_of_day(oauth_options const& o) {
    return o.time_of_day
               ? o.time_of_day()
               : std::chrono::floor<timestamp::duration>(std::chrono::system_clock::now());
}

inline constexpr char const* authorise_again =
    "the user must authorise again, by authorization_url and exchange_code";

/// Sends one token request.
ELOQUA_BULK_DECL flow<result<oauth_tokens>>
request_tokens(oauth_application app, oauth_options options, token_request wanted);

inline token_request refresh_request(oauth_application const& app, std::string refresh_token) {
    token_request wanted;
    wanted.grant_type = "refresh_token";
    wanted.refresh_token = std::move(refresh_token);
    wanted.redirect_uri = app.redirect_uri;
    if (!app.scope.empty())
        wanted.scope = app.scope;
    return wanted;
}

template <class Transport>
operation<oauth_tokens, Transport> token_operation(Transport transport, oauth_application app,
                                                   oauth_options options, token_request wanted) {
    return operation<oauth_tokens, Transport>(
        request_tokens(std::move(app), std::move(options), std::move(wanted)),
        std::make_shared<Transport>(std::move(transport)));
}

} // namespace detail

/// Exchanges an authorization code for tokens. Store them before anything else. A code is valid
/// for a short time and works only once.
///
/// Blocking or asynchronous, depending on the transport. Errors: `errc::not_authenticated` if code
/// or application are refused; `errc::outcome_unknown` if the response is lost, since the code may
/// then be used up: it is never sent twice automatically.
template <class Transport>
[[nodiscard]] operation<oauth_tokens, Transport>
exchange_code(Transport transport, oauth_application app, std::string code,
              detail::argument<oauth_options, Transport> options =
                  detail::argument<oauth_options, Transport>()) {
    token_request wanted;
    wanted.grant_type = "authorization_code";
    wanted.code = std::move(code);
    wanted.redirect_uri = app.redirect_uri;
    return detail::token_operation(std::move(transport), std::move(app), std::move(options),
                                   std::move(wanted));
}

/// Exchanges a user's password for tokens. Otherwise like `exchange_code`.
template <class Transport>
[[nodiscard]] operation<oauth_tokens, Transport>
exchange_password(Transport transport, oauth_application app, std::string const& company,
                  std::string const& user, std::string password,
                  detail::argument<oauth_options, Transport> options =
                      detail::argument<oauth_options, Transport>()) {
    token_request wanted;
    wanted.grant_type = "password";
    wanted.username = company + '\\' + user;
    wanted.password = std::move(password);
    if (!app.scope.empty())
        wanted.scope = app.scope;
    return detail::token_operation(std::move(transport), std::move(app), std::move(options),
                                   std::move(wanted));
}

/// Exchanges a refresh token for new tokens, for callers who manage tokens themselves. A client
/// with `oauth_credentials` does this automatically. If the response has no refresh token, that of
/// the result is empty: the old one stays valid. Otherwise like `exchange_code`.
template <class Transport>
[[nodiscard]] operation<oauth_tokens, Transport>
refresh_tokens(Transport transport, oauth_application app, std::string refresh_token,
               detail::argument<oauth_options, Transport> options =
                   detail::argument<oauth_options, Transport>()) {
    token_request wanted = detail::refresh_request(app, std::move(refresh_token));
    return detail::token_operation(std::move(transport), std::move(app), std::move(options),
                                   std::move(wanted));
}

} // namespace eloqua::bulk

#ifndef ELOQUA_BULK_SEPARATE_COMPILATION
#include <eloqua/bulk/detail/http/token_source.hpp>
#endif
