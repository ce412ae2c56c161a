// SPDX-License-Identifier: BSL-1.0
// What the service accepts as a value: of a row, a filter, a query, a definition.
#include <eloqua/bulk/simulator/detail/values.hpp>

#include "service_fixture.hpp"
#include <string>
#include <utility>

namespace {

using namespace simulator_tests;

struct with_fields : service {
    explicit with_fields(simulator_options options = {}) : service(std::move(options)) {
        eloqua.add_field("/contacts", bulk::simulated_field("flag", bulk::data_type::boolean));
        definition = define("/contacts/imports", R"({"name":"i","identifierFieldName":"e","fields":{
            "e":"{{Contact.Field(C_EmailAddress)}}","weight":"{{Contact.Field(C_Lead_Weight1)}}",
            "visit":"{{Contact.Field(C_Last_Visit)}}","flag":"{{Contact.Field(flag)}}"}})");
    }

    /// The result for a value, given as JSON, of one column: the stored value, or the reject.
    std::string stored(std::string const& column, std::string const& json) {
        std::string const sync =
            import(definition, R"([{"e":"a@b.co","weight":"","visit":"","flag":"",")" + column +
                                   "\":" + json + "}]");
        std::string const rejects = rejects_of(sync);
        if (!rejects.empty())
            return rejects;
        auto const ids = eloqua.find("/contacts", "C_EmailAddress", "a@b.co");
        BOOST_TEST_REQUIRE(ids.size() == 1u);
        return eloqua.value("/contacts", ids[0],
                            column == "weight"  ? "C_Lead_Weight1"
                            : column == "visit" ? "C_Last_Visit"
                                                : "flag");
    }
    /// The error in a filter; empty if the filter is valid.
    std::string wrong_filter(std::string const& field, std::string const& literal) {
        answer const made =
            post("/contacts/exports", R"({"name":"e","fields":{"Id":"{{Contact.Id}}"},"filter":)"
                                      "\"'{{Contact.Field(" +
                                          field + ")}}' > '" + literal + "'\"}");
        return made.status == 201 ? "" : made.at("failures.0.constraint");
    }

    std::string definition;
};

std::string in_quotes(std::string const& text) {
    return '"' + text + '"';
}

} // namespace

BOOST_AUTO_TEST_SUITE(simulator_values)

BOOST_AUTO_TEST_CASE(times_have_the_documented_forms) {
    with_fields s;
    for (auto const& [sent, kept] : {
             std::pair("2024-02-29", "2024-02-29 00:00:00"),
             std::pair("2024/02/29", "2024-02-29 00:00:00"),
             std::pair("2024.02.29", "2024-02-29 00:00:00"),
             std::pair("02/29/2024", "2024-02-29 00:00:00"),
             std::pair("02/29/24", "2024-02-29 00:00:00"),
             std::pair("02/28/49", "2049-02-28 00:00:00"),
             std::pair("02/28/50", "1950-02-28 00:00:00"),
             std::pair("2024-02-29 23:59:59", "2024-02-29 23:59:59"),
             std::pair("02/29/24 00:00:01.5", "2024-02-29 00:00:01.500"),
             std::pair("2024.02.29 01:02:03.04", "2024-02-29 01:02:03.040"),
             std::pair("2024/02/29 01:02:03.125", "2024-02-29 01:02:03.125"),
             std::pair("2024-02-29 01:02:03.000", "2024-02-29 01:02:03"),
             std::pair("0001-01-01", "0001-01-01 00:00:00"),
             std::pair("9999-12-31 23:59:59.999", "9999-12-31 23:59:59.999"),
         }) {
        BOOST_TEST(s.stored("visit", in_quotes(sent)) == kept, sent);
        BOOST_TEST(s.wrong_filter("C_Last_Visit", sent) == "", sent);
    }
    for (std::string const bad : {"soon",
                                  "2023-02-29",
                                  "2024-13-01",
                                  "2024-00-10",
                                  "2024-02-30",
                                  "0000-01-01",
                                  "2024-2-9",
                                  "24-02-29",
                                  "29.02.2024",
                                  "29/02/2024",
                                  "02-29-2024",
                                  "2/9/2024",
                                  "02/29/024",
                                  "02/29/20245",
                                  "2024-02/29",
                                  "20240229",
                                  " 2024-02-29",
                                  "2024-02-29 ",
                                  "2024-02-29  01:02:03",
                                  "2024-02-29 01:02",
                                  "2024-02-29 1:02:03",
                                  "2024-02-29 24:00:00",
                                  "2024-02-29 01:60:00",
                                  "2024-02-29 01:02:60",
                                  "2024-02-29 01:02:03.",
                                  "2024-02-29 01:02:03.1234",
                                  "2024-02-29 01:02:03.1230000",
                                  "2024-02-29 01:02:03,125",
                                  "2024-02-29 01:02:03 PM",
                                  "2024-02-29T01:02:03",
                                  "2024-02-29T01:02:03.125Z",
                                  "2024-02-29 01:02:03Z",
                                  "2024-02-29 01:02:03+02:00",
                                  "1709168523"}) {
        BOOST_TEST(s.stored("visit", in_quotes(bad)) == "1:00040(visit)", bad);
        BOOST_TEST(s.wrong_filter("C_Last_Visit", bad) == "'" + bad + "' is not a date.", bad);
    }
}

