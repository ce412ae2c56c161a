// SPDX-License-Identifier: BSL-1.0
// Exports whose request to create a definition or a sync gets no response: they search for what it
// created.
#include <eloqua/bulk.hpp>

#include <boost/describe.hpp>
#include <boost/test/unit_test.hpp>

#include "export_script.hpp"
#include <string>
#include <vector>

namespace bulk = eloqua::bulk;
using namespace export_script;

namespace {

bulk::error_code const reset = make_error_code(boost::system::errc::connection_reset);

bulk::result<std::int64_t> run(bulk::scripted_transport& script,
                               bulk::client_options how = options()) {
    bulk::export_options o;
    o.page_rows = 9;
    return bulk::client(script, me, how)
        .export_rows<contact>(bulk::contacts, bulk::all_rows, o)
        .for_each([](contact const&) {})
        .get();
}
void logs(bulk::scripted_transport& script) {
    script.expect(verb::get, base + "/syncs/6/logs?limit=1000&offset=0")
        .answers(200, R"({"items":[{"statusCode":"ELQ-00102","count":1}],"hasMore":false})");
}
void one_page(bulk::scripted_transport& script) {
    page(script, 9, 0, rows(0, 1, R"(,"totalResults":1,"hasMore":false)"));
}
std::string sync_item(int definition, int number) {
    return R"({"syncedInstanceUri":"/contacts/exports/)" + std::to_string(definition) +
           R"(","status":"success","uri":"/syncs/)" + std::to_string(number) + R"("})";
}
void look_for_syncs(bulk::scripted_transport& script, std::string const& items) {
    script.expect(verb::get, base + "/syncs?limit=1000&offset=0&orderBy=createdAt%20DESC")
        .answers(200, R"({"items":[)" + items + R"(],"hasMore":false})");
}

/// The name of the definition that a client with this seed creates.
std::string name_of_definition() {
    bulk::scripted_transport script;
    (void)run(script);
    std::string const body = script.requests().front().body;
    std::size_t const at = body.find(R"("name":")") + 8;
    return body.substr(at, body.find('"', at) - at);
}
bulk::scripted_transport::step look_for_definitions(bulk::scripted_transport& script,
                                                    std::string const& name) {
    return script.expect(verb::get, base + "/contacts/exports?limit=1000&offset=0&q=name%3D%2A" +
                                        name.substr(name.rfind(' ') + 1) + "%2A");
}
std::string item(std::string const& name, int number) {
    return R"({"name":")" + name + R"(","uri":"/contacts/exports/)" + std::to_string(number) +
           R"("})";
}
std::string list(std::string const& items) {
    return R"({"items":[)" + items + R"(],"hasMore":false})";
}

} // namespace

BOOST_AUTO_TEST_SUITE(export_recovery)

BOOST_AUTO_TEST_CASE(a_definition_is_found_by_name_after_a_lost_or_malformed_response) {
    std::string const name = name_of_definition();
    for (int way = 0; way != 4; ++way) {
        bulk::scripted_transport script;
        auto create = script.expect(verb::post, base + "/contacts/exports");
        if (way == 0)
            create.fails_to_answer(reset);
        else if (way == 1)
            create.answers(503, "");
        else if (way == 2)
            create.answers(201, "<html>");
        else
            create.answers(201, R"({"name":"x"})"); // no uri
        look_for_definitions(script, name).answers(200, list(""));
        look_for_definitions(script, name)
            .answers(200, list(item("other " + name.substr(name.rfind(' ') + 1), 4) + "," +
                               item(name, 5)));
        sync(script, "success");
        logs(script);
        one_page(script);
        removal(script);
        BOOST_TEST(run(script).value() == 1);
        BOOST_TEST(script.finished());
        BOOST_TEST(script.unexpected().empty());
    }
}

BOOST_AUTO_TEST_CASE(a_missing_definition_is_created_again_and_its_duplicate_is_deleted) {
    std::string const name = name_of_definition();
    bulk::scripted_transport script;
    script.expect(verb::post, base + "/contacts/exports").fails_to_answer(reset);
    for (int look = 0; look != 3; ++look)
        look_for_definitions(script, name).answers(200, list(""));
    definition(script);
    sync(script, "success");
    logs(script);
    one_page(script);
    look_for_definitions(script, name).answers(200, list(item(name, 5) + "," + item(name, 4)));
    removal(script);
    script.expect(verb::delete_, base + "/contacts/exports/4").answers(204);
    BOOST_TEST(run(script).value() == 1);
    BOOST_TEST(script.finished());
    BOOST_TEST(script.unexpected().empty());
}

BOOST_AUTO_TEST_CASE(a_definition_that_cannot_be_searched_for) {
    std::string const name = name_of_definition();
    bulk::scripted_transport script;
    script.expect(verb::post, base + "/contacts/exports").fails_to_answer(reset);
    look_for_definitions(script, name).answers(403, "");
    bulk::failure const why = run(script).error();
    BOOST_TEST((why.code == bulk::errc::outcome_unknown));
    BOOST_TEST(why.message().find("the search for it failed") != std::string::npos);
    BOOST_TEST(why.message().find("POST https://") != std::string::npos);
    BOOST_TEST(script.finished());
}

BOOST_AUTO_TEST_CASE(a_sync_is_found_after_a_lost_response) {
    bulk::scripted_transport script;
    definition(script);
    script.expect(verb::post, base + "/syncs").fails_to_answer(reset);
    look_for_syncs(script, sync_item(4, 3));
    look_for_syncs(script, sync_item(5, 6) + "," + sync_item(4, 3));
    logs(script);
    one_page(script);
    removal(script);
    BOOST_TEST(run(script).value() == 1);
    BOOST_TEST(script.finished());
}

BOOST_AUTO_TEST_CASE(the_policy_limits_the_search_in_a_long_list_of_syncs) {
    bulk::scripted_transport script;
    definition(script);
    script.expect(verb::post, base + "/syncs").fails_to_answer(reset);
    for (int first : {0, 1})
        script
            .expect(verb::get, base + "/syncs?limit=1000&offset=" + std::to_string(first) +
                                   "&orderBy=createdAt%20DESC")
            .answers(200, R"({"items":[)" + sync_item(4 + first, 9 - 3 * first) +
                              R"(],"hasMore":true})");
    logs(script);
    one_page(script);
    removal(script);
    auto how = options();
    how.retry.pages_of_syncs = 2;
    BOOST_TEST(run(script, how).value() == 1);
    BOOST_TEST(script.finished());
}

BOOST_AUTO_TEST_CASE(a_missing_sync_is_started_again) {
    bulk::scripted_transport script;
    definition(script);
    script.expect(verb::post, base + "/syncs").answers(504, "");
    for (int look = 0; look != 3; ++look)
        look_for_syncs(script, "");
    sync(script, "success");
    logs(script);
    one_page(script);
    removal(script);
    BOOST_TEST(run(script).value() == 1);
    BOOST_TEST(script.finished());
}

BOOST_AUTO_TEST_CASE(a_start_that_is_never_answered_ends_the_export) {
    bulk::scripted_transport script;
    definition(script);
    for (unsigned attempt = 0; attempt != options().retry.attempts; ++attempt) {
        script.expect(verb::post, base + "/syncs").fails_to_answer(reset);
        for (int look = 0; look != 3; ++look)
            look_for_syncs(script, "");
    }
    BOOST_TEST((run(script).error().code == bulk::errc::outcome_unknown));
    BOOST_TEST(script.finished());
}

BOOST_AUTO_TEST_SUITE_END()
