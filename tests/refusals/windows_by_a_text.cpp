// SPDX-License-Identifier: BSL-1.0
// refused: eloqua: the time of rows must be a member that holds a time or a date
// Windows of time by a member that is not a time.
#include <eloqua/bulk/export_windows.hpp>

#include <boost/describe/class.hpp>

#include <chrono>
#include <optional>
#include <string>

namespace bulk = eloqua::bulk;

struct opened {
    std::string asset;
    std::optional<std::chrono::sys_seconds> at;
};
BOOST_DESCRIBE_STRUCT(opened, (), (asset, at))

bulk::window_plan plan(bulk::time_windows windows) {
#ifndef REFUSE
    return bulk::export_windows<&opened::at>(windows);
#else
    return bulk::export_windows<&opened::asset>(windows);
#endif
}
