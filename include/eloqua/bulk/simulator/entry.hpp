// SPDX-License-Identifier: BSL-1.0
/// \file
/// The ways into the simulated service. A program of several units may compile the service once:
/// all of them define ELOQUA_BULK_SEPARATE_SIMULATOR, and one includes
/// <eloqua/bulk/simulator/src.hpp>.
#pragma once

#include <eloqua/bulk/simulator/delivery.hpp>
#include <eloqua/bulk/simulator/state.hpp>
#include <eloqua/bulk/wire/http.hpp>

#ifndef ELOQUA_BULK_SEPARATE_SIMULATOR
#include <eloqua/bulk/simulator/service.hpp>
#include <eloqua/bulk/simulator/sync_runs.hpp>
#endif

#include <memory>
#include <utility>

namespace eloqua::bulk::simulation {

#ifdef ELOQUA_BULK_SEPARATE_SIMULATOR
std::shared_ptr<service_state> make_state(simulator_options options);
delivery handle_request(service_state& state, request const& q);
void catch_up(service_state& state);
#else
inline std::shared_ptr<service_state> make_state(simulator_options options) {
    return std::make_shared<service_state>(std::move(options));
}
inline delivery handle_request(service_state& state, request const& q) {
    return service(state).handle(q);
}
inline void catch_up(service_state& state) {
    sync_runs(state).catch_up();
}
#endif

} // namespace eloqua::bulk::simulation
