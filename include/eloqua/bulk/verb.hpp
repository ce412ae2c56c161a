// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <string_view>

namespace eloqua::bulk {

/// HTTP methods of the API. The client never sends HEAD; it exists for the simulator.
enum class verb : unsigned char { get, post, put, delete_, head };

/// The name of a method.
constexpr std::string_view to_string(verb v) noexcept {
    constexpr std::string_view names[] = {"GET", "POST", "PUT", "DELETE", "HEAD"};
    return names[static_cast<unsigned char>(v)];
}

} // namespace eloqua::bulk
