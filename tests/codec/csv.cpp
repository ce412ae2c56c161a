// SPDX-License-Identifier: BSL-1.0
// Pages of rows as CSV, whole and in pieces, and malformed pages.
#include <eloqua/bulk/detail/codec/row_encoder.hpp>
#include <eloqua/bulk/entity.hpp>

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "../payload.hpp"
#include "pages.hpp"
#include <random>

namespace data = boost::unit_test::data;

namespace {

using namespace codec_tests;

struct one {
    std::string a;
};
BOOST_DESCRIBE_STRUCT(one, (), (a))
struct numbers {
    int n = 0;
    std::optional<double> x;
};
BOOST_DESCRIBE_STRUCT(numbers, (), (n, x))

template <class Row>
outcome<Row> decode_csv(std::string_view text, std::vector<std::size_t> ends = {},
                        std::int64_t first_row = 0) {
    return decode<Row>(text, std::move(ends), first_row, bulk::rows_format::csv);
}

std::string read_csv(std::string_view text, std::vector<std::size_t> ends = {}) {
    auto const out = decode_csv<texts>(text, std::move(ends));
    std::string all;
    for (texts const& each : out.rows)
        all += '<' + shown(each) + '>';
    return out.wrong ? all + "! " + out.detail() : all;
}

/// The result is the same for all pieces.
std::string read_cut_csv(std::string_view text) {
    std::string const whole = read_csv(text);
    for (std::size_t cut = 0; cut <= text.size(); ++cut)
        BOOST_TEST(read_csv(text, {cut}) == whole, "cut at " << cut);
    BOOST_TEST(read_csv(text, pieces_of(text.size(), 1)) == whole);
    return whole;
}

} // namespace

BOOST_AUTO_TEST_SUITE(csv)

BOOST_AUTO_TEST_CASE(a_sample_page) {
    std::string const page = payload("sync_data_page.csv");
    auto const out = decode_csv<contact>(page);
    BOOST_TEST(out.detail() == "nothing is wrong");
    BOOST_TEST_REQUIRE(out.rows.size() == 2u);
    BOOST_TEST(out.rows[0].Id == 1001);
    BOOST_TEST(out.rows[0].CompanyName.value() == "Example Ltd");
    BOOST_TEST(!out.rows[1].CompanyName.has_value());
    BOOST_TEST(out.rows[1].IsSubscribed);
    BOOST_TEST(out.envelope.has_items);
    BOOST_TEST(!out.envelope.totalResults.has_value());
    for (std::size_t cut = 0; cut <= page.size(); ++cut)
        BOOST_TEST((decode_csv<contact>(page, {cut}).rows == out.rows), "cut at " << cut);
}

BOOST_AUTO_TEST_CASE(values_plain_and_in_quotes) {
    BOOST_TEST(read_cut_csv("a,b,c\n1,2,3\n") == "<1|2|3>");
    BOOST_TEST(read_cut_csv("a,b,c\r\n1,2,3\r\n,,\r\n") == "<1|2|3><||>");
    BOOST_TEST(read_cut_csv("a,b,c\n\"1\",\"\",\"3,\n\r\n\"\n") == "<1||3,\n\r\n>");
    BOOST_TEST(read_cut_csv("a,b,c\n\"say \"\"hi\"\"\",\"\"\"\",\"\"\"x\"\n") ==
               "<say \"hi\"|\"|\"x>");
    BOOST_TEST(read_cut_csv("a,b,c\n Zoë ,\"€ 😀\",long enough to be no short string\n") ==
               "< Zoë |€ 😀|long enough to be no short string>");
    BOOST_TEST(read_cut_csv(std::string_view("a,b,c\n\0,x\0y,\"\0\"\n", 16)) ==
               std::string("<\0|x\0y|\0>", 9));
}

BOOST_AUTO_TEST_CASE(the_first_line_names_the_columns) {
    BOOST_TEST(read_cut_csv("c,a,b\n3,1,2\n") == "<1|2|3>");
    BOOST_TEST(read_cut_csv("x,b,\"y,z\",\"a\",c\n?,2,?,1,\n?,,?,4,3\n") == "<1|2|><4||3>");
    BOOST_TEST(read_cut_csv("\xEF\xBB\xBF"
                            "a,b,c\n1,2,3\n") == "<1|2|3>");
    BOOST_TEST(read_cut_csv("a,b,c\n\n1,2,3\n\r\n4,5,6\n\n") == "<1|2|3><4|5|6>");
    BOOST_TEST(read_cut_csv("a,b,c\n") == "");
}

BOOST_AUTO_TEST_CASE(an_empty_line_is_a_row_of_one_blank_value) {
    auto const out = decode_csv<one>("a\n1\n\n\"\"\n2\n");
    BOOST_TEST(out.detail() == "nothing is wrong");
    BOOST_TEST_REQUIRE(out.rows.size() == 4u);
    BOOST_TEST(out.rows[0].a + out.rows[1].a + out.rows[2].a + out.rows[3].a == "12");
}

