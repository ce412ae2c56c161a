// SPDX-License-Identifier: BSL-1.0
/// \file
/// `any_transport`, a type-erased blocking transport.
#pragma once

#include <eloqua/bulk/detail/config.hpp>
#include <eloqua/bulk/flow.hpp>
#include <eloqua/bulk/operation.hpp>
#include <eloqua/bulk/transport.hpp>

#include <concepts>
#include <coroutine>
#include <memory>
#include <stop_token>
#include <utility>

namespace eloqua::bulk {

/// A type-erased blocking transport. Only one translation unit of an application has to compile
/// the actual transport and its driver.
class any_transport {
    struct interface {
        virtual ~interface() = default;
        virtual void drive(any_transport& self, std::coroutine_handle<> flow,
                           detail::flow_context& context,
                           detail::channels<any_transport>& open_channels,
                           std::stop_token const& stop) = 0;
        virtual any_channel acquire() = 0;
        virtual clock::time_point now() = 0;
        virtual void wait(clock::duration, std::stop_token) = 0;
    };
    template <class T>
    struct model final : interface {
        T transport;
        explicit model(T t) : transport(std::move(t)) {}
        void drive(any_transport& self, std::coroutine_handle<> flow, detail::flow_context& context,
                   detail::channels<any_transport>& open_channels,
                   std::stop_token const& stop) override {
            detail::drive_by<any_transport>(self, flow, context, open_channels, stop);
        }
        any_channel acquire() override { return any_channel(transport.acquire()); }
        clock::time_point now() override { return now_of(transport); }
        void wait(clock::duration d, std::stop_token stop) override {
            wait_by(transport, d, std::move(stop));
        }
    };

public:
    /// Takes ownership of a blocking transport.
    template <class T>
        requires(!std::same_as<T, any_transport>) && blocking_transport<T>
    any_transport(T t) : self_(std::make_unique<model<T>>(std::move(t))) {}
    /// For asynchronous transports: a compile error with a message.
    template <class T>
        requires(!std::same_as<T, any_transport>) && (!blocking_transport<T>) &&
                requires(T& t) { t.get_executor(); }
    any_transport(T) {
        static_assert(blocking_transport<T>,
                      "eloqua: this transport is asynchronous: use it with a bulk::async_client");
    }

    /// @{
    /// Forwards to the transport, see `blocking_transport` and `has_own_clock`. Without a clock of
    /// its own, uses `clock`.
    any_channel acquire() { return self_->acquire(); }
    clock::time_point now() { return self_->now(); }
    void wait(clock::duration d, std::stop_token stop) { self_->wait(d, std::move(stop)); }
    /// @}
    /// Runs a flow prepared with `context` to its end, see `run`.
    void drive(std::coroutine_handle<> flow, detail::flow_context& context,
               detail::channels<any_transport>& open_channels, std::stop_token const& stop) {
        self_->drive(*this, flow, context, open_channels, stop);
    }

private:
    std::unique_ptr<interface> self_;
};

#ifdef ELOQUA_BULK_SEPARATE_COMPILATION
extern template void detail::drive_by<any_transport>(any_transport&, std::coroutine_handle<>,
                                                     flow_context&, channels<any_transport>&,
                                                     std::stop_token const&);
#endif

} // namespace eloqua::bulk
