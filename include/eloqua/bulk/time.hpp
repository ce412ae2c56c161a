// SPDX-License-Identifier: BSL-1.0
/// \file
/// Times and durations as text, in the service's formats. Always UTC.
#pragma once

#include <array>
#include <charconv>
#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace eloqua::bulk {

namespace detail {

/// Removes exactly `n` digits from the start of `text`.
constexpr bool take_digits(std::string_view& text, int n, int& value) {
    if (text.size() < static_cast<std::size_t>(n))
        return false;
    value = 0;
    for (int i = 0; i != n; ++i) {
        char const c = text[static_cast<std::size_t>(i)];
        if (c < '0' || c > '9')
            return false;
        value = value * 10 + (c - '0');
    }
    text.remove_prefix(static_cast<std::size_t>(n));
    return true;
}

constexpr bool take(std::string_view& text, char c) {
    if (text.empty() || text.front() != c)
        return false;
    text.remove_prefix(1);
    return true;
}

inline void append_padded(std::string& out, std::int64_t value, std::size_t width) {
    std::string const digits = std::to_string(value);
    if (digits.size() < width)
        out.append(width - digits.size(), '0');
    out += digits;
}

/// "00" to "99".
inline constexpr auto digit_pairs = [] {
    std::array<char, 200> pairs{};
    for (std::size_t i = 0; i != 100; ++i) {
        pairs[2 * i] = static_cast<char>('0' + i / 10);
        pairs[2 * i + 1] = static_cast<char>('0' + i % 10);
    }
    return pairs;
}();
inline void write_pair(char* out, unsigned value) {
    std::memcpy(out, digit_pairs.data() + std::size_t(2) * value, 2);
}

/// A pattern of eight characters: '0' for any digit, others for themselves.
class text_pattern {
public:
    explicit constexpr text_pattern(char const (&pattern)[9]) {
        for (std::size_t i = 0; i != 8; ++i) {
            wanted_[i] = pattern[i];
            // Adding this sets the high bit of a digit that is too large, or of anything but zero.
            greatest_[i] = pattern[i] == '0' ? 0x80 - 10 : 0x80 - 1;
        }
    }
    bool matches(char const* text) const {
        std::uint64_t bytes, wanted, greatest;
        std::memcpy(&bytes, text, 8);
        std::memcpy(&wanted, wanted_, 8);
        std::memcpy(&greatest, greatest_, 8);
        bytes ^= wanted; // digits become their values, matching characters zero
        return ((bytes | (bytes + greatest)) & 0x8080'8080'8080'8080u) == 0;
    }

private:
    char wanted_[8] = {};
    char greatest_[8] = {};
};

constexpr int two_digits(char const* text) {
    return (text[0] - '0') * 10 + (text[1] - '0');
}

/// Ticks of `Duration` per second, for durations of a second or finer.
template <class Duration>
inline constexpr std::int64_t ticks_per_second = Duration::period::den / Duration::period::num;

template <class Duration>
inline constexpr int fraction_digits = [] {
    int digits = 0;
    for (std::int64_t n = 1; n < ticks_per_second<Duration>; n *= 10)
        ++digits;
    return digits;
}();

constexpr bool is_power_of_ten(std::intmax_t n) {
    while (n % 10 == 0)
        n /= 10;
    return n == 1;
}

/// Durations that can be converted to and from text: integral, a power of ten of a second down to
/// picoseconds, or whole seconds and more.
template <class Duration>
concept clock_duration =
    std::signed_integral<typename Duration::rep> && sizeof(typename Duration::rep) <= 8 &&
    (Duration::period::den == 1 ||
     (Duration::period::num == 1 && is_power_of_ten(Duration::period::den) &&
      Duration::period::den <= 1'000'000'000'000));

/// Parses "2025-06-01 10:00:01" and "2025-06-01 10:00:01.250", the service's formats, for a
/// `Duration` that can hold any such time. False for text in another format, and for a fraction
/// finer than `Duration`.
template <class Duration>
[[gnu::flatten]] bool parse_fixed_time(std::string_view text,
                                       std::chrono::sys_time<Duration>& into) {
    namespace chr = std::chrono;
    static constexpr text_pattern date_part("0000-00-"), day_part("00 00:00"),
        second_part("00:00:00"), fraction_part("0:00.000");
    char const* const t = text.data();
    bool const fraction = text.size() == 23;
    if ((!fraction && text.size() != 19) || !date_part.matches(t) || !day_part.matches(t + 8) ||
        !(fraction ? fraction_part.matches(t + 15) : second_part.matches(t + 11)))
        return false;
    auto const hour = two_digits(t + 11), minute = two_digits(t + 14), second = two_digits(t + 17);
    chr::year_month_day const date{chr::year(two_digits(t) * 100 + two_digits(t + 2)),
                                   chr::month(static_cast<unsigned>(two_digits(t + 5))),
                                   chr::day(static_cast<unsigned>(two_digits(t + 8)))};
    if (hour > 23 || minute > 59 || second > 59 || !date.ok())
        return false;
    std::int64_t const milliseconds = fraction ? two_digits(t + 20) * 10 + (t[22] - '0') : 0;
    std::int64_t const seconds = chr::sys_days(date).time_since_epoch().count() * 86'400LL +
                                 hour * 3600 + minute * 60 + second;
    constexpr std::int64_t ticks = ticks_per_second<Duration>;
    if (ticks % 1000 != 0 && milliseconds * ticks % 1000 != 0)
        return false;
    into = chr::sys_time<Duration>(Duration(seconds * ticks + milliseconds * ticks / 1000));
    return true;
}

template <class Duration>
inline constexpr bool has_fixed_time =
    Duration::period::num == 1 && sizeof(typename Duration::rep) >= 8 &&
    ticks_per_second<Duration> <= 1'000'000;

/// Ticks of a time, for a `Duration` of a second or finer; `fraction` is also in ticks, less than
/// one second. False on overflow.
template <class Duration>
constexpr bool join_ticks(std::int64_t seconds, std::int64_t fraction, std::int64_t& into) {
    constexpr std::int64_t ticks = ticks_per_second<Duration>;
    constexpr std::int64_t most = std::numeric_limits<typename Duration::rep>::max();
    constexpr std::int64_t least = std::numeric_limits<typename Duration::rep>::min();
    if (seconds < 0) { // rounds towards zero, like integer division
        ++seconds;
        fraction -= ticks;
    }
    if (seconds > most / ticks || (seconds == most / ticks && fraction > most % ticks) ||
        seconds < least / ticks || (seconds == least / ticks && fraction < least % ticks))
        return false;
    into = seconds * ticks + fraction;
    return true;
}

} // namespace detail

/// How to treat the part of a time that is finer than the unit.
enum class finer_part : unsigned char {
    cut_off, ///< the time is rounded down
    refused, ///< unless it is zero
};

/// Parses "2025-06-01", "2025-06-01 10:00", "2025-06-01 10:00:01.25", with 'T' in place of the
/// space, and with 'Z' or an offset such as "+02:00" at the end. A fraction may have any length.
/// Empty for other text and for a time that `Duration` cannot hold.
template <detail::clock_duration Duration>
[[nodiscard]] std::optional<std::chrono::sys_time<Duration>>
parse_time(std::string_view text, finer_part finer = finer_part::cut_off) {
    namespace chr = std::chrono;
    if constexpr (detail::has_fixed_time<Duration>)
        if (chr::sys_time<Duration> time; detail::parse_fixed_time(text, time))
            return time;
    int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
    if (!detail::take_digits(text, 4, year) || !detail::take(text, '-') ||
        !detail::take_digits(text, 2, month) || !detail::take(text, '-') ||
        !detail::take_digits(text, 2, day))
        return std::nullopt;
    chr::year_month_day const date{chr::year(year), chr::month(static_cast<unsigned>(month)),
                                   chr::day(static_cast<unsigned>(day))};
    if (!date.ok())
        return std::nullopt;
    constexpr std::int64_t per_second =
        Duration::period::num == 1 ? detail::ticks_per_second<Duration> : 1;
    std::int64_t fraction = 0;
    std::int64_t offset = 0;
    bool exact = true;
    if (!text.empty()) {
        if ((!detail::take(text, ' ') && !detail::take(text, 'T')) ||
            !detail::take_digits(text, 2, hour) || !detail::take(text, ':') ||
            !detail::take_digits(text, 2, minute))
            return std::nullopt;
        if (detail::take(text, ':')) {
            if (!detail::take_digits(text, 2, second))
                return std::nullopt;
            if (detail::take(text, '.')) {
                std::int64_t worth = per_second;
                int digits = 0, digit = 0;
                for (; detail::take_digits(text, 1, digit); ++digits) {
                    worth /= 10;
                    fraction += worth * digit;
                    exact = exact && (worth != 0 || digit == 0);
                }
                if (digits == 0)
                    return std::nullopt;
            }
        }
        if (hour > 23 || minute > 59 || second > 59)
            return std::nullopt;
        bool const east = !text.empty() && text.front() == '+';
        if (!detail::take(text, 'Z') && (detail::take(text, '+') || detail::take(text, '-'))) {
            int hours = 0, minutes = 0;
            if (!detail::take_digits(text, 2, hours))
                return std::nullopt;
            detail::take(text, ':');
            if (!detail::take_digits(text, 2, minutes) || hours > 14 || minutes > 59)
                return std::nullopt;
            offset = (hours * 3600 + minutes * 60) * (east ? 1 : -1);
        }
        if (!text.empty())
            return std::nullopt;
    }
    std::int64_t const seconds = chr::sys_days(date).time_since_epoch().count() * 86'400LL +
                                 hour * 3600 + minute * 60 + second - offset;
    using rep = typename Duration::rep;
    std::int64_t ticks = 0;
    if constexpr (Duration::period::num == 1) {
        if (!detail::join_ticks<Duration>(seconds, fraction, ticks))
            return std::nullopt;
    } else {
        constexpr std::int64_t unit = Duration::period::num;
        std::int64_t const rest = (seconds % unit + unit) % unit;
        exact = exact && rest == 0;
        ticks = (seconds - rest) / unit;
        if (ticks > std::numeric_limits<rep>::max() || ticks < std::numeric_limits<rep>::min())
            return std::nullopt;
    }
    if (!exact && finer == finer_part::refused)
        return std::nullopt;
    return chr::sys_time<Duration>(Duration(static_cast<rep>(ticks)));
}

/// Maximum size in bytes of a time as text.
inline constexpr std::size_t time_text_size = 32;

/// Writes a time in the format of `append_time` to a buffer of `time_text_size` bytes and returns
/// its size; 0 for a time that cannot be written.
template <detail::clock_duration Duration>
[[nodiscard]] std::size_t write_time(char* text, std::chrono::sys_time<Duration> time,
                                     char separator = ' ') {
    namespace chr = std::chrono;
    auto const ticks = std::int64_t(time.time_since_epoch().count());
    if constexpr (Duration::period::num > 86'400) { // or days could overflow
        constexpr std::int64_t far = 400'000'000'000 / Duration::period::num;
        if (ticks > far || ticks < -far)
            return 0;
    }
    auto const date_part = chr::floor<chr::days>(time);
    // Checked before the conversion, because the number of a year wraps around.
    if (date_part < chr::sys_days(chr::year(0) / 1 / 1) ||
        date_part > chr::sys_days(chr::year(9999) / 12 / 31))
        return 0;
    chr::year_month_day const date{date_part};
    auto const whole = chr::floor<chr::seconds>(time);
    auto const of_day = static_cast<unsigned>((whole - chr::sys_seconds(date_part)).count());
    auto const year = static_cast<unsigned>(int(date.year()));
    detail::write_pair(text, year / 100);
    detail::write_pair(text + 2, year % 100);
    detail::write_pair(text + 5, unsigned(date.month()));
    detail::write_pair(text + 8, unsigned(date.day()));
    detail::write_pair(text + 11, of_day / 3600);
    detail::write_pair(text + 14, of_day / 60 % 60);
    detail::write_pair(text + 17, of_day % 60);
    text[4] = text[7] = '-';
    text[10] = separator;
    text[13] = text[16] = ':';
    std::size_t size = 19;
    if constexpr (Duration::period::num == 1 && Duration::period::den > 1) {
        static_assert(detail::fraction_digits<Duration> <= 12);
        constexpr std::int64_t second = detail::ticks_per_second<Duration>;
        auto fraction = static_cast<std::uint64_t>((ticks % second + second) % second);
        std::size_t digits = detail::fraction_digits<Duration>;
        text[size] = '.';
        if constexpr (detail::fraction_digits<Duration> == 3) {
            auto const thousandths = static_cast<unsigned>(fraction);
            text[size + 1] = static_cast<char>('0' + thousandths / 100);
            detail::write_pair(text + size + 2, thousandths % 100);
        } else {
            for (; digits > 3 && fraction % 10 == 0; --digits)
                fraction /= 10;
            for (std::size_t i = digits; i != 0; --i, fraction /= 10)
                text[size + i] = static_cast<char>('0' + fraction % 10);
        }
        size += 1 + digits;
    }
    return size;
}

/// Appends "2025-06-01 10:00:01" and, for a `Duration` finer than seconds, a fraction: three
/// digits if they suffice, otherwise all. Returns false, and appends nothing, outside the years 0
/// to 9999.
template <detail::clock_duration Duration>
[[nodiscard]] bool append_time(std::string& out, std::chrono::sys_time<Duration> time,
                               char separator = ' ') {
    char text[time_text_size];
    std::size_t const size = write_time(text, time, separator);
    if (size == 0)
        return false;
    out.append(text, size);
    return true;
}

/// Parses "P7D", "PT6H", "P1DT30M" into seconds. Empty for other text, for months and years, which
/// have no fixed length, and for more than 100 years.
[[nodiscard]] inline std::optional<std::chrono::seconds> parse_duration(std::string_view text) {
    if (!detail::take(text, 'P') || text.empty())
        return std::nullopt;
    constexpr std::string_view units = "WDHMS";
    constexpr std::int64_t seconds_of_units[] = {604'800, 86'400, 3'600, 60, 1};
    std::int64_t total = 0;
    bool time = false;
    std::string_view allowed = units.substr(0, 2);
    while (!text.empty()) {
        if (!time && detail::take(text, 'T')) {
            time = true;
            allowed = units.substr(2);
            if (text.empty())
                return std::nullopt;
        }
        std::int64_t n = 0;
        auto [end, ec] = std::from_chars(text.data(), text.data() + text.size(), n);
        if (ec != std::errc() || n < 0 || n > 3'200'000'000 || end == text.data() + text.size())
            return std::nullopt;
        std::size_t const which = allowed.find(*end);
        if (which == allowed.npos)
            return std::nullopt;
        total += n * seconds_of_units[units.find(*end)];
        if (total > 3'200'000'000)
            return std::nullopt;
        allowed.remove_prefix(which + 1);
        text.remove_prefix(static_cast<std::size_t>(end - text.data()) + 1);
    }
    return std::chrono::seconds(total);
}

/// Whole days as "P7D", others in hours, minutes and seconds: "PT6H", "PT1H30M" for 90 minutes.
[[nodiscard]] inline std::string format_duration(std::chrono::seconds d) {
    std::int64_t const n = d.count();
    if (n != 0 && n % 86'400 == 0)
        return "P" + std::to_string(n / 86'400) + "D";
    std::string text = "PT";
    if (n / 3600)
        text += std::to_string(n / 3600) + "H";
    if (n / 60 % 60)
        text += std::to_string(n / 60 % 60) + "M";
    if (n % 60 || n == 0)
        text += std::to_string(n % 60) + "S";
    return text;
}

/// A retention period. In the API it is an ISO 8601 duration: "PT6H", "P7D". Text of the service
/// without a fixed length, such as "P1M", is kept and sent back unchanged.
class duration {
public:
    duration() : duration(std::chrono::seconds(0)) {}
    /// From any `std::chrono` duration of whole seconds, such as `std::chrono::hours(6)`.
    template <std::convertible_to<std::chrono::seconds> D>
    duration(D d) : known_(d), text_(format_duration(d)) {}
    /// From the text of the API, which is kept unchanged.
    explicit duration(std::string text) : known_(parse_duration(text)), text_(std::move(text)) {}

    /// Empty if the text has no fixed length.
    std::optional<std::chrono::seconds> known() const { return known_; }
    /// The text of the API.
    std::string const& text() const { return text_; }

    /// Lengths are compared if both are known, else texts.
    friend bool operator==(duration const& a, duration const& b) {
        return a.known_ && b.known_ ? *a.known_ == *b.known_ : a.text_ == b.text_;
    }

private:
    std::optional<std::chrono::seconds> known_;
    std::string text_;
};

} // namespace eloqua::bulk
