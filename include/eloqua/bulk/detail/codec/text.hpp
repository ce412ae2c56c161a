// SPDX-License-Identifier: BSL-1.0
/// \file
/// Searches text for the few bytes that end or interrupt it: 32 at a time with SSE2, 8 at a time
/// otherwise and if ELOQUA_BULK_PORTABLE is defined. Copies text while searching for bytes that
/// cannot be copied unchanged; this reads nothing beyond the text. Appends the values of rows as
/// JSON text.
#pragma once

#include <eloqua/bulk/utf8.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>

#if defined(__SSE2__) && !defined(ELOQUA_BULK_PORTABLE)
#define ELOQUA_BULK_SSE2 1
#include <emmintrin.h>
#else
#define ELOQUA_BULK_SSE2 0
#endif

namespace eloqua::bulk::detail {

/// This many bytes after every scanned or assigned text must be readable. Their content does not
/// matter, except that the first byte after a buffer's data must be NUL.
inline constexpr std::size_t text_padding = 64;
/// The maximum size in bytes of a value.
inline constexpr std::size_t max_text = 4'194'304;
/// An empty text.
inline constexpr char blank_text[text_padding] = {};

/// A byte repeated eight times.
constexpr std::uint64_t eight(unsigned char c) {
    return c * 0x0101'0101'0101'0101u;
}
/// High bits set where a byte of `word` is `c`, and possibly above such a byte.
constexpr std::uint64_t bytes_equal(std::uint64_t word, unsigned char c) {
    std::uint64_t const x = word ^ eight(c);
    return (x - eight(1)) & ~x & eight(0x80);
}

/// Interrupts the text of a JSON string: its end, an escape, or a control character.
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

/// No byte.
struct no_special {
#if ELOQUA_BULK_SSE2
    static __m128i flags(__m128i) { return _mm_setzero_si128(); }
#endif
};

/// As `json_special`, and bytes that are not ASCII. Most texts have none of these.
struct not_plain_json {
    static constexpr bool is(unsigned char c) { return json_special::is(c) || c >= 0x80; }
    static std::uint64_t flags(std::uint64_t word) {
        return json_special::flags(word) | (word & eight(0x80));
    }
#if ELOQUA_BULK_SSE2
    static __m128i flags(__m128i v) {
        // As signed bytes minus 0x20, control characters and bytes above 0x7F are negative: they
        // have the highest bit.
        return _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8('"')),
                                         _mm_cmpeq_epi8(v, _mm_set1_epi8('\\'))),
                            _mm_subs_epi8(v, _mm_set1_epi8(0x20)));
    }
#endif
};

/// Interrupts a CSV value. Includes NUL, which ends the data.
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

/// Bytes for which a CSV value must be quoted or examined.
struct not_plain_csv {
    static std::uint64_t flags(std::uint64_t word) {
        return csv_special::flags(word) | (word & eight(0x80));
    }
#if ELOQUA_BULK_SSE2
    static __m128i flags(__m128i v) { return _mm_or_si128(csv_special::flags(v), v); }
#endif
};

/// Ends the inside of a quoted value, or the data.
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
    bool ascii; ///< whether all bytes are below 0x80
};

#if ELOQUA_BULK_SSE2

inline __m128i load16(char const* p) {
    return _mm_loadu_si128(reinterpret_cast<__m128i const*>(p));
}
inline std::uint32_t bits_of(__m128i v) {
    return static_cast<std::uint32_t>(_mm_movemask_epi8(v));
}

/// Whether text consists of ASCII and two-byte characters, as most non-ASCII text does, and has no
/// byte that `Special` flags. If not, it may still be UTF-8. 15 bytes after the text must be
/// readable.
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

/// The end of a text at `p` that consists of ASCII and two-byte characters, if it has at most 15
/// bytes; else `p`.
[[gnu::noinline]] inline char const* scan_short_two_byte_text(char const* p) {
    __m128i const v = load16(p);
    auto const size = static_cast<unsigned>(std::countr_zero(bits_of(json_special::flags(v))));
    return size < 16 && is_two_byte_text<no_special>(p, size) ? p + size : p;
}

