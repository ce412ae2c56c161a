// SPDX-License-Identifier: BSL-1.0
// Rows with as many columns as the service allows, composed of described bases; one struct for
// several entities and for both directions.
#include <eloqua/bulk.hpp>
#include <eloqua/bulk/simulator.hpp>

#include <boost/describe/class.hpp>
#include <boost/preprocessor/cat.hpp>
#include <boost/preprocessor/repetition/enum.hpp>
#include <boost/preprocessor/repetition/enum_params.hpp>
#include <boost/preprocessor/repetition/repeat.hpp>
#include <boost/preprocessor/tuple/elem.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace bulk = eloqua::bulk;

namespace {

// Each part has its own map, of fields "A0" to "A47" for members "a0" to "a47".
#define MEMBER(z, n, name) std::string BOOST_PP_CAT(name, n);
#define ENTRY(z, n, part)                                                                          \
    bulk::field<&BOOST_PP_TUPLE_ELEM(0, part)::BOOST_PP_CAT(BOOST_PP_TUPLE_ELEM(1, part), n),      \
                BOOST_PP_TUPLE_ELEM(2, part) #n>
#define PART(type, name, prefix)                                                                   \
    struct type {                                                                                  \
        BOOST_PP_REPEAT(48, MEMBER, name)                                                          \
        using eloqua_fields = bulk::fields<BOOST_PP_ENUM(48, ENTRY, (type, name, prefix))>;        \
    };                                                                                             \
    BOOST_DESCRIBE_STRUCT(type, (), (BOOST_PP_ENUM_PARAMS(48, name)))
PART(part_a, a, "A")
PART(part_b, b, "B")
PART(part_c, c, "C")
PART(part_d, d, "D")
PART(part_e, e, "E")

/// The imported columns: 98 fields, and one that only exports have.
struct half : part_a, part_b {
    std::string email;
    std::optional<double> revenue;
    std::int64_t id = 0;
    using eloqua_fields = bulk::fields<bulk::field<&half::email, "C_EmailAddress">,
                                       bulk::field<&half::revenue, "C_Annual_Revenue1">,
                                       bulk::attribute<&half::id, "Id">>;
};
BOOST_DESCRIBE_STRUCT(half, (part_a, part_b), (email, revenue, id))

/// 250 columns. The base's id is overridden.
struct whole : half, part_c, part_d, part_e {
    std::string first_name;
    std::optional<std::string> company;
    std::optional<std::string> rating;
    std::optional<int> profile_score;
    std::optional<int> engagement_score;
    std::optional<std::chrono::sys_seconds> created;
    std::optional<std::chrono::sys_seconds> updated;
    using eloqua_fields = bulk::fields<
        bulk::field<&whole::first_name, "C_FirstName">,
        bulk::statement<&whole::company, "{{Contact.Account.Field(M_CompanyName)}}">,
        bulk::attribute<&whole::rating, "LeadScore.Model[1].Rating">,
        bulk::attribute<&whole::profile_score, "LeadScore.Model[1].ProfileScore">,
        bulk::attribute<&whole::engagement_score, "LeadScore.Model[1].EngagementScore">,
        bulk::attribute<&whole::created, "CreatedAt">,
        bulk::attribute<&whole::updated, "UpdatedAt">>;
};
BOOST_DESCRIBE_STRUCT(whole, (half, part_c, part_d, part_e),
                      (first_name, company, rating, profile_score, engagement_score, created,
                       updated))

static_assert(bulk::detail::columns_of<whole, bulk::contacts_t>.size() == 250);

struct wide_service {
    wide_service() {
        for (char const part : {'A', 'B', 'C', 'D', 'E'})
            for (int n = 0; n != 48; ++n)
                eloqua.add_field("/contacts", bulk::simulated_field(part + std::to_string(n)));
    }
    bulk::simulator eloqua;
    bulk::client client{eloqua, bulk::basic_credentials("Company", "user", "secret")};
};

} // namespace

BOOST_AUTO_TEST_SUITE(wide_rows)

BOOST_FIXTURE_TEST_CASE(exports_250_columns_and_imports_98, wide_service) {
    std::vector<half> rows(3);
    for (std::size_t i = 0; i != rows.size(); ++i) {
        rows[i].email = std::string(1, static_cast<char>('x' + i)) + "@example.com";
        rows[i].a0 = "first " + std::to_string(i);
        rows[i].b47 = "last " + std::to_string(i);
        rows[i].revenue = 1.5 * static_cast<double>(i);
    }
    auto const report =
        client.import_rows(bulk::contacts, bulk::identified_by<&half::email>, rows).get().value();
    BOOST_TEST(report.created == 3);
    BOOST_TEST(report.rejected == 0);

    std::vector<whole> const came =
        client.export_rows<whole>(bulk::contacts, bulk::where<&half::revenue> > 1.)
            .next()
            .get()
            .value();
    BOOST_TEST_REQUIRE(came.size() == 2u);
    BOOST_TEST(came[0].email == "y@example.com");
    BOOST_TEST(came[0].a0 == "first 1");
    BOOST_TEST(came[1].b47 == "last 2");
    BOOST_TEST(came[1].revenue.value() == 3.);
    BOOST_TEST(came[1].id == 1003);
    BOOST_TEST(came[1].e47 == "");
    BOOST_TEST(!came[1].rating.has_value());
    BOOST_TEST(came[1].created.has_value());
}

