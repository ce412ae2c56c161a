// SPDX-License-Identifier: BSL-1.0
// Imports and exports of rows of every entity, with the settings that only some have.
#include <eloqua/bulk.hpp>
#include <eloqua/bulk/simulator.hpp>
#include <eloqua/bulk/testing/scripted_transport.hpp>

#include <boost/describe.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bulk = eloqua::bulk;
using bulk::verb;

namespace {

constexpr char const* app = "f3689bdfbf2e48deb318019367b4f2a8"; // from the simulator's samples

struct address {
    std::string email;
    using eloqua_fields = bulk::fields<bulk::field<&address::email, "EmailAddress">>;
};
BOOST_DESCRIBE_STRUCT(address, (), (email))

struct number {
    std::string phone;
    using eloqua_fields = bulk::fields<bulk::field<&number::phone, "PhoneNumber">>;
};
BOOST_DESCRIBE_STRUCT(number, (), (phone))

struct contact {
    std::string email;
    using eloqua_fields = bulk::fields<bulk::field<&contact::email, "C_EmailAddress">>;
};
BOOST_DESCRIBE_STRUCT(contact, (), (email))

struct company {
    std::string name;
    std::string crm_user;
    using eloqua_fields =
        bulk::fields<bulk::field<&company::name, "M_CompanyName">,
                     bulk::statement<&company::crm_user, "{{Account.User.Field(CRMSfdcUserId)}}">>;
};
BOOST_DESCRIBE_STRUCT(company, (), (name, crm_user))

struct warranty {
    std::string serial;
    std::string email;
    using eloqua_fields =
        bulk::fields<bulk::statement<&warranty::serial, "{{CustomObject[501].Field[5001]}}">,
                     bulk::statement<&warranty::email, "{{CustomObject[501].Field[5002]}}">>;
};
BOOST_DESCRIBE_STRUCT(warranty, (), (serial, email))

struct owned {
    std::string contact;
    using eloqua_fields =
        bulk::fields<bulk::statement<&owned::contact, "{{CustomObject[501].Contact.Id}}">>;
};
BOOST_DESCRIBE_STRUCT(owned, (), (contact))

struct registrant {
    std::string email;
    using eloqua_fields =
        bulk::fields<bulk::statement<&registrant::email, "{{Event[601].Field[6001]}}">>;
};
BOOST_DESCRIBE_STRUCT(registrant, (), (email))

struct deal {
    std::string id, name, stage;
    double amount = 0;
    using eloqua_fields =
        bulk::fields<bulk::attribute<&deal::id, "Id">, bulk::field<&deal::name, "Name">,
                     bulk::field<&deal::stage, "Stage">, bulk::field<&deal::amount, "Amount">>;
};
BOOST_DESCRIBE_STRUCT(deal, (), (id, name, stage, amount))

struct deal_link {
    std::string deal, who;
    using eloqua_fields =
        bulk::fields<bulk::attribute<&deal_link::deal, "Id">,
                     bulk::attribute<&deal_link::who, "Contact.Field(C_EmailAddress)">>;
};
BOOST_DESCRIBE_STRUCT(deal_link, (), (deal, who))

struct visit {
    std::string email, asset, asset_type, type;
    std::chrono::sys_seconds at;
    using eloqua_fields =
        bulk::fields<bulk::attribute<&visit::email, "Contact.Field(C_EmailAddress)">,
                     bulk::attribute<&visit::asset, "Asset.Name">,
                     bulk::attribute<&visit::asset_type, "Asset.Type">,
                     bulk::attribute<&visit::type, "Type">,
                     bulk::attribute<&visit::at, "CreatedAt">>;
};
BOOST_DESCRIBE_STRUCT(visit, (), (email, asset, asset_type, type, at))

struct campaign_answer {
    std::string id, value;
    using eloqua_fields =
        bulk::fields<bulk::attribute<&campaign_answer::id, "Id">,
                     bulk::field<&campaign_answer::value, "IntegrationReturnValue">>;
};
BOOST_DESCRIBE_STRUCT(campaign_answer, (), (id, value))

struct wish {
    std::string text;
    using eloqua_fields = bulk::fields<bulk::field<&wish::text, "W_Text">>;
};
BOOST_DESCRIBE_STRUCT(wish, (), (text))

struct wish_export : bulk::export_definition {
    std::optional<bool> urgent;
};
BOOST_DESCRIBE_STRUCT(wish_export, (bulk::export_definition), (urgent))

struct wish_import : bulk::import_definition {
    std::optional<std::string> by;
};
BOOST_DESCRIBE_STRUCT(wish_import, (bulk::import_definition), (by))

struct wish_field : bulk::field_definition {
    std::optional<std::int64_t> hue;
};
BOOST_DESCRIBE_STRUCT(wish_field, (bulk::field_definition), (hue))

struct wishes_t {
    using export_definition = wish_export;
    using import_definition = wish_import;
    using field_definition = wish_field;
    static constexpr bool has_exports = true, has_imports = true, has_fields = true;
    static constexpr std::string_view fields_parameter = "wishType";
    static constexpr std::int64_t export_data_limit = 20;
    static bulk::result<std::string> base_path() { return bulk::path<"/wishes">::expand(); }
    static std::string statement_root() { return "Wish"; }
    static constexpr bool importable_attribute(std::string_view) { return false; }
    static std::string fields_argument() { return "Toy"; }
    static std::string export_condition() { return "'{{Wish.Kind}}' = 'Toy'"; }
};
constexpr wishes_t wishes;

/// The samples, two contacts, and the definitions that were sent.
struct samples {
    samples() {
        eloqua.add_record("/contacts", {{"C_EmailAddress", "ana@example.com"}});
        eloqua.add_record("/contacts", {{"C_EmailAddress", "bo@example.com"}});
        eloqua.intercept([this](bulk::request const& q) -> std::optional<bulk::response> {
            if (q.method == verb::post && q.target.ends_with("/imports"))
                definitions.emplace_back(q.body);
            return {};
        });
    }
    /// The number of rows in the service after an import without rejects.
    template <class E, auto Member, class Row, class... Settings>
    std::int64_t imported(E of, bulk::identified_by_t<Member> by, std::vector<Row> const& rows,
                          Settings const&... settings) {
        auto const report = client.import_rows(of, by, rows, {}, settings...).get();
        BOOST_TEST_REQUIRE(report.has_value(), report.error().message());
        BOOST_TEST(report->rejects.empty());
        BOOST_TEST(report->disagreements.empty());
        return report->created + report->updated;
    }
    bool sent(std::string_view part) const {
        return definitions.back().find(part) != std::string::npos;
    }

