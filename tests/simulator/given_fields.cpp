// SPDX-License-Identifier: BSL-1.0
// Fields copied from another instance's list of them.
#include <eloqua/bulk/document_json.hpp>

#include "service_fixture.hpp"
#include <cstddef>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace simulator_tests;
using bulk::field_definition;

/// An entry in JSON: "C_City" string 100021, and further members.
std::string entry(std::string_view internal, std::string_view type, int id,
                  std::string_view more = "", std::string_view path = "/contacts",
                  std::string statement = "") {
    if (statement.empty())
        statement = "{{Contact.Field(" + std::string(internal) + ")}}";
    return R"({"name":"The )" + std::string(internal) + R"(","internalName":")" +
           std::string(internal) + R"(","dataType":")" + std::string(type) + R"(","statement":")" +
           statement + R"(","uri":")" + std::string(path) + "/fields/" + std::to_string(id) + '"' +
           std::string(more) + '}';
}

struct listed_elsewhere : service {
    using service::service;

    /// The notes, one on each line.
    std::string set(std::vector<std::string> const& entries) {
        std::vector<field_definition> fields;
        for (std::string const& each : entries)
            fields.push_back(bulk::parse_document<field_definition>(each).value());
        std::ostringstream lines;
        for (bulk::field_note const& each : eloqua.set_fields(fields))
            lines << each << '\n';
        return lines.str();
    }
    /// A member of a listed field by its internal name; "-" if it is missing.
    std::string listed(std::string_view internal, std::string const& member,
                       std::string const& path = "/contacts") {
        answer const page = get(path + "/fields");
        for (std::size_t i = 0; i != page.items(); ++i) {
            std::string const item = "items." + std::to_string(i) + '.';
            if (page.at(item + "internalName") == internal)
                return page.at(item + member);
        }
        return "-";
    }
    std::size_t fields(std::string const& path = "/contacts") {
        return get(path + "/fields").items();
    }
    /// An import of contacts by address, with one more column.
    std::string import_of(std::string const& internal) {
        return define("/contacts/imports",
                      R"({"name":"i","identifierFieldName":"e","fields":{
            "e":"{{Contact.Field(C_EmailAddress)}}","x":"{{Contact.Field()" +
                          internal + R"()}}"}})");
    }
    std::string value(std::int64_t record, std::string const& internal) {
        return eloqua.value("/contacts", record, internal);
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(simulator_given_fields)

BOOST_FIXTURE_TEST_CASE(a_given_field_replaces_the_one_of_its_name, listed_elsewhere) {
    std::size_t const before = fields();
    BOOST_TEST(set({entry("C_City", "number", 100'021,
                          R"(,"hasNotNullConstraint":true,"hasUniquenessConstraint":true,
                              "defaultValue":"7","createdBy":"Pat")"),
                    entry("C_Shoe_Size1", "number", 100'300)}) == "");
    BOOST_TEST(fields() == before + 1);
    BOOST_TEST(listed("C_City", "name") == "The C_City");
    BOOST_TEST(listed("C_City", "dataType") == "number");
    BOOST_TEST(listed("C_City", "uri") == "/contacts/fields/100021");
    BOOST_TEST(listed("C_City", "hasNotNullConstraint") == "true");
    BOOST_TEST(listed("C_City", "hasUniquenessConstraint") == "true");
    BOOST_TEST(listed("C_City", "hasReadOnlyConstraint") == "false");
    BOOST_TEST(listed("C_City", "defaultValue") == "7");
    BOOST_TEST(listed("C_City", "createdBy") == "Pat");
    BOOST_TEST(get("/contacts/fields/100021").at("internalName") == "C_City");
    BOOST_TEST(get("/contacts/fields/100009").status == 404); // where it was
    BOOST_TEST(get("/contacts/fields/100300").at("internalName") == "C_Shoe_Size1");

    // Its constraints apply: C_City accepts numbers only, and each once.
    std::string const cities = import_of("C_City");
    import(cities, R"([{"e":"a@example.com","x":"1"},{"e":"b@example.com","x":"Gent"}])");
    std::string const again = import(cities, R"([{"e":"c@example.com","x":"1"},
                                                 {"e":"d@example.com","x":""}])");
    BOOST_TEST(value(1001, "C_City") == "1");
    BOOST_TEST(rejects_of(again) == "1:00048(x) 2:00061(x)");
}

BOOST_FIXTURE_TEST_CASE(given_ids_come_first, listed_elsewhere) {
    BOOST_TEST(set({entry("C_Wheels1", "string", 100'001), entry("C_LastName", "string", 100'002),
                    entry("C_FirstName", "string", 100'400)}) == "");
    BOOST_TEST(get("/contacts/fields/100001").at("internalName") == "C_Wheels1");
    BOOST_TEST(get("/contacts/fields/100002").at("internalName") == "C_LastName");
    BOOST_TEST(get("/contacts/fields/100400").at("internalName") == "C_FirstName");
    // It was moved, and only its id changed.
    BOOST_TEST(listed("C_EmailAddress", "uri") == "/contacts/fields/100401");
    BOOST_TEST(listed("C_EmailAddress", "statement") == "{{Contact.Field(C_EmailAddress)}}");
    BOOST_TEST(get("/contacts/fields/100401").at("dataType") == "emailAddress");
    BOOST_TEST(get("/contacts/fields/100003").status == 404); // the former id of C_LastName
    std::int64_t const made = eloqua.add_record("/contacts", {{"C_EmailAddress", "a@example.com"}});
    BOOST_TEST(value(made, "C_EmailAddress") == "a@example.com");
}

BOOST_FIXTURE_TEST_CASE(generated_values_stay_generated, listed_elsewhere) {
    BOOST_TEST(set({entry("C_DateCreated", "date", 100'777, R"(,"hasReadOnlyConstraint":true)"),
                    entry("ContactIDExt", "string", 100'778)}) == "");
    eloqua.add_record("/contacts", {{"C_EmailAddress", "a@example.com"}});
    BOOST_TEST(listed("C_DateCreated", "uri") == "/contacts/fields/100777");
    BOOST_TEST(value(1001, "C_DateCreated") == "2025-06-02 09:00:00.000");
    BOOST_TEST(value(1001, "ContactIDExt") == "CELOQ000000001001");
    BOOST_TEST(contacts_where("'{{Contact.Field(C_DateCreated)}}' > '2025-06-01'",
                              "{{Contact.Field(ContactIDExt)}}") == "CELOQ000000001001");
    BOOST_TEST(set({entry("C_DateModified", "number", 100'779)}) ==
               "entry 1, C_DateModified, is not used: it is computed, as a date\n");
    BOOST_TEST(listed("C_DateModified", "dataType") == "date");
    // A field with a known statement under another name.
    BOOST_TEST(
        set({entry("Contact_Number", "number", 100'780, "", "/contacts", "{{Contact.Id}}")}) == "");
    BOOST_TEST(listed("Contact_Number", "statement") == "{{Contact.Id}}");
    BOOST_TEST(value(1001, "Contact_Number") == "1001");
}

BOOST_FIXTURE_TEST_CASE(generated_values_fit_the_given_types, listed_elsewhere) {
    eloqua.generate_contacts(50);
    BOOST_TEST(
        set({entry("C_FirstName", "number", 100'002), entry("C_Zip_Postal", "number", 100'011),
             entry("C_Last_Visit", "string", 100'232), entry("C_Company", "date", 100'004),
             entry("C_LastName", "emailAddress", 100'003)}) == "");
    for (std::int64_t record = 1001; record != 1051; ++record) {
        BOOST_TEST(value(record, "C_FirstName") == "");
        BOOST_TEST(value(record, "C_Company") == "");
        BOOST_TEST(value(record, "C_LastName") == "");
        BOOST_TEST(value(record, "C_Zip_Postal").size() == 5u);
    }
    BOOST_TEST(value(1001, "C_EmailAddress") == "person0@example.com");
    BOOST_TEST(contacts_where("'{{Contact.Field(C_Zip_Postal)}}' > '0'",
                              "{{Contact.Field(C_FirstName)}}")
                   .size() == 49u); // all of them
    // A second field of addresses is not the one that contacts have.
    BOOST_TEST(eloqua.find("/contacts", "C_LastName", "person0@example.com").empty());
    BOOST_TEST(eloqua.find("/contacts", "C_EmailAddress", "person0@example.com").size() == 1u);
}

BOOST_FIXTURE_TEST_CASE(an_export_that_was_defined_before_continues, listed_elsewhere) {
    eloqua.add_record("/contacts", {{"C_EmailAddress", "a@example.com"}, {"C_City", "Gent"}});
    std::string const definition = define("/contacts/exports", R"({"name":"e","fields":{
        "x":"{{Contact.Field(C_City)}}"}})");
    set({entry("C_New1", "string", 100'009), entry("C_City", "string", 100'500)});
    BOOST_TEST(column(sync(definition), "x") == "Gent");
}

BOOST_FIXTURE_TEST_CASE(uris_tell_the_entity_of_a_field, listed_elsewhere) {
    auto const of_object = [](std::string_view object, std::string_view root,
                              std::string_view internal, int id) {
        return entry(internal, "string", id, "", object,
                     "{{" + std::string(root) + ".Field[" + std::to_string(id) + "]}}");
    };
    BOOST_TEST(
        set({entry("M_CompanyName", "string", 100'600, "", "/accounts",
                   "{{Account.Field(M_CompanyName)}}"),
             of_object("/customObjects/501", "CustomObject[501]", "Colour1", 5'001),
             of_object("/customObjects/172", "CustomObject[172]", "Serial1", 976),
             of_object("/events/9", "Event[9]", "Seat1", 31),
             entry("RemoteOpportunityID", "string", 40, "", "/opportunities", "{{Opportunity.Id}}"),
             R"({"name":"No uri","internalName":"C_No_Uri1","dataType":"string",
                 "statement":"{{Contact.Field(C_No_Uri1)}}"})"}) == "");
    BOOST_TEST(listed("M_CompanyName", "uri", "/accounts") == "/accounts/fields/100600");
    BOOST_TEST(listed("Colour1", "uri", "/customObjects/501") == "/customObjects/501/fields/5001");
    // A statement that contains an id changes with it.
    std::string const serial = listed("Serial_Number1", "uri", "/customObjects/501");
    BOOST_TEST(serial == "/customObjects/501/fields/100201");
    BOOST_TEST(listed("Serial_Number1", "statement", "/customObjects/501") ==
               "{{CustomObject[501].Field[100201]}}");
    // Objects that did not exist.
    BOOST_TEST(get("/customObjects/172").at("name") == "Custom object 172");
    BOOST_TEST(listed("Serial1", "statement", "/customObjects/172") ==
               "{{CustomObject[172].Field[976]}}");
    eloqua.generate_records("/customObjects/172", 3);
    BOOST_TEST(get("/events/9").at("name") == "Event 9");
    BOOST_TEST(listed("Seat1", "uri", "/events/9") == "/events/9/fields/31");
    BOOST_TEST(listed("RemoteOpportunityID", "uri", "/opportunities") ==
               "/opportunities/fields/40");
    BOOST_TEST(get(listed("C_No_Uri1", "uri")).at("name") == "No uri");
}

BOOST_FIXTURE_TEST_CASE(unusable_entries_are_reported_with_the_reason, listed_elsewhere) {
    std::size_t const before = fields();
    std::string const good = entry("C_City", "string", 100'021);
    BOOST_TEST(
        set({good, good, entry("C_A1", "string", 100'021),
             entry("C_B1", "string", 100'301, "", "/contacts", "{{Account.Field(C_B1)}}"),
             entry("C_C1", "string", 100'302, "", "/contacts", "{{Contact.Account.Field(C_C1)}}"),
             entry("C_D1", "string", 100'303, "", "/contacts", "{{Contact.Field(C_Country)}}"),
             entry("C_Fax", "string", 100'304, "", "/contacts", "{{Contact.Field(C_Country)}}"),
             entry("C_E1", "string", 100'305, "", "/contacts", "no statement"),
             entry("C_F1", "string", 100'306, "", "/contacts", "{{Contact.Field[100306]}}"),
             entry("C_G1", "string", 100'307, "", "/planets"),
             R"({"name":"H","internalName":"C_H1","uri":"/contacts/fields/x"})",
             R"({"name":"I","internalName":"C_I1"})",
             R"({"name":"J","uri":"/contacts/fields/100308"})",
             entry("K1", "string", 5, "", "/customObjects/501", "{{CustomObject[501].Field[6]}}"),
             entry("Id", "string", 100'309, "", "/contacts", "{{Contact.Field(Id)}}")}) ==
        "entry 2, C_City, is not used: the list has it twice\n"
        "entry 3, C_A1, is not used: its id 100021 is that of C_City\n"
        "entry 4, C_B1, is not used: its statement '{{Account.Field(C_B1)}}' is not that of a "
        "field of /contacts\n"
        "entry 5, C_C1, is not used: its statement '{{Contact.Account.Field(C_C1)}}' is not that "
        "of a field of /contacts\n"
        "entry 6, C_D1, is not used: its statement is that of C_Country\n"
        "entry 7, C_Fax, is not used: its statement is that of C_Country\n"
        "entry 8, C_E1, is not used: its statement 'no statement' is not that of a field of "
        "/contacts\n"
        "entry 9, C_F1, is not used: its statement '{{Contact.Field[100306]}}' is not that of a "
        "field of /contacts\n"
        "entry 10, C_G1, is not used: its uri '/planets/fields/100307' is not that of a field\n"
        "entry 11, C_H1, is not used: its uri '/contacts/fields/x' is not that of a field\n"
        "entry 12, C_I1, is not used: neither a uri nor a statement names its entity\n"
        "entry 13, J, is not used: it has no internal name\n"
        "entry 14, K1, is not used: its statement has another id than its uri, 5\n"
        "entry 15, Id, is not used: it is computed, and its statement is {{Contact.Id}}\n");
    BOOST_TEST(fields() == before);
    BOOST_TEST(listed("C_City", "uri") == "/contacts/fields/100021");
    BOOST_TEST(listed("C_Fax", "statement") == "{{Contact.Field(C_Fax)}}");
}

BOOST_FIXTURE_TEST_CASE(an_unknown_type_is_kept_and_treated_as_text, listed_elsewhere) {
    BOOST_TEST(set({entry("C_City", "picklist", 100'009)}) == "");
    BOOST_TEST(listed("C_City", "dataType") == "picklist");
    import(import_of("C_City"), R"([{"e":"a@example.com","x":"Gent"}])");
    BOOST_TEST(value(1001, "C_City") == "Gent");
}

BOOST_FIXTURE_TEST_CASE(new_records_get_default_values, listed_elsewhere) {
    BOOST_TEST(set({entry("C_City", "string", 100'009, R"(,"defaultValue":"Gent")"),
                    entry("C_Last_Visit", "date", 100'232, R"(,"defaultValue":"soon")"),
                    entry("C_Lead_Weight1", "number", 100'231, R"(,"defaultValue":"0")")}) ==
               "entry 2, C_Last_Visit: its default value 'soon' is not a date, and no record gets "
               "it\n");
    BOOST_TEST(listed("C_Last_Visit", "defaultValue") == "soon");
    eloqua.add_record("/contacts", {{"C_EmailAddress", "old@example.com"}});
    import(import_of("C_City"), R"([{"e":"given@example.com","x":"Oslo"},
        {"e":"blank@example.com","x":""},{"e":"absent@example.com"},{"e":"old@example.com"}])");
    auto const values = [&](std::string const& address) {
        std::int64_t const record = eloqua.find("/contacts", "C_EmailAddress", address).at(0);
        return value(record, "C_City") + '/' + value(record, "C_Lead_Weight1") + '/' +
               value(record, "C_Last_Visit");
    };
    BOOST_TEST(values("given@example.com") == "Oslo/0/");
    BOOST_TEST(values("blank@example.com") == "/0/");
    BOOST_TEST(values("absent@example.com") == "Gent/0/");
    BOOST_TEST(values("old@example.com") == "//"); // it is not new

    import(import_of("C_Lead_Weight1"), R"([{"e":"cut@example.com","x":"much"}])");
    BOOST_TEST(values("cut@example.com") == "Gent/0/");
}

BOOST_AUTO_TEST_SUITE_END()
