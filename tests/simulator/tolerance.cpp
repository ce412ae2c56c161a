// SPDX-License-Identifier: BSL-1.0
// Requests that real clients send, and responses to requests for things that do not exist.
#include <eloqua/bulk/simulator/detail/login.hpp>

#include "service_fixture.hpp"
#include <string>

namespace {

using namespace simulator_tests;

std::string const email_export =
    R"({"name":"Email export","fields":{"Email":"{{Contact.Field(C_EmailAddress)}}"}})";

} // namespace

BOOST_AUTO_TEST_SUITE(simulator_tolerance)

BOOST_FIXTURE_TEST_CASE(paths_are_read_leniently, service) {
    for (char const* path :
         {"/API/Bulk/2.0/customObjects/501/fields", "/api/bulk/2.0/customobjects/501/fields",
          "/api/Bulk/2.0/CUSTOMOBJECTS/501/FIELDS", "//API//Bulk//2.0//customObjects//501//fields",
          "/API/Bulk/2.0/customObjects/501/fields/", "/API/Bulk/2.0/customObjects/501/fields?",
          "/API/Bulk/2.0/customObjects/501/fields/?&&",
          "/API/Bulk/2.0/custom%4fbjects/501/fields?links=self,next"})
        BOOST_TEST(send(verb::get, path).status == 200, path);
    std::string const made = define("/Contacts/EXPORTS/", email_export);
    BOOST_TEST(made == "/contacts/exports/1"); // the documented spelling
    BOOST_TEST(
        post("/SYNCS", R"({"syncedInstanceUri":"/Contacts/Exports/1"})").at("syncedInstanceUri") ==
        made);
}

BOOST_FIXTURE_TEST_CASE(conditions_come_with_and_without_quotes, service) {
    define("/contacts/exports", email_export);
    define("/contacts/exports", R"({"name":"Other","fields":{"Id":"{{Contact.Id}}"}})");
    for (char const* q :
         {"q=name=*mail*", "q=%22name=*mail*%22", "q=\"name=*mail*\"", "q=name%3D%2Amail%2A",
          "q=%22name%3DEmail%20export%22", "q=name=Email+export", "Q=name=Email*"})
        BOOST_TEST(get(std::string("/contacts/exports?") + q).items() == 1u, q);
    BOOST_TEST(get("/contacts/exports?q=createdAt%3C2025-07-01").items() == 2u);
    BOOST_TEST(get("/contacts/exports?q=createdAt<2025-06-01").items() == 0u);
    BOOST_TEST(get("/contacts/exports?totalResults=False").at("totalResults") == "-");
    for (char const* wrong :
         {"limit=0", "limit=50001", "limit=ten", "offset=-1", "q=name", "orderBy=name%20UPWARDS"}) {
        answer const refused = get(std::string("/contacts/exports?") + wrong);
        BOOST_TEST(refused.status == 400, wrong);
        BOOST_TEST(std::string(wrong).starts_with(refused.at("failures.0.field")), wrong);
    }
}

BOOST_FIXTURE_TEST_CASE(booleans_come_as_strings, service) {
    BOOST_TEST(post("/contacts/exports", R"({"name":"e","fields":{"Id":"{{Contact.Id}}"},
        "areSystemTimestampsInUTC":"false"})")
                   .at("areSystemTimestampsInUTC") == "false");
    BOOST_TEST(post("/contacts/imports", R"({"name":"i","identifierFieldName":"e",
        "fields":{"e":"{{Contact.Field(C_EmailAddress)}}"},"isSyncTriggeredOnImport":"true",
        "isUpdatingMultipleMatchedRecords":"false"})")
                   .at("isSyncTriggeredOnImport") == "true");
}

BOOST_FIXTURE_TEST_CASE(bodies_say_what_they_are, service) {
    std::string const exports = "/contacts/exports";
    BOOST_TEST(post(exports, email_export, "application/json;charset=UTF-8").status == 201);
    BOOST_TEST(post(exports, email_export, "APPLICATION/JSON ; charset=utf-8").status == 201);
    for (char const* type :
         {"", "text/csv", "text/plain", "application/xml", "application/x-www-form-urlencoded"})
        BOOST_TEST(post(exports, email_export, type).status == 400, type);
    for (char const* body : {"", "{", "[]", "\"text\"", "null", "<x/>"})
        BOOST_TEST(post(exports, body).status == 400, body);
    std::string const in = define("/contacts/imports", R"({"name":"i","identifierFieldName":"e",
        "fields":{"e":"{{Contact.Field(C_EmailAddress)}}"}})") +
                           "/data";
    BOOST_TEST(post(in, "e\na@b.co\n", "Text/CSV; charset=utf-8").status == 204);
    BOOST_TEST(post(in, R"([{"e":"a@b.co"}])").status == 204);
    BOOST_TEST(post(in, "e\na@b.co\n", "").status == 400);
    BOOST_TEST(post(in, "e\na@b.co\n").status == 400);
    BOOST_TEST(post(in, R"({"e":"a@b.co"})").status == 400);
    BOOST_TEST(post(in, "e\n\"a@b.co\n", "text/csv").status == 400);
}

