// SPDX-License-Identifier: BSL-1.0
// Requests, definitions, lists: what the simulated service accepts and what it refuses.
#include <eloqua/bulk/simulator/detail/login.hpp>

#include "service_fixture.hpp"
#include <cstdint>
#include <string>
#include <string_view>

namespace {

using namespace simulator_tests;

std::string const email_export =
    R"({"name":"e","fields":{"Email":"{{Contact.Field(C_EmailAddress)}}"}})";
std::string const email_import = R"({"name":"i","identifierFieldName":"Email",
    "fields":{"Email":"{{Contact.Field(C_EmailAddress)}}"}})";

/// A definition of one field, with further members.
std::string export_with(std::string const& members) {
    return R"({"name":"e","fields":{"Email":"{{Contact.Field(C_EmailAddress)}}"},)" + members + '}';
}
std::string import_with(std::string const& members) {
    return R"({"name":"i","fields":{"Email":"{{Contact.Field(C_EmailAddress)}}",
        "City":"{{Contact.Field(C_City)}}"},"identifierFieldName":"Email",)" +
           members + '}';
}
std::string many_fields(int n) {
    std::string text = R"({"name":"n","identifierFieldName":"f0","fields":{)";
    for (int i = 0; i != n; ++i)
        text += (i == 0 ? "\"f" : ",\"f") + std::to_string(i) + "\":\"{{Contact.Field(C_City)}}\"";
    return text + "}}";
}

