// SPDX-License-Identifier: BSL-1.0
// Cancels operations while they request tokens: no cancellation locks the user out.
#include <eloqua/bulk/async.hpp>
#include <eloqua/bulk/oauth.hpp>
#include <eloqua/bulk/simulator.hpp>
#include <eloqua/bulk/testing/posted_transport.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

#include "consent.hpp"
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <exception>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>

namespace bulk = eloqua::bulk;
namespace asio = boost::asio;
using consent::app;
using namespace std::chrono_literals;

namespace {

constexpr char const* token_path = "/auth/oauth2/token";

/// A user whose access token has expired, so the first operation renews it.
struct ended_token {
    consent::instance at;
    bulk::memory_token_store store{at.tokens()};
    asio::io_context context;

    ended_token() { at.eloqua.advance(9h); }

    bulk::oauth_credentials<bulk::memory_token_store> credentials() const {
        return {app, store, at.options()};
    }
    bulk::async_client client() {
        return bulk::async_client(bulk::posted_transport(context.get_executor(), at.eloqua),
                                  credentials());
    }
    /// Whether a later client can authenticate with the stored tokens.
    bool gets_in() { return later().has_value(); }
    bulk::result<bulk::page<bulk::sync>> later() {
        return bulk::client(at.eloqua, credentials()).syncs().list().page().get();
    }
    std::uint64_t renewals() const { return at.token_requests() - 1; }
};

enum class end { open, good, cancelled, other };

auto told_to(end& into) {
    return [&into](auto const& came) {
        into = came                                                           ? end::good
               : came.error().code == boost::system::errc::operation_canceled ? end::cancelled
                                                                              : end::other;
    };
}

} // namespace

BOOST_AUTO_TEST_SUITE(cancelled_grants)

BOOST_AUTO_TEST_CASE(cancelled_after_each_handler_of_the_renewing_operation) {
    bool good = false;
    for (int steps = 0; !good; ++steps) {
        BOOST_TEST_REQUIRE(steps < 200);
        ended_token user;
        asio::cancellation_signal stop;
        end first = end::open, second = end::open;
        auto const client = user.client();
        client.syncs().list().page()(asio::bind_cancellation_slot(stop.slot(), told_to(first)));
        client.syncs().list().page()(told_to(second));
        for (int i = 0; i != steps; ++i)
            user.context.run_one();
        stop.emit(asio::cancellation_type::terminal);
        user.context.run();
        BOOST_TEST((first == end::good || first == end::cancelled));
        BOOST_TEST((second == end::good), "cancelled after " << steps);
        BOOST_TEST(user.renewals() == 1u);
        BOOST_TEST(user.gets_in());
        good = first == end::good;
    }
}

BOOST_AUTO_TEST_CASE(cancelled_after_each_handler_of_a_single_operation) {
    bool good = false;
    std::uint64_t most = 0;
    for (int steps = 0; !good; ++steps) {
        BOOST_TEST_REQUIRE(steps < 200);
        ended_token user;
        asio::cancellation_signal stop;
        end came = end::open;
        user.client().syncs().list().page()(
            asio::bind_cancellation_slot(stop.slot(), told_to(came)));
        for (int i = 0; i != steps; ++i)
            user.context.run_one();
        stop.emit(asio::cancellation_type::partial);
        user.context.run();
        most = std::max(most, user.renewals());
        BOOST_TEST((came == end::good || came == end::cancelled));
        BOOST_TEST(user.gets_in(), "cancelled after " << steps);
        good = came == end::good;
    }
    BOOST_TEST(most == 1u);
}

BOOST_AUTO_TEST_CASE(cancelled_after_each_handler_while_waiting_for_another_s_tokens) {
    for (int steps = 0; steps != 40; ++steps) {
        ended_token user;
        asio::cancellation_signal stop;
        end first = end::open, second = end::open;
        auto const client = user.client();
        client.syncs().list().page()(told_to(first));
        client.syncs().list().page()(asio::bind_cancellation_slot(stop.slot(), told_to(second)));
        for (int i = 0; i != steps; ++i)
            user.context.run_one();
        stop.emit(asio::cancellation_type::total);
        user.context.run();
        BOOST_TEST((first == end::good), "cancelled after " << steps);
        BOOST_TEST(user.renewals() == 1u);
        BOOST_TEST(user.gets_in());
    }
}

