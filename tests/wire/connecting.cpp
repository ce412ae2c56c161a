// SPDX-License-Identifier: BSL-1.0
// How connections are made: look-up, choice of an address, and whose certificate is checked.
#include <eloqua/bulk/async.hpp>
#include <eloqua/bulk/async_beast_transport.hpp>
#include <eloqua/bulk/beast_transport.hpp>
#include <eloqua/bulk/detail/beast/race.hpp>
#include <eloqua/bulk/simulator/certificate.hpp>
#include <eloqua/bulk/simulator/listener.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "either_transport.hpp"
#include "raw_server.hpp"
#include "sample_flow.hpp"
#include <atomic>
#include <chrono>
#include <exception>
#include <filesystem>
#include <future>
#include <iterator>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace asio = boost::asio;
namespace bulk = eloqua::bulk;
using namespace std::chrono_literals;
using asio::ip::tcp;

namespace {

using wire_tests::both;
using wire_tests::client;
using wire_tests::code;

raw_server::session const answers = [](raw_connection& c) {
    while (!c.read_request().empty())
        c.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
};

/// An address of this machine that swallows packets: nobody accepts, and the queue is full.
class black_hole {
public:
    explicit black_hole(char const* address, std::uint16_t port = 0) : acceptor_(context_) {
        tcp::endpoint const at(asio::ip::make_address(address), port);
        acceptor_.open(at.protocol());
        acceptor_.set_option(tcp::acceptor::reuse_address(true));
        acceptor_.bind(at);
        acceptor_.listen(1);
        for (int i = 0; i != 8; ++i) {
            queued_.emplace_back(context_).open(at.protocol());
            queued_.back().async_connect(acceptor_.local_endpoint(), [](bulk::error_code) {});
        }
    }
    tcp::endpoint at() const { return acceptor_.local_endpoint(); }

private:
    asio::io_context context_;
    tcp::acceptor acceptor_;
    std::vector<tcp::socket> queued_;
};

/// A transport that resolves every host to `addresses`.
bulk::transport_options at(std::vector<std::string> addresses) {
    bulk::transport_options o;
    o.look_up = [addresses](std::string const&) { return addresses; };
    return o;
}

bulk::origin named(std::uint16_t port) {
    return bulk::origin{"http", "several.example", port};
}

std::ptrdiff_t open_files() {
    return std::distance(std::filesystem::directory_iterator("/proc/self/fd"),
                         std::filesystem::directory_iterator());
}

} // namespace

BOOST_AUTO_TEST_SUITE(connecting)

BOOST_DATA_TEST_CASE(an_unresponsive_address_does_not_hide_others, both, how) {
    raw_server server({answers});
    black_hole const first("127.0.0.2", server.port()), second("127.0.0.3", server.port());
    auto options = at({"127.0.0.2", "127.0.0.3", "127.0.0.1"});
    options.limits.connect = 20s;
    client fetch(how, options);
    auto const begun = bulk::clock::now();
    BOOST_TEST(fetch.get(named(server.port())).value().body == "ok");
    auto const took = bulk::clock::now() - begun;
    BOOST_TEST((took >= 2 * bulk::detail::connection_race::ahead));
    BOOST_TEST((took < 10s));
    BOOST_TEST(server.accepted() == 1);
}

BOOST_DATA_TEST_CASE(a_refusing_address_costs_no_time, both, how) {
    raw_server server({answers});
    std::vector<std::string> addresses;
    for (int i = 2; i != 40; ++i)
        addresses.push_back("127.0.0." + std::to_string(i));
    addresses.push_back("127.0.0.1");
    client fetch(how, at(addresses));
    auto const begun = bulk::clock::now();
    BOOST_TEST(fetch.get(named(server.port())).value().body == "ok");
    // Waiting for each of them would take ten seconds.
    BOOST_TEST((bulk::clock::now() - begun < 5s));
}

BOOST_DATA_TEST_CASE(all_addresses_together_have_one_deadline, both, how) {
    black_hole const first("127.0.0.2");
    black_hole const second("127.0.0.3", first.at().port());
    auto options = at({"127.0.0.2", "127.0.0.3", "127.0.0.2", "127.0.0.3"});
    options.limits.connect = 400ms;
    client fetch(how, options);
    auto const begun = bulk::clock::now();
    BOOST_TEST((code(fetch.get(named(first.at().port()))) == bulk::deadline::connect));
    BOOST_TEST((bulk::clock::now() - begun < 5s));
}

