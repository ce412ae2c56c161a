// SPDX-License-Identifier: BSL-1.0
// Conversion of times and durations to and from text.
#include <eloqua/bulk/time.hpp>

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <cstdint>
#include <ratio>
#include <string>
#include <string_view>

namespace bulk = eloqua::bulk;
namespace data = boost::unit_test::data;

namespace {

using namespace std::chrono_literals;
using std::chrono::seconds;
using std::chrono::sys_days;
using std::chrono::sys_time;
using std::chrono::year;

template <class Duration = seconds>
auto read(std::string_view text) {
    return bulk::parse_time<Duration>(text);
}
/// The time keeps its full precision.
template <class Duration>
auto read_all(std::string_view text) {
    return bulk::parse_time<Duration>(text, bulk::finer_part::refused);
}

template <class Duration>
std::string written(sys_time<Duration> time, char separator = ' ') {
    std::string out = "<";
    bool const fine = bulk::append_time(out, time, separator);
    return fine ? out : out + "refused";
}

template <class D>
concept has_text = bulk::detail::clock_duration<D>;
static_assert(has_text<seconds> && has_text<std::chrono::nanoseconds> &&
              has_text<std::chrono::days>);
static_assert(!has_text<std::chrono::duration<double>>);
static_assert(!has_text<std::chrono::duration<std::uint64_t>>);
static_assert(!has_text<std::chrono::duration<std::int64_t, std::ratio<2, 3>>>);
static_assert(!has_text<std::chrono::duration<std::int64_t, std::ratio<1, 60>>>,
              "a fraction of decimals cannot be told exactly");
static_assert(has_text<std::chrono::duration<std::int64_t, std::pico>>);
static_assert(!has_text<std::chrono::duration<std::int64_t, std::femto>>);
static_assert(has_text<std::chrono::duration<std::int8_t, std::ratio<31'556'952>>>);

} // namespace

BOOST_AUTO_TEST_SUITE(times)

BOOST_AUTO_TEST_CASE(all_shapes) {
    sys_days const day = year(2025) / 6 / 1;
    BOOST_TEST((read("2025-06-01") == day));
    BOOST_TEST((read("2025-06-01 10:00") == day + 10h));
    BOOST_TEST((read("2025-06-01 10:00:01") == day + 10h + 1s));
    BOOST_TEST((read("2025-06-01T10:00:01") == day + 10h + 1s));
    BOOST_TEST((read("2025-06-01T10:00Z") == day + 10h));
    BOOST_TEST((read("2025-06-01T10:00:01Z") == day + 10h + 1s));
    BOOST_TEST((read("2025-06-01T10:00:01.9999999Z") == day + 10h + 1s));
    BOOST_TEST((read("2025-06-01 23:59:59") == day + 24h - 1s));
}

BOOST_AUTO_TEST_CASE(offsets) {
    sys_days const day = year(2025) / 6 / 1;
    BOOST_TEST((read("2025-06-01T01:00:00+02:00") == day - 1h));
    BOOST_TEST((read("2025-06-01T01:00:00+0200") == day - 1h));
    BOOST_TEST((read("2025-06-01 01:00:00.5-05:30") == day + 6h + 30min));
    BOOST_TEST((read("2025-06-01T01:00+00:00") == day + 1h));
    BOOST_TEST((read("2024-12-31T23:30:00-14:00") == sys_days(year(2025) / 1 / 1) + 13h + 30min));
}

BOOST_AUTO_TEST_CASE(fractions_of_any_length) {
    sys_days const day = year(2025) / 6 / 1;
    using milli = std::chrono::milliseconds;
    using nano = std::chrono::nanoseconds;
    BOOST_TEST((read<milli>("2025-06-01 00:00:00.5") == day + 500ms));
    BOOST_TEST((read<milli>("2025-06-01 00:00:00.05") == day + 50ms));
    BOOST_TEST((read<milli>("2025-06-01 00:00:00.0019") == day + 1ms));
    BOOST_TEST((read<nano>("2025-06-01 00:00:00.123456789") == day + 123456789ns));
    BOOST_TEST(
        (read<nano>("2025-06-01 00:00:00." + std::string(500, '9') + "Z") == day + 999999999ns));
    BOOST_TEST((read<milli>("1969-12-31 23:59:59.999") == sys_days() - 1ms));
}

