// SPDX-License-Identifier: BSL-1.0
// App services: their executions, campaign responses, sync actions on rows.
#include "service_fixture.hpp"
#include <stdexcept>
#include <string>

namespace {

using namespace simulator_tests;
using bulk::member_status;

#define GUID "7be704d3af604775ad416e8d0a5ab212" // joined with the text around it
char const instance[] = "{{ActionInstance(" GUID ")}}";
char const execution[] = "{{ActionInstance(" GUID ").Execution[5]}}";
char const decision[] = "{{DecisionInstance(" GUID ").Execution[6]}}";

struct with_members : service {
    with_members() {
        spring = eloqua.add_record("/campaigns", {{"CampaignName", "Spring"}});
        for (char const* each : {"Ana", "Bo", "Cy"})
            eloqua.add_record(
                "/contacts",
                {{"C_FirstName", each}, {"C_EmailAddress", std::string(each) + "@example.com"}});
        eloqua.add_record("/accounts", {{"M_CompanyName", "ACME"}});
        for (char const* each : {execution, decision, "CloudConnectorStatus(77)"})
            eloqua.add_service_instance("/contacts", each, spring);
        eloqua.set_member_status("/contacts", execution, 1001, member_status::pending);
        eloqua.set_member_status("/contacts", execution, 1002, member_status::pending);
        eloqua.set_member_status("/contacts", execution, 1003, member_status::complete);
        eloqua.set_member_status("/contacts", "CloudConnectorStatus(77)", 1003,
                                 member_status::active);
        eloqua.add_contact_list(7, "List", {1003});
        eloqua.add_email_group(8, "Group", {1001, 1002, 1003});
        eloqua.add_account_list(9, "Accounts");
    }
    std::int64_t spring = 0;

    static std::string action(std::string const& kind, std::string const& destination,
                              std::string const& status = "", std::string const& more = "") {
        return R"({"action":")" + kind + R"(","destination":")" + destination + '"' +
               (status.empty() ? "" : R"(,"status":")" + status + '"') + more + '}';
    }
    /// The response to the definition of an import with this action.
    answer try_action(std::string const& path, std::string const& field, std::string const& a) {
        return post(path + "/imports", R"({"name":"i","identifierFieldName":"k","fields":{"k":")" +
                                           field + R"("},"syncActions":[)" + a + "]}");
    }
    /// Runs an action on contacts with these addresses. Returns the log.
    std::string act(std::string const& a, std::string const& rows) {
        answer const made = try_action("/contacts", "{{Contact.Field(C_EmailAddress)}}", a);
        BOOST_REQUIRE_MESSAGE(made.status == 201, made.body);
        return log_of(import(made.at("uri"), rows));
    }
    std::string ids(std::string_view path, std::string_view statement) {
        std::string joined;
        for (auto const each : eloqua.members(path, statement))
            joined += std::to_string(each) + ' ';
        return joined;
    }
};

char const two[] = R"([{"k":"ana@example.com"},{"k":"bo@example.com"}])";

} // namespace

BOOST_AUTO_TEST_SUITE(simulator_services)

BOOST_FIXTURE_TEST_CASE(filters_ask_for_a_status, with_members) {
    std::string const by_execution = std::string("STATUS('") + execution + "') = ";
    BOOST_TEST(contacts_where(by_execution + "'pending'") == "Ana,Bo");
    BOOST_TEST(contacts_where(by_execution + "'complete'") == "Cy");
    BOOST_TEST(contacts_where(by_execution + "'errored'") == "");
    BOOST_TEST(contacts_where(by_execution + "'sleepy'") == "filter: 'sleepy' is not a status.");
    BOOST_TEST(contacts_where(std::string("NOT STATUS('") + instance + "') = 'pending'") == "Cy");
    BOOST_TEST(contacts_where("STATUS('CloudConnectorStatus(77)') = 'active'") == "Cy");
    for (char const* unknown :
         {"{{ActionInstance(" GUID ").Execution[4]}}", "{{FeederInstance(" GUID ")}}",
          "{{ContactList[7]}}", "CloudConnectorStatus(78)", "{{EmailGroup[8]}}",
          "{{ActionInstance(" GUID ").Nothing[5]}}"})
        BOOST_TEST(contacts_where("STATUS('" + std::string(unknown) + "') = 'pending'") ==
                       "filter: Must reference service instance within a workflow",
                   unknown);
}

