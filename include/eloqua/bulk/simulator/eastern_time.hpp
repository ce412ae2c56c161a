// SPDX-License-Identifier: BSL-1.0
/// \file
/// US Eastern time, the zone of the service's servers.
#pragma once

#include <chrono>

namespace eloqua::bulk::simulation {

/// What Eastern clocks are ahead of UTC, a negative duration, by the rules in force since 1967
/// (without the exceptions of 1974 and 1975).
inline std::chrono::hours eastern_offset(std::chrono::sys_seconds utc) {
    using namespace std::chrono;
    year const y = year_month_day(floor<days>(utc)).year();
    sys_days first, last;
    if (y >= year(2007)) {
        first = y / March / Sunday[2];
        last = y / November / Sunday[1];
    } else {
        first = y >= year(1987) ? sys_days(y / April / Sunday[1])
                                : sys_days(y / April / Sunday[std::chrono::last]);
        last = y / October / Sunday[std::chrono::last];
    }
    // Both changes are at 02:00 of the time then in force.
    bool const daylight = utc >= first + hours(7) && utc < last + hours(6);
    return daylight ? hours(-4) : hours(-5);
}

/// What to add to a time on Eastern clocks to get UTC; the earlier of two where they are set back.
inline std::chrono::seconds eastern_to_utc(std::chrono::sys_seconds local) {
    using namespace std::chrono;
    sys_seconds const daylight = local + hours(4);
    return eastern_offset(daylight) == hours(-4) ? hours(4) : hours(5);
}

} // namespace eloqua::bulk::simulation
