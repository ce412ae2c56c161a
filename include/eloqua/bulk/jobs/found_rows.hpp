// SPDX-License-Identifier: BSL-1.0
/// \file
/// Which rows a reject can be about.
#pragma once

#include <cstddef>
#include <vector>

namespace eloqua::bulk {

/// The rows that a reject can be about.
struct found_rows {
    std::vector<std::size_t> rows; ///< by the caller's numbers; at most 100
    bool certain = false;          ///< there is one, and its identifier agrees
};

} // namespace eloqua::bulk
