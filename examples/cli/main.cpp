// SPDX-License-Identifier: BSL-1.0
// eloqua-bulk: exports from and imports into Oracle Eloqua.
#include <eloqua/bulk/version.hpp>

#include "commands.hpp"
#include "help.hpp"
#include "interrupt.hpp"
#include <exception>
#include <iostream>

namespace cli {

namespace {

/// The message of a wrong command line in one sentence.
std::string sentence_of(CLI::ParseError const& wrong) {
    std::string text = wrong.what();
    for (char& c : text)
        c = c == '\n' ? ' ' : c;
    return printable(text);
}

/// "eloqua-bulk export".
std::string name_of(CLI::App const& app) {
    auto const chosen = app.get_subcommands();
    return app.get_name() + (chosen.empty() ? "" : " " + chosen.front()->get_name());
}

int run(int argc, char** argv) {
    interrupt signals;
    choice chosen;
    chosen.program = argv[0];
    chosen.common.stop = signals.token();
    CLI::App app("Exports contacts, accounts, activities and other records from Oracle Eloqua, and "
                 "imports them, by its Bulk API. An interrupted command can be run again and "
                 "resumes.",
                 "eloqua-bulk");
    app.formatter(std::make_shared<help_layout>());
    app.set_version_flag("--version", "eloqua-bulk " ELOQUA_BULK_VERSION_STRING);
    app.get_option("--version")->description("shows the version");
    app.set_help_flag("--help", "shows this text, or that of a command");
    app.require_subcommand(1);
    app.footer(
        std::string("Example:\n"
                    "  eloqua-bulk export contacts --columns Id,C_EmailAddress -o people.csv\n"
                    "\n"
                    "The credentials are in ELOQUA_COMPANY, ELOQUA_USER and ELOQUA_PASSWORD, "
                    "or in a profile:\n~/.config/eloqua-bulk/NAME.json, for --profile NAME.\n\n") +
        exit_codes_text);
    add_export_commands(app, chosen);
    add_import_command(app, chosen);
    add_inspect_commands(app, chosen);
    add_other_commands(app, chosen);
    add_simulate_command(app, chosen);
    try {
        app.parse(argc, argv);
        if (chosen.silent)
            signals.be_silent();
        return static_cast<int>(chosen.run());
    } catch (CLI::Success const& shown) { // --help and --version
        app.exit(shown);
        flush_output();
        return 0;
    } catch (CLI::ParseError const& wrong) {
        bool const no_command = app.get_subcommands().empty() && argc > 1 && argv[1][0] != '-';
        std::cerr << name_of(app) << ": "
                  << (no_command ? "'" + printable(argv[1]) + "' is not a command"
                                 : sentence_of(wrong))
                  << "; see " << name_of(app) << " --help\n";
        return static_cast<int>(exit_code::usage);
    } catch (std::exception const& thrown) {
        ending const end = ending_of(thrown);
        std::cerr << name_of(app) << ": " << end.what()
                  << (end.code == exit_code::usage ? "; see " + name_of(app) + " --help" : "")
                  << '\n';
        return static_cast<int>(end.code);
    }
}

} // namespace

} // namespace cli

int main(int argc, char** argv) {
    try {
        return cli::run(argc, argv);
    } catch (std::exception const& thrown) {
        std::cerr << "eloqua-bulk: " << thrown.what() << '\n';
        return static_cast<int>(cli::exit_code::failed);
    }
}
