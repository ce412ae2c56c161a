// SPDX-License-Identifier: BSL-1.0
/// \file
/// HTTP/1.1 over TCP and TLS by Boost.Beast. The one header of the client that includes Beast;
/// needs OpenSSL and threads.
#pragma once

#include <eloqua/bulk/wire/async_transport.hpp>
#include <eloqua/bulk/wire/beast_channel.hpp>
#include <eloqua/bulk/wire/beast_pool.hpp>
#include <eloqua/bulk/wire/transport.hpp>
#include <eloqua/bulk/wire/transport_options.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/system/errc.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <utility>

namespace eloqua::bulk {

/// HTTP/1.1 with kept-alive connections, plain or through TLS, for asynchronous clients.
///
/// Errors are those of the resolver, the system, TLS and Beast; a refused certificate has
/// `certificate_category()`, a time-out equals `boost::system::errc::timed_out` and says where
/// (`deadline`), cancellation is `operation_canceled`. A request whose target or fields hold
/// control characters, or that sets Host, Content-Length, Transfer-Encoding or Connection, fails
/// with `errc::invalid_argument`. A body cut short is an error, never an end. No redirect is
/// followed.
///
/// The transport and its channels are used on the executor only, which must outlive them.
class async_beast_transport {
public:
    class channel {
    public:
        explicit channel(std::shared_ptr<detail::http_exchange> e) : exchange_(std::move(e)) {}
        channel(channel&&) noexcept = default;
        channel& operator=(channel&& other) noexcept {
            std::swap(exchange_, other.exchange_);
            return *this;
        }
        ~channel() {
            if (exchange_)
                exchange_->release();
        }

        void async_send(request const& q, io_handler k) { exchange_->async_send(q, std::move(k)); }
        void async_read_head(head& h, io_handler k) { exchange_->async_read_head(h, std::move(k)); }
        void async_read_some(std::span<char> b, io_handler k) {
            exchange_->async_read_some(b, std::move(k));
        }
        bool stale() const { return exchange_->stale(); }
        void drop() { exchange_->drop(); }

    private:
        std::shared_ptr<detail::http_exchange> exchange_;
    };

    /// Throws `error` if a certificate authority of the options cannot be read.
    explicit async_beast_transport(boost::asio::any_io_executor executor,
                                   transport_options options = {})
        : pool_(
              std::make_shared<detail::connection_pool>(std::move(executor), std::move(options))) {}

    channel acquire() { return channel(std::make_shared<detail::http_exchange>(pool_)); }
    boost::asio::any_io_executor get_executor() const { return pool_->executor; }

private:
    std::shared_ptr<detail::connection_pool> pool_;
};

namespace detail {

/// Runs asynchronous verbs on the calling thread, since Beast's blocking calls have no time-outs.
class blocking_engine {
    boost::asio::cancellation_signal abort_;
    std::uint64_t call_ = 0;
    boost::asio::io_context context_{1};

public:
    async_beast_transport transport;

    explicit blocking_engine(transport_options options)
        : transport(context_.get_executor(), std::move(options)) {}

    /// `start(io_handler)` initiates one verb.
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
        // Begun on the executor, like all verbs, and so before a stop can come.
        boost::asio::post(
            context_, [&] { start(io_handler(finish, context_.get_executor(), abort_.slot())); });
        // A stop that is noticed too late must not hit the next call.
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

/// `async_beast_transport` for blocking clients; it runs that one on the calling thread.
///
/// The transport and its channels are used by one thread at a time, together. A stop token that is
/// stopped during a call, from any thread, ends the call with `operation_canceled`.
class beast_transport {
public:
    class channel {
    public:
        explicit channel(std::shared_ptr<detail::blocking_engine> engine)
            : engine_(std::move(engine)), self_(engine_->transport.acquire()) {}
        channel(channel&&) noexcept = default;
        channel& operator=(channel&& other) noexcept {
            std::swap(engine_, other.engine_);
            std::swap(self_, other.self_);
            return *this;
        }

        void send(request const& q, std::stop_token stop, error_code& ec) {
            auto verb = [&](io_handler k) { self_.async_send(q, std::move(k)); };
            engine_->run(verb, stop, ec);
        }
        void read_head(head& h, std::stop_token stop, error_code& ec) {
            auto verb = [&](io_handler k) { self_.async_read_head(h, std::move(k)); };
            engine_->run(verb, stop, ec);
        }
        std::size_t read_some(std::span<char> b, std::stop_token stop, error_code& ec) {
            auto verb = [&](io_handler k) { self_.async_read_some(b, std::move(k)); };
            return engine_->run(verb, stop, ec);
        }
        bool stale() const { return self_.stale(); }
        void drop() { self_.drop(); }

    private:
        std::shared_ptr<detail::blocking_engine> engine_; // outlives the sockets
        async_beast_transport::channel self_;
    };

    /// Throws `error` if a certificate authority of the options cannot be read.
    explicit beast_transport(transport_options options = {})
        : engine_(std::make_shared<detail::blocking_engine>(std::move(options))) {}

    channel acquire() { return channel(engine_); }

private:
    std::shared_ptr<detail::blocking_engine> engine_;
};

} // namespace eloqua::bulk