BOOST_AUTO_TEST_CASE(fine_times_can_be_truncated) {
    simulator_options options;
    options.cuts_fine_times = true;
    with_fields s(options);
    BOOST_TEST(s.stored("visit", R"("2024-02-29 01:02:03.1239")") == "2024-02-29 01:02:03.123");
    BOOST_TEST(s.stored("visit", R"("2024-02-29 01:02:03.123456789012")") ==
               "2024-02-29 01:02:03.123");
    BOOST_TEST(s.stored("visit", R"("2024-02-29 01:02:03.0009")") == "2024-02-29 01:02:03");
    BOOST_TEST(s.stored("visit", R"("2024-02-29 01:02:03.x")") == "1:00040(visit)");
    BOOST_TEST(s.wrong_filter("C_Last_Visit", "2024-02-29 01:02:03.1239") == "");
}

BOOST_AUTO_TEST_CASE(times_of_resources_can_be_accepted) {
    simulator_options options;
    options.takes_iso_times = true;
    with_fields s(options);
    BOOST_TEST(s.stored("visit", R"("2024-02-29T01:02:03.125Z")") == "2024-02-29 01:02:03.125");
    BOOST_TEST(s.stored("visit", R"("2024-02-29T01:02:03")") == "2024-02-29 01:02:03");
    for (char const* bad : {"2024/02/29T01:02:03", "02/29/2024T01:02:03", "2024-02-29 01:02:03Z",
                            "2024-02-29T01:02:03.1250000Z", "2024-02-29T01:02:03+02:00",
                            "2024-02-29T", "2024-02-29Z"})
        BOOST_TEST(s.stored("visit", in_quotes(bad)) == "1:00040(visit)", bad);
}

BOOST_AUTO_TEST_CASE(an_activity_with_too_fine_a_time_happens_now) {
    service s;
    s.eloqua.add_record("/contacts", {{"C_EmailAddress", "a@b.co"}});
    std::string const definition = s.define("/activities/imports", R"({"name":"i","fields":{
        "e":"{{Activity.Contact.Field(C_EmailAddress)}}","type":"{{Activity.Type}}",
        "at":"{{Activity.CreatedAt}}","asset":"{{Activity.Asset.Type}}",
        "name":"{{Activity.Asset.Name}}","campaign":"{{Activity.Campaign.Id}}"}})");
    auto const at = [&](std::string const& time) {
        std::string const sync = s.import(
            definition, R"([{"e":"a@b.co","type":"Called","asset":"Call","name":"n","campaign":"",)"
                        R"("at":")" +
                            time + "\"}]");
        return s.rejects_of(sync) + ' ' +
               s.eloqua.value("/activities",
                              1'000 + static_cast<std::int64_t>(s.eloqua.count("/activities")),
                              "ActivityDate");
    };
    BOOST_TEST(at("2025-01-31 10:00:00.5") == " 2025-01-31 10:00:00.500");
    BOOST_TEST(at("2025-01-31 10:00:00.0005").starts_with("1:00040(at) 2025-06-02 09:00:"));
}

