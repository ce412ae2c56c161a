// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <cstdint>

namespace eloqua::bulk::detail {

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

/// The same for a line of CSV.
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
