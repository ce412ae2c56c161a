// SPDX-License-Identifier: BSL-1.0
// Values of every type, imported and exported again: they come back equal, blanks too.
#include <eloqua/bulk.hpp>
#include <eloqua/bulk/simulator.hpp>

#include <boost/describe.hpp>
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bulk = eloqua::bulk;
namespace data = boost::unit_test::data;

namespace app {

enum class stage { lead, customer };
BOOST_DESCRIBE_ENUM(stage, lead, customer)
enum class rank : unsigned char { third = 3, top = 255 };
BOOST_DESCRIBE_ENUM(rank, third, top)

struct email_address {
    std::string text;
    using eloqua_value = bulk::wrapping<&email_address::text>;
    friend bool operator==(email_address const&, email_address const&) = default;
};
struct points {
    std::int16_t n = 0;
    using eloqua_value = bulk::wrapping<&points::n>;
    friend bool operator==(points, points) = default;
};
/// A type with a trait.
struct colour {
    std::uint32_t rgb = 0;
    friend bool operator==(colour, colour) = default;
};

} // namespace app

template <>
inline constexpr bool eloqua::bulk::enum_as_number<app::rank> = true;
template <>
struct eloqua::bulk::value_traits<app::colour> {
    static bool parse(std::string_view text, app::colour& into) {
        return text.starts_with('#') &&
               value_traits<std::uint32_t>::parse(text.substr(1), into.rgb);
    }
    static bool write(app::colour value, std::string& out) {
        out += '#';
        return value_traits<std::uint32_t>::write(value.rgb, out);
    }
};

namespace {

using milli_time = std::chrono::sys_time<std::chrono::milliseconds>;
using hour_time = std::chrono::sys_time<std::chrono::hours>;

/// A member of each type, and an optional of most types.
struct person {
    app::email_address email;
    std::string note;
    bool yes = false;
    std::int64_t many = 0;
    double amount = 0;
    milli_time milli;
    hour_time hour;
    std::chrono::year_month_day date;
    app::stage stage{};
    app::rank rank{};
    app::points points;
    app::colour colour;
    std::optional<std::string> maybe_note;
    std::optional<bool> maybe_yes;
    std::optional<float> maybe_amount;
    std::optional<std::chrono::sys_seconds> maybe_second;
    std::optional<app::stage> maybe_stage;
    std::optional<app::rank> maybe_rank;
    std::optional<app::points> maybe_points;
    std::optional<app::colour> maybe_colour;
    friend bool operator==(person const&, person const&) = default;

    using eloqua_fields = bulk::fields<bulk::field<&person::email, "C_EmailAddress">>;
};
BOOST_DESCRIBE_STRUCT(person, (),
                      (email, note, yes, many, amount, milli, hour, date, stage, rank, points,
                       colour, maybe_note, maybe_yes, maybe_amount, maybe_second, maybe_stage,
                       maybe_rank, maybe_points, maybe_colour))

/// The same contacts, with defaults for blanks.
struct scored {
    app::email_address email;
    std::int64_t maybe_points = 0;
    app::stage maybe_stage{};
    using eloqua_fields = bulk::fields<bulk::field<&scored::email, "C_EmailAddress">>;
    using eloqua_blanks =
        bulk::blanks<bulk::default_if_blank<&scored::maybe_points, -1>, bulk::all_default_if_blank>;
};
BOOST_DESCRIBE_STRUCT(scored, (), (email, maybe_points, maybe_stage))

/// The same contacts without defaults.
struct strict {
    app::email_address email;
    std::int64_t maybe_points = 0;
    using eloqua_fields = bulk::fields<bulk::field<&strict::email, "C_EmailAddress">>;
};
BOOST_DESCRIBE_STRUCT(strict, (), (email, maybe_points))

struct values {
    values() {
        using bulk::data_type;
        auto add = [&](data_type type, std::vector<char const*> names) {
            for (char const* name : names)
                eloqua.add_field("/contacts", bulk::simulated_field(name, type));
        };
        add(data_type::string,
            {"note", "stage", "colour", "maybe_note", "maybe_stage", "maybe_colour"});
        add(data_type::boolean, {"yes", "maybe_yes"});
        add(data_type::number,
            {"many", "amount", "rank", "points", "maybe_amount", "maybe_rank", "maybe_points"});
        add(data_type::date, {"milli", "hour", "date", "maybe_second"});

        people.emplace_back();
        people[0].email.text = "blank@example.com";
        people[0].milli = midnight;
        people[0].date = std::chrono::year(1900) / 1 / 1;
        people[0].rank = app::rank::third;
        people.emplace_back();
        person& full = people[1];
        full.email.text = "full@example.com";
        full.note = "a \"note\", with ünusual ch\\aracters\nin two lines";
        full.yes = true;
        full.many = std::numeric_limits<std::int64_t>::min();
        full.amount = -1234567.125;
        full.milli = midnight + std::chrono::milliseconds(1);
        full.hour = hour_time(midnight) + std::chrono::hours(23);
        full.date = std::chrono::year(2024) / 2 / 29;
        full.stage = app::stage::customer;
        full.rank = app::rank::top;
        full.points.n = -7;
        full.colour.rgb = 0xFF8000;
        full.maybe_note = "n";
        full.maybe_yes = false;
        full.maybe_amount = 0.25f;
        full.maybe_second = midnight + std::chrono::seconds(1);
        full.maybe_stage = app::stage::lead;
        full.maybe_rank = app::rank::third;
        full.maybe_points = app::points{7};
        full.maybe_colour = app::colour{1};
    }
    void import() {
        auto const report =
            client.import_rows(bulk::contacts, bulk::identified_by<&person::email>, people)
                .get()
                .value();
        BOOST_TEST(report.created == 2);
        BOOST_TEST(report.rejects.empty());
    }
    std::string stored(std::string_view email, std::string_view field) {
        return std::string(eloqua.value(
            "/contacts", eloqua.find("/contacts", "C_EmailAddress", email).at(0), field));
    }

