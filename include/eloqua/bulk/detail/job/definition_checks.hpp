// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <eloqua/bulk/error.hpp>
#include <eloqua/bulk/limits.hpp>
#include <eloqua/bulk/time.hpp>

#include <chrono>
#include <optional>
#include <string>

namespace eloqua::bulk::detail {

inline result<void> check_duration(char const* member, std::optional<duration> const& value,
                                   std::chrono::seconds least,
                                   std::optional<std::chrono::seconds> most) {
    auto const length = value ? value->known() : std::nullopt;
    if (!value || (length && *length >= least && (!most || *length <= *most)))
        return {};
    return failure(errc::invalid_argument,
                   std::string(member) + " is " + value->text() + "; at least " +
                       format_duration(least) +
                       (most ? ", at most " + format_duration(*most) : std::string()));
}

/// Checks that the durations of a definition are in the range that the service accepts. Durations
/// without a fixed length, such as "P1M", are out of range.
/// Error: `errc::invalid_argument`, with the member and the range.
template <class Definition>
[[nodiscard]] result<void> check_durations(Definition const& d) {
    result<void> fits = detail::check_duration("autoDeleteDuration", d.autoDeleteDuration,
                                               limits::auto_delete_min, std::nullopt);
    if constexpr (requires { d.dataRetentionDuration; })
        if (fits)
            fits = detail::check_duration("dataRetentionDuration", d.dataRetentionDuration,
                                          limits::retention_min, limits::retention_max);
    return fits;
}

} // namespace eloqua::bulk::detail
