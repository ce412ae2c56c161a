// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace eloqua::bulk {

/// Length of the longest prefix of a text that is valid UTF-8 (RFC 3629: no overlong forms, no
/// surrogates, nothing above U+10FFFF).
constexpr std::size_t valid_utf8_prefix(std::string_view text) noexcept {
    std::size_t i = 0;
    auto byte = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
    while (i != text.size()) {
        unsigned char const lead = byte(i);
        if (lead < 0x80) {
            ++i;
            continue;
        }
        std::size_t const length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
        if (lead < 0xC2 || lead > 0xF4 || text.size() - i < length)
            return i;
        unsigned char const low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
        unsigned char const high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
        if (byte(i + 1) < low || byte(i + 1) > high)
            return i;
        for (std::size_t k = 2; k < length; ++k)
            if ((byte(i + k) & 0xC0) != 0x80)
                return i;
        i += length;
    }
    return i;
}

namespace detail {

/// Written by some programs before a text, but not part of it.
inline constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
constexpr std::string_view without_byte_order_mark(std::string_view text) noexcept {
    return text.starts_with(byte_order_mark) ? text.substr(byte_order_mark.size()) : text;
}

/// Encodes a character, in at most four bytes, and returns the end of the output.
inline char* write_utf8(std::uint32_t code, char* out) noexcept {
    auto const byte = [&out](std::uint32_t bits) { *out++ = static_cast<char>(bits); };
    if (code < 0x80) {
        byte(code);
    } else if (code < 0x800) {
        byte(0xC0 | code >> 6);
        byte(0x80 | (code & 0x3F));
    } else if (code < 0x10000) {
        byte(0xE0 | code >> 12);
        byte(0x80 | (code >> 6 & 0x3F));
        byte(0x80 | (code & 0x3F));
    } else {
        byte(0xF0 | code >> 18);
        byte(0x80 | (code >> 12 & 0x3F));
        byte(0x80 | (code >> 6 & 0x3F));
        byte(0x80 | (code & 0x3F));
    }
    return out;
}

/// Replaces text that is not UTF-8: U+FFFD.
inline constexpr std::string_view replacement_character = "\xEF\xBF\xBD";

/// Copies a text to `out`, with U+FFFD in place of each byte that is not UTF-8 and of the bytes
/// that would have continued it: at most three output bytes per input byte. Returns the end of the
/// copy.
inline char* copy_as_utf8(std::string_view text, char* out) noexcept {
    for (;;) {
        std::size_t const valid = valid_utf8_prefix(text);
        std::memcpy(out, text.data(), valid);
        out += valid;
        text.remove_prefix(valid);
        if (text.empty())
            return out;
        std::memcpy(out, replacement_character.data(), replacement_character.size());
        out += replacement_character.size();
        do
            text.remove_prefix(1);
        while (!text.empty() && (static_cast<unsigned char>(text.front()) & 0xC0) == 0x80);
    }
}

} // namespace detail

/// Whether all of a text is valid UTF-8.
constexpr bool is_valid_utf8(std::string_view text) noexcept {
    return valid_utf8_prefix(text) == text.size();
}

} // namespace eloqua::bulk
