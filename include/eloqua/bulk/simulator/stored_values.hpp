// SPDX-License-Identifier: BSL-1.0
/// \file
/// How pushed values become values of fields.
#pragma once

#include <eloqua/bulk/schema/assets.hpp>
#include <eloqua/bulk/schema/time.hpp>
#include <eloqua/bulk/simulator/options.hpp>
#include <eloqua/bulk/simulator/read_values.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace eloqua::bulk::simulation {

/// Takes the first character of valid UTF-8 away.
inline char32_t next_character(std::string_view& text) {
    auto const first = static_cast<unsigned char>(text.front());
    std::size_t const width = first < 0xC0 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    char32_t code = first & (width == 1 ? 0xFFu : 0x7Fu >> width);
    for (std::size_t i = 1; i < std::min(width, text.size()); ++i)
        code = code << 6 | (static_cast<unsigned char>(text[i]) & 0x3Fu);
    text.remove_prefix(std::min(width, text.size()));
    return code;
}

/// Control characters, and those that nobody sees: the byte order mark, joiners, marks of
/// direction and others of no width.
constexpr bool is_invisible(char32_t c) {
    return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0xAD || c == 0x34F || c == 0x61C ||
           c == 0x180E || (c >= 0x200B && c <= 0x200F) || (c >= 0x2028 && c <= 0x202E) ||
           (c >= 0x2060 && c <= 0x206F) || (c >= 0xFE00 && c <= 0xFE0F) || c == 0xFEFF ||
           (c >= 0xFFF9 && c <= 0xFFFB) || (c >= 0xE0000 && c <= 0xE0FFF);
}

/// Whether the text can be an e-mail address.
inline bool plausible_email(std::string_view text) {
    std::size_t const at = text.find('@');
    if (at == 0 || at == text.npos || text.size() > 254)
        return false;
    std::string_view const domain = text.substr(at + 1);
    if (domain.find('@') != domain.npos || domain.find('.') == domain.npos ||
        domain.starts_with('.') || domain.ends_with('.') || domain.find("..") != domain.npos)
        return false;
    while (!text.empty()) {
        char32_t const c = next_character(text);
        if (is_invisible(c) || c == ' ' || c == ',' || c == ';' || c == '<' || c == '>' || c == '"')
            return false;
    }
    return true;
}

/// The value as it is stored in a field of this type, or nothing if it is not a value of it.
inline std::optional<std::string> stored_form(std::string_view value, data_type type,
                                              simulator_options const& options) {
    if (value.empty() || type == data_type::string || type == data_type::emailAddress)
        return std::string(value);
    if (type == data_type::number)
        return read_number(value) ? std::optional(std::string(value)) : std::nullopt;
    if (type == data_type::boolean) {
        auto const truth = read_boolean(value, options);
        return truth ? std::optional(*truth ? options.true_text : options.false_text)
                     : std::nullopt;
    }
    auto const time = read_time(value, options);
    std::string text;
    if (!time || !append_time(text, std::chrono::floor<std::chrono::milliseconds>(*time)))
        return std::nullopt;
    if (text.ends_with(".000"))
        text.resize(text.size() - 4);
    return text;
}

} // namespace eloqua::bulk::simulation
