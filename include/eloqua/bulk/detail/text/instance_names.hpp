// SPDX-License-Identifier: BSL-1.0
/// \file
/// Compares names of Eloqua instances.
#pragma once

#include <eloqua/bulk/detail/text/ascii.hpp>

#include <cstddef>
#include <string_view>

namespace eloqua::bulk::detail {

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

} // namespace eloqua::bulk::detail
