// SPDX-License-Identifier: BSL-1.0
// Names of members, and headers that are refused or need special care.
#include <boost/test/unit_test.hpp>

#include "../../examples/cli/row_header.hpp"
#include "../../examples/cli/row_names.hpp"
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace {

bulk::field_definition field(std::string internal, std::string name,
                             std::string statement = "generated",
                             std::string_view type = "string") {
    bulk::field_definition made;
    made.statement =
        statement == "generated" ? "{{Contact.Field(" + internal + ")}}" : std::move(statement);
    made.internalName = std::move(internal);
    made.name = std::move(name);
    made.dataType = bulk::open_enum<bulk::data_type>(std::string(type));
    return made;
}

field_list contacts(std::vector<bulk::field_definition> fields) {
    field_list made{"contacts", "contacts", "contact", "Contact"};
    made.prefix = "C_";
    made.importable_attribute = [](std::string_view path) { return path == "Id"; };
    made.fields = std::move(fields);
    return made;
}

std::vector<bulk::field_definition> many(int count) {
    std::vector<bulk::field_definition> all;
    for (int i = 1; i <= count; ++i)
        all.push_back(field("C_V" + std::to_string(i), "V"));
    return all;
}

std::string written(std::vector<bulk::field_definition> fields, header_choice choice = {}) {
    return write_row_header(contacts(std::move(fields)), std::move(choice)).text;
}

bool has(std::string const& text, std::string_view part) {
    return text.find(part) != text.npos;
}

/// The message of an exception of this type; empty if it is not thrown.
template <class Error>
std::string complaint(field_list const& of, header_choice choice = {}) {
    try {
        write_row_header(of, std::move(choice));
    } catch (Error const& e) {
        return e.what();
    }
    return {};
}

} // namespace

BOOST_AUTO_TEST_SUITE(names_of_rows)

BOOST_AUTO_TEST_CASE(names_become_lower_case_words) {
    struct {
        std::string_view from, to;
    } const all[] = {
        {"EmailAddress", "email_address"},
        {"Email Address", "email_address"},
        {"State_Prov", "state_prov"},
        {"SFDCAccountID", "sfdc_account_id"},
        {"ContactIDExt", "contact_id_ext"},
        {"CustomerIDs", "customer_ids"},
        {"USState", "us_state"},
        {"Address1Line", "address1_line"},
        {" -- Is it?  Yes! ", "is_it_yes"},
        {"2nd Address", "field_2nd_address"},
        {"__reserved__name", "reserved_name"},
        {"_Upper", "upper"},
        {"class", "class_"},
        {"Class", "class_"},
        {"xor_eq", "xor_eq_"},
        {"Not-Eq", "not_eq_"},
        {"std", "std_"},
        {"eloqua_fields", "eloqua_fields_"},
        {"linux", "linux_"},
        {"Größe", "groesse"},
        {"GRÖSSE", "groesse"},
        {"Ärzte", "aerzte"},
        {"Straße", "strasse"},
        {"Ægir Œ Ñandú ÿ", "aegir_nandu_y"},
        {"e\u0301t\u00e9", "ete"},
        {"名前", ""},
        {"???", ""},
        {"", ""},
        {"\xC3", ""},
        {"a\xC3z\xFF", "az"},
    };
    for (auto const& each : all) {
        std::string const name = row_names::legal_name(each.from);
        BOOST_TEST(name == each.to);
        BOOST_TEST((name.empty() || row_names::is_legal(name)));
    }
    std::string const long_name = row_names::legal_name(std::string(59, 'a') + " and more");
    BOOST_TEST(long_name == std::string(59, 'a'));
}

BOOST_AUTO_TEST_CASE(names_are_unique) {
    row_names::members names("row");
    BOOST_TEST(names.add("Size", "") == "size");
    BOOST_TEST(names.add("Size", "") == "size_2");
    BOOST_TEST(names.add("size 2", "") == "size_2_2");
    BOOST_TEST(names.add("size", "") == "size_3");
    BOOST_TEST(names.add("???", "By display name") == "by_display_name");
    BOOST_TEST(names.add("???", "") == "field");
    BOOST_TEST(names.add("", "!") == "field_2");
    BOOST_TEST(names.add("class", "") == "class_");
    BOOST_TEST(names.add("Class", "") == "class_2");
    // Names of the struct and its bases.
    BOOST_TEST(names.add("row", "") == "field_row");
    BOOST_TEST(names.add("Row", "") == "field_row_2");
    BOOST_TEST(names.add("row_1", "") == "field_row_1");
    BOOST_TEST(names.add("row_a", "") == "row_a");
    BOOST_TEST(row_names::members("x_2").add("x", "") == "x");
    row_names::members numbered("x_2");
    numbered.add("x", "");
    BOOST_TEST(numbered.add("x", "") == "x_3");
}

