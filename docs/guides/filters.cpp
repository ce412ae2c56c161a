// SPDX-License-Identifier: BSL-1.0
// The filters of docs/guides/filters.md, as text and in exports from a simulated Eloqua.
#include <eloqua/bulk.hpp>
#include <eloqua/bulk/simulator.hpp>

#include <boost/describe.hpp>

#include "checks.hpp"
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace bulk = eloqua::bulk;

struct person {
    std::string email;
    std::optional<std::string> country;
    std::optional<int> weight;
    std::chrono::sys_seconds created;

    using eloqua_fields = bulk::fields<bulk::field<&person::email, "C_EmailAddress">,
                                       bulk::field<&person::country, "C_Country">,
                                       bulk::field<&person::weight, "C_Lead_Weight1">,
                                       bulk::attribute<&person::created, "CreatedAt">>;
};
BOOST_DESCRIBE_STRUCT(person, (), (email, country, weight, created))

namespace {

template <class Filter>
std::int64_t matches(bulk::client const& client, Filter condition) {
    auto source = client.export_rows<person>(bulk::contacts, std::move(condition));
    return source.for_each([](person const&) {}).value();
}

} // namespace

int main() {
    bulk::simulator eloqua;
    bulk::client const client(eloqua, bulk::basic_credentials("Company", "user", "secret"));
    auto const ada = eloqua.add_record(
        "/contacts",
        {{"C_EmailAddress", "ada@example.com"}, {"C_Country", "BE"}, {"C_City", "Gent"}});
    eloqua.add_record("/contacts",
                      {{"C_EmailAddress", "bob@example.com"}, {"C_Lead_Weight1", "7"}});
    eloqua.add_contact_list(12, "Newsletter", {ada});
    eloqua.add_contact_segment(9, "Customers", {ada});

    auto const belgians = bulk::where<&person::country> == "BE";
    auto const heavy = bulk::where<&person::weight> >= 5;
    auto const either = belgians || heavy;
    auto const neither = !either;
    expect(matches(client, belgians) == 1 && matches(client, heavy) == 1);
    expect(matches(client, either) == 2 && matches(client, neither) == 0);

    auto const in_gent = bulk::where_field<"C_City", std::string>.starts_with("Gent");
    auto const on_list =
        bulk::exists(bulk::contact_list(12)) && bulk::where<&person::country> == "BE";
    expect(matches(client, in_gent) == 1 && matches(client, on_list) == 1);

    using namespace std::chrono;
    auto const some = bulk::where<&person::country>.in({"BE", "NL"});
    auto const june =
        bulk::where<&person::created>.between(sys_days(2025y / 6 / 1), sys_days(2025y / 7 / 1));
    auto const without_country = bulk::where<&person::country>.is_blank();
    auto const of_example = bulk::where<&person::email>.ends_with("@example.com");
    expect(matches(client, some) == 1 && matches(client, june) == 2);
    expect(matches(client, without_country) == 1 && matches(client, of_example) == 2);

    auto source = client.export_rows<person>(bulk::contacts, belgians && of_example);
    for (person const& each : source)
        expect(each.country == "BE");
    expect(source.receipt().rows == 1);

    auto const recent_customers = bulk::exists(bulk::contact_segment(9)) &&
                                  bulk::where<&person::created> >= sys_days(2025y / 6 / 1);
    expect(matches(client, recent_customers) == 1);

    std::string const text = bulk::render_filter(belgians && heavy, bulk::contacts).value();
    expect(text ==
           "'{{Contact.Field(C_Country)}}' = 'BE' AND '{{Contact.Field(C_Lead_Weight1)}}' >= '5'");

    auto const quoted =
        client.export_rows<person>(bulk::contacts, bulk::where<&person::country> == "Cote d'Ivoire")
            .next()
            .get();
    expect(quoted.error().code == bulk::errc::invalid_filter);
    expect(matches(client, bulk::unchecked_filter("'{{Contact.Field(C_City)}}' = 'Gent'")) == 1);
    expect(matches(client, bulk::all_rows) == 2);
}
