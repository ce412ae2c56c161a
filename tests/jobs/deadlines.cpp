// SPDX-License-Identifier: BSL-1.0
// No operation waits for ever, whatever stops responding and whenever. wire/beast_transport.cpp
// tests the deadline of each phase of a connection.
#include <eloqua/bulk.hpp>
#include <eloqua/bulk/async.hpp>
#include <eloqua/bulk/async_beast_transport.hpp>
#include <eloqua/bulk/beast_transport.hpp>
#include <eloqua/bulk/simulator.hpp>
#include <eloqua/bulk/simulator/fault_plan.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/describe.hpp>
#include <boost/test/unit_test.hpp>

#include "../wire/raw_server.hpp"
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace bulk = eloqua::bulk;

namespace {

using namespace std::chrono_literals;

struct contact {
    std::string email;
    using eloqua_fields = bulk::fields<bulk::field<&contact::email, "C_EmailAddress">>;
};
BOOST_DESCRIBE_STRUCT(contact, (), (email))

bulk::basic_credentials const me{"Company", "user", "secret"};
std::string const removal = "DELETE /contacts/";

bool has(std::string const& text, std::string_view part) {
    return text.find(part) != text.npos;
}

/// How long an operation took, and how it ended.
struct ending {
    std::optional<bulk::failure> why;
    bulk::clock::duration took{};
    bool removed = false; ///< the definition
};

/// An export of ten rows, or an import of ten, one of which is rejected.
ending run(bool exports, bulk::simulator eloqua, bulk::client_options o = {}) {
    o.seed = 1;
    bulk::client client(eloqua, me, o);
    ending end;
    auto const begin = eloqua.now();
    if (exports) {
        bulk::export_options small;
        small.page_rows = 4;
        auto source = client.export_rows<contact>(bulk::contacts, bulk::all_rows, small);
        std::int64_t rows = 0;
        auto const came = source.for_each([&](contact const&) { ++rows; }).get();
        if (came) {
            BOOST_TEST(rows == 10);
            end.removed = source.receipt().definition_deleted;
        } else {
            end.why = came.error();
        }
    } else {
        std::vector<contact> people;
        for (int i = 0; i != 10; ++i)
            people.push_back({i == 3 ? "nobody" : "p" + std::to_string(i) + "@example.com"});
        bulk::import_options small;
        small.request_bytes = 120;
        small.requests_per_sync = 2;
        auto const came =
            client.import_rows(bulk::contacts, bulk::identified_by<&contact::email>, people, small)
                .get();
        if (came) {
            BOOST_TEST(came->created == 9);
            end.removed = came->definition_deleted;
        } else {
            end.why = came.error();
        }
    }
    end.took = eloqua.now() - begin;
    return end;
}

bulk::simulator service() {
    bulk::simulator eloqua;
    eloqua.generate_contacts(10);
    return eloqua;
}

/// The endpoints of a job, and the number of its requests.
std::pair<std::vector<std::string>, std::uint64_t> requests_of(bool exports) {
    bulk::fault_plan plan;
    plan.from("*", 1, bulk::fault::trickle()); // which changes only the log
    auto eloqua = service();
    eloqua.inject(plan);
    BOOST_TEST(!run(exports, eloqua).why.has_value());
    std::vector<std::string> names;
    for (auto const& each : plan.log())
        if (std::ranges::find(names, each.endpoint) == names.end())
            names.push_back(each.endpoint);
    return {names, plan.log().size()};
}

/// How long a request may take with all its attempts: no attempt begins after the total time, and
/// none waits longer for its head than the deadline. By default the number of attempts ends it
/// sooner.
bulk::clock::duration longest_call() {
    bulk::retry_policy const retry;
    bulk::deadlines const limits;
    return std::min<bulk::clock::duration>(retry.total_time + limits.head,
                                           retry.attempts * (limits.head + retry.longest_delay));
}

/// How long a job may take after something stopped responding: a creation is tried as often as
/// other requests are retried, with searches in between.
bulk::clock::duration longest_trouble() {
    bulk::retry_policy const retry;
    bulk::deadlines const limits;
    return std::max<bulk::clock::duration>(
        longest_call(),
        retry.attempts * (limits.head + retry.search_attempts * retry.longest_delay));
}

bool names_something(bulk::failure const& why) {
    return has(why.info.request, "https://") || has(why.info.detail, "/syncs/");
}

} // namespace

