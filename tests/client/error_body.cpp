// SPDX-License-Identifier: BSL-1.0
// How the body of an error response is read.
#include <eloqua/bulk/detail/http/error_body.hpp>

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include "../payload.hpp"
#include <cstddef>
#include <string>
#include <string_view>

namespace bulk = eloqua::bulk;
namespace data = boost::unit_test::data;

BOOST_AUTO_TEST_SUITE(error_body)

BOOST_AUTO_TEST_CASE(a_list_of_failures) {
    auto const body = bulk::detail::read_error_body(payload("error_validation_two_failures.json"));
    BOOST_TEST_REQUIRE(body.failures.size() == 2u);
    BOOST_TEST(body.failures[0].field == "fields");
    BOOST_TEST(body.failures[0].value == "");
    BOOST_TEST(body.failures[0].constraint == "Must contain at least one field.");
    BOOST_TEST(body.failures[1].field == "dataRetentionDuration");
    BOOST_TEST(body.failures[1].value == "P30D");
    BOOST_TEST(!body.permanent);
    BOOST_TEST(!body.error_severity.has_value());

    auto const one = bulk::detail::read_error_body(payload("error_validation_definition.json"));
    BOOST_TEST_REQUIRE(one.failures.size() == 1u);
    BOOST_TEST(one.failures[0].field == "identifierFieldName");

    auto const sync = bulk::detail::read_error_body(payload("error_validation_sync.json"));
    BOOST_TEST_REQUIRE(sync.failures.size() == 1u);
    BOOST_TEST(sync.failures[0].value.starts_with("STATUS('{{ActionInstance(f3689"));
}

BOOST_AUTO_TEST_CASE(errors_of_the_token_endpoint) {
    BOOST_TEST(bulk::detail::read_error_body(payload("oauth_error_response.json")).text ==
               "invalid_grant");
    BOOST_TEST(
        bulk::detail::read_error_body(R"({"error":"invalid_grant","error_description":"Expired."})")
            .text == "invalid_grant: Expired.");
}

BOOST_AUTO_TEST_CASE(the_array_of_the_sibling_api) {
    auto const body = bulk::detail::read_error_body(payload("error_application_style.json"));
    BOOST_TEST_REQUIRE(body.failures.size() == 1u);
    BOOST_TEST(body.failures[0].field == "emailAddress");
    BOOST_TEST(body.failures[0].value == "sandwich");
    BOOST_TEST(body.failures[0].constraint == "EmailAddressRequirement");
}

BOOST_AUTO_TEST_CASE(a_bad_path_parameter) {
    auto const body = bulk::detail::read_error_body(payload("error_endpoint_parameter.json"));
    BOOST_TEST_REQUIRE(body.failures.size() == 1u);
    BOOST_TEST(body.failures[0].field == "id");
    BOOST_TEST(body.failures[0].value == "sandwich");
    BOOST_TEST(body.failures[0].constraint == "IdRequirement");
}

BOOST_AUTO_TEST_CASE(a_severity_and_a_message) {
    auto const body = bulk::detail::read_error_body(payload("error_permanent_export_file.json"));
    BOOST_TEST(body.error_severity.value() == 0);
    BOOST_TEST(body.text == "Unable to process request due to a permanent error.");
    BOOST_TEST(body.permanent);

    auto const passing = bulk::detail::read_error_body(R"({"errorSeverity":3,"error":"Busy"})");
    BOOST_TEST(passing.error_severity.value() == 3);
    BOOST_TEST(!passing.permanent);
}

BOOST_AUTO_TEST_CASE(text_beyond_the_shown_part_counts) {
    auto const body = bulk::detail::read_error_body(R"({"error":")" + std::string(400, 'x') +
                                                    R"( a permanent error."})");
    BOOST_TEST(body.permanent);
    BOOST_TEST(body.text.ends_with("xxx..."));
}

BOOST_AUTO_TEST_CASE(advice_for_statuses) {
    for (int redirect : {301, 302, 303, 307, 308})
        BOOST_TEST(bulk::detail::advice_for(redirect) == bulk::detail::advice_for(301));
    BOOST_TEST(bulk::detail::advice_for(301).find("not followed") != std::string::npos);
    BOOST_TEST(bulk::detail::advice_for(304) == "");
}

BOOST_AUTO_TEST_CASE(plain_text_and_a_bare_string) {
    BOOST_TEST(bulk::detail::read_error_body(payload("error_plain_text_401.txt")).text ==
               "Login required");
    BOOST_TEST(bulk::detail::read_error_body(payload("id_not_authenticated.json")).text ==
               "Not authenticated.");
    BOOST_TEST(bulk::detail::read_error_body("").text == "");
}

