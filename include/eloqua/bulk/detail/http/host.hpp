// SPDX-License-Identifier: BSL-1.0
/// \file
/// Checks host names. Any other text would be interpreted by a resolver or a TLS library in its own
/// way, and the check would apply to a different host than the one connected to.
#pragma once

#include <eloqua/bulk/detail/text/ascii.hpp>

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace eloqua::bulk::detail {

/// Four decimal numbers: the only unambiguous form.
constexpr bool is_ipv4(std::string_view text) {
    for (int numbers = 1;; ++numbers) {
        std::size_t const end = std::min(text.find('.'), text.size());
        std::string_view const number = text.substr(0, end);
        int value = 0;
        for (char c : number.substr(0, 4)) {
            if (!is_digit(c))
                return false;
            value = value * 10 + (c - '0');
        }
        bool const padded = number.size() > 1 && number.front() == '0';
        if (number.empty() || number.size() > 3 || padded || value > 255)
            return false;
        if (end == text.size())
            return numbers == 4;
        text.remove_prefix(end + 1);
    }
}

/// An IPv6 address, without brackets and zone.
constexpr bool is_ipv6(std::string_view text) {
    int groups = 0;
    bool gap = text.starts_with("::");
    if (gap)
        text.remove_prefix(2);
    while (!text.empty()) {
        std::size_t const end = std::min(text.find(':'), text.size());
        std::string_view const group = text.substr(0, end);
        text.remove_prefix(end);
        if (text.empty() && group.find('.') != group.npos) {
            if (!is_ipv4(group))
                return false;
            groups += 2;
            break;
        }
        if (group.empty() || group.size() > 4 || !std::ranges::all_of(group, is_hex_digit))
            return false;
        ++groups;
        if (text == ":")
            return false;
        bool const second_gap = gap && text.starts_with("::");
        if (second_gap)
            return false;
        gap = gap || text.starts_with("::");
        text.remove_prefix(std::min<std::size_t>(text.size(), text.starts_with("::") ? 2 : 1));
    }
    return gap ? groups < 8 : groups == 8;
}

/// Labels of letters, digits and hyphens (RFC 1123), or an IPv4 address. If the last label could be
/// part of an address, such as "1" or "0x7f", the whole text must be an address.
constexpr bool is_host_name(std::string_view text) {
    if (text.empty() || text.size() > 253)
        return false;
    std::string_view last;
    for (std::string_view rest = text;; rest.remove_prefix(last.size() + 1)) {
        last = rest.substr(0, rest.find('.'));
        bool const plain = std::ranges::all_of(
            last, [](char c) { return is_digit(c) || is_letter(c) || c == '-'; });
        if (!plain || last.empty() || last.size() > 63 || last.front() == '-' || last.back() == '-')
            return false;
        if (last.size() == rest.size())
            break;
    }
    bool const hexadecimal = last.starts_with("0x") || last.starts_with("0X");
    std::string_view const digits = hexadecimal ? last.substr(2) : last;
    bool const number = hexadecimal ? std::ranges::all_of(digits, is_hex_digit)
                                    : std::ranges::all_of(digits, is_digit);
    return !number || is_ipv4(text);
}

} // namespace eloqua::bulk::detail
