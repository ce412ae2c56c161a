// SPDX-License-Identifier: BSL-1.0
// Exports by windows and of changes, of docs/guides/windows.md, from a simulated Eloqua.
#include <eloqua/bulk.hpp>
#include <eloqua/bulk/export_changes.hpp>
#include <eloqua/bulk/simulator.hpp>

#include <boost/describe.hpp>

#include "checks.hpp"
#include <chrono>
#include <iostream>
#include <map>
#include <optional>
#include <set>
#include <string>

namespace bulk = eloqua::bulk;
using namespace std::chrono_literals;
using std::chrono::sys_days;

struct opened {
    std::string id;
    std::chrono::sys_time<std::chrono::milliseconds> at;

    using eloqua_fields = bulk::fields<bulk::attribute<&opened::id, "ExternalId">,
                                       bulk::attribute<&opened::at, "CreatedAt">>;
};
BOOST_DESCRIBE_STRUCT(opened, (), (id, at))

struct person {
    std::string email;
    std::chrono::sys_time<std::chrono::milliseconds> updated;

    using eloqua_fields = bulk::fields<bulk::field<&person::email, "C_EmailAddress">,
                                       bulk::attribute<&person::updated, "UpdatedAt">>;
};
BOOST_DESCRIBE_STRUCT(person, (), (email, updated))

namespace {

bulk::basic_credentials const me("Company", "user", "secret");

std::set<std::string> opens_of_may(bulk::client const& client) {
    bulk::time_windows const days(sys_days(2025y / 5 / 1), sys_days(2025y / 6 / 1), 24h);
    bulk::export_options options;
    options.windows = bulk::export_windows<&opened::at>(days);
    options.window_rows = 1'000'000; // windows of more rows are halved

    auto const opens = bulk::activities_of(bulk::activity_type::EmailOpen);
    auto source = client.export_rows<opened>(opens, bulk::all_rows, options);
    std::set<std::string> ids;
    for (opened const& each : source)
        ids.insert(each.id);
    std::cout << source.receipt() << '\n';
    return ids;
}

bulk::changes_export export_changes(bulk::client const& client) {
    return bulk::export_changes_to_file<&person::updated>(client, bulk::contacts, "people.ndjson",
                                                          "people.mark")
        .value();
}

} // namespace

int main() {
    temporary_folder const folder;
    bulk::simulator eloqua;
    for (int hour = 0; hour != 100; ++hour)
        eloqua.add_activity(bulk::activity_type::EmailOpen, 0, {},
                            bulk::timestamp(sys_days(2025y / 5 / 31)) + hour * 15min);
    bulk::client const client(eloqua, me);
    // Of 100 activities, the last four are in June.
    expect(opens_of_may(client).size() == 96);

    bulk::time_windows const last_of_may(sys_days(2025y / 5 / 31), sys_days(2025y / 6 / 1), 24h);
    bulk::export_options options;
    options.windows = bulk::export_windows<&opened::at>(last_of_may);
    options.window_rows = 50;
    auto source = client.export_rows<opened>(bulk::activities_of(bulk::activity_type::EmailOpen),
                                             bulk::all_rows, options);
    std::int64_t const rows = source.for_each([](opened const&) {}).value();
    expect(rows == 96 && source.receipt().windows->halved >= 1);

    auto const ada = eloqua.add_record("/contacts", {{"C_EmailAddress", "ada@example.com"}});
    expect(ada != 0 && export_changes(client).receipt.rows == 1);
    eloqua.advance(24h);
    eloqua.add_record("/contacts", {{"C_EmailAddress", "bob@example.com"}});
    bulk::changes_export const second = export_changes(client);
    expect(second.since.has_value() && second.key == "email");
    expect(second.receipt.rows == 2 && second.until.has_value()); // Ada comes again
    bulk::mark_file file("people.mark");
    bulk::change_mark const mark = file.load().value().value();
    expect(mark.until == second.until && mark.column == "updated");
}
