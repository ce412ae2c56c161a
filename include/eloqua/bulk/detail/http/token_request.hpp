// SPDX-License-Identifier: BSL-1.0
/// \file
/// The token endpoint: what a code, a password or a refresh token is worth.
#pragma once

#include <eloqua/bulk/detail/config.hpp>
#include <eloqua/bulk/detail/http/flow.hpp>
#include <eloqua/bulk/login.hpp>
#include <eloqua/bulk/oauth_application.hpp>
#include <eloqua/bulk/operation.hpp>
#include <eloqua/bulk/options.hpp>
#include <eloqua/bulk/token_store.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace eloqua::bulk {

/// How tokens are asked for and renewed.
struct oauth_options {
    /// How long before its end an access token is renewed; half its life at most.
    clock::duration renew_before = std::chrono::minutes(5);
    /// How long an operation waits for a renewal by somebody else before it gives up.
    clock::duration patience = std::chrono::minutes(5);
    /// For token requests that were surely not carried out; the others are not made again.
    retry_policy retry{4, std::chrono::seconds(1), std::chrono::seconds(20),
                       std::chrono::minutes(2)};
    /// Told of token requests; may be empty.
    std::shared_ptr<bulk::observer> observer;
    std::optional<std::uint32_t> seed; ///< see `client_options`
    /// The time of day, by which the ends of tokens are kept; empty for the machine's.
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

/// Makes one token request.
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

/// Trades an authorization code for tokens, which the caller stores before anything else. A code is
/// good for a short time and works once.
///
/// Blocking or asynchronous, as the transport is. Errors: `errc::not_authenticated` if code or
/// application is refused; `errc::outcome_unknown` if the answer is lost, since the code may then
/// be spent: it is never sent twice by itself.
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

/// Trades a user's password for tokens. Otherwise like `exchange_code`.
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

/// Trades a refresh token for new tokens. For those who keep tokens by themselves; a client with
/// `oauth_credentials` does it when it is due. An answer without a refresh token leaves that of the
/// result empty: the old one stays good. Otherwise like `exchange_code`.
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