BOOST_FIXTURE_TEST_CASE(the_campaign_of_an_execution_is_in_its_exports_only, with_members) {
    std::string const name = "{{Contact.Campaign.Field(CampaignName)}}";
    BOOST_TEST(contacts_where(std::string("STATUS('") + execution + "') = 'pending'", name) ==
               "Spring,Spring");
    BOOST_TEST(contacts_where(std::string("STATUS('") + execution + "') = 'pending'",
                              "{{Contact.Campaign.Id}}") == "1001,1001");
    BOOST_TEST(contacts_where("EXISTS('{{ContactList[7]}}')", name) ==
               "fields: 'x' must be a statement that is valid in this export.");
}

BOOST_FIXTURE_TEST_CASE(filters_ask_for_containers_of_their_entity, with_members) {
    BOOST_TEST(contacts_where("EXISTS('{{ContactList[7]}}')") == "Cy");
    for (char const* wrong : {"{{AccountList[9]}}", "{{EmailGroup[8]}}", "{{ContactList[99]}}"})
        BOOST_TEST(contacts_where("EXISTS('" + std::string(wrong) + "')") ==
                       "filter: Must reference an existing object.",
                   wrong);
    auto const accounts = [&](char const* list) {
        boost::json::object const definition{{"name", "a"},
                                             {"fields", {{"x", "{{Account.Id}}"}}},
                                             {"filter", "EXISTS('" + std::string(list) + "')"}};
        return post("/accounts/exports", boost::json::serialize(definition)).status;
    };
    BOOST_TEST(accounts("{{AccountList[9]}}") == 201);
    BOOST_TEST(accounts("{{ContactList[7]}}") == 400);
}

BOOST_FIXTURE_TEST_CASE(sync_actions_of_imports_do_what_they_say, with_members) {
    BOOST_TEST(act(action("add", "{{ContactList[7]}}"), two).find("00140:2 00119:2") !=
               std::string::npos);
    BOOST_TEST(ids("/contacts", "{{ContactList[7]}}") == "1001 1002 1003 ");
    BOOST_TEST(act(action("remove", "{{ContactList[7]}}"), two).find("00118:2") !=
               std::string::npos);
    BOOST_TEST(ids("/contacts", "{{ContactList[7]}}") == "1003 ");
    BOOST_TEST(act(action("setStatus", "{{EmailGroup[8]}}", "unsubscribed"), two).find("00116:2") !=
               std::string::npos);
    BOOST_TEST(ids("/contacts", "{{EmailGroup[8]}}") == "1003 ");
    BOOST_TEST(
        act(action("setStatus", "{{EmailGroup[8]}}", "subscribed"), R"([{"k":"bo@example.com"}])")
            .find("00115:1") != std::string::npos);
    BOOST_TEST(ids("/contacts", "{{EmailGroup[8]}}") == "1002 1003 ");
    BOOST_TEST(
        act(action("setStatus", "{{GlobalSubscribe}}", "unsubscribed"), two).find("00017:2") !=
        std::string::npos);
    BOOST_TEST(contacts_where("'{{Contact.Email.IsSubscribed}}' = 'False'") == "Ana,Bo");
    BOOST_TEST(act(action("setStatus", "{{GlobalSubscribe}}", "subscribed"), two).find("00138:2") !=
               std::string::npos);
    BOOST_TEST(contacts_where("'{{Contact.Email.IsSubscribed}}' = 'False'") == "");
    BOOST_TEST(act(action("setStatus", execution, "complete"), two).find("00128:2") !=
               std::string::npos);
    BOOST_TEST((eloqua.status_of("/contacts", execution, 1001) == member_status::complete));
    BOOST_TEST(act(action("setStatus", decision, "yes"), two).find("00128:2") != std::string::npos);
    BOOST_TEST((eloqua.status_of("/contacts", decision, 1002) == member_status::yes));
    BOOST_TEST(!eloqua.status_of("/contacts", decision, 1003).has_value());
    BOOST_TEST(
        act(action("setStatus", "{{CloudConnectorStatus(77)}}", "complete"), two).find("00120:2") !=
        std::string::npos);
}

BOOST_FIXTURE_TEST_CASE(an_instance_stands_for_its_executions, with_members) {
    act(action("setStatus", instance, "errored"), two);
    BOOST_TEST((eloqua.status_of("/contacts", execution, 1001) == member_status::errored));
    BOOST_TEST((eloqua.status_of("/contacts", execution, 1003) == member_status::complete));
    act(action("setStatus", execution, "pending", R"(,"updateAll":true)"),
        R"([{"k":"ana@example.com"}])");
    BOOST_TEST((eloqua.status_of("/contacts", execution, 1003) == member_status::pending));
}

