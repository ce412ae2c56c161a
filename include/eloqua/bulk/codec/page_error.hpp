// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <eloqua/bulk/error.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace eloqua::bulk::detail {

/// Why a page is refused.
struct page_error {
    std::string what; ///< empty: it is not
    std::string member;
    bool of_value = false; ///< a value that its member cannot hold; else a page that is none

    failure at(std::uint64_t byte, std::int64_t row) const {
        if (of_value)
            return failure(errc::invalid_value, what,
                           "give the member a type that can hold what the field holds");
        return failure(errc::malformed_response,
                       what + ", at byte " + std::to_string(byte) + " of the page, in row " +
                           std::to_string(row) +
                           (member.empty() ? "" : ", member '" + member + "'"));
    }
};

inline page_error value_error(std::int64_t row, std::string_view key, std::string_view text,
                              bool missing) {
    return {"row " + std::to_string(row) + ": member '" + std::string(key) + "' " +
                (missing        ? "is missing and cannot be blank"
                 : text.empty() ? "cannot be blank (an optional could)"
                                : "cannot hold \"" + std::string(text.substr(0, 100)) + "\""),
            {},
            true};
}

} // namespace eloqua::bulk::detail
