// SPDX-License-Identifier: BSL-1.0
// Connections through a proxy: what the proxy learns, what the server does not learn, and refusals.
#include <eloqua/bulk.hpp>
#include <eloqua/bulk/construct_client.hpp>
#include <eloqua/bulk/detail/http/proxy.hpp>
#include <eloqua/bulk/simulator/certificate.hpp>
#include <eloqua/bulk/simulator/listener.hpp>

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "either_transport.hpp"
#include "raw_server.hpp"
#include "sample_flow.hpp"
#include <chrono>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bulk = eloqua::bulk;
using namespace std::chrono_literals;

namespace {

using wire_tests::both;
using wire_tests::client;
using wire_tests::code;

bool has(std::string const& text, std::string_view part) {
    return text.find(part) != text.npos;
}

bulk::transport_options through(bulk::origin const& proxy, std::string const& who = "") {
    bulk::transport_options o;
    o.proxy = "http://" + who + proxy.authority();
    return o;
}

bulk::origin const far{"http", "far.example", 8080};
std::string const ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

} // namespace

BOOST_AUTO_TEST_SUITE(proxy)

BOOST_DATA_TEST_CASE(only_the_proxy_learns_target_and_credentials, both, how) {
    std::vector<std::string> seen;
    {
        raw_server server({[&](raw_connection& c) {
            seen.push_back(c.read_request());
            c.write("HTTP/1.1 200 Connection established\r\nContent-Length: 5\r\n\r\n");
            for (std::string q = c.read_request(); !q.empty(); q = c.read_request()) {
                seen.push_back(q);
                c.write(ok);
            }
        }});
        client fetch(how, through(server.where(), "me%40home:p%3Ass@"));
        for (int i = 0; i != 2; ++i)
            BOOST_TEST(fetch.get(far, "/a").value().body == "ok");
        BOOST_TEST(server.accepted() == 1);
    }
    BOOST_TEST_REQUIRE(seen.size() == 3u);
    BOOST_TEST(seen[0].starts_with("CONNECT far.example:8080 HTTP/1.1\r\n"
                                   "Host: far.example:8080\r\n"));
    BOOST_TEST(has(seen[0], "\r\nProxy-Authorization: Basic " +
                                bulk::detail::base64("me@home:p:ss") + "\r\n"));
    for (std::size_t i : {1u, 2u}) {
        BOOST_TEST(seen[i].starts_with("GET /a HTTP/1.1\r\nHost: far.example:8080\r\n"));
        BOOST_TEST(!has(seen[i], "Proxy"));
    }
}

BOOST_DATA_TEST_CASE(tls_is_used_with_the_server_through_the_tunnel, both, how) {
    bulk::local_certificates const made = bulk::self_signed_ca({"far.example"});
    bulk::listener_options o;
    o.certificate_pem = made.certificate;
    o.key_pem = made.key;
    std::vector<bulk::request> seen; // by the listener's thread, while the client waits
    bulk::listener server(
        [&](bulk::request const& q) {
            seen.push_back(q);
            return bulk::response(200, "ok");
        },
        o);
    bulk::origin at = server.where();
    at.scheme = "http";
    auto options = through(at, "user:secret@");
    BOOST_TEST((code(client(how, options).get({"https", "far.example", 443})).category() ==
                bulk::certificate_category()));
    options.ca_pem = made.ca;
    client fetch(how, options);
    BOOST_TEST(fetch.get({"https", "far.example", 443}).value().body == "ok");
    BOOST_TEST((code(fetch.get({"https", "other.example", 443})).category() ==
                bulk::certificate_category()));
    BOOST_TEST_REQUIRE(seen.size() == 1u);
    BOOST_TEST(seen[0].to.text() == "https://far.example");
    BOOST_TEST(!seen[0].fields.find("Proxy-Authorization"));
}

