// SPDX-License-Identifier: BSL-1.0
// Exports whose pages are compressed by gzip.
#include <eloqua/bulk/simulator/detail/gzip.hpp>

#include <boost/describe.hpp>
#include <boost/test/unit_test.hpp>

#include "export_script.hpp"
#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace bulk = eloqua::bulk;
using namespace export_script;
using bulk::simulation::gzip;

namespace {

bulk::scripted_transport::step compressed(bulk::scripted_transport& script, int offset,
                                          std::string const& body) {
    auto step = page(script, 9, offset, body);
    step.with("Content-Encoding", "gzip");
    return step;
}

/// Reads an export to its end, in pages of 9; appends the numbers of its rows to `got`.
bulk::result<std::int64_t> read_all(bulk::scripted_transport const& script, std::vector<int>& got,
                                    bulk::client_options o = options()) {
    bulk::export_options pages;
    pages.page_rows = 9;
    auto source =
        bulk::client(script, me, o).export_rows<contact>(bulk::contacts, bulk::all_rows, pages);
    return source.for_each([&](contact const& c) { got.push_back(c.number); }).get();
}

std::string const whole = rows(0, 3, R"(,"totalResults":3,"hasMore":false)");

} // namespace

BOOST_AUTO_TEST_SUITE(compressed_pages)

BOOST_AUTO_TEST_CASE(pieces_of_any_size) {
    for (std::size_t piece : {1u, 5u, 100u}) {
        auto script = begin(3);
        compressed(script, 0, gzip(whole)).in_pieces_of(piece);
        removal(script);
        std::vector<int> got;
        BOOST_TEST(read_all(script, got).value() == 3);
        BOOST_TEST(got == (std::vector<int>{0, 1, 2}), boost::test_tools::per_element());
    }
}

BOOST_AUTO_TEST_CASE(a_page_broken_at_every_byte_resumes_after_the_last_row) {
    std::string const body = gzip(whole);
    for (std::size_t cut = 0; cut <= body.size(); ++cut) {
        auto script = begin(3);
        compressed(script, 0, body).cut_after(cut).in_pieces_of(1);
        std::vector<int> got;
        {
            // zlib decides how many rows are left before the cut: the resumed request tells.
            auto probe = begin(3);
            compressed(probe, 0, body).cut_after(cut).in_pieces_of(1);
            auto once = options();
            once.retry.attempts = 1;
            BOOST_TEST(read_all(probe, got, once).has_error());
        }
        int const from = std::max(static_cast<int>(got.size()) - 1, 0); // the last row again
        compressed(script, from,
                   gzip(rows(from, 3 - from, R"(,"totalResults":3,"hasMore":false)")));
        removal(script);
        got.clear();
        BOOST_TEST(read_all(script, got).value() == 3);
        BOOST_TEST(got == (std::vector<int>{0, 1, 2}), boost::test_tools::per_element());
        BOOST_TEST(script.finished());
    }
}

BOOST_AUTO_TEST_CASE(damaged_gzip_is_final_and_names_page_and_sync) {
    std::string const cut = gzip(whole).substr(0, 60);
    std::string const bomb = gzip(whole.substr(0, 10) + std::string(90'000'000, ' '));
    for (std::string const& body : {cut, bomb, std::string("{}")}) {
        auto script = begin(3);
        compressed(script, 0, body);
        std::vector<int> got;
        bulk::failure const why = read_all(script, got).error();
        BOOST_TEST((why.code == (body == bomb ? bulk::errc::response_too_large
                                              : bulk::errc::malformed_response)));
        BOOST_TEST(why.message().find("gzip") != std::string::npos);
        BOOST_TEST(why.message().find("/syncs/6/data?limit=9&offset=0") != std::string::npos);
        BOOST_TEST(why.message().find("/syncs/6 of /contacts/exports/5") != std::string::npos);
        BOOST_TEST(script.unexpected().empty());
    }
}

BOOST_AUTO_TEST_SUITE_END()
