// SPDX-License-Identifier: BSL-1.0
// Which hosts get the credentials.
#include <eloqua/bulk/detail/http/session.hpp>

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <string>
#include <utility>

namespace bulk = eloqua::bulk;
namespace data = boost::unit_test::data;

namespace {

bulk::url login() {
    return bulk::parse_url("https://login.eloqua.com/id").value();
}

bulk::result<bulk::url> base(std::string text, bulk::client_options const& options = {}) {
    return bulk::detail::base_of(std::move(text), login(), options);
}

std::string text_of(bulk::url const& u) {
    return u.at.text() + u.target;
}

} // namespace

BOOST_AUTO_TEST_SUITE(base_url)

BOOST_AUTO_TEST_CASE(the_version_is_inserted_and_trailing_slashes_are_removed) {
    BOOST_TEST(text_of(base("https://secure.p03.eloqua.com/API/Bulk/{version}/").value()) ==
               "https://secure.p03.eloqua.com/API/Bulk/2.0");
    BOOST_TEST(text_of(base("https://secure.p03.eloqua.com/API/Bulk/2.0").value()) ==
               "https://secure.p03.eloqua.com/API/Bulk/2.0");
    BOOST_TEST(text_of(base("https://secure.p03.eloqua.com/API/Bulk/{version}///").value()) ==
               "https://secure.p03.eloqua.com/API/Bulk/2.0");
}

BOOST_AUTO_TEST_CASE(a_base_without_a_path_has_no_trailing_slash) {
    for (char const* text : {"https://secure.p03.eloqua.com", "https://secure.p03.eloqua.com/"})
        BOOST_TEST(text_of(base(text).value()) == "https://secure.p03.eloqua.com");
}

BOOST_DATA_TEST_CASE(hosts_of_the_service_are_trusted_over_https,
                     data::make({"https://secure.p01.eloqua.com/x", "https://x.eloqua.com:443/x",
                                 "HTTPS://SECURE.P01.ELOQUA.COM/x"}),
                     text) {
    BOOST_TEST(base(text).has_value());
}

BOOST_DATA_TEST_CASE(look_alike_hosts_are_not_trusted,
                     data::make({"http://secure.p01.eloqua.com/x", "https://evil-eloqua.com/x",
                                 "https://eloqua.com.evil.org/x", "https://evileloqua.com/x",
                                 "https://eloqua.com/x", "https://x.eloqua.com:8443/x",
                                 "https://evil.org/.eloqua.com", "https://evil.org?.eloqua.com",
                                 "https://eloqua.com.evil.org", "https://login.eloqua.com:444/x",
                                 "https://127.0.0.1/x", "https://[::1]/x",
                                 "http://login.eloqua.com/x"}),
                     text) {
    auto const refused = base(text);
    BOOST_TEST_REQUIRE(refused.has_error());
    BOOST_TEST((refused.error().code == bulk::errc::untrusted_host));
    BOOST_TEST(refused.error().info.detail == bulk::parse_url(text).value().at.text());
    BOOST_TEST(refused.error().info.advice ==
               "add the host to client_options::trusted_hosts if it is yours");
}

BOOST_DATA_TEST_CASE(
    invalid_urls_are_malformed,
    data::make({"", "/", "secure.p01.eloqua.com", "ftp://secure.p01.eloqua.com", "https://",
                "https://x:y@secure.p01.eloqua.com/", "https://.eloqua.com/x",
                "https://secure.eloqua.com.:443/x", "https://[::1%.eloqua.com]/",
                "https://[::1%25.eloqua.com]/", "https://evil.example\\.eloqua.com",
                "https://evil.example%00.eloqua.com", "https://evil.example%2f.eloqua.com",
                "https://evil.org@secure.p01.eloqua.com/",
                "https://secure.p01.eloqua.com/\r\nHost: x"}),
    text) {
    auto const refused = base(text);
    BOOST_TEST_REQUIRE(refused.has_error());
    BOOST_TEST((refused.error().code == bulk::errc::malformed_response));
}

BOOST_AUTO_TEST_CASE(the_login_s_own_origin_is_trusted) {
    bulk::url const local = bulk::parse_url("http://127.0.0.1:8080/id").value();
    BOOST_TEST(
        bulk::detail::base_of("http://127.0.0.1:8080/API/Bulk/{version}", local, {}).has_value());
    BOOST_TEST(bulk::detail::base_of("http://127.0.0.1:8081/x", local, {}).has_error());
    BOOST_TEST(bulk::detail::base_of("https://127.0.0.1:8080/x", local, {}).has_error());
}

BOOST_AUTO_TEST_CASE(callers_can_trust_hosts_by_name) {
    bulk::client_options options;
    options.trusted_hosts = {"proxy.example.com"};
    BOOST_TEST(base("https://proxy.example.com/x", options).has_value());
    BOOST_TEST(base("https://PROXY.example.com:443/x", options).has_value());
    BOOST_TEST(base("https://proxy.example.com:444/x", options).has_error());
    BOOST_TEST(base("https://x.proxy.example.com/x", options).has_error());
    BOOST_TEST(base("https://example.com/x", options).has_error());
    // A login over https does not accept a base URL over http.
    BOOST_TEST(base("http://proxy.example.com/x", options).has_error());
    bulk::url const local = bulk::parse_url("http://localhost/id").value();
    BOOST_TEST(bulk::detail::base_of("http://proxy.example.com/x", local, options).has_value());
}

BOOST_AUTO_TEST_CASE(callers_can_trust_ports) {
    bulk::client_options options;
    options.trusted_hosts = {"proxy.example.com:8443", "other.example.com:443", "[::1]:9", "::2"};
    BOOST_TEST(base("https://Proxy.example.com:8443/x", options).has_value());
    BOOST_TEST(base("https://proxy.example.com/x", options).has_error());
    BOOST_TEST(base("https://other.example.com/x", options).has_value());
    BOOST_TEST(base("https://other.example.com:444/x", options).has_error());
    BOOST_TEST(base("https://[::1]:9/x", options).has_value());
    BOOST_TEST(base("https://[::1]/x", options).has_error());
    BOOST_TEST(base("https://[::2]/x", options).has_value());
}

BOOST_AUTO_TEST_CASE(an_error_from_the_login_service) {
    BOOST_TEST(bulk::detail::says_not_authenticated("\"Not authenticated.\""));
    BOOST_TEST(bulk::detail::says_not_authenticated("Not authenticated.\n"));
    BOOST_TEST(!bulk::detail::says_not_authenticated("{}"));
    BOOST_TEST(!bulk::detail::says_not_authenticated(std::string(100, ' ') + "Not authenticated."));
}

BOOST_AUTO_TEST_SUITE_END()
