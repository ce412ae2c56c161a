// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <string_view>

namespace eloqua::bulk {

/// How rows are written on the wire.
enum class rows_format : unsigned char {
    json, ///< pages say how many rows there are, and whether more follow
    csv,  ///< about half as many bytes; pages say nothing but their rows
};

constexpr std::string_view media_type(rows_format f) {
    return f == rows_format::csv ? "text/csv" : "application/json";
}

} // namespace eloqua::bulk
