// SPDX-License-Identifier: BSL-1.0
// Rows with missing or other columns, broken text, and bytes around a page.
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "pages.hpp"
#include <cstdint>
#include <vector>

namespace data = boost::unit_test::data;

namespace {

using namespace codec_tests;
using bulk::broken_text;
using bulk::rows_format;

struct numbered {
    std::string name;
    int number = 0;
};
BOOST_DESCRIBE_STRUCT(numbered, (), (name, number))

struct views {
    std::string_view a;
    std::string_view b;
};
BOOST_DESCRIBE_STRUCT(views, (), (a, b))

std::string shown(outcome<texts> const& out) {
    std::string all;
    for (texts const& each : out.rows)
        all += '<' + codec_tests::shown(each) + '>';
    return out.wrong ? all + "! " + out.detail() : all;
}

/// The rows of a page, which are the same for all pieces; with `notes`, what was counted.
std::string read(std::string_view page, broken_text broken, rows_format format = rows_format::json,
                 std::vector<std::int64_t>* replaced = nullptr) {
    bulk::detail::row_decoder once(bulk::detail::row_codec<texts>, format, bulk::row_values::shown,
                                   broken);
    std::string const whole = shown(decode<texts>(once, page));
    for (std::size_t cut = 0; cut <= page.size(); ++cut) {
        bulk::detail::row_decoder decoder(bulk::detail::row_codec<texts>, format,
                                          bulk::row_values::shown, broken);
        BOOST_TEST(shown(decode<texts>(decoder, page, {cut})) == whole, "cut at " << cut);
        BOOST_TEST((decoder.notes().replaced == once.notes().replaced), "cut at " << cut);
        BOOST_TEST(decoder.notes().blank_rows == once.notes().blank_rows);
    }
    bulk::detail::row_decoder decoder(bulk::detail::row_codec<texts>, format,
                                      bulk::row_values::shown, broken);
    BOOST_TEST(shown(decode<texts>(decoder, page, pieces_of(page.size(), 1))) == whole);
    BOOST_TEST((decoder.notes().replaced == once.notes().replaced));
    if (replaced)
        *replaced = once.notes().replaced;
    return whole;
}

/// A page of CSV that is known to be complete.
std::string read_whole(std::string_view page, std::size_t piece) {
    bulk::detail::row_decoder decoder(bulk::detail::row_codec<texts>, rows_format::csv);
    reusing_sink<texts> sink;
    std::string all;
    sink.on_row = [&](texts const& row) { all += '<' + codec_tests::shown(row) + '>'; };
    decoder.begin_page(0);
    for (std::size_t at = 0; at < page.size(); at += piece) {
        std::size_t const n = std::min(piece, page.size() - at);
        std::copy_n(page.data() + at, n, decoder.prepare().data());
        decoder.commit(n, sink).value();
    }
    auto const done = decoder.finish_whole(sink);
    return done ? all : all + "! " + done.error().info.detail;
}

/// What a decoder reports when all pages have arrived.
std::string columns_after(std::vector<std::string> const& pages) {
    bulk::detail::row_decoder decoder(bulk::detail::row_codec<texts>);
    std::int64_t row = 0;
    for (std::string const& each : pages) {
        auto const out = decode<texts>(decoder, each, {}, row);
        BOOST_TEST(out.detail() == "nothing is wrong");
        row += static_cast<std::int64_t>(out.rows.size());
    }
    auto const checked = decoder.check_columns();
    std::string found = checked ? "" : "! " + checked.error().info.detail + "; ";
    if (!checked)
        BOOST_TEST((checked.error().code == bulk::errc::malformed_response));
    return found + decoder.missing_columns() + " " + std::to_string(decoder.notes().blank_rows);
}

} // namespace

BOOST_AUTO_TEST_SUITE(odd_rows)

