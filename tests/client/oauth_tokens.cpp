// SPDX-License-Identifier: BSL-1.0
// Consent and the token endpoint: requests, accepted responses, and errors.
#include <eloqua/bulk/oauth.hpp>
#include <eloqua/bulk/testing/posted_transport.hpp>
#include <eloqua/bulk/testing/scripted_transport.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

#include "../payload.hpp"
#include "consent.hpp"
#include "ways.hpp"
#include <chrono>
#include <future>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace bulk = eloqua::bulk;
using bulk::verb;
using consent::app;
using consent::has;
using namespace std::chrono_literals;

namespace {

constexpr char const* endpoint = "/auth/oauth2/token";

bulk::error_code lost() {
    return make_error_code(boost::system::errc::connection_reset);
}

bulk::oauth_options at_noon() {
    bulk::oauth_options o;
    o.seed = 1;
    o.time_of_day = [] { return bulk::timestamp(std::chrono::hours(12)); };
    return o;
}

bulk::result<bulk::oauth_tokens> refreshed(bulk::scripted_transport const& script,
                                           bulk::oauth_options options = at_noon()) {
    return bulk::refresh_tokens(script, app, "rt-0001-example", std::move(options)).get();
}
bulk::result<bulk::oauth_tokens> answered(int status, std::string body) {
    bulk::scripted_transport script;
    script.expect(verb::post, endpoint).answers(status, std::move(body));
    auto came = refreshed(script);
    BOOST_TEST(script.finished());
    BOOST_TEST(script.requests().size() == 1u);
    return came;
}

} // namespace

BOOST_AUTO_TEST_SUITE(oauth_tokens)

BOOST_AUTO_TEST_CASE(the_url_for_consent) {
    BOOST_TEST(bulk::authorization_url(app, "a b&c").value() ==
               "https://login.eloqua.com/auth/oauth2/authorize?response_type=code&client_id=app-1"
               "&redirect_uri=https%3A%2F%2Fclient.example.com%2Fcb&scope=full&state=a%20b%26c");
    bulk::oauth_application other = app;
    other.scope.clear();
    other.login_origin = "http://127.0.0.1:8080/";
    BOOST_TEST(bulk::authorization_url(other, "s").value() ==
               "http://127.0.0.1:8080/auth/oauth2/authorize?response_type=code&client_id=app-1"
               "&redirect_uri=https%3A%2F%2Fclient.example.com%2Fcb&state=s");
}

BOOST_AUTO_TEST_CASE(the_redirect_after_consent) {
    auto const code = [](std::string_view url) {
        return bulk::authorization_code(app, url, "s&t");
    };
    BOOST_TEST(code("https://client.example.com/cb?code=a%2Bb+c%3d&state=s%26t#x").value() ==
               "a+b c=");
    BOOST_TEST(code("/cb?state=s%26t&code=x%2").value() == "x%2");
    auto const refused = code("/cb?error=access_denied&state=s%26t");
    BOOST_TEST((refused.error().code == bulk::errc::not_authenticated));
    BOOST_TEST(has(refused.error().message(), "access_denied"));
    BOOST_TEST(has(refused.error().message(), "the user has not consented"));
    for (char const* foreign :
         {"/cb?code=stolen&state=s", "/cb?code=stolen", "/cb", "", "/cb?code=stolen&state="}) {
        auto const came = code(foreign);
        BOOST_TEST((came.error().code == bulk::errc::invalid_argument));
        BOOST_TEST(!has(came.error().message(), "stolen"));
    }
    for (char const* empty : {"/cb?state=s%26t", "/cb?code=&state=s%26t", "/cb?code&state=s%26t"})
        BOOST_TEST(has(code(empty).error().message(), "no code"));
}