    std::vector<std::string> definitions;
    bulk::simulator eloqua;
    bulk::client client{eloqua, bulk::basic_credentials{"Company", "user", "secret"}};
};

} // namespace

BOOST_AUTO_TEST_SUITE(rows_of_every_entity)

BOOST_FIXTURE_TEST_CASE(contacts_join_a_list, samples) {
    std::vector<contact> const rows{{"bo@example.com"}, {"cy@example.com"}};
    BOOST_TEST(imported(bulk::contacts, bulk::identified_by<&contact::email>, rows,
                        bulk::add_to(bulk::contact_list(101)),
                        bulk::subscribe_to(bulk::email_group(11))) == 2);
    std::vector<std::int64_t> const both{1002, 1003};
    BOOST_TEST(eloqua.members("/contacts", "{{ContactList[101]}}") == both);
    BOOST_TEST(eloqua.members("/contacts", "{{EmailGroup[11]}}") == both);
}

BOOST_FIXTURE_TEST_CASE(accounts_are_linked_to_users, samples) {
    std::vector<company> const rows{{"Acme", "005A"}, {"Bolt", "005B"}};
    bulk::user_linkage const users{true};
    BOOST_TEST(imported(bulk::accounts, bulk::identified_by<&company::name>, rows, users,
                        bulk::add_to(bulk::account_list(401))) == 2);
    BOOST_TEST(eloqua.members("/accounts", "{{AccountList[401]}}").size() == 2u);
    BOOST_TEST(sent(R"("linkUsers":true)"));
}

