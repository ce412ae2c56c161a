// SPDX-License-Identifier: BSL-1.0
// Valid and invalid UTF-8.
#include <eloqua/bulk/utf8.hpp>

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <iterator>
#include <string>
#include <string_view>

namespace bulk = eloqua::bulk;
namespace data = boost::unit_test::data;

namespace {

using namespace std::string_view_literals;

constexpr std::string_view good[] = {
    ""sv,
    "\0"sv,
    "plain"sv,
    "\x7F"sv,
    "\xC2\x80"sv,         // first of two bytes
    "\xDF\xBF"sv,         // last of two
    "\xE0\xA0\x80"sv,     // first of three
    "\xED\x9F\xBF"sv,     // before the surrogates
    "\xEE\x80\x80"sv,     // after them
    "\xEF\xBF\xBF"sv,     // last of three
    "\xF0\x90\x80\x80"sv, // first of four
    "\xF4\x8F\xBF\xBF"sv, // last of all
    "Zo\xC3\xAB \xE2\x82\xAC \xF0\x9F\x98\x80"sv,
};

constexpr std::string_view bad[] = {
    "\x80"sv, // continuation without a lead
    "\xBF"sv,
    "\xC0\x80"sv, // overlong
    "\xC1\xBF"sv,
    "\xE0\x80\x80"sv,
    "\xE0\x9F\xBF"sv,
    "\xF0\x80\x80\x80"sv,
    "\xF0\x8F\xBF\xBF"sv,
    "\xED\xA0\x80"sv, // surrogates
    "\xED\xBF\xBF"sv,
    "\xF4\x90\x80\x80"sv, // past U+10FFFF
    "\xF5\x80\x80\x80"sv,
    "\xF8\x88\x80\x80\x80"sv,
    "\xFE"sv,
    "\xFF"sv,
    "\xC2"sv, // cut short
    "\xE2\x82"sv,
    "\xF0\x9F\x98"sv,
    "\xC2\x41"sv, // no continuation
    "\xE2\x82\x41"sv,
    "\xE2\x41\x82"sv,
    "\xF0\x9F\x98\x41"sv,
    "\xC2\xC2\x80"sv,
    "caf\xE9"sv, // Latin-1
};

static_assert(bulk::is_valid_utf8("\xE2\x82\xAC") && !bulk::is_valid_utf8("\xE2\x82"));

} // namespace

BOOST_AUTO_TEST_SUITE(utf8)

BOOST_DATA_TEST_CASE(valid, data::xrange(std::size(good)), at) {
    BOOST_TEST(bulk::is_valid_utf8(good[at]));
    BOOST_TEST(bulk::is_valid_utf8("a" + std::string(good[at]) + "b"));
}

BOOST_DATA_TEST_CASE(invalid, data::xrange(std::size(bad)), at) {
    BOOST_TEST(!bulk::is_valid_utf8(bad[at]));
    BOOST_TEST(!bulk::is_valid_utf8("a" + std::string(bad[at]) + "b"));
    BOOST_TEST(!bulk::is_valid_utf8("\xE2\x82\xAC" + std::string(bad[at])));
}

BOOST_AUTO_TEST_SUITE_END()
