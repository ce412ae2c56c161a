// SPDX-License-Identifier: BSL-1.0
// Conversion of documents to JSON and back.
#include <eloqua/bulk/assets.hpp>
#include <eloqua/bulk/definitions.hpp>
#include <eloqua/bulk/document_json.hpp>
#include <eloqua/bulk/login.hpp>
#include <eloqua/bulk/syncs.hpp>

#include <boost/describe/class.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "../payload.hpp"
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bulk = eloqua::bulk;
namespace data = boost::unit_test::data;
namespace json = boost::json;

namespace {

using namespace std::chrono_literals;

template <class T>
T read(std::string const& file) {
    return bulk::parse_document<T>(payload(file)).value();
}

template <class T>
std::string wrong(std::string_view text) {
    auto const document = bulk::parse_document<T>(text);
    BOOST_TEST_REQUIRE(document.has_error());
    BOOST_TEST((document.error().code == bulk::errc::malformed_response));
    return document.error().info.detail;
}

struct counted {
    std::int64_t n = 0;
    bool flag = false;
    std::optional<std::int64_t> maybe;
};
BOOST_DESCRIBE_STRUCT(counted, (), (n, flag, maybe))

} // namespace

BOOST_AUTO_TEST_SUITE(documents)

BOOST_AUTO_TEST_CASE(an_export_definition) {
    auto const d =
        read<bulk::stored<bulk::export_definition>>("contact_export_definition_response.json");
    BOOST_TEST(d.name == "Contacts changed since June");
    BOOST_TEST_REQUIRE(d.fields.size() == 7u);
    BOOST_TEST(d.fields[4].first == "CompanyName");
    BOOST_TEST(d.fields[4].second == "{{Contact.Account.Field(M_CompanyName)}}");
    BOOST_TEST(d.maxRecords.value() == 5000);
    BOOST_TEST(d.areSystemTimestampsInUTC.value());
    BOOST_TEST((d.dataRetentionDuration == 6h));
    BOOST_TEST((d.autoDeleteDuration == 72h));
    BOOST_TEST(d.uri.value() == "/contacts/exports/1481");
    bulk::timestamp const created = std::chrono::sys_days(std::chrono::year(2025) / 6 / 2) + 9h +
                                    14min + 7s + bulk::timestamp::duration(8'705'513);
    BOOST_TEST((d.createdAt == created));
    BOOST_TEST(!d.syncActions.has_value());
}

BOOST_AUTO_TEST_CASE(an_import_definition) {
    auto const d =
        read<bulk::stored<bulk::import_definition>>("contact_import_definition_response.json");
    BOOST_TEST(d.identifierFieldName.value() == "C_EmailAddress");
    BOOST_TEST((d.updateRule == bulk::update_rule::ifNewIsNotNull));
    BOOST_TEST_REQUIRE(d.syncActions.value().size() == 1u);
    BOOST_TEST((d.syncActions->front().action == bulk::sync_action_kind::add));
    BOOST_TEST(d.syncActions->front().destination == "{{ContactList[123]}}");
    auto const only =
        read<bulk::stored<bulk::import_definition>>("contact_import_update_only_request.json");
    BOOST_TEST((only.importRule == bulk::import_rule::updateOnly));
}

BOOST_AUTO_TEST_CASE(booleans_may_come_as_texts) {
    auto const account =
        read<bulk::account_import_definition>("account_import_definition_request.json");
    BOOST_TEST(account.linkUsers.value());
    auto const sent =
        read<bulk::custom_object_import_definition>("custom_object_import_definition_request.json");
    BOOST_TEST(sent.mapDataCards.value());
    BOOST_TEST(!sent.mapDataCardsCaseSensitiveMatch.value());
    auto const got = read<bulk::custom_object_import_definition>(
        "custom_object_import_definition_response.json");
    BOOST_TEST(got.mapDataCards.value());
    BOOST_TEST(bulk::write_document(sent).find(R"("mapDataCards":true)") != std::string::npos);
    BOOST_TEST(wrong<counted>(R"({"n":1,"flag":"yes"})") == "flag: expected a boolean, got string");
}

