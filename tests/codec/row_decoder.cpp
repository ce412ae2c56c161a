// SPDX-License-Identifier: BSL-1.0
// Pages of rows, whole and in pieces.
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "../payload.hpp"
#include "pages.hpp"
#include <memory_resource>
#include <stdexcept>

namespace data = boost::unit_test::data;

namespace {

using namespace codec_tests;
using namespace std::chrono_literals;

char const* const sample_pages[] = {
    "sync_data_page_first.json",       "sync_data_page_middle.json",
    "sync_data_page_last.json",        "sync_data_page_empty.json",
    "sync_data_page_empty_array.json", "sync_data_page_without_total.json"};

bool same(bulk::detail::page_envelope const& a, bulk::detail::page_envelope const& b) {
    return a.totalResults == b.totalResults && a.limit == b.limit && a.offset == b.offset &&
           a.count == b.count && a.hasMore == b.hasMore;
}

struct blanks {
    std::string text;
    std::optional<int> number;
    std::optional<std::string> more;
    std::optional<bool> flag;
};
BOOST_DESCRIBE_STRUCT(blanks, (), (text, number, more, flag))

struct named {
    std::string ID, email, name;
};
BOOST_DESCRIBE_STRUCT(named, (), (ID, email, name))

struct views {
    std::string_view a;
    std::optional<std::string_view> b;
};
BOOST_DESCRIBE_STRUCT(views, (), (a, b))
static_assert(bulk::detail::is_view_row<views> && !bulk::detail::is_view_row<texts>);

struct pmr_row {
    std::pmr::string a;
    std::pmr::string b;
};
BOOST_DESCRIBE_STRUCT(pmr_row, (), (a, b))

} // namespace

BOOST_AUTO_TEST_SUITE(row_decoder)

BOOST_AUTO_TEST_CASE(a_sample_page) {
    auto const out = decode<contact>(payload("sync_data_page_first.json"));
    BOOST_TEST(!out.wrong.has_value());
    BOOST_TEST_REQUIRE(out.rows.size() == 2u);
    contact expected{1002, "person2@example.com", "Person2", "Test", {}, true, {}};
    expected.UpdatedAt = std::chrono::sys_days(std::chrono::year(2025) / 6 / 2) + 10h + 2s;
    BOOST_TEST((out.rows[1] == expected));
    BOOST_TEST(out.rows[0].CompanyName.value() == "Example Ltd");
    BOOST_TEST(out.envelope.totalResults.value() == 5);
    BOOST_TEST(out.envelope.limit.value() == 2);
    BOOST_TEST(out.envelope.offset.value() == 0);
    BOOST_TEST(out.envelope.count.value() == 2);
    BOOST_TEST(out.envelope.hasMore.value());
}

BOOST_DATA_TEST_CASE(sample_pages_in_two_pieces_at_every_cut, data::make(sample_pages), name) {
    std::string const page = payload(name);
    auto const whole = decode<contact>(page);
    BOOST_TEST_REQUIRE(!whole.wrong.has_value());
    bulk::detail::row_decoder decoder(bulk::detail::row_codec<contact>);
    for (std::size_t cut = 0; cut <= page.size(); ++cut) {
        auto const out = decode<contact>(decoder, page, {cut});
        BOOST_TEST_CONTEXT("cut at " << cut) {
            BOOST_TEST(out.detail() == "nothing is wrong");
            BOOST_TEST((out.rows == whole.rows));
            BOOST_TEST(same(out.envelope, whole.envelope));
        }
    }
}

BOOST_DATA_TEST_CASE(sample_pages_in_small_pieces,
                     data::make(sample_pages) * data::make({1, 2, 3, 7}), name, size) {
    std::string const page = payload(name);
    auto const whole = decode<contact>(page);
    auto const out = decode<contact>(page, pieces_of(page.size(), static_cast<std::size_t>(size)));
    BOOST_TEST(out.detail() == "nothing is wrong");
    BOOST_TEST((out.rows == whole.rows));
    BOOST_TEST(same(out.envelope, whole.envelope));
}

