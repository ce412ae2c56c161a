// SPDX-License-Identifier: BSL-1.0
// Imports contacts from a file, with a journal. If it is interrupted at any moment and run again,
// it resumes and applies no row twice. By default it uses a simulated Eloqua on a local port.
#include <eloqua/bulk.hpp>
#include <eloqua/bulk/import_journal.hpp>

#include <boost/describe.hpp>

#include "instance.hpp"
#include <cstddef>
#include <fstream>
#include <iostream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

struct contact {
    std::string email;
    std::string country;

    using eloqua_fields = bulk::fields<bulk::field<&contact::email, "C_EmailAddress">,
                                       bulk::field<&contact::country, "C_Country">>;
};
BOOST_DESCRIBE_STRUCT(contact, (), (email, country))

namespace {

constexpr char const* usage =
    R"(usage: resumable_import FILE [options]

Imports the contacts of a file, "EMAIL,COUNTRY" on each line, without quotes. FILE.journal
records the progress; delete it to import the file again.
Without --company it starts its own simulated Eloqua, which knows nothing of an earlier run.

  --help            this text
)";

std::vector<contact> read_contacts(std::string const& path) {
    std::ifstream in(path);
    std::vector<contact> rows;
    for (std::string line; std::getline(in, line);) {
        std::size_t const comma = line.find(',');
        rows.push_back(
            {line.substr(0, comma), comma == line.npos ? std::string() : line.substr(comma + 1)});
    }
    if (!in.eof())
        throw std::runtime_error(path + " cannot be read");
    return rows;
}

int run(std::string const& path, instance_arguments const& where) {
    std::vector<contact> const rows = read_contacts(path);
    bulk::import_options options;
    options.request_bytes = options.sync_bytes =
        500'000; // small, so that there is something to resume
    options.journal = bulk::open_import_journal(path + ".journal").value();
    if (!options.journal->records().empty())
        std::cout << "resuming from " << path << ".journal\n";

    instance eloqua(where, {});
    auto const by = bulk::identified_by<&contact::email>;
    auto const report = eloqua.client().import_rows(bulk::contacts, by, rows, options).value();
    std::cout << report << '\n';
    for (auto const& reject : report.rejects)
        std::cout << reject << '\n';
    report.require_proven();
    report.require_balanced();
    return 0;
}

} // namespace

int main(int argc, char** argv) {
    std::string path;
    auto own = [&](std::string_view word, auto) {
        if (word.starts_with("--") || !path.empty())
            return false;
        path = word;
        return true;
    };
    return run_example("resumable_import", usage, argc, argv, own,
                       [&](instance_arguments const& where) {
                           if (path.empty())
                               throw bad_usage("a file is required");
                           return run(path, where);
                       });
}
