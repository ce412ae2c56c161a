// SPDX-License-Identifier: BSL-1.0
// Fields of custom objects whose ids are known only at run time: bound by id, or found by name.
#include <eloqua/bulk.hpp>
#include <eloqua/bulk/simulator.hpp>

#include <boost/describe.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bulk = eloqua::bulk;

namespace {

/// Fields with display names, by which they are found.
struct warranty {
    std::string serial;
    std::optional<std::string> colour;
    std::optional<int> months;
    std::optional<std::chrono::sys_seconds> bought;
    std::string external_id;
    using eloqua_fields = bulk::fields<bulk::runtime_field<&warranty::serial, "Serial Number">,
                                       bulk::runtime_field<&warranty::colour, "Größe & Farbe">,
                                       bulk::runtime_field<&warranty::months, "2nd_warranty1">,
                                       bulk::runtime_field<&warranty::bought, "class">,
                                       bulk::attribute<&warranty::external_id, "ExternalId">>;
};
BOOST_DESCRIBE_STRUCT(warranty, (), (serial, colour, months, bought, external_id))

/// Another row type for the same records.
struct identity {
    std::string external_id;
    using eloqua_fields = bulk::fields<bulk::attribute<&identity::external_id, "ExternalId">>;
};
BOOST_DESCRIBE_STRUCT(identity, (), (external_id))

using unbound = bulk::custom_object;
using bound = bulk::bound_entity<bulk::custom_object, warranty>;
static_assert(!bulk::exportable_row<warranty, unbound> && !bulk::importable_row<warranty, unbound>);
static_assert(bulk::exportable_row<warranty, bound> && bulk::importable_row<warranty, bound>);
static_assert(bulk::exportable_row<identity, bound>);

bulk::basic_credentials const me{"Company", "user", "secret"};

bulk::simulated_field field(std::int64_t id, std::string name, std::string internal,
                            bulk::data_type type = bulk::data_type::string) {
    bulk::simulated_field made(std::move(internal), type, id);
    made.name = std::move(name);
    return made;
}

/// An instance where the object has this id, and its fields have ids from `first` on.
bulk::simulator instance(std::int64_t object, std::int64_t first) {
    bulk::simulator eloqua;
    bulk::simulated_field serial = field(first, "Serial Number", "Serial_Number1");
    serial.unique = true;
    eloqua.add_custom_object(
        object, "Warranty",
        {serial, field(first + 1, "Größe & Farbe", "Gr__e___Farbe1"),
         field(first + 2, "2nd warranty (months)", "2nd_warranty1", bulk::data_type::number),
         field(first + 3, "class", "class1", bulk::data_type::date)});
    return eloqua;
}

std::vector<warranty> some() {
    using namespace std::chrono_literals;
    return {{"SN-1", "rot", 24, std::chrono::sys_days(2026y / 3 / 4), ""},
            {"SN-2", "blau, groß", 12, std::chrono::sys_days(2026y / 5 / 6), ""}};
}

template <class E>
void there_and_back(bulk::client const& client, E of) {
    auto const report =
        client.import_rows(of, bulk::identified_by<&warranty::serial>, some()).get().value();
    BOOST_TEST(report.created == 2);
    BOOST_TEST(report.rejects.empty());
    auto source = client.export_rows<warranty>(of, bulk::where<&warranty::colour> == "rot");
    std::vector<warranty> came;
    for (warranty const& each : source)
        came.push_back(each);
    BOOST_TEST_REQUIRE(came.size() == 1u);
    BOOST_TEST(came[0].serial == "SN-1");
    BOOST_TEST(came[0].months.value() == 24);
    BOOST_TEST((came[0].bought == some()[0].bought));
    BOOST_TEST(!came[0].external_id.empty());
    BOOST_TEST(client.export_rows<identity>(of).next().get().value().size() == 2u);
}

bool has(std::string_view text, std::string_view part) {
    return text.find(part) != text.npos;
}

} // namespace

BOOST_AUTO_TEST_SUITE(bound_fields)

