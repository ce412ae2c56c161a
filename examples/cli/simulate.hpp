// SPDX-License-Identifier: BSL-1.0
// eloqua-bulk simulate: a simulated Eloqua on a local port, for any client: curl, a script, another
// language.
#pragma once

#include "ending.hpp"
#include "simulator_settings.hpp"
#include <stop_token>

namespace cli {

/// Serves until `stop` is requested.
exit_code run_simulate(simulate_arguments const& given, std::stop_token const& stop);

} // namespace cli