BOOST_DATA_TEST_CASE(a_proxy_s_refusal_is_named, both, how) {
    for (int status : {301, 400, 403, 407, 502, 503}) {
        raw_server server({[&](raw_connection& c) {
            c.read_request();
            c.write("HTTP/1.1 " + std::to_string(status) +
                    " No\r\nProxy-Authenticate: Basic\r\nContent-Length: 100000\r\n\r\n<html>");
            c.wait_for_close();
        }});
        client fetch(how, through(server.where(), "user:secret@"));
        auto const came = fetch.get(far);
        BOOST_TEST((code(came) == bulk::error_code(status, bulk::proxy_category())));
        BOOST_TEST(has(came.error().message(), "HTTP status " + std::to_string(status)));
        BOOST_TEST(has(came.error().message(), "password") == (status == 407));
        BOOST_TEST(!has(came.error().message(), "secret"));
        BOOST_TEST((code(came) == bulk::condition::try_later) == (status >= 500));
    }
}

BOOST_AUTO_TEST_CASE(a_post_that_the_proxy_did_not_let_through_was_not_sent) {
    auto const refuse = [](int status) {
        return [status](raw_connection& c) {
            c.read_request();
            c.write("HTTP/1.1 " + std::to_string(status) + " No\r\n\r\n");
        };
    };
    raw_server server({refuse(503), [](raw_connection& c) { c.read_request(); }, refuse(407)});
    bulk::client_options options;
    options.base_url = far.text() + "/API/Bulk/2.0";
    options.allow_http = true;
    options.retry.first_delay = 0s;
    bulk::client client(bulk::beast_transport(through(server.where(), "user:secret@")),
                        bulk::basic_credentials("Company", "user", "hidden"), options);
    auto const came = client.exports(bulk::contacts).create({}).get();
    BOOST_TEST((came.error().code == bulk::error_code(407, bulk::proxy_category())));
    BOOST_TEST(came.error().info.attempts == 3u);
    BOOST_TEST(came.error().info.unsent);
    BOOST_TEST(came.error().info.request ==
               "POST http://far.example:8080/API/Bulk/2.0/contacts/exports");
    BOOST_TEST(!has(came.error().message(), "secret"));
    BOOST_TEST(server.accepted() == 3);
}

