// SPDX-License-Identifier: BSL-1.0
// Exports by windows of time: every row comes once, in whatever zone the service reads filters.
#include <eloqua/bulk/export_into.hpp>
#include <eloqua/bulk/simulator.hpp>

#include <boost/describe.hpp>
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace bulk = eloqua::bulk;
namespace data = boost::unit_test::data;
using namespace std::chrono_literals;
using bulk::literal_zone;
using std::chrono::sys_days;
using std::chrono::sys_seconds;

// Not unnamed: g++ warns of test cases with data that capture objects of its types.
namespace windows_of_tests {

bulk::basic_credentials const me{"Company", "user", "secret"};
/// The cut-off of the service that the tests simulate, in place of 5,000,000.
constexpr std::int64_t few = 30;
struct few_activities : bulk::activities_t {
    static constexpr std::int64_t rows_per_export = few;
};
few_activities const opens{{bulk::activity_type::EmailOpen}};
/// The actual ones.
auto const all_opens = bulk::activities_of(bulk::activity_type::EmailOpen);

struct opened {
    std::int64_t id = 0;
    std::chrono::sys_time<std::chrono::milliseconds> at;
    using eloqua_fields =
        bulk::fields<bulk::attribute<&opened::id, "Id">, bulk::attribute<&opened::at, "CreatedAt">>;
};
BOOST_DESCRIBE_STRUCT(opened, (), (id, at))

struct maybe_opened {
    std::int64_t id = 0;
    std::optional<sys_seconds> at;
    using eloqua_fields = bulk::fields<bulk::attribute<&maybe_opened::id, "Id">,
                                       bulk::attribute<&maybe_opened::at, "CreatedAt">>;
};
BOOST_DESCRIBE_STRUCT(maybe_opened, (), (id, at))

/// A service with activities at known times.
struct world {
    explicit world(literal_zone zone = literal_zone::as_exported, std::int64_t cut_off = few)
        : eloqua(options_with(zone, cut_off)) {
        options.page_rows = 20;
        options.batch_rows = 7;
    }
    static bulk::simulator_options options_with(literal_zone zone, std::int64_t cut_off) {
        bulk::simulator_options o;
        o.filter_times = zone;
        o.activity_export_rows = cut_off;
        o.start_time = sys_days(2026y / 1 / 1);
        return o;
    }
    void add(bulk::timestamp at) {
        times[eloqua.add_activity(bulk::activity_type::EmailOpen, 0, {}, at)] = at;
    }
    /// At regular times, and at the first and last millisecond of each window.
    void fill(bulk::time_windows const& windows, std::chrono::minutes every) {
        bulk::time_window const all = windows.whole();
        for (sys_seconds t = all.from - 12h; t < all.to + 12h; t += every)
            add(t + 123ms);
        for (bulk::time_window const& each : windows) {
            add(each.from);
            add(each.to - 1ms);
            add(each.to);
        }
        add(all.from - 1ms);
    }
    /// Ids of activities in these windows, in no order.
    std::set<std::int64_t> within(bulk::time_window of) const {
        std::set<std::int64_t> ids;
        for (auto const& [id, at] : times)
            if (of.from <= at && at < of.to)
                ids.insert(id);
        return ids;
    }
    bulk::client client() { return bulk::client(eloqua, me); }

    bulk::simulator eloqua;
    std::map<std::int64_t, bulk::timestamp> times;
    bulk::export_options options;
};

/// Checks that each row came once, and that windows came in order.
void check_rows(world const& w, bulk::time_windows const& windows,
                std::vector<opened> const& rows) {
    std::set<std::int64_t> ids;
    std::size_t last = 0, out_of_order = 0, twice = 0;
    for (opened const& each : rows) {
        twice += !ids.insert(each.id).second;
        sys_seconds const second = std::chrono::floor<std::chrono::seconds>(each.at);
        if (!windows.whole().contains(second))
            BOOST_FAIL("row " << each.id << " is outside of the windows");
        std::size_t const window = windows.index_of(second);
        out_of_order += window < last;
        last = window;
    }
    BOOST_TEST(twice == 0u);
    BOOST_TEST(out_of_order == 0u);
    BOOST_TEST((ids == w.within(windows.whole())),
               ids.size() << " rows came of " << w.within(windows.whole()).size());
}

std::vector<opened> read_all(bulk::row_source<opened, bulk::any_transport>& source) {
    std::vector<opened> rows;
    for (opened const& each : source)
        rows.push_back(each);
    return rows;
}

constexpr literal_zone zones[] = {literal_zone::as_exported, literal_zone::us_eastern,
                                  literal_zone::us_eastern_standard};
/// Two days with a change of the clocks in the middle, two of summer, and two of winter.
sys_days const days[] = {sys_days(2025y / 3 / 8), sys_days(2025y / 11 / 1), sys_days(2025y / 7 / 1),
                         sys_days(2025y / 12 / 10)};

} // namespace windows_of_tests