BOOST_FIXTURE_TEST_CASE(records_of_a_custom_object_are_mapped_to_contacts, samples) {
    std::vector<warranty> const rows{{"SN-1", "ana@example.com"}, {"SN-2", "nobody@example.com"}};
    bulk::data_card_mapping cards;
    cards.mapDataCards = true;
    cards.mapDataCardsEntityType = bulk::data_card_entity::Contact;
    cards.mapDataCardsEntityField = "{{Contact.Field(C_EmailAddress)}}";
    cards.mapDataCardsSourceField = "email";
    bulk::custom_object const of(501);
    BOOST_TEST(imported(of, bulk::identified_by<&warranty::serial>, rows, cards) == 2);
    auto came = client.export_rows<warranty>(of).next().get().value();
    BOOST_TEST(came.size() == 2u);
    auto owners = client.export_rows<owned>(of).next().get().value();
    BOOST_TEST_REQUIRE(owners.size() == 2u);
    BOOST_TEST(owners[0].contact == "1001");
    BOOST_TEST(owners[1].contact == "");
}

BOOST_FIXTURE_TEST_CASE(registrants_of_an_event, samples) {
    std::vector<registrant> const rows{{"ana@example.com"}, {"bo@example.com"}};
    bulk::event const of(601);
    BOOST_TEST(imported(of, bulk::identified_by<&registrant::email>, rows) == 2);
    BOOST_TEST(client.export_rows<registrant>(of).next().get().value().size() == 2u);
}

BOOST_FIXTURE_TEST_CASE(opportunities_and_their_links, samples) {
    std::vector<deal> const deals{{"o1", "Roof", "Proposal", 12.5}, {"o2", "Wall", "Proposal", 1}};
    BOOST_TEST(imported(bulk::opportunities, bulk::identified_by<&deal::id>, deals,
                        bulk::identifier_matching{true}) == 2);
    BOOST_TEST(sent(R"("isIdentifierFieldCaseSensitive":true)"));
    BOOST_TEST(eloqua.value("/opportunities", 1001, "Amount") == "12.5");

    bulk::opportunity_linkage how;
    how.linkOpportunitiesMatchFieldName = "deal";
    how.linkOpportunitiesSourceField = "who";
    how.linkOpportunitiesEntityType = bulk::linked_entity::Contact;
    std::vector<deal_link> const links{{"o1", "ana@example.com"}, {"o1", "bo@example.com"}};
    imported(bulk::opportunity_contacts, bulk::identified_by<&deal_link::deal>, links, how);
    BOOST_TEST(!sent("identifierFieldName"));
    BOOST_TEST(eloqua.count("/opportunities/contacts") == 2u);
}

BOOST_FIXTURE_TEST_CASE(email_addresses_are_unsubscribed, samples) {
    std::vector<address> const rows{{"ana@example.com"}, {"stranger@example.com"}};
    imported(bulk::email_addresses, bulk::identified_by<&address::email>, rows,
             bulk::unsubscribe_globally());
    BOOST_TEST(eloqua.value("/contacts", 1001, "Email.IsSubscribed") == "False");
    BOOST_TEST(eloqua.value("/contacts", 1002, "Email.IsSubscribed") == "True");
}

BOOST_FIXTURE_TEST_CASE(phone_numbers, samples) {
    std::vector<number> const rows{{"+3291234567"}, {"+3297654321"}};
    imported(bulk::phone_numbers, bulk::identified_by<&number::phone>, rows);
    BOOST_TEST(eloqua.count("/phoneNumbers") == 2u);
}

BOOST_FIXTURE_TEST_CASE(external_activities, samples) {
    using namespace std::chrono_literals;
    std::vector<visit> const rows{{"ana@example.com", "Booth 7", "Event", "Attended Event",
                                   std::chrono::sys_days(2026y / 3 / 4)}};
    BOOST_TEST(imported(bulk::activities, bulk::identified_by<&visit::email>, rows) == 1);
    BOOST_TEST(eloqua.count("/activities") == 1u);
}

