// SPDX-License-Identifier: BSL-1.0
// The Asio driver over a scripted service: the same flow with every completion token.
#include <eloqua/bulk/async.hpp>
#include <eloqua/bulk/testing/posted_transport.hpp>
#include <eloqua/bulk/testing/scripted_transport.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/test/unit_test.hpp>

#include "sample_flow.hpp"
#include <future>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>

namespace asio = boost::asio;
namespace bulk = eloqua::bulk;

namespace {

using posted = bulk::posted_transport<bulk::scripted_transport>;
using fetched = bulk::result<sample::answer>;
using scripted_operation = bulk::operation<sample::answer, posted>;

static_assert(bulk::blocking_transport<bulk::scripted_transport>);
static_assert(bulk::has_own_clock<bulk::scripted_transport>);
static_assert(bulk::async_transport<posted>);
static_assert(bulk::has_own_async_clock<posted>);
static_assert(bulk::async_transport<bulk::any_async_transport>);
static_assert(!bulk::blocking_transport<bulk::any_async_transport>);
static_assert(asio::is_async_operation<scripted_operation>::value);

bulk::origin const here{"https", "example.invalid", 443};

/// A busy answer first, then a body of 1,000 bytes in pieces.
bulk::scripted_transport busy_then_body() {
    bulk::scripted_transport script;
    script.expect(bulk::verb::get, "/data").answers(503);
    script.expect(bulk::verb::get, "/data").answers(200, std::string(1000, 'x')).in_pieces_of(100);
    return script;
}

scripted_operation fetch_over(bulk::scripted_transport const& script,
                              asio::any_io_executor executor, sample::on_piece meanwhile = {}) {
    return scripted_operation(sample::fetch(sample::get(here, "/data"), {}, std::move(meanwhile)),
                              std::make_shared<posted>(std::move(executor), script));
}

void check_fetched(fetched const& got, bulk::scripted_transport const& script) {
    BOOST_TEST_REQUIRE(got.has_value());
    BOOST_TEST(got->status == 200);
    BOOST_TEST(got->body == std::string(1000, 'x'));
    BOOST_TEST(script.finished());
    BOOST_TEST(script.requests().size() == 2u);
    // Half a minute passed on the script's clock, and on no other.
    BOOST_TEST((got->at == bulk::scripted_transport().now() + std::chrono::seconds(30)));
}

bool is_cancelled(fetched const& got) {
    return got.has_error() && got.error().code == boost::system::errc::operation_canceled;
}

} // namespace

BOOST_AUTO_TEST_SUITE(async)

BOOST_AUTO_TEST_CASE(blocking_driver_runs_the_same_flow) {
    auto script = busy_then_body();
    bulk::operation<sample::answer, bulk::scripted_transport> op(
        sample::fetch(sample::get(here, "/data")),
        std::make_shared<bulk::scripted_transport>(script));
    check_fetched(std::move(op).get(), script);
}

BOOST_AUTO_TEST_CASE(callback) {
    auto script = busy_then_body();
    asio::io_context context;
    std::optional<fetched> got;
    fetch_over(script, context.get_executor())([&](fetched r) { got.emplace(std::move(r)); });
    BOOST_TEST(!got.has_value());
    context.run();
    BOOST_TEST_REQUIRE(got.has_value());
    check_fetched(*got, script);
}

BOOST_AUTO_TEST_CASE(future_over_strand_of_a_pool) {
    auto script = busy_then_body();
    asio::thread_pool pool(2);
    std::future<fetched> future = fetch_over(script, asio::make_strand(pool))(asio::use_future);
    fetched const got = future.get();
    pool.join();
    check_fetched(got, script);
}

BOOST_AUTO_TEST_CASE(co_await_an_operation) {
    auto script = busy_then_body();
    asio::io_context context;
    std::optional<fetched> got;
    auto program = [&]() -> asio::awaitable<void> {
        got.emplace(co_await fetch_over(script, context.get_executor()));
    };
    asio::co_spawn(context, program(), asio::detached);
    context.run();
    BOOST_TEST_REQUIRE(got.has_value());
    check_fetched(*got, script);
}

