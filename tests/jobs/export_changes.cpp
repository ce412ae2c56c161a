// SPDX-License-Identifier: BSL-1.0
// Exports of changes, night after night: no change is lost, whatever happens in between.
#include <eloqua/bulk/export_changes.hpp>
#include <eloqua/bulk/simulator.hpp>

#include <boost/describe.hpp>
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "memory_disk.hpp"
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <span>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace bulk = eloqua::bulk;
namespace data = boost::unit_test::data;
using namespace std::chrono_literals;
using bulk::activity_type;
using bulk::literal_zone;
using memory_disk::crash;
using memory_disk::disk;
using memory_disk::loss;
using std::chrono::sys_days;

namespace {

bulk::basic_credentials const me{"Company", "user", "secret"};
auto const opens = bulk::activities_of(activity_type::EmailOpen);

struct opened {
    std::string id;
    std::optional<std::chrono::sys_time<std::chrono::milliseconds>> at;
    std::string asset;
    using eloqua_fields = bulk::fields<bulk::attribute<&opened::id, "ExternalId">,
                                       bulk::attribute<&opened::at, "CreatedAt">,
                                       bulk::attribute<&opened::asset, "Asset.Name">>;
};
BOOST_DESCRIBE_STRUCT(opened, (), (id, at, asset))

struct person {
    std::string email;
    std::string city;
    std::chrono::sys_time<std::chrono::milliseconds> updated;
    using eloqua_fields = bulk::fields<bulk::field<&person::email, "C_EmailAddress">,
                                       bulk::field<&person::city, "C_City">,
                                       bulk::attribute<&person::updated, "UpdatedAt">>;
};
BOOST_DESCRIBE_STRUCT(person, (), (email, city, updated))

/// A service, a disk, and the ids that the receiver of the files has got.
struct world {
    explicit world(literal_zone zone = literal_zone::as_exported) : eloqua(options_with(zone)) {
        options.page_rows = 5;
        options.checkpoint_rows = 5;
        options.batch_rows = 5;
        options.files = &files;
        options.format = bulk::file_format::csv;
    }
    world(world const&) = delete;
    static bulk::simulator_options options_with(literal_zone zone) {
        bulk::simulator_options o;
        o.filter_times = zone;
        o.start_time = sys_days(2025y / 3 / 8); // a day before a change of the clocks
        return o;
    }
    /// Activities of the next `hours`, and one that is recorded late.
    void pass(int hours) {
        for (int i = 0; i != hours; ++i) {
            add(eloqua.service_time());
            eloqua.advance(1h);
        }
        add(eloqua.service_time() - std::chrono::hours(hours) - 40min);
    }
    void add(bulk::timestamp at, activity_type type = activity_type::EmailOpen) {
        auto const id = eloqua.add_activity(type, 0, {}, at);
        all.insert(eloqua.value("/activities", id, "ExternalId"));
    }
    bulk::result<bulk::changes_export> run() {
        bulk::client const client(eloqua, me);
        return bulk::export_changes_to_file<&opened::at>(client, opens, "out", "mark",
                                                         bulk::all_rows, options)
            .get();
    }
    /// Reads the file, once an export is complete.
    std::size_t receive() {
        std::string const text = files.content("out").value();
        std::size_t rows = 0;
        for (std::size_t at = text.find('\n') + 1; at < text.size(); at = text.find('\n', at) + 1) {
            got.insert(text.substr(at, text.find(',', at) - at));
            ++rows;
        }
        return rows;
    }
    bulk::change_mark mark() {
        bulk::mark_file file("mark", files);
        return file.load().value().value();
    }

    bulk::simulator eloqua;
    disk files;
    bulk::export_changes_file_options options;
    std::set<std::string> all, got;
};

} // namespace

BOOST_AUTO_TEST_SUITE(export_changes)

