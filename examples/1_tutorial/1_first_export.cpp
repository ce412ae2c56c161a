// SPDX-License-Identifier: BSL-1.0
// Step 1 of the tutorial: exports the contacts of one country.
#include <eloqua/bulk.hpp>
#include <eloqua/bulk/simulator.hpp>

#include <boost/describe.hpp>

#include "../connect.hpp"
#include <chrono>
#include <exception>
#include <iostream>
#include <optional>
#include <string>

namespace bulk = eloqua::bulk;

struct person {
    std::string email;
    std::string name;
    std::optional<std::string> city;
    std::chrono::sys_time<std::chrono::milliseconds> updated;

    using eloqua_fields =
        bulk::fields<bulk::field<&person::email, "C_EmailAddress">,
                     bulk::field<&person::name, "C_LastName">, bulk::field<&person::city, "C_City">,
                     bulk::attribute<&person::updated, "UpdatedAt">>;
};
BOOST_DESCRIBE_STRUCT(person, (), (email, name, city, updated))

void print_belgians(bulk::client const& client) {
    auto const in_belgium = bulk::where_field<"C_Country", std::string> == "BE";
    auto belgians = client.export_rows<person>(bulk::contacts, in_belgium);
    int without_city = 0;
    for (person const& p : belgians) {
        if (p.city)
            std::cout << p.email << " is " << p.name << " in " << *p.city << '\n';
        else
            ++without_city;
    }
    std::cout << without_city << " without a city\n" << belgians.receipt() << '\n';
}

int main() {
    bulk::simulator eloqua;
    eloqua.generate_contacts(100);
    try {
        print_belgians(connect_to_read(eloqua));
    } catch (std::exception const& e) {
        std::cerr << e.what() << '\n';
        return 1;
    }
}
