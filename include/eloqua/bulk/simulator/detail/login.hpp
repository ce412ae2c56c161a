// SPDX-License-Identifier: BSL-1.0
/// \file
/// The login service: identifies users, answers `/id`, and has endpoints outside of the bulk API.
/// Supports HTTP Basic and OAuth 2: authorization codes, passwords, and refresh tokens that work
/// once.
#pragma once

#include <eloqua/bulk/detail/text/ascii.hpp>
#include <eloqua/bulk/endpoints.hpp>
#include <eloqua/bulk/http.hpp>
#include <eloqua/bulk/login.hpp>
#include <eloqua/bulk/simulator/detail/answers.hpp>
#include <eloqua/bulk/simulator/detail/call.hpp>
#include <eloqua/bulk/simulator/detail/definition_checks.hpp>
#include <eloqua/bulk/simulator/detail/pages.hpp>
#include <eloqua/bulk/simulator/detail/state.hpp>

#include <boost/describe/members.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <boost/mp11/algorithm.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace eloqua::bulk::simulation {

/// "Basic Q29tcGFueVx1c2VyOnNlY3JldA==" for a name and a password.
inline std::string basic_authorization(std::string_view name, std::string_view password) {
    static constexpr std::string_view digits =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string text(name);
    text.append(":").append(password);
    std::string out = "Basic ";
    for (std::size_t i = 0; i < text.size(); i += 3) {
        std::uint32_t bits = 0;
        std::size_t const n = std::min<std::size_t>(3, text.size() - i);
        for (std::size_t k = 0; k != 3; ++k)
            bits = bits << 8 | (k < n ? static_cast<unsigned char>(text[i + k]) : 0u);
        for (std::size_t k = 0; k != 4; ++k)
            out += k <= n ? digits[bits >> (18 - 6 * k) & 63] : '=';
    }
    return out;
}

/// As above, for a user of a company.
inline std::string basic_authorization(std::string_view company, std::string_view user,
                                       std::string_view password) {
    return basic_authorization(std::string(company).append("\\").append(user), password);
}

/// Whether the value of an Authorization field has this scheme, ignoring case. `credentials` gets
/// the rest.
inline bool has_scheme(std::string_view sent, std::string_view scheme,
                       std::string_view& credentials) {
    std::size_t const space = std::min(sent.find(' '), sent.size());
    if (!detail::iequals(sent.substr(0, space), scheme))
        return false;
    sent.remove_prefix(space);
    sent.remove_prefix(std::min(sent.find_first_not_of(' '), sent.size()));
    credentials = sent;
    return true;
}

/// The value with the scheme spelled as in `basic_authorization`; empty for another scheme.
inline std::string as_basic(std::string_view sent) {
    std::string_view credentials;
    return has_scheme(sent, "Basic", credentials) ? "Basic " + std::string(credentials)
                                                  : std::string();
}

/// The user of a request, by password or access token; empty if the credentials are unknown.
inline std::string user_of(service_state const& state, request const& q) {
    auto const sent = q.fields.find("Authorization");
    if (!sent)
        return {};
    std::string_view credentials;
    if (has_scheme(*sent, "Bearer", credentials)) {
        auto const& tokens = state.oauth.access_tokens;
        auto const token = tokens.find(std::string(credentials));
        bool const good = token != tokens.end() && state.time.now() < token->second.ends;
        return good ? token->second.user : std::string();
    }
    auto const known = state.users.find(as_basic(*sent));
    return known == state.users.end() ? std::string() : known->second;
}

/// The response to `GET /id`; its status is 200 even for bad credentials.
inline response login(service_state const& state, request const& q) {
    std::string const user = user_of(state, q);
    if (user.empty())
        return json_answer(200, "\"Not authenticated.\"");
    std::string const base =
        detail::iequals(q.to.host, "login.eloqua.com") ? state.options.pod : q.to.text();
    std::string out = "{\"site\":{\"id\":" + std::to_string(state.options.site) + ",\"name\":";
    append_json(out, state.options.company);
    out += "},\"user\":{\"id\":87,\"username\":";
    append_json(out, user);
    out += ",\"displayName\":";
    append_json(out, user);
    out += ",\"firstName\":\"Pat\",\"lastName\":\"Rivera\",\"emailAddress\":"
           "\"pat.rivera@example.com\"},\"urls\":{\"base\":";
    append_json(out, base);
    auto url = [&](std::string_view before, std::string_view path) {
        out += before;
        append_json(out, base + std::string(path));
    };
    url(",\"apis\":{\"soap\":{\"standard\":", "/API/{version}/Service.svc");
    url(",\"dataTransfer\":", "/API/{version}/DataTransferService.svc");
    url(",\"email\":", "/API/{version}/EmailService.svc");
    url(",\"externalAction\":", "/API/{version}/ExternalActionService.svc");
    url("},\"rest\":{\"standard\":", "/API/REST/{version}/");
    url(",\"bulk\":", "/API/Bulk/{version}/");
    return json_answer(200, out + "}}}}");
}

