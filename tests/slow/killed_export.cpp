// SPDX-License-Identifier: BSL-1.0
// The program that tests/slow/kill_exports runs: a simulated Eloqua, or an export from it to a
// file.
#include <eloqua/bulk/beast_transport.hpp>
#include <eloqua/bulk/export_to_file.hpp>
#include <eloqua/bulk/simulator.hpp>
#include <eloqua/bulk/simulator/listener.hpp>

#include <boost/describe.hpp>

#include <chrono>
#include <cstdint>
#include <exception>
#include <iostream>
#include <optional>
#include <string>
#include <string_view>

namespace bulk = eloqua::bulk;

struct contact {
    std::string email;
    std::optional<std::string> street; ///< some have two lines
    std::string city;
    std::int64_t id = 0;
    using eloqua_fields =
        bulk::fields<bulk::field<&contact::email, "C_EmailAddress">,
                     bulk::field<&contact::street, "C_Address1">,
                     bulk::field<&contact::city, "C_City">, bulk::attribute<&contact::id, "Id">>;
};
BOOST_DESCRIBE_STRUCT(contact, (), (email, street, city, id))

namespace {

/// Waits until standard input ends.
void serve(std::int64_t contacts) {
    bulk::simulator_options simulated;
    simulated.simulated_clock = false;
    simulated.sync_pending = std::chrono::milliseconds(10);
    simulated.sync_active = std::chrono::milliseconds(20);
    bulk::simulator eloqua(simulated);
    eloqua.generate_contacts(contacts);
    bulk::listener_options listening;
    listening.delay = [](bulk::request const& q) {
        return std::chrono::milliseconds(q.target.find("/data?") != q.target.npos ? 10 : 0);
    };
    bulk::listener const service([&](bulk::request const& q) { return eloqua.handle(q); },
                                 listening);
    std::cout << service.where().text() << "/id" << std::endl;
    while (std::cin.get() != std::char_traits<char>::eof()) {
    }
}

void run_export(std::string login_url, std::string const& path, std::string_view format) {
    bulk::client_options options;
    options.login_url = std::move(login_url);
    options.polling.first_delay = std::chrono::milliseconds(10);
    bulk::client const client(bulk::beast_transport(),
                              bulk::basic_credentials("Company", "user", "secret"), options);
    bulk::export_file_options how;
    how.format = format == "csv" ? bulk::file_format::csv : bulk::file_format::ndjson;
    how.page_rows = 250;
    how.checkpoint_rows = 1'000;
    how.leave_complete = true;
    std::cout << bulk::export_to_file<contact>(client, bulk::contacts, path, bulk::all_rows, how)
                     .get()
                     .value()
              << '\n';
}

} // namespace

int main(int argc, char** argv) try {
    std::string_view const what = argc > 1 ? argv[1] : "";
    if (what == "serve" && argc == 3)
        serve(std::stoll(argv[2]));
    else if (what == "export" && argc == 5)
        run_export(argv[2], argv[3], argv[4]);
    else
        return 2;
    return 0;
} catch (std::exception const& e) {
    std::cerr << e.what() << '\n';
    return 1;
}
