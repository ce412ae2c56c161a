// SPDX-License-Identifier: BSL-1.0
// Every document of tests/payloads decodes and encodes again, member by member.
#include <eloqua/bulk/assets.hpp>
#include <eloqua/bulk/definitions.hpp>
#include <eloqua/bulk/document_json.hpp>
#include <eloqua/bulk/login.hpp>
#include <eloqua/bulk/syncs.hpp>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "../payload.hpp"
#include <algorithm>
#include <filesystem>
#include <iterator>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace bulk = eloqua::bulk;
namespace data = boost::unit_test::data;
namespace json = boost::json;

namespace {

/// Requests may contain booleans as texts; the encoder writes booleans.
json::value with_booleans(json::value v) {
    if (v.is_string() && (v.get_string() == "true" || v.get_string() == "false"))
        return v.get_string() == "true";
    if (v.is_object())
        for (auto& each : v.get_object())
            each.value() = with_booleans(each.value());
    if (v.is_array())
        for (json::value& each : v.get_array())
            each = with_booleans(each);
    return v;
}

template <class T>
void comes_back(std::string const& text) {
    auto const document = bulk::parse_document<T>(text);
    BOOST_TEST_REQUIRE(document.has_value());
    BOOST_TEST(json::parse(bulk::write_document(*document)) == with_booleans(json::parse(text)));
}

/// A document by its file, whose name starts with this text and ends in ".json".
struct kind {
    std::string_view prefix;
    void (*check)(std::string const& text);
};
using bulk::page;
using bulk::stored;
// The first match.
kind const kinds[] = {
    {"account_import_definition_request", comes_back<bulk::account_import_definition>},
    {"account_import_definition", comes_back<stored<bulk::account_import_definition>>},
    {"activity_export_definition_request", comes_back<bulk::activity_export_definition>},
    {"activity_export_definition", comes_back<stored<bulk::activity_export_definition>>},
    {"activity_fields_page", comes_back<page<bulk::activity_field_definition>>},
    {"contact_export_definition_request", comes_back<bulk::export_definition>},
    {"contact_export_definition", comes_back<stored<bulk::export_definition>>},
    {"contact_export_list_page", comes_back<page<stored<bulk::export_definition>>>},
    {"contact_export_segment_request", comes_back<bulk::export_definition>},
    {"contact_fields", comes_back<page<bulk::field_definition>>},
    {"contact_import_definition_request", comes_back<bulk::import_definition>},
    {"contact_import_definition", comes_back<stored<bulk::import_definition>>},
    {"contact_import_update_only_request", comes_back<bulk::import_definition>},
    {"contact_list_page", comes_back<page<bulk::list_document>>},
    {"contact_segment_page", comes_back<page<bulk::segment_document>>},
    {"contact_sync_action_definition_request", comes_back<bulk::sync_action_definition>},
    {"contact_sync_action_definition", comes_back<stored<bulk::sync_action_definition>>},
    {"custom_object_export_definition_request", comes_back<bulk::export_definition>},
    {"custom_object_export_definition", comes_back<stored<bulk::export_definition>>},
    {"custom_object_fields_page", comes_back<page<bulk::field_definition>>},
    {"custom_object_import_definition_request", comes_back<bulk::custom_object_import_definition>},
    {"custom_object_import_definition", comes_back<stored<bulk::custom_object_import_definition>>},
    {"custom_object_list_page", comes_back<page<bulk::object_document>>},
    {"email_group_page", comes_back<page<bulk::email_group_document>>},
    {"export_storage_response", comes_back<bulk::storage_use>},
    {"id_response", comes_back<bulk::login_response>},
    {"import_data_push_autosync_response", comes_back<bulk::sync>},
    {"import_priority_page", comes_back<page<bulk::import_priority>>},
    {"lead_scoring_model_page", comes_back<page<bulk::lead_score_model>>},
    {"list_page_without_total", comes_back<page<stored<bulk::export_definition>>>},
    {"oauth_token_request_authorization_code", comes_back<bulk::token_request>},
    {"oauth_token_request_refresh.json", comes_back<bulk::token_request>},
    {"oauth_token_response", comes_back<bulk::token_response>},
    {"opportunity_import_definition_request", comes_back<bulk::opportunity_import_definition>},
    {"opportunity_linkage_definition_request",
     comes_back<bulk::opportunity_contact_import_definition>},
    {"sync_actions_examples", comes_back<std::vector<bulk::sync_action>>},
    {"sync_create_request", comes_back<bulk::sync_definition>},
    {"sync_list_page", comes_back<page<bulk::sync>>},
    {"sync_logs_", comes_back<page<bulk::sync_log>>},
    {"sync_rejects_page", comes_back<page<bulk::sync_reject>>},
    {"sync_active", comes_back<bulk::sync>},
    {"sync_pending", comes_back<bulk::sync>},
    {"sync_success", comes_back<bulk::sync>},
    {"sync_warning", comes_back<bulk::sync>},
    {"sync_error", comes_back<bulk::sync>},
};

/// Documents that other tests read: rows (row_decoder, row_encoder), error bodies
/// (client/error_body), OAuth (client/oauth), and two documents that deliberately lack members
/// (codec/json, client/base_url).
std::string_view const elsewhere[] = {
    "README.md",
    "contact_import_data_request.csv",
    "contact_import_data_request.json",
    "contact_sync_action_data_request.json",
    "error_application_style.json",
    "error_endpoint_parameter.json",
    "error_permanent_export_file.json",
    "error_plain_text_401.txt",
    "error_validation_definition.json",
    "error_validation_sync.json",
    "error_validation_two_failures.json",
    "id_not_authenticated.json",
    "oauth_error_response.json",
    "oauth_token_request_refresh.form.txt",
    "sync_data_page.csv",
    "sync_data_page_count_zero.json",
    "sync_data_page_empty.json",
    "sync_data_page_empty_array.json",
    "sync_data_page_first.json",
    "sync_data_page_last.json",
    "sync_data_page_middle.json",
    "sync_data_page_without_total.json",
    "sync_rejects_empty.json",
};

std::vector<std::string> files() {
    std::vector<std::string> names;
    for (auto const& each : std::filesystem::directory_iterator(PAYLOADS))
        names.push_back(each.path().filename().string());
    return names;
}

} // namespace

BOOST_AUTO_TEST_SUITE(payloads)

BOOST_DATA_TEST_CASE(decodes_and_encodes_member_by_member, data::make(files()), file) {
    for (kind const& each : kinds)
        if (file.starts_with(each.prefix))
            return each.check(payload(file));
    BOOST_TEST((std::ranges::find(elsewhere, file) != std::end(elsewhere)),
               "no test reads " << file);
}

BOOST_AUTO_TEST_SUITE_END()
