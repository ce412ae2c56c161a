// SPDX-License-Identifier: BSL-1.0
// The whole program of docs/guides/async.md, and its other ways to wait. The simulated Eloqua
// listens on a port of this machine; a client of a real one needs no options.
#include <eloqua/bulk.hpp>
#include <eloqua/bulk/async.hpp>
#include <eloqua/bulk/async_beast_transport.hpp>
#include <eloqua/bulk/simulator.hpp>
#include <eloqua/bulk/simulator/listener.hpp>
#include <eloqua/bulk/testing/posted_transport.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/describe.hpp>

#include "checks.hpp"
#include <exception>
#include <iostream>
#include <string>
#include <utility>
#include <vector>

namespace asio = boost::asio;
namespace bulk = eloqua::bulk;

struct person {
    std::string email;
    std::string country;
    using eloqua_fields = bulk::fields<bulk::field<&person::email, "C_EmailAddress">,
                                       bulk::field<&person::country, "C_Country">>;
};
BOOST_DESCRIBE_STRUCT(person, (), (email, country))

asio::awaitable<void> import_and_export(bulk::async_client client, std::vector<person> people) {
    auto const by = bulk::identified_by<&person::email>;
    auto const imported = co_await client.import_rows(bulk::contacts, by, people);
    std::cout << imported.value() << '\n'; // value() throws bulk::error if the import failed

    auto const belgian = bulk::where<&person::country> == "BE";
    auto belgians = client.export_rows<person>(bulk::contacts, belgian);
    for (;;) {
        std::vector<person> const rows = (co_await belgians.next()).value();
        if (rows.empty()) // the end: completeness is verified
            break;
        for (person const& each : rows)
            std::cout << each.email << '\n';
    }
    std::cout << belgians.receipt() << '\n';
}

void run(bulk::client_options const& options) {
    asio::io_context context;
    bulk::async_client const client(bulk::async_beast_transport(context.get_executor()),
                                    bulk::basic_credentials("Company", "user", "secret"), options);
    std::vector<person> const people{{"ada@example.com", "BE"}, {"bob@example.com", "NL"}};
    asio::co_spawn(context, import_and_export(client, people), [](std::exception_ptr failed) {
        if (failed)
            std::rethrow_exception(failed); // leaves run()
    });
    context.run(); // until both jobs are done
}

namespace {

bulk::basic_credentials const me("Company", "user", "secret");

void print_syncs(bulk::async_client const& client) {
    client.syncs().list().page()([](auto const& page) { // a bulk::result
        if (page)
            std::cout << page->items.size() << " syncs\n";
        else
            std::cerr << page.error().message() << '\n';
    });
}

asio::awaitable<void> print_lists(bulk::async_client client) {
    auto lists = client.contact_lists().list();
    for (;;) {
        auto const page = (co_await lists.next()).value();
        if (page.empty())
            break;
        for (auto const& each : page)
            std::cout << each.name << '\n';
    }
}

asio::awaitable<void> with_options(bulk::async_client client, std::vector<person> people) {
    auto const by = bulk::identified_by<&person::email>;
    bulk::import_options options;
    options.rejects_kept = 0;
    auto const good = co_await client.import_rows(bulk::contacts, by, people, options);
    expect(good.has_value());
}

void finished(std::exception_ptr failed) {
    if (failed)
        std::rethrow_exception(failed);
}

} // namespace

int main() {
    { // Over sockets.
        bulk::simulator_options real_time;
        real_time.simulated_clock = false;
        real_time.sync_pending = real_time.sync_active = std::chrono::milliseconds(1);
        bulk::simulator eloqua(real_time);
        bulk::listener const server([&](bulk::request const& q) { return eloqua.handle(q); });
        bulk::client_options options;
        options.login_url = server.where().text() + "/id";
        options.polling.first_delay = std::chrono::milliseconds(1);
        run(options);
        expect(eloqua.requests("POST /syncs") == 2);
    }
    bulk::simulator eloqua;
    asio::io_context context;
    bulk::async_client const client(
        bulk::posted_transport<bulk::simulator>(context.get_executor(), eloqua), me);
    print_syncs(client);
    asio::co_spawn(context, print_lists(client), finished);
    std::vector<person> const people{{"ada@example.com", "BE"}};
    asio::co_spawn(context, with_options(client, people), finished);
    context.run();
    expect(eloqua.count("/contacts") == 1);

    bool was_cancelled = false;
    context.restart();
    asio::cancellation_signal stop;
    client.syncs().list().page()(asio::bind_cancellation_slot(stop.slot(), [&](auto const& page) {
        was_cancelled = !page && page.error().code == boost::system::errc::operation_canceled;
    }));
    stop.emit(
        asio::cancellation_type::terminal); // of any type; on the thread that runs the context
    context.run();
    expect(was_cancelled);
}