BOOST_AUTO_TEST_CASE(types_by_data_type) {
    auto named = [](std::string internal, std::string_view type) {
        return row_header::type_of(field(std::move(internal), "", "", type));
    };
    BOOST_TEST(named("C_A", "string") == "std::optional<std::string>");
    BOOST_TEST(named("C_A", "emailAddress") == "std::optional<std::string>");
    BOOST_TEST(named("C_A", "largeText") == "std::optional<std::string>");
    BOOST_TEST(named("C_A", "something new") == "std::optional<std::string>");
    BOOST_TEST(named("C_A", "date") ==
               "std::optional<std::chrono::sys_time<std::chrono::milliseconds>>");
    BOOST_TEST(named("C_A", "boolean") == "std::optional<bool>");
    BOOST_TEST(named("ContactId", "string") == "std::optional<std::string>");
    for (char const* const id : {"ContactId", "CRMId", "Customer_ID1", "Id", "ID", "OrderIDs2"})
        BOOST_TEST(named(id, "number") == "std::optional<std::int64_t>", id);
    for (char const* const other : {"Amount", "Paid", "PAID", "Bid1", "Idle", ""})
        BOOST_TEST(named(other, "number") == "std::optional<double>", other);
    bulk::field_definition must = field("C_A", "");
    must.hasNotNullConstraint = true;
    BOOST_TEST(row_header::type_of(must) == "std::string");
    must.dataType.reset();
    BOOST_TEST(row_header::type_of(must) == "std::string");
}

BOOST_AUTO_TEST_CASE(comments_stay_on_one_line) {
    using row_header::comment_text;
    BOOST_TEST(comment_text("Größe 名前") == "Größe 名前");
    BOOST_TEST(comment_text(" one\ntwo\r\n\tthree " + std::string(1, '\0') + "four\x7f ") ==
               "one two three four");
    BOOST_TEST(comment_text("back \\") == "back");
    BOOST_TEST(comment_text("trigraph ?\?/") == "trigraph ?\?");
    BOOST_TEST(comment_text("both ?\?/\\ ") == "both ?\?");
    BOOST_TEST(comment_text("a\u202Eb\u2066c\u2028d\u0085e") == "a b c d e");
    BOOST_TEST(comment_text("\u2030") == "\u2030");
    BOOST_TEST(comment_text("cut \xE2\x82 here \xFF") == "cut here");
}

BOOST_AUTO_TEST_CASE(entries_of_the_field_map) {
    std::string const text = written({
        field("C_Country", "Country"),
        field("Created", "", "{{Contact.CreatedAt}}"),
        field("Company", "", "{{Contact.Account.Field(M_CompanyName)}}"),
        field("Other", "", "{{Account.Field(M_City)}}"),
        field("C_Q", "", "{{Contact.Field(a\"b\\?\?/c)}}"),
        field("Empty", "", "{{Contact.Field()}}"),
    });
    for (std::string_view const entry : {
             R"-(bulk::field<&contact::country, "C_Country">,)-",
             R"-(bulk::attribute<&contact::created, "CreatedAt">,)-",
             R"-(bulk::attribute<&contact::company, "Account.Field(M_CompanyName)">,)-",
             R"-(bulk::statement<&contact::other, "{{Account.Field(M_City)}}">,)-",
             "bulk::field<&contact::q, \"a\\\"b\\\\\\?\\?/c\">,",
             R"-(bulk::attribute<&contact::empty, "Field()">>;)-",
         })
        BOOST_TEST(has(text, entry), entry << " is not in\n" << text);
}

