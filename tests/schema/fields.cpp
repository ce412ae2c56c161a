// SPDX-License-Identifier: BSL-1.0
// Field maps, and the rows that are refused.
#include <eloqua/bulk/bound_entity.hpp>
#include <eloqua/bulk/row.hpp>

#include <boost/preprocessor/cat.hpp>
#include <boost/preprocessor/repetition/enum_params.hpp>
#include <boost/preprocessor/repetition/repeat.hpp>
#include <boost/test/unit_test.hpp>

#include "people.hpp"
#include <cstddef>
#include <string>
#include <vector>

namespace foreign {

/// A type that cannot be changed, with a map for each of two entities.
struct holder {
    std::string key;
    std::string name;
};
BOOST_DESCRIBE_STRUCT(holder, (), (key, name))

} // namespace foreign

template <>
struct eloqua::bulk::mapping<foreign::holder, eloqua::bulk::accounts_t> {
    using type = fields<field<&foreign::holder::name, "M_CompanyName">,
                        attribute<&foreign::holder::key, "Id">>;
};
template <>
struct eloqua::bulk::mapping<foreign::holder, eloqua::bulk::custom_object> {
    using type = fields<statement<&foreign::holder::key, "{{CustomObject[23].Field[976]}}">,
                        statement<&foreign::holder::name, "{{CustomObject[23].Contact.Id}}">>;
};

