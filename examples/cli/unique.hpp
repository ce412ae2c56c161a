// SPDX-License-Identifier: BSL-1.0
// Checks that no value of a column occurs twice in a file.
#pragma once

#include "output.hpp"
#include <string>

namespace cli {

/// Reads a complete file. Throws `ending`, with the value and both lines, if two rows have the same
/// value: the service then changed the order of the rows between pages, so that others are
/// missing. Uses 8 bytes of memory per row.
void require_unique(file_output const& file, std::string const& column);

} // namespace cli
