// SPDX-License-Identifier: BSL-1.0
// Clients with OAuth credentials: when tokens are renewed, by which client, and which errors occur
// if they cannot be.
#include <eloqua/bulk/oauth.hpp>
#include <eloqua/bulk/simulator.hpp>
#include <eloqua/bulk/testing/posted_transport.hpp>
#include <eloqua/bulk/testing/scripted_transport.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/describe.hpp>
#include <boost/test/unit_test.hpp>

#include "../payload.hpp"
#include "consent.hpp"
#include "ways.hpp"
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bulk = eloqua::bulk;
using bulk::verb;
using consent::app;
using consent::has;
using namespace std::chrono_literals;

namespace {

constexpr char const* token_endpoint = "/auth/oauth2/token";
constexpr char const* syncs = "/API/Bulk/2.0/syncs";
constexpr char const* no_items = R"({"items":[],"hasMore":false})";

bulk::client_options at_base() {
    bulk::client_options options;
    options.base_url = "https://secure.p01.eloqua.com/API/Bulk/2.0";
    options.seed = 1;
    return options;
}

bulk::oauth_options quiet() {
    bulk::oauth_options o;
    o.seed = 1;
    o.time_of_day = [] { return bulk::timestamp(std::chrono::hours(12)); };
    return o;
}

/// Tokens that expired at noon.
bulk::oauth_tokens ended() {
    bulk::oauth_tokens t;
    t.access_token = "at-0000-example";
    t.refresh_token = "rt-0001-example";
    t.expires_at = bulk::timestamp(std::chrono::hours(12));
    return t;
}

bulk::error_code lost() {
    return make_error_code(boost::system::errc::connection_reset);
}

/// A store whose behaviour a test controls.
struct watched_store {
    bulk::memory_token_store under;
    std::function<void(bulk::oauth_tokens const&)> on_store = [](auto const&) {};
    std::function<bool()> may_lock = [] { return true; };
    std::shared_ptr<int> failures =
        std::make_shared<int>(0); ///< future operations of `store` that fail

    bulk::result<bulk::oauth_tokens> load() { return under.load(); }
    bulk::result<void> store(bulk::oauth_tokens const& t) {
        if (*failures > 0) {
            --*failures;
            return bulk::failure(bulk::errc::token_store_failed, "the disk is full");
        }
        on_store(t);
        return under.store(t);
    }
    bulk::result<bool> try_lock() {
        return may_lock() ? under.try_lock() : bulk::result<bool>(false);
    }
    void unlock() { under.unlock(); }
};

struct contact_row {
    std::string email;
    using eloqua_fields = bulk::fields<bulk::field<&contact_row::email, "C_EmailAddress">>;
};
BOOST_DESCRIBE_STRUCT(contact_row, (), (email))

} // namespace

BOOST_AUTO_TEST_SUITE(oauth)