BOOST_DATA_TEST_CASE(each_night_has_what_changed, data::xrange(3), zone) {
    world w(literal_zone(zone == 0   ? literal_zone::as_exported
                         : zone == 1 ? literal_zone::us_eastern
                                     : literal_zone::us_eastern_standard));
    w.pass(30);
    bulk::changes_export const first = w.run().value();
    BOOST_TEST(!first.since);
    BOOST_TEST(w.receive() == w.all.size());
    BOOST_TEST(first.key == "id");
    for (int night = 0; night != 3; ++night) {
        std::size_t const before = w.all.size();
        w.pass(24);
        bulk::changes_export const next = w.run().value();
        std::size_t const came = w.receive();
        BOOST_TEST(came >= w.all.size() - before);
        BOOST_TEST(came <= w.all.size() - before + 9); // the overlap, and the unknown zone
        BOOST_TEST((w.got == w.all), "night " << night);
        BOOST_TEST((next.until > first.until));
        BOOST_TEST((w.mark().until == next.until));
        BOOST_TEST(!w.mark().running);
    }
    // Nothing has changed but what the overlap repeats.
    auto const until = w.mark().until;
    w.run().value();
    BOOST_TEST((w.mark().until == until));
    std::ostringstream shown;
    shown << w.run().value();
    BOOST_TEST(shown.str().find("; changed since 2025-03-12 ") != std::string::npos, shown.str());
    BOOST_TEST(shown.str().find("; the mark is 2025-03-12 ") != std::string::npos, shown.str());
}

BOOST_AUTO_TEST_CASE(a_crash_at_each_request_of_two_nights) {
    std::mt19937 random(5);
    for (bool const done : {false, true})
        for (int at = 0;; ++at) {
            world w(literal_zone::us_eastern);
            bool crashed = false;
            w.eloqua.intercept(
                [&, n = 0](bulk::request const& q) mutable -> std::optional<bulk::response> {
                    if (n++ != at)
                        return std::nullopt;
                    crashed = true;
                    if (done)
                        (void)w.eloqua.handle(q);
                    throw crash();
                });
            BOOST_TEST_CONTEXT("request " << at << ", carried out: " << done)
            for (int night = 0; night != 2; ++night) {
                w.pass(12);
                try {
                    (void)w.run().value();
                } catch (crash const&) {
                    w.files.reboot(loss::at_will, random);
                    auto const again = w.run();
                    BOOST_TEST_REQUIRE(!again.has_error(), again.error().message());
                }
                w.receive();
                BOOST_TEST((w.got == w.all), "night " << night);
            }
            if (!crashed) {
                BOOST_TEST(at > 15);
                break;
            }
        }
}

BOOST_AUTO_TEST_CASE(a_crash_at_each_operation_on_files) {
    std::mt19937 random(6);
    for (loss const what : {loss::none, loss::all, loss::at_will})
        for (std::size_t k = 1;; ++k) {
            world w;
            w.pass(12);
            w.run().value();
            w.receive();
            w.pass(12);
            auto const before = w.mark().until;
            w.files.crash_at = w.files.operations + k;
            bool crashed = false;
            try {
                (void)w.run().value();
            } catch (crash const&) {
                crashed = true;
            }
            w.files.reboot(what, random);
            BOOST_TEST_CONTEXT("operation " << k << ", loss " << int(what)) {
                auto const until = w.mark().until;
                BOOST_TEST((until >= before)); // the old mark or the new one
                if (until != before)
                    w.receive(); // what the new mark covers is in the file
                w.run().value();
                w.receive();
                BOOST_TEST((w.got == w.all));
            }
            if (!crashed) {
                BOOST_TEST(k > 20u);
                break;
            }
        }
}

BOOST_AUTO_TEST_CASE(late_bouncebacks_come_within_three_days) {
    world w;
    auto const bounces = bulk::activities_of(activity_type::Bounceback);
    auto const run = [&](std::optional<std::chrono::seconds> overlap) {
        w.options.overlap = overlap;
        bulk::client const client(w.eloqua, me);
        (void)bulk::export_changes_to_file<&opened::at>(client, bounces, "out", "mark",
                                                        bulk::all_rows, w.options)
            .value();
        w.got.clear();
        return w.receive();
    };
    w.eloqua.advance(240h);
    w.add(w.eloqua.service_time(), activity_type::Bounceback);
    BOOST_TEST(run(std::nullopt) == 1u);
    w.add(w.eloqua.service_time() - 60h, activity_type::Bounceback);
    BOOST_TEST(run(std::nullopt) == 2u);
    BOOST_TEST(run(2h) == 1u);
}

