// SPDX-License-Identifier: BSL-1.0
// The sync actions of docs/guides/sync_actions.md, carried out by a simulated Eloqua.
#include <eloqua/bulk.hpp>
#include <eloqua/bulk/simulator.hpp>

#include <boost/describe.hpp>

#include "checks.hpp"
#include <iostream>
#include <string>
#include <vector>

namespace bulk = eloqua::bulk;

struct person {
    std::string email;
    using eloqua_fields = bulk::fields<bulk::field<&person::email, "C_EmailAddress">>;
};
BOOST_DESCRIBE_STRUCT(person, (), (email))

struct address {
    std::string EmailAddress; // the column of the identifier
};
BOOST_DESCRIBE_STRUCT(address, (), (EmailAddress))

int main() {
    bulk::simulator eloqua;
    eloqua.add_contact_list(7, "Customers");
    eloqua.add_email_group(5, "Newsletter");
    bulk::client const client(eloqua, bulk::basic_credentials("Company", "user", "secret"));
    std::vector<person> const people{{"ada@example.com"}, {"bob@example.com"}};

    auto const by = bulk::identified_by<&person::email>;
    bulk::import_options options;
    client
        .import_rows(bulk::contacts, by, people, options, bulk::add_to(bulk::contact_list(7)),
                     bulk::subscribe_to(bulk::email_group(5)))
        .value();
    expect(eloqua.members("/contacts", "{{ContactList[7]}}").size() == 2);

    bulk::export_options leaving;
    leaving.sync_actions =
        bulk::actions_for(bulk::contacts, bulk::remove_from(bulk::contact_list(7)));
    auto source =
        client.export_rows<person>(bulk::contacts, bulk::exists(bulk::contact_list(7)), leaving);
    for (person const& each : source)
        expect(!each.email.empty());
    expect(eloqua.members("/contacts", "{{ContactList[7]}}").empty());

    auto const definition =
        bulk::define_sync_action(bulk::contacts, "leave", bulk::contact_identifier::email_address,
                                 bulk::unsubscribe_globally());
    auto const stored = client.sync_actions(bulk::contacts).create(definition).value();
    std::vector<address> const leavers{{"ada@example.com"}};
    client.sync_actions(bulk::contacts).push(bulk::id_of(stored).value(), leavers).value();
    bulk::sync_run const run = client.run_sync(stored.uri.value()).value();
    for (bulk::sync_reject const& each : client.syncs().rejects(run.sync_id))
        for (auto const& [column, value] : each.fieldValues)
            std::cout << value << ": " << each.message.value_or("") << '\n';
    client.sync_actions(bulk::contacts).remove(bulk::id_of(stored).value()).value();
    expect(run.sync.succeeded());
}
