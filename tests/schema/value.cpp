// SPDX-License-Identifier: BSL-1.0
// Conversion of row values to and from text.
#include <eloqua/bulk/value.hpp>

#include <boost/describe/enum.hpp>
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory_resource>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bulk = eloqua::bulk;
namespace data = boost::unit_test::data;

namespace app {

enum class level : signed char { low = -1, middle, high };
BOOST_DESCRIBE_ENUM(level, low, middle, high)
enum class plain { one };
enum class rank : unsigned char { third = 3, top = 255 };
BOOST_DESCRIBE_ENUM(rank, third, top)
enum old_style { unset, set };
BOOST_DESCRIBE_ENUM(old_style, unset, set)
enum class truth : bool { no, yes };
BOOST_DESCRIBE_ENUM(truth, no, yes)
enum class wide : std::uint64_t { most = std::numeric_limits<std::uint64_t>::max() };
BOOST_DESCRIBE_ENUM(wide, most)

/// A user-defined type with a trait.
struct money {
    std::int64_t cents = 0;
    friend bool operator==(money, money) = default;
};

/// Types that wrap a value: one in a public member, one in a private member.
struct email_address {
    std::string text;
    friend bool operator==(email_address const&, email_address const&) = default;
};
class points {
public:
    points() = default;
    explicit points(short n) : n_(n) {}
    friend bool operator==(points, points) = default;

private:
    short n_ = 0;

public:
    using eloqua_value = eloqua::bulk::wrapping<&points::n_>;
};
template <class T>
struct tagged {
    T value{};
    using eloqua_value = eloqua::bulk::wrapping<&tagged::value>;
    friend bool operator==(tagged const&, tagged const&) = default;
};

} // namespace app

template <>
struct eloqua::bulk::wrapped_value<app::email_address>
    : eloqua::bulk::wrapping<&app::email_address::text> {};
template <>
inline constexpr bool eloqua::bulk::enum_as_number<app::rank> = true;

template <>
struct eloqua::bulk::value_traits<app::money> {
    static bool parse(std::string_view text, app::money& into) {
        if (!text.ends_with(" EUR"))
            return false;
        text.remove_suffix(4);
        std::size_t const point = text.find('.');
        std::int64_t euros = 0, cents = 0;
        if (point == text.npos || text.size() - point != 3 ||
            !value_traits<std::int64_t>::parse(text.substr(0, point), euros) ||
            !value_traits<std::int64_t>::parse(text.substr(point + 1), cents))
            return false;
        into.cents = euros * 100 + cents;
        return true;
    }
    static bool write(app::money value, std::string& out) {
        out += std::to_string(value.cents / 100) + '.' + std::to_string(value.cents % 100 / 10) +
               std::to_string(value.cents % 10) + " EUR";
        return value.cents >= 0;
    }
};

