// SPDX-License-Identifier: BSL-1.0
// Jobs that get the response to another request, from the service or something in front of it.
#include <eloqua/bulk/simulator.hpp>

#include <boost/test/unit_test.hpp>

#include "../person.hpp"
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace bulk = eloqua::bulk;
using namespace eloqua_tests;

namespace {

bulk::export_options pages_of(std::int64_t rows,
                              bulk::rows_format format = bulk::rows_format::json) {
    bulk::export_options o;
    o.page_rows = rows;
    o.rows = format;
    return o;
}

/// The result of an export of six contacts, two per page.
struct exported {
    bulk::result<std::int64_t> came;
    std::vector<std::string> warnings;
    std::size_t definitions;
};
exported export_six(bulk::fault_plan const& plan,
                    bulk::rows_format format = bulk::rows_format::json) {
    bulk::simulator eloqua;
    eloqua.generate_contacts(6);
    eloqua.inject(plan);
    bulk::client client(eloqua, me);
    auto source = client.export_rows<person>(bulk::contacts, bulk::all_rows, pages_of(2, format));
    auto came = source.for_each([](person const&) {}).get();
    exported out{came, {}, 0};
    if (came)
        out.warnings = source.receipt().warnings;
    eloqua.inject(std::nullopt);
    out.definitions = client.exports(bulk::contacts).list().all().get().value().size();
    return out;
}

auto by = bulk::identified_by<&person::email>;

} // namespace

BOOST_AUTO_TEST_SUITE(jobs_and_other_answers)

BOOST_AUTO_TEST_CASE(a_repeated_page_ends_an_export) {
    exported const got =
        export_six(bulk::fault_plan().at("GET /syncs/{id}/data", 2, bulk::fault::other_page()));
    BOOST_TEST_REQUIRE(got.came.has_error());
    BOOST_TEST((got.came.error().code == bulk::errc::malformed_response));
    BOOST_TEST(got.came.error().info.detail.find("'offset' of the page is 0; requested was 2") !=
               std::string::npos);
    BOOST_TEST(got.definitions == 1u); // with the rows, for inspection
}

BOOST_AUTO_TEST_CASE(a_repeated_page_without_an_envelope_is_a_warning) {
    exported const got =
        export_six(bulk::fault_plan().at("GET /syncs/{id}/data", 2, bulk::fault::other_page()),
                   bulk::rows_format::csv);
    BOOST_TEST_REQUIRE(got.came.has_value());
    BOOST_TEST_REQUIRE(got.warnings.size() == 1u);
    BOOST_TEST(got.warnings[0].starts_with("the page at offset 2 equals the previous page"));
    exported const well = export_six(bulk::fault_plan(), bulk::rows_format::csv);
    BOOST_TEST(well.warnings.empty());
}

BOOST_AUTO_TEST_CASE(a_wrong_echo_ends_an_export) {
    exported const got =
        export_six(bulk::fault_plan().at("GET /syncs/{id}/data", 3, bulk::fault::wrong_offset()));
    BOOST_TEST_REQUIRE(got.came.has_error());
    BOOST_TEST((got.came.error().code == bulk::errc::malformed_response));
}

BOOST_AUTO_TEST_CASE(a_sync_with_another_uri_is_refused) {
    for (char const* const member : {"uri", "syncedInstanceUri"}) {
        exported const got = export_six(
            bulk::fault_plan().from("GET /syncs/{id}", 1, bulk::fault::other_resource(member)));
        BOOST_TEST_REQUIRE(got.came.has_error(), member);
        BOOST_TEST((got.came.error().code == bulk::errc::malformed_response));
    }
}

BOOST_AUTO_TEST_CASE(a_response_for_another_object_starts_a_search) {
    for (char const* const endpoint : {"POST /syncs", "POST /contacts/exports"}) {
        exported const got = export_six(
            bulk::fault_plan().at(endpoint, 1, bulk::fault::other_resource("syncedInstanceUri")));
        BOOST_TEST_REQUIRE(got.came.has_value(), endpoint);
        BOOST_TEST(*got.came == 6);
        BOOST_TEST(got.definitions == 0u);
    }
}

BOOST_AUTO_TEST_CASE(repeated_rejects_end_an_import) {
    bulk::simulator eloqua;
    std::vector<person> rows(1'500); // without addresses
    eloqua.inject(bulk::fault_plan().at("GET /syncs/{id}/rejects", 2, bulk::fault::other_page()));
    bulk::client client(eloqua, me);
    auto const came = client.import_rows(bulk::contacts, by, rows).get();
    BOOST_TEST_REQUIRE(came.has_error());
    BOOST_TEST((came.error().code == bulk::errc::malformed_response));
    BOOST_TEST(came.error().info.detail.find("'offset' of the page is 0; requested was 1000") !=
               std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_definition_with_another_name_is_a_warning) {
    bulk::simulator eloqua;
    eloqua.generate_contacts(1);
    eloqua.inject(bulk::fault_plan()
                      .at("POST /contacts/exports", 1, bulk::fault::other_resource("name"))
                      .at("POST /contacts/imports", 1, bulk::fault::other_resource("name")));
    bulk::client client(eloqua, me);
    bulk::export_options named;
    named.name = "people";
    auto source = client.export_rows<person>(bulk::contacts, bulk::all_rows, named);
    BOOST_TEST_REQUIRE(source.for_each([](person const&) {}).get().has_value());
    BOOST_TEST_REQUIRE(source.receipt().warnings.size() == 1u);
    BOOST_TEST(source.receipt().warnings[0].find("the service calls it") != std::string::npos);
    auto const report = client.import_rows(bulk::contacts, by, people(3)).get().value();
    BOOST_TEST_REQUIRE(report.warnings.size() == 1u);
    BOOST_TEST(report.warnings[0].find("the service calls it") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
