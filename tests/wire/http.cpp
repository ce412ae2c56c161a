// SPDX-License-Identifier: BSL-1.0
// URLs, header fields and messages.
#include <eloqua/bulk/http.hpp>

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <string>

namespace bulk = eloqua::bulk;
namespace data = boost::unit_test::data;

BOOST_AUTO_TEST_SUITE(http)

BOOST_AUTO_TEST_CASE(splits_a_url) {
    bulk::url const u = bulk::parse_url("https://host.example:8443/a/b?c=d").value();
    BOOST_TEST(u.at.scheme == "https");
    BOOST_TEST(u.at.host == "host.example");
    BOOST_TEST(u.at.port == 8443);
    BOOST_TEST(u.target == "/a/b?c=d");
    BOOST_TEST(u.at.secure());
}

BOOST_AUTO_TEST_CASE(defaults_of_missing_url_parts) {
    BOOST_TEST(bulk::parse_url("https://h").value().target == "/");
    BOOST_TEST(bulk::parse_url("https://h").value().at.port == 443);
    BOOST_TEST(bulk::parse_url("http://h").value().at.port == 80);
    BOOST_TEST(bulk::parse_url("http://h:").value().at.port == 80);
    BOOST_TEST(bulk::parse_url("https://h?q").value().target == "/?q");
    BOOST_TEST(bulk::parse_url("HTTPS://h/X").value().at.scheme == "https");
    BOOST_TEST(bulk::parse_url("https://h/a@b").value().target == "/a@b");
}

BOOST_AUTO_TEST_CASE(numeric_addresses) {
    bulk::url const six = bulk::parse_url("http://[::1]:8080/x").value();
    BOOST_TEST(six.at.host == "::1");
    BOOST_TEST(six.at.port == 8080);
    BOOST_TEST(six.at.text() == "http://[::1]:8080");
    BOOST_TEST(bulk::parse_url("https://[2001:db8::7]").value().at.text() ==
               "https://[2001:db8::7]");
    BOOST_TEST(six.at.loopback());
    BOOST_TEST(bulk::parse_url("http://127.0.0.1").value().at.loopback());
    BOOST_TEST(bulk::parse_url("http://localhost").value().at.loopback());
    BOOST_TEST(bulk::parse_url("http://LocalHost").value().at.loopback());
    BOOST_TEST(!bulk::parse_url("http://10.0.0.1").value().at.loopback());
    BOOST_TEST(!bulk::parse_url("http://127.0.0.1.example.com").value().at.loopback());
}

BOOST_AUTO_TEST_CASE(hosts_in_all_forms) {
    std::string const label(63, 'x');
    for (std::string const& host :
         {std::string("secure.p01.eloqua.com"), std::string("xn--hst-sna.example"),
          std::string("a-1.b2"), std::string("1password.example"), label + ".example",
          std::string("192.168.0.255"), std::string("[1:2:3:4:5:6:7:8]"), std::string("[::]"),
          std::string("[2001:DB8::]"), std::string("[::ffff:10.0.0.1]"),
          std::string("[1:2:3:4:5:6:10.0.0.1]"), std::string("[fe80::1]")})
        BOOST_TEST(bulk::parse_url("https://" + host + "/x").value().at.authority() == host);
    BOOST_TEST(bulk::parse_url("https://x" + label + ".example").has_error());
    BOOST_TEST(bulk::parse_url("https://" + label + '.' + label + '.' + label + '.' + label)
                   .has_error()); // 255 in all
    BOOST_TEST(!bulk::parse_url("http://[::ffff:127.0.0.1]").value().at.loopback());
}

BOOST_AUTO_TEST_CASE(only_a_port_other_than_the_default_is_written) {
    BOOST_TEST(bulk::parse_url("https://h:443").value().at.text() == "https://h");
    BOOST_TEST(bulk::parse_url("https://h:80").value().at.text() == "https://h:80");
    BOOST_TEST(bulk::parse_url("http://h:80").value().at.authority() == "h");
    BOOST_TEST(bulk::parse_url("http://h:443").value().at.authority() == "h:443");
}

