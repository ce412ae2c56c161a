// SPDX-License-Identifier: BSL-1.0
// Exports contacts into an SQLite table. If it is interrupted at any moment and run again, it
// resumes at the checkpoint in the database. By default it uses a simulated Eloqua on a local port.
#include "databases/sqlite_sink.hpp"

#include "contact_table.hpp"
#include "instance.hpp"
#include <string>
#include <string_view>

int main(int argc, char** argv) {
    std::string const usage = "usage: sqlite_sink FILE [options]\n\n"
                              "Exports contacts into a table of an SQLite database.\n" +
                              std::string(contact_table::usage);
    contact_table given;
    auto own = [&](std::string_view word, auto value) { return given.take(word, value); };
    return run_example("sqlite_sink", usage, argc, argv, own, [&](instance_arguments const& where) {
        return export_contacts<sqlite_sink>(given, where);
    });
}
