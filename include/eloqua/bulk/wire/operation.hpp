// SPDX-License-Identifier: BSL-1.0
/// \file
/// `operation<T, Transport>`: what every function of a client returns.
#pragma once

#include <eloqua/bulk/error.hpp>
#include <eloqua/bulk/wire/blocking.hpp>

#include <boost/asio/async_result.hpp>

#include <memory>
#include <stop_token>
#include <utility>

namespace eloqua::bulk {

namespace detail {

[[noreturn]] inline void refuse_second_run() {
    throw_exception_from_error(failure(errc::invalid_argument,
                                       "the operation was run already, or moved away",
                                       "make another one for each run"),
                               BOOST_CURRENT_LOCATION);
}

} // namespace detail

/// Something to be done, not yet begun. Move-only; good for one run, a second one throws `error`
/// with `errc::invalid_argument`:
///
/// - `.get()` on the calling thread, `.get(stop_token)` likewise but cancellable, for a client
///   with a blocking transport;
/// - `(token)` with any completion token of signature `void(result<T>)`, or `co_await` inside an
///   Asio coroutine, for a client with an asynchronous one (`eloqua/bulk/async.hpp`).
///
/// What a range or function of the caller throws comes out of `.get()`; otherwise it is a failure
/// with `errc::callback_threw`, whose exception `result::value()` throws again.
///
/// Dropping an operation without running it does nothing. It keeps what it needs of the client
/// alive. Cancelling: the wish under way is given up, its connection closed, and the result is a
/// failure with `operation_canceled`. A request for new tokens alone is finished first, see
/// `oauth_credentials`.
template <class T, class Transport>
class [[nodiscard]] operation {
public:
    /// `held`: channels that must outlive this operation; empty for channels of its own.
    operation(flow<result<T>> f, std::shared_ptr<Transport> transport,
              std::shared_ptr<leases<Transport>> held = nullptr)
        : flow_(std::move(f)), transport_(std::move(transport)), held_(std::move(held)) {}

    /// Runs to completion on the calling thread.
    [[nodiscard]] result<T> get(std::stop_token stop = std::stop_token()) &&
        requires blocking_transport<Transport>
    {
        flow<result<T>> once = release_once();
        if (held_)
            return run(std::move(once), *transport_, *held_, std::move(stop));
        leases<Transport> own;
        return run(std::move(once), *transport_, own, std::move(stop));
    }

    /// Begins, and completes with `void(result<T>)`. Needs `<eloqua/bulk/async.hpp>`.
    template <boost::asio::completion_token_for<void(result<T>)> Token>
        requires(!blocking_transport<Transport>)
    auto operator()(Token&& token) && {
        return async_run(release_once(), std::move(transport_), std::move(held_),
                         std::forward<Token>(token));
    }

    /// Its flow, to be awaited by that of a larger operation, whose channels it uses.
    flow<result<T>> release() && { return release_once(); }

private:
    flow<result<T>> release_once() {
        if (!flow_.valid())
            detail::refuse_second_run();
        return std::move(flow_);
    }

    flow<result<T>> flow_;
    std::shared_ptr<Transport> transport_;
    std::shared_ptr<leases<Transport>> held_;
};

} // namespace eloqua::bulk