BOOST_AUTO_TEST_CASE(co_await_a_named_operation) {
    auto script = busy_then_body();
    asio::io_context context;
    std::optional<fetched> got;
    auto program = [&]() -> asio::awaitable<void> {
        auto op = fetch_over(script, context.get_executor());
        got.emplace(co_await std::move(op));
    };
    asio::co_spawn(context, program(), asio::detached);
    context.run();
    BOOST_TEST_REQUIRE(got.has_value());
    check_fetched(*got, script);
}

BOOST_AUTO_TEST_CASE(deferred) {
    auto script = busy_then_body();
    asio::io_context context;
    auto later = fetch_over(script, context.get_executor())(asio::deferred);
    context.run();
    BOOST_TEST(script.requests().empty());
    std::optional<fetched> got;
    std::move(later)([&](fetched r) { got.emplace(std::move(r)); });
    context.restart();
    context.run();
    BOOST_TEST_REQUIRE(got.has_value());
    check_fetched(*got, script);
}

BOOST_AUTO_TEST_CASE(erased_transport_keeps_its_clock) {
    auto script = busy_then_body();
    asio::io_context context;
    std::optional<fetched> got;
    bulk::operation<sample::answer, bulk::any_async_transport> op(
        sample::fetch(sample::get(here, "/data")),
        std::make_shared<bulk::any_async_transport>(posted(context.get_executor(), script)));
    std::move(op)([&](fetched r) { got.emplace(std::move(r)); });
    context.run();
    BOOST_TEST_REQUIRE(got.has_value());
    check_fetched(*got, script);
}

BOOST_AUTO_TEST_CASE(erased_blocking_transport) {
    auto script = busy_then_body();
    bulk::operation<sample::answer, bulk::any_transport> op(
        sample::fetch(sample::get(here, "/data")), std::make_shared<bulk::any_transport>(script));
    check_fetched(std::move(op).get(), script);
}

BOOST_AUTO_TEST_CASE(a_flow_without_io_does_not_complete_inside_the_call) {
    asio::io_context context;
    auto at_once = []() -> bulk::flow<bulk::result<int>> { co_return 7; };
    bulk::operation<int, posted> op(
        at_once(), std::make_shared<posted>(context.get_executor(), bulk::scripted_transport()));
    int got = 0;
    asio::post(context, [&] {
        std::move(op)([&](bulk::result<int> r) { got = r.value(); });
        BOOST_TEST(got == 0);
    });
    context.run();
    BOOST_TEST(got == 7);
}

BOOST_AUTO_TEST_CASE(the_final_handler_runs_on_its_own_executor) {
    auto script = busy_then_body();
    asio::io_context io, mine;
    bool called = false;
    fetch_over(script, io.get_executor())(asio::bind_executor(mine, [&](fetched r) {
        called = true;
        BOOST_TEST(r.has_value());
    }));
    // The pending operation counts as work of the handler's context.
    BOOST_TEST(mine.poll() == 0u);
    BOOST_TEST(!mine.stopped());
    io.run();
    BOOST_TEST(!called);
    mine.run();
    BOOST_TEST(called);
}

BOOST_AUTO_TEST_CASE(an_exception_is_a_failure_and_does_not_escape_from_run) {
    asio::io_context context;
    auto throws = []() -> bulk::flow<bulk::result<int>> {
        co_await bulk::detail::io_request::wait(std::chrono::seconds(1));
        throw std::domain_error("from a flow");
        co_return 0;
    };
    bulk::operation<int, posted> op(
        throws(), std::make_shared<posted>(context.get_executor(), bulk::scripted_transport()));
    std::optional<bulk::result<int>> came;
    std::move(op)([&](bulk::result<int> r) { came = std::move(r); });
    context.run();
    BOOST_TEST_REQUIRE(came.has_value());
    BOOST_TEST((came->error().code == bulk::errc::callback_threw));
    BOOST_TEST(came->error().info.detail == "from a flow");
    BOOST_CHECK_THROW(came->value(), std::domain_error);
}

