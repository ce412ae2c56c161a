// SPDX-License-Identifier: BSL-1.0
// Exports by windows to files: after a crash, the same call continues within a window.
#include <eloqua/bulk/export_to_file.hpp>
#include <eloqua/bulk/simulator.hpp>
#include <eloqua/bulk/simulator/fault_plan.hpp>

#include <boost/describe.hpp>
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "memory_disk.hpp"
#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <utility>

namespace bulk = eloqua::bulk;
namespace data = boost::unit_test::data;
using namespace std::chrono_literals;
using bulk::literal_zone;
using memory_disk::crash;
using memory_disk::disk;
using memory_disk::loss;
using std::chrono::sys_days;
using std::chrono::sys_seconds;

namespace {

bulk::basic_credentials const me{"Company", "user", "secret"};
auto const opens = bulk::activities_of(bulk::activity_type::EmailOpen);
bulk::record_columns const columns({bulk::attribute_column("Id", "Id"),
                                    bulk::attribute_column("ActivityDate", "CreatedAt")});

/// A service and a disk that outlive the exporting processes.
struct world {
    explicit world(literal_zone zone) : eloqua(options_with(zone)) {
        sys_seconds const first = begin - 10h;
        for (int i = 0; i != 90; ++i)
            eloqua.add_activity(bulk::activity_type::EmailOpen, 0, {}, first + i * 20min);
        options.files = &files;
        options.format = bulk::file_format::csv;
        options.page_rows = 7;
        options.batch_rows = 4;
        options.checkpoint_rows = 4;
        options.checkpoint_time = std::chrono::hours(1);
        options.leave_complete = true;
        options.window_rows = 20;
        options.windows =
            bulk::export_windows("ActivityDate", bulk::time_windows(begin, begin + 11h, 5h));
    }
    world(world const&) = delete;
    static bulk::simulator_options options_with(literal_zone zone) {
        bulk::simulator_options o;
        o.filter_times = zone;
        return o;
    }
    bulk::result<bulk::stored_export> run() {
        bulk::client const client(eloqua, me);
        return bulk::export_records_to_file(client, opens, columns, "out", bulk::all_rows, options)
            .get();
    }
    std::string file() const { return files.content("out").value_or("none"); }

    static constexpr sys_seconds begin = sys_seconds(sys_days(2025y / 3 / 9));
    bulk::simulator eloqua;
    disk files;
    bulk::export_file_options options;
};

std::string undisturbed(literal_zone zone) {
    world w(zone);
    bulk::stored_export const done = w.run().value();
    BOOST_TEST(done.receipt.rows == 33);
    BOOST_TEST(std::ranges::count(w.file(), '\n') == 34);
    BOOST_TEST(done.receipt.definition_deleted);
    return w.file();
}

constexpr literal_zone zones[] = {literal_zone::utc, literal_zone::us_eastern};

} // namespace

BOOST_AUTO_TEST_SUITE(windows_in_files)

BOOST_DATA_TEST_CASE(a_crash_at_each_operation, data::xrange(2), zone) {
    std::mt19937 random(3);
    std::string const expected = undisturbed(zones[zone]);
    for (loss const what : {loss::none, loss::all, loss::at_will})
        for (std::size_t k = 1;; ++k) {
            world w(zones[zone]);
            w.files.crash_at = k;
            bool crashed = false;
            try {
                (void)w.run().value();
            } catch (crash const&) {
                crashed = true;
            }
            w.files.reboot(what, random);
            BOOST_TEST_CONTEXT("operation " << k << ", loss " << int(what)) {
                auto const done = w.run();
                BOOST_TEST_REQUIRE(!done.has_error(), done.error().message());
                BOOST_TEST(done->receipt.rows == 33);
                BOOST_TEST((w.file() == expected));
                BOOST_TEST(w.run().value().was_complete);
            }
            if (!crashed) {
                BOOST_TEST(k > 40u);
                break;
            }
        }
}

