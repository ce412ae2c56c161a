// SPDX-License-Identifier: BSL-1.0
// Declarations that the units of the consumer programs share.
#pragma once

#include <eloqua/bulk/any_transport.hpp>
#include <eloqua/bulk/options.hpp>
#include <eloqua/bulk/simulator/delivery.hpp>

namespace consumer {

// Units do not link if only some define the macro.
#ifdef ELOQUA_BULK_SEPARATE_COMPILATION
inline namespace compiled {
#else
inline namespace header_only {
#endif

/// The response of the program's single simulated Eloqua.
eloqua::bulk::delivery answer(eloqua::bulk::request const& q);
/// 0 if the rows come back unchanged.
int round_trip(eloqua::bulk::any_transport over, eloqua::bulk::client_options options);
}
} // namespace consumer
