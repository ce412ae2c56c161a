// SPDX-License-Identifier: BSL-1.0
// What the simulated service stores: records, snapshots, generated contacts, CSV.
#include <eloqua/bulk/simulator/detail/fields.hpp>
#include <eloqua/bulk/simulator/detail/pages.hpp>
#include <eloqua/bulk/simulator/detail/records.hpp>
#include <eloqua/bulk/simulator/detail/snapshot.hpp>
#include <eloqua/bulk/simulator/detail/staging.hpp>
#include <eloqua/bulk/simulator/detail/store.hpp>
#include <eloqua/bulk/simulator/generated_contacts.hpp>

#include "service_fixture.hpp"
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

using namespace simulator_tests;
namespace sim = bulk::simulation;

std::string cells_of(std::string_view text) {
    sim::csv_reader csv(text);
    std::vector<std::string> cells;
    std::string shown;
    while (csv.next(cells)) {
        for (std::string const& each : cells)
            shown += '<' + each + '>';
        shown += '\n';
    }
    return shown + (csv.broken() ? "broken" : "");
}

std::string segments_of(std::string_view statement) {
    auto const path = sim::parse_statement(statement);
    if (!path)
        return "none";
    std::string shown;
    for (sim::segment const& each : *path) {
        shown += std::string(each.name) + '(' + std::string(each.text) + ')';
        if (each.number)
            shown += std::to_string(*each.number);
    }
    return shown;
}

} // namespace

BOOST_AUTO_TEST_SUITE(simulator_records)

