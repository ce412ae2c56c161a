// SPDX-License-Identifier: BSL-1.0
/// \file
/// Connections that wait to be used again.
#pragma once

#include <eloqua/bulk/wire/beast_stream.hpp>
#include <eloqua/bulk/wire/beast_tls.hpp>
#include <eloqua/bulk/wire/bound_executor.hpp>
#include <eloqua/bulk/wire/http.hpp>
#include <eloqua/bulk/wire/proxy.hpp>
#include <eloqua/bulk/wire/transport_options.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/beast/core/flat_buffer.hpp>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

namespace eloqua::bulk::detail {

struct http_connection {
    /// Beast wants a head, a chunk's size line or a trailer as a whole, however long it is.
    static constexpr std::size_t largest_buffer = 128 * 1024;

    http_stream stream;
    boost::beast::flat_buffer buffer;
    origin to;
    clock::time_point idle_since{};

    http_connection(boost::asio::any_io_executor executor, origin o)
        : stream(std::move(executor)), buffer(largest_buffer), to(std::move(o)) {
        // Beast reads as much as the buffer has room for, and by itself gives it 512 bytes.
        buffer.reserve(64 * 1024);
    }

    /// False if the server has closed the connection, or speaks unasked. What it said may have come
    /// to TLS already, where looking at the socket would not show it.
    bool alive() {
        error_code ec;
        stream.tcp().socket().non_blocking(true, ec);
        char byte;
        std::size_t const n = stream.read_available(boost::asio::buffer(&byte, 1), ec);
        return n == 0 && ec == boost::asio::error::would_block;
    }
};

/// Shared by a transport and its channels. Used on its executor only.
class connection_pool {
public:
    connection_pool(bound_executor e, transport_options o)
        : options(std::move(o)), through(options), executor_(std::move(e)) {
        // The system's authorities take some megabytes: they are read when first needed. What the
        // caller gave is read at once, to tell what is wrong with it.
        if (!options.ca_file.empty() || !options.ca_pem.empty())
            tls();
    }

    boost::asio::ssl::context& tls() {
        if (!tls_)
            tls_ = make_client_tls_context(options);
        return *tls_;
    }

    /// A connection to `to` that was idle for at most `max_idle`, or none.
    std::unique_ptr<http_connection> take(origin const& to, clock::duration max_idle) {
        clock::time_point const now = clock::now();
        std::erase_if(idle_, [&](auto& each) {
            return now - each->idle_since > options.max_idle || !each->alive();
        });
        auto const found = std::find_if(idle_.rbegin(), idle_.rend(), [&](auto& each) {
            return each->to == to && now - each->idle_since <= max_idle;
        });
        if (found == idle_.rend())
            return nullptr;
        auto taken = std::move(*found);
        idle_.erase(std::next(found).base());
        return taken;
    }

    /// Closes the idle connections on the executor, where their timers run, whatever thread drops
    /// the pool.
    static std::shared_ptr<connection_pool> make(bound_executor executor,
                                                 transport_options options) {
        auto close = [](connection_pool* pool) {
            std::unique_ptr<connection_pool> owned(pool);
            boost::asio::any_io_executor const on = pool->executor();
            if (on && !pool->idle_.empty())
                boost::asio::dispatch(on, [idle = std::move(pool->idle_),
                                           tls = pool->tls_]() mutable { idle.clear(); });
        };
        return std::shared_ptr<connection_pool>(
            new connection_pool(std::move(executor), std::move(options)), close);
    }

    void put(std::unique_ptr<http_connection> connection) {
        idle_.push_back(std::move(connection));
        if (idle_.size() > options.max_idle_connections)
            idle_.erase(idle_.begin());
    }

    boost::asio::any_io_executor const& executor() const { return *executor_; }

    transport_options const options;
    proxies const through;
    std::shared_ptr<std::atomic<int>> const look_ups = std::make_shared<std::atomic<int>>(0);

private:
    bound_executor const executor_;
    std::shared_ptr<boost::asio::ssl::context> tls_;
    std::vector<std::unique_ptr<http_connection>> idle_; // the longest idle first
};

} // namespace eloqua::bulk::detail
