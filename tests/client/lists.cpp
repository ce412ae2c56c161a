// SPDX-License-Identifier: BSL-1.0
// Lists that request their pages as needed.
#include <eloqua/bulk/simulator.hpp>
#include <eloqua/bulk/testing/scripted_transport.hpp>

#include <boost/test/unit_test.hpp>

#include "ways.hpp"
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace bulk = eloqua::bulk;

namespace {

bulk::basic_credentials const me{"Company", "user", "secret"};

bulk::client_options at_base() {
    bulk::client_options options;
    options.base_url = "https://secure.p03.eloqua.com/API/Bulk/2.0";
    return options;
}

bulk::simulator with_definitions(std::size_t count) {
    bulk::simulator eloqua;
    bulk::client client(eloqua, me);
    bulk::export_definition d;
    d.fields = {{"Id", "{{Contact.Id}}"}};
    for (std::size_t i = 0; i != count; ++i) {
        d.name = "export " + std::to_string(i);
        BOOST_TEST_REQUIRE(client.exports(bulk::contacts).create(d).get().has_value());
    }
    return eloqua;
}

bulk::list_query pages_of(std::int64_t limit) {
    bulk::list_query wanted;
    wanted.limit = limit;
    return wanted;
}

bulk::client answering(std::vector<std::string> bodies) {
    bulk::scripted_transport script;
    for (std::string& each : bodies)
        script.expect(bulk::verb::get, "/API/Bulk/2.0/syncs*").answers(200, std::move(each));
    return bulk::client(script, me, at_base());
}

std::string refusal(bulk::client const& client, bulk::errc code = bulk::errc::rows_missing) {
    auto const came = client.syncs().list().all().get();
    BOOST_TEST_REQUIRE(came.has_error());
    BOOST_TEST((came.error().code == code));
    BOOST_TEST(came.error().info.request.find("/syncs") != std::string::npos);
    return came.error().info.detail;
}

/// Responds to every request for a list with the same page.
bulk::client endless(std::size_t items, std::string const& rest, std::size_t& asked,
                     bulk::client_options options = at_base()) {
    std::string body = "{\"items\":[";
    for (std::size_t i = 0; i != items; ++i)
        body += std::string(i == 0 ? "" : ",") + R"({"syncedInstanceUri":"/x"})";
    body += "]," + rest + ",\"hasMore\":true}";
    bulk::simulator_options o;
    o.intercept = [&asked, body = std::move(body)](bulk::request const&) {
        ++asked;
        return std::optional(bulk::response(200, body));
    };
    return bulk::client(bulk::simulator(std::move(o)), me, std::move(options));
}

} // namespace

BOOST_AUTO_TEST_SUITE(lists)

BOOST_AUTO_TEST_CASE(a_range_requests_page_after_page) {
    bulk::simulator eloqua = with_definitions(7);
    bulk::client client(eloqua, me);
    std::vector<std::string> names;
    for (auto const& each : client.exports(bulk::contacts).list(pages_of(3)))
        names.push_back(each.name);
    BOOST_TEST_REQUIRE(names.size() == 7u);
    BOOST_TEST(names[0] == "export 0");
    BOOST_TEST(names[6] == "export 6");
    BOOST_TEST(eloqua.requests("GET /contacts/exports") == 3u);
}

BOOST_AUTO_TEST_CASE_TEMPLATE(next_and_all_on_every_client, Way, ways::all) {
    Way way;
    auto client = way.make(with_definitions(5), me);
    bulk::list_query const pairs = pages_of(2);
    auto list = client.exports(bulk::contacts).list(pairs);
    BOOST_TEST(way.run(list.next()).value().size() == 2u);
    BOOST_TEST(way.run(list.all()).value().size() == 3u);
    BOOST_TEST(way.run(list.next()).value().empty());
}

BOOST_AUTO_TEST_CASE(a_query_filters_sorts_and_skips) {
    bulk::simulator eloqua = with_definitions(12);
    bulk::client client(eloqua, me);
    bulk::list_query wanted = pages_of(4);
    wanted.q = "name=export 1*";
    wanted.orderBy = "name DESC";
    wanted.offset = 1;
    wanted.totalResults = false;
    auto const came = client.exports(bulk::contacts).list(wanted).all().get().value();
    BOOST_TEST_REQUIRE(came.size() == 2u);
    BOOST_TEST(came[0].name == "export 10");
    BOOST_TEST(came[1].name == "export 1");
}

