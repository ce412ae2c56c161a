// SPDX-License-Identifier: BSL-1.0
/// \file
/// When to try again, how long to wait, and how far a body may swell. Values and pure functions;
/// time and chance come in from outside.
#pragma once

#include <eloqua/bulk/wire/http.hpp>
#include <eloqua/bulk/wire/transport.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace eloqua::bulk {

/// How far a compressed body may swell. No limit of memory, which is bounded anyway, but of the
/// time that a hostile body takes.
struct inflate_limits {
    /// Bytes of one inflated body.
    std::uint64_t bytes = std::uint64_t(4) << 30;
    /// Inflated bytes for each compressed one, once there is more than 1 MiB of them. Pages of
    /// blank columns reach 200; what the format can express is 1032.
    std::uint64_t ratio = 500;
};

/// How often one request is tried, and how long is waited in between: a random time up to a bound
/// that doubles ("full jitter"), at least what the service's Retry-After says. `attempts` also
/// bounds how often a job makes one definition, starts one sync, and between two syncs of an import
/// abandons a definition.
struct retry_policy {
    unsigned attempts = 6;                                 ///< in all, at least 1
    clock::duration first_delay = std::chrono::seconds(1); ///< bound before the second attempt
    clock::duration longest_delay = std::chrono::seconds(60);
    clock::duration total_time = std::chrono::hours(2); ///< no attempt begins later than this
    /// How long the service wants to be left alone after an error of severity 0, the worst, to 3.
    std::array<clock::duration, 4> severity_delays{
        std::chrono::minutes(60), std::chrono::minutes(30), std::chrono::minutes(15),
        std::chrono::minutes(2)};
    /// Requests that meet a connection which the service has closed meanwhile count as no attempt,
    /// so often.
    unsigned stale_connections = 8;
    /// How often a job looks for what a POST may have made whose answer was lost, at least 1; the
    /// first time after a delay, which then grows fourfold up to the longest.
    unsigned looks = 3;
    clock::duration first_look = std::chrono::seconds(2);
    unsigned pages_of_syncs = 10; ///< of 1,000 each, that are looked through; 0: all
};

/// How a sync is watched.
struct polling_policy {
    clock::duration first_delay = std::chrono::seconds(2); ///< doubles until
    clock::duration longest_delay = std::chrono::seconds(60);
    clock::duration deadline = std::chrono::hours(6); ///< for the whole sync
};

namespace detail {

/// `first` doubled `n - 1` times, but no more than `longest`.
inline clock::duration doubled(clock::duration first, clock::duration longest, unsigned n) {
    clock::duration delay = std::min(first, longest);
    for (unsigned i = 1; i < n && delay < longest; ++i)
        delay = delay < longest / 2 ? delay * 2 : longest;
    return delay;
}

} // namespace detail

/// The delay after the `n`th attempt (from 1). `chance` is uniform in [0, 1).
[[nodiscard]] inline clock::duration backoff(retry_policy const& policy, unsigned n,
                                             double chance) {
    clock::duration const bound = detail::doubled(policy.first_delay, policy.longest_delay, n);
    return std::chrono::duration_cast<clock::duration>(bound * chance);
}

/// The delay before the `n`th look at a sync (from 1), varied by up to a tenth.
[[nodiscard]] inline clock::duration polling_delay(polling_policy const& policy, unsigned n,
                                                   double chance) {
    clock::duration const delay = detail::doubled(policy.first_delay, policy.longest_delay, n);
    return delay - std::chrono::duration_cast<clock::duration>(delay * (chance / 10));
}

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

/// The delay after an error of this severity, if it gives one.
[[nodiscard]] inline clock::duration severity_delay(retry_policy const& policy,
                                                    std::optional<int> severity) {
    return severity && *severity >= 0 && *severity <= 3
               ? policy.severity_delays[static_cast<std::size_t>(*severity)]
               : clock::duration::zero();
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