BOOST_AUTO_TEST_CASE(a_row_without_any_requested_column_is_refused) {
    for (char const* row : {R"({"x":"1","y":"2"})", R"({"A":"1"})", R"({"x":null})", R"({"x":[]})"})
        BOOST_TEST(read(page_of(R"({"a":"1"},)" + std::string(row)), broken_text::refused)
                       .starts_with("<1||>! row 1 has '"));
    BOOST_TEST(read(page_of(R"({"E-Mail":"a@x"})"), broken_text::refused) ==
               "! row 0 has 'E-Mail', but none of the requested columns, at byte 10 of the page, "
               "in row 0");
    BOOST_TEST(read(page_of(R"({"x":"1","c":"2"})"), broken_text::refused) == "<||2>");
}

BOOST_AUTO_TEST_CASE(an_object_without_members_is_a_blank_row_and_is_counted) {
    BOOST_TEST(columns_after({page_of(
                   R"({},{"a":"1","b":"2","c":"3"},{ },{"a":"","b":"","c":""})")}) == " 2");
    BOOST_TEST(read(page_of("{},{}"), broken_text::refused) == "<||><||>");
    BOOST_TEST(columns_after({page_of("{}"), page_of("{},{}")}) == "'a', 'b', 'c' 3");
}

BOOST_AUTO_TEST_CASE(rows_that_are_read_again_count_once) {
    bulk::detail::row_decoder decoder(bulk::detail::row_codec<texts>, rows_format::json,
                                      bulk::row_values::shown, broken_text::replaced);
    decoder.count_from(1);
    std::string const page = page_of("{},{},{\"a\":\"\xFF\"}");
    for (int i = 0; i != 3; ++i)
        decode<texts>(decoder, page);
    BOOST_TEST(decoder.notes().blank_rows == 1);
    BOOST_TEST((decoder.notes().replaced == std::vector<std::int64_t>{1, 0, 0}));
}

BOOST_AUTO_TEST_CASE(a_column_that_no_row_had_is_an_error_only_if_other_keys_arrived) {
    std::string const all = page_of(R"({"a":"1","b":"2","c":"3"})");
    std::string const left_out = page_of(R"({"a":"1","b":"2"},{"b":"2"})");
    std::string const renamed = page_of(R"({"a":"1","b":"2","C":"3"})");
    BOOST_TEST(columns_after({all}) == " 0");
    BOOST_TEST(columns_after({page_of("")}) == " 0");
    BOOST_TEST(columns_after({left_out, left_out}) == "'c' 0");
    BOOST_TEST(columns_after({left_out, all, left_out}) == " 0");
    BOOST_TEST(columns_after({page_of(R"({"a":null,"b":"","c":null})")}) == " 0");
    BOOST_TEST(columns_after({renamed, left_out}) ==
               "! no row has 'c', but rows have 'C', which was not requested; 'c' 0");
    BOOST_TEST(columns_after({renamed, all}) == " 0");
}

BOOST_DATA_TEST_CASE(half_of_a_surrogate_pair_is_reported_with_a_value_of_its_row,
                     data::make({R"(\ud83d)", R"(cut \ud83d)", R"(\ude00)", R"(\ud83d\ud83d)",
                                 R"(\ud83dx)", R"(\ud83d\n)", R"(\ud83d\u0041)"}),
                     text) {
    std::string const page = R"({"items":[{"a":"1"},{"b":")" + std::string(text) + "\",\"a\":\"";
    std::string const wrong = "<1||>! row 1 (a is \"me@example.com\") has broken text (half a "
                              "surrogate pair), at byte 26 of the page, in row 1, member 'b'";
    BOOST_TEST(read(page + "me@example.com\"}]}", broken_text::refused) == wrong);
}

