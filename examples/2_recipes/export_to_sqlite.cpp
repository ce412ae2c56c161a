// SPDX-License-Identifier: BSL-1.0
// Exports contacts into a table of an SQLite database. If it is interrupted at any moment and run
// again, it resumes at the checkpoint in the database.
// Run: 2_recipes/export_to_sqlite FILE [--merge] [--replace] (10,000 contacts of a simulated
// Eloqua)
#include <eloqua/bulk.hpp>
#include <eloqua/bulk/export_into.hpp>
#include <eloqua/bulk/simulator.hpp>

#include "../connect.hpp"
#include "../databases/sqlite_sink.hpp"
#include <cstddef>
#include <exception>
#include <iostream>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

namespace bulk = eloqua::bulk;

bulk::stored_export export_contacts(bulk::client const& client, std::string const& file,
                                    table_options options) {
    bulk::record_columns const columns(
        {bulk::attribute_column("id", "Id"), bulk::field_column("email", "C_EmailAddress"),
         bulk::field_column("last_name", "C_LastName"), bulk::field_column("address", "C_Address1"),
         bulk::field_column("country", "C_Country")});
    for (bulk::record_column const& each : *columns.shared())
        options.columns.push_back(each.key);
    sqlite_sink sink(file, options);
    return bulk::export_records_into(client, bulk::contacts, columns, sink).value();
}

int main(int argc, char** argv) {
    try {
        table_options options;
        options.table = "contact";
        options.subject = "contacts by id, email, last_name, address, country";
        options.replace_complete = false; // a complete export is left as it is
        for (std::string_view const word :
             std::span(argv, static_cast<std::size_t>(argc)).subspan(1)) {
            if (word == "--merge")
                options.key = "id"; // rows replace those with the same id
            else if (word == "--replace")
                options.replace_complete = true;
            else if (word.starts_with("-"))
                throw std::runtime_error("unknown option " + std::string(word));
        }
        if (argc < 2)
            throw std::runtime_error("usage: export_to_sqlite FILE [--merge] [--replace]");
        bulk::simulator simulated;
        simulated.generate_contacts(10'000);
        std::cout << export_contacts(connect_to_read(simulated), argv[1], options) << '\n';
        return 0;
    } catch (std::exception const& e) {
        std::cerr << e.what() << '\n';
        return 1;
    }
}