using namespace windows_of_tests;

BOOST_AUTO_TEST_SUITE(windows)

BOOST_DATA_TEST_CASE(each_row_comes_once_in_either_zone, data::xrange(3) * data::xrange(4), zone,
                     day) {
    for (auto const step : {std::chrono::hours(5), std::chrono::hours(1)})
        for (bool const cuts_off : {false, true}) {
            world w(zones[zone], cuts_off ? few : 5'000'000);
            bulk::time_windows const windows(days[day], days[day] + 48h, step);
            w.fill(windows, 12min);
            w.options.windows = bulk::export_windows<&opened::at>(windows);
            bulk::client const client = w.client();
            auto source = cuts_off
                              ? client.export_rows<opened>(opens, bulk::all_rows, w.options)
                              : client.export_rows<opened>(all_opens, bulk::all_rows, w.options);
            source.unique_by<&opened::id>();
            BOOST_TEST_CONTEXT("cut off: " << cuts_off << ", windows of " << step.count()) {
                check_rows(w, windows, read_all(source));
                bulk::window_totals const& said = *source.receipt().windows;
                BOOST_TEST((said.zone ==
                            (zone == 0 ? bulk::filter_zone::utc : bulk::filter_zone::us_eastern)));
                BOOST_TEST((said.halved > 0) == (cuts_off && step == 5h));
                BOOST_TEST(said.exported >= std::int64_t(windows.size()));
                BOOST_TEST(said.outside > 0);
                BOOST_TEST(source.receipt().definition_deleted);
                BOOST_TEST(source.receipt().rows == std::int64_t(w.within(windows.whole()).size()));
            }
            // Nothing is left behind.
            auto const left = client.exports(opens).list().all().value();
            BOOST_TEST(left.empty());
        }
}

/// The text of a checkpoint, read again.
bulk::export_options resumed_at(bulk::export_options options, std::string const& text) {
    options.resume_from = bulk::export_checkpoint::parse(text).value();
    return options;
}

BOOST_DATA_TEST_CASE(an_export_resumes_after_each_row, data::xrange(2), zone) {
    world w(zones[zone]);
    bulk::time_windows const windows(days[1] + 20h, days[1] + 32h, 5h);
    w.fill(windows, 20min);
    w.options.windows = bulk::export_windows<&opened::at>(windows);
    for (bool const other_windows : {false, true}) {
        std::vector<opened> rows;
        std::string at;
        std::set<std::string> seen;
        int processes = 0;
        for (bool more = true; more; ++processes) {
            bulk::export_options options = at.empty() ? w.options : resumed_at(w.options, at);
            // They have no effect on an export that has begun.
            if (!at.empty() && other_windows)
                options.windows = bulk::export_windows<&opened::at>(
                    bulk::time_windows(days[0], days[0] + 1h, 1h));
            bulk::client const client = w.client();
            auto source = client.export_rows<opened>(opens, bulk::all_rows, options);
            more = false;
            int count = 0;
            for (opened const& each : source) {
                // The iterator has not moved past the third row, which comes again.
                if (++count == 3) {
                    at = source.checkpoint().text();
                    BOOST_TEST(seen.insert(at).second, at);
                    more = true;
                    break;
                }
                rows.push_back(each);
            }
            BOOST_TEST_REQUIRE(processes < 100);
            if (!more)
                BOOST_TEST((source.receipt().windows->exported >= 3));
        }
        BOOST_TEST(processes > 15);
        check_rows(w, windows, rows);
    }
}

