// SPDX-License-Identifier: BSL-1.0
// Hostile input cannot produce more rows or items than were requested, or use more memory than is
// allowed.
#include <eloqua/bulk/detail/codec/bounded_json.hpp>
#include <eloqua/bulk/document_json.hpp>
#include <eloqua/bulk/syncs.hpp>

#include <boost/test/unit_test.hpp>

#include "pages.hpp"

namespace {

using namespace codec_tests;

std::string repeated(std::string_view text, std::size_t count) {
    std::string all;
    for (std::size_t i = 0; i != count; ++i)
        all.append(i == 0 ? "" : ",").append(text);
    return all;
}

/// Decodes a page that was requested with this many rows, in pieces of this many bytes.
template <class Row>
outcome<Row> decode_asked(std::int64_t asked, std::string_view page, std::size_t piece,
                          bulk::rows_format format = bulk::rows_format::json) {
    outcome<Row> out;
    reusing_sink<Row> sink;
    sink.on_row = [&](Row const& row) { out.rows.push_back(row); };
    bulk::detail::row_decoder decoder(bulk::detail::row_codec<Row>, format);
    decoder.begin_page(0, {std::nullopt, asked});
    bulk::result<void> came;
    while (came && !page.empty()) {
        std::string_view const next = page.substr(0, piece);
        std::ranges::copy(next, decoder.prepare().begin());
        came = decoder.commit(next.size(), sink);
        page.remove_prefix(next.size());
    }
    if (came)
        came = decoder.finish();
    if (!came)
        out.wrong = came.error();
    return out;
}

std::int64_t counted(std::string_view text, std::size_t piece) {
    bulk::detail::item_counter items;
    for (; !text.empty(); text.remove_prefix(std::min(piece, text.size())))
        items.add(text.substr(0, piece));
    return items.count();
}

template <class T>
bulk::failure refused(std::string_view text, std::size_t memory = bulk::detail::document_memory) {
    auto const came = bulk::parse_document<T>(text, memory);
    BOOST_TEST_REQUIRE(came.has_error());
    return came.error();
}

} // namespace

BOOST_AUTO_TEST_SUITE(bounds)