BOOST_DATA_TEST_CASE(other_json_is_shown_as_it_is,
                     data::make({"{}", "[]", "null", "42", "[1,2]", R"({"failures":{}})",
                                 R"({"failures":[1]})", R"({"errorSeverity":"3"})",
                                 R"({"errorSeverity":4294967297})", R"({"error":""})"}),
                     text) {
    auto const body = bulk::detail::read_error_body(text);
    BOOST_TEST(body.text == text);
    BOOST_TEST(body.failures.empty());
    BOOST_TEST(!body.error_severity.has_value());
}

BOOST_AUTO_TEST_CASE(a_failure_with_unexpected_types_is_shown_as_json) {
    auto const body = bulk::detail::read_error_body(
        R"({"failures":[{"field":null,"value":{"a":[1]},"constraint":7},{}]})");
    BOOST_TEST_REQUIRE(body.failures.size() == 2u);
    BOOST_TEST(body.failures[0].value == R"({"a":[1]})");
    BOOST_TEST(body.failures[0].constraint == "7");
    BOOST_TEST(body.failures[1].field == "");
}

BOOST_AUTO_TEST_CASE(deeply_nested_json_is_treated_as_text) {
    std::string const deep(100'000, '[');
    auto const body = bulk::detail::read_error_body(deep);
    BOOST_TEST(body.text == std::string(300, '[') + "...");
}

BOOST_AUTO_TEST_CASE(long_messages_are_cut_at_a_character_boundary) {
    BOOST_TEST(bulk::detail::read_error_body(std::string(300, 'x')).text == std::string(300, 'x'));
    BOOST_TEST(bulk::detail::read_error_body(std::string(301, 'x')).text ==
               std::string(300, 'x') + "...");
    for (std::string_view character : {"é", "€", "😀"})
        for (std::size_t before = 290; before != 300; ++before) {
            std::string text(before, 'x');
            while (text.size() < 400)
                text += character;
            std::string const cut = bulk::detail::read_error_body(text).text;
            BOOST_TEST_REQUIRE(cut.ends_with("..."));
            std::size_t const kept = cut.size() - 3;
            BOOST_TEST(kept <= 300u);
            BOOST_TEST(kept > 300 - character.size());
            BOOST_TEST((kept - before) % character.size() == 0u);
        }
}

BOOST_AUTO_TEST_CASE(control_characters_become_blanks_everywhere) {
    BOOST_TEST(bulk::detail::read_error_body("a\r\nb\x1b[31m\x7f").text == "a  b [31m ");
    auto const body = bulk::detail::read_error_body(
        R"({"failures":[{"field":"a\nb","value":"c\u001bd","constraint":"e\u0000f"}]})");
    BOOST_TEST_REQUIRE(body.failures.size() == 1u);
    BOOST_TEST(body.failures[0].field == "a b");
    BOOST_TEST(body.failures[0].value == "c d");
    BOOST_TEST(body.failures[0].constraint == "e f");
    auto const parameter = bulk::detail::read_error_body(
        R"({"parameter":"a\nb","requirement":{"type":"c\nd"},"value":"e\nf"})");
    BOOST_TEST_REQUIRE(parameter.failures.size() == 1u);
    BOOST_TEST(parameter.failures[0].field == "a b");
    BOOST_TEST(parameter.failures[0].constraint == "c d");
}

BOOST_AUTO_TEST_CASE(some_of_many_failures_are_shown) {
    std::string text = R"({"failures":[{"field":"f0"})";
    for (int i = 1; i != 1000; ++i)
        text += R"(,{"field":"f)" + std::to_string(i) + R"("})";
    auto const body = bulk::detail::read_error_body(text + "]}");
    BOOST_TEST_REQUIRE(body.failures.size() == 21u);
    BOOST_TEST(body.failures[19].field == "f19");
    BOOST_TEST(body.failures[20].field == "and 980 more");
}

BOOST_AUTO_TEST_CASE(failures_appear_in_the_message_line) {
    bulk::failure f(bulk::error_code(400, bulk::http_category()));
    f.info.failures =
        bulk::detail::read_error_body(payload("error_validation_two_failures.json")).failures;
    BOOST_TEST(f.message() == "HTTP status 400; fields: Must contain at least one field.; "
                              "dataRetentionDuration = P30D: Must be between PT1H and P14D.");
}

BOOST_AUTO_TEST_SUITE_END()
