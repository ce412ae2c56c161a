// SPDX-License-Identifier: BSL-1.0
// What messages say of rows, of docs/guides/personal_data.md, with a simulated Eloqua.
#include <eloqua/bulk.hpp>
#include <eloqua/bulk/simulator.hpp>

#include <boost/describe.hpp>

#include "checks.hpp"
#include <string>
#include <string_view>
#include <vector>

namespace bulk = eloqua::bulk;

struct lead {
    std::string email;
    int weight = 0;
    using eloqua_fields = bulk::fields<bulk::field<&lead::email, "C_EmailAddress">,
                                       bulk::field<&lead::weight, "C_Lead_Weight1">>;
};
BOOST_DESCRIBE_STRUCT(lead, (), (email, weight))

namespace {

bulk::basic_credentials const me("Company", "user", "secret");

bool has(std::string const& text, std::string_view part) {
    return text.find(part) != text.npos;
}

} // namespace

int main() {
    bulk::simulator eloqua;
    eloqua.add_record("/contacts",
                      {{"C_EmailAddress", "ada@example.com"}, {"C_Lead_Weight1", "1.5"}});

    bulk::client const open(eloqua, me);
    auto const shown = open.export_rows<lead>(bulk::contacts).next().get().error().message();
    expect(has(shown, "1.5") && has(shown, "weight"));

    bulk::client_options options;
    options.row_values = bulk::row_values::hidden;
    bulk::client const discreet(eloqua, me, options);
    auto const hidden = discreet.export_rows<lead>(bulk::contacts).next().get().error().message();
    expect(!has(hidden, "1.5") && has(hidden, "weight") &&
           has(hidden, "a value that is not shown"));

    std::vector<lead> const rows{{"not an address", 1}};
    auto const report =
        discreet.import_rows(bulk::contacts, bulk::identified_by<&lead::email>, rows).value();
    std::string const with_rows = bulk::to_json(report, bulk::row_values::shown);
    std::string const without_rows = bulk::to_json(report, bulk::row_values::hidden);
    expect(has(with_rows, "not an address") && !has(without_rows, "not an address"));
    expect(has(without_rows, "ELQ-00002"));

    bulk::client const refused(eloqua,
                               bulk::basic_credentials("Company", "user", "a wrong password"));
    expect(!has(refused.base_url().get().error().message(), "a wrong password"));
}
