// SPDX-License-Identifier: BSL-1.0
// Exports to a CSV file the contacts that were changed since the last run. A second file, the mark,
// stores how far the last run came; the first run exports all contacts. Some rows come again, since
// each run begins an hour before the mark: merge the files by the e-mail address.
// Run: 2_recipes/changed_since_yesterday (two nights of a simulated Eloqua)
#include <eloqua/bulk.hpp>
#include <eloqua/bulk/export_changes.hpp>
#include <eloqua/bulk/simulator.hpp>

#include <boost/describe.hpp>

#include "../scratch_folder.hpp"
#include <chrono>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

namespace bulk = eloqua::bulk;

struct person {
    std::string email;
    std::string country;
    std::chrono::sys_time<std::chrono::milliseconds> updated;

    using eloqua_fields = bulk::fields<bulk::field<&person::email, "C_EmailAddress">,
                                       bulk::field<&person::country, "C_Country">,
                                       bulk::attribute<&person::updated, "UpdatedAt">>;
};
BOOST_DESCRIBE_STRUCT(person, (), (email, country, updated))

bulk::changes_export export_changed(bulk::client const& client, std::filesystem::path const& csv,
                                    std::filesystem::path const& mark) {
    bulk::export_changes_file_options options;
    options.format = bulk::file_format::csv;
    return bulk::export_changes_to_file<&person::updated>(client, bulk::contacts, csv, mark,
                                                          bulk::all_rows, options)
        .value();
}

int main() {
    try {
        scratch_folder const folder;
        bulk::simulator eloqua;
        bulk::client const client{eloqua, bulk::basic_credentials{"Company", "user", "secret"}};
        for (char const* const email :
             {"ada@example.com", "alan@example.com", "grace@example.com"}) {
            eloqua.add_record("/contacts", {{"C_EmailAddress", email}});
            eloqua.advance(std::chrono::hours(24));
        }
        auto const first = export_changed(client, folder / "people.csv", folder / "people.mark");
        std::cout << first << '\n';

        std::vector<person> const moved{{"alan@example.com", "GB", {}}};
        (void)client.import_rows(bulk::contacts, bulk::identified_by<&person::email>, moved)
            .value();
        auto const second = export_changed(client, folder / "people.csv", folder / "people.mark");
        std::cout << second << '\n' << std::ifstream(folder / "people.csv").rdbuf();
        return first.receipt.rows == 3 && second.receipt.rows == 2 ? 0 : 1;
    } catch (std::exception const& e) {
        std::cerr << e.what() << '\n';
        return 1;
    }
}
