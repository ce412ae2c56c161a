// SPDX-License-Identifier: BSL-1.0
// refused: eloqua: the client is blocking: run the operation with .get\(\)
// An operation of a blocking client, awaited, or given a completion token.
// with: RUN=co_await
// with: RUN=TOKEN
#include <eloqua/bulk/async.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace bulk = eloqua::bulk;

#define TOKEN co_await call
template <class Operation>
auto call(Operation op) {
    return std::move(op)(boost::asio::use_awaitable);
}

boost::asio::awaitable<void> base(bulk::client const& blocking, bulk::async_client const& client) {
#ifdef REFUSE
    (void)client;
    (void)(RUN(blocking.base_url()));
#else
    (void)blocking;
    (void)co_await client.base_url();
#endif
}
