// SPDX-License-Identifier: BSL-1.0
/// \file
/// Identifies the Eloqua instance that something belongs to, to detect mix-ups.
#pragma once

#include <eloqua/bulk/detail/http/exchange.hpp>
#include <eloqua/bulk/detail/http/session.hpp>
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

/// Whether two names belong to different instances: to different sites if both state the site,
/// otherwise to different hosts. An empty name matches any.
inline bool are_other_instances(std::string_view a, std::string_view b) {
    std::size_t const end_a = a.find('@'), end_b = b.find('@');
    if (end_a == a.npos || end_b == b.npos)
        return false;
    if (end_a != 0 && end_b != 0)
        return a.substr(0, end_a) != b.substr(0, end_b);
    return !iequals(a.substr(end_a), b.substr(end_b));
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
