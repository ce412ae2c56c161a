// SPDX-License-Identifier: BSL-1.0
// Requests to a simulator as a test writes them.
#pragma once

#include <eloqua/bulk/simulator.hpp>

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace simulator_tests {

namespace bulk = eloqua::bulk;
using bulk::request;
using bulk::response;
using bulk::simulator;
using bulk::simulator_options;
using bulk::verb;
using namespace std::chrono_literals;

struct answer {
    int status = 0;
    std::string body;
    boost::json::value json; ///< null if the body is none

    explicit answer(response r) : status(r.status), body(std::move(r.body)) {
        boost::system::error_code ec;
        json = boost::json::parse(body, ec);
    }
    /// A string by path: "items.0.uri"; numbers and booleans as JSON text; "-" if it is not there.
    std::string at(std::string_view path) const {
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
    std::size_t items() const {
        auto const* const found = json.as_object().if_contains("items");
        return found ? found->get_array().size() : 0;
    }
};

class service {
public:
    explicit service(simulator_options options = {}) : eloqua(std::move(options)) {}

    simulator eloqua;
    std::string user = "user";
    bulk::header_fields extra;

    answer send(verb method, std::string target, std::string_view body = {},
                std::string content_type = "application/json") {
        request q(method, bulk::origin(), std::move(target));
        q.fields = extra;
        q.fields.set("Authorization",
                     bulk::simulation::basic_authorization("Company", user, "secret"));
        if (!content_type.empty() && (method == verb::post || method == verb::put))
            q.fields.set("Content-Type", content_type);
        q.body = body;
        return answer(eloqua.handle(q));
    }
    answer get(std::string const& path) { return send(verb::get, "/API/Bulk/2.0" + path); }
    answer post(std::string const& path, std::string_view body,
                std::string content_type = "application/json") {
        return send(verb::post, "/API/Bulk/2.0" + path, body, std::move(content_type));
    }
    answer put(std::string const& path, std::string_view body) {
        return send(verb::put, "/API/Bulk/2.0" + path, body);
    }
    answer del(std::string const& path) { return send(verb::delete_, "/API/Bulk/2.0" + path); }

    /// Makes a definition that must be accepted; its uri.
    std::string define(std::string const& collection, std::string_view body) {
        answer const made = post(collection, body);
        BOOST_REQUIRE_MESSAGE(made.status == 201, made.body);
        return made.at("uri");
    }
    /// Makes a sync that must be accepted; its uri.
    std::string begin_sync(std::string const& definition) {
        answer const made = post("/syncs", "{\"syncedInstanceUri\":\"" + definition + "\"}");
        BOOST_REQUIRE_MESSAGE(made.status == 201, made.body);
        return made.at("uri");
    }
    /// The same, and lets it end.
    std::string sync(std::string const& definition) {
        std::string uri = begin_sync(definition);
        eloqua.advance(10s);
        return uri;
    }
    /// Pushes rows and syncs them; the sync's uri.
    std::string import(std::string const& definition, std::string_view rows,
                       std::string content_type = "application/json") {
        answer const pushed = post(definition + "/data", rows, std::move(content_type));
        BOOST_REQUIRE_MESSAGE(pushed.status == 204, pushed.body);
        return sync(definition);
    }
    /// Exports one column of the contacts that pass a filter, joined by commas.
    std::string contacts_where(std::string const& filter,
                               std::string const& statement = "{{Contact.Field(C_FirstName)}}") {
        boost::json::object const definition{
            {"name", "where"}, {"fields", {{"x", statement}}}, {"filter", filter}};
        answer const made = post("/contacts/exports", boost::json::serialize(definition));
        if (made.status != 201)
            return made.at("failures.0.field") + ": " + made.at("failures.0.constraint");
        return column(sync(made.at("uri")), "x");
    }
    std::string column(std::string const& sync_uri, std::string const& key) {
        answer const page = get(sync_uri + "/data");
        BOOST_REQUIRE_MESSAGE(page.status == 200, page.body);
        std::string joined;
        for (std::size_t i = 0; i != page.items(); ++i)
            joined += (i == 0 ? "" : ",") + page.at("items." + std::to_string(i) + "." + key);
        return joined;
    }
    /// "ELQ-00001:4 ELQ-00002:1 ..." in the order of the log.
    std::string log_of(std::string const& sync_uri) {
        answer const page = get(sync_uri + "/logs");
        std::string joined;
        for (std::size_t i = 0; i != page.items(); ++i) {
            std::string const item = "items." + std::to_string(i) + ".";
            joined += (i == 0 ? "" : " ") + page.at(item + "statusCode").substr(4) + ':' +
                      page.at(item + "count");
        }
        return joined;
    }
    /// "2:ELQ-00026(Email) ..." : record index, code and invalid fields.
    std::string rejects_of(std::string const& sync_uri) {
        answer const page = get(sync_uri + "/rejects");
        std::string joined;
        for (std::size_t i = 0; i != page.items(); ++i) {
            std::string const item = "items." + std::to_string(i) + ".";
            joined += (i == 0 ? "" : " ") + page.at(item + "recordIndex") + ':' +
                      page.at(item + "statusCode").substr(4) + '(';
            for (std::size_t k = 0; page.at(item + "invalidFields." + std::to_string(k)) != "-";
                 ++k)
                joined +=
                    (k == 0 ? "" : ",") + page.at(item + "invalidFields." + std::to_string(k));
            joined += ')';
        }
        return joined;
    }
};

} // namespace simulator_tests
