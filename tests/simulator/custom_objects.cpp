// SPDX-License-Identifier: BSL-1.0
// Custom objects and events: their records, and their links to contacts and accounts.
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include "service_fixture.hpp"
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace simulator_tests;

struct with_objects : service {
    with_objects() {
        using bulk::simulated_field;
        simulated_field notes("Notes1", bulk::data_type::string, 979);
        notes.large_text = true;
        std::vector<simulated_field> const fields{
            simulated_field("Serial1", bulk::data_type::string, 976),
            simulated_field("Email1", bulk::data_type::emailAddress, 977),
            simulated_field("Company1", bulk::data_type::string, 978), notes,
            simulated_field("Sold1", bulk::data_type::date, 980)};
        eloqua.add_custom_object(172, "Warranty", fields);
        eloqua.add_event(9, "Fair", fields);
        eloqua.add_record("/contacts", {{"C_EmailAddress", "ana@example.com"}});
        eloqua.add_record("/contacts", {{"C_EmailAddress", "Bo@example.com"}});
        eloqua.add_record("/accounts", {{"M_CompanyName", "ACME"}});
    }
    /// Path and root of the two kinds.
    struct kind {
        std::string path, root;
        char const *created, *updated, *linked;
    };
    static inline kind const kinds[] = {
        {"/customObjects/172", "CustomObject[172]", "00007", "00012", "00025"},
        {"/events/9", "Event[9]", "00077", "00079", "00078"},
    };
    static std::string body(kind const& k, std::string const& members) {
        return R"({"name":"i","identifierFieldName":"serial","fields":{
            "serial":"{{)" +
               k.root + R"(.Field[976]}}","email":"{{)" + k.root +
               R"(.Field(Email1)}}","company":"{{)" + k.root + R"(.Field[978]}}"})" + members + '}';
    }
    std::string exported(kind const& k, std::string const& statement) {
        boost::json::object const definition{
            {"name", "e"}, {"fields", {{"x", "{{" + k.root + '.' + statement + "}}"}}}};
        return column(sync(define(k.path + "/exports", boost::json::serialize(definition))), "x");
    }
};

std::string const cards = R"(,"mapDataCards":"true","mapDataCardsEntityType":"Contact",
    "mapDataCardsEntityField":"{{Contact.Field(C_EmailAddress)}}",
    "mapDataCardsSourceField":"email")";

} // namespace

BOOST_AUTO_TEST_SUITE(simulator_custom_objects)

BOOST_FIXTURE_TEST_CASE(records_are_created_updated_and_linked, with_objects) {
    for (kind const& k : kinds) {
        std::string const definition = define(
            k.path + "/imports", body(k, cards + R"(,"mapDataCardsCaseSensitiveMatch":false)"));
        std::string const done = import(definition, R"([
            {"serial":"a","email":"ANA@example.com"},{"serial":"b","email":"bo@example.com"},
            {"serial":"c","email":"eve@example.com"},{"serial":"d","email":""}])");
        BOOST_TEST(log_of(done).find(std::string(k.created) + ":4 " + k.updated + ":0 " + k.linked +
                                     ":2") != std::string::npos,
                   log_of(done));
        std::string const again = import(definition, R"([{"serial":"A","company":"acme"}])");
        BOOST_TEST(log_of(again).find(std::string(k.created) + ":0 " + k.updated + ":1 " +
                                      k.linked + ":0") != std::string::npos,
                   log_of(again));
        BOOST_TEST(eloqua.count(k.path) == 4u);
        BOOST_TEST(exported(k, "Contact.Field(C_EmailAddress)") ==
                   "ana@example.com,Bo@example.com,,");
        BOOST_TEST(exported(k, "Contact.Id") == "1001,1002,,");
        BOOST_TEST(exported(k, "Account.Id") == ",,,");
        BOOST_TEST(exported(k, "Field(Company1)") == "acme,,,");
    }
    BOOST_TEST(exported(kinds[0], "ExternalId").substr(0, 18) == "DCELOQ000000001001");
    BOOST_TEST(exported(kinds[1], "Id") == "1001,1002,1003,1004");
}

BOOST_FIXTURE_TEST_CASE(a_match_can_be_case_sensitive, with_objects) {
    for (kind const& k : kinds) {
        import(define(k.path + "/imports",
                      body(k, cards + R"(,"mapDataCardsCaseSensitiveMatch":true)")),
               R"([{"serial":"a","email":"ANA@example.com"},
                   {"serial":"b","email":"Bo@example.com"}])");
        BOOST_TEST(exported(k, "Contact.Id") == ",1002");
    }
}