BOOST_AUTO_TEST_CASE(every_type_of_cancellation_ends_it_in_the_middle_of_a_body) {
    for (auto type : {asio::cancellation_type::terminal, asio::cancellation_type::partial,
                      asio::cancellation_type::total}) {
        auto script = busy_then_body();
        asio::io_context context;
        asio::cancellation_signal signal;
        std::optional<fetched> got;
        std::size_t read = 0;
        auto cancel = [&](std::size_t total) {
            read = total;
            if (total == 300)
                asio::post(context, [&] { signal.emit(type); });
        };
        fetch_over(script, context.get_executor(), cancel)(asio::bind_cancellation_slot(
            signal.slot(), [&](fetched r) { got.emplace(std::move(r)); }));
        context.run();
        BOOST_TEST_REQUIRE(got.has_value());
        BOOST_TEST(is_cancelled(*got));
        BOOST_TEST(read < 1000u);
    }
}

BOOST_AUTO_TEST_CASE(cancelled_from_inside_the_flow) {
    auto script = busy_then_body();
    asio::io_context context;
    asio::cancellation_signal signal;
    std::optional<fetched> got;
    auto cancel = [&](std::size_t) { signal.emit(asio::cancellation_type::total); };
    fetch_over(script, context.get_executor(), cancel)(
        asio::bind_cancellation_slot(signal.slot(), [&](fetched r) { got.emplace(std::move(r)); }));
    context.run();
    BOOST_TEST_REQUIRE(got.has_value());
    BOOST_TEST(is_cancelled(*got));
}

BOOST_AUTO_TEST_CASE(requests_after_cancellation_fail_but_drop_is_carried_out) {
    bulk::scripted_transport script;
    script.expect(bulk::verb::get, "/data").answers(200, "body");
    asio::io_context context;
    asio::cancellation_signal signal;
    auto stubborn = [&]() -> bulk::flow<bulk::result<int>> {
        bulk::request const q = sample::get(here, "/data");
        co_await bulk::detail::io_request::send(0, q);
        signal.emit(asio::cancellation_type::terminal);
        int refused = 0;
        bulk::head h;
        bulk::detail::io_result came = co_await bulk::detail::io_request::read_head(0, h);
        refused += came.cancelled();
        came = co_await bulk::detail::io_request::wait(std::chrono::hours(1));
        refused += came.cancelled();
        came = co_await bulk::detail::io_request::time();
        refused += came.cancelled();
        came = co_await bulk::detail::io_request::drop(0);
        BOOST_TEST(!came.ec);
        co_return refused;
    };
    bulk::operation<int, posted> op(stubborn(),
                                    std::make_shared<posted>(context.get_executor(), script));
    int refused = 0;
    std::move(op)(asio::bind_cancellation_slot(signal.slot(),
                                               [&](bulk::result<int> r) { refused = r.value(); }));
    context.run();
    BOOST_TEST(refused == 3);
}

BOOST_AUTO_TEST_CASE(stop_token_ends_the_blocking_driver_in_the_middle_of_a_body) {
    std::stop_source stop;
    bulk::scripted_transport script;
    script.expect(bulk::verb::get, "/data")
        .answers(200, std::string(1000, 'x'))
        .in_pieces_of(100)
        .at_byte(300, [&] { stop.request_stop(); });
    bulk::operation<sample::answer, bulk::scripted_transport> op(
        sample::fetch(sample::get(here, "/data")),
        std::make_shared<bulk::scripted_transport>(script));
    BOOST_TEST(is_cancelled(std::move(op).get(stop.get_token())));
}

/// A transport whose functions never complete, for operations that must be ended from outside.
struct endless {
    asio::any_io_executor executor;
    struct channel {
        asio::any_io_executor executor;
        void wait(bulk::io_handler k) {
            endless self{executor};
            bulk::async_wait_by(self, std::chrono::hours(1), std::move(k));
        }
        void async_send(bulk::request const&, bulk::io_handler k) { wait(std::move(k)); }
        void async_read_head(bulk::head&, bulk::io_handler k) { wait(std::move(k)); }
        void async_read_some(std::span<char>, bulk::io_handler k) { wait(std::move(k)); }
        bool stale() { return false; }
        bool unsent() { return false; }
        void drop() {}
    };
    channel acquire() { return channel{executor}; }
    asio::any_io_executor get_executor() { return executor; }
};

