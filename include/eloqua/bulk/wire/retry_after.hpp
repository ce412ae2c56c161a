// SPDX-License-Identifier: BSL-1.0
/// \file
/// How long a server wants to be left alone.
#pragma once

#include <eloqua/bulk/wire/http.hpp>
#include <eloqua/bulk/wire/transport.hpp>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <optional>
#include <string_view>
#include <system_error>

namespace eloqua::bulk {

/// Reads an HTTP date such as "Sun, 06 Nov 1994 08:49:37 GMT".
[[nodiscard]] inline std::optional<std::chrono::sys_seconds>
parse_http_date(std::string_view text) {
    auto number = [](std::string_view digits) {
        int value = -1;
        auto [end, ec] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
        return ec == std::errc() && end == digits.data() + digits.size() ? value : -1;
    };
    constexpr std::string_view months = "JanFebMarAprMayJunJulAugSepOctNovDec";
    if (text.size() != 29 || !text.ends_with(" GMT"))
        return std::nullopt;
    std::size_t const month = months.find(text.substr(8, 3));
    int const day = number(text.substr(5, 2)), year = number(text.substr(12, 4)),
              hour = number(text.substr(17, 2)), minute = number(text.substr(20, 2)),
              second = number(text.substr(23, 2));
    if (month == months.npos || month % 3 != 0 || day < 1 || year < 1900 || hour < 0 || hour > 23 ||
        minute < 0 || minute > 59 || second < 0 || second > 60)
        return std::nullopt;
    std::chrono::year_month_day const date{std::chrono::year(year),
                                           std::chrono::month(static_cast<unsigned>(month / 3 + 1)),
                                           std::chrono::day(static_cast<unsigned>(day))};
    if (!date.ok())
        return std::nullopt;
    return std::chrono::sys_days(date) + std::chrono::hours(hour) + std::chrono::minutes(minute) +
           std::chrono::seconds(second);
}

/// What a response's Retry-After asks for: seconds, or a date, which is measured against the
/// response's own Date so that this machine's clock does not matter.
[[nodiscard]] inline std::optional<clock::duration> retry_after(head const& h) {
    auto const text = h.fields.find("Retry-After");
    if (!text)
        return std::nullopt;
    int seconds = 0;
    auto [end, ec] = std::from_chars(text->data(), text->data() + text->size(), seconds);
    if (ec == std::errc() && end == text->data() + text->size() && seconds >= 0)
        return std::chrono::seconds(seconds);
    auto const when = parse_http_date(*text);
    auto const now = parse_http_date(h.fields.find("Date").value_or(""));
    if (!when || !now)
        return std::nullopt;
    return std::max(*when - *now, std::chrono::sys_seconds::duration(0));
}

} // namespace eloqua::bulk
