// SPDX-License-Identifier: BSL-1.0
// Columns of docs/guides/columns.md, which are known only at run time.
#include <eloqua/bulk.hpp>
#include <eloqua/bulk/simulator.hpp>

#include <boost/describe.hpp>

#include "checks.hpp"
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

namespace bulk = eloqua::bulk;

void print(bulk::client const& client, std::vector<std::string> const& names) {
    std::vector<bulk::record_column> chosen;
    for (std::string const& name : names)
        chosen.push_back(bulk::field_column(name, name));
    chosen.push_back(bulk::attribute_column("updated", "UpdatedAt"));
    bulk::record_columns const columns(chosen);

    auto source =
        client.export_records(bulk::contacts, columns, bulk::where_column("C_Country") == "BE");
    for (bulk::record const& each : source)
        std::cout << each["C_EmailAddress"] << ' ' << each["updated"] << '\n';
}

bulk::import_report<bulk::record> send(bulk::client const& client) {
    bulk::record_columns const columns({bulk::field_column("email", "C_EmailAddress"),
                                        bulk::field_column("country", "C_Country")});
    std::vector<bulk::record> people(1, bulk::record(columns));
    people[0]["email"] = "ada@example.com";
    people[0]["country"] = "BE";
    return client.import_records(bulk::contacts, columns, "email", people).value();
}

struct warranty {
    std::string serial;
    std::string email;

    using eloqua_fields = bulk::fields<bulk::runtime_field<&warranty::serial, "Serial Number">,
                                       bulk::runtime_field<&warranty::email, "Email Address">>;
};
BOOST_DESCRIBE_STRUCT(warranty, (), (serial, email))

struct misspelled {
    std::string email, country, weight;
    using eloqua_fields = bulk::fields<bulk::field<&misspelled::email, "C_EmailAddress">,
                                       bulk::field<&misspelled::country, "C_Contry">,
                                       bulk::field<&misspelled::weight, "C_Lead_Weight1">>;
};
BOOST_DESCRIBE_STRUCT(misspelled, (), (email, country, weight))

struct keyed_warranty {
    std::string key; // blank: creates a record
    std::string serial;

    using eloqua_fields =
        bulk::fields<bulk::attribute<&keyed_warranty::key, "ExternalId">,
                     bulk::runtime_field<&keyed_warranty::serial, "Serial Number">>;
};
BOOST_DESCRIBE_STRUCT(keyed_warranty, (), (key, serial))

int main() {
    bulk::simulator eloqua;
    bulk::client const client(eloqua, bulk::basic_credentials("Company", "user", "secret"));
    expect(send(client).created == 1);
    print(client, {"C_EmailAddress", "C_Country"});

    auto const warranties = client.resolve<warranty>(bulk::custom_object(501)).value();
    std::vector<warranty> const rows{{"A-1", "ada@example.com"}};
    client.import_rows(warranties, bulk::identified_by<&warranty::serial>, rows).value();
    expect(eloqua.count("/customObjects/501") == 1);
    auto const same = bulk::bind_fields<warranty>(bulk::custom_object(501),
                                                  bulk::bound_to<&warranty::serial>(5001),
                                                  bulk::bound_to<&warranty::email>(5002));
    auto source = client.export_rows<warranty>(same);
    for (warranty const& each : source)
        expect(each.serial == "A-1");
    expect(source.receipt().rows == 1);

    auto const keyed = client.resolve<keyed_warranty>(bulk::custom_object(501)).value();
    std::vector<keyed_warranty> const created{{"", "B-2"}};
    auto const by = bulk::identified_by<&keyed_warranty::key>;
    expect(client.import_rows(keyed, by, created).value().created == 1);

    bulk::field_report const report = client.check<misspelled>(bulk::contacts).value();
    std::cout << report; // a line for each finding
    if (!report.ok())
        std::cout << "an export or import of these rows would fail\n";
    expect(!report.ok() &&
           report.message().find("is it C_Country (Country)?") != std::string::npos);
    std::vector<misspelled> const none(1);
    auto const failed =
        client.import_rows(bulk::contacts, bulk::identified_by<&misspelled::email>, none).get();
    expect(!failed && failed.error().code == bulk::errc::fields_do_not_fit);
    expect(eloqua.requests("POST /contacts/imports") == 1); // the one of `send`
    expect(!client.columns(bulk::contacts).value().empty());
}
