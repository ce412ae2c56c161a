// SPDX-License-Identifier: BSL-1.0
/// \file
/// What the error of a request that brought no answer says about the request.
#pragma once

#include <eloqua/bulk/error.hpp>
#include <eloqua/bulk/wire/transport_options.hpp>

#include <string_view>

namespace eloqua::bulk {

namespace detail {

/// Whether sending a request that could not be sent again is pointless, since nothing changes by
/// itself: a host name that does not exist (1 of asio.netdb), TLS that cannot be agreed on, a proxy
/// that does not want to, what no transport would send.
inline bool permanent(error_code const& ec) {
    std::string_view const category = ec.category().name();
    return category == "asio.ssl" || category == "tls.certificate" ||
           ec == make_error_code(errc::invalid_argument) ||
           (ec.category() == proxy_category() && ec.value() < 500) ||
           (category == "asio.netdb" && ec.value() == 1);
}

/// Whether a call that failed may have been carried out all the same: all but a refusal in the
/// service's words, and what was never sent.
inline bool may_have_run(failure const& f) {
    return f.code.category() != http_category() && !f.info.unsent &&
           f.code != make_error_code(errc::not_authenticated) &&
           f.code != make_error_code(errc::untrusted_host);
}

} // namespace detail

} // namespace eloqua::bulk
