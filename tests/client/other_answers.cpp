// SPDX-License-Identifier: BSL-1.0
// Responses that belong to other requests are detected by their content.
#include <eloqua/bulk/simulator.hpp>
#include <eloqua/bulk/testing/scripted_transport.hpp>

#include <boost/test/unit_test.hpp>

#include "../person.hpp"
#include <cstdint>
#include <string>
#include <utility>

namespace bulk = eloqua::bulk;
using namespace eloqua_tests;

namespace {

bulk::client_options at_base() {
    bulk::client_options options;
    options.base_url = "https://secure.p03.eloqua.com/API/Bulk/2.0";
    return options;
}

/// The result when a client gets this response to a request.
template <class Ask>
auto answered(bulk::verb method, std::string const& path, std::string body, Ask ask,
              bulk::client_options options = at_base()) {
    bulk::scripted_transport script;
    script.expect(method, "/API/Bulk/2.0" + path)
        .answers(method == bulk::verb::post ? 201 : 200, std::move(body));
    bulk::client client(script, me, std::move(options));
    return ask(client).get();
}

bulk::export_definition wanted() {
    bulk::export_definition d;
    d.name = "people";
    d.fields = {{"email", "{{Contact.Field(C_EmailAddress)}}"}};
    return d;
}

template <class T>
void is_malformed(bulk::result<T> const& came, std::string const& words) {
    BOOST_TEST_REQUIRE(came.has_error());
    BOOST_TEST((came.error().code == bulk::errc::malformed_response));
    BOOST_TEST(came.error().info.detail.find(words) != std::string::npos, came.error().info.detail);
}

auto read_12 = [](bulk::client& c) { return c.exports(bulk::contacts).read(12); };
auto replace_12 = [](bulk::client& c) { return c.exports(bulk::contacts).replace(12, wanted()); };
auto create = [](bulk::client& c) { return c.exports(bulk::contacts).create(wanted()); };
auto read_sync = [](bulk::client& c) { return c.syncs().read(5); };
auto start = [](bulk::client& c) {
    bulk::sync_definition of;
    of.syncedInstanceUri = "/contacts/exports/12";
    return c.syncs().create(of);
};
auto push = [](bulk::client& c) { return c.imports(bulk::contacts).push(12, "[]"); };
auto second_page = [](bulk::client& c) {
    bulk::list_query query;
    query.limit = 2;
    query.offset = 2;
    return c.syncs().list(query).page();
};
auto rows = [](bulk::client& c) {
    bulk::rows_query query;
    query.limit = 2;
    query.offset = 2;
    return c.syncs().data<person>(5, query);
};

std::string definition_at(std::string const& uri) {
    return R"({"name":"people","fields":{"email":"{{Contact.Field(C_EmailAddress)}}"},"uri":")" +
           uri + "\"}";
}
std::string sync_at(std::string const& uri, std::string const& of) {
    return R"({"syncedInstanceUri":")" + of + R"(","status":"pending","uri":")" + uri + "\"}";
}
std::string page_at(int offset, int limit) {
    return R"({"totalResults":4,"limit":)" + std::to_string(limit) + R"(,"offset":)" +
           std::to_string(offset) + R"(,"count":0,"hasMore":false,"items":[]})";
}
std::string rows_at(int offset, int limit) {
    return R"({"items":[{"email":"a"},{"email":"b"}],"totalResults":4,"limit":)" +
           std::to_string(limit) + R"(,"offset":)" + std::to_string(offset) +
           R"(,"hasMore":false})";
}

} // namespace

BOOST_AUTO_TEST_SUITE(other_answers)