BOOST_AUTO_TEST_CASE(numbers_are_decimal) {
    with_fields s;
    for (char const* good : {"0", "7", "-7", "007", "12.50", "-0.5", "123456789012345678901234567"})
        BOOST_TEST(s.stored("weight", in_quotes(good)) == good);
    for (char const* bad :
         {"much", "1,5",  "1.000,5", "+7",  "--7",      "-",  ".5", "5.", "1.2.3",    "1e3",
          "1E3",  "0x10", "inf",     "nan", "Infinity", " 7", "7 ", "7%", "\xD9\xA7", "1_000"}) {
        BOOST_TEST(s.stored("weight", in_quotes(bad)) == "1:00040(weight)", bad);
        BOOST_TEST(s.wrong_filter("C_Lead_Weight1", bad) ==
                       "'" + std::string(bad) + "' is not a number.",
                   bad);
    }
    BOOST_TEST(s.stored("weight", in_quotes(std::string(400, '9'))) == "1:00040(weight)");
    // As JSON values without quotes.
    BOOST_TEST(s.stored("weight", "7.5") == "7.5");
    BOOST_TEST(s.stored("weight", "-12") == "-12");
    BOOST_TEST(s.stored("weight", "1e3") == "1000");
    BOOST_TEST(s.stored("weight", "1e-3") == "0.001");
    BOOST_TEST(s.stored("weight", "true") == "1:00040(weight)");
}

BOOST_AUTO_TEST_CASE(booleans_are_true_or_false) {
    with_fields s;
    for (auto const& [sent, kept] : {std::pair("\"true\"", "True"), std::pair("\"TRUE\"", "True"),
                                     std::pair("\"False\"", "False"), std::pair("true", "True"),
                                     std::pair("false", "False"), std::pair("\"\"", "")})
        BOOST_TEST(s.stored("flag", sent) == kept, sent);
    for (char const* bad : {"1", "0", "yes", "no", "t", "truely", " true", "on"})
        BOOST_TEST(s.stored("flag", in_quotes(bad)) == "1:00040(flag)", bad);
    simulator_options options;
    options.true_text = "Yes";
    options.false_text = "No";
    with_fields other(options);
    BOOST_TEST(other.stored("flag", "\"true\"") == "Yes");
    BOOST_TEST(other.stored("flag", "\"no\"") == "No"); // as it was exported
    BOOST_TEST(other.stored("flag", "\"1\"") == "1:00040(flag)");
}

BOOST_AUTO_TEST_CASE(addresses_hold_nothing_that_nobody_sees) {
    with_fields s;
    auto const verdict = [&](std::string const& address) {
        return s.rejects_of(
            s.import(s.definition, "e,weight,visit,flag\n\"" + address + "\",,,\n", "text/csv"));
    };
    for (char const* good : {"a@b.co", "Zo\xC3\xA9@example.com", "a+b@x.example.co.uk",
                             "\xE5\xA4\xA7@\xE4\xBE\x8B.jp", "o'neil@example.com"})
        BOOST_TEST(verdict(good) == "", good);
    struct row {
        char const* what;
        char const* address;
    };
    static row const rows[] = {
        {"a byte order mark before it", "\xEF\xBB\xBF"
                                        "a@b.co"},
        {"a byte order mark inside", "a\xEF\xBB\xBF@b.co"},
        {"a byte order mark at its end", "a@b.co\xEF\xBB\xBF"},
        {"a space of no width", "a\xE2\x80\x8B@b.co"},
        {"a joiner", "a\xE2\x80\x8D@b.co"},
        {"a word joiner", "a@b.co\xE2\x81\xA0"},
        {"a turn of direction", "\xE2\x80\xAE"
                                "a@b.co"},
        {"a soft hyphen", "a\xC2\xAD@b.co"},
        {"a control character", "a\x01@b.co"},
        {"a tab", "a\t@b.co"},
        {"delete", "a\x7F@b.co"},
        {"a control character of Latin-1", "a\xC2\x85@b.co"},
        {"a line end", "a@b.co\n"},
        {"a space", "a @b.co"},
    };
    for (row const& each : rows)
        BOOST_TEST(verdict(each.address) == "1:00002(e)", each.what);
    BOOST_TEST(s.rejects_of(s.import(
                   s.definition,
                   "[{\"e\":\"\\uFEFFa@b.co\",\"weight\":\"\",\"visit\":\"\",\"flag\":\"\"}]")) ==
               "1:00002(e)");
}

