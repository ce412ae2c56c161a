// SPDX-License-Identifier: BSL-1.0
// Shared properties of all responses: header fields, reason phrases, methods, credentials.
#include <eloqua/bulk/simulator/detail/login.hpp>

#include "service_fixture.hpp"
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace {

using namespace simulator_tests;

std::string const user_export = R"({"name":"e","fields":{"Id":"{{Contact.Id}}"}})";

struct web_service : service {
    explicit web_service(simulator_options options = {}) : service(std::move(options)) {}

    /// A request with these credentials.
    answer as(std::string const& authorization, verb method = verb::get,
              std::string target = "/API/Bulk/2.0/syncs", std::string_view body = {},
              std::string const& content_type = {}) {
        request q(method, bulk::origin(), std::move(target));
        if (!authorization.empty())
            q.fields.set("Authorization", authorization);
        if (!content_type.empty())
            q.fields.set("Content-Type", content_type);
        q.body = body;
        return answer(eloqua.handle(q));
    }
    answer head(std::string const& path) { return send(verb::head, "/API/Bulk/2.0" + path); }
};

} // namespace

BOOST_AUTO_TEST_SUITE(simulator_http)

BOOST_FIXTURE_TEST_CASE(every_answer_has_the_fields_of_recorded_ones, web_service) {
    std::set<std::string> ids;
    std::size_t answers = 0;
    for (answer const& each :
         {get("/syncs"), post("/contacts/exports", user_export), post("/contacts/exports", "{"),
          get("/syncs/7"), get("/syncs/x"), as(""), as("", verb::get, "/id"),
          as("", verb::post, "/auth/oauth2/token"), put("/syncs", "{}"), get("/nowhere"),
          send(verb::get, "/API/REST/2.0/data/contacts"), head("/syncs")}) {
        BOOST_TEST_INFO_SCOPE(each.status << ' ' << each.body);
        BOOST_TEST(each.field("Date") == "Mon, 02 Jun 2025 09:00:00 GMT");
        BOOST_TEST(each.field("Cache-Control") == "no-store");
        BOOST_TEST(each.field("X-Request-Id").size() == 36u);
        ids.insert(each.field("X-Request-Id"));
        ++answers;
    }
    BOOST_TEST(ids.size() == answers);
    eloqua.advance(std::chrono::days(216) + 15h + 7s);
    BOOST_TEST(get("/syncs").field("Date") == "Mon, 05 Jan 2026 00:00:07 GMT");
    web_service again;
    BOOST_TEST(ids.contains(again.get("/syncs").field("X-Request-Id"))); // the same in each run
}

BOOST_FIXTURE_TEST_CASE(faulty_responses_have_these_header_fields_too, web_service) {
    bulk::fault_plan plan;
    plan.at("GET /syncs", 1, bulk::fault::unauthorized());
    plan.at("GET /syncs", 2, bulk::fault::bad_gateway());
    plan.at("GET /syncs", 3, bulk::fault::too_many_requests(7s, true));
    eloqua.inject(plan);
    answer const refused = get("/syncs");
    BOOST_TEST(refused.status == 401);
    BOOST_TEST(refused.field("WWW-Authenticate") == "Basic realm=\"Eloqua\"");
    answer const bad = get("/syncs");
    BOOST_TEST(bad.status == 502);
    BOOST_TEST(bad.field("Date") == "Mon, 02 Jun 2025 09:00:00 GMT");
    answer const busy = get("/syncs");
    BOOST_TEST(busy.field("Date") == "Mon, 02 Jun 2025 09:00:00 GMT");
    BOOST_TEST(busy.field("Retry-After") == "Mon, 02 Jun 2025 09:00:07 GMT");
}

BOOST_FIXTURE_TEST_CASE(intercepted_responses_are_not_changed, web_service) {
    eloqua.intercept([](request const&) { return response(401, "mine", "text/plain"); });
    answer const got = get("/syncs");
    BOOST_TEST(got.body == "mine");
    BOOST_TEST(got.reason == "");
    for (char const* field : {"Date", "Cache-Control", "X-Request-Id", "WWW-Authenticate"})
        BOOST_TEST(got.field(field) == "-");
}