BOOST_AUTO_TEST_CASE(only_the_entity_proves_that_there_are_no_bouncebacks) {
    using bulk::detail::overlap_of;
    auto const plan = [](auto const& entity) { return bulk::detail::plan_for<opened>(entity); };
    bulk::change_options how;
    BOOST_TEST(overlap_of(how, plan(opens)).count() == 3'600);
    BOOST_TEST(overlap_of(how, plan(bulk::activities_of(activity_type::Bounceback))).count() ==
               3 * 86'400);
    BOOST_TEST(overlap_of(how, plan(bulk::activities)).count() == 3 * 86'400);
    BOOST_TEST(overlap_of(how, bulk::detail::plan_for<person>(bulk::contacts)).count() == 3'600);
    how.overlap = 5s;
    BOOST_TEST(overlap_of(how, plan(bulk::activities)).count() == 5);
}

BOOST_AUTO_TEST_CASE(times_of_the_future_do_not_move_the_mark) {
    world w;
    w.pass(10);
    bulk::timestamp const now = w.eloqua.service_time();
    w.add(now + 1'000h);
    bulk::changes_export const done = w.run().value();
    BOOST_TEST((done.until >= now));
    BOOST_TEST((done.until < now + 1min));
    w.receive();
    w.pass(10);
    w.run().value();
    w.receive();
    BOOST_TEST((w.got == w.all));
}

BOOST_AUTO_TEST_CASE(without_the_time_of_the_sync_the_mark_stays) {
    world w;
    w.pass(10);
    bool inside = false;
    w.eloqua.intercept([&](bulk::request const& q) -> std::optional<bulk::response> {
        if (inside || q.target.find("/syncs") == q.target.npos)
            return std::nullopt;
        inside = true;
        bulk::response answer = w.eloqua.handle(q);
        inside = false;
        for (std::size_t at; (at = answer.body.find("\"createdAt\"")) != answer.body.npos;)
            answer.body.replace(at, 11, "\"otherTime\"");
        return answer;
    });
    bulk::changes_export const done = w.run().value();
    BOOST_TEST(!done.until);
    BOOST_TEST(done.receipt.warnings.size() == 1u);
    BOOST_TEST(done.receipt.warnings.at(0).find("the mark stays as it was") != std::string::npos);
    BOOST_TEST(w.receive() == w.all.size());
}

BOOST_AUTO_TEST_CASE(a_changed_field_is_reported_before_anything_is_written) {
    bulk::simulator eloqua;
    disk files;
    bulk::export_changes_file_options options;
    options.files = &files;
    eloqua.add_record("/contacts", {{"C_EmailAddress", "a@example.com"}, {"C_City", "Gent"}});
    bulk::client const client(eloqua, me);
    auto const run = [&] {
        return bulk::export_changes_to_file<&person::updated>(client, bulk::contacts, "out", "mark",
                                                              bulk::all_rows, options)
            .get();
    };
    run().value();
    std::string const file = files.content("out").value();
    std::string const journal = files.content("out.journal").value();
    std::string const mark = files.content("mark").value();
    auto const definitions = eloqua.requests("POST /contacts/exports");
    auto const refused = [&](std::string const& why) {
        auto const came = run();
        BOOST_TEST_REQUIRE(came.has_error());
        BOOST_TEST((came.error().code == bulk::errc::fields_do_not_fit));
        BOOST_TEST(came.error().message().find(why) != std::string::npos, came.error().message());
        BOOST_TEST(files.content("out").value() == file);
        BOOST_TEST(files.content("out.journal").value() == journal);
        BOOST_TEST(files.content("mark").value() == mark);
        BOOST_TEST(eloqua.requests("POST /contacts/exports") == definitions);
    };
    std::string replaced = "\"C_City\"", by = "\"C_Town\"";
    bool inside = false;
    eloqua.intercept([&](bulk::request const& q) -> std::optional<bulk::response> {
        if (inside || q.target.find("/contacts/fields") == q.target.npos)
            return std::nullopt;
        inside = true;
        bulk::response answer = eloqua.handle(q);
        inside = false;
        for (std::size_t at; (at = answer.body.find("C_City")) != answer.body.npos;)
            answer.body.replace(at, 6, "C_Town");
        return answer;
    });
    refused("'city' ({{Contact.Field(C_City)}})"); // renamed: the same client notices, too
    eloqua.intercept({});
    bulk::field_definition city;
    city.name = "City";
    city.internalName = "C_City";
    city.dataType = bulk::data_type::number;
    city.statement = "{{Contact.Field(C_City)}}";
    city.uri = "/contacts/fields/100010";
    BOOST_TEST(eloqua.set_fields({city}).empty());
    refused("the field of column 'city' ({{Contact.Field(C_City)}}) was of type string when the "
            "mark was stored, and is of type number");
    options.accept_changed_columns = true;
    run().value();
    options.accept_changed_columns = false;
    run().value();
}

BOOST_AUTO_TEST_CASE(a_mark_of_something_else_is_refused) {
    world w;
    w.options.destination = "warehouse";
    w.pass(5);
    w.run().value();
    bulk::client const client(w.eloqua, me);
    auto const why = [&](auto const& entity, auto const& filter, bulk::record_columns columns,
                         std::string key) {
        auto const came =
            bulk::export_changed_records_to_file(client, entity, std::move(columns), std::move(key),
                                                 "other", "mark", filter, w.options)
                .get();
        BOOST_TEST_REQUIRE(came.has_error());
        BOOST_TEST((came.error().code == bulk::errc::invalid_mark), came.error().message());
        BOOST_TEST(!w.files.content("other"));
        return came.error().message();
    };
    auto const has = [](std::string const& text, std::string const& part) {
        BOOST_TEST(text.find(part) != text.npos, text);
    };
    auto const columns = [](std::string asset) {
        return bulk::record_columns({bulk::attribute_column("id", "ExternalId"),
                                     bulk::attribute_column("at", "CreatedAt"),
                                     bulk::attribute_column("asset", std::move(asset))});
    };
    has(why(bulk::activities_of(activity_type::EmailSend), bulk::all_rows, columns("Asset.Name"),
            "at"),
        "another entity: '/activities where '{{Activity.Type}}' = 'EmailOpen''");
    has(why(opens, bulk::where_column("asset") == "x", columns("Asset.Name"), "at"),
        "another filter: '', now ''{{Activity.Asset.Name}}' = 'x''");
    has(why(opens, bulk::all_rows, columns("Asset.Name"), "id"), "another column of times");
    has(why(opens, bulk::all_rows, columns("Asset.Id"), "at"),
        "column 'asset' was {{Activity.Asset.Name}} when the mark was stored, and is "
        "{{Activity.Asset.Id}}");
    bulk::record_columns const less(
        {bulk::attribute_column("id", "ExternalId"), bulk::attribute_column("at", "CreatedAt")});
    has(why(opens, bulk::all_rows, less, "at"), "no column 'asset' any more");
    // The same columns as records are the same export.
    BOOST_TEST(bulk::export_changed_records_to_file(client, opens, columns("Asset.Name"), "at",
                                                    "other", "mark", bulk::all_rows, w.options)
                   .value()
                   .since.has_value());
    bulk::simulator_options o;
    o.site = 99;
    bulk::simulator elsewhere(o);
    auto const came =
        bulk::export_changes_to_file<&opened::at>(bulk::client(elsewhere, me), opens, "third",
                                                  "mark", bulk::all_rows, w.options)
            .get();
    has(came.error().message(), "the mark belongs to the instance 4211@");
}

BOOST_AUTO_TEST_CASE(only_marks_are_read) {
    bulk::change_mark mark;
    mark.until = sys_days(2025y / 6 / 1) + 3h;
    mark.columns.push_back(
        {"email", "{{Contact.Field(C_EmailAddress)}}", "C_EmailAddress", "emailAddress"});
    bulk::change_mark const read = bulk::change_mark::parse(mark.text()).value();
    BOOST_TEST((read.until == mark.until));
    BOOST_TEST((read.columns == mark.columns));
    BOOST_TEST(!read.running);
    BOOST_TEST(mark.text().starts_with("{\"version\":1,"), mark.text());
    mark.definitions = {"a", "b"};
    mark.destination = "table";
    BOOST_TEST((bulk::change_mark::parse(mark.text())->definitions == mark.definitions));
    BOOST_TEST((bulk::change_mark::parse(mark.text())->destination == mark.destination));
    for (std::string const& text :
         {std::string("{"), std::string("{\"version\":1}"), std::string("{\"version\":2}")}) {
        auto const none = bulk::change_mark::parse(text);
        BOOST_TEST_REQUIRE(none.has_error());
        BOOST_TEST((none.error().code == bulk::errc::invalid_mark));
    }
    disk files;
    bulk::mark_file first("mark", files), second("mark", files);
    BOOST_TEST(!first.load().value());
    BOOST_TEST((second.load().error().code == bulk::errc::in_use));
}

/// Keeps rows by their key, as a database that merges would.
struct merging_store {
    std::map<std::string, opened> rows;
    std::string key;
    std::optional<bulk::sink_progress> at;
    bool begins_anew = true;

    void merge_by(std::string by) { key = std::move(by); }
    bulk::result<std::optional<bulk::sink_progress>> last() const {
        return at && at->complete && begins_anew ? std::nullopt : at;
    }
    bulk::result<void> append(std::span<opened const> more, bulk::export_checkpoint const& now) {
        for (opened const& each : more)
            rows[each.id] = each;
        at = bulk::sink_progress{now};
        return {};
    }
    bulk::result<void> complete(bulk::export_checkpoint const& now) {
        at = bulk::sink_progress{now, true};
        return {};
    }
};

BOOST_AUTO_TEST_CASE(a_store_merges_by_key) {
    world w;
    merging_store store;
    bulk::client const client(w.eloqua, me);
    bulk::mark_file mark("mark", w.files);
    bulk::export_changes_options options;
    options.page_rows = 5;
    options.batch_rows = 5;
    options.read_ahead = false;
    for (int night = 0; night != 3; ++night) {
        w.pass(20);
        auto const done = bulk::export_changes_into<&opened::at>(client, opens, store, mark,
                                                                 bulk::all_rows, options)
                              .value();
        BOOST_TEST(store.rows.size() == w.all.size());
        BOOST_TEST(done.receipt.rows <= 30);
        BOOST_TEST(store.key == "id");
    }
    store.begins_anew = false;
    auto const refused =
        bulk::export_changes_into<&opened::at>(client, opens, store, mark, bulk::all_rows, options)
            .get();
    BOOST_TEST((refused.error().code == bulk::errc::invalid_argument));
    // An export that was interrupted is resumed with what it began with only.
    store.begins_anew = true;
    w.pass(20);
    w.eloqua.intercept([&](bulk::request const& q) -> std::optional<bulk::response> {
        if (q.target.find("offset=5") != q.target.npos)
            throw crash();
        return std::nullopt;
    });
    auto const run = [&] {
        return bulk::export_changes_into<&opened::at>(client, opens, store, mark, bulk::all_rows,
                                                      options)
            .get();
    };
    BOOST_CHECK_THROW((void)run(), crash);
    w.eloqua.intercept({});
    options.overlap = 5h;
    auto const other = run();
    BOOST_TEST_REQUIRE(other.has_error());
    BOOST_TEST((other.error().code == bulk::errc::other_export), other.error().message());
    options.overlap.reset();
    bulk::changes_export const done = run().value();
    BOOST_TEST(done.resumed == 5);
    BOOST_TEST(store.rows.size() == w.all.size());
}

/// Another place, with the member that a store may have.
struct named_store : merging_store {
    std::string own_name = "table";
    std::string name() const { return own_name; }
};

/// A store that keeps a copy of the mark beside its rows.
struct keeping_store : named_store {
    std::optional<bulk::timestamp> until;
    bool crashes = false; ///< after the copy is stored

    bulk::result<std::optional<bulk::timestamp>> changes_until() const {
        return rows.empty() ? std::nullopt : until;
    }
    bulk::result<void> set_changes_until(std::optional<bulk::timestamp> marked) {
        until = marked;
        if (std::exchange(crashes, false))
            throw crash();
        return {};
    }
};

/// A store that is told when an export fails.
struct told_store : named_store {
    std::vector<std::int64_t> told; ///< rows of the checkpoints
    bulk::result<void> interrupted(bulk::export_checkpoint const& reached) {
        told.push_back(reached.rows);
        return {};
    }
};

/// Exports of changes, and others, into one store.
template <class Store = named_store>
struct store_world : world {
    store_world() : mark_of("mark", files) {
        into.page_rows = 5;
        into.batch_rows = 5;
        into.read_ahead = false;
        pass(20);
    }
    auto changes() {
        bulk::client const client(eloqua, me);
        return bulk::export_changes_into<&opened::at>(client, opens, store, mark_of, bulk::all_rows,
                                                      into)
            .get();
    }
    auto everything() {
        bulk::client const client(eloqua, me);
        return bulk::export_into<opened>(client, opens, store, bulk::all_rows, into).get();
    }
    /// Interrupts an export after its first page.
    void interrupt(auto const& run) {
        eloqua.intercept([&](bulk::request const& q) -> std::optional<bulk::response> {
            if (q.target.find("offset=5") != q.target.npos)
                throw crash();
            return std::nullopt;
        });
        BOOST_CHECK_THROW((void)run(), crash);
        eloqua.intercept({});
        BOOST_TEST_REQUIRE(store.at.has_value());
        BOOST_TEST(store.at->at.rows == 5);
    }
    void refused(std::string const& part) {
        auto const before = mark_of.load().value();
        auto const came = changes();
        BOOST_TEST_REQUIRE(came.has_error());
        std::string const why = came.error().message();
        BOOST_TEST((came.error().code == bulk::errc::other_export), why);
        BOOST_TEST(why.find(part) != why.npos, why);
        auto const after = mark_of.load().value();
        BOOST_TEST((before.has_value() == after.has_value()));
        BOOST_TEST((!before || before->text() == after->text()));
        // After the store was cleared, all changes come.
        store.at.reset();
        BOOST_TEST(!changes().has_error());
        BOOST_TEST(store.rows.size() == all.size());
    }

    Store store;
    bulk::mark_file mark_of;
    bulk::export_changes_options into;
};

BOOST_AUTO_TEST_CASE(an_unfinished_export_of_something_else_is_not_resumed_as_changes) {
    {
        store_world w;
        w.interrupt([&] { return w.everything(); });
        w.refused("but there is no mark");
    }
    {
        store_world w;
        w.changes().value();
        w.pass(20);
        w.interrupt([&] { return w.everything(); });
        w.refused("the mark does not say that an export of changes is running");
    }
    {
        store_world w;
        w.changes().value();
        w.pass(20);
        w.interrupt([&] { return w.changes(); });
        (void)w.files.remove("mark");
        w.mark_of = bulk::mark_file("mark", w.files);
        w.refused("but there is no mark");
    }
    {
        // The mark says that an export is running, but the store has another one.
        store_world w;
        w.changes().value();
        w.pass(20);
        w.interrupt([&] { return w.changes(); });
        w.store.at.reset();
        w.interrupt([&] { return w.everything(); });
        w.refused("is not one of the export of changes that the mark says is running");
    }
    store_world w;
    w.changes().value();
    w.pass(20);
    w.interrupt([&] { return w.changes(); });
    BOOST_TEST(w.mark_of.load().value()->definitions.size() == 1u);
    BOOST_TEST(w.changes().value().resumed == 5);
    BOOST_TEST(w.store.rows.size() == w.all.size());
    BOOST_TEST(w.mark_of.load().value()->definitions.empty());
}

BOOST_AUTO_TEST_CASE(a_crash_at_each_request_with_a_store) {
    for (bool const done : {false, true})
        for (int at = 0;; ++at) {
            store_world w;
            w.changes().value();
            w.pass(20);
            bool crashed = false;
            w.eloqua.intercept(
                [&, n = 0](bulk::request const& q) mutable -> std::optional<bulk::response> {
                    if (n++ != at)
                        return std::nullopt;
                    crashed = true;
                    if (done)
                        (void)w.eloqua.handle(q);
                    throw crash();
                });
            BOOST_TEST_CONTEXT("request " << at << ", carried out: " << done) {
                try {
                    w.changes().value();
                } catch (crash const&) {
                    w.eloqua.intercept({});
                    if (at % 3 == 0)
                        w.eloqua.advance(20 * 24h); // what has begun may have expired
                    auto again = w.changes();
                    if (again.has_error()) {
                        BOOST_TEST((again.error().code == bulk::errc::sync_gone),
                                   again.error().message());
                        w.store.at.reset();
                        again = w.changes();
                    }
                    BOOST_TEST_REQUIRE(!again.has_error(), again.error().message());
                }
                BOOST_TEST(w.store.rows.size() == w.all.size());
            }
            if (!crashed) {
                BOOST_TEST(at > 8);
                break;
            }
        }
}

BOOST_AUTO_TEST_CASE(a_store_without_the_rows_up_to_the_mark_is_refused) {
    enum class lost { emptied, dropped, restored, emptied_meanwhile };
    for (lost const how : {lost::emptied, lost::dropped, lost::restored, lost::emptied_meanwhile})
        BOOST_TEST_CONTEXT("lost: " << static_cast<int>(how)) {
            store_world<keeping_store> w;
            w.changes().value();
            keeping_store const backup = w.store;
            w.pass(20);
            w.changes().value();
            BOOST_TEST((w.store.until == w.mark_of.load().value()->until));
            w.pass(20);
            auto const before = w.mark_of.load().value();
            bool created = false;
            w.eloqua.intercept([&](bulk::request const& q) -> std::optional<bulk::response> {
                created = created || (q.target.ends_with("/exports") && !q.body.empty());
                if (how == lost::emptied_meanwhile && q.target.find("/data") != q.target.npos)
                    w.store.until.reset();
                return std::nullopt;
            });
            if (how == lost::emptied)
                w.store.rows.clear();
            if (how == lost::dropped)
                w.store = keeping_store();
            if (how == lost::restored)
                w.store = backup;
            auto const refused = w.changes();
            w.eloqua.intercept({});
            BOOST_TEST_REQUIRE(refused.has_error());
            std::string const why = refused.error().message();
            BOOST_TEST((refused.error().code == bulk::errc::store_lacks_rows), why);
            BOOST_TEST(why.find(how == lost::restored ? "has only those up to 2025-03-08 "
                                                      : "it may have been emptied") != why.npos,
                       why);
            auto const after = w.mark_of.load().value();
            BOOST_TEST((before->until == after->until));
            BOOST_TEST(created == (how == lost::emptied_meanwhile));
            BOOST_TEST((created || before->text() == after->text()));
            // The way out, also if it is interrupted.
            w.store.at.reset();
            w.into.from_start = true;
            w.interrupt([&] { return w.changes(); });
            w.into.from_start = false;
            auto const done = w.changes().value();
            BOOST_TEST(!done.since);
            BOOST_TEST(done.resumed == 5);
            BOOST_TEST(w.store.rows.size() == w.all.size());
            w.pass(20);
            BOOST_TEST(w.changes().value().since.has_value());
            BOOST_TEST(w.store.rows.size() == w.all.size());
        }
}

BOOST_AUTO_TEST_CASE(a_store_may_be_later_than_its_mark) {
    store_world<keeping_store> w;
    w.changes().value();
    bulk::change_mark const backup = w.mark_of.load().value().value();
    w.pass(20);
    w.changes().value();
    w.mark_of.store(backup).value();
    w.pass(20);
    BOOST_TEST(w.changes().value().receipt.rows >= 40);
    BOOST_TEST(w.store.rows.size() == w.all.size());
    // Nor does a crash between the two lose anything.
    w.pass(20);
    w.store.crashes = true;
    BOOST_CHECK_THROW((void)w.changes(), crash);
    BOOST_TEST((w.store.until > w.mark_of.load().value()->until));
    w.pass(20);
    w.changes().value();
    BOOST_TEST(w.store.rows.size() == w.all.size());
    BOOST_TEST((w.store.until == w.mark_of.load().value()->until));
}

BOOST_AUTO_TEST_CASE(a_mark_is_of_one_destination) {
    store_world w;
    w.changes().value();
    w.store.own_name = "other table";
    auto const other = w.changes();
    BOOST_TEST_REQUIRE(other.has_error());
    BOOST_TEST((other.error().code == bulk::errc::invalid_mark));
    BOOST_TEST(other.error().message().find("went to 'table', but these are for 'other table'") !=
                   std::string::npos,
               other.error().message());
    w.into.destination = "table"; // it was renamed
    BOOST_TEST(!w.changes().has_error());
}

BOOST_AUTO_TEST_CASE(files_with_other_names_may_have_one_reader) {
    for (bool const one_reader : {false, true}) {
        world w;
        if (one_reader)
            w.options.destination = "warehouse";
        w.pass(5);
        w.run().value();
        bulk::client const client(w.eloqua, me);
        auto const to = [&](std::string const& path) {
            return bulk::export_changes_to_file<&opened::at>(client, opens, path, "mark",
                                                             bulk::all_rows, w.options)
                .get();
        };
        auto const second = to("second");
        BOOST_TEST(second.has_error() == !one_reader);
        if (one_reader)
            continue;
        BOOST_TEST((second.error().code == bulk::errc::invalid_mark));
        BOOST_TEST(second.error().message().find("/second', which would lack earlier rows") !=
                       std::string::npos,
                   second.error().message());
        BOOST_TEST(!w.files.content("second"));
    }
}

BOOST_AUTO_TEST_CASE(a_file_that_was_taken_is_replaced) {
    for (bool const with_journal : {false, true}) {
        world w;
        w.options.leave_complete = true;
        w.pass(10);
        w.run().value();
        BOOST_TEST(w.run().value().was_complete);
        w.receive();
        (void)w.files.remove("out");
        if (with_journal)
            (void)w.files.remove("out.journal");
        w.pass(10);
        auto const next = w.run();
        BOOST_TEST_REQUIRE(!next.has_error(), next.error().message());
        BOOST_TEST(!next->was_complete);
        BOOST_TEST(next->since.has_value());
        w.receive();
        BOOST_TEST((w.got == w.all));
    }
}

BOOST_AUTO_TEST_CASE(an_interrupted_file_is_resumed_with_its_overlap) {
    world w;
    w.pass(20);
    w.run().value();
    w.receive();
    w.pass(20);
    w.eloqua.intercept([&](bulk::request const& q) -> std::optional<bulk::response> {
        if (q.target.find("offset=10") != q.target.npos)
            throw crash();
        return std::nullopt;
    });
    BOOST_CHECK_THROW((void)w.run(), crash);
    w.eloqua.intercept({});
    w.options.overlap = 5h;
    auto const other = w.run();
    BOOST_TEST_REQUIRE(other.has_error());
    std::string const why = other.error().message();
    BOOST_TEST((other.error().code == bulk::errc::other_export), why);
    BOOST_TEST(why.find("use_journal_filter") == why.npos, why);
    BOOST_TEST(why.find("use the mark, overlap and start that it began with") != why.npos, why);
    w.options.overlap.reset();
    BOOST_TEST(!w.run().has_error());
    w.receive();
    BOOST_TEST((w.got == w.all));
}

BOOST_AUTO_TEST_CASE(options_that_would_lose_changes) {
    world w;
    for (int which = 0; which != 4; ++which) {
        bulk::export_changes_file_options const before = w.options;
        if (which == 0)
            w.options.max_records = 5;
        if (which == 1)
            w.options.system_timestamps_in_utc = false;
        if (which == 2)
            w.options.overlap = -1s;
        if (which == 3)
            w.options.windows = bulk::export_windows<&opened::at>(
                bulk::time_windows(sys_days(2025y / 1 / 1), sys_days(2025y / 1 / 2), 1h));
        auto const came = w.run();
        BOOST_TEST_REQUIRE(came.has_error());
        BOOST_TEST((came.error().code == bulk::errc::invalid_argument), came.error().message());
        w.options = before;
    }
    w.files.put_stream("pipe");
    bulk::client const client(w.eloqua, me);
    auto const came = bulk::export_changes_to_file<&opened::at>(client, opens, "pipe", "mark",
                                                                bulk::all_rows, w.options)
                          .get();
    BOOST_TEST((came.error().code == bulk::errc::invalid_argument));
    BOOST_TEST(!w.files.content("mark"));
}

BOOST_AUTO_TEST_CASE(a_store_is_told_that_an_export_failed_after_rows) {
    for (bool const changes : {false, true}) {
        store_world<told_store> w;
        auto run = [&] { return changes ? w.changes().has_error() : w.everything().has_error(); };
        for (char const* const page : {"offset=0", "offset=5"}) {
            w.eloqua.intercept([page](bulk::request const& q) -> std::optional<bulk::response> {
                if (q.target.find(page) != q.target.npos)
                    return bulk::response(403);
                return std::nullopt;
            });
            BOOST_TEST(run());
        }
        w.eloqua.intercept({});
        BOOST_TEST(!run());
        BOOST_TEST(w.store.told == std::vector<std::int64_t>{5}, boost::test_tools::per_element());
    }
}

BOOST_AUTO_TEST_SUITE_END()
