// SPDX-License-Identifier: BSL-1.0
// A failure before the first byte of a request is written is retried, for every call. After that
// the outcome is unknown.
#include <eloqua/bulk.hpp>
#include <eloqua/bulk/beast_transport.hpp>
#include <eloqua/bulk/construct_client.hpp>
#include <eloqua/bulk/simulator.hpp>
#include <eloqua/bulk/simulator/certificate.hpp>
#include <eloqua/bulk/simulator/listener.hpp>
#include <eloqua/bulk/testing/scripted_transport.hpp>

#include <boost/asio/error.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/describe.hpp>
#include <boost/system/errc.hpp>
#include <boost/test/unit_test.hpp>

#include "../wire/raw_server.hpp"
#include <chrono>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

namespace bulk = eloqua::bulk;
using boost::system::errc::make_error_code;
using bulk::verb;
namespace errc = boost::system::errc;

namespace {

bulk::basic_credentials const me{"Company", "user", "secret"};
constexpr char const* made = R"({"name":"n","fields":{},"uri":"/contacts/exports/7"})";

bulk::client_options at_base(std::string base = "https://secure.p01.eloqua.com/API/Bulk/2.0") {
    bulk::client_options o;
    o.base_url = std::move(base);
    o.retry.first_delay = std::chrono::nanoseconds(0);
    return o;
}

template <class Client>
auto create(Client const& client) {
    return client.exports(bulk::contacts).create({}).get();
}

} // namespace

BOOST_AUTO_TEST_SUITE(unsent)

BOOST_AUTO_TEST_CASE(the_phase_and_not_the_error_decides_about_retries) {
    for (auto const e :
         {errc::connection_refused, errc::connection_reset, errc::too_many_files_open,
          errc::not_enough_memory, errc::broken_pipe, errc::host_unreachable, errc::timed_out}) {
        bulk::scripted_transport before;
        before.expect(verb::post, "/API/Bulk/2.0/contacts/exports")
            .fails_to_connect(make_error_code(e));
        before.expect(verb::post, "/API/Bulk/2.0/contacts/exports").answers(201, made);
        BOOST_TEST(create(bulk::client(before, me, at_base())).has_value(), e);
        BOOST_TEST(before.finished());

        bulk::scripted_transport after;
        after.expect(verb::post, "/API/Bulk/2.0/contacts/exports")
            .fails_to_send(make_error_code(e));
        auto const came = create(bulk::client(after, me, at_base()));
        BOOST_TEST((came.error().code == bulk::errc::outcome_unknown), e);
        BOOST_TEST(!came.error().info.unsent);
    }
}

BOOST_AUTO_TEST_CASE(a_failure_says_whether_it_was_sent) {
    auto options = at_base();
    options.retry.attempts = 1;
    bulk::scripted_transport script;
    script.expect(verb::post, "*").fails_to_connect();
    auto const refused = create(bulk::client(script, me, options));
    BOOST_TEST((refused.error().code == errc::connection_refused));
    BOOST_TEST(refused.error().info.unsent);

    // One of the attempts was sent.
    options.retry.attempts = 2;
    script.expect(verb::get, "*").fails_to_answer(make_error_code(errc::connection_reset));
    script.expect(verb::get, "*").fails_to_connect();
    auto const list = bulk::client(script, me, options).syncs().list().page().get();
    BOOST_TEST((list.error().code == errc::connection_refused));
    BOOST_TEST(!list.error().info.unsent);

    // Requests that the call itself needs first, such as the one for the base URL.
    script.expect(verb::get, "/id").fails_to_answer(make_error_code(errc::connection_reset));
    bulk::client_options asks;
    asks.retry.attempts = 1;
    BOOST_TEST(create(bulk::client(script, me, asks)).error().info.unsent);

    std::stop_source stop;
    stop.request_stop();
    auto const stopped = bulk::client(script, me, at_base())
                             .exports(bulk::contacts)
                             .create({})
                             .get(stop.get_token());
    BOOST_TEST((stopped.error().code == errc::operation_canceled));
    BOOST_TEST(stopped.error().info.unsent);
    BOOST_TEST(script.finished());
}

BOOST_AUTO_TEST_CASE(a_simulator_cuts_handshakes) {
    bulk::simulator eloqua;
    bulk::fault_plan plan;
    plan.at("POST /contacts/exports", 1, bulk::fault::cut_handshake());
    eloqua.inject(plan);
    bulk::client_options options;
    options.retry.attempts = 2;
    bulk::client client(eloqua, me, options);
    bulk::export_definition wanted;
    wanted.name = "n";
    wanted.fields.emplace_back("e", "{{Contact.Field(C_EmailAddress)}}");
    BOOST_TEST(client.exports(bulk::contacts).create(wanted).get().has_value());
    BOOST_TEST(plan.finished());
    BOOST_TEST(eloqua.requests("POST /contacts/exports") == 1u); // the other one never arrived
}

namespace {

struct cut_by {
    char const* name;
    void (*cut)(raw_connection&);
};
cut_by const cuts[] = {
    {"close at once", [](raw_connection&) {}},
    {"close after the client's hello", [](raw_connection& c) { c.read(); }},
    {"reset",
     [](raw_connection& c) {
         c.read();
         c.reset();
     }},
};

} // namespace

BOOST_AUTO_TEST_CASE(a_post_is_retried_after_an_interrupted_handshake) {
    for (cut_by const& each : cuts) {
        raw_server server({each.cut, each.cut, each.cut});
        auto options = at_base(server.where("https").text() + "/API/Bulk/2.0");
        options.retry.attempts = 3;
        auto const came = create(bulk::client(bulk::beast_transport(), me, options));
        BOOST_TEST_REQUIRE(came.has_error());
        BOOST_TEST(came.error().info.attempts == 3u, each.name << came.error().message());
        BOOST_TEST(came.error().info.unsent);
        BOOST_TEST((came.error().code == bulk::condition::try_later), came.error().message());
        BOOST_TEST(server.accepted() == 3);
    }
}

BOOST_AUTO_TEST_CASE(a_partly_sent_post_is_not_retried) {
    raw_server server({[](raw_connection& c) {
        c.read_request();
        c.reset();
    }});
    auto options = at_base(server.where().text() + "/API/Bulk/2.0");
    auto const came = create(bulk::client(bulk::beast_transport(), me, options));
    BOOST_TEST((came.error().code == bulk::errc::outcome_unknown));
    BOOST_TEST(!came.error().info.unsent);
    BOOST_TEST(server.accepted() == 1);
}

BOOST_AUTO_TEST_CASE(a_transport_reports_the_phase) {
    // A port without a listener, an unknown host, and an invalid request.
    bulk::beast_transport transport;
    bulk::origin free;
    {
        raw_server gone({});
        free = gone.where();
    }
    bulk::origin const nowhere{"http", "nowhere.invalid", 80};
    for (auto const& [at, target] :
         {std::pair(free, "/"), std::pair(nowhere, "/"), std::pair(free, "no path")}) {
        auto channel = transport.acquire();
        bulk::error_code ec;
        channel.send(bulk::request(verb::post, at, target), {}, ec);
        BOOST_TEST(ec.failed());
        BOOST_TEST(channel.unsent());
    }
    raw_server server({[](raw_connection& c) { c.read_request(); }});
    auto channel = transport.acquire();
    bulk::error_code ec;
    channel.send(bulk::request(verb::post, server.where(), "/"), {}, ec);
    BOOST_TEST(!ec);
    BOOST_TEST(!channel.unsent());
}

BOOST_AUTO_TEST_SUITE_END()
