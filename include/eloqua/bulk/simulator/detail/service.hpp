// SPDX-License-Identifier: BSL-1.0
/// \file
/// The simulated service: responds to each request.
#pragma once

#include <eloqua/bulk/endpoints.hpp>
#include <eloqua/bulk/http.hpp>
#include <eloqua/bulk/simulator/delivery.hpp>
#include <eloqua/bulk/simulator/detail/answers.hpp>
#include <eloqua/bulk/simulator/detail/asset_answers.hpp>
#include <eloqua/bulk/simulator/detail/call.hpp>
#include <eloqua/bulk/simulator/detail/definition_answers.hpp>
#include <eloqua/bulk/simulator/detail/fault_answers.hpp>
#include <eloqua/bulk/simulator/detail/gzip.hpp>
#include <eloqua/bulk/simulator/detail/login.hpp>
#include <eloqua/bulk/simulator/detail/state.hpp>
#include <eloqua/bulk/simulator/detail/syncs.hpp>
#include <eloqua/bulk/simulator/detail/values.hpp>
#include <eloqua/bulk/simulator/fault_plan.hpp>

#include <boost/mp11/algorithm.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace eloqua::bulk::simulation {

/// One overload of `answer` for each endpoint of the table; a missing one is a compile error.
using all_answers =
    answers_of<export_answers, import_answers, sync_action_answers, sync_answers, asset_answers>;

/// Operations that the contract declares but calls invalid.
inline bool called_invalid(verb method, entity_route const* entity, std::string_view path) {
    if (!entity || method != verb::get)
        return false;
    std::string_view const base = entity->path_template;
    return path == endpoints::read_field::path
               ? base == "/campaigns" || base == "/campaignResponses"
               : path == endpoints::read_import::path && base == "/phoneNumbers";
}

/// Responds to requests: finds the endpoint by the table and the entities, performs the checks that
/// all endpoints share, and calls the endpoint's overload of `answer`.
class service {
    /// A row of the table of endpoints, with the function that responds.
    struct route_row {
        verb method;
        scope belongs_to;
        std::string_view path;
        response (service::*enter)(call&);
    };
    /// The entity at the start of a path, or none.
    struct owner {
        entity_route const* entity = nullptr;
        std::string_view parent = {};
    };

public:
    explicit service(service_state& s) : state_(s) {}

    delivery handle(request const& q) {
        if (state_.options.intercept)
            if (auto answer = state_.options.intercept(q))
                return delivery(std::move(*answer));
        response answer = answer_to(q);
        delivery out = due_                  ? spoilt(q, std::move(answer))
                       : state_.options.gzip ? delivery(compressed_for(q, std::move(answer)))
                                             : delivery(std::move(answer));
        complete(q, out);
        return out;
    }

