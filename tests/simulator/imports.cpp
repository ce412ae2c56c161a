// SPDX-License-Identifier: BSL-1.0
// How imports process their rows.
#include <boost/describe/enum_to_string.hpp>

#include "service_fixture.hpp"
#include <string>
#include <tuple>
#include <utility>

namespace {

using namespace simulator_tests;

struct with_contacts : service {
    explicit with_contacts(simulator_options options = {}) : service(std::move(options)) {
        eloqua.add_record("/contacts", {{"C_EmailAddress", "ana@example.com"},
                                        {"C_FirstName", "Ana"},
                                        {"C_City", "Gent"},
                                        {"C_SFDCContactID", "s1"}});
        eloqua.add_record("/contacts", {{"C_EmailAddress", "bo@example.com"},
                                        {"C_FirstName", "Bo"},
                                        {"C_SFDCContactID", "s2"}});
        eloqua.add_record("/contacts", {{"C_FirstName", "Twin"}, {"C_SFDCContactID", "s2"}});
    }
    /// An import by e-mail address, with further members of the definition.
    std::string by_email(std::string const& members = "") {
        return define("/contacts/imports",
                      R"({"name":"i","identifierFieldName":"e","fields":{
                          "e":"{{Contact.Field(C_EmailAddress)}}",
                          "first":"{{Contact.Field(C_FirstName)}}",
                          "city":"{{Contact.Field(C_City)}}",
                          "weight":"{{Contact.Field(C_Lead_Weight1)}}",
                          "visit":"{{Contact.Field(C_Last_Visit)}}"})" +
                          members + '}');
    }
    std::string by_crm_id(std::string const& members = "") {
        return define("/contacts/imports",
                      R"({"name":"i","identifierFieldName":"crm","fields":{
                          "crm":"{{Contact.Field(C_SFDCContactID)}}",
                          "e":"{{Contact.Field(C_EmailAddress)}}",
                          "city":"{{Contact.Field(C_City)}}"})" +
                          members + '}');
    }
    std::string status_of(std::string const& sync_uri) { return get(sync_uri).at("status"); }
    std::string value(std::string const& email, char const* field) {
        auto const ids = eloqua.find("/contacts", "C_EmailAddress", email);
        return ids.size() == 1 ? eloqua.value("/contacts", ids[0], field) : "no record";
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(simulator_imports)

BOOST_FIXTURE_TEST_CASE(rows_are_matched_updated_and_created, with_contacts) {
    std::string const sync = import(by_email(), R"([
        {"e":"ANA@example.com","first":"Anna","city":"Köln"},
        {"e":"new@example.com","first":"New"}])");
    BOOST_TEST(status_of(sync) == "warning"); // for the columns that are missing
    BOOST_TEST(log_of(sync) == "00130:2 00137:0 00121:1 00121:1 00001:2 00003:2 00004:1 00022:1 "
                               "00101:0");
    BOOST_TEST(rejects_of(sync) == "");
    BOOST_TEST(eloqua.count("/contacts") == 4u);
    BOOST_TEST(value("ana@example.com", "C_FirstName") == "Anna");
    BOOST_TEST(value("ana@example.com", "C_City") == "Köln");
    BOOST_TEST(value("ana@example.com", "C_SFDCContactID") == "s1");
    BOOST_TEST(value("new@example.com", "C_FirstName") == "New");
}

BOOST_FIXTURE_TEST_CASE(every_row_gets_the_verdict_of_the_rules, with_contacts) {
    struct row {
        char const* what;
        char const* rows;
        char const* rejects;
    };
    static row const rows[] = {
        {"no object", R"([{"e":"a@b.co"},7])", "2:00032()"},
        {"a nested value", R"([{"e":"a@b.co","city":{"x":1}}])", "1:00032()"},
        {"nothing", R"([{"e":"a@b.co"},{},{"e":"","city":""}])", "2:00059() 3:00059()"},
        {"no identifier", R"([{"city":"Gent"}])", "1:00061(e)"},
        {"blank identifier", R"([{"e":null,"city":"Gent"}])", "1:00061(e)"},
        {"no address", R"([{"e":"not an address","city":"Gent"}])", "1:00002(e)"},
        {"no address", R"([{"e":"@b.co"},{"e":"a@b"},{"e":"a@b@c.co"},{"e":"a@.co"}])",
         "1:00002(e) 2:00002(e) 3:00002(e) 4:00002(e)"},
        {"no number", R"([{"e":"a@b.co","weight":"much"}])", "1:00040(weight)"},
        {"no number, no date", R"([{"e":"a@b.co","weight":"1,5","visit":"soon"}])",
         "1:00040(weight,visit)"},
        {"twice", R"([{"e":"a@b.co"},{"e":"x@y.co"},{"e":"A@B.CO"}])", "1:00026(e)"},
        {"thrice", R"([{"e":"a@b.co"},{"e":"a@b.co"},{"e":"a@b.co"}])", "1:00026(e) 2:00026(e)"},
        {"a bad one is no duplicate", R"([{"e":"a@b.co"},{"e":"a@b.co","city":[]}])", "2:00032()"},
    };
    for (row const& each : rows) {
        with_contacts fresh;
        std::string const sync = fresh.import(fresh.by_email(), each.rows);
        BOOST_TEST(fresh.rejects_of(sync) == each.rejects, each.what);
        BOOST_TEST(fresh.status_of(sync) == "warning", each.what);
    }
}

