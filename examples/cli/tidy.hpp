// SPDX-License-Identifier: BSL-1.0
// eloqua-bulk tidy: definitions that interrupted runs have left on the server.
#pragma once

#include "ending.hpp"
#include "reporting.hpp"
#include <string>

namespace cli {

struct tidy_arguments {
    std::string prefix;     ///< of names
    std::string older_than; ///< "3d", "12h"
    bool remove = false;
};

exit_code run_tidy(tidy_arguments const& given, common_arguments const& common);

} // namespace cli