BOOST_AUTO_TEST_CASE(a_document_of_another_uri) {
    using enum bulk::verb;
    is_malformed(
        answered(get, "/contacts/exports/12", definition_at("/contacts/exports/13"), read_12),
        "'uri' of the response is /contacts/exports/13, not /contacts/exports/12");
    is_malformed(
        answered(put, "/contacts/exports/12", definition_at("/contacts/imports/12"), replace_12),
        "/contacts/imports/12");
    is_malformed(answered(post, "/contacts/exports", definition_at("/accounts/exports/12"), create),
                 "not /contacts/exports/{id}");
    is_malformed(answered(get, "/syncs/5", sync_at("/syncs/6", "/contacts/exports/12"), read_sync),
                 "/syncs/6, not /syncs/5");
}

BOOST_AUTO_TEST_CASE(letter_case_and_texts_that_are_not_uris_do_not_matter) {
    using enum bulk::verb;
    for (char const* const uri : {"/Contacts/Exports/12", "string", "/contacts/exports/12"}) {
        BOOST_TEST(answered(get, "/contacts/exports/12", definition_at(uri), read_12).has_value(),
                   uri);
    }
    BOOST_TEST(answered(post, "/contacts/exports", definition_at("/CONTACTS/exports/99"), create)
                   .has_value());
}

BOOST_AUTO_TEST_CASE(a_sync_of_another_definition) {
    using enum bulk::verb;
    is_malformed(answered(post, "/syncs", sync_at("/syncs/5", "/contacts/exports/13"), start),
                 "'syncedInstanceUri' of the response is /contacts/exports/13");
    BOOST_TEST(
        answered(post, "/syncs", sync_at("/syncs/5", "/Contacts/exports/12"), start).has_value());
    is_malformed(answered(post, "/contacts/imports/12/data",
                          sync_at("/syncs/5", "/contacts/imports/13"), push),
                 "/contacts/imports/13");
    BOOST_TEST(answered(post, "/contacts/imports/12/data",
                        sync_at("/syncs/5", "/contacts/imports/12"), push)
                   .has_value());
}

BOOST_AUTO_TEST_CASE(a_page_of_another_offset) {
    using enum bulk::verb;
    std::string const list = "/syncs?limit=2&offset=2";
    is_malformed(answered(get, list, page_at(0, 2), second_page),
                 "'offset' of the page is 0; requested was 2");
    is_malformed(answered(get, list, page_at(2, 1000), second_page),
                 "'limit' of the page is 1000; requested was 2");
    BOOST_TEST(answered(get, list, page_at(2, 1), second_page).has_value());

    std::string const data = "/syncs/5/data?limit=2&offset=2";
    is_malformed(answered(get, data, rows_at(0, 2), rows), "'offset' of the page is 0");
    is_malformed(answered(get, data, rows_at(2, 3), rows), "'limit' of the page is 3");
    BOOST_TEST(answered(get, data, rows_at(2, 2), rows).has_value());
}

BOOST_AUTO_TEST_CASE(a_wrong_offset_can_be_ignored_by_option) {
    using enum bulk::verb;
    bulk::client_options options = at_base();
    options.ignore_offset_echo = true;
    BOOST_TEST(
        answered(get, "/syncs?limit=2&offset=2", page_at(0, 2), second_page, options).has_value());
    BOOST_TEST(
        answered(get, "/syncs/5/data?limit=2&offset=2", rows_at(0, 2), rows, options).has_value());
    is_malformed(answered(get, "/syncs?limit=2&offset=2", page_at(0, 9), second_page, options),
                 "'limit' of the page is 9");
}

BOOST_AUTO_TEST_CASE(logs_of_another_sync) {
    auto const logs = [](bulk::client& c) { return c.syncs().logs(5).page(); };
    auto const of = [](std::string const& sync) {
        return R"({"items":[{"syncUri":")" + sync +
               R"(","count":3,"statusCode":"ELQ-00102"}],"totalResults":1,"hasMore":false})";
    };
    is_malformed(answered(bulk::verb::get, "/syncs/5/logs", of("/syncs/55"), logs),
                 "'syncUri' of the response is /syncs/55, not /syncs/5");
    BOOST_TEST(answered(bulk::verb::get, "/syncs/5/logs", of("/syncs/5"), logs).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