BOOST_DATA_TEST_CASE(a_page_cut_short_at_any_byte_is_an_error, data::make(sample_pages), name) {
    std::string page = payload(name);
    while (page.back() != '}')
        page.pop_back();
    bulk::detail::row_decoder decoder(bulk::detail::row_codec<contact>);
    for (std::size_t size = 0; size != page.size(); ++size) {
        auto const out = decode<contact>(decoder, std::string_view(page).substr(0, size));
        BOOST_TEST_CONTEXT("of " << size << " bytes") {
            BOOST_TEST_REQUIRE(out.wrong.has_value());
            BOOST_TEST((out.wrong->code == bulk::errc::malformed_response));
            BOOST_TEST(out.detail().starts_with("the JSON ends too early, at byte " +
                                                std::to_string(size) + " of the page, in row "));
        }
    }
}

BOOST_AUTO_TEST_CASE(a_count_of_zero_with_rows) {
    auto const out = decode<named>(payload("sync_data_page_count_zero.json"));
    BOOST_TEST(out.detail() == "nothing is wrong");
    BOOST_TEST(out.rows.size() == 2u);
    BOOST_TEST(out.envelope.count.value() == 0);
}

BOOST_AUTO_TEST_CASE(keys_in_any_order_and_number) {
    BOOST_TEST(read_texts(page_of(R"({"a":"1","b":"2","c":"3"})")) == "<1|2|3>");
    BOOST_TEST(read_texts(page_of(R"({"c":"3","b":"2","a":"1"})")) == "<1|2|3>");
    BOOST_TEST(read_texts(page_of(R"({"b":"2","c":"3","a":"1"},{"a":"4","c":"6","b":"5"})")) ==
               "<1|2|3><4|5|6>");
    BOOST_TEST(read_texts(page_of(R"({"b":"2"},{},{"c":"3"},{"a":"1"})")) == "<|2|><||><||3><1||>");
    BOOST_TEST(read_texts(" {\n\t\"items\" : [ { \"a\" : \"1\" } , { \"b\" : \"2\" } ] }\r\n ") ==
               "<1||><|2|>");
}

BOOST_AUTO_TEST_CASE(unknown_members_are_skipped) {
    BOOST_TEST(read_texts(page_of(R"({"x":"?","a":"1","y":[1,{"a":"no","b":[[]]}],"b":"2",
                                     "z":{"c":"no","items":[{"a":"no"}]},"n":null,"t":true,
                                     "d":1.5e3,"c":"3","":"?","A":"?","aa":"?"})")) == "<1|2|3>");
    BOOST_TEST(read_texts(R"({"links":[{"items":[{"a":"no"}]}],"x":{"hasMore":"?"},"y":"s",
                             "z":null,"n":1,"t":false,"items":[{"a":"1"}],"w":[[{}]]})") ==
               "<1||>");
}

BOOST_AUTO_TEST_CASE(numbers_and_booleans_count_as_their_text) {
    BOOST_TEST(read_texts(page_of(R"({"a":12,"b":-1.50,"c":1e3})")) == "<12|-1.50|1e3>");
    BOOST_TEST(read_texts(page_of(R"({"a":true,"b":false,"c":18446744073709551615})")) ==
               "<true|false|18446744073709551615>");
    BOOST_TEST(read_texts(page_of(R"({"a":123456789012345678901234567890,"b":0,"c":-0})")) ==
               "<123456789012345678901234567890|0|-0>");
    std::string const numbers = page_of(R"({"a":12345,"b":-1.2345e-2,"c":true})");
    for (std::size_t cut = 0; cut <= numbers.size(); ++cut)
        BOOST_TEST(read_texts(numbers, {cut}) == "<12345|-1.2345e-2|true>");
}

BOOST_AUTO_TEST_CASE(null_and_missing_and_empty_are_blank) {
    auto const out = decode<blanks>(
        page_of(R"({"text":"t","number":5,"more":"m","flag":"True"},{},{"text":null,"number":null,)"
                R"("more":null,"flag":null},{"text":"","number":"","more":"","flag":""})"));
    BOOST_TEST(out.detail() == "nothing is wrong");
    BOOST_TEST_REQUIRE(out.rows.size() == 4u);
    BOOST_TEST(out.rows[0].number.value() == 5);
    BOOST_TEST(out.rows[0].flag.value());
    // All rows filled one object: nothing of the first row is left.
    for (std::size_t i = 1; i != 4; ++i) {
        BOOST_TEST(out.rows[i].text.empty());
        BOOST_TEST(!out.rows[i].number.has_value());
        BOOST_TEST(!out.rows[i].more.has_value());
        BOOST_TEST(!out.rows[i].flag.has_value());
    }
}

