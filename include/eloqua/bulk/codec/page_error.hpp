// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <eloqua/bulk/error.hpp>
#include <eloqua/bulk/schema/shown.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace eloqua::bulk::detail {

/// Why a page is refused.
struct page_error {
    std::string what; ///< empty: it is not
    std::string member;
    char const* advice = "";
    bool of_value = false; ///< the page is right, but a member cannot hold `value`
    bool of_row = false;   ///< `what` is said of the row, which has `value` in the column `name`
    std::string name = {};
    std::string value = {}; ///< empty: there is none

    failure at(std::uint64_t byte, std::int64_t row, row_values how) const {
        if (of_value)
            return failure(errc::invalid_value,
                           value.empty() ? what : what + ' ' + shown_value(value, how), advice);
        std::string text = what;
        if (of_row)
            text =
                "row " + std::to_string(row) +
                (value.empty() ? "" : " (" + shown(name) + " is " + shown_value(value, how) + ')') +
                ' ' + what;
        return failure(errc::malformed_response,
                       text + ", at byte " + std::to_string(byte) + " of the page, in row " +
                           std::to_string(row) +
                           (member.empty() ? "" : ", member '" + shown(member) + "'"),
                       advice);
    }
};

inline std::string too_many_rows(std::int64_t asked) {
    return "the page has more than the " + std::to_string(asked) + " rows that were asked for";
}

inline page_error value_error(std::int64_t row, std::string_view key, std::string_view text,
                              bool missing) {
    return {"row " + std::to_string(row) + ": member '" + std::string(key) + "' " +
                (missing        ? "is missing and cannot be blank"
                 : text.empty() ? "cannot be blank"
                                : "cannot hold"),
            {},
            text.empty() ? "make the member an optional, or say what a blank means: "
                           "bulk::default_if_blank in the row's eloqua_blanks"
                         : "give the member a type that can hold what the field holds; for a time, "
                           "one that is fine enough",
            true,
            false,
            {},
            std::string(text.substr(0, 2 * shown_of_value))};
}

} // namespace eloqua::bulk::detail
