// SPDX-License-Identifier: BSL-1.0
// Records: rows whose columns are chosen at run time, in the same jobs as structs.
#include <eloqua/bulk.hpp>
#include <eloqua/bulk/simulator.hpp>

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <stdexcept>
#include <string>
#include <vector>

namespace bulk = eloqua::bulk;
namespace data = boost::unit_test::data;
using bulk::record;
using bulk::record_columns;

namespace {

struct people {
    people() {
        eloqua.add_record(
            "/contacts",
            {{"C_EmailAddress", "ana@example.com"}, {"C_FirstName", "Ana"}, {"C_Country", "BE"}});
        eloqua.add_record(
            "/contacts",
            {{"C_EmailAddress", "bo@example.com"}, {"C_FirstName", "B\"o\""}, {"C_Country", "SE"}});
    }
    record made(std::string email, std::string first) const {
        record r(columns);
        r["email"] = std::move(email);
        r["first name"] = std::move(first);
        return r;
    }

    bulk::simulator eloqua;
    bulk::client client{eloqua, bulk::basic_credentials{"Company", "user", "secret"}};
    record_columns columns{{bulk::field_column("email", "C_EmailAddress"),
                            bulk::field_column("first name", "C_FirstName"),
                            bulk::attribute_column("id", "Id"),
                            bulk::statement_column("country", "{{Contact.Field(C_Country)}}")}};
};

/// The error for these columns.
std::string complaint(std::vector<bulk::record_column> columns) {
    try {
        record_columns made(std::move(columns));
    } catch (bulk::error const& e) {
        BOOST_TEST((e.code() == bulk::errc::invalid_argument));
        return e.what();
    }
    return "none";
}
bool has(std::string const& text, std::string_view part) {
    return text.find(part) != text.npos;
}

} // namespace

BOOST_AUTO_TEST_SUITE(records)

BOOST_DATA_TEST_CASE_F(people, records_use_the_same_export, data::make({false, true}), csv) {
    bulk::export_options options;
    options.rows = csv ? bulk::rows_format::csv : bulk::rows_format::json;
    auto source = client.export_records(bulk::contacts, columns, bulk::all_rows, options);
    std::vector<record> const rows = source.next().get().value();
    BOOST_TEST_REQUIRE(rows.size() == 2u);
    BOOST_TEST(rows[0]["email"] == "ana@example.com");
    BOOST_TEST(rows[1]["first name"] == "B\"o\"");
    BOOST_TEST(rows[1][2] == "1002");
    BOOST_TEST(rows[1]["country"] == "SE");
    BOOST_TEST(source.next().get().value().empty());
    BOOST_TEST(source.receipt().rows == 2);
    BOOST_CHECK_THROW(rows[0]["age"], std::out_of_range);
}

BOOST_FIXTURE_TEST_CASE(rows_given_back_are_assigned_again, people) {
    eloqua.add_record("/contacts", {{"C_EmailAddress", "eve@example.com"}, {"C_Country", "NO"}});
    bulk::export_options options;
    options.page_rows = options.batch_rows = 1;
    auto source = client.export_records(bulk::contacts, columns, bulk::all_rows, options);
    std::vector<record> rows = source.next().get().value();
    BOOST_TEST_REQUIRE(rows.size() == 1u);
    rows[0]["first name"] = "a text that is too long to be kept without an allocation";
    char const* const memory = rows[0]["first name"].data();
    rows.emplace_back();                                                    // no columns
    rows.emplace_back(record_columns({bulk::field_column("a", "C_City")})); // others
    source.reuse(std::move(rows));

    rows = source.next().get().value();
    BOOST_TEST_REQUIRE(rows.size() == 1u);
    BOOST_TEST(rows[0]["email"] == "bo@example.com");
    BOOST_TEST(rows[0]["first name"] == "B\"o\"");
    BOOST_TEST(static_cast<void const*>(rows[0]["first name"].data()) == memory);
    source.reuse(std::move(rows));
    rows = source.next().get().value();
    BOOST_TEST_REQUIRE(rows.size() == 1u);
    BOOST_TEST(rows[0]["email"] == "eve@example.com");
    BOOST_TEST(rows[0]["first name"].empty()); // blank, not the previous row's
    BOOST_TEST(rows[0]["country"] == "NO");
    source.reuse(std::move(rows));
    BOOST_TEST(source.next().get().value().empty());
    BOOST_TEST(source.receipt().rows == 3);
}

BOOST_FIXTURE_TEST_CASE(records_are_passed_to_a_function_one_by_one, people) {
    std::string all;
    auto source = client.export_records(bulk::contacts, columns);
    BOOST_TEST(source.for_each([&](record const& r) { all += r["country"] + ' '; }).get().value() ==
               2);
    BOOST_TEST(all == "BE SE ");
}

