// SPDX-License-Identifier: BSL-1.0
// Valid responses in an odd form do not change what a job does; an unknown final status of a sync
// is reported.
#include <eloqua/bulk/simulator.hpp>

#include <boost/test/unit_test.hpp>

#include "../person.hpp"
#include "export_script.hpp"
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace bulk = eloqua::bulk;
using bulk::fault;
using eloqua_tests::people;
using eloqua_tests::person;

namespace {

bool has(std::string const& text, std::string_view part) {
    return text.find(part) != text.npos;
}

std::vector<fault> const odd_forms{fault::other_form(), fault::encode("gzip, identity", 8),
                                   fault::encode("gzip+gzip", 1), fault::encode("identity+gzip,"),
                                   fault::encode("identity")};

bulk::export_options in_twos() {
    bulk::export_options o;
    o.page_rows = 2;
    return o;
}

bulk::result<std::int64_t> exported(bulk::simulator const& eloqua) {
    bulk::client client(eloqua, eloqua_tests::me);
    auto source = client.export_rows<person>(bulk::contacts, bulk::all_rows, in_twos());
    return source.for_each([](person const&) {}).get();
}

/// The final status of an export's sync, in the response to its start.
bulk::result<std::vector<int>> ended(std::string const& members) {
    namespace script = export_script;
    bulk::scripted_transport at;
    script::definition(at);
    at.expect(bulk::verb::post, script::base + "/syncs")
        .answers(201,
                 R"({"syncedInstanceUri":"/contacts/exports/5","uri":"/syncs/6")" + members + "}");
    at.expect(bulk::verb::get, script::base + "/syncs/6/logs?limit=1000&offset=0")
        .answers(200, R"({"items":[{"statusCode":"ELQ-00102","count":1}],"hasMore":false})");
    script::page(at, 2, 0, script::rows(0, 1, R"(,"totalResults":1)"));
    script::removal(at);
    auto source = bulk::client(at, script::me, script::options())
                      .export_rows<script::contact>(bulk::contacts, bulk::all_rows, in_twos());
    std::vector<int> got;
    auto const n =
        source.for_each([&](script::contact const& c) { got.push_back(c.number); }).get();
    if (!n)
        return n.error();
    BOOST_TEST(at.unexpected().empty());
    BOOST_TEST(at.finished());
    return got;
}

} // namespace

BOOST_AUTO_TEST_SUITE(odd_forms_of_answers)

BOOST_AUTO_TEST_CASE(an_export_in_odd_forms) {
    for (fault const& each : odd_forms) {
        bulk::simulator eloqua;
        eloqua.generate_contacts(5);
        eloqua.inject(bulk::fault_plan().from("*", 1, each));
        BOOST_TEST(exported(eloqua).value() == 5, each);
    }
}

BOOST_AUTO_TEST_CASE(an_import_in_odd_forms) {
    for (fault const& each : odd_forms) {
        bulk::simulator eloqua;
        eloqua.inject(bulk::fault_plan().from("*", 1, each));
        bulk::client client(eloqua, eloqua_tests::me);
        std::vector<person> rows = people(4);
        rows[2].email = "nobody";
        auto const report =
            client.import_rows(bulk::contacts, bulk::identified_by<&person::email>, rows)
                .get()
                .value();
        BOOST_TEST(report.created == 3, each);
        BOOST_TEST_REQUIRE(report.rejects.size() == 1u);
        BOOST_TEST(report.rejects[0].row_index == 2u);
        report.require_proven();
    }
}

BOOST_AUTO_TEST_CASE(a_status_in_another_letter_case_ends_a_sync) {
    for (char const* status : {"SUCCESS", "Success", "Warning"})
        BOOST_TEST(ended(R"(,"status":")" + std::string(status) + '"').value().size() == 1u);
    auto const failed = ended(R"(,"status":"ERROR")");
    BOOST_TEST((failed.error().code == bulk::errc::sync_failed));
}

BOOST_AUTO_TEST_CASE(an_unknown_final_status_is_an_error_that_names_it) {
    std::string const end = R"(,"syncEndedAt":"2025-06-02T09:00:00.0000000Z")";
    auto came = ended(R"(,"status":"halted")" + end);
    BOOST_TEST_REQUIRE(came.has_error());
    BOOST_TEST((came.error().code == bulk::errc::malformed_response));
    BOOST_TEST(has(came.error().message(), "/syncs/6 of /contacts/exports/5"));
    BOOST_TEST(has(came.error().message(), "'halted'"));
    came = ended(end);
    BOOST_TEST(has(came.error().message(), "without a status"));
}

BOOST_AUTO_TEST_CASE(an_import_whose_sync_ends_in_an_unknown_status) {
    bulk::simulator eloqua;
    eloqua.inject(bulk::fault_plan().from("GET /syncs/{id}", 1, fault::odd_status()));
    bulk::client client(eloqua, eloqua_tests::me);
    std::vector<person> const rows = people(3);
    auto const came =
        client.import_rows(bulk::contacts, bulk::identified_by<&person::email>, rows).get();
    BOOST_TEST_REQUIRE(came.has_error());
    BOOST_TEST(has(came.error().message(), "'halted'"), came.error().message());
    BOOST_TEST(has(came.error().message(), "it is unknown which of these rows were applied"));
}

BOOST_AUTO_TEST_SUITE_END()
