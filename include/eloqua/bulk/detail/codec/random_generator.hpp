// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <eloqua/bulk/detail/codec/hash.hpp>

#include <chrono>
#include <cstdint>

namespace eloqua::bulk::detail {

/// Random numbers for delays and unique names: SplitMix64. Not for secrets. `<random>` would add a
/// tenth to the compile time of every unit that includes a client.
class random_generator {
public:
    explicit random_generator(std::uint64_t seed) : state_(seed) {}

    /// 64 random bits.
    std::uint64_t operator()() { return detail::mix_bits(state_ += 0x9e3779b97f4a7c15); }
    /// Uniform in [0, 1).
    double real() { return static_cast<double>((*this)() >> 11) * 0x1.0p-53; }

    /// A seed that differs between processes, machines and calls: from clocks and memory addresses.
    static std::uint64_t seed_of_this_moment() {
        static int somewhere = 0;
        auto const wall = std::chrono::system_clock::now().time_since_epoch().count();
        auto const uptime = std::chrono::steady_clock::now().time_since_epoch().count();
        random_generator mix(static_cast<std::uint64_t>(wall));
        mix.state_ ^= mix() + static_cast<std::uint64_t>(uptime);
        mix.state_ ^= mix() + reinterpret_cast<std::uintptr_t>(&somewhere);
        mix.state_ ^= mix() + reinterpret_cast<std::uintptr_t>(&mix);
        return mix();
    }

private:
    std::uint64_t state_;
};

} // namespace eloqua::bulk::detail
