// SPDX-License-Identifier: BSL-1.0
// Rows of views, for all cuts of the page; and the allocations of the decoder.
#include <eloqua/bulk/detail/codec/row_encoder.hpp>
#include <eloqua/bulk/entity.hpp>

#include <boost/test/unit_test.hpp>

#include "allocations.hpp"
#include "pages.hpp"

namespace {

using namespace codec_tests;

struct views {
    std::string_view a;
    std::optional<std::string_view> b;
    std::string_view c;
};
BOOST_DESCRIBE_STRUCT(views, (), (a, b, c))

std::string read_views(bulk::detail::row_decoder& decoder, std::string_view page,
                       std::vector<std::size_t> ends) {
    reusing_sink<views> sink;
    std::string all;
    sink.on_row = [&](views const& row) {
        all += '<' + std::string(row.a) + '|' + std::string(row.b.value_or("-")) + '|' +
               std::string(row.c) + '>';
    };
    decoder.begin_page(0);
    ends.push_back(page.size());
    std::size_t at = 0;
    for (std::size_t end : ends) {
        std::copy(page.data() + at, page.data() + end, decoder.prepare().begin());
        decoder.commit(end - at, sink).value();
        at = end;
    }
    decoder.finish().value();
    return all;
}

/// Rows of one layout, with elements that take slow paths in between.
std::string const& mixed_page() {
    static std::string const page = page_of(
        R"({"a":"one","b":"two","c":"three"},{"a":"1","b":"2","c":"3"},)"
        R"({"a":"\u00e9\n","b":"tw\u006f","c":"long enough to be no short string \" "},)"
        R"({"a":"Zo\u00eb Zoë","b":"","c":"\\"},{"a":"x","b":null,"c":12.5},{"a":"y","b":"z","c":""},)"
        R"({"c":"3","a":"1\t"},{"c":"6","a":"4"},{ "a" : "7" , "b" : "8\/" , "c" : "9" },{},)"
        R"({"a":"end","b":"of","c":"page\u0000"})");
    return page;
}
std::string const mixed_rows =
    std::string("<one|two|three><1|2|3><é\n|two|long enough to be no short string \" >"
                "<Zoë Zoë|-|\\><x|-|12.5><y|z|><1\t|-|3><4|-|6><7|8/|9><|-|><end|of|page") +
    '\0' + '>';

struct short_texts {
    std::string EmailAddress, FirstName, LastName, Company;
    std::optional<std::string> Phone;
    std::int64_t Id = 0;
    std::optional<bool> IsSubscribed;
    std::chrono::sys_time<std::chrono::milliseconds> UpdatedAt;
};
BOOST_DESCRIBE_STRUCT(short_texts, (),
                      (EmailAddress, FirstName, LastName, Company, Phone, Id, IsSubscribed,
                       UpdatedAt))
struct short_views {
    std::string_view EmailAddress, FirstName, LastName, Company;
    std::optional<std::string_view> Phone;
    std::int64_t Id = 0;
    std::optional<bool> IsSubscribed;
    std::chrono::sys_time<std::chrono::milliseconds> UpdatedAt;
};
BOOST_DESCRIBE_STRUCT(short_views, (),
                      (EmailAddress, FirstName, LastName, Company, Phone, Id, IsSubscribed,
                       UpdatedAt))