BOOST_AUTO_TEST_CASE(an_empty_list) {
    bulk::client client(bulk::simulator(), me);
    for ([[maybe_unused]] auto const& each : client.syncs().list())
        BOOST_ERROR("there is a sync");
    BOOST_TEST(client.syncs().list().all().get().value().empty());
}

BOOST_AUTO_TEST_CASE(pages_that_contradict_themselves_are_errors) {
    std::string const item = R"({"syncedInstanceUri":"/x"})";
    BOOST_TEST(refusal(answering({R"({"hasMore":true})"})) ==
               "the list announces more items after item 0");
    BOOST_TEST(refusal(answering({R"({"items":[)" + item + R"(],"hasMore":true})",
                                  R"({"items":[],"hasMore":true})"})) ==
               "the list announces more items after item 1");
    BOOST_TEST(refusal(answering({R"({"items":[)" + item + "," + item +
                                  R"(],"totalResults":2,"hasMore":true})"})) ==
               "the list announces more items after item 2, although that is the last by its "
               "totalResults");
    BOOST_TEST(
        refusal(answering({R"({"items":[)" + item + R"(],"totalResults":3,"hasMore":false})"})) ==
        "the list ends after item 1 of 3");
    BOOST_TEST(refusal(answering({R"({"items":[],"totalResults":5,"hasMore":false})"})) ==
               "the list ends after item 0 of 5");
}

BOOST_AUTO_TEST_CASE(pages_with_too_many_items_are_errors) {
    std::string const item = R"({"syncedInstanceUri":"/x"})";
    BOOST_TEST(refusal(answering({R"({"items":[)" + item + "," + item + R"(],"totalResults":1})"}),
                       bulk::errc::malformed_response) == "the list has item 2 of 1");
    bulk::client client = answering({R"({"items":[)" + item + "," + item + "," + item});
    auto const came = client.syncs().list(pages_of(2)).page().get();
    BOOST_TEST_REQUIRE(came.has_error());
    BOOST_TEST((came.error().code == bulk::errc::malformed_response)); // before the list ends
    BOOST_TEST(came.error().info.detail ==
               "the response has more than the 2 items that were requested");
    BOOST_TEST(came.error().info.attempts == 1u);
}

