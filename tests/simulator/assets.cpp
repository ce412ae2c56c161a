// SPDX-License-Identifier: BSL-1.0
// Read-only assets: lists, segments, filters, groups, models, objects, priorities.
#include "service_fixture.hpp"
#include <stdexcept>
#include <string>
#include <tuple>
#include <utility>

namespace {

using namespace simulator_tests;

struct with_contacts : service {
    with_contacts() {
        for (char const* name : {"Ana", "Bo", "Cé"})
            eloqua.add_record("/contacts", {{"C_FirstName", name},
                                            {"C_EmailAddress", std::string(name, 2) + "@b.co"}});
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(simulator_assets)

BOOST_FIXTURE_TEST_CASE(a_fresh_simulator_has_one_of_each, service) {
    struct row {
        char const* collection;
        char const* id;
        char const* name;
        char const* statement;
    };
    static row const rows[] = {
        {"/contacts/lists", "101", "Newsletter", "{{ContactList[101]}}"},
        {"/contacts/segments", "201", "Belgian buyers", "{{ContactSegment[201]}}"},
        {"/contacts/filters", "301", "Recent visitors", "{{ContactFilter[301]}}"},
        {"/accounts/lists", "401", "Key accounts", "{{AccountList[401]}}"},
        {"/emailGroups", "11", "Newsletters", "{{EmailGroup[11]}}"},
        {"/contacts/scoring/models", "1", "Model1", "-"},
        {"/imports/priorities", "1", "CRM integration", "-"},
        {"/customObjects", "501", "Warranty", "-"},
        {"/events", "601", "Trade fair", "-"},
    };
    for (row const& each : rows) {
        std::string const collection = each.collection;
        answer const page = get(collection);
        BOOST_TEST(page.status == 200, collection << page.body);
        BOOST_TEST(page.at("totalResults") == "1", collection);
        answer const one = get(collection + '/' + each.id);
        BOOST_TEST(one.status == 200, collection << one.body);
        BOOST_TEST(boost::json::serialize(one.json) == page.at("items.0"), collection);
        BOOST_TEST(one.at("uri") == collection + '/' + each.id);
        BOOST_TEST(one.at("name") == each.name);
        BOOST_TEST(one.at("statement") == each.statement);
        BOOST_TEST(one.at("createdBy") == "user");
        BOOST_TEST(one.at("updatedAt") == "2025-06-02T09:00:00.0000000Z");
        BOOST_TEST(get(collection + "/999").status == 404, collection);
        answer const no_id = get(collection + "/sandwich");
        BOOST_TEST(no_id.status == 400, collection);
        BOOST_TEST(no_id.at("type") == "EndpointParameterError", collection);
        BOOST_TEST(no_id.at("parameter") == (collection == "/customObjects" ? "parentId" : "id"),
                   collection);
        BOOST_TEST(del(collection + '/' + each.id).status == 405, collection);
    }
}

BOOST_FIXTURE_TEST_CASE(lists_count_their_members, with_contacts) {
    eloqua.add_contact_list(5, "Five", {1001, 1003});
    BOOST_TEST(get("/contacts/lists/5").at("count") == "2");
    BOOST_TEST(contacts_where("EXISTS('{{ContactList[5]}}')") == "Ana,Cé");
    eloqua.add_contact_filter(6, "Six", {1002});
    BOOST_TEST(get("/contacts/filters/6").at("count") == "1");
    BOOST_TEST(get("/contacts/filters?q=count%3E0").items() == 1u);
    eloqua.add_email_group(7, "Seven", {1002});
    BOOST_TEST(get("/emailGroups/7").at("count") == "-");
    std::string const remove = define("/contacts/exports", R"({"name":"e",
        "fields":{"Id":"{{Contact.Id}}"},"filter":"'{{Contact.Field(C_FirstName)}}' = 'Ana'",
        "syncActions":[{"action":"remove","destination":"{{ContactList[5]}}"}]})");
    sync(remove);
    BOOST_TEST(get("/contacts/lists/5").at("count") == "1");
}

BOOST_FIXTURE_TEST_CASE(a_segment_knows_when_it_was_last_used, with_contacts) {
    eloqua.add_contact_segment(8, "Eight", {1001});
    BOOST_TEST(get("/contacts/segments/8").at("executedAt") == "-");
    eloqua.advance(60s);
    BOOST_TEST(contacts_where("EXISTS('{{ContactSegment[8]}}')") == "Ana");
    BOOST_TEST(get("/contacts/segments/8").at("executedAt") == "2025-06-02T09:01:01.0000000Z");
    BOOST_TEST(get("/contacts/segments/201").at("executedAt") == "-");
}

BOOST_FIXTURE_TEST_CASE(ids_are_taken_once, with_contacts) {
    BOOST_CHECK_THROW(eloqua.add_contact_list(101, "Again"), std::invalid_argument);
    BOOST_CHECK_THROW(eloqua.add_email_group(0, "Zero"), std::invalid_argument);
    BOOST_CHECK_THROW(eloqua.add_scoring_model(1, "Again"), std::invalid_argument);
    BOOST_CHECK_THROW(eloqua.add_import_priority(1, "Again", 2), std::invalid_argument);
    BOOST_CHECK_THROW(eloqua.add_custom_object(501, "Again", {}), std::invalid_argument);
    BOOST_CHECK_THROW(eloqua.add_event(601, "Again", {}), std::invalid_argument);
    BOOST_CHECK_THROW(eloqua.add_contact_list(1, "Nobody", {1004}), std::out_of_range);
    BOOST_CHECK_THROW(eloqua.add_contact_list(1, "Nobody", {1000}), std::out_of_range);
    BOOST_TEST(get("/contacts/lists/1").status == 404);
}

BOOST_FIXTURE_TEST_CASE(a_scoring_model_has_fields, service) {
    eloqua.add_scoring_model(2, "Second");
    answer const model = get("/contacts/scoring/models/2");
    BOOST_TEST(model.at("id") == "2");
    BOOST_TEST(model.at("status") == "Active");
    BOOST_TEST(model.at("fields.0.statement") == "{{Contact.LeadScore.Model[2].Rating}}");
    BOOST_TEST(model.at("fields.2.dataType") == "number");
    BOOST_TEST(contacts_where("", "{{Contact.LeadScore.Model[2].Rating}}") == "");
    BOOST_TEST(contacts_where("", "{{Contact.LeadScore.Model[3].Rating}}") ==
               "fields: Must be a valid statement.");
}

BOOST_FIXTURE_TEST_CASE(objects_name_their_special_fields, service) {
    bulk::simulated_field serial("Serial1", bulk::data_type::string, 976);
    serial.unique = true;
    eloqua.add_custom_object(172, "Cards",
                             {bulk::simulated_field("Colour1", bulk::data_type::string, 975),
                              serial,
                              bulk::simulated_field("Email1", bulk::data_type::emailAddress, 977)});
    answer const cards = get("/customObjects/172");
    BOOST_TEST(cards.at("displayNameFieldUri") == "/customObjects/172/fields/975");
    BOOST_TEST(cards.at("uniqueFieldUri") == "/customObjects/172/fields/976");
    BOOST_TEST(cards.at("emailAddressFieldUri") == "/customObjects/172/fields/977");
    BOOST_TEST(get("/customObjects").items() == 2u);
    eloqua.add_event(9, "Dinner", {bulk::simulated_field("Table1")});
    answer const dinner = get("/events/9");
    BOOST_TEST(dinner.at("name") == "Dinner");
    BOOST_TEST(dinner.at("displayNameFieldUri").starts_with("/events/9/fields/"));
    BOOST_TEST(dinner.at("uniqueFieldUri") == "-");
    BOOST_TEST(get("/events/9/fields").at("items.0.statement").starts_with("{{Event[9].Field["));
}

BOOST_FIXTURE_TEST_CASE(an_import_names_a_priority, service) {
    eloqua.add_import_priority(3, "Web forms", 2);
    BOOST_TEST(get("/imports/priorities/3").at("priority") == "2");
    std::string const before = R"({"name":"i","identifierFieldName":"e",
        "fields":{"e":"{{Contact.Field(C_EmailAddress)}}"},"importPriorityUri":"/imports/priorities/)";
    BOOST_TEST(post("/contacts/imports", before + "3\"}").status == 201);
    BOOST_TEST(post("/contacts/imports", before + "4\"}").at("failures.0.field") ==
               "importPriorityUri");
}

BOOST_FIXTURE_TEST_CASE(a_field_has_all_that_is_told_of_fields, service) {
    answer const found = get("/contacts/fields?q=internalName=C_EmailAddress");
    BOOST_TEST_REQUIRE(found.items() == 1u);
    std::string const field = found.at("items.0");
    std::string const uri = found.at("items.0.uri");
    BOOST_TEST(uri.starts_with("/contacts/fields/"));
    BOOST_TEST(boost::json::serialize(get(uri).json) == field);
    struct row {
        char const* member;
        char const* value;
    };
    static row const rows[] = {
        {"name", "Email Address"},
        {"internalName", "C_EmailAddress"},
        {"dataType", "emailAddress"},
        {"hasReadOnlyConstraint", "false"},
        {"hasNotNullConstraint", "false"},
        {"hasUniquenessConstraint", "true"},
        {"statement", "{{Contact.Field(C_EmailAddress)}}"},
        {"createdAt", "1900-01-01T05:00:00.0000000Z"},
        {"updatedAt", "1900-01-01T05:00:00.0000000Z"},
    };
    for (row const& each : rows)
        BOOST_TEST(found.at("items.0." + std::string(each.member)) == each.value, each.member);
    BOOST_TEST(found.json.at_pointer("/items/0/hasUniquenessConstraint").is_bool());
}

BOOST_FIXTURE_TEST_CASE(system_values_of_contacts_and_accounts_are_not_listed, service) {
    for (std::string const path : {"/contacts", "/accounts"}) {
        std::string const root = path == "/contacts" ? "{{Contact." : "{{Account.";
        answer const listed = get(path + "/fields");
        BOOST_TEST(listed.items() > 5u);
        for (std::size_t i = 0; i != listed.items(); ++i) {
            std::string const statement = listed.at("items." + std::to_string(i) + ".statement");
            BOOST_TEST(statement.starts_with(root + "Field("), statement);
        }
        for (char const* value : {"Id", "CreatedAt", "UpdatedAt"}) {
            boost::json::object const definition{{"name", "e"},
                                                 {"fields", {{"x", root + value + "}}"}}}};
            BOOST_TEST(post(path + "/exports", boost::json::serialize(definition)).status == 201,
                       path << value);
        }
    }
}

BOOST_FIXTURE_TEST_CASE(fields_of_contacts_have_four_types, service) {
    for (char const* path : {"/contacts/fields", "/accounts/fields", "/customObjects/501/fields"}) {
        answer const listed = get(path);
        for (std::size_t i = 0; i != listed.items(); ++i) {
            std::string const type = listed.at("items." + std::to_string(i) + ".dataType");
            BOOST_TEST(
                (type == "emailAddress" || type == "string" || type == "date" || type == "number"),
                path << ' ' << type);
        }
    }
}

BOOST_FIXTURE_TEST_CASE(fields_can_be_narrowed, service) {
    auto const count = [&](char const* query) {
        return get(std::string("/activities/fields") + query).items();
    };
    BOOST_TEST(count("") > count("?activityType=EmailOpen"));
    BOOST_TEST(count("?activityType=EmailOpen") > count("?activityType=Subscribe"));
    BOOST_TEST(count("?activityType=Nothing") == 0u);
    answer const bounced = get("/activities/fields?activityType=Bounceback&q=name=SMTP*");
    BOOST_TEST(bounced.items() == 3u);
    BOOST_TEST(bounced.at("items.0.activityTypes") == R"(["Bounceback"])");
    BOOST_TEST(get("/activities/fields?activityType=EmailSend&q=name=SMTP*").items() == 0u);
    auto const campaign = [&](char const* type) {
        return get(std::string("/campaigns/fields?q=internalName=CRMCampaignId") + type)
            .at("items.0.statement");
    };
    BOOST_TEST(campaign("") == "{{Campaign.Field(CRMCampaignId)}}");
    BOOST_TEST(campaign("&type=activity") == "{{Activity.Campaign.Field(CRMCampaignId)}}");
    BOOST_TEST(campaign("&type=campaignResponse") ==
               "{{CampaignResponse.Campaign.Field(CRMCampaignId)}}");
    BOOST_TEST(campaign("&type=nothing") == "-");
}

BOOST_FIXTURE_TEST_CASE(standard_fields_have_the_ids_that_are_known, service) {
    for (auto const& [path, internal] : {std::pair("/contacts/fields/100001", "C_EmailAddress"),
                                         std::pair("/contacts/fields/100002", "C_FirstName"),
                                         std::pair("/contacts/fields/100003", "C_LastName"),
                                         std::pair("/contacts/fields/100004", "C_Company"),
                                         std::pair("/contacts/fields/100005", "C_EmailDisplayName"),
                                         std::pair("/contacts/fields/100032", "ContactIDExt"),
                                         std::pair("/accounts/fields/100085", "M_CompanyName"),
                                         std::pair("/accounts/fields/100088", "M_Country")})
        BOOST_TEST(get(path).at("internalName") == internal);
}

BOOST_FIXTURE_TEST_CASE(fields_of_sample_objects_have_display_names, service) {
    for (auto const& [path, name, internal] :
         {std::tuple("/customObjects/501/fields/5001", "Serial Number", "Serial_Number1"),
          std::tuple("/customObjects/501/fields/5002", "Email Address", "Email_Address1"),
          std::tuple("/customObjects/501/fields/5003", "Purchase Date", "Purchase_Date1"),
          std::tuple("/events/601/fields/6001", "Email Address", "Email_Address1"),
          std::tuple("/events/601/fields/6002", "Registered On", "Registered_On1")}) {
        BOOST_TEST(get(path).at("name") == name);
        BOOST_TEST(get(path).at("internalName") == internal);
    }
}

BOOST_AUTO_TEST_SUITE_END()
