// SPDX-License-Identifier: BSL-1.0
/// \file
/// Reads JSON tokens, as strictly as RFC 8259 requires.
#pragma once

#include <eloqua/bulk/detail/codec/text.hpp>
#include <eloqua/bulk/utf8.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>
#include <utility>

namespace eloqua::bulk::detail {

/// Memory for the unescaped texts of one row, so that views of them stay valid as long as the row.
/// The texts of the previous row stay valid too.
class text_arena {
public:
    /// Removes all texts.
    void clear() { used_ = 0; }

    /// Removes the texts of the previous row and keeps those of the current one.
    void next_row() {
        if (used_ == 0)
            return;
        std::swap(bytes_, before_);
        std::swap(capacity_, capacity_before_);
        used_ = 0;
        if (capacity_ < capacity_before_) // it will soon be needed
            reallocate(capacity_before_);
    }

    /// Room for a text of at most `n` bytes, where `n` also bounds the sum of all texts to come.
    /// Does not move texts.
    char* room(std::size_t n) {
        if (used_ == 0 && capacity_ < n + text_padding) {
            reallocate(n + text_padding);
        }
        return bytes_.get() + used_;
    }
    /// Sets the size of the text written to the last room.
    void keep(std::size_t n) { used_ += n; }

    std::size_t used() const { return used_; }
    void rewind(std::size_t used) { used_ = used; }

private:
    void reallocate(std::size_t capacity) {
        bytes_ = std::make_unique<char[]>(capacity);
        capacity_ = capacity;
    }

    std::unique_ptr<char[]> bytes_;
    std::unique_ptr<char[]> before_;
    std::size_t capacity_ = 0;
    std::size_t capacity_before_ = 0;
    std::size_t used_ = 0;
};

/// A position in data that is followed by `text_padding` readable bytes, the first of them NUL.
///
/// Functions that return false have set `wrong`, and `at` to the offending byte; or the data end
/// here and `wrong` is null.
struct json_cursor {
    static constexpr std::size_t max_key = 4'096;
    static constexpr int max_depth = 32;

    static constexpr char const* too_large = "a value is too large";
    static constexpr char const* not_utf8 = "invalid UTF-8";
    static constexpr char const* half_a_pair = "half a surrogate pair";

    char const* at;
    char const* end;
    char const* wrong = nullptr;
    /// Where broken texts (not UTF-8, or half of a surrogate pair) are written with U+FFFD as
    /// replacement. Null: they are errors.
    text_arena* mended = nullptr;
    char const* broken = nullptr; ///< what was wrong with a replaced text, until it is reset

    bool fail(char const* what) {
        if (at < end)
            wrong = what;
        return false;
    }
    bool fail_at(char const* where, char const* what) {
        at = where;
        return fail(what);
    }

    void skip_space() {
        while (*at == ' ' || *at == '\n' || *at == '\r' || *at == '\t')
            ++at;
    }
    bool take(char c, char const* what) {
        if (*at != c)
            return fail(what);
        ++at;
        return true;
    }

    /// The rest of a string, from after its opening quote to its closing one. The result views the
    /// data if the string has no escapes, otherwise the arena.
    bool text(std::string_view& into, text_arena& arena) {
        char const* const begin = at;
        text_run run = scan_text<json_special>(at);
        at += run.size;
        if (*at != '"') {
            bool ascii = run.ascii;
            return unescape(begin, ascii, into, arena) && check_text(begin, ascii, into);
        }
        into = std::string_view(begin, run.size);
        return check_text(begin, run.ascii, into);
    }

    /// A string with its quotes that is a member's key.
    bool key(std::string_view& into, text_arena& arena) {
        char const* const begin = at;
        return string(into, arena) && (into.size() <= max_key || fail_at(begin, too_large));
    }

    /// A string with its quotes.
    bool string(std::string_view& into, text_arena& arena) {
        if (!take('"', "expected a string") || !text(into, arena))
            return false;
        ++at;
        return true;
    }

