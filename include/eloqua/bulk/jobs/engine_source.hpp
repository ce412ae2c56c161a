// SPDX-License-Identifier: BSL-1.0
/// \file
/// The engine of a program that compiles the library once: see `eloqua/bulk/src.hpp`.
#pragma once

#include <eloqua/bulk/client/engine.hpp>
#include <eloqua/bulk/client/options.hpp>
#include <eloqua/bulk/client/session.hpp>
#include <eloqua/bulk/jobs/session_engine.hpp>
#include <eloqua/bulk/wire/any_transport.hpp>
#include <eloqua/bulk/wire/blocking.hpp>
#include <eloqua/bulk/wire/credentials.hpp>
#include <eloqua/bulk/wire/flow.hpp>

#include <coroutine>
#include <memory>
#include <stop_token>
#include <utility>

namespace eloqua::bulk::detail {

std::unique_ptr<engine> make_engine(any_credentials who, client_options options) {
    return std::make_unique<session_engine<session>>(std::move(who), std::move(options));
}

template void drive_by<any_transport>(any_transport&, std::coroutine_handle<>, flow_context&,
                                      leases<any_transport>&, std::stop_token const&);

} // namespace eloqua::bulk::detail
