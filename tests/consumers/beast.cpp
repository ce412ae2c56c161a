// SPDX-License-Identifier: BSL-1.0
// The round trip over a local port, with the Beast transport.
#include <eloqua/bulk/beast_transport.hpp>
#include <eloqua/bulk/simulator/listener.hpp>

#include "round_trip.hpp"
#include <chrono>

namespace bulk = eloqua::bulk;

int main() {
    bulk::listener const service{consumer::answer};
    bulk::client_options options;
    options.login_url = service.where().text() + "/id";
    options.polling.first_delay = std::chrono::milliseconds(10);
    return consumer::round_trip(bulk::beast_transport{}, options);
}
