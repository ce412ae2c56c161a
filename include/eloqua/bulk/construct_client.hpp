// SPDX-License-Identifier: BSL-1.0
/// \file
/// What the unit needs that constructs a client over a transport of its own. The headers of the
/// transports that come with the library include it. A unit that only uses a client does without.
#pragma once

#include <eloqua/bulk/detail/config.hpp>

#ifndef ELOQUA_BULK_SEPARATE_COMPILATION
#include <eloqua/bulk/credentials.hpp>
#include <eloqua/bulk/detail/job/client_impl.hpp>
#include <eloqua/bulk/options.hpp>

#include <memory>
#include <utility>

namespace eloqua::bulk::detail {

template <class Transport>
struct engine_source {
    static std::unique_ptr<engine> make(any_credentials who, client_options options) {
        return std::make_unique<client_impl<session>>(std::move(who), std::move(options));
    }
};

} // namespace eloqua::bulk::detail
#endif
