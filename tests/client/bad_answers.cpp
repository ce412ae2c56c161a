// SPDX-License-Identifier: BSL-1.0
// What a caller sees when the service refuses a request or sends an unexpected response.
#include <eloqua/bulk/simulator.hpp>
#include <eloqua/bulk/testing/scripted_transport.hpp>

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "ways.hpp"
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace bulk = eloqua::bulk;
namespace data = boost::unit_test::data;
using namespace std::chrono_literals;

namespace {

bulk::basic_credentials const me{"Company", "user", "secret"};

struct row {
    std::optional<std::string> Id;
};
BOOST_DESCRIBE_STRUCT(row, (), (Id))

bulk::client_options once() {
    bulk::client_options options;
    options.base_url = "https://secure.p03.eloqua.com/API/Bulk/2.0";
    options.retry.attempts = 1;
    return options;
}

bulk::failure failed(auto operation) {
    auto const came = std::move(operation).get();
    BOOST_TEST_REQUIRE(came.has_error());
    return came.error();
}

/// A client whose next GET gets this response.
bulk::client answered(bulk::response r) {
    bulk::scripted_transport script;
    script.expect(bulk::verb::get, "/API/Bulk/2.0/*").answers(std::move(r));
    return bulk::client(script, me, once());
}

struct exported {
    bulk::simulator eloqua;
    bulk::client client{eloqua, me};
    bulk::export_definition definition;
    bulk::id id = 0;