namespace {

using namespace schema_tests;

template <class Row, bulk::entity E>
std::vector<std::string> statements(E const& of) {
    std::vector<std::string> all;
    for (bulk::detail::column_info const& each : bulk::detail::columns_of<Row, E>)
        all.push_back(std::string(each.key) + (each.importable ? " <> " : " <- ") +
                      bulk::render_statement(of.statement_root(), each.statement));
    return all;
}

using strings = std::vector<std::string>;

// Valid rows.
static_assert(bulk::row_of<person, bulk::contacts_t>);
static_assert(bulk::exportable_row<person, bulk::contacts_t>);
static_assert(bulk::importable_row<person, bulk::contacts_t>);
static_assert(bulk::exportable_row<employee, bulk::contacts_t>);
static_assert(bulk::identifier_of<&person::email, person, bulk::contacts_t>);
static_assert(bulk::identifier_of<&employee::email, employee, bulk::contacts_t>);
static_assert(bulk::identifier_of<&person::email, employee, bulk::contacts_t>);

// A row that is not described.
static_assert(!bulk::described<undescribed> && !bulk::described<int>);
static_assert(!bulk::row_of<undescribed, bulk::contacts_t>);
static_assert(!bulk::exportable_row<undescribed, bulk::contacts_t>);

// A row without members.
struct empty {};
BOOST_DESCRIBE_STRUCT(empty, (), ())
static_assert(!bulk::exportable_row<empty, bulk::contacts_t>);
static_assert(!bulk::importable_row<empty, bulk::contacts_t>);

// Members whose type has no text.
struct with_list {
    std::string email;
    std::vector<int> tags;
};
BOOST_DESCRIBE_STRUCT(with_list, (), (email, tags))
static_assert(!bulk::row_of<with_list, bulk::contacts_t>);
struct with_pointer {
    char const* email;
};
BOOST_DESCRIBE_STRUCT(with_pointer, (), (email))
static_assert(!bulk::row_of<with_pointer, bulk::contacts_t>);

// Map entries of members that the row does not have, or does not describe.
struct of_another_class {
    std::string email;
    using eloqua_fields = bulk::fields<bulk::field<&stranger::email, "C_EmailAddress">>;
};
BOOST_DESCRIBE_STRUCT(of_another_class, (), (email))
static_assert(!bulk::row_of<of_another_class, bulk::contacts_t>);
struct not_listed {
    std::string email;
    std::string secret;
    using eloqua_fields = bulk::fields<bulk::field<&not_listed::secret, "C_Secret">>;
};
BOOST_DESCRIBE_STRUCT(not_listed, (), (email))
static_assert(!bulk::row_of<not_listed, bulk::contacts_t>);

// One statement for two members, in each spelling.
struct twice {
    std::string a;
    std::string b;
    using eloqua_fields =
        bulk::fields<bulk::field<&twice::a, "C_Same">, bulk::field<&twice::b, "C_Same">>;
};
BOOST_DESCRIBE_STRUCT(twice, (), (a, b))
static_assert(!bulk::row_of<twice, bulk::contacts_t>);
struct twice_by_name {
    std::string C_Same;
    std::string b;
    using eloqua_fields = bulk::fields<bulk::field<&twice_by_name::b, "C_Same">>;
};
BOOST_DESCRIBE_STRUCT(twice_by_name, (), (C_Same, b))
static_assert(!bulk::row_of<twice_by_name, bulk::contacts_t>);
struct twice_in_full {
    std::string a;
    std::string b;
    using eloqua_fields =
        bulk::fields<bulk::field<&twice_in_full::a, "C_Same">,
                     bulk::statement<&twice_in_full::b, "{{Contact.Field(C_Same)}}">>;
};
BOOST_DESCRIBE_STRUCT(twice_in_full, (), (a, b))
static_assert(!bulk::row_of<twice_in_full, bulk::contacts_t>);
struct attribute_in_full {
    std::string a;
    std::string b;
    using eloqua_fields = bulk::fields<bulk::statement<&attribute_in_full::a, "{{Contact.Id}}">,
                                       bulk::attribute<&attribute_in_full::b, "Id">>;
};
BOOST_DESCRIBE_STRUCT(attribute_in_full, (), (a, b))
static_assert(!bulk::row_of<attribute_in_full, bulk::contacts_t>);
// A field and an attribute with the same name, and a field of a related entity, are different
// statements.
struct alike {
    std::string a;
    std::string b;
    std::string c;
    using eloqua_fields =
        bulk::fields<bulk::field<&alike::a, "Id">, bulk::attribute<&alike::b, "Id">,
                     bulk::statement<&alike::c, "{{Contact.Account.Field(Id)}}">>;
};
BOOST_DESCRIBE_STRUCT(alike, (), (a, b, c))
static_assert(bulk::row_of<alike, bulk::contacts_t>);

struct of_account {
    std::string a;
    using eloqua_fields =
        bulk::fields<bulk::statement<&of_account::a, "{{Account.Field(M_City)}}">>;
};
BOOST_DESCRIBE_STRUCT(of_account, (), (a))
static_assert(!bulk::row_of<of_account, bulk::contacts_t>, "a statement of accounts");
static_assert(bulk::row_of<of_account, bulk::accounts_t>);
static_assert(bulk::row_of<of_account, imported_only_t>, "which does not tell its root");

// Maps of bases.
struct home {
    std::string city;
    std::string street;
    using eloqua_fields =
        bulk::fields<bulk::field<&home::city, "C_City">, bulk::field<&home::street, "C_Address1">>;
};
BOOST_DESCRIBE_STRUCT(home, (), (city, street))
struct work {
    std::string company;
    using eloqua_fields = bulk::fields<bulk::field<&work::company, "C_Company">>;
};
BOOST_DESCRIBE_STRUCT(work, (), (company))
struct unmapped : home, work {
    std::string C_Zip;
};
BOOST_DESCRIBE_STRUCT(unmapped, (home, work), (C_Zip))
struct overriding : unmapped {
    using eloqua_fields = bulk::fields<bulk::field<&overriding::city, "C_Town">>;
};
BOOST_DESCRIBE_STRUCT(overriding, (unmapped), ())
struct clashing : unmapped {
    using eloqua_fields = bulk::fields<bulk::field<&clashing::C_Zip, "C_City">>;
};
BOOST_DESCRIBE_STRUCT(clashing, (unmapped), ())
static_assert(!bulk::row_of<clashing, bulk::contacts_t>, "the base has the statement");
struct second_home {
    std::string city;
    using eloqua_fields = bulk::fields<bulk::field<&second_home::city, "C_City2">>;
};
BOOST_DESCRIBE_STRUCT(second_home, (), (city))
struct two_cities : home, second_home {};
BOOST_DESCRIBE_STRUCT(two_cities, (home, second_home), ())
static_assert(!bulk::row_of<two_cities, bulk::contacts_t>, "two columns of one name");
struct hidden_city : home {
    std::string city;
    using eloqua_fields = bulk::fields<bulk::field<&hidden_city::city, "C_City2">>;
};
BOOST_DESCRIBE_STRUCT(hidden_city, (home), (city))
static_assert(bulk::row_of<hidden_city, bulk::contacts_t>);
static_assert(bulk::detail::columns_of<hidden_city, bulk::contacts_t>.size() == 2, "one city");

// Identifiers that an import cannot match by.
static_assert(!bulk::identifier_of<&person::updated, person, bulk::contacts_t>, "an attribute");
static_assert(!bulk::identifier_of<&stranger::email, person, bulk::contacts_t>, "no member");
static_assert(!bulk::identifier_of<&person::weight, person, bulk::contacts_t>,
              "a field of the account");

// An entity without exports, and its only attribute that can be imported.
struct imported {
    std::string id;
    std::string changed;
    using eloqua_fields = bulk::fields<bulk::attribute<&imported::id, "Id">,
                                       bulk::attribute<&imported::changed, "UpdatedAt">>;
};
BOOST_DESCRIBE_STRUCT(imported, (), (id, changed))
static_assert(!bulk::exportable_row<imported, imported_only_t>);
static_assert(bulk::importable_row<imported, imported_only_t>);
static_assert(!bulk::importable_row<imported, bulk::contacts_t>, "nothing left to import");
static_assert(bulk::exportable_row<imported, bulk::contacts_t>);
static_assert(bulk::identifier_of<&imported::id, imported, imported_only_t>);
static_assert(!bulk::identifier_of<&imported::changed, imported, imported_only_t>);

// Wide rows are composed of described bases with 50 members each.
#define MEMBER(z, n, name) std::string BOOST_PP_CAT(name, n);
#define PART(name)                                                                                 \
    struct part_##name {                                                                           \
        BOOST_PP_REPEAT(50, MEMBER, name)                                                          \
    };                                                                                             \
    BOOST_DESCRIBE_STRUCT(part_##name, (), (BOOST_PP_ENUM_PARAMS(50, name)))
PART(a)
PART(b)
PART(c)
PART(d)
PART(e)

struct row_100 : part_a, part_b {};
BOOST_DESCRIBE_STRUCT(row_100, (part_a, part_b), ())
struct row_101 : row_100 {
    std::string one_more;
    using eloqua_fields = bulk::fields<bulk::field<&row_101::one_more, "C_OneMore">>;
};
BOOST_DESCRIBE_STRUCT(row_101, (row_100), (one_more))
struct row_101_exported : row_100 {
    std::string id;
    using eloqua_fields = bulk::fields<bulk::attribute<&row_101_exported::id, "Id">>;
};
BOOST_DESCRIBE_STRUCT(row_101_exported, (row_100), (id))
struct row_250 : part_a, part_b, part_c, part_d, part_e {
    using eloqua_fields = bulk::fields<bulk::field<&row_250::e49, "C_Last">>;
};
BOOST_DESCRIBE_STRUCT(row_250, (part_a, part_b, part_c, part_d, part_e), ())
struct row_251 : row_250 {
    std::string one_more;
};
BOOST_DESCRIBE_STRUCT(row_251, (row_250), (one_more))

static_assert(bulk::importable_row<row_100, bulk::contacts_t>);
static_assert(!bulk::importable_row<row_101, bulk::contacts_t>, "101 columns to import");
static_assert(bulk::exportable_row<row_101, bulk::contacts_t>);
static_assert(bulk::importable_row<row_101_exported, bulk::contacts_t>, "100 and an attribute");
static_assert(bulk::exportable_row<row_250, bulk::contacts_t>);
static_assert(!bulk::importable_row<row_250, bulk::contacts_t>);
static_assert(!bulk::exportable_row<row_251, bulk::contacts_t>, "251 columns to export");
static_assert(bulk::row_of<row_251, bulk::contacts_t>);

} // namespace

