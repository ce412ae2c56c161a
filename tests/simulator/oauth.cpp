// SPDX-License-Identifier: BSL-1.0
// The login service: authorization codes, token grants, and the access that tokens give.
#include <eloqua/bulk/simulator/detail/call.hpp>
#include <eloqua/bulk/simulator/detail/login.hpp>

#include <boost/test/unit_test.hpp>

#include "../payload.hpp"
#include "service_fixture.hpp"

using namespace simulator_tests;

namespace {

constexpr char const* back = "https://client.example.com/cb";
std::string const client = bulk::simulation::basic_authorization("app-1", "app secret");

struct login_service : service {
    explicit login_service(simulator_options options = {}) : service(std::move(options)) {
        eloqua.add_application("app-1", "app secret", back);
    }

    response raw(verb method, std::string target, std::string const& authorization = {},
                 std::string_view body = {}, std::string const& content_type = {}) {
        request q(method, bulk::origin(), std::move(target));
        if (!authorization.empty())
            q.fields.set("Authorization", authorization);
        if (!content_type.empty())
            q.fields.set("Content-Type", content_type);
        q.body = body;
        return eloqua.handle(q);
    }
    response authorize(std::string const& query) {
        return raw(verb::get, "/auth/oauth2/authorize?" + query);
    }
    /// The browser's redirection; its query as a target.
    std::string redirected(std::string const& query) {
        response const came = authorize(query);
        BOOST_TEST(came.status == 302);
        return std::string(came.fields.find("Location").value_or(""));
    }
    /// An authorization code.
    std::string code() {
        std::string const to = redirected(
            "response_type=code&client_id=app-1&redirect_uri=https%3A%2F%2Fclient.example.com%2Fcb"
            "&scope=full&state=s");
        bulk::simulation::request_target const target(to.substr(std::string(back).size()));
        return std::string(target.parameter("code").value_or("none"));
    }
    answer token(std::string const& body, std::string const& authorization = client,
                 std::string const& content_type = "application/x-www-form-urlencoded") {
        return answer(raw(verb::post, "/auth/oauth2/token", authorization, body, content_type));
    }
    static std::string encoded(std::string const& text) {
        std::string out;
        for (char const c : text)
            out += c == '+' ? "%2B" : c == '/' ? "%2F" : c == '=' ? "%3D" : std::string(1, c);
        return out;
    }
    answer by_code(std::string const& text) {
        return token("grant_type=authorization_code&code=" + encoded(text) +
                     "&redirect_uri=https%3A%2F%2Fclient.example.com%2Fcb");
    }
    answer by_refresh(std::string const& text) {
        return token("grant_type=refresh_token&refresh_token=" + encoded(text) + "&scope=full");
    }
    int status_with(std::string const& access_token) {
        return raw(verb::get, "/API/Bulk/2.0/syncs", "Bearer " + access_token).status;
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(oauth)

BOOST_AUTO_TEST_CASE(a_browser_is_sent_back_with_code_and_state) {
    login_service s;
    std::string const to = s.redirected(
        "response_type=code&client_id=app-1&redirect_uri=https%3A%2F%2Fclient.example.com%2Fcb"
        "&scope=full&state=a%26b");
    BOOST_TEST(to ==
               "https://client.example.com/cb?code=code%2B1%2F%7Esimulated%3D%3D&state=a%26b");
    BOOST_TEST(s.eloqua.requests("GET /auth/oauth2/authorize") == 1u);
}

BOOST_AUTO_TEST_CASE(errors_before_the_redirection_is_known_are_sentences) {
    login_service s;
    for (char const* query :
         {"", "response_type=code", "client_id=", "client_id=other&redirect_uri=https%3A%2F%2Fx",
          "client_id=app-1", "client_id=app-1&redirect_uri=https%3A%2F%2Fevil.example"}) {
        response const came = s.authorize(query);
        BOOST_TEST(came.status == 200);
        BOOST_TEST(*came.fields.find("Content-Type") == "text/html; charset=utf-8");
        BOOST_TEST(came.body.ends_with("."));
        BOOST_TEST(!came.fields.find("Location").has_value());
    }
}

BOOST_AUTO_TEST_CASE(later_errors_are_sent_back) {
    std::string const known = "client_id=app-1&redirect_uri=https%3A%2F%2Fclient.example.com%2Fcb";
    login_service s;
    BOOST_TEST(s.redirected(known + "&state=7") ==
               std::string(back) + "?error=unsupported_response_type&state=7");
    BOOST_TEST(s.redirected(known + "&response_type=code&scope=half") ==
               std::string(back) + "?error=invalid_scope");
    simulator_options unwilling;
    unwilling.user_consents = false;
    login_service refusing(unwilling);
    BOOST_TEST(refusing.redirected(known + "&response_type=code&state=7") ==
               std::string(back) + "?error=access_denied&state=7");
}

BOOST_AUTO_TEST_CASE(a_code_is_worth_tokens_once) {
    login_service s;
    std::string const code = s.code();
    answer const got = s.by_code(code);
    BOOST_TEST(got.status == 200);
    BOOST_TEST(got.at("token_type") == "bearer");
    BOOST_TEST(got.at("expires_in") == "28800");
    BOOST_TEST(s.status_with(got.at("access_token")) == 200);
    answer const again = s.by_code(code);
    BOOST_TEST(again.status == 400);
    BOOST_TEST(again.body == R"({"error":"invalid_grant"})");
    BOOST_TEST(s.eloqua.requests("POST /auth/oauth2/token") == 2u);

    std::string const late = s.code();
    s.eloqua.advance(10min);
    BOOST_TEST(s.by_code(late).at("error") == "invalid_grant");
}

BOOST_AUTO_TEST_CASE(requests_may_be_json) {
    login_service s;
    std::string request = payload("oauth_token_request_authorization_code.json");
    request.replace(request.find("SplxExampleCode"), 15, s.code());
    answer const got = s.token(request, client, "application/json; charset=utf-8");
    BOOST_TEST(got.status == 200);
    for (char const* file :
         {"oauth_token_request_refresh.json", "oauth_token_request_refresh.form.txt"}) {
        bool const json = std::string_view(file).ends_with("json");
        std::string const unknown = payload(file);
        std::string const type = json ? "application/json" : "application/x-www-form-urlencoded";
        BOOST_TEST(s.token(unknown, client, type).body == R"({"error":"invalid_grant"})");
    }
    request = payload("oauth_token_request_refresh.json");
    request.replace(request.find("rt-0001-example"), 15, got.at("refresh_token"));
    BOOST_TEST(s.token(request, client, "application/json").status == 200);
}

BOOST_AUTO_TEST_CASE(refresh_tokens_rotate) {
    login_service s;
    answer const first = s.by_code(s.code());
    answer const second = s.by_refresh(first.at("refresh_token"));
    BOOST_TEST(second.status == 200);
    BOOST_TEST(second.at("refresh_token") != first.at("refresh_token"));
    BOOST_TEST(s.by_refresh(first.at("refresh_token")).at("error") == "invalid_grant");
    // The older access token stays valid.
    BOOST_TEST(s.status_with(first.at("access_token")) == 200);
    BOOST_TEST(s.status_with(second.at("access_token")) == 200);
    s.eloqua.advance(365 * 24h);
    BOOST_TEST(s.by_refresh(second.at("refresh_token")).at("error") == "invalid_grant");
}

BOOST_AUTO_TEST_CASE(before_release_26b_a_refresh_ended_the_access_token) {
    simulator_options old;
    old.refresh_ends_access_token = true;
    login_service s(old);
    answer const first = s.by_code(s.code());
    answer const second = s.by_refresh(first.at("refresh_token"));
    BOOST_TEST(s.status_with(first.at("access_token")) == 401);
    BOOST_TEST(s.status_with(second.at("access_token")) == 200);
}

BOOST_AUTO_TEST_CASE(options_of_token_responses) {
    simulator_options o;
    o.rotates_refresh_tokens = false;
    o.token_type = "BEARER";
    o.access_token_life = 60s;
    o.token_refusal_status = 403;
    login_service s(o);
    answer const first = s.by_code(s.code());
    BOOST_TEST(first.at("token_type") == "BEARER");
    BOOST_TEST(first.at("expires_in") == "60");
    for (int i = 0; i != 2; ++i) {
        answer const next = s.by_refresh(first.at("refresh_token"));
        BOOST_TEST(next.status == 200);
        BOOST_TEST(next.at("refresh_token") == "-");
    }
    BOOST_TEST(s.by_refresh("none").status == 403);
}

BOOST_AUTO_TEST_CASE(a_password_is_worth_tokens) {
    login_service s;
    s.eloqua.add_user("other", "pw");
    BOOST_TEST(
        s.token("grant_type=password&scope=full&username=Company%5Cother&password=pw").status ==
        200);
    BOOST_TEST(s.token("grant_type=password&username=Company%5Cother&password=no").at("error") ==
               "invalid_grant");
}

BOOST_AUTO_TEST_CASE(refusals) {
    login_service s;
    answer const stranger = s.token("grant_type=password", "Basic bm9ib2R5OnNlY3JldA==");
    BOOST_TEST(stranger.status == 401);
    BOOST_TEST(stranger.at("error") == "invalid_client");
    BOOST_TEST(s.token("grant_type=password", "").at("error") == "invalid_client");
    BOOST_TEST(s.token("").at("error") == "invalid_request");
    BOOST_TEST(s.token("{", client, "application/json").at("error") == "invalid_request");
    BOOST_TEST(s.token("grant_type=password", client, "text/plain").at("error") ==
               "invalid_request");
    BOOST_TEST(s.token("grant_type=implicit").at("error") == "unsupported_grant_type");
    BOOST_TEST(s.token("grant_type=password&scope=half").at("error") == "invalid_scope");
    // Of another application, or with another redirect URI.
    s.eloqua.add_application("app-2", "2", back);
    answer const mine = s.by_code(s.code());
    std::string const refresh = "grant_type=refresh_token&refresh_token=" +
                                login_service::encoded(mine.at("refresh_token"));
    BOOST_TEST(s.token(refresh, bulk::simulation::basic_authorization("app-2", "2")).at("error") ==
               "invalid_grant");
    BOOST_TEST(s.token(refresh + "&redirect_uri=https%3A%2F%2Fx").at("error") == "invalid_grant");
    BOOST_TEST(s.token("grant_type=authorization_code&code=" + login_service::encoded(s.code()))
                   .at("error") == "invalid_grant");
    BOOST_TEST(s.token(refresh).status == 200);
}

BOOST_AUTO_TEST_CASE(access_tokens_end) {
    login_service s;
    std::string const token = s.by_code(s.code()).at("access_token");
    s.eloqua.advance(8h - 1s);
    BOOST_TEST(s.status_with(token) == 200);
    BOOST_TEST(s.raw(verb::get, "/id", "bearer " + token).body.starts_with("{\"site\""));
    s.eloqua.advance(1s);
    BOOST_TEST(s.status_with(token) == 401);
    BOOST_TEST(s.raw(verb::get, "/id", "Bearer " + token).body ==
               payload("id_not_authenticated.json").substr(0, 20));
    BOOST_TEST(s.status_with("none") == 401);
}

BOOST_AUTO_TEST_CASE(data_belongs_to_the_tokens_user) {
    login_service s;
    s.eloqua.add_user("other", "pw");
    s.eloqua.generate_contacts(1);
    std::string const sync = s.sync(s.define(
        "/contacts/exports", R"({"name":"x","fields":{"x":"{{Contact.Field(C_FirstName)}}"}})"));
    std::string const data = "/API/Bulk/2.0" + sync + "/data";
    answer const other = s.token("grant_type=password&username=Company%5Cother&password=pw");
    BOOST_TEST(s.raw(verb::get, data, "Bearer " + other.at("access_token")).status == 403);
    std::string const own = s.by_code(s.code()).at("access_token");
    BOOST_TEST(s.raw(verb::get, data, "Bearer " + own).status == 200);
}

BOOST_AUTO_TEST_CASE(the_scope_may_be_left_out) {
    login_service s;
    std::string const to = s.redirected(
        "response_type=code&client_id=app-1&redirect_uri=https%3A%2F%2Fclient.example.com%2Fcb");
    bulk::simulation::request_target const target(to.substr(std::string(back).size()));
    BOOST_TEST(!target.parameter("state").has_value());
    answer const got = s.by_code(std::string(target.parameter("code").value_or("none")));
    BOOST_TEST(got.status == 200);
    std::string const refresh = login_service::encoded(got.at("refresh_token"));
    BOOST_TEST(s.token("grant_type=refresh_token&refresh_token=" + refresh).status == 200);
}

BOOST_AUTO_TEST_SUITE_END()
