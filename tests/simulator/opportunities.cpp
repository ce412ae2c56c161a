// SPDX-License-Identifier: BSL-1.0
// Opportunities and their links to contacts and accounts.
#include "service_fixture.hpp"
#include <string>

namespace {

using namespace simulator_tests;

struct with_opportunities : service {
    explicit with_opportunities(simulator_options options = {}) : service(std::move(options)) {
        eloqua.add_record("/contacts", {{"C_EmailAddress", "ana@example.com"}, {"C_City", "Gent"}});
        eloqua.add_record("/contacts", {{"C_EmailAddress", "bo@example.com"}, {"C_City", "Gent"}});
        eloqua.add_record("/accounts", {{"M_CompanyName", "ACME"}});
        for (char const* each : {"opp1", "opp2"})
            eloqua.add_record("/opportunities", {{"RemoteOpportunityID", each},
                                                 {"OpportunityName", "Deal"},
                                                 {"OpportunityStageID", "Proposal"},
                                                 {"Amount", "10"}});
    }
    std::string opportunity_import(std::string const& members = "") {
        return define("/opportunities/imports", R"({"name":"o","identifierFieldName":"id","fields":{
            "id":"{{Opportunity.Id}}","name":"{{Opportunity.Field(Name)}}",
            "stage":"{{Opportunity.Field(Stage)}}","amount":"{{Opportunity.Field(Amount)}}",
            "closes":"{{Opportunity.Field(CloseDate)}}","made":"{{Opportunity.CreatedAt}}"})" +
                                                    members + '}');
    }
    std::string linkage(std::string const& statement, std::string const& type,
                        std::string const& members = "") {
        return define("/opportunities/contacts/imports", R"({"name":"l","fields":{
            "id":"{{Opportunity.Id}}","who":")" + statement +
                                                             R"("},
            "linkOpportunitiesMatchFieldName":"id","linkOpportunitiesSourceField":"who",
            "linkOpportunitiesEntityType":")" + type + '"' + members +
                                                             '}');
    }
    /// Ids of the records that are linked to an opportunity, by the ids' field.
    std::string linked(std::int64_t opportunity, char const* field) {
        std::string joined;
        for (auto const each :
             eloqua.find("/opportunities/contacts", "OpportunityId", std::to_string(opportunity)))
            joined += eloqua.value("/opportunities/contacts", each, field) + ' ';
        return joined;
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(simulator_opportunities)

BOOST_FIXTURE_TEST_CASE(fields_are_those_of_the_documentation, with_opportunities) {
    answer const fields = get("/opportunities/fields");
    BOOST_TEST(fields.at("items.0.internalName") == "RemoteOpportunityID");
    BOOST_TEST(fields.at("items.0.statement") == "{{Opportunity.Id}}");
    BOOST_TEST(fields.at("items.0.uri") == "/opportunities/fields/38");
    BOOST_TEST(fields.at("items.0.createdAt") == "-");
    BOOST_TEST(fields.at("items.1.internalName") == "OpportunityName");
    BOOST_TEST(fields.at("items.1.statement") == "{{Opportunity.Field(Name)}}");
    BOOST_TEST(get("/opportunities/fields/39").at("hasNotNullConstraint") == "true");
    std::string mandatory;
    for (std::size_t i = 0; i != fields.items(); ++i)
        if (fields.at("items." + std::to_string(i) + ".hasNotNullConstraint") == "true")
            mandatory += fields.at("items." + std::to_string(i) + ".statement");
    BOOST_TEST(mandatory == "{{Opportunity.Id}}{{Opportunity.Field(Name)}}"
                            "{{Opportunity.Field(Amount)}}{{Opportunity.Field(Stage)}}");
}

BOOST_FIXTURE_TEST_CASE(opportunities_are_created_and_updated, with_opportunities) {
    std::string const done = import(opportunity_import(), R"([
        {"id":"opp1","name":"Deal","stage":"closed won","amount":"12.50"},
        {"id":"opp3","name":"New","stage":"Proposal","amount":"1","closes":"2025-12-31",
         "made":"2025-01-01"}])");
    BOOST_TEST(get(done).at("status") == "success");
    BOOST_TEST(log_of(done).find("00001:2 00003:2 00049:1 00101:0") != std::string::npos);
    BOOST_TEST(eloqua.count("/opportunities") == 3u);
    BOOST_TEST(eloqua.value("/opportunities", 1001, "Amount") == "12.50");
    BOOST_TEST(eloqua.value("/opportunities", 1003, "CreatedDate") == "2025-01-01 00:00:00");
}

