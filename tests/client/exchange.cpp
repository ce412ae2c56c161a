// SPDX-License-Identifier: BSL-1.0
// Which requests are retried, which are not, and what errors say: a client over a script.
#include <eloqua/bulk/testing/scripted_transport.hpp>

#include <boost/asio/error.hpp>
#include <boost/test/unit_test.hpp>

#include "ways.hpp"
#include <chrono>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

namespace bulk = eloqua::bulk;
using bulk::verb;
using namespace std::chrono_literals;

namespace {

bulk::basic_credentials const me{"Company", "user", "secret"};
constexpr char const* no_items = R"({"items":[],"hasMore":false})";
constexpr char const* instance =
    R"({"site":{"id":1,"name":"C"},"user":{"id":2,"username":"u"},"urls":{"base":"https://secure.p01.eloqua.com","apis":{"rest":{"bulk":"https://secure.p01.eloqua.com/API/Bulk/{version}/"}}}})";
constexpr char const* moved =
    R"({"site":{"id":1,"name":"C"},"user":{"id":2,"username":"u"},"urls":{"base":"https://secure.p07.eloqua.com","apis":{"rest":{"bulk":"https://secure.p07.eloqua.com/API/Bulk/{version}/"}}}})";

bulk::error_code lost() {
    return make_error_code(boost::system::errc::connection_reset);
}

bulk::client_options at_base() {
    bulk::client_options options;
    options.base_url = "https://secure.p01.eloqua.com/API/Bulk/2.0";
    options.seed = 1;
    return options;
}

bool has(std::string const& text, std::string_view part) {
    return text.find(part) != text.npos;
}

struct waits : bulk::observer {
    std::vector<bulk::clock::duration> delays;
    std::vector<std::string> seen;
    void on_retry(bulk::failure const& why, bulk::clock::duration delay) override {
        delays.push_back(delay);
        seen.push_back(why.message());
    }
    void on_request(std::string_view line) override { seen.emplace_back(line); }
};

} // namespace

BOOST_AUTO_TEST_SUITE(exchange)

BOOST_AUTO_TEST_CASE_TEMPLATE(busy_then_success, Way, ways::all) {
    bulk::scripted_transport script;
    for (int status : {429, 502, 503, 504, 500})
        script.expect(verb::get, "/API/Bulk/2.0/syncs").answers(status);
    script.expect(verb::get, "/API/Bulk/2.0/syncs").answers(200, no_items);
    auto watch = std::make_shared<waits>();
    auto options = at_base();
    options.observer = watch;
    Way way;
    auto client = way.make(script, me, options);
    BOOST_TEST(way.run(client.syncs().list().page()).has_value());
    BOOST_TEST(watch->delays.size() == 5);
    BOOST_TEST(script.finished());
}

BOOST_AUTO_TEST_CASE(attempts_are_bounded) {
    bulk::scripted_transport script;
    for (int i = 0; i != 3; ++i)
        script.expect(verb::get, "/API/Bulk/2.0/syncs").answers(503, "<html>down</html>");
    auto options = at_base();
    options.retry.attempts = 3;
    bulk::client client(script, me, options);
    auto const came = client.syncs().list().page().get();
    BOOST_TEST_REQUIRE(came.has_error());
    BOOST_TEST(came.error().info.attempts == 3);
    BOOST_TEST((came.error().code == bulk::condition::try_later));
    BOOST_TEST(has(came.error().message(), "attempts: 3"));
    BOOST_TEST(has(came.error().message(), "<html>down</html>"));
    BOOST_TEST(script.finished());
}

BOOST_AUTO_TEST_CASE(total_time_is_bounded) {
    bulk::scripted_transport script;
    script.expect(verb::get, "/API/Bulk/2.0/syncs").answers(503).with("Retry-After", "3600");
    auto options = at_base();
    options.retry.total_time = 30min;
    bulk::client client(script, me, options);
    BOOST_TEST(client.syncs().list().page().get().has_error());
    BOOST_TEST(script.finished());
}

