// SPDX-License-Identifier: BSL-1.0
// Servers and proxies that serve one connection at a time: they never answer an early request for
// the next page.
#include <eloqua/bulk/beast_transport.hpp>
#include <eloqua/bulk/simulator.hpp>

#include <boost/test/unit_test.hpp>

#include "../client/ways.hpp"
#include "../person.hpp"
#include "../wire/raw_server.hpp"
#include "export_script.hpp"
#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace bulk = eloqua::bulk;
using namespace std::chrono_literals;
using boost::test_tools::per_element;
using eloqua_tests::me;
using eloqua_tests::person;

namespace {

bulk::export_options pages_of(int rows) {
    bulk::export_options o;
    o.page_rows = rows;
    return o;
}

/// The pages that were requested and answered, by their offsets: "ask 0", "got 0".
struct pages : bulk::observer {
    std::vector<std::string> said;
    void on_request(std::string_view line) override { note("ask ", line); }
    void on_response(std::string_view line, bulk::response_info const&) override {
        note("got ", line);
    }

private:
    void note(std::string what, std::string_view line) {
        if (auto const at = line.find("&offset="); line.find("/data") != line.npos)
            said.push_back(what += line.substr(at + 8));
    }
};

bulk::client_options watched(std::shared_ptr<pages> const& by) {
    bulk::client_options o = export_script::options();
    o.observer = by;
    return o;
}

/// An Eloqua that serves one connection after another, each until the client closes it.
class serial_server {
public:
    explicit serial_server(bulk::simulator at)
        : eloqua_(std::move(at)),
          server_(std::vector<raw_server::session>(20, [this](raw_connection& c) { serve(c); })) {}

    bulk::origin where() const { return server_.where(); }

private:
    void serve(raw_connection& connection) {
        std::lock_guard const one_at_a_time(mutex_);
        for (std::string text; !(text = connection.read_request()).empty();) {
            bulk::request q(text.starts_with("POST ")     ? bulk::verb::post
                            : text.starts_with("DELETE ") ? bulk::verb::delete_
                                                          : bulk::verb::get,
                            where(), text.substr(text.find(' ') + 1));
            q.target.resize(q.target.find(' '));
            std::size_t const body = text.find("\r\n\r\n") + 4;
            std::size_t const who = text.find("Authorization: ") + 15;
            q.fields.set("Authorization", text.substr(who, text.find('\r', who) - who));
            q.fields.set("Content-Type", "application/json");
            q.body = std::string_view(text).substr(body);
            bulk::response const answer = eloqua_.handle(q);
            connection.write("HTTP/1.1 " + std::to_string(answer.status) +
                             " X\r\nContent-Type: application/json\r\nContent-Length: " +
                             std::to_string(answer.body.size()) + "\r\n\r\n" + answer.body);
        }
    }

    bulk::simulator eloqua_;
    std::mutex mutex_;
    raw_server server_;
};

} // namespace

BOOST_AUTO_TEST_SUITE(one_connection)

BOOST_AUTO_TEST_CASE_TEMPLATE(after_a_time_out_the_rest_uses_one_connection, Way, ways::all) {
    bulk::simulator eloqua;
    eloqua.generate_contacts(9);
    eloqua.inject(bulk::fault_plan().at("GET /syncs/{id}/data", 2, bulk::fault::stall()));
    auto const log = std::make_shared<pages>();
    Way way;
    bulk::client_options options = watched(log);
    options.base_url.reset();
    auto client = way.make(eloqua, me, options);
    bulk::export_options const in_twos = pages_of(2);
    auto source = client.template export_rows<person>(bulk::contacts, bulk::all_rows, in_twos);
    std::size_t rows = 0;
    auto const count = [&](person const&) { ++rows; };
    BOOST_TEST(way.run(source.for_each(count)).value() == 9);
    BOOST_TEST(rows == 9u);
    std::vector<std::string> const order{"ask 0", "ask 2", "got 0", "ask 4", "ask 2", "got 2",
                                         "ask 4", "got 4", "ask 6", "got 6", "ask 8", "got 8"};
    BOOST_TEST(log->said == order, per_element());
}