BOOST_FIXTURE_TEST_CASE(mandatory_fields_and_stages_are_checked, with_opportunities) {
    std::string const definition = opportunity_import();
    BOOST_TEST(rejects_of(import(definition, R"([
        {"id":"a","name":"A","stage":"Proposal"},
        {"id":"b","name":"","stage":"Proposal","amount":"1"},
        {"id":"c","name":"C","stage":"Dreaming","amount":"1"},
        {"id":"d","name":"D","stage":"Proposal","amount":"much"},
        {"id":"e","name":"E","stage":"Proposal","amount":"1"}])")) ==
               "1:00061(amount) 2:00061(name) 3:00039(stage) 4:00032(amount)");
    std::string const partial =
        define("/opportunities/imports", R"({"name":"o","identifierFieldName":"id","fields":{
            "id":"{{Opportunity.Id}}","amount":"{{Opportunity.Field(Amount)}}"}})");
    BOOST_TEST(rejects_of(import(partial, R"([{"id":"opp1","amount":"1"}])")) == "1:00061()");
}

BOOST_AUTO_TEST_CASE(a_definition_without_mandatory_fields_can_be_refused) {
    simulator_options options;
    options.opportunity_imports_need_all_fields = true;
    with_opportunities s(options);
    answer const refused = s.post("/opportunities/imports",
                                  R"({"name":"o","identifierFieldName":"id","fields":{
        "id":"{{Opportunity.Id}}","amount":"{{Opportunity.Field(Amount)}}"}})");
    BOOST_TEST(refused.at("failures.0.constraint") == "Must contain {{Opportunity.Field(Name)}}");
    BOOST_TEST(refused.at("failures.1.constraint") == "Must contain {{Opportunity.Field(Stage)}}");
    s.opportunity_import();
}

BOOST_FIXTURE_TEST_CASE(the_identifier_can_be_case_sensitive, with_opportunities) {
    std::string const rows = R"([{"id":"OPP1","name":"A","stage":"Proposal","amount":"1"},
                                 {"id":"opp1","name":"B","stage":"Proposal","amount":"1"}])";
    std::string const insensitive = import(opportunity_import(), rows);
    BOOST_TEST(rejects_of(insensitive) == "1:00026(id)");
    BOOST_TEST(eloqua.count("/opportunities") == 2u);
    std::string const sensitive =
        import(opportunity_import(R"(,"isIdentifierFieldCaseSensitive":"true")"), rows);
    BOOST_TEST(rejects_of(sensitive) == "");
    BOOST_TEST(eloqua.count("/opportunities") == 3u);
}

BOOST_FIXTURE_TEST_CASE(opportunities_are_linked_to_contacts, with_opportunities) {
    std::string const by_email =
        linkage("{{Opportunity.Contact.Field(C_EmailAddress)}}", "Contact");
    std::string const rows = R"([{"id":"opp1","who":"ana@example.com"},
        {"id":"nothing","who":"ana@example.com"},{"id":"opp1","who":"eve@example.com"},
        {"id":"","who":"ana@example.com"}])";
    std::string const done = import(by_email, rows);
    BOOST_TEST(rejects_of(done) == "2:00084(id) 3:00085(who) 4:00061(id)");
    BOOST_TEST(log_of(done).find("00049:1") != std::string::npos);
    BOOST_TEST(linked(1001, "ContactId") == "1001 ");
    import(by_email, rows); // does not duplicate the link
    BOOST_TEST(linked(1001, "ContactId") == "1001 ");
}

