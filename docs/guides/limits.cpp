// SPDX-License-Identifier: BSL-1.0
// The service's limits of docs/guides/limits.md, as a governed client keeps them at a simulated
// Eloqua.
#include <eloqua/bulk.hpp>
#include <eloqua/bulk/governor.hpp>
#include <eloqua/bulk/shared_governor.hpp>
#include <eloqua/bulk/simulator.hpp>

#include <boost/describe.hpp>

#include "checks.hpp"
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace bulk = eloqua::bulk;

struct person {
    std::string email;
    using eloqua_fields = bulk::fields<bulk::field<&person::email, "C_EmailAddress">>;
};
BOOST_DESCRIBE_STRUCT(person, (), (email))

namespace {

bulk::basic_credentials const me("Company", "user", "secret");

void export_one(bulk::client const& client) {
    auto source = client.export_rows<person>(bulk::contacts);
    (void)source.for_each([](person const&) {}).value();
}

} // namespace

int main() {
    temporary_folder const folder;
    bulk::simulator_options few;
    few.export_syncs_per_hour = 3;
    bulk::simulator eloqua(few);
    eloqua.generate_contacts(1);

    bulk::governor_options limits;
    limits.exports = 3;
    limits.time_of_day = [eloqua] { return eloqua.service_time(); };
    bulk::client_options options;
    options.governor = std::make_shared<bulk::governor>(limits);
    bulk::client const nightly(eloqua, me, options);
    bulk::client const hourly(eloqua, me, options); // shares its limits
    auto const start = eloqua.service_time();
    for (int i = 0; i != 3; ++i) {
        export_one(nightly);
        export_one(hourly);
    }
    expect(eloqua.syncs_over_limit() == 0 && eloqua.service_time() - start > std::chrono::hours(1));

    options.governor = bulk::shared_governor("governor.json", limits); // for several processes
    bulk::client const shared(eloqua, me, options);
    eloqua.advance(std::chrono::hours(1));
    export_one(shared);

    bulk::client const ungoverned(eloqua, me);
    for (int i = 0; i != 4; ++i)
        export_one(ungoverned);
    expect(eloqua.syncs_over_limit() > 0);

    bulk::export_options pages;
    pages.page_rows = 10'000;                      // per request; 1 to 50,000
    pages.data_retention = std::chrono::hours(48); // of the rows on the server
    bulk::import_options pushes;
    pushes.request_bytes = 8'000'000; // per request; at most 32 MB
    auto source = ungoverned.export_rows<person>(bulk::contacts, bulk::all_rows, pages);
    expect(source.next().value().size() == 1);
    pushes.request_bytes = 64'000'000;
    std::vector<person> const people{{"ada@example.com"}};
    auto const refused =
        ungoverned.import_rows(bulk::contacts, bulk::identified_by<&person::email>, people, pushes)
            .get();
    expect(refused.error().code == bulk::errc::invalid_argument);
}
