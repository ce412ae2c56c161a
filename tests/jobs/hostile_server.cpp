// SPDX-License-Identifier: BSL-1.0
// Hostile servers: each causes a failure that names the problem. benchmarks/hostile_memory measures
// the memory that they cost.
#include <boost/test/unit_test.hpp>

#include "hostile_answers.hpp"
#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <vector>

BOOST_AUTO_TEST_SUITE(hostile_server)

BOOST_AUTO_TEST_CASE(good_responses) {
    using enum hostile::doing;
    for (hostile::doing const what : {read_document, read_list, read_page, export_json, export_csv,
                                      import_rows, export_full, import_full}) {
        raw_server server(std::vector(16, hostile::serving(what, hostile::well(what))));
        auto const why = hostile::call(what, server.where(), std::chrono::seconds(60));
        BOOST_TEST(!why.has_value(), (why ? why->message() : ""));
    }
}

BOOST_AUTO_TEST_CASE(hostile_responses) {
    for (hostile::attack const& each : hostile::attacks(40'000'000))
        BOOST_TEST_CONTEXT(each.name) {
            if (!each.hostile)
                continue;
            raw_server server(std::vector(16, hostile::serving(each.what, each.hostile)));
            auto const begin = hostile::bulk::clock::now();
            auto const why = hostile::call(each.what, server.where(), each.deadline);
            BOOST_TEST_MESSAGE(each.name << ": "
                                         << (hostile::bulk::clock::now() - begin) /
                                                std::chrono::milliseconds(1)
                                         << " ms");
            BOOST_TEST_REQUIRE(why.has_value());
            BOOST_TEST(!why->code.message().empty());
            BOOST_TEST(why->info.request.find("http://127.0.0.1") != std::string::npos,
                       why->message());
            BOOST_TEST(why->message().size() < 2'000u);
            BOOST_TEST(
                (each.ends.empty() || std::ranges::find(each.ends, why->code) != each.ends.end()),
                why->message());
        }
}

BOOST_AUTO_TEST_SUITE_END()
