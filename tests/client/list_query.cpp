// SPDX-License-Identifier: BSL-1.0
// Query strings of lists and of rows.
#include <eloqua/bulk/detail/http/endpoint_call.hpp>

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <limits>
#include <string>
#include <utility>

namespace bulk = eloqua::bulk;
namespace data = boost::unit_test::data;

namespace {

std::string of(bulk::list_query const& wanted) {
    return bulk::detail::to_query_string(wanted).value();
}

std::string searching(std::string q) {
    bulk::list_query wanted;
    wanted.q = std::move(q);
    return of(wanted);
}

} // namespace

BOOST_AUTO_TEST_SUITE(list_query)

BOOST_AUTO_TEST_CASE(an_empty_query_has_no_query_string) {
    BOOST_TEST(of({}) == "");
}

BOOST_AUTO_TEST_CASE(a_query_with_all_parameters) {
    bulk::list_query wanted;
    wanted.limit = 100;
    wanted.offset = 200;
    wanted.orderBy = "name ASC";
    wanted.q = "name=*Test*";
    wanted.totalResults = false;
    BOOST_TEST(of(wanted) == "?limit=100&offset=200&orderBy=name%20ASC&q=name%3D%2ATest%2A"
                             "&totalResults=false");
}

BOOST_AUTO_TEST_CASE(reserved_characters_are_encoded) {
    BOOST_TEST(searching("\"name=Email*\"") == "?q=%22name%3DEmail%2A%22");
    BOOST_TEST(searching("createdAt<'2025-06-01'") == "?q=createdAt%3C%272025-06-01%27");
    BOOST_TEST(searching("100%+&#?/") == "?q=100%25%2B%26%23%3F%2F");
    BOOST_TEST(searching("Zoë 😀") == "?q=Zo%C3%AB%20%F0%9F%98%80");
    BOOST_TEST(searching("a-b.c_d~E9") == "?q=a-b.c_d~E9");
    BOOST_TEST(searching("x\r\nHost: evil") == "?q=x%0D%0AHost%3A%20evil");
    BOOST_TEST(searching("") == "?q=");
}

BOOST_AUTO_TEST_CASE(limits_of_lists) {
    bulk::list_query wanted;
    for (std::int64_t fine : {1, 1000}) {
        wanted.limit = fine;
        BOOST_TEST(of(wanted) == "?limit=" + std::to_string(fine));
    }
    for (std::int64_t bad : {std::int64_t(0), std::int64_t(-1), std::int64_t(1001)}) {
        wanted.limit = bad;
        auto const refused = bulk::detail::to_query_string(wanted);
        BOOST_TEST_REQUIRE(refused.has_error());
        BOOST_TEST((refused.error().code == bulk::errc::invalid_argument));
        BOOST_TEST(refused.error().info.detail ==
                   "limit " + std::to_string(bad) +
                       ", offset 0; the limit is 1 to 1000, the offset not negative");
    }
}

BOOST_AUTO_TEST_CASE(offsets_are_not_negative) {
    bulk::list_query wanted;
    wanted.offset = 0;
    BOOST_TEST(of(wanted) == "?offset=0");
    wanted.offset = -1;
    BOOST_TEST(
        (bulk::detail::to_query_string(wanted).error().code == bulk::errc::invalid_argument));
}

BOOST_AUTO_TEST_CASE(row_queries_always_have_limit_and_offset) {
    bulk::rows_query wanted;
    BOOST_TEST(bulk::detail::to_query_string(wanted).value() == "?limit=1000&offset=0");
    wanted.limit = 50'000;
    wanted.offset = std::numeric_limits<std::int64_t>::max();
    BOOST_TEST(bulk::detail::to_query_string(wanted).value() ==
               "?limit=50000&offset=9223372036854775807");
}

BOOST_DATA_TEST_CASE(limits_of_rows, data::make({0, -1, 50'001}), bad) {
    bulk::rows_query wanted;
    wanted.limit = bad;
    auto const refused = bulk::detail::to_query_string(wanted);
    BOOST_TEST_REQUIRE(refused.has_error());
    BOOST_TEST((refused.error().code == bulk::errc::invalid_argument));
    BOOST_TEST(refused.error().info.detail.find("1 to 50000") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
