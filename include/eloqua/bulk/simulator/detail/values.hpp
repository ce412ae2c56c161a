// SPDX-License-Identifier: BSL-1.0
/// \file
/// How the service reads values of pushed rows, filters and queries. Accepts only what is
/// documented, and does not use the client's own, more tolerant parsers: what a client writes must
/// pass here. Converts pushed values to values of fields.
#pragma once

#include <eloqua/bulk/assets.hpp>
#include <eloqua/bulk/detail/text/ascii.hpp>
#include <eloqua/bulk/documents.hpp>
#include <eloqua/bulk/simulator/simulator_options.hpp>
#include <eloqua/bulk/time.hpp>
#include <eloqua/bulk/value.hpp>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

namespace eloqua::bulk::simulation {

/// Reads a decimal integer; false if the text is anything else.
template <class T>
bool read_integer(std::string_view text, T& into) {
    auto const end = text.data() + text.size();
    auto const read = std::from_chars(text.data(), end, into);
    return read.ec == std::errc() && read.ptr == end;
}

/// Appends a decimal integer.
inline void append_number(std::string& out, std::int64_t n) {
    char digits[24];
    char* const end = std::to_chars(digits, std::end(digits), n).ptr;
    out.append(digits, static_cast<std::size_t>(end - digits));
}

/// Removes the digits at the front of `text`, at most `most` of them.
inline std::string_view digits_at_front(std::string_view& text, std::size_t most = SIZE_MAX) {
    std::size_t n = 0;
    while (n != text.size() && n != most && text[n] >= '0' && text[n] <= '9')
        ++n;
    std::string_view const found = text.substr(0, n);
    text.remove_prefix(n);
    return found;
}

/// Removes one character, if it is this one.
inline bool character_at_front(std::string_view& text, char wanted) {
    if (!text.starts_with(wanted))
        return false;
    text.remove_prefix(1);
    return true;
}

/// Removes exactly this many digits and returns their number; empty if there are fewer.
inline std::optional<int> number_at_front(std::string_view& text, std::size_t width) {
    std::string_view const digits = digits_at_front(text, width);
    if (digits.size() != width)
        return std::nullopt;
    int value = 0;
    for (char const c : digits)
        value = value * 10 + (c - '0');
    return value;
}

/// A decimal number: "12", "-0.50". Exponents and plus signs are not documented.
inline std::optional<double> read_number(std::string_view text) {
    std::string_view rest = text;
    character_at_front(rest, '-');
    if (digits_at_front(rest).empty() ||
        (character_at_front(rest, '.') && digits_at_front(rest).empty()) || !rest.empty())
        return std::nullopt;
    double value = 0;
    bool const read = detail::parse_number(text, value);
    return read && std::isfinite(value) ? std::optional(value) : std::nullopt;
}

/// A boolean of a pushed row: "true" and "false" in any case, or the export's texts for them in the
/// options.
inline std::optional<bool> read_boolean(std::string_view text, simulator_options const& options) {
    if (detail::iequals(text, "true") || detail::iequals(text, options.true_text))
        return true;
    if (detail::iequals(text, "false") || detail::iequals(text, options.false_text))
        return false;
    return std::nullopt;
}

/// A boolean of a record or a filter. The service's spelling there is unknown, so every spelling in
/// use is accepted.
inline std::optional<bool> read_any_boolean(std::string_view text,
                                            simulator_options const& options) {
    if (text == "1" || detail::iequals(text, "yes"))
        return true;
    if (text == "0" || detail::iequals(text, "no"))
        return false;
    return read_boolean(text, options);
}

/// The day with these numbers, if it exists.
inline std::optional<timestamp> day_of(std::optional<int> year, std::optional<int> month,
                                       std::optional<int> day) {
    if (!year || !month || !day || *year < 1)
        return std::nullopt;
    std::chrono::year_month_day const date(std::chrono::year(*year),
                                           std::chrono::month(static_cast<unsigned>(*month)),
                                           std::chrono::day(static_cast<unsigned>(*day)));
    return date.ok() ? std::optional(timestamp(std::chrono::sys_days(date))) : std::nullopt;
}

/// Removes "10:00:01", with a fraction of at most `finest` digits if there is one.
inline std::optional<timestamp::duration> time_of_day_at_front(std::string_view& text,
                                                               std::size_t finest) {
    using namespace std::chrono;
    auto const hour = number_at_front(text, 2);
    bool good = hour && character_at_front(text, ':');
    auto const minute = number_at_front(text, 2);
    good = good && minute && character_at_front(text, ':');
    auto const second = number_at_front(text, 2);
    if (!good || !second || *hour > 23 || *minute > 59 || *second > 59)
        return std::nullopt;
    timestamp::duration time = hours(*hour) + minutes(*minute) + seconds(*second);
    if (!character_at_front(text, '.'))
        return time;
    std::string_view const fraction = digits_at_front(text);
    if (fraction.empty() || fraction.size() > finest)
        return std::nullopt;
    timestamp::duration unit = seconds(1);
    for (char const c : fraction)
        time += (unit /= 10) * (c - '0');
    return time;
}

/// A time in a resource, "2020-09-15T22:58:23.8705513Z": up to seven digits of fraction.
inline std::optional<timestamp> read_resource_time(std::string_view text) {
    auto const year = number_at_front(text, 4);
    bool good = character_at_front(text, '-');
    auto const month = number_at_front(text, 2);
    good = good && character_at_front(text, '-');
    auto const date = day_of(year, month, number_at_front(text, 2));
    if (!date || !good || !character_at_front(text, 'T'))
        return std::nullopt;
    auto const time = time_of_day_at_front(text, 7);
    return time && text == "Z" ? std::optional(*date + *time) : std::nullopt;
}

/// A time in a row or a filter, in one of the documented forms: "2025-06-01", also with '/' or '.'
/// instead of '-', "06/01/2025" or "06/01/25"; "10:00:01" may follow after a space, with at most
/// three digits of fraction. Further digits, up to `finest`, are cut off. `iso`: with 'T' instead
/// of the space, and 'Z' at the end.
inline std::optional<timestamp> read_time(std::string_view text, std::size_t finest = 3,
                                          bool iso = false) {
    std::optional<timestamp> date;
    if (std::string_view rest = text; digits_at_front(rest).size() == 4) {
        auto const year = number_at_front(text, 4);
        char const separator = text.empty() ? '-' : text.front();
        iso = iso && separator == '-';
        bool good = (separator == '-' || separator == '/' || separator == '.') &&
                    character_at_front(text, separator);
        auto const month = number_at_front(text, 2);
        good = good && character_at_front(text, separator);
        date = good ? day_of(year, month, number_at_front(text, 2)) : std::nullopt;
    } else {
        iso = false;
        auto const month = number_at_front(text, 2);
        bool good = character_at_front(text, '/');
        auto const day = number_at_front(text, 2);
        good = good && character_at_front(text, '/');
        rest = text;
        std::size_t const width = digits_at_front(rest).size() == 2 ? 2 : 4;
        std::optional<int> year = number_at_front(text, width);
        if (year && width == 2) // as SQL Server reads it
            *year += *year < 50 ? 2000 : 1900;
        date = good ? day_of(year, month, day) : std::nullopt;
    }
    if (!date || text.empty())
        return date;
    iso = iso && text.front() == 'T';
    if (!character_at_front(text, iso ? 'T' : ' '))
        return std::nullopt;
    auto const time = time_of_day_at_front(text, finest);
    if (iso)
        character_at_front(text, 'Z');
    if (!time || !text.empty())
        return std::nullopt;
    return *date + std::chrono::floor<std::chrono::milliseconds>(*time);
}

/// As above, see `simulator_options::cuts_fine_times` and `takes_iso_times`.
inline std::optional<timestamp> read_time(std::string_view text, simulator_options const& options) {
    return read_time(text, options.cuts_fine_times ? SIZE_MAX : 3, options.takes_iso_times);
}

/// "P7D", "PT6H", "P1DT12H30M": days, hours, minutes and seconds, each at most once. Years and
/// months have no fixed length; weeks are not documented.
inline std::optional<std::chrono::seconds> read_duration(std::string_view text) {
    using namespace std::chrono;
    constexpr std::size_t most_digits = 9;
    if (!character_at_front(text, 'P') || text.empty())
        return std::nullopt;
    seconds total{0};
    auto const take = [&](char unit, seconds one) {
        std::string_view rest = text;
        std::string_view const digits = digits_at_front(rest);
        if (digits.empty() || digits.size() > most_digits || !character_at_front(rest, unit))
            return false;
        text = rest;
        std::int64_t n = 0;
        std::from_chars(digits.data(), digits.data() + digits.size(), n);
        total += n * one;
        return true;
    };
    take('D', days(1));
    if (character_at_front(text, 'T')) {
        bool any = take('H', hours(1));
        any = take('M', minutes(1)) || any;
        any = take('S', seconds(1)) || any;
        if (!any)
            return std::nullopt;
    }
    return text.empty() ? std::optional(total) : std::nullopt;
}

/// Removes the first character of valid UTF-8.
inline char32_t next_character(std::string_view& text) {
    auto const first = static_cast<unsigned char>(text.front());
    std::size_t const width = first < 0xC0 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    char32_t code = first & (width == 1 ? 0xFFu : 0x7Fu >> width);
    for (std::size_t i = 1; i < std::min(width, text.size()); ++i)
        code = code << 6 | (static_cast<unsigned char>(text[i]) & 0x3Fu);
    text.remove_prefix(std::min(width, text.size()));
    return code;
}

/// Control characters and invisible ones: the byte order mark, joiners, direction marks and others
/// without width.
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

/// The value as stored in a field of this type; empty if it is not valid for the type.
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