BOOST_AUTO_TEST_CASE(attempts_are_limited_for_every_kind_of_error) {
    using step = bulk::scripted_transport::step;
    std::function<void(step)> const troubles[] = {
        [](step s) { s.answers(429); },
        [](step s) { s.answers(500); },
        [](step s) { s.answers(504); },
        [](step s) { s.fails_to_send(lost()); },
        [](step s) { s.fails_to_connect(); },
        [](step s) { s.fails_to_answer(lost()); },
        [](step s) { s.answers(200, no_items).cut_after(5); },
    };
    for (auto const& trouble : troubles)
        for (unsigned attempts : {1u, 4u}) {
            bulk::scripted_transport script;
            for (unsigned i = 0; i != attempts; ++i)
                trouble(script.expect(verb::get, "/API/Bulk/2.0/syncs"));
            auto options = at_base();
            options.retry.attempts = attempts;
            auto const came = bulk::client(script, me, options).syncs().list().page().get();
            BOOST_TEST_REQUIRE(came.has_error());
            BOOST_TEST(came.error().info.attempts == attempts);
            BOOST_TEST((came.error().code == bulk::condition::try_later));
            BOOST_TEST(script.requests().size() == attempts);
            BOOST_TEST(script.finished());
        }
}

BOOST_AUTO_TEST_CASE(a_limited_number_of_stale_connections_cost_no_attempt) {
    for (unsigned stale : {3u, 4u}) {
        bulk::scripted_transport script;
        for (unsigned i = 0; i != stale; ++i)
            script.expect(verb::get, "/API/Bulk/2.0/syncs").stale();
        if (stale == 3)
            script.expect(verb::get, "/API/Bulk/2.0/syncs").answers(200, no_items);
        auto options = at_base();
        options.retry.attempts = 1;
        options.retry.stale_connections = 3;
        auto const came = bulk::client(script, me, options).syncs().list().page().get();
        BOOST_TEST(came.has_value() == (stale == 3));
        BOOST_TEST(script.finished());
    }
}

BOOST_AUTO_TEST_CASE(delays_never_exceed_the_total_time) {
    bulk::scripted_transport script;
    for (int i = 0; i != 4; ++i) // at 0, 10, 20 and 30 minutes; each attempt takes a second
        script.expect(verb::get, "/API/Bulk/2.0/syncs")
            .answers(503)
            .with("Retry-After", "600")
            .after(i == 0 ? 0s : 1s);
    auto watch = std::make_shared<waits>();
    auto options = at_base();
    options.observer = watch;
    options.retry.attempts = 100;
    options.retry.total_time = 30min + 5s;
    auto const begin = script.now();
    auto const came = bulk::client(script, me, options).syncs().list().page().get();
    BOOST_TEST(came.error().info.status == 503);
    BOOST_TEST(came.error().info.attempts == 4u);
    BOOST_TEST((watch->delays == std::vector<bulk::clock::duration>(3, 10min)));
    BOOST_TEST((script.now() - begin <= options.retry.total_time));
    BOOST_TEST(script.finished());
}

BOOST_AUTO_TEST_CASE(retry_after_is_obeyed_in_both_spellings) {
    bulk::scripted_transport script;
    script.expect(verb::get, "/API/Bulk/2.0/syncs").answers(429).with("Retry-After", "90");
    script.expect(verb::get, "/API/Bulk/2.0/syncs")
        .answers(503)
        .with("Date", "Sun, 06 Nov 1994 08:49:37 GMT")
        .with("Retry-After", "Sun, 06 Nov 1994 08:51:37 GMT");
    script.expect(verb::get, "/API/Bulk/2.0/syncs").answers(200, no_items);
    auto watch = std::make_shared<waits>();
    auto options = at_base();
    options.observer = watch;
    bulk::client client(script, me, options);
    BOOST_TEST(client.syncs().list().page().get().has_value());
    BOOST_TEST_REQUIRE(watch->delays.size() == 2);
    BOOST_TEST((watch->delays[0] == 90s));
    BOOST_TEST((watch->delays[1] == 120s));
}

