// SPDX-License-Identifier: BSL-1.0
// Imports two people and exports the Belgians among them, against a simulated Eloqua on a port of
// this machine. A client of a real one needs no options: it finds its host by itself.
#include <eloqua/bulk.hpp>
#include <eloqua/bulk/beast_transport.hpp>
#include <eloqua/bulk/simulator.hpp>
#include <eloqua/bulk/simulator/listener.hpp>

#include <boost/describe.hpp>

#include <iostream>

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
    bulk::simulator_options simulated;
    simulated.simulated_clock = false;
    bulk::simulator eloqua{simulated};
    bulk::listener server{[&](bulk::request const& q) { return eloqua.handle(q); }};
    bulk::client_options options;
    options.login_url = server.where().text() + "/id";

    bulk::client client{bulk::beast_transport{},
                        bulk::basic_credentials{"Company", "user", "secret"}, options};
    try {
        move(client, {{"ada@example.com", "BE", {}}, {"no address", "BE", {}}});
    } catch (bulk::error const& e) {
        std::cerr << e.what() << '\n';
        return 1;
    }
}