struct with_card : service {
    with_card() {
        eloqua.add_custom_object(
            172, "Warranty",
            {bulk::simulated_field("Serial1", bulk::data_type::string, 976),
             bulk::simulated_field("Email1", bulk::data_type::emailAddress, 977)});
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(simulator_definitions)

BOOST_FIXTURE_TEST_CASE(login_returns_the_origin_of_its_request, service) {
    request q(verb::get, bulk::parse_url("http://127.0.0.1:8080/id")->at, "/id");
    q.fields.set("Authorization",
                 bulk::simulation::basic_authorization("Company", "user", "secret"));
    answer const local(eloqua.handle(q));
    BOOST_TEST(local.status == 200);
    BOOST_TEST(local.at("site.name") == "Company");
    BOOST_TEST(local.at("user.username") == "user");
    BOOST_TEST(local.at("urls.base") == "http://127.0.0.1:8080");
    BOOST_TEST(local.at("urls.apis.rest.bulk") == "http://127.0.0.1:8080/API/Bulk/{version}/");
    q.to = bulk::parse_url("https://login.eloqua.com/id")->at;
    BOOST_TEST(answer(eloqua.handle(q)).at("urls.apis.rest.bulk") ==
               "https://secure.p03.eloqua.com/API/Bulk/{version}/");
}

BOOST_FIXTURE_TEST_CASE(bad_credentials_fail_in_two_ways, service) {
    user = "nobody";
    answer const login = send(verb::get, "/id");
    BOOST_TEST(login.status == 200);
    BOOST_TEST(login.body == "\"Not authenticated.\"");
    answer const call = get("/syncs");
    BOOST_TEST(call.status == 401);
    BOOST_TEST(call.body == "Login required");
    eloqua.add_user("nobody", "secret");
    BOOST_TEST(get("/syncs").status == 200);
    request const bare(verb::get, {}, "/API/Bulk/2.0/syncs");
    BOOST_TEST(eloqua.handle(bare).status == 401);
    BOOST_TEST(eloqua.requests("GET /syncs") == 3u);
}

BOOST_FIXTURE_TEST_CASE(paths_are_taken_as_clients_write_them, with_card) {
    for (char const* path :
         {"/API/Bulk/2.0/contacts/fields", "/api/bulk/2.0/contacts/fields",
          "/api/BULK/2.0//contacts//fields?", "/API/Bulk/2.0/Contacts/Fields?limit=5&",
          "/API/Bulk/2.0/customobjects/172/fields", "/API/Bulk/2.0/customObjects/172/%66ields"})
        BOOST_TEST(send(verb::get, path).status == 200, path);
    for (char const* path :
         {"/", "/API/Bulk/1.0/contacts/fields", "/API/Bulk/2.0", "/API/Bulk/2.0/contacts",
          "/API/Bulk/2.0/nothing", "/API/Bulk/2.0/contacts/fields/1/more"})
        BOOST_TEST(send(verb::get, path).status == 404, path);
    BOOST_TEST(get("/customObjects/173/fields").status == 404);
    BOOST_TEST(get("/contacts/fields/100001").at("internalName") == "C_EmailAddress");
    BOOST_TEST(get("/contacts/fields/1").status == 404);
    BOOST_TEST(del("/contacts/fields").status == 405);
    BOOST_TEST(send(verb::put, "/API/Bulk/2.0/syncs/1", "{}").status == 405);
    std::string const uri = define("/contacts/exports", email_export);
    extra.set("X-HTTP-Method-Override", "DELETE");
    BOOST_TEST(get(uri).status == 204);
    BOOST_TEST(get(uri).status == 404);
}

BOOST_FIXTURE_TEST_CASE(ids_must_be_ids, service) {
    for (char const* wrong : {"sandwich", "0", "-1", "1.5", "99999999999999999999"}) {
        answer const refused = get(std::string("/contacts/exports/") + wrong);
        BOOST_TEST(refused.status == 400, wrong);
        BOOST_TEST(refused.at("type") == "EndpointParameterError");
        BOOST_TEST(refused.at("parameter") == "id");
        BOOST_TEST(refused.at("requirement.type") == "IdRequirement");
        BOOST_TEST(refused.at("value") == wrong);
    }
    BOOST_TEST(get("/customObjects/x/fields").at("parameter") == "parentId");
    for (char const* unknown : {"/contacts/exports/9", "/contacts/imports/9", "/syncs/9",
                                "/syncs/9/data", "/syncs/9/logs", "/syncs/9/rejects"}) {
        answer const missing = get(unknown);
        BOOST_TEST(missing.status == 404, unknown);
        BOOST_TEST(missing.json.is_null());
    }
}

BOOST_FIXTURE_TEST_CASE(bodies_must_match_their_content_type, service) {
    std::string const exports = "/contacts/exports";
    BOOST_TEST(post(exports, email_export, "").status == 400);
    BOOST_TEST(post(exports, email_export, "text/plain").status == 400);
    BOOST_TEST(post(exports, email_export, "text/csv").status == 400);
    BOOST_TEST(post(exports, email_export, "Application/JSON; charset=utf-8").status == 201);
    BOOST_TEST(post(exports, "{\"name\":").status == 400);
    BOOST_TEST(post(exports, "[]").status == 400);
    BOOST_TEST(post(exports, "").status == 400);
}

BOOST_FIXTURE_TEST_CASE(an_export_definition_lives, service) {
    answer const made = post("/contacts/exports", R"({
        "name": "Bare export",
        "fields": {"Email": "{{Contact.Field(C_EmailAddress)}}", "Id": "{{Contact.Id}}"},
        "unknown": [1, 2],
        "areSystemTimestampsInUTC": "true"
    })");
    BOOST_TEST(made.status == 201);
    BOOST_TEST(made.body ==
               R"({"name":"Bare export",)"
               R"("fields":{"Email":"{{Contact.Field(C_EmailAddress)}}","Id":"{{Contact.Id}}"},)"
               R"("areSystemTimestampsInUTC":true,"dataRetentionDuration":"PT6H",)"
               R"("uri":"/contacts/exports/1","createdBy":"user",)"
               R"("createdAt":"2025-06-02T09:00:00.0000000Z","updatedBy":"user",)"
               R"("updatedAt":"2025-06-02T09:00:00.0000000Z"})");
    BOOST_TEST(get("/contacts/exports/1").body == made.body);
    BOOST_TEST(get("/accounts/exports/1").status == 404);

    eloqua.advance(60s);
    answer const replaced = put("/contacts/exports/1", R"({"name":"Other",
        "fields":{"Id":"{{Contact.Id}}"},"dataRetentionDuration":"P1D"})");
    BOOST_TEST(replaced.status == 200);
    BOOST_TEST(replaced.at("name") == "Other");
    BOOST_TEST(replaced.at("fields.Email") == "-");
    BOOST_TEST(replaced.at("createdAt") == "2025-06-02T09:00:00.0000000Z");
    BOOST_TEST(replaced.at("updatedAt") == "2025-06-02T09:01:00.0000000Z");
    BOOST_TEST(put("/contacts/exports/1", "{}").status == 400);
    BOOST_TEST(put("/contacts/exports/2", email_export).status == 404);