BOOST_AUTO_TEST_CASE(retry_after_in_odd_forms) {
    using std::chrono::duration_cast, std::chrono::seconds;
    auto watch = std::make_shared<waits>();
    auto options = at_base();
    options.observer = watch;
    options.retry.attempts = 20;
    options.retry.first_delay = options.retry.longest_delay = 1ns;
    bulk::scripted_transport script;
    std::string const date = "Sun, 06 Nov 1994 08:49:37 GMT";
    for (char const* text :
         {"1.5", "0", "Sunday, 06-Nov-94 08:49:40 GMT", "Sun Nov  6 08:49:41 1994", "soon"})
        script.expect(verb::get, "/API/Bulk/2.0/syncs")
            .answers(503)
            .with("Retry-After", text)
            .with("Date", date);
    script.expect(verb::get, "/API/Bulk/2.0/syncs").answers(503).with("Retry-After", date);
    script.expect(verb::get, "/API/Bulk/2.0/syncs").answers(200, no_items);
    BOOST_TEST(bulk::client(script, me, options).syncs().list().page().get().has_value());
    std::vector<long long> waited;
    for (auto const delay : watch->delays)
        waited.push_back(duration_cast<seconds>(delay).count());
    std::vector<long long> const wanted{2, 0, 3, 4, 0, 0};
    BOOST_TEST(waited == wanted, boost::test_tools::per_element());

    for (char const* far : {"99999999999", "99999999999999999999", "Fri, 31 Dec 9999 23:59:59 GMT"})
        for (bool dated : {true, false}) {
            bulk::scripted_transport never;
            auto step = never.expect(verb::get, "/API/Bulk/2.0/syncs");
            step.answers(503).with("Retry-After", far);
            if (dated)
                step.with("Date", date);
            options.retry.total_time = bulk::clock::duration::max();
            options.retry.attempts = 1;
            bulk::client client(never, me, options);
            BOOST_TEST(client.syncs().list().page().get().error().info.attempts == 1u);
        }
}

BOOST_AUTO_TEST_CASE(temporary_errors_of_reads_are_retried) {
    for (int status : {408, 425, 429, 500, 501, 502, 503, 504, 507, 520,
                       521, 522, 523, 524, 525, 526, 527, 528, 529, 599}) {
        bulk::scripted_transport script;
        script.expect(verb::get, "/API/Bulk/2.0/syncs").answers(status, "<html>x</html>");
        script.expect(verb::get, "/API/Bulk/2.0/syncs").answers(200, no_items);
        BOOST_TEST(bulk::client(script, me, at_base()).syncs().list().page().get().has_value(),
                   status);
    }
}

BOOST_AUTO_TEST_CASE(a_permanent_error_is_final) {
    bulk::scripted_transport script;
    script.expect(verb::get, "/API/Bulk/2.0/syncs")
        .answers(
            500,
            R"({"errorSeverity":0,"error":"Unable to process request due to a permanent error."})");
    bulk::client client(script, me, at_base());
    auto const came = client.syncs().list().page().get();
    BOOST_TEST(came.error().info.attempts == 1);
    BOOST_TEST(has(came.error().message(), "permanent error"));
    BOOST_TEST(!has(came.error().message(), "try later"));
    BOOST_TEST(has(came.error().message(), "a retry does not help"));
}

BOOST_AUTO_TEST_CASE(a_permanent_error_is_final_whatever_its_status) {
    for (int status : {429, 500, 502, 503, 504})
        for (bool reads : {true, false}) {
            bulk::scripted_transport script;
            script
                .expect(reads ? verb::get : verb::delete_,
                        reads ? "/API/Bulk/2.0/syncs" : "/API/Bulk/2.0/contacts/exports/7")
                .answers(status, R"({"errorSeverity":3,"error":"A permanent error."})")
                .with("Retry-After", "1");
            bulk::client client(script, me, at_base());
            bulk::failure const why = reads
                                          ? client.syncs().list().page().get().error()
                                          : client.exports(bulk::contacts).remove(7).get().error();
            BOOST_TEST(why.info.status == status);
            BOOST_TEST(why.info.attempts == 1u);
            BOOST_TEST(script.requests().size() == 1u);
        }
}

BOOST_AUTO_TEST_CASE(a_read_is_retried_wherever_the_connection_is_lost) {
    bulk::scripted_transport script;
    script.expect(verb::get, "/API/Bulk/2.0/syncs").fails_to_send(lost());
    script.expect(verb::get, "/API/Bulk/2.0/syncs").fails_to_answer(lost());
    script.expect(verb::get, "/API/Bulk/2.0/syncs").answers(200, no_items).cut_after(5);
    script.expect(verb::get, "/API/Bulk/2.0/syncs").answers(200, no_items);
    bulk::client client(script, me, at_base());
    BOOST_TEST(client.syncs().list().page().get().has_value());
    BOOST_TEST(script.finished());
}

