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
    void operator()(wish::wait w) { wait_by(transport, w.how_long, stop); }
    void operator()(wish::time) {}
};

/// Runs what was prepared with `context` to its end.
template <class Transport>
void drive_by(Transport& transport, std::coroutine_handle<> flow, flow_context& context,
              leases<Transport>& held, std::stop_token const& stop) {
    for (flow.resume(); !flow.done(); context.waiting.resume()) {
        blocking_fulfilment<Transport> now{transport, held, stop};
        bool const frees = std::holds_alternative<wish::drop>(context.wanted);
        if (frees || !stop.stop_requested())
            std::visit(now, context.wanted);
        if (!frees && stop.stop_requested())
            now.came.ec = make_error_code(boost::system::errc::operation_canceled);
        now.came.now = now_of(transport);
        context.came = now.came;
    }
}

} // namespace detail

/// Runs a flow to its end on the calling thread. When `stop` is stopped, the wish under way and
/// all that follow end with `operation_canceled`.
template <class T, blocking_transport Transport>
T run(flow<T> f, Transport& transport, leases<Transport>& held,
      std::stop_token stop = std::stop_token()) {
    flow_context context;
    if constexpr (std::same_as<Transport, any_transport>)
        transport.drive(f.prepare(context), context, held, stop);
    else
        detail::drive_by(transport, f.prepare(context), context, held, stop);
    return f.take();
}

} // namespace eloqua::bulk
