// SPDX-License-Identifier: BSL-1.0
/// \file
/// Copying text while looking for bytes that cannot be copied as they are. Nothing is read but the
/// text.
#pragma once

#include <eloqua/bulk/codec/text_scan.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace eloqua::bulk::detail {

/// What every string of the standard library's keeps room for.
#if defined(__GLIBCXX__) && _GLIBCXX_USE_CXX11_ABI
inline constexpr bool strings_have_16_bytes = true;
#else
inline constexpr bool strings_have_16_bytes = false;
#endif

#if ELOQUA_BULK_SSE2

inline void store16(char* to, __m128i v) {
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to), v);
}

/// Copies a text to `out`, where 16 bytes more than it has must be writable. Whether it is plain:
/// has nothing that `NotPlain` flags. `has_16_bytes`: so many are readable, however short it is.
template <class NotPlain>
[[gnu::always_inline]] inline bool copy_text(char* out, std::string_view text, bool has_16_bytes) {
    char const* const p = text.data();
    std::size_t const n = text.size();
    if (has_16_bytes && n <= 16) [[likely]] {
        __m128i const v = load16(p);
        store16(out, v);
        return (bits_of(NotPlain::flags(v)) & ((1u << n) - 1)) == 0;
    }
    if (n >= 16) {
        // A block that ends where the text does, and blocks from the front.
        __m128i const last = load16(p + n - 16);
        __m128i v = load16(p);
        __m128i flags = _mm_or_si128(NotPlain::flags(last), NotPlain::flags(v));
        store16(out + n - 16, last);
        store16(out, v);
        if (n > 32) {
            __m128i const second = load16(p + 16);
            __m128i const third = load16(p + n - 32);
            store16(out + 16, second);
            store16(out + n - 32, third);
            flags =
                _mm_or_si128(flags, _mm_or_si128(NotPlain::flags(second), NotPlain::flags(third)));
            for (std::size_t i = 32; i + 32 < n; i += 16) [[unlikely]] {
                v = load16(p + i);
                store16(out + i, v);
                flags = _mm_or_si128(flags, NotPlain::flags(v));
            }
        }
        return bits_of(flags) == 0;
    }
    // Likewise of 8, 4 and 1.
    std::uint64_t first = 0, last = 0;
    if (n >= 8) {
        std::memcpy(&first, p, 8);
        std::memcpy(&last, p + n - 8, 8);
        std::memcpy(out, &first, 8);
        std::memcpy(out + n - 8, &last, 8);
    } else if (n >= 4) {
        std::memcpy(&first, p, 4);
        std::memcpy(&last, p + n - 4, 4);
        std::memcpy(out, &first, 4);
        std::memcpy(out + n - 4, &last, 4);
        last = first |= last << 32;
    } else if (n != 0) {
        for (std::size_t const i : {std::size_t(0), n / 2, n - 1}) {
            out[i] = p[i];
            last = last << 8 | static_cast<unsigned char>(p[i]);
        }
        last = first = last | std::uint64_t(0x2020'2020'20) << 24;
    } else {
        return true;
    }
    __m128i const v = _mm_set_epi64x(static_cast<long long>(first), static_cast<long long>(last));
    return bits_of(NotPlain::flags(v)) == 0;
}

#else

/// Copies a text to `out`, where 16 bytes more than it has must be writable. Whether it is plain:
/// has nothing that `NotPlain` flags.
template <class NotPlain>
bool copy_text(char* out, std::string_view text, bool) {
    std::uint64_t flags = 0;
    std::size_t i = 0;
    for (; i + 8 <= text.size(); i += 8) {
        std::uint64_t word;
        std::memcpy(&word, text.data() + i, 8);
        std::memcpy(out + i, &word, 8);
        flags |= NotPlain::flags(word);
    }
    std::uint64_t word = eight(' ');
    std::memcpy(&word, text.data() + i, text.size() - i);
    std::memcpy(out + i, &word, 8);
    return (flags | NotPlain::flags(word)) == 0;
}

#endif

/// Appends text as it stands between the quotes of a JSON string: at most six bytes for one.
inline char* append_escaped(char* out, std::string_view text) {
    for (char const c : text) {
        auto const byte = static_cast<unsigned char>(c);
        if (!json_special::is(byte)) {
            *out++ = c;
            continue;
        }
        *out++ = '\\';
        char const letter = c == '"' || c == '\\' ? c
                            : c == '\n'           ? 'n'
                            : c == '\r'           ? 'r'
                            : c == '\t'           ? 't'
                                                  : 'u';
        *out++ = letter;
        if (letter == 'u') {
            *out++ = '0';
            *out++ = '0';
            *out++ = "0123456789abcdef"[byte >> 4];
            *out++ = "0123456789abcdef"[byte & 15];
        }
    }
    return out;
}

/// Appends text as a quoted value of CSV: at most two bytes for one, and two quotes.
inline char* append_quoted(char* out, std::string_view text) {
    *out++ = '"';
    for (char const c : text) {
        if (c == '"')
            *out++ = '"';
        *out++ = c;
    }
    *out++ = '"';
    return out;
}

} // namespace eloqua::bulk::detail