BOOST_AUTO_TEST_CASE(losing_a_connection_once_does_not_matter) {
    bulk::simulator eloqua;
    eloqua.generate_contacts(9);
    eloqua.inject(bulk::fault_plan().at("GET /syncs/{id}/data", 2, bulk::fault::reset_before()));
    auto const log = std::make_shared<pages>();
    bulk::client_options options = watched(log);
    options.base_url.reset();
    auto source = bulk::client(eloqua, me, options)
                      .export_rows<person>(bulk::contacts, bulk::all_rows, pages_of(2));
    BOOST_TEST(source.for_each([](person const&) {}).get().value() == 9);
    std::vector<std::string> const order{"ask 0", "ask 2", "got 0", "ask 4", "ask 2", "got 2",
                                         "ask 6", "got 4", "ask 8", "got 6", "got 8"};
    BOOST_TEST(log->said == order, per_element());
}

BOOST_AUTO_TEST_CASE(a_second_connection_that_is_always_closed) {
    bulk::simulator eloqua;
    eloqua.generate_contacts(6);
    bulk::fault_plan plan;
    for (int n : {2, 4}) // the third one is for the page after it
        plan.at("GET /syncs/{id}/data", static_cast<std::uint64_t>(n), bulk::fault::lose_answer());
    eloqua.inject(plan);
    auto const log = std::make_shared<pages>();
    bulk::client_options options = watched(log);
    options.base_url.reset();
    auto source = bulk::client(eloqua, me, options)
                      .export_rows<person>(bulk::contacts, bulk::all_rows, pages_of(2));
    BOOST_TEST(source.for_each([](person const&) {}).get().value() == 6);
    std::vector<std::string> const order{"ask 0", "ask 2", "got 0", "ask 4", "ask 2",
                                         "ask 2", "got 2", "ask 4", "got 4"};
    BOOST_TEST(log->said == order, per_element());
    BOOST_TEST(plan.finished());
}

BOOST_AUTO_TEST_CASE(after_two_such_exports_no_early_requests_are_sent) {
    bulk::simulator eloqua;
    eloqua.generate_contacts(3);
    auto const log = std::make_shared<pages>();
    bulk::client_options options = watched(log);
    options.base_url.reset();
    bulk::client client(eloqua, me, options);
    auto const starts_with = [&](bool starves) {
        bulk::fault_plan plan;
        if (starves)
            plan.at("GET /syncs/{id}/data", 2, bulk::fault::stall());
        eloqua.inject(plan);
        log->said.clear();
        auto source = client.export_rows<person>(bulk::contacts, bulk::all_rows, pages_of(2));
        BOOST_TEST(source.for_each([](person const&) {}).get().value() == 3);
        return log->said.at(1);
    };
    BOOST_TEST(starts_with(true) == "ask 2");
    BOOST_TEST(starts_with(false) == "ask 2"); // answered, so the count restarts
    BOOST_TEST(starts_with(true) == "ask 2");
    BOOST_TEST(starts_with(true) == "ask 2");
    BOOST_TEST(starts_with(false) == "got 0");
}

BOOST_AUTO_TEST_CASE(a_real_single_connection_server) {
    bulk::simulator_options at_once;
    at_once.simulated_clock = false;
    at_once.sync_pending = at_once.sync_active = 0s;
    bulk::simulator eloqua(at_once);
    eloqua.generate_contacts(50);
    serial_server server(eloqua);
    bulk::transport_options network;
    network.limits.head = 1s;
    bulk::client_options options;
    options.login_url = server.where().text() + "/id";
    options.retry.first_delay = 1ms;
    options.polling.first_delay = 1ms;
    bulk::client client(bulk::beast_transport(network), me, options);
    auto source = client.export_rows<person>(bulk::contacts, bulk::all_rows, pages_of(10));
    BOOST_TEST(source.for_each([](person const&) {}).get().value() == 50);
    BOOST_TEST(source.receipt().retries >= 1u);
}

BOOST_AUTO_TEST_SUITE_END()
