// SPDX-License-Identifier: BSL-1.0
// eloqua-bulk login: a user's consent to an OAuth application.
#pragma once

#include "ending.hpp"
#include "reporting.hpp"
#include <string>

namespace cli {

struct login_arguments {
    std::string client_id, redirect_uri, login_origin; ///< for a new profile
};

/// Prints the address of the consent page, reads the address that the browser was redirected to
/// from standard input, and stores the tokens beside the profile.
exit_code run_login(login_arguments const& given, common_arguments const& common);

} // namespace cli
