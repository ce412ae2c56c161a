// SPDX-License-Identifier: BSL-1.0
/// \file
/// The way from a client to a simulator in the same process.
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

/// A `blocking_channel` whose other end is a function. The request is answered as it is sent. It
/// behaves as if it kept its connection from one request to the next.
class channel {
public:
    using handler = std::function<delivery(request const&)>;
    using waiter = std::function<void(clock::duration, std::stop_token)>;

    /// `wait` lets the time pass in which an answer does not come.
    channel(handler service, waiter wait);

    void send(request const& q, std::stop_token stop, error_code& ec);
    void read_head(head& h, std::stop_token stop, error_code& ec);
    std::size_t read_some(std::span<char> into, std::stop_token stop, error_code& ec);
    /// As a transport over sockets tells it: the connection has served before, and gave not one
    /// byte of this answer.
    bool stale() const;
    bool unsent() const;
    void drop();

private:
    static bool cancelled(std::stop_token const& stop, error_code& ec);
    /// The exchange is over, and the connection good for another.
    bool complete() const;
    error_code stalled(deadline phase, std::stop_token const& stop);
    /// What there is in place of more of the body.
    error_code end(std::stop_token const& stop);
    std::size_t trickled() const;

    handler service_;
    waiter wait_;
    delivery answer_;
    error_code broken_; ///< the error that ended the exchange
    std::size_t read_ = 0;
    bool head_read_ = false;
    bool reused_ = false; ///< the connection had served before this request
    bool stale_ = false;
    bool unsent_ = false; ///< there was no connection
};

} // namespace eloqua::bulk::simulation
