// SPDX-License-Identifier: BSL-1.0
/// \file
/// The concept of an asynchronous transport, and `any_async_transport`, a type-erased one.
#pragma once

#include <eloqua/bulk/detail/http/bound_executor.hpp>
#include <eloqua/bulk/flow.hpp>
#include <eloqua/bulk/http.hpp>
#include <eloqua/bulk/transport.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/steady_timer.hpp>

#include <concepts>
#include <cstddef>
#include <memory>
#include <span>
#include <utility>

namespace eloqua::bulk {

/// The completion handler of a channel's asynchronous operation: `void(error_code, std::size_t =
/// 0)`, called once. Any Asio operation accepts it as its handler, with an executor and a
/// cancellation slot. Move-only.
class io_handler {
    struct interface {
        virtual ~interface() = default;
        virtual void call(error_code, std::size_t) = 0;
    };
    template <class F>
    struct model final : interface {
        F function;
        explicit model(F f) : function(std::move(f)) {}
        void call(error_code ec, std::size_t n) override { function(ec, n); }
    };

public:
    /// @{
    /// As Asio's associators look them up.
    using executor_type = boost::asio::any_io_executor;
    using cancellation_slot_type = boost::asio::cancellation_slot;
    /// @}

    /// `executor`: where `f` is called. `cancel`: the slot that cancels the operation.
    template <std::move_constructible F>
        requires std::invocable<F&, error_code, std::size_t>
    io_handler(F f, executor_type executor,
               cancellation_slot_type cancel = cancellation_slot_type())
        : self_(std::make_unique<model<F>>(std::move(f))), executor_(std::move(executor)),
          cancel_(cancel) {}

    /// @{
    /// As Asio's associators call them.
    executor_type get_executor() const noexcept { return executor_; }
    cancellation_slot_type get_cancellation_slot() const noexcept { return cancel_; }
    /// @}

    /// Takes the slot, for an operation that handles it itself; operations that get this handler
    /// later see none.
    cancellation_slot_type take_cancellation_slot() noexcept { return std::exchange(cancel_, {}); }

    /// Calls the function, then destroys it.
    void operator()(error_code ec, std::size_t n = 0) {
        auto const self = std::move(self_);
        self->call(ec, n);
    }

private:
    std::unique_ptr<interface> self_;
    executor_type executor_;
    cancellation_slot_type cancel_;
};

namespace detail {

/// A handler that calls `f(ec, n)`, which may change both, and then `done`; with the executor and
/// the slot of `done`.
template <class F>
io_handler before(io_handler done, F f) {
    auto executor = done.get_executor();
    auto const cancel = done.get_cancellation_slot();
    auto both = [done = std::move(done), f = std::move(f)](error_code ec, std::size_t n) mutable {
        f(ec, n);
        done(ec, n);
    };
    return io_handler(std::move(both), std::move(executor), cancel);
}

} // namespace detail

/// One HTTP connection, like `blocking_channel`; at most one operation is in progress at a time.
///
/// - `async_send(q, k)` connects if needed and completes when the request is written.
/// - `async_read_head(h, k)` reads the response's head.
/// - `async_read_some(b, k)` completes with the number of body bytes put into `b`; 0 is the end.
/// - `stale()`, `unsent()` and `drop()`: see `blocking_channel`.
///
/// An operation never completes inside the initiating call. It completes exactly once, through the
/// handler's executor. When the handler's slot emits `terminal`, it completes promptly with
/// `operation_canceled`. Its arguments must stay valid until then, or until the execution context
/// is destroyed. After a failed `async_send`, `async_read_head` may still be tried: an early
/// refusal by the server states its reason.
template <class C>
concept async_channel =
    std::movable<C> && requires(C& c, request const& q, head& h, std::span<char> b, io_handler k) {
        c.async_send(q, std::move(k));
        c.async_read_head(h, std::move(k));
        c.async_read_some(b, std::move(k));
        { c.stale() } -> std::same_as<bool>;
        { c.unsent() } -> std::same_as<bool>;
        c.drop();
    };

/// Creates channels. Use it and its channels, and destroy channels, only on `get_executor()`,
/// which must not run two functions at once: if several threads run the execution context, the
/// transport creates a strand. A channel may outlive the transport object.
template <class T>
concept async_transport = requires(T& t) {
    { t.acquire() } -> async_channel;
    { t.get_executor() } -> std::convertible_to<boost::asio::any_io_executor>;
};

namespace detail {

/// Channels of asynchronous transports are released on the executor.
template <async_transport T>
struct place_of_release<T> {
    explicit place_of_release(T& transport)
        : executor_(bind_to_context(transport.get_executor())) {}
    template <class Channels>
    void release(Channels& channels) {
        if (!*executor_) // the context was destroyed
            return;
        auto owned = std::make_unique<Channels>(std::move(channels));
        boost::asio::dispatch(*executor_, [owned = std::move(owned)]() mutable { owned.reset(); });
    }

private:
    bound_executor executor_;
};

} // namespace detail

/// `has_own_clock` for asynchronous transports. `async_wait(d, k)` completes when `now()` has
/// advanced by `d`, under the same rules as a channel's operations.
template <class T>
concept has_own_async_clock = requires(T& t, clock::duration d, io_handler k) {
    { t.now() } -> std::same_as<clock::time_point>;
    t.async_wait(d, std::move(k));
};

/// The current time, by the transport's own clock if it has one.
template <async_transport T>
clock::time_point now_of(T& transport) {
    if constexpr (has_own_async_clock<T>)
        return transport.now();
    else
        return clock::now();
}

/// Waits, by the transport's own clock if it has one.
template <async_transport T>
void async_wait_by(T& transport, clock::duration d, io_handler done) {
    if constexpr (has_own_async_clock<T>)
        transport.async_wait(d, std::move(done));
    else {
        auto owned = std::make_unique<boost::asio::steady_timer>(transport.get_executor(), d);
        boost::asio::steady_timer& timer = *owned;
        timer.async_wait(detail::before(
            std::move(done),
            [owned = std::move(owned)](error_code&, std::size_t&) mutable { owned.reset(); }));
    }
}

/// A type-erased asynchronous channel.
class any_async_channel {
    struct interface {
        virtual ~interface() = default;
        virtual void async_send(request const&, io_handler) = 0;
        virtual void async_read_head(head&, io_handler) = 0;
        virtual void async_read_some(std::span<char>, io_handler) = 0;
        virtual bool stale() = 0;
        virtual bool unsent() = 0;
        virtual void drop() = 0;
    };
    template <class C>
    struct model final : interface {
        C channel;
        explicit model(C c) : channel(std::move(c)) {}
        void async_send(request const& q, io_handler k) override {
            channel.async_send(q, std::move(k));
        }
        void async_read_head(head& h, io_handler k) override {
            channel.async_read_head(h, std::move(k));
        }
        void async_read_some(std::span<char> b, io_handler k) override {
            channel.async_read_some(b, std::move(k));
        }
        bool stale() override { return channel.stale(); }
        bool unsent() override { return channel.unsent(); }
        void drop() override { channel.drop(); }
    };

public:
    /// Takes ownership of an asynchronous channel.
    template <class C>
        requires(!std::same_as<C, any_async_channel>) && async_channel<C>
    explicit any_async_channel(C c) : self_(std::make_unique<model<C>>(std::move(c))) {}

