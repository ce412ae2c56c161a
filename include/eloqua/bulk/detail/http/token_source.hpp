// SPDX-License-Identifier: BSL-1.0
/// \file
/// Requests OAuth tokens. Compiled by each unit that includes `oauth.hpp`, or once per program, see
/// `eloqua/bulk/src.hpp`.
#pragma once

#include <eloqua/bulk/credentials.hpp>
#include <eloqua/bulk/detail/codec/bounded_json.hpp>
#include <eloqua/bulk/detail/config.hpp>
#include <eloqua/bulk/detail/http/endpoint_call.hpp>
#include <eloqua/bulk/detail/http/exchange.hpp>
#include <eloqua/bulk/detail/http/session.hpp>
#include <eloqua/bulk/document_json.hpp>
#include <eloqua/bulk/endpoints.hpp>
#include <eloqua/bulk/flow.hpp>
#include <eloqua/bulk/login.hpp>
#include <eloqua/bulk/oauth_application.hpp>
#include <eloqua/bulk/options.hpp>
#include <eloqua/bulk/token_store.hpp>

#include <boost/describe/members.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <boost/mp11/algorithm.hpp>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace eloqua::bulk::detail {

/// Authenticates the client as the service documents it: by HTTP Basic.
class client_authentication {
public:
    explicit client_authentication(oauth_application const& app)
        : value_(basic_authorization(app.client_id, app.client_secret)) {}
    flow<result<std::string>> authorization() { co_return value_; }
    flow<result<bool>> renew(std::string) { co_return false; }

private:
    result<std::string> value_;
};

/// As `application/x-www-form-urlencoded`.
inline std::string write_form(token_request const& wanted) {
    std::string form;
    boost::mp11::mp_for_each<
        boost::describe::describe_members<token_request, boost::describe::mod_public>>(
        [&](auto member) {
            std::optional<std::string> const value = wanted.*member.pointer;
            if (value)
                append_parameter(form, member.name, *value);
        });
    return form.substr(1); // without '?'
}

/// The parts of a request that must never be shown.
inline std::vector<std::string> secrets_of(oauth_application const& app,
                                           token_request const& wanted) {
    std::vector<std::string> all{app.client_secret};
    for (auto const* each : {&wanted.code, &wanted.refresh_token, &wanted.password})
        if (*each)
            all.push_back(**each);
    return all;
}

/// Reads tokens from a successful response. The code or token that was exchanged is used up by
/// then, so every usable response is accepted. Error: `errc::malformed_response`, without the body,
/// which has tokens.
inline result<oauth_tokens> read_tokens(std::string_view body, timestamp asked) {
    error_code ec;
    bounded_json json(body, document_memory);
    if (json.wrong())
        return failure(errc::malformed_response, "the response is not JSON");
    boost::json::value& v = json.value();
    if (auto* const life = v.is_object() ? v.get_object().if_contains("expires_in") : nullptr) {
        std::int64_t seconds = 0;
        if (life->is_string()) {
            std::string_view const text = life->get_string();
            std::from_chars(text.data(), text.data() + text.size(), seconds);
        } else {
            seconds = life->to_number<std::int64_t>(ec);
        }
        constexpr std::int64_t ten_years = 3650LL * 24 * 3600;
        *life = nullptr;
        if (!ec && seconds > 0)
            *life = std::min(seconds, ten_years);
    }
    token_response said;
    if (auto const wrong = json_codec<token_response>::read(v, said))
        return failure(errc::malformed_response, wrong->path + ": " + wrong->what);
    if (said.token_type && !iequals(*said.token_type, "bearer"))
        return failure(errc::malformed_response, "the tokens are not bearer tokens");
    bool const fits_header = std::ranges::all_of(
        said.access_token, [](unsigned char c) { return c > 0x20 && c < 0x7f; });
    if (said.access_token.empty() || !fits_header)
        return failure(errc::malformed_response, "access_token: is not a token");
    oauth_tokens tokens;
    tokens.access_token = std::move(said.access_token);
    tokens.refresh_token = said.refresh_token.value_or("");
    if (said.expires_in)
        tokens.expires_at = asked + std::chrono::seconds(*said.expires_in);
    return tokens;
}

/// Explains the failure of a token request in terms of its purpose.
inline failure explain(failure why, token_request const& wanted) {
    bool const by_code = wanted.code.has_value();
    bool const by_password = wanted.password.has_value();
    std::string const what = by_code       ? "authorization code"
                             : by_password ? "password"
                                           : "refresh token";
    std::string_view const words = why.info.server;
    std::string_view const error = words.substr(0, words.find(':'));
    if (why.code.category() == http_category()) {
        if (error == "invalid_grant") {
            why.code = make_error_code(errc::not_authenticated);
            why.info.detail = by_password ? "user name or password is wrong"
                                          : "the " + what + " is spent, expired or revoked";
            if (by_code)
                why.info.detail += ", or was issued for another redirect_uri";
            why.info.advice = by_password ? "check company, user and password" : authorise_again;
        } else if (error == "invalid_client" || why.info.status == 401) {
            why.code = make_error_code(errc::not_authenticated);
            why.info.detail = "the login service does not accept the application";
            why.info.advice = "check client_id and client_secret of oauth_application";
        } else if (error == "unauthorized_client" || error == "unsupported_grant_type") {
            why.info.advice =
                "the application may not log in by " + what + "; see its registration";
        } else if (error == "invalid_scope") {
            why.info.advice = "check scope of oauth_application";
        }
        return why;
    }
    bool const lost = is_among(
        why.code, {errc::outcome_unknown, errc::malformed_response, errc::response_too_large});
    if (lost && !by_password) {
        why.info.detail += (why.info.detail.empty() ? "the " : "; the ") + what +
                           " may be spent, and the tokens issued for it lost";
        why.info.advice = std::string("try again; if it is then refused, ") + authorise_again;
    }
    return why;
}

ELOQUA_BULK_DECL flow<result<oauth_tokens>>
request_tokens(oauth_application app, oauth_options options, token_request wanted) {
    result<url> const to = app.url_of<endpoints::request_tokens>();
    if (!to)
        co_return to.error();
    if (std::string wrong = misuse_of(options.retry); !wrong.empty())
        co_return failure(errc::invalid_argument, std::move(wrong));
    std::string const body = app.json_requests ? write_document(wanted) : write_form(wanted);
    std::vector<std::string> const secrets = secrets_of(app, wanted);
    endpoint_call ask = endpoint_call::of<endpoints::request_tokens>(std::string(), body);
    ask.to = *to;
    if (!app.json_requests)
        ask.content_type = "application/x-www-form-urlencoded";
    ask.secrets = secrets;
    ask.response_has_secrets = true;
    ask.shielded = true;
    client_options how;
    how.retry = options.retry;
    how.document_bytes = 64 * 1024;
    how.observer = options.observer;
    how.seed = options.seed;
    how.allow_http = app.allow_http;
    session own(client_authentication(app), std::move(how));
    timestamp const asked = time_of_day(options);
    exchange<session> asking(own, login_channel, ask);
    result<response_body> const got = co_await asking.fetch();
    co_await io_request::release(login_channel);
    if (!got)
        co_return explain(got.error(), wanted);
    result<oauth_tokens> tokens = read_tokens(got->body, asked);
    if (tokens)
        co_return tokens;
    failure why = tokens.error();
    why.info.request = got->line;
    why.info.status = 200;
    co_return explain(std::move(why), wanted);
}

} // namespace eloqua::bulk::detail
