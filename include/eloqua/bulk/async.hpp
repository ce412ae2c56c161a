// SPDX-License-Identifier: BSL-1.0
/// \file
/// The Asio driver, which performs a flow's I/O requests over an asynchronous transport, and the
/// asynchronous client: any completion token, `co_await`, cancellation.
#pragma once

#include <eloqua/bulk/async_transport.hpp>
#include <eloqua/bulk/client.hpp>
#include <eloqua/bulk/flow.hpp>
#include <eloqua/bulk/operation.hpp>

#include <boost/asio/any_completion_executor.hpp>
#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>

#include <concepts>
#include <coroutine>
#include <exception>
#include <memory>
#include <optional>
#include <utility>
#include <variant>

namespace eloqua::bulk {

namespace detail {

/// A running flow, independent of its result type. The handler of the pending I/O request owns it:
/// destroying the execution context destroys the flow with it.
template <async_transport Transport>
class async_fulfilment : public std::enable_shared_from_this<async_fulfilment<Transport>> {
public:
    async_fulfilment(std::shared_ptr<Transport> transport,
                     std::shared_ptr<channels<Transport>> open_channels)
        : transport_(std::move(transport)), open_channels_(std::move(open_channels)),
          io_executor_(transport_->get_executor()) {
        if (!open_channels_)
            open_channels_ = std::make_shared<channels<Transport>>();
        io_work_ =
            boost::asio::prefer(io_executor_, boost::asio::execution::outstanding_work.tracked);
    }
    async_fulfilment(async_fulfilment const&) = delete;
    async_fulfilment& operator=(async_fulfilment const&) = delete;
    virtual ~async_fulfilment() = default;

    boost::asio::any_io_executor const& io_executor() const { return io_executor_; }

    /// Called on the thread that starts the operation, which may be any thread. `user`: the user's
    /// cancellation slot.
    void begin(std::coroutine_handle<> flow, boost::asio::cancellation_slot user) {
        flow_ = flow;
        if (user.is_connected())
            user.assign([weak = this->weak_from_this()](boost::asio::cancellation_type type) {
                auto const self = weak.lock();
                if (self && type != boost::asio::cancellation_type::none)
                    boost::asio::dispatch(self->io_executor_, [weak] {
                        if (auto const still = weak.lock())
                            still->cancel();
                    });
            });
        boost::asio::dispatch(io_executor_, [self = this->shared_from_this()] {
            self->flow_.resume();
            self->proceed();
        });
    }

    bool operator()(io_request::send w) {
        channel_at(w.on).async_send(*w.what, handler(w.on));
        return true;
    }
    bool operator()(io_request::read_head w) {
        channel_at(w.on).async_read_head(*w.into, handler(w.on));
        return true;
    }
    bool operator()(io_request::read_some w) {
        channel_at(w.on).async_read_some(w.into, handler(channel_count));
        return true;
    }
    bool operator()(io_request::wait w) {
        async_wait_by(*transport_, w.how_long, handler(channel_count));
        return true;
    }
    bool operator()(io_request::drop w) {
        channel_at(w.on).drop();
        return false;
    }
    bool operator()(io_request::release w) {
        open_channels_->release(w.on);
        return false;
    }
    bool operator()(io_request::time) { return false; }

protected:
    flow_context context_;

    /// Called when the flow is done. `suspended`: false inside the call that started it.
    virtual void finish(bool suspended) = 0;
    /// Releases everything but the executor. A late cancellation on another thread may keep `this`
    /// alive for a while.
    void release() {
        open_channels_.reset();
        transport_.reset();
        io_work_ = {};
    }

private:
    auto& channel_at(channel_id s) { return open_channels_->at(*transport_, s); }

    /// `asks`: after an error, this channel is asked whether its connection was stale.
    io_handler handler(channel_id asks) {
        auto fulfilled = [self = this->shared_from_this(), asks](error_code ec, std::size_t n) {
            self->fulfilled(ec, n, asks);
        };
        return io_handler(std::move(fulfilled), io_executor_, abort_.slot());
    }

    bool heeds_cancellation() const { return cancelled_ && context_.shields == 0; }
    void cancel() {
        cancelled_ = true;
        // Composed operations may ignore the weaker cancellation types.
        if (heeds_cancellation())
            abort_.emit(boost::asio::cancellation_type::terminal);
    }

    void fulfilled(error_code ec, std::size_t n, channel_id asks) {
        has_suspended_ = true;
        io_result came;
        came.ec = ec;
        came.n = n;
        if (ec && asks != channel_count) {
            came.stale = channel_at(asks).stale();
            came.unsent = channel_at(asks).unsent();
        }
        resume(came, true);
        proceed();
    }

    void resume(io_result came, bool cancellable) {
        if (cancellable && heeds_cancellation())
            came.ec = make_error_code(boost::system::errc::operation_canceled);
        came.now = now_of(*transport_);
        context_.came = came;
        context_.waiting.resume();
    }