BOOST_DATA_TEST_CASE(the_error_of_the_first_address_is_reported, both, how) {
    bulk::origin free;
    {
        raw_server gone({});
        free = gone.where();
    }
    client fetch(how, at({"127.0.0.1", "255.255.255.255"}));
    BOOST_TEST((code(fetch.get(named(free.port))) == boost::system::errc::connection_refused));
}

BOOST_AUTO_TEST_CASE(losing_connections_are_closed) {
    raw_server server({answers});
    black_hole const hole("127.0.0.2", server.port());
    asio::io_context context;
    auto race = std::make_shared<bulk::detail::connection_race>(
        context.get_executor(),
        std::vector<tcp::endpoint>{hole.at(), {asio::ip::address_v4::loopback(), server.port()}});
    auto const with_context = open_files();
    bulk::error_code ec = asio::error::fault;
    asio::co_spawn(
        context,
        bulk::detail::waiting::for_end(race, bulk::clock::now() + 20s, bulk::deadline::connect),
        [&](std::exception_ptr, bulk::error_code came) { ec = came; });
    context.run();
    BOOST_TEST(!ec);
    BOOST_TEST(race->take_winner().remote_endpoint().port() == server.port());
    BOOST_TEST(open_files() <= with_context + 1); // the server's end, until its thread closes it
}

BOOST_AUTO_TEST_CASE(destroying_a_channel_ends_its_connection_attempt) {
    black_hole const hole("127.0.0.2");
    asio::io_context context;
    bulk::async_beast_transport transport(context.get_executor(), at({"127.0.0.2"}));
    auto channel = std::make_optional(transport.acquire());
    bulk::request const q = sample::get(named(hole.at().port()), "/");
    bulk::error_code ec;
    channel->async_send(q, bulk::io_handler([&](bulk::error_code came, std::size_t) { ec = came; },
                                            transport.get_executor()));
    context.run_for(20ms);
    auto const begun = bulk::clock::now();
    channel.reset();
    context.run();
    BOOST_TEST((ec == boost::system::errc::operation_canceled), ec.message());
    BOOST_TEST((bulk::clock::now() - begun < 5s)); // not the deadline
}

BOOST_AUTO_TEST_CASE(families_take_turns) {
    auto const v4 = [](int n) {
        return tcp::endpoint(asio::ip::make_address("10.0.0." + std::to_string(n)), 443);
    };
    auto const v6 = [](int n) {
        return tcp::endpoint(asio::ip::make_address("fd00::" + std::to_string(n)), 443);
    };
    using list = std::vector<tcp::endpoint>;
    BOOST_TEST((bulk::detail::families_in_turn(list{v6(1), v6(2), v6(3), v4(1), v4(2)}) ==
                list{v6(1), v4(1), v6(2), v4(2), v6(3)}));
    BOOST_TEST((bulk::detail::families_in_turn(list{v4(1), v6(1), v6(2), v6(3)}) ==
                list{v4(1), v6(1), v6(2), v6(3)}));
    BOOST_TEST((bulk::detail::families_in_turn(list{v4(2), v4(1)}) == list{v4(2), v4(1)}));
}

BOOST_DATA_TEST_CASE(only_names_are_looked_up, both, how) {
    raw_server server({answers});
    auto const asked = std::make_shared<std::vector<std::string>>();
    bulk::transport_options options;
    options.look_up = [asked](std::string const& host) {
        asked->push_back(host);
        if (host == "broken.example")
            throw std::runtime_error("no server");
        return host == "nowhere.example"   ? std::vector<std::string>()
               : host == "strange.example" ? std::vector<std::string>{"not an address"}
                                           : std::vector<std::string>{"127.0.0.1"};
    };
    options.max_idle = -1s;
    client fetch(how, options);
    auto const get = [&](std::string host) {
        return code(fetch.get(bulk::origin{"http", std::move(host), server.port()}));
    };
    BOOST_TEST((get("nowhere.example") == asio::error::host_not_found));
    BOOST_TEST((get("broken.example") == asio::error::host_not_found_try_again));
    BOOST_TEST(get("strange.example").failed());
    BOOST_TEST(!get("127.0.0.1"));
    BOOST_TEST(asked->size() == 3u);
}

