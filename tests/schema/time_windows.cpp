// SPDX-License-Identifier: BSL-1.0
// Windows of time: they cover every second once, and their text is read again.
#include <eloqua/bulk/detail/job/window_rows.hpp>
#include <eloqua/bulk/export_checkpoint.hpp>
#include <eloqua/bulk/time_windows.hpp>

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace bulk = eloqua::bulk;
namespace job = eloqua::bulk::detail;
using namespace std::chrono_literals;
using bulk::filter_zone;
using bulk::time_window;
using bulk::time_windows;
using std::chrono::sys_days;
using std::chrono::sys_seconds;

namespace {

sys_seconds const june = sys_days(2025y / 6 / 1);

/// Checks that windows follow each other, and returns how many there are.
std::size_t covered(time_windows const& all) {
    sys_seconds at = all.whole().from;
    std::size_t count = 0;
    for (time_window const& each : all) {
        BOOST_TEST((each.from == at));
        BOOST_TEST((each.from < each.to));
        for (sys_seconds const time : {each.from, each.to - 1s})
            BOOST_TEST(all.index_of(time) == count);
        at = each.to;
        ++count;
    }
    BOOST_TEST((at == all.whole().to));
    BOOST_TEST(count == all.size());
    return count;
}

bool is_refused(std::string const& text) {
    auto const read = time_windows::parse(text);
    return read.has_error() && read.error().code == bulk::errc::invalid_argument;
}

} // namespace

BOOST_AUTO_TEST_SUITE(windows_of_time)

