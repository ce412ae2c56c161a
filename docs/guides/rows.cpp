// SPDX-License-Identifier: BSL-1.0
// The rows of docs/guides/rows.md, exported from and imported into a simulated Eloqua.
#include <eloqua/bulk.hpp>
#include <eloqua/bulk/simulator.hpp>

#include <boost/describe.hpp>

#include "checks.hpp"
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bulk = eloqua::bulk;

struct person {
    std::string email;
    std::optional<std::string> country;
    std::chrono::sys_time<std::chrono::milliseconds> updated;

    using eloqua_fields = bulk::fields<bulk::field<&person::email, "C_EmailAddress">,
                                       bulk::field<&person::country, "C_Country">,
                                       bulk::attribute<&person::updated, "UpdatedAt">>;
};
BOOST_DESCRIBE_STRUCT(person, (), (email, country, updated))

struct city_of_person {
    std::string C_EmailAddress;
    std::string C_City;
};
BOOST_DESCRIBE_STRUCT(city_of_person, (), (C_EmailAddress, C_City))

enum class title { engineer, buyer, owner };
BOOST_DESCRIBE_ENUM(title, engineer, buyer, owner)

struct email_address {
    std::string text;
    using eloqua_value = bulk::wrapping<&email_address::text>; // a strong typedef
};

struct lead {
    email_address email;
    std::optional<title> position; // written by name
    std::optional<double> weight;
    std::optional<std::chrono::sys_seconds> last_visit;

    using eloqua_fields = bulk::fields<bulk::field<&lead::email, "C_EmailAddress">,
                                       bulk::field<&lead::position, "C_Title">,
                                       bulk::field<&lead::weight, "C_Lead_Weight1">,
                                       bulk::field<&lead::last_visit, "C_Last_Visit">>;
};
BOOST_DESCRIBE_STRUCT(lead, (), (email, position, weight, last_visit))

struct country_code {
    char letters[2] = {};
};
template <>
struct eloqua::bulk::value_traits<country_code> {
    static bool parse(std::string_view text, country_code& into) {
        if (text.size() != 2)
            return false; // an error that names the row and the member
        text.copy(into.letters, 2);
        return true;
    }
    static bool write(country_code const& code, std::string& out) {
        out.append(code.letters, 2);
        return code.letters[0] != '\0'; // false: it has no text
    }
};

struct visitor {
    std::string email;
    country_code country;
    int weight = 0;

    using eloqua_fields = bulk::fields<bulk::field<&visitor::email, "C_EmailAddress">,
                                       bulk::field<&visitor::country, "C_Country">,
                                       bulk::field<&visitor::weight, "C_Lead_Weight1">>;
    using eloqua_blanks = bulk::blanks<bulk::default_if_blank<&visitor::weight, -1>>;
};
BOOST_DESCRIBE_STRUCT(visitor, (), (email, country, weight))

struct address {
    std::string city, country;
    using eloqua_fields = bulk::fields<bulk::field<&address::city, "C_City">,
                                       bulk::field<&address::country, "C_Country">>;
};
BOOST_DESCRIBE_STRUCT(address, (), (city, country))

struct addressed_person : address {
    std::string email;
    using eloqua_fields = bulk::fields<bulk::field<&addressed_person::email, "C_EmailAddress">>;
};
BOOST_DESCRIBE_STRUCT(addressed_person, (address), (email))

struct company_name {
    std::string name, country;
};
BOOST_DESCRIBE_STRUCT(company_name, (), (name, country))

template <>
struct eloqua::bulk::mapping<company_name, bulk::contacts_t> {
    using type = bulk::fields<bulk::field<&company_name::name, "C_Company">,
                              bulk::field<&company_name::country, "C_Country">>;
};
template <>
struct eloqua::bulk::mapping<company_name, bulk::accounts_t> {
    using type = bulk::fields<bulk::field<&company_name::name, "M_CompanyName">,
                              bulk::field<&company_name::country, "M_Country">>;
};

struct employee {
    std::string email, company;
    using eloqua_fields = bulk::fields<
        bulk::field<&employee::email, "C_EmailAddress">,
        bulk::statement<&employee::company, "{{Contact.Account.Field(M_CompanyName)}}">>;
};
BOOST_DESCRIBE_STRUCT(employee, (), (email, company))

struct glance {
    std::string_view email, country; // valid only during the call
    using eloqua_fields = bulk::fields<bulk::field<&glance::email, "C_EmailAddress">,
                                       bulk::field<&glance::country, "C_Country">>;
};
BOOST_DESCRIBE_STRUCT(glance, (), (email, country))

std::int64_t count_belgians(bulk::client const& client) {
    std::int64_t found = 0;
    auto source = client.export_rows<glance>(bulk::contacts);
    source.for_each([&](glance const& each) { found += each.country == "BE"; }).value();
    return found;
}

namespace {

template <class Row>
std::vector<Row> all(bulk::client const& client) {
    std::vector<Row> rows;
    auto source = client.export_rows<Row>(bulk::contacts);
    for (Row const& each : source)
        rows.push_back(each);
    return rows;
}

} // namespace

int main() {
    bulk::simulator eloqua;
    bulk::client const client(eloqua, bulk::basic_credentials("Company", "user", "secret"));

    std::vector<lead> const leads{{{"ada@example.com"}, title::owner, 1.5, std::nullopt}};
    auto report =
        client.import_rows(bulk::contacts, bulk::identified_by<&lead::email>, leads).value();
    expect(report.created == 1 && report.proof == bulk::import_proof::proven);
    std::vector<lead> const came = all<lead>(client);
    expect(came.size() == 1 && came[0].position == title::owner && came[0].weight == 1.5);
    expect(!came[0].last_visit);

    // A value that would lose a part, and a blank in a member that cannot be blank.
    auto refused = client.export_rows<visitor>(bulk::contacts);
    auto const why = refused.next().get();
    expect(!why && why.error().code == bulk::errc::invalid_value);
    expect(why.error().message().find("country") != std::string::npos);

    std::vector<addressed_person> people(1);
    people[0].email = "ada@example.com";
    people[0].country = "BE";
    client.import_rows(bulk::contacts, bulk::identified_by<&addressed_person::email>, people)
        .value();
    refused = client.export_rows<visitor>(bulk::contacts);
    auto const whole = refused.next().get(); // 1.5 is not an int
    expect(!whole && whole.error().code == bulk::errc::invalid_value);
    expect(whole.error().message().find("weight") != std::string::npos);

    eloqua.add_record(
        "/contacts",
        {{"C_EmailAddress", "bob@example.com"}, {"C_Country", "NL"}, {"C_Company", "Acme"}});
    auto dutch = client.export_rows<visitor>(bulk::contacts,
                                             bulk::where<&visitor::email> == "bob@example.com");
    for (visitor const& each : dutch)
        expect(each.weight == -1 && each.country.letters[0] == 'N');
    expect(dutch.receipt().rows == 1);

    expect(all<person>(client).size() == 2 && all<city_of_person>(client).size() == 2);
    expect(all<addressed_person>(client)[0].country == "BE");
    expect(all<company_name>(client)[1].name == "Acme");
    expect(count_belgians(client) == 1);
    eloqua.add_record("/accounts", {{"M_CompanyName", "Acme"}});
    expect(all<employee>(client).size() == 2);
    auto accounts = client.export_rows<company_name>(bulk::accounts);
    for (company_name const& each : accounts)
        expect(each.name == "Acme");
    expect(accounts.receipt().rows == 1);
}