/// The end of a plain text at `p` with at least 32 bytes, if it has at most `max_text`; else `p`.
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

/// The end of a plain text at `p`, if it has at most `max_text` bytes; else `p`. For texts that are
/// treated alike whatever their length, which is hard to predict.
[[gnu::always_inline]] inline char const* scan_any_plain_text(char const* p) {
    std::uint32_t const found = bits_of(not_plain_json::flags(load16(p))) |
                                bits_of(not_plain_json::flags(load16(p + 16))) << 16;
    if (found == 0) [[unlikely]]
        return scan_long_plain_text(p);
    return p + static_cast<unsigned>(std::countr_zero(found));
}

/// As above, for types that treat texts up to 15 bytes differently, as strings do.
[[gnu::always_inline]] inline char const* scan_plain_text(char const* p) {
    std::uint32_t found = bits_of(not_plain_json::flags(load16(p)));
    if (found != 0)
        return p + static_cast<unsigned>(std::countr_zero(found));
    found = bits_of(not_plain_json::flags(load16(p + 16)));
    if (found == 0) [[unlikely]]
        return scan_long_plain_text(p);
    return p + 16 + static_cast<unsigned>(std::countr_zero(found));
}

/// The text from `p` to the next special byte, which must come before the padding ends.
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

/// The text from `p` to the next special byte, which must come before the padding ends.
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

/// The end of a plain text at `p`, if it has at most `max_text` bytes; else `p`.
inline char const* scan_plain_text(char const* p) {
    std::size_t const size = scan_text<not_plain_json>(p).size;
    return size > max_text ? p : p + size;
}
inline char const* scan_any_plain_text(char const* p) {
    return scan_plain_text(p);
}
/// Leaves such texts to the general path.
inline char const* scan_short_two_byte_text(char const* p) {
    return p;
}

#endif

/// The capacity of every string of this standard library.
#if defined(__GLIBCXX__) && _GLIBCXX_USE_CXX11_ABI
inline constexpr bool strings_have_16_bytes = true;
#else
inline constexpr bool strings_have_16_bytes = false;
#endif

#if ELOQUA_BULK_SSE2

inline void store16(char* to, __m128i v) {
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to), v);
}

/// Copies a text to `out`, where 16 bytes more than its size must be writable. Returns whether it
/// is plain: has no byte that `NotPlain` flags. `has_16_bytes`: 16 bytes are readable, however
/// short it is.
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
        // Blocks from the front, and one that ends where the text ends.
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
    // Likewise with 8, 4 and 1.
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

/// Copies a text to `out`, where 16 bytes more than its size must be writable. Returns whether it
/// is plain: has no byte that `NotPlain` flags.
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

/// Appends text escaped for a JSON string: at most six bytes per byte.
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

/// Appends text as a quoted CSV value: at most two bytes per byte, and two quotes.
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

/// Room in bytes that a row reserves for each text in advance.
inline constexpr std::size_t short_text = 32;
/// Bytes after the text that copies may overrun.
inline constexpr std::size_t copy_slack = 64;

/// The text before the value of a column: `,"key":"`. Empty for a column that is not written.
class column_lead {
public:
    /// Copied at once.
    static constexpr std::size_t block = 32;

    column_lead() = default;
    explicit column_lead(std::string_view text)
        : size_(text.size()), more_(text.substr(std::min(block, text.size()))) {
        std::copy_n(text.begin(), std::min(block, text.size()), begin_.begin());
    }
    std::size_t size() const { return size_; }
    /// Copies it, possibly with more bytes after it. Returns its end.
    [[gnu::always_inline]] char* copy_to(char* out) const {
        std::memcpy(out, begin_.data(), block);
        if (size_ > block) [[unlikely]]
            std::memcpy(out + block, more_.data(), more_.size());
        return out + size_;
    }

private:
    std::array<char, block> begin_{};
    std::size_t size_ = 0;
    std::string more_;
};

