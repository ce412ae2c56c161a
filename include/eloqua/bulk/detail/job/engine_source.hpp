// SPDX-License-Identifier: BSL-1.0
/// \file
/// The engine for programs that compile the library once: see `eloqua/bulk/src.hpp`.
#pragma once

#include <eloqua/bulk/any_transport.hpp>
#include <eloqua/bulk/credentials.hpp>
#include <eloqua/bulk/detail/http/session.hpp>
#include <eloqua/bulk/detail/job/client_impl.hpp>
#include <eloqua/bulk/detail/job/engine.hpp>
#include <eloqua/bulk/flow.hpp>
#include <eloqua/bulk/operation.hpp>
#include <eloqua/bulk/options.hpp>

#include <coroutine>
#include <memory>
#include <stop_token>
#include <utility>

namespace eloqua::bulk::detail {

std::unique_ptr<engine> make_engine(any_credentials who, client_options options) {
    return std::make_unique<client_impl<session>>(std::move(who), std::move(options));
}

template void drive_by<any_transport>(any_transport&, std::coroutine_handle<>, flow_context&,
                                      channels<any_transport>&, std::stop_token const&);

} // namespace eloqua::bulk::detail