BOOST_AUTO_TEST_CASE(an_empty_text_is_refused) {
    auto const out = decode_csv<texts>("");
    BOOST_TEST(out.detail() == "nothing is wrong");
    BOOST_TEST(out.rows.empty());
    BOOST_TEST(!out.envelope.has_items);
}

BOOST_AUTO_TEST_CASE(malformed_csv) {
    auto refused = [](std::string_view text, std::string const& why) {
        std::string const whole = read_cut_csv(text);
        std::string const detail = whole.substr(std::min(whole.find("! "), whole.size()));
        BOOST_TEST(detail.starts_with("! " + why), detail << " instead of " << why);
    };
    refused("a,b,c\n1,2\n", "row 0 has fewer values than there are columns, at byte 9 of the page");
    refused("a,b,c\n1,2,3\n1,2,3,4\n", "row 1 has more values than there are columns");
    refused("a,b,c\n1,2,3",
            "the last line of the CSV has no line end, at byte 11 of the page, in row 0");
    refused("a,b,c\n1,2,\"3\n", "the last line of the CSV has no line end");
    refused("a,b,c", "the last line of the CSV has no line end");
    refused("a,b,c\n1,2\"x,3\n", "a quote in a value without quotes, at byte 9 of the page, in row "
                                 "0, member 'b'");
    refused("a,b,c\n1,\"2\"x,3\n", "text after a value in quotes");
    refused("a,b,c\n1,2\rx,3\n", "a carriage return that is not part of a line end");
    refused("a,b,c\n1,2,\xFF\n",
            "row 0 (a is \"1\") has broken text (invalid UTF-8), at byte 10 of "
            "the page, in row 0, member 'c'");
    refused("a,b,c,\xFF\n1,2,3,4\n", "invalid UTF-8, at byte 6 of the page");
    refused("a,b,a\n1,2,3\n", "the CSV has the column 'a' twice");
    refused("x,y\n1,2\n",
            "the CSV's first line lacks 'a', and has 'x', which was not requested, at byte 0");
    refused("a,c\n1,2\n", "the CSV's first line lacks 'b', at byte 0 of the page");
    refused("a,B,c\n", "the CSV's first line lacks 'b', and has 'B', which was not requested");
    refused("{\"items\":[]}\n", "a quote in a value without quotes");
}

BOOST_AUTO_TEST_CASE(a_value_that_does_not_fit_is_named_by_row_and_member) {
    auto invalid = [](std::string_view text) {
        auto const out = decode_csv<numbers>(text, {}, 10);
        BOOST_TEST_REQUIRE(out.wrong.has_value());
        BOOST_TEST((out.wrong->code == bulk::errc::invalid_value));
        return out.detail();
    };
    BOOST_TEST(invalid("n,x\n1,\n2,2.5\nmany,3\n") == "row 12: member 'n' cannot hold \"many\"");
    BOOST_TEST(invalid("n,x\n,2\n") == "row 10: member 'n' cannot be blank");
}

BOOST_AUTO_TEST_CASE(a_value_has_at_most_4_mib) {
    std::string const most(4 * 1024 * 1024, 'x');
    auto const out = decode_csv<one>("a\n" + most + "\n\"" + most + "\"\n");
    BOOST_TEST(out.detail() == "nothing is wrong");
    BOOST_TEST_REQUIRE(out.rows.size() == 2u);
    BOOST_TEST((out.rows[1].a == most));
    BOOST_TEST(decode_csv<one>("a\n" + most + "x\n").detail().starts_with("a value is too large"));
    std::string const endless = "a\n\"" + std::string(34 * 1024 * 1024, 'x');
    BOOST_TEST(decode_csv<one>(endless).detail().starts_with("a row is too large"));
}

BOOST_AUTO_TEST_CASE(encoded_rows_decode_again) {
    static char const* const parts[] = {"a", "Test", " ", "\"", ",",  "\n", "\r",
                                        "é", "😀",   "'", "\t", "\\", ";",  ""};
    std::mt19937 engine(7);
    auto below = [&](std::size_t n) { return engine() % n; };
    auto any_text = [&] {
        std::string out;
        for (std::size_t n = below(9); n != 0; --n)
            out += parts[below(std::size(parts))];
        return out;
    };
    bulk::detail::row_encoder encoder(bulk::detail::row_codec<texts>,
                                      bulk::detail::columns_of<texts, bulk::contacts_t>,
                                      bulk::rows_format::csv);
    bulk::detail::row_decoder decoder(bulk::detail::row_codec<texts>, bulk::rows_format::csv);
    for (int i = 0; i != 500; ++i) {
        std::vector<texts> rows(1 + below(5));
        encoder.clear();
        for (texts& each : rows) {
            each = texts{any_text(), any_text(), any_text()};
            BOOST_TEST((encoder.append(&each) == bulk::detail::row_encoder::fit::taken));
        }
        std::string const page(encoder.body());
        std::vector<std::size_t> ends;
        for (std::size_t at = 0; (at += 1 + below(20)) < page.size();)
            ends.push_back(at);
        auto const out = decode<texts>(decoder, page, ends);
        BOOST_TEST_CONTEXT(page) {
            BOOST_TEST(out.detail() == "nothing is wrong");
            BOOST_TEST((out.rows == rows));
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
