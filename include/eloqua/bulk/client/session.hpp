// SPDX-License-Identifier: BSL-1.0
/// \file
/// What the operations of one client share: credentials, the base URL, policies, chance.
#pragma once

#include <eloqua/bulk/client/observer.hpp>
#include <eloqua/bulk/wire/credentials.hpp>
#include <eloqua/bulk/wire/policy.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace eloqua::bulk {

/// How a client behaves. Everything has a sane default.
struct client_options {
    /// Where the base URL is asked for ("/id" of the login host).
    std::string login_url = "https://login.eloqua.com/id";
    /// The bulk base with its prefix, such as "https://secure.p01.eloqua.com/API/Bulk/2.0": used
    /// exactly as given, and nothing is asked for.
    std::optional<std::string> base_url;
    /// Hosts outside eloqua.com that the login service may name as the base. The login URL's own
    /// origin may always be named.
    std::vector<std::string> trusted_hosts;
    retry_policy retry;
    polling_policy polling;
    /// Longest answer, in bytes, that is no page of rows.
    std::size_t document_bytes = 16 * 1024 * 1024;
    /// Told of everything; may be empty.
    std::shared_ptr<bulk::observer> observer;
    /// Makes chance (delays, names of definitions) repeatable; taken from the machine if empty.
    std::optional<std::uint32_t> seed;
};

/// Belongs to one thread or strand, like the client.
class session {
public:
    session(any_credentials c, client_options o)
        : options(std::move(o)), who(std::move(c)),
          random_(options.seed ? *options.seed : std::random_device()()) {}

    client_options options;
    any_credentials who;
    std::optional<url> base; ///< once it is known

    /// Uniform in [0, 1).
    double chance() { return std::uniform_real_distribution<double>(0, 1)(random_); }

    /// A name for a definition: unique, so that it can be found again.
    std::string unique_name(std::string_view prefix) {
        static constexpr char digits[] = "0123456789abcdef";
        std::string name(prefix.substr(0, 80));
        name += ' ';
        for (int i = 0; i != 16; ++i)
            name += digits[random_() >> 4 & 15];
        return name;
    }

    /// Calls the observer, if there is one.
    template <class... Parameters, class... Arguments>
    void tell(void (observer::*event)(Parameters...), Arguments const&... arguments) {
        if (options.observer)
            (*options.observer.*event)(arguments...);
    }

private:
    std::mt19937 random_;
};

} // namespace eloqua::bulk
