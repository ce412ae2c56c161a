// SPDX-License-Identifier: BSL-1.0
/// \file
/// `operation<T, Transport>`, which every function of a client returns; how a blocking transport
/// runs it; and how operations accept arguments written with braces.
#pragma once

#include <eloqua/bulk/error.hpp>
#include <eloqua/bulk/flow.hpp>
#include <eloqua/bulk/transport.hpp>

#include <boost/asio/async_result.hpp>
#include <boost/system/errc.hpp>

#include <concepts>
#include <coroutine>
#include <memory>
#include <stop_token>
#include <type_traits>
#include <utility>
#include <variant>

namespace eloqua::bulk {

class any_transport;

namespace detail {

/// Performs one I/O request.
template <blocking_transport Transport>
struct blocking_fulfilment {
    Transport& transport;
    channels<Transport>& open_channels;
    std::stop_token const& stop;
    io_result came{};

    void operator()(io_request::send w) {
        auto& channel = open_channels.at(transport, w.on);
        channel.send(*w.what, stop, came.ec);
        came.stale = came.ec && channel.stale();
        came.unsent = came.ec && channel.unsent();
    }
    void operator()(io_request::read_head w) {
        auto& channel = open_channels.at(transport, w.on);
        channel.read_head(*w.into, stop, came.ec);
        came.stale = came.ec && channel.stale();
    }
    void operator()(io_request::read_some w) {
        came.n = open_channels.at(transport, w.on).read_some(w.into, stop, came.ec);
    }
    void operator()(io_request::drop w) { open_channels.at(transport, w.on).drop(); }
    void operator()(io_request::release w) { open_channels.release(w.on); }
    void operator()(io_request::wait w) { wait_by(transport, w.how_long, stop); }
    void operator()(io_request::time) {}
};

/// Runs a flow prepared with `context` to its end.
template <class Transport>
void drive_by(Transport& transport, std::coroutine_handle<> flow, flow_context& context,
              channels<Transport>& open_channels, std::stop_token const& stop) {
    std::stop_token const never;
    for (flow.resume(); !flow.done(); context.waiting.resume()) {
        std::stop_token const& heeded = context.shields == 0 ? stop : never;
        blocking_fulfilment<Transport> now{transport, open_channels, heeded};
        bool const frees = io_request::frees(context.wanted);
        if (frees || !heeded.stop_requested())
            std::visit(now, context.wanted);
        else
            now.came.unsent = std::holds_alternative<io_request::send>(context.wanted);
        if (!frees && heeded.stop_requested())
            now.came.ec = make_error_code(boost::system::errc::operation_canceled);
        now.came.now = now_of(transport);
        context.came = now.came;
    }
}

} // namespace detail

/// Runs a flow to its end on the calling thread. When `stop` is requested, the current I/O request
/// and all later ones end with `operation_canceled`, except those under a `cancellation_shield`.
template <class T, blocking_transport Transport>
T run(flow<T> f, Transport& transport, detail::channels<Transport>& open_channels,
      std::stop_token stop = std::stop_token()) {
    detail::flow_context context;
    flow<T> running(std::move(f)); // destroyed before the context
    if constexpr (std::same_as<Transport, any_transport>)
        transport.drive(running.prepare(context), context, open_channels, stop);
    else
        detail::drive_by(transport, running.prepare(context), context, open_channels, stop);
    return running.take();
}

namespace detail {

/// In `co_await` expressions, g++ before 13 makes bitwise copies of objects created by a brace or
/// a lambda with captures, and destroys both.
#if defined(__GNUC__) && !defined(__clang__) && __GNUC__ < 13
inline constexpr bool co_await_doubles_temporaries = true;
#else
inline constexpr bool co_await_doubles_temporaries = false;
#endif

template <class Transport>
inline constexpr bool needs_named_arguments =
    co_await_doubles_temporaries && !blocking_transport<Transport>;

template <bool Named>
struct named_argument {
    static_assert(Named, "eloqua: g++ before 13 breaks objects made by braces inside co_await: "
                         "give the object a name, and pass that");
    static constexpr bool checked = true;
};
template <bool Safe>
struct named_function {
    static_assert(Safe, "eloqua: g++ before 13 breaks lambdas with captures inside co_await: "
                        "give the lambda a name, and pass that");
    static constexpr bool checked = true;
};

template <bool Blocking>
struct range_of_client {
    static_assert(Blocking, "eloqua: the client is asynchronous: in place of a range-for, co_await "
                            "next() until it returns nothing");
    static constexpr bool checked = true;
};

template <class T, class Given>
concept is_given = std::same_as<std::remove_cvref_t<Given>, T>;

} // namespace detail

/// Accepts a `T` only from a variable, so that the user's expression contains no brace. A
/// default-constructed one is a `T()`. See `detail::argument`.
template <class T>
class pass_a_named {
public:
    pass_a_named() {}
    /// From a variable. For other arguments: a compile error with a message.
    template <class Given>
        requires detail::is_given<T, Given>
    pass_a_named(Given&& given) : value_(std::forward<Given>(given)) {
        static_assert(detail::named_argument<std::is_lvalue_reference_v<Given>>::checked);
    }
    /// The value passed.
    operator T const&() const { return value_; }

private:
    T value_{};
};

namespace detail {

/// The parameter type for a `T` of an operation over a transport: `T`, except where the operation
/// may be awaited and the compiler miscompiles braces.
template <class T, class Transport>
using argument =
    std::conditional_t<needs_named_arguments<Transport> && !std::is_trivially_copyable_v<T>,
                       pass_a_named<T>, T>;

/// Whether a function passed as `F&&` to an operation over a transport is safe in `co_await`.
template <class F, class Transport>
inline constexpr bool is_safe_function =
    !needs_named_arguments<Transport> || std::is_lvalue_reference_v<F> ||
    std::is_trivially_copyable_v<F>;

[[noreturn]] inline void refuse_second_run() {
    throw_exception_from_error(failure(errc::invalid_argument,
                                       "the operation has already run, or was moved from",
                                       "create a new operation for each run"),
                               BOOST_CURRENT_LOCATION);
}

} // namespace detail

/// An operation that has not started yet. Move-only. It can run once; a second run throws `error`
/// with `errc::invalid_argument`:
///
/// - with a blocking transport: `.get()` on the calling thread, or `.get(stop_token)` to make it
///   cancellable; `.value()` does the same, but throws `error` in place of a failure;
/// - with an asynchronous transport: `(token)` with any completion token for `void(result<T>)`, or
///   `co_await` inside an Asio coroutine (`eloqua/bulk/async.hpp`).
///
/// An exception of the caller's range or function leaves `.get()`. In an asynchronous operation it
/// becomes a failure with `errc::callback_threw`, and `result::value()` rethrows it.
///
/// Destroying an operation without running it has no effect. It keeps alive what it needs of the
/// client. Cancellation abandons the current I/O request, closes its connection, and results in a
/// failure with `operation_canceled`. Only a request for new tokens is completed first, see
/// `oauth_credentials`.
template <class T, class Transport>
class [[nodiscard]] operation {
public:
    /// `open_channels`: channels that must outlive this operation; null: the operation gets
    /// channels of its own.
    operation(flow<result<T>> f, std::shared_ptr<Transport> transport,
              std::shared_ptr<detail::channels<Transport>> open_channels = nullptr)
        : flow_(std::move(f)), transport_(std::move(transport)),
          open_channels_(std::move(open_channels)) {}

