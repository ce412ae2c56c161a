// SPDX-License-Identifier: BSL-1.0
/// \file
/// What comes out of a page of rows.
#pragma once

#include <cstdint>
#include <optional>

namespace eloqua::bulk {

/// What a page says besides its rows. A member is empty if the page does not have it.
struct page_envelope {
    std::optional<std::int64_t> totalResults;
    std::optional<std::int64_t> limit;
    std::optional<std::int64_t> offset;
    std::optional<std::int64_t> count; ///< not to be trusted: 0 beside rows has been seen
    std::optional<bool> hasMore;
    bool has_items = false; ///< may be missing where there are no rows
};

/// Where decoded rows go.
class row_sink {
public:
    /// The object to fill: of the type that the decoder's table is of. Asked for when a row is
    /// complete in the input.
    virtual void* begin_row() = 0;
    /// The row is filled, or, if not `complete`, will never be: a value did not fit.
    virtual void end_row(bool complete) = 0;
    /// The page is read again from its begin: forget its rows.
    virtual void restart() {}

protected:
    ~row_sink() = default;
};

} // namespace eloqua::bulk
