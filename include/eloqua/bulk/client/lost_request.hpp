// SPDX-License-Identifier: BSL-1.0
/// \file
/// What the error of a request that brought no answer says about the request.
#pragma once

#include <eloqua/bulk/error.hpp>
#include <eloqua/bulk/wire/transport_options.hpp>

#include <boost/system/errc.hpp>

#include <string_view>

namespace eloqua::bulk {

namespace detail {

/// Whether an error of sending shows that no byte of the request can have been sent.
inline bool never_sent(error_code const& ec) {
    namespace errc = boost::system::errc;
    if (ec.category() == deadline_category())
        return ec == make_error_code(deadline::resolve) ||
               ec == make_error_code(deadline::connect) ||
               ec == make_error_code(deadline::handshake);
    return ec == errc::connection_refused || ec == errc::host_unreachable ||
           ec == errc::network_unreachable ||
           ec.category().name() == std::string_view("asio.netdb");
}

/// Whether trying again is pointless, since nothing changes by itself: a host name that does not
/// exist (1 of asio.netdb), TLS that cannot be agreed on, what no transport would send.
inline bool permanent(error_code const& ec) {
    std::string_view const category = ec.category().name();
    return category == "asio.ssl" || category == "tls.certificate" ||
           ec == make_error_code(errc::invalid_argument) ||
           (category == "asio.netdb" && ec.value() == 1);
}

/// Whether a call that failed may have been carried out all the same: all but a refusal in the
/// service's words, and what was never sent.
inline bool may_have_run(failure const& f) {
    return f.code.category() != http_category() && !never_sent(f.code) && !permanent(f.code) &&
           f.code != make_error_code(errc::not_authenticated) &&
           f.code != make_error_code(errc::untrusted_host);
}

} // namespace detail

} // namespace eloqua::bulk