BOOST_FIXTURE_TEST_CASE(a_reject_tells_the_row_and_why, with_contacts) {
    std::string const sync = import(by_email(), R"([{"e":"ok@example.com"},
        {"e":"not an address","first":"Zoë","city":"a \"b\"","weight":7,"unknown":"x"}])");
    BOOST_TEST(get(sync + "/rejects").body ==
               R"({"items":[{"fieldValues":{"e":"not an address","first":"Zoë",)"
               R"("city":"a \"b\"","weight":"7","visit":""},"invalidFields":["e"],)"
               R"("message":"Invalid email address.","statusCode":"ELQ-00002","recordIndex":2}],)"
               R"("totalResults":1,"limit":1000,"offset":0,"count":1,"hasMore":false})");
    BOOST_TEST(log_of(sync) == "00130:2 00137:0 00111:1 00121:1 00001:2 00002:1 00003:1 00004:1 "
                               "00022:0 00101:0");
}

BOOST_FIXTURE_TEST_CASE(a_reject_has_every_column_of_the_definition, with_contacts) {
    auto const values = [&](std::string const& sync) {
        return get(sync + "/rejects").at("items.0.fieldValues");
    };
    std::string const definition = by_email();
    std::string const none = R"({"e":"","first":"","city":"","weight":"","visit":""})";
    BOOST_TEST(values(import(definition, "[7,{\"e\":\"a@b.co\"}]")) == none);
    BOOST_TEST(values(import(definition, R"([{},{"e":"a@b.co"}])")) == none);
    BOOST_TEST(values(import(definition, "visit,e\nsoon,bad\n", "text/csv")) ==
               R"({"e":"bad","first":"","city":"","weight":"","visit":"soon"})");
    std::string const taken = import(definition, R"([{"visit":"soon","e":"a@b.co"}])");
    BOOST_TEST(rejects_of(taken) == "1:00040(visit)");
    BOOST_TEST(values(taken) ==
               R"({"e":"a@b.co","first":"","city":"","weight":"","visit":"soon"})");
}

BOOST_FIXTURE_TEST_CASE(a_sync_ends_by_the_worst_of_its_log, with_contacts) {
    std::string const definition = by_email();
    std::string const whole = R"({"e":"a@b.co","first":"","city":"","weight":"","visit":"")";
    std::string const good = import(definition, "[" + whole + "}]");
    BOOST_TEST(status_of(good) == "success");
    BOOST_TEST(rejects_of(good) == "");

    std::string const unknown = import(definition, "[" + whole + R"(,"x":"1"}])");
    BOOST_TEST(status_of(unknown) == "warning");
    BOOST_TEST(rejects_of(unknown) == "");
    BOOST_TEST(log_of(unknown).find("00111:1") != std::string::npos);
    BOOST_TEST(log_of(unknown).find("00121") == std::string::npos);
    answer const log = get(unknown + "/logs");
    BOOST_TEST(log.at("items." + std::to_string(log.items() - 1) + ".message") ==
               "Sync processed for sync 2, resulting in Warning status.");

    std::string const csv =
        import(definition, "e,first,city,weight,visit,x\na@b.co,,,,,\n", "text/csv");
    BOOST_TEST(status_of(csv) == "warning");
    BOOST_TEST(rejects_of(csv) == "");
}

BOOST_FIXTURE_TEST_CASE(a_sync_of_actions_ends_by_its_log_too, with_contacts) {
    std::string const definition = define("/contacts/syncActions", R"({"name":"s",
        "identifierFieldName":"e","fields":{"e":"{{Contact.Field(C_EmailAddress)}}"},
        "syncActions":[{"action":"add","destination":"{{ContactList[101]}}"}]})");
    BOOST_TEST(status_of(import(definition, R"([{"e":"ana@example.com"}])")) == "success");
    std::string const unknown = import(definition, R"([{"e":"ana@example.com","x":"1"}])");
    BOOST_TEST(status_of(unknown) == "warning");
    BOOST_TEST(rejects_of(unknown) == "");
    std::string const refused = import(definition, R"([{"x":"1"}])");
    BOOST_TEST(status_of(refused) == "error");
}

