// SPDX-License-Identifier: BSL-1.0
/// \file
/// The endpoints of the login service, which stand outside of the bulk API.
#pragma once

#include <eloqua/bulk/simulator/access.hpp>
#include <eloqua/bulk/simulator/oauth.hpp>
#include <eloqua/bulk/simulator/router.hpp>
#include <eloqua/bulk/simulator/state.hpp>
#include <eloqua/bulk/wire/http.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace eloqua::bulk::simulation {

/// The login service's answer; nothing if the request is not for one of its endpoints.
inline std::optional<response> answer_login(service_state& state, request const& q,
                                            request_target const& target) {
    struct endpoint {
        verb method;
        std::string_view path;
        response (*answer)(service_state&, request const&, request_target const&);
    };
    static constexpr endpoint all[] = {
        {verb::get, "/id",
         [](service_state& s, request const& asked, request_target const&) {
             return login(s, asked);
         }},
        {verb::get, "/auth/oauth2/authorize",
         [](service_state& s, request const& asked, request_target const& at) {
             return oauth_server(s).authorize(asked, at);
         }},
        {verb::post, "/auth/oauth2/token",
         [](service_state& s, request const& asked, request_target const&) {
             return oauth_server(s).token(asked);
         }},
    };
    for (endpoint const& each : all) {
        std::string_view no_id;
        if (q.method != each.method || !fits(each.path, target.path, 0, no_id))
            continue;
        ++state.requests[std::string(to_string(each.method)) + ' ' + std::string(each.path)];
        return each.answer(state, q, target);
    }
    return std::nullopt;
}

} // namespace eloqua::bulk::simulation
