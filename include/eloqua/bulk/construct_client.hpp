// SPDX-License-Identifier: BSL-1.0
/// \file
/// Include this where you construct a client over your own transport. The headers of the library's
/// transports include it. Code that only uses a client does not need it.
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
