// SPDX-License-Identifier: BSL-1.0
// For every operation of the contract: the typed function makes the request that the contract
// specifies, the simulated service's response decodes, and so does every documented error.
#include "../contract.hpp"

#include <eloqua/bulk.hpp>
#include <eloqua/bulk/simulator.hpp>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <boost/test/unit_test.hpp>

#include "../../examples/tour.hpp"
#include "contract_documents.hpp"
#include <chrono>
#include <cstdint>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace bulk = eloqua::bulk;
namespace json = boost::json;

namespace {

constexpr std::string_view prefix = "/API/Bulk/2.0";

std::map<std::string, contract::operation> const& by_line() {
    static auto const all = [] {
        std::map<std::string, contract::operation> map;
        for (contract::operation const& each : contract::operations())
            if (!each.login)
                map.emplace(each.line(), each);
        return map;
    }();
    return all;
}

/// A request that a client sent.
struct sent {
    std::string method, target, body;
    bulk::header_fields fields;

    std::string path() const {
        return target.substr(prefix.size(), target.find('?') - prefix.size());
    }
    std::set<std::string> query() const {
        std::set<std::string> names;
        std::size_t const mark = target.find('?');
        std::istringstream in(mark == target.npos ? "" : target.substr(mark + 1));
        for (std::string each; std::getline(in, each, '&');)
            names.insert(each.substr(0, each.find('=')));
        return names;
    }
};

void check_body(sent const& q, contract::operation const& wanted) {
    bool const writes = q.method == "POST" || q.method == "PUT";
    BOOST_TEST(q.body.empty() == !writes);
    BOOST_TEST(q.fields.find("Content-Type").value_or("-") == (writes ? "application/json" : "-"));
    if (!writes)
        return;
    json::value const body = json::parse(q.body);
    std::string collection = contract::operation::plain(wanted.path);
    if (collection.ends_with("/data")) {
        BOOST_TEST_REQUIRE(body.is_array());
        for (json::value const& row : body.get_array())
            for (auto const& each : row.as_object())
                BOOST_TEST(each.value().is_string());
        return;
    }
    if (q.method == "PUT")
        collection.resize(collection.rfind('/'));
    auto const document = contract::documents().find(collection);
    BOOST_TEST_REQUIRE((document != contract::documents().end()));
    BOOST_TEST_REQUIRE(body.is_object());
    for (auto const& each : body.get_object()) {
        auto const property = document->second.find(std::string(each.key()));
        BOOST_TEST_CONTEXT(each.key()) {
            BOOST_TEST_REQUIRE((property != document->second.end()));
            BOOST_TEST(contract::has_type(each.value(), property->second));
        }
    }
}

constexpr std::string_view exported = "GET /contacts/exports/{}/data";

void keep_one_definition_of_each_kind(bulk::client const& client) {
    bulk::export_definition out;
    out.name = "kept";
    out.fields = {{"Email", "{{Contact.Field(C_EmailAddress)}}"}};
    BOOST_TEST(client.exports(bulk::contacts).create(out).get().has_value());
    bulk::import_definition in;
    in.name = "kept";
    in.fields = out.fields;
    in.identifierFieldName = "Email";
    BOOST_TEST(client.imports(bulk::contacts).create(in).get().has_value());
    BOOST_TEST(client.sync_actions(bulk::contacts)
                   .create(bulk::define_sync_action(bulk::contacts, "kept",
                                                    bulk::contact_identifier::email_address,
                                                    bulk::unsubscribe_globally()))
                   .get()
                   .has_value());
}

void check_request(sent const& q, contract::operation const& wanted) {
    BOOST_TEST(q.method == wanted.method);
    BOOST_TEST(q.target.starts_with(prefix));
    BOOST_TEST(plain_path(q.path()) == contract::operation::plain(wanted.path));
    for (std::string const& name : q.query())
        BOOST_TEST(wanted.query.contains(name), "no parameter of it: " << name);
    BOOST_TEST(q.fields.find("Authorization").value_or("").starts_with("Basic "));
    BOOST_TEST(q.fields.find("Accept").value_or("") == "application/json");
    check_body(q, wanted);
}

/// A simulated service that shows the requests it receives, and can respond differently.
struct watched {
    std::vector<sent> seen;
    bulk::response answered; ///< the last one
    std::function<std::optional<bulk::response>(bulk::request const&)> instead;
    bool answering = false;
    bulk::simulator eloqua{[this] {
        bulk::simulator_options options;
        options.intercept = [this](bulk::request const& q) -> std::optional<bulk::response> {
            if (answering)
                return std::nullopt;
            seen.push_back(
                {std::string(to_string(q.method)), q.target, std::string(q.body), q.fields});
            if (instead)
                return instead(q);
            answering = true;
            answered = eloqua.handle(q);
            answering = false;
            return answered;
        };
        return options;
    }()};
    bulk::client client{eloqua, bulk::basic_credentials{"Company", "user", "secret"}, [] {
                            bulk::client_options options;
                            options.base_url = "https://secure.p03.eloqua.com/API/Bulk/2.0";
                            options.retry.attempts = 1;
                            return options;
                        }()};

