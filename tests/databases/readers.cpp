// SPDX-License-Identifier: BSL-1.0
// Queries whose rows are imported, and whole exports and imports.
#include <eloqua/bulk.hpp>
#include <eloqua/bulk/export_into.hpp>
#include <eloqua/bulk/simulator.hpp>

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>

#include "stores.hpp"
#include <iterator>
#include <string>
#include <vector>

using namespace stores;

BOOST_AUTO_TEST_SUITE(readers)

BOOST_AUTO_TEST_CASE_TEMPLATE(null_is_blank_and_columns_are_found_by_name, Store, both) {
    Store at;
    at.run("CREATE TABLE people (id integer, name text)");
    at.run("INSERT INTO people VALUES (2, NULL), (1, 'B\xC3\xB8 \"x\"\n'), (3, '')");
    auto const reader =
        at.read("SELECT id AS \"Number\", 'x' AS more, name FROM people ORDER BY id");
    BOOST_TEST(reader->columns() == (texts{"Number", "more", "name"}),
               boost::test_tools::per_element());
    std::vector<bulk::record> rows;
    for (bulk::record const& each : reader->records(keyed({"name", "Number"})))
        rows.push_back(each);
    BOOST_TEST_REQUIRE(rows.size() == 3u);
    BOOST_TEST(rows[0]["name"] == "B\xC3\xB8 \"x\"\n");
    BOOST_TEST(rows[0]["Number"] == "1");
    BOOST_TEST(rows[1]["name"] == "");
    BOOST_TEST(rows[2]["Number"] == "3");
    texts values;
    BOOST_TEST(!reader->next(values)); // the end stays the end
    BOOST_TEST(has(thrown([&] { (void)at.read("SELECT 1 AS a, 2 AS b")->records(keyed({"c"})); }),
                   "the query returns no column 'c'; it returns 'a', 'b'"));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(queries_that_cannot_be_read_are_errors, Store, both) {
    Store at;
    at.run("CREATE TABLE people (id integer)");
    auto refused = [&](std::string const& sql) {
        return thrown([&] {
            texts values;
            auto const reader = at.read(sql);
            while (reader->next(values)) {
            }
        });
    };
    std::string const why = refused("SELECT wheels\nFROM people");
    BOOST_TEST(has(why, "the query 'SELECT wheels FROM people': "));
    BOOST_TEST((has(why, "SQLite says: no such column: wheels") ||
                has(why, "PostgreSQL says: column \"wheels\" does not exist")));
    BOOST_TEST(has(refused("SELECT 1 AS a, 2 AS a"), "returns two columns 'a'"));
    for (char const* const sql :
         {"INSERT INTO people VALUES (1)", "DELETE FROM people RETURNING id", "SELECT 1; SELECT 2",
          "", "-- nothing"})
        BOOST_TEST(has(refused(sql), "the query '"), sql);
    BOOST_TEST(lines(at, "SELECT * FROM people").empty());
}

BOOST_AUTO_TEST_CASE(sqlite_numbers_keep_their_value_and_blobs_are_refused) {
    sqlite at;
    at.run("CREATE TABLE t (v)");
    at.run("INSERT INTO t VALUES (0.1), (9007199254740993), (1e20), (1e-7), ('1.50'), (0.1 + 0.2)");
    BOOST_TEST(lines(at, "SELECT v FROM t") ==
                   (texts{"0.1", "9007199254740993", "100000000000000000000", "0.0000001", "1.50",
                          "0.30000000000000004"}),
               boost::test_tools::per_element());
    for (char const* const number :
         {"1e300", "-1.7976931348623157e308", "2.2250738585072014e-308"}) {
        std::string const text = lines(at, std::string("SELECT ") + number + " AS v").front();
        BOOST_TEST(text.find_first_not_of("-.0123456789") == text.npos, text);
        BOOST_TEST(std::stod(text) == std::stod(number), boost::test_tools::tolerance(1e-15));
    }
    BOOST_TEST(has(thrown([&] { lines(at, "SELECT x'00' AS v"); }), "column 'v' has a BLOB"));
}

BOOST_AUTO_TEST_CASE(an_error_in_the_middle_of_a_postgres_query_is_thrown) {
    postgres at;
    auto const reader = at.read("SELECT 10 / (5000 - n) AS q FROM generate_series(1, 9000) n");
    texts values;
    std::size_t rows = 0;
    std::string const why = thrown([&] {
        for (; reader->next(values);)
            ++rows;
    });
    BOOST_TEST(rows == 4999u);
    BOOST_TEST(has(why, "the query 'SELECT 10 / (5000 - n) AS q FROM generate_series(1, 9000) n': "
                        "PostgreSQL says: division by zero (SQLSTATE 22012)"));
    BOOST_TEST(has(thrown([&] { reader->next(values); }), "division by zero"));
}

BOOST_AUTO_TEST_CASE(an_error_in_the_middle_of_an_sqlite_query_is_thrown) {
    sqlite at;
    at.run("CREATE TABLE t (v)");
    at.run("INSERT INTO t VALUES ('1'), ('{'), ('3')");
    auto const reader = at.read("SELECT json(v) AS v FROM t");
    texts values;
    BOOST_TEST(reader->next(values));
    std::string const query = "the query 'SELECT json(v) AS v FROM t': ";
    BOOST_TEST(has(thrown([&] { reader->next(values); }), query + "SQLite says: malformed JSON"));
    BOOST_TEST(has(thrown([&] { reader->next(values); }), query + "it failed before"));
}

namespace {

struct column {
    char const* key;
    char const* field;
};
constexpr column fields[] = {{"mail", "C_EmailAddress"},
                             {"last", "C_LastName"},
                             {"address", "C_Address1"},
                             {"country", "C_Country"}};

bulk::record_columns contact_columns() {
    std::vector<bulk::record_column> made;
    for (column const& each : fields)
        made.push_back(bulk::field_column(each.key, each.field));
    return bulk::record_columns(made);
}

} // namespace

// Faults break the export off; each time, a new client and a new store resume it.
BOOST_AUTO_TEST_CASE_TEMPLATE(an_export_with_faults_comes_back_by_an_import, Store, both) {
    Store at;
    bulk::record_columns const columns = contact_columns();
    bulk::simulator eloqua;
    eloqua.generate_contacts(5'000);
    auto client_of = [](bulk::simulator& service) {
        bulk::client_options options;
        options.retry.attempts = 1;
        return bulk::client(service, bulk::basic_credentials("Company", "user", "secret"), options);
    };
    bulk::fault_plan plan;
    plan.at("GET /syncs/{id}/data", 1, bulk::fault::cut(100'000));
    plan.at("GET /syncs/{id}/data", 3, bulk::fault::cut(250'000));
    plan.at("POST /syncs", 1, bulk::fault::server_error(1));
    eloqua.inject(plan);
    bulk::export_options options;
    options.batch_rows = 100;
    options.page_rows = 2'000;
    options.read_ahead = false;
    int runs = 0;
    for (bool done = false; !done && runs != 20; ++runs) {
        typename Store::sink sink(
            at.where(),
            {"contact", {"mail", "last", "address", "country"}, "contacts", "mail", true});
        auto const client = client_of(eloqua);
        done = bulk::export_records_into(client, bulk::contacts, columns, sink, bulk::all_rows,
                                         options)
                   .get()
                   .has_value();
    }
    BOOST_TEST(runs > 2);
    BOOST_TEST(runs < 20);
    BOOST_TEST(lines(at, "SELECT count(*) AS n FROM contact") == texts{"5000"},
               boost::test_tools::per_element());

    bulk::simulator other;
    auto const importer = client_of(other);
    auto const reader = at.read("SELECT * FROM contact ORDER BY mail");
    auto const report =
        importer.import_records(bulk::contacts, columns, "mail", reader->records(columns)).value();
    BOOST_TEST(report.created == 5'000);
    auto rows_of = [&](bulk::simulator& service) {
        std::vector<texts> all;
        auto source = client_of(service).export_records(bulk::contacts, columns);
        for (bulk::record const& each : source)
            all.push_back({each[0], each[1], each[2], each[3]});
        std::ranges::sort(all);
        return all;
    };
    BOOST_TEST((rows_of(eloqua) == rows_of(other)));
}

BOOST_AUTO_TEST_SUITE_END()
