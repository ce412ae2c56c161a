// SPDX-License-Identifier: BSL-1.0
// Requests that the library never sends, to find out how an instance answers them. They only read.
#pragma once

#include <eloqua/bulk/any_transport.hpp>

#include <memory>
#include <span>
#include <string>

namespace bulk = eloqua::bulk;

namespace cli {

struct odd_request {
    char const* what;
    char const* target; ///< after the version in the URL
};

/// What the documentation of the service does not say.
std::span<odd_request const> odd_requests();

/// The request that a client sends instead of a list of the fields of contacts; empty: that list.
struct sent_instead {
    std::string target;
};

/// A transport that sends it.
bulk::any_transport asking_instead(bulk::any_transport network,
                                   std::shared_ptr<sent_instead const> what);

} // namespace cli
