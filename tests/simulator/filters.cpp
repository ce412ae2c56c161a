// SPDX-License-Identifier: BSL-1.0
// The filter language of the simulated service.
#include <eloqua/bulk/simulator/detail/eel.hpp>

#include "service_fixture.hpp"
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

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
    explicit with_contacts(simulator_options options = simulator_options())
        : service(std::move(options)) {
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

/// The contacts, and one that is created half an hour later; some are members of a list, a segment
/// and a filter.
struct with_segment : with_contacts {
    explicit with_segment(simulator_options options = simulator_options())
        : with_contacts(std::move(options)) {
        eloqua.advance(30min);
        add("Eve", "eve@example.com", "BE", "7", "2024-03-01 00:00:00");
        std::vector<std::int64_t> const members{1001, 1003, 1005};
        eloqua.add_contact_list(7, "Seven", members);
        eloqua.add_contact_segment(7, "Seven", members);
        eloqua.add_contact_filter(7, "Seven", members);
    }
};

std::string definition(std::string const& filter) {
    return R"({"name":"segment","fields":{"x":"{{Contact.Field(C_FirstName)}}"},"filter":")" +
           filter + "\"}";
}

/// Conditions that must not be combined with EXISTS of a segment, which `%` stands for.
std::string const misfits[] = {
    "% AND '{{Contact.Field(C_Country)}}' = 'BE'",
    "'{{Contact.Field(C_Country)}}' = 'BE' AND %",
    "% AND '{{Contact.UpdatedAt}}' > '2025-06-01' AND '{{Contact.Field(C_Country)}}' = ''",
    "% AND ('{{Contact.UpdatedAt}}' > '2025-06-01' AND '{{Contact.Id}}' > '1')",
    "% AND '{{Contact.Field(C_Last_Visit)}}' > '2024-01-01'",
    "% AND '{{Contact.Account.Field(M_DateModified)}}' > '2024-01-01'",
    "NOT %",
    "% AND NOT '{{Contact.UpdatedAt}}' > '2025-06-01'",
    "% OR '{{Contact.UpdatedAt}}' > '2025-06-01'",
    "% OR '{{Contact.Field(C_Country)}}' = 'BE'",
    "% AND ('{{Contact.UpdatedAt}}' > '2025-06-01' OR '{{Contact.CreatedAt}}' > '2025-06-01')",
    "% AND '{{Contact.CreatedAt}}' > '2025-06-01' AND '{{Contact.CreatedAt}}' < '2026-06-01' AND "
    "'{{Contact.UpdatedAt}}' > '2025-06-01'",
    "% AND {{Contact.Field(C_Country)}} = 'BE'", // lenient
    "not %",
    "% and '{{Contact.UpdatedAt}}' > '2025-06-01' or {{Contact.CreatedAt}} > '2025-06-01'",
};
std::string beside(std::string_view container, std::string filter) {
    return filter.replace(filter.find('%'), 1, "EXISTS('{{" + std::string(container) + "[7]}}')");
}

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

BOOST_AUTO_TEST_CASE(deep_nesting_is_accepted) {
    std::string const text = std::string(450, '(') + "'{{A}}'='1'" + std::string(450, ')');
    BOOST_TEST(parsed(text) == "{{A}}=1");
}