BOOST_AUTO_TEST_SUITE(fields)

BOOST_AUTO_TEST_CASE(each_kind_of_entry_has_its_statement) {
    BOOST_TEST(statements<person>(bulk::contacts) ==
                   (strings{"email <> {{Contact.Field(C_EmailAddress)}}",
                            "country <> {{Contact.Field(C_Country)}}",
                            "visits <> {{Contact.Field(visits)}}", "age <> {{Contact.Field(age)}}",
                            "weight <- {{Contact.Account.Field(M_Weight)}}",
                            "subscribed <- {{Contact.Email.IsSubscribed}}",
                            "stage <> {{Contact.Field(stage)}}", "updated <- {{Contact.UpdatedAt}}",
                            "born <> {{Contact.Field(born)}}"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_derived_row_has_the_members_of_its_base_and_its_own_map) {
    strings const all = statements<employee>(bulk::contacts);
    BOOST_TEST_REQUIRE(all.size() == 10u);
    BOOST_TEST(all.front() == "email <> {{Contact.Field(C_EmailAddress)}}");
    BOOST_TEST(all[1] == "country <> {{Contact.Field(C_Country)}}");
    BOOST_TEST(all.back() == "company <> {{Contact.Field(C_Company)}}");
}

BOOST_AUTO_TEST_CASE(maps_of_bases_are_joined_and_the_rows_own_entry_counts) {
    BOOST_TEST(
        statements<unmapped>(bulk::contacts) ==
            (strings{"city <> {{Contact.Field(C_City)}}", "street <> {{Contact.Field(C_Address1)}}",
                     "company <> {{Contact.Field(C_Company)}}",
                     "C_Zip <> {{Contact.Field(C_Zip)}}"}),
        boost::test_tools::per_element());
    BOOST_TEST(
        statements<overriding>(bulk::contacts) ==
            (strings{"city <> {{Contact.Field(C_Town)}}", "street <> {{Contact.Field(C_Address1)}}",
                     "company <> {{Contact.Field(C_Company)}}",
                     "C_Zip <> {{Contact.Field(C_Zip)}}"}),
        boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_foreign_type_is_mapped_for_each_entity) {
    BOOST_TEST(statements<foreign::holder>(bulk::accounts) ==
                   (strings{"key <- {{Account.Id}}", "name <> {{Account.Field(M_CompanyName)}}"}),
               boost::test_tools::per_element());
    BOOST_TEST(statements<foreign::holder>(bulk::custom_object(23)) ==
                   (strings{"key <> {{CustomObject[23].Field[976]}}",
                            "name <- {{CustomObject[23].Contact.Id}}"}),
               boost::test_tools::per_element());
    BOOST_TEST(statements<foreign::holder>(bulk::contacts) ==
                   (strings{"key <> {{Contact.Field(key)}}", "name <> {{Contact.Field(name)}}"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(an_entity_says_which_attributes_can_be_imported) {
    BOOST_TEST(statements<imported>(imported_only_t{}) ==
                   (strings{"id <> {{Imported.Id}}", "changed <- {{Imported.UpdatedAt}}"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(wide_rows_keep_the_order_of_their_bases) {
    auto const& columns = bulk::detail::columns_of<row_250, bulk::contacts_t>;
    BOOST_TEST_REQUIRE(columns.size() == 250u);
    BOOST_TEST(columns.front().key == "a0");
    BOOST_TEST(columns[99].key == "b49");
    BOOST_TEST(columns.back().key == "e49");
    BOOST_TEST(columns.back().statement.text == "C_Last");
    BOOST_TEST((bulk::detail::columns_of<row_100, bulk::contacts_t>.size()) == 100u);
}

BOOST_AUTO_TEST_CASE(checks_with_messages_agree_with_the_concepts) {
    static_assert(bulk::detail::check_exportable<person, bulk::contacts_t>());
    static_assert(bulk::detail::check_importable<person, bulk::contacts_t>());
    static_assert(bulk::detail::check_exportable<row_250, bulk::contacts_t>());
    static_assert(bulk::detail::check_importable<row_101_exported, bulk::contacts_t>());
    static_assert(bulk::detail::check_identifier<person, bulk::contacts_t, &person::email>());
    BOOST_TEST((bulk::detail::column_index<person, &person::country>()) == 1u);
    BOOST_TEST((bulk::detail::column_index<person, &stranger::email>()) == 9u);
}

BOOST_AUTO_TEST_SUITE_END()
