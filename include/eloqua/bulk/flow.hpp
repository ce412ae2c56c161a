// SPDX-License-Identifier: BSL-1.0
/// \file
/// `flow<T>`: the logic of an operation as a coroutine that does no I/O. It yields I/O requests
/// (send, read, wait); a driver performs each request and resumes the flow with its result.
///
/// A flow identifies channels by number: 0 and 1 carry the operation's requests, 2 is for the
/// login. A driver acquires a channel when the flow first uses it.
///
/// \note In `co_await` expressions, g++ 12 makes bitwise copies of temporaries created by braces,
/// and destroys them twice. Inside the library, no `co_await` expression contains a brace or a
/// lambda.
#pragma once

#include <eloqua/bulk/http.hpp>
#include <eloqua/bulk/transport.hpp>

#include <array>
#include <coroutine>
#include <exception>
#include <memory>
#include <new>
#include <optional>
#include <span>
#include <utility>
#include <variant>

namespace eloqua::bulk {

template <class T>
class flow;

namespace detail {

using channel_id = unsigned char;
inline constexpr channel_id channel_count = 3;
inline constexpr channel_id login_channel = 2;

namespace io_request {

struct send {
    channel_id on;
    request const* what;
    send(channel_id s, request const& q) : on(s), what(&q) {}
};
struct read_head {
    channel_id on;
    head* into;
    read_head(channel_id s, head& h) : on(s), into(&h) {}
};
/// Result: `n` bytes are in the span; 0 at the end of the body.
struct read_some {
    channel_id on;
    std::span<char> into;
    read_some(channel_id s, std::span<char> b) : on(s), into(b) {}
};
struct drop {
    channel_id on;
    explicit drop(channel_id s) : on(s) {}
};
/// Releases the channel, so that its connection may serve others if its response was read.
struct release {
    channel_id on;
    explicit release(channel_id s) : on(s) {}
};
struct wait {
    clock::duration how_long;
    explicit wait(clock::duration d) : how_long(d) {}
};
/// Completes at once; for the current time in the result.
struct time {};
/// Not for the driver: creates a `cancellation_shield`.
struct shield {};

using any = std::variant<time, send, read_head, read_some, drop, release, wait>;

/// Whether a request is performed even if the flow is cancelled.
inline bool frees(any const& wanted) {
    return std::holds_alternative<drop>(wanted) || std::holds_alternative<release>(wanted);
}

} // namespace io_request

/// The result of an I/O request.
struct io_result {
    error_code ec;
    std::size_t n = 0;
    bool stale = false;  ///< see `blocking_channel`
    bool unsent = false; ///< see `blocking_channel`
    clock::time_point now{};

    bool cancelled() const { return ec == boost::system::errc::operation_canceled; }
};

/// Where a flow leaves its I/O request and finds the result. A driver owns one per flow.
struct flow_context {
    io_request::any wanted;
    io_result came;
    std::coroutine_handle<> waiting; ///< to resume with the result
    unsigned shields = 0; ///< number of shields; while there are any, cancellation is deferred
};

/// While a flow has one, its I/O requests are performed as if it were not cancelled; the first
/// request after that sees the cancellation. For work that must not stop half-way. Must not
/// outlive the flow.
class [[nodiscard]] cancellation_shield {
public:
    explicit cancellation_shield(flow_context& of) : of_(&of) { ++of.shields; }
    cancellation_shield(cancellation_shield&& other) noexcept
        : of_(std::exchange(other.of_, nullptr)) {}
    cancellation_shield& operator=(cancellation_shield&& other) noexcept {
        std::swap(of_, other.of_);
        return *this;
    }
    ~cancellation_shield() {
        if (of_)
            --of_->shields;
    }

private:
    flow_context* of_;
};

struct io_awaiter {
    flow_context* context;
    io_request::any wanted;
    bool await_ready() const noexcept { return false; }
    void await_suspend(std::coroutine_handle<> h) noexcept {
        context->wanted = wanted;
        context->waiting = h;
    }
    io_result await_resume() const noexcept { return context->came; }
};

struct shield_awaiter {
    flow_context* context;
    bool await_ready() const noexcept { return true; }
    void await_suspend(std::coroutine_handle<>) const noexcept {}
    cancellation_shield await_resume() const noexcept { return cancellation_shield(*context); }
};

struct flow_promise_base {
    flow_context* context = nullptr;
    std::coroutine_handle<> parent;
    std::exception_ptr thrown;