BOOST_AUTO_TEST_CASE(windows_cover_every_second_once) {
    BOOST_TEST(covered(time_windows(june, june + 24h, 1h)) == 24u);
    time_windows const odd(june, june + 25min, 10min);
    BOOST_TEST(covered(odd) == 3u);
    BOOST_TEST((odd[2] == time_window{june + 20min, june + 25min}));
    BOOST_TEST(covered(time_windows(june, june + 1s, 24h)) == 1u);
    BOOST_TEST(covered(time_windows(time_window{june, june + 7s})) == 1u);
    for (std::int64_t const n : {1, 2, 3, 7, 100})
        BOOST_TEST(covered(time_windows::split({june, june + 100s}, n)) == std::size_t(n));
    time_windows const ages(sys_days(1000y / 1 / 1), sys_days(9998y / 12 / 31), 1s);
    BOOST_TEST(ages.size() == 283'980'902'400u);
    BOOST_TEST((ages[ages.size() - 1].to == ages.whole().to));
}

BOOST_AUTO_TEST_CASE(impossible_windows_are_refused) {
    BOOST_CHECK_THROW(time_windows(june, june, 1s), bulk::error);
    BOOST_CHECK_THROW(time_windows(june + 1s, june, 1s), bulk::error);
    BOOST_CHECK_THROW(time_windows(june, june + 1h, 0s), bulk::error);
    BOOST_CHECK_THROW(time_windows(june, june + 1h, -1s), bulk::error);
    BOOST_CHECK_THROW((void)time_windows::split({june, june + 3s}, 4), bulk::error);
    BOOST_CHECK_THROW((void)time_windows::split({june, june + 3s}, 0), bulk::error);
    BOOST_CHECK_THROW(time_windows(sys_days(999y / 12 / 31), june, 1s), bulk::error);
    BOOST_CHECK_THROW(time_windows(june, sys_days(9999y / 1 / 1), 1s), bulk::error);
}

BOOST_AUTO_TEST_CASE(texts_are_read_again) {
    time_window const day{june, june + 24h};
    BOOST_TEST(day.text() == "2025-06-01T00:00:00Z/2025-06-02T00:00:00Z");
    BOOST_TEST((time_window::parse(day.text()).value() == day));
    BOOST_TEST((time_window::parse("2025-06-01/2025-06-02").value() == day));
    BOOST_TEST((time_window::parse("2025-06-01 02:00+02:00/2025-06-02").value() == day));
    for (char const* const wrong : {"", "/", "2025-06-01", "2025-06-01/", "2025-06-02/2025-06-01",
                                    "2025-06-01/2025-06-01", "0001-01-01/2025-06-01"})
        BOOST_TEST(time_window::parse(wrong).has_error(), wrong);
    for (time_windows const& each :
         {time_windows(june, june + 24h, 50min), time_windows::split(day, 7)}) {
        time_windows const read = time_windows::parse(each.text()).value();
        BOOST_TEST((read == each));
        BOOST_TEST(read.size() == each.size());
    }
    std::string const whole = day.text();
    for (char const* const wrong : {"", "/", "/0", "/-5", "/of0", "/of", "/of99999999", "/5x"})
        BOOST_TEST(is_refused(whole + wrong), wrong);
}

BOOST_AUTO_TEST_CASE(parts_of_a_halved_window_follow_each_other) {
    time_window const whole{june, june + 23s};
    // Halves until every part has at most three seconds; then each part follows from the last one.
    sys_seconds at = whole.from;
    std::vector<time_window> parts;
    while (at < whole.to) {
        time_window part = job::part_from(whole, at, 1s);
        BOOST_TEST((part.from == at));
        BOOST_TEST((part.to <= whole.to));
        while (part.length() > 3s)
            part.to = *job::middle_of(part, 1s);
        parts.push_back(part);
        at = part.to;
    }
    BOOST_TEST(parts.size() == 8u);
    BOOST_TEST((job::part_from(whole, parts[1].from, 1s) == parts[1])); // not all that remains
    BOOST_TEST(!job::middle_of({june, june + 1s}, 1s));
    BOOST_TEST(!job::middle_of({june, june + 24h}, 24h));
    BOOST_TEST((*job::middle_of({june, june + 72h}, 24h) == june + 24h));
}

/// The times that a local time can mean, whatever a service makes of it.
std::set<sys_seconds> meanings(sys_seconds local, bool eastern) {
    if (!eastern)
        return {local};
    // The changes of 2025, in UTC.
    auto const offset = [](sys_seconds utc) {
        bool const daylight = utc >= sys_seconds(sys_days(2025y / 3 / 9)) + 7h &&
                              utc < sys_seconds(sys_days(2025y / 11 / 2)) + 6h;
        return daylight ? 4h : 5h;
    };
    std::set<sys_seconds> all;
    for (auto const by : {4h, 5h})
        if (offset(local + by) == by)
            all.insert(local + by);
    if (all.empty()) // a time that does not exist
        all = {local + 4h, local + 5h};
    return all;
}

BOOST_AUTO_TEST_CASE(filters_cover_their_windows_in_either_zone) {
    for (sys_days const day : {sys_days(2025y / 3 / 8), sys_days(2025y / 11 / 1),
                               sys_days(2025y / 7 / 1), sys_days(2025y / 12 / 1)})
        for (auto begin = 0min; begin < 48h; begin += 15min) {
            time_window const window{day + begin, day + begin + 15min};
            auto const covers = [&](job::assumed_zone assumed, bool eastern) {
                time_window const literals = job::literals_of(window, assumed);
                bool all = true;
                for (sys_seconds const low : meanings(literals.from, eastern))
                    all = all && low < window.from;
                for (sys_seconds const high : meanings(literals.to, eastern))
                    all = all && high > window.to - 1s;
                return all;
            };
            BOOST_TEST_CONTEXT(window.text()) {
                BOOST_TEST(covers({filter_zone::unknown}, false));
                BOOST_TEST(covers({filter_zone::unknown}, true));
                BOOST_TEST(covers({filter_zone::utc}, false));
                BOOST_TEST(covers({filter_zone::us_eastern}, true));
                BOOST_TEST(covers({filter_zone::us_eastern, true}, true));
                BOOST_TEST(!covers({filter_zone::utc}, true)); // so that this test means something
                BOOST_TEST(!covers({filter_zone::us_eastern}, false));
            }
        }
    // Exact filters ask for little more, except near a change of the clocks.
    time_window const window{june, june + 1h};
    BOOST_TEST((job::literals_of(window, {filter_zone::us_eastern, true}) ==
                time_window{june - 4h - 1s, june - 3h + 1s}));
}

BOOST_AUTO_TEST_CASE(a_row_shows_the_zone_only_if_the_other_cannot_select_it) {
    time_window const window{june, june + 6h};
    auto const judged = [&](sys_seconds time, filter_zone known,
                            std::optional<bulk::timestamp> started =
                                bulk::timestamp(june + 1'000h)) {
        job::window_judge judge(window, {}, 1s);
        judge.started(started);
        filter_zone zone = known;
        auto const said = judge.judge(time, zone);
        return std::pair(said, zone);
    };
    using verdict = job::window_judge::verdict;
    using enum filter_zone;
    auto const is = [](std::pair<verdict, filter_zone> came, verdict v, filter_zone z) {
        BOOST_TEST(int(came.first) == int(v));
        BOOST_TEST(int(came.second) == int(z));
    };
    is(judged(june, unknown), verdict::inside, unknown);
    is(judged(june + 6h - 1s, unknown), verdict::inside, unknown);
    is(judged(june + 6h, unknown), verdict::outside, unknown);
    is(judged(june + 6h + 1s, unknown), verdict::outside, unknown);
    is(judged(june + 6h + 2s, unknown), verdict::outside, us_eastern);
    is(judged(june - 1h - 2s, unknown), verdict::outside, unknown);
    is(judged(june - 1h - 3s, unknown), verdict::outside, utc);
    is(judged(june - 5h - 2s, unknown), verdict::outside, utc);
    is(judged(june - 5h - 3s, unknown), verdict::impossible, unknown);
    is(judged(june + 11h + 1s, unknown), verdict::outside, us_eastern);
    is(judged(june + 11h + 2s, unknown), verdict::impossible, unknown);
    is(judged(june + 6h + 2s, utc), verdict::impossible, utc);
    is(judged(june - 1h - 3s, us_eastern), verdict::impossible, us_eastern);
    // Rows that were changed after the sync began show nothing.
    is(judged(june + 6h + 2s, unknown, bulk::timestamp(june + 6h)), verdict::outside, unknown);
    is(judged(june + 6h + 2s, utc, bulk::timestamp(june + 6h)), verdict::outside, utc);
    is(judged(june + 6h + 2s, unknown, std::nullopt), verdict::outside, unknown);
    is(judged(june + 900h, utc, std::nullopt), verdict::outside, utc);
}

BOOST_AUTO_TEST_CASE(checkpoints_with_windows_are_read_again) {
    bulk::export_checkpoint at;
    at.definition = "/activities/exports/7";
    at.sync = "/syncs/8";
    at.rows = 1'200;
    at.known_row = 340;
    at.known_hash = 0xabc;
    at.columns = 17;
    at.windows = bulk::window_progress{time_windows(june, june + 24h, 1h),
                                       "activity date",
                                       {june + 3h, june + 3h + 30min},
                                       400,
                                       12,
                                       1'000,
                                       filter_zone::us_eastern,
                                       true,
                                       {3, 2, 1, 77, filter_zone::us_eastern},
                                       "'{{Activity.Asset.Id}}' = '5'"};
    std::string const text = at.text();
    BOOST_TEST(text.starts_with("eloqua-bulk-export/3 instance= "), text);
    bulk::export_checkpoint const read = bulk::export_checkpoint::parse(text).value();
    BOOST_TEST(read.text() == text);
    bulk::window_progress const& w = *read.windows;
    BOOST_TEST((w.windows == at.windows->windows));
    BOOST_TEST(w.column == "activity date");
    BOOST_TEST((w.current == at.windows->current));
    BOOST_TEST((w.read == 400 && w.known == 12 && w.earlier == 1'000));
    BOOST_TEST((w.asked == filter_zone::us_eastern && w.exact));
    BOOST_TEST((w.totals == at.windows->totals));
    BOOST_TEST(w.filter == at.windows->filter);
    for (std::size_t cut = 0; cut < text.rfind(" filter="); ++cut)
        BOOST_TEST_REQUIRE(bulk::export_checkpoint::parse(text.substr(0, cut)).has_error());
    auto const changed = [&](std::string const& from, std::string const& to) {
        std::string other = text;
        std::size_t const place = other.find(from);
        BOOST_TEST_REQUIRE(place != other.npos);
        return bulk::export_checkpoint::parse(other.replace(place, from.size(), to)).has_error();
    };
    BOOST_TEST(changed("known=12", "known=-1"));
    BOOST_TEST(changed("known=12", "known=201"));
    BOOST_TEST(changed("read=400", "read=340"));
    BOOST_TEST(changed("sync=/syncs/8", "sync="));
    BOOST_TEST(changed("zone=us_eastern", "zone=mars"));
    BOOST_TEST(changed("current=2025-06-01T03", "current=2025-05-01T03"));
    BOOST_TEST(changed("/3600 ", "/0 "));
    BOOST_TEST(changed("export/3", "export/2"));
}

BOOST_AUTO_TEST_SUITE_END()