BOOST_AUTO_TEST_CASE(every_401_says_how_to_authenticate) {
    simulator_options options;
    options.foreign_data_status = options.unfinished_data_status = 401;
    options.token_refusal_status = 401;
    web_service s(options);
    std::string const sync = s.begin_sync(s.define("/contacts/exports", user_export));
    s.eloqua.add_application("app", "secret", "https://client.example.com/cb");
    std::string const client = bulk::simulation::basic_authorization("app", "secret");
    std::string const token = "/auth/oauth2/token", form = "application/x-www-form-urlencoded";
    for (answer const& each :
         {s.as(""), s.as("Basic bm9ib2R5"), s.as("Bearer none"), s.as("Digest x"),
          s.get(sync + "/data"), s.as("Basic eDp5", verb::post, token, "grant_type=x", form),
          s.as(client, verb::post, token, "grant_type=refresh_token", form)}) {
        BOOST_TEST(each.status == 401, each.body);
        BOOST_TEST(each.field("WWW-Authenticate") == "Basic realm=\"Eloqua\"");
    }
    BOOST_TEST(s.get("/syncs").field("WWW-Authenticate") == "-");
}

BOOST_FIXTURE_TEST_CASE(schemes_have_any_letter_case, web_service) {
    std::string const credentials =
        bulk::simulation::basic_authorization("Company", "user", "secret").substr(6);
    for (char const* scheme : {"Basic ", "basic ", "BASIC ", "bAsIc   "}) {
        BOOST_TEST(as(scheme + credentials).status == 200, scheme);
        BOOST_TEST(as(scheme + credentials, verb::get, "/id").at("site.name") == "Company");
    }
    for (char const* scheme : {"", "Basic", "Basics ", "Bearer "})
        BOOST_TEST(as(scheme + credentials).status == 401, scheme);

    eloqua.add_application("app", "secret", "https://client.example.com/cb");
    std::string const client = bulk::simulation::basic_authorization("app", "secret").substr(6);
    answer const tokens = as("basic " + client, verb::post, "/auth/oauth2/token",
                             R"({"grant_type":"password","username":"Company\\user",)"
                             R"("password":"secret","scope":"full"})",
                             "application/json");
    BOOST_TEST_REQUIRE(tokens.status == 200, tokens.body);
    BOOST_TEST(tokens.field("Cache-Control") == "no-store");
    BOOST_TEST(tokens.field("Pragma") == "no-cache");
    for (char const* scheme : {"Bearer ", "bearer ", "BEARER "})
        BOOST_TEST(as(scheme + tokens.at("access_token")).status == 200, scheme);
    BOOST_TEST(as("Basic " + tokens.at("access_token")).status == 401);
}

BOOST_FIXTURE_TEST_CASE(methods_that_are_not_allowed_are_told_apart, web_service) {
    struct row {
        verb method;
        char const* path;
        char const* allow;
    };
    static row const rows[] = {
        {verb::put, "/syncs", "GET, HEAD, POST"},
        {verb::put, "/syncs/1", "GET, HEAD"},
        {verb::post, "/syncs/1/data", "GET, HEAD, DELETE"},
        {verb::delete_, "/contacts/fields", "GET, HEAD"},
        {verb::post, "/contacts/exports/1", "GET, HEAD, PUT, DELETE"},
        {verb::head, "/contacts/imports/1/data", "POST, DELETE"},
        {verb::get, "/customObjects/501/imports/1/data", "POST, DELETE"},
    };
    for (row const& each : rows) {
        answer const refused = send(each.method, std::string("/API/Bulk/2.0") + each.path, "{}");
        BOOST_TEST(refused.status == 405, each.path);
        BOOST_TEST(refused.field("Allow") == each.allow, each.path);
    }
    for (auto const& [path, allow] :
         {std::pair("/id", "GET, HEAD"), std::pair("/auth/oauth2/authorize", "GET, HEAD")}) {
        answer const refused = send(verb::post, path, "{}");
        BOOST_TEST(refused.status == 405, path);
        BOOST_TEST(refused.field("Allow") == allow, path);
    }
    answer const token = send(verb::get, "/auth/oauth2/token");
    BOOST_TEST(token.status == 405);
    BOOST_TEST(token.field("Allow") == "POST");
    BOOST_TEST(get("/syncs").field("Allow") == "-");
    BOOST_TEST(as("", verb::put).status == 401); // credentials are checked first
}

