// SPDX-License-Identifier: BSL-1.0
// Step 2 of the tutorial: imports two people and exports the Belgians.
#include <eloqua/bulk.hpp>
#include <eloqua/bulk/simulator.hpp>

#include <boost/describe.hpp>

#include "../connect.hpp"
#include <chrono>
#include <exception>
#include <iostream>
#include <optional>
#include <string>
#include <vector>

namespace bulk = eloqua::bulk;

struct person {
    std::string email;
    std::optional<std::string> country;
    std::chrono::sys_time<std::chrono::milliseconds> updated;

    using eloqua_fields = bulk::fields<
        bulk::field<&person::email, "C_EmailAddress">, bulk::field<&person::country, "C_Country">,
        bulk::attribute<&person::updated, "UpdatedAt">>; // system value: exported, never imported
};
BOOST_DESCRIBE_STRUCT(person, (), (email, country, updated))

void move(bulk::client& client, std::vector<person> const& people) {
    auto report =
        client.import_rows(bulk::contacts, bulk::identified_by<&person::email>, people).value();
    for (auto const& reject : report.rejects)
        if (reject.row_index != reject.unknown) // else reject.candidates are the rows in question
            std::cout << people[reject.row_index].email << ": " << reject.message << '\n';

    auto belgians =
        client.export_rows<person>(bulk::contacts, bulk::where<&person::country> == "BE");
    for (person const& p : belgians) // bounded memory, however many
        std::cout << p.email << '\n';
    std::cout << belgians.receipt() << '\n'; // proven complete, or it threw
}

int main() {
    bulk::simulator eloqua;
    try {
        bulk::client client = connect_to_write(eloqua);
        move(client, {{"ada@example.com", "BE", {}}, {"no address", "BE", {}}});
    } catch (std::exception const& e) {
        std::cerr << e.what() << '\n';
        return 1;
    }
}
