// SPDX-License-Identifier: BSL-1.0
// Exports contacts into a PostgreSQL table. If it is interrupted at any moment and run again, it
// resumes at the checkpoint in the database. By default it uses a simulated Eloqua on a local port.
#include "databases/postgres_sink.hpp"

#include "contact_table.hpp"
#include "instance.hpp"
#include <string>
#include <string_view>

int main(int argc, char** argv) {
    std::string const usage =
        "usage: postgres_sink CONNECTION [options]\n\n"
        "Exports contacts into a table of a PostgreSQL database. CONNECTION is a string or a URL "
        "as\n"
        "for psql, without a password: set PGPASSFILE, PGSERVICE or PGPASSWORD. The table may be\n"
        "SCHEMA.TABLE.\n" +
        std::string(contact_table::usage);
    contact_table given;
    auto own = [&](std::string_view word, auto value) { return given.take(word, value); };
    return run_example("postgres_sink", usage, argc, argv, own,
                       [&](instance_arguments const& where) {
                           return export_contacts<postgres_sink>(given, where);
                       });
}