BOOST_AUTO_TEST_CASE(stale_connections_cost_a_read_no_attempt) {
    bulk::scripted_transport script;
    for (int i = 0; i != 3; ++i)
        script.expect(verb::get, "/API/Bulk/2.0/syncs").stale();
    script.expect(verb::get, "/API/Bulk/2.0/syncs").answers(200, no_items);
    auto options = at_base();
    options.retry.attempts = 1;
    bulk::client client(script, me, options);
    BOOST_TEST(client.syncs().list().page().get().has_value());
}

BOOST_AUTO_TEST_CASE(a_lost_response_to_a_creation_is_an_unknown_outcome) {
    for (bool stale : {false, true}) {
        bulk::scripted_transport script;
        auto step = script.expect(verb::post, "/API/Bulk/2.0/contacts/exports");
        stale ? step.stale() : step.fails_to_answer(lost());
        bulk::client client(script, me, at_base());
        auto const came = client.exports(bulk::contacts).create({}).get();
        BOOST_TEST((came.error().code == bulk::errc::outcome_unknown));
        BOOST_TEST(has(came.error().message(), "POST https://secure.p01.eloqua.com"));
        BOOST_TEST(script.finished());
    }
    for (int status : {500, 502, 503, 504}) {
        bulk::scripted_transport script;
        script.expect(verb::post, "/API/Bulk/2.0/syncs").answers(status, "busy");
        bulk::client client(script, me, at_base());
        auto const came = client.syncs().create({}).get();
        BOOST_TEST((came.error().code == bulk::errc::outcome_unknown));
        BOOST_TEST(came.error().info.status == status);
        BOOST_TEST(has(came.error().message(), "busy"));
    }
}

BOOST_AUTO_TEST_CASE(an_unsent_or_throttled_creation_is_retried) {
    bulk::scripted_transport script;
    script.expect(verb::post, "/API/Bulk/2.0/syncs").fails_to_connect();
    script.expect(verb::post, "/API/Bulk/2.0/syncs").answers(429);
    script.expect(verb::post, "/API/Bulk/2.0/syncs")
        .answers(201, R"({"syncedInstanceUri":"/contacts/exports/1","uri":"/syncs/2"})");
    bulk::client client(script, me, at_base());
    BOOST_TEST(client.syncs().create({}).get().value().uri.value() == "/syncs/2");
}

BOOST_AUTO_TEST_CASE(a_refused_connection_is_retried_for_every_retry_class) {
    auto const after_two_refusals = [](verb method, std::string const& path, auto act) {
        bulk::scripted_transport script;
        for (int i = 0; i != 2; ++i)
            script.expect(method, "/API/Bulk/2.0" + path).fails_to_connect();
        script.expect(method, "/API/Bulk/2.0" + path)
            .answers(method == verb::post      ? 201
                     : method == verb::delete_ ? 204
                                               : 200,
                     path == "/contacts/imports/1/data"
                         ? ""
                         : std::string(R"({"name":"n","fields":{},"items":[],"uri":")") +
                               (path == "/syncs" ? "/syncs/7" : "/contacts/exports/7") +
                               R"(","syncedInstanceUri":"/contacts/exports/7"})");
        bulk::client client(script, me, at_base());
        auto const came = act(client);
        BOOST_TEST(came.has_value(), to_string(method) << ' ' << path);
        BOOST_TEST(script.finished());
    };
    after_two_refusals(verb::get, "/syncs", [](auto& c) { return c.syncs().list().page().get(); });
    after_two_refusals(verb::get, "/contacts/exports/7",
                       [](auto& c) { return c.exports(bulk::contacts).read(7).get(); });
    after_two_refusals(verb::post, "/contacts/exports",
                       [](auto& c) { return c.exports(bulk::contacts).create({}).get(); });
    after_two_refusals(verb::post, "/contacts/imports/1/data",
                       [](auto& c) { return c.imports(bulk::contacts).push(1, "[]").get(); });
    after_two_refusals(verb::post, "/syncs", [](auto& c) { return c.syncs().create({}).get(); });
    after_two_refusals(verb::put, "/contacts/exports/7",
                       [](auto& c) { return c.exports(bulk::contacts).replace(7, {}).get(); });
    after_two_refusals(verb::delete_, "/contacts/exports/7",
                       [](auto& c) { return c.exports(bulk::contacts).remove(7).get(); });
}

