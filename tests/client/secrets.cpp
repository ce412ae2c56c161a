// SPDX-License-Identifier: BSL-1.0
// Servers that repeat secrets: none may appear in a message.
#include <eloqua/bulk.hpp>
#include <eloqua/bulk/detail/http/secrets.hpp>
#include <eloqua/bulk/oauth.hpp>
#include <eloqua/bulk/testing/scripted_transport.hpp>

#include <boost/test/unit_test.hpp>

#include "../person.hpp"
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace bulk = eloqua::bulk;
using namespace eloqua_tests;
using bulk::verb;
using bulk::detail::secrets;

namespace {

constexpr std::string_view base = "/API/Bulk/2.0";
constexpr std::string_view token = "Q29tcGFueVx1c2VyOnNlY3JldC93b3JkKzE"; // without padding
bulk::basic_credentials const caller{"Company", "user", "secret/word+1"};

std::string hidden(secrets const& all, std::string text) {
    all.hide_in(text);
    return text;
}

/// All text that is reported about failures.
struct listener : bulk::observer {
    std::vector<std::string> heard;
    void add(bulk::failure const& why) {
        heard.push_back(why.message());
        heard.push_back(why.info.server + '\n' + why.info.detail);
        for (auto const& each : why.info.failures)
            heard.push_back(each.field + '\n' + each.value + '\n' + each.constraint);
    }
    void on_retry(bulk::failure const& why, bulk::clock::duration) override { add(why); }
};

void has_none(std::vector<std::string> const& heard, std::vector<std::string> const& of) {
    BOOST_TEST(!heard.empty());
    for (std::string const& each : heard)
        for (std::string const& secret : of)
            BOOST_TEST(each.find(secret) == each.npos, each << " has " << secret);
}

std::string escaped(std::string_view text) {
    std::string out;
    for (char const c : text) {
        char one[8];
        (void)std::snprintf(one, sizeof one, "\\u%04x", static_cast<unsigned>(c));
        out += one;
    }
    return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(secrets_of_requests)

BOOST_AUTO_TEST_CASE(a_secret_is_found_in_every_spelling) {
    secrets all;
    all.add("cl/ient+sé\"cret\\");
    for (std::string_view spelt : {"cl/ient+sé\"cret\\", R"(cl\/ient+sé\"cret\\)",
                                   R"(cl\u002Fient\u002bs\u00e9\u0022cret\u005c)",
                                   "cl%2Fient%2Bs%C3%A9%22cret%5C", "cl%2fient%2bs%c3%a9%22cret%5c",
                                   "cl&#47;ient&#x2B;s&#233;&quot;cret&#92;", "cl_ient-sé\"cret\\"})
        BOOST_TEST(hidden(all, "say " + std::string(spelt) + " or") == "say *** or");
    BOOST_TEST(hidden(all, "cl/ient+sé\"cre") == "***");        // truncated
    BOOST_TEST(hidden(all, "x cl/ient+... y") == "x ***... y"); // shortened
    BOOST_TEST(hidden(all, "cl/ie") == "cl/ie");                // too short to recognise
    BOOST_TEST(hidden(all, "cl/ient or") == "cl/ient or");
    secrets emoji;
    emoji.add("pass😀word");
    BOOST_TEST(hidden(emoji, R"(pass\ud83d\ude00word)") == "***");
}

BOOST_AUTO_TEST_CASE(the_password_of_basic_credentials_is_a_secret) {
    secrets const all("Basic Q29tcGFueVx1c2VyOnNlY3JldC93b3JkKzE=");
    BOOST_TEST(hidden(all, "Basic Q29tcGFueVx1c2VyOnNlY3JldC93b3JkKzE=") == "Basic ***=");
    BOOST_TEST(hidden(all, "for Company\\user:secret/word+1") == "for Company\\user:***");
    BOOST_TEST(hidden(all, "pass secret/word+1, secret/word+1") == "pass ***, ***");
    BOOST_TEST(hidden(all, "Company") == "Company");
    BOOST_TEST(hidden(secrets("Bearer abcdef"), "Bearer abcdef") == "Bearer ***");
    BOOST_TEST(hidden(secrets(""), "any") == "any");
}

BOOST_AUTO_TEST_CASE(a_short_secret_is_hidden_as_a_whole_word) {
    secrets all;
    all.add("row");
    BOOST_TEST(hidden(all, "rows of row, row") == "rows of ***, ***");
    secrets several;
    several.add("secret");
    several.add("secret and more");
    BOOST_TEST(hidden(several, "secretsecret; secret and more") == "******; ***");
}

BOOST_AUTO_TEST_CASE(a_server_that_repeats_credentials) {
    std::string const name(token), said = "Basic " + name + "=";
    std::string const bodies[] = {
        "you sent " + said,
        R"({"error":")" + escaped(said) + R"("})",
        R"({"failures":[{"field":")" + said + R"(","value":")" + escaped(said) +
            R"(","constraint":"secret\/word+1"}]})",
        R"({"error":")" + std::string(270, 'x') + ' ' + escaped(said) + R"("})",
        std::string(285, 'x') + ' ' + said,
        R"({"error":"Company\\user:secret\/word+1 is wrong"})",
        "secret%2fword%2b1",
    };
    auto const watch = std::make_shared<listener>();
    bulk::client_options options;
    options.base_url = "https://secure.p01.eloqua.com/API/Bulk/2.0";
    options.observer = watch;
    options.seed = 1;
    options.retry.attempts = 2;
    auto const ask = [&](auto const& answer) {
        bulk::scripted_transport script;
        answer(script.expect(verb::get, "*"));
        answer(script.expect(verb::get, "*"));
        auto const came = bulk::client(script, caller, options).syncs().read(5).get();
        BOOST_TEST_REQUIRE(came.has_error());
        watch->add(came.error());
    };
    using step = bulk::scripted_transport::step;
    for (std::string const& body : bodies)
        for (int status : {200, 400, 503})
            ask([&](step at) { at.answers(status, body); });
    ask([&](step at) { at.answers(400, "").with("Content-Encoding", said); });
    ask([&](step at) { at.answers(200, "{}").with("Content-Encoding", said); });
    ask([&](step at) {
        at.answers(200, R"({"syncedInstanceUri":"/)" + said + R"(","uri":"/x"})");
    });
    has_none(watch->heard, {name, name.substr(0, 12), "secret/word", "secret%2f", "secret\\/word",
                            escaped(name.substr(0, 8))});
}

