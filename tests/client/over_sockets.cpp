// SPDX-License-Identifier: BSL-1.0
// The whole client over real connections: the errors that a user reads when the network misbehaves.
#include <eloqua/bulk.hpp>
#include <eloqua/bulk/async.hpp>
#include <eloqua/bulk/async_beast_transport.hpp>
#include <eloqua/bulk/beast_transport.hpp>
#include <eloqua/bulk/simulator.hpp>
#include <eloqua/bulk/simulator/certificate.hpp>
#include <eloqua/bulk/simulator/detail/gzip.hpp>
#include <eloqua/bulk/simulator/listener.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/describe.hpp>
#include <boost/test/unit_test.hpp>

#include "../wire/raw_server.hpp"
#include <chrono>
#include <cstdint>
#include <future>
#include <optional>
#include <stop_token>
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

/// A client of the service at `where` that makes one attempt per request.
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

BOOST_AUTO_TEST_CASE(a_round_trip_plain_and_over_tls) {
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

BOOST_AUTO_TEST_CASE(an_asynchronous_round_trip) {
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
    auto const came = client_of({"https", "nowhere.invalid", 443}).syncs().list().page().get();
    BOOST_TEST_REQUIRE(came.has_error());
    BOOST_TEST(has(came.error().message(), "Host not found"));
    BOOST_TEST(has(came.error().message(), "GET https://nowhere.invalid/id"));
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

namespace {

std::string answer(std::string const& body, std::string_view status = "200 OK") {
    return "HTTP/1.1 " + std::string(status) +
           "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

/// Four rows, two of them from `first`; their addresses have one digit.
std::string two_rows(int first) {
    return R"({"totalResults":4,"items":[{"email":")" + std::to_string(first) + R"("},{"email":")" +
           std::to_string(first + 1) + R"("}],"hasMore":)" + (first == 0 ? "true}" : "false}");
}

/// The start of an export of four rows: definition, sync and log.
void begin_export(raw_connection& c) {
    c.read_request();
    c.write(answer(R"({"name":"e","fields":{},"uri":"/contacts/exports/5"})", "201 Created"));
    c.read_request();
    c.write(
        answer(R"({"syncedInstanceUri":"/contacts/exports/5","status":"success","uri":"/syncs/6"})",
               "201 Created"));
    c.read_request();
    c.write(answer(R"({"items":[{"statusCode":"ELQ-00102","count":4}],"hasMore":false})"));
}

/// Tells one thread of the server how far another one has come. A client that never gets there
/// causes an error, not an endless wait.
class milestone {
public:
    void reach() { promise_.set_value(); }
    bool reached() const {
        return future_.wait_for(std::chrono::seconds(20)) == std::future_status::ready;
    }

private:
    std::promise<void> promise_;
    std::shared_future<void> future_{promise_.get_future()};
};

bulk::client_options at(raw_server const& server) {
    bulk::client_options o;
    o.base_url = server.where().text() + "/API/Bulk/2.0";
    o.retry.first_delay = std::chrono::nanoseconds(0);
    return o;
}

struct email_row {
    std::string email;
};
BOOST_DESCRIBE_STRUCT(email_row, (), (email))

bulk::export_options pages_of_two() {
    bulk::export_options o;
    o.page_rows = 2;
    o.keep_definition = true;
    return o;
}