BOOST_AUTO_TEST_CASE(the_state_appears_once_and_is_not_empty) {
    BOOST_TEST((bulk::authorization_url(app, "").error().code == bulk::errc::invalid_argument));
    for (std::string_view state : {"", "s"})
        for (char const* came :
             {"/cb?code=c", "/cb?code=c&state=", "/cb?code=c&state", "/cb?code=c&state=s&state=s",
              "/cb?code=c&state=s&st%61te=s", "/cb?code=c&code=d&state=s"}) {
            auto const refused = bulk::authorization_code(app, came, state);
            BOOST_TEST_REQUIRE(refused.has_error(), came);
            BOOST_TEST((refused.error().code == bulk::errc::invalid_argument), came);
        }
    BOOST_TEST(bulk::authorization_code(app, "/cb?code=c&state=s", "s").value() == "c");
    BOOST_TEST(bulk::authorization_code(app, "/cb?code=c&state=s", "").has_error());
}

BOOST_AUTO_TEST_CASE(the_redirect_must_match_the_registered_uri) {
    bulk::oauth_application at = app;
    auto const comes = [&at](std::string const& where) {
        return bulk::authorization_code(at, where + "?code=c&state=s", "s").has_value();
    };
    for (char const* here :
         {"https://client.example.com/cb", "HTTPS://Client.Example.com:443/cb", "/cb"})
        BOOST_TEST(comes(here), here);
    for (char const* elsewhere :
         {"http://client.example.com/cb", "https://client.example.com:444/cb",
          "https://evil.example.com/cb", "https://client.example.com/CB",
          "https://client.example.com/cb/", "https://client.example.com", "/", "/cb/x", "cb", "",
          "https://client.example.com/cb@evil.example.com", "https://x@client.example.com/cb"})
        BOOST_TEST(!comes(elsewhere), elsewhere);
    at.redirect_uri = "http://127.0.0.1:8080/cb?app=7";
    BOOST_TEST(comes("http://127.0.0.1:8080/cb"));
    BOOST_TEST(bulk::authorization_code(at, "/cb?app=7&code=c&state=s", "s").value() == "c");
    at.redirect_uri = "com.example.app:/cb";
    BOOST_TEST(comes("com.example.app:/cb"));
    BOOST_TEST(!comes("com.evil.app:/cb"));
}

BOOST_AUTO_TEST_CASE(requests_as_documented_in_both_encodings) {
    auto const sent = [](auto ask) {
        bulk::scripted_transport script;
        script.expect(verb::post, endpoint).answers(200, payload("oauth_token_response.json"));
        BOOST_TEST(ask(script).get().has_value());
        bulk::seen_request const q = script.requests().at(0);
        BOOST_TEST(q.url == "https://login.eloqua.com/auth/oauth2/token");
        BOOST_TEST(*q.fields.find("Authorization") == "Basic YXBwLTE6YXBwIHNlY3JldA==");
        return q;
    };
    bulk::oauth_application json = app;
    json.json_requests = true;
    std::string form = payload("oauth_token_request_refresh.form.txt");
    form.erase(form.find_last_not_of('\n') + 1);
    auto q = sent([](auto s) { return bulk::refresh_tokens(s, app, "rt-0001-example"); });
    BOOST_TEST(q.body == form);
    BOOST_TEST(*q.fields.find("Content-Type") == "application/x-www-form-urlencoded");
    q = sent([&](auto s) { return bulk::refresh_tokens(s, json, "rt-0001-example"); });
    BOOST_TEST(boost::json::parse(q.body) ==
               boost::json::parse(payload("oauth_token_request_refresh.json")));
    BOOST_TEST(*q.fields.find("Content-Type") == "application/json");
    q = sent([&](auto s) { return bulk::exchange_code(s, json, "SplxExampleCode"); });
    BOOST_TEST(boost::json::parse(q.body) ==
               boost::json::parse(payload("oauth_token_request_authorization_code.json")));
    q = sent([&](auto s) { return bulk::exchange_password(s, app, "C", "u", "p w"); });
    BOOST_TEST(q.body == "grant_type=password&username=C%5Cu&password=p%20w&scope=full");
}

