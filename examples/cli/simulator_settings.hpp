// SPDX-License-Identifier: BSL-1.0
// eloqua-bulk simulate: the settings of the stand-alone simulator.
#pragma once

#include <eloqua/bulk/assets.hpp>
#include <eloqua/bulk/simulator/fault_plan.hpp>
#include <eloqua/bulk/simulator/simulator_options.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace bulk = eloqua::bulk;

namespace cli {

/// The command line as it was given; empty: the default.
struct simulate_arguments {
    std::string port, contacts, accounts, records, activities, activity_type, page_delay;
    bool tls = false, gzip = false;
    std::string company, user, password_env, oauth, oauth_secret_env;
    std::vector<std::string> fields; ///< files
    std::string oddities;
    std::vector<std::string> faults; ///< scripts
    std::string fault_seed;
};

/// A secret, and the variable that it comes from.
struct simulated_secret {
    std::string text = "secret";
    std::string variable; ///< empty: the default secret
};

/// The settings of the simulator and its records.
struct simulator_settings {
    std::uint16_t port = 0;
    bool tls = false;
    std::int64_t contacts = 1'000, accounts = 0, records = 0, activities = 0;
    std::optional<bulk::activity_type> activity_type; ///< empty: all types
    std::vector<std::string> fields;                  ///< files
    std::chrono::milliseconds page_delay{0};
    std::string client_id = "app", redirect_uri = "https://client.example.com/cb";
    simulated_secret password, client_secret;
    std::optional<bulk::fault_plan> faults;
    bulk::simulator_options options;
};

/// Throws `bad_usage`.
simulator_settings settings_of(simulate_arguments const& given);

/// The oddities and the forms of faults, for --help.
std::string simulate_help();

} // namespace cli
