// SPDX-License-Identifier: BSL-1.0
/// \file
/// Records computed from their index, so any number uses no memory.
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

/// Activities of one type, at equal time intervals.
struct activity_series {
    activity_type type = activity_type::EmailOpen; ///< of all of them
    std::int64_t count = 0;                        ///< number of activities
    /// Time of the first one.
    timestamp first = std::chrono::sys_days(std::chrono::year(2025) / 1 / 1);
    std::chrono::milliseconds every = std::chrono::seconds(1); ///< time between two of them
};

/// What a `simulator` is made of.
namespace simulation {

/// The position of a record in its table; its id is this number plus a fixed base.
using position = std::uint32_t;
inline constexpr position no_position = UINT32_MAX; ///< no record

/// Records that are computed from their index and never stored.
struct population {
    /// Appends the value of a record.
    using column = std::function<void(std::int64_t index, std::string& out)>;
    /// Returns the indices of the records with a value.
    using finder = std::function<std::vector<std::int64_t>(std::string_view value)>;

    std::int64_t size = 0; ///< number of records
    /// Returns the function that appends the value of the field with this internal name; an empty
    /// function if the field is always blank.
    std::function<column(std::string_view internal_name)> bind;
    /// Returns the function that finds the records with a value, in any letter case, in the field
    /// with this internal name. It may return others too. If the function is empty, searches of
    /// the field use an index in memory. May itself be empty.
    std::function<finder(std::string_view internal_name)> bind_finder;
    /// @{
    /// Returns the time of a record.
    std::function<timestamp(std::int64_t index)> created_at;
    std::function<timestamp(std::int64_t index)> updated_at;
    /// @}
    /// Returns the contact that a record is linked to. May be empty.
    std::function<position(std::int64_t index)> link;
};

} // namespace simulation

} // namespace eloqua::bulk
