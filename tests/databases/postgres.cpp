// SPDX-License-Identifier: BSL-1.0
// What only the store for PostgreSQL does.
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>

#include "stores.hpp"
#include <string>
#include <vector>

using namespace stores;
namespace data = boost::unit_test::data;

namespace {

table_options typed() {
    return {"typed", {"n", "at", "yes", "name"}, "typed", {}, true};
}
bulk::record_columns const columns = keyed({"n", "at", "yes", "name"});
constexpr char const* create = "CREATE TABLE typed (n numeric(8,2) NOT NULL, at timestamptz, yes "
                               "boolean, name varchar(5), added text DEFAULT 'new')";

} // namespace

BOOST_AUTO_TEST_SUITE(in_postgres)

BOOST_AUTO_TEST_CASE(the_database_converts_values_to_the_types_of_the_table) {
    postgres at;
    at.run(create);
    postgres_sink sink(at.where(), typed());
    sink.append(records(columns, {{"0012.5", "2026-01-02 03:04:05.6+02", "true", "Żółć"},
                                  {"-1e2", "", "", ""}}),
                after(2))
        .value();
    sink.complete(after(2)).value();
    BOOST_TEST(lines(at, "SELECT * FROM typed ORDER BY n") ==
                   (texts{"-100.00||||new", "12.50|2026-01-02 01:04:05.6+00|t|Żółć|new"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_value_of_another_type_is_refused_when_it_arrives) {
    postgres at;
    at.run(create);
    postgres_sink sink(at.where(), typed());
    auto const first = records(columns, {{"1", "", "", ""}});
    sink.append(first, after(1)).value();
    auto const bad = records(columns, {{"2", "", "", ""}, {"3", "", "maybe", ""}});
    auto const refused = sink.append(bad, after(3));
    BOOST_TEST((refused.error().code == bulk::errc::store_failed));
    BOOST_TEST(said(refused) ==
               "the store of rows failed: table 'typed', rows 1 to 2: PostgreSQL says: invalid "
               "input syntax for type boolean: \"maybe\"; COPY eloqua_staging_typed, line 2, "
               "column yes: \"maybe\" (SQLSTATE 22P02)");
    BOOST_TEST(sink.last().value()->at.rows == 1);
    auto const blank = records(columns, {{"", "", "", ""}}); // its column is NOT NULL
    BOOST_TEST(has(said(sink.append(blank, after(2))), "column n: \"\""));
}

BOOST_AUTO_TEST_CASE(a_constraint_that_fails_at_the_end_leaves_the_old_rows) {
    postgres at;
    at.run(create);
    postgres_sink sink(at.where(), typed());
    sink.append(records(columns, {{"1", "", "", ""}}), after(1)).value();
    sink.complete(after(1)).value();
    at.run("ALTER TABLE typed ADD CONSTRAINT small CHECK (n < 2)");
    sink.append(records(columns, {{"3", "", "", ""}}), after(1, "/syncs/2")).value();
    BOOST_TEST(has(said(sink.complete(after(1, "/syncs/2"))), "violates check constraint"));
    BOOST_TEST(lines(at, "SELECT n FROM typed") == texts{"1.00"}, boost::test_tools::per_element());
    at.run("ALTER TABLE typed DROP CONSTRAINT small");
    BOOST_TEST(sink.last().value()->at.rows == 1);
    sink.complete(after(1, "/syncs/2")).value();
    BOOST_TEST(lines(at, "SELECT n FROM typed") == texts{"3.00"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_nul_character_is_an_error) {
    postgres at;
    postgres_sink sink(at.where(), typed());
    auto const rows = records(columns, {{"1", "", "", ""}, {"2", "", "", std::string("a\0b", 3)}});
    std::string const why = said(sink.append(rows, after(2)));
    BOOST_TEST(has(why, "table 'typed': row 1, column 'name': the text has a NUL character, which "
                        "PostgreSQL cannot store"));
    BOOST_TEST(!sink.last().value());
}

BOOST_DATA_TEST_CASE(
    passwords_are_refused_and_never_shown,
    data::make({"host=/tmp password=hunter2", "postgresql://me:hunter2@db.example.com/crm",
                "postgres://db/crm?password=hunter2", "host=/tmp sslpassword=hunter2",
                "host=/tmp password='hunter2", "postgres://me:hunt%zzhunter2@db/crm", "me hunter2",
                "postgresql://me:hunter2@[::1/crm"}),
    conninfo) {
    for (std::string const& why : {thrown([&] { postgres_sink sink(conninfo, typed()); }),
                                   thrown([&] { postgres_reader reader(conninfo, "SELECT 1"); })}) {
        BOOST_TEST(has(why, "the connection string of PostgreSQL"));
        BOOST_TEST(!has(why, "hunt"));
        if (has(why, "contains a password"))
            BOOST_TEST((has(why, "PGPASSFILE") && has(why, "PGSERVICE") && has(why, "PGPASSWORD")));
        else
            BOOST_TEST(has(why, "is malformed"));
    }
}

BOOST_AUTO_TEST_CASE(an_unreachable_server_may_be_tried_later) {
    try {
        postgres_sink sink("host=/nowhere dbname=crm", typed());
        BOOST_ERROR("it connected");
    } catch (bulk::error const& e) {
        BOOST_TEST((e.code() == bulk::condition::try_later));
        BOOST_TEST(has(e.what(), "PostgreSQL cannot be reached: connection to server on socket"));
    }
    postgres at;
    try {
        postgres_sink sink(at.where() + " dbname=nowhere", typed());
        BOOST_ERROR("it connected");
    } catch (bulk::error const& e) {
        BOOST_TEST((e.code() == bulk::errc::store_failed));
        BOOST_TEST(has(e.what(), "database \"nowhere\" does not exist"));
    }
}

BOOST_AUTO_TEST_CASE(a_schema_may_be_named) {
    postgres at;
    at.run("CREATE SCHEMA " + at.schema() + "_other");
    table_options options = typed();
    options.table = at.schema() + "_other.typed";
    postgres_sink sink(at.where(), options);
    sink.append(records(columns, {{"1", "", "", ""}}), after(1)).value();
    sink.complete(after(1)).value();
    BOOST_TEST(lines(at, "SELECT n FROM " + options.table) == texts{"1"},
               boost::test_tools::per_element());
    BOOST_TEST(lines(at, "SELECT table_name FROM " + at.schema() + "_other.eloqua_export") ==
                   texts{"typed"},
               boost::test_tools::per_element());
    options.table = "nowhere.typed";
    BOOST_TEST(has(thrown([&] { postgres_sink other(at.where(), options); }),
                   "there is no schema 'nowhere'"));
}

BOOST_AUTO_TEST_CASE(letter_case_of_columns_matters) {
    postgres at;
    at.run("CREATE TABLE typed (n text, at text, yes text, Name text, \"NAME\" text)");
    table_options options = typed();
    options.columns[3] = "Name";
    std::string const why = thrown([&] { postgres_sink sink(at.where(), options); });
    BOOST_TEST(has(why, "columns 'Name'; it has 'name', 'NAME', and letter case matters"));
}

BOOST_AUTO_TEST_CASE(a_lost_connection_is_an_error_that_a_new_object_resumes_after) {
    postgres at;
    auto const rows = records(columns, {{"1", "", "", ""}, {"2", "", "", ""}});
    {
        postgres_sink sink(at.where(), typed());
        sink.append(std::span(rows).first(1), after(1)).value();
        at.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = '" +
               at.schema() + "' AND pid <> pg_backend_pid()");
        auto const lost = sink.append(std::span(rows).subspan(1), after(2));
        BOOST_TEST((lost.error().code == bulk::condition::try_later));
        BOOST_TEST(has(said(lost), "run this again: it resumes after the rows that are stored"));
        BOOST_TEST((sink.last().error().code == bulk::condition::try_later));
    }
    postgres_sink sink(at.where(), typed());
    BOOST_TEST(sink.last().value()->at.rows == 1);
    sink.append(std::span(rows).subspan(1), after(2)).value();
    sink.complete(after(2)).value();
    BOOST_TEST(lines(at, "SELECT n FROM typed ORDER BY n") == (texts{"1", "2"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_transaction_that_the_server_rolls_back_is_not_a_success) {
    postgres at;
    at.run("CREATE TABLE parents (n text PRIMARY KEY)");
    at.run("CREATE TABLE typed (n text REFERENCES parents DEFERRABLE INITIALLY DEFERRED, at text, "
           "yes text, name text)");
    postgres_sink sink(at.where(), typed());
    sink.append(records(columns, {{"1", "", "", ""}}), after(1)).value();
    auto const refused = sink.complete(after(1)); // by the check at the commit
    BOOST_TEST((refused.error().code == bulk::errc::store_failed));
    BOOST_TEST(has(said(refused), "commit: PostgreSQL says: insert or update on table \"typed\" "
                                  "violates foreign key constraint"));
    BOOST_TEST(!sink.last().value()->complete);
    at.run("INSERT INTO parents VALUES ('1')");
    sink.complete(after(1)).value();
    BOOST_TEST(lines(at, "SELECT n FROM typed") == texts{"1"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