    std::set<std::string> tour(tour_visitor const& visit,
                               tour_queries const& queries = tour_queries()) {
        std::set<std::string> lines;
        auto each = [&](std::string const& line, tour_call const& call) {
            BOOST_TEST(lines.insert(line).second, "twice: " << line);
            BOOST_TEST_INFO_SCOPE(line);
            visit(line, call);
        };
        auto settle = [&](bulk::id) { eloqua.advance(std::chrono::minutes(5)); };
        tour_operations(client, each, settle, queries);
        return lines;
    }
};

/// An object with every member of the contract's documents, with the values that an example
/// generator makes.
std::string dummy(bool fields_are_a_list) {
    return std::string(R"({"name":"string","fields":)") +
           (fields_are_a_list ? R"([{"name":"string","dataType":"number"}])"
                              : R"({"additionalProp1":"string"})") +
           R"(,"filter":"string","maxRecords":0,"areSystemTimestampsInUTC":true,)"
           R"("autoDeleteDuration":"string","dataRetentionDuration":"string","uri":"string",)"
           R"("createdAt":"2019-08-24T14:15:22Z","createdBy":"string","kbUsed":0,"kbAllowed":0,)"
           R"("identifierFieldName":"string","updateRule":"always","importRule":"createOnly",)"
           R"("updateRuleByField":{"additionalProp1":"always"},"syncActions":[{"action":"add",)"
           R"("destination":"string","status":"bounced","updateAll":true}],"id":0,)"
           R"("syncedInstanceUri":"string","status":"pending","syncStartedAt":)"
           R"("2019-08-24T14:15:22Z","count":0,"severity":"information","statusCode":"string",)"
           R"("message":"string","statement":"string","dataType":"number","priority":0,)"
           R"("internalName":"string","activityTypes":["EmailSend"],"fieldValues":{"a":"b"},)"
           R"("invalidFields":["string"],"recordIndex":0})";
}

bulk::response dummy_answer(bulk::request const& q, contract::operation const& of) {
    bool const models = q.target.find("/scoring/") != std::string::npos;
    bool const list = of.query.contains("limit");
    if (*of.success.begin() == 204 && !of.success.contains(201))
        return bulk::response(204);
    // The shorter description returns the action, not its definition.
    if (of.line() == "POST /contacts/syncActions")
        return bulk::response(201, R"({"action":"add","destination":"string","status":"bounced"})");
    std::string body = dummy(models);
    if (list)
        body = R"({"items":[)" + body +
               R"(],"totalResults":0,"limit":0,"offset":0,"count":0,"hasMore":true})";
    if (list && of.path.ends_with("/data"))
        body = R"({"items":[{}],"totalResults":0,"hasMore":true})";
    return bulk::response(*of.success.rbegin() == 204 ? 201 : *of.success.rbegin(), body);
}

} // namespace

BOOST_AUTO_TEST_SUITE(contract_of_the_service)

