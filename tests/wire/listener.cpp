// SPDX-License-Identifier: BSL-1.0
// The listener, and the Beast transports that use it over TLS.
#include <eloqua/bulk/async.hpp>
#include <eloqua/bulk/async_beast_transport.hpp>
#include <eloqua/bulk/beast_transport.hpp>
#include <eloqua/bulk/simulator.hpp>
#include <eloqua/bulk/simulator/certificate.hpp>
#include <eloqua/bulk/simulator/listener.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
#include <boost/test/unit_test.hpp>

#include "raw_server.hpp"
#include "sample_flow.hpp"
#include <chrono>
#include <cstddef>
#include <future>
#include <memory>
#include <optional>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace asio = boost::asio;
namespace bulk = eloqua::bulk;
using namespace std::string_view_literals;

namespace {

bulk::local_certificates const& certificates() {
    static bulk::local_certificates const made = bulk::self_signed_ca();
    return made;
}

bulk::listener_options tls() {
    bulk::listener_options options;
    options.certificate_pem = certificates().certificate;
    options.key_pem = certificates().key;
    return options;
}

bulk::transport_options trusting() {
    bulk::transport_options options;
    options.ca_pem = certificates().ca;
    return options;
}

using fetched = bulk::result<sample::answer>;

fetched fetch(std::shared_ptr<bulk::beast_transport> const& by, bulk::request q,
              std::string body = {}, std::size_t piece = 4096) {
    bulk::operation<sample::answer, bulk::beast_transport> op(
        sample::fetch(std::move(q), std::move(body), {}, piece), by);
    return std::move(op).get();
}
fetched fetch(bulk::transport_options options, bulk::request q, std::string body = {}) {
    return fetch(std::make_shared<bulk::beast_transport>(std::move(options)), std::move(q),
                 std::move(body));
}

/// Echoes the request.
bulk::response echo(bulk::request const& q) {
    return bulk::response(200, q.line() + ' ' + std::to_string(q.body.size()), "text/plain");
}

/// As above, inside TLS with `name`, inside a tunnel through the proxy. Empty: no tunnel.
std::string talk_through(bulk::origin const& proxy, std::string const& name, std::string const& ca,
                         std::string_view text) {
    namespace ssl = asio::ssl;
    asio::io_context context;
    asio::ip::tcp::socket socket(context);
    socket.connect({asio::ip::make_address(proxy.host), proxy.port});
    asio::write(socket, asio::buffer("CONNECT " + name + ":443 HTTP/1.1\r\nHost: " + name +
                                     ":443\r\n\r\n"));
    std::string head;
    asio::read_until(socket, asio::dynamic_buffer(head), "\r\n\r\n");
    if (head != "HTTP/1.1 200 Connection established\r\n\r\n")
        return {};
    ssl::context trust(ssl::context::tls_client);
    trust.add_certificate_authority(asio::buffer(ca));
    ssl::stream<asio::ip::tcp::socket&> tls(socket, trust);
    tls.set_verify_mode(ssl::verify_peer);
    tls.set_verify_callback(ssl::host_name_verification(name));
    tls.handshake(ssl::stream_base::client);
    asio::write(tls, asio::buffer(text.data(), text.size()));
    std::string all;
    bulk::error_code ec;
    asio::read(tls, asio::dynamic_buffer(all), ec);
    return all;
}

/// A server's response to these bytes, until it closes.
std::string talk(bulk::origin const& to, std::string_view text) {
    asio::io_context context;
    asio::ip::tcp::socket socket(context);
    socket.connect({asio::ip::make_address(to.host), to.port});
    bulk::error_code ec;
    asio::write(socket, asio::buffer(text.data(), text.size()), ec);
    raw_connection connection(std::move(socket));
    std::string all;
    for (std::string more = connection.read(); !more.empty(); more = connection.read())
        all += more;
    return all;
}

} // namespace

BOOST_AUTO_TEST_SUITE(listener)

