// SPDX-License-Identifier: BSL-1.0
// Typed filters: what compiles, and what they become.
#include <eloqua/bulk/schema/filter.hpp>

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "people.hpp"
#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory_resource>
#include <optional>
#include <string>
#include <string_view>

namespace data = boost::unit_test::data;

namespace {

using namespace schema_tests;
using namespace std::chrono_literals;
using bulk::where;

using person_filter = bulk::filter<person>;

template <class Row = person>
std::string text(bulk::filter<Row> const& f) {
    return bulk::render_filter(f, bulk::contacts).value();
}

bulk::failure refusal(person_filter const& f) {
    auto const rendered = bulk::render_filter(f, bulk::contacts);
    BOOST_TEST_REQUIRE(rendered.has_error());
    BOOST_TEST((rendered.error().code == bulk::errc::invalid_filter));
    return rendered.error();
}

/// Conditions short enough to see the structure around them.
person_filter a() {
    return where<&person::country> == "A";
}
person_filter b() {
    return where<&person::country> == "B";
}
person_filter c() {
    return where<&person::country> == "C";
}

std::string shape(person_filter const& f) {
    std::string out = text(f);
    constexpr std::string_view member = "'{{Contact.Field(C_Country)}}' = ";
    for (std::size_t at; (at = out.find(member)) != out.npos;)
        out.erase(at, member.size());
    return out;
}

template <auto Member, class V>
concept compares = requires(V const& v) {
    where<Member> == v;
    where<Member> != v;
    where<Member> < v;
    where<Member> <= v;
    where<Member> > v;
    where<Member> >= v;
};
template <auto Member, class V>
concept compares_somehow =
    requires(V const& v) { where<Member> == v; } || requires(V const& v) { where<Member> != v; } ||
    requires(V const& v) { where<Member> < v; } || requires(V const& v) { where<Member> <= v; } ||
    requires(V const& v) { where<Member> > v; } || requires(V const& v) { where<Member> >= v; };

// Text.
static_assert(compares<&person::email, char[3]>);
static_assert(compares<&person::email, char const*>);
static_assert(compares<&person::email, std::string>);
static_assert(compares<&person::email, std::string_view>);
static_assert(compares<&person::country, std::pmr::string>);
static_assert(!compares_somehow<&person::email, int>);
static_assert(!compares_somehow<&person::email, char>);
static_assert(!compares_somehow<&person::email, bool>);
static_assert(!compares_somehow<&person::email, std::nullptr_t>);
static_assert(!compares_somehow<&person::email, std::nullopt_t>);
static_assert(!compares_somehow<&person::email, stage>);
static_assert(!compares_somehow<&person::email, std::chrono::sys_seconds>);

// Integers.
static_assert(compares<&person::visits, int>);
static_assert(compares<&person::visits, std::int64_t>);
static_assert(compares<&person::visits, unsigned char>);
static_assert(!compares_somehow<&person::visits, char[3]>);
static_assert(!compares_somehow<&person::visits, bool>);
static_assert(!compares_somehow<&person::visits, double>);
static_assert(!compares_somehow<&person::visits, char>);
static_assert(!compares_somehow<&person::visits, std::nullptr_t>);
static_assert(!compares_somehow<&person::visits, stage>);

// Optional members compare as what they hold.
static_assert(compares<&person::age, int>);
static_assert(!compares_somehow<&person::age, std::string>);
static_assert(!compares_somehow<&person::age, bool>);
static_assert(!compares_somehow<&person::age, std::optional<int>>);
static_assert(!compares_somehow<&person::age, std::nullopt_t>);
static_assert(!compares_somehow<&person::country, int>);

// Floating point takes integers too.
static_assert(compares<&person::weight, double> && compares<&person::weight, float>);
static_assert(compares<&person::weight, int>);
static_assert(!compares_somehow<&person::weight, bool>);
static_assert(!compares_somehow<&person::weight, std::string>);
static_assert(!compares_somehow<&person::weight, char>);

// Booleans.
static_assert(compares<&person::subscribed, bool>);
static_assert(!compares_somehow<&person::subscribed, int>);
static_assert(!compares_somehow<&person::subscribed, char[5]>);
static_assert(!compares_somehow<&person::subscribed, double>);
static_assert(!compares_somehow<&person::subscribed, std::nullptr_t>);
static_assert(!compares_somehow<&person::subscribed, void*>);

// Enumerations.
static_assert(compares<&person::stage, stage>);
static_assert(!compares_somehow<&person::stage, colour>);
static_assert(!compares_somehow<&person::stage, int>);
static_assert(!compares_somehow<&person::stage, char[5]>);

// Times: what is not finer than the member.
static_assert(compares<&person::updated, std::chrono::sys_seconds>);
static_assert(compares<&person::updated, std::chrono::sys_days>);
static_assert(
    !compares_somehow<&person::updated, std::chrono::sys_time<std::chrono::milliseconds>>);
static_assert(!compares_somehow<&person::updated, std::chrono::seconds>);
static_assert(!compares_somehow<&person::updated, std::int64_t>);
static_assert(!compares_somehow<&person::updated, char[11]>);
static_assert(compares<&person::born, std::chrono::year_month_day>);
static_assert(compares<&person::born, std::chrono::sys_days>);
static_assert(!compares_somehow<&person::born, std::chrono::sys_seconds>);

// Filters of other rows: those of a base fit, others do not.
static_assert(std::convertible_to<person_filter, bulk::filter<employee>>);
static_assert(!std::convertible_to<bulk::filter<employee>, person_filter>);
static_assert(!std::convertible_to<bulk::filter<stranger>, person_filter>);
static_assert(!std::convertible_to<std::string, person_filter>);
template <class A, class B>
concept combines = requires(A x, B y) { x&& y; } || requires(A x, B y) { x || y; };
static_assert(combines<person_filter, bulk::filter<employee>>);
static_assert(!combines<person_filter, bulk::filter<stranger>>);

struct moments {
    std::chrono::sys_time<std::chrono::milliseconds> milli;
    std::chrono::sys_time<std::chrono::nanoseconds> nano;
    std::optional<std::chrono::sys_days> day;
    std::pmr::string text;
    std::string_view view;
};
BOOST_DESCRIBE_STRUCT(moments, (), (milli, nano, day, text, view))

} // namespace

