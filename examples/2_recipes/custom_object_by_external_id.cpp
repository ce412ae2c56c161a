// SPDX-License-Identifier: BSL-1.0
// Creates records of a custom object, exports them with the external ids that Eloqua has given
// them, and updates them by these ids. Run: 2_recipes/custom_object_by_external_id (custom object
// 501 of a simulated Eloqua)
#include <eloqua/bulk.hpp>
#include <eloqua/bulk/simulator.hpp>

#include <boost/describe.hpp>

#include <chrono>
#include <exception>
#include <iostream>
#include <string>
#include <vector>

namespace bulk = eloqua::bulk;

struct warranty {
    std::string external_id; // blank: a new record
    std::string serial;
    std::string email;

    using eloqua_fields = bulk::fields<bulk::attribute<&warranty::external_id, "ExternalId">,
                                       bulk::field<&warranty::serial, "Serial_Number1">,
                                       bulk::field<&warranty::email, "Email_Address1">>;
};
BOOST_DESCRIBE_STRUCT(warranty, (), (external_id, serial, email))

bulk::import_report<warranty> import_warranties(bulk::client const& client,
                                                bulk::custom_object const& object,
                                                std::vector<warranty> const& rows) {
    auto const by = bulk::identified_by<&warranty::external_id>;
    auto report = client.import_rows(object, by, rows).value();
    for (auto const& reject : report.rejects)
        std::cerr << reject << '\n';
    report.require_proven();
    return report;
}

/// All records, if there are few enough to keep them in memory.
std::vector<warranty> export_warranties(bulk::client const& client,
                                        bulk::custom_object const& object) {
    std::vector<warranty> all;
    for (warranty const& each : client.export_rows<warranty>(object))
        all.push_back(each);
    return all;
}

int main() {
    try {
        bulk::simulator eloqua;
        bulk::client const client{eloqua, bulk::basic_credentials{"Company", "user", "secret"}};
        bulk::custom_object const object(501);
        auto const created = import_warranties(
            client, object, {{"", "A-1", "ada@example.com"}, {"", "A-2", "alan@example.com"}});
        std::vector<warranty> stored = export_warranties(client, object);
        for (warranty& each : stored) {
            std::cout << each.external_id << ": " << each.serial << '\n';
            each.email = "service@example.com";
        }
        auto const updated = import_warranties(client, object, stored);
        std::cout << created << '\n' << updated << '\n';

        auto const now = eloqua.find("/customObjects/501", "Email_Address1", "service@example.com");
        return created.created == 2 && updated.updated == 2 && now.size() == 2 &&
                       eloqua.count("/customObjects/501") == 2
                   ? 0
                   : 1;
    } catch (std::exception const& e) {
        std::cerr << e.what() << '\n';
        return 1;
    }
}
