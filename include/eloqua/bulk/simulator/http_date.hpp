// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <eloqua/bulk/schema/documents.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

namespace eloqua::bulk::simulation {

/// "Sun, 06 Nov 1994 08:49:37 GMT", as RFC 9110 (5.6.7) wants dates of HTTP; in the years 0 to
/// 9999.
inline std::string http_date(timestamp t) {
    using namespace std::chrono;
    static constexpr std::array<std::string_view, 7> names{"Sun", "Mon", "Tue", "Wed",
                                                           "Thu", "Fri", "Sat"};
    static constexpr std::array<std::string_view, 12> months{
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    auto const whole = floor<seconds>(t);
    auto const day = floor<days>(whole);
    year_month_day const date(day);
    hh_mm_ss const time(whole - day);
    std::string out(names[weekday(day).c_encoding()]);
    auto const digits = [&out](std::size_t width, auto n) {
        std::string const text = std::to_string(n);
        if (text.size() < width)
            out.append(width - text.size(), '0');
        out += text;
    };
    out += ", ";
    digits(2, static_cast<unsigned>(date.day()));
    out.append(" ").append(months[static_cast<unsigned>(date.month()) - 1]).append(" ");
    digits(4, static_cast<int>(date.year()));
    out += ' ';
    digits(2, time.hours().count());
    out += ':';
    digits(2, time.minutes().count());
    out += ':';
    digits(2, time.seconds().count());
    return out += " GMT";
}

} // namespace eloqua::bulk::simulation
