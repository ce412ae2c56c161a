// SPDX-License-Identifier: BSL-1.0
/// \file
/// The concept of a blocking transport; `any_transport.hpp` has a type-erased one.
#pragma once

#include <eloqua/bulk/http.hpp>

#include <boost/system/errc.hpp>

#include <chrono>
#include <concepts>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <span>
#include <stop_token>
#include <type_traits>
#include <utility>

namespace eloqua::bulk {

/// The clock that flows use. A transport may have its own (see `has_own_clock`).
using clock = std::chrono::steady_clock;

/// One HTTP connection, with at most one request in progress.
///
/// - `send(q, stop, ec)` connects if needed and returns when the request is written.
/// - `read_head(h, stop, ec)` reads the response's head.
/// - `read_some(b, stop, ec)` returns the number of body bytes put into `b`; 0 is the end.
/// - `stale()`, after an error: whether a reused connection delivered no byte of a response. The
///   server had then closed it, and very likely never saw the request.
/// - `unsent()`, after a failed `send`: whether no byte of the request was written, so that the
///   server cannot have it and any request may be retried: no address, connection, proxy, TLS,
///   memory or file descriptor. If in doubt, it is false; the request may then have been executed.
/// - `drop()` abandons whatever is in progress.
///
/// When a stop is requested, a call ends with `operation_canceled`. After an error the channel is
/// unusable until the next `send`, which starts afresh. If a channel is destroyed between a
/// complete response and the next request, the transport may keep the connection; otherwise it is
/// closed. Not thread-safe.
template <class C>
concept blocking_channel =
    std::movable<C> && requires(C& c, request const& q, head& h, std::span<char> b,
                                std::stop_token stop, error_code& ec) {
        c.send(q, stop, ec);
        c.read_head(h, stop, ec);
        { c.read_some(b, stop, ec) } -> std::same_as<std::size_t>;
        { c.stale() } -> std::same_as<bool>;
        { c.unsent() } -> std::same_as<bool>;
        c.drop();
    };

/// Creates channels. A channel returned by `acquire` may outlive the transport object.
template <class T>
concept blocking_transport = requires(T& t) {
    { t.acquire() } -> blocking_channel;
};

/// A transport with its own clock: tests run hours of polling in no time. `wait(d, stop)` returns
/// when `now()` has advanced by `d`, or earlier if stopped.
template <class T>
concept has_own_clock = requires(T& t, clock::duration d, std::stop_token stop) {
    { t.now() } -> std::same_as<clock::time_point>;
    t.wait(d, stop);
};

/// The current time, by the transport's own clock if it has one.
template <class T>
clock::time_point now_of(T& transport) {
    if constexpr (has_own_clock<T>)
        return transport.now();
    else
        return clock::now();
}

/// Waits, by the transport's own clock if it has one. Returns early if `stop` is requested.
template <class T>
void wait_by(T& transport, clock::duration d, std::stop_token stop) {
    if constexpr (has_own_clock<T>)
        transport.wait(d, stop);
    else {
        std::mutex mutex;
        std::condition_variable_any stopped;
        std::unique_lock lock(mutex);
        stopped.wait_for(lock, stop, d, [] { return false; });
    }
}

/// A type-erased blocking channel.
class any_channel {
    struct interface {
        virtual ~interface() = default;
        virtual void send(request const&, std::stop_token, error_code&) = 0;
        virtual void read_head(head&, std::stop_token, error_code&) = 0;
        virtual std::size_t read_some(std::span<char>, std::stop_token, error_code&) = 0;
        virtual bool stale() = 0;
        virtual bool unsent() = 0;
        virtual void drop() = 0;
    };
    template <class C>
    struct model final : interface {
        C channel;
        explicit model(C c) : channel(std::move(c)) {}
        void send(request const& q, std::stop_token stop, error_code& ec) override {
            channel.send(q, std::move(stop), ec);
        }
        void read_head(head& h, std::stop_token stop, error_code& ec) override {
            channel.read_head(h, std::move(stop), ec);
        }
        std::size_t read_some(std::span<char> b, std::stop_token stop, error_code& ec) override {
            return channel.read_some(b, std::move(stop), ec);
        }
        bool stale() override { return channel.stale(); }
        bool unsent() override { return channel.unsent(); }
        void drop() override { channel.drop(); }
    };

public:
    /// Takes ownership of a blocking channel.
    template <class C>
        requires(!std::same_as<C, any_channel>) && blocking_channel<C>
    explicit any_channel(C c) : self_(std::make_unique<model<C>>(std::move(c))) {}

    /// @{
    /// See `blocking_channel`.
    void send(request const& q, std::stop_token stop, error_code& ec) {
        self_->send(q, std::move(stop), ec);
    }
    void read_head(head& h, std::stop_token stop, error_code& ec) {
        self_->read_head(h, std::move(stop), ec);
    }
    std::size_t read_some(std::span<char> b, std::stop_token stop, error_code& ec) {
        return self_->read_some(b, std::move(stop), ec);
    }
    bool stale() { return self_->stale(); }
    bool unsent() { return self_->unsent(); }
    void drop() { self_->drop(); }
    /// @}

private:
    std::unique_ptr<interface> self_;
};

} // namespace eloqua::bulk
