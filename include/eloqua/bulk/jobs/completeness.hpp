// SPDX-License-Identifier: BSL-1.0
/// \file
/// Whether the pages of an export are all of its rows.
#pragma once

#include <eloqua/bulk/codec/page_envelope.hpp>
#include <eloqua/bulk/error.hpp>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>

namespace eloqua::bulk {

/// What is known of the number of an export's rows, page by page.
struct completeness {
    std::optional<std::int64_t> logged;  ///< by the sync's log
    std::optional<std::int64_t> cut_off; ///< so many rows such an export can have at most
    std::optional<std::int64_t> total;   ///< `totalResults` of the pages

    /// A page was read to its end: it begins with row `begin`, has `got` rows, and was asked to
    /// have `asked`. Results in whether there are more; false only if all rows have come.
    ///
    /// Errors, with the numbers: `errc::total_changed`, `errc::empty_page`, `errc::rows_missing`,
    /// `errc::short_page`, `errc::too_many_rows`, `errc::count_mismatch`, `errc::rows_cut_off`,
    /// `errc::malformed_response` for a page without `items` where rows can be.
    [[nodiscard]] result<bool> take(page_envelope const& said, std::int64_t begin, std::int64_t got,
                                    std::int64_t asked) {
        auto numbers = [&] {
            return "page at offset " + std::to_string(begin) + " has " + std::to_string(got) +
                   " rows" +
                   (said.totalResults ? ", totalResults " + std::to_string(*said.totalResults)
                                      : "") +
                   (said.hasMore ? std::string(", hasMore ") + (*said.hasMore ? "true" : "false")
                                 : "");
        };
        if (said.totalResults && total && *total != *said.totalResults)
            return failure(errc::total_changed,
                           numbers() + ", before it was " + std::to_string(*total));
        if (said.totalResults)
            total = said.totalResults;
        std::int64_t const end = begin + got;
        bool const more = said.hasMore.value_or(total ? end < *total : got == asked);
        if (!said.has_items && !said.totalResults && logged != 0)
            return failure(errc::malformed_response, "the page has no 'items'");
        if (got == 0 && more)
            return failure(errc::empty_page, numbers());
        if (got == 0 && total && end < *total)
            return failure(errc::rows_missing, numbers());
        std::int64_t full = asked;
        if (said.limit && *said.limit > 0)
            full = std::min(full, *said.limit);
        if (total)
            full = std::min(full, *total - begin);
        if ((more || total) && got < full)
            return failure(errc::short_page, numbers() + ", must have " + std::to_string(full));
        if (total && (end > *total || (more && end == *total)))
            return failure(errc::too_many_rows, numbers() + "; that is more than there are");
        auto const other_than_logged = [&] {
            return failure(errc::count_mismatch, std::to_string(end) +
                                                     " rows came, the sync's log states " +
                                                     std::to_string(*logged));
        };
        if (more && logged && end > *logged)
            return other_than_logged();
        if (more)
            return true;
        if (total && end != *total)
            return failure(errc::rows_missing, numbers() + "; no more are offered");
        if (logged && end != *logged)
            return other_than_logged();
        if (!total && !logged && !said.hasMore)
            return failure(errc::rows_missing,
                           numbers() +
                               "; that may be all, but neither pages nor the sync's log say "
                               "how many there are");
        if (end == cut_off)
            return failure(errc::rows_cut_off,
                           std::to_string(end) +
                               " rows came, which is where such exports are cut off",
                           "export fewer rows at once, such as those of a shorter time");
        return false;
    }
};

} // namespace eloqua::bulk
