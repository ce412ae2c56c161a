// SPDX-License-Identifier: BSL-1.0
/// \file
/// The asynchronous client, by Boost.Asio: any completion token, `co_await`, cancellation.
#pragma once

#include <eloqua/bulk/client.hpp>
#include <eloqua/bulk/wire/async.hpp>
#include <eloqua/bulk/wire/async_transport.hpp>
#include <eloqua/bulk/wire/operation.hpp>

namespace eloqua::bulk {

/// The asynchronous client. Its operations run on the transport's executor, which is a strand of
/// the transport's own; the executor that it is given may be that of a pool of threads:
///
///     bulk::async_client client{bulk::async_beast_transport{executor}, credentials};
///     bulk::result<bulk::sync> seen = co_await client.syncs().read(1444);
///
/// g++ before 13 copies the bytes of what braces, or a lambda that captures values, make inside a
/// `co_await` expression, and destroys both copies. There the client refuses, when it is compiled,
/// options, definitions, queries and lambdas that have no name. It cannot see what else is made
/// inside a call, such as rows, checkpoints, lists of values or views: give those names as well.
///
///     co_await client.contact_lists().list({.q = "name=*News*"}).page(); // bad
///     bulk::list_query query;
///     query.q = "name=*News*";
///     co_await client.contact_lists().list(query).page(); // good
using async_client = basic_client<any_async_transport>;

} // namespace eloqua::bulk