BOOST_AUTO_TEST_CASE(a_response_is_sent_while_the_next_one_is_computed) {
    std::promise<void> read;
    std::future<void> const whole = read.get_future();
    std::promise<void> begun;
    bulk::listener server([&](bulk::request const& q) {
        if (q.target == "/large") // more than a connection holds
            return bulk::response(200, std::string(64'000'000, 'x'), "text/plain");
        begun.set_value();
        bool const in_time = whole.wait_for(std::chrono::seconds(20)) == std::future_status::ready;
        return bulk::response(in_time ? 200 : 500);
    });
    asio::io_context context;
    asio::ip::tcp::socket first(context), second(context);
    asio::ip::tcp::endpoint const at(asio::ip::make_address("127.0.0.1"), server.port());
    first.connect(at);
    second.connect(at);
    std::string text;
    asio::write(first, asio::buffer("GET /large HTTP/1.1\r\nHost: a\r\n\r\n"sv));
    std::size_t const head = asio::read_until(first, asio::dynamic_buffer(text), "\r\n\r\n");
    asio::write(second, asio::buffer("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n"sv));
    begun.get_future().wait();
    text.resize(text.size() - head); // only the length of the body matters
    asio::read(first, asio::dynamic_buffer(text), asio::transfer_exactly(64'000'000 - text.size()));
    read.set_value();
    text.clear();
    asio::read_until(second, asio::dynamic_buffer(text), "\r\n\r\n");
    BOOST_TEST(text.starts_with("HTTP/1.1 200 "));
}

