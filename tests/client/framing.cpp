// SPDX-License-Identifier: BSL-1.0
// A malformed HTTP response gives a clear error and is not retried.
#include <eloqua/bulk.hpp>
#include <eloqua/bulk/beast_transport.hpp>
#include <eloqua/bulk/construct_client.hpp>
#include <eloqua/bulk/testing/scripted_transport.hpp>

#include <boost/test/unit_test.hpp>

#include "../wire/raw_server.hpp"
#include <string>
#include <string_view>

namespace bulk = eloqua::bulk;
using bulk::verb;

namespace {

bulk::basic_credentials const me{"Company", "user", "secret"};

bool has(std::string const& text, std::string_view part) {
    return text.find(part) != text.npos;
}

bulk::client_options at_base(std::string base = "https://secure.p01.eloqua.com/API/Bulk/2.0") {
    bulk::client_options o;
    o.base_url = std::move(base);
    o.retry.first_delay = std::chrono::nanoseconds(0);
    return o;
}

} // namespace

BOOST_AUTO_TEST_SUITE(client_framing)

BOOST_AUTO_TEST_CASE(malformed_http_is_not_retried) {
    struct {
        std::string answer;
        char const* words;
    } const wrong[] = {
        {"HTTP/1.1 200\r\nContent-Length: 2\r\n\r\n{}", "status line"},
        {"SSH-2.0-OpenSSH_9.2\r\n\r\n", "status line"},
        {"HTTP/1.1 000 Nothing\r\nContent-Length: 0\r\n\r\n", "has status 0,"},
        {"HTTP/1.1 099 Little\r\nContent-Length: 0\r\n\r\n", "has status 99,"},
        {"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n{}", "Transfer-Encoding"},
        {"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
         "Transfer-Encoding"},
        {"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}", "header field"},
        {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n", "chunk"},
        {"HTTP/1.1 200 OK\r\nX: " + std::string(100'000, 'x') + "\r\n\r\n", "head is too large"},
        {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;" + std::string(200'000, 'x'),
         "chunk extension"},
    };
    for (auto const& [answer, words] : wrong) {
        raw_server server({[&](raw_connection& c) {
                               c.read_request();
                               c.write(answer);
                           },
                           [&](raw_connection& c) {
                               c.read_request();
                               c.write(answer);
                           }});
        bulk::client client(bulk::beast_transport(), me,
                            at_base(server.where().text() + "/API/Bulk/2.0"));
        auto const read = client.syncs().list().page().get();
        BOOST_TEST_REQUIRE(read.has_error());
        BOOST_TEST((read.error().code == bulk::errc::malformed_response), read.error().message());
        BOOST_TEST(has(read.error().message(), words), read.error().message());
        BOOST_TEST(read.error().info.attempts == 1u);
        auto const made = client.exports(bulk::contacts).create({}).get();
        BOOST_TEST_REQUIRE(made.has_error());
        BOOST_TEST((made.error().code == bulk::errc::outcome_unknown), made.error().message());
        BOOST_TEST(has(made.error().message(), words), made.error().message());
        BOOST_TEST(server.accepted() == 2);
    }
}

BOOST_AUTO_TEST_CASE(every_transport_gives_the_same_error) {
    auto const asked = [](bulk::response r) {
        bulk::scripted_transport script;
        script.expect(verb::get, "/API/Bulk/2.0/syncs").answers(std::move(r));
        auto came = bulk::client(script, me, at_base()).syncs().list().page().get();
        BOOST_TEST(script.finished());
        return came;
    };
    std::string const body = R"({"items":[],"hasMore":false})";
    for (int status : {0, 99, 600, 999, -1}) {
        auto const came = asked(bulk::response(status, body));
        BOOST_TEST((came.error().code == bulk::errc::malformed_response), status);
        BOOST_TEST(has(came.error().message(), "has status " + std::to_string(status) + ","));
    }
    bulk::response coded(200, body);
    coded.fields.set("Transfer-Encoding", "gzip\x01");
    auto const came = asked(coded);
    BOOST_TEST((came.error().code == bulk::errc::malformed_response));
    BOOST_TEST(has(came.error().message(), "not requested: gzip?"));
    coded.fields.set("Transfer-Encoding", "Chunked");
    BOOST_TEST(asked(coded).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
