// SPDX-License-Identifier: BSL-1.0
// Exports the e-mails that were opened in a week to an NDJSON file, by windows of a day, so that
// the service's limit of 5,000,000 activities for one export is not a limit for the week.
// Run: 2_recipes/activities_of_a_week (a simulated Eloqua in which an e-mail is opened every
// minute)
#include <eloqua/bulk.hpp>
#include <eloqua/bulk/export_to_file.hpp>
#include <eloqua/bulk/simulator.hpp>

#include <boost/describe.hpp>

#include "../scratch_folder.hpp"
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

namespace bulk = eloqua::bulk;

struct opened {
    std::string id;
    std::chrono::sys_time<std::chrono::milliseconds> at;
    std::string email;
    std::string asset;

    using eloqua_fields = bulk::fields<
        bulk::attribute<&opened::id, "ExternalId">, bulk::attribute<&opened::at, "CreatedAt">,
        bulk::field<&opened::email, "EmailAddress">, bulk::attribute<&opened::asset, "Asset.Name">>;
};
BOOST_DESCRIBE_STRUCT(opened, (), (id, at, email, asset))

bulk::stored_export export_week(bulk::client const& client, std::chrono::sys_days monday,
                                std::filesystem::path const& file) {
    bulk::time_windows const days(monday, monday + std::chrono::weeks(1), std::chrono::days(1));
    bulk::export_file_options options;
    options.windows = bulk::export_windows<&opened::at>(days);
    return bulk::export_to_file<opened>(client, bulk::activities_of(bulk::activity_type::EmailOpen),
                                        file, bulk::all_rows, options)
        .value();
}

int main() {
    try {
        scratch_folder const folder;
        bulk::simulator eloqua;
        bulk::client const client{eloqua, bulk::basic_credentials{"Company", "user", "secret"}};
        eloqua.generate_contacts(100);
        bulk::activity_series opens;
        opens.first = std::chrono::sys_days(std::chrono::year(2025) / 5 / 19);
        opens.every = std::chrono::minutes(1);
        opens.count = 14 * 24 * 60;
        eloqua.generate_activities(opens);

        std::chrono::sys_days const monday = std::chrono::year(2025) / 5 / 26;
        auto const done = export_week(client, monday, folder / "opened.ndjson");
        std::cout << done << '\n';
        std::ifstream in(folder / "opened.ndjson");
        auto const lines = std::count(std::istreambuf_iterator<char>(in), {}, '\n');
        return done.receipt.rows == 7 * 24 * 60 && lines == 7 * 24 * 60 ? 0 : 1;
    } catch (std::exception const& e) {
        std::cerr << e.what() << '\n';
        return 1;
    }
}