BOOST_AUTO_TEST_CASE(serves_every_verb_on_one_connection) {
    std::vector<std::string> seen;
    bulk::listener server([&](bulk::request const& q) {
        seen.push_back(q.line() + ' ' + std::string(q.body));
        return bulk::response(q.method == bulk::verb::delete_ ? 204 : 200);
    });
    auto const transport = std::make_shared<bulk::beast_transport>();
    std::string const at = server.where().text();
    for (auto method : {bulk::verb::get, bulk::verb::post, bulk::verb::put, bulk::verb::delete_}) {
        bool const has_body = method == bulk::verb::post || method == bulk::verb::put;
        BOOST_TEST(fetch(transport, bulk::request(method, server.where(), "/x?y=%20z"),
                         has_body ? "body" : "")
                       .has_value());
    }
    BOOST_TEST(seen == (std::vector<std::string>{
                           "GET " + at + "/x?y=%20z ", "POST " + at + "/x?y=%20z body",
                           "PUT " + at + "/x?y=%20z body", "DELETE " + at + "/x?y=%20z "}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(large_requests_and_answers) {
    std::string const large(40 * 1024 * 1024, 'x');
    bulk::listener server([&](bulk::request const& q) {
        return bulk::response(200, std::string(q.body), "text/plain");
    });
    auto const transport = std::make_shared<bulk::beast_transport>();
    bulk::request const post(bulk::verb::post, server.where(), "/");
    BOOST_TEST((fetch(transport, post, large, 65536).value().body == large));
    // Beyond 64 MB the response is sent before the body is read.
    auto const refused = fetch(transport, post, std::string(65 * 1024 * 1024, 'x'));
    BOOST_TEST(refused.value().status == 413);
}

BOOST_AUTO_TEST_CASE(requests_of_other_clients) {
    bulk::listener server(echo);
    auto const answered = [&](std::string_view text) { return talk(server.where(), text); };
    std::string got = answered("GET http://login.example/a?b HTTP/1.1\r\nHost: other\r\n"
                               "Connection: close\r\n\r\n");
    BOOST_TEST(got.starts_with("HTTP/1.1 200 OK\r\n"));
    BOOST_TEST(got.ends_with("GET http://login.example/a?b 0"));
    got = answered("POST /a HTTP/1.1\r\nHost: secure.example:8443\r\nConnection: close\r\n"
                   "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
    BOOST_TEST(got.ends_with("POST http://secure.example:8443/a 5"));
    got = answered("POST /a HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2\r\n"
                   "Connection: close\r\n\r\nok");
    BOOST_TEST(got.starts_with("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n"));
    got = answered("GET /a HTTP/1.0\r\n\r\n");
    BOOST_TEST(got.ends_with("GET " + server.where().text() + "/a 0"));
    got = answered("PATCH /a HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
    BOOST_TEST(got.starts_with("HTTP/1.1 405 Method Not Allowed\r\n"));
    BOOST_TEST((got.find("\r\nAllow: GET, HEAD, POST, PUT, DELETE\r\n") != got.npos), got);
    BOOST_TEST((got.find("\r\nDate: ") != got.npos), got);
    // The connection remains usable after them.
    got = answered("BREW /a HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nGET"
                   "OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n"
                   "GET /b HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
    BOOST_TEST(got.starts_with("HTTP/1.1 501 Not Implemented\r\n"));
    BOOST_TEST((got.find("HTTP/1.1 405 ") != got.npos), got);
    BOOST_TEST(got.ends_with("GET http://h/b 0"));
    for (std::string_view bad :
         {"nonsense\r\n\r\n", "GET * HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n",
          "GET / HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n",
          "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: x\r\n\r\n"})
        BOOST_TEST(answered(bad).starts_with("HTTP/1.1 400 "), bad);
}

BOOST_AUTO_TEST_CASE(head_is_answered_without_a_body) {
    bulk::listener server(echo);
    std::string const got = talk(server.where(), "HEAD /a HTTP/1.1\r\nHost: h\r\n\r\n"
                                                 "HEAD /long HTTP/1.1\r\nHost: h\r\n\r\n"
                                                 "GET /b HTTP/1.1\r\nHost: h\r\n"
                                                 "Connection: close\r\n\r\n");
    std::string const first = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"
                              "Content-Length: 17\r\n\r\n",
                      second = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"
                               "Content-Length: 20\r\n\r\n";
    BOOST_TEST(got.starts_with(first + second + "HTTP/1.1 200 OK\r\n"), got);
    BOOST_TEST(got.ends_with("\r\n\r\nGET http://h/b 0"), got);
}

BOOST_AUTO_TEST_CASE(head_by_a_transport_does_not_wait_for_a_body) {
    bulk::simulator eloqua;
    bulk::listener server([&](bulk::request const& q) { return eloqua.handle(q); });
    bulk::beast_transport transport;
    auto channel = transport.acquire();
    std::vector<char> buffer(4'096);
    for (auto method : {bulk::verb::head, bulk::verb::get, bulk::verb::head}) {
        bulk::request q(method, server.where(), "/API/Bulk/2.0/contacts/fields?limit=2");
        q.fields.set("Authorization", "basic Q29tcGFueVx1c2VyOnNlY3JldA==");
        bulk::error_code ec;
        bulk::head h;
        channel.send(q, {}, ec);
        channel.read_head(h, {}, ec);
        BOOST_TEST_REQUIRE(!ec, ec.message());
        BOOST_TEST(h.status == 200);
        std::size_t total = 0;
        while (std::size_t const n = channel.read_some(buffer, {}, ec))
            total += n;
        BOOST_TEST(!ec, ec.message());
        auto const stated = std::stoul(std::string(h.fields.find("Content-Length").value_or("0")));
        BOOST_TEST(stated > 100u);
        BOOST_TEST(total == (method == bulk::verb::get ? stated : 0u));
    }
}

BOOST_AUTO_TEST_CASE(the_in_process_simulator_answers_head_too) {
    bulk::simulator eloqua;
    auto channel = eloqua.acquire();
    std::vector<char> buffer(4'096);
    for (int i = 0; i != 2; ++i) {
        bulk::request const q(bulk::verb::head, bulk::origin(), "/API/Bulk/2.0/syncs");
        bulk::error_code ec;
        bulk::head h;
        channel.send(q, {}, ec);
        channel.read_head(h, {}, ec);
        BOOST_TEST(!ec, ec.message());
        BOOST_TEST(h.status == 401);
        BOOST_TEST(h.reason == "Login required");
        BOOST_TEST(h.fields.find("Content-Length").value_or("") == "14");
        BOOST_TEST(channel.read_some(buffer, {}, ec) == 0u);
        BOOST_TEST(!ec, ec.message());
    }
}

BOOST_AUTO_TEST_CASE(http_1_0_clients_learn_whether_the_connection_stays_open) {
    bulk::listener server(echo);
    std::string got = talk(server.where(), "GET /a HTTP/1.0\r\n\r\n");
    BOOST_TEST((got.find("\r\nConnection: close\r\n") != got.npos), got);
    got = talk(server.where(), "GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"
                               "HEAD /a HTTP/1.0\r\n\r\n");
    BOOST_TEST((got.find("\r\nConnection: keep-alive\r\n") != got.npos), got);
    BOOST_TEST((got.find("/a 0HTTP/1.1 200 OK\r\n") != got.npos), got);
    BOOST_TEST(got.ends_with("Connection: close\r\n\r\n"), got);
    // An interim response would be one too many for them.
    got = talk(server.where(), "POST /a HTTP/1.0\r\nExpect: 100-continue\r\n"
                               "Content-Length: 2\r\n\r\nok");
    BOOST_TEST(got.starts_with("HTTP/1.1 200 OK\r\n"), got);
    got = talk(server.where(), "GET /a HTTP/1.1\r\nHost: h\r\n\r\nGET /b HTTP/1.0\r\n\r\n");
    BOOST_TEST((got.find("keep-alive") == got.npos), got);
}

BOOST_AUTO_TEST_CASE(status_lines_have_the_reason_of_the_answer) {
    bulk::simulator eloqua;
    bulk::listener simulated([&](bulk::request const& q) { return eloqua.handle(q); });
    auto const line = [](bulk::listener const& of, std::string const& target) {
        std::string const got =
            talk(of.where(), "GET " + target +
                                 " HTTP/1.1\r\nHost: h\r\nConnection: close\r\nAuthorization: "
                                 "BASIC Q29tcGFueVx1c2VyOnNlY3JldA==\r\n\r\n");
        return got.substr(0, got.find("\r\n"));
    };
    BOOST_TEST(line(simulated, "/API/Bulk/2.0/syncs") == "HTTP/1.1 200 OK");
    BOOST_TEST(line(simulated, "/API/Bulk/2.0/syncs?limit=0") ==
               "HTTP/1.1 400 There was a validation error.");
    BOOST_TEST(line(simulated, "/API/Bulk/2.0/syncs/7") ==
               "HTTP/1.1 404 The requested resource was not found.");
    BOOST_TEST(line(simulated, "/API/REST/2.0/data/contacts") ==
               "HTTP/1.1 403 This service has not been enabled for your site.");
    // Without its own reason phrase, and with one that would take two lines.
    bulk::listener other([](bulk::request const& q) {
        bulk::response said(418);
        said.reason = q.target == "/odd"   ? "a\r\nX: b"
                      : q.target == "/own" ? "Short and stout"
                                           : "";
        return said;
    });
    BOOST_TEST(line(other, "/own") == "HTTP/1.1 418 Short and stout");
    BOOST_TEST(line(other, "/none").starts_with("HTTP/1.1 418 "));
    BOOST_TEST(line(other, "/odd") == line(other, "/none"));
}

BOOST_AUTO_TEST_CASE(connect_opens_a_tunnel_to_itself) {
    bulk::listener server(echo);
    std::string const got =
        talk(server.where(), "CONNECT login.example:443 HTTP/1.1\r\nHost: login.example:443\r\n\r\n"
                             "GET /id HTTP/1.1\r\nHost: login.example\r\n\r\n"
                             "POST /a HTTP/1.0\r\nContent-Length: 2\r\n\r\nok");
    BOOST_TEST(got.starts_with("HTTP/1.1 200 Connection established\r\n\r\nHTTP/1.1 200 OK\r\n"));
    BOOST_TEST((got.find("GET http://login.example/id 0") != got.npos), got);
    BOOST_TEST(got.ends_with("POST http://login.example:443/a 2"));
}

BOOST_AUTO_TEST_CASE(a_tunnel_may_carry_tls_for_any_name_of_the_certificate) {
    bulk::local_certificates const made =
        bulk::self_signed_ca({"login.eloqua.com", "secure.p03.eloqua.com"});
    bulk::listener_options options;
    options.certificate_pem = made.certificate;
    options.key_pem = made.key;
    bulk::listener server(echo, options);
    for (std::string const name : {"login.eloqua.com", "secure.p03.eloqua.com", "localhost"})
        BOOST_TEST(
            talk_through(server.where(), name, made.ca,
                         "GET /id HTTP/1.1\r\nHost: " + name + "\r\nConnection: close\r\n\r\n")
                .ends_with("GET https://" + name + "/id 0"));
    BOOST_CHECK_THROW(talk_through(server.where(), "login.example", made.ca, ""),
                      boost::system::system_error);
    // A client that trusts the authority may also use HTTP in the tunnel, but not outside.
    std::string const plain = "GET /a HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";
    BOOST_TEST(talk(server.where(), "CONNECT h:80 HTTP/1.1\r\nHost: h\r\n\r\n" + plain)
                   .ends_with("GET http://h/a 0"));
    BOOST_TEST(talk(server.where(), plain).empty());
}

BOOST_AUTO_TEST_CASE(a_client_with_fixed_hosts_finds_the_simulated_service_by_a_proxy_setting) {
    bulk::simulator eloqua;
    bulk::local_certificates const made =
        bulk::self_signed_ca({"login.eloqua.com", "secure.p03.eloqua.com"});
    bulk::listener_options options;
    options.certificate_pem = made.certificate;
    options.key_pem = made.key;
    bulk::listener server([&](bulk::request const& q) { return eloqua.handle(q); }, options);
    auto get = [&](std::string const& host, std::string const& target) {
        return talk_through(server.where(), host, made.ca,
                            "GET " + target + " HTTP/1.1\r\nHost: " + host +
                                "\r\nAuthorization: Basic Q29tcGFueVx1c2VyOnNlY3JldA==\r\n"
                                "Connection: close\r\n\r\n");
    };
    std::string const found = get("login.eloqua.com", "/id");
    BOOST_TEST(found.find(R"("base":"https://secure.p03.eloqua.com")") != found.npos, found);
    std::string const fields =
        get("secure.p03.eloqua.com", "/api/bulk/2.0/contacts/fields?limit=1");
    BOOST_TEST(fields.starts_with("HTTP/1.1 200 "));
    BOOST_TEST(fields.find("{{Contact.") != fields.npos, fields);
}

BOOST_AUTO_TEST_CASE(refused_tunnels) {
    bulk::listener server(echo);
    std::string const connect = "CONNECT h:443 HTTP/1.1\r\nHost: h\r\n";
    std::string got =
        talk(server.where(), connect + "\r\n" + connect + "Connection: close\r\n\r\n");
    BOOST_TEST((got.find("HTTP/1.1 405 ") != got.npos), got);
    for (std::string_view bad : {"/", "h:x", "h/a", "u@h:1"})
        BOOST_TEST(talk(server.where(), "CONNECT " + std::string(bad) +
                                            " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
                       .starts_with("HTTP/1.1 405 "),
                   bad);
    // TLS to a listener without a certificate.
    got = talk(server.where(), connect + "\r\n\x16\x03\x01");
    BOOST_TEST(got.starts_with("HTTP/1.1 200 Connection established\r\n\r\nHTTP/1.1 400 "));
    // A tunnel inside TLS.
    bulk::listener secure(echo, tls());
    got = talk_through(secure.where(), "localhost", certificates().ca,
                       connect + "Connection: close\r\n\r\n");
    BOOST_TEST(got.starts_with("HTTP/1.1 405 "));
}

BOOST_AUTO_TEST_CASE(a_throwing_handler_results_in_500) {
    bulk::listener server(
        [](bulk::request const&) -> bulk::response { throw std::runtime_error("no reason"); });
    auto const got = fetch(bulk::transport_options(), sample::get(server.where(), "/"));
    BOOST_TEST(got.value().status == 500);
    BOOST_TEST(got->body == "no reason");
}

BOOST_AUTO_TEST_CASE(a_response_can_be_delayed_while_others_are_served) {
    bulk::listener_options options;
    options.delay = [](bulk::request const& q) {
        return q.target == "/slow" ? std::chrono::hours(1) : std::chrono::milliseconds(0);
    };
    bulk::listener server(echo, options);
    bulk::beast_transport transport;
    auto slow = transport.acquire();
    bulk::error_code ec;
    bulk::request const q = sample::get(server.where(), "/slow");
    slow.send(q, {}, ec);
    BOOST_TEST(!ec);
    BOOST_TEST(fetch(bulk::transport_options(), sample::get(server.where(), "/")).has_value());
}

BOOST_AUTO_TEST_CASE(a_port_in_use_is_an_error) {
    bulk::listener server(echo);
    bulk::listener_options options;
    options.port = server.port();
    BOOST_CHECK_THROW(bulk::listener(echo, options), boost::system::system_error);
}

BOOST_AUTO_TEST_CASE(tls_with_the_authority_given) {
    bulk::listener server(echo, tls());
    BOOST_TEST(server.where().secure());
    std::string const text = "GET " + server.where().text() + "/a 0";
    auto const transport = std::make_shared<bulk::beast_transport>(trusting());
    for (int i = 0; i != 2; ++i)
        BOOST_TEST(fetch(transport, sample::get(server.where(), "/a")).value().body == text);

    // By name and by address.
    bulk::origin by_name = server.where();
    by_name.host = "localhost";
    BOOST_TEST(fetch(trusting(), sample::get(by_name, "/a")).value().body ==
               "GET " + by_name.text() + "/a 0");
}

BOOST_AUTO_TEST_CASE(large_bodies_through_tls) {
    bulk::listener server(
        [](bulk::request const& q) {
            return bulk::response(200, std::string(q.body), "text/plain");
        },
        tls());
    std::string const large(3 * 1024 * 1024 + 7, 'x');
    bulk::request const post(bulk::verb::post, server.where(), "/");
    BOOST_TEST((fetch(trusting(), post, large).value().body == large));
    // Refused early: what the client still sends is discarded until it has read the response.
    BOOST_TEST(fetch(trusting(), post, std::string(65 * 1024 * 1024, 'x')).value().status == 413);
}

BOOST_AUTO_TEST_CASE(tls_without_the_authority_is_refused_and_says_why) {
    int served = 0;
    bulk::listener server(
        [&](bulk::request const& q) {
            ++served;
            return echo(q);
        },
        tls());
    auto const got = fetch(bulk::transport_options(), sample::get(server.where(), "/"));
    BOOST_TEST_REQUIRE(got.has_error());
    BOOST_TEST((got.error().code.category() == bulk::certificate_category()));
    std::string const why = got.error().message();
    BOOST_TEST((why.find("certificate verify failed (") != why.npos), why);
    BOOST_TEST((why.find("GET https://127.0.0.1:") != why.npos), why);
    BOOST_TEST((got.error().code != bulk::condition::try_later));
    BOOST_TEST(served == 0);
}

BOOST_AUTO_TEST_CASE(a_host_name_that_is_not_in_the_certificate_is_refused) {
    bulk::listener_options options = tls();
    options.address = "127.0.0.2";
    bulk::listener server(echo, options);
    auto const got = fetch(trusting(), sample::get(server.where(), "/"));
    BOOST_TEST_REQUIRE(got.has_error());
    std::string const why = got.error().message();
    BOOST_TEST((why.find("certificate verify failed (IP address mismatch)") != why.npos), why);
}

BOOST_AUTO_TEST_CASE(unreadable_authorities_are_reported_at_once) {
    bulk::transport_options options;
    options.ca_file = "/no/such/file.pem";
    auto const names_it = [](bulk::error const& e) {
        return std::string_view(e.what()).find("/no/such/file.pem") != std::string_view::npos;
    };
    BOOST_CHECK_EXCEPTION(bulk::beast_transport{options}, bulk::error, names_it);
    options.ca_file.clear();
    options.ca_pem = "not a certificate";
    BOOST_CHECK_THROW(bulk::beast_transport{options}, bulk::error);
}

BOOST_AUTO_TEST_CASE(tls_to_a_plain_http_port_is_an_error) {
    bulk::listener server(echo);
    bulk::origin at = server.where();
    at.scheme = "https";
    BOOST_TEST(fetch(bulk::transport_options(), sample::get(at, "/")).has_error());
    bulk::listener secure(echo, tls());
    at = secure.where();
    at.scheme = "http";
    BOOST_TEST(fetch(bulk::transport_options(), sample::get(at, "/")).has_error());
}

BOOST_AUTO_TEST_CASE(cancelling_in_the_middle_of_a_body_through_tls) {
    bulk::listener server(
        [](bulk::request const&) {
            return bulk::response(200, std::string(20'000'000, 'x'), "text/plain");
        },
        tls());
    for (auto type : {asio::cancellation_type::terminal, asio::cancellation_type::partial,
                      asio::cancellation_type::total}) {
        asio::io_context context;
        asio::cancellation_signal signal;
        std::optional<fetched> got;
        std::size_t read = 0;
        auto emit = [&](std::size_t total) {
            if (std::exchange(read, total) == 0)
                asio::post(context, [&] { signal.emit(type); });
        };
        bulk::operation<sample::answer, bulk::async_beast_transport> op(
            sample::fetch(sample::get(server.where(), "/"), {}, emit),
            std::make_shared<bulk::async_beast_transport>(context.get_executor(), trusting()));
        std::move(op)(asio::bind_cancellation_slot(signal.slot(),
                                                   [&](fetched r) { got.emplace(std::move(r)); }));
        context.run();
        BOOST_TEST_REQUIRE(got.has_value());
        BOOST_TEST_REQUIRE(got->has_error());
        BOOST_TEST((got->error().code == boost::system::errc::operation_canceled));
        BOOST_TEST(read < 20'000'000u);
    }
}

BOOST_AUTO_TEST_CASE(a_body_cut_short_through_tls_is_an_error) {
    // The listener stops in the middle of a body, without closing TLS.
    auto server = std::make_unique<bulk::listener>(
        [](bulk::request const&) {
            return bulk::response(200, std::string(50'000'000, 'x'), "text/plain");
        },
        tls());
    bulk::beast_transport transport(trusting());
    auto channel = transport.acquire();
    bulk::request const q = sample::get(server->where(), "/");
    bulk::error_code ec;
    bulk::head h;
    channel.send(q, {}, ec);
    channel.read_head(h, {}, ec);
    BOOST_TEST(!ec);
    server.reset();
    std::vector<char> buffer(65536);
    std::uint64_t total = 0;
    while (std::size_t const n = channel.read_some(buffer, {}, ec))
        total += n;
    BOOST_TEST(ec.failed());
    BOOST_TEST(total < 50'000'000u);
}

BOOST_AUTO_TEST_SUITE_END()