/// Rows with two texts each that exceed the small-string buffer.
std::string long_page(int rows) {
    std::string items;
    for (int i = 0; i != rows; ++i)
        items += std::string(i == 0 ? "{" : ",{") + R"("EmailAddress":"contact.number.)" +
                 std::to_string(i) + R"(@example.com","FirstName":"Ana","LastName":")" +
                 (i % 5 ? "Lopes" : "\\u00e9Lopes") +
                 R"(","Company":"A company of more than 22 letters","Phone":")" +
                 (i % 3 ? "+351-555" : "") + R"(","Id":")" + std::to_string(i) +
                 R"(","IsSubscribed":"true","UpdatedAt":"2025-06-01 10:00:00.250"})";
    return page_of(items);
}
std::string const& long_page() {
    static std::string const page = long_page(3'000);
    return page;
}

template <class Row>
class counting_sink final : public bulk::detail::row_sink {
public:
    Row row{};
    std::int64_t rows = 0;
    void* begin_row() override { return &row; }
    void end_row(bool complete) override { rows += complete; }
};

void feed(bulk::detail::row_decoder& decoder, std::string_view page, std::size_t piece,
          bulk::detail::row_sink& sink) {
    decoder.begin_page(0);
    while (!page.empty()) {
        std::size_t const n = std::min(piece, page.size());
        std::copy_n(page.data(), n, decoder.prepare().data());
        page.remove_prefix(n);
        decoder.commit(n, sink).value();
    }
    decoder.finish().value();
}

template <class Row>
std::size_t allocations_of_a_second_page(bulk::rows_format format, std::string_view page,
                                         std::size_t piece) {
    bulk::detail::row_decoder decoder(bulk::detail::row_codec<Row>, format);
    counting_sink<Row> sink;
    feed(decoder, page, piece, sink);
    std::size_t const before = allocations();
    feed(decoder, page, piece, sink);
    BOOST_TEST(sink.rows == 6'000);
    return allocations() - before;
}

std::string csv_of(std::string_view page) {
    struct sink final : bulk::detail::row_sink {
        bulk::detail::row_encoder encoder{bulk::detail::row_codec<short_texts>,
                                          bulk::detail::columns_of<short_texts, bulk::contacts_t>,
                                          bulk::rows_format::csv};
        short_texts row;
        void* begin_row() override { return &row; }
        void end_row(bool complete) override {
            if (complete)
                BOOST_TEST((encoder.append(&row) == bulk::detail::row_encoder::fit::taken));
        }
    } into;
    bulk::detail::row_decoder decoder(bulk::detail::row_codec<short_texts>);
    feed(decoder, page, 65'536, into);
    return std::string(into.encoder.body());
}

} // namespace

BOOST_AUTO_TEST_SUITE(row_decoder_views)

BOOST_AUTO_TEST_CASE(views_are_right_at_every_cut) {
    bulk::detail::row_decoder decoder(bulk::detail::row_codec<views>);
    std::string const& page = mixed_page();
    for (std::size_t cut = 0; cut <= page.size(); ++cut)
        BOOST_TEST(read_views(decoder, page, {cut}) == mixed_rows, "cut at " << cut);
}

BOOST_AUTO_TEST_CASE(views_are_right_at_every_pair_of_close_cuts) {
    bulk::detail::row_decoder decoder(bulk::detail::row_codec<views>);
    std::string const& page = mixed_page();
    for (std::size_t cut = 0; cut + 40 < page.size(); ++cut)
        for (std::size_t next : {1u, 2u, 3u, 9u, 40u})
            BOOST_TEST(read_views(decoder, page, {cut, cut + next}) == mixed_rows,
                       "cut at " << cut << " and " << next << " further");
}

BOOST_AUTO_TEST_CASE(views_are_right_in_pieces_of_any_size) {
    bulk::detail::row_decoder decoder(bulk::detail::row_codec<views>);
    std::string const& page = mixed_page();
    for (std::size_t size = 1; size != page.size(); ++size) {
        auto ends = pieces_of(page.size(), size);
        ends.pop_back();
        BOOST_TEST(read_views(decoder, page, ends) == mixed_rows, "pieces of " << size);
    }
}

BOOST_AUTO_TEST_CASE(a_reused_row_and_views_allocate_nothing) {
    std::string const csv = csv_of(long_page());
    for (std::size_t piece : {std::size_t(65'536), std::size_t(1'000), std::size_t(61)}) {

        BOOST_TEST(allocations_of_a_second_page<short_texts>(bulk::rows_format::json, long_page(),
                                                             piece) == 0u);
        BOOST_TEST(allocations_of_a_second_page<short_views>(bulk::rows_format::json, long_page(),
                                                             piece) == 0u);
        BOOST_TEST(allocations_of_a_second_page<short_texts>(bulk::rows_format::csv, csv, piece) ==
                   0u);
        BOOST_TEST(allocations_of_a_second_page<short_views>(bulk::rows_format::csv, csv, piece) ==
                   0u);
    }
}

BOOST_AUTO_TEST_CASE(rows_of_strings_allocate_once_for_each_long_string) {
    struct sink final : bulk::detail::row_sink {
        std::vector<short_texts> rows;
        void* begin_row() override { return &rows.emplace_back(); }
        void end_row(bool complete) override {
            if (!complete)
                rows.pop_back();
        }
    } into;
    into.rows.reserve(201);
    bulk::detail::row_decoder decoder(bulk::detail::row_codec<short_texts>);
    std::string const page = long_page(200); // a single piece
    BOOST_TEST_REQUIRE(page.size() < decoder.prepare().size());
    feed(decoder, page, page.size(), into);
    into.rows.clear();
    std::size_t const before = allocations();
    feed(decoder, page, page.size(), into);
    std::size_t const made = allocations() - before;
    BOOST_TEST(into.rows.size() == 200u);
    BOOST_TEST(made == 400u);
}

BOOST_AUTO_TEST_CASE(encoding_allocates_nothing_but_the_buffer) {
    struct sink final : bulk::detail::row_sink {
        std::vector<short_texts> rows;
        void* begin_row() override { return &rows.emplace_back(); }
        void end_row(bool) override {}
    } into;
    bulk::detail::row_decoder decoder(bulk::detail::row_codec<short_texts>);
    std::string const& page = long_page();
    feed(decoder, page, 65'536, into);
    for (auto format : {bulk::rows_format::json, bulk::rows_format::csv}) {
        bulk::detail::row_encoder encoder(bulk::detail::row_codec<short_texts>,
                                          bulk::detail::columns_of<short_texts, bulk::contacts_t>,
                                          format);
        auto encode = [&] {
            encoder.clear();
            for (short_texts const& each : into.rows)
                (void)encoder.append(&each);
        };
        encode();
        std::size_t const before = allocations();
        encode();
        BOOST_TEST(allocations() == before);
        BOOST_TEST(encoder.rows() == into.rows.size());
    }
}

BOOST_AUTO_TEST_SUITE_END()