BOOST_FIXTURE_TEST_CASE(several_contacts_are_linked_only_if_wanted, with_opportunities) {
    std::string const city = "{{Opportunity.Contact.Field(C_City)}}";
    std::string const rows = R"([{"id":"opp2","who":"gent"}])";
    BOOST_TEST(rejects_of(import(linkage(city, "Contact"), rows)) == "1:00026(who)");
    BOOST_TEST(linked(1002, "ContactId") == "");
    std::string const several =
        linkage(city, "Contact", R"(,"linkOpportunitiesMultipleSourceMatches":true)");
    BOOST_TEST(rejects_of(import(several, rows)) == "");
    BOOST_TEST(linked(1002, "ContactId") == "1001 1002 ");
    std::string const exact =
        linkage(city, "Contact", R"(,"linkOpportunitiesCaseSensitiveSourceField":true)");
    BOOST_TEST(rejects_of(import(exact, rows)) == "1:00085(who)");
}

BOOST_FIXTURE_TEST_CASE(accounts_are_linked_once, with_opportunities) {
    std::string const by_name = linkage("{{Opportunity.Account.Field(M_CompanyName)}}", "Account",
                                        R"(,"linkOpportunitiesCaseSensitiveMatchField":true)");
    BOOST_TEST(rejects_of(import(by_name, R"([{"id":"opp1","who":"acme"},
        {"id":"OPP1","who":"acme"},{"id":"opp1","who":"Other"}])")) == "2:00084(id) 3:00034(who)");
    BOOST_TEST(linked(1001, "AccountId") == "1001 ");
    BOOST_TEST(rejects_of(import(by_name, R"([{"id":"opp1","who":"acme"}])")) == "1:00062(who)");
}

BOOST_FIXTURE_TEST_CASE(properties_of_linkage_are_checked, with_opportunities) {
    std::string const begin = R"({"name":"l","fields":{"id":"{{Opportunity.Id}}",
        "who":"{{Opportunity.Contact.Field(C_EmailAddress)}}"})";
    struct row {
        char const* members;
        char const* failures;
    };
    static row const rows[] = {
        {"", "linkOpportunitiesEntityType linkOpportunitiesMatchFieldName "
             "linkOpportunitiesSourceField "},
        {R"(,"linkOpportunitiesEntityType":"Account","linkOpportunitiesMatchFieldName":"id",
            "linkOpportunitiesSourceField":"who")",
         "linkOpportunitiesSourceField "},
        {R"(,"linkOpportunitiesEntityType":"Contact","linkOpportunitiesMatchFieldName":"who",
            "linkOpportunitiesSourceField":"who")",
         "linkOpportunitiesMatchFieldName "},
        {R"(,"linkOpportunitiesEntityType":"Contact","linkOpportunitiesMatchFieldName":"id",
            "linkOpportunitiesSourceField":"x")",
         "linkOpportunitiesSourceField "},
        {R"(,"linkOpportunitiesEntityType":"Company","linkOpportunitiesMatchFieldName":"id",
            "linkOpportunitiesSourceField":"who")",
         "linkOpportunitiesEntityType "},
    };
    for (row const& each : rows) {
        answer const refused = post("/opportunities/contacts/imports", begin + each.members + '}');
        std::string failures;
        for (int i = 0; refused.at("failures." + std::to_string(i) + ".field") != "-"; ++i)
            failures += refused.at("failures." + std::to_string(i) + ".field") + ' ';
        BOOST_TEST(failures == each.failures, each.members);
    }
}

BOOST_AUTO_TEST_SUITE_END()