BOOST_AUTO_TEST_CASE(fields_without_a_unique_statement_are_left_out) {
    bulk::field_definition none = field("C_None", "None");
    none.statement.reset();
    written_header const made = write_row_header(
        contacts({field("C_A", "First"), field("C_B", "Again", "{{Contact.Field(C_A)}}"), none,
                  field("C_C", "Quote", "{{Contact.Field(it's)}}"),
                  field("C_D", "Broken", "{{Contact.Field(\n)}}")}),
        {});
    BOOST_TEST(made.members == 1u);
    BOOST_TEST(has(made.text, "// left out: Again: duplicate of a statement above\n"));
    for (std::string_view const name : {"None", "Quote", "Broken"})
        BOOST_TEST(has(made.text, "// left out: " + std::string(name) + ": no statement\n"));
}

BOOST_AUTO_TEST_CASE(a_choice_of_fields) {
    std::vector<bulk::field_definition> all{field("C_Size", "Size"), field("Size", "By name"),
                                            field("C_Made", "Made"), field("C_Key", "Key"),
                                            field("Id", "Id", "{{Contact.Id}}")};
    all[2].hasReadOnlyConstraint = all[4].hasReadOnlyConstraint = true;
    std::string const some = written(all, {.only = {"By name", "{{Contact.Field(C_Key)}}"}});
    BOOST_TEST(has(some, "BOOST_DESCRIBE_STRUCT(contact, (), (size_2, key))"));
    std::string const writable = written(all, {.struct_name = "mine", .writable = true});
    BOOST_TEST(has(writable, "BOOST_DESCRIBE_STRUCT(mine, (), (size, size_2, key, id))"));
    BOOST_TEST(has(written(all), "made; // Made; read-only\n"));
    BOOST_TEST(has(written(all), "\n// Imports refuse the read-only fields:"));
    BOOST_TEST(complaint<std::runtime_error>(contacts(all), {.only = {"Key", "key"}}) ==
               "contacts has no field 'key'");
    BOOST_TEST(complaint<std::runtime_error>(contacts(all), {.only = {"Made"}, .writable = true}) ==
               "contacts has no fields for imports");
    BOOST_TEST(complaint<std::runtime_error>(contacts({})) == "contacts has no fields");
}

BOOST_AUTO_TEST_CASE(structs_of_52_members) {
    BOOST_TEST(!has(written(many(52)), "contact_1"));
    std::string const two = written(many(53));
    BOOST_TEST(has(two, "struct contact : contact_1, contact_2 {"));
    BOOST_TEST(has(two, "BOOST_DESCRIBE_STRUCT(contact_2, (), (v53))"));
    BOOST_TEST(has(two, "BOOST_DESCRIBE_STRUCT(contact, (contact_1, contact_2), ())"));
    BOOST_TEST(has(written(many(250)), "struct contact_5 {"));
}

BOOST_AUTO_TEST_CASE(more_fields_than_the_service_allows) {
    BOOST_TEST(
        complaint<std::runtime_error>(contacts(many(251))) ==
        "contacts: 251 fields, and an export has at most 250; choose some with --only FIELD");
    BOOST_TEST(
        complaint<std::runtime_error>(contacts(many(101)), {.writable = true}) ==
        "contacts: 101 fields, and an import has at most 100; choose some with --only FIELD");
    field_list imported = contacts(many(101));
    imported.exported = false;
    BOOST_TEST(has(complaint<std::runtime_error>(imported), "an import has at most 100"));
    BOOST_TEST(complaint<std::runtime_error>(contacts(many(100)), {.writable = true}) == "");
}

BOOST_AUTO_TEST_CASE(user_defined_names) {
    for (char const* const bad : {"2nd", "class", "a-b", "a__b", "_A", "bulk", "ä"})
        BOOST_TEST(complaint<std::invalid_argument>(contacts(many(1)), {.struct_name = bad}) ==
                   "'" + std::string(bad) + "' cannot name a struct");
    for (char const* const bad : {"a::", "::a", "a::2b", "a:b", "std", "a::namespace", " "})
        BOOST_TEST(complaint<std::invalid_argument>(contacts(many(1)), {.name_space = bad}) ==
                   "'" + std::string(bad) + "' cannot name a namespace");
    std::string const text =
        written(many(1), {.struct_name = "Person_", .name_space = "acme::rows"});
    BOOST_TEST(has(text, "namespace acme::rows {\n\nnamespace bulk = ::eloqua::bulk;\n"));
    BOOST_TEST(has(text, "struct Person_ {\n"));
    BOOST_TEST(has(text, "\n} // namespace acme::rows\n"));
}

BOOST_AUTO_TEST_SUITE_END()