BOOST_AUTO_TEST_CASE(lists_without_items) {
    auto const none = read<bulk::page<bulk::sync_reject>>("sync_rejects_empty.json");
    BOOST_TEST(none.items.empty());
    BOOST_TEST(none.totalResults.value() == 0);
    auto const nothing = bulk::parse_document<bulk::page<bulk::sync>>("{}").value();
    BOOST_TEST(nothing.items.empty());
    BOOST_TEST(!nothing.totalResults.has_value());
    BOOST_TEST(!nothing.hasMore);
}

BOOST_AUTO_TEST_CASE(logs_without_a_message) {
    auto const logs = read<bulk::page<bulk::sync_log>>("sync_logs_import_warning.json").items;
    BOOST_TEST_REQUIRE(logs.size() == 10u);
    BOOST_TEST(!logs.back().message.has_value());
    BOOST_TEST(logs.back().statusCode.value() == "ELQ-00071");
    BOOST_TEST((logs[4].severity == bulk::severity::warning));
    BOOST_TEST(logs[5].count.value() == 20999);
}

BOOST_AUTO_TEST_CASE(rejects_keep_the_row_as_it_was_pushed) {
    auto const rejects = read<bulk::page<bulk::sync_reject>>("sync_rejects_page.json").items;
    BOOST_TEST_REQUIRE(rejects.size() == 2u);
    BOOST_TEST(rejects[0].fieldValues[1].second == "Zoë");
    BOOST_TEST(rejects[0].recordIndex.value() == 3);
    BOOST_TEST_REQUIRE(rejects[1].invalidFields.size() == 1u);
    BOOST_TEST(rejects[1].invalidFields[0] == "C_EmailAddress");
    auto const odd = bulk::parse_document<bulk::sync_reject>(
                         R"({"fieldValues":{"a":null,"b":1.5,"c":true,"d":""}})")
                         .value();
    BOOST_TEST(odd.fieldValues[0].second == "");
    BOOST_TEST(odd.fieldValues[1].second == "1.5E0");
    BOOST_TEST(odd.fieldValues[2].second == "true");
}

BOOST_AUTO_TEST_CASE(fields_since_1900) {
    auto const fields = read<bulk::page<bulk::field_definition>>("contact_fields_page.json").items;
    BOOST_TEST_REQUIRE(fields.size() == 3u);
    BOOST_TEST((fields[0].dataType == bulk::data_type::emailAddress));
    BOOST_TEST(
        (fields[0].createdAt == std::chrono::sys_days(std::chrono::year(1900) / 1 / 1) + 5h));
    BOOST_TEST(!fields[0].createdBy.has_value());
    BOOST_TEST(fields[2].defaultValue.value() == "0");
}

BOOST_AUTO_TEST_CASE(the_login_service) {
    auto const login = read<bulk::login_response>("id_response.json");
    BOOST_TEST(login.site.name == "ExampleCo");
    BOOST_TEST(login.user.id == 87);
    BOOST_TEST(login.urls.base == "https://secure.p03.eloqua.com");
    BOOST_TEST(login.urls.apis.rest.bulk == "https://secure.p03.eloqua.com/API/Bulk/{version}/");
    BOOST_TEST(wrong<bulk::login_response>(payload("id_not_authenticated.json")) ==
               "the document: expected an object, got string");
}

BOOST_AUTO_TEST_CASE(members_and_enumerators_of_a_newer_service) {
    auto const sync = bulk::parse_document<bulk::sync>(
                          R"({"syncedInstanceUri":"/x/1","status":"paused","new":{"a":[1]}})")
                          .value();
    BOOST_TEST(sync.status.value().text() == "paused");
    BOOST_TEST(!sync.finished());
    BOOST_TEST(bulk::write_document(sync) == R"({"syncedInstanceUri":"/x/1","status":"paused"})");
}