BOOST_AUTO_TEST_SUITE(deadlines)

BOOST_AUTO_TEST_CASE(an_endpoint_that_never_answers) {
    std::vector<bulk::fault> const silences = {bulk::fault::stall(true), bulk::fault::stall(false),
                                               bulk::fault::stall_after(0),
                                               bulk::fault::stall_after(1)};
    for (bool exports : {true, false}) {
        auto const endpoints = requests_of(exports).first;
        BOOST_TEST(endpoints.size() >= 7u);
        auto const usual = run(exports, service()).took;
        for (std::string const& endpoint : endpoints)
            for (bulk::fault const& silence : silences) {
                auto eloqua = service();
                eloqua.inject(bulk::fault_plan().from(endpoint, 1, silence));
                ending const end = run(exports, eloqua);
                BOOST_TEST_CONTEXT(endpoint << ": " << silence) {
                    BOOST_TEST((end.took <= usual + longest_trouble()),
                               end.took / 1min << " minutes");
                    if (!end.why) {
                        // The requested object exists, or the started sync was found.
                        bool const goes_unheard = endpoint.starts_with(removal);
                        bool const can_be_found =
                            endpoint.starts_with("POST ") && silence.carried_out;
                        BOOST_TEST((goes_unheard || can_be_found));
                        BOOST_TEST(end.removed != goes_unheard);
                        continue;
                    }
                    BOOST_TEST(names_something(*end.why), end.why->message());
                    BOOST_TEST((end.why->code == bulk::condition::try_later ||
                                end.why->code == bulk::errc::outcome_unknown),
                               end.why->message());
                }
            }
    }
}

BOOST_AUTO_TEST_CASE(a_service_that_falls_silent_at_any_request) {
    for (bool exports : {true, false}) {
        std::uint64_t const requests = requests_of(exports).second;
        BOOST_TEST(requests >= 10u);
        auto const usual = run(exports, service()).took;
        for (std::uint64_t n = 1; n <= requests; ++n)
            for (bulk::fault const& silence : {bulk::fault::stall(true), bulk::fault::stall(false),
                                               bulk::fault::stall_after(1)}) {
                auto eloqua = service();
                eloqua.inject(bulk::fault_plan().from("*", n, silence));
                ending const end = run(exports, eloqua);
                BOOST_TEST_CONTEXT("from request " << n << " on: " << silence) {
                    // The requests that failed, those that searched, and those that would delete.
                    BOOST_TEST((end.took <= usual + 3 * longest_call()),
                               end.took / 1min << " minutes");
                    BOOST_TEST((end.why.has_value() || n == requests));
                    if (end.why)
                        BOOST_TEST(names_something(*end.why), end.why->message());
                }
            }
    }
}

BOOST_AUTO_TEST_CASE(the_total_time_ends_retries_early) {
    bulk::client_options o;
    o.retry.attempts = 1'000'000;
    auto eloqua = service();
    eloqua.inject(bulk::fault_plan().from("GET /syncs/{id}/data", 1, bulk::fault::stall()));
    ending const end = run(true, eloqua, o);
    BOOST_TEST_REQUIRE(end.why.has_value());
    BOOST_TEST((end.why->code == bulk::deadline::head), end.why->message());
    BOOST_TEST(has(end.why->message(), "/syncs/1/data"));
    BOOST_TEST((end.took > o.retry.total_time));
    auto const usual = run(true, service()).took;
    BOOST_TEST((end.took <= usual + o.retry.total_time + bulk::deadlines().head),
               end.took / 1s << " seconds");
}

