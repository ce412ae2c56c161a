// SPDX-License-Identifier: BSL-1.0
// Values of every type in rows of both formats: their texts, blanks in all forms, the meaning of
// blanks by the row's policy, and the error messages.
#include <eloqua/bulk/blanks.hpp>
#include <eloqua/bulk/detail/codec/row_decoder.hpp>
#include <eloqua/bulk/detail/codec/row_encoder.hpp>

#include <boost/describe/enum.hpp>
#include <boost/test/unit_test.hpp>

#include "pages.hpp"
#include <memory_resource>
#include <vector>

namespace bulk = eloqua::bulk;
using codec_tests::decode;
using codec_tests::page_of;

namespace app {

enum class stage { lead, customer };
BOOST_DESCRIBE_ENUM(stage, lead, customer)
enum class rank : unsigned char { third = 3, top = 255 };
BOOST_DESCRIBE_ENUM(rank, third, top)

template <class T>
struct tagged {
    T value{};
    using eloqua_value = bulk::wrapping<&tagged::value>;
};

/// A user-defined type for which a blank is a value.
struct colour {
    std::string name = "never read";
};

} // namespace app

template <>
inline constexpr bool eloqua::bulk::enum_as_number<app::rank> = true;
template <>
struct eloqua::bulk::value_traits<app::colour> {
    static bool parse(std::string_view text, app::colour& into) {
        into.name = text.empty() ? "none" : std::string(text);
        return text != "ugly";
    }
    static bool write(app::colour const& value, std::string& out) {
        out += value.name;
        return true;
    }
};