BOOST_AUTO_TEST_CASE(empty_optionals_are_left_out_and_null_reads_as_empty) {
    bulk::sync sync;
    sync.syncedInstanceUri = "/contacts/exports/1";
    BOOST_TEST(bulk::write_document(sync) == R"({"syncedInstanceUri":"/contacts/exports/1"})");
    auto const c = bulk::parse_document<counted>(R"({"n":1,"flag":null,"maybe":null})").value();
    BOOST_TEST(!c.flag);
    BOOST_TEST(!c.maybe.has_value());
}

BOOST_AUTO_TEST_CASE(times_are_written_with_seven_digits) {
    bulk::sync sync;
    sync.createdAt = std::chrono::sys_days(std::chrono::year(2025) / 6 / 2) + 9h;
    BOOST_TEST(bulk::write_document(sync).find(R"("createdAt":"2025-06-02T09:00:00.0000000Z")") !=
               std::string::npos);
}

BOOST_AUTO_TEST_CASE(missing_or_mistyped_members_are_named_by_their_path) {
    BOOST_TEST(wrong<bulk::sync>("{}") == "syncedInstanceUri: is missing");
    BOOST_TEST(wrong<bulk::sync>(R"({"syncedInstanceUri":null})") ==
               "syncedInstanceUri: expected a string, got null");
    BOOST_TEST(wrong<bulk::page<bulk::sync_log>>(R"({"items":[{},{"count":"3x"}]})") ==
               "items[1].count: expected an integer of 64 bits, got string");
    BOOST_TEST(wrong<bulk::page<bulk::sync>>(R"({"items":[{"syncedInstanceUri":"/x"},7]})") ==
               "items[1]: expected an object, got int64");
    BOOST_TEST(wrong<bulk::page<bulk::sync>>(R"({"items":{}})") ==
               "items: expected an array, got object");
    BOOST_TEST(wrong<bulk::export_definition>(R"({"name":"x","fields":{"A":["b"]}})") ==
               "fields.A: expected a string, got array");
    BOOST_TEST(wrong<bulk::import_definition>(
                   R"({"name":"x","identifierFieldName":"y","updateRuleByField":{"C_A":7}})") ==
               "updateRuleByField.C_A: expected a string, got int64");
    BOOST_TEST(
        wrong<bulk::login_response>(R"({"site":{"id":1,"name":"x"},"user":{"id":1,"username":"x"},)"
                                    R"("urls":{"base":"x","apis":{"rest":{}}}})") ==
        "urls.apis.rest.bulk: is missing");
    BOOST_TEST(
        wrong<bulk::export_definition>(R"({"name":"x","fields":{},"autoDeleteDuration":7})") ==
        "autoDeleteDuration: expected a string, got int64");
}

BOOST_AUTO_TEST_CASE(a_time_in_an_unknown_form_counts_as_missing) {
    for (char const* const time :
         {R"("soon")", "null", "1748854800", "1748854800000", "[2025,6,2]"}) {
        std::string const said =
            R"({"syncedInstanceUri":"x","createdAt":)" + std::string(time) + "}";
        BOOST_TEST(!bulk::parse_document<bulk::sync>(said).value().createdAt.has_value(), said);
    }
}

