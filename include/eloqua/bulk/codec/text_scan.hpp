// SPDX-License-Identifier: BSL-1.0
/// \file
/// Searching text for the few bytes that end or interrupt it: 32 at a time where there is SSE2, 8
/// at a time elsewhere and where ELOQUA_BULK_PORTABLE is defined.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#if defined(__SSE2__) && !defined(ELOQUA_BULK_PORTABLE)
#define ELOQUA_BULK_SSE2 1
#include <emmintrin.h>
#else
#define ELOQUA_BULK_SSE2 0
#endif

namespace eloqua::bulk::detail {

/// So many bytes after every text that is scanned or assigned must be readable. What they hold
/// does not matter but for the first after a buffer's data, which has to be NUL.
inline constexpr std::size_t text_padding = 64;
/// Bytes that one value may have.
inline constexpr std::size_t max_text = 4'194'304;
/// An empty text.
inline constexpr char blank_text[text_padding] = {};

/// A byte eight times.
constexpr std::uint64_t eight(unsigned char c) {
    return c * 0x0101'0101'0101'0101u;
}
/// High bits set where a byte of `word` is `c`, and perhaps above such a byte.
constexpr std::uint64_t bytes_equal(std::uint64_t word, unsigned char c) {
    std::uint64_t const x = word ^ eight(c);
    return (x - eight(1)) & ~x & eight(0x80);
}

/// What interrupts the text of a JSON string: its end, an escape, and control characters.
struct json_special {
    static constexpr bool is(unsigned char c) { return c == '"' || c == '\\' || c < 0x20; }
    static std::uint64_t flags(std::uint64_t word) {
        return bytes_equal(word, '"') | bytes_equal(word, '\\') |
               ((word - eight(0x20)) & ~word & eight(0x80));
    }
#if ELOQUA_BULK_SSE2
    static __m128i flags(__m128i v) {
        __m128i const control = _mm_cmpeq_epi8(_mm_min_epu8(v, _mm_set1_epi8(0x1F)), v);
        return _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8('"')),
                                         _mm_cmpeq_epi8(v, _mm_set1_epi8('\\'))),
                            control);
    }
#endif
};

/// Nothing at all.
struct no_special {
#if ELOQUA_BULK_SSE2
    static __m128i flags(__m128i) { return _mm_setzero_si128(); }
#endif
};

/// All of that, and what is not ASCII: the most common text has none of it.
struct not_plain_json {
    static constexpr bool is(unsigned char c) { return json_special::is(c) || c >= 0x80; }
    static std::uint64_t flags(std::uint64_t word) {
        return json_special::flags(word) | (word & eight(0x80));
    }
#if ELOQUA_BULK_SSE2
    static __m128i flags(__m128i v) {
        // Less 0x20, all of them and what is above 0x7F are negative: what has the highest bit.
        return _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8('"')),
                                         _mm_cmpeq_epi8(v, _mm_set1_epi8('\\'))),
                            _mm_subs_epi8(v, _mm_set1_epi8(0x20)));
    }
#endif
};

/// What interrupts a value of CSV; NUL, which ends the data, as well.
struct csv_special {
    static constexpr bool is(unsigned char c) {
        return c == ',' || c == '"' || c == '\r' || c == '\n' || c == 0;
    }
    static std::uint64_t flags(std::uint64_t word) {
        return bytes_equal(word, ',') | bytes_equal(word, '"') | bytes_equal(word, '\r') |
               bytes_equal(word, '\n') | bytes_equal(word, 0);
    }
#if ELOQUA_BULK_SSE2
    static __m128i flags(__m128i v) {
        __m128i const line = _mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8('\r')),
                                          _mm_cmpeq_epi8(v, _mm_set1_epi8('\n')));
        __m128i const mark = _mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8(',')),
                                          _mm_cmpeq_epi8(v, _mm_set1_epi8('"')));
        return _mm_or_si128(_mm_or_si128(line, mark), _mm_cmpeq_epi8(v, _mm_setzero_si128()));
    }
#endif
};

/// What a value of CSV must be quoted or looked at for.
struct not_plain_csv {
    static std::uint64_t flags(std::uint64_t word) {
        return csv_special::flags(word) | (word & eight(0x80));
    }
#if ELOQUA_BULK_SSE2
    static __m128i flags(__m128i v) { return _mm_or_si128(csv_special::flags(v), v); }
#endif
};

/// What ends the inside of a value in quotes, or the data.
struct csv_quoted_special {
    static constexpr bool is(unsigned char c) { return c == '"' || c == 0; }
    static std::uint64_t flags(std::uint64_t word) {
        return bytes_equal(word, '"') | bytes_equal(word, 0);
    }
#if ELOQUA_BULK_SSE2
    static __m128i flags(__m128i v) {
        return _mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8('"')),
                            _mm_cmpeq_epi8(v, _mm_setzero_si128()));
    }
#endif
};

/// Text up to a special byte.
struct text_run {
    std::size_t size;
    bool ascii; ///< whether all of it is below 0x80
};

#if ELOQUA_BULK_SSE2

inline __m128i load16(char const* p) {
    return _mm_loadu_si128(reinterpret_cast<__m128i const*>(p));
}
inline std::uint32_t bits_of(__m128i v) {
    return static_cast<std::uint32_t>(_mm_movemask_epi8(v));
}

