// SPDX-License-Identifier: BSL-1.0
/// \file
/// Credentials by user name and password. The headers of the transports include it, so that a unit
/// that only uses a client compiles none of its coroutines.
#pragma once

#include <eloqua/bulk/config.hpp>
#include <eloqua/bulk/wire/flow.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace eloqua::bulk {

namespace detail {

inline std::string base64(std::string_view bytes) {
    static constexpr char digits[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string text;
    text.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        unsigned long group = 0;
        for (std::size_t k = 0; k != 3; ++k)
            group =
                group << 8 | (i + k < bytes.size() ? static_cast<unsigned char>(bytes[i + k]) : 0U);
        for (std::size_t k = 0; k != 4; ++k)
            text += i + k > bytes.size() ? '=' : digits[group >> (18 - 6 * k) & 63];
    }
    return text;
}

} // namespace detail

/// HTTP Basic, as the service has it: company (site) name, backslash, user name, password.
class basic_credentials {
public:
    basic_credentials(std::string_view company, std::string_view user, std::string_view password)
        : value_("Basic " + detail::base64(std::string(company) + '\\' + std::string(user) + ':' +
                                           std::string(password))) {}

    flow<result<std::string>> authorization();
    flow<result<bool>> renew(std::string refused);

private:
    std::string value_;
};

} // namespace eloqua::bulk

#ifndef ELOQUA_BULK_SEPARATE_COMPILATION
#include <eloqua/bulk/wire/basic_credentials_source.hpp>
#endif
