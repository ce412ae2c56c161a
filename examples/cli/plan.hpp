// SPDX-License-Identifier: BSL-1.0
// eloqua-bulk plan: a large export as many commands, each for a window of time.
#pragma once

#include "ending.hpp"
#include "export_command.hpp"
#include <string>
#include <string_view>
#include <vector>

namespace cli {

struct plan_arguments {
    std::string program;              ///< as it was called
    export_arguments of;              ///< `created` is the whole range; the output is in parts
    std::vector<std::string> options; ///< of the connection, for each command
    std::int64_t windows = 1;
};

/// Prints a line for each window: its number, its start, its end and the command, separated by
/// tabs. Without columns, they have all fields. Sends nothing.
exit_code run_plan(plan_arguments given);

} // namespace cli