BOOST_AUTO_TEST_CASE(one_row_type_serves_instances_with_other_ids) {
    for (std::int64_t const object : {23, 1'172}) {
        bulk::simulator eloqua = instance(object, object * 10);
        bulk::client const client(eloqua, me);
        auto const of = client.resolve<warranty>(bulk::custom_object(object)).get().value();
        BOOST_TEST(client.check<warranty>(of).get().value().ok());
        there_and_back(client, of);
        BOOST_TEST(eloqua.requests("GET /customObjects/{parentId}/fields") == 1u);
        auto const id =
            eloqua.find("/customObjects/" + std::to_string(object), "Serial_Number1", "SN-2");
        BOOST_TEST(eloqua.value("/customObjects/" + std::to_string(object), id.at(0),
                                "Gr__e___Farbe1") == "blau, groß");
    }
}

BOOST_AUTO_TEST_CASE(members_are_bound_by_id_statement_or_definition) {
    bulk::simulator eloqua = instance(23, 900);
    bulk::client const client(eloqua, me);
    auto const date = client.fields(bulk::custom_object(23)).read(903).get().value();
    auto const of = bulk::bind_fields<warranty>(
        bulk::custom_object(23), bulk::bound_to<&warranty::serial>(900),
        bulk::bound_to<&warranty::colour>("{{CustomObject[23].Field[901]}}"),
        bulk::bound_to<&warranty::months>("{{CustomObject[23].Field(2nd_warranty1)}}"),
        bulk::bound_to<&warranty::bought>(date));
    there_and_back(client, of);
    bulk::data_card_mapping const cards; // what works for the entity works for the bound one
    BOOST_TEST(client.import_rows(of, bulk::identified_by<&warranty::serial>, some(), {}, cards)
                   .get()
                   .value()
                   .updated == 2);
    // A binding to a field that does not exist is detected before the import.
    auto const wrong = bulk::bind_fields<warranty>(
        bulk::custom_object(23), bulk::bound_to<&warranty::serial>(900),
        bulk::bound_to<&warranty::colour>(901), bulk::bound_to<&warranty::months>(999),
        bulk::bound_to<&warranty::bought>(903));
    auto const refused =
        client.import_rows(wrong, bulk::identified_by<&warranty::serial>, some()).get();
    BOOST_TEST((refused.error().code == bulk::errc::fields_do_not_fit));
    BOOST_TEST(
        has(refused.error().message(),
            "'months' ({{CustomObject[23].Field[999]}}): CustomObject[23] has no such field"));
}

BOOST_AUTO_TEST_CASE(invalid_bindings_are_reported_at_once) {
    auto message = [](auto const& serial) -> std::string {
        try {
            (void)bulk::bind_fields<warranty>(
                bulk::custom_object(23), serial, bulk::bound_to<&warranty::colour>(901),
                bulk::bound_to<&warranty::months>(902), bulk::bound_to<&warranty::bought>(903));
        } catch (bulk::error const& e) {
            BOOST_TEST((e.code() == bulk::errc::invalid_argument));
            return e.what();
        }
        return "none";
    };
    using serial = bulk::bound_to<&warranty::serial>;
    BOOST_TEST(message(serial(900)) == "none");
    BOOST_TEST(has(message(serial(901)), "'serial' and 'colour' both have the statement"));
    BOOST_TEST(has(message(serial("{{CustomObject[23].ExternalId}}")),
                   "'serial' and 'external_id' both have the statement"));
    BOOST_TEST(message(serial("{{CustomObject[23].Id}}")) == "none");
    BOOST_TEST(has(message(serial(0)), "a field's id is positive"));
    for (char const* const statement :
         {"{{CustomObject[24].Field[900]}}", "{{CustomObject[23].Contact.Id}}", "Serial_Number1",
          "{{CustomObject[23].Field[900]}}' = 'x", "{{CustomObject[23].Field()}}", "{{}}",
          "{{CustomObject[23].Field(a}}{{b)}}", "{{CustomObject[23].Field"})
        BOOST_TEST(has(message(serial(statement)), "is not a field of CustomObject[23]"),
                   statement);
}

BOOST_AUTO_TEST_CASE(names_are_found_or_similar_ones_are_listed) {
    bulk::simulator other;
    other.add_custom_object(23, "Warranty",
                            {field(7, "Serial No.", "Serial_No1"), field(8, "Größe", "Gr__e1"),
                             field(9, "2nd warranty", "2nd_warranty2"),
                             field(10, "class", "class1"), field(11, "class", "class2")});
    auto const refused =
        bulk::client(other, me).resolve<warranty>(bulk::custom_object(23)).get().error();
    BOOST_TEST((refused.code == bulk::errc::fields_do_not_fit));
    for (std::string_view const part :
         {"'serial' (Serial Number): CustomObject[23] has no such field; is it Serial_No1 (Serial "
          "No.)?",
          "'colour' (Größe & Farbe): CustomObject[23] has no such field; is it Gr__e1 (Größe)?",
          "'months' (2nd_warranty1): CustomObject[23] has no such field; is it 2nd_warranty2 (2nd "
          "warranty)?",
          "'bought' (class): 2 fields have this display name: use an internal name; is it class1 "
          "or class2?"})
        BOOST_TEST(has(refused.message(), part), part << " is not in " << refused.message());
    BOOST_TEST(bulk::client(other, me)
                   .resolve<warranty>(bulk::custom_object(24))
                   .get()
                   .error()
                   .info.status == 404);
    BOOST_TEST(
        (bulk::client(other, me).resolve<warranty>(bulk::custom_object(0)).get().error().code ==
         bulk::errc::invalid_argument));
}

BOOST_AUTO_TEST_SUITE_END()
