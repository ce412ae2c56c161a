// SPDX-License-Identifier: BSL-1.0
/// \file
/// How pushed values become values of fields.
#pragma once

#include <eloqua/bulk/schema/assets.hpp>
#include <eloqua/bulk/schema/time.hpp>
#include <eloqua/bulk/schema/value.hpp>
#include <eloqua/bulk/simulator/eel_match.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace eloqua::bulk::simulation {

/// Whether the text can be an e-mail address.
inline bool plausible_email(std::string_view text) {
    std::size_t const at = text.find('@');
    if (at == 0 || at == text.npos || text.size() > 254)
        return false;
    std::string_view const domain = text.substr(at + 1);
    if (domain.find('@') != domain.npos || domain.find('.') == domain.npos ||
        domain.starts_with('.') || domain.ends_with('.') || domain.find("..") != domain.npos)
        return false;
    return std::ranges::none_of(text, [](char c) {
        return static_cast<unsigned char>(c) <= ' ' || c == ',' || c == ';' || c == '<' ||
               c == '>' || c == '"' || c == 0x7f;
    });
}

/// The value as it is stored in a field of this type, or nothing if it is not a value of it.
inline std::optional<std::string> stored_form(std::string_view value, data_type type) {
    if (value.empty() || type == data_type::string || type == data_type::emailAddress)
        return std::string(value);
    if (type == data_type::number)
        return parse_decimal(value) ? std::optional(std::string(value)) : std::nullopt;
    if (type == data_type::boolean) {
        bool yes = false;
        if (!value_traits<bool>::parse(value, yes))
            return std::nullopt;
        return yes ? "True" : "False";
    }
    auto const time = parse_any_time(value);
    std::string text;
    if (!time || !append_time(text, std::chrono::floor<std::chrono::milliseconds>(*time)))
        return std::nullopt;
    if (text.ends_with(".000"))
        text.resize(text.size() - 4);
    return text;
}

} // namespace eloqua::bulk::simulation