BOOST_AUTO_TEST_CASE(units_coarser_than_seconds_round_down) {
    BOOST_TEST((read<std::chrono::days>("2025-06-01 23:59:59") == sys_days(year(2025) / 6 / 1)));
    BOOST_TEST(
        (read<std::chrono::days>("1969-12-31 00:00:01") == sys_days() - std::chrono::days(1)));
    BOOST_TEST(
        (read<std::chrono::hours>("2025-06-01 10:59") == sys_days(year(2025) / 6 / 1) + 10h));
}

BOOST_AUTO_TEST_CASE(a_finer_part_is_refused_where_precision_must_be_kept) {
    sys_days const day = year(2025) / 6 / 1;
    using std::chrono::days;
    using std::chrono::hours;
    using std::chrono::milliseconds;
    using tenths = std::chrono::duration<std::int64_t, std::deci>;
    // Zeros do not count as a finer part.
    BOOST_TEST((read_all<seconds>("2025-06-01 10:00:01.000") == day + 10h + 1s));
    BOOST_TEST((read_all<seconds>("2025-06-01 10:00:01.0000000Z") == day + 10h + 1s));
    BOOST_TEST((read_all<tenths>("2025-06-01 00:00:00.500") == day + 500ms));
    BOOST_TEST((read_all<milliseconds>("2025-06-01 00:00:00.2500000") == day + 250ms));
    BOOST_TEST((read_all<hours>("2025-06-01 10:00:00") == day + 10h));
    BOOST_TEST((read_all<hours>("1969-12-31 23:00") == sys_days() - 1h));
    BOOST_TEST((read_all<days>("2025-06-01 00:00:00.000") == day));
    BOOST_TEST((read_all<days>("2025-06-01T02:00+02:00") == day));
    for (std::string_view text : {"2025-06-01 10:00:01.001", "2025-06-01 10:00:01.250",
                                  "2020-09-15T22:58:23.8705513Z", "1969-12-31 23:59:59.9"})
        BOOST_TEST((!read_all<seconds>(text) && read<seconds>(text)));
    for (std::string_view text : {"2025-06-01 00:00:00.550", "2025-06-01 00:00:00.5001"})
        BOOST_TEST((!read_all<tenths>(text) && read<tenths>(text)));
    BOOST_TEST(!read_all<milliseconds>("2025-06-01 00:00:00.0001").has_value());
    BOOST_TEST(!read_all<milliseconds>("2025-06-01 00:00:00." + std::string(500, '0') + "1"));
    for (std::string_view text :
         {"2025-06-01 10:00:00.001", "2025-06-01 10:00:01", "2025-06-01 10:01",
          "1969-12-31 23:00:01", "2025-06-01T10:00+05:30"})
        BOOST_TEST((!read_all<hours>(text) && read<hours>(text)));
    for (std::string_view text : {"2025-06-01 00:00:00.0000001", "2025-06-01 00:00:01",
                                  "1969-12-31 23:59:59", "2025-06-01T00:00+02:00"})
        BOOST_TEST((!read_all<days>(text) && read<days>(text)));
}

