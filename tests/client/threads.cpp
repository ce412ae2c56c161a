// SPDX-License-Identifier: BSL-1.0
// Asynchronous clients over a thread pool: simultaneous operations, objects destroyed on other
// threads, and exceptions of the caller's own functions.
#include <eloqua/bulk.hpp>
#include <eloqua/bulk/async.hpp>
#include <eloqua/bulk/async_beast_transport.hpp>
#include <eloqua/bulk/construct_client.hpp>
#include <eloqua/bulk/simulator.hpp>
#include <eloqua/bulk/simulator/listener.hpp>
#include <eloqua/bulk/testing/posted_transport.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/describe.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <cstdint>
#include <exception>
#include <future>
#include <memory>
#include <new>
#include <optional>
#include <ranges>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace asio = boost::asio;
namespace bulk = eloqua::bulk;

namespace {

struct contact {
    std::string email;
    using eloqua_fields = bulk::fields<bulk::field<&contact::email, "C_EmailAddress">>;
};
BOOST_DESCRIBE_STRUCT(contact, (), (email))

bulk::basic_credentials const me{"Company", "user", "secret"};

bulk::simulator_options without_delays() {
    bulk::simulator_options o;
    o.simulated_clock = false;
    o.sync_pending = o.sync_active = std::chrono::nanoseconds(0);
    return o;
}

/// A simulated Eloqua with some contacts, on a port.
struct service {
    bulk::simulator eloqua{without_delays()};
    bulk::listener server{[this](bulk::request const& q) { return eloqua.handle(q); }};
    service() {
        for (int i = 0; i != 50; ++i)
            eloqua.add_record("/contacts",
                              {{"C_EmailAddress", "p" + std::to_string(i) + "@example.com"}});
    }
    bulk::client_options at() const {
        bulk::client_options o;
        o.login_url = server.where().text() + "/id";
        o.polling.first_delay = std::chrono::milliseconds(1);
        return o;
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(threads)

BOOST_AUTO_TEST_CASE(simultaneous_operations_on_a_pool) {
    service s;
    asio::thread_pool pool(4);
    {
        bulk::async_client const client(bulk::async_beast_transport(pool.get_executor()), me,
                                        s.at());
        std::vector<decltype(client.syncs().list().page()(asio::use_future))> lists;
        for (int i = 0; i != 20; ++i)
            lists.push_back(client.syncs().list().page()(asio::use_future));
        for (auto& each : lists)
            BOOST_TEST(each.get().has_value());
    }
    pool.join();
    BOOST_TEST(s.eloqua.requests("GET /syncs") == 20u);
}

BOOST_AUTO_TEST_CASE(a_row_source_is_destroyed_on_another_thread) {
    service s;
    asio::thread_pool pool(4);
    bulk::async_client const client(bulk::async_beast_transport(pool.get_executor()), me, s.at());
    bulk::export_options pages;
    pages.page_rows = pages.batch_rows = 10;
    for (int i = 0; i != 10; ++i) {
        // With a page partly read, and the next one requested.
        auto source = client.export_rows<contact>(bulk::contacts, bulk::all_rows, pages);
        BOOST_TEST(source.next()(asio::use_future).get().value().size() == 10u);
        auto other = client.export_rows<contact>(bulk::contacts, bulk::all_rows, pages);
        auto const rows = other.next()(asio::use_future);
        if (i % 2 == 0)
            rows.wait();
        // The sources are destroyed here on the main thread, the second perhaps while it is in use.
    }
    pool.join();
}

BOOST_AUTO_TEST_CASE(an_in_process_service_on_a_pool) {
    bulk::simulator eloqua;
    asio::thread_pool pool(4);
    {
        bulk::async_client const client(
            bulk::posted_transport<bulk::simulator>(pool.get_executor(), eloqua), me);
        std::vector<decltype(client.syncs().list().page()(asio::use_future))> lists;
        for (int i = 0; i != 20; ++i)
            lists.push_back(client.syncs().list().page()(asio::use_future));
        for (auto& each : lists)
            BOOST_TEST(each.get().has_value());
    }
    pool.join();
}

namespace {

struct broken : std::runtime_error {
    broken() : std::runtime_error("disk read failed") {}
};

/// Rows whose third element throws.
auto failing_rows() {
    return std::views::iota(0, 5) | std::views::transform([](int i) {
               if (i == 2)
                   throw broken();
               return contact{"p" + std::to_string(i) + "@example.com"};
           });
}

template <class T>
void is_told(bulk::result<T> const& came) {
    BOOST_TEST_REQUIRE(came.has_error());
    BOOST_TEST((came.error().code == bulk::errc::callback_threw));
    BOOST_TEST(came.error().message() ==
               "a range or function of the caller threw an exception: disk read failed");
    BOOST_CHECK_THROW(came.value(), broken);
}

struct simulated {
    bulk::simulator eloqua;
    asio::io_context context;
    bulk::async_client client{
        bulk::posted_transport<bulk::simulator>(context.get_executor(), eloqua), me};
    simulated() { eloqua.add_record("/contacts", {{"C_EmailAddress", "a@example.com"}}); }
};

} // namespace

BOOST_AUTO_TEST_CASE(exceptions_of_a_range_reach_the_caller) {
    simulated s;
    auto const rows = failing_rows();
    auto const import = [&] {
        return s.client.import_rows(bulk::contacts, bulk::identified_by<&contact::email>, rows);
    };
    auto future = import()(asio::use_future);
    s.context.run();
    is_told(future.get());

    std::optional<bulk::result<bulk::import_report<contact>>> came;
    import()([&](bulk::result<bulk::import_report<contact>> r) { came = std::move(r); });
    s.context.restart();
    s.context.run();
    is_told(came.value());

    came.reset();
    auto program = [&]() -> asio::awaitable<void> { came = co_await import(); };
    asio::co_spawn(s.context, program(), asio::detached);
    s.context.restart();
    s.context.run();
    is_told(came.value());
}

BOOST_AUTO_TEST_CASE(exceptions_of_a_function_reach_the_caller) {
    simulated s;
    auto source = s.client.export_rows<contact>(bulk::contacts);
    auto const fails = [](contact const&) { throw broken(); };
    auto future = source.for_each(fails)(asio::use_future);
    s.context.run();
    is_told(future.get());

    auto without_memory = s.client.export_rows<contact>(bulk::contacts);
    auto const runs_out = [](contact const&) { throw std::bad_alloc(); };
    auto second = without_memory.for_each(runs_out)(asio::use_future);
    s.context.restart();
    s.context.run();
    BOOST_TEST((second.get().error().code == boost::system::errc::not_enough_memory));

    auto odd = s.client.export_rows<contact>(bulk::contacts);
    auto const throws_a_number = [](contact const&) { throw 7; };
    auto third = odd.for_each(throws_a_number)(asio::use_future);
    s.context.restart();
    s.context.run();
    auto const came = third.get();
    BOOST_TEST((came.error().code == bulk::errc::callback_threw));
    BOOST_CHECK_THROW(came.value(), int);
}

BOOST_AUTO_TEST_SUITE_END()