namespace {

using std::chrono::sys_seconds;
template <class Duration>
using sys = std::chrono::sys_time<Duration>;

struct texts {
    std::string text;
    std::pmr::string pooled;
    app::tagged<std::string> label;
    app::colour tint;
};
BOOST_DESCRIBE_STRUCT(texts, (), (text, pooled, label, tint))

struct values {
    bool yes = false;
    signed char few = 0;
    std::uint64_t many = 0;
    float part = 0;
    double amount = 0;
    sys_seconds second;
    sys<std::chrono::nanoseconds> fine;
    sys<std::chrono::hours> hour;
    std::chrono::sys_days day;
    std::chrono::year_month_day date;
    app::stage stage{};
    app::rank rank{};
    app::tagged<short> points;
    app::tagged<app::tagged<sys_seconds>> moment;
};
BOOST_DESCRIBE_STRUCT(values, (),
                      (yes, few, many, part, amount, second, fine, hour, day, date, stage, rank,
                       points, moment))

struct optionals {
    std::optional<std::string> text;
    std::optional<app::tagged<std::string>> label;
    app::tagged<std::optional<std::string>> tag;
    std::optional<bool> yes;
    std::optional<signed char> few;
    std::optional<double> amount;
    std::optional<sys_seconds> second;
    std::optional<std::chrono::year_month_day> date;
    std::optional<app::stage> stage;
    std::optional<app::rank> rank;
    std::optional<app::tagged<short>> points;
};
BOOST_DESCRIBE_STRUCT(optionals, (),
                      (text, label, tag, yes, few, amount, second, date, stage, rank, points))

struct views {
    std::string_view text;
    std::optional<std::string_view> maybe;
    app::tagged<std::string_view> label;
    std::optional<app::tagged<std::string_view>> tag;
    std::optional<sys_seconds> second;
};
BOOST_DESCRIBE_STRUCT(views, (), (text, maybe, label, tag, second))
static_assert(bulk::detail::is_view_row<views> && !bulk::detail::is_view_row<texts>);

/// A column of a page: its key and value; null if it has none.
using cell = std::pair<std::string, std::optional<std::string>>;
using cells = std::vector<cell>;

cells const good_texts{{"text", "as it is"},
                       {"pooled", ""},
                       {"label", "long enough to be no short "
                                 "string"},
                       {"tint", "green"}};
cells const good_values{{"yes", "true"},
                        {"few", "-128"},
                        {"many", "18446744073709551615"},
                        {"part", "0.1"},
                        {"amount", "-123456789012345680"},
                        {"second", "2025-06-01 10:00:01"},
                        {"fine", "2262-04-11 23:47:16.854775807"},
                        {"hour", "1969-12-31 23:00:00"},
                        {"day", "9999-12-31 00:00:00"},
                        {"date", "2024-02-29"},
                        {"stage", "customer"},
                        {"rank", "255"},
                        {"points", "-7"},
                        {"moment", "2025-06-01 10:00:01"}};
cells const good_optionals{{"text", "t"},
                           {"label", "l"},
                           {"tag", "g"},
                           {"yes", "false"},
                           {"few", "127"},
                           {"amount", "0.25"},
                           {"second", "0000-01-01 00:00:00"},
                           {"date", "9999-12-31"},
                           {"stage", "lead"},
                           {"rank", "3"},
                           {"points", "32767"}};
cells const good_views{
    {"text", "a"}, {"maybe", "b"}, {"label", "c"}, {"tag", "d"}, {"second", "2025-06-01 10:00:01"}};

/// Texts that are not values of their member: out of range, too precise, or an unknown name or
/// number.
cells const bad_values{{"yes", "2"},
                       {"few", "128"},
                       {"few", "12.5"},
                       {"many", "-1"},
                       {"many", "18446744073709551616"},
                       {"part", "3.5e38"},
                       {"amount", "1e309"},
                       {"second", "2025-06-01 10:00:01.250"},
                       {"second", "2020-09-15T22:58:23.8705513Z"},
                       {"fine", "2262-04-11 23:47:16.854775808"},
                       {"hour", "2025-06-01 10:01:00"},
                       {"day", "2025-06-01 00:00:01"},
                       {"date", "2025-06-01 00:00:00.001"},
                       {"stage", "Customer"},
                       {"stage", "2"},
                       {"rank", "4"},
                       {"points", "32768"},
                       {"moment", "2025-06-01 10:00:01.001"}};
cells const bad_optionals{{"yes", "2"},           {"few", "1.5"},
                          {"amount", "x"},        {"second", "2025-06-01 10:00:01.001"},
                          {"date", "2025-02-29"}, {"stage", "none"},
                          {"rank", "0"},          {"points", "-32769"}};

std::string page(bulk::rows_format format, cells const& row) {
    std::string keys, line;
    for (auto const& [key, value] : row) {
        if (format == bulk::rows_format::csv) {
            (keys += keys.empty() ? "" : ",") += key;
            (line += &key == &row.front().first ? "" : ",") += value.value_or("");
        } else {
            (line += line.empty() ? "\"" : ",\"") += key;
            line += value ? "\":\"" + *value + '"' : "\":null";
        }
    }
    return format == bulk::rows_format::csv ? keys + '\n' + line + '\n' : page_of('{' + line + '}');
}

cells with(cells row, cell const& changed) {
    for (cell& each : row)
        if (each.first == changed.first)
            each.second = changed.second;
    return row;
}
cells without(cells row, std::string_view key) {
    std::erase_if(row, [&](cell const& each) { return each.first == key; });
    return row;
}

/// The members of a row as texts; "?" for refused ones.
template <class Row>
cells shown(Row const& row) {
    cells all;
    bulk::detail::text_scratch scratch;
    for (std::size_t i = 0; i != bulk::detail::row_codec<Row>.size(); ++i) {
        std::string_view const text = bulk::detail::row_codec<Row>[i].text(&row, i, scratch);
        all.emplace_back(bulk::detail::row_codec<Row>[i].key,
                         text.data() ? std::string(text) : "?");
    }
    return all;
}

/// The result of a page with one row: the texts of the row's members, or the error.
struct outcome {
    cells row;
    std::optional<bulk::failure> wrong;
};
template <class Row>
outcome read(bulk::rows_format format, std::string const& text, std::size_t piece = 1'000) {
    outcome out;
    bulk::detail::row_decoder decoder(bulk::detail::row_codec<Row>, format);
    codec_tests::reusing_sink<Row> sink;
    sink.on_row = [&](Row const& row) { out.row = shown(row); };
    decoder.begin_page(5);
    for (std::string_view rest = text; !rest.empty();) {
        std::string_view const now = rest.substr(0, piece);
        std::copy(now.begin(), now.end(), decoder.prepare().begin());
        rest.remove_prefix(now.size());
        if (auto const went = decoder.commit(now.size(), sink); !went) {
            out.wrong = went.error();
            return out;
        }
    }
    if (auto const ended = decoder.finish(); !ended)
        out.wrong = ended.error();
    return out;
}

/// The forms in which a page can have the row: CSV must have all columns.
template <class Row>
std::vector<bulk::rows_format> formats_for(cells const& row) {
    if (row.size() < bulk::detail::row_codec<Row>.size())
        return {bulk::rows_format::json};
    return {bulk::rows_format::json, bulk::rows_format::csv};
}

template <class Row>
void reads_as(cells const& row, cells const& expected) {
    for (auto const format : formats_for<Row>(row))
        for (std::size_t const piece : {1u, 7u, 1'000u}) {
            outcome const out = read<Row>(format, page(format, row), piece);
            BOOST_TEST_CONTEXT(page(format, row)) {
                BOOST_TEST(!out.wrong.has_value());
                BOOST_TEST((out.row == expected));
            }
        }
}

template <class Row>
void is_refused(cells const& row, std::string const& detail, std::string_view advice) {
    for (auto const format : formats_for<Row>(row)) {
        outcome const out = read<Row>(format, page(format, row));
        BOOST_TEST_CONTEXT(page(format, row)) {
            BOOST_TEST_REQUIRE(out.wrong.has_value());
            BOOST_TEST((out.wrong->code == bulk::errc::invalid_value));
            BOOST_TEST(out.wrong->info.detail == detail);
            BOOST_TEST(out.wrong->info.advice == advice);
        }
    }
}

template <class Row>
void refuses(cells const& good, cells const& bad) {
    for (cell const& each : bad)
        is_refused<Row>(with(good, each),
                        "row 5: member '" + each.first + "' cannot hold \"" + *each.second + '"',
                        "give the member a type that can hold the field's values; for a time, one "
                        "of fine enough resolution");
}

/// Tests each member blank in each form: its text is then `blank`.
template <class Row>
void takes_blanks(cells const& good, std::string const& blank = "") {
    for (cell const& each : good) {
        cells const expected =
            with(good, {each.first, each.first == "tint" ? std::string("none") : blank});
        reads_as<Row>(with(good, {each.first, ""}), expected);
        reads_as<Row>(with(good, {each.first, std::nullopt}), expected);
        reads_as<Row>(without(good, each.first), expected);
    }
}

// The meaning of blanks by policy.
struct forgiving : values {
    std::optional<int> left = 1; // a blank is a value to it
    app::colour tint;
    static sys_seconds beginning() { return sys_seconds(std::chrono::sys_days()); }
    using eloqua_blanks = bulk::blanks<
        bulk::all_default_if_blank, bulk::default_if_blank<&forgiving::few, -5>,
        bulk::default_if_blank<&forgiving::yes, true>,
        bulk::default_if_blank<&forgiving::second, &forgiving::beginning>,
        bulk::default_if_blank<&forgiving::points, short(9)>,
        bulk::default_if_blank<&forgiving::rank, app::rank::top>,
        bulk::default_if_blank<&forgiving::date, [] { return std::chrono::year(1) / 2 / 3; }>>;
};
BOOST_DESCRIBE_STRUCT(forgiving, (values), (left, tint))

struct counted {
    int visits = 0, opens = 0, clicks = 0;
    using eloqua_blanks = bulk::blanks<bulk::default_if_blank<&counted::visits>,
                                       bulk::default_if_blank<&counted::opens, 1>>;
};
BOOST_DESCRIBE_STRUCT(counted, (), (visits, opens, clicks))
struct named {
    double weight = 0;
    using eloqua_blanks = bulk::blanks<bulk::default_if_blank<&named::weight, 1>>;
};
BOOST_DESCRIBE_STRUCT(named, (), (weight))
struct joined : counted, named {
    int answers = 0;
    using eloqua_blanks = bulk::blanks<bulk::default_if_blank<&joined::opens, 2>>;
};
BOOST_DESCRIBE_STRUCT(joined, (counted, named), (answers))
struct silent : joined {};
BOOST_DESCRIBE_STRUCT(silent, (joined), ())

struct lenient {
    int loose = 0;
    using eloqua_blanks = bulk::blanks<bulk::all_default_if_blank>;
};
BOOST_DESCRIBE_STRUCT(lenient, (), (loose))
struct strict {
    int tight = 0;
};
BOOST_DESCRIBE_STRUCT(strict, (), (tight))
/// Derived from one alone, whose policy it inherits, and from both.
struct over_lenient : lenient {
    int own = 0;
};
BOOST_DESCRIBE_STRUCT(over_lenient, (lenient), (own))
struct over_both : lenient, strict {};
BOOST_DESCRIBE_STRUCT(over_both, (lenient, strict), ())

/// A type that cannot be changed.
struct foreign {
    int n = 0;
};
BOOST_DESCRIBE_STRUCT(foreign, (), (n))

} // namespace

template <>
struct eloqua::bulk::blank_policy<foreign> {
    using type = blanks<default_if_blank<&foreign::n, 3>>;
};

namespace {

std::string const how_blanks_go = "make the member optional, or define what a blank means: "
                                  "bulk::default_if_blank in the row's eloqua_blanks";

} // namespace

BOOST_AUTO_TEST_SUITE(value_types)

BOOST_AUTO_TEST_CASE(texts_are_read_and_written_again) {
    reads_as<texts>(good_texts, good_texts);
    reads_as<values>(good_values, good_values);
    reads_as<optionals>(good_optionals, good_optionals);
    reads_as<views>(good_views, good_views);
}

BOOST_AUTO_TEST_CASE(an_invalid_value_is_refused_with_row_and_member) {
    refuses<values>(good_values, bad_values);
    refuses<optionals>(good_optionals, bad_optionals);
    refuses<views>(good_views, {{"second", "2025-06-01 10:00:01.001"}});
    refuses<texts>(good_texts, {{"tint", "ugly"}});
    refuses<forgiving>(good_values, bad_values); // not a blank
}

BOOST_AUTO_TEST_CASE(texts_and_optionals_are_blank_whether_empty_null_or_missing) {
    takes_blanks<texts>(good_texts);
    takes_blanks<optionals>(good_optionals);
    takes_blanks<views>(good_views);
    BOOST_TEST(!codec_tests::decode<optionals>(page_of("{}")).rows.at(0).label.has_value());
}

BOOST_AUTO_TEST_CASE(other_members_refuse_blanks_and_name_both_remedies) {
    for (cell const& each : good_values) {
        std::string const member = "row 5: member '" + each.first + "' ";
        is_refused<values>(with(good_values, {each.first, ""}), member + "cannot be blank",
                           how_blanks_go);
        is_refused<values>(with(good_values, {each.first, std::nullopt}),
                           member + "cannot be blank", how_blanks_go);
        is_refused<values>(without(good_values, each.first),
                           member + "is missing and cannot be blank", how_blanks_go);
    }
}

BOOST_AUTO_TEST_CASE(a_blank_means_what_the_row_says) {
    cells good = good_values;
    good.emplace_back("left", "1");
    good.emplace_back("tint", "green");
    cells const meaning{{"yes", "true"},
                        {"few", "-5"},
                        {"many", "0"},
                        {"part", "0"},
                        {"amount", "0"},
                        {"second", "1970-01-01 00:00:00"},
                        {"fine", "1970-01-01 00:00:00.000"},
                        {"hour", "1970-01-01 00:00:00"},
                        {"day", "1970-01-01 00:00:00"},
                        {"date", "0001-02-03"},
                        {"stage", "lead"},
                        {"rank", "255"},
                        {"points", "9"},
                        {"moment", "1970-01-01 00:00:00"},
                        {"left", ""},
                        {"tint", "none"}};
    reads_as<forgiving>(good, good);
    for (cell const& each : meaning) {
        reads_as<forgiving>(with(good, {each.first, ""}), with(good, each));
        reads_as<forgiving>(with(good, {each.first, std::nullopt}), with(good, each));
        reads_as<forgiving>(without(good, each.first), with(good, each));
    }
    // All of them in one page, repeatedly decoded into one object.
    auto const out = decode<forgiving>(page_of("{},{\"few\":\"3\"},{}"));
    BOOST_TEST_REQUIRE(out.rows.size() == 3u);
    BOOST_TEST(out.rows[1].few == 3);
    BOOST_TEST((shown(out.rows[0]) == meaning));
    BOOST_TEST((shown(out.rows[2]) == meaning));
}

BOOST_AUTO_TEST_CASE(entries_of_bases_apply_to_derived_rows_unless_overridden) {
    cells const good{
        {"visits", "10"}, {"opens", "11"}, {"clicks", "12"}, {"weight", "1.5"}, {"answers", "13"}};
    for (cell const& each : cells{{"visits", "0"}, {"opens", "2"}, {"weight", "1"}}) {
        reads_as<joined>(with(good, {each.first, ""}), with(good, each));
        reads_as<silent>(without(good, each.first), with(good, each));
    }
    reads_as<counted>({{"visits", "1"}, {"opens", ""}, {"clicks", "1"}},
                      {{"visits", "1"}, {"opens", "1"}, {"clicks", "1"}});
    for (char const* key : {"clicks", "answers"})
        is_refused<silent>(with(good, {key, ""}),
                           std::string("row 5: member '") + key + "' cannot be blank",
                           how_blanks_go);
    reads_as<over_lenient>({{"loose", ""}, {"own", "1"}}, {{"loose", "0"}, {"own", "1"}});
    is_refused<over_lenient>({{"loose", ""}, {"own", ""}}, "row 5: member 'own' cannot be blank",
                             how_blanks_go);
    reads_as<over_both>({{"loose", ""}, {"tight", "1"}}, {{"loose", "0"}, {"tight", "1"}});
    is_refused<over_both>({{"loose", "1"}, {"tight", ""}}, "row 5: member 'tight' cannot be blank",
                          how_blanks_go);
    reads_as<foreign>({{"n", ""}}, {{"n", "3"}});
    reads_as<foreign>({{"n", "1"}}, {{"n", "1"}});
}

BOOST_AUTO_TEST_SUITE_END()