BOOST_AUTO_TEST_CASE(credentials_in_documents_and_pages_stay_out_of_messages) {
    std::string const said = "Basic " + std::string(token) + "=";
    auto const watch = std::make_shared<listener>();
    bulk::client_options options;
    options.base_url = "https://secure.p01.eloqua.com/API/Bulk/2.0";
    options.seed = 1;
    auto const fails = [&](std::string const& logs, std::string const& status,
                           std::string const& page) {
        bulk::scripted_transport script;
        script.expect(verb::post, std::string(base) + "/contacts/exports")
            .answers(201, R"({"uri":"/contacts/exports/5","name":")" + said + R"("})");
        script.expect(verb::post, std::string(base) + "/syncs")
            .answers(201,
                     R"({"uri":"/syncs/6","syncedInstanceUri":"/contacts/exports/5","status":")" +
                         status + R"("})");
        script.expect(verb::get, "*")
            .answers(200, R"({"items":[)" + logs + R"(],"hasMore":false})");
        if (!page.empty())
            script.expect(verb::get, "*").answers(200, page);
        script.expect(verb::delete_, "*").answers(204);
        options.observer = watch;
        bulk::export_options how;
        how.check_fields = false;
        auto rows = bulk::client(script, caller, options)
                        .export_rows<person>(bulk::contacts, bulk::all_rows, how);
        auto const came = rows.next().get();
        if (!came)
            watch->add(came.error());
        return came.has_error();
    };
    std::string const log = R"({"severity":"error","message":"no )" + said + R"("})";
    BOOST_TEST(fails(log, "error", ""));
    BOOST_TEST(fails("", "success", R"({"items":[{")" + said + R"(":[]}]})"));
    BOOST_TEST(fails("", "success", R"({"items":[{"email":"a","email":"b"}],")" + said + R"(":[)"));
    has_none(watch->heard, {std::string(token.substr(0, 12))});
}

BOOST_AUTO_TEST_CASE(a_token_endpoint_that_shows_secrets) {
    bulk::oauth_application app("id", "cl/ient+secret", "https://c.example/cb");
    std::string const tokens =
        R"({"access_token":"NEWACCESS","token_type":"bearer","expires_in":28800,"refresh_token":"NEW\/REFRESH"})";
    auto const watch = std::make_shared<listener>();
    auto const ask = [&](int status, std::string const& body) {
        bulk::scripted_transport script;
        script.expect(verb::post, "*").answers(status, body);
        bulk::oauth_options options;
        options.observer = watch;
        options.retry.attempts = 1;
        auto const came = bulk::exchange_code(script, app, "the/code", options).get();
        if (!came)
            watch->add(came.error());
        return came.has_value();
    };
    BOOST_TEST(ask(200, tokens));
    watch->add(bulk::failure(bulk::errc::not_finished));
    for (int status : {400, 401, 500, 503})
        for (
            std::string const& body :
            {tokens, tokens.substr(0, 40), std::string("NEWACCESS the/code"), '"' + tokens + '"',
             '[' + tokens + ']', R"({"error":{"access_token":"NEWACCESS"}})" + std::string(),
             R"({"access_token":"NEWACCESS","error":"x","error_description":"is NEWACCESS"})" +
                 std::string(),
             R"({"error":"invalid_request","error_description":"code=the\/code cl\/ient+secret"})" +
                 std::string(),
             R"({"failures":[{"field":"code","value":"the\/code","constraint":"cl\/ient+secret"}]})" +
                 std::string(),
             std::string(R"({"error":"the%2fcode cl%2fient%2bsecret"})"),
             std::string(R"({"error":"the%2Fcode and cl/ient+secret"})")})
            BOOST_TEST(!ask(status, body));
    for (int status : {200, 201})
        for (std::string const& body :
             {tokens.substr(0, 60),
              std::string(R"({"access_token":"NEW ACCESS","refresh_token":"NEWREFRESH"})"),
              std::string(R"({"access_token":"NEWACCESS","token_type":"mac"})"),
              std::string(R"({"access_token":{"NEWACCESS":1}})")})
            BOOST_TEST(!ask(status, body));
    has_none(watch->heard, {"NEWACC", "NEW ACC", "NEWREF", "NEW/REF", "the/code", "cl/ient",
                            "the%2", "cl%2", "the\\/", "cl\\/"});
}

BOOST_AUTO_TEST_CASE(a_token_in_the_token_response_is_unchanged) {
    bulk::scripted_transport script;
    script.expect(verb::post, "*")
        .answers(
            200,
            R"({"access_token":"a-new-access-token","refresh_token":"the-old-refresh-token"})");
    bulk::oauth_application app("id", "a-client-secret", "https://c.example/cb");
    auto const came = bulk::refresh_tokens(script, app, "the-old-refresh-token").get();
    BOOST_TEST(came.value().refresh_token == "the-old-refresh-token");
}

BOOST_AUTO_TEST_SUITE_END()