    /// @{
    /// See `async_channel`.
    void async_send(request const& q, io_handler k) { self_->async_send(q, std::move(k)); }
    void async_read_head(head& h, io_handler k) { self_->async_read_head(h, std::move(k)); }
    void async_read_some(std::span<char> b, io_handler k) {
        self_->async_read_some(b, std::move(k));
    }
    bool stale() { return self_->stale(); }
    bool unsent() { return self_->unsent(); }
    void drop() { self_->drop(); }
    /// @}

private:
    std::unique_ptr<interface> self_;
};

/// A type-erased asynchronous transport. Only one translation unit of an application has to
/// compile the actual transport.
class any_async_transport {
    struct interface {
        virtual ~interface() = default;
        virtual any_async_channel acquire() = 0;
        virtual boost::asio::any_io_executor get_executor() = 0;
        virtual clock::time_point now() = 0;
        virtual void async_wait(clock::duration, io_handler) = 0;
    };
    template <class T>
    struct model final : interface {
        T transport;
        explicit model(T t) : transport(std::move(t)) {}
        any_async_channel acquire() override { return any_async_channel(transport.acquire()); }
        boost::asio::any_io_executor get_executor() override { return transport.get_executor(); }
        clock::time_point now() override { return now_of(transport); }
        void async_wait(clock::duration d, io_handler k) override {
            async_wait_by(transport, d, std::move(k));
        }
    };

public:
    /// Takes ownership of an asynchronous transport.
    template <class T>
        requires(!std::same_as<T, any_async_transport>) && async_transport<T>
    any_async_transport(T t) : self_(std::make_unique<model<T>>(std::move(t))) {}
    /// For blocking transports: a compile error with a message.
    template <class T>
        requires(!std::same_as<T, any_async_transport>) &&
                (!async_transport<T>) && blocking_transport<T>
    any_async_transport(T) {
        static_assert(
            !blocking_transport<T>,
            "eloqua: this transport is blocking: an async_client takes async_beast_transport; "
            "wrap a transport for tests in posted_transport");
    }

    /// @{
    /// Forwards to the transport, see `async_transport` and `has_own_async_clock`. Without a clock
    /// of its own, uses `clock` and a timer on its executor.
    any_async_channel acquire() { return self_->acquire(); }
    boost::asio::any_io_executor get_executor() { return self_->get_executor(); }
    clock::time_point now() { return self_->now(); }
    void async_wait(clock::duration d, io_handler k) { self_->async_wait(d, std::move(k)); }
    /// @}

private:
    std::unique_ptr<interface> self_;
};

} // namespace eloqua::bulk