BOOST_AUTO_TEST_CASE(a_missing_column_may_be_no_more_than_told) {
    for (auto const& [how, status] : {std::pair(bulk::severity::warning, "warning"),
                                      std::pair(bulk::severity::information, "success")}) {
        simulator_options options;
        options.missing_column_severity = how;
        with_contacts s(options);
        std::string const definition = s.by_email();
        std::string const sync = s.import(definition, R"([{"e":"a@b.co","city":"Oslo"}])");
        BOOST_TEST(s.status_of(sync) == status);
        BOOST_TEST(s.rejects_of(sync) == "");
        answer const log = s.get(sync + "/logs");
        BOOST_TEST(log.at("items.2.statusCode") == "ELQ-00121");
        BOOST_TEST(log.at("items.2.severity") == boost::describe::enum_to_string(how, ""));
        // Other errors count as well.
        BOOST_TEST(s.status_of(s.import(definition, R"([{"e":"bad"}])")) == "warning");
        BOOST_TEST(s.status_of(s.import(definition, R"([{"e":"a@b.co","x":"1"}])")) == "warning");
    }
}

BOOST_AUTO_TEST_CASE(nothing_staged_ends_as_the_options_say) {
    for (auto const& [wanted, status, severity] :
         {std::tuple(bulk::sync_status::success, "success", "information"),
          std::tuple(bulk::sync_status::warning, "warning", "warning"),
          std::tuple(bulk::sync_status::error, "error", "error")}) {
        simulator_options options;
        options.nothing_staged_status = wanted;
        with_contacts s(options);
        std::string const sync = s.sync(s.by_email());
        BOOST_TEST(s.status_of(sync) == status);
        BOOST_TEST(s.get(sync + "/logs").at("items.0.statusCode") == "ELQ-00124");
        BOOST_TEST(s.get(sync + "/logs").at("items.0.severity") == severity);
    }
}

BOOST_FIXTURE_TEST_CASE(a_bad_value_is_dropped_and_the_row_taken, with_contacts) {
    std::string const sync = import(by_email(), R"([
        {"e":"ana@example.com","weight":"heavy","visit":"01/31/2024 12:30:00","city":"Oslo"}])");
    BOOST_TEST(log_of(sync) == "00130:1 00137:0 00121:1 00001:1 00144:1 00003:1 00004:0 00022:1 "
                               "00101:0");
    BOOST_TEST(value("ana@example.com", "C_Lead_Weight1") == "");
    BOOST_TEST(value("ana@example.com", "C_City") == "Oslo");
    BOOST_TEST(value("ana@example.com", "C_Last_Visit") == "2024-01-31 12:30:00");
}

BOOST_FIXTURE_TEST_CASE(dates_come_in_several_forms, with_contacts) {
    struct row {
        char const* sent;
        char const* stored;
    };
    static row const rows[] = {
        {"2024-02-29", "2024-02-29 00:00:00"},
        {"2024/02/29", "2024-02-29 00:00:00"},
        {"2024.02.29 01:02:03", "2024-02-29 01:02:03"},
        {"02/29/2024", "2024-02-29 00:00:00"},
        {"02/29/24", "2024-02-29 00:00:00"},
        {"2024-02-29 01:02:03.25", "2024-02-29 01:02:03.250"},
        {"2024-02-29T01:02:03.250Z", ""},
        {"2023-02-29", ""},
        {"29.02.2024", ""},
    };
    std::string const definition = by_email();
    for (row const& each : rows) {
        import(definition, R"([{"e":"d@example.com","visit":""}])");
        import(definition, std::string(R"([{"e":"d@example.com","visit":")") + each.sent + "\"}]");
        BOOST_TEST(value("d@example.com", "C_Last_Visit") == each.stored, each.sent);
    }
}

BOOST_AUTO_TEST_CASE(update_rules_decide_what_is_overwritten) {
    struct row {
        char const* members;
        char const* first;  ///< of Ana, who had "Ana" and gets ""
        char const* city;   ///< had "Gent", gets "Oslo"
        char const* weight; ///< had no value, gets 5
    };
    static row const rows[] = {
        {"", "", "Oslo", "5"},
        {R"(,"updateRule":"always")", "", "Oslo", "5"},
        {R"(,"updateRule":"ifNewIsNotNull")", "Ana", "Oslo", "5"},
        {R"(,"updateRule":"ifExistingIsNull")", "Ana", "Gent", "5"},
        {R"(,"updateRule":"useFieldRule")", "", "Oslo", "5"},
        {R"(,"updateRule":"always","updateRuleByField":{"city":"ifExistingIsNull"})", "", "Gent",
         "5"},
        {R"(,"updateRuleByField":{"first":"ifNewIsNotNull"})", "Ana", "Oslo", "5"},
    };
    for (row const& each : rows) {
        with_contacts s;
        s.import(s.by_email(each.members),
                 R"([{"e":"ana@example.com","first":"","city":"Oslo","weight":5}])");
        BOOST_TEST(s.value("ana@example.com", "C_FirstName") == each.first, each.members);
        BOOST_TEST(s.value("ana@example.com", "C_City") == each.city, each.members);
        BOOST_TEST(s.value("ana@example.com", "C_Lead_Weight1") == each.weight, each.members);
    }
}

