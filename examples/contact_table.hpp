// SPDX-License-Identifier: BSL-1.0
// The export that the examples for databases share.
#pragma once

#include <eloqua/bulk.hpp>
#include <eloqua/bulk/export_into.hpp>

#include "databases/table.hpp"
#include "instance.hpp"
#include <iostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// The words of the command line that these examples have in common.
struct contact_table {
    static constexpr std::string_view usage =
        R"(If the table has an unfinished export, the program resumes it; if its export is complete, it says
so. Without --company it starts its own simulated Eloqua on a local port, which knows nothing of an
earlier run.

  --table NAME      the table, created if it is missing (default contact)
  --key COLUMN      merges rows by this column; others stay
  --replace         starts a new export if the last one is complete
  --help            this text
)";

    std::string database;
    table_options options{"contact", {}, "", {}, false};

    /// Returns whether the word is one of these.
    template <class Value>
    bool take(std::string_view word, Value value) {
        if (word == "--table")
            options.table = value();
        else if (word == "--key")
            options.key = value();
        else if (word == "--replace")
            options.replace_complete = true;
        else if (word.starts_with("--") || !database.empty())
            return false;
        else
            database = word;
        return true;
    }
};

/// Exports contacts into a store, which is made of the database's name and the options.
template <class Sink>
int export_contacts(contact_table given, instance_arguments const& where) {
    if (given.database.empty())
        throw bad_usage("a database is required");
    bulk::record_columns const columns(
        {bulk::attribute_column("id", "Id"), bulk::field_column("email", "C_EmailAddress"),
         bulk::field_column("last_name", "C_LastName"), bulk::field_column("address", "C_Address1"),
         bulk::field_column("country", "C_Country")});
    given.options.subject = "contacts:";
    for (bulk::record_column const& each : *columns.shared()) {
        given.options.columns.push_back(each.key);
        given.options.subject += " " + each.text;
    }
    Sink sink(given.database, given.options);
    instance eloqua(where, {});
    if (eloqua.simulated())
        eloqua.simulated()->generate_contacts(10'000);
    std::cout << bulk::export_records_into(eloqua.client(), bulk::contacts, columns, sink).value()
              << '\n';
    return 0;
}
