// SPDX-License-Identifier: BSL-1.0
// refused: eloqua: a unit that constructs a client over a transport of its own includes <eloqua/bulk/construct_client.hpp>
// A client over a transport that is not part of the library, without the header that constructs
// clients.
#include <eloqua/bulk.hpp>

#ifndef REFUSE
#include <eloqua/bulk/construct_client.hpp>
#endif

#include <cstddef>
#include <span>
#include <stop_token>

namespace bulk = eloqua::bulk;

struct silent_channel {
    void send(bulk::request const&, std::stop_token, bulk::error_code&) {}
    void read_head(bulk::head&, std::stop_token, bulk::error_code&) {}
    std::size_t read_some(std::span<char>, std::stop_token, bulk::error_code&) { return 0; }
    bool stale() { return false; }
    bool unsent() { return false; }
    void drop() {}
};
struct silent_transport {
    silent_channel acquire() { return {}; }
};

[[maybe_unused]] bulk::client make() {
    return bulk::client(silent_transport(), bulk::basic_credentials("Company", "user", "secret"));
}
