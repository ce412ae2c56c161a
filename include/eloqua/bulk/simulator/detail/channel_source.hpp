// SPDX-License-Identifier: BSL-1.0
/// \file
/// The channel of a simulator: compiled with the simulated service.
#pragma once

#include <eloqua/bulk/detail/config.hpp>
#include <eloqua/bulk/error.hpp>
#include <eloqua/bulk/http.hpp>
#include <eloqua/bulk/simulator/delivery.hpp>
#include <eloqua/bulk/simulator/detail/channel.hpp>
#include <eloqua/bulk/transport_options.hpp>

#include <boost/system/errc.hpp>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <span>
#include <stop_token>
#include <string_view>
#include <utility>

namespace eloqua::bulk::simulation {

ELOQUA_BULK_DECL channel::channel(handler service, waiter wait)
    : service_(std::move(service)), wait_(std::move(wait)) {}
ELOQUA_BULK_DECL void channel::send(request const& q, std::stop_token stop, error_code& ec) {
    reused_ = complete();
    drop();
    unsent_ = true;
    if (cancelled(stop, ec))
        return;
    answer_ = service_(q);
    if (q.method == verb::head)
        answer_.body.clear();
    unsent_ = answer_.suffers(fault_kind::refuse) || answer_.suffers(fault_kind::cut_handshake);
    if (answer_.suffers(fault_kind::refuse))
        broken_ = make_error_code(boost::system::errc::connection_refused);
    else if (unsent_ || answer_.suffers(fault_kind::reset_inside))
        broken_ = make_error_code(boost::system::errc::connection_reset);
    stale_ = reused_ && answer_.suffers(fault_kind::reset_inside);
    ec = broken_;
}

ELOQUA_BULK_DECL void channel::read_head(head& h, std::stop_token stop, error_code& ec) {
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
    h.reason = answer_.reason;
    h.fields = answer_.fields;
    h.content_length = answer_.stated_length();
    head_read_ = true;
}

ELOQUA_BULK_DECL std::size_t channel::read_some(std::span<char> into, std::stop_token stop,
                                                error_code& ec) {
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

ELOQUA_BULK_DECL bool channel::stale() const {
    return stale_;
}

ELOQUA_BULK_DECL bool channel::unsent() const {
    return unsent_;
}

ELOQUA_BULK_DECL void channel::drop() {
    answer_ = delivery();
    broken_ = error_code();
    read_ = 0;
    stale_ = head_read_ = false;
}

ELOQUA_BULK_DECL bool channel::cancelled(std::stop_token const& stop, error_code& ec) {
    ec = stop.stop_requested() ? make_error_code(boost::system::errc::operation_canceled)
                               : error_code();
    return static_cast<bool>(ec);
}

ELOQUA_BULK_DECL bool channel::complete() const {
    return head_read_ && !broken_ && read_ == answer_.stated_length() &&
           !answer_.suffers(fault_kind::repeat_answer);
}

ELOQUA_BULK_DECL error_code channel::stalled(deadline phase, std::stop_token const& stop) {
    wait_(deadlines().of(phase), stop);
    return stop.stop_requested() ? make_error_code(boost::system::errc::operation_canceled)
                                 : make_error_code(phase);
}

ELOQUA_BULK_DECL error_code channel::end(std::stop_token const& stop) {
    if (broken_ || read_ == answer_.stated_length())
        return broken_;
    if (answer_.suffers(fault_kind::stall))
        return stalled(deadline::read, stop);
    return make_error_code(answer_.suffers(fault_kind::overstate)
                               ? boost::system::errc::connection_aborted
                               : boost::system::errc::connection_reset);
}

ELOQUA_BULK_DECL std::size_t channel::trickled() const {
    std::size_t const piece = answer_.injected->piece();
    return read_ / piece < fault::trickled_pieces ? piece : answer_.body.size();
}

} // namespace eloqua::bulk::simulation
