// SPDX-License-Identifier: BSL-1.0
// Endless heads, chunk lines and trailers: client and listener keep only a limited part of them,
// and for a limited time.
#include <eloqua/bulk/simulator/listener.hpp>

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "either_transport.hpp"
#include "raw_server.hpp"
#include "sample_flow.hpp"
#include <chrono>
#include <cstdint>
#include <ctime>
#include <future>
#include <iterator>
#include <string>
#include <string_view>
#include <sys/resource.h>
#include <unistd.h>
#include <utility>

namespace asio = boost::asio;
namespace bulk = eloqua::bulk;
using namespace std::chrono_literals;
using asio::ip::tcp;

namespace {

using wire_tests::both;
using wire_tests::client;
using wire_tests::code;

std::string const chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

struct flood {
    std::string begin, more;
    bulk::framing error;
};
flood const floods[] = {
    {chunked + "2;x=", std::string(65'536, 'x'), bulk::framing::line_size},
    {chunked, std::string(65'536, '0'), bulk::framing::line_size},
    {chunked + "0\r\n", "X-Trailer: " + std::string(1'000, 'x') + "\r\n", bulk::framing::line_size},
    {chunked + "0\r\nX: ", std::string(65'536, 'x'), bulk::framing::line_size},
    {"HTTP/1.1 200 OK\r\n", "X: y\r\n", bulk::framing::head_size},
    {"HTTP/1.1 200 OK\r\nX: ", std::string(65'536, 'x'), bulk::framing::head_size},
    {"HTTP/1.1 200 ", std::string(65'536, 'x'), bulk::framing::head_size},
};

} // namespace

BOOST_AUTO_TEST_SUITE(wire_framing)

BOOST_DATA_TEST_CASE(endless_framing_is_refused, both, how) {
    for (flood const& each : floods) {
        bool held = true;
        {
            raw_server server({[&held, &first = each.begin, &next = each.more](raw_connection& c) {
                c.read_request();
                c.write(first);
                for (std::size_t sent = 0; held && sent < 256 * 1024 * 1024; sent += next.size())
                    held = c.write(next);
            }});
            client fetch(how);
            auto const ec = code(fetch.get(server.where()));
            BOOST_TEST((ec == each.error), each.begin << ": " << ec.message());
        }
        BOOST_TEST(!held, each.begin);
    }
}

BOOST_DATA_TEST_CASE(trickling_framing_ends_at_its_deadline, both, how) {
    for (auto const& [begin, more, phase] :
         {std::tuple(std::string(), std::string("HTTP/1.1 200 OK"), bulk::deadline::head),
          std::tuple(chunked, std::string("2;xxxxxxxxxxxxxx"), bulk::deadline::read),
          std::tuple(chunked + "0\r\n", std::string("X: xxxxxxxxxxxx"), bulk::deadline::read)}) {
        raw_server server({[&](raw_connection& c) {
            c.read_request();
            c.write(begin);
            for (std::size_t i = 0; !c.closes_within(20ms); ++i)
                c.write(std::string(1, i < more.size() ? more[i] : 'x'));
        }});
        bulk::transport_options options;
        options.limits.head = options.limits.read = 200ms;
        client fetch(how, options);
        auto const begun = bulk::clock::now();
        auto const ec = code(fetch.get(server.where()));
        BOOST_TEST((ec == phase), ec.message());
        BOOST_TEST((bulk::clock::now() - begun < 5s));
    }
}

BOOST_DATA_TEST_CASE(fields_are_passed_unchanged, both, how) {
    // Not compared with each other: 16,000 of them would take too long.
    std::string fields;
    for (int i = 0; i != 16'000; ++i)
        fields += "a:\r\n";
    raw_server server({[&](raw_connection& c) {
        c.read_request();
        c.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n" + fields + "\r\n");
        c.wait_for_close();
    }});
    BOOST_TEST(client(how).get(server.where()).value().fields == 16'001u);
}

namespace {

/// A listener's response to these bytes.
std::string say(bulk::listener const& to, std::string const& begin, std::string const& more) {
    asio::io_context context;
    tcp::socket socket(context);
    socket.connect({asio::ip::address_v4::loopback(), to.port()});
    bulk::error_code ec;
    asio::write(socket, asio::buffer(begin), ec);
    for (int i = 0; i != 3 && !ec; ++i)
        asio::write(socket, asio::buffer(more), ec);
    std::string said;
    bulk::error_code ended;
    asio::read(socket, asio::dynamic_buffer(said), ended);
    return said;
}

} // namespace

BOOST_AUTO_TEST_CASE(a_listener_refuses_the_same) {
    bulk::listener server([](bulk::request const& q) {
        return bulk::response(200, std::to_string(q.body.size()), "text/plain");
    });
    std::string const post = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
    std::string const line(65'536, 'x');
    for (std::string const& begin : {post + "2;x=", post + "0\r\nX: ",
                                     std::string("GET / HTTP/1.1\r\nX: "), std::string("GET /")})
        BOOST_TEST(say(server, begin, line).starts_with("HTTP/1.1 400 "), begin);
    BOOST_TEST(say(server, post, std::string(65'536, '0')).starts_with("HTTP/1.1 400 "));
    // An empty body in pieces.
    for (std::size_t piece : {1u, 3u, 4u}) {
        asio::io_context context;
        tcp::socket socket(context);
        socket.connect({asio::ip::address_v4::loopback(), server.port()});
        socket.set_option(tcp::no_delay(true));
        std::string const all = "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n"
                                "Connection: close\r\n\r\n0\r\nX: y\r\n\r\n";
        for (std::size_t at = 0; at < all.size(); at += piece)
            asio::write(socket, asio::buffer(all.substr(at, piece)));
        std::string said;
        bulk::error_code ec;
        asio::read(socket, asio::dynamic_buffer(said), ec);
        BOOST_TEST(said.ends_with("\r\n\r\n0"), said);
    }
    // What is not framing may have any size, as before.
    client fetch(wire_tests::by::blocking);
    std::string const body(5'000'000, 'x');
    BOOST_TEST(fetch(bulk::request(bulk::verb::post, server.where(), "/"), body).value().body ==
               "5000000");
}

BOOST_AUTO_TEST_CASE(a_listener_at_its_file_limit_pauses) {
    bulk::listener server([](bulk::request const&) { return bulk::response(200, "ok"); });
    asio::io_context context;
    tcp::socket socket(context, tcp::v4());
    rlimit usual;
    BOOST_TEST_REQUIRE(getrlimit(RLIMIT_NOFILE, &usual) == 0);
    int const free = dup(0);
    BOOST_TEST_REQUIRE(free >= 0);
    close(free);
    rlimit none_left = usual;
    none_left.rlim_cur = static_cast<rlim_t>(free);
    BOOST_TEST_REQUIRE(setrlimit(RLIMIT_NOFILE, &none_left) == 0);
    bulk::error_code ec;
    socket.connect({asio::ip::address_v4::loopback(), server.port()}, ec);
    auto const cpu = [] {
        timespec t;
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
        return t.tv_sec * 1'000 + t.tv_nsec / 1'000'000;
    };
    auto const before = cpu();
    std::promise<void>().get_future().wait_for(300ms);
    auto const spent = cpu() - before;
    setrlimit(RLIMIT_NOFILE, &usual);
    BOOST_TEST(!ec);
    BOOST_TEST(spent < 100);
    asio::write(socket, asio::buffer(std::string_view("GET / HTTP/1.0\r\n\r\n")));
    std::string said;
    asio::read(socket, asio::dynamic_buffer(said), ec);
    BOOST_TEST(said.starts_with("HTTP/1.1 200 "));
}

BOOST_AUTO_TEST_SUITE_END()
