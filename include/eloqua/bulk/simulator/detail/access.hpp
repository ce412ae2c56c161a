// SPDX-License-Identifier: BSL-1.0
/// \file
/// Who may ask, and the answer of `/id`.
///
/// HTTP Basic as the simulated service expects it.
#pragma once

#include <eloqua/bulk/detail/text/ascii.hpp>
#include <eloqua/bulk/http.hpp>
#include <eloqua/bulk/simulator/detail/answers.hpp>
#include <eloqua/bulk/simulator/detail/pages.hpp>
#include <eloqua/bulk/simulator/detail/state.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace eloqua::bulk::simulation {

/// "Basic Q29tcGFueVx1c2VyOnNlY3JldA==" of a name and a password.
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

/// Whether the value of an Authorization field has this scheme, in any letter case; what follows it
/// goes to `credentials`.
inline bool has_scheme(std::string_view sent, std::string_view scheme,
                       std::string_view& credentials) {
    std::size_t const space = std::min(sent.find(' '), sent.size());
    if (!iequals(sent.substr(0, space), scheme))
        return false;
    sent.remove_prefix(space);
    sent.remove_prefix(std::min(sent.find_first_not_of(' '), sent.size()));
    credentials = sent;
    return true;
}

/// The value with the scheme as `basic_authorization` spells it; empty for another scheme.
inline std::string as_basic(std::string_view sent) {
    std::string_view credentials;
    return has_scheme(sent, "Basic", credentials) ? "Basic " + std::string(credentials)
                                                  : std::string();
}

/// The user who asks, by password or by access token; empty if nobody has these
/// credentials.
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

/// The answer of `GET /id`; to bad credentials it says 200 too.
inline response login(service_state const& state, request const& q) {
    std::string const user = user_of(state, q);
    if (user.empty())
        return json_answer(200, "\"Not authenticated.\"");
    std::string const base =
        iequals(q.to.host, "login.eloqua.com") ? state.options.pod : q.to.text();
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

} // namespace eloqua::bulk::simulation