BOOST_DATA_TEST_CASE(a_proxy_that_misbehaves, both, how) {
    auto const come = [how](raw_server::session const& session) {
        raw_server server({session});
        auto options = through(server.where());
        options.limits.connect = 300ms;
        return code(client(how, options).get(far));
    };
    BOOST_TEST((come([](raw_connection& c) { c.wait_for_close(); }) == bulk::deadline::connect));
    BOOST_TEST((come([](raw_connection& c) {
                    c.read_request();
                    c.write("HTTP/1.1 200 OK\r\n\r\nbytes of nobody");
                    c.wait_for_close();
                }) == bulk::framing::other));
    BOOST_TEST((come([](raw_connection& c) {
                    c.read_request();
                    c.write("HTTP/1.1 200 OK\r\nX: " + std::string(200'000, 'x'));
                    c.wait_for_close();
                }) == bulk::framing::head_size));
    BOOST_TEST((come([](raw_connection& c) {
                    c.read_request();
                    c.write("SOCKS5 says no\r\n\r\n");
                }) == bulk::framing::status_line));
    BOOST_TEST(come([](raw_connection&) {}).failed());
}

BOOST_AUTO_TEST_CASE(an_invalid_proxy_is_refused_without_showing_it) {
    for (std::string const text :
         {"https://user:secret@proxy:8080", "socks5://user:secret@proxy", "http://user:secret@",
          "http://user:secret@proxy:99999", "http://user:secret@proxy/path",
          "http://user:secret%0d%0aX@proxy", "http://us%3Aer:secret@proxy",
          "http://user:secret%@proxy", "http://"}) {
        bulk::transport_options o;
        o.proxy = text;
        try {
            bulk::beast_transport made(o);
            BOOST_ERROR("taken: " << text);
        } catch (bulk::error const& e) {
            BOOST_TEST((e.code() == bulk::errc::invalid_argument));
            BOOST_TEST(has(e.what(), "transport_options::proxy"));
            BOOST_TEST(!has(e.what(), "secret"));
        }
    }
}

namespace {

/// The proxies that an environment selects.
bulk::detail::proxies by(std::map<std::string, std::string> const& environment, bool asked = true) {
    bulk::transport_options o;
    o.proxy_from_environment = asked;
    return bulk::detail::proxies(o, [&](char const* name) {
        auto const found = environment.find(name);
        return found == environment.end() ? nullptr : found->second.c_str();
    });
}

std::string proxy_of(bulk::detail::proxies const& all, std::string_view url) {
    auto const* const found = all.through(bulk::parse_url(url).value().at);
    return found ? found->at.authority() : "";
}

} // namespace

BOOST_AUTO_TEST_CASE(the_environment_is_used_only_by_option) {
    std::map<std::string, std::string> environment{{"HTTPS_PROXY", "http://one:1"}};
    BOOST_TEST(proxy_of(by(environment, false), "https://far.example") == "");
    BOOST_TEST(proxy_of(by(environment), "https://far.example") == "one:1");
    BOOST_TEST(proxy_of(by(environment), "http://far.example") == "");
    environment["https_proxy"] = "two:2"; // without a scheme, as in some environments
    BOOST_TEST(proxy_of(by(environment), "https://far.example") == "two:2");
    environment["HTTP_PROXY"] = "http://three:3"; // which anybody can set for a CGI program
    BOOST_TEST(proxy_of(by(environment), "http://far.example") == "");
    environment["http_proxy"] = "http://four:4";
    BOOST_TEST(proxy_of(by(environment), "http://far.example") == "four:4");
    for (char const* here : {"https://localhost", "https://127.0.0.1:8443", "https://[::1]"})
        BOOST_TEST(proxy_of(by(environment), here) == "");
    environment = {{"https_proxy", "http://user:secret@:1"}};
    try {
        by(environment);
        BOOST_ERROR("taken");
    } catch (bulk::error const& e) {
        BOOST_TEST(has(e.what(), "https_proxy"));
        BOOST_TEST(!has(e.what(), "secret"));
    }
}

BOOST_AUTO_TEST_CASE(hosts_that_bypass_the_proxy) {
    auto const goes = [](std::string const& without, std::string_view url,
                         std::string const& name = "no_proxy") {
        return proxy_of(by({{"https_proxy", "http://p:1"}, {name, without}}), url) == "p:1";
    };
    BOOST_TEST(goes("", "https://a.example"));
    BOOST_TEST(!goes("*", "https://a.example"));
    BOOST_TEST(!goes("*", "https://a.example", "NO_PROXY"));
    BOOST_TEST(!goes("a.example", "https://a.example"));
    BOOST_TEST(!goes("A.Example", "https://a.EXAMPLE"));
    BOOST_TEST(!goes("example", "https://a.example"));
    BOOST_TEST(goes("ample", "https://a.example"));
    BOOST_TEST(goes(".a.example", "https://a.example"));
    BOOST_TEST(!goes(".example", "https://a.example"));
    BOOST_TEST(!goes("*.example", "https://a.example"));
    BOOST_TEST(!goes("b.example, a.example", "https://a.example"));
    BOOST_TEST(goes("b.example,,c.example", "https://a.example"));
    BOOST_TEST(!goes("a.example:443", "https://a.example"));
    BOOST_TEST(goes("a.example:8443", "https://a.example"));
    BOOST_TEST(!goes("a.example:8443", "https://a.example:8443"));
    BOOST_TEST(!goes("10.0.0.1", "https://10.0.0.1"));
    BOOST_TEST(!goes("fd00::1", "https://[fd00::1]"));
    BOOST_TEST(!goes("[fd00::1]:443", "https://[fd00::1]"));
    BOOST_TEST(goes("[fd00::1]:444", "https://[fd00::1]"));
    BOOST_TEST(goes("10.0.0.1", "https://110.0.0.1"));
}

BOOST_AUTO_TEST_SUITE_END()
