// SPDX-License-Identifier: BSL-1.0
// Imports that end well although the service stored nothing of one column.
#include <eloqua/bulk/report_json.hpp>
#include <eloqua/bulk/simulator.hpp>

#include <boost/describe.hpp>
#include <boost/json.hpp>
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "../person.hpp"
#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace bulk = eloqua::bulk;
namespace data = boost::unit_test::data;

namespace {

struct resident {
    std::string email;
    std::string city;
    using eloqua_fields = bulk::fields<bulk::field<&resident::email, "C_EmailAddress">,
                                       bulk::field<&resident::city, "C_City">>;
};
BOOST_DESCRIBE_STRUCT(resident, (), (email, city))

/// A service that does not recognise the pushed column `city`, as it arrives under another name.
struct misread {
    misread() {
        eloqua.intercept([this](bulk::request const& q) -> std::optional<bulk::response> {
            if (std::exchange(handling, true))
                return std::nullopt;
            std::string body(q.body);
            bulk::request changed = q;
            if (q.method == bulk::verb::post && q.target.ends_with("/data"))
                for (std::size_t at = 0; (at = body.find("city", at)) != body.npos;)
                    body[at] = 'C';
            changed.body = body;
            bulk::response answer = eloqua.handle(changed);
            if (severity && q.target.find("/logs") != q.target.npos)
                grade(answer);
            handling = false;
            return answer;
        });
    }
    /// Sets the severity of all entries of a log.
    void grade(bulk::response& log) const {
        boost::json::value page = boost::json::parse(log.body);
        for (boost::json::value& each : page.at("items").as_array())
            if (severity->empty())
                each.as_object().erase("severity");
            else
                each.as_object()["severity"] = *severity;
        log.body = boost::json::serialize(page);
    }
    bulk::import_report<resident> run() {
        std::vector<resident> rows;
        for (int i = 0; i != 10; ++i)
            rows.push_back({"p" + std::to_string(i) + "@example.com", "Ghent"});
        return bulk::client(eloqua, eloqua_tests::me, client)
            .import_rows(bulk::contacts, bulk::identified_by<&resident::email>, rows, options)
            .get()
            .value();
    }

    bulk::simulator eloqua;
    bulk::client_options client;
    bulk::import_options options;
    std::optional<std::string> severity; ///< the severity of all entries of logs; empty: removes it
    bool handling = false;
};

} // namespace

BOOST_AUTO_TEST_SUITE(ignored_columns)

BOOST_DATA_TEST_CASE_F(misread, ignored_columns_are_warnings_of_the_report,
                       data::make({false, true}), csv) {
    options.rows = csv ? bulk::rows_format::csv : bulk::rows_format::json;
    auto const report = run();
    BOOST_TEST(report.created == 10);
    BOOST_TEST(report.rejects.empty());
    BOOST_TEST((report.proof == bulk::import_proof::proven)); // of the rows, not of their values
    BOOST_TEST(eloqua.find("/contacts", "C_City", "Ghent").empty());
    BOOST_TEST(report.counts.at("ELQ-00111") == 1);
    BOOST_TEST_REQUIRE(report.warnings.size() == 2u);
    BOOST_TEST(report.warnings[0] ==
               "/syncs/1: ELQ-00111 Field City is not part of the import definition, and is "
               "ignored. (1): the values of this column are not stored");
    BOOST_TEST(report.warnings[1] ==
               "/syncs/1: ELQ-00121 Field city is part of the import definition, but not in the "
               "file. (1): the service received no values for this column");
    BOOST_TEST(bulk::to_json(report).find("ELQ-00111 Field City") != std::string::npos);
}

BOOST_FIXTURE_TEST_CASE(ignored_columns_are_warnings_whatever_their_severity, misread) {
    for (char const* const each : {"information", "", "notice", "warning"}) {
        BOOST_TEST_INFO_SCOPE("'" << each << "'");
        misread fresh;
        fresh.severity = each;
        auto const report = fresh.run();
        BOOST_TEST_REQUIRE(report.warnings.size() >= 2u);
        BOOST_TEST(report.warnings[0].starts_with("/syncs/1: ELQ-00111 Field City"));
        BOOST_TEST(report.warnings[1].starts_with("/syncs/1: ELQ-00121 Field city"));
    }
}

BOOST_FIXTURE_TEST_CASE(ignored_columns_precede_all_other_warnings, misread) {
    eloqua.intercept([](bulk::request const& q) -> std::optional<bulk::response> {
        if (q.target.find("/logs") == q.target.npos)
            return std::nullopt;
        std::string items;
        for (int i = 0; i != 150; ++i)
            items += R"({"statusCode":"ELQ-00002","severity":"warning","count":0,"message":"m"},)";
        items += R"({"statusCode":"ELQ-00111","severity":"warning","count":1,"message":"x"},)"
                 R"({"statusCode":"ELQ-00130","severity":"information","count":10},)"
                 R"({"statusCode":"ELQ-00004","severity":"information","count":10})";
        return bulk::response(200, R"({"items":[)" + items + R"(],"hasMore":false})");
    });
    auto const report = run();
    BOOST_TEST_REQUIRE(report.warnings.size() == 101u);
    BOOST_TEST(report.warnings[0] ==
               "/syncs/1: ELQ-00111 x (1): the values of this column are not stored");
    BOOST_TEST(report.warnings[100] == "/syncs/1: and 51 more warnings");
}

BOOST_FIXTURE_TEST_CASE(ignored_columns_are_reported_without_the_service_s_text_too, misread) {
    client.row_values = bulk::row_values::hidden;
    auto const report = run();
    BOOST_TEST_REQUIRE(report.warnings.size() == 2u);
    BOOST_TEST(report.warnings[0] ==
               "/syncs/1: ELQ-00111 a column that the definition does not have was ignored (1): "
               "the values of this column are not stored");
}

BOOST_AUTO_TEST_CASE(a_sync_with_nothing_to_warn_of_has_no_warning) {
    bulk::simulator eloqua;
    std::vector<resident> const rows{{"a@example.com", "Ghent"}};
    auto const report =
        bulk::client(eloqua, eloqua_tests::me)
            .import_rows(bulk::contacts, bulk::identified_by<&resident::email>, rows)
            .get()
            .value();
    BOOST_TEST(report.warnings.empty());
    BOOST_TEST(eloqua.find("/contacts", "C_City", "Ghent").size() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
