// SPDX-License-Identifier: BSL-1.0
// What the stores for both databases do alike.
#include "stores.hpp"
#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

using namespace stores;
using namespace std::chrono_literals;

namespace {

/// The options of a table with two columns.
table_options people(std::optional<std::string> key = {}) {
    return {"people", {"id", "name"}, "contacts: id, name", std::move(key), true};
}
bulk::record_columns const columns = keyed({"id", "name"});

/// Stores rows as one export, in batches of one.
template <class Sink>
void store(Sink& sink, std::vector<texts> const& rows, std::string const& sync = "/syncs/1") {
    sink.begun(after(0, sync)).value();
    std::int64_t n = 0;
    for (bulk::record const& each : records(columns, rows))
        sink.append(std::span(&each, 1), after(++n, sync)).value();
    sink.complete(after(n, sync)).value();
}

constexpr char const* all = "SELECT id, name FROM people ORDER BY id";

} // namespace

BOOST_AUTO_TEST_SUITE(sinks)

BOOST_AUTO_TEST_CASE_TEMPLATE(rows_are_resumed_at_the_stored_checkpoint, Store, both) {
    Store at;
    auto const rows = records(columns, {{"1", "Ana"}, {"2", "Bo"}, {"3", "Chloé"}});
    {
        typename Store::sink sink(at.where(), people());
        BOOST_TEST(!sink.last().value());
        sink.begun(after(0)).value();
        BOOST_TEST(sink.last().value()->at.text() == after(0).text());
        sink.append(std::span(rows).first(2), after(2)).value();
    }
    {
        typename Store::sink sink(at.where(), people());
        BOOST_TEST(sink.last().value()->at.text() == after(2).text());
        BOOST_TEST(!sink.last().value()->complete);
        BOOST_TEST(lines(at, all).empty()); // a table has only complete exports
        sink.append(std::span(rows).subspan(2), after(3)).value();
        BOOST_TEST(lines(at, all).empty());
        sink.complete(after(3)).value();
    }
    BOOST_TEST(lines(at, all) == (texts{"1|Ana", "2|Bo", "3|Chloé"}),
               boost::test_tools::per_element());
    BOOST_TEST(
        lines(at, "SELECT subject, complete FROM eloqua_export WHERE table_name = 'people'") ==
            texts{"contacts: id, name|1"},
        boost::test_tools::per_element());
    table_options kept = people();
    kept.replace_complete = false;
    typename Store::sink sink(at.where(), kept);
    BOOST_TEST(sink.last().value()->complete);
    BOOST_TEST(sink.last().value()->at.rows == 3);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(texts_are_stored_as_they_came, Store, both) {
    Store at;
    texts const odd = {"a\r\nb\tc",
                       "\\N",
                       "\\.",
                       "\\",
                       "back\\slash\\n",
                       "it's \"q\"",
                       "\xEF\xBF\xBD",
                       "\xF0\x9F\x98\x80 \xE7\x8E\x8B",
                       " blanks ",
                       "NULL",
                       "\x01\x1F\x7F",
                       "{\"a\": [1,2]}",
                       "\n",
                       "0012.50",
                       "$1 %s ? ; --",
                       "\xC2\x85\xE2\x80\xA8"};
    std::vector<texts> rows;
    for (std::size_t i = 0; i != odd.size(); ++i)
        rows.push_back({std::to_string(100 + i), odd[i]});
    typename Store::sink sink(at.where(), people());
    store(sink, rows);
    BOOST_TEST(lines(at, "SELECT name FROM people ORDER BY id") == odd,
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(blanks_are_null_unless_the_column_is_not, Store, both) {
    Store at;
    at.run("CREATE TABLE people (id text NOT NULL, name text, other text DEFAULT 'd')");
    typename Store::sink sink(at.where(), people());
    store(sink, {{"", "x"}, {"1", ""}});
    BOOST_TEST(lines(at,
                     "SELECT CASE WHEN id = '' THEN 'empty' ELSE id END AS shown, coalesce(name, "
                     "'null'), other FROM people ORDER BY id") == (texts{"empty|x|d", "1|null|d"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(old_rows_stay_until_the_new_export_is_complete, Store, both) {
    Store at;
    texts const old = {"1|Ana", "2|Bo"};
    {
        typename Store::sink sink(at.where(), people());
        store(sink, {{"1", "Ana"}, {"2", "Bo"}});
    }
    auto const rows = records(columns, {{"3", "Chloé"}});
    {
        typename Store::sink sink(at.where(), people());
        BOOST_TEST(!sink.last().value()); // so a new export begins
        sink.begun(after(0, "/syncs/2")).value();
        sink.append(rows, after(1, "/syncs/2")).value();
    }
    BOOST_TEST(lines(at, all) == old, boost::test_tools::per_element());
    {
        typename Store::sink sink(at.where(), people());
        BOOST_TEST(sink.last().value()->at.rows == 1);
        BOOST_TEST(lines(at, all) == old, boost::test_tools::per_element());
        sink.complete(after(1, "/syncs/2")).value();
        BOOST_TEST(lines(at, all) == texts{"3|Chloé"}, boost::test_tools::per_element());
    }
    typename Store::sink sink(at.where(), people());
    store(sink, {}, "/syncs/3");
    BOOST_TEST(lines(at, all).empty());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(rows_are_merged_by_key_and_the_last_wins, Store, both) {
    Store at;
    table_options options = people("id");
    {
        typename Store::sink sink(at.where(), options);
        store(sink, {{"1", "Ana"}, {"2", "Bo"}, {"1", "Anna"}, {"1", "Anne"}});
    }
    BOOST_TEST(lines(at, all) == (texts{"1|Anne", "2|Bo"}), boost::test_tools::per_element());
    {
        typename Store::sink sink(at.where(), options);
        BOOST_TEST(!sink.last().value());
        store(sink, {{"3", "Chloé"}, {"2", ""}}, "/syncs/2");
    }
    BOOST_TEST(lines(at, all) == (texts{"1|Anne", "2|", "3|Chloé"}),
               boost::test_tools::per_element());
    // A key without other columns only adds rows.
    options.columns = {"id"};
    typename Store::sink sink(at.where(), options);
    store(sink, {{"4", "ignored"}, {"1", "ignored"}}, "/syncs/3");
    BOOST_TEST(lines(at, all) == (texts{"1|Anne", "2|", "3|Chloé", "4|"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_blank_key_is_an_error_and_stores_nothing, Store, both) {
    Store at;
    typename Store::sink sink(at.where(), people("id"));
    sink.begun(after(0)).value();
    auto const rows = records(columns, {{"1", "Ana"}, {"", "Bo"}});
    std::string const why = said(sink.append(rows, after(2)));
    BOOST_TEST(has(why, "table 'people': row 1, column 'id': the key is blank"));
    BOOST_TEST(sink.last().value()->at.rows == 0);
    BOOST_TEST(lines(at, "SELECT * FROM eloqua_staging_people").empty());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_key_needs_a_unique_index, Store, both) {
    Store at;
    at.run("CREATE TABLE people (id text, name text)");
    std::string const why = thrown([&] { typename Store::sink sink(at.where(), people("id")); });
    std::string const cure = "CREATE UNIQUE INDEX \"people_key\" ON ";
    BOOST_TEST_REQUIRE(has(why, cure));
    at.run(why.substr(why.find(cure))); // the advice works
    typename Store::sink sink(at.where(), people("id"));
    store(sink, {{"1", "Ana"}});
}

BOOST_AUTO_TEST_CASE_TEMPLATE(missing_columns_are_named_before_anything_is_written, Store, both) {
    Store at;
    at.run("CREATE TABLE people (id text)");
    std::string const why = thrown([&] { typename Store::sink sink(at.where(), people()); });
    BOOST_TEST(has(why, "the store of rows failed: table 'people': it exists, but does not have "
                        "the columns 'name'"));
    BOOST_CHECK_THROW(lines(at, "SELECT * FROM eloqua_export"), bulk::error);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(rows_of_others_are_never_deleted, Store, both) {
    Store at;
    at.run("CREATE TABLE people (id text PRIMARY KEY, name text)");
    at.run("INSERT INTO people VALUES ('7', 'Mine')");
    {
        typename Store::sink sink(at.where(), people());
        BOOST_TEST(has(said(sink.last()), "rows that may not come from an export"));
        BOOST_TEST(has(said(sink.begun(after(0))), "rows that may not come from an export"));
    }
    {
        typename Store::sink sink(at.where(), people("id"));
        store(sink, {{"1", "Ana"}});
    }
    {
        typename Store::sink sink(at.where(), people());
        BOOST_TEST(has(said(sink.last()), "rows that may not come from an export"));
    }
    BOOST_TEST(lines(at, all) == (texts{"1|Ana", "7|Mine"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(an_export_of_something_else_is_refused, Store, both) {
    Store at;
    {
        typename Store::sink sink(at.where(), people("id"));
        sink.begun(after(0)).value();
    }
    table_options other = people("id");
    other.subject = "accounts: it's";
    {
        typename Store::sink sink(at.where(), other);
        std::string const why = said(sink.last());
        BOOST_TEST(has(why, "an unfinished export of another subject: 'contacts: id, name', not "
                            "'accounts: it's'"));
        BOOST_TEST(has(why, "DELETE FROM "));
        BOOST_TEST(has(said(sink.begun(after(0))), "another subject"));
    }
    {
        typename Store::sink sink(at.where(), people());
        BOOST_TEST(has(said(sink.last()), "it has an unfinished export with the key 'id'"));
    }
    typename Store::sink sink(at.where(), people("id"));
    BOOST_TEST(has(said(sink.append(records(columns, {{"1", "Ana"}}), after(6))),
                   "it has 0 rows of the export, but the next one has the number 5"));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(long_subjects_are_shown_where_they_differ, Store, both) {
    Store at;
    std::string const long_text(300, 'x'),
        same = "é = 1, and where the city is: "; // from inside of the é
    table_options options = people();
    options.subject = "contacts: " + long_text + same + "A" + long_text;
    {
        typename Store::sink sink(at.where(), options);
        store(sink, {{"1", "Ana"}});
    }
    options.subject = "contacts: " + long_text + same + "B";
    typename Store::sink sink(at.where(), options);
    BOOST_TEST(has(said(sink.last()), "another subject: '..." + same + "A" +
                                          long_text.substr(0, 68) + "...', not '..." + same +
                                          "B'"));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(rows_of_another_instance_are_refused, Store, both) {
    for (bool const by_key : {true, false})
        for (bool const cleared : {true, false}) {
            Store at;
            table_options const options = by_key ? people("id") : people();
            bulk::export_checkpoint here = after(1), there = after(0);
            here.instance = "1@https://a.example.com";
            there.instance = "2@https://b.example.com";
            {
                typename Store::sink sink(at.where(), options);
                sink.append(records(columns, {{"1", "Ana"}}), here).value();
                sink.complete(here).value();
                if (cleared) {
                    sink.append(records(columns, {{"2", "Bo"}}), here).value();
                    sink.clear().value();
                }
            }
            typename Store::sink sink(at.where(), options);
            BOOST_TEST(!sink.last().value());
            BOOST_TEST(has(said(sink.begun(there)),
                           "its rows belong to the instance '1@https://a.example.com', but this is "
                           "'2@https://b.example.com'; use another table, or empty this one"));
            BOOST_TEST(lines(at, all) == texts{"1|Ana"}, boost::test_tools::per_element());
            here.rows = 0;
            here.known_row = -1;
            sink.begun(here).value();
            sink.clear().value();
            at.run("DELETE FROM people");
            sink.begun(there).value();
            sink.complete(there).value();
        }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(an_unfinished_export_of_changes_is_not_one_of_all_rows, Store, both) {
    Store at;
    table_options options = people("id");
    options.of_changes = true;
    {
        typename Store::sink sink(at.where(), options);
        sink.append(records(columns, {{"1", "Ana"}}), after(1)).value();
    }
    options.of_changes = false;
    {
        typename Store::sink sink(at.where(), options);
        auto const refused = sink.last();
        BOOST_TEST_REQUIRE(refused.has_error());
        BOOST_TEST((refused.error().code == bulk::errc::other_export));
        BOOST_TEST(has(said(refused), "an unfinished export of changes"));
    }
    options.of_changes = true;
    typename Store::sink sink(at.where(), options);
    BOOST_TEST(sink.last().value()->at.rows == 1);
    sink.complete(after(1)).value();
    sink.append(records(columns, {{"2", "Ben"}}), after(1)).value(); // of the next export
}

BOOST_AUTO_TEST_CASE_TEMPLATE(an_export_of_all_rows_starts_over_after_one_of_changes, Store, both) {
    for (bool const changes_first : {true, false}) {
        Store at;
        table_options options = people("id");
        options.of_changes = changes_first;
        {
            typename Store::sink sink(at.where(), options);
            sink.append(records(columns, {{"1", "Ana"}}), after(1)).value();
        }
        options.of_changes = !changes_first;
        typename Store::sink sink(at.where(), options);
        BOOST_TEST(sink.last().has_error() == changes_first);
        sink.clear().value();
        sink.append(records(columns, {{"2", "Ben"}}), after(1)).value();
        sink.complete(after(1)).value();
        BOOST_TEST(lines(at, all) == texts{"2|Ben"}, boost::test_tools::per_element());
    }
}

BOOST_AUTO_TEST_CASE_TEMPLATE(only_one_export_at_a_time, Store, both) {
    Store at;
    auto first = std::make_unique<typename Store::sink>(at.where(), people());
    std::string const why = thrown([&] { typename Store::sink sink(at.impatient(), people()); });
    BOOST_TEST(has(why, "the file or table is in use: table 'people': another process exports"));
    table_options other = people();
    other.table = "others";
    typename Store::sink elsewhere(at.where(), other); // another table is free
    first.reset();
    typename Store::sink second(at.where(), people());
    store(second, {{"1", "Ana"}});
    store(elsewhere, {{"1", "Bo"}});
    BOOST_TEST(lines(at, all) == texts{"1|Ana"}, boost::test_tools::per_element());
}

// Locks may not work, for example on a network's file system or through a pool of connections.
BOOST_AUTO_TEST_CASE_TEMPLATE(a_changed_checkpoint_stops_the_export, Store, both) {
    Store at;
    typename Store::sink sink(at.where(), people());
    sink.begun(after(0)).value();
    at.run("UPDATE eloqua_export SET checkpoint = '" + after(0, "/syncs/2").text() + "'");
    std::string const why = said(sink.append(records(columns, {{"1", "Ana"}}), after(1)));
    BOOST_TEST(has(why, "another process has changed its export"));
    BOOST_TEST(lines(at, "SELECT * FROM eloqua_staging_people").empty());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(staged_rows_must_be_those_of_the_checkpoint, Store, both) {
    Store at;
    {
        typename Store::sink sink(at.where(), people());
        sink.append(records(columns, {{"1", "Ana"}, {"2", "Bo"}}), after(2)).value();
    }
    at.run("DELETE FROM eloqua_staging_people WHERE id = '1'");
    {
        typename Store::sink sink(at.where(), people());
        BOOST_TEST(has(said(sink.last()), "has 1 rows in table 'eloqua_staging_people', but its "
                                          "checkpoint says 2"));
    }
    at.run("DROP TABLE eloqua_staging_people");
    typename Store::sink sink(at.where(), people());
    BOOST_TEST(has(said(sink.last()), "the rows of its unfinished export are gone"));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_cleared_store_starts_over, Store, both) {
    Store at;
    typename Store::sink sink(at.where(), people());
    store(sink, {{"1", "Ana"}});
    sink.append(records(columns, {{"2", "Bo"}}), after(1, "/syncs/2")).value();
    sink.clear().value();
    BOOST_TEST(!sink.last().value());
    BOOST_TEST(lines(at, all) == texts{"1|Ana"}, boost::test_tools::per_element());
    store(sink, {{"3", "Chloé"}}, "/syncs/3");
    BOOST_TEST(lines(at, all) == texts{"3|Chloé"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_table_has_a_copy_of_the_mark_of_its_rows, Store, both) {
    Store at;
    bulk::timestamp const first(std::chrono::sys_days(2025y / 3 / 8) + 12h + 345ms);
    auto const until = [&] {
        typename Store::sink sink(at.where(), people("id"));
        return sink.changes_until().value();
    };
    {
        typename Store::sink sink(at.where(), people("id"));
        BOOST_TEST(!sink.changes_until().value()); // there is no table
        store(sink, {{"1", "Ana"}});
        BOOST_TEST(!sink.changes_until().value());
        sink.set_changes_until(first).value();
        BOOST_TEST((sink.changes_until().value() == first));
    }
    BOOST_TEST((until() == first));
    bulk::timestamp const exact = first + bulk::timestamp::duration(1);
    {
        typename Store::sink sink(at.where(), people("id"));
        store(sink, {{"2", "Bo"}}, "/syncs/2");
        BOOST_TEST((sink.changes_until().value() == first)); // merged rows change nothing
        sink.set_changes_until(exact).value();
    }
    BOOST_TEST((until() == exact));
    at.run("DELETE FROM people");
    BOOST_TEST(!until());
    {
        // Rows of another kind of export do not bring it back.
        typename Store::sink sink(at.where(), people("id"));
        store(sink, {{"3", "Chloé"}}, "/syncs/3");
        BOOST_TEST(!sink.changes_until().value());
        sink.set_changes_until(exact).value();
    }
    BOOST_TEST((until() == exact));
    at.run("DROP TABLE people");
    BOOST_TEST(!until());
    typename Store::sink sink(at.where(), people("id"));
    store(sink, {{"4", "Dan"}}, "/syncs/4");
    BOOST_TEST(!sink.changes_until().value());
    sink.set_changes_until(std::nullopt).value();
    BOOST_TEST(!sink.changes_until().value());
    at.run("UPDATE eloqua_export SET changes_until = 'soon'");
    BOOST_TEST(has(said(sink.changes_until()), "is not a time: 'soon'"));
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_mark_needs_a_key_and_a_complete_export, Store, both) {
    Store at;
    {
        typename Store::sink sink(at.where(), people());
        bulk::failure const why = sink.changes_until().error();
        BOOST_TEST((why.code == bulk::errc::invalid_argument), why.message());
        BOOST_TEST(has(why.message(), "would replace all rows"));
    }
    typename Store::sink sink(at.where(), people("id"));
    sink.begun(after(0)).value();
    bulk::failure const why = sink.set_changes_until(bulk::timestamp()).error();
    BOOST_TEST((why.code == bulk::errc::in_use), why.message());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(a_state_table_without_marks_gets_them, Store, both) {
    Store at;
    at.run("CREATE TABLE eloqua_export (table_name text PRIMARY KEY, subject text NOT NULL, "
           "merge_key text NOT NULL, checkpoint text NOT NULL, complete integer NOT NULL)");
    at.run("CREATE TABLE people (id text PRIMARY KEY, name text)");
    at.run("INSERT INTO people VALUES ('1', 'Ana')");
    at.run("INSERT INTO eloqua_export VALUES ('people', 'contacts: id, name', 'id', '" +
           after(1).text() + "', 1)");
    typename Store::sink sink(at.where(), people("id"));
    BOOST_TEST(!sink.last().value());
    BOOST_TEST(!sink.changes_until().value());
    store(sink, {{"2", "Bo"}}, "/syncs/2");
    sink.set_changes_until(bulk::timestamp()).value();
    BOOST_TEST((sink.changes_until().value() == bulk::timestamp()));
    BOOST_TEST(lines(at, all) == (texts{"1|Ana", "2|Bo"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(names_are_quoted, Store, both) {
    Store at;
    texts const names = {"a \"b\"", "it's", "select", "x; DROP TABLE people", "Żółć"};
    std::string const table = "we\"ird'; DROP TABLE people; --";
    at.run("CREATE TABLE people (id text)");
    for (int i = 0; i != 2; ++i) {
        typename Store::sink sink(at.where(), {table, names, "s", "it's", true});
        auto const row = records(keyed(names), {{"1", "2", "3", "4", "5"}});
        sink.append(row, after(1)).value();
        sink.complete(after(1)).value();
    }
    BOOST_TEST(lines(at, "SELECT * FROM \"we\"\"ird'; DROP TABLE people; --\"") ==
                   texts{"1|2|3|4|5"},
               boost::test_tools::per_element());
    BOOST_TEST(lines(at, "SELECT * FROM people").empty());
}

BOOST_AUTO_TEST_CASE_TEMPLATE(options_that_cannot_work_are_refused, Store, both) {
    Store at;
    auto refused = [&](auto change) {
        table_options options = people();
        change(options);
        return thrown([&] { typename Store::sink sink(at.where(), options); });
    };
    BOOST_TEST(has(refused([](auto& o) { o.table = ""; }), "the name of a table is empty"));
    BOOST_TEST(has(refused([](auto& o) { o.table = "Eloqua_Export"; }), "is reserved"));
    BOOST_TEST(has(refused([](auto& o) { o.table = "eloqua_staging_x"; }), "is reserved"));
    BOOST_TEST(has(refused([](auto& o) { o.table = std::string(49, 'x'); }), "at most 48"));
    BOOST_TEST(has(refused([](auto& o) { o.columns = {}; }), "there are no columns"));
    BOOST_TEST(has(refused([](auto& o) { o.columns = {"a", "a"}; }), "several columns 'a'"));
    BOOST_TEST(has(refused([](auto& o) { o.columns[0] = "eloqua_row_number"; }), "reserved name"));
    BOOST_TEST(has(refused([](auto& o) { o.columns[0] = std::string("a\0b", 3); }), "NUL"));
    BOOST_TEST(has(refused([](auto& o) { o.key = "age"; }), "'age' is not one of the columns"));
    at.run("CREATE VIEW people AS SELECT 'a' AS id, 'b' AS name");
    BOOST_TEST(has(refused([](auto&) {}), "a view"));
    typename Store::sink sink(at.where(), {"t", {"age"}, "s", {}, true});
    BOOST_TEST(has(said(sink.append(records(columns, {{"1", "Ana"}}), after(1))),
                   "the exported records have no column 'age'"));
}

BOOST_AUTO_TEST_SUITE_END()