BOOST_AUTO_TEST_CASE(a_retried_delete_that_finds_nothing_succeeds) {
    bulk::scripted_transport script;
    script.expect(verb::delete_, "/API/Bulk/2.0/contacts/exports/7").fails_to_answer(lost());
    script.expect(verb::delete_, "/API/Bulk/2.0/contacts/exports/7").answers(404);
    script.expect(verb::delete_, "/API/Bulk/2.0/contacts/exports/8").answers(404);
    bulk::client client(script, me, at_base());
    BOOST_TEST(client.exports(bulk::contacts).remove(7).get().has_value());
    BOOST_TEST(client.exports(bulk::contacts).remove(8).get().error().info.status == 404);
}

BOOST_AUTO_TEST_CASE(a_first_delete_that_finds_nothing_fails) {
    bulk::scripted_transport stale;
    stale.expect(verb::delete_, "/API/Bulk/2.0/contacts/exports/7").stale();
    stale.expect(verb::delete_, "/API/Bulk/2.0/contacts/exports/7").answers(404);
    BOOST_TEST(
        bulk::client(stale, me, at_base()).exports(bulk::contacts).remove(7).get().has_value());
    bulk::scripted_transport unsent;
    unsent.expect(verb::delete_, "/API/Bulk/2.0/contacts/exports/7").fails_to_connect();
    unsent.expect(verb::delete_, "/API/Bulk/2.0/contacts/exports/7").answers(429);
    unsent.expect(verb::delete_, "/API/Bulk/2.0/contacts/exports/7").answers(404);
    BOOST_TEST(
        bulk::client(unsent, me, at_base()).exports(bulk::contacts).remove(7).get().has_error());
}

BOOST_AUTO_TEST_CASE(a_temporary_error_after_sending_does_not_repeat_a_creation) {
    bulk::scripted_transport script;
    script.expect(verb::post, "/API/Bulk/2.0/syncs")
        .fails_to_answer(make_error_code(boost::system::errc::host_unreachable));
    auto const came = bulk::client(script, me, at_base()).syncs().create({}).get();
    BOOST_TEST((came.error().code == bulk::errc::outcome_unknown));
    BOOST_TEST(script.finished());
}

BOOST_AUTO_TEST_CASE(a_severity_determines_the_delay) {
    bulk::scripted_transport script;
    script.expect(verb::get, "/API/Bulk/2.0/syncs")
        .answers(503, R"({"errorSeverity":3,"error":"Busy."})");
    script.expect(verb::get, "/API/Bulk/2.0/syncs").answers(200, no_items);
    auto watch = std::make_shared<waits>();
    auto options = at_base();
    options.observer = watch;
    BOOST_TEST(bulk::client(script, me, options).syncs().list().page().get().has_value());
    BOOST_TEST((watch->delays.at(0) == 120s));
}

BOOST_AUTO_TEST_CASE(each_severity_has_a_delay_unless_the_service_sends_one) {
    bulk::clock::duration const delays[] = {1h, 30min, 15min, 2min};
    for (int severity = 0; severity != 4; ++severity)
        for (bool says : {false, true}) {
            bulk::scripted_transport script;
            auto step = script.expect(verb::get, "/API/Bulk/2.0/syncs");
            step.answers(500, R"({"errorSeverity":)" + std::to_string(severity) + "}");
            if (says)
                step.with("Retry-After", "7");
            script.expect(verb::get, "/API/Bulk/2.0/syncs").answers(200, no_items);
            auto watch = std::make_shared<waits>();
            auto options = at_base();
            options.observer = watch;
            auto const begin = script.now();
            BOOST_TEST(bulk::client(script, me, options).syncs().list().page().get().has_value());
            bulk::clock::duration const wanted = says ? 7s : delays[severity];
            BOOST_TEST((watch->delays == std::vector<bulk::clock::duration>{wanted}));
            BOOST_TEST((script.now() - begin == wanted));
        }
    // By default a call has time to wait once for the longest of them.
    bulk::scripted_transport script;
    for (int i = 0; i != 2; ++i)
        script.expect(verb::get, "/API/Bulk/2.0/syncs")
            .answers(500, R"({"errorSeverity":0})")
            .after(1s);
    auto const came = bulk::client(script, me, at_base()).syncs().list().page().get();
    BOOST_TEST(came.error().info.attempts == 2u);
    BOOST_TEST(script.finished());
}

