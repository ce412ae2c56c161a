// SPDX-License-Identifier: BSL-1.0
// Definitions of sync actions, and what their syncs do.
#include "service_fixture.hpp"
#include <string>

namespace {

using namespace simulator_tests;

struct with_contacts : service {
    explicit with_contacts(simulator_options options = {}) : service(std::move(options)) {
        eloqua.add_record("/contacts", {{"C_EmailAddress", "ana@example.com"}});
        eloqua.add_record("/contacts", {{"C_EmailAddress", "bo@example.com"}});
        eloqua.add_record("/contacts", {{"C_EmailAddress", "cy@example.com"}});
    }
    /// A definition with one action, by its statement.
    std::string body(std::string const& statement, std::string const& action,
                     std::string const& more = "") {
        return R"({"name":"s","fields":{"k":")" + statement +
               R"("},"identifierFieldName":"k","syncActions":[)" + action + ']' + more + '}';
    }
    std::string members(std::string const& list) {
        return contacts_where("EXISTS('" + list + "')", "{{Contact.Field(C_EmailAddress)}}");
    }
};

std::string const by_email = "{{Contact.Field(C_EmailAddress)}}";
std::string const add_to_list = R"({"action":"add","destination":"{{ContactList[101]}}"})";

} // namespace

BOOST_AUTO_TEST_SUITE(simulator_sync_actions)

BOOST_FIXTURE_TEST_CASE(a_definition_lives, with_contacts) {
    answer const made = post("/contacts/syncActions", body(by_email, add_to_list));
    BOOST_TEST(made.status == 201);
    BOOST_TEST(made.body ==
               R"({"name":"s","fields":{"k":"{{Contact.Field(C_EmailAddress)}}"},)"
               R"("identifierFieldName":"k",)"
               R"("syncActions":[{"action":"add","destination":"{{ContactList[101]}}"}],)"
               R"("isSyncTriggeredOnImport":false,"uri":"/contacts/syncActions/1",)"
               R"("createdBy":"user","createdAt":"2025-06-02T09:00:00.0000000Z",)"
               R"("updatedBy":"user","updatedAt":"2025-06-02T09:00:00.0000000Z"})");
    BOOST_TEST(get("/contacts/syncActions/1").body == made.body);
    BOOST_TEST(get("/accounts/syncActions/1").status == 404);
    BOOST_TEST(get("/contacts/syncActions").items() == 1u);
    BOOST_TEST(get("/accounts/syncActions").items() == 0u);
    BOOST_TEST(get("/syncActions").at("items.0.uri") == "/contacts/syncActions/1");
    eloqua.advance(60s);
    answer const replaced =
        put("/contacts/syncActions/1",
            body("{{Contact.Id}}", add_to_list, R"(,"isSyncTriggeredOnImport":"true")"));
    BOOST_TEST(replaced.status == 200);
    BOOST_TEST(replaced.at("fields.k") == "{{Contact.Id}}");
    BOOST_TEST(replaced.at("isSyncTriggeredOnImport") == "true");
    BOOST_TEST(replaced.at("createdAt") == "2025-06-02T09:00:00.0000000Z");
    BOOST_TEST(replaced.at("updatedAt") == "2025-06-02T09:01:00.0000000Z");
    BOOST_TEST(del("/contacts/syncActions/1").status == 204);
    for (answer const& gone :
         {get("/contacts/syncActions/1"), del("/contacts/syncActions/1"),
          put("/contacts/syncActions/1", body(by_email, add_to_list)),
          post("/contacts/syncActions/1/data", "[]"), del("/contacts/syncActions/1/data")})
        BOOST_TEST(gone.status == 404);
}

BOOST_FIXTURE_TEST_CASE(refusals_name_the_member, with_contacts) {
    struct row {
        std::string body;
        char const* field;
    };
    row const rows[] = {
        {"{}", "name"},
        {R"({"name":"s","identifierFieldName":"k","syncActions":[)" + add_to_list + "]}", "fields"},
        {R"({"name":"s","identifierFieldName":"a","fields":{"a":"{{Contact.Id}}",
             "b":"{{Contact.Field(C_EmailAddress)}}"},"syncActions":[)" +
             add_to_list + "]}",
         "fields"},
        {body("{{Contact.Field(C_City)}}", add_to_list), "fields"},
        {body("{{Account.Id}}", add_to_list), "fields"},
        {R"({"name":"s","fields":{"k":"{{Contact.Id}}"},"identifierFieldName":"x","syncActions":[)" +
             add_to_list + "]}",
         "identifierFieldName"},
        {R"({"name":"s","fields":{"k":"{{Contact.Id}}"},"syncActions":[)" + add_to_list + "]}",
         "identifierFieldName"},
        {body(by_email, ""), "syncActions"},
        {body(by_email, R"({"action":"add","destination":"{{ContactList[102]}}"})"), "syncActions"},
        {body(by_email, R"({"action":"copy","destination":"{{ContactList[101]}}"})"),
         "syncActions"},
        {body(by_email, add_to_list, R"(,"autoDeleteDuration":"PT1M")"), "autoDeleteDuration"},
    };
    for (row const& each : rows) {
        answer const refused = post("/contacts/syncActions", each.body);
        BOOST_TEST(refused.status == 400, each.body);
        BOOST_TEST(refused.at("failures.0.field") == each.field, each.body << refused.body);
    }
    BOOST_TEST(get("/syncActions").at("totalResults") == "0");
}

