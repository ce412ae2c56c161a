// SPDX-License-Identifier: BSL-1.0
// Step 4 of the tutorial: imports contacts from a file and exports all contacts to another one.
// If it is interrupted at any moment and run again, it resumes.
#include <eloqua/bulk.hpp>
#include <eloqua/bulk/export_to_file.hpp>
#include <eloqua/bulk/import_journal.hpp>
#include <eloqua/bulk/simulator.hpp>

#include <boost/describe.hpp>

#include "../connect.hpp"
#include "../scratch_folder.hpp"
#include <cstddef>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <stdexcept>
#include <string>
#include <vector>

namespace bulk = eloqua::bulk;

struct person {
    std::string email;
    std::string country;

    using eloqua_fields = bulk::fields<bulk::field<&person::email, "C_EmailAddress">,
                                       bulk::field<&person::country, "C_Country">>;
};
BOOST_DESCRIBE_STRUCT(person, (), (email, country))

/// Reads lines of the form EMAIL,COUNTRY.
std::vector<person> read_people(std::filesystem::path const& file) {
    std::ifstream in(file);
    std::vector<person> people;
    for (std::string line; std::getline(in, line);) {
        std::size_t const comma = line.find(',');
        if (comma == line.npos)
            throw std::runtime_error(file.string() + ": no comma in '" + line + "'");
        people.push_back({line.substr(0, comma), line.substr(comma + 1)});
    }
    if (!in.eof())
        throw std::runtime_error(file.string() + " cannot be read");
    return people;
}

void import_people(bulk::client const& client, std::filesystem::path const& file) {
    std::vector<person> const people = read_people(file);
    bulk::import_options options;
    options.journal = bulk::open_import_journal(file.string() + ".import-journal").value();
    options.allow_complete = true;
    options.request_bytes = options.sync_bytes = 300'000; // small, so that there are several syncs
    auto const report =
        client.import_rows(bulk::contacts, bulk::identified_by<&person::email>, people, options)
            .value();
    std::cout << "import: " << report << '\n';
    for (auto const& reject : report.rejects)
        std::cout << "  " << reject << '\n';
    report.require_proven();
}

void export_people(bulk::client const& client, std::filesystem::path const& file) {
    bulk::export_file_options options;
    options.format = bulk::file_format::csv;
    options.page_rows = 5'000; // small, so that there are several pages
    auto const done =
        bulk::export_to_file<person>(client, bulk::contacts, file, bulk::all_rows, options).value();
    std::cout << "export: " << done << '\n';
}

void exchange(bulk::client const& client, std::filesystem::path const& incoming) {
    import_people(client, incoming);
    export_people(client, incoming.string() + ".out");
}

/// Runs the exchange three times. The service becomes unreachable during the first two runs.
void try_three_times() {
    scratch_folder const folder;
    std::ofstream incoming(folder / "people.csv");
    for (int i = 0; i != 20'000; ++i)
        incoming << "person" << i << "@example.com,BE\n";
    incoming.close();

    bulk::simulator eloqua;
    bulk::client const client = connect_to_read(eloqua);
    bulk::fault_plan during_import, during_export;
    during_import.from("POST /syncs", 2, bulk::fault::refuse());
    during_export.from("GET /syncs/{id}/data", 3, bulk::fault::refuse());
    int run = 0;
    for (auto const& faults : {during_import, during_export, bulk::fault_plan()}) {
        std::cout << "run " << ++run << '\n';
        eloqua.inject(faults);
        try {
            exchange(client, folder / "people.csv");
        } catch (bulk::error const& e) {
            std::cout << "error: " << e.what() << '\n';
        }
    }
}

int main(int argc, char** argv) {
    try {
        if (argc == 2 && names_instance())
            exchange(connect_to_write(bulk::simulator()), argv[1]);
        else if (argc == 1 && !names_instance())
            try_three_times();
        else
            throw std::runtime_error("usage: without arguments, or with a FILE and the "
                                     "environment variables ELOQUA_COMPANY, ELOQUA_USER and "
                                     "ELOQUA_PASSWORD");
    } catch (std::exception const& e) {
        std::cerr << e.what() << '\n';
        return 1;
    }
}
