// SPDX-License-Identifier: BSL-1.0
// Single operations of docs/guides/operations.md, against a simulated Eloqua.
#include <eloqua/bulk.hpp>
#include <eloqua/bulk/simulator.hpp>

#include <boost/describe.hpp>

#include "checks.hpp"
#include <chrono>
#include <iostream>
#include <string>
#include <vector>

namespace bulk = eloqua::bulk;

struct person {
    std::string email;
    std::string country;
    using eloqua_fields = bulk::fields<bulk::field<&person::email, "C_EmailAddress">,
                                       bulk::field<&person::country, "C_Country">>;
};
BOOST_DESCRIBE_STRUCT(person, (), (email, country))

int main() {
    bulk::simulator eloqua;
    eloqua.add_record("/contacts", {{"C_EmailAddress", "ada@example.com"}, {"C_Country", "BE"}});
    bulk::client const client(eloqua, bulk::basic_credentials("Company", "user", "secret"));

    for (auto const& field : client.fields(bulk::custom_object(501)).list())
        std::cout << field.name << ' ' << field.statement.value_or("") << '\n';

    bulk::list_query query;
    query.q = "name=*News*";
    for (auto const& list : client.contact_lists().list(query))
        std::cout << list.name << ' ' << bulk::id_of(list).value() << '\n';

    bulk::list_query first;
    first.limit = 10;
    auto const page = client.syncs().list(first).page().value();   // one request
    auto const all = client.custom_objects().list().all().value(); // a vector of all items
    expect(page.items.empty() && all.size() == 1);

    bulk::export_definition definition;
    definition.name = "Belgians";
    definition.fields = {{"email", "{{Contact.Field(C_EmailAddress)}}"}};
    definition.filter =
        bulk::render_filter(bulk::where<&person::country> == "BE", bulk::contacts).value();
    auto const stored = client.exports(bulk::contacts).create(definition).value();

    bulk::sync_run const run =
        client.run_sync(stored.uri.value()).value(); // starts a sync, and waits for it
    for (bulk::sync_log const& entry : run.logs)
        std::cout << entry.statusCode.value_or("") << ' ' << entry.message.value_or("") << '\n';
    client.exports(bulk::contacts).remove(bulk::id_of(stored).value()).value();
    expect(run.sync.succeeded() && eloqua.requests("DELETE /contacts/exports/{id}") == 1);
}
