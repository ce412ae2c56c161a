// SPDX-License-Identifier: BSL-1.0
// Statements are accepted only for entities that have them.
#include "service_fixture.hpp"
#include <string>

namespace {

using namespace simulator_tests;

struct with_everything : service {
    with_everything() {
        eloqua.add_custom_object(172, "Warranty",
                                 {bulk::simulated_field("Serial1", bulk::data_type::string, 976)});
        eloqua.add_event(9, "Fair",
                         {bulk::simulated_field("Badge1", bulk::data_type::string, 800)});
    }
    /// Whether an export of this entity accepts the statement.
    bool exports(std::string const& path, std::string const& statement) {
        boost::json::object definition{{"name", "e"}, {"fields", {{"x", statement}}}};
        answer const made = post(path + "/exports", boost::json::serialize(definition));
        return made.body.find("\"fields\",\"value\"") == std::string::npos &&
               made.body.find("\"field\":\"fields\"") == std::string::npos;
    }
    /// "taken", or the reason why an import refuses the statement.
    std::string imports(std::string const& path, std::string const& statement,
                        std::string const& members = "") {
        answer const made =
            post(path + "/imports", R"({"name":"i","identifierFieldName":"x","fields":{"x":")" +
                                        statement + "\"}" + members + '}');
        for (int i = 0;; ++i) {
            std::string const each = "failures." + std::to_string(i);
            if (made.at(each + ".field") == "-")
                return "taken";
            if (made.at(each + ".field") == "fields")
                return made.at(each + ".constraint");
        }
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(simulator_statements)

BOOST_FIXTURE_TEST_CASE(exports_take_the_statements_of_their_entity, with_everything) {
    struct row {
        char const* statement;
        char const* path; ///< the only entity that accepts it
    };
    static row const rows[] = {
        {"{{Contact.Field(C_EmailAddress)}}", "/contacts"},
        {"{{Contact.Field(ContactIDExt)}}", "/contacts"},
        {"{{Contact.Id}}", "/contacts"},
        {"{{Contact.CreatedAt}}", "/contacts"},
        {"{{Contact.Email.IsSubscribed}}", "/contacts"},
        {"{{Contact.Email.IsBounced}}", "/contacts"},
        {"{{Contact.Email.Format}}", "/contacts"},
        {"{{Contact.Account.Field(M_CompanyName)}}", "/contacts"},
        {"{{Contact.LeadScore.Model[1].Rating}}", "/contacts"},
        {"{{Contact.LeadScore.Model[1].ProfileScore}}", "/contacts"},
        {"{{Contact.LeadScore.Model[1].EngagementScore}}", "/contacts"},
        {"{{Account.Id}}", "/accounts"},
        {"{{Account.UpdatedAt}}", "/accounts"},
        {"{{Account.Field(CompanyIDExt)}}", "/accounts"},
        {"{{CustomObject[172].Field[976]}}", "/customObjects/172"},
        {"{{CustomObject[172].Field(Serial1)}}", "/customObjects/172"},
        {"{{CustomObject[172].ExternalId}}", "/customObjects/172"},
        {"{{CustomObject[172].Contact.Field(C_City)}}", "/customObjects/172"},
        {"{{Event[9].ExternalId}}", "/events/9"},
        {"{{Event[9].Field[800]}}", "/events/9"},
        {"{{Event[9].Contact.Field(C_City)}}", "/events/9"},
        {"{{Activity.ExternalId}}", "/activities"},
        {"{{Activity.Visitor.ExternalId}}", "/activities"},
        {"{{Activity.CampaignResponse.CreatedAt}}", "/activities"},
        {"{{Activity.CampaignResponse.Field(MemberStatus)}}", "/activities"},
        {"{{Activity.Campaign.Field(CRMCampaignId)}}", "/activities"},
        {"{{CampaignResponse.Id}}", "/campaignResponses"},
        {"{{CampaignResponse.Field(IntegrationReturnValue)}}", "/campaignResponses"},
        {"{{CampaignResponse.Campaign.Id}}", "/campaignResponses"},
        // No entity accepts these.
        {"{{Contact.Field(100001)}}", ""},
        {"{{Contact.Field[100001]}}", ""},
        {"{{Contact.Field(Email Address)}}", ""},
        {"{{Contact.LeadScore.Model[2].Rating}}", ""},
        {"{{Contact.LeadScore.Model[1].Mood}}", ""},
        {"{{Contact.Campaign.Id}}", ""},
        {"{{Contact.Account.User.Field(CRMOSCUserId)}}", ""},
        {"{{Account.User.Field(CRMOSCUserId)}}", ""},
        {"{{Account.Contact.Id}}", ""},
        {"{{CustomObject[173].Field[976]}}", ""},
        {"{{CustomObject(172).Id}}", ""},
        {"{{CustomObject.Id}}", ""},
        {"{{Event[9].Field[976]}}", ""},
        {"{{Activity.Account.Id}}", ""},
        {"{{Activity.Contact.Email.IsSubscribed}}", ""},
        {"{{Opportunity.Id}}", ""},
        {"{{ContactList[101]}}", ""},
        {"{{Contact}}", ""},
        {"Contact.Id", ""},
    };
    for (row const& each : rows)
        for (char const* path : {"/contacts", "/accounts", "/customObjects/172", "/events/9",
                                 "/activities", "/campaignResponses"})
            BOOST_TEST(exports(path, each.statement) == (std::string_view(path) == each.path),
                       each.statement << " at " << path);
}

BOOST_FIXTURE_TEST_CASE(imports_write_what_can_be_written, with_everything) {
    struct row {
        char const* path;
        char const* statement;
        char const* verdict;
    };
    char const taken[] = "taken", read_only[] = "Must not be read only.",
               nothing[] = "Must be a valid statement.";
    row const rows[] = {
        {"/contacts", "{{Contact.Field(C_City)}}", taken},
        {"/contacts", "{{Contact.Id}}", read_only},
        {"/contacts", "{{Contact.LeadScore.Model[1].Rating}}", read_only},
        {"/contacts", "{{Contact.Email.IsSubscribed}}", read_only},
        {"/contacts", "{{Contact.Account.Field(M_City)}}", read_only},
        {"/contacts", "{{Contact.Campaign.Id}}", nothing},
        {"/accounts", "{{Account.Field(M_City)}}", taken},
        {"/accounts", "{{Account.User.Field(CRMOSCUserId)}}", nothing},
        {"/customObjects/172", "{{CustomObject[172].Field[976]}}", taken},
        {"/customObjects/172", "{{CustomObject[172].Contact.Field(C_City)}}", read_only},
        {"/events/9", "{{Event[9].Field[800]}}", taken},
        {"/opportunities", "{{Opportunity.Field(CloseDate)}}", taken},
        {"/opportunities", "{{Opportunity.Field(CloseDates)}}", nothing},
        {"/opportunities", "{{Opportunity.Contact.Field(C_City)}}", nothing},
        {"/opportunities/contacts", "{{Opportunity.Contact.Field(C_City)}}", taken},
        {"/opportunities/contacts", "{{Opportunity.Field(Name)}}", taken},
        {"/campaignResponses", "{{CampaignResponse.Id}}", taken},
        {"/campaignResponses", "{{CampaignResponse.Field(MemberStatus)}}", taken},
        {"/campaignResponses", "{{CampaignResponse.Campaign.Id}}", read_only},
        {"/emailAddresses", "{{EmailAddress.Field(EmailAddress)}}", taken},
        {"/phoneNumbers", "{{PhoneNumber.Field(PhoneNumber)}}", taken},
        {"/phoneNumbers", "{{EmailAddress.Field(EmailAddress)}}", nothing},
    };
    for (row const& each : rows)
        BOOST_TEST(imports(each.path, each.statement) == each.verdict, each.statement);
}

BOOST_FIXTURE_TEST_CASE(users_are_linked_to_accounts_on_demand, with_everything) {
    std::string const by_name = R"({"name":"a","identifierFieldName":"n","linkUsers":"true",
        "fields":{"n":"{{Account.Field(M_CompanyName)}}")";
    BOOST_TEST(post("/accounts/imports", by_name + "}}").at("failures.0.field") == "linkUsers");
    BOOST_TEST(imports("/accounts", "{{Account.User.Field(CRMOtherUserId)}}",
                       R"(,"linkUsers":true)") == "Must be a valid statement.");
    for (char const* system : {"CRMOSCUserId", "CRMSfdcUserId", "CRMMSDUserId", "CRMSODUserId"}) {
        std::string const statement = std::string("User.Field(") + system + ')';
        import(
            define("/accounts/imports", by_name + R"(,"u":"{{Account.)" + statement + R"(}}"}})"),
            R"([{"n":"ACME","u":"u7"}])");
        BOOST_TEST(eloqua.value("/accounts", 1001, statement) == "u7");
    }
}

BOOST_FIXTURE_TEST_CASE(lead_scores_are_exported, with_everything) {
    eloqua.add_record("/contacts", {{"C_FirstName", "Ana"},
                                    {"LeadScore.Model[1].Rating", "A1"},
                                    {"LeadScore.Model[1].EngagementScore", "4"}});
    BOOST_TEST(contacts_where("'{{Contact.LeadScore.Model[1].EngagementScore}}' > '3'",
                              "{{Contact.LeadScore.Model[1].Rating}}") == "A1");
    eloqua.add_scoring_model(2, "Second");
    BOOST_TEST(exports("/contacts", "{{Contact.LeadScore.Model[2].Rating}}"));
    BOOST_TEST(get("/contacts/fields").body.find("LeadScore") == std::string::npos);
}

BOOST_FIXTURE_TEST_CASE(fields_of_campaigns_are_listed_as_exports_see_them, with_everything) {
    answer const plain = get("/campaigns/fields");
    BOOST_TEST(plain.at("items.0.statement") == "{{Campaign.Field(CampaignName)}}");
    BOOST_TEST(get("/campaigns/fields?type=activity").at("items.0.statement") ==
               "{{Activity.Campaign.Field(CampaignName)}}");
    BOOST_TEST(get("/campaigns/fields?type=campaignResponse").at("items.1.statement") ==
               "{{CampaignResponse.Campaign.Field(CRMCampaignId)}}");
    BOOST_TEST(get("/campaigns/fields?type=sourceCampaign").at("items.0.statement") ==
               "{{Contact.Campaign.Field(CampaignName)}}");
    BOOST_TEST(get("/campaigns/fields?type=other").items() == 0u);
    BOOST_TEST(plain.body.find("UpdatedAt\"") == std::string::npos);
}

BOOST_FIXTURE_TEST_CASE(import_rules_are_documented_for_two_entities, with_everything) {
    std::string const definition =
        R"({"name":"i","identifierFieldName":"x","importRule":"createOnly",
        "fields":{"x":"{{CustomObject[172].Field[976]}}"}})";
    std::string const ignored = define("/customObjects/172/imports", definition);
    import(ignored, R"([{"x":"a"}])");
    BOOST_TEST(rejects_of(import(ignored, R"([{"x":"a"}])")) == "");
    simulator_options options;
    options.refuse_undocumented_import_rule = true;
    service strict(options);
    strict.eloqua.add_custom_object(
        172, "Warranty", {bulk::simulated_field("Serial1", bulk::data_type::string, 976)});
    BOOST_TEST(strict.post("/customObjects/172/imports", definition).at("failures.0.field") ==
               "importRule");
}

BOOST_AUTO_TEST_CASE(an_option_lets_an_identifier_be_blanked) {
    for (bool const blanks : {false, true}) {
        simulator_options options;
        options.null_identifier_blanks_field = blanks;
        service s(options);
        s.eloqua.add_record("/contacts", {{"C_SFDCContactID", "s1"}, {"C_City", "Gent"}});
        s.import(s.define("/contacts/imports", R"({"name":"i","identifierFieldName":"k",
            "nullIdentifierFieldName":true,"fields":{"k":"{{Contact.Field(C_SFDCContactID)}}",
            "c":"{{Contact.Field(C_City)}}"}})"),
                 R"([{"k":"s1","c":"Oslo"}])");
        BOOST_TEST(s.eloqua.value("/contacts", 1001, "C_City") == "Oslo");
        BOOST_TEST(s.eloqua.value("/contacts", 1001, "C_SFDCContactID") == (blanks ? "" : "s1"));
    }
}

BOOST_AUTO_TEST_SUITE_END()