BOOST_AUTO_TEST_CASE(more_rows_than_requested) {
    for (std::size_t const piece : {1u, 7u, 60'000u})
        for (char const* const row : {R"({"a":"1","b":"2","c":"3"})", R"({"a":1})", "{ }"}) {
            std::string const three = "{\"items\":[" + repeated(row, 3);
            auto const fine = decode_asked<texts>(3, three + "]}", piece);
            BOOST_TEST(!fine.wrong.has_value());
            auto const more = decode_asked<texts>(3, three + "," + row, piece); // and it never ends
            BOOST_TEST_REQUIRE(more.wrong.has_value());
            BOOST_TEST((more.wrong->code == bulk::errc::malformed_response));
            BOOST_TEST(more.detail().starts_with(
                "the page has more than the 3 rows that were requested, at byte "));
            BOOST_TEST(more.rows.size() == 3u);
        }
}

BOOST_AUTO_TEST_CASE(more_lines_than_requested) {
    for (std::size_t const piece : {1u, 7u, 60'000u}) {
        auto const csv = bulk::rows_format::csv;
        auto const fine = decode_asked<texts>(2, "a,b,c\n1,2,3\n\n1,2,3\n\n", piece, csv);
        BOOST_TEST(!fine.wrong.has_value());
        BOOST_TEST(fine.rows.size() == 2u);
        auto const more = decode_asked<texts>(2, "a,b,c\n1,2,3\n1,2,3\n1", piece, csv);
        BOOST_TEST_REQUIRE(more.wrong.has_value());
        BOOST_TEST((more.wrong->code == bulk::errc::malformed_response));
        BOOST_TEST(more.detail().starts_with(
            "the page has more than the 2 rows that were requested, at byte "));
        BOOST_TEST(more.rows.size() == 2u);
    }
}

BOOST_AUTO_TEST_CASE(list_items_are_counted_as_they_arrive) {
    for (std::size_t const piece : {1u, 3u, 1'000u}) {
        BOOST_TEST(
            counted(R"({"items":[{"a":[1,2,3]},{"b":{"c":1,"d":2}},{}],"x":1,"y":2})", piece) == 3);
        BOOST_TEST(counted(R"({"items" : [1,2,3,4)", piece) == 4);
        BOOST_TEST(counted(R"({"more":[{},{},{}],"x":{"items":[1,2,3]}})", piece) == 0);
        BOOST_TEST(
            counted(R"({"x":"items","items2":[1,2],"item":[1,2],"it\"items":[1,2]})", piece) == 0);
        BOOST_TEST(counted(R"({"items":["a,b","c\",","d\\",""]})", piece) == 4);
        BOOST_TEST(counted(R"([{},{},{}])", piece) == 0);
        BOOST_TEST(counted("]]]]\"\\", piece) == 0);
    }
}

BOOST_AUTO_TEST_CASE(a_tree_is_bounded) {
    // Six million empty objects take about a hundred times as much memory as their compressed text.
    std::string const empty = "{\"items\":[" + repeated("{}", 200'000) + "]}";
    bulk::failure const why = refused<bulk::page<bulk::sync_log>>(empty, 1);
    BOOST_TEST((why.code == bulk::errc::response_too_large));
    BOOST_TEST(why.info.detail == "its 600011 bytes of JSON hold too many values");
    for (char const* const text : {R"("")", "[]", "0", "{}", R"({"a":0})"})
        BOOST_TEST(
            (refused<bulk::page<bulk::sync_log>>("{\"x\":[" + repeated(text, 200'000) + "]}", 1)
                 .code == bulk::errc::response_too_large));
    BOOST_TEST((refused<bulk::page<bulk::sync_log>>(std::string(100, '[')).code ==
                bulk::errc::malformed_response));
}

BOOST_AUTO_TEST_CASE(a_list_of_objects_is_bounded) {
    auto const logs = [](std::size_t count) {
        return "{\"items\":[" + repeated("{}", count) + "]}";
    };
    BOOST_TEST(bulk::parse_document<bulk::page<bulk::sync_log>>(logs(1'000)).has_value());
    bulk::failure const why = refused<bulk::page<bulk::sync_log>>(logs(1'001));
    BOOST_TEST((why.code == bulk::errc::malformed_response));
    BOOST_TEST(why.info.detail == "items: has more than 1000 entries");
}

BOOST_AUTO_TEST_CASE(legitimate_responses_are_within_the_bounds) {
    // A thousand rejects of a hundred columns.
    std::string values;
    for (int i = 0; i != 100; ++i)
        values += (i == 0 ? "\"" : ",\"") + std::string("Column") + std::to_string(i) +
                  "\":\"a value of a column\"";
    std::string const one = "{\"fieldValues\":{" + values + "},\"recordIndex\":1}";
    auto const came = bulk::parse_document<bulk::page<bulk::sync_reject>>(
        "{\"items\":[" + repeated(one, 1'000) + "]}");
    BOOST_TEST_REQUIRE(came.has_value());
    BOOST_TEST(came->items.back().fieldValues.size() == 100u);
    // One of 250 columns with 4,000 characters each.
    std::string long_values;
    for (int i = 0; i != 250; ++i)
        long_values +=
            (i == 0 ? "\"" : ",\"") + std::to_string(i) + "\":\"" + std::string(4'000, 'v') + "\"";
    BOOST_TEST(bulk::parse_document<bulk::page<bulk::sync_reject>>(
                   "{\"items\":[{\"fieldValues\":{" + long_values + "}}]}")
                   .has_value());
}

BOOST_AUTO_TEST_SUITE_END()