BOOST_AUTO_TEST_CASE(operations_that_are_switched_off_are_not_allowed) {
    simulator_options options;
    options.answers_invalid_operations = false;
    web_service s(options);
    answer const refused =
        s.send(verb::post, "/API/Bulk/2.0/phoneNumbers/imports/1", "{}", "application/json");
    BOOST_TEST(refused.status == 405);
    BOOST_TEST(refused.field("Allow") == "PUT, DELETE");
    BOOST_TEST(s.head("/phoneNumbers/imports/1").status == 404);
}

BOOST_FIXTURE_TEST_CASE(head_is_the_head_of_get, web_service) {
    eloqua.add_record("/contacts", {{"C_FirstName", "Ana"}});
    std::string const definition = define("/contacts/exports", user_export);
    std::string const uri = sync(definition);
    for (std::string const& path : {std::string("/syncs"), definition, uri, uri + "/data",
                                    uri + "/logs", std::string("/contacts/fields?limit=2"),
                                    std::string("/syncs/77"), std::string("/syncs/x")}) {
        answer const whole = get(path), only = head(path);
        BOOST_TEST(only.status == whole.status, path);
        BOOST_TEST(only.reason == whole.reason, path);
        BOOST_TEST(only.body == "", path);
        BOOST_TEST(only.field("Content-Length") == std::to_string(whole.body.size()), path);
        BOOST_TEST(only.field("Content-Type") == whole.field("Content-Type"), path);
    }
    BOOST_TEST(eloqua.requests("GET /syncs/{id}/data") == 2u); // counted as such
    BOOST_TEST(as("", verb::head).status == 401);
    answer const login = send(verb::head, "/id");
    BOOST_TEST(login.status == 200);
    BOOST_TEST(login.field("Content-Length") == std::to_string(send(verb::get, "/id").body.size()));
}

BOOST_AUTO_TEST_CASE(head_of_a_compressed_response) {
    simulator_options options;
    options.gzip = true;
    web_service s(options);
    s.extra.set("Accept-Encoding", "gzip");
    answer const whole = s.get("/contacts/fields"), only = s.head("/contacts/fields");
    BOOST_TEST(only.field("Content-Encoding") == "gzip");
    BOOST_TEST(only.field("Content-Length") == std::to_string(whole.body.size()));
    BOOST_TEST(only.body == "");
}

BOOST_FIXTURE_TEST_CASE(reasons_are_the_documented_texts, web_service) {
    std::string const definition = define("/contacts/imports", R"({"name":"i",
        "identifierFieldName":"e","fields":{"e":"{{Contact.Field(C_EmailAddress)}}"}})");
    BOOST_TEST(get("/syncs").reason == "OK");
    BOOST_TEST(post("/contacts/exports", user_export).reason == "Success");
    BOOST_TEST(post(definition + "/data", "[]").reason == "Success");
    BOOST_TEST(post("/contacts/exports", "{").reason == "There was a parsing error.");
    BOOST_TEST(post(definition + "/data", "[").reason == "There was a parsing error.");
    BOOST_TEST(post("/contacts/exports", "[]").reason == "There was a serialization error.");
    BOOST_TEST(post("/contacts/exports", "{}").reason == "There was a validation error.");
    BOOST_TEST(get("/syncs?limit=0").reason == "There was a validation error.");
    BOOST_TEST(get("/syncs/x").reason == "There was a validation error.");
    BOOST_TEST(post("/contacts/exports", user_export, "text/plain").reason == "Bad Request");
    BOOST_TEST(as("").reason == "Login required");
    BOOST_TEST(get("/syncs/7").reason == "The requested resource was not found.");
    BOOST_TEST(post(definition + "/data", std::string(32'000'001, ' ')).reason ==
               "The requested resource was not found.");
    std::string const sync = begin_sync(define("/contacts/exports", user_export));
    BOOST_TEST(get(sync + "/data").reason == "There was a conflict.");
    eloqua.advance(30h);
    BOOST_TEST(get(sync + "/data").reason == "The requested resource is no longer available.");
    BOOST_TEST(put("/syncs", "{}").reason == ""); // which is not documented
    extra.set("X-HTTP-Status-Code-Override", "200");
    BOOST_TEST(get("/syncs/7").reason == "OK");
}