/// Exports with either driver. Returns the rows' addresses in order, and the result.
std::pair<std::string, bulk::result<std::int64_t>>
export_over(raw_server const& server, bool blocking, std::stop_source stop = {}) {
    std::string got;
    auto collect = [&](email_row const& r) { got += r.email; };
    bulk::export_options const options = pages_of_two();
    if (blocking) {
        bulk::client client(bulk::beast_transport(), me, at(server));
        auto source = client.export_rows<email_row>(bulk::contacts, bulk::all_rows, options);
        auto came = source.for_each(collect).get(stop.get_token());
        return {got, std::move(came)};
    }
    boost::asio::io_context context;
    bulk::async_client client(bulk::async_beast_transport(context.get_executor()), me, at(server));
    auto source = client.export_rows<email_row>(bulk::contacts, bulk::all_rows, options);
    boost::asio::cancellation_signal cancel;
    std::optional<bulk::result<std::int64_t>> came;
    source.for_each(collect)(boost::asio::bind_cancellation_slot(
        cancel.slot(), [&](bulk::result<std::int64_t> r) { came = std::move(r); }));
    std::stop_callback const on_stop(stop.get_token(), [&] {
        boost::asio::post(context, [&] { cancel.emit(boost::asio::cancellation_type::terminal); });
    });
    context.run();
    return {got, std::move(came.value())};
}

} // namespace

// Checks on the server's threads are counted, and reported once the threads have ended.

BOOST_AUTO_TEST_CASE(two_pages_are_outstanding_on_two_connections) {
    for (bool blocking : {true, false}) {
        milestone second_asked;
        int first = 0, second = 0;
        {
            raw_server server({[&](raw_connection& c) {
                                   begin_export(c);
                                   first += has(c.read_request(), "limit=2&offset=0");
                                   first += second_asked.reached();
                                   c.write(answer(two_rows(0)));
                                   c.wait_for_close();
                               },
                               [&](raw_connection& c) {
                                   second += has(c.read_request(), "limit=2&offset=2");
                                   second_asked.reach();
                                   c.write(answer(two_rows(2)));
                                   c.wait_for_close();
                               }});
            auto const [got, came] = export_over(server, blocking);
            BOOST_TEST(came.value() == 4);
            BOOST_TEST(got == "0123");
        }
        BOOST_TEST(first == 2);
        BOOST_TEST(second == 1);
    }
}

BOOST_AUTO_TEST_CASE(a_broken_page_keeps_the_response_on_the_other_connection) {
    for (bool blocking : {true, false}) {
        milestone second_asked;
        int first = 0, second = 0, third = 0;
        {
            std::string const page = answer(two_rows(0));
            raw_server server({[&](raw_connection& c) {
                                   begin_export(c);
                                   first += has(c.read_request(), "limit=2&offset=0");
                                   first += second_asked.reached();
                                   c.write(page.substr(0, page.find("},{") + 5)); // one whole row
                               },
                               [&](raw_connection& c) {
                                   second += has(c.read_request(), "limit=2&offset=2");
                                   second_asked.reach();
                                   c.write(answer(two_rows(2)));
                                   c.wait_for_close();
                               },
                               [&](raw_connection& c) {
                                   // The gap, and the last delivered row.
                                   third += has(c.read_request(), "limit=2&offset=0");
                                   c.write(answer(two_rows(0)));
                                   c.wait_for_close();
                               }});
            auto const [got, came] = export_over(server, blocking);
            BOOST_TEST(came.value() == 4);
            BOOST_TEST(got == "0123");
        }
        BOOST_TEST(first == 2);
        BOOST_TEST(second == 1);
        BOOST_TEST(third == 1);
    }
}

BOOST_AUTO_TEST_CASE(cancelling_closes_both_connections) {
    for (bool blocking : {true, false}) {
        milestone second_asked, second_closed;
        std::stop_source stop;
        int right = 0;
        {
            raw_server server({[&](raw_connection& c) {
                                   begin_export(c);
                                   c.read_request();
                                   right += second_asked.reached();
                                   stop.request_stop();
                                   c.wait_for_close();
                                   right += second_closed.reached();
                               },
                               [&](raw_connection& c) {
                                   c.read_request();
                                   second_asked.reach();
                                   c.wait_for_close();
                                   second_closed.reach();
                               }});
            auto const [got, came] = export_over(server, blocking, stop);
            BOOST_TEST((came.error().code == boost::system::errc::operation_canceled));
            BOOST_TEST(got.empty());
        }
        BOOST_TEST(right == 2);
    }
}