BOOST_FIXTURE_TEST_CASE(records_are_filtered_by_column_names, people) {
    using bulk::where_column;
    auto some = client.export_records(bulk::contacts, columns,
                                      where_column("country") == "SE" ||
                                          !(where_column("email") != "nobody@example.com"));
    BOOST_TEST(some.next().get().value().size() == 1u);
    auto none = client.export_records(bulk::contacts, columns, where_column("age") > "7");
    auto const wrong = none.next().get();
    BOOST_TEST((wrong.error().code == bulk::errc::invalid_filter));
    BOOST_TEST(has(wrong.error().message(), "'age' is not a column"));
    bulk::record_columns const visits({bulk::attribute_column("email", "Contact.Field(C_Email)")});
    auto of_contact = client.export_records(bulk::activities_of(bulk::activity_type::EmailOpen),
                                            visits, where_column("email") == "ana@example.com");
    auto const refused = of_contact.next().get();
    BOOST_TEST((refused.error().code == bulk::errc::invalid_filter));
    BOOST_TEST(has(refused.error().message(), "'email' is a field of contacts"));
    auto listed = client.export_records(bulk::contacts, columns,
                                        where_column("country").in({"SE", "NO"}) &&
                                            !bulk::exists(bulk::contact_list(101)));
    BOOST_TEST(listed.next().get().value().size() == 1u);
}

BOOST_FIXTURE_TEST_CASE(records_are_imported_with_their_rejects, people) {
    std::vector<record> const rows{made("bo@example.com", "Bo"), made("bad", "X"),
                                   made("cy@example.com", "Cy")};
    auto const report = client
                            .import_records(bulk::contacts, columns, "email", rows, {},
                                            bulk::add_to(bulk::contact_list(101)))
                            .get()
                            .value();
    BOOST_TEST(report.created == 1);
    BOOST_TEST(report.updated == 1);
    BOOST_TEST_REQUIRE(report.rejects.size() == 1u);
    BOOST_TEST(report.rejects[0].row_index == 1u);
    BOOST_TEST((*report.rejects[0].row)["first name"] == "X");
    BOOST_TEST(report.disagreements.empty());
    BOOST_TEST(eloqua.value("/contacts", 1002, "C_FirstName") == "Bo");
    BOOST_TEST(eloqua.value("/contacts", 1002, "C_Country") == "SE"); // blank, so left unchanged
    BOOST_TEST(eloqua.members("/contacts", "{{ContactList[101]}}").size() == 2u);
}

BOOST_FIXTURE_TEST_CASE(records_with_other_columns_are_refused, people) {
    std::vector<record> rows{made("bo@example.com", "Bo"),
                             record(record_columns({bulk::field_column("email", "C_City")}))};
    auto const came = client.import_records(bulk::contacts, columns, "email", rows).get();
    BOOST_TEST((came.error().code == bulk::errc::invalid_row));
    BOOST_TEST(has(came.error().message(), "row 1: the record's columns differ"));
    BOOST_TEST(has(came.error().message(), "; 0 rows before it are synced"));
    BOOST_TEST(eloqua.value("/contacts", 1002, "C_FirstName") == "B\"o\"");
}

BOOST_FIXTURE_TEST_CASE(records_need_columns_that_fit_the_entity, people) {
    auto message = [](auto call) -> std::string {
        try {
            call();
        } catch (bulk::error const& e) {
            return e.what();
        }
        return "none";
    };
    std::vector<record> const none;
    BOOST_TEST(has(message([&] { client.export_records(bulk::contacts, record_columns()); }),
                   "at least one column"));
    for (char const* identifier : {"id", "age"}) // not imported, so absent
        BOOST_TEST(has(message([&] {
                           (void)client.import_records(bulk::contacts, columns, identifier, none);
                       }),
                       "is not among the imported columns"));
    std::vector<bulk::record_column> many;
    for (int i = 0; i != 101; ++i)
        many.push_back(bulk::field_column("c" + std::to_string(i), "F" + std::to_string(i)));
    BOOST_TEST(has(message([&] {
                       (void)client.import_records(bulk::contacts, record_columns(many), "c0",
                                                   none);
                   }),
                   "101 imported columns; at most 100"));
    many.clear();
    for (int i = 0; i != 11; ++i)
        many.push_back(bulk::attribute_column("c" + std::to_string(i),
                                              "Contact.Field(F" + std::to_string(i) + ")"));
    BOOST_TEST(has(message([&] { client.export_records(bulk::activities, record_columns(many)); }),
                   "11 fields of contacts"));
}

BOOST_AUTO_TEST_CASE(columns_are_checked_when_they_are_made) {
    using bulk::field_column, bulk::statement_column, bulk::attribute_column;
    BOOST_TEST(has(complaint({field_column("", "C_City")}), "a column without a key"));
    BOOST_TEST(has(complaint({field_column("a", "C_City"), field_column("a", "C_Country")}),
                   "two columns have the key 'a'"));
    BOOST_TEST(has(complaint({field_column("a", "C_City"),
                              statement_column("b", "{{Contact.Field(C_City)}}")}),
                   "column 'b': another column has the statement"));
    BOOST_TEST(has(complaint({field_column("a", "")}), "is not a statement"));
    BOOST_TEST(has(complaint({field_column("a", "C_City)}}")}), "is not a statement"));
    BOOST_TEST(has(complaint({attribute_column("a", "Id' = 'x")}), "is not a statement"));
    BOOST_TEST(has(complaint({statement_column("a", "Contact.Id")}), "write the full statement"));
    std::vector<bulk::record_column> many;
    for (int i = 0; i != 251; ++i)
        many.push_back(field_column("c" + std::to_string(i), "F" + std::to_string(i)));
    BOOST_TEST(has(complaint(many), "251 columns; at most 250"));
    many.pop_back();
    BOOST_TEST(complaint(many) == "none");
}

BOOST_AUTO_TEST_SUITE_END()