    std::chrono::sys_days const midnight = std::chrono::year(2025) / 6 / 1;
    std::vector<person> people;
    bulk::simulator eloqua;
    bulk::client client{eloqua, bulk::basic_credentials{"Company", "user", "secret"}};
};

bulk::export_options in(bulk::rows_format format) {
    bulk::export_options options;
    options.rows = format;
    return options;
}

} // namespace

BOOST_AUTO_TEST_SUITE(value_types)

BOOST_DATA_TEST_CASE_F(values, values_come_back_unchanged, data::make({false, true}), csv) {
    import();
    BOOST_TEST(stored("full@example.com", "stage") == "customer");
    BOOST_TEST(stored("full@example.com", "rank") == "255");
    BOOST_TEST(stored("full@example.com", "points") == "-7");
    BOOST_TEST(stored("full@example.com", "colour") == "#16744448");
    BOOST_TEST(stored("full@example.com", "milli") == "2025-06-01 00:00:00.001");
    BOOST_TEST(stored("blank@example.com", "maybe_points") == "");
    BOOST_TEST(stored("blank@example.com", "maybe_second") == "");

    auto const format = csv ? bulk::rows_format::csv : bulk::rows_format::json;
    auto source = client.export_rows<person>(bulk::contacts, bulk::all_rows, in(format));
    BOOST_TEST((source.next().get().value() == people));
}

BOOST_DATA_TEST_CASE_F(values, blanks_mean_what_a_row_says, data::make({false, true}), csv) {
    import();
    auto const format = csv ? bulk::rows_format::csv : bulk::rows_format::json;
    auto source = client.export_rows<scored>(bulk::contacts, bulk::all_rows, in(format));
    std::vector<scored> const rows = source.next().get().value();
    BOOST_TEST_REQUIRE(rows.size() == 2u);
    BOOST_TEST(rows[0].maybe_points == -1);
    BOOST_TEST((rows[0].maybe_stage == app::stage::lead));
    BOOST_TEST(rows[1].maybe_points == 7);

    auto const wrong =
        client.export_rows<strict>(bulk::contacts, bulk::all_rows, in(format)).next().get();
    BOOST_TEST_REQUIRE(wrong.has_error());
    BOOST_TEST((wrong.error().code == bulk::errc::invalid_value));
    BOOST_TEST(
        wrong.error().info.detail.starts_with("row 0: member 'maybe_points' cannot be blank;"));
    BOOST_TEST(wrong.error().info.advice.find("bulk::default_if_blank") != std::string::npos);
}

BOOST_FIXTURE_TEST_CASE(values_without_a_text_are_not_sent, values) {
    people[1].rank = static_cast<app::rank>(4);
    auto const by = bulk::identified_by<&person::email>;
    auto const unknown = client.import_rows(bulk::contacts, by, people).get();
    BOOST_TEST_REQUIRE(unknown.has_error());
    BOOST_TEST((unknown.error().code == bulk::errc::invalid_row));
    BOOST_TEST(unknown.error().info.detail.starts_with("row 1: member 'rank' has no valid text"));
    people[1].rank = app::rank::top;
    people[0].date = std::chrono::year(10'000) / 1 / 1;
    auto const late = client.import_rows(bulk::contacts, by, people).get();
    BOOST_TEST_REQUIRE(late.has_error());
    BOOST_TEST(late.error().info.detail.starts_with("row 0: member 'date' has no valid text"));
    BOOST_TEST(eloqua.count("/contacts") == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