/// A byte buffer that grows up to a limit, one row after another. Reserves room for leads and short
/// texts before each row, so that only longer texts need a check.
class row_bytes {
public:
    explicit row_bytes(std::size_t limit) : most_(limit + limit / 16 + 65'536) {}

    char* data() { return bytes_.get(); }
    char* end() { return bytes_.get() + size_; }
    std::size_t size() const { return size_; }
    void resize(std::size_t n) { size_ = n; }
    void resize(char const* end) { size_ = static_cast<std::size_t>(end - bytes_.get()); }
    /// A row has one more column.
    void add_column(std::size_t lead) { row_room_ += lead + 6 * short_text; }
    /// Texts with NUL are refused.
    void refuse_nul() { refuses_nul_ = true; }
    bool refuses_nul() const { return refuses_nul_; }

    /// Makes room for `n` bytes and the slack.
    void reserve(std::size_t n) {
        if (capacity_ - size_ < n + copy_slack) [[unlikely]]
            grow(size_ + n + copy_slack);
    }
    /// Where a row begins.
    char* begin_row() { return left(end()) < 0 ? make_room(end(), 0) : end(); }
    /// `out`, or its new address, with room for a text and the rest of its row.
    [[gnu::always_inline]] char* room_for(char* out, std::string_view text) {
        if (text.size() > short_text && left(out) < std::ptrdiff_t(6 * text.size())) [[unlikely]]
            return make_room(out, 6 * text.size());
        return out;
    }

private:
    std::ptrdiff_t left(char const* out) const {
        return static_cast<std::ptrdiff_t>(capacity_) - static_cast<std::ptrdiff_t>(row_room_) -
               (out - bytes_.get());
    }
    [[gnu::noinline]] char* make_room(char* out, std::size_t n) {
        resize(out);
        grow(size_ + n + row_room_);
        return end();
    }
    [[gnu::noinline]] void grow(std::size_t least) {
        std::size_t const capacity = std::max(least, std::min(most_, 2 * capacity_ + 65'536));
        auto bytes = std::make_unique_for_overwrite<char[]>(capacity);
        if (size_ != 0)
            std::memcpy(bytes.get(), bytes_.get(), size_);
        bytes_ = std::move(bytes);
        capacity_ = capacity;
    }

    std::unique_ptr<char[]> bytes_;
    std::size_t capacity_ = 0;
    std::size_t size_ = 0;
    std::size_t row_room_ = 2 + copy_slack;
    std::size_t most_;
    bool refuses_nul_ = false;
};

/// Completes a text that was copied but is not plain. Returns its end; null: not a valid text.
[[gnu::noinline]] inline char* append_unusual(row_bytes const& to, char* out,
                                              std::string_view text) {
    if (is_two_byte_text<json_special>(out, text.size()))
        return out + text.size();
    bool escape = false, nul = false;
    for (char const c : text) {
        escape |= json_special::is(static_cast<unsigned char>(c));
        nul |= c == 0;
    }
    if ((nul && to.refuses_nul()) || !is_valid_utf8(text))
        return nullptr;
    return escape ? append_escaped(out, text) : out + text.size();
}

/// Appends a text between the quotes of a JSON string. Returns its end; null: not a valid text.
[[gnu::always_inline]] inline char* append_text(row_bytes& to, char* out, std::string_view text,
                                                bool has_16_bytes) {
    out = to.room_for(out, text);
    return copy_text<not_plain_json>(out, text, has_16_bytes) ? out + text.size()
                                                              : append_unusual(to, out, text);
}
[[gnu::noinline]] inline char* append_long_text(row_bytes& to, char* out, std::string_view text) {
    return append_text(to, out, text, false);
}

/// As above, for a string; most are short.
[[gnu::always_inline]] inline char* append_string(row_bytes& to, char* out, std::string_view text) {
#if ELOQUA_BULK_SSE2
    if (strings_have_16_bytes && text.size() <= 16) [[likely]] {
        __m128i const v = load16(text.data());
        store16(out, v);
        std::uint32_t const found = bits_of(not_plain_json::flags(v)) << (16 - text.size());
        return (found & 0xFFFF) == 0 ? out + text.size() : append_unusual(to, out, text);
    }
#endif
    return append_long_text(to, out, text);
}

} // namespace eloqua::bulk::detail