BOOST_AUTO_TEST_CASE(a_sync_that_never_ends) {
    for (bool exports : {true, false})
        for (bulk::clock::duration const limit : {bulk::clock::duration(6h), {20min}}) {
            auto eloqua = service();
            eloqua.inject(bulk::fault_plan().from("POST /syncs", 1, bulk::fault::hold()));
            bulk::client_options o;
            o.polling.deadline = limit;
            ending const end = run(exports, eloqua, o);
            BOOST_TEST_REQUIRE(end.why.has_value());
            BOOST_TEST((end.why->code == bulk::errc::deadline_exceeded), end.why->message());
            BOOST_TEST(has(end.why->message(), "/syncs/1 is still pending"), end.why->message());
            BOOST_TEST((end.took <= limit));
            BOOST_TEST((end.took > limit - o.polling.longest_delay));
        }
}

// Over sockets: deadlines of milliseconds, and a server that never ends.

namespace {

void silent(raw_connection& c) {
    c.wait_for_close();
}
raw_server::session says(std::string text) {
    return [text = std::move(text)](raw_connection& c) {
        if (c.read_request().empty())
            return;
        c.write(text);
        c.wait_for_close();
    };
}
/// Sends a byte now and then, but never finishes.
void trickles(raw_connection& c) {
    c.read_request();
    std::string const head = "HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n";
    c.write(head + "{\"items\":[");
    auto next = bulk::clock::now();
    for (auto const end = next + 2s; next < end; c.write(" "))
        for (next += 5ms; bulk::clock::now() < next;)
            std::this_thread::yield();
}

struct phase {
    std::string_view name;
    std::string scheme;
    raw_server::session session;
    bulk::deadline ends;
};

std::vector<phase> phases() {
    return {
        {"before the handshake", "https", silent, bulk::deadline::handshake},
        {"after the request", "http", silent, bulk::deadline::head},
        {"inside the head", "http", says("HTTP/1.1 200 OK\r\nContent-"), bulk::deadline::head},
        {"after another head", "http", says("HTTP/1.1 100 Continue\r\n\r\n"), bulk::deadline::head},
        {"inside the body", "http",
         says("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{\"items\":["), bulk::deadline::read},
        {"inside a chunk", "http",
         says("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10\r\n{\"items\":["),
         bulk::deadline::read},
        {"between two chunks", "http",
         says("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n"),
         bulk::deadline::read},
        {"nowhere for long", "http", trickles, bulk::deadline::request},
    };
}

} // namespace

BOOST_AUTO_TEST_CASE(a_server_that_falls_silent_in_any_phase) {
    for (phase const& each : phases())
        for (bool blocking : {true, false})
            BOOST_TEST_CONTEXT(each.name << (blocking ? ", blocking" : ", asynchronous")) {
                unsigned const attempts = 2;
                raw_server server(std::vector<raw_server::session>(attempts, each.session));
                bulk::transport_options network;
                network.limits.handshake = network.limits.head = network.limits.read = 60ms;
                network.limits.request = each.ends == bulk::deadline::request ? 150ms : 20s;
                bulk::client_options o;
                o.base_url = server.where(each.scheme).text() + "/API/Bulk/2.0";
                o.retry.attempts = attempts;
                o.retry.first_delay = 1ms;
                auto const begin = bulk::clock::now();
                bulk::result<bulk::page<bulk::sync>> came = bulk::failure();
                if (blocking) {
                    bulk::client client(bulk::beast_transport(network), me, o);
                    came = client.syncs().list().page().get();
                } else {
                    boost::asio::io_context context;
                    bulk::async_client client(
                        bulk::async_beast_transport(context.get_executor(), network), me, o);
                    client.syncs().list().page()([&](auto&& r) { came = std::move(r); });
                    context.run();
                }
                BOOST_TEST_REQUIRE(came.has_error());
                BOOST_TEST((came.error().code == each.ends), came.error().message());
                BOOST_TEST((came.error().code == bulk::condition::try_later));
                BOOST_TEST(came.error().info.attempts == attempts);
                BOOST_TEST(has(came.error().message(), "/API/Bulk/2.0/syncs"));
                BOOST_TEST((bulk::clock::now() - begin < 10s));
            }
}

BOOST_AUTO_TEST_SUITE_END()
