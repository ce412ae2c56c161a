// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <string_view>

namespace eloqua::bulk {

/// HTTP methods of the API. The client never sends HEAD, but others may to a simulator.
enum class verb : unsigned char { get, post, put, delete_, head };

constexpr std::string_view to_string(verb v) noexcept {
    switch (v) {
    case verb::get:
        return "GET";
    case verb::post:
        return "POST";
    case verb::put:
        return "PUT";
    case verb::delete_:
        return "DELETE";
    case verb::head:
        return "HEAD";
    }
    return "GET";
}

} // namespace eloqua::bulk
