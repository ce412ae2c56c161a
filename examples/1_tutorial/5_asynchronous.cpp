// SPDX-License-Identifier: BSL-1.0
// Step 5 of the tutorial: runs two exports at once on one thread, and ends them on Ctrl+C.
#include <eloqua/bulk.hpp>
#include <eloqua/bulk/async.hpp>
#include <eloqua/bulk/async_beast_transport.hpp>
#include <eloqua/bulk/simulator.hpp>
#include <eloqua/bulk/testing/posted_transport.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/describe.hpp>

#include "../connect.hpp"
#include <csignal>
#include <cstddef>
#include <exception>
#include <iostream>
#include <string>
#include <tuple>
#include <vector>

namespace bulk = eloqua::bulk;
namespace asio = boost::asio;

struct person {
    std::string email;
    std::string country;

    using eloqua_fields = bulk::fields<bulk::field<&person::email, "C_EmailAddress">,
                                       bulk::field<&person::country, "C_Country">>;
};
BOOST_DESCRIBE_STRUCT(person, (), (email, country))

asio::awaitable<bulk::result<std::size_t>> count_people(bulk::async_client client,
                                                        std::string country) {
    auto source =
        client.export_rows<person>(bulk::contacts, bulk::where<&person::country> == country);
    for (std::size_t count = 0;;) {
        bulk::result<std::vector<person>> const rows = co_await source.next();
        if (!rows)
            co_return rows.error();
        if (rows->empty())
            co_return count;
        count += rows->size();
    }
}

asio::awaitable<void> compare_countries(bulk::async_client client) {
    using namespace asio::experimental::awaitable_operators;
    auto const counts = co_await (count_people(client, "BE") && count_people(client, "DE"));
    std::cout << std::get<0>(counts).value() << " in Belgium, " << std::get<1>(counts).value()
              << " in Germany\n";
}

bulk::async_client connect(asio::io_context& context, bulk::simulator const& simulated) {
    if (names_instance())
        return {bulk::async_beast_transport{context.get_executor()}, credentials_of_instance(),
                options_of_instance()};
    return {bulk::posted_transport{context.get_executor(), simulated},
            bulk::basic_credentials{"Company", "user", "secret"}};
}

int main() {
    bulk::simulator eloqua;
    eloqua.generate_contacts(10'000);
    try {
        asio::io_context context;
        bulk::async_client const client = connect(context, eloqua);

        client.base_url()([](bulk::result<std::string> const& base) {
            std::cout << "the API is at " + base.value() << '\n';
        });
        std::cout << "nothing has happened yet\n";
        context.run();

        asio::cancellation_signal cancel;
        asio::signal_set interrupt(context, SIGINT);
        interrupt.async_wait([&](bulk::error_code ec, int) {
            if (!ec)
                cancel.emit(asio::cancellation_type::terminal);
        });
        auto const when_done = [&](std::exception_ptr failed) {
            interrupt.cancel(); // or run() would wait for Ctrl+C
            if (failed)
                std::rethrow_exception(failed);
        };
        asio::co_spawn(context, compare_countries(client),
                       asio::bind_cancellation_slot(cancel.slot(), when_done));
        context.restart();
        context.run();
    } catch (std::exception const& e) {
        std::cerr << e.what() << '\n';
        return 1;
    }
}