    explicit exported(bulk::simulator_options options = {}) : eloqua(std::move(options)) {
        definition.name = "e";
        definition.fields = {{"Id", "{{Contact.Id}}"}};
        definition.dataRetentionDuration = 1h;
        id = bulk::id_of(client.exports(bulk::contacts).create(definition).get().value()).value();
    }
    bulk::id sync() {
        bulk::sync_definition s;
        s.syncedInstanceUri = "/contacts/exports/" + std::to_string(id);
        return bulk::id_of(client.syncs().create(s).get().value()).value();
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(bad_answers)

BOOST_AUTO_TEST_CASE(an_unknown_id) {
    bulk::client client(bulk::simulator(), me);
    bulk::failure const why = failed(client.contact_lists().read(999'999));
    BOOST_TEST(why.info.status == 404);
    BOOST_TEST(why.info.request ==
               "GET https://secure.p03.eloqua.com/API/Bulk/2.0/contacts/lists/999999");
    BOOST_TEST(failed(client.imports(bulk::custom_object(999'999)).list().page()).info.status ==
               404);
}

BOOST_AUTO_TEST_CASE(errors_list_every_failure_of_a_definition) {
    bulk::client client(bulk::simulator(), me);
    bulk::import_definition d;
    d.name = std::string(101, 'x');
    d.fields = {{"a", "{{Contact.Field(C_None)}}"}, {"b", "{{Contact.Id"}};
    d.identifierFieldName = "c";
    bulk::failure const why = failed(client.imports(bulk::contacts).create(d));
    BOOST_TEST(why.info.status == 400);
    BOOST_TEST((why.code == bulk::condition::bad_data));
    BOOST_TEST(why.info.failures.size() >= 4u);
    for (char const* field : {"name", "fields", "identifierFieldName"})
        BOOST_TEST(why.message().find(std::string("; ") + field + " = ") != std::string::npos);
    BOOST_TEST(why.message().find("{{Contact.Field(C_None)}}") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(reading_data_of_a_running_sync) {
    exported e;
    bulk::failure const why = failed(e.client.syncs().data<row>(e.sync()));
    BOOST_TEST(why.info.status == 409);
}

BOOST_AUTO_TEST_CASE(data_that_has_expired) {
    exported e;
    bulk::id const sync = e.sync();
    e.eloqua.advance(2min);
    BOOST_TEST(e.client.syncs().data<row>(sync).get().has_value());
    e.eloqua.advance(2h);
    bulk::failure const why = failed(e.client.syncs().data<row>(sync));
    BOOST_TEST(why.info.status == 410);
    BOOST_TEST(why.message().find("run a new sync") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_second_sync_of_a_busy_definition) {
    bulk::simulator_options options;
    options.allow_concurrent_syncs = false;
    exported e(options);
    e.sync();
    bulk::sync_definition again;
    again.syncedInstanceUri = "/contacts/exports/" + std::to_string(e.id);
    BOOST_TEST(failed(e.client.syncs().create(again)).info.status == 409);
}

BOOST_AUTO_TEST_CASE(throttled_on_every_attempt) {
    bulk::failure const why = failed(answered(bulk::response(429)).syncs().read(1));
    BOOST_TEST(why.info.status == 429);
    BOOST_TEST((why.code == bulk::condition::try_later));
    BOOST_TEST(why.message().find("too many requests") != std::string::npos);
}

BOOST_DATA_TEST_CASE(errors_in_html_or_with_an_empty_body,
                     data::make({404, 500, 502, 503}) *
                         data::make({"", "<html><body>Bad Gateway</body></html>", "\"Oops\"",
                                     "{\"failures\":", "[]", "\xFF\xFE"}),
                     status, body) {
    bulk::failure const why =
        failed(answered(bulk::response(status, body, "text/html")).syncs().read(1));
    BOOST_TEST((why.code == bulk::error_code(status, bulk::http_category())));
    BOOST_TEST(why.info.status == status);
    BOOST_TEST(why.message().find("GET https://") != std::string::npos);
}

BOOST_DATA_TEST_CASE(invalid_successful_responses,
                     data::make({"", "<html></html>", "\"Not authenticated.\"", "[]", "null", "7",
                                 "{\"uri\":\"/syncs/1\"}"}),
                     body) {
    bulk::failure const why = failed(answered(bulk::response(200, body)).syncs().read(1));
    BOOST_TEST((why.code == bulk::errc::malformed_response));
    BOOST_TEST(why.info.server == body);
    BOOST_TEST(why.info.request == "GET https://secure.p03.eloqua.com/API/Bulk/2.0/syncs/1");
}

BOOST_AUTO_TEST_CASE(unknown_enumerators_are_accepted) {
    auto const s =
        answered(bulk::response(200, R"({"syncedInstanceUri":"/x","status":"paused","more":[{}]})"))
            .syncs()
            .read(1)
            .get()
            .value();
    BOOST_TEST(s.status->text() == "paused");
    BOOST_TEST(!s.status->known().has_value());
    BOOST_TEST(!s.finished());
    auto const d =
        answered(bulk::response(200, R"({"name":"x","fields":{},"updateRule":"sometimes",)"
                                     R"("syncActions":[{"action":"merge","destination":"y"}]})"))
            .imports(bulk::contacts)
            .read(1)
            .get()
            .value();
    BOOST_TEST(d.updateRule->text() == "sometimes");
    BOOST_TEST(bulk::write_document(bulk::import_definition(d)) ==
               R"({"name":"x","fields":{},"updateRule":"sometimes",)"
               R"("syncActions":[{"action":"merge","destination":"y"}]})");
}

BOOST_AUTO_TEST_CASE(ids_and_durations_out_of_range_are_never_sent) {
    bulk::scripted_transport script;
    bulk::client client(script, me, once());
    auto refused = [&](auto operation) {
        return failed(std::move(operation)).code == bulk::errc::invalid_argument;
    };
    BOOST_TEST(refused(client.contact_segments().read(0)));
    BOOST_TEST(refused(client.sync_actions(bulk::contacts).remove(-1)));
    BOOST_TEST(refused(client.exports(bulk::event(-9)).list().page()));
    bulk::rows_query rows;
    rows.limit = 1'001;
    BOOST_TEST(refused(client.exports(bulk::campaign_responses).data<row>(1, rows)));
    bulk::export_definition d;
    d.autoDeleteDuration = 59min;
    bulk::failure const why = failed(client.exports(bulk::contacts).create(d));
    BOOST_TEST(why.info.detail == "autoDeleteDuration is PT59M; at least PT1H");
    d.autoDeleteDuration = 1h;
    d.dataRetentionDuration = 15 * 24h;
    BOOST_TEST(failed(client.exports(bulk::contacts).replace(1, d)).info.detail ==
               "dataRetentionDuration is P15D; at least PT1H, at most P14D");
    bulk::sync_action_definition a;
    a.autoDeleteDuration = 0s;
    BOOST_TEST(refused(client.sync_actions(bulk::accounts).create(a)));
    BOOST_TEST(script.requests().empty());
    BOOST_TEST(script.unexpected().empty());
}

namespace {
struct hostile_t {
    std::string path;
    static constexpr bool has_exports = true, has_imports = true, has_fields = true;
    bulk::result<std::string> base_path() const { return path; }
    static std::string statement_root() { return "X"; }
    static constexpr bool importable_attribute(std::string_view) { return false; }
};
} // namespace

BOOST_DATA_TEST_CASE(a_path_of_an_entity_is_checked,
                     data::make({"/x/../y", "/x/..", "/./x", "/x?y=1", "/x#y", "/x y", "/x//y",
                                 "/x\r\nHost: evil", "/x%2e%2e", "x", "/x/", "/\xC3\xA9", "//"}),
                     path) {
    bulk::scripted_transport script;
    bulk::client client(script, me, once());
    hostile_t const of{path};
    BOOST_TEST((failed(client.fields(of).read(1)).code == bulk::errc::invalid_argument));
    BOOST_TEST((failed(client.exports(of).list().page()).code == bulk::errc::invalid_argument));
    auto rows = client.export_rows<row>(of);
    BOOST_TEST((failed(rows.next()).code == bulk::errc::invalid_argument));
    BOOST_TEST(script.requests().empty());
}

BOOST_AUTO_TEST_SUITE_END()