BOOST_FIXTURE_TEST_CASE(records_are_linked_to_accounts, with_objects) {
    for (kind const& k : kinds) {
        import(define(k.path + "/imports", body(k, R"(,"mapDataCards":true,
            "mapDataCardsEntityType":"Company","mapDataCardsSourceField":"company",
            "mapDataCardsEntityField":"{{Account.Field(M_CompanyName)}}")")),
               R"([{"serial":"a","company":"acme"},{"serial":"b","company":"none"}])");
        BOOST_TEST(exported(k, "Account.Id") == "1001,");
        BOOST_TEST(exported(k, "Contact.Id") == ",");
    }
}

BOOST_FIXTURE_TEST_CASE(refused_registrants_are_counted_once_more, with_objects) {
    std::string const rows = R"([{"serial":"","email":"a@b.co"},{"serial":"x","email":"bad"}])";
    BOOST_TEST(log_of(import(define("/events/9/imports", body(kinds[1], "")), rows))
                   .find("00002:1 00061:1 00081:2") != std::string::npos);
    BOOST_TEST(log_of(import(define("/customObjects/172/imports", body(kinds[0], "")), rows))
                   .find("00081") == std::string::npos);
}

BOOST_FIXTURE_TEST_CASE(properties_of_data_cards_are_checked, with_objects) {
    struct row {
        char const* members;
        char const* failures;
    };
    static row const rows[] = {
        {R"(,"mapDataCards":false,"mapDataCardsEntityType":"Tree")", ""},
        {R"(,"mapDataCards":true)",
         "mapDataCardsEntityType mapDataCardsEntityField mapDataCardsSourceField "},
        {R"(,"mapDataCards":true,"mapDataCardsEntityType":"Account","mapDataCardsSourceField":"email",
            "mapDataCardsEntityField":"{{Account.Field(M_CompanyName)}}")",
         "mapDataCardsEntityType mapDataCardsEntityField "},
        {R"(,"mapDataCards":true,"mapDataCardsEntityType":"Company",
            "mapDataCardsSourceField":"nothing",
            "mapDataCardsEntityField":"{{Account.Field(M_CompanyName)}}")",
         "mapDataCardsSourceField "},
        {R"(,"mapDataCards":true,"mapDataCardsEntityType":"Contact","mapDataCardsSourceField":"email",
            "mapDataCardsEntityField":"{{Contact.Account.Id}}")",
         "mapDataCardsEntityField "},
    };
    for (kind const& k : kinds)
        for (row const& each : rows) {
            answer const made = post(k.path + "/imports", body(k, each.members));
            std::string failures;
            for (int i = 0; made.at("failures." + std::to_string(i) + ".field") != "-"; ++i)
                failures += made.at("failures." + std::to_string(i) + ".field") + ' ';
            BOOST_TEST(failures == each.failures, each.members);
        }
}

BOOST_FIXTURE_TEST_CASE(some_fields_cannot_identify_records, with_objects) {
    for (char const* statement :
         {"{{CustomObject[172].Field[979]}}", "{{CustomObject[172].Field[980]}}"}) {
        boost::json::object const definition{
            {"name", "i"}, {"identifierFieldName", "x"}, {"fields", {{"x", statement}}}};
        BOOST_TEST(post("/customObjects/172/imports", boost::json::serialize(definition))
                           .at("failures.0.constraint") ==
                       "Must not be a date, boolean or large text field.",
                   statement);
    }
}

