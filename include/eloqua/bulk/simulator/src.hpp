// SPDX-License-Identifier: BSL-1.0
/// \file
/// What one unit of a program includes if all define ELOQUA_BULK_SEPARATE_SIMULATOR.
#pragma once

#include <eloqua/bulk/simulator/delivery.hpp>
#include <eloqua/bulk/simulator/service.hpp>
#include <eloqua/bulk/simulator/state.hpp>
#include <eloqua/bulk/simulator/sync_runs.hpp>
#include <eloqua/bulk/wire/http.hpp>

#include <memory>
#include <utility>

namespace eloqua::bulk::simulation {

std::shared_ptr<service_state> make_state(simulator_options options) {
    return std::make_shared<service_state>(std::move(options));
}
delivery handle_request(service_state& state, request const& q) {
    return service(state).handle(q);
}
void catch_up(service_state& state) {
    sync_runs(state).catch_up();
}

} // namespace eloqua::bulk::simulation