/// A failure tells the store where the export stopped, which a crash does not.
BOOST_DATA_TEST_CASE(a_refused_page_at_each_request, data::xrange(2) * data::make({1, 2, 3}), zone,
                     batch) {
    std::string const expected = undisturbed(zones[zone]);
    for (int k = 1;; ++k) {
        world w(zones[zone]);
        w.options.page_rows = 1;
        w.options.batch_rows = static_cast<std::size_t>(batch);
        w.eloqua.intercept([k, seen = 0](bulk::request const& q) mutable {
            bool const rows = q.target.find("/data?") != q.target.npos;
            return rows && ++seen == k ? std::optional(bulk::response(400)) : std::nullopt;
        });
        bool const refused = w.run().has_error();
        BOOST_TEST_CONTEXT("page " << k) {
            auto const done = w.run();
            BOOST_TEST_REQUIRE(!done.has_error(), done.error().message());
            BOOST_TEST((w.file() == expected));
        }
        if (!refused) {
            BOOST_TEST(k > 33);
            break;
        }
    }
}

BOOST_AUTO_TEST_CASE(crash_after_crash) {
    std::mt19937 random(4);
    for (unsigned round = 0; round != 40; ++round) {
        literal_zone const zone = zones[round % 2];
        static std::string const expected[] = {undisturbed(zones[0]), undisturbed(zones[1])};
        world w(zone);
        bool more = true;
        for (int crashes = 0; more && crashes != 15; ++crashes) {
            w.files.crash_at = w.files.operations + 1 + random() % 30;
            try {
                (void)w.run().value();
                more = false;
            } catch (crash const&) {
            }
            w.files.reboot(loss(random() % 3), random);
        }
        w.files.crash_at.reset();
        BOOST_TEST_CONTEXT("round " << round) {
            auto const done = w.run();
            BOOST_TEST_REQUIRE(!done.has_error(), done.error().message());
            BOOST_TEST((w.file() == expected[round % 2]));
        }
    }
}

BOOST_DATA_TEST_CASE(a_sync_that_the_service_asks_to_repeat, data::xrange(2), zone) {
    std::string const expected = undisturbed(zones[zone]);
    for (std::uint64_t nth = 1;; ++nth) {
        world w(zones[zone]);
        bulk::fault_plan plan;
        plan.at("POST /syncs", nth, bulk::fault::fail(bulk::elq::temporary_error));
        w.eloqua.inject(plan);
        auto const first = w.run();
        if (!plan.finished()) {
            BOOST_TEST(nth > 3u);
            break;
        }
        BOOST_TEST_CONTEXT("sync " << nth) {
            BOOST_TEST_REQUIRE(first.has_error());
            BOOST_TEST((first.error().code == bulk::elq::temporary_error));
            auto const done = w.run(); // starts another sync of the same definition
            BOOST_TEST_REQUIRE(!done.has_error(), done.error().message());
            BOOST_TEST((w.file() == expected));
            BOOST_TEST(done->receipt.definition_deleted);
            bulk::client const client(w.eloqua, me);
            BOOST_TEST(client.exports(bulk::activities).list().all().value().empty());
        }
    }
}

BOOST_AUTO_TEST_CASE(an_export_of_other_windows_is_not_resumed) {
    world w(literal_zone::utc);
    std::string const expected = undisturbed(literal_zone::utc);
    w.files.crash_at = 40;
    BOOST_CHECK_THROW((void)w.run(), crash);
    std::mt19937 random(1);
    w.files.reboot(loss::none, random);
    w.options.windows = bulk::export_windows(
        "ActivityDate", bulk::time_windows(world::begin, world::begin + 12h, 5h));
    auto const refused = w.run();
    BOOST_TEST_REQUIRE(refused.has_error());
    BOOST_TEST((refused.error().code == bulk::errc::other_export));
    BOOST_TEST(refused.error().message().find(
                   "(2025-03-09T00:00:00Z/2025-03-09T11:00:00Z/18000; requested are "
                   "2025-03-09T00:00:00Z/2025-03-09T12:00:00Z/18000)") != std::string::npos,
               refused.error().message());
    w.options.use_journal_filter = true;
    w.run().value();
    BOOST_TEST((w.file() == expected));
    w.options.windows.reset();
    auto const other = w.run();
    BOOST_TEST((other.error().code == bulk::errc::other_export));
}

BOOST_AUTO_TEST_SUITE_END()
