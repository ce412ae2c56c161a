// SPDX-License-Identifier: BSL-1.0
// The scripted transport, which users get too.
#include <eloqua/bulk/operation.hpp>
#include <eloqua/bulk/testing/scripted_transport.hpp>

#include <boost/test/unit_test.hpp>

#include "sample_flow.hpp"
#include <memory>
#include <string>
#include <utility>

namespace bulk = eloqua::bulk;

namespace {

bulk::origin const here{"https", "example.invalid", 443};

bulk::result<sample::answer> run(bulk::scripted_transport const& script, bulk::request q,
                                 std::string body = {}, std::size_t piece = 4096) {
    bulk::operation<sample::answer, bulk::scripted_transport> op(
        sample::fetch(std::move(q), std::move(body), {}, piece),
        std::make_shared<bulk::scripted_transport>(script));
    return std::move(op).get();
}

} // namespace

BOOST_AUTO_TEST_SUITE(scripted_transport)

BOOST_AUTO_TEST_CASE(records_its_requests) {
    bulk::scripted_transport script;
    script.expect(bulk::verb::post, "/imports").answers(201, "{}").with("X-Note", "n");
    bulk::request q(bulk::verb::post, here, "/imports");
    q.fields.set("Content-Type", "application/json");
    auto const got = run(script, q, "[1]");
    BOOST_TEST(got.value().status == 201);
    BOOST_TEST(got.value().body == "{}");
    BOOST_TEST(script.finished());
    BOOST_TEST(script.unexpected().empty());
    BOOST_TEST_REQUIRE(script.requests().size() == 1u);
    bulk::seen_request const& seen = script.requests().front();
    BOOST_TEST(seen.line() == "POST https://example.invalid/imports");
    BOOST_TEST(seen.body == "[1]");
    BOOST_TEST(seen.fields.find("content-type").value() == "application/json");
}

BOOST_AUTO_TEST_CASE(a_final_star_matches_any_end) {
    bulk::scripted_transport script;
    script.expect(bulk::verb::get, "/data?*").answers(200, "rows");
    BOOST_TEST(run(script, sample::get(here, "/data?offset=0")).value().body == "rows");
    BOOST_TEST(script.unexpected().empty());
}

BOOST_AUTO_TEST_CASE(an_unexpected_request_is_reported_with_the_expected_one) {
    bulk::scripted_transport script;
    script.expect(bulk::verb::get, "/a");
    auto got = run(script, sample::get(here, "/b"));
    BOOST_TEST((got.error().code == bulk::errc::invalid_argument));
    BOOST_TEST(!script.finished());
    BOOST_TEST_REQUIRE(script.unexpected().size() == 1u);
    BOOST_TEST(script.unexpected()[0] ==
               "GET https://example.invalid/b; the script expects GET /a");

    // The script is not moved.
    BOOST_TEST(run(script, sample::get(here, "/a")).has_value());
    BOOST_TEST(script.finished());
    BOOST_TEST(run(script, sample::get(here, "/a")).has_error());
    BOOST_TEST(script.unexpected()[1] ==
               "GET https://example.invalid/a; the script expects nothing more");
    BOOST_TEST(script.requests().size() == 3u);
}

BOOST_AUTO_TEST_CASE(failures) {
    using boost::system::errc::connection_refused;
    using boost::system::errc::connection_reset;
    using boost::system::errc::timed_out;
    bulk::scripted_transport script;
    script.expect(bulk::verb::get, "/").fails_to_connect();
    script.expect(bulk::verb::get, "/").fails_to_answer(make_error_code(timed_out));
    script.expect(bulk::verb::get, "/").answers(200, "0123456789").cut_after(7);
    BOOST_TEST((run(script, sample::get(here, "/")).error().code == connection_refused));
    BOOST_TEST((run(script, sample::get(here, "/")).error().code == timed_out));
    BOOST_TEST((run(script, sample::get(here, "/")).error().code == connection_reset));
    BOOST_TEST(script.finished());
}

BOOST_AUTO_TEST_CASE(a_stale_connection_is_reported_as_stale) {
    bulk::scripted_transport script;
    script.expect(bulk::verb::get, "/").stale();
    script.expect(bulk::verb::get, "/").answers(200, "second");
    BOOST_TEST(run(script, sample::get(here, "/")).value().body == "second");
    BOOST_TEST(script.requests().size() == 2u);
}

BOOST_AUTO_TEST_CASE(pieces) {
    for (std::size_t piece : {1u, 3u, 10u, 4096u}) {
        bulk::scripted_transport script;
        script.expect(bulk::verb::get, "/").answers(200, "0123456789").in_pieces_of(piece);
        BOOST_TEST(run(script, sample::get(here, "/")).value().body == "0123456789");
        script.expect(bulk::verb::get, "/").answers(200, "0123456789");
        BOOST_TEST(run(script, sample::get(here, "/"), {}, piece).value().body == "0123456789");
    }
}

BOOST_AUTO_TEST_CASE(a_hook_is_called_once_at_its_byte) {
    bulk::scripted_transport script;
    int calls = 0;
    script.expect(bulk::verb::get, "/").answers(200, "0123456789").at_byte(4, [&] { ++calls; });
    auto channel = script.acquire();
    bulk::error_code ec;
    bulk::head h;
    char buffer[10];
    bulk::request const q = sample::get(here, "/");
    channel.send(q, {}, ec);
    channel.read_head(h, {}, ec);
    BOOST_TEST(h.content_length.value() == 10u);
    BOOST_TEST(channel.read_some(buffer, {}, ec) == 4u);
    BOOST_TEST(calls == 0);
    BOOST_TEST(channel.read_some(buffer, {}, ec) == 6u);
    BOOST_TEST(calls == 1);
    BOOST_TEST(channel.read_some(buffer, {}, ec) == 0u);
    BOOST_TEST(!ec);
    BOOST_TEST(calls == 1);
}

BOOST_AUTO_TEST_CASE(only_waits_and_delays_advance_its_clock) {
    bulk::scripted_transport script;
    auto const begin = script.now();
    script.expect(bulk::verb::get, "/").after(std::chrono::minutes(5)).answers(503);
    script.expect(bulk::verb::get, "/");
    auto const got = run(script, sample::get(here, "/"));
    BOOST_TEST((got.value().at - begin == std::chrono::minutes(5) + std::chrono::seconds(30)));
}

BOOST_AUTO_TEST_CASE(a_channel_without_a_request_has_no_response) {
    bulk::scripted_transport script;
    auto channel = script.acquire();
    bulk::error_code ec;
    bulk::head h;
    channel.read_head(h, {}, ec);
    BOOST_TEST((ec == boost::system::errc::not_connected));
}

BOOST_AUTO_TEST_SUITE_END()