class oauth_server {
public:
    explicit oauth_server(service_state& s) : state_(s) {}

    /// `GET /auth/oauth2/authorize`. Behaves as if the user had given consent on a page: the user
    /// whose credentials the request has, otherwise the user of the options.
    response authorize(request const& q, request_target const& target) {
        auto const given = [&](std::string_view name) {
            return std::string(target.parameter(name).value_or(""));
        };
        // Redirects only after these two were checked.
        std::string const client_id = given("client_id");
        auto const client = state_.oauth.applications.find(client_id);
        if (client_id.empty())
            return sentence("The client_id parameter is missing.");
        if (client == state_.oauth.applications.end())
            return sentence("The client_id parameter names no known application.");
        std::string const redirect_uri = given("redirect_uri");
        if (redirect_uri.empty())
            return sentence("The redirect_uri parameter is missing.");
        if (redirect_uri != client->second.redirect_uri)
            return sentence("The redirect_uri parameter is not that of the application.");

        std::string back = redirect_uri;
        auto const add = [&back](std::string_view name, std::string_view value) {
            back += back.find('?') == back.npos ? '?' : '&';
            back.append(name).append("=").append(percent_encoded(value));
        };
        if (given("response_type") != "code") {
            add("error", "unsupported_response_type");
        } else if (!is_scope(target.parameter("scope"))) {
            add("error", "invalid_scope");
        } else if (!state_.options.user_consents) {
            add("error", "access_denied");
        } else {
            std::string const user = user_of(state_, q);
            oauth_grant grant;
            grant.user = user.empty() ? state_.options.user : user;
            grant.client_id = client_id;
            grant.ends = state_.time.now() + state_.options.authorization_code_life;
            std::string const code = new_text("code");
            state_.oauth.codes.emplace(code, std::move(grant));
            add("code", code);
        }
        if (auto const state = target.parameter("state"))
            add("state", *state);
        response answer(302);
        answer.fields.set("Location", std::move(back));
        return answer;
    }

    /// `POST /auth/oauth2/token`.
    response token(request const& q) {
        std::string const client_id = client_of(q);
        if (client_id.empty())
            return refuse("invalid_client");
        std::optional<token_request> const wanted = read_request(q);
        if (!wanted || wanted->grant_type.empty())
            return refuse("invalid_request");
        if (!is_scope(wanted->scope))
            return refuse("invalid_scope");
        if (wanted->grant_type == "authorization_code")
            return by_code(*wanted, client_id);
        if (wanted->grant_type == "refresh_token")
            return by_refresh_token(*wanted, client_id);
        if (wanted->grant_type == "password")
            return by_password(*wanted, client_id);
        return refuse("unsupported_grant_type");
    }

private:
    static response sentence(std::string text) {
        return response(200, std::move(text), "text/html; charset=utf-8");
    }
    /// Adds WWW-Authenticate to every 401, as RFC 6749 (5.2) demands for `invalid_client`.
    response refuse(std::string_view why) const {
        token_refusal said;
        said.error = why;
        int const status = why == "invalid_client" ? 401 : state_.options.token_refusal_status;
        return document_answer(status, said);
    }
    /// The client that authenticates itself; empty: none.
    std::string client_of(request const& q) const {
        std::string const sent = as_basic(q.fields.find("Authorization").value_or(""));
        for (auto const& [id, entry] : state_.oauth.applications)
            if (sent == basic_authorization(id, entry.secret))
                return id;
        return {};
    }
    template <class Text>
    static bool is_scope(std::optional<Text> const& given) {
        return !given || given->empty() || *given == "full";
    }

    static std::optional<token_request> read_request(request const& q) {
        std::string const kind = media_type(q);
        if (kind == "application/json") {
            boost::system::error_code ec;
            boost::json::value const body = boost::json::parse(q.body, ec);
            if (ec || !sent_shape<token_request>::wrong(body).empty())
                return std::nullopt;
            return filled([&](std::string_view name) -> std::optional<std::string_view> {
                auto const* const found = body.get_object().if_contains(name);
                return found && found->is_string()
                           ? std::optional(std::string_view(found->get_string()))
                           : std::nullopt;
            });
        }
        if (kind != "application/x-www-form-urlencoded")
            return std::nullopt;
        request_target const form('?' + std::string(q.body));
        return filled([&](std::string_view name) { return form.parameter(name); });
    }
    /// A token request filled from `value(name)`.
    template <class F>
    static token_request filled(F value) {
        token_request made;
        boost::mp11::mp_for_each<
            boost::describe::describe_members<token_request, boost::describe::mod_public>>(
            [&](auto member) {
                if (auto const text = value(member.name))
                    made.*member.pointer = std::string(*text);
            });
        return made;
    }