BOOST_AUTO_TEST_CASE(items_of_other_resources_are_errors) {
    for (char const* const uri : {"/contacts/exports/1", "/syncs/1/data", "/1"})
        BOOST_TEST(refusal(answering({R"({"items":[{"syncedInstanceUri":"/x","uri":")" +
                                      std::string(uri) + "\"}]}"}),
                           bulk::errc::malformed_response)
                       .starts_with("'uri' of the response is "));
    bulk::client client = answering(
        {R"({"items":[{"syncedInstanceUri":"/x","uri":"https://h/API/Bulk/2.0/SYNCS/7"}]})"});
    BOOST_TEST(client.syncs().list().all().get().has_value());
}

BOOST_AUTO_TEST_CASE(a_list_of_all_entities) {
    bulk::scripted_transport script;
    script.expect(bulk::verb::get, "/API/Bulk/2.0/exports")
        .answers(200, R"({"items":[{"name":"a","uri":"/contacts/exports/1"},)"
                      R"({"name":"b","uri":"/activities/exports/2"}]})");
    bulk::client client(script, me, at_base());
    BOOST_TEST(client.all_exports().list().all().get().value().size() == 2u);
}

BOOST_AUTO_TEST_CASE(an_endless_list_is_stopped) {
    std::size_t asked = 0;
    // With pages that are not full.
    BOOST_TEST(refusal(endless(1, "\"limit\":1000", asked), bulk::errc::malformed_response) ==
               "the list has more than 1000 pages that are not full");
    BOOST_TEST(asked == 1'001u);
    // With full pages.
    asked = 0;
    bulk::client_options options = at_base();
    options.list_bytes = 1'000'000;
    BOOST_TEST(
        refusal(endless(1'000, "\"limit\":1000", asked, options), bulk::errc::malformed_response)
            .starts_with("the list takes more than 1000000 bytes up to item "));
    BOOST_TEST(asked < 20u);
    // With a list that is iterated.
    asked = 0;
    bulk::client client = endless(5, "\"limit\":1000", asked);
    auto list = client.syncs().list();
    std::size_t count = 0;
    BOOST_CHECK_THROW(for ([[maybe_unused]] auto const& each : list)++ count, bulk::error);
    BOOST_TEST(count == 5'000u);
}

BOOST_AUTO_TEST_CASE(a_page_that_is_too_large_is_requested_in_smaller_ones) {
    bulk::simulator eloqua = with_definitions(9);
    bulk::client_options options = at_base();
    options.document_bytes = 900;
    bulk::client client(eloqua, me, options);
    auto const all = client.exports(bulk::contacts).list().all().get().value();
    BOOST_TEST_REQUIRE(all.size() == 9u);
    BOOST_TEST(all[8].name == "export 8");
    // 1000 items, then half as many until the page fits; the smaller size from then on.
    std::uint64_t const requests = eloqua.requests("GET /contacts/exports");
    BOOST_TEST(requests > 8u);
    BOOST_TEST(requests < 20u);

    options.document_bytes = 100;
    bulk::client small(eloqua, me, options);
    auto const came = small.exports(bulk::contacts).list(pages_of(4)).all().get();
    BOOST_TEST_REQUIRE(came.has_error());
    BOOST_TEST((came.error().code == bulk::errc::response_too_large));
    BOOST_TEST(came.error().info.detail == "more than 100 bytes; only one item was requested");
    BOOST_TEST(came.error().info.request.find("limit=1") != std::string::npos);
    BOOST_TEST(eloqua.requests("GET /contacts/exports") == requests + 3);
}

BOOST_AUTO_TEST_CASE(after_an_error_a_list_continues_where_it_was) {
    bulk::scripted_transport script;
    std::string const first = R"({"items":[{"syncedInstanceUri":"/a"}],"hasMore":true})";
    std::string const last = R"({"items":[{"syncedInstanceUri":"/b"}],"hasMore":false})";
    script.expect(bulk::verb::get, "/API/Bulk/2.0/syncs").answers(200, first);
    script.expect(bulk::verb::get, "/API/Bulk/2.0/syncs?offset=1").answers(404);
    script.expect(bulk::verb::get, "/API/Bulk/2.0/syncs?offset=1").answers(200, last);
    bulk::client client(script, me, at_base());
    auto list = client.syncs().list();
    BOOST_TEST(list.all().get().has_error());
    auto const all = list.all().get().value();
    BOOST_TEST_REQUIRE(all.size() == 2u);
    BOOST_TEST(all[0].syncedInstanceUri == "/a");
    BOOST_TEST(all[1].syncedInstanceUri == "/b");
    BOOST_TEST(script.finished());
}

BOOST_AUTO_TEST_CASE(a_range_throws_errors) {
    bulk::client client = answering({"<html>Bad</html>"});
    auto list = client.syncs().list();
    BOOST_CHECK_EXCEPTION((void)list.begin(), bulk::error, [](bulk::error const& e) {
        return e.code() == bulk::errc::malformed_response &&
               e.info().request.find("/syncs") != std::string::npos;
    });
}

BOOST_AUTO_TEST_CASE(fields_of_one_type) {
    bulk::scripted_transport script;
    for (char const* path : {"activities/fields?activityType=EmailOpen&limit=9",
                             "campaigns/fields?type=sourceCampaign", "activities/fields"})
        script.expect(bulk::verb::get, std::string("/API/Bulk/2.0/") + path)
            .answers(200, R"({"items":[]})");
    bulk::client client(script, me, at_base());
    auto const opens = bulk::activities_of(bulk::activity_type::EmailOpen);
    auto const sources = bulk::campaigns_for(bulk::campaign_field_type::sourceCampaign);
    BOOST_TEST(client.fields(opens).list(pages_of(9)).page().get().has_value());
    BOOST_TEST(client.fields(sources).list().page().get().has_value());
    BOOST_TEST(client.fields(bulk::activities).list().page().get().has_value());
    BOOST_TEST(script.finished());
}

BOOST_AUTO_TEST_SUITE_END()
