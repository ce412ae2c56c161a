// SPDX-License-Identifier: BSL-1.0
// refused: eloqua: the time of rows is a member that BOOST_DESCRIBE_STRUCT does not list
// Windows of time by a member that no column has.
#include <eloqua/bulk/export_windows.hpp>

#include <boost/describe/class.hpp>

#include <chrono>
#include <string>

namespace bulk = eloqua::bulk;

struct opened {
    std::string asset;
    std::chrono::sys_seconds at;
    std::chrono::sys_seconds hidden;
};
BOOST_DESCRIBE_STRUCT(opened, (), (asset, at))

bulk::window_plan plan(bulk::time_windows windows) {
#ifndef REFUSE
    return bulk::export_windows<&opened::at>(windows);
#else
    return bulk::export_windows<&opened::hidden>(windows);
#endif
}
