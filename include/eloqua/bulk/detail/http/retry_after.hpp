// SPDX-License-Identifier: BSL-1.0
/// \file
/// Reads how long a server wants the client to wait.
#pragma once

#include <eloqua/bulk/detail/text/ascii.hpp>
#include <eloqua/bulk/http.hpp>
#include <eloqua/bulk/transport.hpp>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <system_error>

namespace eloqua::bulk::detail {

/// Reads an HTTP date in each of its three forms (RFC 9110, 5.6.7): "Sun, 06 Nov 1994 08:49:37
/// GMT", "Sunday, 06-Nov-94 08:49:37 GMT" and "Sun Nov  6 08:49:37 1994". `now` determines the
/// century of a year with two digits: it is at most 50 years ahead.
[[nodiscard]] inline std::optional<std::chrono::sys_seconds>
parse_http_date(std::string_view text, std::chrono::sys_seconds now) {
    auto number = [](std::string_view digits) {
        int value = -1;
        return detail::read_whole(digits, value) ? value : -1;
    };
    std::string_view day, month, time, years;
    if (std::size_t const comma = text.find(", "); comma != text.npos) {
        text.remove_prefix(comma + 2);
        std::size_t const digits = text.size() == 24 ? 4 : 2;
        if (!text.ends_with(" GMT") || text.size() != 20 + digits)
            return std::nullopt;
        day = text.substr(0, 2);
        month = text.substr(3, 3);
        years = text.substr(7, digits);
        time = text.substr(8 + digits, 8);
    } else {
        if (text.size() != 24)
            return std::nullopt;
        month = text.substr(4, 3);
        day = text.substr(8, 2);
        day.remove_prefix(day.starts_with(' ') ? 1 : 0);
        time = text.substr(11, 8);
        years = text.substr(20);
    }
    constexpr std::string_view names = "JanFebMarAprMayJunJulAugSepOctNovDec";
    std::size_t const name = names.find(month);
    int const d = number(day), hour = number(time.substr(0, 2)), minute = number(time.substr(3, 2)),
              second = number(time.substr(6, 2));
    int year = number(years);
    if (years.size() == 2 && year >= 0) {
        std::chrono::year_month_day const today(std::chrono::floor<std::chrono::days>(now));
        int const latest = static_cast<int>(today.year()) + 50;
        year = latest - (latest - year) % 100;
    }
    if (name == names.npos || name % 3 != 0 || d < 1 || year < 1900 || hour < 0 || hour > 23 ||
        minute < 0 || minute > 59 || second < 0 || second > 60)
        return std::nullopt;
    std::chrono::year_month_day const date{std::chrono::year(year),
                                           std::chrono::month(static_cast<unsigned>(name / 3 + 1)),
                                           std::chrono::day(static_cast<unsigned>(d))};
    if (!date.ok())
        return std::nullopt;
    return std::chrono::sys_days(date) + std::chrono::hours(hour) + std::chrono::minutes(minute) +
           std::chrono::seconds(second);
}

/// The longest result of `retry_after`.
inline constexpr std::chrono::seconds longest_retry_after = std::chrono::hours(24 * 365);

/// The wait that a response's Retry-After requests, at most `longest_retry_after`: seconds, rounded
/// up, or a date. A date is compared with the response's own Date, so that this machine's clock
/// does not matter; without one, with `now`, this machine's time.
[[nodiscard]] inline std::optional<clock::duration> retry_after(head const& h,
                                                                std::chrono::sys_seconds now) {
    auto const text = h.fields.find("Retry-After");
    if (!text)
        return std::nullopt;
    constexpr std::chrono::seconds longest = longest_retry_after;
    std::string_view const whole = text->substr(0, text->find('.'));
    std::string_view const fraction = text->substr(std::min(text->size(), whole.size() + 1));
    bool const digits = !whole.empty() && whole.find_first_not_of("0123456789") == whole.npos &&
                        fraction.find_first_not_of("0123456789") == fraction.npos &&
                        (whole.size() == text->size()) == fraction.empty();
    if (digits) {
        std::int64_t seconds = 0;
        if (std::from_chars(whole.data(), whole.data() + whole.size(), seconds).ec != std::errc() ||
            seconds >= longest.count())
            return longest;
        bool const more = fraction.find_first_not_of('0') != fraction.npos;
        return std::chrono::seconds(seconds + (more ? 1 : 0));
    }
    auto const said = parse_http_date(h.fields.find("Date").value_or(""), now);
    auto const when = parse_http_date(*text, said.value_or(now));
    if (!when)
        return std::nullopt;
    return std::clamp(*when - said.value_or(now), std::chrono::seconds(0), longest);
}
[[nodiscard]] inline std::optional<clock::duration> retry_after(head const& h) {
    return retry_after(h,
                       std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()));
}

} // namespace eloqua::bulk::detail
