// SPDX-License-Identifier: BSL-1.0
// The imports of docs/guides/imports.md, and their rejects, at a simulated Eloqua.
#include <eloqua/bulk.hpp>
#include <eloqua/bulk/simulator.hpp>

#include <boost/describe.hpp>

#include "checks.hpp"
#include <cstddef>
#include <fstream>
#include <iostream>
#include <optional>
#include <ranges>
#include <string>
#include <vector>

namespace bulk = eloqua::bulk;

struct person {
    std::string email;
    std::optional<std::string> country;
    using eloqua_fields = bulk::fields<bulk::field<&person::email, "C_EmailAddress">,
                                       bulk::field<&person::country, "C_Country">>;
};
BOOST_DESCRIBE_STRUCT(person, (), (email, country))

struct warranty {
    std::string serial;
    std::string email;
    using eloqua_fields = bulk::fields<bulk::runtime_field<&warranty::serial, "Serial Number">,
                                       bulk::runtime_field<&warranty::email, "Email Address">>;
};
BOOST_DESCRIBE_STRUCT(warranty, (), (serial, email))

namespace {

void print_rejects(bulk::import_report<person> const& report, std::vector<person> const& people) {
    for (bulk::import_reject<person> const& reject : report.rejects) {
        if (reject.row_index != reject.unknown)
            std::cout << people[reject.row_index].email << ": ";
        else
            std::cout << "one of " << reject.candidates.size() << " rows: ";
        std::cout << reject.message << (reject.row_taken ? " (the rest of the row was taken)" : "")
                  << '\n';
    }
}

} // namespace

int main() {
    temporary_folder const folder;
    bulk::simulator eloqua;
    bulk::client const client(eloqua, bulk::basic_credentials("Company", "user", "secret"));
    std::vector<person> const people{{"ada@example.com", "BE"}, {"no address", "NL"}};

    auto const by = bulk::identified_by<&person::email>;
    bulk::import_report<person> const report =
        client.import_rows(bulk::contacts, by, people).value();
    std::cout << report << '\n';
    print_rejects(report, people);
    expect(report.created == 1 && report.rejected == 1 && report.rejects.at(0).row_index == 1);
    expect(report.rejects.at(0).reason == bulk::elq{2});

    bulk::import_options options;
    options.rule = bulk::import_rule::updateOnly;         // contacts and accounts only
    options.update = bulk::update_rule::ifExistingIsNull; // keeps what is stored
    options.rows = bulk::rows_format::csv;                // about half as many bytes
    auto const updated = client.import_rows(bulk::contacts, by, people, options).value();
    expect(updated.created == 0 && updated.updated == 1);

    auto made = std::views::iota(0, 1'000) | std::views::transform([](int i) {
                    return person{"person" + std::to_string(i) + "@example.com", "BE"};
                });
    client.import_rows(bulk::contacts, by, made).value(); // makes each row when it is needed
    expect(eloqua.count("/contacts") == 1'001);

    bulk::retry_rows<person> again = report.retry_set();
    for (person& each : again.rows)
        each.email = "bob@example.com"; // mended
    client.import_rows(bulk::contacts, by, again.rows).value();
    expect(again.size() == 1 && eloqua.count("/contacts") == 1'002);

    std::ofstream file("rejects.ndjson");
    bulk::import_options few;
    few.rejects_kept = 0;
    auto const counted =
        client
            .import_rows(bulk::contacts, by, people, few,
                         bulk::rejects_to([&](bulk::import_reject<person> const& r) {
                             file << bulk::to_json(r) << '\n';
                         }))
            .value();
    expect(counted.rejects.empty() && counted.rejects_not_kept == 1 && file.tellp() > 0);

    bulk::data_card_mapping cards;
    cards.mapDataCards = true;
    cards.mapDataCardsEntityType = bulk::data_card_entity::Contact;
    cards.mapDataCardsEntityField = "{{Contact.Field(C_EmailAddress)}}";
    cards.mapDataCardsSourceField = "email"; // the member, or the key of a record's column

    auto const warranties = client.resolve<warranty>(bulk::custom_object(501)).value();
    std::vector<warranty> const rows{{"A-1", "ada@example.com"}};
    bulk::import_options plain;
    client.import_rows(warranties, bulk::identified_by<&warranty::serial>, rows, plain, cards)
        .value();
    expect(eloqua.count("/customObjects/501") == 1);
}