BOOST_AUTO_TEST_CASE(durations_have_the_documented_units) {
    using bulk::simulation::read_duration;
    BOOST_TEST((read_duration("P7D") == 7 * 24h));
    BOOST_TEST((read_duration("PT6H") == 6h));
    BOOST_TEST((read_duration("P1DT2H3M4S") == 26h + 3min + 4s));
    BOOST_TEST((read_duration("PT90M") == 90min));
    service s;
    auto const status = [&](char const* duration) {
        return s
            .post("/contacts/exports",
                  R"({"name":"e","fields":{"Id":"{{Contact.Id}}"},"dataRetentionDuration":")" +
                      std::string(duration) + "\"}")
            .status;
    };
    for (char const* good : {"PT1H", "PT12H", "P14D", "P1DT12H", "PT3600S"})
        BOOST_TEST(status(good) == 201, good);
    for (char const* bad :
         {"", "P", "PT", "P1W", "P1M", "P0Y1D", "P1DT", "P1D2H", "PT1H1D", "PT1M1H", "P1.5D",
          "PT1.5H", "P-1D", "-P1D", "p1d", "P1D ", "24:00:00", "86400", "PT9999999999999H"})
        BOOST_TEST(status(bad) == 400, bad);
}

BOOST_AUTO_TEST_CASE(members_of_definitions_have_the_kinds_of_the_contract) {
    service s;
    struct row {
        char const* collection;
        char const* member;
        char const* field;
    };
    static row const rows[] = {
        {"exports", R"("maxRecords":"5")", "maxRecords"},
        {"exports", R"("maxRecords":5.5)", "maxRecords"},
        {"exports", R"("filter":7)", "filter"},
        {"exports", R"("areSystemTimestampsInUTC":"True")", "areSystemTimestampsInUTC"},
        {"exports", R"("areSystemTimestampsInUTC":1)", "areSystemTimestampsInUTC"},
        {"exports", R"("dataRetentionDuration":6)", "dataRetentionDuration"},
        {"exports", R"("syncActions":{})", "syncActions"},
        {"exports", R"("syncActions":[{"action":"Add","destination":"{{ContactList[101]}}"}])",
         "syncActions"},
        {"exports", R"("fields":{"a":7})", "fields"},
        {"exports", R"("fields":{"a":null})", "fields"},
        {"exports", R"("name":null)", "name"},
        {"imports", R"("updateRule":"Always")", "updateRule"},
        {"imports", R"("updateRuleByField":{"e":"ALWAYS"})", "updateRuleByField"},
        {"imports", R"("importRule":"createonly")", "importRule"},
        {"imports", R"("identifierFieldName":7)", "identifierFieldName"},
        {"imports", R"("isSyncTriggeredOnImport":"yes")", "isSyncTriggeredOnImport"},
    };
    for (row const& each : rows) {
        bool const imports = each.collection == std::string("imports");
        answer const refused = s.post(
            std::string("/contacts/") + each.collection,
            std::string(R"({"name":"n","fields":{"e":"{{Contact.Field(C_EmailAddress)}}"},)") +
                (imports ? R"("identifierFieldName":"e",)" : "") + each.member + '}');
        BOOST_TEST(refused.status == 400, each.member);
        BOOST_TEST(refused.at("failures.0.field") == each.field, each.member << refused.body);
    }
    // Unset members, unknown members, and members that only the service sets.
    answer const made =
        s.post("/contacts/exports",
               R"({"name":"n","fields":{"e":"{{Contact.Field(C_EmailAddress)}}"},"filter":null,
            "maxRecords":null,"colour":["red"],"uri":7,"createdAt":"yesterday","createdBy":[],
            "kbUsed":"much","status":false})");
    BOOST_TEST_REQUIRE(made.status == 201, made.body);
    BOOST_TEST(made.at("uri") == "/contacts/exports/1");
    BOOST_TEST(made.at("createdBy") == "user");
    BOOST_TEST(made.at("status") == "-");

    for (char const* body :
         {R"({"syncedInstanceUri":7})", R"({"syncedInstanceUri":["/contacts/exports/1"]})"})
        BOOST_TEST(s.post("/syncs", body).at("failures.0.field") == "syncedInstanceUri", body);
    answer const callback =
        s.post("/syncs", R"({"syncedInstanceUri":"/contacts/exports/1","callbackUrl":7})");
    BOOST_TEST(callback.status == 400);
    BOOST_TEST(callback.at("failures.0.field") == "callbackUrl");
    BOOST_TEST(s.post("/syncs", "{}").at("failures.0.field") == "syncedInstanceUri");
}