BOOST_FIXTURE_TEST_CASE(records_are_made_and_matched_by_their_ids, with_objects) {
    for (kind const& k : kinds)
        for (char const* by : {"ExternalId", "Id"}) {
            if (k.path == "/events/9" && by == std::string("Id"))
                continue;
            std::int64_t const there = eloqua.add_record(k.path, {{"Serial1", "there"}});
            boost::json::object const definition{{"name", "i"},
                                                 {"identifierFieldName", "key"},
                                                 {"fields",
                                                  {{"key", "{{" + k.root + '.' + by + "}}"},
                                                   {"serial", "{{" + k.root + ".Field[976]}}"}}}};
            boost::json::array const rows{
                {{"key", ""}, {"serial", "n1"}},
                {{"key", eloqua.value(k.path, there, by)}, {"serial", "known"}},
                {{"serial", "n2"}},
                {{"key", "999999"}, {"serial", "lost"}},
                {{"key", ""}, {"serial", ""}}};
            std::string const done =
                import(define(k.path + "/imports", boost::json::serialize(definition)),
                       boost::json::serialize(rows));
            BOOST_TEST(rejects_of(done) == "4:00034(key) 5:00059()");
            BOOST_TEST(eloqua.value(k.path, there, "Serial1") == "known");
            BOOST_TEST(eloqua.value(k.path, there + 1, "Serial1") == "n1");
            BOOST_TEST(eloqua.value(k.path, there + 2, "Serial1") == "n2");
            BOOST_TEST(eloqua.count(k.path) == std::size_t(there + 2 - 1000));
        }
}

BOOST_FIXTURE_TEST_CASE(times_and_ids_of_events_are_read_only, with_objects) {
    for (char const* statement : {"{{CustomObject[172].CreatedAt}}",
                                  "{{CustomObject[172].UpdatedAt}}", "{{Event[9].Id}}"}) {
        std::string const path =
            std::string_view(statement).starts_with("{{E") ? "/events/9" : "/customObjects/172";
        boost::json::object const definition{
            {"name", "i"}, {"identifierFieldName", "x"}, {"fields", {{"x", statement}}}};
        BOOST_TEST(post(path + "/imports", boost::json::serialize(definition))
                           .at("failures.0.constraint") == "Must not be read only.",
                   statement);
    }
}

BOOST_AUTO_TEST_CASE(what_is_not_documented_of_ids_is_an_option) {
    simulator_options options;
    options.event_imports_take_external_ids = false;
    options.other_ids_make_records = true;
    options.custom_objects_list_system_values = false;
    service w(options);
    std::vector<bulk::simulated_field> const fields{
        bulk::simulated_field("Serial1", bulk::data_type::string, 976)};
    w.eloqua.add_custom_object(172, "Warranty", fields);
    w.eloqua.add_event(9, "Fair", fields);
    BOOST_TEST(w.get("/customObjects/172/fields").items() == 1u);
    auto const definition = [](std::string const& root) {
        return R"({"name":"i","identifierFieldName":"k","fields":{"k":"{{)" + root +
               R"(.ExternalId}}","s":"{{)" + root + R"(.Field[976]}}"}})";
    };
    BOOST_TEST(w.post("/events/9/imports", definition("Event[9]")).at("failures.0.constraint") ==
               "Must not be read only.");
    w.import(w.define("/customObjects/172/imports", definition("CustomObject[172]")),
             R"([{"k":"mine","s":"a"}])");
    BOOST_TEST(w.eloqua.count("/customObjects/172") == 1u);
}

BOOST_FIXTURE_TEST_CASE(system_values_are_listed_among_the_fields, with_objects) {
    answer const listed = get("/customObjects/172/fields");
    std::string all;
    for (std::size_t i = 0; i != listed.items(); ++i) {
        std::string const item = "items." + std::to_string(i);
        all += listed.at(item + ".internalName") + '=' + listed.at(item + ".statement") + ' ';
    }
    BOOST_TEST(all.starts_with("Id={{CustomObject[172].Id}} "
                               "DataCardIDExt={{CustomObject[172].ExternalId}} "
                               "CreatedAt={{CustomObject[172].CreatedAt}} "
                               "UpdatedAt={{CustomObject[172].UpdatedAt}} "
                               "Serial1={{CustomObject[172].Field[976]}} "),
               all);
    BOOST_TEST(get(listed.at("items.1.uri")).at("internalName") == "DataCardIDExt");
    BOOST_TEST(get("/events/9/fields").items() == 5u);
}

BOOST_FIXTURE_TEST_CASE(events_have_no_sync_actions, with_objects) {
    char const action[] =
        R"(,"syncActions":[{"action":"add","destination":"{{ContactList[101]}}"}])";
    BOOST_TEST(post("/events/9/imports", body(kinds[1], action)).at("failures.0.constraint") ==
               "Must not be set for this entity.");
    BOOST_TEST(
        post("/customObjects/172/imports", body(kinds[0], action)).at("failures.0.constraint") ==
        "Must be an action, destination and status that exist for the entity.");
}

BOOST_AUTO_TEST_SUITE_END()