    /// Runs to completion on the calling thread.
    [[nodiscard]] result<T> get(std::stop_token stop = std::stop_token()) &&
        requires blocking_transport<Transport>
    {
        flow<result<T>> once = release_once();
        if (open_channels_)
            return run(std::move(once), *transport_, *open_channels_, std::move(stop));
        detail::channels<Transport> own;
        return run(std::move(once), *transport_, own, std::move(stop));
    }

    /// Like `get`, but throws `error` in place of a failure.
    T value(std::stop_token stop = std::stop_token()) &&
        requires blocking_transport<Transport>
    {
        return std::move(*this).get(std::move(stop)).value();
    }
    /// For asynchronous clients: a compile error with a message. Await the operation, or pass a
    /// token.
    template <class... Arguments>
        requires(!blocking_transport<Transport>)
    result<T> get(Arguments const&...) && {
        static_assert(sizeof...(Arguments) > 99,
                      "eloqua: the client is asynchronous: co_await the operation, or give it a "
                      "completion token");
        return failure();
    }
    /// On an lvalue: a compile error with a message, as an operation runs only once.
    template <class... Arguments>
    result<T> get(Arguments const&...) & {
        static_assert(sizeof...(Arguments) > 99, "eloqua: an operation runs only once: write "
                                                 "std::move(op).get()");
        return failure();
    }

    /// Starts it; completes with `void(result<T>)`. Needs `<eloqua/bulk/async.hpp>`.
    template <boost::asio::completion_token_for<void(result<T>)> Token>
        requires(!blocking_transport<Transport>)
    auto operator()(Token&& token) && {
        return async_run(release_once(), std::move(transport_), std::move(open_channels_),
                         std::forward<Token>(token));
    }

    /// For blocking clients: a compile error with a message. Use `get()`.
    template <class Token>
        requires blocking_transport<Transport>
    auto operator()(Token&&) && {
        static_assert(sizeof(Token) == 0,
                      "eloqua: the client is blocking: run the operation with .get() "
                      "or .value(), or create an async_client");
        return failure();
    }

    /// The flow, to await inside a larger operation, whose channels it uses.
    flow<result<T>> release() && { return release_once(); }

private:
    flow<result<T>> release_once() {
        if (!flow_.valid())
            detail::refuse_second_run();
        return std::move(flow_);
    }

    flow<result<T>> flow_;
    std::shared_ptr<Transport> transport_;
    std::shared_ptr<detail::channels<Transport>> open_channels_;
};

} // namespace eloqua::bulk
