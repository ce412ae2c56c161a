// SPDX-License-Identifier: BSL-1.0
/// \file
/// Identifies the Eloqua instance that something belongs to, to detect mix-ups.
#pragma once

#include <eloqua/bulk/detail/http/exchange.hpp>
#include <eloqua/bulk/detail/http/session.hpp>
#include <eloqua/bulk/detail/text/instance_names.hpp>
#include <eloqua/bulk/detail/text/shown.hpp>
#include <eloqua/bulk/error.hpp>
#include <eloqua/bulk/flow.hpp>
#include <eloqua/bulk/http.hpp>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace eloqua::bulk::detail {

/// The name of an instance: "4211@https://secure.p01.eloqua.com", made of the number of its site,
/// if the login service states it, and the host of its base URL. Printable ASCII without blanks.
inline std::string name_of_instance(std::optional<std::int64_t> site, std::string base) {
    std::ranges::replace_if(base, [](char c) { return c <= ' ' || c > '~' || c == '@'; }, '?');
    return (site ? std::to_string(*site) : std::string()) + '@' + base;
}

/// The failure for using something of one instance at another; `what` names it in the message.
inline failure of_another_instance(errc code, std::string const& what, std::string const& its,
                                   std::string const& here) {
    return failure(code, what + " belongs to the instance " + shown(its) + ", but this is " + here,
                   "resume it there, or start over");
}

/// The name of a session's instance. Queries the login service if necessary. Errors: those of
/// `base_url`.
template <class Session>
flow<result<std::string>> instance_of(Session& s) {
    result<url> const base = co_await base_url(s);
    if (!base)
        co_return base.error();
    co_return name_of_instance(s.site, base->at.text());
}

} // namespace eloqua::bulk::detail
