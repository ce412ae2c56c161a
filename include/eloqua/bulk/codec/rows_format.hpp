// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <string_view>

namespace eloqua::bulk {

/// How rows are written on the wire.
enum class rows_format : unsigned char {
    json, ///< pages say how many rows there are, and whether more follow
    csv,  ///< about half as many bytes; pages say nothing but their rows
};

/// What becomes of an exported row with text that is not UTF-8 (RFC 3629), or has half of a
/// surrogate pair.
enum class broken_text : unsigned char {
    refused,  ///< the export fails, with an error that names the row and the column
    replaced, ///< U+FFFD stands for what is broken; the receipt counts such values by column
};

constexpr std::string_view media_type(rows_format f) {
    return f == rows_format::csv ? "text/csv" : "application/json";
}

} // namespace eloqua::bulk
