// SPDX-License-Identifier: BSL-1.0
/// \file
/// The coroutines of `basic_credentials`: compiled by each unit that constructs clients, or once
/// for a program, see `eloqua/bulk/src.hpp`.
#pragma once

#include <eloqua/bulk/config.hpp>
#include <eloqua/bulk/wire/credentials.hpp>
#include <eloqua/bulk/wire/flow.hpp>

#include <string>

namespace eloqua::bulk {

ELOQUA_BULK_DECL flow<result<std::string>> basic_credentials::authorization() {
    co_return value_;
}
ELOQUA_BULK_DECL flow<result<bool>> basic_credentials::renew(std::string) {
    co_return false;
}

} // namespace eloqua::bulk
