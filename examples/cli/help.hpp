// SPDX-License-Identifier: BSL-1.0
// The layout of --help: at most 100 columns.
#pragma once

#include "text.hpp"
#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <string>

namespace cli {

/// Breaks descriptions into lines.
class help_layout : public CLI::Formatter {
public:
    static constexpr std::size_t columns = 100, first_column = 26;

    std::string make_option(CLI::Option const* option, bool positional) const override {
        std::string name = make_option_name(option, positional);
        if (!positional && option->get_type_size() != 0)
            name += ' ' + option->get_type_name();
        std::string text = option->get_description();
        if (!option->get_envname().empty())
            text += "; default: $" + option->get_envname();
        return entry(name, text);
    }
    std::string make_subcommand(CLI::App const* command) const override {
        std::string const text = command->get_description();
        return entry(command->get_name(), text.substr(0, text.find(". "))); // its first sentence
    }
    std::string make_description(CLI::App const* command) const override {
        return wrapped(command->get_description(), columns, 0);
    }

private:
    static std::string entry(std::string const& name, std::string const& text) {
        std::string line = "  " + name;
        if (line.size() + 2 > first_column)
            line += '\n' + std::string(first_column, ' ');
        else
            line.resize(first_column, ' ');
        return line + wrapped(text, columns, first_column);
    }
};

} // namespace cli