    struct final_awaiter {
        bool await_ready() const noexcept { return false; }
        template <class Promise>
        std::coroutine_handle<> await_suspend(std::coroutine_handle<Promise> h) noexcept {
            std::coroutine_handle<> const next = h.promise().parent;
            return next ? next : std::noop_coroutine();
        }
        void await_resume() const noexcept {}
    };

    std::suspend_always initial_suspend() const noexcept { return {}; }
    final_awaiter final_suspend() const noexcept { return {}; }
    void unhandled_exception() noexcept { thrown = std::current_exception(); }

    template <class Wish>
        requires std::constructible_from<io_request::any, Wish>
    io_awaiter await_transform(Wish w) noexcept {
        return io_awaiter{context, io_request::any(w)};
    }
    shield_awaiter await_transform(io_request::shield) noexcept { return shield_awaiter{context}; }
    template <class U>
    auto await_transform(flow<U> child) noexcept {
        return typename flow<U>::child_awaiter(std::move(child));
    }
};

} // namespace detail

/// A lazily started coroutine with one result. Move-only. It can be destroyed at any suspension
/// point.
template <class T>
class [[nodiscard]] flow {
public:
    /// \cond
    struct promise_type : detail::flow_promise_base {
        // Not std::optional, for which the compiler generates a dozen functions for each T.
        union {
            T value;
        };
        bool returned = false;

        promise_type() noexcept {}
        promise_type(promise_type const&) = delete;
        promise_type& operator=(promise_type const&) = delete;
        ~promise_type() {
            if (returned)
                value.~T();
        }
        flow get_return_object() {
            return flow(std::coroutine_handle<promise_type>::from_promise(*this));
        }
        template <class U>
            requires std::constructible_from<T, U>
        void return_value(U&& v) {
            ::new (static_cast<void*>(std::addressof(value))) T(std::forward<U>(v));
            returned = true;
        }
    };
    /// \endcond

    /// \cond
    struct child_awaiter {
        flow child;
        explicit child_awaiter(flow f) noexcept : child(std::move(f)) {}
        bool await_ready() const noexcept { return false; }
        template <class Promise>
        std::coroutine_handle<> await_suspend(std::coroutine_handle<Promise> parent) noexcept {
            child.handle_.promise().context = parent.promise().context;
            child.handle_.promise().parent = parent;
            return child.handle_;
        }
        T await_resume() { return child.take(); }
    };
    /// \endcond

    /// @{
    /// Only movable; what was moved from is not `valid`.
    flow(flow&& other) noexcept : handle_(std::exchange(other.handle_, {})) {}
    flow& operator=(flow&& other) noexcept {
        std::swap(handle_, other.handle_);
        return *this;
    }
    /// @}
    ~flow() {
        if (handle_)
            handle_.destroy();
    }

    /// False after a move.
    bool valid() const noexcept { return handle_ != nullptr; }

    /// Prepares the flow to run. Resume the returned handle first; it then runs to its first I/O
    /// request or to its end, and `done()` tells which. `context` must outlive the run, and the
    /// flow must outlive the handle.
    std::coroutine_handle<> prepare(detail::flow_context& context) {
        handle_.promise().context = &context;
        return handle_;
    }
    /// The result; rethrows the flow's exception. Call once, and only when the handle is done.
    T take() {
        if (handle_.promise().thrown)
            std::rethrow_exception(handle_.promise().thrown);
        return std::move(handle_.promise().value);
    }

private:
    explicit flow(std::coroutine_handle<promise_type> h) : handle_(h) {}
    std::coroutine_handle<promise_type> handle_;
};

namespace detail {

/// Where channels are released: by default at once, on the calling thread. `async_transport.hpp`
/// specialises it for asynchronous transports.
template <class Transport>
struct place_of_release {
    explicit place_of_release(Transport&) {}
    template <class Channels>
    void release(Channels&) {}
};

/// The channels that a flow uses, by number. It outlives a single flow if several flows read one
/// response in turn. It may be destroyed on any thread: channels of an asynchronous transport are
/// then released on its executor.
template <class Transport>
class channels {
public:
    using channel = decltype(std::declval<Transport&>().acquire());

    channels() = default;
    channels(channels const&) = delete;
    channels& operator=(channels const&) = delete;
    ~channels() {
        if (place_)
            place_->release(held_);
    }

    channel& at(Transport& transport, channel_id s) {
        if (!place_)
            place_.emplace(transport);
        if (!held_[s])
            held_[s].emplace(transport.acquire());
        return *held_[s];
    }
    void release(channel_id s) { held_[s].reset(); }

private:
    std::array<std::optional<channel>, channel_count> held_;
    std::optional<place_of_release<Transport>> place_;
};

} // namespace detail

} // namespace eloqua::bulk
