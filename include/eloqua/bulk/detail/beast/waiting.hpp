// SPDX-License-Identifier: BSL-1.0
/// \file
/// Waits for an event with a deadline and cancellation.
#pragma once

#include <eloqua/bulk/error.hpp>
#include <eloqua/bulk/transport_options.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <memory>

namespace eloqua::bulk::detail {

/// An activity that ends later or is abandoned. Used on its executor.
class waiting {
public:
    explicit waiting(boost::asio::any_io_executor const& executor) : timer_(executor) {}
    waiting(waiting const&) = delete;
    waiting& operator=(waiting const&) = delete;
    virtual ~waiting() = default;

    /// Starts it. It does not end inside this call.
    virtual void begin() = 0;
    /// Nobody waits for it any more.
    virtual void leave() = 0;

    /// Ends the wait with `operation_aborted`.
    void cancel() { timer_.cancel(); }
    boost::asio::any_io_executor get_executor() { return timer_.get_executor(); }

    /// Starts `what` and waits for it. Fails with `late` at `until`.
    static boost::asio::awaitable<error_code> for_end(std::shared_ptr<waiting> what,
                                                      clock::time_point until, deadline late) {
        what->timer_.expires_at(until);
        what->begin();
        error_code ec;
        co_await what->timer_.async_wait(
            boost::asio::redirect_error(boost::asio::use_awaitable, ec));
        what->leave();
        if (what->done_ && clock::now() < until)
            co_return what->ec_;
        co_return ec && !what->done_ ? ec : make_error_code(late);
    }

protected:
    void finish(error_code ec) {
        done_ = true;
        ec_ = ec;
        timer_.cancel();
    }

private:
    boost::asio::steady_timer timer_; ///< expires at the deadline; cancelled at the end
    bool done_ = false;
    error_code ec_;
};

} // namespace eloqua::bulk::detail
