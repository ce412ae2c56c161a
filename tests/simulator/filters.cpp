// SPDX-License-Identifier: BSL-1.0
// The filter language of the simulated service.
#include <eloqua/bulk/simulator/eel.hpp>
#include <eloqua/bulk/simulator/eel_match.hpp>

#include "service_fixture.hpp"
#include <ostream>
#include <string>
#include <utility>

namespace {

using namespace simulator_tests;
using bulk::simulation::eel_filter;
using bulk::simulation::eel_node;
using bulk::simulation::like;
using bulk::simulation::parse_eel;

std::string shown(eel_filter const& filter, std::size_t at) {
    eel_node const& node = filter.nodes[at];
    switch (node.what) {
    case eel_node::kind::and_:
        return '(' + shown(filter, node.first) + " & " + shown(filter, node.second) + ')';
    case eel_node::kind::or_:
        return '(' + shown(filter, node.first) + " | " + shown(filter, node.second) + ')';
    case eel_node::kind::not_:
        return '!' + shown(filter, node.first);
    case eel_node::kind::exists:
        return "E" + node.left;
    case eel_node::kind::status:
        return "S" + node.left + node.literal;
    case eel_node::kind::comparison:
        break;
    }
    static char const* const operators[] = {"=", "!=", ">", ">=", "<", "<=", "~"};
    return node.left + operators[static_cast<int>(node.by)] + node.literal;
}

std::string parsed(std::string_view text, bool lenient = false) {
    auto const filter = parse_eel(text, lenient);
    return filter ? shown(*filter, filter->root) : filter.error().info.detail;
}

struct with_contacts : service {
    with_contacts() {
        add("Ana", "ana@example.com", "BE", "10", "2024-01-31 00:00:00");
        add("bo", "bo@example.com", "be", "9.5", "2024-02-29 12:00:00");
        add("Cé", "c_e@example.com", "", "", "");
        add("D%", "d@example.org", "DE", "-1", "2023-12-31 23:59:59");
    }
    void add(char const* first, char const* email, char const* country, char const* weight,
             char const* visit) {
        eloqua.add_record("/contacts", {{"C_FirstName", first},
                                        {"C_EmailAddress", email},
                                        {"C_Country", country},
                                        {"C_Lead_Weight1", weight},
                                        {"C_Last_Visit", visit}});
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(simulator_filters)

BOOST_AUTO_TEST_CASE(the_parser_knows_precedence_and_parentheses) {
    BOOST_TEST(parsed("'{{A}}' = '1' OR '{{B}}' = '2' AND NOT '{{C}}' = '3'") ==
               "({{A}}=1 | ({{B}}=2 & !{{C}}=3))");
    BOOST_TEST(parsed("('{{A}}'='1' OR '{{B}}'='2') AND '{{C}}'='3'") ==
               "(({{A}}=1 | {{B}}=2) & {{C}}=3)");
    BOOST_TEST(parsed("NOT ('{{A}}'>='1')  AND  NOT('{{B}}'<='')") == "(!{{A}}>=1 & !{{B}}<=)");
    BOOST_TEST(parsed("  '{{A}}'~'a%'  ") == "{{A}}~a%");
    BOOST_TEST(parsed("'{{A}}' != '1' AND '{{A}}' < '2' AND '{{A}}' > '0'") ==
               "(({{A}}!=1 & {{A}}<2) & {{A}}>0)");
}

BOOST_AUTO_TEST_CASE(the_parser_knows_membership_and_status) {
    BOOST_TEST(parsed("EXISTS('{{ContactList[1]}}') AND '{{A}}'='1'") ==
               "(E{{ContactList[1]}} & {{A}}=1)");
    BOOST_TEST(parsed("STATUS ( '{{ActionInstance(f3)}}' ) = 'pending'") ==
               "S{{ActionInstance(f3)}}pending");
    BOOST_TEST(parsed("EXISTS('{{A[1]}}') OR EXISTS('{{A[2]}}')") ==
               "Only one EXISTS or STATUS operator is allowed at character 41.");
}

BOOST_AUTO_TEST_CASE(the_parser_says_what_is_wrong_and_where) {
    BOOST_TEST(parsed("") == "Expected a statement in quotes at character 1.");
    BOOST_TEST(parsed("'{{A}}'") == "Expected an operator at character 8.");
    BOOST_TEST(parsed("'{{A}}' == '1'") == "Expected a value in quotes at character 10.");
    BOOST_TEST(parsed("'{{A}}' = 1") == "Expected a value in quotes at character 11.");
    BOOST_TEST(parsed("'{{A}}' = '1") == "Expected a value in quotes at character 11.");
    BOOST_TEST(parsed("('{{A}}' = '1'") == "Expected ')' at character 15.");
    BOOST_TEST(parsed("'{{A}}' = 'O''Neil'") == "Expected AND, OR or the end at character 14.");
    BOOST_TEST(parsed("'{{A}}' = '1' '{{B}}' = '2'") ==
               "Expected AND, OR or the end at character 15.");
    BOOST_TEST(parsed("'{{A}}' = '1' ANDOR") == "Expected AND, OR or the end at character 15.");
}

BOOST_AUTO_TEST_CASE(leniency_takes_bare_statements_and_other_letter_case) {
    BOOST_TEST(parsed("{{Contact.CreatedAt}} > '2024-01-01'", true) ==
               "{{Contact.CreatedAt}}>2024-01-01");
    BOOST_TEST(parsed("{{A}}='1' and not {{B}}='2'", true) == "({{A}}=1 & !{{B}}=2)");
    BOOST_TEST(parsed("{{A}} = '1'") == "Expected a statement in quotes at character 1.");
    BOOST_TEST(parsed("'{{A}}'='1' and '{{B}}'='2'") ==
               "Expected AND, OR or the end at character 13.");
}

BOOST_AUTO_TEST_CASE(deep_nesting_is_no_problem) {
    std::string const text = std::string(450, '(') + "'{{A}}'='1'" + std::string(450, ')');
    BOOST_TEST(parsed(text) == "{{A}}=1");
}

BOOST_AUTO_TEST_CASE(like_is_that_of_sql_server) {
    struct row {
        char const* text;
        char const* pattern;
        bool fits;
    };
    static row const rows[] = {
        {"Smith", "smith", true},
        {"Smith", "S%", true},
        {"Smith", "%th", true},
        {"Smith", "%mi%", true},
        {"Smith", "S_ith", true},
        {"Smith", "S_th", false},
        {"Smith", "[r-t]mith", true},
        {"Smith", "[^a]mith", true},
        {"Smith", "[^S]mith", false},
        {"Smith", "[abc]%", false},
        {"", "%", true},
        {"", "_", false},
        {"aXbXc", "a%X%c", true},
        {"aXbXc", "a%Xc%d", false},
        {"Zoé", "Zo_", true},
        {"Zoé", "Zo[é]", true},
        {"100%", "100[%]", true},
        {"1000", "100[%]", false},
        {"ab", "ab%%", true},
        {"mississippi", "%iss%pi", true},
        {"[x", "[x", true},
        {"", "", true},
        {"a", "", false},
    };
    for (row const& each : rows)
        BOOST_TEST(like(each.text, each.pattern) == each.fits, each.text << " ~ " << each.pattern);
}

BOOST_FIXTURE_TEST_CASE(text_compares_without_regard_to_case, with_contacts) {
    BOOST_TEST(contacts_where("'{{Contact.Field(C_Country)}}' = 'BE'") == "Ana,bo");
    BOOST_TEST(contacts_where("'{{Contact.Field(C_Country)}}' != 'BE'") == "Cé,D%");
    BOOST_TEST(contacts_where("'{{Contact.Field(C_Country)}}' = ''") == "Cé");
    BOOST_TEST(contacts_where("'{{Contact.Field(C_Country)}}' > 'be'") == "D%");
    BOOST_TEST(contacts_where("'{{Contact.Field(C_EmailAddress)}}' ~ '%.ORG'") == "D%");
    BOOST_TEST(contacts_where("'{{Contact.Field(C_FirstName)}}' ~ '%[%]'") == "D%");
}

BOOST_FIXTURE_TEST_CASE(numbers_compare_as_numbers, with_contacts) {
    BOOST_TEST(contacts_where("'{{Contact.Field(C_Lead_Weight1)}}' > '9'") == "Ana,bo");
    BOOST_TEST(contacts_where("'{{Contact.Field(C_Lead_Weight1)}}' = '9.50'") == "bo");
    BOOST_TEST(contacts_where("'{{Contact.Field(C_Lead_Weight1)}}' < '0'") == "D%");
    BOOST_TEST(contacts_where("'{{Contact.Field(C_Lead_Weight1)}}' = ''") == "Cé");
    BOOST_TEST(contacts_where("'{{Contact.Field(C_Lead_Weight1)}}' != '10'") == "bo,Cé,D%");
    BOOST_TEST(contacts_where("'{{Contact.Id}}' >= '1003'") == "Cé,D%");
    BOOST_TEST(contacts_where("'{{Contact.Field(C_Lead_Weight1)}}' > 'many'") ==
               "filter: 'many' is not a number.");
}

BOOST_FIXTURE_TEST_CASE(dates_compare_as_times, with_contacts) {
    BOOST_TEST(contacts_where("'{{Contact.Field(C_Last_Visit)}}' >= '2024-01-31'") == "Ana,bo");
    BOOST_TEST(contacts_where("'{{Contact.Field(C_Last_Visit)}}' < '2024-01-31 00:00:00.000'") ==
               "D%");
    BOOST_TEST(contacts_where("'{{Contact.Field(C_Last_Visit)}}' = '02/29/2024 12:00:00'") == "bo");
    BOOST_TEST(contacts_where("'{{Contact.CreatedAt}}' > '2025-06-02 08:59:59' AND "
                              "NOT '{{Contact.UpdatedAt}}' > '2025-06-02 09:00:00'") ==
               "Ana,bo,Cé,D%");
    BOOST_TEST(contacts_where("'{{Contact.CreatedAt}}' > 'yesterday'") ==
               "filter: 'yesterday' is not a date.");
}

BOOST_FIXTURE_TEST_CASE(booleans_compare_in_any_spelling, with_contacts) {
    eloqua.add_field("/contacts", bulk::simulated_field("flag", bulk::data_type::boolean));
    for (auto const& [first, flag] :
         {std::pair("F", "False"), {"G", "1"}, {"H", "yes"}, {"I", "perhaps"}})
        eloqua.add_record("/contacts", {{"C_FirstName", first}, {"flag", flag}});
    BOOST_TEST(contacts_where("'{{Contact.Field(flag)}}' = 'true'") == "G,H");
    BOOST_TEST(contacts_where("'{{Contact.Field(flag)}}' = 'False'") == "F");
    BOOST_TEST(contacts_where("'{{Contact.Field(flag)}}' != 'TRUE'") == "Ana,bo,Cé,D%,F,I");
    BOOST_TEST(contacts_where("'{{Contact.Field(flag)}}' = 'perhaps'") == "I");
    BOOST_TEST(contacts_where("'{{Contact.Field(flag)}}' = ''") == "Ana,bo,Cé,D%");
    BOOST_TEST(contacts_where("'{{Contact.Email.IsSubscribed}}' = '1'") == "Ana,bo,Cé,D%,F,G,H,I");
}

BOOST_FIXTURE_TEST_CASE(containers_must_exist, with_contacts) {
    BOOST_TEST(contacts_where("EXISTS('{{ContactList[7]}}')") ==
               "filter: Must reference an existing object.");
    BOOST_TEST(contacts_where("STATUS('{{ActionInstance(f3)}}') = 'pending'") ==
               "filter: Must reference service instance within a workflow");
    eloqua.add_contact_list(7, "Seven");
    BOOST_TEST(contacts_where("EXISTS('{{ContactList[7]}}')") == "");
    std::string const add = define("/contacts/imports", R"({"name":"i","identifierFieldName":"e",
        "fields":{"e":"{{Contact.Field(C_EmailAddress)}}"},
        "syncActions":[{"action":"add","destination":"{{ContactList[7]}}"}]})");
    std::string const done = import(add, R"([{"e":"bo@example.com"},{"e":"D@example.org"}])");
    BOOST_TEST(log_of(done).find("00119:2") != std::string::npos);
    BOOST_TEST(contacts_where("EXISTS('{{ContactList[7]}}')") == "bo,D%");
    BOOST_TEST(contacts_where("NOT EXISTS('{{ContactList[7]}}')") == "Ana,Cé");
}

BOOST_FIXTURE_TEST_CASE(statements_must_mean_something, with_contacts) {
    BOOST_TEST(contacts_where("'{{Contact.Field(C_Nothing)}}' = '1'") ==
               "filter: '{{Contact.Field(C_Nothing)}}' is not a valid statement here.");
    BOOST_TEST(contacts_where("'{{Account.Id}}' = '1'") ==
               "filter: '{{Account.Id}}' is not a valid statement here.");
}

BOOST_FIXTURE_TEST_CASE(values_of_linked_accounts_can_be_asked_for, with_contacts) {
    eloqua.add_record("/accounts", {{"M_CompanyName", "ACME"}, {"M_Country", "BE"}});
    eloqua.add_record("/contacts", {{"C_FirstName", "Eve"}, {"C_Company", "acme"}});
    BOOST_TEST(contacts_where("'{{Contact.Account.Field(M_Country)}}' = 'BE'") == "Eve");
    BOOST_TEST(contacts_where("'{{Contact.Field(C_FirstName)}}' = 'Eve'",
                              "{{Contact.Account.Field(M_CompanyName)}}") == "ACME");
}

BOOST_AUTO_TEST_SUITE_END()