BOOST_AUTO_TEST_CASE(a_full_staging_area_gives_its_reason) {
    simulator_options options;
    options.staging_kb = 1;
    web_service s(options);
    std::string const definition = s.define("/contacts/imports", R"({"name":"i",
        "identifierFieldName":"e","fields":{"e":"{{Contact.Field(C_EmailAddress)}}"}})");
    answer const full =
        s.post(definition + "/data", R"([{"e":")" + std::string(2'000, 'x') + R"("}])");
    BOOST_TEST(full.status == 413);
    BOOST_TEST(full.reason == "Storage space exceeded.");
}

BOOST_FIXTURE_TEST_CASE(the_other_api_is_not_enabled, web_service) {
    for (char const* target : {"/API/REST/2.0/data/contacts", "/api/rest/1.0/data/contact/1",
                               "/Api/Rest/2.0/assets/emails?count=1", "/API/REST/"})
        for (verb const method : {verb::get, verb::post, verb::delete_}) {
            answer const refused = send(method, target, "{}");
            BOOST_TEST(refused.status == 403, target);
            BOOST_TEST(refused.reason == "This service has not been enabled for your site.");
            BOOST_TEST(refused.body == refused.reason);
        }
    BOOST_TEST(send(verb::get, "/API/RESTful/2.0").status == 404);
    BOOST_TEST(send(verb::get, "/API/Bulk/1.0/syncs").status == 404);
}

BOOST_AUTO_TEST_CASE(limits_of_lists_above_a_thousand_are_lowered_or_refused) {
    auto const fill = [](web_service& s) {
        for (int i = 0; i != 1'003; ++i)
            s.eloqua.add_contact_list(1'000 + i, "l" + std::to_string(i));
    };
    web_service lowering;
    fill(lowering);
    for (char const* limit : {"1000", "1001", "50000"}) {
        answer const page = lowering.get(std::string("/contacts/lists?offset=1&limit=") + limit);
        BOOST_TEST(page.status == 200, limit);
        BOOST_TEST(page.items() == 1'000u, limit);
        BOOST_TEST(page.at("limit") == "1000", limit);
        BOOST_TEST(page.at("hasMore") == "true", limit);
    }
    answer const beyond = lowering.get("/contacts/lists?limit=50001");
    BOOST_TEST(beyond.status == 400);
    BOOST_TEST(beyond.at("failures.0.field") == "limit");

    simulator_options strict;
    strict.lowers_list_limits = false;
    web_service refusing(strict);
    fill(refusing);
    BOOST_TEST(refusing.get("/contacts/lists?limit=1000").items() == 1'000u);
    for (char const* limit : {"1001", "50000", "50001"}) {
        answer const refused = refusing.get(std::string("/contacts/lists?limit=") + limit);
        BOOST_TEST(refused.status == 400, limit);
        BOOST_TEST(refused.at("failures.0.field") == "limit", limit);
        BOOST_TEST(refused.at("failures.0.value") == limit, limit);
    }
    // Rows are not a list.
    refusing.eloqua.generate_contacts(1'500);
    std::string const rows = refusing.sync(refusing.define("/contacts/exports", user_export));
    answer const page = refusing.get(rows + "/data?limit=50000");
    BOOST_TEST(page.items() == 1'500u);
    BOOST_TEST(page.at("limit") == "50000");
}

BOOST_AUTO_TEST_SUITE_END()
