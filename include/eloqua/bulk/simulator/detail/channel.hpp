// SPDX-License-Identifier: BSL-1.0
/// \file
/// Connects a client to a simulator in the same process.
#pragma once

#include <eloqua/bulk/detail/config.hpp>
#include <eloqua/bulk/error.hpp>
#include <eloqua/bulk/http.hpp>
#include <eloqua/bulk/simulator/delivery.hpp>
#include <eloqua/bulk/transport.hpp>
#include <eloqua/bulk/transport_options.hpp>

#include <cstddef>
#include <functional>
#include <span>
#include <stop_token>

namespace eloqua::bulk::simulation {

/// A `blocking_channel` whose peer is a function, which is called when the request is sent. It
/// behaves as if it kept its connection from one request to the next.
class channel {
public:
    using handler = std::function<delivery(request const&)>;
    using waiter = std::function<void(clock::duration, std::stop_token)>;

    /// `wait` lets time pass while a response is missing.
    channel(handler service, waiter wait);

    void send(request const& q, std::stop_token stop, error_code& ec);
    void read_head(head& h, std::stop_token stop, error_code& ec);
    std::size_t read_some(std::span<char> into, std::stop_token stop, error_code& ec);
    /// As for a transport over sockets: whether the connection has served before and returned no
    /// byte of this response.
    bool stale() const;
    bool unsent() const;
    void drop();

private:
    static bool cancelled(std::stop_token const& stop, error_code& ec);
    /// Whether the exchange is complete and the connection can be reused.
    bool complete() const;
    error_code stalled(deadline phase, std::stop_token const& stop);
    /// The error at the end of the data, or success if the body is complete.
    error_code end(std::stop_token const& stop);
    std::size_t trickled() const;

    handler service_;
    waiter wait_;
    delivery answer_;
    error_code broken_; ///< the error that ended the exchange
    std::size_t read_ = 0;
    bool head_read_ = false;
    bool reused_ = false; ///< the connection has served earlier requests
    bool stale_ = false;
    bool unsent_ = false; ///< there was no connection
};

} // namespace eloqua::bulk::simulation