    /// A number, as written.
    bool number(std::string_view& into) {
        char const* const begin = at;
        if (*at == '-')
            ++at;
        if (*at == '0')
            ++at;
        else if (!digits())
            return false;
        if (*at == '.') {
            ++at;
            if (!digits())
                return false;
        }
        if (*at == 'e' || *at == 'E') {
            ++at;
            if (*at == '+' || *at == '-')
                ++at;
            if (!digits())
                return false;
        }
        if (at == end) // it may continue
            return false;
        into = std::string_view(begin, static_cast<std::size_t>(at - begin));
        return into.size() <= max_text || fail_at(begin, too_large);
    }

    /// `true`, `false` or `null`.
    bool literal(std::string_view word) {
        for (char const c : word)
            if (!take(c, "expected a value"))
                return false;
        return true;
    }

    /// Skips any value, at this depth of nesting.
    bool skip(int depth, text_arena& arena) {
        std::size_t const used = arena.used();
        bool const fine = skip_nested(depth, arena);
        arena.rewind(used);
        return fine;
    }

private:
    bool digits() {
        if (*at < '0' || *at > '9')
            return fail("expected a digit");
        do
            ++at;
        while (*at >= '0' && *at <= '9');
        return true;
    }

    bool check_text(char const* begin, bool ascii, std::string_view& text) {
        if (text.size() > max_text)
            return fail_at(begin, too_large);
        if (ascii || is_two_byte_text<no_special>(text.data(), text.size()))
            return true;
        std::size_t const valid = valid_utf8_prefix(text);
        if (valid == text.size())
            return true;
        if (!mended) // the exact place is known if nothing was unescaped
            return fail_at(begin == text.data() ? begin + valid : begin, not_utf8);
        broken = not_utf8;
        char* const first = mended->room(3 * static_cast<std::size_t>(end - begin));
        text = std::string_view(first, static_cast<std::size_t>(copy_as_utf8(text, first) - first));
        mended->keep(text.size());
        return true;
    }

    /// Continues at the first special byte of a string.
    bool unescape(char const* begin, bool& ascii, std::string_view& into, text_arena& arena) {
        if (*at != '\\')
            return fail("a control character in a string");
        char* const first = arena.room(static_cast<std::size_t>(end - begin));
        char* out = first;
        for (char const* plain = begin;;) {
            auto const n = static_cast<std::size_t>(at - plain);
            std::memcpy(out, plain, n);
            out += n;
            if (*at == '"')
                break;
            if (*at != '\\')
                return fail("a control character in a string");
            if (!escape(out))
                return false;
            plain = at;
            text_run const run = scan_text<json_special>(at);
            at += run.size;
            ascii = ascii && run.ascii;
        }
        into = std::string_view(first, static_cast<std::size_t>(out - first));
        arena.keep(into.size());
        return true;
    }

    bool escape(char*& out) {
        char const* const begin = at++;
        static constexpr std::string_view letters = "\"\\/bfnrt", meant = "\"\\/\b\f\n\r\t";
        if (std::size_t const which = letters.find(*at); which != letters.npos) {
            *out++ = meant[which];
            ++at;
            return true;
        }
        if (*at != 'u')
            return fail("an escape that JSON does not have");
        std::uint32_t code = 0;
        if (!hex(code))
            return false;
        if (code >= 0xD800 && code < 0xE000) {
            char const* const first_half = at;
            std::uint32_t low = 0;
            if (code < 0xDC00 && at[0] == '\\' && at[1] == 'u') {
                ++at;
                if (!hex(low))
                    return false;
            } else if (at == end || (at[0] == '\\' && at + 1 == end)) {
                return false; // the other half may follow
            }
            if (low < 0xDC00 || low >= 0xE000) {
                if (!mended)
                    return fail_at(begin, half_a_pair);
                broken = half_a_pair;
                at = first_half;
                code = 0xFFFD;
            } else {
                code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
            }
        }
        out = write_utf8(code, out);
        return true;
    }

    /// Reads from the 'u' on.
    bool hex(std::uint32_t& code) {
        for (int i = 0; i != 4; ++i) {
            char const c = *++at;
            std::uint32_t const digit =
                c >= '0' && c <= '9'   ? static_cast<std::uint32_t>(c - '0')
                : c >= 'a' && c <= 'f' ? static_cast<std::uint32_t>(c - 'a' + 10)
                : c >= 'A' && c <= 'F' ? static_cast<std::uint32_t>(c - 'A' + 10)
                                       : 16;
            if (digit == 16)
                return fail("expected a hexadecimal digit");
            code = code << 4 | digit;
        }
        ++at;
        return true;
    }

