// SPDX-License-Identifier: BSL-1.0
// refused: eloqua: the client is asynchronous: co_await the operation
// An operation of an asynchronous client, run as if it were blocking.
#include <eloqua/bulk/async.hpp>

#include <string>

namespace bulk = eloqua::bulk;

auto base(bulk::async_client const& client) {
#ifdef REFUSE
    return client.base_url().get();
#else
    return client.base_url();
#endif
}
