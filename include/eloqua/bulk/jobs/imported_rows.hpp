// SPDX-License-Identifier: BSL-1.0
/// \file
/// The rows of an import, whatever their type and that of their range.
#pragma once

#include <cstddef>

namespace eloqua::bulk {

/// A pass through the rows of an import, which can go back to what is not synced yet.
class imported_rows {
public:
    virtual ~imported_rows() = default;

    /// Whether rows can be passed more than once.
    virtual bool can_go_back() const = 0;
    virtual bool at_end() = 0;
    /// The current row, until `next`; null if it is not one of those that the import was made for.
    virtual void const* row() = 0;
    /// Goes on from the row of this number; the first `synced` rows need not be passed again.
    virtual void next(std::size_t number, std::size_t synced) = 0;
    /// Goes back to after the first `synced` rows.
    virtual void go_back(std::size_t synced) = 0;
};

} // namespace eloqua::bulk