    BOOST_TEST(del("/contacts/exports/1").status == 204);
    BOOST_TEST(del("/contacts/exports/1").status == 404);
    BOOST_TEST(get("/contacts/exports/1").status == 404);
    BOOST_TEST(define("/contacts/exports", email_export) == "/contacts/exports/2");
}

BOOST_FIXTURE_TEST_CASE(an_import_definition_lives, with_card) {
    answer const made = post("/contacts/imports", email_import);
    BOOST_TEST(made.at("isSyncTriggeredOnImport") == "false");
    BOOST_TEST(made.at("isUpdatingMultipleMatchedRecords") == "false");
    BOOST_TEST(made.at("dataRetentionDuration") == "P7D");
    BOOST_TEST(made.at("updateRule") == "-");
    BOOST_TEST(made.at("importRule") == "-");
    BOOST_TEST(put("/contacts/imports/1", import_with(R"("updateRule":"ifNewIsNotNull")"))
                   .at("updateRule") == "ifNewIsNotNull");
    BOOST_TEST(del("/contacts/imports/1").status == 204);
    BOOST_TEST(get("/contacts/imports/1").status == 404);

    answer const card = post("/customObjects/172/imports", R"({
        "name": "Warranty cards in",
        "mapDataCards": "true",
        "mapDataCardsEntityField": "{{Contact.Field(C_EmailAddress)}}",
        "mapDataCardsSourceField": "Email",
        "mapDataCardsEntityType": "Contact",
        "mapDataCardsCaseSensitiveMatch": "false",
        "updateRule": "always",
        "fields": {
            "Serial": "{{CustomObject[172].Field[976]}}",
            "Email": "{{CustomObject[172].Field[977]}}"
        },
        "identifierFieldName": "Serial"
    })");
    BOOST_TEST(card.status == 201);
    BOOST_TEST(card.at("uri") == "/customObjects/172/imports/2");
    BOOST_TEST(card.at("mapDataCards") == "true");
    BOOST_TEST(post("/accounts/imports", R"({"name":"Accounts with owners","fields":{
        "CompanyName":"{{Account.Field(M_CompanyName)}}",
        "OwnerCrmId":"{{Account.User.Field(CRMOSCUserId)}}"},
        "identifierFieldName":"CompanyName","linkUsers":"true"})")
                   .at("linkUsers") == "true");
}

