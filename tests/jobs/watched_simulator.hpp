// SPDX-License-Identifier: BSL-1.0
// A simulator whose own memory is not counted, only the client's.
#pragma once

#include <eloqua/bulk/simulator.hpp>

#include "counted_memory.hpp"
#include <stop_token>
#include <utility>

/// A transport to a simulator.
class watched_simulator {
public:
    explicit watched_simulator(eloqua::bulk::simulator of) : of_(std::move(of)) {}

    eloqua::bulk::simulation::channel acquire() {
        return eloqua::bulk::simulation::channel(
            [of = of_](eloqua::bulk::request const& q) mutable {
                counted_memory::pause const uncounted;
                return of.handle(q);
            },
            [of = of_](eloqua::bulk::clock::duration d, std::stop_token stop) mutable {
                of.wait(d, std::move(stop));
            });
    }
    eloqua::bulk::clock::time_point now() const { return of_.now(); }
    void wait(eloqua::bulk::clock::duration d, std::stop_token stop) {
        counted_memory::pause const uncounted;
        of_.wait(d, std::move(stop));
    }

private:
    eloqua::bulk::simulator of_;
};