BOOST_DATA_TEST_CASE(refuses_invalid_http_urls,
                     data::make({"",
                                 "h",
                                 "h/x",
                                 "//h",
                                 "ftp://h",
                                 "https:/h",
                                 "https://",
                                 "https:///x",
                                 "https://:443",
                                 "https://h:0",
                                 "https://h:65536",
                                 "https://h:x",
                                 "https://h:1x",
                                 "https://h:-1",
                                 "https://a:b:c",
                                 "https://::1",
                                 "https://[::1",
                                 "https://[::1]x",
                                 "http://[[]",
                                 "http://h]/x",
                                 "https://[]",
                                 "https://[::1%.eloqua.com]/",
                                 "https://[::1%25eth0]/",
                                 "https://[::1:]",
                                 "https://[1::2::3]",
                                 "https://[:::]",
                                 "https://[:1]",
                                 "https://[12345::]",
                                 "https://[1:2:3:4:5:6:7]",
                                 "https://[1:2:3:4:5:6:7:8:9]",
                                 "https://[::127.0.0.256]",
                                 "https://[127.0.0.1]",
                                 "https://[h]",
                                 "https://evil.example\\.eloqua.com",
                                 "https://evil.example%00.eloqua.com",
                                 "https://%65vil.example",
                                 "https://a_b.example",
                                 "https://a..b",
                                 "https://.a",
                                 "https://a.",
                                 "https://-a.example",
                                 "https://a-.example",
                                 "https://h\xc3\xb6st.example",
                                 "https://h;x",
                                 "http://127.1",
                                 "http://127.0.0.01",
                                 "http://127.0.0.256",
                                 "http://2130706433",
                                 "http://0x7f.0.0.0x1",
                                 "http://1.2.3.4.5",
                                 "https://h#f",
                                 "https://h/x#f",
                                 "https://h/a b",
                                 "https://h/\n",
                                 "https://h/\x7f",
                                 " https://h",
                                 "https ://h"}),
                     text) {
    auto const u = bulk::parse_url(text);
    BOOST_TEST_REQUIRE(u.has_error());
    BOOST_TEST((u.error().code == bulk::errc::invalid_argument));
    BOOST_TEST(!u.error().info.detail.empty());
}

BOOST_DATA_TEST_CASE(
    never_repeats_a_password,
    data::make({"https://user:hunter2@h", "https://user:hunter2@h/#f", "https://user:hunter2@h:x/",
                "https://user:hunter2/@h/", "https://user:hunter2@[::1", "https://hunter2@",
                "ftp://u:hunter2@h", "https://user:hunter2@h/ ", "https://u:hunter2#@h"}),
    text) {
    auto const u = bulk::parse_url(text);
    BOOST_TEST_REQUIRE(u.has_error());
    BOOST_TEST(u.error().message().find("hunter2") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(origins_compare_as_a_whole) {
    bulk::origin const here{"https", "h", 443};
    BOOST_TEST((here == bulk::parse_url("https://h/x").value().at));
    BOOST_TEST((here != bulk::parse_url("http://h:443").value().at));
    BOOST_TEST((here != bulk::parse_url("https://h:444").value().at));
}

BOOST_AUTO_TEST_CASE(field_names_are_case_insensitive) {
    bulk::header_fields fields;
    fields.set("Content-Type", "a");
    fields.set("X", "b");
    fields.set("content-TYPE", "c");
    BOOST_TEST(fields.find("CONTENT-type").value() == "c");
    BOOST_TEST(!fields.find("Content-Typ").has_value());
    int n = 0;
    for (auto const& each : fields)
        n += !each.first.empty();
    BOOST_TEST(n == 2);
    static_assert(bulk::detail::iequals("aZ", "Az") && !bulk::detail::iequals("a", "ab"));
    static_assert(!bulk::detail::iequals("[", "{") && !bulk::detail::iequals("@", "`"),
                  "letters only");
}

BOOST_AUTO_TEST_CASE(fields_of_one_name_are_a_list) {
    bulk::header_fields fields;
    fields.add("A", "1");
    fields.add("B", "2");
    fields.add("a", "3, 4");
    BOOST_TEST(fields.find("a").value() == "1");
    BOOST_TEST(fields.list("a") == "1, 3, 4");
    BOOST_TEST(fields.list("c") == "");
}

BOOST_AUTO_TEST_CASE(a_request_is_printed_without_its_fields) {
    bulk::request q(bulk::verb::delete_, bulk::origin{"https", "h", 443}, "/syncs/1/data");
    q.fields.set("Authorization", "Basic c2VjcmV0");
    BOOST_TEST(q.line() == "DELETE https://h/syncs/1/data");
}

BOOST_AUTO_TEST_CASE(a_response_without_a_body_has_no_type) {
    BOOST_TEST(!bulk::response(204).fields.find("Content-Type").has_value());
    BOOST_TEST(bulk::response(200, "{}").fields.find("Content-Type").value() == "application/json");
    BOOST_TEST(bulk::response(200, "x", "text/plain").fields.find("Content-Type").value() ==
               "text/plain");
}

BOOST_AUTO_TEST_SUITE_END()