BOOST_AUTO_TEST_CASE(an_early_error_response_to_a_long_body_is_read) {
    bulk::scripted_transport script;
    script.expect(verb::post, "/API/Bulk/2.0/contacts/imports/1/data").answers(413, "storage full");
    bulk::client client(script, me, at_base());
    auto const came = client.imports(bulk::contacts).push(1, "[]").get();
    BOOST_TEST(came.error().info.status == 413);
    BOOST_TEST(has(came.error().message(), "storage full"));
    BOOST_TEST(has(came.error().message(), "staging area is full"));
}

BOOST_AUTO_TEST_CASE(a_success_before_the_body_was_sent_proves_nothing) {
    auto const pushed = [](bulk::scripted_transport const& script) {
        bulk::client client(script, me, at_base());
        return client.imports(bulk::contacts).push(1, "[]").get();
    };
    for (int status : {200, 201, 204}) {
        bulk::scripted_transport script;
        script.expect(verb::post, "/API/Bulk/2.0/contacts/imports/1/data")
            .answers(status)
            .breaks_off_sending(lost());
        auto const came = pushed(script);
        BOOST_TEST_REQUIRE(came.has_error());
        BOOST_TEST((came.error().code == bulk::errc::outcome_unknown));
    }
    bulk::scripted_transport refused;
    refused.expect(verb::post, "/API/Bulk/2.0/contacts/imports/1/data")
        .answers(413, "storage full")
        .breaks_off_sending(lost());
    BOOST_TEST(pushed(refused).error().info.status == 413);

    bulk::scripted_transport again;
    again.expect(verb::put, "/API/Bulk/2.0/contacts/exports/7")
        .answers(200, R"({"name":"n","fields":{}})")
        .breaks_off_sending(lost());
    again.expect(verb::put, "/API/Bulk/2.0/contacts/exports/7")
        .answers(200, R"({"name":"n","fields":{}})");
    bulk::client client(again, me, at_base());
    BOOST_TEST(client.exports(bulk::contacts).replace(7, {}).get().has_value());
    BOOST_TEST(again.finished());
}

BOOST_AUTO_TEST_CASE(statuses_count_by_their_class) {
    for (int status : {200, 201, 202, 206}) {
        bulk::scripted_transport script;
        script.expect(verb::post, "/API/Bulk/2.0/contacts/exports")
            .answers(status, R"({"name":"n","fields":{},"uri":"/contacts/exports/7"})");
        script.expect(verb::delete_, "/API/Bulk/2.0/contacts/exports/7").answers(status);
        bulk::client client(script, me, at_base());
        BOOST_TEST(client.exports(bulk::contacts).create({}).get().has_value());
        BOOST_TEST(client.exports(bulk::contacts).remove(7).get().has_value());
    }
    for (int status : {501, 507, 520, 524, 529, 599}) {
        bulk::scripted_transport script;
        script.expect(verb::post, "/API/Bulk/2.0/contacts/exports").answers(status, "odd");
        bulk::client client(script, me, at_base());
        auto const came = client.exports(bulk::contacts).create({}).get();
        BOOST_TEST((came.error().code == bulk::errc::outcome_unknown));
        BOOST_TEST(came.error().info.status == status);
    }
    for (int status : {408, 425, 501, 507, 520, 524, 529, 599}) {
        bulk::scripted_transport script;
        script.expect(verb::get, "/API/Bulk/2.0/syncs").answers(status, "odd");
        script.expect(verb::get, "/API/Bulk/2.0/syncs").answers(200, no_items);
        bulk::client client(script, me, at_base());
        BOOST_TEST(client.syncs().list().page().get().has_value());
    }
    bulk::scripted_transport refused;
    refused.expect(verb::post, "/API/Bulk/2.0/contacts/exports").answers(408, "slow");
    bulk::client client(refused, me, at_base());
    BOOST_TEST(client.exports(bulk::contacts).create({}).get().error().info.status == 408);
}