namespace {

using namespace std::chrono_literals;

/// The value, or nothing if the text is refused.
template <class T>
std::optional<T> read(std::string_view text) {
    T value{};
    if (!bulk::value_traits<T>::parse(text, value))
        return std::nullopt;
    return value;
}

template <class T>
std::string written(T const& value) {
    std::string out = "<";
    return bulk::value_traits<T>::write(value, out) ? out + ">" : "refused";
}

template <class... T>
constexpr bool all_values = (bulk::field_value<T> && ...);
template <class... T>
constexpr bool no_value = (!bulk::field_value<T> && ...);

static_assert(all_values<std::string, std::string_view, std::pmr::string>);
static_assert(all_values<bool, signed char, unsigned char, short, long long, unsigned long long,
                         float, double, long double>);
static_assert(all_values<app::level, app::rank, app::old_style, app::truth>);
static_assert(all_values<std::chrono::year_month_day, std::chrono::sys_days,
                         std::chrono::sys_seconds, std::chrono::sys_time<std::chrono::hours>,
                         std::chrono::sys_time<std::chrono::nanoseconds>>);
static_assert(all_values<app::money, std::optional<app::money>>);
static_assert(all_values<app::email_address, app::points, std::optional<app::points>,
                         app::tagged<app::points>, app::tagged<std::optional<int>>>);
// Pointers to and arrays of characters, single characters, and text in another encoding.
static_assert(no_value<char, wchar_t, char8_t, char16_t, char const*, char[8], std::wstring,
                       std::u8string, std::u8string_view>);
static_assert(no_value<int*, void*, std::nullptr_t, std::vector<int>, std::vector<std::string>>);
static_assert(no_value<app::plain>, "an enum that is not described");
static_assert(
    no_value<std::chrono::seconds, std::chrono::year, std::chrono::year_month,
             std::chrono::steady_clock::time_point, std::chrono::local_time<std::chrono::seconds>,
             std::chrono::sys_time<std::chrono::duration<double>>>);
static_assert(no_value<std::optional<std::vector<int>>, std::optional<app::plain>>);
static_assert(no_value<app::tagged<char>, app::tagged<std::vector<int>>,
                       std::optional<app::tagged<char const*>>>,
              "wraps what is no value");
static_assert(no_value<std::string const, std::string&>);

template <class... T>
constexpr bool all_views = (bulk::is_view_value<T> && ...);
static_assert(
    all_views<std::string_view, std::optional<std::string_view>, app::tagged<std::string_view>,
              std::optional<app::tagged<std::string_view>>>);
static_assert(!bulk::is_view_value<std::string> && !bulk::is_view_value<app::email_address>);

template <class... T>
constexpr bool all_hold_blank = (bulk::holds_blank<T> && ...);
static_assert(all_hold_blank<std::string, std::string_view, std::pmr::string, std::optional<int>,
                             app::email_address, app::tagged<std::optional<int>>>);
static_assert(!bulk::holds_blank<int> && !bulk::holds_blank<bool> &&
              !bulk::holds_blank<app::points> && !bulk::holds_blank<app::money>);

} // namespace

BOOST_AUTO_TEST_SUITE(value)

BOOST_AUTO_TEST_CASE(texts) {
    BOOST_TEST(read<std::string>("").value() == "");
    BOOST_TEST(read<std::string>(" as it is\n").value() == " as it is\n");
    std::string_view const source = "seen";
    BOOST_TEST(read<std::string_view>(source).value().data() == source.data());
    BOOST_TEST(written(std::string("\"x\"")) == "<\"x\">");
    BOOST_TEST(written(std::string_view("x")) == "<x>");

    std::pmr::monotonic_buffer_resource memory;
    std::pmr::string text(&memory);
    BOOST_TEST(bulk::value_traits<std::pmr::string>::parse("kept in its own memory", text));
    BOOST_TEST(text == "kept in its own memory");
    BOOST_TEST((text.get_allocator().resource() == &memory));
    BOOST_TEST(written(text) == "<kept in its own memory>");
}

BOOST_AUTO_TEST_CASE(booleans) {
    for (char const* text : {"true", "True", "TRUE", "1", "yes", "Yes"})
        BOOST_TEST((read<bool>(text) == true));
    for (char const* text : {"false", "False", "FALSE", "0", "no", "NO"})
        BOOST_TEST((read<bool>(text) == false));
    for (char const* text : {"", "2", "t", "tru", "truee", "true ", " true", "falsefalse", "nein"})
        BOOST_TEST(!read<bool>(text).has_value());
    BOOST_TEST(written(true) == "<true>");
    BOOST_TEST(written(false) == "<false>");
}

BOOST_AUTO_TEST_CASE(integers) {
    BOOST_TEST(read<int>("0").value() == 0);
    BOOST_TEST(read<int>("-12").value() == -12);
    BOOST_TEST(read<int>("+12").value() == 12);
    BOOST_TEST(read<int>("0012").value() == 12);
    BOOST_TEST(read<int>("12.0").value() == 12);
    BOOST_TEST(read<int>("-12.0000").value() == -12);
    BOOST_TEST(read<std::uint64_t>("18446744073709551615").value() ==
               std::numeric_limits<std::uint64_t>::max());
    BOOST_TEST(read<std::int64_t>("-9223372036854775808").value() ==
               std::numeric_limits<std::int64_t>::min());
    BOOST_TEST(written(-12) == "<-12>");
    BOOST_TEST(written(static_cast<signed char>(65)) == "<65>");
    BOOST_TEST(written(std::numeric_limits<std::int64_t>::min()) == "<-9223372036854775808>");
}

