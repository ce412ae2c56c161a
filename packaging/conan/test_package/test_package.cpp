// SPDX-License-Identifier: BSL-1.0
// Exports the contacts of a simulated Eloqua.
#include <eloqua/bulk.hpp>
#include <eloqua/bulk/simulator.hpp>

#include <boost/describe.hpp>

#include <cstddef>
#include <iostream>
#include <string>
#include <vector>

namespace bulk = eloqua::bulk;

struct person {
    std::string email;

    using eloqua_fields = bulk::fields<bulk::field<&person::email, "C_EmailAddress">>;
};
BOOST_DESCRIBE_STRUCT(person, (), (email))

int main() {
    bulk::client client{bulk::simulator{}, bulk::basic_credentials{"Company", "user", "secret"}};
    std::vector<person> const people = {{"ada@example.com"}, {"bob@example.com"}};
    auto const report =
        client.import_rows(bulk::contacts, bulk::identified_by<&person::email>, people).get();
    auto everyone = client.export_rows<person>(bulk::contacts);
    std::size_t exported = 0;
    for (person const& each : everyone) {
        std::cout << each.email << '\n';
        ++exported;
    }
    return report && exported == people.size() ? 0 : 1;
}
