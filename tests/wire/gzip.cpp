// SPDX-License-Identifier: BSL-1.0
// Compressed bodies give the text that was compressed, or an error, in pieces of any size.
#include <eloqua/bulk/detail/http/gzip.hpp>
#include <eloqua/bulk/simulator/detail/gzip.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstddef>
#include <limits>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace bulk = eloqua::bulk;
using bulk::simulation::gzip;

namespace {

constexpr std::size_t whole = std::numeric_limits<std::size_t>::max();

/// Inflates a body that arrives in pieces of `piece` bytes, `room` bytes at a time.
bulk::result<std::string> inflate(bulk::detail::gzip_decoder& decoder, std::string_view body,
                                  std::size_t piece = whole, std::size_t room = 64 * 1024) {
    std::string text, out(room, '\0');
    decoder.begin();
    while (!decoder.ended()) {
        auto const n = decoder.read(out);
        if (!n)
            return n.error();
        text.append(out, 0, *n);
        if (*n != 0 || decoder.ended())
            continue;
        std::span<char> const into = decoder.prepare();
        std::size_t const came = body.copy(into.data(), std::min(into.size(), piece));
        body.remove_prefix(came);
        decoder.commit(came);
    }
    return text;
}
bulk::result<std::string> inflate(std::string_view body, bulk::inflate_limits limits = {}) {
    bulk::detail::gzip_decoder decoder(limits);
    return inflate(decoder, body);
}

/// Text with and without repetitions.
std::string sample(std::size_t size) {
    std::mt19937 random(7);
    std::string text;
    while (text.size() < size)
        text += random() % 3 ? "\"EmailAddress\":\"" : std::to_string(random());
    text.resize(size);
    return text;
}

bool is_malformed(bulk::result<std::string> const& came) {
    return came.has_error() && came.error().code == bulk::errc::malformed_response;
}

} // namespace

BOOST_AUTO_TEST_SUITE(gzip_decoder)

