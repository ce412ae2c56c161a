// SPDX-License-Identifier: BSL-1.0
/// \file
/// When to try again, how long to wait, and how far a body may swell. Values and pure functions;
/// time and chance come in from outside.
#pragma once

#include <eloqua/bulk/wire/transport.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

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

/// The delay after an error of this severity, if it gives one.
[[nodiscard]] inline clock::duration severity_delay(retry_policy const& policy,
                                                    std::optional<int> severity) {
    return severity && *severity >= 0 && *severity <= 3
               ? policy.severity_delays[static_cast<std::size_t>(*severity)]
               : clock::duration::zero();
}

} // namespace eloqua::bulk
