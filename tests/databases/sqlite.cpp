// SPDX-License-Identifier: BSL-1.0
// What only the store for SQLite does.
#include "stores.hpp"
#include <filesystem>
#include <span>
#include <string>
#include <vector>

using namespace stores;

namespace {

bulk::record_columns const columns = keyed({"id", "name"});
table_options people() {
    return {"People", {"id", "name"}, "contacts", {}, true};
}

} // namespace

BOOST_AUTO_TEST_SUITE(in_sqlite)

BOOST_AUTO_TEST_CASE(nul_characters_are_stored) {
    sqlite at;
    std::string const odd("a\0b\0", 4);
    sqlite_sink sink(at.where(), people());
    sink.append(records(columns, {{"1", odd}}), after(1)).value();
    sink.complete(after(1)).value();
    BOOST_TEST(lines(at, "SELECT name FROM People") == texts{odd},
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(names_are_equal_without_case) {
    sqlite at;
    at.run("CREATE TABLE PEOPLE (ID integer, Name text)");
    {
        sqlite_sink sink(at.where(), people());
        sink.append(records(columns, {{"007", "007"}}), after(1)).value();
        table_options lower = people();
        lower.table = "people";
        BOOST_TEST(has(thrown([&] { sqlite_sink other(at.where(), lower); }),
                       "another process exports into it"));
        sink.complete(after(1)).value();
    }
    BOOST_TEST(lines(at, "SELECT * FROM people") == texts{"7|007"}, // by type affinity
               boost::test_tools::per_element());
    table_options other = people();
    other.table = "pEOPLE";
    other.replace_complete = false;
    sqlite_sink sink(at.where(), other);
    BOOST_TEST(sink.last().value()->complete);
    other.columns = {"id", "ID"};
    BOOST_TEST(has(thrown([&] { sqlite_sink twice(at.where(), other); }), "several columns"));
}

BOOST_AUTO_TEST_CASE(a_symbolic_link_does_not_evade_the_lock) {
    sqlite at;
    sqlite_sink sink(at.where(), people());
    sink.begun(after(0)).value();
    auto const link = at.where().parent_path() / "link.db";
    std::filesystem::create_symlink(at.where(), link);
    BOOST_TEST(has(thrown([&] { sqlite_sink other(link, people()); }), "another process"));
}

BOOST_AUTO_TEST_CASE(a_table_that_drops_rows_is_an_error) {
    for (bool const keyed_rows : {false, true}) {
        sqlite at;
        at.run("CREATE TABLE people (id text PRIMARY KEY, name text)");
        at.run("CREATE TRIGGER drops BEFORE INSERT ON people WHEN new.name = 'B' BEGIN "
               "SELECT RAISE(IGNORE); END");
        table_options options = people();
        if (keyed_rows)
            options.key = "id";
        sqlite_sink sink(at.where(), options);
        sink.append(records(columns, {{"1", "A"}, {"2", "B"}, {"2", "B"}}), after(3)).value();
        BOOST_TEST(has(said(sink.complete(after(3))),
                       keyed_rows ? "it took 1 of 2 rows" : "it took 1 of 3 rows"));
        BOOST_TEST(lines(at, "SELECT * FROM people").empty());
        at.run("DROP TRIGGER drops");
        BOOST_TEST(!sink.last().value()->complete);
    }
}

// The conflicting rows of a table without a key replace each other.
BOOST_AUTO_TEST_CASE(a_table_that_replaces_rows_is_an_error) {
    sqlite at;
    at.run("CREATE TABLE people (id text PRIMARY KEY ON CONFLICT REPLACE, name text)");
    sqlite_sink sink(at.where(), people());
    sink.append(records(columns, {{"1", "A"}, {"1", "B"}}), after(2)).value();
    BOOST_TEST(has(said(sink.complete(after(2))), "it took 1 of 2 rows"));
}

BOOST_AUTO_TEST_CASE(databases_that_cannot_be_used_are_errors) {
    sqlite at;
    auto const folder = at.where().parent_path();
    BOOST_TEST(has(thrown([&] { sqlite_sink sink(folder / "nowhere" / "a.db", people()); }),
                   "cannot be opened: SQLite says: unable to open database file"));
    BOOST_TEST(has(thrown([&] { sqlite_sink sink(":memory:", people()); }),
                   "a database in memory could not be resumed"));
    at.run("CREATE TABLE people (id integer PRIMARY KEY, name text) STRICT");
    sqlite_sink sink(at.where(), people());
    sink.append(records(columns, {{"x", ""}}), after(1)).value();
    BOOST_TEST(
        has(said(sink.complete(after(1))), "table 'People': SQLite says: datatype mismatch"));
    BOOST_TEST(!sink.last().value()->complete);
}

BOOST_AUTO_TEST_SUITE_END()