BOOST_AUTO_TEST_CASE(pieces_and_room_of_any_size) {
    std::string const text = sample(200'000);
    std::string const body = gzip(text);
    bulk::detail::gzip_decoder decoder({});
    for (std::size_t piece : {std::size_t(1), std::size_t(7), std::size_t(4096), whole})
        for (std::size_t room : {std::size_t(1), std::size_t(13), std::size_t(65'536)})
            BOOST_TEST((inflate(decoder, body, piece, room).value() == text));
}

BOOST_AUTO_TEST_CASE(several_members_are_one_body) {
    std::string const body =
        gzip("one, ") + gzip("") + gzip("two, ") + gzip(sample(70'000)) + gzip("");
    bulk::detail::gzip_decoder decoder({});
    for (std::size_t piece : {std::size_t(1), std::size_t(20), whole})
        BOOST_TEST((inflate(decoder, body, piece).value() == "one, two, " + sample(70'000)));
}

BOOST_AUTO_TEST_CASE(no_bytes_are_an_empty_body) {
    BOOST_TEST(inflate("").value().empty());
    BOOST_TEST(inflate(gzip("")).value().empty());
}

BOOST_AUTO_TEST_CASE(a_body_cut_anywhere_is_an_error) {
    std::string const body = gzip(sample(500));
    bulk::detail::gzip_decoder decoder({});
    for (std::size_t n = 1; n != body.size(); ++n) {
        auto const came = inflate(decoder, std::string_view(body).substr(0, n));
        BOOST_TEST(is_malformed(came));
        BOOST_TEST(came.error().message().find("ends too early") != std::string::npos);
    }
    BOOST_TEST((inflate(decoder, body).value() == sample(500)));
}

BOOST_AUTO_TEST_CASE(a_damaged_body_never_gives_another_text) {
    std::string const text = sample(500);
    std::string const body = gzip(text);
    bulk::detail::gzip_decoder decoder({});
    std::size_t refused = 0;
    for (std::size_t at = 0; at != body.size(); ++at)
        for (int bit = 0; bit != 8; ++bit) {
            std::string damaged = body;
            damaged[at] = static_cast<char>(damaged[at] ^ 1 << bit);
            auto const came = inflate(decoder, damaged);
            refused += came.has_error();
            BOOST_TEST((came.has_error() ? is_malformed(came) : *came == text));
        }
    // Time, extra flags and system in the header do not matter.
    BOOST_TEST(refused >= (body.size() - 6) * 8 - 8);
}

BOOST_AUTO_TEST_CASE(data_after_a_member_must_be_gzip_too) {
    BOOST_TEST(is_malformed(inflate(gzip("{}") + "{}")));
    BOOST_TEST(is_malformed(inflate(R"({"items":[]})")));
    auto const came = inflate(gzip("{}") + "{}");
    BOOST_TEST(came.error().message().find("before byte 2") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(padding_after_the_last_member_is_not_part_of_the_body) {
    bulk::detail::gzip_decoder decoder({});
    for (std::string const& padding :
         {std::string(1, '\0'), std::string(8, '\0'), std::string(200'000, '\0'),
          std::string("\r\n"), std::string("\n"), std::string("\r\n\0", 3)})
        for (std::size_t piece : {std::size_t(1), std::size_t(20), whole}) {
            BOOST_TEST(inflate(decoder, gzip("{}") + padding, piece).value() == "{}");
            BOOST_TEST(is_malformed(inflate(decoder, gzip("{}") + padding + "x", piece)));
            BOOST_TEST(is_malformed(inflate(decoder, padding + gzip("{}"), piece)));
        }
    bulk::inflate_limits limits;
    limits.bytes = 1'000;
    auto const endless = inflate(gzip("{}") + std::string(200'000, '\0'), limits);
    BOOST_TEST((endless.error().code == bulk::errc::response_too_large));
}

BOOST_AUTO_TEST_CASE(the_size_is_limited) {
    bulk::inflate_limits limits;
    limits.bytes = 1'000;
    BOOST_TEST(inflate(gzip(sample(1'000)), limits).has_value());
    auto const came = inflate(gzip(sample(1'001)), limits);
    BOOST_TEST_REQUIRE(came.has_error());
    BOOST_TEST((came.error().code == bulk::errc::response_too_large));
    BOOST_TEST(came.error().message().find("more than 1000 bytes") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_ratio_is_limited) {
    std::string const blank(4'000'000, ' ');
    auto const came = inflate(gzip(blank));
    BOOST_TEST_REQUIRE(came.has_error());
    BOOST_TEST((came.error().code == bulk::errc::response_too_large));
    BOOST_TEST(came.error().message().find("500 times") != std::string::npos);
    bulk::inflate_limits limits;
    limits.ratio = 2'000;
    BOOST_TEST((inflate(gzip(blank), limits).value() == blank));
    limits.ratio = 0; // as 1
    BOOST_TEST(inflate(gzip(sample(2'000'000)), limits).has_error());
    BOOST_TEST(inflate(gzip(std::string(1'000'000, ' '))).has_value()); // too short to count
}

BOOST_AUTO_TEST_CASE(accept_encoding_decides_about_gzip) {
    for (auto const& [text, takes] : {std::pair("gzip", true),
                                      {"deflate, GZIP;q=0.5", true},
                                      {" br ,gzip ; q=1", true},
                                      {"gzip;q=0", false},
                                      {"gzip;q=0.000", false},
                                      {"identity", false},
                                      {"xgzip, gzipped", false},
                                      {"", false}}) {
        bulk::request q;
        q.fields.set("Accept-Encoding", text);
        BOOST_TEST(bulk::simulation::accepts_gzip(q) == takes);
    }
    BOOST_TEST(!bulk::simulation::accepts_gzip(bulk::request()));
}

BOOST_AUTO_TEST_SUITE_END()