BOOST_AUTO_TEST_CASE(the_base_url_is_requested_once) {
    bulk::scripted_transport script;
    script.expect(verb::get, "/id").answers(200, instance);
    script.expect(verb::get, "/API/Bulk/2.0/syncs").answers(200, no_items);
    script.expect(verb::get, "/API/Bulk/2.0/syncs").answers(200, no_items);
    bulk::client client(script, me);
    BOOST_TEST(client.syncs().list().page().get().has_value());
    BOOST_TEST(client.syncs().list().page().get().has_value());
    BOOST_TEST(client.base_url().get().value() == "https://secure.p01.eloqua.com/API/Bulk/2.0");
    auto const seen = script.requests();
    BOOST_TEST(seen[0].url == "https://login.eloqua.com/id");
    BOOST_TEST(seen[1].url == "https://secure.p01.eloqua.com/API/Bulk/2.0/syncs");
    BOOST_TEST(*seen[1].fields.find("authorization") == "Basic Q29tcGFueVx1c2VyOnNlY3JldA==");
}

BOOST_AUTO_TEST_CASE(a_401_requests_the_base_url_again_and_retries_once) {
    bulk::scripted_transport script;
    script.expect(verb::get, "/id").answers(200, instance);
    script.expect(verb::post, "/API/Bulk/2.0/syncs").answers(401, "Login required");
    script.expect(verb::get, "/id").answers(200, moved);
    script.expect(verb::post, "/API/Bulk/2.0/syncs")
        .answers(201, R"({"syncedInstanceUri":"/contacts/exports/1","uri":"/syncs/2"})");
    bulk::client client(script, me);
    BOOST_TEST(client.syncs().create({}).get().has_value());
    BOOST_TEST(script.requests()[3].url == "https://secure.p07.eloqua.com/API/Bulk/2.0/syncs");
}

BOOST_AUTO_TEST_CASE(a_401_from_the_current_base_url_is_final) {
    for (char const* where : {instance, moved}) {
        bulk::scripted_transport script;
        script.expect(verb::get, "/id").answers(200, instance);
        script.expect(verb::get, "/API/Bulk/2.0/syncs").answers(401, "Login required");
        script.expect(verb::get, "/id").answers(200, where);
        script.expect(verb::get, "/API/Bulk/2.0/syncs").answers(401, "Login required");
        auto const came = bulk::client(script, me).syncs().list().page().get();
        BOOST_TEST((came.error().code == bulk::condition::bad_credentials));
        BOOST_TEST(came.error().info.status == 401);
        BOOST_TEST(has(came.error().message(), script.requests().back().line()));
        BOOST_TEST(script.requests().size() == 4u);
        BOOST_TEST(script.finished());
    }
}

BOOST_AUTO_TEST_CASE(wrong_credentials_in_both_forms) {
    {
        bulk::scripted_transport script;
        script.expect(verb::get, "/id").answers(200, R"("Not authenticated.")");
        bulk::client client(script, me);
        auto const came = client.syncs().list().page().get();
        BOOST_TEST((came.error().code == bulk::errc::not_authenticated));
        BOOST_TEST((came.error().code == bulk::condition::bad_credentials));
        BOOST_TEST(has(came.error().message(), "GET https://login.eloqua.com/id -> 200"));
        BOOST_TEST(has(came.error().message(), "check company, user and password"));
    }
    {
        bulk::scripted_transport script;
        script.expect(verb::get, "/API/Bulk/2.0/syncs").answers(401, "Login required");
        bulk::client client(script, me, at_base());
        auto const came = client.syncs().list().page().get();
        BOOST_TEST((came.error().code == bulk::condition::bad_credentials));
        BOOST_TEST(came.error().info.attempts ==
                   1); // there is nothing to renew, so a retry would not help
        BOOST_TEST(has(came.error().message(), "Login required"));
    }
}