BOOST_FIXTURE_TEST_CASE(a_field_can_have_a_rule_of_its_own, service) {
    bulk::simulated_field sticky("C_Sticky1");
    sticky.rule = bulk::update_rule::ifExistingIsNull;
    eloqua.add_field("/contacts", sticky);
    std::string const definition = define("/contacts/imports", R"({"name":"i",
        "identifierFieldName":"e","updateRule":"useFieldRule",
        "fields":{"e":"{{Contact.Field(C_EmailAddress)}}","s":"{{Contact.Field(C_Sticky1)}}"}})");
    import(definition, R"([{"e":"a@b.co","s":"first"}])");
    import(definition, R"([{"e":"a@b.co","s":"second"}])");
    BOOST_TEST(eloqua.value("/contacts", 1001, "C_Sticky1") == "first");
}

BOOST_FIXTURE_TEST_CASE(import_rules_decide_which_rows_are_taken, with_contacts) {
    std::string const rows = R"([{"e":"ana@example.com","city":"Rome"},{"e":"new@example.com"}])";
    std::string const update = import(by_email(R"(,"importRule":"updateOnly")"), rows);
    BOOST_TEST(rejects_of(update) == "2:00034(e)");
    BOOST_TEST(value("ana@example.com", "C_City") == "Rome");
    std::string const create = import(by_email(R"(,"importRule":"createOnly")"), rows);
    BOOST_TEST(rejects_of(create) == "1:00048(e)");
    BOOST_TEST(eloqua.count("/contacts") == 4u);
}

BOOST_FIXTURE_TEST_CASE(several_matches_are_refused_unless_wanted, with_contacts) {
    std::string const rows = R"([{"crm":"s2","city":"Rome"},{"crm":"s1","city":"Rome"}])";
    std::string const one = import(by_crm_id(), rows);
    BOOST_TEST(rejects_of(one) == "1:00026(crm)");
    BOOST_TEST(get(one + "/rejects").at("items.0.message") == "Multiple matches.");
    std::string const all = import(by_crm_id(R"(,"isUpdatingMultipleMatchedRecords":true)"), rows);
    BOOST_TEST(rejects_of(all) == "");
    BOOST_TEST(log_of(all).find("00004:0 00022:3") != std::string::npos);
    BOOST_TEST(eloqua.find("/contacts", "C_City", "rome").size() == 3u);
}

BOOST_AUTO_TEST_CASE(too_many_matches_are_refused) {
    simulator_options options;
    options.multiple_match_limit = 1;
    with_contacts s(options);
    BOOST_TEST(s.rejects_of(s.import(s.by_crm_id(R"(,"isUpdatingMultipleMatchedRecords":true)"),
                                     R"([{"crm":"s2","city":"Rome"}])")) == "1:00135(crm)");
}

BOOST_FIXTURE_TEST_CASE(an_address_belongs_to_one_contact, with_contacts) {
    std::string const sync = import(by_crm_id(), R"([
        {"crm":"s9","e":"ana@example.com"},
        {"crm":"s1","e":"bo@example.com"},
        {"crm":"s7","e":"twice@example.com"},
        {"crm":"s8","e":"Twice@example.com"},
        {"crm":"s1x","e":"fresh@example.com"}])");
    BOOST_TEST(rejects_of(sync) == "1:00048(e) 2:00048(e) 4:00011(e)");
    BOOST_TEST(eloqua.find("/contacts", "C_EmailAddress", "ana@example.com").size() == 1u);
    import(by_crm_id(), R"([{"crm":"s1","e":"anna@example.com"}])");
    BOOST_TEST(value("anna@example.com", "C_FirstName") == "Ana");
}

BOOST_AUTO_TEST_CASE(options_change_undocumented_behaviour) {
    simulator_options options;
    options.duplicates_keep_last = false;
    options.record_index_per_request = true;
    with_contacts s(options);
    std::string const definition = s.by_email();
    s.post(definition + "/data", R"([{"e":"x@y.co"},{"e":"a@b.co","city":"one"}])");
    std::string const sync = s.import(definition, R"([{"e":"bad"},{"e":"a@b.co","city":"two"}])");
    BOOST_TEST(s.rejects_of(sync) == "1:00002(e) 2:00026(e)");
    BOOST_TEST(s.value("a@b.co", "C_City") == "one");
}

