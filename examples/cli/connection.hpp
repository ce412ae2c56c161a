// SPDX-License-Identifier: BSL-1.0
// The connection to an instance: addresses and credentials.
#pragma once

#include <eloqua/bulk/client.hpp>
#include <eloqua/bulk/options.hpp>

#include "profile.hpp"
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace bulk = eloqua::bulk;

namespace cli {

/// How to reach an instance. The credentials are in the environment or in a profile.
struct connection_arguments {
    std::string profile;
    std::string login_url, base_url, ca_file; ///< empty: those of the profile, or the default
    bool allow_http = false;
    std::string governor; ///< the file of a shared governor; empty: none
};

/// Replaces the transport of a connection, to watch it.
using wrap_transport = std::function<bulk::any_transport(bulk::any_transport)>;

/// The profile's settings, or without a profile those of the environment (ELOQUA_COMPANY,
/// ELOQUA_USER, ELOQUA_PASSWORD, ELOQUA_LOGIN_URL, ELOQUA_CA_FILE), with those of the arguments in
/// their place. Throws `bad_usage` and `ending`.
profile settings_of(connection_arguments const& given);

/// A transport for an instance with these settings.
bulk::any_transport transport_for(profile const& settings);

/// A client of the instance. Throws `bad_usage` without credentials.
bulk::client connect(connection_arguments const& given, std::shared_ptr<bulk::observer> observer,
                     wrap_transport const& wrap = {});

} // namespace cli