BOOST_AUTO_TEST_CASE(pieces_of_pages_end_among_rows_that_are_dropped) {
    world w(literal_zone::utc, 5'000'000);
    bulk::time_windows const windows(days[2], days[2] + 2h, 2h);
    // Rows inside of the window and rows before it take turns, one to three of each.
    for (int i = 0; i != 4'000; ++i)
        w.add(days[2] + (i % 5 < 2 || i % 7 == 0 ? -3h : 0h) + i * 1s);
    w.options.page_rows = 10'000;
    w.options.batch_rows = 1;
    w.options.keep_definition = true;
    w.options.windows = bulk::export_windows<&opened::at>(windows);
    bulk::client const client = w.client();
    auto whole = client.export_rows<opened>(all_opens, bulk::all_rows, w.options);
    std::vector<opened> rows;
    std::vector<std::pair<std::string, std::size_t>> places;
    for (;;) {
        auto const more = whole.next().value();
        if (more.empty())
            break;
        rows.insert(rows.end(), more.begin(), more.end());
        places.emplace_back(whole.checkpoint().text(), rows.size());
    }
    check_rows(w, windows, rows);
    BOOST_TEST(places.size() > 2u);
    for (auto const& [at, count] : places) {
        BOOST_TEST(at.find(" known_row=-1 ") == at.npos, at);
        auto rest =
            client.export_rows<opened>(all_opens, bulk::all_rows, resumed_at(w.options, at));
        std::vector<opened> all(rows.begin(), rows.begin() + std::ptrdiff_t(count));
        for (opened const& each : rest)
            all.push_back(each);
        check_rows(w, windows, all);
    }
}

BOOST_AUTO_TEST_CASE(a_window_that_was_delivered_needs_no_sync_to_resume) {
    world w;
    bulk::time_windows const windows(days[0], days[0] + 10h, 5h);
    w.fill(windows, 20min);
    w.options.windows = bulk::export_windows<&opened::at>(windows);
    w.options.batch_rows = 100;
    bulk::client const client = w.client();
    auto source = client.export_rows<opened>(opens, bulk::all_rows, w.options);
    std::vector<opened> rows = source.next().value();
    BOOST_TEST(rows.size() == 17u); // of the first window, whatever fits
    std::string const at = source.checkpoint().text();
    BOOST_TEST(at.find(" sync= ") != at.npos, at);
    BOOST_TEST(at.find(" current=2025-03-08T05:00:00Z/2025-03-08T10:00:00Z ") != at.npos, at);
    w.eloqua.advance(20 * 24h);
    auto rest = client.export_rows<opened>(opens, bulk::all_rows, resumed_at(w.options, at));
    for (opened const& each : rest)
        rows.push_back(each);
    check_rows(w, windows, rows);
    BOOST_TEST(rest.receipt().windows->exported == 2);
    BOOST_TEST((rest.receipt().windows->zone == bulk::filter_zone::utc));
}

/// Keeps rows and checkpoint in memory, as a database would.
struct memory_sink {
    std::vector<opened> rows;
    std::optional<bulk::sink_progress> at;
    std::vector<std::string> noted; ///< checkpoints without rows

    bulk::result<std::optional<bulk::sink_progress>> last() const { return at; }
    bulk::result<void> append(std::span<opened const> more, bulk::export_checkpoint const& now) {
        BOOST_TEST(now.rows == std::int64_t(rows.size() + more.size()));
        rows.insert(rows.end(), more.begin(), more.end());
        // As text, since that is what survives.
        at = bulk::sink_progress{bulk::export_checkpoint::parse(now.text()).value()};
        if (more.empty())
            noted.push_back(now.text());
        return {};
    }
    bulk::result<void> complete(bulk::export_checkpoint const& now) {
        BOOST_TEST(now.rows == std::int64_t(rows.size()));
        at = bulk::sink_progress{now, true};
        return {};
    }
};

struct crash : std::runtime_error {
    crash() : std::runtime_error("crash") {}
};

BOOST_DATA_TEST_CASE(a_stored_checkpoint_keeps_its_rows, data::make({1, 7, 17}) * data::xrange(2),
                     batch_rows, by_iterator) {
    int at = 0;
    for (bool crashed = true; crashed; ++at) {
        world w;
        bulk::time_windows const windows(days[0], days[0] + 15h, 5h);
        w.fill(windows, 20min);
        w.options.windows = bulk::export_windows<&opened::at>(windows);
        w.options.batch_rows = static_cast<std::size_t>(batch_rows);
        std::vector<opened> rows;
        std::string stored;
        auto const store = [&](auto const& source, std::span<opened const> more) {
            rows.insert(rows.end(), more.begin(), more.end());
            stored = source.checkpoint().text();
        };
        auto const run = [&] {
            bulk::export_options const options =
                stored.empty() ? w.options : resumed_at(w.options, stored);
            bulk::client const client = w.client();
            auto source = client.export_rows<opened>(opens, bulk::all_rows, options);
            if (by_iterator == 0)
                for (std::vector<opened> more = source.next().value(); !more.empty();
                     more = source.next().value())
                    store(source, more);
            std::optional<opened> before;
            if (by_iterator == 1)
                for (opened const& each : source) {
                    if (before)
                        store(source, std::span<opened const>(&*before, 1));
                    before = each;
                }
            if (before)
                rows.push_back(*before);
        };
        crashed = false;
        w.eloqua.intercept(
            [&, n = 0](bulk::request const&) mutable -> std::optional<bulk::response> {
                if (n++ != at)
                    return std::nullopt;
                crashed = true;
                throw crash();
            });
        try {
            run();
        } catch (crash const&) {
            w.eloqua.intercept({});
            BOOST_TEST_CONTEXT("request " << at) {
                BOOST_CHECK_NO_THROW(run());
            }
        }
        w.eloqua.intercept({});
        check_rows(w, windows, rows);
        // The last definition of the process that crashed may remain, and what it had not deleted.
        if (!crashed)
            BOOST_TEST(w.client().exports(all_opens).list().all().value().empty());
    }
    BOOST_TEST(at > 15);
}

BOOST_AUTO_TEST_CASE(rows_of_the_first_batch_do_not_come_again_after_they_expired) {
    for (std::size_t const row : {2u, 20u}) {
        world w;
        bulk::time_windows const windows(days[0], days[0] + 10h, 5h);
        w.fill(windows, 20min);
        w.options.windows = bulk::export_windows<&opened::at>(windows);
        w.options.batch_rows = 10;
        w.options.keep_definition = true;
        bulk::client const client = w.client();
        auto source = client.export_rows<opened>(opens, bulk::all_rows, w.options);
        std::vector<opened> rows;
        for (opened const& each : source) {
            if (rows.size() == row)
                break;
            rows.push_back(each);
        }
        std::string const at = source.checkpoint().text();
        BOOST_TEST(at.find(" read=0 known=") != at.npos, at);
        BOOST_TEST(at.find(" known=0 ") == at.npos, at);
        // Whether its export is too large was decided before its first row.
        bulk::export_options smaller = resumed_at(w.options, at);
        smaller.window_rows = 1;
        auto rest = client.export_rows<opened>(opens, bulk::all_rows, smaller);
        std::vector<opened> all = rows;
        for (opened const& each : rest)
            all.push_back(each);
        check_rows(w, windows, all);
        w.eloqua.advance(20 * 24h);
        auto const late =
            client.export_rows<opened>(opens, bulk::all_rows, resumed_at(w.options, at))
                .next()
                .get();
        BOOST_TEST_REQUIRE(late.has_error());
        BOOST_TEST((late.error().code == bulk::errc::sync_gone), late.error().message());
    }
}

BOOST_AUTO_TEST_CASE(a_store_resumes_with_the_same_windows_only) {
    bulk::time_windows const windows(days[0], days[0] + 10h, 5h);
    bulk::window_plan const first = bulk::export_windows<&opened::at>(windows);
    bulk::window_plan const longer =
        bulk::export_windows<&opened::at>(bulk::time_windows(days[0], days[0] + 15h, 5h));
    std::optional<bulk::window_plan> const plans[] = {std::nullopt, first, longer};
    for (auto const& before : plans)
        for (auto const& after : plans) {
            world w;
            w.fill(windows, 20min);
            w.options.read_ahead = false; // so that the rows of the first page are stored
            memory_sink sink;
            auto const run = [&](auto const& plan) {
                w.options.windows = plan;
                return bulk::export_into<opened>(w.client(), all_opens, sink, bulk::all_rows,
                                                 w.options)
                    .get();
            };
            w.eloqua.intercept([&](bulk::request const& q) -> std::optional<bulk::response> {
                if (!sink.rows.empty() && q.target.find("/data") != q.target.npos)
                    throw crash();
                return std::nullopt;
            });
            BOOST_CHECK_THROW((void)run(before), crash);
            w.eloqua.intercept({});
            std::size_t const stored = sink.rows.size();
            BOOST_TEST(stored > 0u);
            auto const other = run(after);
            if (&before == &after) {
                BOOST_TEST(!other.has_error());
                continue;
            }
            BOOST_TEST_REQUIRE(other.has_error());
            std::string const why = other.error().message();
            BOOST_TEST((other.error().code == bulk::errc::invalid_checkpoint), why);
            for (auto const& each : {before, after})
                BOOST_TEST(why.find(each ? each->windows.text() + " of 'at'" : "none") != why.npos,
                           why);
            BOOST_TEST(why.find("clear the store") != why.npos, why);
            BOOST_TEST(sink.rows.size() == stored);
        }
}

BOOST_AUTO_TEST_CASE(a_window_that_expired_before_its_turn_begins_again) {
    bulk::simulator_options o;
    o.start_time = sys_days(2025y / 5 / 1);
    bulk::simulator eloqua(o);
    for (int i = 0; i != 40; ++i) {
        eloqua.add_record("/contacts", {{"C_EmailAddress", std::to_string(i) + "@example.com"}});
        eloqua.advance(15min);
    }
    eloqua.advance(2h); // a window that ended just now is not prepared
    bulk::client const client(eloqua, me);
    bulk::export_options options;
    options.windows_ahead = 1;
    options.windows =
        bulk::export_windows("UpdatedAt", bulk::time_windows(sys_days(2025y / 5 / 1),
                                                             sys_days(2025y / 5 / 1) + 10h, 5h));
    bulk::record_columns const columns({bulk::field_column("mail", "C_EmailAddress"),
                                        bulk::attribute_column("UpdatedAt", "UpdatedAt")});
    auto source = client.export_records(bulk::contacts, columns, bulk::all_rows, options);
    BOOST_TEST(source.next().value().size() == 20u);
    BOOST_TEST(eloqua.requests("POST /contacts/exports") == 2u);
    eloqua.advance(20 * 24h);
    auto const more = source.next().get();
    BOOST_TEST_REQUIRE(!more.has_error(), more.error().message());
    BOOST_TEST(more->size() == 20u);
    BOOST_TEST(source.next().value().empty());
    BOOST_TEST(eloqua.requests("POST /contacts/exports") == 3u);
    BOOST_TEST(source.receipt().definition_deleted);
    BOOST_TEST(client.exports(bulk::contacts).list().all().value().empty());
}

BOOST_AUTO_TEST_CASE(very_many_windows_are_not_visited_one_by_one) {
    world w;
    w.add(sys_days(2025y / 7 / 1));
    bulk::client const client = w.client();
    auto const prepare = [&](bulk::window_plan windows) {
        bulk::export_options options = w.options;
        options.windows = std::move(windows);
        return client.export_rows<opened>(all_opens, bulk::all_rows, options).prepare().get();
    };
    sys_seconds const from = sys_days(1000y / 1 / 1), to = sys_days(9998y / 1 / 1);
    BOOST_TEST(
        prepare(bulk::export_windows<&opened::at>(bulk::time_windows(from, to, 1s))).value());
}

BOOST_DATA_TEST_CASE(a_crash_at_each_request, data::xrange(2) * data::xrange(2), zone, done) {
    int at = 0;
    for (bool crashed = true; crashed; ++at) {
        world w(zones[zone]);
        bulk::time_windows const windows(days[0] + 20h, days[0] + 32h, 6h);
        w.fill(windows, 13min);
        w.options.windows = bulk::export_windows<&opened::at>(windows);
        w.options.windows_ahead = 2; // has no effect on activities
        memory_sink sink;
        crashed = false;
        w.eloqua.intercept(
            [&, n = 0](bulk::request const& q) mutable -> std::optional<bulk::response> {
                if (n++ != at)
                    return std::nullopt;
                crashed = true;
                if (done)
                    (void)w.eloqua.handle(q);
                throw crash();
            });
        try {
            (void)bulk::export_into<opened>(w.client(), opens, sink, bulk::all_rows, w.options)
                .get();
        } catch (crash const&) {
        }
        w.eloqua.intercept({});
        BOOST_TEST_CONTEXT("request " << at << ", carried out: " << done) {
            auto const end =
                bulk::export_into<opened>(w.client(), opens, sink, bulk::all_rows, w.options).get();
            BOOST_TEST_REQUIRE(!end.has_error(), end.error().message());
            check_rows(w, windows, sink.rows);
            BOOST_TEST(sink.at->complete);
            BOOST_TEST(end->receipt.rows == std::int64_t(sink.rows.size()));
        }
    }
    BOOST_TEST(at > 30);
}

BOOST_AUTO_TEST_CASE(a_store_knows_each_window_before_its_sync_is_awaited) {
    world w;
    bulk::time_windows const windows(days[0], days[0] + 12h, 4h);
    w.fill(windows, 30min);
    w.options.windows = bulk::export_windows<&opened::at>(windows);
    memory_sink sink;
    auto const end =
        bulk::export_into<opened>(w.client(), opens, sink, bulk::all_rows, w.options).value();
    check_rows(w, windows, sink.rows);
    BOOST_TEST(end.receipt.definition_deleted);
    BOOST_TEST(w.client().exports(all_opens).list().all().value().empty());
    std::set<std::string> syncs;
    for (std::string const& each : sink.noted)
        if (each.find(" sync=/syncs/") != each.npos)
            syncs.insert(each.substr(each.find(" current="), 50));
    BOOST_TEST(syncs.size() == 3u);
}

BOOST_AUTO_TEST_CASE(definitions_are_kept_if_the_caller_asks) {
    world w;
    bulk::time_windows const windows(days[0], days[0] + 12h, 4h);
    w.fill(windows, 30min);
    w.options.windows = bulk::export_windows<&opened::at>(windows);
    w.options.keep_definition = true;
    bulk::client const client = w.client();
    auto source = client.export_rows<opened>(opens, bulk::all_rows, w.options);
    check_rows(w, windows, read_all(source));
    BOOST_TEST(!source.receipt().definition_deleted);
    BOOST_TEST(client.exports(all_opens).list().all().value().size() == 3u);
    source.remove_definition().value();
    BOOST_TEST(client.exports(all_opens).list().all().value().empty());
    BOOST_TEST(source.receipt().definition_deleted);
}

/// Removes the upper bound from the filters of all definitions.
void ignore_upper_bounds(bulk::simulator& eloqua) {
    eloqua.intercept(
        [&eloqua, inside = false](bulk::request const& q) mutable -> std::optional<bulk::response> {
            std::string body(q.body);
            std::size_t const at = body.find(" AND '{{Activity.CreatedAt}}' < ");
            if (inside || at == body.npos)
                return std::nullopt;
            body.erase(at, body.find('"', at) - at);
            bulk::request changed = q;
            changed.body = body;
            inside = true;
            bulk::response answer = eloqua.handle(changed);
            inside = false;
            return answer;
        });
}

BOOST_AUTO_TEST_CASE(a_service_that_ignores_a_bound) {
    world w;
    bulk::time_windows const windows(days[2], days[2] + 12h, 4h);
    w.fill(windows, 30min);
    ignore_upper_bounds(w.eloqua);
    w.options.windows = bulk::export_windows<&opened::at>(windows);
    bulk::client const client = w.client();
    auto source = client.export_rows<opened>(all_opens, bulk::all_rows, w.options);
    bulk::failure why;
    for (;;) {
        auto const more = source.next().get();
        if (!more) {
            why = more.error();
            break;
        }
        BOOST_TEST_REQUIRE(!more->empty());
    }
    BOOST_TEST((why.code == bulk::errc::rows_not_requested), why.message());
    BOOST_TEST(why.message().find("which the filter of the window excludes") != std::string::npos,
               why.message());
    BOOST_TEST(why.message().find("window 2025-07-01T") != std::string::npos, why.message());
    // The rows before that one are still delivered, but nothing else.
    bulk::result<std::vector<opened>> more = source.next().get();
    if (more)
        more = source.next().get();
    BOOST_TEST((more.error().code == bulk::errc::rows_not_requested));
}

BOOST_AUTO_TEST_CASE(rows_that_contradict_what_was_learned) {
    world w(literal_zone::us_eastern);
    bulk::time_windows const windows(days[2], days[2] + 48h, 8h);
    w.fill(windows, 30min);
    w.options.windows = bulk::export_windows<&opened::at>(windows);
    bulk::client const client = w.client();
    auto source = client.export_rows<opened>(all_opens, bulk::all_rows, w.options);
    BOOST_TEST(source.next().value().size() >= 7u);
    std::string const at = source.checkpoint().text();
    std::size_t const zone = at.find(" zone=us_eastern");
    if (zone == at.npos) {
        while (source.checkpoint().windows->totals.zone == bulk::filter_zone::unknown)
            (void)source.next().value();
    }
    bulk::export_checkpoint wrong = source.checkpoint();
    wrong.windows->totals.zone = bulk::filter_zone::utc;
    bulk::export_options options = w.options;
    options.resume_from = wrong;
    auto rest = client.export_rows<opened>(all_opens, bulk::all_rows, options);
    bulk::result<std::vector<opened>> more = std::vector<opened>(1);
    while (more && !more->empty())
        more = rest.next().get();
    BOOST_TEST_REQUIRE(more.has_error());
    BOOST_TEST((more.error().code == bulk::errc::rows_not_requested), more.error().message());
    BOOST_TEST(more.error().message().find("as UTC") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_second_that_is_too_full) {
    for (bool const eastern : {false, true}) {
        world w(eastern ? literal_zone::us_eastern : literal_zone::utc);
        sys_seconds const begin = days[3] + 7h;
        for (int i = 0; i != 40; ++i)
            w.add(begin + 100s + std::chrono::milliseconds(i));
        w.add(begin - 4h); // show the zone
        w.add(begin + 4h);
        bulk::time_windows const windows(begin, begin + 3'600s, 3'600s);
        w.options.windows = bulk::export_windows<&opened::at>(windows);
        bulk::client const client = w.client();
        auto source = client.export_rows<opened>(opens, bulk::all_rows, w.options);
        bulk::result<std::vector<opened>> more = std::vector<opened>(1);
        while (more && !more->empty()) {
            more = source.next().get();
            if (more)
                for (opened const& each : *more) // none of an export that was cut off
                    BOOST_TEST((each.at < begin + 100s));
        }
        BOOST_TEST_REQUIRE(more.has_error());
        BOOST_TEST((more.error().code == bulk::errc::window_too_full), more.error().message());
        BOOST_TEST(more.error().message().find(
                       "the smallest window, 2025-12-10T07:01:39Z/2025-12-10T07:01:40Z") !=
                       std::string::npos,
                   more.error().message());
    }
}

BOOST_AUTO_TEST_CASE(a_log_without_a_count_does_not_hide_a_cut_off) {
    for (bulk::rows_format const format : {bulk::rows_format::json, bulk::rows_format::csv})
        for (bool const total : {true, false}) {
            world w;
            bulk::time_windows const windows(days[3], days[3] + 20h, 10h);
            w.fill(windows, 11min);
            bool inside = false;
            w.eloqua.intercept([&](bulk::request const& q) -> std::optional<bulk::response> {
                bool const log = q.target.find("/logs") != q.target.npos;
                bool const page = q.target.find("/data") != q.target.npos;
                if (inside || (!log && !page))
                    return std::nullopt;
                inside = true;
                bulk::response answer = w.eloqua.handle(q);
                inside = false;
                std::string& body = answer.body;
                if (log) // no entry that counts rows
                    for (std::size_t at; (at = body.find("ELQ-00102")) != body.npos;)
                        body.replace(at, 9, "ELQ-00101");
                else if (!total)
                    if (std::size_t const at = body.find("\"totalResults\""); at != body.npos)
                        body.replace(at + 1, 5, "other");
                answer.fields.set("Content-Length", std::to_string(body.size()));
                return answer;
            });
            w.options.windows = bulk::export_windows<&opened::at>(windows);
            w.options.rows = format;
            bulk::client const client = w.client();
            auto source = client.export_rows<opened>(opens, bulk::all_rows, w.options);
            std::vector<opened> rows;
            bulk::result<std::vector<opened>> more = std::vector<opened>(1);
            while (more && !more->empty()) {
                more = source.next().get();
                if (more)
                    rows.insert(rows.end(), more->begin(), more->end());
            }
            BOOST_TEST_CONTEXT("format " << int(format) << ", total: " << total) {
                // A CSV page says nothing of the end, so that nothing proves it.
                bool const proven = format == bulk::rows_format::json;
                BOOST_TEST(!more.has_error() == proven, (more ? "" : more.error().message()));
                if (proven)
                    check_rows(w, windows, rows);
                else
                    BOOST_TEST((more.error().code == bulk::errc::rows_missing));
            }
        }
}

BOOST_AUTO_TEST_CASE(windows_of_any_entity_are_halved_by_their_number_of_rows) {
    for (std::size_t const ahead : {std::size_t(0), std::size_t(3)}) {
        bulk::simulator_options o;
        o.start_time = sys_days(2025y / 5 / 1);
        bulk::simulator eloqua(o);
        std::set<std::string> wanted;
        for (int i = 0; i != 90; ++i) {
            std::string const mail = "p" + std::to_string(i) + "@example.com";
            eloqua.add_record("/contacts", {{"C_EmailAddress", mail}});
            wanted.insert(mail);
            eloqua.advance(std::chrono::minutes(i < 30 ? 60 : 2));
        }
        bulk::client const client(eloqua, me);
        sys_seconds const begin = sys_days(2025y / 5 / 1);
        bulk::export_options options;
        options.page_rows = 9;
        options.window_rows = 20;
        options.windows_ahead = ahead;
        options.windows =
            bulk::export_windows("UpdatedAt", bulk::time_windows::split({begin, begin + 48h}, 8));
        bulk::record_columns const columns({bulk::field_column("mail", "C_EmailAddress"),
                                            bulk::attribute_column("UpdatedAt", "UpdatedAt")});
        auto source = client.export_records(bulk::contacts, columns, bulk::all_rows, options);
        source.unique_by("mail");
        std::set<std::string> came;
        std::string last;
        for (bulk::record const& each : source) {
            BOOST_TEST(came.insert(each["mail"]).second);
            last = each["UpdatedAt"];
        }
        BOOST_TEST((came == wanted), came.size());
        BOOST_TEST(source.receipt().windows->halved >= 2);
        BOOST_TEST(source.receipt().windows->empty > 0);
        BOOST_TEST((source.receipt().windows->zone == bulk::filter_zone::utc));
        BOOST_TEST(client.exports(bulk::contacts).list().all().value().empty());
        std::string const text = bulk::to_json(source.receipt());
        BOOST_TEST(text.find("\"windows\":{\"exported\":") != text.npos, text);
        BOOST_TEST(text.find("\"zone\":\"utc\"}") != text.npos, text);
        BOOST_TEST(text.find("\"started\":\"2025-05-0") != text.npos, text);
        std::ostringstream shown;
        shown << source.receipt();
        BOOST_TEST(shown.str().find(" rows outside of them dropped; filters are read in UTC") !=
                       std::string::npos,
                   shown.str());
    }
}

/// The second time is before the start of the sync: clocks of the service may differ by minutes.
BOOST_DATA_TEST_CASE(a_row_that_changes_during_its_export_belongs_to_a_later_window,
                     data::make({"2025-05-03 00:00", "2025-05-02 05:55"}), changed) {
    bulk::simulator_options o;
    o.start_time = sys_days(2025y / 5 / 1);
    bulk::simulator eloqua(o);
    sys_seconds const begin = sys_days(2025y / 5 / 1);
    eloqua.add_record("/contacts", {{"C_EmailAddress", "a@example.com"}});
    eloqua.advance(30h);
    bulk::client const client(eloqua, me);
    // The simulator exports what it selected, so the response is changed here.
    bool inside = false;
    eloqua.intercept([&](bulk::request const& q) -> std::optional<bulk::response> {
        if (inside || q.target.find("/data") == q.target.npos)
            return std::nullopt;
        inside = true;
        bulk::response answer = eloqua.handle(q);
        inside = false;
        std::size_t const at = answer.body.find("2025-05-01 00:00:00.000");
        if (at != answer.body.npos)
            answer.body.replace(at, 16, changed);
        return answer;
    });
    bulk::export_options options;
    options.windows = bulk::export_windows("UpdatedAt", bulk::time_windows(begin, begin + 24h, 6h));
    bulk::record_columns const columns({bulk::field_column("mail", "C_EmailAddress"),
                                        bulk::attribute_column("UpdatedAt", "UpdatedAt")});
    auto source = client.export_records(bulk::contacts, columns, bulk::all_rows, options);
    BOOST_TEST(source.next().value().empty());
    BOOST_TEST(source.receipt().windows->outside == 1);
    BOOST_TEST((source.receipt().windows->zone == bulk::filter_zone::unknown));
}

BOOST_AUTO_TEST_CASE(a_blank_time_belongs_to_no_window) {
    world w;
    bulk::time_windows const windows(days[2], days[2] + 12h, 4h);
    w.fill(windows, 60min);
    bool inside = false;
    w.eloqua.intercept([&](bulk::request const& q) -> std::optional<bulk::response> {
        if (inside || q.target.find("/data") == q.target.npos)
            return std::nullopt;
        inside = true;
        bulk::response answer = w.eloqua.handle(q);
        inside = false;
        if (std::size_t const at = answer.body.find("2025-07-01 02:00:00.123");
            at != answer.body.npos)
            answer.body.erase(at, 23);
        answer.fields.set("Content-Length", std::to_string(answer.body.size()));
        return answer;
    });
    w.options.windows = bulk::export_windows<&maybe_opened::at>(windows);
    bulk::client const client = w.client();
    // Milliseconds do not fit seconds.
    auto source = client.export_rows<maybe_opened>(all_opens, bulk::all_rows, w.options);
    bulk::result<std::vector<maybe_opened>> more = source.next().get();
    BOOST_TEST_REQUIRE(more.has_error());
    BOOST_TEST((more.error().code == bulk::errc::invalid_value), more.error().message());
    bulk::record_columns const columns(
        {bulk::attribute_column("Id", "Id"), bulk::attribute_column("ActivityDate", "CreatedAt")});
    w.options.windows = bulk::export_windows("ActivityDate", windows);
    auto records = client.export_records(all_opens, columns, bulk::all_rows, w.options);
    bulk::result<std::vector<bulk::record>> came = std::vector<bulk::record>(1);
    while (came && !came->empty())
        came = records.next().get();
    BOOST_TEST_REQUIRE(came.has_error());
    BOOST_TEST((came.error().code == bulk::errc::invalid_value), came.error().message());
    BOOST_TEST(came.error().message().find("'ActivityDate' is \"\", which is not a time") !=
                   std::string::npos,
               came.error().message());
}

BOOST_AUTO_TEST_CASE(options_that_windows_exclude) {
    world w;
    bulk::time_windows const windows(days[2], days[2] + 12h, 4h);
    bulk::client const client = w.client();
    auto const why = [&](auto const& change) {
        bulk::export_options options = w.options;
        options.windows = bulk::export_windows<&opened::at>(windows);
        change(options);
        bulk::failure const f =
            client.export_rows<opened>(all_opens, bulk::all_rows, options).next().get().error();
        return f;
    };
    using options = bulk::export_options;
    for (bulk::failure const& each :
         {why([](options& o) { o.max_records = 5; }), why([](options& o) { o.window_rows = 0; }),
          why([](options& o) { o.system_timestamps_in_utc = false; }),
          why([&](options& o) { o.windows = bulk::export_windows("when", windows); })})
        BOOST_TEST((each.code == bulk::errc::invalid_argument), each.message());
    BOOST_TEST(why([&](options& o) { o.windows = bulk::export_windows("when", windows); })
                   .message()
                   .find("'when', which is not a column") != std::string::npos);
    bulk::export_checkpoint at;
    at.name = "name";
    at.columns = 7;
    BOOST_TEST(
        (why([&](options& o) { o.resume_from = at; }).code == bulk::errc::invalid_checkpoint));
    BOOST_TEST(w.eloqua.requests("POST /activities/exports") == 0u);
}

BOOST_AUTO_TEST_CASE(a_filter_is_kept_for_all_windows) {
    world w;
    bulk::time_windows const windows(days[2], days[2] + 12h, 4h);
    w.fill(windows, 30min);
    std::int64_t const first =
        w.within(windows.whole()).size() ? *w.within(windows.whole()).begin() : 0;
    w.options.windows = bulk::export_windows<&opened::at>(windows);
    bulk::client const client = w.client();
    auto const filter = bulk::where<&opened::id> != first || bulk::where<&opened::id> == 0;
    auto source = client.export_rows<opened>(opens, filter, w.options);
    std::size_t came = source.next().value().size();
    // The same filter applies, whatever the call passes.
    auto rest = client.export_rows<opened>(opens, bulk::all_rows,
                                           resumed_at(w.options, source.checkpoint().text()));
    while (true) {
        auto const more = rest.next().value();
        if (more.empty())
            break;
        came += more.size();
    }
    BOOST_TEST(came + 1 == w.within(windows.whole()).size());
    BOOST_TEST(rest.receipt().filter->find("'{{Activity.Id}}' != ") != std::string::npos,
               *rest.receipt().filter);
    BOOST_TEST(rest.receipt().filter->find("CreatedAt") == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
