// SPDX-License-Identifier: BSL-1.0
// The Beast transports over real loopback sockets, with good and bad servers.
#include <eloqua/bulk/async.hpp>
#include <eloqua/bulk/async_beast_transport.hpp>
#include <eloqua/bulk/beast_transport.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "either_transport.hpp"
#include "raw_server.hpp"
#include "sample_flow.hpp"
#include <charconv>
#include <chrono>
#include <future>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace asio = boost::asio;
namespace bulk = eloqua::bulk;
using namespace std::chrono_literals;
using boost::system::errc::operation_canceled;
using boost::system::errc::timed_out;

namespace {

static_assert(bulk::async_transport<bulk::async_beast_transport>);
static_assert(!bulk::blocking_transport<bulk::async_beast_transport>);
static_assert(bulk::blocking_transport<bulk::beast_transport>);
static_assert(!bulk::async_transport<bulk::beast_transport>);

using wire_tests::both;
using wire_tests::by;
using wire_tests::client;
using wire_tests::code;
using wire_tests::fetched;

raw_server::session answers(std::string text) {
    return [text](raw_connection& c) {
        if (!c.read_request().empty())
            c.write(text);
    };
}
raw_server::session answers_and_stays(std::string text) {
    return [text](raw_connection& c) {
        while (!c.read_request().empty())
            c.write(text);
    };
}
void silent(raw_connection& c) {
    c.wait_for_close();
}

std::string const ten = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n";

} // namespace

BOOST_AUTO_TEST_SUITE(beast_transport)

BOOST_DATA_TEST_CASE(keeps_a_connection_alive, both, how) {
    std::vector<std::string> seen;
    raw_server server({[&](raw_connection& c) {
        for (std::string q = c.read_request(); !q.empty(); q = c.read_request()) {
            seen.push_back(q);
            c.write(ten + "0123456789");
        }
    }});
    {
        client fetch(how);
        for (int i = 0; i != 3; ++i) {
            auto const got = fetch.get(server.where(), "/a?b=c");
            BOOST_TEST(got.value().status == 200);
            BOOST_TEST(got->body == "0123456789");
        }
        BOOST_TEST(server.accepted() == 1);
    }
    // The client has closed; the session has ended with it or is about to.
    BOOST_TEST(seen.size() == 3u);
    BOOST_TEST(seen[0].starts_with("GET /a?b=c HTTP/1.1\r\n"));
    BOOST_TEST((seen[0].find("Host: " + server.where().authority()) != std::string::npos));
    BOOST_TEST((seen[0].find("User-Agent: eloqua-bulk/") != std::string::npos));
    BOOST_TEST((seen[0].find("Content-Length") == std::string::npos));
}

BOOST_DATA_TEST_CASE(fields_and_body_are_sent, both, how) {
    std::string seen;
    raw_server server({[&](raw_connection& c) {
        seen = c.read_request();
        c.write("HTTP/1.1 204 No Content\r\n\r\n");
        c.wait_for_close();
    }});
    client fetch(how);
    bulk::request q(bulk::verb::post, server.where(), "/");
    q.fields.set("Authorization", "Basic abc");
    q.fields.set("User-Agent", "mine");
    BOOST_TEST(fetch(q, "[1,2]").value().status == 204);
    BOOST_TEST((seen.find("\r\nAuthorization: Basic abc\r\n") != seen.npos));
    BOOST_TEST((seen.find("\r\nUser-Agent: mine\r\n") != seen.npos));
    BOOST_TEST((seen.find("eloqua-bulk") == seen.npos));
    BOOST_TEST(seen.ends_with("\r\nContent-Length: 5\r\n\r\n[1,2]"));
}

BOOST_DATA_TEST_CASE(text_that_would_split_a_request_is_refused, both, how) {
    client fetch(how);
    bulk::origin const at{"http", "127.0.0.1", 1};
    for (std::string target : {"", "relative", "/a b", "/a\r\nX: y", "/\t"})
        BOOST_TEST((code(fetch.get(at, target)) == bulk::errc::invalid_argument));
    for (auto [name, value] : {std::pair("A\r\nB", "c"), std::pair("A", "b\r\nC: d"),
                               std::pair("", "x"), std::pair("content-length", "7"),
                               std::pair("Transfer-Encoding", "chunked"), std::pair("Host", "h")}) {
        bulk::request q = sample::get(at, "/");
        q.fields.set(name, value);
        BOOST_TEST((code(fetch(q)) == bulk::errc::invalid_argument));
    }
}