BOOST_AUTO_TEST_CASE(packed_values_distinguish_blank_and_absent) {
    sim::packed_values values;
    BOOST_TEST(!values.find(0).has_value());
    values.set(3, "three");
    values.set(1, "");
    values.set(2, std::string(70'000, 'x'));
    BOOST_TEST(values.get(3) == "three");
    BOOST_TEST(values.find(1).has_value());
    BOOST_TEST(values.get(1).empty());
    values.set(3, "3");
    values.set(2, "two");
    BOOST_TEST(values.get(3) == "3");
    BOOST_TEST(values.get(2) == "two");
    BOOST_TEST(!values.find(0).has_value());
}

BOOST_AUTO_TEST_CASE(a_copy_of_a_record_set_is_a_snapshot) {
    sim::store all;
    sim::table& contacts = all.contacts();
    contacts.populate(sim::generated_contacts(1'000));
    std::size_t const city = contacts.field_by_name("C_City").value();
    sim::position const added = contacts.add({});
    contacts.assign(added, city, "Gent");
    contacts.assign(5, city, "Oslo");

    sim::record_set const before = contacts.records();
    contacts.assign(added, city, "Porto");
    contacts.assign(5, city, "Lyon");
    contacts.assign(6, city, "Lyon");
    contacts.add({});

    std::string scratch, fresh;
    BOOST_TEST(before.size() == 1'001u);
    BOOST_TEST(before.value(added, city, scratch) == "Gent");
    BOOST_TEST(before.value(5, city, scratch) == "Oslo");
    sim::generated_column("C_City")(6, fresh);
    BOOST_TEST(before.value(6, city, scratch) == fresh);
    BOOST_TEST(contacts.records().value(added, city, scratch) == "Porto");
    BOOST_TEST(contacts.records().value(5, city, scratch) == "Lyon");
    BOOST_TEST(contacts.records().value(6, city, scratch) == "Lyon");
    BOOST_TEST(contacts.size() == 1'002u);
}

BOOST_AUTO_TEST_CASE(records_are_found_by_value_as_values_change) {
    sim::store all;
    sim::table& contacts = all.contacts();
    contacts.populate(sim::generated_contacts(100));
    std::size_t const email = contacts.field_by_name("C_EmailAddress").value();
    std::size_t const company = contacts.field_by_name("C_Company").value();

    auto const one = [](sim::position p) { return std::vector<sim::position>{p}; };
    BOOST_CHECK(contacts.find(email, "PERSON7@example.org") == one(7));
    BOOST_TEST(contacts.find(email, "person7@example.com").empty());
    BOOST_TEST(contacts.find(email, "person100@example.org").empty());
    BOOST_TEST(contacts.find(email, "").empty());

    contacts.assign(7, email, "seven@example.com");
    BOOST_TEST(contacts.find(email, "person7@example.org").empty());
    BOOST_CHECK(contacts.find(email, "Seven@Example.com") == one(7));
    contacts.assign(7, email, "person7@example.org");
    BOOST_CHECK(contacts.find(email, "person7@example.org") == one(7));

    contacts.assign(3, company, "Zebra");
    sim::position const added = contacts.add({});
    contacts.assign(added, company, "ZEBRA");
    BOOST_TEST(contacts.find(company, "zebra").size() == 2u);
    contacts.assign(3, company, "");
    BOOST_CHECK(contacts.find(company, "zebra") == one(added));
}

BOOST_AUTO_TEST_CASE(five_million_contacts_cost_nothing_and_are_all_different) {
    simulator eloqua;
    eloqua.generate_contacts(5'000'000);
    BOOST_TEST(eloqua.count("/contacts") == 5'000'000u);
    BOOST_TEST(eloqua.value("/contacts", 1001, "C_EmailAddress") == "person0@example.com");
    std::string const last = eloqua.value("/contacts", 5'001'000, "C_EmailAddress");
    BOOST_TEST(last == "person4999999@example.org");
    BOOST_TEST(eloqua.find("/contacts", "C_EmailAddress", last).at(0) == 5'001'000);
    BOOST_CHECK_THROW(eloqua.value("/contacts", 5'001'001, "C_EmailAddress"), std::out_of_range);
    BOOST_CHECK_THROW(eloqua.generate_contacts(1), std::logic_error);
}

BOOST_AUTO_TEST_CASE(generated_values_include_hard_cases_for_codecs) {
    simulator eloqua;
    eloqua.generate_contacts(500);
    std::set<std::string> addresses;
    bool blank = false, quote = false, backslash = false, tab = false, line = false, wide = false;
    for (std::int64_t record = 1001; record != 1501; ++record) {
        addresses.insert(eloqua.value("/contacts", record, "C_EmailAddress"));
        for (char const* field :
             {"C_FirstName", "C_LastName", "C_Title", "C_Address1", "C_City", "C_Last_Visit"}) {
            std::string const value = eloqua.value("/contacts", record, field);
            blank |= value.empty();
            quote |= value.find('"') != value.npos;
            backslash |= value.find('\\') != value.npos;
            tab |= value.find('\t') != value.npos;
            line |= value.find('\n') != value.npos;
            wide |= value.find("ł") != value.npos || value.find("王") != value.npos;
        }
    }
    BOOST_TEST(addresses.size() == 500u);
    BOOST_TEST((blank && quote && backslash && tab && line && wide));
}

BOOST_AUTO_TEST_CASE(a_user_defined_population) {
    simulator eloqua;
    sim::population rows;
    rows.size = 3;
    rows.bind = [](std::string_view field) -> sim::population::column {
        if (field != "M_CompanyName")
            return {};
        return [](std::int64_t i, std::string& out) { out += "Company " + std::to_string(i); };
    };
    rows.created_at = rows.updated_at = [](std::int64_t) { return bulk::timestamp(); };
    eloqua.populate("/accounts", rows);
    BOOST_TEST(eloqua.value("/accounts", 1003, "M_CompanyName") == "Company 2");
    BOOST_TEST(eloqua.find("/accounts", "M_CompanyName", "company 1").at(0) == 1002);
    BOOST_TEST(eloqua.value("/accounts", 1003, "M_City").empty());
}

BOOST_AUTO_TEST_CASE(fields_can_be_added_at_any_time) {
    simulator eloqua;
    eloqua.generate_contacts(10);
    eloqua.add_field("/contacts", bulk::simulated_field("C_Shoe_Size1", bulk::data_type::number));
    BOOST_TEST(eloqua.value("/contacts", 1001, "C_Shoe_Size1").empty());
    std::int64_t const added = eloqua.add_record("/contacts", {{"C_Shoe_Size1", "42"}});
    BOOST_TEST(eloqua.value("/contacts", added, "C_Shoe_Size1") == "42");
    BOOST_TEST(eloqua.find("/contacts", "C_Shoe_Size1", "42").at(0) == added);
    BOOST_CHECK_THROW(eloqua.add_field("/contacts", bulk::simulated_field("C_City")),
                      std::invalid_argument);
    BOOST_CHECK_THROW(eloqua.add_record("/contacts", {{"C_Nothing", "1"}}), std::invalid_argument);
    BOOST_CHECK_THROW(eloqua.count("/nothing"), std::invalid_argument);
    BOOST_CHECK_THROW(eloqua.count("/customObjects/1"), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(statements_are_parsed) {
    BOOST_TEST(segments_of("{{Contact.Field(C_EmailAddress)}}") ==
               "Contact()Field(C_EmailAddress)");
    BOOST_TEST(segments_of("{{CustomObject[172].Field[976]}}") == "CustomObject()172Field()976");
    BOOST_TEST(segments_of("{{ActionInstance(f3).Execution[12]}}") ==
               "ActionInstance(f3)Execution()12");
    for (char const* wrong :
         {"", "{{}}", "{{A", "A}}", "{{A.}}", "{{.A}}", "{{A(}}", "{{A()}}", "{{A[]}}", "{{A[x]}}",
          "{{A[0]}}", "{{A[-1]}}", "{{1A}}", "{{A B}}", "{{A}}x", "{{A(b)c}}"})
        BOOST_TEST(segments_of(wrong) == "none", wrong);
}

BOOST_AUTO_TEST_CASE(csv_is_read_by_the_rules) {
    BOOST_TEST(cells_of("a,b\n1,2\n") == "<a><b>\n<1><2>\n");
    BOOST_TEST(cells_of("a,b\r\n\"1,\"\"x\"\"\",\"two\r\nlines\"\r\n") ==
               "<a><b>\n<1,\"x\"><two\r\nlines>\n");
    BOOST_TEST(cells_of("\xEF\xBB\xBF"
                        "a,\n,\n\n\"\"") == "<a><>\n<><>\n<>\n");
    BOOST_TEST(cells_of("a\n\"open") == "<a>\nbroken");
    BOOST_TEST(cells_of("a\n\"x\"y") == "<a>\nbroken");
    BOOST_TEST(cells_of("") == "");
    std::string out;
    for (char const* each : {"plain", "a,b", "say \"x\"", "two\nlines"}) {
        sim::append_csv(out, each);
        out += ';';
    }
    BOOST_TEST(out == "plain;\"a,b\";\"say \"\"x\"\"\";\"two\nlines\";");
}

BOOST_AUTO_TEST_CASE(utf8_is_distinguished_from_other_bytes) {
    for (char const* good : {"", "plain", "é", "王", "\xF0\x9F\x98\x80", "\xED\x9F\xBF",
                             "\xF4\x8F\xBF\xBF", "\xE0\xA0\x80"})
        BOOST_TEST(sim::is_utf8(good), good);
    for (char const* bad :
         {"\x80", "\xC3", "\xC0\xAF", "\xE0\x80\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80",
          "\xF5\x80\x80\x80", "\xFF", "\xE7\x8E", "a\xC3(", "\xF0\x80\x80\x80"})
        BOOST_TEST(!sim::is_utf8(bad));
}

BOOST_AUTO_TEST_CASE(eastern_time_follows_the_changes_of_the_clocks) {
    using namespace std::chrono;
    auto const offset = [](sys_seconds t) { return sim::eastern_offset(t).count(); };
    BOOST_TEST(offset(sys_days(2025y / 1 / 15)) == -5);
    BOOST_TEST(offset(sys_days(2025y / 7 / 15)) == -4);
    BOOST_TEST(offset(sys_days(2025y / 3 / 9) + 7h - 1s) == -5);
    BOOST_TEST(offset(sys_days(2025y / 3 / 9) + 7h) == -4);
    BOOST_TEST(offset(sys_days(2025y / 11 / 2) + 6h - 1s) == -4);
    BOOST_TEST(offset(sys_days(2025y / 11 / 2) + 6h) == -5);
    BOOST_TEST(offset(sys_days(2006y / 3 / 20)) == -5);
    BOOST_TEST(offset(sys_days(2006y / 4 / 2) + 7h) == -4);
    BOOST_TEST(offset(sys_days(1986y / 4 / 20)) == -5);
    BOOST_TEST(sim::eastern_to_utc(sys_days(2025y / 7 / 1)).count() == 4 * 3600);
    BOOST_TEST(sim::eastern_to_utc(sys_days(2025y / 12 / 1)).count() == 5 * 3600);
}

BOOST_AUTO_TEST_SUITE_END()