BOOST_AUTO_TEST_CASE(long_texts_of_one_character) {
    for (char const c : {'.', ' ', ',', ':', 'a', '{', '}'})
        for (std::size_t size : {15u, 16u, 17u, 31u, 32u, 33u, 48u, 64u, 200u})
            for (char const* const end : {"", "\\n", "\xC3\xA9", "\xE2\x82\xAC", "\\u00e9"})
                for (std::size_t rows : {1u, 3u}) {
                    std::string text;
                    for (std::size_t i = 0; i != rows; ++i)
                        text += (i == 0 ? "" : ",") + (R"({"x":")" + std::string(size, c) + end +
                                                       R"(","a":")" + std::string(size, c) + "\"}");
                    for (std::size_t cut : {text.size(), text.size() / 2, std::size_t(20)}) {
                        auto const out = decode<texts>(page_of(text), {cut});
                        BOOST_TEST_REQUIRE(out.rows.size() == rows);
                        BOOST_TEST(out.rows[rows - 1].a == std::string(size, c));
                    }
                }
}

BOOST_AUTO_TEST_CASE(a_boolean_followed_by_more_text_is_refused) {
    for (char const* const value :
         {R"(true\u0000)", R"(false\u0000)", R"(true\u0000\u0000\u0000\u0000garbage)", "truefals",
          R"(false\u0000\u0000\u0000)", R"(true\u0000\u0000\u0000\u0000)"}) {
        auto const out = decode<blanks>(page_of(R"({"flag":")" + std::string(value) + R"("})"));
        BOOST_TEST(out.rows.empty(), value);
    }
}

BOOST_AUTO_TEST_CASE(the_envelope_before_and_after_the_rows) {
    for (
        char const* page :
        {R"({"totalResults":7,"limit":2,"offset":4,"count":1,"hasMore":true,"items":[{"a":"1"}]})",
         R"({"items":[{"a":"1"}],"hasMore":true,"count":1,"offset":4,"limit":2,"totalResults":7})",
         R"({"hasMore":true,"limit":2,"items":[{"a":"1"}],"count":1,"offset":4,"totalResults":7})"}) {
        auto const out = decode<texts>(page);
        BOOST_TEST(out.rows.size() == 1u);
        BOOST_TEST(out.envelope.totalResults.value() == 7);
        BOOST_TEST(out.envelope.limit.value() == 2);
        BOOST_TEST(out.envelope.offset.value() == 4);
        BOOST_TEST(out.envelope.count.value() == 1);
        BOOST_TEST(out.envelope.hasMore.value());
    }
}

BOOST_AUTO_TEST_CASE(missing_envelope_members_stay_unset) {
    bulk::detail::row_decoder decoder(bulk::detail::row_codec<texts>);
    decode<texts>(decoder, R"({"totalResults":7,"hasMore":true,"items":[{"a":"1"}]})");
    auto const out = decode<texts>(decoder, R"({"totalResults":null,"items":null})");
    BOOST_TEST(out.detail() == "nothing is wrong");
    BOOST_TEST(out.rows.empty());
    BOOST_TEST(!out.envelope.totalResults.has_value());
    BOOST_TEST(!out.envelope.hasMore.has_value());
    BOOST_TEST(decoder.rows() == 0);
    BOOST_TEST(!out.envelope.has_items);
    BOOST_TEST(decode<texts>(decoder, page_of("")).envelope.has_items);
}

BOOST_AUTO_TEST_CASE(escapes) {
    std::string const page =
        page_of(R"({"a":"\"\\\/\b\f\n\r\t","b":"\u00e9\u20AC\ud83d\ude00\u0000x","c":"Zoë 😀"},)"
                R"({"\u0061":"1","b\u0000":"no","\u0062":"2"})");
    std::string const expected = std::string("<\"\\/\b\f\n\r\t|é€😀") + '\0' + "x|Zoë 😀><1|2|>";
    for (std::size_t cut = 0; cut <= page.size(); ++cut)
        BOOST_TEST(read_texts(page, {cut}) == expected);
    BOOST_TEST(read_texts(page, pieces_of(page.size(), 1)) == expected);
}

