// SPDX-License-Identifier: BSL-1.0
// Writes the headers that the tests include, like eloqua-bulk generate-rows, from a simulated
// Eloqua. usage: write_rows FOLDER
#include <eloqua/bulk.hpp>
#include <eloqua/bulk/simulator.hpp>

#include <boost/describe/enumerators.hpp>
#include <boost/mp11/algorithm.hpp>

#include "../../examples/cli/field_lists.hpp"
#include "../../examples/cli/row_header.hpp"
#include "odd_objects.hpp"
#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <stdexcept>
#include <string>

namespace {

class writer {
public:
    explicit writer(std::filesystem::path folder) : folder_(std::move(folder)) {
        odd_objects::add_to(eloqua_);
    }
    void write(std::string const& file, std::string const& entity, std::string const& which = "",
               header_choice const& choice = {}) {
        std::ofstream out(folder_ / file, std::ios::binary);
        out << write_row_header(ask_for_fields(client_, entity, which), choice).text;
        if (!out.flush())
            throw std::runtime_error("cannot write " + file);
    }

private:
    std::filesystem::path folder_;
    bulk::simulator eloqua_;
    bulk::client client_{eloqua_, bulk::basic_credentials{"Company", "user", "secret"}};
};

void write_all(std::filesystem::path folder) {
    writer to(std::move(folder));
    to.write("contacts.hpp", "contacts");
    to.write("writable_contacts.hpp", "contacts", "",
             {.struct_name = "writable_contact", .writable = true});
    to.write("accounts.hpp", "accounts", "", {.name_space = "acme::rows"});
    to.write("writable_accounts.hpp", "accounts", "",
             {.name_space = "acme::writable_rows", .writable = true});
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<bulk::activity_type>>(
        [&](auto const& each) {
            to.write("activities_" + std::string(each.name) + ".hpp", "activities", each.name);
        });
    to.write("odd_names.hpp", "customObjects", std::to_string(odd_objects::odd));
    to.write("sixty.hpp", "customObjects", std::to_string(odd_objects::sixty),
             {.struct_name = "sixty"});
    to.write("widest.hpp", "customObjects", std::to_string(odd_objects::widest));
    to.write("opportunities.hpp", "opportunities");
    to.write("event.hpp", "events", "601");
}

} // namespace

int main(int argc, char** argv) {
    try {
        write_all(argc == 2 ? argv[1] : ".");
        return 0;
    } catch (std::exception const& e) {
        std::cerr << "write_rows: " << e.what() << '\n';
        return 1;
    }
}
