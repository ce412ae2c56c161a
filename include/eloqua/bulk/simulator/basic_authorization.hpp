// SPDX-License-Identifier: BSL-1.0
/// \file
/// HTTP Basic as the simulated service expects it.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace eloqua::bulk::simulation {

/// "Basic Q29tcGFueVx1c2VyOnNlY3JldA==" of a name and a password.
inline std::string basic_authorization(std::string_view name, std::string_view password) {
    static constexpr std::string_view digits =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string text(name);
    text.append(":").append(password);
    std::string out = "Basic ";
    for (std::size_t i = 0; i < text.size(); i += 3) {
        std::uint32_t bits = 0;
        std::size_t const n = std::min<std::size_t>(3, text.size() - i);
        for (std::size_t k = 0; k != 3; ++k)
            bits = bits << 8 | (k < n ? static_cast<unsigned char>(text[i + k]) : 0u);
        for (std::size_t k = 0; k != 4; ++k)
            out += k <= n ? digits[bits >> (18 - 6 * k) & 63] : '=';
    }
    return out;
}

/// As above, for a user of a company.
inline std::string basic_authorization(std::string_view company, std::string_view user,
                                       std::string_view password) {
    return basic_authorization(std::string(company).append("\\").append(user), password);
}

} // namespace eloqua::bulk::simulation
