// SPDX-License-Identifier: BSL-1.0
// Exports all contacts of an instance and prints the cost: rows, seconds, peak resident memory.
#include <eloqua/bulk.hpp>
#include <eloqua/bulk/beast_transport.hpp>

#include <boost/describe.hpp>

#include "peak_memory.hpp"
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <optional>
#include <string>
#include <string_view>

namespace bulk = eloqua::bulk;

struct contact {
    std::int64_t id = 0;
    std::string email;
    std::string first_name, last_name;
    std::optional<std::string> company, city, country;
    std::chrono::sys_time<std::chrono::milliseconds> updated;

    using eloqua_fields = bulk::fields<
        bulk::attribute<&contact::id, "Id">, bulk::field<&contact::email, "C_EmailAddress">,
        bulk::field<&contact::first_name, "C_FirstName">,
        bulk::field<&contact::last_name, "C_LastName">, bulk::field<&contact::company, "C_Company">,
        bulk::field<&contact::city, "C_City">, bulk::field<&contact::country, "C_Country">,
        bulk::attribute<&contact::updated, "UpdatedAt">>;
};
BOOST_DESCRIBE_STRUCT(contact, (),
                      (id, email, first_name, last_name, company, city, country, updated))

int main(int argc, char** argv) try {
    std::string_view const outstanding = argc < 3 ? "" : argv[2];
    if (argc > 4 || (outstanding != "1" && outstanding != "2")) {
        std::fputs("usage: export_memory LOGIN_URL 1|2 [CA_FILE]\n"
                   "1 or 2 requests are outstanding\n",
                   stderr);
        return 2;
    }
    bulk::client_options options;
    options.login_url = argv[1];
    bulk::transport_options network;
    if (argc == 4)
        network.ca_file = argv[3];
    bulk::client client{bulk::beast_transport{network},
                        bulk::basic_credentials{"Company", "user", "secret"}, options};
    auto const begin = std::chrono::steady_clock::now();
    bulk::export_options how;
    how.read_ahead = outstanding == "2";
    auto source = client.export_rows<contact>(bulk::contacts, bulk::all_rows, how);
    std::int64_t rows = 0;
    for (contact const& c : source)
        rows += c.id > 0;
    std::chrono::duration<double> const took = std::chrono::steady_clock::now() - begin;
    std::printf("%lld rows, %.1f s, peak %ld KiB\n", static_cast<long long>(rows), took.count(),
                peak_kib());
    return rows == source.receipt().rows ? 0 : 1;
} catch (std::exception const& e) {
    std::fprintf(stderr, "export_memory: %s\n", e.what());
    return 1;
}
