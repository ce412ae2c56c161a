// SPDX-License-Identifier: BSL-1.0
/// \file
/// `posted_transport`: adapts a blocking transport that never really blocks to an asynchronous
/// one.
#pragma once

#include <eloqua/bulk/async_transport.hpp>
#include <eloqua/bulk/construct_client.hpp>
#include <eloqua/bulk/detail/http/bound_executor.hpp>
#include <eloqua/bulk/transport.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <boost/system/errc.hpp>

#include <memory>
#include <span>
#include <stop_token>
#include <utility>

namespace eloqua::bulk {

namespace detail {

/// Calls `verb(stop_token, error_code&)` in a handler of its own, then `done`.
template <class Verb>
void post_verb(boost::asio::any_io_executor const& executor, io_handler done, Verb verb) {
    std::stop_source stop;
    if (auto cancel = done.get_cancellation_slot(); cancel.is_connected())
        cancel.assign([stop](boost::asio::cancellation_type) mutable { stop.request_stop(); });
    boost::asio::post(executor, [stop = stop.get_token(), done = std::move(done),
                                 verb = std::move(verb)]() mutable {
        error_code ec;
        std::size_t n = 0;
        if (stop.stop_requested())
            ec = make_error_code(boost::system::errc::operation_canceled);
        else
            n = verb(std::move(stop), ec);
        done(ec, n);
    });
}

} // namespace detail

/// Runs a scripted or simulated service under the Asio driver. Each operation runs in a handler
/// posted to the executor, so that other handlers run in between and cancellation can take effect.
/// An operation that does block would block the executor's thread.
///
/// The executor may be that of a thread pool: operations and their callers run on a strand.
/// Forwards the blocking transport's own clock if it has one. Copies share the transport.
template <blocking_transport Blocking>
class posted_transport {
    using blocking_channel_type = decltype(std::declval<Blocking&>().acquire());

public:
    /// A blocking channel whose calls are posted to the executor. See `async_channel`.
    class channel {
    public:
        /// Created by `acquire`.
        channel(detail::bound_executor executor, blocking_channel_type c)
            : executor_(std::move(executor)),
              self_(std::make_shared<blocking_channel_type>(std::move(c))) {}

        /// @{
        /// See `async_channel`.
        void async_send(request const& q, io_handler done) {
            detail::post_verb(*executor_, std::move(done),
                              [self = self_, &q](std::stop_token stop, error_code& ec) {
                                  self->send(q, std::move(stop), ec);
                                  return std::size_t(0);
                              });
        }
        void async_read_head(head& h, io_handler done) {
            detail::post_verb(*executor_, std::move(done),
                              [self = self_, &h](std::stop_token stop, error_code& ec) {
                                  self->read_head(h, std::move(stop), ec);
                                  return std::size_t(0);
                              });
        }
        void async_read_some(std::span<char> b, io_handler done) {
            detail::post_verb(*executor_, std::move(done),
                              [self = self_, b](std::stop_token stop, error_code& ec) {
                                  return self->read_some(b, std::move(stop), ec);
                              });
        }
        bool stale() { return self_->stale(); }
        bool unsent() { return self_->unsent(); }
        void drop() { self_->drop(); }
        /// @}

    private:
        detail::bound_executor executor_;
        std::shared_ptr<blocking_channel_type> self_;
    };

    /// Calls are posted to a strand of `executor`, on whose threads they block.
    posted_transport(boost::asio::any_io_executor executor, Blocking blocking)
        : executor_(detail::bind_to_context(boost::asio::make_strand(std::move(executor)))),
          self_(std::make_shared<Blocking>(std::move(blocking))) {}

    /// @{
    /// See `async_transport`.
    channel acquire() { return channel(executor_, self_->acquire()); }
    boost::asio::any_io_executor get_executor() const { return *executor_; }
    /// @}

    /// @{
    /// The clock of the blocking transport. See `has_own_async_clock`.
    clock::time_point now()
        requires has_own_clock<Blocking>
    {
        return self_->now();
    }
    void async_wait(clock::duration d, io_handler done)
        requires has_own_clock<Blocking>
    {
        detail::post_verb(*executor_, std::move(done),
                          [self = self_, d](std::stop_token stop, error_code&) {
                              self->wait(d, std::move(stop));
                              return std::size_t(0);
                          });
    }
    /// @}

private:
    detail::bound_executor executor_;
    std::shared_ptr<Blocking> self_;
};

} // namespace eloqua::bulk
