// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>

namespace codec_tests {

/// How often `operator new` was called so far.
std::size_t allocations();

} // namespace codec_tests
