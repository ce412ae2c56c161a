// SPDX-License-Identifier: BSL-1.0
// How a listener carries out connection faults, over real sockets.
#include <eloqua/bulk/beast_transport.hpp>
#include <eloqua/bulk/simulator.hpp>
#include <eloqua/bulk/simulator/certificate.hpp>
#include <eloqua/bulk/simulator/detail/login.hpp>
#include <eloqua/bulk/simulator/listener.hpp>

#include <boost/asio/error.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace bulk = eloqua::bulk;

namespace {

using bulk::fault;
using bulk::fault_plan;

bulk::local_certificates const& certificates() {
    static bulk::local_certificates const made = bulk::self_signed_ca();
    return made;
}

/// What a client sees of one exchange.
struct exchange {
    bulk::error_code sent, came, read;
    bool stale = false;
    int status = 0;
    std::string body;
    bulk::error_code error() const { return sent ? sent : came ? came : read; }
};

/// A simulated Eloqua on a port, and a client's transport.
struct faulty {
    explicit faulty(bool secure = false) : server(handler(), options(secure)), network(trusting()) {
        fields = ask("/contacts/fields").body;
    }
    bulk::listener::handler handler() {
        return [this](bulk::request const& q) {
            std::scoped_lock const alone(turn);
            return eloqua.handle(q);
        };
    }
    void inject(std::optional<fault_plan> plan) {
        std::scoped_lock const alone(turn);
        eloqua.inject(std::move(plan));
    }
    static bulk::listener_options options(bool secure) {
        bulk::listener_options o;
        if (secure) {
            o.certificate_pem = certificates().certificate;
            o.key_pem = certificates().key;
        }
        return o;
    }
    static bulk::transport_options trusting() {
        bulk::transport_options o;
        o.ca_pem = certificates().ca;
        o.limits.head = o.limits.read = std::chrono::milliseconds(300);
        return o;
    }
    /// One request on a connection that was used before.
    exchange suffer(fault f, bulk::verb method = bulk::verb::get,
                    std::string const& path = "/contacts/fields", std::string_view body = {}) {
        BOOST_TEST(!ask("/contacts/fields").error());
        inject(fault_plan().at("*", 1, std::move(f)));
        exchange x = ask(path, method, body);
        inject(std::nullopt);
        return x;
    }
    exchange ask(std::string const& path, bulk::verb method = bulk::verb::get,
                 std::string_view body = {}) {
        bulk::request q(method, server.where(), "/API/Bulk/2.0" + path);
        q.fields.set("Authorization",
                     bulk::simulation::basic_authorization("Company", "user", "secret"));
        q.fields.set("Content-Type", "application/json");
        q.body = body;
        auto channel = network.acquire();
        exchange x;
        bulk::head h;
        channel.send(q, {}, x.sent);
        x.stale = x.sent && channel.stale();
        if (x.sent)
            return x;
        channel.read_head(h, {}, x.came);
        x.stale = x.came && channel.stale();
        x.status = h.status;
        std::string buffer(1'000, '\0');
        while (std::size_t const n = x.came ? 0 : channel.read_some(buffer, {}, x.read))
            x.body.append(buffer, 0, n);
        return x;
    }
    std::int64_t exports() {
        std::scoped_lock const alone(turn);
        return static_cast<std::int64_t>(eloqua.requests("POST /contacts/exports"));
    }

    std::mutex turn; ///< the listener has its own thread
    bulk::simulator eloqua;
    bulk::listener server;
    bulk::beast_transport network;
    std::string fields;
};

/// The body of a response.
std::string get(bulk::beast_transport& by, bulk::origin const& from, std::string const& target) {
    bulk::request const q(bulk::verb::get, from, target);
    auto channel = by.acquire();
    bulk::error_code ec;
    bulk::head h;
    channel.send(q, {}, ec);
    channel.read_head(h, {}, ec);
    std::string body, buffer(10'000, '\0');
    while (std::size_t const n = ec ? 0 : channel.read_some(buffer, {}, ec))
        body.append(buffer, 0, n);
    return ec ? ec.message() : body;
}

constexpr std::string_view new_export = R"({"name":"n","fields":{"x":"{{Contact.Id}}"}})";

} // namespace

BOOST_AUTO_TEST_SUITE(listener_faults)

BOOST_AUTO_TEST_CASE(requests_that_do_not_arrive_are_reset) {
    faulty s;
    for (fault const& f : {fault::refuse(), fault::reset_before(), fault::reset_inside()}) {
        exchange const x = s.suffer(f, bulk::verb::post, "/contacts/exports", new_export);
        BOOST_TEST((x.error() == boost::asio::error::connection_reset), f);
        BOOST_TEST(x.stale, f);
        BOOST_TEST(s.exports() == 0, f);
    }
}

BOOST_AUTO_TEST_CASE(a_response_is_lost_after_the_request_was_carried_out) {
    for (bool const secure : {false, true}) {
        faulty s(secure);
        exchange const x =
            s.suffer(fault::lose_answer(), bulk::verb::post, "/contacts/exports", new_export);
        BOOST_TEST((x.came == boost::asio::error::connection_reset));
        BOOST_TEST(x.stale);
        BOOST_TEST(s.exports() == 1);
        BOOST_TEST(!s.ask("/contacts/fields").error());
    }
}

BOOST_AUTO_TEST_CASE(a_body_is_cut_by_a_reset) {
    for (bool const secure : {false, true}) {
        faulty s(secure);
        exchange const x = s.suffer(fault::cut(100));
        BOOST_TEST(x.status == 200);
        BOOST_TEST((x.read == boost::asio::error::connection_reset), x.read);
        BOOST_TEST(s.fields.starts_with(x.body));
        BOOST_TEST(x.body.size() == 100u);
    }
}

BOOST_AUTO_TEST_CASE(a_head_is_cut_where_there_is_no_body) {
    faulty s;
    std::string const uri = "/contacts/exports/1";
    s.ask("/contacts/exports", bulk::verb::post, new_export);
    exchange const x = s.suffer(fault::cut(100), bulk::verb::delete_, uri);
    BOOST_TEST((x.came == boost::asio::error::connection_reset), x.came);
    BOOST_TEST(!x.stale); // there was a response
    BOOST_TEST(s.ask(uri).status == 404);
}

BOOST_AUTO_TEST_CASE(a_response_never_arrives) {
    faulty s;
    exchange x = s.suffer(fault::stall(), bulk::verb::post, "/contacts/exports", new_export);
    BOOST_TEST((x.came == bulk::deadline::head));
    BOOST_TEST(!x.stale);
    BOOST_TEST(s.exports() == 1);
    x = s.suffer(fault::stall_after(100));
    BOOST_TEST(x.body == s.fields.substr(0, 100));
    BOOST_TEST((x.read == bulk::deadline::read));
}

BOOST_AUTO_TEST_CASE(a_body_trickles) {
    for (bool const secure : {false, true}) {
        faulty s(secure);
        BOOST_TEST((s.suffer(fault::trickle(2)).body == s.fields));
    }
}

BOOST_AUTO_TEST_CASE(a_body_is_shorter_than_its_length) {
    for (bool const secure : {false, true}) {
        faulty s(secure);
        exchange const x = s.suffer(fault::overstate(5));
        BOOST_TEST((x.body == s.fields));
        BOOST_TEST(x.read.failed());
        if (!secure)
            BOOST_TEST((x.read == boost::beast::http::error::partial_message), x.read);
    }
}

BOOST_AUTO_TEST_CASE(a_repeated_response_is_not_taken_for_the_next) {
    for (bool const secure : {false, true}) {
        faulty s(secure);
        for (int i = 0; i != 20; ++i) {
            BOOST_TEST((s.suffer(fault::repeat_answer()).body == s.fields));
            exchange const next = s.ask("/contacts/exports");
            BOOST_TEST(next.body.starts_with(R"({"items":[])"), next.body.substr(0, 40));
        }
    }
}

BOOST_AUTO_TEST_CASE(a_large_repeated_response_is_not_taken_for_the_next) {
    for (bool const secure : {false, true}) {
        std::size_t size = 0;
        bulk::listener server(
            [&](bulk::request const& q) {
                return q.target == "/next"
                           ? bulk::delivery(bulk::response(200, "next"))
                           : bulk::delivery(bulk::response(200, std::string(size, 'x')),
                                            fault::repeat_answer());
            },
            faulty::options(secure));
        bulk::beast_transport network(faulty::trusting());
        for (size = 1'000; size < 300'000; size += 7'919) {
            BOOST_TEST_REQUIRE(get(network, server.where(), "/").size() == size);
            BOOST_TEST_REQUIRE(get(network, server.where(), "/next").substr(0, 9) == "next");
        }
    }
}

BOOST_AUTO_TEST_CASE(a_repeated_response_without_a_body_is_not_taken_for_the_next) {
    for (bool const secure : {false, true}) {
        bulk::listener server(
            [&](bulk::request const& q) {
                return q.target == "/next"
                           ? bulk::delivery(bulk::response(200, "next"))
                           : bulk::delivery(bulk::response(204), fault::repeat_answer());
            },
            faulty::options(secure));
        bulk::beast_transport network(faulty::trusting());
        for (int i = 0; i != 200; ++i) {
            BOOST_TEST_REQUIRE(get(network, server.where(), "/").empty());
            BOOST_TEST_REQUIRE(get(network, server.where(), "/next").substr(0, 9) == "next");
        }
    }
}

BOOST_AUTO_TEST_CASE(invalid_responses_arrive_complete) {
    faulty s;
    BOOST_TEST(s.suffer(fault::bad_gateway()).body.starts_with("<html>"));
    BOOST_TEST(s.suffer(fault::truncate(20)).body == s.fields.substr(0, 20));
    BOOST_TEST(!s.suffer(fault::garble()).error());
}

BOOST_AUTO_TEST_SUITE_END()
