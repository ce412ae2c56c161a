// SPDX-License-Identifier: BSL-1.0
/// \file
/// The asynchronous client, by Boost.Asio: any completion token, `co_await`, cancellation.
#pragma once

#include <eloqua/bulk/client.hpp>
#include <eloqua/bulk/wire/async.hpp>
#include <eloqua/bulk/wire/async_transport.hpp>
#include <eloqua/bulk/wire/operation.hpp>

namespace eloqua::bulk {

/// The asynchronous client. Its operations run on the transport's executor, which must be a strand
/// unless a single thread runs it:
///
///     bulk::async_client client{bulk::async_beast_transport{executor}, credentials};
///     bulk::result<bulk::sync> seen = co_await client.syncs().read(1444);
using async_client = basic_client<any_async_transport>;

} // namespace eloqua::bulk