BOOST_FIXTURE_TEST_CASE(an_email_address_needs_an_action, samples) {
    std::vector<address> const rows{{"ana@example.com"}};
    auto const refused =
        client.import_rows(bulk::email_addresses, bulk::identified_by<&address::email>, rows).get();
    BOOST_TEST_REQUIRE(refused.has_error());
    BOOST_TEST(refused.error().message().find("Must contain at least one action") !=
               std::string::npos);
}

BOOST_FIXTURE_TEST_CASE(responses_to_campaigns, samples) {
    eloqua.add_record("/campaignResponses", {{"MemberStatus", "Sent"}});
    std::vector<campaign_answer> const rows{{"1001", "crm9"}};
    imported(bulk::campaign_responses, bulk::identified_by<&campaign_answer::id>, rows,
             bulk::app_service{app});
    BOOST_TEST(sent(R"("serviceInstanceId":")" + std::string(app)));
    BOOST_TEST(eloqua.value("/campaignResponses", 1001, "IntegrationReturnValue") == "crm9");
}

BOOST_AUTO_TEST_CASE(an_entity_of_the_users_own) {
    bulk::scripted_transport script;
    std::string const base = "/API/Bulk/2.0/wishes";
    script.expect(verb::get, base + "/fields?wishType=Toy&limit=1")
        .answers(200, R"({"items":[{"name":"Colour","hue":7}]})");
    script.expect(verb::post, base + "/exports")
        .answers(201, R"({"uri":"/wishes/exports/3","urgent":true})");
    script.expect(verb::get, base + "/exports/3/data?limit=20&offset=0")
        .answers(200, R"({"items":[{"text":"a kite"}],"totalResults":1})");
    script.expect(verb::post, base + "/exports").answers(400, "{}");
    script.expect(verb::post, base + "/imports")
        .answers(201, R"({"uri":"/wishes/imports/4","by":"Ada"})");
    bulk::client_options options;
    options.base_url = "https://secure.p01.eloqua.com/API/Bulk/2.0";
    bulk::client const client(script, bulk::basic_credentials{"Company", "user", "secret"},
                              options);

    bulk::list_query one;
    one.limit = 1;
    auto const fields = client.fields(wishes).list(one).page().get().value();
    BOOST_TEST(fields.items.at(0).hue.value() == 7);

    wish_export wanted;
    wanted.name = "e";
    wanted.urgent = true;
    auto const made = client.exports(wishes).create(wanted).get().value();
    BOOST_TEST(made.urgent.value());
    BOOST_TEST(script.requests().back().body.find(R"("urgent":true)") != std::string::npos);
    bulk::rows_query rows;
    rows.limit = 20;
    BOOST_TEST(client.exports(wishes).data<wish>(3, rows).get().value().items.at(0).text ==
               "a kite");
    rows.limit = 21; // its pages have at most 20
    BOOST_TEST((client.exports(wishes).data<wish>(3, rows).get().error().code ==
                bulk::errc::invalid_argument));

    auto all = client.export_rows<wish>(wishes, bulk::where<&wish::text> != "a pony");
    BOOST_TEST(all.next().get().error().code.value() == 400);
    std::string const& asked = script.requests().back().body;
    BOOST_TEST(asked.find(R"("text":"{{Wish.Field(W_Text)}}")") != std::string::npos);
    BOOST_TEST(asked.find("'{{Wish.Kind}}' = 'Toy'") != std::string::npos);
    BOOST_TEST(asked.find("a pony") != std::string::npos);

    wish_import put;
    put.name = "i";
    put.by = "Ada";
    BOOST_TEST(client.imports(wishes).create(put).get().value().by.value() == "Ada");
    BOOST_TEST(script.requests().back().body.find(R"("by":"Ada")") != std::string::npos);
    BOOST_TEST(script.finished());
}

BOOST_AUTO_TEST_SUITE_END()