BOOST_DATA_TEST_CASE(a_hanging_look_up_blocks_nothing, both, how) {
    // Anything that waits for the look-up waits for ever.
    auto const release = std::make_shared<std::promise<void>>();
    auto const released = std::make_shared<std::shared_future<void>>(release->get_future());
    auto const ended = std::make_shared<std::promise<void>>();
    bulk::transport_options options;
    options.look_up = [released, ended](std::string const&) {
        released->wait();
        ended->set_value();
        return std::vector<std::string>();
    };
    options.limits.resolve = 10ms;
    {
        client fetch(how, options);
        BOOST_TEST((code(fetch.get(named(80))) == bulk::deadline::resolve));
    }
    release->set_value();
    ended->get_future().wait();
}

BOOST_AUTO_TEST_CASE(a_context_is_destroyed_during_a_look_up) {
    std::promise<void> release;
    std::shared_future<void> const released(release.get_future());
    auto const asked = std::make_shared<std::atomic<int>>(0);
    auto const ended = std::make_shared<std::promise<void>>();
    bulk::transport_options options;
    options.look_up = [released, asked, ended](std::string const&) {
        ++*asked;
        released.wait();
        ended->set_value();
        return std::vector<std::string>{"127.0.0.1"};
    };
    auto const witness = std::make_shared<int>();
    {
        asio::io_context context;
        bulk::operation<sample::answer, bulk::async_beast_transport> op(
            sample::fetch(sample::get(named(80), "/")),
            std::make_shared<bulk::async_beast_transport>(context.get_executor(), options));
        std::move(op)([witness](bulk::result<sample::answer>) { BOOST_ERROR("completed"); });
        while (*asked == 0)
            context.poll();
    }
    BOOST_TEST(witness.use_count() == 1);
    release.set_value();
    ended->get_future().wait();
}

namespace {

/// A certificate with the common name "common.example" and these alternative names.
bulk::local_certificates certificate_for(char const* names) {
    using namespace bulk::detail;
    key_ptr const key = make_key();
    certificate_ptr const made = make_certificate(key.get(), "common.example", nullptr);
    add_extension(made.get(), NID_basic_constraints, "critical,CA:TRUE");
    add_extension(made.get(), NID_subject_alt_name, names);
    openssl_check(X509_sign(made.get(), key.get(), EVP_sha256()) != 0);
    bulk::local_certificates pem;
    pem.ca = pem.certificate = to_pem([&](BIO* to) { return PEM_write_bio_X509(to, made.get()); });
    pem.key = to_pem([&](BIO* to) {
        return PEM_write_bio_PrivateKey(to, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    });
    return pem;
}

} // namespace

BOOST_DATA_TEST_CASE(only_alternative_names_of_a_certificate_count, both, how) {
    struct {
        char const* names;
        std::vector<std::string> good, bad;
    } const tried[] = {
        {"IP:127.0.0.1", {"127.0.0.1"}, {"common.example"}},
        {"DNS:named.example,DNS:*.below.example,DNS:part*.example",
         {"named.example", "a.below.example"},
         {"common.example", "below.example", "a.b.below.example", "partial.example", "127.0.0.1"}},
    };
    for (auto const& [names, good, bad] : tried) {
        bulk::local_certificates const made = certificate_for(names);
        bulk::listener_options o;
        o.certificate_pem = made.certificate;
        o.key_pem = made.key;
        bulk::listener server([](bulk::request const&) { return bulk::response(200, "ok"); }, o);
        auto options = at({"127.0.0.1"});
        options.ca_pem = made.ca;
        client fetch(how, options);
        auto const get = [&](std::string host) {
            return code(fetch.get(bulk::origin{"https", std::move(host), server.port()}));
        };
        for (std::string const& host : good)
            BOOST_TEST(!get(host), host);
        for (std::string const& host : bad)
            BOOST_TEST(get(host).failed(), host);
        BOOST_TEST((get("common.example").category() == bulk::certificate_category()));
    }
}

BOOST_AUTO_TEST_SUITE_END()
