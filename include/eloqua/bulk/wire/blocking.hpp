// SPDX-License-Identifier: BSL-1.0
/// \file
/// The blocking driver: carries a flow's wishes out by a blocking transport.
#pragma once

#include <eloqua/bulk/wire/flow.hpp>
#include <eloqua/bulk/wire/transport.hpp>

#include <boost/system/errc.hpp>

#include <concepts>
#include <coroutine>
#include <stop_token>
#include <utility>
#include <variant>

namespace eloqua::bulk {

class any_transport;

namespace detail {

/// Carries out one wish.
template <blocking_transport Transport>
struct blocking_fulfilment {
    Transport& transport;
    leases<Transport>& held;
    std::stop_token const& stop;
    outcome came{};

    void operator()(wish::send w) {
        auto& channel = held.at(transport, w.on);
        channel.send(*w.what, stop, came.ec);
        came.stale = came.ec && channel.stale();
        came.unsent = came.ec && channel.unsent();
    }
    void operator()(wish::read_head w) {
        auto& channel = held.at(transport, w.on);
        channel.read_head(*w.into, stop, came.ec);
        came.stale = came.ec && channel.stale();
    }
    void operator()(wish::read_some w) {
        came.n = held.at(transport, w.on).read_some(w.into, stop, came.ec);
    }
    void operator()(wish::drop w) { held.at(transport, w.on).drop(); }
    void operator()(wish::release w) { held.release(w.on); }
    void operator()(wish::wait w) { wait_by(transport, w.how_long, stop); }
    void operator()(wish::time) {}
};

/// Runs what was prepared with `context` to its end.
template <class Transport>
void drive_by(Transport& transport, std::coroutine_handle<> flow, flow_context& context,
              leases<Transport>& held, std::stop_token const& stop) {
    std::stop_token const never;
    for (flow.resume(); !flow.done(); context.waiting.resume()) {
        std::stop_token const& heeded = context.shields == 0 ? stop : never;
        blocking_fulfilment<Transport> now{transport, held, heeded};
        bool const frees = wish::frees(context.wanted);
        if (frees || !heeded.stop_requested())
            std::visit(now, context.wanted);
        else
            now.came.unsent = std::holds_alternative<wish::send>(context.wanted);
        if (!frees && heeded.stop_requested())
            now.came.ec = make_error_code(boost::system::errc::operation_canceled);
        now.came.now = now_of(transport);
        context.came = now.came;
    }
}

} // namespace detail

/// Runs a flow to its end on the calling thread. When `stop` is stopped, the wish under way and
/// all that follow end with `operation_canceled`, but for those under a `cancellation_shield`.
template <class T, blocking_transport Transport>
T run(flow<T> f, Transport& transport, leases<Transport>& held,
      std::stop_token stop = std::stop_token()) {
    flow_context context;
    flow<T> running(std::move(f)); // so that what it holds is destroyed before the context
    if constexpr (std::same_as<Transport, any_transport>)
        transport.drive(running.prepare(context), context, held, stop);
    else
        detail::drive_by(transport, running.prepare(context), context, held, stop);
    return running.take();
}

} // namespace eloqua::bulk
