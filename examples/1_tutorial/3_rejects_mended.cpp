// SPDX-License-Identifier: BSL-1.0
// Step 3 of the tutorial: corrects the rows that the service rejected, and imports them again.
#include <eloqua/bulk.hpp>
#include <eloqua/bulk/simulator.hpp>

#include <boost/describe.hpp>

#include "../connect.hpp"
#include <algorithm>
#include <cstddef>
#include <exception>
#include <iostream>
#include <string>
#include <vector>

namespace bulk = eloqua::bulk;

struct person {
    std::string email;
    std::string name;

    using eloqua_fields = bulk::fields<bulk::field<&person::email, "C_EmailAddress">,
                                       bulk::field<&person::name, "C_LastName">>;
};
BOOST_DESCRIBE_STRUCT(person, (), (email, name))

/// Corrects usual slips in an address. Returns whether there was one.
bool mend(person& p) {
    std::string const before = p.email;
    std::erase(p.email, ' ');
    std::ranges::replace(p.email, ',', '.');
    return p.email != before;
}

bulk::import_report<person> import(bulk::client const& client, std::vector<person> const& people) {
    auto report =
        client.import_rows(bulk::contacts, bulk::identified_by<&person::email>, people).value();
    report.require_proven();
    for (auto const& reject : report.rejects)
        std::cout << "  " << reject << '\n';
    std::cout << report << '\n';
    return report;
}

void import_mended(bulk::client const& client, std::vector<person> const& people) {
    auto const rejected = import(client, people).retry_set();
    std::vector<person> mended;
    for (std::size_t i = 0; i != rejected.size(); ++i) {
        person p = rejected.rows[i];
        if (mend(p))
            mended.push_back(p);
        else
            std::cout << "row " << rejected.row_indices[i] << " is left out: " << p.email << '\n';
    }
    for (auto const& reject : rejected.without_row)
        std::cout << "the service does not return the row: " << reject << '\n';
    import(client, mended);
}

int main() {
    bulk::simulator eloqua;
    try {
        import_mended(connect_to_write(eloqua), {{"ada@example.com", "Lovelace"},
                                                 {"alan@example,com", "Turing"},
                                                 {"grace @example.com", "Hopper"},
                                                 {"nobody", "Nobody"},
                                                 {"ADA@example.com", "King"}});
    } catch (std::exception const& e) {
        std::cerr << e.what() << '\n';
        return 1;
    }
}