BOOST_AUTO_TEST_CASE(numbers_as_texts_and_texts_as_numbers) {
    auto const s = bulk::parse_document<bulk::sync>(
                       R"({"syncedInstanceUri":"x","createdBy":1234567890123,"createdAt":1})")
                       .value();
    BOOST_TEST(s.createdBy.value() == "1234567890123");
    BOOST_TEST(wrong<bulk::sync>(R"({"syncedInstanceUri":1.5})") ==
               "syncedInstanceUri: expected a string, got double");
    auto const reject = [](std::string const& index) {
        return bulk::parse_document<bulk::sync_reject>(R"({"recordIndex":)" + index + "}");
    };
    BOOST_TEST(reject(R"("17")").value().recordIndex.value() == 17);
    BOOST_TEST(reject(R"("-1")").value().recordIndex.value() == -1);
    for (char const* const other : {R"("")", R"("1 ")", R"("1.5")", R"("99999999999999999999")"})
        BOOST_TEST(reject(other).has_error(), other);
}

BOOST_AUTO_TEST_CASE(letter_case_of_enumerators_does_not_matter) {
    auto const ended = [](std::string const& members) {
        return bulk::parse_document<bulk::sync>(R"({"syncedInstanceUri":"/x/1",)" + members + "}")
            .value();
    };
    auto const s = ended(R"("status":"SUCCESS")");
    BOOST_TEST(s.finished());
    BOOST_TEST(s.succeeded());
    BOOST_TEST(s.status.value().text() == "SUCCESS");
    BOOST_TEST((s.status == bulk::sync_status::success));
    BOOST_TEST((*s.status == bulk::open_enum(bulk::sync_status::success)));
    BOOST_TEST(ended(R"("status":"Error")").failed());
    BOOST_TEST(!ended(R"("status":"Pending")").finished());
    // A final status that is not known ends the sync, and is neither good nor bad.
    std::string const end = R"("syncEndedAt":"2025-06-02T09:00:00.0000000Z")";
    for (std::string const& odd : {end, R"("status":"halted",)" + end}) {
        BOOST_TEST(ended(odd).finished());
        BOOST_TEST(!ended(odd).succeeded());
        BOOST_TEST(!ended(odd).failed());
    }
    BOOST_TEST(!ended(R"("status":"active",)" + end).finished());
    BOOST_TEST(!ended(R"("status":"halted")").finished());
}

BOOST_AUTO_TEST_CASE(a_duration_without_a_length_is_kept_as_it_is) {
    std::string const text = R"({"name":"x","fields":{},"autoDeleteDuration":"P1Y"})";
    auto const d = bulk::parse_document<bulk::export_definition>(text).value();
    BOOST_TEST(!d.autoDeleteDuration->known().has_value());
    BOOST_TEST(bulk::write_document(d) == text);
}

BOOST_DATA_TEST_CASE(integers_are_exact,
                     data::make({"1.5", "9223372036854775808", "1e300", "\"1\"", "true", "[]"}),
                     text) {
    BOOST_TEST(wrong<counted>("{\"n\":" + std::string(text) + "}")
                   .starts_with("n: expected an integer of 64 bits, got "));
}

BOOST_DATA_TEST_CASE(malformed_json_is_reported,
                     data::make({"", " ", "Login required", "<html></html>", "{", "{}x", "{}{}",
                                 "{\"a\":}", "\xEF\xBB{}", "{\"a\":\"\xFF\"}"}),
                     text) {
    BOOST_TEST(wrong<bulk::sync>(text).starts_with("the response is not JSON ("));
}

BOOST_AUTO_TEST_CASE(a_byte_order_mark_is_skipped) {
    BOOST_TEST(bulk::parse_document<counted>("\xEF\xBB\xBF{\"n\":5}").value().n == 5);
    BOOST_TEST(wrong<counted>("\xEF\xBB\xBF\xEF\xBB\xBF{\"n\":5}")
                   .starts_with("the response is not JSON ("));
}

BOOST_AUTO_TEST_CASE(deep_nesting_is_refused) {
    wrong<bulk::sync>("{\"x\":" + std::string(100'000, '['));
    BOOST_TEST(bulk::parse_document<counted>(R"({"n":1,"x":[[[[[[[[[[]]]]]]]]]]})").has_value());
}

BOOST_AUTO_TEST_SUITE_END()