BOOST_AUTO_TEST_CASE(all_operations_and_no_others) {
    watched service;
    // Something of each kind, to list and export.
    for (auto const& [path, field] :
         {std::pair("/contacts", "C_EmailAddress"), std::pair("/accounts", "M_CompanyName"),
          std::pair("/customObjects/501", "Serial_Number1"),
          std::pair("/events/601", "Email_Address1")})
        service.eloqua.add_record(path, {{field, "a@example.com"}});
    service.eloqua.add_activity(bulk::activity_type::EmailOpen, 1001);
    service.eloqua.add_record("/campaignResponses", {{"MemberStatus", "Sent"}});
    service.eloqua.set_member_status(
        "/campaignResponses",
        "{{ActionInstance(f3689bdfbf2e48deb318019367b4f2a8).Execution[12345]}}", 1001,
        bulk::member_status::pending);
    keep_one_definition_of_each_kind(service.client);
    auto const lines = service.tour([&](std::string const& line, tour_call const& call) {
        service.seen.clear();
        tour_outcome const came = call();
        BOOST_TEST(came.done.has_value(), (came.done ? "" : came.done.error().message()));
        BOOST_TEST(service.seen.size() == 1u);
        // The tour syncs only one definition, and an export rejects no row.
        if (came.items) {
            bool const none = (line.find("/exports/{}/data") != line.npos && line != exported) ||
                              line.ends_with("/rejects");
            BOOST_TEST(*came.items == (none ? 0u : 1u));
        }
        // The decoded document equals the response, member by member.
        if (came.done) {
            BOOST_TEST(came.document.has_value() == !service.answered.body.empty());
            if (came.document)
                BOOST_TEST(json::parse(*came.document) == json::parse(service.answered.body));
        }
        auto const wanted = by_line().find(line);
        if (wanted == by_line().end())
            BOOST_ERROR("not in the contract");
        else if (!service.seen.empty())
            check_request(service.seen.front(), wanted->second);
    });
    BOOST_TEST(lines.size() == 179u);
    for (auto const& each : by_line())
        BOOST_TEST(lines.contains(each.first), "no function for " << each.first);
}

BOOST_AUTO_TEST_CASE(the_operations_of_the_shorter_description) {
    std::set<std::string> seed;
    for (auto const& [line, operation] : by_line())
        if (operation.seed)
            seed.insert(line);
    BOOST_TEST(seed.size() == 44u);
    BOOST_TEST(
        (seed == std::set<std::string>(std::begin(seed_operations), std::end(seed_operations))));
}

BOOST_AUTO_TEST_CASE(every_documented_error_of_every_operation) {
    watched service;
    std::size_t errors = 0;
    service.tour([&](std::string const& line, tour_call const& call) {
        contract::operation const& of = by_line().at(line);
        for (int const status : of.errors)
            BOOST_TEST_CONTEXT(status) {
                service.instead = [&](bulk::request const&) {
                    return bulk::response(
                        status, R"({"failures":[{"field":"name","value":7,"constraint":"Must."},)"
                                R"({"field":"fields","constraint":"Must not."}]})");
                };
                bulk::result<void> const came = call().done;
                service.instead = nullptr;
                BOOST_TEST_REQUIRE(came.has_error());
                bulk::failure const& why = came.error();
                bool const unknown = status >= 500 && of.method == "POST";
                BOOST_TEST(
                    (why.code == (unknown ? make_error_code(bulk::errc::outcome_unknown)
                                          : bulk::error_code(status, bulk::http_category()))));
                BOOST_TEST(why.info.status == status);
                BOOST_TEST_REQUIRE(why.info.failures.size() == 2u);
                BOOST_TEST(why.info.failures[0].value == "7");
                BOOST_TEST(why.info.failures[1].constraint == "Must not.");
                BOOST_TEST(why.info.request.starts_with(of.method + " https://"));
                ++errors;
            }
        call();
    });
    BOOST_TEST(errors == 1'790u);
}

BOOST_AUTO_TEST_CASE(the_tour_completes_against_schema_shaped_dummies) {
    watched service;
    std::size_t requests = 0;
    tour_queries queries;
    queries.lists = {7, 0, "name ASC", "name=*Test*", true}; // the dummy's offset is 0
    queries.rows = {7, 0, true};
    auto const lines = service.tour(
        [&](std::string const& line, tour_call const& call) {
            contract::operation const& of = by_line().at(line);
            service.instead = [&](bulk::request const& q) {
                ++requests;
                return dummy_answer(q, of);
            };
            service.seen.clear();
            bulk::result<void> const came = call().done;
            service.instead = nullptr;
            BOOST_TEST(came.has_value(), (came ? "" : came.error().message()));
            // Every parameter of every list is sent except links, which no response of the contract
            // has.
            std::set<std::string> parameters = of.query;
            parameters.erase("links");
            BOOST_TEST_REQUIRE(service.seen.size() == 1u);
            BOOST_TEST((service.seen.front().query() == parameters));
        },
        queries);
    BOOST_TEST(lines.size() == 179u);
    BOOST_TEST(requests == 179u);
}

BOOST_AUTO_TEST_SUITE_END()