BOOST_AUTO_TEST_CASE(responses_are_read_leniently) {
    auto const got = answered(200, payload("oauth_token_response.json")).value();
    BOOST_TEST(got.access_token == "at-0001-example");
    BOOST_TEST(got.refresh_token == "rt-0002-example");
    BOOST_TEST((got.expires_at == bulk::timestamp(std::chrono::hours(20))));

    auto const life = [](std::string const& expires_in) {
        return answered(200, R"({"access_token":"a","token_type":"BeArEr","expires_in":)" +
                                 expires_in + "}")
            .value()
            .expires_at;
    };
    BOOST_TEST((life("60") == bulk::timestamp(12h + 1min)));
    BOOST_TEST((life("\"60\"") == bulk::timestamp(12h + 1min)));
    BOOST_TEST((life("60.0") == bulk::timestamp(12h + 1min)));
    BOOST_TEST((life("9223372036854775807") == bulk::timestamp(12h + 3650 * 24h)));
    for (char const* unknown : {"null", "0", "-1", "1e99", "\"soon\"", "[]", "0.5"})
        BOOST_TEST(!life(unknown).has_value(), unknown);
    auto const least = answered(200, R"({"access_token":"a"})").value();
    BOOST_TEST(least.refresh_token == "");
    BOOST_TEST(!least.expires_at.has_value());
}