BOOST_DATA_TEST_CASE(refuses_invalid_integers,
                     data::make({"",           " ",           "-",
                                 "+",          "+-5",         "--5",
                                 "1 ",         " 1",          "1,000",
                                 "0x10",       "1e3",         "12.5",
                                 "12.01",      ".0",          "12.0.0",
                                 "12.0x",      "twelve",      "NaN",
                                 "2147483648", "-2147483649", "99999999999999999999999"}),
                     text) {
    BOOST_TEST(!read<int>(text).has_value());
}

BOOST_AUTO_TEST_CASE(integers_are_checked_against_the_range_of_the_type) {
    BOOST_TEST(read<signed char>("-128").value() == -128);
    BOOST_TEST(!read<signed char>("128").has_value());
    BOOST_TEST(read<unsigned char>("255").value() == 255);
    BOOST_TEST(!read<unsigned char>("256").has_value());
    BOOST_TEST(!read<unsigned>("-1").has_value());
    BOOST_TEST(read<short>("32767.00").value() == 32767);
    BOOST_TEST(!read<short>("32768").has_value());
    BOOST_TEST(read<int>("-2147483648").value() == std::numeric_limits<int>::min());
    BOOST_TEST(read<int>("2147483647").value() == std::numeric_limits<int>::max());
    BOOST_TEST(!read<unsigned>("4294967296").has_value());
    BOOST_TEST(!read<unsigned>("0.5").has_value());
    BOOST_TEST(!read<std::int64_t>("-9223372036854775809").has_value());
    BOOST_TEST(!read<std::uint64_t>("18446744073709551616").has_value());
    BOOST_TEST(!read<std::int64_t>("9223372036854775808.0").has_value());
}