BOOST_FIXTURE_TEST_CASE(wide_rows_hold_scores_and_account_values, wide_service) {
    eloqua.add_record("/accounts", {{"M_CompanyName", "Acme"}});
    eloqua.add_record("/contacts", {{"C_EmailAddress", "a@example.com"},
                                    {"C_Company", "Acme"},
                                    {"LeadScore.Model[1].Rating", "B2"},
                                    {"LeadScore.Model[1].ProfileScore", "3"}});
    std::vector<whole> const came = client.export_rows<whole>(bulk::contacts).next().get().value();
    BOOST_TEST_REQUIRE(came.size() == 1u);
    BOOST_TEST(came[0].company.value() == "Acme");
    BOOST_TEST(came[0].rating.value() == "B2");
    BOOST_TEST(came[0].profile_score.value() == 3);
    BOOST_TEST(!came[0].engagement_score.has_value());
}

BOOST_AUTO_TEST_SUITE_END()

namespace {

/// One struct for contacts, accounts and a custom object.
struct place {
    std::string key;
    std::optional<std::string> city;
    std::optional<std::string> changed;
};
BOOST_DESCRIBE_STRUCT(place, (), (key, city, changed))

/// A struct derived from it.
struct named_place : place {
    std::optional<std::string> name;
};
BOOST_DESCRIBE_STRUCT(named_place, (place), (name))

} // namespace

template <>
struct eloqua::bulk::mapping<place, bulk::contacts_t> {
    using type = fields<field<&place::key, "C_EmailAddress">, field<&place::city, "C_City">,
                        attribute<&place::changed, "UpdatedAt">>;
};
template <>
struct eloqua::bulk::mapping<place, bulk::accounts_t> {
    using type = fields<field<&place::key, "M_CompanyName">, field<&place::city, "M_City">,
                        attribute<&place::changed, "UpdatedAt">>;
};
template <>
struct eloqua::bulk::mapping<place, bulk::custom_object> {
    using type = fields<field<&place::key, "Serial1">,
                        statement<&place::city, "{{CustomObject[172].Field[977]}}">,
                        attribute<&place::changed, "UpdatedAt">>;
};
template <>
struct eloqua::bulk::mapping<named_place, bulk::contacts_t> {
    using type = fields<field<&named_place::name, "C_FirstName">>;
};
template <>
struct eloqua::bulk::mapping<named_place, bulk::accounts_t> {
    using type = fields<field<&named_place::name, "M_Country">>;
};

BOOST_AUTO_TEST_SUITE(rows_of_several_entities)

BOOST_AUTO_TEST_CASE(rows_are_mapped_for_each_entity) {
    bulk::simulator eloqua;
    eloqua.add_custom_object(172, "Warranty",
                             {bulk::simulated_field("Serial1", bulk::data_type::string, 976),
                              bulk::simulated_field("City1", bulk::data_type::string, 977)});
    bulk::client client(eloqua, bulk::basic_credentials("Company", "user", "secret"));
    auto const passes = [&](auto entity) {
        std::vector<place> const rows{{"one@example.com", "Ghent", {}},
                                      {"two@example.com", {}, {}}};
        auto const report =
            client.import_rows(entity, bulk::identified_by<&place::key>, rows).get().value();
        BOOST_TEST(report.created == 2);
        auto const came = client.export_rows<place>(entity, bulk::where<&place::city> == "Ghent")
                              .next()
                              .get()
                              .value();
        BOOST_TEST_REQUIRE(came.size() == 1u);
        BOOST_TEST(came[0].key == "one@example.com");
        BOOST_TEST(came[0].changed.has_value());
    };
    passes(bulk::contacts);
    passes(bulk::accounts);
    passes(bulk::custom_object(172));
}

BOOST_AUTO_TEST_CASE(rows_keep_the_maps_of_their_bases) {
    bulk::simulator eloqua;
    eloqua.add_record("/contacts",
                      {{"C_EmailAddress", "a@x.io"}, {"C_City", "Ghent"}, {"C_FirstName", "Ana"}});
    eloqua.add_record("/accounts",
                      {{"M_CompanyName", "Acme"}, {"M_City", "Bern"}, {"M_Country", "CH"}});
    bulk::client client(eloqua, bulk::basic_credentials("Company", "user", "secret"));
    auto const of_contacts = client.export_rows<named_place>(bulk::contacts).next().get().value();
    BOOST_TEST_REQUIRE(of_contacts.size() == 1u);
    BOOST_TEST(of_contacts[0].key == "a@x.io");
    BOOST_TEST(of_contacts[0].city.value() == "Ghent");
    BOOST_TEST(of_contacts[0].name.value() == "Ana");
    auto const of_accounts = client.export_rows<named_place>(bulk::accounts).next().get().value();
    BOOST_TEST_REQUIRE(of_accounts.size() == 1u);
    BOOST_TEST(of_accounts[0].key == "Acme");
    BOOST_TEST(of_accounts[0].name.value() == "CH");
}

BOOST_AUTO_TEST_SUITE_END()
