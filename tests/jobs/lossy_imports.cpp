// SPDX-License-Identifier: BSL-1.0
// Values that the service cannot store unchanged: refused before a row is sent, or truncated and
// counted.
#include <eloqua/bulk.hpp>
#include <eloqua/bulk/report_json.hpp>
#include <eloqua/bulk/simulator.hpp>

#include <boost/describe.hpp>
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "memory_journal.hpp"
#include <chrono>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

namespace bulk = eloqua::bulk;
namespace data = boost::unit_test::data;
using namespace std::chrono_literals;

namespace {

using nano_time = std::chrono::sys_time<std::chrono::nanoseconds>;

struct visitor {
    std::string email;
    std::string city;
    std::optional<nano_time> visit;
    using eloqua_fields = bulk::fields<bulk::field<&visitor::email, "C_EmailAddress">,
                                       bulk::field<&visitor::city, "C_City">,
                                       bulk::field<&visitor::visit, "C_Last_Visit">>;
};
BOOST_DESCRIBE_STRUCT(visitor, (), (email, city, visit))

struct visits {
    visits() {
        options.check_fields = false;
        for (int i = 0; i != 30; ++i)
            people.push_back({"p" + std::to_string(i) + "@x.com", "Rome",
                              nano_time(std::chrono::sys_days(std::chrono::year(2025) / 6 / 1)) +
                                  250ms + (i % 3 == 0 ? 1ns : 0ns)});
    }
    auto run() {
        return client
            .import_rows(bulk::contacts, bulk::identified_by<&visitor::email>, people, options)
            .get();
    }

    bulk::simulator eloqua;
    bulk::client client{eloqua, bulk::basic_credentials{"Company", "user", "secret"}};
    std::vector<visitor> people;
    bulk::import_options options;
};

} // namespace

BOOST_AUTO_TEST_SUITE(lossy_imports)

BOOST_DATA_TEST_CASE_F(visits, times_finer_than_a_millisecond_are_refused_by_row_and_column,
                       data::make({false, true}), csv) {
    options.rows = csv ? bulk::rows_format::csv : bulk::rows_format::json;
    people.erase(people.begin());
    auto const report = run();
    BOOST_TEST_REQUIRE(report.has_error());
    BOOST_TEST((report.error().code == bulk::errc::invalid_row));
    BOOST_TEST(report.error().info.detail.starts_with(
        "row 2: member 'visit' is a time finer than a millisecond"));
    BOOST_TEST(report.error().info.advice.find("import_options::finer_times") != std::string::npos);
    BOOST_TEST(eloqua.count("/contacts") == 0u);
}

BOOST_DATA_TEST_CASE_F(visits, times_finer_than_a_millisecond_are_truncated_and_counted,
                       data::make({false, true}), csv) {
    options.rows = csv ? bulk::rows_format::csv : bulk::rows_format::json;
    options.finer_times = bulk::finer_part::cut_off;
    options.request_bytes = 300; // a row that does not fit is encoded twice
    options.requests_per_sync = 2;
    auto const report = run().value();
    BOOST_TEST(report.created == 30);
    BOOST_TEST(report.times_cut == 10);
    std::ostringstream text;
    text << report;
    BOOST_TEST(text.str().find("; 10 times cut to milliseconds; proven") != std::string::npos);
    BOOST_TEST(bulk::to_json(report).find(R"("times_cut":10)") != std::string::npos);
    for (char const* email : {"p0@x.com", "p1@x.com"})
        BOOST_TEST(eloqua.value("/contacts", eloqua.find("/contacts", "C_EmailAddress", email)[0],
                                "C_Last_Visit") == "2025-06-01 00:00:00.250");
    people.resize(2);
    people.front().visit.reset();
    BOOST_TEST(run().value().times_cut == 0);
}

BOOST_FIXTURE_TEST_CASE(truncated_times_of_a_resumed_import_are_counted_once, visits) {
    options.finer_times = bulk::finer_part::cut_off;
    options.request_bytes = 300;
    options.requests_per_sync = 2;
    options.journal = std::make_shared<memory_journal>();
    people[25].city = "\xFF"; // ends the first run
    BOOST_TEST(run().has_error());
    people[25].city = "Bern";
    auto const report = run().value();
    BOOST_TEST(report.rows == 30);
    BOOST_TEST(report.times_cut == 10);
    BOOST_TEST(eloqua.count("/contacts") == 30u);
}

BOOST_FIXTURE_TEST_CASE(texts_with_nul_are_refused, visits) {
    options.finer_times = bulk::finer_part::cut_off;
    people[4].city = std::string("Ro\0me", 5);
    auto const report = run();
    BOOST_TEST_REQUIRE(report.has_error());
    BOOST_TEST((report.error().code == bulk::errc::invalid_row));
    BOOST_TEST(report.error().info.detail.starts_with("row 4: member 'city' contains a NUL"));
}

BOOST_AUTO_TEST_SUITE_END()
