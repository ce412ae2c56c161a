// SPDX-License-Identifier: BSL-1.0
// Imports a CSV file whose columns have names of their own, and writes the rejected rows to another
// CSV file, with the reason as an additional column. Needs libcsv.
// Run: 2_recipes/csv_in_rejects_out (a file of three rows, into a simulated Eloqua)
#include <eloqua/bulk.hpp>
#include <eloqua/bulk/simulator.hpp>

#include "../scratch_folder.hpp"
#include <cstddef>
#include <csv.h>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <new>
#include <ranges>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bulk = eloqua::bulk;

using csv_row = std::vector<std::string>;

std::vector<csv_row> read_csv(std::filesystem::path const& file) {
    std::ifstream in(file, std::ios::binary);
    std::string const text(std::istreambuf_iterator<char>(in), {});
    if (!in)
        throw std::runtime_error(file.string() + " cannot be read");
    struct reading {
        std::vector<csv_row> rows;
        csv_row row;
    } now;
    auto const on_value = [](void* value, std::size_t size, void* to) {
        static_cast<reading*>(to)->row.emplace_back(static_cast<char const*>(value), size);
    };
    auto const on_row = [](int, void* to) {
        auto& [rows, row] = *static_cast<reading*>(to);
        rows.push_back(std::exchange(row, {}));
    };
    csv_parser parser;
    if (::csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI) != 0)
        throw std::bad_alloc();
    bool const good =
        ::csv_parse(&parser, text.data(), text.size(), on_value, on_row, &now) == text.size() &&
        ::csv_fini(&parser, on_value, on_row, &now) == 0;
    ::csv_free(&parser);
    if (!good || now.rows.empty())
        throw std::runtime_error(file.string() + " is not a CSV file");
    return now.rows;
}

void write_csv_row(std::ostream& out, csv_row const& row) {
    std::string line;
    for (std::string const& value : row) {
        std::string quoted(2 * value.size() + 2, '\0'); // as large as it can become
        quoted.resize(::csv_write(quoted.data(), quoted.size(), value.data(), value.size()));
        line += (line.empty() ? "" : ",") + quoted;
    }
    out << line << "\r\n";
}

/// `fields`: the internal name of the field for each column of the file that is to be imported.
bulk::import_totals import_csv(bulk::client const& client, std::filesystem::path const& file,
                               std::map<std::string, std::string> const& fields,
                               std::string_view identifier, std::filesystem::path const& rejects) {
    std::vector<csv_row> const lines = read_csv(file);
    csv_row const& header = lines.front();
    std::vector<bulk::record_column> known;
    for (std::string const& name : header)
        if (auto const field = fields.find(name); field != fields.end())
            known.push_back(bulk::field_column(name, field->second));
    bulk::record_columns const columns(known);

    std::vector<bulk::record> records;
    for (csv_row const& line : lines | std::views::drop(1)) {
        if (line.size() != header.size())
            throw std::runtime_error("line " + std::to_string(records.size() + 2) + " has " +
                                     std::to_string(line.size()) + " values");
        bulk::record& record = records.emplace_back(columns);
        for (std::size_t i = 0; i != line.size(); ++i)
            if (fields.contains(header[i]))
                record[header[i]] = line[i];
    }

    std::ofstream out(rejects, std::ios::binary);
    csv_row heading = header;
    heading.push_back("Reason");
    write_csv_row(out, heading);
    bulk::import_options options;
    options.rejects_kept = 0; // all of them go to the file
    auto const write_reject = [&](bulk::import_reject<bulk::record> const& reject) {
        csv_row row(header.size());
        if (reject.row_index != reject.unknown)
            row = lines[reject.row_index + 1];
        row.push_back(reject.message);
        write_csv_row(out, row);
    };
    auto const report = client
                            .import_records(bulk::contacts, columns, identifier, records, options,
                                            bulk::rejects_to(write_reject))
                            .value();
    if (!out.flush())
        throw std::runtime_error(rejects.string() + " cannot be written");
    report.require_proven();
    return report;
}

int main() {
    try {
        scratch_folder const folder;
        std::ofstream(folder / "people.csv")
            << "Name,E-mail,Shoe size\r\n"
               "\"Lovelace, Ada\",ada@example.com,37\r\n"
               "Turing,alan at example.com,42\r\n"
               "\"Hopper, \"\"Amazing\"\"\",grace@example.com,\r\n";
        bulk::simulator eloqua;
        bulk::client const client{eloqua, bulk::basic_credentials{"Company", "user", "secret"}};
        std::map<std::string, std::string> const fields{{"E-mail", "C_EmailAddress"},
                                                        {"Name", "C_LastName"}};
        std::cout << import_csv(client, folder / "people.csv", fields, "E-mail",
                                folder / "rejects.csv")
                  << '\n';

        std::vector<csv_row> const rejects = read_csv(folder / "rejects.csv");
        for (csv_row const& row : rejects)
            write_csv_row(std::cout, row);
        std::vector<csv_row> const wanted{
            {"Name", "E-mail", "Shoe size", "Reason"},
            {"Turing", "alan at example.com", "42", "Invalid email address."}};
        auto const grace = eloqua.find("/contacts", "C_EmailAddress", "grace@example.com").at(0);
        bool const stored = eloqua.value("/contacts", grace, "C_LastName") == "Hopper, \"Amazing\"";
        return rejects == wanted && stored && eloqua.count("/contacts") == 2 ? 0 : 1;
    } catch (std::exception const& e) {
        std::cerr << e.what() << '\n';
        return 1;
    }
}