BOOST_FIXTURE_TEST_CASE(refusals_name_the_member, service) {
    struct row {
        char const* collection;
        std::string body;
        char const* field;
    };
    std::string const long_name(101, 'n');
    std::string const filter(1'001, ' ');
    std::string actions = "{\"action\":\"setStatus\",\"destination\":\"{{GlobalSubscribe}}\","
                          "\"status\":\"subscribed\"}";
    std::string const eleven = [&] {
        std::string text = actions;
        for (int i = 0; i != 10; ++i)
            text += ',' + actions;
        return text;
    }();
    row const rows[] = {
        {"exports", "{}", "name"},
        {"exports", R"({"name":"","fields":{"Id":"{{Contact.Id}}"}})", "name"},
        {"exports", R"({"name":7,"fields":{"Id":"{{Contact.Id}}"}})", "name"},
        {"exports", R"({"name":")" + long_name + R"(","fields":{"Id":"{{Contact.Id}}"}})", "name"},
        {"exports", R"({"name":"e"})", "fields"},
        {"exports", R"({"name":"e","fields":{}})", "fields"},
        {"exports", R"({"name":"e","fields":["{{Contact.Id}}"]})", "fields"},
        {"exports", R"({"name":"e","fields":{"":"{{Contact.Id}}"}})", "fields"},
        {"exports", R"({"name":"e","fields":{"a":"{{Contact.Field(C_Nothing)}}"}})", "fields"},
        {"exports", R"({"name":"e","fields":{"a":"{{Contact.Field(100001)}}"}})", "fields"},
        {"exports", R"({"name":"e","fields":{"a":"{{Contact.Field[100001]}}"}})", "fields"},
        {"exports", R"({"name":"e","fields":{"a":"{{Account.Id}}"}})", "fields"},
        {"exports", R"({"name":"e","fields":{"a":"C_EmailAddress"}})", "fields"},
        {"exports", many_fields(251), "fields"},
        {"exports", export_with(R"("filter":")" + filter + '"'), "filter"},
        {"exports", export_with(R"("filter":"nonsense")"), "filter"},
        {"exports", export_with(R"("maxRecords":0)"), "maxRecords"},
        {"exports", export_with(R"("maxRecords":"many")"), "maxRecords"},
        {"exports", export_with(R"("dataRetentionDuration":"PT30M")"), "dataRetentionDuration"},
        {"exports", export_with(R"("dataRetentionDuration":"P15D")"), "dataRetentionDuration"},
        {"exports", export_with(R"("dataRetentionDuration":"a day")"), "dataRetentionDuration"},
        {"exports", export_with(R"("autoDeleteDuration":"PT59M")"), "autoDeleteDuration"},
        {"exports", export_with(R"("syncActions":[)" + eleven + ']'), "syncActions"},
        {"exports",
         export_with(R"("syncActions":[{"action":"add","destination":"{{ContactList[1]}}"}])"),
         "syncActions"},
        {"imports", R"({"name":"i","fields":{"a":"{{Contact.Field(C_City)}}"}})",
         "identifierFieldName"},
        {"imports",
         R"({"name":"i","identifierFieldName":"b","fields":{"a":"{{Contact.Field(C_City)}}"}})",
         "identifierFieldName"},
        {"imports",
         R"({"name":"i","identifierFieldName":"a",
             "fields":{"a":"{{Contact.Field(C_Last_Visit)}}"}})",
         "identifierFieldName"},
        {"imports", R"({"name":"i","identifierFieldName":"a","fields":{"a":"{{Contact.Id}}"}})",
         "fields"},
        {"imports",
         R"({"name":"i","identifierFieldName":"a",
             "fields":{"a":"{{Contact.Field(C_DateCreated)}}"}})",
         "fields"},
        {"imports", many_fields(101), "fields"},
        {"imports", import_with(R"("updateRule":"sometimes")"), "updateRule"},
        {"imports", import_with(R"("updateRuleByField":{"City":"sometimes"})"),
         "updateRuleByField"},
        {"imports", import_with(R"("importRule":"sometimes")"), "importRule"},
        {"imports", import_with(R"("importPriorityUri":"/imports/priorities/7")"),
         "importPriorityUri"},
        {"imports", import_with(R"("isSyncTriggeredOnImport":"perhaps")"),
         "isSyncTriggeredOnImport"},
    };
    for (row const& each : rows) {
        answer const refused = post(std::string("/contacts/") + each.collection, each.body);
        std::string const sent = each.body.substr(0, 120);
        BOOST_TEST(refused.status == 400, sent);
        BOOST_TEST(refused.at("failures.0.field") == each.field, sent << refused.body);
        BOOST_TEST(refused.at("failures.0.constraint") != "-", sent);
    }
    BOOST_TEST(get("/contacts/exports").at("totalResults") == "0");
    BOOST_TEST(get("/contacts/imports").at("totalResults") == "0");
}

BOOST_FIXTURE_TEST_CASE(a_refusal_tells_all_that_is_wrong_and_what_was_sent, service) {
    answer const refused =
        post("/contacts/exports", R"({"name":"e","dataRetentionDuration":"P30D"})");
    BOOST_TEST(refused.body == R"({"failures":[{"field":"fields",)"
                               R"("constraint":"Must contain at least one field."},)"
                               R"({"field":"dataRetentionDuration","value":"P30D",)"
                               R"("constraint":"Must be between PT1H and P14D."}]})");
    BOOST_TEST(
        post("/contacts/imports", R"({"name":"i","fields":{"a":"{{Contact.Field(C_City)}}"}})")
            .body == R"({"failures":[{"field":"identifierFieldName",)"
                     R"("constraint":"Must be a string value, at least 1 character and at most )"
                     R"(100 characters long."}]})");
}