BOOST_FIXTURE_TEST_CASE(actions_run_on_the_records_that_match, with_contacts) {
    std::string const add = define("/contacts/syncActions", body(by_email, add_to_list));
    std::string const added = import(add, R"([{"k":"ANA@example.com"},{"k":"bo@example.com"},
        {"k":"nobody@example.com"},{"k":""},7])");
    BOOST_TEST(get(added).at("status") == "warning");
    BOOST_TEST(log_of(added) == "00140:5 00032:1 00034:1 00059:1 00119:2 00101:0");
    BOOST_TEST(rejects_of(added) == "3:00034(k) 4:00059() 5:00032()");
    BOOST_TEST(members("{{ContactList[101]}}") == "ana@example.com,bo@example.com");
    BOOST_TEST(get("/contacts/lists/101").at("count") == "2");

    std::string const remove = define(
        "/contacts/syncActions",
        body("{{Contact.Id}}", R"({"action":"remove","destination":"{{ContactList[101]}}"})"));
    std::string const removed = import(remove, "k\n1001\n", "text/csv");
    BOOST_TEST(get(removed).at("status") == "success");
    BOOST_TEST(log_of(removed) == "00140:1 00118:1 00101:0");
    BOOST_TEST(members("{{ContactList[101]}}") == "bo@example.com");
}

BOOST_FIXTURE_TEST_CASE(records_can_be_named_in_several_ways, with_contacts) {
    auto const log = [&](std::string const& statement, std::string const& value) {
        std::string const definition =
            define("/contacts/syncActions", body(statement, add_to_list));
        return log_of(import(definition, R"([{"k":")" + value + R"("}])"));
    };
    std::string const hit = "00140:1 00119:1 00101:0", miss = "00140:1 00034:1 00101:0";
    BOOST_TEST(log("{{Contact.Id}}", "1003") == hit);
    BOOST_TEST(log("{{Contact.Id}}", "1004") == miss);
    BOOST_TEST(log("{{Contact.Id}}", "1000") == miss);
    BOOST_TEST(log("{{Contact.Id}}", "x") == miss);
    BOOST_TEST(log("{{Contact.Field(ContactIDExt)}}", "CELOQ000000001002") == hit);
    BOOST_TEST(log("{{Contact.Field(ContactIDExt)}}", "AELOQ000000001002") == miss);
    BOOST_TEST(log("{{Contact.Field(ContactIDExt)}}", "1002") == miss);
    BOOST_TEST(log("{{Contact.Field(ContactIDExt)}}", "CELOQ") == miss);
}

BOOST_FIXTURE_TEST_CASE(accounts_have_lists_too, service) {
    eloqua.add_record("/accounts", {{"M_CompanyName", "Acme"}});
    std::string const definition = define("/accounts/syncActions", R"({"name":"s",
        "fields":{"c":"{{Account.Field(M_CompanyName)}}"},"identifierFieldName":"c",
        "syncActions":[{"action":"add","destination":"{{AccountList[401]}}"}]})");
    BOOST_TEST(log_of(import(definition, R"([{"c":"acme"}])")) == "00140:1 00114:1 00101:0");
    BOOST_TEST(get("/accounts/lists/401").at("count") == "1");
}

BOOST_FIXTURE_TEST_CASE(subscription_is_a_status, with_contacts) {
    std::string const definition =
        define("/contacts/syncActions",
               body(by_email, R"({"action":"setStatus","destination":"{{GlobalSubscribe}}",
                   "status":"unsubscribed"})"));
    BOOST_TEST(log_of(import(definition, R"([{"k":"bo@example.com"}])")) ==
               "00140:1 00017:1 00101:0");
    BOOST_TEST(contacts_where("'{{Contact.Email.IsSubscribed}}' = 'False'", by_email) ==
               "bo@example.com");
}