BOOST_AUTO_TEST_CASE(credentials_are_not_sent_to_untrusted_hosts) {
    std::string elsewhere = instance;
    elsewhere.replace(elsewhere.find("https://secure.p01.eloqua.com/API"), 29,
                      "https://secure.p01.evil-eloqua.com");
    bulk::scripted_transport script;
    script.expect(verb::get, "/id").answers(200, elsewhere);
    bulk::client client(script, me);
    auto const came = client.syncs().list().page().get();
    BOOST_TEST((came.error().code == bulk::errc::untrusted_host));
    BOOST_TEST(script.requests().size() == 1);

    bulk::scripted_transport redirecting;
    redirecting.expect(verb::get, "/API/Bulk/2.0/syncs")
        .answers(302)
        .with("Location", "https://evil.example/");
    auto const redirected = bulk::client(redirecting, me, at_base()).syncs().list().page().get();
    BOOST_TEST(redirected.error().info.status == 302);
    BOOST_TEST(redirecting.requests().size() == 1);
}

BOOST_AUTO_TEST_CASE(secrets_appear_nowhere) {
    bulk::scripted_transport script;
    script.expect(verb::get, "/API/Bulk/2.0/syncs").fails_to_answer(lost());
    script.expect(verb::get, "/API/Bulk/2.0/syncs").answers(500, "oops");
    auto watch = std::make_shared<waits>();
    auto options = at_base();
    options.observer = watch;
    options.retry.attempts = 2;
    auto const came = bulk::client(script, me, options).syncs().list().page().get();
    watch->seen.push_back(came.error().message());
    for (std::string const& each : watch->seen) {
        BOOST_TEST(!has(each, "secret"));
        BOOST_TEST(!has(each, "Q29tcGFueVx1c2VyOnNlY3JldA"));
    }
}

BOOST_AUTO_TEST_CASE(responses_that_are_not_documents) {
    for (char const* body : {"<html>hello</html>", "", "[]", R"({"items":[{"status":3}]})", "{"}) {
        bulk::scripted_transport script;
        script.expect(verb::get, "/API/Bulk/2.0/syncs").answers(200, body);
        auto const came = bulk::client(script, me, at_base()).syncs().list().page().get();
        BOOST_TEST_REQUIRE(came.has_error());
        BOOST_TEST((came.error().code == bulk::errc::malformed_response));
        BOOST_TEST(
            has(came.error().message(), "GET https://secure.p01.eloqua.com/API/Bulk/2.0/syncs"));
    }
}

BOOST_AUTO_TEST_CASE(an_endless_response_is_cut) {
    bulk::scripted_transport script;
    script.expect(verb::get, "/API/Bulk/2.0/syncs").answers(200, std::string(100'000, ' '));
    auto options = at_base();
    options.document_bytes = 50'000;
    auto const came = bulk::client(script, me, options).syncs().list().page().get();
    BOOST_TEST((came.error().code == bulk::errc::response_too_large));
}

BOOST_AUTO_TEST_CASE(unknown_host_and_bad_certificate_are_not_retried) {
    for (bulk::error_code ec : {bulk::error_code(boost::asio::error::host_not_found),
                                make_error_code(bulk::errc::invalid_argument)}) {
        bulk::scripted_transport script;
        script.expect(verb::get, "/API/Bulk/2.0/syncs").fails_to_connect(ec);
        auto const came = bulk::client(script, me, at_base()).syncs().list().page().get();
        BOOST_TEST(came.error().code == ec);
        BOOST_TEST(came.error().info.attempts == 1);
        BOOST_TEST(has(came.error().message(), "secure.p01.eloqua.com"));
    }
}

BOOST_AUTO_TEST_CASE(a_stopped_operation_reports_it_and_retries_nothing) {
    std::stop_source stop;
    bulk::scripted_transport script;
    script.expect(verb::get, "/API/Bulk/2.0/syncs").answers(200, no_items).at_byte(5, [&] {
        stop.request_stop();
    });
    auto const came =
        bulk::client(script, me, at_base()).syncs().list().page().get(stop.get_token());
    BOOST_TEST((came.error().code == boost::system::errc::operation_canceled));
    BOOST_TEST(!(came.error().code == bulk::condition::try_later));
    BOOST_TEST(script.finished());
}

BOOST_AUTO_TEST_SUITE_END()
