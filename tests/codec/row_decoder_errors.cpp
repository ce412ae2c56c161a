// SPDX-License-Identifier: BSL-1.0
// Malformed pages, and their error messages.
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "pages.hpp"

namespace data = boost::unit_test::data;

namespace {

using namespace codec_tests;

struct numbers {
    int n = 0;
    std::optional<double> x;
};
BOOST_DESCRIBE_STRUCT(numbers, (), (n, x))

template <class Row>
bulk::failure refusal(std::string_view page, std::int64_t first_row = 0) {
    auto const out = decode<Row>(page, {}, first_row);
    BOOST_TEST_REQUIRE(out.wrong.has_value());
    return *out.wrong;
}

std::string malformed(std::string_view page) {
    bulk::failure const f = refusal<texts>(page);
    BOOST_TEST((f.code == bulk::errc::malformed_response));
    return f.info.detail;
}

std::string invalid(std::string_view page, std::int64_t first_row = 0) {
    bulk::failure const f = refusal<numbers>(page, first_row);
    BOOST_TEST((f.code == bulk::errc::invalid_value));
    return f.info.detail;
}

} // namespace

BOOST_AUTO_TEST_SUITE(row_decoder_errors)

BOOST_AUTO_TEST_CASE(a_value_that_does_not_fit_is_named_by_row_and_member) {
    BOOST_TEST(invalid(page_of(R"({"n":"1"},{"n":"2"},{"n":"many"})")) ==
               "row 2: member 'n' cannot hold \"many\"");
    BOOST_TEST(invalid(page_of(R"({"n":"1"},{"n":"2147483648"})"), 50'000) ==
               "row 50001: member 'n' cannot hold \"2147483648\"");
    BOOST_TEST(invalid(page_of(R"({"n":1.5})")) == "row 0: member 'n' cannot hold \"1.5\"");
    BOOST_TEST(invalid(page_of(R"({"n":true})")) == "row 0: member 'n' cannot hold \"true\"");
    BOOST_TEST(invalid(page_of(R"({"n":"1","x":"NaN"})")) ==
               "row 0: member 'x' cannot hold \"NaN\"");
}

BOOST_AUTO_TEST_CASE(blank_and_missing_are_told_apart) {
    for (char const* row : {R"({"n":""})", R"({"n":null})"})
        BOOST_TEST(invalid(page_of(row)) == "row 0: member 'n' cannot be blank");
    BOOST_TEST(invalid(page_of(R"({"x":"1"})")) ==
               "row 0: member 'n' is missing and cannot be blank");
    BOOST_TEST(invalid(page_of(R"({"n":"1"},{})")) ==
               "row 1: member 'n' is missing and cannot be blank");
}

BOOST_AUTO_TEST_CASE(a_long_value_is_shortened_in_the_message) {
    std::string const detail = invalid(page_of("{\"n\":\"" + std::string(5'000, 'x') + "\"}"));
    BOOST_TEST(detail == "row 0: member 'n' cannot hold \"" + std::string(100, 'x') + "...\"");
}

BOOST_AUTO_TEST_CASE(the_rows_before_are_delivered_and_the_broken_one_is_not) {
    auto const out = decode<numbers>(page_of(R"({"n":"1"},{"n":"x"},{"n":"3"})"));
    BOOST_TEST(out.rows.size() == 1u);
    BOOST_TEST(out.incomplete == 1);
}

BOOST_AUTO_TEST_CASE(a_member_twice) {
    BOOST_TEST(malformed(page_of(R"({"a":"1"},{"a":"1","a":"2"})"))
                   .starts_with("row 1: has 'a' twice, at byte "));
    BOOST_TEST(
        malformed(page_of(R"({"a":null,"b":"","a":"2"})")).starts_with("row 0: has 'a' twice"));
    BOOST_TEST(read_texts(page_of(R"({"x":"1","a":"","x":"2"})")) == "<||>"); // not requested
}

BOOST_AUTO_TEST_CASE(items_twice) {
    BOOST_TEST(malformed(R"({"items":[{"a":"1"}],"items":[]})")
                   .starts_with("the page has 'items' twice, at byte "));
}

BOOST_AUTO_TEST_CASE(documents_that_are_not_pages) {
    BOOST_TEST(malformed("\"Not authenticated.\"")
                   .starts_with("the response is a string, not a page of rows, at byte "));
    BOOST_TEST(malformed("12 ").starts_with("the response is a number, not a page of rows"));
    BOOST_TEST(malformed("12").starts_with("the response is a number, not a page of rows"));
    BOOST_TEST(malformed("true").starts_with("the response is a boolean, not a page of rows"));
    BOOST_TEST(malformed("null").starts_with("the response is null, not a page of rows"));
    BOOST_TEST(malformed("[]").starts_with("the response is an array, not a page of rows"));
    BOOST_TEST(malformed(R"([{"a":"1"}])").starts_with("the response is an array, not a page"));
}

BOOST_AUTO_TEST_CASE(items_that_are_not_objects) {
    BOOST_TEST(malformed(page_of(R"({"a":"1"},"b")"))
                   .starts_with("row 1 is a string, not an object, at byte "));
    BOOST_TEST(malformed(page_of("7,{}")).starts_with("row 0 is a number, not an object"));
    BOOST_TEST(malformed(page_of("null")).starts_with("row 0 is null, not an object"));
    BOOST_TEST(malformed(page_of("[]")).starts_with("row 0 is an array, not an object"));
}

BOOST_DATA_TEST_CASE(
    known_members_with_another_type,
    data::make({R"({"items":{}})", R"({"items":"x"})", R"({"items":5})", R"({"items":true})",
                R"({"totalResults":"5"})", R"({"totalResults":5.5})", R"({"totalResults":true})",
                R"({"totalResults":[5]})", R"({"hasMore":"true"})", R"({"hasMore":1})",
                R"({"count":{}})", R"({"offset":18446744073709551615})"}),
    page) {
    std::string const detail = malformed(page);
    std::string const member = std::string(page).substr(2, std::string(page).find(':') - 3);
    BOOST_TEST(detail.starts_with("'" + member + "' of the page is "));
    BOOST_TEST(detail.ends_with("in row 0, member '" + member + "'"));
}

BOOST_AUTO_TEST_CASE(nested_values_of_known_columns) {
    BOOST_TEST(malformed(page_of(R"({"a":{"b":"1"}})"))
                   .starts_with("row 0: 'a' is an object or array, at byte "));
    BOOST_TEST(malformed(page_of(R"({"a":"1"},{"c":[]})"))
                   .starts_with("row 1: 'c' is an object or array, at byte "));
}

BOOST_DATA_TEST_CASE(malformed_json,
                     data::make({"<html>",
                                 "{",
                                 "{\"items\":[{\"a\":\"1\",}]}",
                                 "{'items':[]}",
                                 "{\"items\":[{}{}]}",
                                 "{\"items\":[{},]}",
                                 "{\"items\":[}",
                                 "{\"items\":[{\"a\":01}]}",
                                 "{\"items\":[{\"a\":\"\n\"}]}",
                                 "{\"items\":[{\"a\":\"\\x\"}]}",
                                 "{\"items\":[{\"a\":nul}]}",
                                 "{\"items\":[{\"a\":\"\\ud800\"}]}",
                                 "{\"items\":[{\"a\":\"\\udc00\"}]}",
                                 "{/**/}",
                                 "{\"items\":[]}]",
                                 "{\"items\":[]}{}",
                                 "{\"items\":[]} x",
                                 "\xEF\xBB{}",
                                 "\xEF\xBB\xBF",
                                 "{}\xEF\xBB\xBF"}),
                     page) {
    malformed(page);
    // As above, for every cut.
    std::string_view const text = page;
    for (std::size_t cut = 0; cut <= text.size(); ++cut)
        BOOST_TEST(decode<texts>(text, {cut}).wrong.has_value());
    BOOST_TEST(decode<texts>(text, pieces_of(text.size(), 1)).wrong.has_value());
}

BOOST_AUTO_TEST_CASE(the_byte_and_the_row_are_named) {
    std::string const before = R"({"items":[{"a":"1"},{"a":)";
    for (std::size_t size : {std::size_t(1), std::size_t(7), std::size_t(100)}) {
        std::string const page = before + "?}]}";
        auto const out = decode<texts>(page, pieces_of(page.size(), size), 10);
        BOOST_TEST(out.detail().starts_with("this is not JSON ("));
        BOOST_TEST(out.detail().ends_with("), at byte " + std::to_string(before.size()) +
                                          " of the page, in row 11, member 'a'"));
    }
}

BOOST_DATA_TEST_CASE(invalid_utf8_is_refused,
                     data::make({"\x80", "\xC0\x80", "\xED\xA0\x80", "\xF5\x80\x80\x80", "\xE2\x82",
                                 "\xFF", "caf\xE9 x"}),
                     text) {
    std::string const page = page_of("{\"a\":\"" + std::string(text) + "\"}");
    for (std::size_t cut = 0; cut <= page.size(); ++cut)
        BOOST_TEST(
            (decode<texts>(page, {cut}).wrong.value().code == bulk::errc::malformed_response));
}

BOOST_AUTO_TEST_CASE(deep_nesting_is_refused) {
    for (char const* open : {"[", "{\"a\":"}) {
        std::string page = R"({"x":)";
        for (int i = 0; i != 100'000; ++i)
            page += open;
        malformed(page);
    }
    std::string fine =
        "{\"x\":" + std::string(20, '[') + std::string(20, ']') + R"(,"items":[{"a":"1"}]})";
    BOOST_TEST(read_texts(fine) == "<1||>");
}

BOOST_AUTO_TEST_CASE(a_value_has_at_most_4_mib) {
    std::string const most(4 * 1024 * 1024, 'x');
    auto const out = decode<texts>(page_of("{\"a\":\"" + most + "\"}"));
    BOOST_TEST(out.detail() == "nothing is wrong");
    BOOST_TEST_REQUIRE(out.rows.size() == 1u);
    BOOST_TEST((out.rows[0].a == most));
    BOOST_TEST(malformed(page_of("{\"a\":\"" + most + "x\"}")).starts_with("a value is too large"));
    // The digits of a number count as much as the characters of a text.
    std::string const digits(most.size() + 1, '1');
    BOOST_TEST(malformed(page_of("{\"a\":" + digits + "}")).starts_with("a value is too large"));
    BOOST_TEST(malformed("{\"limit\":" + digits + "}").starts_with("a value is too large"));
    malformed(page_of("{\"" + std::string(5'000, 'k') + "\":1}"));
}

BOOST_AUTO_TEST_SUITE_END()
