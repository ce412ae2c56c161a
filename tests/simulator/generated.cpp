// SPDX-License-Identifier: BSL-1.0
// Generated records: as many as wanted, found without an index, linked to others.
#include "service_fixture.hpp"
#include <string>

namespace {

using namespace simulator_tests;

} // namespace

BOOST_AUTO_TEST_SUITE(simulator_generated)

BOOST_FIXTURE_TEST_CASE(a_generated_record_is_updated_as_often_as_wanted, service) {
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