    /// Performs I/O requests until one is asynchronous or the flow ends.
    void proceed() {
        while (!flow_.done()) {
            bool const frees = io_request::frees(context_.wanted);
            if ((frees || !heeds_cancellation()) && std::visit(*this, context_.wanted))
                return;
            io_result came;
            came.unsent = std::holds_alternative<io_request::send>(context_.wanted);
            resume(came, !frees);
        }
        finish(has_suspended_);
    }

    boost::asio::cancellation_signal abort_;
    std::shared_ptr<Transport> transport_;
    std::shared_ptr<channels<Transport>> open_channels_;
    boost::asio::any_io_executor io_executor_;
    boost::asio::any_io_executor io_work_;
    std::coroutine_handle<> flow_;
    bool cancelled_ = false;
    bool has_suspended_ = false;
};

/// As above, with a result and its completion handler.
template <class T, async_transport Transport>
class async_run_of final : public async_fulfilment<Transport> {
public:
    using final_handler = boost::asio::any_completion_handler<void(T)>;

    async_run_of(flow<T> f, std::shared_ptr<Transport> transport,
                 std::shared_ptr<channels<Transport>> open_channels, final_handler done)
        : async_fulfilment<Transport>(std::move(transport), std::move(open_channels)),
          done_(std::move(done)), flow_(std::move(f)) {
        final_work_ =
            boost::asio::prefer(boost::asio::get_associated_executor(done_, this->io_executor()),
                                boost::asio::execution::outstanding_work.tracked);
    }
    void begin() {
        async_fulfilment<Transport>::begin(flow_->prepare(this->context_),
                                           boost::asio::get_associated_cancellation_slot(done_));
    }

private:
    /// The result of the flow. An exception must not leave through `run()` of the executor, which
    /// may belong to anyone, so it becomes a failure that the waiting caller gets.
    T take() {
        try {
            return flow_->take();
        } catch (...) {
            return T(failure_of(std::current_exception()));
        }
    }

    void finish(bool suspended) override {
        struct ending {
            final_handler done;
            T value;
            void operator()() { std::move(done)(std::move(value)); }
        };
        ending last{std::move(done_), take()};
        flow_.reset();
        this->release();
        boost::asio::any_completion_executor const executor = std::exchange(final_work_, {});
        if (suspended)
            boost::asio::dispatch(executor, std::move(last));
        else // still inside the initiating call
            boost::asio::post(this->io_executor(), [executor, last = std::move(last)]() mutable {
                boost::asio::dispatch(executor, std::move(last));
            });
    }

    boost::asio::any_completion_executor final_work_;
    final_handler done_;
    std::optional<flow<T>> flow_;
};

} // namespace detail

/// Runs a flow on the transport's executor. Completes with `void(T)` through the handler's
/// associated executor, never inside this call. `open_channels`: channels that must outlive the
/// flow; null: the flow gets channels of its own.
///
/// Cancellation of any type ends the current I/O request and all later ones with
/// `operation_canceled`, except those under a `cancellation_shield`. It may be requested on any
/// thread that may use the handler's slot. An exception in the flow, such as one from a range or
/// function of the caller, becomes a failure with `errc::callback_threw`.
template <class T, async_transport Transport, boost::asio::completion_token_for<void(T)> Token>
    requires std::constructible_from<T, failure>
auto async_run(flow<T> f, std::shared_ptr<Transport> transport,
               std::shared_ptr<detail::channels<Transport>> open_channels, Token&& token) {
    auto initiate = [](auto&& handler, flow<T> what, std::shared_ptr<Transport> by,
                       std::shared_ptr<detail::channels<Transport>> on) {
        std::make_shared<detail::async_run_of<T, Transport>>(
            std::move(what), std::move(by), std::move(on), std::forward<decltype(handler)>(handler))
            ->begin();
    };
    return boost::asio::async_initiate<Token, void(T)>(
        initiate, token, std::move(f), std::move(transport), std::move(open_channels));
}

/// The asynchronous client. Its operations run on a strand that the transport creates; the
/// executor passed in may be that of a thread pool:
///
///     bulk::async_client client{bulk::async_beast_transport{executor}, credentials};
///     bulk::result<bulk::sync> seen = co_await client.syncs().read(1444);
///
/// g++ before 13 makes a bitwise copy of temporaries created by braces, or by a lambda with
/// captures, inside a `co_await` expression, and destroys both copies. With such a compiler,
/// unnamed options, definitions, queries and lambdas are compile errors. Other temporaries inside
/// a call, such as rows, checkpoints, lists of values or views, cannot be detected: give them
/// names as well.
///
///     co_await client.contact_lists().list({.q = "name=*News*"}).page(); // bad
///     bulk::list_query query;
///     query.q = "name=*News*";
///     co_await client.contact_lists().list(query).page(); // good
using async_client = basic_client<any_async_transport>;

} // namespace eloqua::bulk