BOOST_FIXTURE_TEST_CASE(limits_are_met_exactly, service) {
    std::string name;
    for (int i = 0; i != 100; ++i)
        name += "é";
    BOOST_TEST(
        post("/contacts/exports", R"({"name":")" + name + R"(","fields":{"Id":"{{Contact.Id}}"}})")
            .status == 201);
    BOOST_TEST(post("/contacts/exports", many_fields(250)).status == 201);
    BOOST_TEST(post("/contacts/imports", many_fields(100)).status == 201);
    BOOST_TEST(post("/contacts/exports",
                    export_with(R"("dataRetentionDuration":"P14D","autoDeleteDuration":"PT1H",
                        "filter":"   ")"))
                   .status == 201);
}

BOOST_FIXTURE_TEST_CASE(lists_have_pages, service) {
    for (char const* name : {"b", "a", "C", "d", "ab"})
        define("/contacts/exports",
               std::string(R"({"name":")") + name + R"(","fields":{"Id":"{{Contact.Id}}"}})");
    answer const all = get("/contacts/exports");
    BOOST_TEST(all.items() == 5u);
    BOOST_TEST(all.at("limit") == "1000");
    BOOST_TEST(all.at("offset") == "0");
    BOOST_TEST(all.at("count") == "5");
    BOOST_TEST(all.at("totalResults") == "5");
    BOOST_TEST(all.at("hasMore") == "false");
    answer const page = get("/contacts/exports?limit=2&offset=2");
    BOOST_TEST(page.items() == 2u);
    BOOST_TEST(page.at("items.0.uri") == "/contacts/exports/3");
    BOOST_TEST(page.at("hasMore") == "true");
    answer const last = get("/contacts/exports?limit=2&offset=3&totalResults=false");
    BOOST_TEST(last.at("totalResults") == "-");
    BOOST_TEST(last.at("hasMore") == "true"); // the service only checks whether the page is full
    BOOST_TEST(
        get("/contacts/exports?offset=9").body ==
        R"({"items":[],"totalResults":5,"limit":1000,"offset":9,"count":0,"hasMore":false})");
    for (char const* wrong : {"limit=0", "limit=50001", "limit=x", "limit=", "offset=-1"})
        BOOST_TEST(get(std::string("/contacts/exports?") + wrong).status == 400, wrong);
    BOOST_TEST(get("/contacts/exports?limit=0").at("failures.0.field") == "limit");
}

BOOST_FIXTURE_TEST_CASE(lists_can_be_searched_and_ordered, service) {
    for (char const* name : {"b", "a", "C", "d", "ab"}) {
        define("/contacts/exports",
               std::string(R"({"name":")") + name + R"(","fields":{"Id":"{{Contact.Id}}"}})");
        eloqua.advance(24h);
    }
    auto const names = [&](std::string const& query) {
        answer const page = get("/contacts/exports?" + query);
        std::string joined;
        for (std::size_t i = 0; i != page.items(); ++i)
            joined += page.at("items." + std::to_string(i) + ".name") + ' ';
        return page.status == 200 ? joined : page.body;
    };
    BOOST_TEST(names("orderBy=name%20ASC") == "C a ab b d ");
    BOOST_TEST(names("orderBy=createdAt+DESC&limit=2") == "ab d ");
    BOOST_TEST(names("q=name=a*") == "a ab ");
    BOOST_TEST(names("q=%22name=*b*%22") == "b ab ");
    BOOST_TEST(names("q=name=c") == ""); // case sensitive
    BOOST_TEST(names("q=name!=a*&orderBy=name") == "C b d ");
    BOOST_TEST(names("q=createdAt%3C2025-06-04") == "b a ");
    BOOST_TEST(names("q=createdAt%3E=2025-06-04T09:00:00Z") == "C d ab ");
    BOOST_TEST(get("/contacts/exports?q=name").status == 400);
    BOOST_TEST(get("/contacts/exports?orderBy=name+UP").status == 400);
    BOOST_TEST(get("/contacts/exports?q=&orderBy=&links=all").status == 200);
    BOOST_TEST(get("/contacts/fields?q=%22name=*Email*%22").items() == 2u);
}

BOOST_FIXTURE_TEST_CASE(definitions_end_when_their_time_is_up, service) {
    std::string const uri =
        define("/contacts/exports", export_with(R"("autoDeleteDuration":"PT2H")"));
    std::string const stays = define("/contacts/exports", email_export);
    eloqua.advance(2h - 1s);
    BOOST_TEST(get(uri).status == 200);
    eloqua.advance(1s);
    BOOST_TEST(get(uri).status == 404);
    BOOST_TEST(get(stays).status == 200);
}

BOOST_FIXTURE_TEST_CASE(requests_are_counted_and_can_be_intercepted, with_card) {
    get("/customObjects/172/fields");
    get("/contacts/fields/1");
    get("/contacts/fields/2");
    BOOST_TEST(eloqua.requests("GET /customObjects/{parentId}/fields") == 1u);
    BOOST_TEST(eloqua.requests("GET /contacts/fields/{id}") == 2u);
    BOOST_TEST(eloqua.requests("GET /contacts/fields") == 0u);
    int seen = 0;
    eloqua.intercept([&](request const& q) -> std::optional<response> {
        if (++seen == 1 && q.method == verb::get)
            return response(503, "busy", "text/plain");
        return std::nullopt;
    });
    BOOST_TEST(get("/contacts/fields/1").status == 503);
    BOOST_TEST(get("/contacts/fields/100001").status == 200);
    eloqua.intercept({});
    get("/contacts/fields/100001");
    BOOST_TEST(seen == 2);
    BOOST_TEST(eloqua.requests("GET /contacts/fields/{id}") == 4u);
}

BOOST_FIXTURE_TEST_CASE(login_tells_the_site_the_user_and_the_urls, service) {
    answer const login = send(verb::get, "/id");
    BOOST_TEST_REQUIRE(login.status == 200);
    BOOST_TEST(login.json.at("site").at("id").is_int64());
    BOOST_TEST(login.json.at("user").at("id").is_int64());
    for (char const* text :
         {"site.name", "user.username", "user.displayName", "user.firstName", "user.lastName",
          "user.emailAddress", "urls.base", "urls.apis.soap.standard",
          "urls.apis.soap.dataTransfer", "urls.apis.soap.email", "urls.apis.soap.externalAction",
          "urls.apis.rest.standard", "urls.apis.rest.bulk"}) {
        std::string const told = login.at(text);
        BOOST_TEST(told != "-", text);
        if (std::string_view(text).starts_with("urls.apis."))
            BOOST_TEST(told.find("/{version}/") != std::string::npos, told);
    }
    BOOST_TEST(login.at("urls.apis.rest.bulk").ends_with("/API/Bulk/{version}/"));
}

BOOST_FIXTURE_TEST_CASE(credentials_name_the_company_and_the_user, service) {
    auto const status_with = [&](std::string const& name, std::string const& word) {
        request q(verb::get, bulk::origin(), "/API/Bulk/2.0/syncs");
        q.fields.set("Authorization", bulk::simulation::basic_authorization(name, word));
        return eloqua.handle(q).status;
    };
    BOOST_TEST(status_with("Company\\user", "secret") == 200);
    for (char const* wrong : {"Company\\\\user", "Company/user", "user", "\\user", "Company\\",
                              "Other\\user", "user\\Company"})
        BOOST_TEST(status_with(wrong, "secret") == 401, wrong);
    for (char const* wrong : {"", "Secret", "secret "})
        BOOST_TEST(status_with("Company\\user", wrong) == 401, wrong);
}

BOOST_FIXTURE_TEST_CASE(every_body_says_its_type, service) {
    std::string const out = define("/contacts/exports", email_export);
    std::string const wanted = R"({"syncedInstanceUri":")" + out + "\"}";
    for (char const* type : {"", "text/plain", "text/csv", "application/xml"}) {
        BOOST_TEST(send(verb::put, "/API/Bulk/2.0" + out, email_export, type).status == 400, type);
        BOOST_TEST(post("/syncs", wanted, type).status == 400, type);
    }
    BOOST_TEST(get("/syncs").items() == 0u);
    BOOST_TEST(send(verb::put, "/API/Bulk/2.0" + out, email_export).status == 200);
    BOOST_TEST(post("/syncs", wanted).status == 201);
}

BOOST_FIXTURE_TEST_CASE(a_request_that_comes_twice_is_carried_out_twice, service) {
    std::string const in = define("/contacts/imports", email_import);
    BOOST_TEST(define("/contacts/imports", email_import) != in);
    BOOST_TEST(get("/contacts/imports").items() == 2u);
    for (int i = 0; i != 2; ++i)
        BOOST_TEST(post(in + "/data", R"([{"Email":"a@b.co"}])").status == 204);
    std::string const first = begin_sync(in), second = begin_sync(in);
    BOOST_TEST(first != second);
    eloqua.advance(10s);
    BOOST_TEST(log_of(first).starts_with("00130:2 "));
    BOOST_TEST(get("/syncs").items() == 2u);
}

BOOST_FIXTURE_TEST_CASE(a_put_leaves_nothing_of_before, service) {
    std::string const uri = define("/contacts/imports", import_with(R"("updateRule":"always",
        "autoDeleteDuration":"P1D","isSyncTriggeredOnImport":true,
        "importPriorityUri":"/imports/priorities/1","dataRetentionDuration":"P1D")"));
    answer const replaced = put(uri, email_import);
    BOOST_TEST(replaced.status == 200);
    BOOST_TEST(replaced.at("uri") == uri);
    BOOST_TEST(replaced.at("fields") == R"({"Email":"{{Contact.Field(C_EmailAddress)}}"})");
    for (char const* gone : {"updateRule", "autoDeleteDuration", "importPriorityUri"})
        BOOST_TEST(replaced.at(gone) == "-", gone);
    BOOST_TEST(replaced.at("isSyncTriggeredOnImport") == "false");
    BOOST_TEST(replaced.at("dataRetentionDuration") == "P7D");
    BOOST_TEST(get(uri).body == replaced.body);
    BOOST_TEST(put(uri, R"({"name":"only a name"})").status == 400);
    BOOST_TEST(get(uri).body == replaced.body);
}

BOOST_FIXTURE_TEST_CASE(an_identifier_is_a_short_key_of_a_short_value, service) {
    eloqua.add_field("/contacts", bulk::simulated_field("flag", bulk::data_type::boolean));
    bulk::simulated_field notes("notes");
    notes.large_text = true;
    eloqua.add_field("/contacts", notes);
    auto const refused = [&](std::string const& key, std::string const& field) {
        boost::json::object const definition{
            {"name", "i"},
            {"identifierFieldName", key},
            {"fields", {{key, "{{Contact.Field(" + field + ")}}"}}}};
        answer const made = post("/contacts/imports", boost::json::serialize(definition));
        return made.status == 201 ? "taken" : made.at("failures.0.field");
    };
    BOOST_TEST(refused(std::string(100, 'k'), "C_City") == "taken");
    BOOST_TEST(refused(std::string(101, 'k'), "C_City") == "identifierFieldName");
    BOOST_TEST(refused("k", "C_Lead_Weight1") == "taken");
    for (char const* field : {"flag", "notes", "C_Last_Visit"})
        BOOST_TEST(refused("k", field) == "identifierFieldName", field);
}

BOOST_FIXTURE_TEST_CASE(ids_of_other_systems_are_named_by_statements, service) {
    auto const refused = [&](std::string const& members) {
        answer const made = post("/contacts/exports", export_with(members));
        return made.status == 201 ? "taken" : made.at("failures.0.field");
    };
    BOOST_TEST(refused(R"("crmAccountIdField":"{{Contact.Field(C_SFDCAccountID)}}",
        "productIdField":"{{Campaign.Field(Product)}}","externalSystemId":7)") == "taken");
    for (char const* wrong : {"{{Account.Id}}", "{{Contact.Field(C_Nothing)}}", "C_SFDCAccountID"})
        BOOST_TEST(refused(R"("crmAccountIdField":")" + std::string(wrong) + '"') ==
                       "crmAccountIdField",
                   wrong);
    for (char const* wrong : {"{{Contact.Id}}", "{{Campaign.Field(Nothing)}}", "Product"})
        BOOST_TEST(refused(R"("productIdField":")" + std::string(wrong) + '"') == "productIdField",
                   wrong);
}

BOOST_AUTO_TEST_SUITE_END()
