// SPDX-License-Identifier: BSL-1.0
/// \file
/// A response, and what happens to it in transit.
#pragma once

#include <eloqua/bulk/http.hpp>
#include <eloqua/bulk/simulator/fault.hpp>

#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>

namespace eloqua::bulk {

/// A response of a simulator, with the fault of its plan that was injected, if any. Whoever
/// transmits the response implements faults of the connection. A plain response converts to one
/// without fault.
struct delivery : response {
    std::optional<fault> injected; ///< the fault of the response; empty: none

    delivery() = default;
    /// @{
    /// From a response, with or without a fault.
    delivery(response r) : response(std::move(r)) {}
    delivery(response r, fault f) : response(std::move(r)), injected(std::move(f)) {}
    /// @}

    /// Whether it has a fault of this kind.
    bool suffers(fault_kind k) const { return injected && injected->kind == k; }
    /// Whether the connection breaks or stalls before any byte of the body.
    bool headless() const {
        return injected && (!injected->arrives() || suffers(fault_kind::lose_answer) ||
                            (suffers(fault_kind::stall) && (body.empty() || !injected->bytes)) ||
                            (suffers(fault_kind::cut) && body.empty()));
    }
    /// The part of the body that arrives, if the head does.
    std::string_view arriving() const {
        bool const ends_early = suffers(fault_kind::stall) || suffers(fault_kind::cut);
        return std::string_view(body).substr(0,
                                             ends_early ? injected->bytes.value_or(0) : body.npos);
    }
    /// The value of Content-Length.
    std::size_t stated_length() const {
        return body.size() +
               (suffers(fault_kind::overstate) && !body.empty() ? injected->bytes.value_or(1) : 0);
    }
};

} // namespace eloqua::bulk