BOOST_AUTO_TEST_CASE(compressed_answers_plain_and_chunked) {
    std::string const body = bulk::simulation::gzip(two_rows(2));
    auto chunked = [&](std::size_t size) {
        std::string text = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n"
                           "Transfer-Encoding: chunked\r\n\r\n";
        for (std::size_t at = 0; at < body.size(); at += size) { // size below 10
            std::string const chunk = body.substr(at, size);
            text += std::to_string(chunk.size()) + "\r\n" + chunk + "\r\n";
        }
        return text + "0\r\n\r\n";
    };
    std::string counted = answer(body);
    counted.insert(counted.find("Content-Length"), "Content-Encoding: gzip\r\n");
    int right = 0;
    {
        raw_server server({[&](raw_connection& c) {
            for (std::string const& each : {counted, chunked(1), chunked(7), counted}) {
                right += has(c.read_request(), "Accept-Encoding: gzip");
                c.write(each);
            }
            c.wait_for_close();
        }});
        bulk::client client(bulk::beast_transport(), me, at(server));
        for (int i = 0; i != 4; ++i) { // on a single connection
            auto const page = client.syncs().data<email_row>(6).get().value();
            BOOST_TEST(page.items.at(1).email == "3");
        }
    }
    BOOST_TEST(right == 4);
}

BOOST_AUTO_TEST_CASE(the_reason_of_an_error_appears_once) {
    service plain;
    bulk::client const client = client_of(plain.server.where());
    auto const count = [](std::string const& text, std::string_view part) {
        std::size_t n = 0;
        for (std::size_t at = 0; (at = text.find(part, at)) != text.npos; at += part.size())
            ++n;
        return n;
    };
    // The body says nothing new.
    auto const missing = client.syncs().read(77).get();
    BOOST_TEST_REQUIRE(missing.has_error());
    BOOST_TEST(count(missing.error().message(), "The requested resource was not found.") == 1u);
    BOOST_TEST(missing.error().info.server == "The requested resource was not found.");
    // The body names the error member by member, which says more than the reason.
    bulk::sync_definition const nowhere{"/contacts/exports/77", {}};
    auto const invalid = client.syncs().create(nowhere).get();
    BOOST_TEST_REQUIRE(invalid.has_error());
    BOOST_TEST(count(invalid.error().message(), "Must reference an existing object.") == 1u);
    BOOST_TEST(count(invalid.error().message(), "validation error") == 0u);
}

BOOST_AUTO_TEST_CASE(the_reason_supplements_a_body_that_says_less) {
    struct row {
        char const* status;
        char const* body;
        char const* told;
    };
    static row const rows[] = {
        {"400 There was a validation error.", "", "There was a validation error."},
        {"400 There was a validation error.", "There was a validation error.",
         "There was a validation error."},
        {"404 The requested resource was not found.", "not here", "not here"},
        {"404 The requested resource was not found.", "<html>404</html>",
         "The requested resource was not found. <html>404</html>"},
        {"403 Forbidden", "<html>403 Forbidden</html>", "<html>403 Forbidden</html>"},
        {"403 This service has not been enabled for your site.", "",
         "This service has not been enabled for your site."},
        {"404 ", "", "Not Found"}, // which is the meaning of the status
    };
    for (row const& each : rows) {
        raw_server server({[&](raw_connection& c) {
            c.read_request();
            c.write(answer(each.body, each.status));
            c.wait_for_close();
        }});
        auto const came =
            bulk::client(bulk::beast_transport(), me, at(server)).syncs().list().page().get();
        BOOST_TEST_REQUIRE(came.has_error());
        BOOST_TEST(came.error().info.server == each.told, each.status);
    }
}

BOOST_AUTO_TEST_CASE(wrong_passwords_in_both_forms) {
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
