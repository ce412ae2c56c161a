// SPDX-License-Identifier: BSL-1.0
// What the units of the consumer programs know of each other.
#pragma once

#include <eloqua/bulk/any_transport.hpp>
#include <eloqua/bulk/options.hpp>
#include <eloqua/bulk/simulator/delivery.hpp>

namespace consumer {

// Units of which only some define the macro do not link.
#ifdef ELOQUA_BULK_SEPARATE_COMPILATION
inline namespace compiled {
#else
inline namespace header_only {
#endif

/// What a simulated Eloqua, one for the program, answers.
eloqua::bulk::delivery answer(eloqua::bulk::request const& q);
/// 0 if rows come back as they went.
int round_trip(eloqua::bulk::any_transport over, eloqua::bulk::client_options options);
}
} // namespace consumer