BOOST_AUTO_TEST_CASE(token_requests_hold_texts) {
    service s;
    s.eloqua.add_application("app", "secret", "https://client.example.com/cb");
    auto const error = [&](std::string_view body) {
        request q(verb::post, bulk::origin(), "/auth/oauth2/token");
        q.fields.set("Authorization", "Basic YXBwOnNlY3JldA==");
        q.fields.set("Content-Type", "application/json");
        q.body = body;
        return answer(s.eloqua.handle(q)).at("error");
    };
    BOOST_TEST(error(R"({"grant_type":"refresh_token","refresh_token":7})") == "invalid_request");
    BOOST_TEST(error(R"({"grant_type":7})") == "invalid_request");
    BOOST_TEST(error("\xEF\xBB\xBF{\"grant_type\":\"refresh_token\"}") == "invalid_request");
    BOOST_TEST(error(R"({"grant_type":"refresh_token","scope":null})") == "invalid_grant");
}

BOOST_AUTO_TEST_CASE(queries_of_lists_are_validated) {
    service s;
    s.define("/contacts/exports", R"({"name":"n","fields":{"Id":"{{Contact.Id}}"}})");
    for (char const* good : {"createdAt<2025-07-01", "createdAt>2025-06-01%2010:00:00",
                             "createdAt<=07/01/2025", "createdAt=2025-06-02T09:00:00.0000000Z",
                             "createdAt<2025-06-02T09:00:00.0000001Z", "createdAt=2025*"})
        BOOST_TEST(s.get(std::string("/contacts/exports?q=") + good).items() == 1u, good);
    for (char const* bad : {"createdAt<yesterday", "createdAt>2025-06-01T10:00",
                            "updatedAt=2025-06-31", "createdAt>2025-06-02T09:00:00.00000001Z"}) {
        answer const refused = s.get(std::string("/contacts/exports?q=") + bad);
        BOOST_TEST(refused.status == 400, bad);
        BOOST_TEST(refused.at("failures.0.field") == "q", bad);
    }
    BOOST_TEST(s.get("/contacts/exports?totalResults=perhaps").at("failures.0.field") ==
               "totalResults");
    // Types have their documented names.
    BOOST_TEST(s.get("/activities/fields?activityType=EmailOpen").items() > 5u);
    for (char const* bad : {"emailopen", "1", "EmailOpen%20", ""})
        BOOST_TEST(s.get(std::string("/activities/fields?activityType=") + bad).items() == 0u, bad);
}

BOOST_AUTO_TEST_SUITE_END()
