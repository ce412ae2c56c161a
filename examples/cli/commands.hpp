// SPDX-License-Identifier: BSL-1.0
// The command line: which commands and options there are.
#pragma once

#include "ending.hpp"
#include "reporting.hpp"
#include <CLI/App.hpp>
#include <functional>
#include <memory>
#include <string>

namespace cli {

struct entity_arguments;

/// What the command line chose.
struct choice {
    common_arguments common;
    std::function<exit_code()> run; ///< set by the command's callback
    bool silent = false;            ///< about signals
    std::string program;            ///< as it was called
};

/// A command with the options that all commands for an instance have.
CLI::App* add_command(CLI::App& to, choice& chosen, std::string const& name,
                      std::string const& description, std::string const& example);

/// Names of entities, as the help lists them.
inline constexpr char const* entities_text =
    "contacts, accounts, activities TYPE, customObjects ID, events ID, campaignResponses";

/// The arguments that name an entity. `other`: names that only this command takes.
void add_entity(CLI::App* command, entity_arguments& of, std::string const& other = "");
void add_activity_type(CLI::App* command, entity_arguments& of);

/// The options of commands that start syncs.
void add_job_options(CLI::App* command, choice& chosen);

// Each adds the commands of one topic.
void add_export_commands(CLI::App& to, choice& chosen);
void add_import_command(CLI::App& to, choice& chosen);
void add_inspect_commands(CLI::App& to, choice& chosen);
void add_other_commands(CLI::App& to, choice& chosen);
void add_simulate_command(CLI::App& to, choice& chosen);

} // namespace cli