BOOST_AUTO_TEST_CASE(stopped_by_a_token_at_the_token_request) {
    ended_token user;
    std::stop_source stop;
    user.at.eloqua.intercept([&](bulk::request const& q) {
        if (q.target == token_path)
            stop.request_stop();
        return std::optional<bulk::response>();
    });
    bulk::client client(user.at.eloqua, user.credentials());
    auto const came = client.syncs().list().page().get(stop.get_token());
    BOOST_TEST((came.error().code == boost::system::errc::operation_canceled));
    BOOST_TEST(user.renewals() == 1u);
    user.at.eloqua.intercept(nullptr);
    BOOST_TEST(user.gets_in());
    BOOST_TEST(user.renewals() == 1u); // with the stored tokens
}

BOOST_AUTO_TEST_CASE(cancelled_before_the_token_request_sends_nothing) {
    ended_token user;
    std::stop_source stop;
    stop.request_stop();
    bulk::client client(user.at.eloqua, user.credentials());
    BOOST_TEST(client.syncs().list().page().get(stop.get_token()).has_error());
    BOOST_TEST(user.renewals() == 0u);
    BOOST_TEST(user.store.try_lock().value());
}

BOOST_AUTO_TEST_CASE(cancelled_between_attempts_without_waiting) {
    ended_token user;
    std::stop_source stop;
    user.at.eloqua.intercept([&](bulk::request const& q) {
        if (q.target != token_path)
            return std::optional<bulk::response>();
        stop.request_stop();
        bulk::response busy(429);
        busy.fields.set("Retry-After", "15");
        return std::optional(busy);
    });
    bulk::client client(user.at.eloqua, user.credentials());
    auto const before = user.at.eloqua.now();
    auto const came = client.syncs().list().page().get(stop.get_token());
    BOOST_TEST((came.error().code == boost::system::errc::operation_canceled));
    BOOST_TEST((user.at.eloqua.now() == before));
    BOOST_TEST(
        !consent::has(came.error().message(), "may be spent")); // the request for it was refused
}

BOOST_AUTO_TEST_CASE(a_deadline_ends_a_hanging_token_request) {
    ended_token user;
    user.at.eloqua.inject(
        bulk::fault_plan().at("POST /auth/oauth2/token", 1, bulk::fault::stall(false)));
    asio::cancellation_signal stop;
    end came = end::open;
    user.client().syncs().list().page()(asio::bind_cancellation_slot(stop.slot(), told_to(came)));
    while (user.renewals() == 0)
        user.context.run_one();
    stop.emit(asio::cancellation_type::terminal);
    user.context.run();
    BOOST_TEST((came == end::other));
    BOOST_TEST(user.gets_in()); // it was not carried out
}

BOOST_AUTO_TEST_CASE(a_caller_that_awaits_exchange_code_gets_the_tokens) {
    ended_token user;
    bulk::posted_transport const posted(user.context.get_executor(), user.at.eloqua);
    asio::cancellation_signal stop;
    std::optional<bulk::result<bulk::oauth_tokens>> came;
    bulk::oauth_options const options = user.at.options();
    bulk::exchange_code(posted, app, user.at.code(), options)(
        asio::bind_cancellation_slot(stop.slot(), [&](auto r) { came.emplace(std::move(r)); }));
    while (user.renewals() == 0)
        user.context.run_one();
    stop.emit(asio::cancellation_type::terminal);
    user.context.run();
    BOOST_TEST(came.value().has_value());
}

BOOST_AUTO_TEST_CASE(destroying_an_operation_at_each_handler_unlocks_the_store) {
    for (int steps = 0; steps != 30; ++steps) {
        ended_token user;
        {
            asio::io_context context;
            bulk::async_client client(
                bulk::posted_transport(context.get_executor(), user.at.eloqua), user.credentials());
            auto const one = [&]() -> asio::awaitable<void> {
                (void)co_await client.syncs().list().page();
            };
            asio::co_spawn(context, one(), [](std::exception_ptr) {});
            for (int i = 0; i != steps; ++i)
                context.run_one();
        }
        BOOST_TEST(user.store.try_lock().value());
    }
}

BOOST_AUTO_TEST_SUITE_END()