BOOST_AUTO_TEST_CASE(long_ago) {
    BOOST_TEST((read("1900-01-01T05:00:00.0000000Z") == sys_days(year(1900) / 1 / 1) + 5h));
    BOOST_TEST((read("0001-01-01") == sys_days(year(1) / 1 / 1)));
    BOOST_TEST((read("9999-12-31 23:59:59") == sys_days(year(10'000) / 1 / 1) - 1s));
}

BOOST_DATA_TEST_CASE(refuses_invalid_times,
                     data::make({"",
                                 " ",
                                 "2025",
                                 "2025-06",
                                 "2025-6-1",
                                 "25-06-01",
                                 "2025/06/01",
                                 "06/01/2025",
                                 "2025-13-01",
                                 "2025-00-01",
                                 "2025-06-00",
                                 "2025-06-31",
                                 "2025-02-29",
                                 "1900-02-29",
                                 "2025-06-01 ",
                                 "2025-06-01T",
                                 "2025-06-01 10",
                                 "2025-06-01 10:",
                                 "2025-06-01 1:00",
                                 "2025-06-01  10:00",
                                 "2025-06-01 24:00:00",
                                 "2025-06-01 10:60",
                                 "2025-06-01 10:00:60",
                                 "2025-06-01 10:00:0",
                                 "2025-06-01 10:00:00.",
                                 "2025-06-01 10:00:00,5",
                                 "2025-06-01 10:00:00.5x",
                                 "2025-06-01 10:00:00Zx",
                                 "2025-06-01 10:00:00ZZ",
                                 "2025-06-01 10:00:00+",
                                 "2025-06-01 10:00:00+2",
                                 "2025-06-01 10:00:00+02",
                                 "2025-06-01 10:00:00+15:00",
                                 "2025-06-01 10:00:00+02:60",
                                 "2025-06-01 10:00:00Z+02:00",
                                 "-2025-06-01",
                                 "+2025-06-01",
                                 "2025-06-01 -1:00",
                                 " 2025-06-01",
                                 "yesterday"}),
                     text) {
    BOOST_TEST(!read(text).has_value());
    BOOST_TEST(!read<std::chrono::nanoseconds>(text).has_value());
    BOOST_TEST(!read<std::chrono::days>(text).has_value());
}

BOOST_AUTO_TEST_CASE(refuses_a_leap_day_only_in_years_without_one) {
    BOOST_TEST(read("2024-02-29").has_value());
    BOOST_TEST(read("2000-02-29").has_value());
}

BOOST_AUTO_TEST_CASE(refuses_times_that_the_type_cannot_hold) {
    using nano = std::chrono::nanoseconds;
    using sys_nano = sys_time<nano>;
    BOOST_TEST(!read<nano>("1600-01-01").has_value());
    BOOST_TEST(!read<nano>("9999-12-31").has_value());
    BOOST_TEST((read<nano>("2262-04-11 23:47:16.854775807") == sys_nano::max()));
    BOOST_TEST(!read<nano>("2262-04-11 23:47:16.854775808").has_value());
    BOOST_TEST(!read<nano>("2262-04-11 23:47:17").has_value());
    BOOST_TEST((read<nano>("1677-09-21 00:12:43.145224192") == sys_nano::min()));
    BOOST_TEST(!read<nano>("1677-09-21 00:12:43.145224191").has_value());
    BOOST_TEST(!read<nano>("1677-09-21 00:12:42.999999999").has_value());
    using narrow = std::chrono::duration<std::int32_t>;
    BOOST_TEST((read<narrow>("2038-01-19 03:14:07") == sys_time<narrow>::max()));
    BOOST_TEST(!read<narrow>("2038-01-19 03:14:08").has_value());
    BOOST_TEST((read<narrow>("1901-12-13 20:45:52") == sys_time<narrow>::min()));
    BOOST_TEST(!read<narrow>("1901-12-13 20:45:51").has_value());
    using few_milli = std::chrono::duration<std::int16_t, std::milli>;
    BOOST_TEST((read<few_milli>("1970-01-01 00:00:32.767") == sys_time<few_milli>::max()));
    BOOST_TEST(!read<few_milli>("1970-01-01 00:00:32.768").has_value());
    BOOST_TEST((read<few_milli>("1969-12-31 23:59:27.232") == sys_time<few_milli>::min()));
    BOOST_TEST(!read<few_milli>("1969-12-31 23:59:27.231").has_value());
    using few_nano = std::chrono::duration<std::int8_t, std::nano>;
    BOOST_TEST((read<few_nano>("1969-12-31 23:59:59.999999872") == sys_time<few_nano>::min()));
    BOOST_TEST(!read<few_nano>("1969-12-31 23:59:59.999999871").has_value());
    BOOST_TEST((read<few_nano>("1970-01-01 00:00:00.000000127") == sys_time<few_nano>::max()));
    BOOST_TEST(!read<few_nano>("1970-01-01 00:00:00.000000128").has_value());
    using few_days = std::chrono::duration<std::int16_t, std::ratio<86'400>>;
    BOOST_TEST(read<few_days>("2025-06-01").has_value());
    BOOST_TEST((read<few_days>("2059-09-18") == sys_time<few_days>::max()));
    BOOST_TEST(!read<few_days>("2059-09-19").has_value());
    BOOST_TEST((read<few_days>("1880-04-14") == sys_time<few_days>::min()));
    BOOST_TEST(!read<few_days>("1880-04-13").has_value());
}

BOOST_AUTO_TEST_CASE(writes_three_digits_or_all) {
    sys_days const day = year(2025) / 6 / 1;
    BOOST_TEST(written(day + 10h + 1s) == "<2025-06-01 10:00:01");
    BOOST_TEST(written(day) == "<2025-06-01 00:00:00");
    BOOST_TEST(written(day + 10h) == "<2025-06-01 10:00:00");
    BOOST_TEST(written(day + 5ms) == "<2025-06-01 00:00:00.005");
    BOOST_TEST(written(day + 0ns) == "<2025-06-01 00:00:00.000");
    BOOST_TEST(written(day + 1us) == "<2025-06-01 00:00:00.000001");
    BOOST_TEST(written(day + 120'000ns) == "<2025-06-01 00:00:00.00012");
    BOOST_TEST(written(day + 1s, 'T') == "<2025-06-01T00:00:01");
    BOOST_TEST(written(sys_days() - 1ms) == "<1969-12-31 23:59:59.999");
    BOOST_TEST(written(sys_days(year(7) / 1 / 2)) == "<0007-01-02 00:00:00");
}

BOOST_AUTO_TEST_CASE(writes_no_year_of_other_than_four_digits) {
    BOOST_TEST(written(sys_days(year(9999) / 12 / 31) + 24h - 1s) == "<9999-12-31 23:59:59");
    BOOST_TEST(written(sys_days(year(10'000) / 1 / 1)) == "<refused");
    BOOST_TEST(written(sys_days(year(0) / 1 / 1)) == "<0000-01-01 00:00:00");
    BOOST_TEST(written(sys_days(year(-1) / 12 / 31)) == "<refused");
    BOOST_TEST(written(sys_time<std::chrono::milliseconds>(sys_days(year(0) / 1 / 1)) - 1ms) ==
               "<refused");
    // So far away that the year's number would overflow.
    for (std::int64_t years : {65'536, 65'600, -65'400, 1'000'000, 100'000'000})
        BOOST_TEST(written(std::chrono::sys_seconds(seconds(years * 31'556'952))) == "<refused");
    BOOST_TEST(written(std::chrono::sys_seconds::max()) == "<refused");
    BOOST_TEST(written(std::chrono::sys_seconds::min()) == "<refused");
    BOOST_TEST(written(sys_time<std::chrono::hours>::max()) == "<refused");
    BOOST_TEST(written(sys_time<std::chrono::years>::max()) == "<refused");
    BOOST_TEST(written(sys_time<std::chrono::weeks>(std::chrono::weeks::min())) == "<refused");
    BOOST_TEST(written(sys_time<std::chrono::weeks>(std::chrono::weeks(-1))) ==
               "<1969-12-25 00:00:00");
}

BOOST_AUTO_TEST_CASE(writes_the_ends_of_narrow_types) {
    using nano = sys_time<std::chrono::nanoseconds>;
    BOOST_TEST(written(nano::max()) == "<2262-04-11 23:47:16.854775807");
    BOOST_TEST(written(nano::min()) == "<1677-09-21 00:12:43.145224192");
    using narrow = sys_time<std::chrono::duration<std::int32_t>>;
    BOOST_TEST(written(narrow::max()) == "<2038-01-19 03:14:07");
    BOOST_TEST(written(narrow::min()) == "<1901-12-13 20:45:52");
    using few_nano = sys_time<std::chrono::duration<std::int8_t, std::nano>>;
    BOOST_TEST(written(few_nano::min()) == "<1969-12-31 23:59:59.999999872");
}

BOOST_AUTO_TEST_CASE(writes_the_first_and_the_last_time_that_a_type_holds) {
    using nano = sys_time<std::chrono::nanoseconds>;
    BOOST_TEST(written(nano::min()) == "<1677-09-21 00:12:43.145224192");
    BOOST_TEST(written(nano::max()) == "<2262-04-11 23:47:16.854775807");
    BOOST_TEST(written(sys_time<std::chrono::microseconds>::min()) == "<refused");
}

BOOST_AUTO_TEST_CASE(written_times_read_back_equal) {
    auto check = []<class D>(sys_time<D> time) {
        std::string text;
        BOOST_TEST_REQUIRE(bulk::append_time(text, time));
        BOOST_TEST_CONTEXT(text) {
            BOOST_TEST((bulk::parse_time<D>(text) == time));
        }
    };
    std::uint64_t chance = 42;
    for (int i = 0; i != 2'000; ++i) {
        chance = chance * 6364136223846793005u + 1442695040888963407u;
        auto const n = static_cast<std::int64_t>(chance >> 1);
        check(sys_time<std::chrono::nanoseconds>(std::chrono::nanoseconds((n & 1) ? -n : n)));
        check(sys_time<std::chrono::milliseconds>(
            std::chrono::milliseconds(n % 250'000'000'000'000)));
        check(std::chrono::sys_seconds(seconds(n % 300'000'000'000 - 60'000'000'000)));
        check(sys_days(std::chrono::days(n % 3'000'000 - 700'000)));
    }
}

BOOST_AUTO_TEST_CASE(durations) {
    BOOST_TEST((bulk::parse_duration("PT6H") == 6h));
    BOOST_TEST((bulk::parse_duration("P7D") == 24h * 7));
    BOOST_TEST((bulk::parse_duration("P2W") == 24h * 14));
    BOOST_TEST((bulk::parse_duration("P1DT30M") == 24h + 30min));
    BOOST_TEST((bulk::parse_duration("P1DT1H1M1S") == 25h + 61s));
    BOOST_TEST((bulk::parse_duration("PT90M") == 90min));
    BOOST_TEST((bulk::parse_duration("PT0S") == 0s));
    BOOST_TEST((bulk::parse_duration("P36500D") == 24h * 36'500));
}

BOOST_DATA_TEST_CASE(refuses_invalid_durations,
                     data::make({"",
                                 "P",
                                 "PT",
                                 "7D",
                                 "P7",
                                 "P7X",
                                 "PT7D",
                                 "P6H",
                                 "P1M",
                                 "P1Y",
                                 "P1DT",
                                 "PT1S1H",
                                 "PT1H1H",
                                 "P1D1W",
                                 "P-1D",
                                 "P+1D",
                                 "-P1D",
                                 "PT1.5S",
                                 "P D",
                                 "p7d",
                                 "P7D ",
                                 "PT1HT1M",
                                 "P99999999999D",
                                 "P99999999999999999999D",
                                 "PT3200000001S",
                                 "P37040D"}),
                     text) {
    BOOST_TEST(!bulk::parse_duration(text).has_value());
}

BOOST_AUTO_TEST_CASE(durations_are_written_in_few_units) {
    BOOST_TEST(bulk::format_duration(6h) == "PT6H");
    BOOST_TEST(bulk::format_duration(24h * 7) == "P7D");
    BOOST_TEST(bulk::format_duration(90min) == "PT1H30M");
    BOOST_TEST(bulk::format_duration(25h) == "PT25H");
    BOOST_TEST(bulk::format_duration(61s) == "PT1M1S");
    BOOST_TEST(bulk::format_duration(0s) == "PT0S");
    for (std::int64_t n = 0; n < 3'000'000'000; n = n * 3 + 7)
        BOOST_TEST((bulk::parse_duration(bulk::format_duration(seconds(n))) == seconds(n)));
}

BOOST_AUTO_TEST_SUITE_END()