BOOST_DATA_TEST_CASE(bodies_of_every_framing_in_pieces_of_any_size, both, how) {
    std::string large;
    for (int i = 0; i != 40000; ++i)
        large += std::to_string(i) + ',';
    std::string chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (std::size_t at = 0, size = 1; at < large.size(); at += size, size = size * 3 + 1) {
        size = std::min(size, large.size() - at);
        char digits[20];
        auto const end = std::to_chars(digits, digits + 20, size, 16).ptr;
        chunked.append(digits, end).append(";x=y\r\n");
        chunked.append(large, at, size).append("\r\n");
    }
    chunked += "0\r\nX-Trailer: t\r\n\r\n";
    std::string const counted =
        "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(large.size()) + "\r\n\r\n" + large;
    raw_server server({[&](raw_connection& c) {
                           for (int i = 0; i != 3; ++i) {
                               c.read_request();
                               c.write(chunked);
                               c.read_request();
                               c.write(counted);
                           }
                           c.wait_for_close();
                       },
                       answers("HTTP/1.1 200 OK\r\n\r\n" + large),
                       answers("HTTP/1.0 200 OK\r\n\r\n" + large)});
    client fetch(how);
    for (std::size_t piece : {100u, 4096u, 1000000u})
        for (int framing = 0; framing != 2; ++framing) {
            auto const got = fetch(sample::get(server.where(), "/"), {}, piece);
            BOOST_TEST((got.value().body == large));
        }
    BOOST_TEST(server.accepted() == 1);
    // A client with an idle time of zero does not reuse an idle connection.
    bulk::transport_options fresh;
    fresh.max_idle = -1s;
    client fetch_fresh(how, fresh);
    for (int i = 0; i != 2; ++i)
        BOOST_TEST((fetch_fresh.get(server.where()).value().body == large));
}

BOOST_DATA_TEST_CASE(responses_without_a_body_end_at_once, both, how) {
    std::vector<std::string> const heads = {
        "HTTP/1.1 204 No Content\r\n\r\n", "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n"
        "HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n"};
    raw_server server({[&](raw_connection& c) {
        for (auto const& each : heads) {
            c.read_request();
            c.write(each);
        }
        c.wait_for_close();
    }});
    client fetch(how);
    for (int status : {204, 304, 200, 201}) {
        auto const got = fetch.get(server.where());
        BOOST_TEST(got.value().status == status);
        BOOST_TEST(got->body.empty());
    }
    BOOST_TEST(server.accepted() == 1);
}

