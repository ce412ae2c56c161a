// SPDX-License-Identifier: BSL-1.0
// Generated accounts and records: any number of them, found without an index, linked to others.
#include "service_fixture.hpp"
#include <cstdint>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

using namespace simulator_tests;

constexpr char const* warranties = "/customObjects/501";
using ids = std::vector<std::int64_t>;

} // namespace

BOOST_AUTO_TEST_SUITE(simulator_generated)

BOOST_AUTO_TEST_CASE(a_billion_accounts_and_records_cost_nothing) {
    simulator eloqua;
    eloqua.generate_contacts(1'000'000'000);
    eloqua.generate_accounts(1'000'000'000);
    eloqua.generate_records(warranties, 2'000'000'000);
    eloqua.generate_records("/events/601", 5);
    BOOST_TEST(eloqua.count("/accounts") == 1'000'000'000u);
    BOOST_TEST(eloqua.count(warranties) == 2'000'000'000u);
    BOOST_TEST(eloqua.count("/events/601") == 5u);
    BOOST_TEST(eloqua.value("/accounts", 1'000'001'000, "M_CompanyName") == "Company 999999999");
    BOOST_TEST(eloqua.find("/accounts", "M_CompanyName", "company 77") == ids{1078},
               boost::test_tools::per_element());
    for (char const* none : {"Company 1000000000", "Company 07", "Company", "Company 7 "})
        BOOST_TEST(eloqua.find("/accounts", "M_CompanyName", none).empty());

    BOOST_TEST(eloqua.value(warranties, 2'000'001'000, "Serial_Number1") == "SN-1999999999");
    BOOST_TEST(eloqua.find(warranties, "Serial_Number1", "sn-1999999999") == ids{2'000'001'000},
               boost::test_tools::per_element());
    std::string const address = eloqua.value("/contacts", 1008, "C_EmailAddress");
    BOOST_TEST(eloqua.find(warranties, "Email_Address1", address) == (ids{1008, 1'000'001'008}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(only_empty_collections_are_filled) {
    simulator eloqua;
    eloqua.add_record("/accounts", {{"M_CompanyName", "Acme"}});
    BOOST_CHECK_THROW(eloqua.generate_accounts(1), std::logic_error);
    eloqua.generate_records(warranties, 1);
    BOOST_CHECK_THROW(eloqua.generate_records(warranties, 1), std::logic_error);
    BOOST_CHECK_THROW(eloqua.generate_records("/contacts", 1), std::invalid_argument);
    BOOST_CHECK_THROW(eloqua.generate_records("/customObjects/9", 1), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(fields_have_values_of_their_types) {
    simulator eloqua;
    using type = bulk::data_type;
    bulk::simulated_field number("Number1", type::number);
    number.unique = true;
    eloqua.add_custom_object(
        7, "All types",
        {number, bulk::simulated_field("Text1"), bulk::simulated_field("Other_Text1"),
         bulk::simulated_field("Price1", type::number), bulk::simulated_field("Day1", type::date),
         bulk::simulated_field("Yes1", type::boolean),
         bulk::simulated_field("Mail1", type::emailAddress)});
    eloqua.generate_records("/customObjects/7", 200);
    std::set<std::string> texts, others, days, booleans, mails;
    for (std::int64_t record = 1001; record != 1201; ++record) {
        auto const value = [&](char const* field) {
            return eloqua.value("/customObjects/7", record, field);
        };
        BOOST_TEST(value("Number1") == std::to_string(record - 1001));
        texts.insert(value("Text1"));
        others.insert(value("Text1") + "/" + value("Other_Text1"));
        days.insert(value("Day1"));
        booleans.insert(value("Yes1"));
        mails.insert(value("Mail1"));
        BOOST_TEST(value("Price1").find_first_not_of("0123456789") == std::string::npos);
    }
    BOOST_TEST(texts.contains(""));
    BOOST_TEST(others.size() > texts.size()); // no two fields are the same
    BOOST_TEST(days.contains(""));
    BOOST_TEST(days.rbegin()->size() == 19u);
    BOOST_TEST((booleans == std::set<std::string>{"False", "True"}));
    BOOST_TEST(mails.size() == 200u); // without contacts: each has a different address
    BOOST_TEST(eloqua.find("/customObjects/7", "Number1", "199") == ids{1200},
               boost::test_tools::per_element());
}

BOOST_FIXTURE_TEST_CASE(records_are_linked_to_contacts_and_contacts_to_accounts, service) {
    eloqua.generate_contacts(3);
    eloqua.generate_accounts(1'000);
    eloqua.generate_records(warranties, 4);
    std::string const cards = sync(define("/customObjects/501/exports", R"({"name":"e","fields":{
        "own":"{{CustomObject[501].Field[5002]}}",
        "linked":"{{CustomObject[501].Contact.Field(C_EmailAddress)}}"}})"));
    BOOST_TEST(column(cards, "own") == "person0@example.com,person1@example.org,"
                                       "person2@mail.example.net,person0@example.com");
    BOOST_TEST(column(cards, "linked") == column(cards, "own"));

    std::string const people = sync(define("/contacts/exports", R"({"name":"e","fields":{
        "own":"{{Contact.Field(C_Company)}}",
        "linked":"{{Contact.Account.Field(M_CompanyName)}}"}})"));
    BOOST_TEST(column(people, "own").find("Company ") != std::string::npos);
    BOOST_TEST(column(people, "linked") == column(people, "own"));

    // Even if the account was written to, or is not a generated one.
    std::string const company = eloqua.value("/contacts", 1001, "C_Company");
    BOOST_TEST_REQUIRE(!company.empty());
    std::string const renamed = define("/accounts/imports", R"({"name":"i","identifierFieldName":
        "n","fields":{"n":"{{Account.Field(M_CompanyName)}}","c":"{{Account.Field(M_City)}}"}})");
    import(renamed, R"([{"n":")" + company + R"(","c":"Metropolis"}])");
    BOOST_TEST(eloqua.count("/accounts") == 1'000u);
    std::string const city = sync(define("/contacts/exports", R"({"name":"e","fields":{
        "city":"{{Contact.Account.Field(M_City)}}"}})"));
    BOOST_TEST(column(city, "city").starts_with("Metropolis,"));
}

BOOST_FIXTURE_TEST_CASE(a_generated_record_can_be_updated_repeatedly, service) {
    eloqua.generate_contacts(10);
    std::string const by_address = define("/contacts/imports", R"({"name":"i",
        "identifierFieldName":"e","fields":{"e":"{{Contact.Field(C_EmailAddress)}}",
        "c":"{{Contact.Field(C_City)}}"}})");
    for (char const* city : {"Gent", "Oslo", "Lyon"}) {
        import(by_address, R"([{"e":"person7@example.org","c":")" + std::string(city) + R"("}])");
        BOOST_TEST(eloqua.count("/contacts") == 10u);
        BOOST_TEST(eloqua.value("/contacts", 1008, "C_City") == city);
    }
}

BOOST_AUTO_TEST_SUITE_END()
