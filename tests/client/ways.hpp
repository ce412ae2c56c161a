// SPDX-License-Identifier: BSL-1.0
// The ways to run an operation, each with its own kind of client over the same service. A test that
// uses all of them runs the same flows.
#pragma once

#include <eloqua/bulk.hpp>
#include <eloqua/bulk/async.hpp>
#include <eloqua/bulk/testing/posted_transport.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <exception>
#include <future>
#include <optional>
#include <tuple>
#include <utility>

namespace ways {

namespace bulk = eloqua::bulk;
namespace asio = boost::asio;

struct blocking {
    using client = bulk::client;

    template <class Service>
    client make(Service service, bulk::any_credentials who, bulk::client_options options = {}) {
        return client(std::move(service), std::move(who), std::move(options));
    }
    template <class T, class Transport>
    bulk::result<T> run(bulk::operation<T, Transport> what) {
        return std::move(what).get();
    }
};

class asynchronous {
public:
    using client = bulk::async_client;

    template <class Service>
    client make(Service service, bulk::any_credentials who, bulk::client_options options = {}) {
        return client(bulk::posted_transport<Service>(context_.get_executor(), std::move(service)),
                      std::move(who), std::move(options));
    }

protected:
    /// Runs until no work is left.
    void run_context() {
        context_.restart();
        context_.run();
    }
    asio::io_context context_;
};

struct callback : asynchronous {
    template <class T, class Transport>
    bulk::result<T> run(bulk::operation<T, Transport> what) {
        std::optional<bulk::result<T>> came;
        std::move(what)([&](bulk::result<T> r) { came.emplace(std::move(r)); });
        run_context();
        return std::move(came.value());
    }
};

struct future : asynchronous {
    template <class T, class Transport>
    bulk::result<T> run(bulk::operation<T, Transport> what) {
        std::future<bulk::result<T>> came = std::move(what)(asio::use_future);
        run_context();
        return came.get();
    }
};

struct coroutine : asynchronous {
    template <class T, class Transport>
    bulk::result<T> run(bulk::operation<T, Transport> what) {
        std::optional<bulk::result<T>> came;
        auto wait = [&]() -> asio::awaitable<void> { came = co_await std::move(what); };
        asio::co_spawn(context_, wait(), [](std::exception_ptr thrown) {
            if (thrown)
                std::rethrow_exception(thrown);
        });
        run_context();
        return std::move(came.value());
    }
};

using all = std::tuple<blocking, callback, future, coroutine>;

} // namespace ways