BOOST_DATA_TEST_CASE(a_body_cut_short_is_an_error, both, how) {
    raw_server server({answers(ten + "01234"), answers(ten),
                       answers("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc"),
                       answers("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                               "3\r\nabc\r\n"),
                       [](raw_connection& c) {
                           c.read_request();
                           c.write(ten + "01234");
                           c.reset();
                       }});
    client fetch(how);
    for (int i = 0; i != 4; ++i)
        BOOST_TEST((code(fetch.get(server.where())) == boost::beast::http::error::partial_message));
    BOOST_TEST(fetch.get(server.where()).has_error());
    BOOST_TEST(server.accepted() == 5);
}

BOOST_DATA_TEST_CASE(what_is_not_http_is_an_error, both, how) {
    raw_server server({answers("SSH-2.0-OpenSSH\r\n\r\n"), answers(""),
                       answers("HTTP/1.1 101 Switching Protocols\r\n\r\n"),
                       answers("HTTP/1.1 200 OK\r\nX: " + std::string(100000, 'x') + "\r\n\r\n")});
    client fetch(how);
    BOOST_TEST((code(fetch.get(server.where())) == bulk::framing::status_line));
    BOOST_TEST((code(fetch.get(server.where())) == boost::beast::http::error::end_of_stream));
    BOOST_TEST((code(fetch.get(server.where())) == bulk::framing::interim));
    BOOST_TEST((code(fetch.get(server.where())) == bulk::framing::head_size));
}

BOOST_DATA_TEST_CASE(a_reused_connection_without_a_byte_is_stale, both, how) {
    raw_server server({[](raw_connection& c) {
                           c.read_request();
                           c.write(ten + "0123456789");
                           c.read_request(); // and never responds
                       },
                       answers_and_stays(ten + "second....")});
    client fetch(how);
    BOOST_TEST(fetch.get(server.where()).value().body == "0123456789");
    // The flow retries a request only if it learns that the connection was stale.
    BOOST_TEST(fetch.get(server.where()).value().body == "second....");
    BOOST_TEST(server.accepted() == 2);
}

BOOST_DATA_TEST_CASE(a_new_connection_without_a_byte_is_not_stale, both, how) {
    raw_server server({answers(""), answers_and_stays(ten + "0123456789")});
    client fetch(how);
    BOOST_TEST((code(fetch.get(server.where())) == boost::beast::http::error::end_of_stream));
    BOOST_TEST(server.accepted() == 1);
}

BOOST_DATA_TEST_CASE(connections_are_not_reused_after_close_or_surplus_bytes, both, how) {
    raw_server server({answers_and_stays("HTTP/1.1 200 OK\r\nConnection: close\r\n"
                                         "Content-Length: 2\r\n\r\nok"),
                       answers_and_stays("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok surplus"),
                       answers_and_stays("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")});
    client fetch(how);
    for (int i = 0; i != 4; ++i)
        BOOST_TEST(fetch.get(server.where()).value().body == "ok");
    BOOST_TEST(server.accepted() == 3);
}

BOOST_DATA_TEST_CASE(a_post_avoids_long_idle_connections, both, how) {
    auto const session = answers_and_stays(ten + "0123456789");
    raw_server server({session, session});
    bulk::transport_options options;
    options.post_max_idle = -1s;
    client fetch(how, options);
    bulk::request const post(bulk::verb::post, server.where(), "/");
    BOOST_TEST(fetch.get(server.where()).has_value());
    BOOST_TEST(fetch(post, "x").has_value());
    BOOST_TEST(server.accepted() == 2);
    BOOST_TEST(fetch.get(server.where()).has_value());
    BOOST_TEST(server.accepted() == 2);
}

BOOST_DATA_TEST_CASE(an_early_error_response_to_a_large_post_is_read, both, how) {
    raw_server server({[](raw_connection& c) {
        c.read(); // part of it
        c.write("HTTP/1.1 413 Too Large\r\nContent-Length: 9\r\n\r\ntoo large");
    }});
    // The server closes with unread bytes, so that the client's next write fails.
    std::string const large(32 * 1024 * 1024, 'x');
    auto exchange = [&](auto& send, auto& head, auto& read) {
        bulk::request q(bulk::verb::post, server.where(), "/");
        q.body = large;
        BOOST_TEST((send(q)).failed());
        bulk::head h;
        BOOST_TEST(!head(h));
        BOOST_TEST(h.status == 413);
        char buffer[100];
        BOOST_TEST(read(std::span<char>(buffer)) == 9u);
    };
    if (how == by::blocking) {
        bulk::beast_transport transport;
        auto channel = transport.acquire();
        bulk::error_code ec;
        auto send = [&](bulk::request const& q) { return channel.send(q, {}, ec), ec; };
        auto head = [&](bulk::head& h) {
            ec = {};
            return channel.read_head(h, {}, ec), ec;
        };
        auto read = [&](std::span<char> b) { return channel.read_some(b, {}, ec); };
        exchange(send, head, read);
        return;
    }
    asio::io_context context;
    bulk::async_beast_transport transport(context.get_executor());
    auto channel = transport.acquire();
    auto run = [&](auto start) {
        std::pair<bulk::error_code, std::size_t> came;
        auto keep = [&](bulk::error_code ec, std::size_t n) { came = {ec, n}; };
        start(bulk::io_handler(keep, context.get_executor()));
        context.restart();
        context.run();
        return came;
    };
    auto send = [&](bulk::request const& q) {
        return run([&](bulk::io_handler k) { channel.async_send(q, std::move(k)); }).first;
    };
    auto head = [&](bulk::head& h) {
        return run([&](bulk::io_handler k) { channel.async_read_head(h, std::move(k)); }).first;
    };
    auto read = [&](std::span<char> b) {
        return run([&](bulk::io_handler k) { channel.async_read_some(b, std::move(k)); }).second;
    };
    exchange(send, head, read);
}

BOOST_DATA_TEST_CASE(refused_port_and_unknown_host, both, how) {
    std::uint16_t free_port = 0;
    {
        asio::io_context context;
        asio::ip::tcp::acceptor acceptor(context, {asio::ip::address_v4::loopback(), 0});
        free_port = acceptor.local_endpoint().port();
    }
    client fetch(how);
    BOOST_TEST((code(fetch.get(bulk::origin{"http", "127.0.0.1", free_port})) ==
                boost::system::errc::connection_refused));
    auto const unknown = code(fetch.get(bulk::origin{"http", "no-such-host.invalid", 80}));
    BOOST_TEST((unknown == asio::error::host_not_found ||
                unknown == asio::error::host_not_found_try_again));
}

BOOST_DATA_TEST_CASE(every_phase_has_its_deadline, both, how) {
    auto ends_by = [how](bulk::deadline phase, bulk::origin const& at,
                         bulk::clock::duration bulk::deadlines::* limit,
                         bulk::clock::duration value, std::string body = {}) {
        bulk::transport_options options;
        options.limits.*limit = value;
        client fetch(how, options);
        auto const method = body.empty() ? bulk::verb::get : bulk::verb::post;
        auto const ec = code(fetch(bulk::request(method, at, "/"), body));
        BOOST_TEST((ec == phase), ec.message());
        BOOST_TEST((ec == timed_out));
    };
    ends_by(bulk::deadline::resolve, bulk::origin{"http", "no-such-host.invalid", 80},
            &bulk::deadlines::resolve, 0s);
    std::promise<void> client_gone;
    raw_server server({silent, silent, silent, silent,
                       [&](raw_connection&) { client_gone.get_future().wait(); },
                       [](raw_connection& c) {
                           c.read_request();
                           c.write(ten + "01234");
                           c.wait_for_close();
                       }});
    ends_by(bulk::deadline::handshake, server.where("https"), &bulk::deadlines::handshake, 50ms);
    ends_by(bulk::deadline::head, server.where(), &bulk::deadlines::head, 50ms);
    ends_by(bulk::deadline::request, server.where(), &bulk::deadlines::request, 50ms);
    ends_by(bulk::deadline::request, server.where("https"), &bulk::deadlines::request, 50ms);
    ends_by(bulk::deadline::send, server.where(), &bulk::deadlines::send, 50ms,
            std::string(64 * 1024 * 1024, 'x'));
    client_gone.set_value();
    ends_by(bulk::deadline::read, server.where(), &bulk::deadlines::read, 50ms);
}

BOOST_DATA_TEST_CASE(connecting_has_a_deadline, both, how) {
    // The system drops further connections while the accept queue is full.
    asio::io_context context;
    using asio::ip::tcp;
    tcp::acceptor acceptor(context);
    acceptor.open(tcp::v4());
    acceptor.bind({asio::ip::address_v4::loopback(), 0});
    acceptor.listen(1);
    std::vector<tcp::socket> queued;
    for (int i = 0; i != 8; ++i) {
        queued.emplace_back(context).open(tcp::v4());
        queued.back().async_connect(acceptor.local_endpoint(), [](bulk::error_code) {});
    }
    bulk::transport_options options;
    options.limits.connect = 50ms;
    client fetch(how, options);
    auto const ec =
        code(fetch.get(bulk::origin{"http", "127.0.0.1", acceptor.local_endpoint().port()}));
    BOOST_TEST((ec == bulk::deadline::connect), ec.message());
}

BOOST_DATA_TEST_CASE(a_slow_consumer_does_not_time_out, both, how) {
    // All data has arrived when the client reads; it pauses between two reads.
    std::string const body(100000, 'x');
    raw_server server(
        {answers_and_stays("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n" + body)});
    bulk::transport_options options;
    options.limits.read = 100ms;
    options.limits.request = 1s;
    client fetch(how, options);
    int pauses = 0;
    auto take_time = [&](std::size_t) {
        if (++pauses > 2)
            return;
        auto const until = bulk::clock::now() + (pauses == 1 ? 150ms : 1100ms);
        while (bulk::clock::now() < until)
            std::this_thread::yield();
    };
    auto const got = fetch(sample::get(server.where(), "/"), {}, 20000, take_time);
    BOOST_TEST((got.value().body == body));
    BOOST_TEST(pauses > 2);
}

BOOST_AUTO_TEST_CASE(cancelling_in_every_phase) {
    for (auto type : {asio::cancellation_type::terminal, asio::cancellation_type::partial,
                      asio::cancellation_type::total}) {
        raw_server server({silent, silent, [](raw_connection& c) {
                               c.read_request();
                               c.write(ten + "01234");
                               c.wait_for_close();
                           }});
        std::vector<bulk::origin> const places = {bulk::origin{"http", "no-such-host.invalid", 80},
                                                  server.where("https"), server.where(),
                                                  server.where()};
        for (std::size_t i = 0; i != places.size(); ++i) {
            asio::io_context context;
            asio::cancellation_signal signal;
            std::optional<fetched> got;
            bool const in_body = i == 3;
            auto emit = [&](std::size_t) { asio::post(context, [&] { signal.emit(type); }); };
            bulk::operation<sample::answer, bulk::async_beast_transport> op(
                sample::fetch(sample::get(places[i], "/"), {},
                              in_body ? sample::on_piece(emit) : sample::on_piece()),
                std::make_shared<bulk::async_beast_transport>(context.get_executor()));
            std::move(op)(asio::bind_cancellation_slot(
                signal.slot(), [&](fetched r) { got.emplace(std::move(r)); }));
            if (!in_body) {
                // The look-up starts and is cancelled at once, before it can fail.
                while (server.accepted() != static_cast<int>(i))
                    context.poll();
                if (i != 0)
                    context.poll();
                emit(0);
            }
            context.run();
            BOOST_TEST_REQUIRE(got.has_value());
            BOOST_TEST((code(*got) == operation_canceled), code(*got).message());
        }
    }
}

BOOST_AUTO_TEST_CASE(a_stop_token_ends_a_blocking_read_in_the_middle_of_a_body) {
    std::stop_source stop;
    raw_server server({[&](raw_connection& c) {
                           c.read_request();
                           c.write(ten + "01234");
                           stop.request_stop(); // while the client waits for the rest, or before
                           c.wait_for_close();
                       },
                       answers_and_stays(ten + "0123456789")});
    auto const transport = std::make_shared<bulk::beast_transport>();
    bulk::operation<sample::answer, bulk::beast_transport> op(
        sample::fetch(sample::get(server.where(), "/")), transport);
    BOOST_TEST((code(std::move(op).get(stop.get_token())) == operation_canceled));
    // The transport remains usable.
    bulk::operation<sample::answer, bulk::beast_transport> again(
        sample::fetch(sample::get(server.where(), "/")), transport);
    BOOST_TEST(std::move(again).get().value().body == "0123456789");
}

BOOST_AUTO_TEST_CASE(late_stops_never_affect_a_later_call) {
    raw_server server({answers_and_stays(ten + "0123456789")});
    bulk::beast_transport transport;
    bulk::request const q = sample::get(server.where(), "/");
    auto channel = transport.acquire();
    for (int i = 0; i != 100; ++i) {
        // Stopped just after the call that had the token, while the next calls run without one.
        std::stop_source stop;
        std::optional<std::jthread> stopper;
        bulk::error_code ec;
        channel.send(q, stop.get_token(), ec);
        stopper.emplace([&] { stop.request_stop(); });
        bulk::head h;
        char buffer[100];
        channel.read_head(h, {}, ec);
        BOOST_TEST(channel.read_some(buffer, {}, ec) == 10u);
        BOOST_TEST(!ec);
    }
    BOOST_TEST(server.accepted() == 1);
}

BOOST_AUTO_TEST_CASE(a_stop_from_another_thread_at_any_moment) {
    for (int i = 0; i != 50; ++i) {
        raw_server server({silent});
        bulk::beast_transport transport;
        auto channel = transport.acquire();
        bulk::request const q = sample::get(server.where(), "/");
        bulk::error_code ec;
        bulk::head h;
        channel.send(q, {}, ec);
        BOOST_TEST(!ec);
        std::stop_source stop;
        std::jthread const stopper([&] { stop.request_stop(); });
        channel.read_head(h, stop.get_token(), ec);
        BOOST_TEST((ec == operation_canceled));
        channel.drop();
    }
}

BOOST_AUTO_TEST_CASE(destroying_a_context_with_pending_connections) {
    raw_server server({silent, silent});
    auto const witness = std::make_shared<int>();
    {
        asio::io_context context;
        auto const transport =
            std::make_shared<bulk::async_beast_transport>(context.get_executor());
        for (std::string scheme : {"http", "https"}) {
            bulk::operation<sample::answer, bulk::async_beast_transport> op(
                sample::fetch(sample::get(server.where(scheme), "/")), transport);
            std::move(op)([witness](fetched) { BOOST_ERROR("completed"); });
        }
        while (server.accepted() != 2)
            context.poll();
        BOOST_TEST(witness.use_count() == 3);
    }
    BOOST_TEST(witness.use_count() == 1);
}

BOOST_AUTO_TEST_CASE(channels_outlive_a_blocking_transport) {
    raw_server server({answers_and_stays(ten + "0123456789")});
    std::optional<bulk::beast_transport> transport(std::in_place);
    auto channel = transport->acquire();
    transport.reset();
    bulk::error_code ec;
    bulk::head h;
    bulk::request const q = sample::get(server.where(), "/");
    channel.send(q, {}, ec);
    channel.read_head(h, {}, ec);
    BOOST_TEST(!ec);
    BOOST_TEST(h.status == 200);
    BOOST_TEST(h.content_length.value() == 10u);
}

BOOST_AUTO_TEST_SUITE_END()
