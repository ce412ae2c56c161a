// SPDX-License-Identifier: BSL-1.0
/// \file
/// The endpoints of the login service, which stand outside of the bulk API.
#pragma once

#include <eloqua/bulk/schema/endpoints.hpp>
#include <eloqua/bulk/simulator/access.hpp>
#include <eloqua/bulk/simulator/answers.hpp>
#include <eloqua/bulk/simulator/oauth.hpp>
#include <eloqua/bulk/simulator/router.hpp>
#include <eloqua/bulk/simulator/state.hpp>
#include <eloqua/bulk/wire/http.hpp>

#include <boost/mp11/algorithm.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

namespace eloqua::bulk::simulation {

/// The login service's answer; nothing if the request is not for one of its paths. `met(endpoint)`
/// is told of it, and may answer in its place.
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
