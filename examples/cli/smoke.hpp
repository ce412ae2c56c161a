// SPDX-License-Identifier: BSL-1.0
// eloqua-bulk smoke: tries a real instance, and records how it answers.
#pragma once

#include "ending.hpp"
#include "reporting.hpp"
#include <string>

namespace cli {

struct smoke_arguments {
    std::string folder;
    bool with_exports = false;
};

/// Reads each list of the instance; if asked to, also exports a few contacts. Code `failed` if a
/// step failed.
exit_code run_smoke(smoke_arguments const& given, common_arguments const& common);

} // namespace cli