BOOST_AUTO_TEST_CASE(more_options_change_the_unknown) {
    simulator_options options;
    options.takes_values_without_quotes = false;
    options.identifiers_ignore_case = false;
    options.not_updated_reject = bulk::elq::contact_does_not_exist;
    options.nothing_staged_status = bulk::sync_status::success;
    with_contacts s(options);
    BOOST_TEST(s.rejects_of(s.import(s.by_email(),
                                     R"([{"e":"a@b.co","weight":7},{"e":"b@b.co","city":null},
                                         {"e":"c@b.co","weight":"7"}])"))
                   .find("3:") == std::string::npos);
    BOOST_TEST(s.value("a@b.co", "C_City") == "no record");
    BOOST_TEST(s.eloqua.count("/contacts") == 4u);
    std::string const update = s.by_email(R"(,"importRule":"updateOnly")");
    BOOST_TEST(s.rejects_of(s.import(update, R"([{"e":"ana@example.com"},
                                                 {"e":"ANA@example.com"}])")) == "2:00085(e)");
    BOOST_TEST(s.status_of(s.sync(update)) == "success");
}

BOOST_FIXTURE_TEST_CASE(staged_rows_survive_a_change_that_keeps_the_columns, with_contacts) {
    std::string const fields = R"("identifierFieldName":"e","fields":{
        "e":"{{Contact.Field(C_EmailAddress)}}"})";
    std::string const definition = define("/contacts/imports", R"({"name":"i",)" + fields + '}');
    post(definition + "/data", R"([{"e":"a@b.co"}])");
    BOOST_TEST(put(definition, R"({"name":"renamed",)" + fields + '}').status == 200);
    sync(definition);
    BOOST_TEST(eloqua.count("/contacts") == 4u);
}

BOOST_AUTO_TEST_CASE(a_push_that_is_refused_stages_nothing) {
    simulator_options options;
    options.allow_concurrent_syncs = false;
    with_contacts s(options);
    std::string const definition = s.by_email(R"(,"isSyncTriggeredOnImport":true)");
    BOOST_TEST(s.post(definition + "/data", R"([{"e":"a@b.co"}])").status == 201);
    BOOST_TEST(s.post(definition + "/data", R"([{"e":"b@b.co"}])").status == 409);
    s.eloqua.advance(10s);
    BOOST_TEST(s.log_of(s.sync(definition)) == "00124:0 00101:0");
    BOOST_TEST(s.eloqua.count("/contacts") == 4u);
}

BOOST_FIXTURE_TEST_CASE(the_record_index_counts_over_all_requests_of_a_sync, with_contacts) {
    std::string const definition = by_email();
    post(definition + "/data", R"([{"e":"a@b.co"},{"e":"bad"}])");
    post(definition + "/data", "[]");
    std::string const sync = import(definition, R"([{"e":"b@b.co"},{"e":"bad"}])");
    BOOST_TEST(rejects_of(sync) == "2:00002(e) 4:00002(e)");
    BOOST_TEST(rejects_of(import(definition, R"([{"e":"bad"}])")) == "1:00002(e)");
}

BOOST_FIXTURE_TEST_CASE(rows_come_as_csv_too, with_contacts) {
    std::string const sync = import(by_email(),
                                    "\"e\",first,nothing\r\n"
                                    "c@example.com,\"Lind, jr.\",x\r\n"
                                    "d@example.com,\"two\nlines\",\r\n"
                                    "too,few\r\n",
                                    "text/csv; charset=utf-8");
    BOOST_TEST(rejects_of(sync) == "3:00032()");
    BOOST_TEST(value("c@example.com", "C_FirstName") == "Lind, jr.");
    BOOST_TEST(value("d@example.com", "C_FirstName") == "two\nlines");
    BOOST_TEST(post(by_email() + "/data", "e\n\"open", "text/csv").status == 400);
    BOOST_TEST(post(by_email() + "/data", "", "text/csv").status == 400);
    BOOST_TEST(post(by_email() + "/data", "e\na\xFF@b.co", "text/csv").status == 400);
}

BOOST_FIXTURE_TEST_CASE(bodies_that_are_no_rows_are_refused, with_contacts) {
    std::string const data = by_email() + "/data";
    for (char const* body : {"", "{", "{\"e\":\"a@b.co\"}", "7", "[{\"e\":}]", "[{}] x"})
        BOOST_TEST(post(data, body).status == 400, body);
    BOOST_TEST(post(data, "[{\"e\":\"\xFF\"}]").status == 400);
    BOOST_TEST(post("/contacts/imports/99/data", "[]").status == 404);
}

