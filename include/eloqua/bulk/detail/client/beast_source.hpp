// SPDX-License-Identifier: BSL-1.0
/// \file
/// Definitions of the Beast transports. Compiled by each unit that includes one of them, or once
/// per program, see `eloqua/bulk/beast_src.hpp`.
#pragma once

#include <eloqua/bulk/async_beast_transport.hpp>
#include <eloqua/bulk/async_transport.hpp>
#include <eloqua/bulk/beast_transport.hpp>
#include <eloqua/bulk/detail/beast/connection.hpp>
#include <eloqua/bulk/detail/beast/pool.hpp>
#include <eloqua/bulk/detail/config.hpp>
#include <eloqua/bulk/transport_options.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <boost/system/errc.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <utility>

namespace eloqua::bulk {

namespace detail {

/// Runs asynchronous verbs on the calling thread, since Beast's blocking calls have no time-outs.
class blocking_engine {
    boost::asio::cancellation_signal abort_;
    std::uint64_t call_ = 0;
    boost::asio::io_context context_{1};

public:
    std::shared_ptr<connection_pool> pool;

    explicit blocking_engine(transport_options options)
        : pool(std::make_shared<connection_pool>(
              std::make_shared<boost::asio::any_io_executor>(context_.get_executor()),
              std::move(options))) {}

    /// `start(io_handler)` starts one verb.
    template <class Start>
    std::size_t run(Start start, std::stop_token const& stop, error_code& ec) {
        if (stop.stop_requested()) {
            ec = make_error_code(boost::system::errc::operation_canceled);
            return 0;
        }
        struct {
            bool done = false;
            error_code ec;
            std::size_t n = 0;
        } came;
        auto finish = [&came](error_code e, std::size_t n) {
            came.done = true;
            came.ec = e;
            came.n = n;
        };
        context_.restart();
        // Started on the executor, like all verbs, so that no stop can come before it.
        boost::asio::post(
            context_, [&] { start(io_handler(finish, context_.get_executor(), abort_.slot())); });
        // A stop that arrives late must not affect the next call.
        std::uint64_t const call = ++call_;
        std::optional<std::stop_callback<aborter>> on_stop;
        if (stop.stop_possible())
            on_stop.emplace(stop, aborter(*this, call));
        while (!came.done)
            context_.run_one();
        ++call_;
        ec = came.ec;
        return came.n;
    }

private:
    struct aborter {
        blocking_engine* engine;
        std::uint64_t call;
        aborter(blocking_engine& e, std::uint64_t c) : engine(&e), call(c) {}
        void operator()() const { // on the thread that requests the stop
            boost::asio::post(engine->context_, [self = engine, call = call] {
                if (self->call_ == call)
                    self->abort_.emit(boost::asio::cancellation_type::terminal);
            });
        }
    };
};

} // namespace detail

// The asynchronous transport.

ELOQUA_BULK_DECL async_beast_transport::channel::channel(std::shared_ptr<detail::http_exchange> e)
    : exchange_(std::move(e)) {}
ELOQUA_BULK_DECL void async_beast_transport::channel::async_send(request const& q, io_handler k) {
    exchange_->async_send(q, std::move(k));
}
ELOQUA_BULK_DECL void async_beast_transport::channel::async_read_head(head& h, io_handler k) {
    exchange_->async_read_head(h, std::move(k));
}
ELOQUA_BULK_DECL void async_beast_transport::channel::async_read_some(std::span<char> b,
                                                                      io_handler k) {
    exchange_->async_read_some(b, std::move(k));
}
ELOQUA_BULK_DECL bool async_beast_transport::channel::stale() const {
    return exchange_->stale();
}
ELOQUA_BULK_DECL bool async_beast_transport::channel::unsent() const {
    return exchange_->unsent();
}
ELOQUA_BULK_DECL void async_beast_transport::channel::drop() {
    exchange_->drop();
}

ELOQUA_BULK_DECL async_beast_transport::async_beast_transport(boost::asio::any_io_executor executor,
                                                              transport_options options)
    : pool_(detail::connection_pool::make(
          detail::bind_to_context(boost::asio::make_strand(std::move(executor))),
          std::move(options))) {}
ELOQUA_BULK_DECL async_beast_transport::channel async_beast_transport::acquire() {
    return channel(detail::make_exchange(pool_));
}
ELOQUA_BULK_DECL boost::asio::any_io_executor async_beast_transport::get_executor() const {
    return pool_->executor();
}

// The blocking transport.

ELOQUA_BULK_DECL beast_transport::channel::channel(std::shared_ptr<detail::blocking_engine> engine)
    : engine_(std::move(engine)), exchange_(detail::make_exchange(engine_->pool, engine_)) {}
ELOQUA_BULK_DECL void beast_transport::channel::send(request const& q, std::stop_token stop,
                                                     error_code& ec) {
    auto verb = [&](io_handler k) { exchange_->async_send(q, std::move(k)); };
    engine_->run(verb, stop, ec);
}
ELOQUA_BULK_DECL void beast_transport::channel::read_head(head& h, std::stop_token stop,
                                                          error_code& ec) {
    auto verb = [&](io_handler k) { exchange_->async_read_head(h, std::move(k)); };
    engine_->run(verb, stop, ec);
}
ELOQUA_BULK_DECL std::size_t
beast_transport::channel::read_some(std::span<char> b, std::stop_token stop, error_code& ec) {
    auto verb = [&](io_handler k) { exchange_->async_read_some(b, std::move(k)); };
    return engine_->run(verb, stop, ec);
}
ELOQUA_BULK_DECL bool beast_transport::channel::stale() const {
    return exchange_->stale();
}
ELOQUA_BULK_DECL bool beast_transport::channel::unsent() const {
    return exchange_->unsent();
}
ELOQUA_BULK_DECL void beast_transport::channel::drop() {
    exchange_->drop();
}

ELOQUA_BULK_DECL beast_transport::beast_transport(transport_options options)
    : engine_(std::make_shared<detail::blocking_engine>(std::move(options))) {}
ELOQUA_BULK_DECL beast_transport::channel beast_transport::acquire() {
    return channel(engine_);
}

} // namespace eloqua::bulk
