// SPDX-License-Identifier: BSL-1.0
// Adds every contact of one contact list to another one. Eloqua does the work: the export's sync
// action adds the records while its sync runs.
// Run: 2_recipes/list_onto_list (two lists of a simulated Eloqua)
#include <eloqua/bulk.hpp>
#include <eloqua/bulk/simulator.hpp>

#include <boost/describe.hpp>

#include <cstdint>
#include <exception>
#include <iostream>
#include <vector>

namespace bulk = eloqua::bulk;

struct member {
    std::int64_t id;

    using eloqua_fields = bulk::fields<bulk::attribute<&member::id, "Id">>;
};
BOOST_DESCRIBE_STRUCT(member, (), (id))

/// Returns the number of contacts on the list `from`.
std::int64_t add_all(bulk::client const& client, bulk::contact_list const& from,
                     bulk::contact_list const& to) {
    bulk::export_options options;
    options.sync_actions = bulk::actions_for(bulk::contacts, bulk::add_to(to));
    return client.export_rows<member>(bulk::contacts, bulk::exists(from), options)
        .for_each([](member const&) {})
        .value();
}

int main() {
    try {
        bulk::simulator eloqua;
        bulk::client const client{eloqua, bulk::basic_credentials{"Company", "user", "secret"}};
        std::vector<std::int64_t> people;
        for (char const* const email : {"ada@example.com", "alan@example.com", "grace@example.com"})
            people.push_back(eloqua.add_record("/contacts", {{"C_EmailAddress", email}}));
        eloqua.add_contact_list(7, "visitors", {people[0], people[1]});
        eloqua.add_contact_list(8, "invited", {people[1], people[2]});

        std::int64_t const added = add_all(client, bulk::contact_list(7), bulk::contact_list(8));
        std::cout << added << " contacts are on both lists now\n";
        return added == 2 && eloqua.members("/contacts", "{{ContactList[8]}}").size() == 3 ? 0 : 1;
    } catch (std::exception const& e) {
        std::cerr << e.what() << '\n';
        return 1;
    }
}