BOOST_FIXTURE_TEST_CASE(sync_actions_of_exports_reach_the_exported, with_members) {
    std::string const definition = define(
        "/contacts/exports", R"({"name":"e","fields":{"x":"{{Contact.Id}}"},"filter":"STATUS(')" +
                                 std::string(execution) + R"(') = 'pending'","syncActions":[)" +
                                 action("setStatus", execution, "active") + "]}");
    std::string const done = sync(definition);
    BOOST_TEST(column(done, "x") == "1001,1002");
    BOOST_TEST(log_of(done).find("00128:2") != std::string::npos);
    BOOST_TEST((eloqua.status_of("/contacts", execution, 1002) == member_status::active));
    BOOST_TEST(column(sync(definition), "x") == "");
}

BOOST_FIXTURE_TEST_CASE(texts_of_logs_name_the_destination, with_members) {
    answer const made = try_action("/contacts", "{{Contact.Field(C_EmailAddress)}}",
                                   action("add", "{{ContactList[7]}}") + ',' +
                                       action("setStatus", execution, "complete"));
    answer const log = get(import(made.at("uri"), two) + "/logs");
    BOOST_TEST(log.body.find("\"Members added to contact list 7.\"") != std::string::npos);
    BOOST_TEST(log.body.find("\"Members' status set to complete in service instance "
                             "{{ActionInstance(" GUID ").Execution[5]}}.\"") != std::string::npos);
}

BOOST_FIXTURE_TEST_CASE(senseless_actions_are_refused, with_members) {
    std::string const email = "{{Contact.Field(C_EmailAddress)}}";
    std::string const company = "{{Account.Field(M_CompanyName)}}";
    std::string const unfit =
        "Must be an action, destination and status that exist for the entity.";
    struct row {
        std::string path, field, action, constraint;
    };
    row const rows[] = {
        {"/contacts", email, action("add", "{{AccountList[9]}}"), unfit},
        {"/contacts", email, action("add", "{{ContactSegment[201]}}"), unfit},
        {"/contacts", email, action("add", "{{ContactList[7]}}", "subscribed"), unfit},
        {"/contacts", email, action("setStatus", "{{ContactList[7]}}", "subscribed"), unfit},
        {"/contacts", email, action("setStatus", "{{EmailGroup[8]}}"), unfit},
        {"/contacts", email, action("setStatus", "{{EmailGroup[8]}}", "yes"), unfit},
        {"/contacts", email, action("setStatus", "{{GlobalSubscribe}}", "bounced"), unfit},
        {"/contacts", email, action("setStatus", execution, "yes"), unfit},
        {"/contacts", email, action("setStatus", decision, "complete"), unfit},
        {"/contacts", email, action("dance", "{{ContactList[7]}}"), unfit},
        {"/contacts", email, action("setStatus", execution, "tired"), unfit},
        {"/contacts", email, action("add", "ContactList[7]"), unfit},
        {"/contacts", email, action("add", "{{ContactList[70]}}"),
         "Must reference an existing object: {{ContactList[70]}}"},
        {"/contacts", email,
         action("setStatus", "{{ActionInstance(" GUID ").Execution[9]}}", "complete"),
         "Must reference an existing object: {{ActionInstance(" GUID ").Execution[9]}}"},
        {"/accounts", company, action("add", "{{ContactList[7]}}"), unfit},
        {"/accounts", company, action("setStatus", "{{GlobalSubscribe}}", "subscribed"), unfit},
    };
    for (row const& each : rows) {
        answer const refused = try_action(each.path, each.field, each.action);
        BOOST_TEST(refused.at("failures.0.field") == "syncActions", each.action);
        BOOST_TEST(refused.at("failures.0.constraint") == each.constraint, each.action);
    }
    BOOST_TEST(try_action("/accounts", company, action("add", "{{AccountList[9]}}")).status == 201);
    std::string eleven;
    for (int i = 0; i != 11; ++i)
        eleven += (i == 0 ? "" : ",") + action("add", "{{ContactList[7]}}");
    BOOST_TEST(try_action("/contacts", email, eleven).at("failures.0.constraint") ==
               "Must contain at most 10 actions.");
}

BOOST_FIXTURE_TEST_CASE(responses_are_exported_by_execution, with_members) {
    eloqua.add_record("/campaignResponses",
                      {{"MemberStatus", "Responded"}, {"CampaignId", std::to_string(spring)}});
    eloqua.add_record("/campaignResponses", {{"MemberStatus", "Sent"}});
    eloqua.add_service_instance("/campaignResponses", execution);
    eloqua.set_member_status("/campaignResponses", execution, 1001, member_status::pending);
    auto const make = [&](std::string const& filter) {
        boost::json::object const definition{
            {"name", "r"},
            {"fields",
             {{"id", "{{CampaignResponse.Id}}"},
              {"x", "{{CampaignResponse.Field(MemberStatus)}}"},
              {"c", "{{CampaignResponse.Campaign.Id}}"},
              {"n", "{{CampaignResponse.Campaign.Field(CampaignName)}}"}}},
            {"filter", filter}};
        return post("/campaignResponses/exports", boost::json::serialize(definition));
    };
    answer const made = make(std::string("STATUS('") + execution + "') = 'pending'");
    BOOST_REQUIRE_MESSAGE(made.status == 201, made.body);
    std::string const done = sync(made.at("uri"));
    BOOST_TEST(column(done, "x") == "Responded");
    BOOST_TEST(column(done, "c") == "1001");
    BOOST_TEST(column(done, "n") == "Spring");
    for (std::string const& filter :
         {std::string(), std::string("'{{CampaignResponse.Id}}' = '1001'"),
          std::string("STATUS('") + instance + "') = 'pending'",
          std::string("STATUS('") + decision + "') = 'pending'"})
        BOOST_TEST(make(filter).at("failures.0.constraint") ==
                       "Must reference service instance within a workflow",
                   filter);
}

BOOST_FIXTURE_TEST_CASE(responses_are_updated_only, with_members) {
    eloqua.add_record("/campaignResponses", {{"MemberStatus", "Sent"}});
    std::string const begin = R"({"name":"r","identifierFieldName":"id","fields":{
        "id":"{{CampaignResponse.Id}}","v":"{{CampaignResponse.Field(IntegrationReturnValue)}}"})";
    std::string const plain = define("/campaignResponses/imports", begin + '}');
    BOOST_TEST(rejects_of(import(plain, R"([{"id":"1001","v":"crm9"},{"id":"1002","v":"x"},
                                            {"id":"one","v":"x"}])")) == "2:00034(id) 3:00032(id)");
    BOOST_TEST(eloqua.value("/campaignResponses", 1001, "IntegrationReturnValue") == "crm9");
    BOOST_TEST(eloqua.count("/campaignResponses") == 1u);
    std::string const of_service =
        begin + R"(,"serviceInstanceId":"7BE704D3-AF60-4775-AD41-6E8D0A5AB212"})";
    BOOST_TEST(post("/campaignResponses/imports", of_service).at("failures.0.field") ==
               "serviceInstanceId");
    eloqua.add_service_instance("/campaignResponses", execution);
    BOOST_TEST(post("/campaignResponses/imports", of_service).status == 201);
}

