// SPDX-License-Identifier: BSL-1.0
#include "service_fixture.hpp"

#include <eloqua/bulk/simulator/detail/login.hpp>

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace simulator_tests {

answer::answer(response r)
    : status(r.status), reason(std::move(r.reason)), fields(std::move(r.fields)),
      body(std::move(r.body)) {
    boost::system::error_code ec;
    json = boost::json::parse(body, ec);
}

std::string answer::at(std::string_view path) const {
    boost::json::value const* v = &json;
    while (!path.empty()) {
        std::size_t const dot = std::min(path.find('.'), path.size());
        std::string const step(path.substr(0, dot));
        path.remove_prefix(std::min(dot + 1, path.size()));
        if (v->is_array())
            v = v->get_array().if_contains(std::stoul(step));
        else
            v = v->is_object() ? v->get_object().if_contains(step) : nullptr;
        if (!v)
            return "-";
    }
    return v->is_string() ? std::string(v->get_string()) : boost::json::serialize(*v);
}

std::string answer::field(std::string_view name) const {
    return std::string(fields.find(name).value_or("-"));
}

std::size_t answer::items() const {
    auto const* const found = json.as_object().if_contains("items");
    return found ? found->get_array().size() : 0;
}

service::service(simulator_options options) : eloqua(std::move(options)) {}
answer service::send(verb method, std::string target, std::string_view body,
                     std::string content_type) {
    request q(method, bulk::origin(), std::move(target));
    q.fields = extra;
    q.fields.set("Authorization", bulk::simulation::basic_authorization("Company", user, "secret"));
    if (!content_type.empty() && (method == verb::post || method == verb::put))
        q.fields.set("Content-Type", content_type);
    q.body = body;
    return answer(eloqua.handle(q));
}

answer service::get(std::string const& path) {
    return send(verb::get, "/API/Bulk/2.0" + path);
}

answer service::post(std::string const& path, std::string_view body, std::string content_type) {
    return send(verb::post, "/API/Bulk/2.0" + path, body, std::move(content_type));
}

answer service::put(std::string const& path, std::string_view body) {
    return send(verb::put, "/API/Bulk/2.0" + path, body);
}

answer service::del(std::string const& path) {
    return send(verb::delete_, "/API/Bulk/2.0" + path);
}

std::string service::define(std::string const& collection, std::string_view body) {
    answer const made = post(collection, body);
    BOOST_REQUIRE_MESSAGE(made.status == 201, made.body);
    return made.at("uri");
}

std::string service::begin_sync(std::string const& definition) {
    answer const made = post("/syncs", "{\"syncedInstanceUri\":\"" + definition + "\"}");
    BOOST_REQUIRE_MESSAGE(made.status == 201, made.body);
    return made.at("uri");
}

std::string service::sync(std::string const& definition) {
    std::string uri = begin_sync(definition);
    eloqua.advance(10s);
    return uri;
}

std::string service::import(std::string const& definition, std::string_view rows,
                            std::string content_type) {
    answer const pushed = post(definition + "/data", rows, std::move(content_type));
    BOOST_REQUIRE_MESSAGE(pushed.status == 204, pushed.body);
    return sync(definition);
}

std::string service::contacts_where(std::string const& filter, std::string const& statement) {
    boost::json::object const definition{
        {"name", "where"}, {"fields", {{"x", statement}}}, {"filter", filter}};
    answer const made = post("/contacts/exports", boost::json::serialize(definition));
    if (made.status != 201)
        return made.at("failures.0.field") + ": " + made.at("failures.0.constraint");
    return column(sync(made.at("uri")), "x");
}

std::string service::column(std::string const& sync_uri, std::string const& key) {
    answer const page = get(sync_uri + "/data");
    BOOST_REQUIRE_MESSAGE(page.status == 200, page.body);
    std::string joined;
    for (std::size_t i = 0; i != page.items(); ++i)
        joined += (i == 0 ? "" : ",") + page.at("items." + std::to_string(i) + "." + key);
    return joined;
}

std::string service::log_of(std::string const& sync_uri) {
    answer const page = get(sync_uri + "/logs");
    std::string joined;
    for (std::size_t i = 0; i != page.items(); ++i) {
        std::string const item = "items." + std::to_string(i) + ".";
        joined += (i == 0 ? "" : " ") + page.at(item + "statusCode").substr(4) + ':' +
                  page.at(item + "count");
    }
    return joined;
}

std::string service::rejects_of(std::string const& sync_uri) {
    answer const page = get(sync_uri + "/rejects");
    std::string joined;
    for (std::size_t i = 0; i != page.items(); ++i) {
        std::string const item = "items." + std::to_string(i) + ".";
        joined += (i == 0 ? "" : " ") + page.at(item + "recordIndex") + ':' +
                  page.at(item + "statusCode").substr(4) + '(';
        for (std::size_t k = 0; page.at(item + "invalidFields." + std::to_string(k)) != "-"; ++k)
            joined += (k == 0 ? "" : ",") + page.at(item + "invalidFields." + std::to_string(k));
        joined += ')';
    }
    return joined;
}

} // namespace simulator_tests
