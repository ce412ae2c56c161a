// SPDX-License-Identifier: BSL-1.0
// The Eloqua that a tutorial program or a recipe talks to: a simulated one in the same process, or
// the one that the environment names. ELOQUA_COMPANY, ELOQUA_USER and ELOQUA_PASSWORD are its
// credentials. ELOQUA_LOGIN_URL is needed only for a simulator of another process.
#pragma once

#include <eloqua/bulk.hpp>
#include <eloqua/bulk/beast_transport.hpp>
#include <eloqua/bulk/simulator.hpp>

#include <cstdlib>
#include <stdexcept>
#include <string>

namespace bulk = eloqua::bulk;

/// Whether the environment names an instance.
inline bool names_instance() {
    return std::getenv("ELOQUA_COMPANY") != nullptr;
}

inline std::string environment(char const* name) {
    char const* const value = std::getenv(name);
    if (!value)
        throw std::runtime_error(std::string("set the environment variable ") + name);
    return value;
}

/// Credentials and options for the instance that the environment names.
inline bulk::basic_credentials credentials_of_instance() {
    return {environment("ELOQUA_COMPANY"), environment("ELOQUA_USER"),
            environment("ELOQUA_PASSWORD")};
}
inline bulk::client_options options_of_instance() {
    bulk::client_options options;
    if (char const* const url = std::getenv("ELOQUA_LOGIN_URL"))
        options.login_url = url;
    return options;
}

/// A client of the instance that the environment names, or else of `simulated`.
inline bulk::client connect_to_read(bulk::simulator const& simulated) {
    if (names_instance())
        return {bulk::beast_transport{}, credentials_of_instance(), options_of_instance()};
    return {simulated, bulk::basic_credentials{"Company", "user", "secret"}};
}

/// As above, for a program that stores made-up people: it refuses an instance on another machine,
/// unless ELOQUA_WRITE_TO_LIVE is set.
inline bulk::client connect_to_write(bulk::simulator const& simulated) {
    bulk::client const client = connect_to_read(simulated);
    if (!names_instance() || std::getenv("ELOQUA_WRITE_TO_LIVE"))
        return client;
    std::string const base = client.base_url().value();
    if (!bulk::parse_url(base).value().at.loopback())
        throw std::runtime_error(base + " is not on this machine; to store example data there, "
                                        "set ELOQUA_WRITE_TO_LIVE");
    return client;
}
