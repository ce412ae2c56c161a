// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdint>

namespace eloqua::bulk::detail {

/// Spreads what is in some bits of a number over all of them, one to one: the end of SplitMix64.
constexpr std::uint64_t mix_bits(std::uint64_t z) {
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    return z ^ z >> 31;
}

} // namespace eloqua::bulk::detail