BOOST_AUTO_TEST_CASE(a_request_may_be_only_so_large) {
    simulator_options options;
    options.request_bytes = 1'000;
    with_contacts s(options);
    std::string const data = s.by_email() + "/data";
    std::string body = R"([{"e":"a@b.co","city":")";
    body += std::string(1'000 - body.size() - 3, 'x') + "\"}]";
    BOOST_TEST(s.post(data, body).status == 204);
    answer const refused = s.post(data, body + ' ');
    BOOST_TEST(refused.status == 404);
    BOOST_TEST(refused.body.empty());
    BOOST_TEST(simulator_options().request_bytes == 32'000'000u);
}

BOOST_FIXTURE_TEST_CASE(a_sync_takes_only_so_many_requests, with_contacts) {
    std::string const definition = by_email();
    for (int i = 0; i != 500; ++i)
        post(definition + "/data", R"([{"e":"a@b.co"}])");
    BOOST_TEST(status_of(sync(definition)) == "warning"); // for the duplicates
    for (int i = 0; i != 501; ++i)
        post(definition + "/data", R"([{"e":"b@b.co"}])");
    std::string const failed = sync(definition);
    BOOST_TEST(status_of(failed) == "error");
    BOOST_TEST(log_of(failed) == "00107:0 00101:0");
    BOOST_TEST(value("b@b.co", "C_City") == "no record");
}

BOOST_FIXTURE_TEST_CASE(files_without_usable_columns_fail, with_contacts) {
    std::string const definition = by_email();
    std::string const none = import(definition, "[{}]");
    BOOST_TEST(status_of(none) == "error");
    BOOST_TEST(log_of(none) == "00130:1 00137:0 00126:0 00101:0");
    std::string const other = import(definition, R"([{"x":"1"}])");
    BOOST_TEST(status_of(other) == "error");
    BOOST_TEST(log_of(other) == "00130:1 00137:0 00127:0 00101:0");
    post(definition + "/data", R"([{"x":"1"}])");
    BOOST_TEST(status_of(import(definition, R"([{"e":"a@b.co"}])")) == "error"); // by its log
    BOOST_TEST(value("a@b.co", "C_City") == "");
}

BOOST_FIXTURE_TEST_CASE(staged_rows_are_used_once_deleted_or_expire, with_contacts) {
    std::string const definition = by_email();
    std::string const nothing = sync(definition);
    BOOST_TEST(status_of(nothing) == "warning");
    BOOST_TEST(log_of(nothing) == "00124:0 00101:0");
    post(definition + "/data", R"([{"e":"a@b.co"}])");
    BOOST_TEST(del(definition + "/data").status == 204);
    BOOST_TEST(log_of(sync(definition)) == "00124:0 00101:0");
    post(definition + "/data", R"([{"e":"a@b.co"}])");
    eloqua.advance(7 * 24h);
    BOOST_TEST(log_of(sync(definition)) == "00124:0 00101:0");
    import(definition, R"([{"e":"a@b.co"}])");
    BOOST_TEST(log_of(sync(definition)) == "00124:0 00101:0");
    BOOST_TEST(eloqua.count("/contacts") == 4u);
}

BOOST_FIXTURE_TEST_CASE(a_push_can_start_the_sync, with_contacts) {
    std::string const definition = by_email(R"(,"isSyncTriggeredOnImport":"true")");
    answer const pushed = post(definition + "/data", R"([{"e":"a@b.co"}])");
    BOOST_TEST(pushed.status == 201);
    BOOST_TEST(pushed.at("status") == "pending");
    BOOST_TEST(pushed.at("syncedInstanceUri") == definition);
    eloqua.advance(3s);
    BOOST_TEST(status_of(pushed.at("uri")) == "warning"); // for the columns that are missing
    BOOST_TEST(eloqua.count("/contacts") == 4u);
}

BOOST_FIXTURE_TEST_CASE(an_address_is_not_changed_where_several_records_may_match, with_contacts) {
    std::string const rows = R"([{"crm":"s1","e":"anna@example.com","city":"Rome"}])";
    import(by_crm_id(R"(,"isUpdatingMultipleMatchedRecords":true)"), rows);
    BOOST_TEST(value("ana@example.com", "C_City") == "Rome");
    BOOST_TEST(value("anna@example.com", "C_City") == "no record");
    import(by_crm_id(), rows);
    BOOST_TEST(value("anna@example.com", "C_FirstName") == "Ana");
}

BOOST_FIXTURE_TEST_CASE(create_only_looks_at_addresses_too, with_contacts) {
    std::string const sync = import(by_crm_id(R"(,"importRule":"createOnly")"), R"([
        {"crm":"s1","e":"one@example.com"},{"crm":"s8","e":"ANA@example.com"},
        {"crm":"s9","e":"new@example.com"}])");
    BOOST_TEST(rejects_of(sync) == "1:00048(crm) 2:00048(e)");
    BOOST_TEST(value("ana@example.com", "C_SFDCContactID") == "s1");
    BOOST_TEST(value("new@example.com", "C_SFDCContactID") == "s9");
}