BOOST_AUTO_TEST_CASE(responses_without_tokens) {
    for (char const* body :
         {"", "<html>", "[]", "null", "{}", R"({"access_token":null})", R"({"access_token":""})",
          R"({"access_token":"a b"})", R"({"access_token":"a\r\nX: y"})",
          R"({"access_token":"at-7","token_type":"mac"})",
          R"({"access_token":"at-7","refresh_token":[7]})", R"({"access_token":"at-7)"}) {
        auto const came = answered(200, body);
        BOOST_TEST_REQUIRE(came.has_error(), body);
        BOOST_TEST((came.error().code == bulk::errc::malformed_response), body);
        std::string const why = came.error().message();
        BOOST_TEST(has(why, "POST https://login.eloqua.com/auth/oauth2/token -> 200"), why);
        BOOST_TEST(has(why, "the refresh token may be spent"), why);
        BOOST_TEST(!has(why, "at-7"), why);
    }
    BOOST_TEST(
        (answered(200, std::string(100'000, ' ')).error().code == bulk::errc::response_too_large));
}

BOOST_AUTO_TEST_CASE(errors_give_advice) {
    auto came = answered(400, payload("oauth_error_response.json"));
    BOOST_TEST((came.error().code == bulk::errc::not_authenticated));
    BOOST_TEST((came.error().code == bulk::condition::bad_credentials));
    BOOST_TEST(came.error().message() ==
               "the credentials were refused: the refresh token is spent, expired or revoked "
               "[POST https://login.eloqua.com/auth/oauth2/token -> 400]; the server says: "
               "invalid_grant; the user must authorise again, by authorization_url and "
               "exchange_code");
    came = answered(401, R"({"error":"invalid_client","error_description":"No such client."})");
    BOOST_TEST((came.error().code == bulk::errc::not_authenticated));
    BOOST_TEST(has(came.error().message(), "invalid_client: No such client."));
    BOOST_TEST(has(came.error().message(), "check client_id and client_secret"));
    came = answered(400, R"({"error":"unauthorized_client"})");
    BOOST_TEST(came.error().info.status == 400);
    BOOST_TEST(has(came.error().message(), "may not log in by refresh token"));
    came = answered(400, R"({"error":"invalid_scope"})");
    BOOST_TEST(has(came.error().message(), "check scope"));
    came = answered(404, "<html>nothing here</html>");
    BOOST_TEST(came.error().info.status == 404);
    BOOST_TEST(!has(came.error().message(), "nothing here")); // it may hold tokens
}

BOOST_AUTO_TEST_CASE(a_lost_response_is_an_unknown_outcome_and_not_retried) {
    auto const ask = [](auto make_operation, auto lose) {
        bulk::scripted_transport script;
        auto step = script.expect(verb::post, endpoint);
        lose(step);
        bulk::failure const why = make_operation(script).get().error();
        BOOST_TEST((why.code == bulk::errc::outcome_unknown));
        BOOST_TEST(script.requests().size() == 1u);
        return why.message();
    };
    auto const refresh = [](auto s) { return bulk::refresh_tokens(s, app, "r"); };
    for (std::string const& why :
         {ask(refresh, [](auto& step) { step.fails_to_answer(lost()); }),
          ask(refresh, [](auto& step) { step.stale(); }),
          ask(refresh, [](auto& step) { step.answers(503, "busy"); }), ask(refresh, [](auto& step) {
              step.answers(200, payload("oauth_token_response.json")).cut_after(20);
          })}) {
        BOOST_TEST(has(why, "the refresh token may be spent"), why);
        BOOST_TEST(has(why, "authorise again"), why);
    }
    BOOST_TEST(has(ask([](auto s) { return bulk::exchange_code(s, app, "c"); },
                       [](auto& step) { step.fails_to_answer(lost()); }),
                   "the authorization code may be spent"));
    ask([](auto s) { return bulk::exchange_password(s, app, "C", "u", "p"); },
        [](auto& step) { step.fails_to_answer(lost()); });
}

BOOST_AUTO_TEST_CASE(a_request_that_was_certainly_not_carried_out_is_retried) {
    bulk::scripted_transport script;
    script.expect(verb::post, endpoint).fails_to_connect();
    script.expect(verb::post, endpoint).answers(429).with("Retry-After", "7");
    script.expect(verb::post, endpoint).answers(200, payload("oauth_token_response.json"));
    BOOST_TEST(refreshed(script).value().access_token == "at-0001-example");

    bulk::scripted_transport busy;
    for (int i = 0; i != 4; ++i)
        busy.expect(verb::post, endpoint).answers(429);
    BOOST_TEST((refreshed(busy).error().code == bulk::condition::try_later));
    BOOST_TEST(busy.finished());
}

BOOST_AUTO_TEST_CASE(secrets_are_sent_over_https_only) {
    bulk::oauth_application open = app;
    open.login_origin = "http://login.example.com";
    bulk::scripted_transport script;
    bulk::failure const why = bulk::exchange_code(script, open, "c").get().error();
    BOOST_TEST((why.code == bulk::errc::invalid_argument));
    BOOST_TEST(has(why.message(), "does not use https"));
    BOOST_TEST(bulk::authorization_url(open, "s").has_error());
    BOOST_TEST(script.requests().empty());
    open.allow_http = true;
    script.expect(verb::post, endpoint).answers(200, payload("oauth_token_response.json"));
    BOOST_TEST(bulk::exchange_code(script, open, "c").get().has_value());
    BOOST_TEST(script.requests().at(0).url == "http://login.example.com/auth/oauth2/token");
    open.login_origin = "nonsense";
    BOOST_TEST(bulk::exchange_code(script, open, "c").get().has_error());
}

BOOST_AUTO_TEST_CASE(secrets_appear_nowhere) {
    struct listener : bulk::observer {
        std::vector<std::string> heard;
        void on_request(std::string_view line) override { heard.emplace_back(line); }
        void on_response(std::string_view line, bulk::response_info const&) override {
            heard.emplace_back(line);
        }
        void on_retry(bulk::failure const& why, bulk::clock::duration) override {
            heard.push_back(why.message());
        }
    };
    auto const watch = std::make_shared<listener>();
    bulk::oauth_options options = at_noon();
    options.observer = watch;
    std::string const echo = "you sent s+cret and s%2Bcret, app secret, YXBwLTE6YXBwIHNlY3JldA==";
    std::vector<std::string> const bodies{
        echo, R"({"error":"invalid_grant","error_description":")" + echo + "\"}",
        R"({"error":"s\u002bcret"})", R"({"access_token":"s+cret)",
        R"({"failures":[{"field":"f","value":"s+cret","constraint":"s+cret"}]})"};
    auto const try_all = [&](auto make_operation) {
        auto const run = [&](auto prepare) {
            bulk::scripted_transport script;
            prepare(script);
            watch->heard.push_back(make_operation(script).get().error().message());
        };
        for (int status : {200, 301, 400, 401, 403, 404, 500, 503})
            for (std::string const& body : bodies)
                run([&](auto& script) {
                    script.expect(verb::post, endpoint).answers(status, body);
                });
        run([&](auto& script) {
            for (int i = 0; i != 4; ++i)
                script.expect(verb::post, endpoint).answers(429, echo);
        });
        run([&](auto& script) { script.expect(verb::post, endpoint).fails_to_answer(lost()); });
        run([&](auto& script) { script.expect(verb::post, endpoint).fails_to_send(lost()); });
        run([&](auto& script) { script.expect(verb::post, endpoint).stale(); });
    };
    try_all([&](auto s) { return bulk::refresh_tokens(s, app, "s+cret", options); });
    try_all([&](auto s) { return bulk::exchange_code(s, app, "s+cret", options); });
    try_all([&](auto s) { return bulk::exchange_password(s, app, "C", "u", "s+cret", options); });
    BOOST_TEST(watch->heard.size() > 300u);
    for (std::string const& each : watch->heard)
        for (char const* secret : {"s+cret", "s%2Bcret", "app secret", "YXBwLTE6YXBwIHNlY3JldA"})
            BOOST_TEST(!has(each, secret), each);
}

BOOST_AUTO_TEST_CASE(a_cancellation_waits_for_the_response) {
    std::stop_source stop;
    bulk::scripted_transport script;
    script.expect(verb::post, endpoint)
        .answers(200, payload("oauth_token_response.json"))
        .at_byte(10, [&] { stop.request_stop(); });
    BOOST_TEST(bulk::refresh_tokens(script, app, "r").get(stop.get_token()).value().access_token ==
               "at-0001-example");
    // But no request is started.
    bulk::failure const why = bulk::refresh_tokens(script, app, "r").get(stop.get_token()).error();
    BOOST_TEST((why.code == boost::system::errc::operation_canceled));
    BOOST_TEST(!has(why.message(), "may be spent"));
    BOOST_TEST(script.requests().size() == 1u);
}

BOOST_AUTO_TEST_CASE(the_simulated_service_accepts_each_grant) {
    consent::instance at;
    bulk::oauth_tokens const first = at.tokens();
    BOOST_TEST((first.expires_at == at.eloqua.service_time() + 8h));
    auto const next =
        bulk::refresh_tokens(at.eloqua, app, first.refresh_token, at.options()).get().value();
    BOOST_TEST(next.refresh_token != first.refresh_token);
    bulk::oauth_application json = app;
    json.json_requests = true;
    BOOST_TEST(
        bulk::exchange_password(at.eloqua, json, "Company", "user", "secret").get().has_value());
    bulk::failure why =
        bulk::exchange_password(at.eloqua, app, "Company", "user", "guess").get().error();
    BOOST_TEST(has(why.message(), "user name or password is wrong"));
    BOOST_TEST(!has(why.message(), "guess"));
    why = bulk::exchange_code(at.eloqua, app, "no code").get().error();
    BOOST_TEST(has(why.message(), "another redirect_uri"));

    boost::asio::io_context context;
    bulk::posted_transport const posted(context.get_executor(), at.eloqua);
    std::future<bulk::result<bulk::oauth_tokens>> came =
        bulk::exchange_code(posted, app, at.code())(boost::asio::use_future);
    context.run();
    BOOST_TEST(came.get().has_value());
}

BOOST_AUTO_TEST_SUITE_END()