BOOST_FIXTURE_TEST_CASE(rows_are_staged_until_a_sync_takes_them, with_contacts) {
    std::string const definition = define("/contacts/syncActions", body(by_email, add_to_list));
    BOOST_TEST(log_of(sync(definition)) == "00124:0 00101:0");
    BOOST_TEST(post(definition + "/data", R"([{"k":"ana@example.com"}])").status == 204);
    BOOST_TEST(del(definition + "/data").status == 204);
    BOOST_TEST(log_of(sync(definition)) == "00124:0 00101:0");
    BOOST_TEST(post(definition + "/data", R"([{"k":"ana@example.com"}])").status == 204);
    eloqua.advance(7 * 24h);
    BOOST_TEST(log_of(sync(definition)) == "00124:0 00101:0");
    BOOST_TEST(log_of(import(definition, R"([{"other":"x"}])")) == "00140:1 00127:0 00101:0");
    BOOST_TEST(members("{{ContactList[101]}}") == "");
}

BOOST_FIXTURE_TEST_CASE(a_push_can_start_the_sync, with_contacts) {
    std::string const definition = define(
        "/contacts/syncActions", body(by_email, add_to_list, R"(,"isSyncTriggeredOnImport":true)"));
    answer const pushed = post(definition + "/data", R"([{"k":"cy@example.com"}])");
    BOOST_TEST(pushed.status == 201);
    BOOST_TEST(pushed.at("status") == "pending");
    BOOST_TEST(pushed.at("syncedInstanceUri") == definition);
    eloqua.advance(10s);
    BOOST_TEST(get(pushed.at("uri")).at("status") == "success");
    BOOST_TEST(members("{{ContactList[101]}}") == "cy@example.com");
}

BOOST_FIXTURE_TEST_CASE(a_definition_deleted_under_its_sync_fails_it, with_contacts) {
    std::string const definition = define("/contacts/syncActions", body(by_email, add_to_list));
    BOOST_TEST(post(definition + "/data", R"([{"k":"ana@example.com"}])").status == 204);
    std::string const sync = begin_sync(definition);
    BOOST_TEST(del(definition).status == 204);
    eloqua.advance(10s);
    BOOST_TEST(get(sync).at("status") == "error");
    BOOST_TEST(log_of(sync) == "00143:0 00101:0");
    BOOST_TEST(members("{{ContactList[101]}}") == "");
    BOOST_TEST(get(sync + "/data").status == 400);
}

BOOST_AUTO_TEST_CASE(too_many_requests_fail_the_sync) {
    simulator_options options;
    options.requests_per_sync = 2;
    with_contacts s(options);
    std::string const definition = s.define("/contacts/syncActions", s.body(by_email, add_to_list));
    for (int i = 0; i != 3; ++i)
        BOOST_TEST(s.post(definition + "/data", R"([{"k":"ana@example.com"}])").status == 204);
    std::string const sync = s.sync(definition);
    BOOST_TEST(s.log_of(sync) == "00107:0 00101:0");
    BOOST_TEST(s.get(sync).at("status") == "error");
}

BOOST_FIXTURE_TEST_CASE(a_put_needs_everything_again, with_contacts) {
    std::string const action = define("/contacts/syncActions", body(by_email, add_to_list));
    std::string const address = define("/emailAddresses/imports", R"({"name":"e",
        "identifierFieldName":"e","fields":{"e":"{{EmailAddress.Field(EmailAddress)}}"},
        "syncActions":[{"action":"setStatus","destination":"{{GlobalSubscribe}}",
            "status":"unsubscribed"}]})");
    for (std::string const& uri : {action, address}) {
        std::string const before = get(uri).body;
        boost::json::object const whole = get(uri).json.as_object();
        for (char const* member : {"name", "fields", "identifierFieldName", "syncActions"}) {
            boost::json::object partial{{"name", whole.at("name")},
                                        {"fields", whole.at("fields")},
                                        {"identifierFieldName", whole.at("identifierFieldName")},
                                        {"syncActions", whole.at("syncActions")}};
            partial.erase(member);
            answer const refused = put(uri, boost::json::serialize(partial));
            BOOST_TEST(refused.status == 400, uri << member);
            BOOST_TEST(refused.at("failures.0.field") == member, uri << refused.body);
        }
        BOOST_TEST(get(uri).body == before);
    }
}

