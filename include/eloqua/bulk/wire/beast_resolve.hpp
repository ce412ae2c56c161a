// SPDX-License-Identifier: BSL-1.0
/// \file
/// Looking a host up, within a deadline.
#pragma once

#include <eloqua/bulk/wire/http.hpp>
#include <eloqua/bulk/wire/transport_options.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/address_v4.hpp>
#include <boost/asio/ip/address_v6.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace eloqua::bulk::detail {

/// A look-up in a thread of Asio's, which nothing can interrupt: who waits for it waits for
/// `finished`, and may leave.
struct resolution {
    boost::asio::ip::tcp::resolver resolver;
    boost::asio::steady_timer finished;
    bool done = false;
    error_code ec;
    std::vector<boost::asio::ip::tcp::endpoint> found;

    explicit resolution(boost::asio::any_io_executor const& executor)
        : resolver(executor), finished(executor) {}
};

/// Fails with `deadline::resolve` at `until`, and with `operation_aborted` when `finished` is
/// cancelled. A look-up that takes longer runs on unheeded, and keeps `run()` from returning.
inline boost::asio::awaitable<error_code>
resolve(std::shared_ptr<resolution> lookup, origin const& to, clock::time_point until,
        std::vector<boost::asio::ip::tcp::endpoint>& found) {
    using boost::asio::ip::tcp;
    error_code ec;
    boost::asio::ip::address const address = boost::asio::ip::make_address(to.host, ec);
    if (!ec) {
        found.emplace_back(address, to.port);
        co_return ec;
    }
    if (iequals(to.host, "localhost")) { // RFC 6761: this machine, whatever a resolver says
        found.emplace_back(boost::asio::ip::address_v4::loopback(), to.port);
        found.emplace_back(boost::asio::ip::address_v6::loopback(), to.port);
        co_return error_code();
    }
    auto heed = [lookup](error_code failed, tcp::resolver::results_type const& results) {
        lookup->done = true;
        lookup->ec = failed;
        for (auto const& each : results)
            lookup->found.push_back(each.endpoint());
        lookup->finished.cancel();
    };
    lookup->finished.expires_at(until);
    lookup->resolver.async_resolve(to.host, std::to_string(to.port), tcp::resolver::numeric_service,
                                   std::move(heed));
    co_await lookup->finished.async_wait(
        boost::asio::redirect_error(boost::asio::use_awaitable, ec));
    if (lookup->done && clock::now() < until) {
        found = std::move(lookup->found);
        co_return lookup->ec;
    }
    lookup->resolver.cancel();
    co_return ec ? ec : make_error_code(deadline::resolve);
}

} // namespace eloqua::bulk::detail
