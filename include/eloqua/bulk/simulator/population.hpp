// SPDX-License-Identifier: BSL-1.0
/// \file
/// Records that are computed from their numbers: any quantity of them costs no memory.
#pragma once

#include <eloqua/bulk/assets.hpp>
#include <eloqua/bulk/documents.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace eloqua::bulk {

/// Activities of one type, one after another at equal distances of time.
struct activity_series {
    activity_type type = activity_type::EmailOpen;
    std::int64_t count = 0;
    timestamp first = std::chrono::sys_days(std::chrono::year(2025) / 1 / 1);
    std::chrono::milliseconds every = std::chrono::seconds(1);
};

namespace simulation {

/// Where a record stands in its table; its id is this number from a fixed base.
using position = std::uint32_t;
inline constexpr position no_position = UINT32_MAX;

/// Records that are computed from their number and never stored.
struct population {
    using column = std::function<void(std::int64_t index, std::string& out)>;
    using finder = std::function<std::vector<std::int64_t>(std::string_view value)>;

    std::int64_t size = 0;
    /// What appends the value of the field of this internal name; an empty function if the field is
    /// blank throughout.
    std::function<column(std::string_view internal_name)> bind;
    /// What gives the numbers of the records with a value, in any letter case, in the field of this
    /// internal name. It may give others too. An empty function: searching the field keeps an index
    /// in memory. May itself be empty.
    std::function<finder(std::string_view internal_name)> bind_finder;
    std::function<timestamp(std::int64_t index)> created_at;
    std::function<timestamp(std::int64_t index)> updated_at;
    /// The contact that a record is linked to. May be empty.
    std::function<position(std::int64_t index)> link;
};

} // namespace simulation

} // namespace eloqua::bulk