BOOST_FIXTURE_TEST_CASE(accounts_have_import_rules_too, service) {
    eloqua.add_record("/accounts", {{"M_CompanyName", "ACME"}});
    std::string const rows = R"([{"n":"acme","c":"Gent"},{"n":"Other","c":"Oslo"}])";
    auto const rejects = [&](char const* rule) {
        return rejects_of(import(define("/accounts/imports", R"({"name":"i",
            "identifierFieldName":"n","fields":{"n":"{{Account.Field(M_CompanyName)}}",
            "c":"{{Account.Field(M_City)}}"},"importRule":")" + std::string(rule) +
                                                                 "\"}"),
                                 rows));
    };
    BOOST_TEST(rejects("updateOnly") == "2:00034(n)");
    BOOST_TEST(eloqua.value("/accounts", 1001, "M_City") == "Gent");
    BOOST_TEST(rejects("createOnly") == "1:00048(n)");
    BOOST_TEST(eloqua.count("/accounts") == 2u);
    BOOST_TEST(rejects("createAndUpdate") == "");
    BOOST_TEST(eloqua.count("/accounts") == 2u);
}

BOOST_FIXTURE_TEST_CASE(staged_rows_live_as_long_as_their_definition_says, with_contacts) {
    std::string const definition = by_email(R"(,"dataRetentionDuration":"PT1H")");
    post(definition + "/data", R"([{"e":"a@b.co"}])");
    eloqua.advance(40min);
    post(definition + "/data", R"([{"e":"b@b.co"}])");
    eloqua.advance(20min); // the first request is an hour old
    BOOST_TEST(log_of(sync(definition)).starts_with("00130:1 "));
    BOOST_TEST(value("a@b.co", "C_City") == "no record");
    BOOST_TEST(value("b@b.co", "C_City") == "");
}

BOOST_FIXTURE_TEST_CASE(sync_actions_run_on_rows_that_were_taken, with_contacts) {
    std::string const done = import(
        by_email(R"(,"syncActions":[{"action":"add","destination":"{{ContactList[101]}}"}])"),
        R"([{"e":"ana@example.com"},{"e":"bad"},{"e":"new@example.com"},{"e":""},
            {"e":"NEW@example.com"}])");
    BOOST_TEST(rejects_of(done) == "2:00002(e) 3:00026(e) 4:00059()");
    BOOST_TEST(log_of(done).find("00140:2 00119:2") != std::string::npos);
    BOOST_TEST(
        contacts_where("EXISTS('{{ContactList[101]}}')", "{{Contact.Field(C_EmailAddress)}}") ==
        "ana@example.com,NEW@example.com");
}

BOOST_FIXTURE_TEST_CASE(several_requests_make_one_import, with_contacts) {
    std::string const definition = by_email();
    post(definition + "/data", R"([{"e":"a@b.co","city":"Gent"},{"e":"b@b.co"}])");
    post(definition + "/data", "e,first\nc@b.co,Cy\n", "text/csv");
    std::string const done = import(definition, R"([{"e":"d@b.co"}])");
    BOOST_TEST(log_of(done).starts_with("00130:4 "));
    BOOST_TEST(rejects_of(done) == "");
    BOOST_TEST(value("a@b.co", "C_City") == "Gent");
    BOOST_TEST(value("c@b.co", "C_FirstName") == "Cy");
    BOOST_TEST(value("d@b.co", "C_City") == "");
}

BOOST_FIXTURE_TEST_CASE(generated_contacts_can_be_updated, service) {
    eloqua.generate_contacts(5'000'000);
    std::string const definition = define("/contacts/imports", R"({"name":"i",
        "identifierFieldName":"e","fields":{"e":"{{Contact.Field(C_EmailAddress)}}",
        "city":"{{Contact.Field(C_City)}}"}})");
    std::string const last_name = eloqua.value("/contacts", 4'001'001, "C_LastName");
    std::string const sync = import(definition, R"([
        {"e":"PERSON4000000@example.org","city":"Rome"},{"e":"person5000000@mail.example.net"}])");
    BOOST_TEST(log_of(sync) == "00130:2 00137:0 00001:2 00003:2 00004:1 00022:1 00101:0");
    BOOST_TEST(eloqua.value("/contacts", 4'001'001, "C_City") == "Rome");
    BOOST_TEST(eloqua.value("/contacts", 4'001'001, "C_LastName") == last_name);
    BOOST_TEST(eloqua.count("/contacts") == 5'000'001u);
}

