// SPDX-License-Identifier: BSL-1.0
/// \file
/// Tokens of JSON, read as strictly as RFC 8259 asks for.
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

/// Where the unescaped texts of one row lie, so that views of them stay as long as the row; those
/// of the row before stay, too.
class text_arena {
public:
    /// Forgets the texts.
    void clear() { used_ = 0; }

    /// Forgets the texts of the row before, and keeps those there are.
    void next_row() {
        if (used_ == 0)
            return;
        std::swap(bytes_, before_);
        std::swap(capacity_, capacity_before_);
        used_ = 0;
        if (capacity_ < capacity_before_) // soon it will be needed
            reallocate(capacity_before_);
    }

    /// Room for a text of at most `n` bytes, if `n` bounds all texts to come as well. No text
    /// moves.
    char* room(std::size_t n) {
        if (used_ == 0 && capacity_ < n + text_padding) {
            reallocate(n + text_padding);
        }
        return bytes_.get() + used_;
    }
    /// The text in the room given last has this size.
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

/// A place in bytes that are followed by `text_padding` readable ones, the first of them NUL.
///
/// Functions that are false have set `wrong`, and `at` to the offending byte; or the data end here
/// and `wrong` is null.
struct json_cursor {
    static constexpr std::size_t max_key = 4'096;
    static constexpr int max_depth = 32;

    static constexpr char const* too_large = "a value is too large";
    static constexpr char const* not_utf8 = "invalid UTF-8";
    static constexpr char const* half_a_pair = "half a surrogate pair";

    char const* at;
    char const* end;
    char const* wrong = nullptr;
    /// Where texts go that are not UTF-8, or have half of a surrogate pair, once they are mended by
    /// U+FFFD. Null: they are wrong.
    text_arena* mended = nullptr;
    char const* broken = nullptr; ///< what was wrong with a mended text, until it is reset

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

    /// The rest of a string, from after its opening quote to its closing one. Its text is a view
    /// of the data if there is no escape in it, else of the arena.
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

    /// A string, quotes included, that names a member.
    bool key(std::string_view& into, text_arena& arena) {
        char const* const begin = at;
        return string(into, arena) && (into.size() <= max_key || fail_at(begin, too_large));
    }

    /// A string, quotes included.
    bool string(std::string_view& into, text_arena& arena) {
        if (!take('"', "expected a string") || !text(into, arena))
            return false;
        ++at;
        return true;
    }

    /// A number, as it is spelled.
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
        if (at == end) // there may be more of it
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

    /// Any value, at this depth of nesting.
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
        if (!mended) // where exactly is known if nothing was unescaped
            return fail_at(begin == text.data() ? begin + valid : begin, not_utf8);
        broken = not_utf8;
        char* const first = mended->room(3 * static_cast<std::size_t>(end - begin));
        text = std::string_view(first, static_cast<std::size_t>(copy_as_utf8(text, first) - first));
        mended->keep(text.size());
        return true;
    }

    /// From the first special byte of a string on.
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

    /// From the 'u' on.
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
        std::uint64_t objects = 0; // a bit for each level: whether it is an object
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

    /// A member up to its value.
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

/// Finds the end of a value that arrives in pieces, looking at each byte once, so that the value is
/// decoded when it is whole, and not again for every piece.
class json_end {
public:
    void begin() { *this = json_end(); }

    /// Whether `[begin, end)`, which holds what it held the last time and more, has the value's end
    /// or shows that it has none.
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
    bool inside_ = false; ///< a string
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
    /// `quote`: after one in quotes, which ends the value or is the first of two.
    enum class part : unsigned char { begin, plain, quotes, quote };

    std::size_t seen_ = 0;
    part inside_ = part::begin;
};

} // namespace eloqua::bulk::detail