BOOST_AUTO_TEST_CASE(rows_are_delivered_as_soon_as_they_are_complete) {
    bulk::detail::row_decoder decoder(bulk::detail::row_codec<texts>);
    reusing_sink<texts> sink;
    int rows = 0;
    sink.on_row = [&](texts const&) { ++rows; };
    decoder.begin_page(0);
    auto feed = [&](std::string_view piece) {
        std::copy(piece.begin(), piece.end(), decoder.prepare().begin());
        decoder.commit(piece.size(), sink).value();
        BOOST_TEST(decoder.rows() == rows);
        return rows;
    };
    BOOST_TEST(feed(R"({"items":[{"a":"1"})") == 1);
    BOOST_TEST(feed(R"(,{"a":"2")") == 1);
    BOOST_TEST(feed(R"(},{)") == 2);
    BOOST_TEST(feed(R"(}]})") == 3);
    decoder.finish().value();
}

BOOST_AUTO_TEST_CASE(rows_of_views) {
    bulk::detail::row_decoder decoder(bulk::detail::row_codec<views>);
    reusing_sink<views> sink;
    std::string all;
    sink.on_row = [&](views const& row) {
        all += '<' + std::string(row.a) + '|' + std::string(row.b.value_or("-")) + '>';
    };
    std::string const page =
        page_of(R"({"a":"one","b":"tw\u006f"},{"b":"long enough to be no short string"},)"
                R"({"a":12,"b":null},{})");
    for (std::size_t size : {std::size_t(1), std::size_t(2), std::size_t(5), page.size()}) {
        all.clear();
        decoder.begin_page(0);
        for (std::size_t at = 0; at < page.size(); at += size) {
            std::size_t const n = std::min(size, page.size() - at);
            std::copy_n(page.data() + at, n, decoder.prepare().data());
            decoder.commit(n, sink).value();
        }
        decoder.finish().value();
        BOOST_TEST(all == "<one|two><|long enough to be no short string><12|-><|->");
    }
}

BOOST_AUTO_TEST_CASE(rows_in_memory_of_the_caller) {
    std::pmr::monotonic_buffer_resource memory;
    struct final_sink final : bulk::detail::row_sink {
        explicit final_sink(std::pmr::memory_resource* m)
            : row{std::pmr::string(m), std::pmr::string(m)} {}
        void* begin_row() override { return &row; }
        void end_row(bool) override {}
        pmr_row row;
    } sink(&memory);
    bulk::detail::row_decoder decoder(bulk::detail::row_codec<pmr_row>);
    decoder.begin_page(0);
    std::string const page = page_of(R"({"a":"long enough to be no short string","b":"2"})");
    std::copy(page.begin(), page.end(), decoder.prepare().begin());
    decoder.commit(page.size(), sink).value();
    decoder.finish().value();
    BOOST_TEST(sink.row.a == "long enough to be no short string");
    BOOST_TEST((sink.row.a.get_allocator().resource() == &memory));
}

BOOST_AUTO_TEST_CASE(a_decoder_can_be_reused_after_a_failed_page) {
    bulk::detail::row_decoder decoder(bulk::detail::row_codec<texts>);
    std::string const good = page_of(R"({"a":"1"},{"b":"2"})");
    for (char const* bad : {R"({"items":[{"a":"old)", R"({"items":[{"a":"old","a":"x"}]})",
                            R"({"items":[{"a":12345)", R"({"items":[{"a":"x"},7]})", "\"no\"", "",
                            R"({"items":[{"x":[[)", R"({"items":[{"lo)", R"({} {})"}) {
        BOOST_TEST(decode<texts>(decoder, bad, {3}).wrong.has_value());
        auto const out = decode<texts>(decoder, good);
        BOOST_TEST(out.detail() == "nothing is wrong");
        BOOST_TEST_REQUIRE(out.rows.size() == 2u);
        BOOST_TEST(shown(out.rows[0]) + shown(out.rows[1]) == "1|||2|");
    }
}

BOOST_AUTO_TEST_CASE(an_exception_of_the_sink_passes_through) {
    bulk::detail::row_decoder decoder(bulk::detail::row_codec<texts>);
    reusing_sink<texts> sink;
    sink.on_row = [](texts const&) { throw std::runtime_error("full"); };
    std::string const page = page_of(R"({"a":"1"},{"a":"2"})");
    decoder.begin_page(0);
    std::copy(page.begin(), page.end(), decoder.prepare().begin());
    BOOST_CHECK_EXCEPTION((void)decoder.commit(page.size(), sink), std::runtime_error,
                          [](auto const& e) { return e.what() == std::string_view("full"); });
    BOOST_TEST(decoder.rows() == 0);
    BOOST_TEST(decode<texts>(decoder, page).rows.size() == 2u);
}

BOOST_AUTO_TEST_SUITE_END()