BOOST_FIXTURE_TEST_CASE(subscriptions_can_be_set, with_contacts) {
    std::string const sync = import(
        by_email(R"(,"syncActions":[{"action":"setStatus","destination":"{{GlobalSubscribe}}",
            "status":"unsubscribed"}])"),
        R"([{"e":"bo@example.com"}])");
    BOOST_TEST(log_of(sync).find("00017:1") != std::string::npos);
    BOOST_TEST(contacts_where("'{{Contact.Email.IsSubscribed}}' = 'false'") == "Bo");
}

BOOST_FIXTURE_TEST_CASE(accounts_and_custom_objects_count_by_their_own_codes, with_contacts) {
    std::string const accounts = define("/accounts/imports", R"({"name":"i",
        "identifierFieldName":"n","fields":{"n":"{{Account.Field(M_CompanyName)}}"}})");
    import(accounts, R"([{"n":"ACME"}])");
    BOOST_TEST(log_of(import(accounts, R"([{"n":"acme"},{"n":"Other"}])"))
                   .find("00005:1 00023:1 00101:0") != std::string::npos);
    BOOST_TEST(eloqua.count("/accounts") == 2u);

    eloqua.add_custom_object(172, "Warranty",
                             {bulk::simulated_field("Serial1", bulk::data_type::string, 976),
                              bulk::simulated_field("Email1", bulk::data_type::emailAddress, 977)});
    std::string const cards = define("/customObjects/172/imports", R"({"name":"i",
        "identifierFieldName":"s","fields":{"s":"{{CustomObject[172].Field[976]}}",
        "e":"{{CustomObject[172].Field(Email1)}}"},"mapDataCards":true,
        "mapDataCardsEntityType":"Contact","mapDataCardsSourceField":"e",
        "mapDataCardsEntityField":"{{Contact.Field(C_EmailAddress)}}"})");
    BOOST_TEST(log_of(import(cards, R"([{"s":"SN-1","e":"BO@example.com"},{"s":"SN-2"}])"))
                   .find("00007:2 00012:0 00025:1") != std::string::npos);
    std::string const out = define("/customObjects/172/exports", R"({"name":"e","fields":{
        "id":"{{CustomObject[172].ExternalId}}","s":"{{CustomObject[172].Field[976]}}",
        "who":"{{CustomObject[172].Contact.Field(C_FirstName)}}"},
        "filter":"'{{CustomObject[172].Field[976]}}' ~ 'sn-%'"})");
    std::string const sync_uri = sync(out);
    BOOST_TEST(column(sync_uri, "s") == "SN-1,SN-2");
    BOOST_TEST(column(sync_uri, "who") == "Bo,");
    BOOST_TEST(column(sync_uri, "id") == "DCELOQ000000001001,DCELOQ000000001002");
}

BOOST_AUTO_TEST_CASE(untidy_logs_are_as_they_were_seen) {
    simulator_options options;
    options.untidy_logs = true;
    with_contacts s(options);
    std::string const sync = s.import(s.by_email(), R"([{"e":"a@b.co"}])");
    answer const logs = s.get(sync + "/logs");
    BOOST_TEST(logs.at("items.2.statusCode") == "ELQ-00101");
    BOOST_TEST(logs.at("items.2.message") ==
               "Sync processed for sync , resulting in Warning status.");
    std::string const last = "items." + std::to_string(logs.items() - 1) + ".";
    BOOST_TEST(logs.at(last + "statusCode") == "ELQ-00071");
    BOOST_TEST(logs.at(last + "message") == "-");
}

BOOST_AUTO_TEST_CASE(new_records_get_default_values_by_an_option) {
    for (auto const use : {bulk::default_value_use::never, bulk::default_value_use::not_given,
                           bulk::default_value_use::not_given_or_blank}) {
        simulator_options o;
        o.default_values = use;
        service s(o);
        bulk::simulated_field shade("C_Shade1");
        shade.default_value = "grey";
        s.eloqua.add_field("/contacts", shade);
        s.import(s.define("/contacts/imports", R"({"name":"i","identifierFieldName":"e",
            "fields":{"e":"{{Contact.Field(C_EmailAddress)}}"}})"),
                 R"([{"e":"a@example.com"}])");
        bool const ever = use != bulk::default_value_use::never;
        BOOST_TEST(s.eloqua.value("/contacts", 1001, "C_Shade1") == (ever ? "grey" : ""));
        s.import(s.define("/contacts/imports", R"({"name":"i","identifierFieldName":"e",
            "fields":{"e":"{{Contact.Field(C_EmailAddress)}}",
                      "x":"{{Contact.Field(C_Shade1)}}"}})"),
                 R"([{"e":"b@example.com","x":""}])");
        bool const blanks = use == bulk::default_value_use::not_given_or_blank;
        BOOST_TEST(s.eloqua.value("/contacts", 1002, "C_Shade1") == (blanks ? "grey" : ""));
    }
}

BOOST_AUTO_TEST_SUITE_END()