    /// Whether it is a name for `simulator::requests`: "GET /syncs/{id}".
    static bool is_endpoint(std::string_view line);

private:
    /// Adds the fields that every response has.
    void complete(request const& q, delivery& answer) {
        header_fields& fields = answer.fields;
        auto const add = [&fields](std::string_view name, std::string value) {
            if (!fields.find(name))
                fields.add(name, std::move(value));
        };
        add("Date", http_date(state_.time.now()));
        add("Cache-Control", "no-store");
        add("X-Request-Id", request_id(++state_.answered));
        if (answer.status == 401)
            add("WWW-Authenticate", std::string(basic_challenge));
        if (answer.reason.empty())
            answer.reason = documented_reason(answer.status);
        if (q.method != verb::head)
            return;
        fields.set("Content-Length", std::to_string(answer.body.size()));
        answer.body.clear();
    }
    /// In the form of a GUID.
    static std::string request_id(std::uint64_t number) {
        std::string digits = std::to_string(number);
        digits.insert(0, 12 - std::min<std::size_t>(12, digits.size()), '0');
        return "00000000-0000-4000-8000-" + digits;
    }
    /// Counts a request to an endpoint, and responds if a fault prevents it from being carried out.
    std::optional<response> met(std::string const& endpoint, request const& q) {
        if (state_.options.faults) {
            due_ = state_.options.faults->decide(endpoint, q);
            endpoint_ = endpoint;
        }
        if (!due_ || due_->what.arrives())
            ++state_.requests[endpoint];
        if (!due_)
            return std::nullopt;
        if (due_->what.kind == fault_kind::move_pod && !due_->what.name.empty())
            state_.options.pod = due_->what.name;
        return due_->what.carried_out ? std::nullopt : std::optional(response());
    }
    /// Applies the current fault to the response.
    delivery spoilt(request const& q, response said) {
        fault& f = due_->what;
        auto const find_place = [&] {
            bool const place = f.kind == fault_kind::cut || f.kind == fault_kind::stall;
            if (f.bytes && !said.body.empty() && (place || f.kind == fault_kind::truncate))
                *f.bytes %= said.body.size();
        };
        if (f.kind == fault_kind::truncate)
            find_place();
        if (f.kind == fault_kind::endless_list)
            without_end(said, f.rows == 0 ? nullptr : &state_.endless_lists[endpoint_]);
        if (f.kind == fault_kind::extra_items)
            with_extra_items(said, asked_by(request_target(q.target)).limit);
        said = answer_with(f, std::move(said), state_.time.now());
        if (f.kind == fault_kind::encode)
            said = encoded(std::move(said), f.name, f.bytes.value_or(0), accepts_gzip(q));
        else if (state_.options.gzip)
            said = compressed_for(q, std::move(said));
        if (f.kind != fault_kind::truncate)
            find_place();
        state_.options.faults->record(endpoint_, q, *due_);
        return delivery(std::move(said), std::move(f));
    }
    response answer_to(request const& q) {
        sync_runs(state_).catch_up();
        request_target target(q.target);
        std::vector<std::string>& path = target.path;
        if (auto answered = answer_login(state_, q, target,
                                         [&](std::string const& line) { return met(line, q); }))
            return std::move(*answered);
        if (path.size() >= 2 && detail::iequals(path[0], "API") && detail::iequals(path[1], "REST"))
            return documented(403, reasons::not_enabled); // an API other than the bulk API
        if (path.size() < 4 || !detail::iequals(path[0], "API") ||
            !detail::iequals(path[1], "Bulk") || path[2] != "2.0")
            return not_found();
        path.erase(path.begin(), path.begin() + 3);
        return with_status_override(q, route(call{q, target, user_of(state_, q)}));
    }
    template <class... Endpoints>
    static constexpr auto rows_of(std::type_identity<std::tuple<Endpoints...>>) {
        return std::array{route_row{Endpoints::method, Endpoints::relative_to, Endpoints::path,
                                    &service::enter<Endpoints>}...};
    }
    response route(call c) {
        static constexpr auto rows = rows_of(std::type_identity<endpoints::all>());
        std::vector<owner> owners(1);
        for (entity_route const& each : entity_routes()) {
            std::string_view parent;
            if (each.begins(c.target.path, parent))
                owners.push_back({&each, parent});
        }
        verb const method = method_of(c.q);
        allowed_methods allowed;
        for (route_row const& row : rows)
            for (owner const& each : owners) {
                if (of_entity(row.belongs_to) != (each.entity != nullptr) ||
                    (each.entity && !each.entity->offers(row.belongs_to)) ||
                    !fits(row.path, c.target.path, each.entity ? each.entity->segments : 0,
                          c.target.path.size(), c.number))
                    continue;
                bool const valid = state_.options.answers_invalid_operations ||
                                   !called_invalid(row.method, each.entity, row.path);
                if (valid)
                    allowed.add(row.method);
                if (row.method != method)
                    continue;
                if (!valid)
                    return c.user.empty() ? login_required() : not_found();
                c.entity = each.entity;
                c.parent = each.parent;
                return (this->*row.enter)(c);
            }
        if (c.user.empty())
            return login_required();
        return allowed.any() ? allowed.refusal() : not_found();
    }
    /// HEAD is treated as GET until its response is complete. X-HTTP-Method-Override is for clients
    /// that can send only GET and POST.
    static verb method_of(request const& q) {
        if (q.method == verb::head)
            return verb::get;
        auto const wanted = q.fields.find("X-HTTP-Method-Override");
        if (wanted && (q.method == verb::get || q.method == verb::post))
            for (verb const each : {verb::get, verb::post, verb::put, verb::delete_})
                if (detail::iequals(*wanted, to_string(each)))
                    return each;
        return q.method;
    }
    /// For clients that cannot read the body of an error response.
    static response with_status_override(request const& q, response answer) {
        auto const wanted = q.fields.find("X-HTTP-Status-Code-Override");
        int status = 0;
        if (!wanted)
            return answer;
        if (!read_integer(*wanted, status) || status < 200 || status > 599)
            return answer;
        answer.fields.set("X-HTTP-Original-Status-Code", std::to_string(answer.status));
        answer.status = status;
        answer.reason.clear();
        return answer;
    }