bulk::operation<sample::answer, endless> fetch_endlessly(asio::any_io_executor executor) {
    return bulk::operation<sample::answer, endless>(sample::fetch(sample::get(here, "/data")),
                                                    std::make_shared<endless>(std::move(executor)));
}

BOOST_AUTO_TEST_CASE(cancelled_by_a_winning_awaitable) {
    using namespace asio::experimental::awaitable_operators;
    asio::io_context context;
    std::size_t winner = 99;
    auto program = [&]() -> asio::awaitable<void> {
        asio::steady_timer soon(context, std::chrono::milliseconds(1));
        auto race = co_await (fetch_endlessly(context.get_executor())(asio::use_awaitable) ||
                              soon.async_wait(asio::use_awaitable));
        winner = race.index();
    };
    asio::co_spawn(context, program(), asio::detached);
    context.run();
    BOOST_TEST(winner == 1u);
}

BOOST_AUTO_TEST_CASE(cancelled_from_another_strand) {
    asio::thread_pool pool(2);
    auto mine = asio::make_strand(pool);
    asio::cancellation_signal signal;
    std::promise<bool> cancelled;
    asio::post(mine, [&] {
        fetch_endlessly(asio::make_strand(pool))(
            asio::bind_executor(mine, asio::bind_cancellation_slot(signal.slot(), [&](fetched r) {
                                    cancelled.set_value(is_cancelled(r));
                                })));
        asio::post(mine, [&] { signal.emit(asio::cancellation_type::total); });
    });
    BOOST_TEST(cancelled.get_future().get());
    pool.join();
}

BOOST_AUTO_TEST_CASE(destroying_the_context_destroys_pending_operations) {
    auto const witness = std::make_shared<int>();
    asio::cancellation_signal signal;
    {
        asio::io_context context;
        auto keep = [witness](fetched) { BOOST_ERROR("completed"); };
        fetch_endlessly(context.get_executor())(asio::bind_cancellation_slot(signal.slot(), keep));
        context.poll();
        auto program = [&, witness]() -> asio::awaitable<void> {
            co_await fetch_endlessly(context.get_executor());
        };
        asio::co_spawn(context, program, asio::detached);
        context.poll();
        BOOST_TEST(witness.use_count() > 1);
    }
    BOOST_TEST(witness.use_count() == 1);
    signal.emit(asio::cancellation_type::terminal);
}

/// A user's own transport: echoes the target, in pieces of four bytes.
class echo_transport {
public:
    explicit echo_transport(asio::any_io_executor executor) : executor_(std::move(executor)) {}
    class channel {
    public:
        explicit channel(asio::any_io_executor executor) : executor_(std::move(executor)) {}
        void async_send(bulk::request const& q, bulk::io_handler k) {
            left_ = q.target;
            complete(std::move(k), 0);
        }
        void async_read_head(bulk::head& h, bulk::io_handler k) {
            h.status = 200;
            complete(std::move(k), 0);
        }
        void async_read_some(std::span<char> b, bulk::io_handler k) {
            std::size_t const n = left_.copy(b.data(), std::min<std::size_t>(b.size(), 4));
            left_.erase(0, n);
            complete(std::move(k), n);
        }
        bool stale() { return false; }
        bool unsent() { return false; }
        void drop() { left_.clear(); }

    private:
        void complete(bulk::io_handler k, std::size_t n) {
            asio::post(executor_, [k = std::move(k), n]() mutable { k(bulk::error_code(), n); });
        }
        asio::any_io_executor executor_;
        std::string left_;
    };
    channel acquire() { return channel(executor_); }
    asio::any_io_executor get_executor() { return executor_; }

private:
    asio::any_io_executor executor_;
};

BOOST_AUTO_TEST_CASE(hand_written_transport) {
    asio::io_context context;
    bulk::operation<sample::answer, bulk::any_async_transport> op(
        sample::fetch(sample::get(here, "/an/echo")),
        std::make_shared<bulk::any_async_transport>(echo_transport(context.get_executor())));
    auto got = std::move(op)(asio::use_future);
    context.run();
    BOOST_TEST(got.get().value().body == "/an/echo");
}

BOOST_AUTO_TEST_SUITE_END()
