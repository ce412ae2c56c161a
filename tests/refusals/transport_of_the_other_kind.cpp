// SPDX-License-Identifier: BSL-1.0
// refused: eloqua: this transport (is blocking: an async_client takes|is asynchronous: use it)
// A transport that blocks for an asynchronous client, and the other way round.
// with: CLIENT=async_client TRANSPORT=blocking
// with: CLIENT=client TRANSPORT=posted
#include <eloqua/bulk/async.hpp>
#include <eloqua/bulk/construct_client.hpp>
#include <eloqua/bulk/testing/posted_transport.hpp>
#include <eloqua/bulk/testing/scripted_transport.hpp>

#include <boost/asio/io_context.hpp>

namespace bulk = eloqua::bulk;

#ifndef REFUSE
#define CLIENT async_client
#define TRANSPORT posted
#endif

[[maybe_unused]] void make(boost::asio::io_context& context) {
    bulk::scripted_transport const blocking;
    bulk::posted_transport const posted(context.get_executor(), blocking);
    bulk::basic_credentials const me("Company", "user", "secret");
    bulk::CLIENT const made(TRANSPORT, me);
    (void)blocking, (void)posted, (void)made;
}