    template <class Endpoint>
    response enter(call& c) {
        std::string line(to_string(Endpoint::method));
        line += ' ';
        if (c.entity)
            line += c.entity->path_template;
        if (auto instead = met(line.append(Endpoint::path), c.q))
            return std::move(*instead);
        if (due_) {
            c.injected = &due_->what;
            if (due_->what.kind == fault_kind::other_page)
                turn_back(c.target);
            if constexpr (std::is_same_v<typename Endpoint::body_type, rows>)
                if (due_->what.kind == fault_kind::swallow_rows)
                    return response(204);
        }
        if (c.user.empty())
            return login_required();
        if (auto refused = find_table(c))
            return std::move(*refused);
        if constexpr (Endpoint::path_type::parameters != 0) {
            auto const parsed = parse_id(c.number);
            if (!parsed)
                return no_id(parameter_of(Endpoint::path), c.number);
            c.id = *parsed;
        }
        if (c.q.body.size() > state_.options.request_bytes)
            return response(404);
        if constexpr (Endpoint::method == verb::post || Endpoint::method == verb::put)
            if (auto refused = check_body_type<Endpoint>(c.q))
                return std::move(*refused);
        return answers_.answer(to<Endpoint>(), c);
    }
    /// The requested page, whatever the endpoint allows.
    static page_range asked_by(request_target const& target) {
        page_range asked;
        (void)read_range(target, INT64_MAX, simulator_options(), asked);
        return asked;
    }
    /// Changes the target to the page before the requested one.
    static void turn_back(request_target& target) {
        page_range const asked = asked_by(target);
        for (auto& [name, value] : target.query)
            if (detail::iequals(name, "offset") && asked.offset > 0)
                value = std::to_string(std::max<std::int64_t>(0, asked.offset - asked.limit));
    }
    std::optional<response> find_table(call& c) {
        if (!c.entity)
            return std::nullopt;
        std::optional<std::int64_t> parent(1);
        if (c.entity->has_parent()) {
            parent = parse_id(c.parent);
            if (!parent)
                return no_id(parameter_of(c.entity->path_template), c.parent);
        }
        c.of = state_.tables.table_for(c.entity->path(*parent));
        return c.of ? std::nullopt : std::optional(not_found());
    }
    template <class Endpoint>
    static std::optional<response> check_body_type(request const& q) {
        constexpr bool takes_rows = std::is_same_v<typename Endpoint::body_type, rows>;
        auto const type = q.fields.find("Content-Type");
        if (!type || type->empty())
            return bad_request("The Content-Type header is missing.");
        std::string const kind = media_type(q);
        if (kind != "application/json" && !(takes_rows && kind == "text/csv"))
            return bad_request("The Content-Type " + kind + " is not supported.");
        if (!detail::iequals(q.fields.find("Content-Encoding").value_or("identity"), "identity"))
            return bad_request("The Content-Encoding is not supported.");
        return std::nullopt;
    }

    service_state& state_;
    all_answers answers_{state_};
    std::optional<fault_plan::decision> due_; ///< for this request
    std::string endpoint_;
};

inline bool service::is_endpoint(std::string_view line) {
    static constexpr auto rows = rows_of(std::type_identity<endpoints::all>());
    auto const is = [line](verb method, std::string_view front, std::string_view path) {
        std::string whole(to_string(method));
        return line == whole.append(" ").append(front).append(path);
    };
    bool known = false;
    for (route_row const& row : rows)
        if (!of_entity(row.belongs_to))
            known = known || is(row.method, "", row.path);
        else
            for (entity_route const& each : entity_routes())
                known = known || (each.offers(row.belongs_to) &&
                                  is(row.method, each.path_template, row.path));
    boost::mp11::mp_for_each<endpoints::login>([&](auto endpoint) {
        known = known || is(decltype(endpoint)::method, "", decltype(endpoint)::path);
    });
    return known;
}

} // namespace eloqua::bulk::simulation
