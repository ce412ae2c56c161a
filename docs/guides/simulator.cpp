// SPDX-License-Identifier: BSL-1.0
// The simulated Eloqua of docs/guides/simulator.md: its clock, its records, its faults.
#include <eloqua/bulk.hpp>
#include <eloqua/bulk/simulator.hpp>
#include <eloqua/bulk/simulator/fault_script.hpp>

#include <boost/describe.hpp>

#include "checks.hpp"
#include <chrono>
#include <cstdint>
#include <iostream>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace bulk = eloqua::bulk;

struct person {
    std::string id;
    std::string email;
    std::string country;
    using eloqua_fields = bulk::fields<bulk::attribute<&person::id, "Id">,
                                       bulk::field<&person::email, "C_EmailAddress">,
                                       bulk::field<&person::country, "C_Country">>;
};
BOOST_DESCRIBE_STRUCT(person, (), (id, email, country))

namespace {

bulk::basic_credentials const me("Company", "user", "secret");
auto const by = bulk::identified_by<&person::email>;

} // namespace

int main() {
    using namespace std::chrono_literals;
    bulk::simulator eloqua;
    bulk::client const client(eloqua, bulk::basic_credentials("Company", "user", "secret"));
    std::vector<person> const people{{"", "ada@example.com", "BE"}, {"", "no address", "BE"}};
    auto const report = client.import_rows(bulk::contacts, by, people).value();
    expect(report.created == 1 && report.rejects.at(0).row_index == 1);

    expect(eloqua.count("/contacts") == 1);
    std::int64_t const ada = eloqua.find("/contacts", "C_EmailAddress", "ADA@example.com").at(0);
    expect(eloqua.value("/contacts", ada, "C_Country") == "BE");
    expect(eloqua.requests("POST /contacts/imports/{id}/data") == 1);
    expect(ada == 1001);

    bulk::timestamp const before = eloqua.service_time(); // 2025-06-02 09:00 UTC, and the import
    eloqua.advance(48h);
    expect(eloqua.service_time() - before == 48h);

    bulk::simulator large;
    large.generate_contacts(1'000'000); // computed from their numbers: takes no memory
    std::int64_t const first =
        large.find("/contacts", "C_EmailAddress", "person0@example.com").at(0);
    expect(first == 1001);
    std::int64_t const opened = large.add_activity(bulk::activity_type::EmailOpen, first);
    expect(large.value("/activities", opened, "ActivityType") == "EmailOpen");

    std::int64_t const bob = large.add_record("/contacts", {{"C_EmailAddress", "bob@example.com"}});
    large.add_contact_list(7, "Customers", {bob});
    expect(large.members("/contacts", "{{ContactList[7]}}").size() == 1);

    bulk::fault_plan plan;
    plan.at("GET /syncs/{id}/data", 1, bulk::fault::cut(1'000)); // its first request
    plan.from("POST /syncs", 1, bulk::fault::hold(10min));       // its first, and all later ones
    eloqua.inject(plan);
    auto source = client.export_rows<person>(bulk::contacts);
    for (person const& each : source)
        std::cout << each.email << '\n';
    expect(plan.finished()); // every entry of the script was used
    expect(plan.log().size() == 2 && plan.log()[1].number == 1);

    bulk::client_options options;
    options.seed = 1; // for tests: the same delays and names in each run
    bulk::client const seeded(eloqua, me, options);
    bulk::fault_plan random(17);
    eloqua.inject(random);
    for (int i = 0; i != 20; ++i)
        seeded.import_rows(bulk::contacts, by, people).value(); // a client survives these faults
    for (bulk::injected_fault const& each : random.log())
        std::cout << each << '\n';
    expect(!random.log().empty() && random.seed() == 17);

    bulk::fault_plan written = bulk::read_fault_plan("GET /syncs/{id}/data #2 cut, at byte 1000;"
                                                     "POST /syncs lose");
    std::ostringstream log;
    for (bulk::injected_fault const& each : random.log())
        log << each << '\n';
    bulk::fault_plan again = bulk::read_fault_plan(log.str()); // repeats what happened
    expect(!written.finished());
    eloqua.inject(again);

    bulk::simulator_options odd;
    odd.sync_active = 5min;
    odd.count_always_zero = true; // an oddity of the real service
    odd.filter_times = bulk::literal_zone::us_eastern;
    odd.start_time = std::chrono::sys_days(std::chrono::year(2025) / 3 / 8);
    bulk::simulator other(odd);
    other.generate_contacts(10);
    auto ten = bulk::client(other, me).export_rows<person>(bulk::contacts);
    expect(ten.for_each([](person const&) {}).value() == 10);
}