    response by_code(token_request const& wanted, std::string const& client_id) {
        auto const found = find(state_.oauth.codes, wanted.code, client_id);
        if (found == state_.oauth.codes.end() ||
            wanted.redirect_uri != state_.oauth.applications.at(client_id).redirect_uri)
            return refuse("invalid_grant");
        std::string const user = found->second.user;
        state_.oauth.codes.erase(found);
        return issue(user, client_id, new_text("refresh"));
    }
    response by_refresh_token(token_request const& wanted, std::string const& client_id) {
        auto const found = find(state_.oauth.refresh_tokens, wanted.refresh_token, client_id);
        if (found == state_.oauth.refresh_tokens.end() ||
            (wanted.redirect_uri &&
             *wanted.redirect_uri != state_.oauth.applications.at(client_id).redirect_uri))
            return refuse("invalid_grant");
        if (state_.options.refresh_ends_access_token)
            state_.oauth.access_tokens.erase(found->second.access_token);
        std::string const user = found->second.user;
        if (!state_.options.rotates_refresh_tokens)
            return issue(user, client_id, std::nullopt);
        state_.oauth.refresh_tokens.erase(found);
        return issue(user, client_id, new_text("refresh"));
    }
    response by_password(token_request const& wanted, std::string const& client_id) {
        auto const user = state_.users.find(
            basic_authorization(wanted.username.value_or(""), wanted.password.value_or("")));
        if (user == state_.users.end())
            return refuse("invalid_grant");
        return issue(user->second, client_id, new_text("refresh"));
    }

    using grants = std::map<std::string, oauth_grant>;
    /// A valid grant of this client.
    grants::iterator find(grants& in, std::optional<std::string> const& text,
                          std::string const& client_id) const {
        auto const found = in.find(text.value_or(""));
        bool const good = found != in.end() && found->second.client_id == client_id &&
                          state_.time.now() < found->second.ends;
        return good ? found : in.end();
    }

    response issue(std::string const& user, std::string const& client_id,
                   std::optional<std::string> refresh_token) {
        token_response made;
        made.access_token = new_text("access");
        made.token_type = state_.options.token_type;
        made.expires_in = state_.options.access_token_life.count();
        oauth_grant grant;
        grant.user = user;
        grant.client_id = client_id;
        grant.ends = state_.time.now() + state_.options.access_token_life;
        state_.oauth.access_tokens.emplace(made.access_token, grant);
        if (refresh_token) {
            grant.ends = state_.time.now() + state_.options.refresh_token_life;
            grant.access_token = made.access_token;
            state_.oauth.refresh_tokens.emplace(*refresh_token, std::move(grant));
        }
        made.refresh_token = std::move(refresh_token);
        response answer = document_answer(200, made);
        answer.fields.set("Pragma", "no-cache"); // RFC 6749, 5.1
        return answer;
    }

    /// Contains characters that must be encoded in a query or form.
    std::string new_text(std::string_view what) {
        return std::string(what) + '+' + std::to_string(++state_.oauth.issued) + "/~simulated==";
    }
    static std::string percent_encoded(std::string_view text) {
        std::string out;
        for (char const c : text) {
            auto const byte = static_cast<unsigned char>(c);
            if ((byte | 32) >= 'a' && (byte | 32) <= 'z')
                out += c;
            else if ((byte >= '0' && byte <= '9') || c == '-' || c == '.' || c == '_')
                out += c;
            else
                out.append("%")
                    .append({"0123456789ABCDEF"[byte >> 4]})
                    .append({"0123456789ABCDEF"[byte & 15]});
        }
        return out;
    }

    service_state& state_;
};

/// The login service's response; empty if the request is not for one of its paths. `met(endpoint)`
/// is notified and may respond instead.
template <class Met>
std::optional<response> answer_login(service_state& state, request const& q,
                                     request_target const& target, Met met) {
    std::optional<response> answered;
    allowed_methods allowed;
    verb const method = q.method == verb::head ? verb::get : q.method;
    using all = boost::mp11::mp_transform<std::type_identity, endpoints::login>;
    boost::mp11::mp_for_each<all>([&](auto each) {
        using endpoint = typename decltype(each)::type;
        std::string_view no_id;
        if (answered || !fits(endpoint::path, target.path, 0, target.path.size(), no_id))
            return;
        allowed.add(endpoint::method);
        if (endpoint::method != method)
            return;
        std::string line(to_string(endpoint::method));
        answered = met(line.append(" ").append(endpoint::path));
        if (answered)
            return;
        if constexpr (std::is_same_v<endpoint, endpoints::read_login>)
            answered = login(state, q);
        else if constexpr (std::is_same_v<endpoint, endpoints::authorize>)
            answered = oauth_server(state).authorize(q, target);
        else
            answered = oauth_server(state).token(q);
    });
    return answered || !allowed.any() ? answered : std::optional(allowed.refusal());
}

} // namespace eloqua::bulk::simulation