BOOST_AUTO_TEST_CASE(like_works_as_in_sql_server) {
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

BOOST_FIXTURE_TEST_CASE(times_may_stand_beside_a_segment, with_segment) {
    std::string const in = "EXISTS('{{ContactSegment[7]}}')";
    BOOST_TEST(contacts_where(in) == "Ana,Cé,Eve");
    BOOST_TEST(contacts_where("( " + in + ")") == "Ana,Cé,Eve");
    for (char const* const time :
         {"'{{Contact.UpdatedAt}}'", "'{{Contact.CreatedAt}}'",
          "'{{Contact.Field(C_DateModified)}}'", "'{{Contact.Field(C_DateCreated)}}'",
          "{{Contact.CreatedAt}}", "{{Contact.Field(C_DateModified)}}"}) {
        std::string const late = time + std::string(" > '2025-06-02 09:15:00'");
        std::string const early = time + std::string(" < '2025-06-02 09:15:00'");
        BOOST_TEST(contacts_where(in + " AND " + late) == "Eve");
        BOOST_TEST(contacts_where(early + " AND " + in) == "Ana,Cé");
        BOOST_TEST(contacts_where(late + " AND " + in + " AND " + early) == "");
        BOOST_TEST(contacts_where(in + " AND (" + late + " AND " + late + ")") == "Eve");
        BOOST_TEST(contacts_where("(" + in + " and " + early + ") and ((" + early + "))") ==
                   "Ana,Cé");
    }
    BOOST_TEST(contacts_where(in + " AND '{{Contact.UpdatedAt}}' != ''") == "Ana,Cé,Eve");
}

BOOST_FIXTURE_TEST_CASE(nothing_else_may_stand_beside_a_segment, with_segment) {
    std::string const of_all =
        define("/contacts/exports", definition(beside("ContactSegment", "%")));
    for (std::string const& each : misfits)
        BOOST_TEST_CONTEXT(each) {
            std::string const wrong = definition(beside("ContactSegment", each));
            for (answer const& refused : {post("/contacts/exports", wrong), put(of_all, wrong)}) {
                BOOST_TEST(refused.status == 400);
                BOOST_TEST(refused.at("failures.0.field") == "filter");
                BOOST_TEST(refused.at("failures.0.constraint") ==
                           "Must have no more beside a contact segment than two conditions on "
                           "UpdatedAt, CreatedAt, C_DateModified or C_DateCreated.");
                BOOST_TEST(refused.at("failures.1.field") == "-");
            }
            for (char const* const container : {"ContactList", "ContactFilter"})
                BOOST_TEST(post("/contacts/exports", definition(beside(container, each))).status ==
                           201);
        }
    BOOST_TEST(get("/contacts/exports").items() == 1 + 2 * std::size(misfits));
    BOOST_TEST(get(of_all).at("filter") == "EXISTS('{{ContactSegment[7]}}')");
    BOOST_TEST(column(sync(of_all), "x") == "Ana,Cé,Eve");
}

BOOST_AUTO_TEST_CASE(a_segment_filter_is_strict_without_leniency) {
    simulator_options strict;
    strict.lenient_filters = false;
    with_segment s(strict);
    BOOST_TEST(s.contacts_where(beside("ContactSegment", "'{{Contact.CreatedAt}}' > '2025' AND %"))
                   .starts_with("filter: '2025' is not a date."));
    BOOST_TEST(s.contacts_where(beside("ContactSegment", misfits[0]))
                   .starts_with("filter: Must have no more beside a contact segment"));
}

BOOST_AUTO_TEST_CASE(definitions_of_before_may_have_more_beside_a_segment_but_fail) {
    simulator_options before;
    before.definitions_before_segment_rule = true;
    with_segment s(before);
    std::string const replaced =
        s.define("/contacts/exports", definition(beside("ContactSegment", "%")));
    for (std::string const& each : misfits)
        BOOST_TEST_CONTEXT(each) {
            std::string const old = definition(beside("ContactSegment", each));
            BOOST_TEST(s.put(replaced, old).status == 200);
            for (std::string const& uri : {replaced, s.define("/contacts/exports", old)}) {
                std::string const failed = s.sync(uri);
                BOOST_TEST(s.get(failed).at("status") == "error");
                BOOST_TEST(s.log_of(failed) == "00122:0 00101:0");
                BOOST_TEST(s.get(failed + "/logs").at("items.0.severity") == "error");
                BOOST_TEST(s.get(failed + "/data").status == 404);
            }
        }
    BOOST_TEST(s.contacts_where(beside("ContactSegment", "% AND '{{Contact.CreatedAt}}' > "
                                                         "'2025-06-02 09:15:00'")) == "Eve");
    BOOST_TEST(s.contacts_where(beside("ContactList", misfits[0])) == "Ana,Eve");
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

BOOST_FIXTURE_TEST_CASE(every_operator_compares, with_contacts) {
    std::string const weight = "'{{Contact.Field(C_Lead_Weight1)}}' ";
    struct row {
        char const* condition;
        char const* names;
    };
    static row const rows[] = {
        {"= '10'", "Ana"}, {"!= '10'", "bo,Cé,D%"}, {"> '9.5'", "Ana"}, {">= '9.5'", "Ana,bo"},
        {"< '9.5'", "D%"}, {"<= '9.5'", "bo,D%"},   {"~ '9%'", "bo"},
    };
    for (row const& each : rows)
        BOOST_TEST(contacts_where(weight + each.condition) == each.names, each.condition);
    BOOST_TEST(contacts_where(weight + "== '10'").starts_with("filter: "));
    BOOST_TEST(contacts_where(weight + "LIKE '9%'").starts_with("filter: "));
}

BOOST_FIXTURE_TEST_CASE(conditions_are_joined_and_nested, with_contacts) {
    std::string const be = "'{{Contact.Field(C_Country)}}' = 'BE'";
    std::string const ana = "'{{Contact.Field(C_FirstName)}}' = 'Ana'";
    std::string const de = "'{{Contact.Field(C_Country)}}' = 'DE'";
    BOOST_TEST(contacts_where(be + " AND " + ana) == "Ana");
    BOOST_TEST(contacts_where(be + " OR " + de) == "Ana,bo,D%");
    BOOST_TEST(contacts_where("NOT " + be) == "Cé,D%");
    BOOST_TEST(contacts_where(de + " OR " + be + " AND " + ana) == "Ana,D%");
    BOOST_TEST(contacts_where("(" + de + " OR " + be + ") AND NOT (" + ana + ")") == "bo,D%");
    BOOST_TEST(contacts_where("NOT (" + be + " AND " + ana + ")") == "bo,Cé,D%");
}

BOOST_FIXTURE_TEST_CASE(spaces_around_operators_are_free, with_contacts) {
    for (char const* filter :
         {"'{{Contact.Field(C_FirstName)}}'='Ana'", "  '{{Contact.Field(C_FirstName)}}' = 'Ana'  ",
          "'{{Contact.Field(C_FirstName)}}'   =   'Ana'"})
        BOOST_TEST(contacts_where(filter) == "Ana", filter);
}

BOOST_FIXTURE_TEST_CASE(patterns_are_those_of_like, with_contacts) {
    std::string const email = "'{{Contact.Field(C_EmailAddress)}}' ~ ";
    BOOST_TEST(contacts_where(email + "'%@example.com'") == "Ana,bo,Cé");
    BOOST_TEST(contacts_where(email + "'_o@%'") == "bo");
    BOOST_TEST(contacts_where(email + "'[a-b]%'") == "Ana,bo");
    BOOST_TEST(contacts_where(email + "'[^a-b]%'") == "Cé,D%");
    BOOST_TEST(contacts_where(email + "'c[_]e@%'") == "Cé");
    BOOST_TEST(contacts_where(email + "'ana'") == "");
}

BOOST_AUTO_TEST_CASE(a_statement_may_lack_its_quotes_where_filters_are_lenient) {
    std::string const bare = "{{Contact.Field(C_FirstName)}} = 'Ana'";
    BOOST_TEST(with_contacts().contacts_where(bare) == "Ana");
    simulator_options strict;
    strict.lenient_filters = false;
    BOOST_TEST(service(strict).contacts_where(bare).starts_with("filter: "));
    BOOST_TEST(service(strict).contacts_where("'{{Contact.Field(C_FirstName)}}' = 'Ana'") == "");
}

BOOST_FIXTURE_TEST_CASE(only_one_condition_is_on_membership_or_status, with_contacts) {
    std::string const list = "EXISTS('{{ContactList[101]}}')";
    std::string const filter = "EXISTS('{{ContactFilter[301]}}')";
    std::string const status = "STATUS('{{ActionInstance(f3689bdfbf2e48deb318019367b4f2a8)"
                               ".Execution[12345]}}') = 'pending'";
    for (std::string const& alone : {list, filter, status})
        BOOST_TEST(contacts_where(alone) == "");
    for (std::string const& both :
         {list + " AND " + filter, list + " OR " + list, list + " AND NOT " + status,
          status + " OR (" + filter + ")", status + " AND " + status})
        BOOST_TEST(contacts_where(both).starts_with("filter: Only one EXISTS or STATUS"), both);
}

BOOST_FIXTURE_TEST_CASE(contacts_are_asked_for_in_three_kinds_of_containers, with_contacts) {
    eloqua.add_contact_list(7, "List", {1001});
    eloqua.add_contact_segment(7, "Segment", {1002});
    eloqua.add_contact_filter(7, "Filter", {1003});
    BOOST_TEST(contacts_where("EXISTS('{{ContactList[7]}}')") == "Ana");
    BOOST_TEST(contacts_where("EXISTS('{{ContactSegment[7]}}')") == "bo");
    BOOST_TEST(contacts_where("EXISTS('{{ContactFilter[7]}}')") == "Cé");
    for (char const* other : {"{{EmailGroup[11]}}", "{{AccountList[401]}}", "{{Campaign[1]}}"})
        BOOST_TEST(contacts_where("EXISTS('" + std::string(other) + "')") ==
                       "filter: Must reference an existing object.",
                   other);
    for (char const* other : {"{{EmailGroup[11]}}", "{{Campaign[1]}}", "{{ContactList[7]}}"})
        BOOST_TEST(contacts_where("STATUS('" + std::string(other) + "') = 'active'") ==
                       "filter: Must reference service instance within a workflow",
                   other);
}

BOOST_AUTO_TEST_CASE(the_zone_of_times_in_filters_is_an_option) {
    using bulk::literal_zone;
    auto const found = [](literal_zone zone, std::string const& since, bool utc = true) {
        simulator_options options;
        options.filter_times = zone;
        options.timestamps_in_utc = utc;
        options.start_time = std::chrono::sys_days(std::chrono::year(2025) / 11 / 2) +
                             std::chrono::minutes(330); // 01:30 in New York, the first time
        with_contacts s(options);
        return s.contacts_where("'{{Contact.CreatedAt}}' >= '2025-11-02 " + since + "'") != "";
    };
    BOOST_TEST(found(literal_zone::as_exported, "05:30:00"));
    BOOST_TEST(!found(literal_zone::as_exported, "05:30:01"));
    BOOST_TEST(found(literal_zone::utc, "05:30:00"));
    BOOST_TEST(!found(literal_zone::utc, "05:30:01"));
    BOOST_TEST(found(literal_zone::us_eastern, "01:30:00"));
    BOOST_TEST(!found(literal_zone::us_eastern, "01:30:01"));
    // The hour that comes twice is the second one.
    BOOST_TEST(found(literal_zone::us_eastern_standard, "00:59:59"));
    BOOST_TEST(!found(literal_zone::us_eastern_standard, "01:00:00"));
    // Only exports with UTC times are concerned.
    BOOST_TEST(found(literal_zone::utc, "01:30:00", false));
    BOOST_TEST(!found(literal_zone::utc, "01:30:01", false));
}

BOOST_AUTO_TEST_SUITE_END()