BOOST_AUTO_TEST_CASE(floating_point) {
    BOOST_TEST(read<double>("0.1").value() == 0.1);
    BOOST_TEST(read<double>("+1.5").value() == 1.5);
    BOOST_TEST(read<double>("-1e3").value() == -1000.0);
    BOOST_TEST(read<float>("0.1").value() == 0.1f);
    BOOST_TEST(written(0.1) == "<0.1>");
    BOOST_TEST(written(0.1f) == "<0.1>");
    BOOST_TEST(written(-0.0) == "<-0>");
    BOOST_TEST(read<float>("3.4028235e38").value() == std::numeric_limits<float>::max());
    for (char const* text : {"3.5e38", "-3.5e38", "1e-60"})
        BOOST_TEST((!read<float>(text) && read<double>(text)));
    for (char const* text : {"1.8e308", "-1.8e308", "1e-400"})
        BOOST_TEST((!read<double>(text) && read<long double>(text)));
    for (char const* text : {"", ".", "1,5", "1.5 ", "1.5x", "0x1p3", "+-1", "--1", "1e999", "inf",
                             "-inf", "infinity", "nan", "NaN", "nan(1)", "+inf"})
        BOOST_TEST(!read<double>(text).has_value());
    BOOST_TEST(written(std::numeric_limits<double>::infinity()) == "refused");
    BOOST_TEST(written(-std::numeric_limits<float>::infinity()) == "refused");
    BOOST_TEST(written(std::numeric_limits<double>::quiet_NaN()) == "refused");
    BOOST_TEST(written(1e22) == "<10000000000000000000000>");
    BOOST_TEST(written(-1e-5) == "<-0.00001>");
    BOOST_TEST(written(std::numeric_limits<long double>::max()).size() > 4'900u);
    BOOST_TEST(written(std::numeric_limits<long double>::denorm_min()).size() > 4'900u);
    for (double each : {1e-300, std::numeric_limits<double>::denorm_min(), 1.0 / 3, 123456789.125,
                        1.7976931348623157e308}) {
        std::string const text = written(each);
        BOOST_TEST(read<double>(std::string_view(text).substr(1, text.size() - 2)).value() == each);
    }
}

BOOST_AUTO_TEST_CASE(times) {
    using milli = std::chrono::sys_time<std::chrono::milliseconds>;
    std::chrono::sys_days const day = std::chrono::year(2025) / 6 / 1;
    BOOST_TEST((read<milli>("2025-06-01 10:00:01.000") == day + 10h + 1s));
    BOOST_TEST(!read<milli>("").has_value());
    BOOST_TEST(!read<milli>("soon").has_value());
    BOOST_TEST(written(milli(day + 1ms)) == "<2025-06-01 00:00:00.001>");
    BOOST_TEST(written(std::chrono::sys_seconds(day)) == "<2025-06-01 00:00:00>");
    BOOST_TEST(written(std::chrono::sys_seconds::max()) == "refused");
    // Times keep their full precision.
    using std::chrono::sys_seconds, std::chrono::sys_days, std::chrono::hours;
    BOOST_TEST((read<sys_seconds>("2025-06-01 10:00:01.000") == day + 10h + 1s));
    BOOST_TEST(!read<sys_seconds>("2025-06-01 10:00:01.001").has_value());
    BOOST_TEST(!read<sys_seconds>("2020-09-15T22:58:23.8705513Z").has_value());
    BOOST_TEST(!read<milli>("2020-09-15T22:58:23.8705513Z").has_value());
    BOOST_TEST((read<sys_days>("2025-06-01 00:00:00.000") == day));
    BOOST_TEST(!read<sys_days>("2025-06-01 00:00:00.001").has_value());
    BOOST_TEST(!read<std::chrono::sys_time<hours>>("2025-06-01 10:01").has_value());
    BOOST_TEST(!read<std::chrono::sys_time<std::chrono::nanoseconds>>("2262-04-12").has_value());
}

BOOST_AUTO_TEST_CASE(dates) {
    using std::chrono::year_month_day;
    year_month_day const day = std::chrono::year(2025) / 6 / 1;
    BOOST_TEST((read<year_month_day>("2025-06-01") == day));
    BOOST_TEST((read<year_month_day>("2025-06-01 00:00:00.000") == day));
    BOOST_TEST((read<year_month_day>("1900-01-01") == std::chrono::year(1900) / 1 / 1));
    BOOST_TEST(!read<year_month_day>("2025-06-01 00:00:01").has_value());
    BOOST_TEST(!read<year_month_day>("2025-06-01 00:00:00.001").has_value());
    BOOST_TEST(!read<year_month_day>("2025-06-01 00:00:00.0000001").has_value());
    BOOST_TEST(!read<year_month_day>("2025-06-01T00:00:00+02:00").has_value());
    BOOST_TEST((read<year_month_day>("0000-01-01") == std::chrono::year(0) / 1 / 1));
    BOOST_TEST((read<year_month_day>("9999-12-31") == std::chrono::year(9999) / 12 / 31));
    BOOST_TEST(!read<year_month_day>("2025-02-30").has_value());
    BOOST_TEST(!read<year_month_day>("").has_value());
    BOOST_TEST(written(day) == "<2025-06-01>");
    BOOST_TEST(written(year_month_day(std::chrono::year(2025) / 2 / 30)) == "refused");
    BOOST_TEST(written(year_month_day(std::chrono::year(10'000) / 1 / 1)) == "refused");
    BOOST_TEST(written(year_month_day(std::chrono::year(-1) / 1 / 1)) == "refused");
}

BOOST_AUTO_TEST_CASE(enumerators_by_name_and_number) {
    BOOST_TEST((read<app::level>("high") == app::level::high));
    BOOST_TEST((read<app::level>("1") == app::level::high));
    BOOST_TEST((read<app::level>("-1") == app::level::low));
    for (std::string_view text : {"", "High", "high ", "2", "129", "low,high", "app::level::low"})
        BOOST_TEST(!read<app::level>(text).has_value());
    BOOST_TEST(!read<app::level>(std::string_view("high\0er", 7)).has_value());
    BOOST_TEST(written(app::level::middle) == "<middle>");
    BOOST_TEST(written(static_cast<app::level>(9)) == "refused");
}

BOOST_AUTO_TEST_CASE(enumerators_as_numbers) {
    using app::rank;
    BOOST_TEST(written(rank::third) == "<3>");
    BOOST_TEST(written(rank::top) == "<255>");
    BOOST_TEST(written(static_cast<rank>(4)) == "refused");
    BOOST_TEST(written(std::optional<rank>()) == "<>");
    for (char const* text : {"3", "third", "3.000", "+3"})
        BOOST_TEST((read<rank>(text) == rank::third));
    for (char const* text : {"", "4", "3.5", "-253", "259", "511", "fourth"})
        BOOST_TEST(!read<rank>(text).has_value());
    BOOST_TEST((read<app::old_style>("1") == app::set));
    BOOST_TEST(written(app::set) == "<set>");
    BOOST_TEST((read<app::truth>("1") == app::truth::yes));
    BOOST_TEST(!read<app::truth>("2").has_value());
    BOOST_TEST((read<app::wide>("18446744073709551615") == app::wide::most));
    BOOST_TEST(!read<app::wide>("-1").has_value());
}

BOOST_AUTO_TEST_CASE(blank_optionals) {
    std::optional<int> number = 7;
    BOOST_TEST(bulk::value_traits<std::optional<int>>::parse("", number));
    BOOST_TEST(!number.has_value());
    BOOST_TEST(bulk::value_traits<std::optional<int>>::parse("8", number));
    BOOST_TEST(number.value() == 8);
    BOOST_TEST(!bulk::value_traits<std::optional<int>>::parse("x", number));
    BOOST_TEST(written(std::optional<int>()) == "<>");
    BOOST_TEST(written(std::optional<int>(8)) == "<8>");
    BOOST_TEST(!read<std::optional<std::string>>("").value().has_value());
    BOOST_TEST(read<std::optional<std::string>>("x").value().value() == "x");
    BOOST_TEST(!read<std::optional<app::level>>("none").has_value());
    BOOST_TEST(written(std::optional<double>(std::numeric_limits<double>::quiet_NaN())) ==
               "refused");
}

BOOST_AUTO_TEST_CASE(a_type_of_the_user) {
    BOOST_TEST((read<app::money>("12.05 EUR") == app::money{1205}));
    BOOST_TEST(!read<app::money>("12.05").has_value());
    BOOST_TEST(!read<app::money>("").has_value());
    BOOST_TEST(!read<std::optional<app::money>>("").value().has_value());
    BOOST_TEST(written(app::money{1205}) == "<12.05 EUR>");
    BOOST_TEST(written(app::money{-1}) == "refused");
}

BOOST_AUTO_TEST_CASE(types_that_wrap_a_value) {
    using app::email_address, app::points, app::tagged;
    BOOST_TEST(read<email_address>("x@example.com").value().text == "x@example.com");
    BOOST_TEST(read<email_address>("").value().text.empty());
    BOOST_TEST(written(email_address{"x"}) == "<x>");
    BOOST_TEST((read<points>("-12.0") == points(-12)));
    for (char const* text : {"", "12.5", "32768", "many"})
        BOOST_TEST(!read<points>(text).has_value());
    BOOST_TEST(written(points(7)) == "<7>");
    // In an optional, around an optional, around another wrapper, around an enum and a view.
    BOOST_TEST(!read<std::optional<points>>("").value().has_value());
    BOOST_TEST((read<std::optional<points>>("7").value() == points(7)));
    BOOST_TEST(!read<std::optional<points>>("x").has_value());
    BOOST_TEST(!read<std::optional<email_address>>("").value().has_value());
    BOOST_TEST(written(std::optional<points>()) == "<>");
    BOOST_TEST(!read<tagged<std::optional<int>>>("").value().value.has_value());
    BOOST_TEST((read<tagged<tagged<points>>>("5") == tagged<tagged<points>>{{points(5)}}));
    BOOST_TEST((read<tagged<app::level>>("high").value().value == app::level::high));
    BOOST_TEST(written(tagged<app::rank>{app::rank::third}) == "<3>");
    BOOST_TEST(written(tagged<app::rank>{}) == "refused");
    std::string_view const source = "seen";
    BOOST_TEST(read<tagged<std::string_view>>(source).value().value.data() == source.data());
}

BOOST_AUTO_TEST_SUITE_END()
