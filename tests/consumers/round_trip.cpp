// SPDX-License-Identifier: BSL-1.0
// An application that uses the library, however it was found. It imports three rows into a
// simulated Eloqua and exports them again; the exit status says whether they are unchanged. Needs
// neither OpenSSL nor threads.
#include "round_trip.hpp"

#include <eloqua/bulk.hpp>
#include <eloqua/bulk/simulator.hpp>

#include <boost/describe.hpp>

#include <algorithm>
#include <chrono>
#include <iostream>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace bulk = eloqua::bulk;

struct person {
    std::string email;
    std::optional<std::string> country;

    using eloqua_fields = bulk::fields<bulk::field<&person::email, "C_EmailAddress">,
                                       bulk::field<&person::country, "C_Country">>;
    friend auto operator<=>(person const&, person const&) = default;
};
BOOST_DESCRIBE_STRUCT(person, (), (email, country))

bulk::delivery consumer::answer(bulk::request const& q) {
    static bulk::simulator eloqua = [] {
        bulk::simulator_options options;
        options.simulated_clock = false;
        options.sync_pending = options.sync_active = std::chrono::milliseconds(10);
        return bulk::simulator(options);
    }();
    return eloqua.handle(q);
}

int consumer::round_trip(bulk::any_transport over, bulk::client_options options) {
    std::vector<person> const people = {
        {"ada@example.com", "BE"}, {"bob@example.com", std::nullopt}, {"cleo@example.com", "BE"}};
    bulk::client client{std::move(over), bulk::basic_credentials{"Company", "user", "secret"},
                        std::move(options)};
    try {
        auto const report =
            client.import_rows(bulk::contacts, bulk::identified_by<&person::email>, people)
                .get()
                .value();
        auto everyone = client.export_rows<person>(bulk::contacts);
        std::vector<person> found;
        for (person const& each : everyone)
            found.push_back(each);
        std::ranges::sort(found);
        auto belgians =
            client.export_rows<person>(bulk::contacts, bulk::where<&person::country> == "BE");
        int count = 0;
        for (person const& each : belgians)
            count += each.country == "BE";
        std::cout << report << '\n' << everyone.receipt() << '\n';
        return found == people && count == 2 ? 0 : 1;
    } catch (bulk::error const& refused) {
        std::cerr << refused.what() << '\n';
        return 1;
    }
}

int round_trip_in_process() {
    return consumer::round_trip(bulk::simulator{}, {});
}
