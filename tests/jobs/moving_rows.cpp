// SPDX-License-Identifier: BSL-1.0
// Exports by windows of the last change: a row that is changed meanwhile moves to a later window,
// and is not lost, whatever was prepared ahead.
#include <eloqua/bulk.hpp>
#include <eloqua/bulk/simulator.hpp>

#include <boost/describe.hpp>
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace bulk = eloqua::bulk;
namespace data = boost::unit_test::data;
using namespace std::chrono_literals;
using std::chrono::sys_days;
using std::chrono::sys_seconds;

// Not unnamed: g++ warns of test cases with data that capture objects of its types.
namespace moving_rows_of_tests {

bulk::basic_credentials const me{"Company", "user", "secret"};
sys_seconds const begin = sys_days(2025y / 5 / 1);

struct change {
    std::string email;
    std::string country;
    using eloqua_fields = bulk::fields<bulk::field<&change::email, "C_EmailAddress">,
                                       bulk::field<&change::country, "C_Country">>;
};
BOOST_DESCRIBE_STRUCT(change, (), (email, country))

struct person {
    std::string email;
    std::string country;
    std::chrono::sys_time<std::chrono::milliseconds> updated;
    using eloqua_fields = bulk::fields<bulk::field<&person::email, "C_EmailAddress">,
                                       bulk::field<&person::country, "C_Country">,
                                       bulk::attribute<&person::updated, "UpdatedAt">>;
};
BOOST_DESCRIBE_STRUCT(person, (), (email, country, updated))

/// An instance with a contact every half hour for 26 hours, and some more at the start of the
/// second window.
struct instance {
    instance() : eloqua(options_at(begin)) {
        for (int i = 0; i != 52; ++i) {
            eloqua.add_record("/contacts", {{"C_EmailAddress", email(i)}});
            if (i >= 20 && i < 25)
                eloqua.add_record("/contacts", {{"C_EmailAddress", email(100 + i)}});
            eloqua.advance(30min);
        }
        options.page_rows = options.batch_rows = 7;
        options.windows_ahead = 2;
        options.windows =
            bulk::export_windows<&person::updated>(bulk::time_windows(begin, begin + 30h, 10h));
    }
    static bulk::simulator_options options_at(sys_seconds start) {
        bulk::simulator_options o;
        o.start_time = start;
        return o;
    }
    static std::string email(int i) { return "p" + std::to_string(i) + "@example.com"; }
    void change_country_of(int i) {
        std::vector<change> const rows{{email(i), "BE"}};
        bulk::client(eloqua, me)
            .import_rows(bulk::contacts, bulk::identified_by<&change::email>, rows)
            .value();
    }
    std::size_t exports() const { return eloqua.requests("POST /contacts/exports"); }

    bulk::simulator eloqua;
    bulk::export_options options;
};

} // namespace moving_rows_of_tests

using namespace moving_rows_of_tests;

BOOST_AUTO_TEST_SUITE(moving_rows)

BOOST_DATA_TEST_CASE(a_row_that_moves_to_a_later_window_is_not_lost, data::xrange(4), why_again) {
    instance in;
    if (why_again == 1)
        in.options.window_rows = 23; // only the second window has more
    in.eloqua.intercept(
        [&, n = 0](bulk::request const& q) mutable -> std::optional<bulk::response> {
            // The second window's definition is refused at first, or its rows are gone.
            bool const made = q.method == bulk::verb::post && q.target.ends_with("/exports");
            if (why_again == 2 && made && ++n == 2)
                return bulk::response(400);
            if (why_again == 3 && q.target.find("/syncs/2/data") != q.target.npos)
                return bulk::response(404);
            return std::nullopt;
        });
    auto source =
        bulk::client(in.eloqua, me).export_rows<person>(bulk::contacts, bulk::all_rows, in.options);
    auto first = source.next().get();
    BOOST_TEST_REQUIRE(first.has_value());
    in.change_country_of(35); // from the second half of the second window to the third one
    std::map<std::string, person> came;
    for (person const& each : *first)
        came[each.email] = each;
    for (person const& each : source)
        came[each.email] = each;
    BOOST_TEST(came.size() == 57u);
    BOOST_TEST(came.contains(in.email(35)));
    BOOST_TEST(came[in.email(35)].country == "BE"); // the last one: it may come twice
}

BOOST_AUTO_TEST_CASE(windows_that_no_row_can_move_to_are_prepared) {
    struct {
        std::chrono::minutes later;
        std::size_t exports;
    } const cases[] = {{0min, 2}, {3h, 2}, {4h + 58min, 2}, {5h + 2min, 3}, {100h, 3}};
    for (auto const& each : cases) {
        instance in;
        in.eloqua.advance(each.later);
        auto source = bulk::client(in.eloqua, me)
                          .export_rows<person>(bulk::contacts, bulk::all_rows, in.options);
        BOOST_TEST(source.next().value().size() == 7u);
        BOOST_TEST(in.exports() == each.exports, each.later.count() << ": " << in.exports());
    }
}

BOOST_AUTO_TEST_SUITE_END()