BOOST_AUTO_TEST_CASE_TEMPLATE(tokens_are_renewed_shortly_before_their_end, Way, ways::all) {
    consent::instance at;
    bulk::memory_token_store store(at.tokens());
    Way way;
    auto client = way.make(at.eloqua, bulk::oauth_credentials(app, store, at.options()));
    auto const good = [&] { return way.run(client.syncs().list().page()).has_value(); };
    BOOST_TEST(good());
    at.eloqua.advance(8h - 5min - 1s);
    BOOST_TEST(good());
    BOOST_TEST(at.token_requests() == 1u);
    at.eloqua.advance(1s);
    BOOST_TEST(good());
    BOOST_TEST(at.token_requests() == 2u);
    BOOST_TEST(at.eloqua.requests("GET /syncs") == 3u); // none of them was refused
    BOOST_TEST(good());
    BOOST_TEST(at.token_requests() == 2u);
    // And again, each time with the refresh token of the previous renewal.
    for (std::uint64_t n = 3; n != 6; ++n) {
        at.eloqua.advance(8h - 1min);
        BOOST_TEST(good());
        BOOST_TEST(at.token_requests() == n);
    }
    BOOST_TEST(at.eloqua.requests("GET /syncs") == 7u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_refused_token_is_renewed_once, Way, ways::all) {
    consent::instance at;
    bulk::oauth_tokens tokens = at.tokens();
    tokens.expires_at.reset(); // so the client learns of the expiry from the service
    Way way;
    auto client = way.make(
        at.eloqua, bulk::oauth_credentials(app, bulk::memory_token_store(tokens), at.options()));
    BOOST_TEST(way.run(client.syncs().list().page()).has_value());
    at.eloqua.advance(9h);
    BOOST_TEST(way.run(client.syncs().list().page()).has_value());
    BOOST_TEST(at.token_requests() == 2u);
    BOOST_TEST(at.eloqua.requests("GET /syncs") == 3u);
}

BOOST_AUTO_TEST_CASE(not_authenticated_with_status_200_renews_too) {
    consent::instance at;
    bulk::oauth_tokens tokens = at.tokens();
    tokens.expires_at.reset();
    at.eloqua.advance(9h);
    bulk::client client(
        at.eloqua, bulk::oauth_credentials(app, bulk::memory_token_store(tokens), at.options()));
    BOOST_TEST(client.syncs().list().page().get().has_value());
    BOOST_TEST(at.eloqua.requests("GET /id") == 2u);
    BOOST_TEST(at.token_requests() == 2u);
}

BOOST_AUTO_TEST_CASE(a_job_outlives_its_tokens) {
    for (bool known_end : {true, false}) {
        bulk::simulator_options o;
        o.access_token_life = 20s;
        o.refresh_ends_access_token = true;
        o.sync_active = 10min;
        consent::instance at(o);
        at.eloqua.generate_contacts(5'000);
        bulk::oauth_options options = at.options();
        if (!known_end)
            options.time_of_day =
                nullptr; // the machine's clock, which stands still while the service's runs
        bulk::client client(at.eloqua, bulk::oauth_credentials(
                                           app, bulk::memory_token_store(at.tokens()), options));
        bulk::export_options pages;
        pages.page_rows = 1'000;
        auto rows = client.export_rows<contact_row>(bulk::contacts, bulk::all_rows, pages);
        std::size_t n = 0;
        for (auto const& each : rows)
            n += !each.email.empty();
        BOOST_TEST(n == 5'000u);
        BOOST_TEST(at.token_requests() > 5u);
    }
}

BOOST_AUTO_TEST_CASE(flows_of_one_client_share_a_renewal) {
    bulk::simulator_options o;
    o.refresh_ends_access_token = true;
    consent::instance at(o);
    boost::asio::io_context context;
    bulk::async_client client(
        bulk::posted_transport(context.get_executor(), at.eloqua),
        bulk::oauth_credentials(app, bulk::memory_token_store(at.tokens()), at.options()));
    at.eloqua.advance(8h);
    std::size_t good = 0;
    for (int i = 0; i != 5; ++i)
        client.syncs().list().page()([&](auto const& came) { good += came.has_value(); });
    context.run();
    BOOST_TEST(good == 5u);
    BOOST_TEST(at.token_requests() == 2u);
}

BOOST_AUTO_TEST_CASE(flows_of_one_client_share_a_failed_renewal) {
    bulk::scripted_transport script;
    script.expect(verb::post, token_endpoint).fails_to_answer(lost());
    boost::asio::io_context context;
    bulk::async_client client(
        bulk::posted_transport(context.get_executor(), script),
        bulk::oauth_credentials(app, bulk::memory_token_store(ended()), quiet()), at_base());
    std::size_t unknown = 0;
    for (int i = 0; i != 3; ++i)
        client.syncs().list().page()(
            [&](auto const& came) { unknown += came.error().code == bulk::errc::outcome_unknown; });
    context.run();
    BOOST_TEST(unknown == 3u);
    BOOST_TEST(script.requests().size() == 1u); // the refresh token was sent only once
}

BOOST_AUTO_TEST_CASE(a_second_client_uses_the_tokens_that_the_first_stored) {
    bulk::simulator_options o;
    o.refresh_ends_access_token = true; // the second client's request is refused at once
    consent::instance at(o);
    bulk::memory_token_store const store(at.tokens());
    bulk::client one(at.eloqua, bulk::oauth_credentials(app, store, at.options()));
    bulk::client two(at.eloqua, bulk::oauth_credentials(app, store, at.options()));
    BOOST_TEST(one.syncs().list().page().get().has_value());
    BOOST_TEST(two.syncs().list().page().get().has_value());
    for (int i = 0; i != 3; ++i) {
        at.eloqua.advance(8h - 1min);
        BOOST_TEST(one.syncs().list().page().get().has_value());
        BOOST_TEST(two.syncs().list().page().get().has_value());
        BOOST_TEST(at.token_requests() == 2u + static_cast<unsigned>(i));
    }
    // A third client starts with the newest tokens.
    bulk::client three(at.eloqua, bulk::oauth_credentials(app, store, at.options()));
    BOOST_TEST(three.syncs().list().page().get().has_value());
    BOOST_TEST(at.token_requests() == 4u);
}

BOOST_AUTO_TEST_CASE(a_client_waits_for_another_client_s_renewal) {
    bulk::oauth_tokens fresh = ended();
    fresh.access_token = "at-by-another";
    fresh.refresh_token = "rt-by-another";
    fresh.expires_at = bulk::timestamp(std::chrono::hours(20));
    watched_store store{bulk::memory_token_store(ended())};
    int looks = 0;
    store.may_lock = [&] {
        if (++looks == 5) // still locked, but stored
            (void)store.under.store(fresh);
        return false;
    };
    bulk::scripted_transport script;
    script.expect(verb::get, syncs).answers(200, no_items);
    auto const begun = script.now();
    bulk::client client(script, bulk::oauth_credentials(app, store, quiet()), at_base());
    BOOST_TEST(client.syncs().list().page().get().has_value());
    BOOST_TEST(*script.requests().at(0).fields.find("Authorization") == "Bearer at-by-another");
    BOOST_TEST((script.now() - begun == 50ms + 100ms + 200ms + 400ms));
}

BOOST_AUTO_TEST_CASE(a_lock_that_is_never_released_is_an_error) {
    bulk::memory_token_store store(ended());
    BOOST_TEST(store.try_lock().value()); // by another process
    bulk::scripted_transport script;
    auto const begun = script.now();
    bulk::client client(script, bulk::oauth_credentials(app, store, quiet()), at_base());
    auto const came = client.syncs().list().page().get();
    BOOST_TEST((came.error().code == bulk::errc::deadline_exceeded));
    BOOST_TEST((came.error().code == bulk::condition::try_later));
    BOOST_TEST(has(came.error().message(), "keeps the token store locked"));
    BOOST_TEST((script.now() - begun >= 5min && script.now() - begun < 6min));
    BOOST_TEST(script.requests().empty());
    BOOST_TEST(!store.try_lock().value()); // it is not ours to release
    store.unlock();
    script.expect(verb::post, token_endpoint).answers(200, payload("oauth_token_response.json"));
    script.expect(verb::get, syncs).answers(200, no_items);
    BOOST_TEST(client.syncs().list().page().get().has_value());
    BOOST_TEST(store.try_lock().value());
}

BOOST_AUTO_TEST_CASE(new_tokens_are_stored_before_they_are_used) {
    bulk::scripted_transport script;
    script.expect(verb::post, token_endpoint).answers(200, payload("oauth_token_response.json"));
    script.expect(verb::get, syncs).answers(200, no_items);
    watched_store store{bulk::memory_token_store(ended())};
    std::size_t requests_before = 0;
    bool locked = false;
    store.on_store = [&](bulk::oauth_tokens const& t) {
        requests_before = script.requests().size();
        locked = !store.under.try_lock().value();
        BOOST_TEST(t.access_token == "at-0001-example");
        BOOST_TEST(t.refresh_token == "rt-0002-example");
        BOOST_TEST((t.expires_at == bulk::timestamp(std::chrono::hours(20))));
    };
    bulk::client client(script, bulk::oauth_credentials(app, store, quiet()), at_base());
    BOOST_TEST(client.syncs().list().page().get().has_value());
    BOOST_TEST(requests_before == 1u); // the token request
    BOOST_TEST(locked);
    BOOST_TEST(*script.requests().at(1).fields.find("Authorization") == "Bearer at-0001-example");
    BOOST_TEST(store.under.try_lock().value());
}

BOOST_AUTO_TEST_CASE(tokens_that_cannot_be_stored_are_not_lost_while_the_process_lives) {
    bulk::scripted_transport script;
    script.expect(verb::post, token_endpoint).answers(200, payload("oauth_token_response.json"));
    script.expect(verb::get, syncs).answers(200, no_items);
    watched_store store{bulk::memory_token_store(ended())};
    *store.failures = 2;
    bulk::client client(script, bulk::oauth_credentials(app, store, quiet()), at_base());
    for (int i = 0; i != 2; ++i) {
        auto const came = client.syncs().list().page().get();
        BOOST_TEST((came.error().code == bulk::errc::token_store_failed));
        BOOST_TEST(has(came.error().message(), "the disk is full"));
        BOOST_TEST(has(came.error().message(), "only in this process"));
        BOOST_TEST(!has(came.error().message(), "example"));
        BOOST_TEST(script.requests().size() == 1u);
    }
    BOOST_TEST(client.syncs().list().page().get().has_value());
    BOOST_TEST(store.under.load().value().refresh_token == "rt-0002-example");
    BOOST_TEST(script.finished());
}

BOOST_AUTO_TEST_CASE(late_tokens_do_not_overwrite_newer_ones) {
    bulk::scripted_transport script;
    script.expect(verb::post, token_endpoint).answers(200, payload("oauth_token_response.json"));
    script.expect(verb::get, syncs).answers(200, no_items);
    watched_store store{bulk::memory_token_store(ended())};
    *store.failures = 1;
    bulk::client client(script, bulk::oauth_credentials(app, store, quiet()), at_base());
    BOOST_TEST(client.syncs().list().page().get().has_error());
    bulk::oauth_tokens anew = ended(); // the user has authorised the application again
    anew.access_token = "at-anew";
    anew.refresh_token = "rt-anew";
    anew.expires_at.reset();
    BOOST_TEST(store.under.store(anew).has_value());
    BOOST_TEST(client.syncs().list().page().get().has_value());
    BOOST_TEST(*script.requests().at(1).fields.find("Authorization") == "Bearer at-anew");
    BOOST_TEST(store.under.load().value().refresh_token == "rt-anew");
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_lost_response_is_an_error_and_the_next_operation_retries, Way,
                              ways::all) {
    bulk::scripted_transport script;
    bulk::memory_token_store const store(ended());
    Way way;
    auto client = way.make(script, bulk::oauth_credentials(app, store, quiet()), at_base());
    script.expect(verb::post, token_endpoint).fails_to_answer(lost());
    auto const came = way.run(client.syncs().create({}));
    BOOST_TEST((came.error().code == bulk::errc::outcome_unknown));
    std::string const why = came.error().message();
    BOOST_TEST(has(why, "POST https://login.eloqua.com/auth/oauth2/token"), why);
    BOOST_TEST(has(why, "the refresh token may be spent"), why);
    BOOST_TEST(script.requests().size() == 1u);
    BOOST_TEST(store.load().value().refresh_token == "rt-0001-example");

    script.expect(verb::post, token_endpoint)
        .answers(400, payload("oauth_error_response.json")); // it was already used
    BOOST_TEST(has(way.run(client.syncs().list().page()).error().message(), "authorise again"));
    BOOST_TEST(script.finished());
}

BOOST_AUTO_TEST_CASE(a_refused_refresh_token_is_not_sent_again) {
    bulk::scripted_transport script;
    script.expect(verb::post, token_endpoint).answers(400, payload("oauth_error_response.json"));
    bulk::memory_token_store store(ended());
    bulk::client client(script, bulk::oauth_credentials(app, store, quiet()), at_base());
    for (int i = 0; i != 2; ++i) {
        auto const came = client.syncs().list().page().get();
        BOOST_TEST((came.error().code == bulk::errc::not_authenticated));
        BOOST_TEST((came.error().code == bulk::condition::bad_credentials));
        BOOST_TEST(has(came.error().message(), "the user must authorise again"));
    }
    BOOST_TEST(script.requests().size() == 1u);
    // The user authorises the application in another program.
    bulk::oauth_tokens anew;
    anew.refresh_token = "rt-anew";
    BOOST_TEST(store.store(anew).has_value());
    script.expect(verb::post, token_endpoint).answers(200, payload("oauth_token_response.json"));
    script.expect(verb::get, syncs).answers(200, no_items);
    BOOST_TEST(client.syncs().list().page().get().has_value());
    BOOST_TEST(has(script.requests().at(1).body, "refresh_token=rt-anew&"));
}

BOOST_AUTO_TEST_CASE(without_a_refresh_token_expiry_is_final) {
    bulk::oauth_tokens short_lived = ended();
    short_lived.refresh_token.clear();
    for (bulk::oauth_tokens const& stored : {bulk::oauth_tokens(), short_lived}) {
        bulk::scripted_transport script;
        bulk::client client(script,
                            bulk::oauth_credentials(app, bulk::memory_token_store(stored), quiet()),
                            at_base());
        auto const came = client.syncs().list().page().get();
        BOOST_TEST((came.error().code == bulk::errc::not_authenticated));
        BOOST_TEST(has(came.error().message(), "no refresh token"));
        BOOST_TEST(has(came.error().message(), "authorise again"));
        BOOST_TEST(script.requests().empty());
    }
}

BOOST_AUTO_TEST_CASE(a_response_without_a_refresh_token_keeps_the_old_one) {
    bulk::simulator_options o;
    o.rotates_refresh_tokens = false;
    o.token_type = "Bearer";
    consent::instance at(o);
    bulk::oauth_tokens const first = at.tokens();
    bulk::memory_token_store const store(first);
    bulk::client client(at.eloqua, bulk::oauth_credentials(app, store, at.options()));
    for (int i = 0; i != 2; ++i) {
        at.eloqua.advance(8h);
        BOOST_TEST(client.syncs().list().page().get().has_value());
    }
    BOOST_TEST(at.token_requests() == 3u);
    BOOST_TEST(store.load().value().refresh_token == first.refresh_token);
    BOOST_TEST(store.load().value().access_token != first.access_token);
}

BOOST_AUTO_TEST_CASE(short_lived_tokens_are_used_for_half_their_lifetime) {
    bulk::simulator_options o;
    o.access_token_life = 60s;
    consent::instance at(o);
    bulk::client client(at.eloqua, bulk::oauth_credentials(
                                       app, bulk::memory_token_store(at.tokens()), at.options()));
    for (int i = 0; i != 5; ++i)
        BOOST_TEST(client.syncs().list().page().get().has_value());
    BOOST_TEST(at.token_requests() == 2u); // the stored token was due, the new one is not
    at.eloqua.advance(30s);
    BOOST_TEST(client.syncs().list().page().get().has_value());
    BOOST_TEST(at.token_requests() == 3u);
}

BOOST_AUTO_TEST_CASE(a_user_without_api_permission_gets_a_clear_error) {
    consent::instance at;
    at.eloqua.intercept([](bulk::request const& q) -> std::optional<bulk::response> {
        if (q.target != syncs)
            return std::nullopt;
        return bulk::response(401, "Login required", "text/plain");
    });
    bulk::client client(at.eloqua, bulk::oauth_credentials(
                                       app, bulk::memory_token_store(at.tokens()), at.options()));
    auto const came = client.syncs().list().page().get();
    BOOST_TEST(came.error().info.status == 401);
    BOOST_TEST(at.token_requests() == 2u); // renewed once, not endlessly
}

BOOST_AUTO_TEST_CASE(cancelling_releases_the_lock) {
    bulk::memory_token_store store(ended());
    bulk::scripted_transport script;
    std::stop_source stop;
    script.expect(verb::post, token_endpoint)
        .answers(200, payload("oauth_token_response.json"))
        .at_byte(10, [&] { stop.request_stop(); });
    bulk::client client(script, bulk::oauth_credentials(app, store, quiet()), at_base());
    auto const came = client.syncs().list().page().get(stop.get_token());
    BOOST_TEST((came.error().code == boost::system::errc::operation_canceled));
    BOOST_TEST(store.try_lock().value());
    store.unlock();
    BOOST_TEST(store.load().value().access_token == "at-0001-example");
    script.expect(verb::get, syncs).answers(200, no_items);
    BOOST_TEST(client.syncs().list().page().get().has_value());
}

BOOST_AUTO_TEST_CASE(destroying_an_operation_releases_the_lock) {
    bulk::memory_token_store store(ended());
    bulk::scripted_transport script;
    script.expect(verb::post, token_endpoint).answers(200, payload("oauth_token_response.json"));
    {
        boost::asio::io_context context;
        bulk::async_client client(bulk::posted_transport(context.get_executor(), script),
                                  bulk::oauth_credentials(app, store, quiet()), at_base());
        client.syncs().list().page()([](auto const&) {});
        while (script.requests().empty())
            context.run_one();
        BOOST_TEST(!store.try_lock().value());
    }
    BOOST_TEST(store.try_lock().value());
}

BOOST_AUTO_TEST_CASE(an_unreadable_store_is_an_error_and_nothing_is_sent) {
    struct broken : watched_store {
        bulk::result<bulk::oauth_tokens> load() {
            return bulk::failure(bulk::errc::token_store_failed, "cannot be opened");
        }
    };
    bulk::scripted_transport script;
    bulk::client client(script, bulk::oauth_credentials(app, broken(), quiet()), at_base());
    auto const came = client.syncs().list().page().get();
    BOOST_TEST((came.error().code == bulk::errc::token_store_failed));
    BOOST_TEST(script.requests().empty());
}

BOOST_AUTO_TEST_CASE(tokens_appear_nowhere) {
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
    std::string const echo = "at-0000-example rt-0001-example at-0001-example rt-0002-example";
    auto const run = [&](auto prepare) {
        bulk::oauth_options options = quiet();
        options.observer = watch;
        options.retry.attempts = 2;
        bulk::client_options o = at_base();
        o.observer = watch;
        o.retry.attempts = 2;
        bulk::oauth_tokens live = ended();
        live.expires_at.reset();
        bulk::scripted_transport script;
        prepare(script);
        bulk::client client(
            script, bulk::oauth_credentials(app, bulk::memory_token_store(live), options), o);
        watch->heard.push_back(client.syncs().list().page().get().error().message());
    };
    std::string const fresh = payload("oauth_token_response.json");
    run([&](auto& s) { s.expect(verb::get, syncs).answers(403, "at-0000-example"); });
    run([&](auto& s) {
        for (int i = 0; i != 2; ++i)
            s.expect(verb::get, syncs).answers(503, R"({"error":"at-0000-example"})");
    });
    run([&](auto& s) {
        s.expect(verb::get, syncs).answers(401, "Bearer at-0000-example");
        s.expect(verb::post, token_endpoint).answers(200, fresh);
        s.expect(verb::get, syncs).answers(401, "Bearer at-0001-example");
    });
    for (int status : {200, 400, 401, 500})
        run([&](auto& s) {
            s.expect(verb::get, syncs).answers(401, "at-0000-example");
            s.expect(verb::post, token_endpoint).answers(status, "rt-0001-example app secret");
        });
    for (std::string const& each : watch->heard)
        for (char const* secret : {"at-000", "rt-000", "app secret"})
            BOOST_TEST(!has(each, secret), each);
    BOOST_TEST(watch->heard.size() > 20u);
}

BOOST_AUTO_TEST_CASE(a_file_shared_by_two_clients) {
    std::string name = "/tmp/eloqua-oauth-XXXXXX";
    BOOST_TEST_REQUIRE(::mkdtemp(name.data()));
    std::string const file = name + "/tokens.json";
    {
        bulk::simulator_options o;
        o.refresh_ends_access_token = true;
        consent::instance at(o);
        BOOST_TEST(bulk::file_token_store(file).store(at.tokens()).has_value());
        auto const make = [&] {
            return bulk::client(at.eloqua, bulk::oauth_credentials(
                                               app, bulk::file_token_store(file), at.options()));
        };
        bulk::client const one = make();
        bulk::client const two = make();
        for (unsigned i = 0; i != 4; ++i) {
            BOOST_TEST(one.syncs().list().page().get().has_value());
            BOOST_TEST(two.syncs().list().page().get().has_value());
            BOOST_TEST(at.token_requests() == 1u + i);
            at.eloqua.advance(8h);
        }
    }
    std::filesystem::remove_all(name);
}

BOOST_AUTO_TEST_SUITE_END()
