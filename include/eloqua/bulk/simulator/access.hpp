// SPDX-License-Identifier: BSL-1.0
/// \file
/// Who may ask, and the answer of `/id`.
#pragma once

#include <eloqua/bulk/simulator/answers.hpp>
#include <eloqua/bulk/simulator/basic_authorization.hpp>
#include <eloqua/bulk/simulator/pages.hpp>
#include <eloqua/bulk/simulator/state.hpp>
#include <eloqua/bulk/wire/http.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace eloqua::bulk::simulation {

/// The user who asks, by password or by access token; empty if there is none with these
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