BOOST_AUTO_TEST_SUITE(filter)

BOOST_AUTO_TEST_CASE(all_operators) {
    BOOST_TEST(text(where<&person::visits> == 1) == "'{{Contact.Field(visits)}}' = '1'");
    BOOST_TEST(text(where<&person::visits> != 1) == "'{{Contact.Field(visits)}}' != '1'");
    BOOST_TEST(text(where<&person::visits> < 1) == "'{{Contact.Field(visits)}}' < '1'");
    BOOST_TEST(text(where<&person::visits> <= 1) == "'{{Contact.Field(visits)}}' <= '1'");
    BOOST_TEST(text(where<&person::visits> > 1) == "'{{Contact.Field(visits)}}' > '1'");
    BOOST_TEST(text(where<&person::visits> >= 1) == "'{{Contact.Field(visits)}}' >= '1'");
}

BOOST_AUTO_TEST_CASE(text_values) {
    std::string const country = "Côte d`Ivoire \"CI\" \\";
    BOOST_TEST(text(where<&person::country> == country) ==
               "'{{Contact.Field(C_Country)}}' = 'Côte d`Ivoire \"CI\" \\'");
    BOOST_TEST(text(where<&person::country> == std::string_view(country).substr(0, 1)) ==
               "'{{Contact.Field(C_Country)}}' = 'C'");
    BOOST_TEST(text(where<&person::country> == "") == "'{{Contact.Field(C_Country)}}' = ''");
    BOOST_TEST(text(where<&person::country> == "{x} {") ==
               "'{{Contact.Field(C_Country)}}' = '{x} {'");
}

BOOST_AUTO_TEST_CASE(a_filter_owns_its_values) {
    std::string country = "a country whose name is too long for a short string";
    person_filter const f = where<&person::country> == country;
    country.assign(country.size(), '?');
    BOOST_TEST(text(f).ends_with("'a country whose name is too long for a short string'"));
}

BOOST_AUTO_TEST_CASE(numbers_are_written_as_given) {
    constexpr auto most = std::numeric_limits<std::uint64_t>::max();
    BOOST_TEST(text(where<&person::visits> < most).ends_with("< '18446744073709551615'"));
    BOOST_TEST(text(where<&person::visits> == -12).ends_with("= '-12'"));
    BOOST_TEST(text(where<&person::age> == 40).ends_with("= '40'"));
    BOOST_TEST(text(where<&person::weight> == 0.1).ends_with("= '0.1'"));
    BOOST_TEST(text(where<&person::weight> == 12).ends_with("= '12'"));
    BOOST_TEST(text(where<&person::weight> == 0.1f).ends_with("= '0.1'"));
}

