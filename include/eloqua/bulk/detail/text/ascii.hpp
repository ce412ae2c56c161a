// SPDX-License-Identifier: BSL-1.0
/// \file
/// ASCII: character classes, case, percent-encoding.
#pragma once

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

namespace eloqua::bulk::detail {

constexpr bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
constexpr bool is_hex_digit(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}
constexpr bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
constexpr bool is_ascii_control(char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}
constexpr char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

/// Parses a text that consists only of a number.
template <class Number>
bool read_whole(std::string_view text, Number& into, int base = 10) {
    auto const [end, ec] = std::from_chars(text.data(), text.data() + text.size(), into, base);
    return ec == std::errc() && end == text.data() + text.size();
}

/// Appends a byte as "%2F".
inline void append_percent(std::string& to, char c) {
    constexpr char const* digits = "0123456789ABCDEF";
    auto const byte = static_cast<unsigned char>(c);
    (to += '%').append({digits[byte >> 4], digits[byte & 15]});
}
/// The byte that is written as "%2F" at this place of a text, if any.
inline std::optional<char> percent_at(std::string_view text, std::size_t at) {
    unsigned char byte = 0;
    if (text[at] != '%' || text.size() - at < 3 || !read_whole(text.substr(at + 1, 2), byte, 16))
        return std::nullopt;
    return static_cast<char>(byte);
}
/// `text` with its %XX decoded; empty if one of them is not hexadecimal.
inline std::optional<std::string> percent_decoded(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i != text.size(); ++i) {
        std::optional<char> const byte = percent_at(text, i);
        if (text[i] == '%' && !byte)
            return std::nullopt;
        out += byte.value_or(text[i]);
        if (byte)
            i += 2;
    }
    return out;
}

/// Equality of ASCII text without regard to case, as for header names and schemes.
constexpr bool iequals(std::string_view a, std::string_view b) noexcept {
    return std::ranges::equal(a, b, {}, lower, lower);
}

} // namespace eloqua::bulk::detail