BOOST_AUTO_TEST_CASE(broken_text_is_replaced_and_counted_by_column) {
    std::vector<std::int64_t> replaced;
    auto const mended = [&](std::string const& items) {
        return read(page_of(items), broken_text::replaced, rows_format::json, &replaced);
    };
    BOOST_TEST(mended(R"({"a":"cut \ud83d","b":"2"},{"a":"\ud83d\ude00"})") ==
               "<cut \uFFFD|2|><😀||>");
    BOOST_TEST((replaced == std::vector<std::int64_t>{1, 0, 0}));
    BOOST_TEST(mended(R"({"a":"\ud83d\ud83d\ude00\udc00x","c":"\ud83d"})") ==
               "<\uFFFD😀\uFFFDx||\uFFFD>");
    BOOST_TEST((replaced == std::vector<std::int64_t>{1, 0, 1}));
    BOOST_TEST(mended("{\"a\":\"caf\xE9 cr\xE8me\",\"b\":\"\xC3\xA9\"},{\"b\":\"\xED\xA0\xBD\"},"
                      "{\"x\":\"\xFF\",\"a\":\"1\"},{\"a\":\"\xE2\x82\"}") ==
               "<caf\uFFFD cr\uFFFDme|é|><|\uFFFD|><1||><\uFFFD||>");
    BOOST_TEST((replaced == std::vector<std::int64_t>{2, 1, 0}));
    BOOST_TEST(mended("{\"\xFF\":\"1\",\"a\":\"2\",\"x\":[\"\xFF\"]}") == "<2||>");
    BOOST_TEST((replaced == std::vector<std::int64_t>{0, 0, 0}));
    std::string const many(300, '\xE9');
    BOOST_TEST(mended("{\"a\":\"" + many + "\",\"b\":\"\\n" + many + "x\"}").size() ==
               2 * 900u + 6);
}

BOOST_AUTO_TEST_CASE(broken_text_in_csv_is_replaced_or_refused_too) {
    std::string_view const page = "a,b,c\n1,caf\xE9,\"x,\xE8\"\n2,,3\n";
    std::vector<std::int64_t> replaced;
    BOOST_TEST(read(page, broken_text::replaced, rows_format::csv, &replaced) ==
               "<1|caf\uFFFD|x,\uFFFD><2||3>");
    BOOST_TEST((replaced == std::vector<std::int64_t>{0, 1, 1}));
    BOOST_TEST(
        read(page, broken_text::refused, rows_format::csv) ==
        "! row 0 (a is \"1\") has broken text (invalid UTF-8), at byte 8 of the page, in row "
        "0, member 'b'");
}

BOOST_AUTO_TEST_CASE(the_row_is_named_by_its_most_specific_column) {
    auto const told = [](std::string const& row, std::size_t column, rows_format format = {}) {
        bulk::detail::row_decoder decoder(bulk::detail::row_codec<texts>, format);
        decoder.name_rows_by(column);
        std::string const detail =
            decode<texts>(decoder, format == rows_format::csv ? "a,b,c\n" + row : page_of(row))
                .detail();
        return detail.substr(0, detail.find(" has broken"));
    };
    BOOST_TEST(told("{\"a\":\"1\",\"b\":\"\xFF\",\"c\":\"Zo\xC3\xAB\"}", 2) ==
               "row 0 (c is \"Zoë\")");
    BOOST_TEST(told("{\"b\":\"\xFF\",\"a\":\"1\",\"c\":\"\"}", 2) == "row 0 (a is \"1\")");
    BOOST_TEST(told("{\"b\":\"\xFF\",\"c\":\"\xFF\"}", 2) == "row 0");
    BOOST_TEST(told("{\"b\":\"\xFF\",\"c\":\"x\\ny\"}", 2) == "row 0 (c is \"x y\")");
    BOOST_TEST(told("1,\xFF,3\n", 2, rows_format::csv) == "row 0 (c is \"3\")");
    // Nothing of the row before is visible.
    BOOST_TEST(told("{\"a\":\"old\"},{\"b\":\"\xFF\"}", 0) == "row 1");
}

BOOST_AUTO_TEST_CASE(a_broken_value_of_another_type_is_refused) {
    for (auto const& page : {page_of("{\"number\":\"\xFF\",\"name\":\"me\"}"),
                             std::string("number,name\n\xFF,me\n")}) {
        bool const csv = page.front() != '{';
        bulk::detail::row_decoder decoder(bulk::detail::row_codec<numbered>,
                                          csv ? rows_format::csv : rows_format::json);
        auto const out = decode<numbered>(decoder, page);
        BOOST_TEST(out.detail().starts_with("row 0 (name is \"me\") has broken text"));
        BOOST_TEST(out.wrong.value().info.advice.find("broken_texts") != std::string::npos);
    }
}

