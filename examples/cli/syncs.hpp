// SPDX-License-Identifier: BSL-1.0
// eloqua-bulk syncs, sync, wait
#pragma once

#include "ending.hpp"
#include "reporting.hpp"
#include <cstdint>

namespace cli {

struct sync_arguments {
    std::int64_t id = 0;
    bool logs = false, rejects = false;
};

/// Lists the newest syncs.
exit_code run_syncs(std::int64_t count, common_arguments const& common);
/// Shows one sync.
exit_code run_sync(sync_arguments const& given, common_arguments const& common);
/// Waits until a sync has ended. Code `rejected` if it ended in an error.
exit_code run_wait(std::int64_t id, common_arguments const& common);

} // namespace cli
