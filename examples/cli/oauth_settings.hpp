// SPDX-License-Identifier: BSL-1.0
// A profile's OAuth application as the library takes it.
#pragma once

#include <eloqua/bulk/oauth_application.hpp>

#include "profile.hpp"

namespace bulk = eloqua::bulk;

namespace cli {

bulk::oauth_application oauth_application_of(application const& app, bool allow_http);

} // namespace cli