BOOST_AUTO_TEST_CASE(booleans_and_enumerators) {
    BOOST_TEST(text(where<&person::subscribed> == true) ==
               "'{{Contact.Email.IsSubscribed}}' = 'true'");
    BOOST_TEST(text(where<&person::stage> != stage::former) ==
               "'{{Contact.Field(stage)}}' != 'former'");
}

BOOST_AUTO_TEST_CASE(times_of_every_precision) {
    std::chrono::sys_days const day = std::chrono::year(2025) / 6 / 1;
    BOOST_TEST(text(where<&person::updated> >= day + 10h + 1s) ==
               "'{{Contact.UpdatedAt}}' >= '2025-06-01 10:00:01'");
    BOOST_TEST(text(where<&person::updated> >= day) ==
               "'{{Contact.UpdatedAt}}' >= '2025-06-01 00:00:00'");
    BOOST_TEST(text(where<&person::born> < std::chrono::year(1970) / 1 / 31) ==
               "'{{Contact.Field(born)}}' < '1970-01-31'");
    BOOST_TEST(text(where<&moments::milli> == day + 1ms).ends_with("= '2025-06-01 00:00:00.001'"));
    BOOST_TEST(
        text(where<&moments::nano> == day + 1ns).ends_with("= '2025-06-01 00:00:00.000000001'"));
    BOOST_TEST(text(where<&moments::nano> == day).ends_with("= '2025-06-01 00:00:00.000'"));
    BOOST_TEST(text(where<&moments::day> == day).ends_with("= '2025-06-01 00:00:00'"));
}

BOOST_AUTO_TEST_CASE(every_kind_of_text_member) {
    BOOST_TEST(text(where<&moments::text> == "x") == "'{{Contact.Field(text)}}' = 'x'");
    BOOST_TEST(text(where<&moments::view> == "x") == "'{{Contact.Field(view)}}' = 'x'");
}

BOOST_AUTO_TEST_CASE(statements_are_those_of_the_entity) {
    person_filter const f = where<&person::email> == "x";
    BOOST_TEST(bulk::render_filter(f, bulk::custom_object(9)).value() ==
               "'{{CustomObject[9].Field(C_EmailAddress)}}' = 'x'");
    BOOST_TEST(text(where<&person::weight> > 1) == "'{{Contact.Account.Field(M_Weight)}}' > '1'");
}

BOOST_AUTO_TEST_CASE(parentheses_stand_only_where_they_are_needed) {
    BOOST_TEST(shape(a() && b()) == "'A' AND 'B'");
    BOOST_TEST(shape(a() && b() && c()) == "'A' AND 'B' AND 'C'");
    BOOST_TEST(shape(a() || b() || c()) == "'A' OR 'B' OR 'C'");
    BOOST_TEST(shape((a() && b()) || c()) == "'A' AND 'B' OR 'C'");
    BOOST_TEST(shape(a() || (b() && c())) == "'A' OR 'B' AND 'C'");
    BOOST_TEST(shape((a() || b()) && c()) == "('A' OR 'B') AND 'C'");
    BOOST_TEST(shape(a() && (b() || c())) == "'A' AND ('B' OR 'C')");
    BOOST_TEST(shape((a() || b()) && (b() || c())) == "('A' OR 'B') AND ('B' OR 'C')");
}

BOOST_AUTO_TEST_CASE(negation_binds_tightest) {
    BOOST_TEST(shape(!a()) == "NOT 'A'");
    BOOST_TEST(shape(!a() && b()) == "NOT 'A' AND 'B'");
    BOOST_TEST(shape(!(a() && b())) == "NOT ('A' AND 'B')");
    BOOST_TEST(shape(!(a() || b()) && !c()) == "NOT ('A' OR 'B') AND NOT 'C'");
    BOOST_TEST(shape(!!a()) == "NOT (NOT 'A')");
    BOOST_TEST(shape(!(a() || !(b() && !c()))) == "NOT ('A' OR NOT ('B' AND NOT 'C'))");
}