/// Whether text is of ASCII and of characters of two bytes, as most that is not all ASCII is, and
/// has no byte that `Special` flags. If not, it may be UTF-8 all the same. 15 bytes after the text
/// must be readable.
template <class Special>
inline bool is_two_byte_text(char const* p, std::size_t n) {
    if (n > 63)
        return false;
    std::uint64_t special = 0, high = 0, lead = 0, next = 0;
    auto const add = [&](std::size_t at) {
        __m128i const v = load16(p + at);
        special |= std::uint64_t(bits_of(Special::flags(v))) << at;
        high |= std::uint64_t(bits_of(v)) << at;
        // Signed: 0xC2 to 0xDF, and 0x80 to 0xBF.
        lead |= std::uint64_t(bits_of(_mm_and_si128(_mm_cmpgt_epi8(v, _mm_set1_epi8(-63)),
                                                    _mm_cmplt_epi8(v, _mm_set1_epi8(-32)))))
                << at;
        next |= std::uint64_t(bits_of(_mm_cmplt_epi8(v, _mm_set1_epi8(-64)))) << at;
    };
    for (std::size_t at = 0; at < n; at += 16)
        add(at);
    std::uint64_t const text = (std::uint64_t(1) << n) - 1;
    return ((special | (high ^ (lead | next))) & text) == 0 &&
           ((lead & text) << 1) == (next & text);
}

/// Where text at `p` ends that is of ASCII and of characters of two bytes, if it has no more than
/// 15 bytes; else `p`.
[[gnu::noinline]] inline char const* scan_short_two_byte_text(char const* p) {
    __m128i const v = load16(p);
    auto const size = static_cast<unsigned>(std::countr_zero(bits_of(json_special::flags(v))));
    return size < 16 && is_two_byte_text<no_special>(p, size) ? p + size : p;
}

/// Where plain text at `p` of 32 bytes and more ends, if it has no more than `max_text`; else `p`.
[[gnu::noinline]] inline char const* scan_long_plain_text(char const* p) {
    for (std::size_t before = 32; before <= max_text; before += 32) {
        char const* const at = p + before;
        std::uint32_t const found = bits_of(not_plain_json::flags(load16(at))) |
                                    bits_of(not_plain_json::flags(load16(at + 16))) << 16;
        if (found != 0)
            return at + static_cast<unsigned>(std::countr_zero(found));
    }
    return p;
}

/// Where plain text at `p` ends, if it has no more than `max_text` bytes; else `p`. For text of
/// which short and longer pieces are treated alike: which they are is hard to predict.
[[gnu::always_inline]] inline char const* scan_any_plain_text(char const* p) {
    std::uint32_t const found = bits_of(not_plain_json::flags(load16(p))) |
                                bits_of(not_plain_json::flags(load16(p + 16))) << 16;
    if (found == 0) [[unlikely]]
        return scan_long_plain_text(p);
    return p + static_cast<unsigned>(std::countr_zero(found));
}

/// The same, for text of which those up to 15 bytes are treated in another way, as strings do.
[[gnu::always_inline]] inline char const* scan_plain_text(char const* p) {
    std::uint32_t found = bits_of(not_plain_json::flags(load16(p)));
    if (found != 0)
        return p + static_cast<unsigned>(std::countr_zero(found));
    found = bits_of(not_plain_json::flags(load16(p + 16)));
    if (found == 0) [[unlikely]]
        return scan_long_plain_text(p);
    return p + 16 + static_cast<unsigned>(std::countr_zero(found));
}

/// The text from `p` to the next special byte, which must come before `text_padding` is passed.
template <class Special>
[[gnu::always_inline]] inline text_run scan_text(char const* p) {
    std::uint32_t high_before = 0;
    for (std::size_t before = 0;; before += 32) {
        __m128i const a = load16(p + before);
        __m128i const b = load16(p + before + 16);
        std::uint32_t const found = bits_of(Special::flags(a)) | bits_of(Special::flags(b)) << 16;
        std::uint32_t const high = bits_of(a) | bits_of(b) << 16;
        if (found != 0) [[likely]]
            return {before + static_cast<unsigned>(std::countr_zero(found)),
                    (high_before | (high & (found ^ (found - 1)))) == 0};
        high_before |= high;
    }
}

#else

template <class Special>
bool is_two_byte_text(char const*, std::size_t) {
    return false;
}

/// The text from `p` to the next special byte, which must come before `text_padding` is passed.
template <class Special>
text_run scan_text(char const* p) {
    std::uint64_t high = 0;
    for (std::size_t before = 0;; before += 8) {
        std::uint64_t word;
        std::memcpy(&word, p + before, 8);
        if (Special::flags(word) != 0)
            for (std::size_t i = 0; i != 8; ++i) {
                auto const c = static_cast<unsigned char>(p[before + i]);
                if (Special::is(c))
                    return {before + i, high == 0};
                high |= c & 0x80u;
            }
        high |= word & eight(0x80);
    }
}

/// Where plain text at `p` ends, if it has no more than `max_text` bytes; else `p`.
inline char const* scan_plain_text(char const* p) {
    std::size_t const size = scan_text<not_plain_json>(p).size;
    return size > max_text ? p : p + size;
}
inline char const* scan_any_plain_text(char const* p) {
    return scan_plain_text(p);
}
/// Leaves such text to others.
inline char const* scan_short_two_byte_text(char const* p) {
    return p;
}

#endif

} // namespace eloqua::bulk::detail
