// SPDX-License-Identifier: BSL-1.0
/// \file
/// The simulated service: one answer to each request.
#pragma once

#include <eloqua/bulk/schema/endpoints.hpp>
#include <eloqua/bulk/simulator/access.hpp>
#include <eloqua/bulk/simulator/answers.hpp>
#include <eloqua/bulk/simulator/call.hpp>
#include <eloqua/bulk/simulator/definition_answers.hpp>
#include <eloqua/bulk/simulator/login.hpp>
#include <eloqua/bulk/simulator/router.hpp>
#include <eloqua/bulk/simulator/state.hpp>
#include <eloqua/bulk/simulator/sync_answers.hpp>
#include <eloqua/bulk/simulator/sync_runs.hpp>
#include <eloqua/bulk/wire/http.hpp>

#include <boost/mp11/algorithm.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace eloqua::bulk::simulation {

/// Answers requests: finds the endpoint by the table, checks what all endpoints have in common, and
/// calls the overload of `answer` for the endpoint. One that has no overload is answered 501.
class service {
    /// An entity at the front of a path.
    struct owner {
        std::string_view path_template; ///< "/customObjects/{parentId}"
        std::size_t segments = 0;       ///< that it takes; 0: there is no entity
        std::string_view parent = {};
        table* of = nullptr; ///< null if `parent` decides
    };

public:
    explicit service(service_state& s) : state_(s) {}

    response handle(request const& q) {
        if (state_.options.intercept)
            if (auto answer = state_.options.intercept(q))
                return std::move(*answer);
        sync_runs(state_).catch_up();
        request_target target(q.target);
        std::vector<std::string>& path = target.path;
        if (auto answered = answer_login(state_, q, target))
            return std::move(*answered);
        if (path.size() < 4 || !iequals(path[0], "API") || !iequals(path[1], "Bulk") ||
            path[2] != "2.0")
            return not_found();
        path.erase(path.begin(), path.begin() + 3);
        return route(call{q, target, user_of(state_, q)});
    }

private:
    owner owner_of(std::vector<std::string> const& path) {
        if (iequals(path[0], "contacts"))
            return {"/contacts", 1, {}, &state_.tables.contacts()};
        if (iequals(path[0], "accounts"))
            return {"/accounts", 1, {}, &state_.tables.accounts()};
        if (iequals(path[0], "customObjects") && path.size() > 1)
            return {"/customObjects/{parentId}", 2, path[1], nullptr};
        return {};
    }
    response route(call c) {
        owner const entity = owner_of(c.target.path);
        std::optional<response> answered;
        bool known_path = false;
        using all = boost::mp11::mp_transform<std::type_identity, endpoints::all>;
        boost::mp11::mp_for_each<all>([&](auto each) {
            using endpoint = typename decltype(each)::type;
            constexpr bool belongs = of_entity(endpoint::relative_to);
            std::string_view number;
            if (answered || (belongs && entity.segments == 0) ||
                !fits(endpoint::path, c.target.path, belongs ? entity.segments : 0, number))
                return;
            known_path = true;
            if (endpoint::method == method_of(c.q))
                answered = enter<endpoint>(c, entity, number);
        });
        if (answered)
            return std::move(*answered);
        if (c.user.empty())
            return login_required();
        return known_path ? plain_text(405, "The method is not allowed here.") : not_found();
    }
    /// For clients that can only send GET and POST.
    static verb method_of(request const& q) {
        auto const wanted = q.fields.find("X-HTTP-Method-Override");
        if (wanted && (q.method == verb::get || q.method == verb::post))
            for (verb const each : {verb::get, verb::post, verb::put, verb::delete_})
                if (iequals(*wanted, to_string(each)))
                    return each;
        return q.method;
    }
    template <class Endpoint>
    response enter(call& c, owner const& entity, std::string_view number) {
        std::string line(to_string(Endpoint::method));
        line += ' ';
        if constexpr (of_entity(Endpoint::relative_to)) {
            line += entity.path_template;
            c.of = entity.of;
        }
        ++state_.requests[line.append(Endpoint::path)];
        if (c.user.empty())
            return login_required();
        if (of_entity(Endpoint::relative_to) && !c.of) {
            auto const parent = parse_id(entity.parent);
            if (!parent)
                return no_id("parentId", entity.parent);
            c.of = state_.tables.custom_object(*parent);
            if (!c.of)
                return not_found();
        }
        if constexpr (Endpoint::path_type::parameters != 0) {
            auto const parsed = parse_id(number);
            if (!parsed)
                return no_id("id", number);
            c.id = *parsed;
        }
        if (c.q.body.size() > state_.options.request_bytes)
            return response(404);
        if constexpr (Endpoint::method == verb::post || Endpoint::method == verb::put)
            if (auto refused = check_body_type<Endpoint>(c.q))
                return std::move(*refused);
        if constexpr (requires { definitions_.answer(to<Endpoint>(), c); })
            return definitions_.answer(to<Endpoint>(), c);
        else if constexpr (requires { syncs_.answer(to<Endpoint>(), c); })
            return syncs_.answer(to<Endpoint>(), c);
        else
            return plain_text(501, "The simulator does not have this endpoint.");
    }
    template <class Endpoint>
    static std::optional<response> check_body_type(request const& q) {
        constexpr bool takes_rows = std::is_same_v<typename Endpoint::body_type, rows>;
        auto const type = q.fields.find("Content-Type");
        if (!type || type->empty())
            return plain_text(400, "The Content-Type header is missing.");
        std::string const kind = media_type(q);
        if (kind != "application/json" && !(takes_rows && kind == "text/csv"))
            return plain_text(400, "The Content-Type " + kind + " is not supported.");
        if (q.fields.find("Content-Encoding").value_or("identity") != "identity")
            return plain_text(400, "The Content-Encoding is not supported.");
        return std::nullopt;
    }

    service_state& state_;
    definition_answers definitions_{state_};
    sync_answers syncs_{state_};
};

} // namespace eloqua::bulk::simulation