BOOST_AUTO_TEST_CASE(text_of_the_caller_is_sent_as_it_is) {
    auto own = [] { return bulk::unchecked_filter<person>("X = 'it''s' OR {{Y}}"); };
    BOOST_TEST(text(own()) == "X = 'it''s' OR {{Y}}");
    BOOST_TEST(shape(own() && a()) == "(X = 'it''s' OR {{Y}}) AND 'A'");
    BOOST_TEST(shape(a() || own()) == "'A' OR (X = 'it''s' OR {{Y}})");
    BOOST_TEST(shape(!own()) == "NOT (X = 'it''s' OR {{Y}})");
}

BOOST_AUTO_TEST_CASE(a_filter_of_a_base_filters_a_derived_row) {
    bulk::filter<employee> const f = where<&employee::email> == "x"; // `email` is the base's
    BOOST_TEST(text(f) == "'{{Contact.Field(C_EmailAddress)}}' = 'x'");
    auto const mixed = where<&person::visits> > 3 && where<&employee::company> == "Y";
    static_assert(std::same_as<decltype(mixed), bulk::filter<employee> const>);
    BOOST_TEST(text(mixed) ==
               "'{{Contact.Field(visits)}}' > '3' AND '{{Contact.Field(C_Company)}}' = 'Y'");
}

BOOST_AUTO_TEST_CASE(no_nodes_are_no_filter) {
    BOOST_TEST(bulk::render_filter({}, bulk::columns_of<person, bulk::contacts_t>, "Contact")
                   .value()
                   .empty());
}

BOOST_DATA_TEST_CASE(refuses_texts_that_have_no_literal,
                     data::make({"it's", "'", "a\nb", "\t", "\x01", "{{", "x}}y", "B\xff",
                                 "' OR '{{Contact.Id}}' != '"}),
                     value) {
    BOOST_TEST(refusal(where<&person::country> == value).info.detail ==
               "'country' is compared with a value that the filter language cannot express "
               "(quotes, control characters, double braces, invalid UTF-8, not a finite number)");
    refusal(a() && !(where<&person::country> == value));
    refusal((where<&person::country> == value) || a());
}

BOOST_AUTO_TEST_CASE(refuses_an_embedded_zero) {
    refusal(where<&person::country> == std::string("a\0b", 3));
}

BOOST_AUTO_TEST_CASE(refuses_values_without_a_text) {
    refusal(where<&person::weight> == std::numeric_limits<double>::quiet_NaN());
    refusal(where<&person::weight> < std::numeric_limits<float>::infinity());
    refusal(where<&person::stage> == static_cast<stage>(99));
    refusal(where<&person::born> == std::chrono::year(2025) / 2 / 30);
    refusal(where<&person::updated> < std::chrono::sys_days(std::chrono::year(10'000) / 1 / 1));
}

BOOST_AUTO_TEST_CASE(a_filter_has_at_most_1000_characters) {
    std::size_t const around = text(where<&person::country> == "").size();
    std::string const longest(1000 - around, 'x');
    BOOST_TEST(text(where<&person::country> == longest).size() == 1000u);
    BOOST_TEST(refusal(where<&person::country> == longest + 'x').info.detail ==
               "it has 1001 characters; at most 1000 are allowed");
    std::string accents; // a character is no byte
    for (std::size_t i = 0; i != longest.size(); ++i)
        accents += "é";
    BOOST_TEST(text(where<&person::country> == accents).size() == 1000u + longest.size());
    BOOST_TEST(refusal(where<&person::country> == accents + 'x').info.detail ==
               "it has 1001 characters; at most 1000 are allowed");
    BOOST_TEST((refusal(bulk::unchecked_filter<person>(std::string(1001, 'x'))).code ==
                bulk::condition::bad_data));
}

BOOST_AUTO_TEST_CASE(a_column_that_the_exported_row_lacks_is_named) {
    person_filter const f = where<&person::visits> == 1;
    auto const rendered =
        bulk::render_filter(f.nodes(), bulk::columns_of<stranger, bulk::contacts_t>, "Contact");
    BOOST_TEST_REQUIRE(rendered.has_error());
    BOOST_TEST((rendered.error().code == bulk::errc::invalid_filter));
    BOOST_TEST(rendered.error().info.detail == "'visits' is no column of the exported row");
}

BOOST_AUTO_TEST_SUITE_END()
