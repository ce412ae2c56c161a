// SPDX-License-Identifier: BSL-1.0
// Which connections may carry credentials, and which credentials cannot be encoded.
#include <eloqua/bulk/oauth.hpp>
#include <eloqua/bulk/testing/scripted_transport.hpp>

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "../person.hpp"
#include <string>
#include <string_view>

namespace bulk = eloqua::bulk;
namespace data = boost::unit_test::data;
using bulk::verb;
using eloqua_tests::me;

namespace {

bool has(std::string const& text, std::string_view part) {
    return text.find(part) != text.npos;
}

/// The result of a client with this base URL, or with this login URL.
auto ask(bulk::scripted_transport const& script, bulk::client_options const& options,
         bulk::any_credentials who = me) {
    return bulk::client(script, std::move(who), options).exports(bulk::contacts).read(5).get();
}

void is_refused(bulk::client_options const& options, std::string const& origin,
                std::string const& option, bulk::any_credentials who = me) {
    bulk::scripted_transport script;
    auto const came = ask(script, options, std::move(who));
    BOOST_TEST_REQUIRE(came.has_error());
    BOOST_TEST((came.error().code == bulk::errc::invalid_argument));
    std::string const why = came.error().message();
    BOOST_TEST(has(why, origin), why);
    BOOST_TEST(has(why, option), why);
    BOOST_TEST(has(why, "client_options::allow_http"), why);
    BOOST_TEST(!has(why, "secret"), why);
    BOOST_TEST(script.requests().empty());
}

} // namespace

BOOST_AUTO_TEST_SUITE(plain_http)

BOOST_DATA_TEST_CASE(no_other_machine_gets_credentials_without_tls,
                     data::make({"http://secure.p01.eloqua.com", "http://10.0.0.7",
                                 "HTTP://10.0.0.7:8080", "http://[2001:db8::1]",
                                 "http://127.0.0.1.example.com", "http://localhost.example.com",
                                 "http://[::ffff:127.0.0.1]"}),
                     origin) {
    std::string const text = bulk::parse_url(origin).value().at.text();
    bulk::client_options options;
    options.base_url = std::string(origin) + "/API/Bulk/2.0";
    is_refused(options, text, "client_options::base_url");
    bulk::oauth_tokens tokens;
    tokens.access_token = "secret";
    bulk::oauth_application const app("id", "secret", "https://client.example.com/cb");
    is_refused(options, text, "client_options::base_url",
               bulk::oauth_credentials(app, bulk::memory_token_store(tokens)));
    bulk::client_options login;
    login.login_url = std::string(origin) + "/id";
    is_refused(login, text, "client_options::login_url");

    bulk::scripted_transport script;
    script.expect(verb::get, "*").answers(404);
    options.allow_http = true;
    BOOST_TEST(ask(script, options).error().info.status == 404);
    BOOST_TEST(script.requests().at(0).fields.find("Authorization").has_value());
}

BOOST_DATA_TEST_CASE(this_machine_and_tls_get_credentials,
                     data::make({"http://127.0.0.1:8080", "http://127.9.8.7", "http://LOCALHOST",
                                 "http://[::1]:80", "https://10.0.0.7"}),
                     origin) {
    bulk::scripted_transport script;
    script.expect(verb::get, "*").answers(404);
    bulk::client_options options;
    options.base_url = std::string(origin) + "/b";
    BOOST_TEST(ask(script, options).error().info.status == 404);
    BOOST_TEST(script.requests().size() == 1u);
}

BOOST_AUTO_TEST_CASE(tokens_are_not_renewed_for_an_insecure_url) {
    bulk::oauth_application const app("id", "secret", "https://client.example.com/cb");
    bulk::client_options options;
    options.base_url = "http://secure.p01.eloqua.com/b";
    bulk::oauth_tokens tokens;
    tokens.refresh_token = "refresh";
    is_refused(options, "http://secure.p01.eloqua.com", "client_options::base_url",
               bulk::oauth_credentials(app, bulk::memory_token_store(tokens)));
}

BOOST_AUTO_TEST_CASE(the_login_service_returns_an_http_base_url) {
    // It is trusted, since the login service is itself reached by http on this machine.
    bulk::scripted_transport script;
    script.expect(verb::get, "/id")
        .answers(200, R"({"site":{"id":1,"name":"C"},"user":{"id":2,"username":"u"},"urls":{)"
                      R"("base":"http://proxy.example.com","apis":{"rest":{"bulk":)"
                      R"("http://proxy.example.com/b/{version}/"}}}})");
    bulk::client_options options;
    options.login_url = "http://localhost/id";
    options.trusted_hosts = {"proxy.example.com"};
    auto const came = ask(script, options);
    BOOST_TEST((came.error().code == bulk::errc::invalid_argument));
    BOOST_TEST(has(came.error().message(), "http://proxy.example.com/b/2.0"));
    BOOST_TEST(script.requests().size() == 1u);
}

BOOST_AUTO_TEST_CASE(names_that_http_basic_cannot_express) {
    using bulk::basic_credentials;
    std::string const nul("a\0b", 3);
    for (auto const& [who, why] :
         {std::pair(basic_credentials("Comp:any", "user", "secret"), "':'"),
          std::pair(basic_credentials("Company", "us:er", "secret"), "':'"),
          std::pair(basic_credentials("Company", "user\r\nX: y", "secret"), "':'"),
          std::pair(basic_credentials("Company", "user\n", "secret"), "control"),
          std::pair(basic_credentials("Company\t", "user", "secret"), "control"),
          std::pair(basic_credentials("Company", nul, "secret"), "control"),
          std::pair(basic_credentials("Company", "user\x7f", "secret"), "control"),
          std::pair(basic_credentials("Company", "user", "secret\r"), "control"),
          std::pair(basic_credentials("Comp\\any", "user", "secret"), "backslash")}) {
        bulk::scripted_transport script;
        bulk::client_options options;
        options.base_url = "https://secure.p01.eloqua.com/b";
        auto const came = ask(script, options, who);
        BOOST_TEST_REQUIRE(came.has_error());
        BOOST_TEST((came.error().code == bulk::errc::invalid_argument));
        BOOST_TEST(has(came.error().message(), why), came.error().message());
        BOOST_TEST(!has(came.error().message(), "secret"));
        BOOST_TEST(script.requests().empty());
    }
    bulk::scripted_transport script;
    script.expect(verb::get, "*").answers(404);
    bulk::client_options options;
    options.base_url = "https://secure.p01.eloqua.com/b";
    (void)ask(script, options, basic_credentials("C", "us\\er@x", "se:cr\xc3\xa9t"));
    BOOST_TEST(script.requests().at(0).fields.find("Authorization").value() ==
               "Basic Q1x1c1xlckB4OnNlOmNyw6l0");
}

BOOST_AUTO_TEST_CASE(an_application_s_id_that_http_basic_cannot_express) {
    bulk::scripted_transport script;
    bulk::oauth_application const app("a:b", "secret", "https://client.example.com/cb");
    auto const came = bulk::refresh_tokens(script, app, "refresh").get();
    BOOST_TEST((came.error().code == bulk::errc::invalid_argument));
    BOOST_TEST(script.requests().empty());
}

BOOST_AUTO_TEST_SUITE_END()