BOOST_AUTO_TEST_CASE(a_broken_key_is_refused_each_time) {
    bulk::detail::row_decoder decoder(bulk::detail::row_codec<texts>);
    std::string const page = page_of("{\"a\":\"x\",\"\xFF\":\"y\",\"b\":\"z\"}");
    for (std::size_t piece : {page.size(), page.size(), std::size_t(5)}) {
        auto const out = decode<texts>(decoder, page, pieces_of(page.size(), piece));
        BOOST_TEST(out.rows.size() == 0u);
        BOOST_TEST(out.detail().starts_with("row 0 (a is \"x\") has broken text"));
    }
}

BOOST_AUTO_TEST_CASE(views_of_repaired_texts_live_as_long_as_their_row) {
    bulk::detail::row_decoder decoder(bulk::detail::row_codec<views>, rows_format::json,
                                      bulk::row_values::shown, broken_text::replaced);
    reusing_sink<views> sink;
    std::string all;
    sink.on_row = [&](views const& row) {
        all += '<' + std::string(row.a) + '|' + std::string(row.b) + '>';
    };
    std::string page, expected;
    for (int i = 0; i != 50; ++i) {
        std::string const n = std::to_string(i);
        page += (i == 0 ? "" : ",") + ("{\"a\":\"" + n + "\xE9\",\"b\":\"\\ud83d" + n + "\"}");
        expected += '<' + n + "\uFFFD|\uFFFD" + n + '>';
    }
    page = page_of(page);
    for (std::size_t piece : {std::size_t(1), std::size_t(9), page.size()}) {
        all.clear();
        decoder.begin_page(0);
        for (std::size_t at = 0; at < page.size(); at += piece) {
            std::size_t const n = std::min(piece, page.size() - at);
            std::copy_n(page.data() + at, n, decoder.prepare().data());
            decoder.commit(n, sink).value();
        }
        decoder.finish().value();
        BOOST_TEST(all == expected);
    }
}

BOOST_AUTO_TEST_CASE(a_byte_order_mark_before_json_is_skipped) {
    std::string const mark = "\xEF\xBB\xBF";
    BOOST_TEST(read(mark + page_of(R"({"a":"1"})"), broken_text::refused) == "<1||>");
    BOOST_TEST(read(mark + " \r\n" + page_of(R"({"a":"1"})"), broken_text::refused) == "<1||>");
    BOOST_TEST(read(mark + "{}", broken_text::refused) == "");
    BOOST_TEST(read(mark + mark + "{}", broken_text::refused).starts_with("! "));
}

BOOST_AUTO_TEST_CASE(csv_whose_length_is_known_may_lack_its_last_line_end) {
    for (std::size_t piece : {1u, 4u, 100u}) {
        BOOST_TEST(read_whole("a,b,c\r\n1,2,3\r\n4,5,6", piece) == "<1|2|3><4|5|6>");
        BOOST_TEST(read_whole("a,b,c\n1,2,3\n4,5,\"6\"", piece) == "<1|2|3><4|5|6>");
        BOOST_TEST(read_whole("a,b,c\n1,2,3\n4,5,", piece) == "<1|2|3><4|5|>");
        BOOST_TEST(read_whole("a,b,c\n1,2,3\r", piece) == "<1|2|3>");
        BOOST_TEST(read_whole("a,b,c\n1,2,3\n", piece) == "<1|2|3>");
        BOOST_TEST(read_whole("a,b,c", piece) == "");
        BOOST_TEST(read_whole("", piece) == "");
        BOOST_TEST(read_whole("a,b,c\n1,2", piece)
                       .starts_with("! row 0 has fewer values than there are columns"));
        BOOST_TEST(read_whole("a,b,c\n1,2,\"3", piece)
                       .starts_with("! the last line of the CSV has no line end"));
    }
}

BOOST_AUTO_TEST_SUITE_END()
