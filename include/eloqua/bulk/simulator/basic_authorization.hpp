// SPDX-License-Identifier: BSL-1.0
/// \file
/// HTTP Basic as the simulated service expects it.
#pragma once

#include <eloqua/bulk/schema/ascii.hpp>

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

/// Whether the value of an Authorization field has this scheme, in any letter case; what follows it
/// goes to `credentials`.
inline bool has_scheme(std::string_view sent, std::string_view scheme,
                       std::string_view& credentials) {
    std::size_t const space = std::min(sent.find(' '), sent.size());
    if (!iequals(sent.substr(0, space), scheme))
        return false;
    sent.remove_prefix(space);
    sent.remove_prefix(std::min(sent.find_first_not_of(' '), sent.size()));
    credentials = sent;
    return true;
}

/// The value with the scheme as `basic_authorization` spells it; empty for another scheme.
inline std::string as_basic(std::string_view sent) {
    std::string_view credentials;
    return has_scheme(sent, "Basic", credentials) ? "Basic " + std::string(credentials)
                                                  : std::string();
}

} // namespace eloqua::bulk::simulation
