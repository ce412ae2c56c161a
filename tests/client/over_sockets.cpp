// SPDX-License-Identifier: BSL-1.0
// The whole client over real connections: what a user reads when the network misbehaves.
#include <eloqua/bulk.hpp>
#include <eloqua/bulk/async.hpp>
#include <eloqua/bulk/beast_transport.hpp>
#include <eloqua/bulk/simulator.hpp>
#include <eloqua/bulk/simulator/certificate.hpp>
#include <eloqua/bulk/simulator/listener.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/describe.hpp>
#include <boost/test/unit_test.hpp>

#include "../wire/raw_server.hpp"
#include <future>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bulk = eloqua::bulk;

namespace {

struct contact {
    std::string email;
    std::optional<std::string> country;
    using eloqua_fields = bulk::fields<bulk::field<&contact::email, "C_EmailAddress">,
                                       bulk::field<&contact::country, "C_Country">>;
};
BOOST_DESCRIBE_STRUCT(contact, (), (email, country))

bulk::basic_credentials const me{"Company", "user", "secret"};

bool has(std::string const& text, std::string_view part) {
    return text.find(part) != text.npos;
}

/// A client of the service at `where` that tries everything once.
bulk::client client_of(bulk::origin const& where, bulk::transport_options network = {}) {
    bulk::client_options o;
    o.login_url = where.text() + "/id";
    o.retry.attempts = 1;
    o.polling.first_delay = std::chrono::milliseconds(1);
    return bulk::client(bulk::beast_transport(std::move(network)), me, std::move(o));
}

/// A simulated Eloqua on a port, without delays.
struct service {
    bulk::simulator eloqua{[] {
        bulk::simulator_options o;
        o.simulated_clock = false;
        o.sync_pending = o.sync_active = std::chrono::nanoseconds(0);
        return o;
    }()};
    bulk::listener server;
    explicit service(bulk::listener_options o = {})
        : server([this](bulk::request const& q) { return eloqua.handle(q); }, std::move(o)) {}
};

void there_and_back(bulk::client const& client) {
    std::vector<contact> rows;
    for (int i = 0; i != 3'000; ++i)
        rows.push_back({"p" + std::to_string(i) + "@example.com", i % 2 ? "BE" : "PT"});
    auto const report =
        client.import_rows(bulk::contacts, bulk::identified_by<&contact::email>, rows)
            .get()
            .value();
    BOOST_TEST(report.created == 3'000);
    bulk::export_options small;
    small.page_rows = 700;
    auto source =
        client.export_rows<contact>(bulk::contacts, bulk::where<&contact::country> == "BE", small);
    std::size_t found = 0;
    for (contact const& c : source)
        found += c.country == "BE";
    BOOST_TEST(found == 1'500u);
    BOOST_TEST(source.receipt().rows == 1'500);
}

} // namespace

BOOST_AUTO_TEST_SUITE(over_sockets)

BOOST_AUTO_TEST_CASE(there_and_back_plain_and_through_tls) {
    service plain;
    there_and_back(client_of(plain.server.where()));

    bulk::local_certificates const made = bulk::self_signed_ca();
    bulk::listener_options o;
    o.certificate_pem = made.certificate;
    o.key_pem = made.key;
    service secure(o);
    bulk::transport_options network;
    network.ca_pem = made.ca;
    there_and_back(client_of(secure.server.where(), network));

    auto const refused = client_of(secure.server.where()).syncs().list().page().get();
    BOOST_TEST_REQUIRE(refused.has_error());
    BOOST_TEST(has(refused.error().message(), "certificate"));
    BOOST_TEST(has(refused.error().message(), "GET https://127.0.0.1"));
    BOOST_TEST(!(refused.error().code == bulk::condition::try_later));
}

BOOST_AUTO_TEST_CASE(an_asynchronous_client_does_the_same) {
    service plain;
    boost::asio::io_context context;
    bulk::client_options o;
    o.login_url = plain.server.where().text() + "/id";
    o.polling.first_delay = std::chrono::milliseconds(1);
    bulk::async_client client(bulk::async_beast_transport(context.get_executor()), me, o);
    std::vector<contact> const rows{{"a@example.com", "BE"}, {"nobody", "BE"}};
    std::future<bulk::result<bulk::import_report<contact>>> report = client.import_rows(
        bulk::contacts, bulk::identified_by<&contact::email>, rows)(boost::asio::use_future);
    context.run();
    auto const said = report.get().value();
    BOOST_TEST(said.created == 1);
    BOOST_TEST_REQUIRE(said.rejects.size() == 1u);
    BOOST_TEST(said.rejects[0].row_index == 1u);
}

BOOST_AUTO_TEST_CASE(an_unknown_host) {
    auto const came = client_of({"http", "nowhere.invalid", 80}).syncs().list().page().get();
    BOOST_TEST_REQUIRE(came.has_error());
    BOOST_TEST(has(came.error().message(), "Host not found"));
    BOOST_TEST(has(came.error().message(), "GET http://nowhere.invalid/id"));
}

BOOST_AUTO_TEST_CASE(a_refused_port) {
    bulk::origin free;
    {
        service gone;
        free = gone.server.where();
    }
    auto const came = client_of(free).syncs().list().page().get();
    BOOST_TEST_REQUIRE(came.has_error());
    BOOST_TEST(has(came.error().message(), "Connection refused"));
    BOOST_TEST(has(came.error().message(), "GET " + free.text() + "/id"));
    BOOST_TEST((came.error().code == bulk::condition::try_later));
}

BOOST_AUTO_TEST_CASE(a_server_that_closes_in_the_middle_of_a_body) {
    raw_server server({[](raw_connection& c) {
        c.read_request();
        c.write("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{\"items\":[");
    }});
    bulk::client_options o;
    o.base_url = server.where().text() + "/API/Bulk/2.0";
    o.retry.attempts = 1;
    bulk::client client(bulk::beast_transport(), me, o);
    auto const came = client.syncs().list().page().get();
    BOOST_TEST_REQUIRE(came.has_error());
    BOOST_TEST(has(came.error().message(), "partial message"));
    BOOST_TEST(has(came.error().message(), "/API/Bulk/2.0/syncs"));
    BOOST_TEST((came.error().code == bulk::condition::try_later));
}

BOOST_AUTO_TEST_CASE(wrong_passwords_in_both_spellings) {
    service plain;
    bulk::client_options o;
    o.login_url = plain.server.where().text() + "/id";
    bulk::basic_credentials const wrong{"Company", "user", "guess"};
    auto const by_login =
        bulk::client(bulk::beast_transport(), wrong, o).syncs().list().page().get();
    BOOST_TEST((by_login.error().code == bulk::errc::not_authenticated));
    o.base_url = plain.server.where().text() + "/API/Bulk/2.0";
    auto const by_status =
        bulk::client(bulk::beast_transport(), wrong, o).syncs().list().page().get();
    BOOST_TEST(by_status.error().info.status == 401);
    for (auto const& each : {by_login.error(), by_status.error()}) {
        BOOST_TEST((each.code == bulk::condition::bad_credentials));
        BOOST_TEST(!has(each.message(), "guess"));
    }
}

BOOST_AUTO_TEST_SUITE_END()