BOOST_FIXTURE_TEST_CASE(every_entity_has_its_own_identifiers, service) {
    std::string const execution =
        "{{ActionInstance(f3689bdfbf2e48deb318019367b4f2a8).Execution[12345]}}";
    struct row {
        char const* path;
        char const* statement;
        bool taken;
    };
    static row const rows[] = {
        {"/contacts", "{{Contact.Id}}", true},
        {"/contacts", "{{Contact.Field(C_EmailAddress)}}", true},
        {"/contacts", "{{Contact.Field(ContactIDExt)}}", true},
        {"/contacts", "{{Contact.Field(C_SFDCContactID)}}", false},
        {"/accounts", "{{Account.Id}}", true},
        {"/accounts", "{{Account.Field(M_CompanyName)}}", true},
        {"/accounts", "{{Account.Field(CompanyIDExt)}}", true},
        {"/accounts", "{{Account.Field(M_City)}}", false},
        {"/customObjects/501", "{{CustomObject[501].ExternalId}}", true},
        {"/customObjects/501", "{{CustomObject[501].Id}}", true},
        {"/customObjects/501", "{{CustomObject[501].Field[5001]}}", false},
        {"/customObjects/501", "{{CustomObject[501].Contact.Id}}", false},
    };
    for (row const& each : rows) {
        std::string const path = each.path;
        std::string const action =
            path == "/accounts" ? R"({"action":"add","destination":"{{AccountList[401]}}"})"
                                : R"({"action":"setStatus","status":"complete","destination":")" +
                                      execution + "\"}";
        answer const made =
            post(path + "/syncActions", R"({"name":"s","identifierFieldName":"k","fields":{"k":")" +
                                            std::string(each.statement) + R"("},"syncActions":[)" +
                                            action + "]}");
        BOOST_TEST(made.status == (each.taken ? 201 : 400), each.statement << made.body);
        if (!each.taken)
            BOOST_TEST(made.at("failures.0.field") == "fields", each.statement);
    }
}

BOOST_FIXTURE_TEST_CASE(a_definition_has_ten_actions_at_most, with_contacts) {
    std::string actions = add_to_list;
    for (int i = 1; i != 10; ++i)
        actions += ',' + add_to_list;
    BOOST_TEST(post("/contacts/syncActions", body(by_email, actions)).status == 201);
    answer const refused =
        post("/contacts/syncActions", body(by_email, actions + ',' + add_to_list));
    BOOST_TEST(refused.status == 400);
    BOOST_TEST(refused.at("failures.0.field") == "syncActions");
}

BOOST_FIXTURE_TEST_CASE(imports_of_some_entities_have_no_sync_actions, service) {
    struct row {
        char const* path;
        char const* fields;
        char const* members;
    };
    static row const rows[] = {
        {"/activities", R"("k":"{{Activity.Type}}")", ""},
        {"/events/601", R"("k":"{{Event[601].Field[6001]}}")", ""},
        {"/campaignResponses", R"("k":"{{CampaignResponse.Id}}")", ""},
        {"/opportunities", R"("k":"{{Opportunity.Id}}")", ""},
        {"/opportunities/contacts",
         R"("k":"{{Opportunity.Id}}","l":"{{Opportunity.Contact.Field(C_EmailAddress)}}")",
         R"("linkOpportunitiesMatchFieldName":"k","linkOpportunitiesSourceField":"l",
            "linkOpportunitiesEntityType":"Contact",)"},
    };
    for (row const& each : rows) {
        std::string const begin = R"({"name":"i","identifierFieldName":"k",)" +
                                  std::string(each.members) + R"("fields":{)" + each.fields + '}';
        std::string const imports = std::string(each.path) + "/imports";
        BOOST_TEST(post(imports, begin + '}').status == 201, each.path);
        answer const refused = post(imports, begin + R"(,"syncActions":[)" + add_to_list + "]}");
        BOOST_TEST(refused.status == 400, each.path);
        BOOST_TEST(refused.at("failures.0.field") == "syncActions", refused.body);
    }
}

BOOST_FIXTURE_TEST_CASE(accounts_leave_their_lists, service) {
    eloqua.add_record("/accounts", {{"M_CompanyName", "Acme"}});
    eloqua.add_record("/accounts", {{"M_CompanyName", "Other"}});
    eloqua.add_account_list(7, "Seven", {1001, 1002});
    std::string const definition = define("/accounts/syncActions", R"({"name":"s",
        "fields":{"c":"{{Account.Field(CompanyIDExt)}}"},"identifierFieldName":"c",
        "syncActions":[{"action":"remove","destination":"{{AccountList[7]}}"}]})");
    BOOST_TEST(log_of(import(definition, R"([{"c":"AELOQ000000001001"}])")) ==
               "00140:1 00117:1 00101:0");
    BOOST_TEST(get("/accounts/lists/7").at("count") == "1");
    std::string const exists = "EXISTS('{{AccountList[7]}}')";
    std::string const exported = sync(define("/accounts/exports", R"({"name":"e",
        "fields":{"x":"{{Account.Id}}"},"filter":")" + exists + R"(",
        "syncActions":[{"action":"remove","destination":"{{AccountList[7]}}"}]})"));
    BOOST_TEST(column(exported, "x") == "1002");
    BOOST_TEST(log_of(exported).find("00117:1") != std::string::npos);
    BOOST_TEST(get("/accounts/lists/7").at("count") == "0");
}

BOOST_AUTO_TEST_SUITE_END()