    bool skip_nested(int depth, text_arena& arena) {
        int const outside = depth;
        std::uint64_t objects = 0; // a bit per level: whether it is an object
        for (;;) {
            skip_space();
            bool const object = *at == '{';
            if (object || *at == '[') {
                if (depth == max_depth)
                    return fail("nested too deep");
                ++depth;
                objects = objects << 1 | std::uint64_t(object);
                ++at;
                skip_space();
                if (*at != (object ? '}' : ']')) {
                    if (object && !member(arena))
                        return false;
                    continue;
                }
            } else if (!scalar(arena)) {
                return false;
            }
            for (;;) { // after a value, or at the end of an empty one
                if (depth == outside)
                    return true;
                skip_space();
                bool const inside_object = (objects & 1) != 0;
                if (*at == ',') {
                    ++at;
                    skip_space();
                    if (inside_object && !member(arena))
                        return false;
                    break;
                }
                if (!take(inside_object ? '}' : ']',
                          inside_object ? "expected ',' or '}'" : "expected ',' or ']'"))
                    return false;
                --depth;
                objects >>= 1;
            }
        }
    }

    /// Reads a member up to its value.
    bool member(text_arena& arena) {
        std::string_view ignored;
        if (!key(ignored, arena))
            return false;
        skip_space();
        return take(':', "expected ':'");
    }

    bool scalar(text_arena& arena) {
        std::string_view ignored;
        switch (*at) {
        case '"':
            return string(ignored, arena);
        case 't':
            return literal("true");
        case 'f':
            return literal("false");
        case 'n':
            return literal("null");
        default:
            if (*at != '-' && (*at < '0' || *at > '9'))
                return fail("expected a value");
            return number(ignored);
        }
    }
};

/// Finds the end of a value that arrives in pieces and looks at each byte once, so that the value
/// is decoded once when it is complete, not again for every piece.
class json_end {
public:
    void begin() { *this = json_end(); }

    /// Whether `[begin, end)` contains the value's end or shows that it has none. The range must
    /// start with the bytes of the previous call.
    bool found(char const* begin, char const* end) {
        char const* p = begin + seen_;
        if (p == begin && p != end)
            scalar_ = *p != '"' && *p != '{' && *p != '[';
        for (; p != end; ++p) {
            char const c = *p;
            if (scalar_) {
                if (c == ',' || c == '}' || c == ']' || c == ' ' || c == '\t' || c == '\r' ||
                    c == '\n')
                    break;
            } else if (inside_) {
                if (escaped_)
                    escaped_ = false;
                else if (c == '\\')
                    escaped_ = true;
                else if (c == '"') {
                    inside_ = false;
                    if (depth_ == 0)
                        break;
                }
            } else if (c == '"') {
                inside_ = true;
            } else if (c == '{' || c == '[') {
                if (++depth_ > deepest)
                    break;
            } else if ((c == '}' || c == ']') && --depth_ <= 0) {
                break;
            }
        }
        seen_ = static_cast<std::size_t>(p - begin);
        return p != end;
    }

private:
    static constexpr int deepest = 32;

    std::size_t seen_ = 0;
    int depth_ = 0;
    bool scalar_ = false;
    bool inside_ = false; ///< inside a string
    bool escaped_ = false;
};

/// As above, for a line of CSV.
class csv_end {
public:
    void begin() { *this = csv_end(); }

    bool found(char const* begin, char const* end) {
        char const* p = begin + seen_;
        for (; p != end; ++p) {
            char const c = *p;
            if (inside_ == part::quotes) {
                if (c == '"')
                    inside_ = part::quote;
            } else if (c == '\n') {
                break;
            } else if (c == ',') {
                inside_ = part::begin;
            } else if (c == '"') {
                if (inside_ == part::plain) // where it may not be
                    break;
                inside_ = part::quotes;
            } else {
                inside_ = part::plain;
            }
        }
        seen_ = static_cast<std::size_t>(p - begin);
        return p != end;
    }

private:
    /// `quote`: after a quote in a quoted value, which ends the value or is the first of two.
    enum class part : unsigned char { begin, plain, quotes, quote };

    std::size_t seen_ = 0;
    part inside_ = part::begin;
};

} // namespace eloqua::bulk::detail