BOOST_FIXTURE_TEST_CASE(unknown_services_cannot_be_prepared, with_members) {
    BOOST_CHECK_THROW(eloqua.add_service_instance("/contacts", "{{ContactList[7]}}"),
                      std::invalid_argument);
    BOOST_CHECK_THROW(eloqua.add_service_instance("/contacts", instance, 99), std::out_of_range);
    BOOST_CHECK_THROW(eloqua.set_member_status("/accounts", execution, 1001, member_status::yes),
                      std::invalid_argument);
    BOOST_CHECK_THROW(eloqua.set_member_status("/contacts", execution, 99, member_status::yes),
                      std::out_of_range);
}

BOOST_FIXTURE_TEST_CASE(responses_are_read_a_thousand_at_a_time, with_members) {
    eloqua.add_service_instance("/campaignResponses", execution);
    for (int i = 0; i != 1'001; ++i) {
        std::int64_t const made =
            eloqua.add_record("/campaignResponses", {{"MemberStatus", "Sent"}});
        eloqua.set_member_status("/campaignResponses", execution, made, member_status::pending);
    }
    std::string const out =
        define("/campaignResponses/exports", R"({"name":"r",
        "fields":{"id":"{{CampaignResponse.Id}}"},"filter":"STATUS(')" +
                                                 std::string(execution) + R"(') = 'pending'"})");
    std::string const uri = sync(out);
    answer const page = get(out + "/data?limit=1000");
    BOOST_TEST(page.items() == 1'000u);
    BOOST_TEST(page.at("hasMore") == "true");
    answer const refused = get(out + "/data?limit=1001");
    BOOST_TEST(refused.status == 400);
    BOOST_TEST(refused.at("failures.0.field") == "limit");
    BOOST_TEST(get(uri + "/data?limit=50000").items() == 1'001u);
}

BOOST_AUTO_TEST_SUITE_END()
