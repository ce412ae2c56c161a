// SPDX-License-Identifier: BSL-1.0
/// \file
/// The way from a client to a simulator in the same process.
#pragma once

#include <eloqua/bulk/error.hpp>
#include <eloqua/bulk/wire/http.hpp>

#include <boost/system/errc.hpp>

#include <algorithm>
#include <cstddef>
#include <functional>
#include <span>
#include <stop_token>
#include <string>
#include <utility>

namespace eloqua::bulk::simulation {

/// A `blocking_channel` whose other end is a function. The request is answered as it is sent.
class channel {
public:
    explicit channel(std::function<response(request const&)> service)
        : service_(std::move(service)) {}

    void send(request const& q, std::stop_token stop, error_code& ec) {
        drop();
        if (cancelled(stop, ec))
            return;
        answer_ = service_(q);
    }
    void read_head(head& h, std::stop_token stop, error_code& ec) {
        if (cancelled(stop, ec))
            return;
        h = head();
        h.status = answer_.status;
        h.fields = answer_.fields;
        h.content_length = answer_.body.size();
    }
    std::size_t read_some(std::span<char> into, std::stop_token stop, error_code& ec) {
        if (cancelled(stop, ec))
            return 0;
        std::size_t const n = answer_.body.copy(into.data(), into.size(), read_);
        read_ += n;
        return n;
    }
    bool stale() const { return false; }
    void drop() {
        answer_ = response();
        read_ = 0;
    }

private:
    static bool cancelled(std::stop_token const& stop, error_code& ec) {
        ec = stop.stop_requested() ? make_error_code(boost::system::errc::operation_canceled)
                                   : error_code();
        return static_cast<bool>(ec);
    }

    std::function<response(request const&)> service_;
    response answer_;
    std::size_t read_ = 0;
};

} // namespace eloqua::bulk::simulation
