// SPDX-License-Identifier: BSL-1.0
/// \file
/// The way from a client to a simulator in the same process.
#pragma once

#include <eloqua/bulk/error.hpp>
#include <eloqua/bulk/simulator/delivery.hpp>
#include <eloqua/bulk/wire/http.hpp>
#include <eloqua/bulk/wire/transport.hpp>
#include <eloqua/bulk/wire/transport_options.hpp>

#include <boost/system/errc.hpp>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <functional>
#include <span>
#include <stop_token>
#include <string_view>
#include <utility>

namespace eloqua::bulk::simulation {

/// A `blocking_channel` whose other end is a function. The request is answered as it is sent. It
/// behaves as if it kept its connection from one request to the next.
class channel {
public:
    using handler = std::function<delivery(request const&)>;
    using waiter = std::function<void(clock::duration, std::stop_token)>;

    /// `wait` lets the time pass in which an answer does not come.
    channel(handler service, waiter wait) : service_(std::move(service)), wait_(std::move(wait)) {}

    void send(request const& q, std::stop_token stop, error_code& ec) {
        reused_ = complete();
        drop();
        if (cancelled(stop, ec))
            return;
        answer_ = service_(q);
        if (answer_.suffers(fault_kind::refuse))
            broken_ = make_error_code(boost::system::errc::connection_refused);
        else if (answer_.suffers(fault_kind::reset_inside))
            broken_ = make_error_code(boost::system::errc::connection_reset);
        stale_ = reused_ && answer_.suffers(fault_kind::reset_inside);
        ec = broken_;
    }
    void read_head(head& h, std::stop_token stop, error_code& ec) {
        if (cancelled(stop, ec))
            return;
        if (!broken_ && answer_.headless()) {
            broken_ = answer_.suffers(fault_kind::stall)
                          ? stalled(deadline::head, stop)
                          : make_error_code(boost::system::errc::connection_reset);
            stale_ = reused_ && (answer_.suffers(fault_kind::reset_before) ||
                                 answer_.suffers(fault_kind::lose_answer));
        }
        ec = broken_;
        if (ec)
            return;
        h = head();
        h.status = answer_.status;
        h.fields = answer_.fields;
        h.content_length = answer_.stated_length();
        head_read_ = true;
    }
    std::size_t read_some(std::span<char> into, std::stop_token stop, error_code& ec) {
        if (cancelled(stop, ec))
            return 0;
        std::string_view const rest = answer_.arriving().substr(read_);
        if (broken_ || (rest.empty() && answer_.injected && !into.empty())) {
            ec = broken_ = end(stop);
            return 0;
        }
        std::size_t n = std::min(into.size(), rest.size());
        if (answer_.suffers(fault_kind::trickle))
            n = std::min(n, trickled());
        if (n != 0)
            std::memcpy(into.data(), rest.data(), n);
        read_ += n;
        return n;
    }
    /// As a transport over sockets tells it: the connection has served before, and gave not one
    /// byte of this answer.
    bool stale() const { return stale_; }
    void drop() {
        answer_ = delivery();
        broken_ = error_code();
        read_ = 0;
        stale_ = head_read_ = false;
    }

private:
    static bool cancelled(std::stop_token const& stop, error_code& ec) {
        ec = stop.stop_requested() ? make_error_code(boost::system::errc::operation_canceled)
                                   : error_code();
        return static_cast<bool>(ec);
    }
    /// The exchange is over, and the connection good for another.
    bool complete() const {
        return head_read_ && !broken_ && read_ == answer_.stated_length() &&
               !answer_.suffers(fault_kind::repeat_answer);
    }
    error_code stalled(deadline phase, std::stop_token const& stop) {
        wait_(deadlines().of(phase), stop);
        return stop.stop_requested() ? make_error_code(boost::system::errc::operation_canceled)
                                     : make_error_code(phase);
    }
    /// What there is in place of more of the body.
    error_code end(std::stop_token const& stop) {
        if (broken_ || read_ == answer_.stated_length())
            return broken_;
        if (answer_.suffers(fault_kind::stall))
            return stalled(deadline::read, stop);
        return make_error_code(answer_.suffers(fault_kind::overstate)
                                   ? boost::system::errc::connection_aborted
                                   : boost::system::errc::connection_reset);
    }
    std::size_t trickled() const {
        std::size_t const piece = answer_.injected->piece();
        return read_ / piece < fault::trickled_pieces ? piece : answer_.body.size();
    }

    handler service_;
    waiter wait_;
    delivery answer_;
    error_code broken_; ///< the error that ended the exchange
    std::size_t read_ = 0;
    bool head_read_ = false;
    bool reused_ = false; ///< the connection had served before this request
    bool stale_ = false;
};

} // namespace eloqua::bulk::simulation