BOOST_FIXTURE_TEST_CASE(methods_can_be_overridden, service) {
    std::string const made = define("/contacts/exports", email_export);
    extra.set("X-HTTP-Method-Override", "put");
    BOOST_TEST(post(made, R"({"name":"Renamed","fields":{"Id":"{{Contact.Id}}"}})").at("name") ==
               "Renamed");
    extra.set("X-HTTP-Method-Override", "DELETE");
    BOOST_TEST(post(made, "").status == 204);
    extra.set("X-HTTP-Method-Override", "GET");
    BOOST_TEST(get(made).status == 404);
}

BOOST_FIXTURE_TEST_CASE(statuses_can_be_overridden, service) {
    request q(verb::get, {}, "/API/Bulk/2.0/contacts/exports/5");
    q.fields.set("Authorization",
                 bulk::simulation::basic_authorization("Company", "user", "secret"));
    q.fields.set("X-HTTP-Status-Code-Override", "200");
    response const hidden = eloqua.handle(q);
    BOOST_TEST(hidden.status == 200);
    BOOST_TEST(hidden.fields.find("X-HTTP-Original-Status-Code").value() == "404");
    BOOST_TEST(hidden.body == "The requested resource was not found.");
    for (char const* wrong : {"", "OK", "20", "99999"}) {
        q.fields.set("X-HTTP-Status-Code-Override", wrong);
        response const shown = eloqua.handle(q);
        BOOST_TEST(shown.status == 404, wrong);
        BOOST_TEST(!shown.fields.find("X-HTTP-Original-Status-Code"), wrong);
    }
}

BOOST_FIXTURE_TEST_CASE(ids_are_positive_integers, service) {
    for (char const* wrong : {"0", "-1", "1.5", "sandwich", "1a", "99999999999999999999", "%20"})
        for (std::string const& path :
             {std::string("/contacts/lists/"), std::string("/syncs/"), std::string("/events/"),
              std::string("/contacts/syncActions/"), std::string("/imports/priorities/")}) {
            answer const refused = get(path + wrong);
            BOOST_TEST(refused.status == 400, path << wrong);
            BOOST_TEST(refused.at("type") == "EndpointParameterError", path << wrong);
            BOOST_TEST(refused.at("requirement.type") == "IdRequirement", path << wrong);
        }
    answer const parent = get("/events/x/exports/1");
    BOOST_TEST(parent.status == 400);
    BOOST_TEST(parent.at("parameter") == "parentId");
    BOOST_TEST(parent.at("value") == "x");
    BOOST_TEST(get("/events/9/exports").status == 404);
}

BOOST_AUTO_TEST_CASE(operations_that_call_themselves_invalid_can_be_switched_off) {
    simulator_options options;
    options.answers_invalid_operations = false;
    service s(options);
    for (std::string const list :
         {"/campaigns/fields", "/campaignResponses/fields", "/phoneNumbers/imports"}) {
        answer const refused = s.get(list + "/1");
        BOOST_TEST(refused.status == 404, list);
        BOOST_TEST(s.eloqua.requests("GET " + list + "/{id}") == 0u);
    }
    BOOST_TEST(s.get("/campaigns/fields").status == 200);
    BOOST_TEST(s.get("/contacts/fields/100001").status == 200);
    BOOST_TEST(s.del("/phoneNumbers/imports/1").status == 404);
    service usual;
    BOOST_TEST(usual.get("/campaigns/fields/1").status == 200);
}

BOOST_FIXTURE_TEST_CASE(a_busy_service_can_be_simulated, service) {
    int asked = 0;
    eloqua.intercept([&](request const&) -> std::optional<response> {
        response busy(++asked % 2 == 0 ? 429 : 503, "Too Many Requests", "text/plain");
        if (asked == 1)
            busy.fields.set("Retry-After", "7");
        return asked <= 3 ? std::optional(busy) : std::nullopt;
    });
    BOOST_TEST(get("/syncs").status == 503);
    BOOST_TEST(get("/syncs").status == 429);
    BOOST_TEST(get("/syncs").status == 503);
    BOOST_TEST(get("/syncs").status == 200);
}

BOOST_AUTO_TEST_SUITE_END()
