// SPDX-License-Identifier: BSL-1.0
/// \file
/// Makes external text safe to show in messages: the service's words, file names, row values.
#pragma once

#include <eloqua/bulk/utf8.hpp>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

namespace eloqua::bulk::detail {

inline constexpr std::string_view cut_mark = "...";
inline constexpr std::size_t shown_bytes = 300; ///< default limit of a shown text
inline constexpr std::size_t shown_of_value = 100;

/// The first character of a nonempty text.
struct first_character {
    char32_t code = 0;
    std::size_t bytes = 1;
    bool valid = false; ///< valid UTF-8
};
constexpr first_character character_at(std::string_view text, std::size_t at) {
    auto const lead = static_cast<unsigned char>(text[at]);
    if (lead < 0x80)
        return {lead, 1, true};
    std::size_t const bytes = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    std::string_view const whole = text.substr(at, bytes);
    if (!is_valid_utf8(whole))
        return {};
    char32_t code = lead & (0xFFU >> (bytes + 1));
    for (char const c : whole.substr(1))
        code = code << 6 | (static_cast<unsigned char>(c) & 0x3FU);
    return {code, bytes, true};
}

/// Characters that affect a terminal or a log: controls, line ends, and marks of writing direction.
constexpr bool is_control(char32_t c) {
    return c < 0x20 || (c >= 0x7F && c <= 0x9F) || c == 0x061C || c == 0x200E || c == 0x200F ||
           (c >= 0x2028 && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

/// External text as messages show it: one line of valid UTF-8, with blanks for control characters,
/// cut between characters if it has more than `most` bytes.
inline std::string shown(std::string_view text, std::size_t most = shown_bytes) {
    std::string out;
    out.reserve(std::min(text.size(), most) + cut_mark.size());
    for (std::size_t at = 0; at < text.size();) {
        first_character const c = character_at(text, at);
        std::string_view const as = !c.valid             ? "\xEF\xBF\xBD"
                                    : is_control(c.code) ? " "
                                                         : text.substr(at, c.bytes);
        if (out.size() + as.size() > most)
            return out.append(cut_mark);
        out.append(as);
        at += c.bytes;
    }
    return out;
}

} // namespace eloqua::bulk::detail
