// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace eloqua::bulk {

/// A string literal as a template argument.
template <std::size_t N>
struct fixed_string {
    char data[N]{};
    consteval fixed_string(char const (&text)[N]) { std::copy_n(text, N, data); }
    /// From `N - 1` characters and a terminator.
    consteval fixed_string(char const* text, std::size_t) { std::copy_n(text, N, data); }
    constexpr std::string_view view() const noexcept { return {data, N - 1}; }
    constexpr operator std::string_view() const noexcept { return view(); }
};

} // namespace eloqua::bulk
