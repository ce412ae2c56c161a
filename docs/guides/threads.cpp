// SPDX-License-Identifier: BSL-1.0
// Clients and threads, of docs/guides/threads.md, with a simulated Eloqua on a port of this
// machine.
#include <eloqua/bulk.hpp>
#include <eloqua/bulk/async.hpp>
#include <eloqua/bulk/async_beast_transport.hpp>
#include <eloqua/bulk/beast_transport.hpp>
#include <eloqua/bulk/governor.hpp>
#include <eloqua/bulk/simulator.hpp>
#include <eloqua/bulk/simulator/listener.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/describe.hpp>

#include "checks.hpp"
#include <chrono>
#include <cstdint>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace asio = boost::asio;
namespace bulk = eloqua::bulk;

struct person {
    std::string email;
    using eloqua_fields = bulk::fields<bulk::field<&person::email, "C_EmailAddress">>;
};
BOOST_DESCRIBE_STRUCT(person, (), (email))

namespace {

bulk::basic_credentials const me("Company", "user", "secret");

std::int64_t count_contacts(bulk::client_options const& options) {
    bulk::client const client(bulk::beast_transport(), me, options); // one for each thread
    auto source = client.export_rows<person>(bulk::contacts);
    return source.for_each([](person const&) {}).value();
}

std::int64_t count_in_two_threads(bulk::client_options options) {
    options.governor = std::make_shared<bulk::governor>(); // shared
    auto first = std::async(std::launch::async, count_contacts, options);
    auto second = std::async(std::launch::async, count_contacts, options);
    return first.get() + second.get();
}

asio::awaitable<std::int64_t> count(bulk::async_client client) {
    auto source = client.export_rows<person>(bulk::contacts);
    std::int64_t rows = 0;
    for (;;) {
        auto const some = (co_await source.next()).value();
        if (some.empty())
            co_return rows;
        rows += static_cast<std::int64_t>(some.size());
    }
}

/// May be called on any thread but those of the pool.
std::int64_t count_and_wait(bulk::async_client const& client) {
    auto const strand = client.transport()->get_executor();
    return asio::co_spawn(strand, count(client), asio::use_future).get();
}

} // namespace

int main() {
    bulk::simulator_options real_time;
    real_time.simulated_clock = false;
    real_time.sync_pending = real_time.sync_active = std::chrono::milliseconds(1);
    bulk::simulator eloqua(real_time);
    eloqua.generate_contacts(3'000);
    bulk::listener const server([&](bulk::request const& q) { return eloqua.handle(q); });
    bulk::client_options options;
    options.login_url = server.where().text() + "/id";
    options.polling.first_delay = std::chrono::milliseconds(1);
    expect(count_in_two_threads(options) == 6'000);

    asio::thread_pool pool(2);
    bulk::async_client const client(bulk::async_beast_transport(pool.get_executor()), me, options);
    std::vector<std::jthread> threads;
    for (int i = 0; i != 4; ++i)
        threads.emplace_back([client] { expect(count_and_wait(client) == 3'000); });
    threads.clear(); // joins them
    pool.join();
    expect(eloqua.requests("POST /contacts/exports") == 6);
}
