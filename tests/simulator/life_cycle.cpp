// SPDX-License-Identifier: BSL-1.0
// Where and how long data can be read, what the staging area holds, and the callbacks at a sync's
// end.
#include <boost/json/parse.hpp>

#include "service_fixture.hpp"
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace {

using namespace simulator_tests;

struct with_contacts : service {
    explicit with_contacts(simulator_options options = {}) : service(std::move(options)) {
        for (int i = 0; i != 20; ++i)
            eloqua.add_record("/contacts", {{"C_FirstName", std::string(1, char('a' + i))}});
    }
    std::string an_export(std::string const& members = "") {
        return define("/contacts/exports", R"({"name":"e",
            "fields":{"x":"{{Contact.Field(C_FirstName)}}"},"maxRecords":3)" +
                                               members + '}');
    }
    std::string an_import(std::string const& members = "") {
        return define("/contacts/imports", R"({"name":"i","identifierFieldName":"e",
            "fields":{"e":"{{Contact.Field(C_EmailAddress)}}"})" +
                                               members + '}');
    }
    std::string kb(char const* of) { return get(std::string(of) + "/data").at("kbUsed"); }
};

/// Rows of about this many bytes in total.
std::string rows_of(std::size_t bytes) {
    std::string text = "[{\"e\":\"a@b.co\"}";
    while (text.size() + 20 < bytes)
        text += ",{\"e\":\"a@b.co\"}";
    return text + ']';
}

} // namespace

BOOST_AUTO_TEST_SUITE(simulator_life_cycle)

BOOST_AUTO_TEST_CASE(options_change_errors_of_reads) {
    simulator_options options;
    options.foreign_data_status = 404;
    options.unfinished_data_status = 404;
    options.refuses_bad_paging = false;
    with_contacts s(options);
    s.eloqua.add_user("other", "secret");
    std::string const begun = s.begin_sync(s.an_export());
    BOOST_TEST(s.get(begun + "/data").status == 404);
    s.eloqua.advance(10s);
    BOOST_TEST(s.get(begun + "/data?limit=0&offset=-1").items() == 3u);
    BOOST_TEST(s.get("/contacts/fields?limit=many").status == 200);
    s.user = "other";
    BOOST_TEST(s.get(begun + "/data").status == 404);
}

BOOST_FIXTURE_TEST_CASE(data_are_read_by_definition_and_by_sync, with_contacts) {
    std::string const definition = an_export();
    BOOST_TEST(get(definition + "/data").items() == 0u); // never synced
    BOOST_TEST(get(definition + "/data").at("hasMore") == "false");
    extra.set("Accept", "text/csv");
    BOOST_TEST(get(definition + "/data").body == "x\n");
    extra = bulk::header_fields();
    BOOST_TEST(get(definition + "/data?limit=50001").status == 400);
    std::string const first = begin_sync(definition);
    BOOST_TEST(get(definition + "/data").status == 409);
    BOOST_TEST(get(first + "/data").status == 409);
    eloqua.advance(10s);
    BOOST_TEST(get(definition + "/data").body == get(first + "/data").body);
    BOOST_TEST(get(definition + "/data").items() == 3u);
    BOOST_TEST(
        put(definition, R"({"name":"e","fields":{"x":"{{Contact.Field(C_FirstName)}}"}})").status ==
        200);
    std::string const second = begin_sync(definition);
    BOOST_TEST(get(definition + "/data").items() == 3u); // of the first
    eloqua.advance(10s);
    BOOST_TEST(get(definition + "/data").items() == 20u);
    BOOST_TEST(get(definition + "/data?limit=7&offset=14").items() == 6u);
    BOOST_TEST(get(definition + "/data?limit=50000").status == 200);
    BOOST_TEST(get(definition + "/data?limit=50001").status == 400);
    BOOST_TEST(get("/contacts/exports/9/data").status == 404);
    BOOST_TEST(get("/accounts/exports/1/data").status == 404);

    BOOST_TEST(del(definition + "/data").status == 204);
    BOOST_TEST(get(definition + "/data").status == 404);
    BOOST_TEST(get(first + "/data").status == 404);
    BOOST_TEST(get(second + "/data").status == 404);
    BOOST_TEST(get(second).at("status") == "success");
    BOOST_TEST(del("/contacts/exports/9/data").status == 404);
}

BOOST_AUTO_TEST_CASE(a_definition_without_a_sync_may_have_no_data) {
    simulator_options options;
    options.unsynced_exports_have_data = false;
    service eloqua(options);
    BOOST_TEST(eloqua.post("/contacts/exports", R"({"name":"e","fields":{"Id":"{{Contact.Id}}"}})")
                   .status == 201);
    BOOST_TEST(eloqua.get("/contacts/exports/1/data").status == 404);
}

BOOST_FIXTURE_TEST_CASE(data_of_a_definition_expire_and_belong_to_a_user, with_contacts) {
    std::string const definition = an_export(R"(,"dataRetentionDuration":"PT1H")");
    std::string const sync_uri = sync(definition);
    eloqua.add_user("other", "secret");
    user = "other";
    BOOST_TEST(get(definition + "/data").status == 403);
    BOOST_TEST(get(sync_uri + "/data").status == 403);
    BOOST_TEST(del(sync_uri + "/data").status == 403);
    BOOST_TEST(get(sync_uri).status == 200);
    user = "user";
    BOOST_TEST(get(definition + "/data").status == 200);
    eloqua.advance(1h);
    BOOST_TEST(get(definition + "/data").status == 410);
    BOOST_TEST(get(sync_uri + "/data").status == 410);
    BOOST_TEST(get(definition).status == 200);
}

BOOST_FIXTURE_TEST_CASE(rows_come_as_csv_too, with_contacts) {
    std::string const definition = an_export();
    sync(definition);
    extra.set("Accept", "Text/CSV");
    BOOST_TEST(get(definition + "/data?limit=2").body == "x\na\nb\n");
    BOOST_TEST(get(definition).at("name") == "e"); // definitions are JSON only
    BOOST_TEST(get("/contacts/exports").items() == 1u);
    extra.set("Accept", "text/csv, application/json");
    BOOST_TEST(get(definition + "/data").items() == 3u);
}

BOOST_FIXTURE_TEST_CASE(lists_of_all_entities_hold_every_definition, with_contacts) {
    an_export();
    define("/accounts/exports", R"({"name":"z","fields":{"x":"{{Account.Id}}"}})");
    an_import();
    BOOST_TEST(get("/exports?orderBy=name+DESC").at("items.0.uri") == "/accounts/exports/2");
    BOOST_TEST(get("/exports?q=name=e").items() == 1u);
    BOOST_TEST(get("/exports?limit=1").at("hasMore") == "true");
    BOOST_TEST(get("/imports").at("items.0.uri") == "/contacts/imports/1");
    BOOST_TEST(get("/syncActions").items() == 0u);
    BOOST_TEST(post("/exports", "{}").status == 405);
}

BOOST_FIXTURE_TEST_CASE(the_staging_area_is_measured, with_contacts) {
    BOOST_TEST(get("/exports/data").body == R"({"kbUsed":0,"kbAllowed":0})");
    BOOST_TEST(get("/imports/data").body == R"({"kbUsed":0,"kbAllowed":0})");
    std::string const out = an_export(R"(,"dataRetentionDuration":"PT1H")");
    std::string const first = sync(out);
    sync(out);
    BOOST_TEST(kb("/exports") == "2");
    BOOST_TEST(del(first + "/data").status == 204);
    BOOST_TEST(kb("/exports") == "1");
    eloqua.advance(1h);
    BOOST_TEST(kb("/exports") == "0");

    std::string const in = an_import();
    BOOST_TEST(post(in + "/data", rows_of(5'000)).status == 204);
    BOOST_TEST(kb("/imports") == "5");
    begin_sync(in);
    BOOST_TEST(kb("/imports") == "5"); // until the sync is done
    eloqua.advance(10s);
    BOOST_TEST(kb("/imports") == "0");
    BOOST_TEST(post(in + "/data", rows_of(5'000)).status == 204);
    BOOST_TEST(del(in + "/data").status == 204);
    BOOST_TEST(kb("/imports") == "0");
    BOOST_TEST(post(in + "/data", rows_of(5'000)).status == 204);
    eloqua.advance(7 * 24h);
    BOOST_TEST(kb("/imports") == "0");
}

BOOST_AUTO_TEST_CASE(a_full_staging_area_refuses_requests) {
    simulator_options options;
    options.staging_kb = 8;
    with_contacts s(options);
    std::string const in = s.an_import(), out = s.an_export();
    BOOST_TEST(s.post(in + "/data", rows_of(6'000)).status == 204);
    BOOST_TEST(s.post(in + "/data", rows_of(6'000)).status == 413);
    BOOST_TEST(s.post(in + "/data", rows_of(1'900)).status == 204);
    std::string const definition = R"({"name":"f","fields":{"x":"{{Contact.Id}}"}})";
    BOOST_TEST(s.post("/contacts/exports", definition).status == 412);
    BOOST_TEST(s.put(out, definition).status == 412);
    std::string const full = s.sync(out);
    BOOST_TEST(s.get(full).at("status") == "error");
    BOOST_TEST(s.log_of(full) == "00136:0 00101:0");
    s.sync(in);
    BOOST_TEST(s.post("/contacts/exports", definition).status == 201);
    BOOST_TEST(s.get(s.sync(out)).at("status") == "success");
}

BOOST_AUTO_TEST_CASE(a_full_staging_area_fails_syncs) {
    simulator_options options;
    options.staging_kb = 8;
    options.quota_refuses_requests = false;
    with_contacts s(options);
    std::string const in = s.an_import();
    BOOST_TEST(s.post(in + "/data", rows_of(6'000)).status == 204);
    BOOST_TEST(s.post(in + "/data", rows_of(6'000)).status == 204);
    std::string const definition = R"({"name":"f","fields":{"x":"{{Contact.Id}}"}})";
    BOOST_TEST(s.post("/contacts/exports", definition).status == 201);
    std::string const full = s.sync(in);
    BOOST_TEST(s.get(full).at("status") == "error");
    BOOST_TEST(s.log_of(full) == "00136:0 00101:0");
    BOOST_TEST(s.eloqua.count("/contacts") == 20u);
    BOOST_TEST(s.get(s.import(in, rows_of(100))).at("status") == "warning"); // duplicates
}

BOOST_FIXTURE_TEST_CASE(a_year_ends_syncs_and_unused_definitions, with_contacts) {
    std::string const used = an_export(), unused = an_export(), in = an_import();
    std::string const old = sync(used);
    eloqua.advance(200 * 24h);
    std::string const young = sync(used);
    eloqua.advance(165 * 24h - 30s);
    BOOST_TEST(get(unused).status == 200);
    BOOST_TEST(get(old + "/logs").status == 200);
    eloqua.advance(30s);
    BOOST_TEST(get(unused).status == 404);
    BOOST_TEST(get(in).status == 404);
    BOOST_TEST(get(used).status == 200);
    for (char const* part : {"", "/logs", "/rejects", "/data"})
        BOOST_TEST(get(old + part).status == 404, part);
    BOOST_TEST(get(young).status == 200);
    BOOST_TEST(get("/syncs").items() == 1u);
}

BOOST_AUTO_TEST_CASE(a_sync_calls_back_when_it_ends) {
    struct call {
        std::string line, body, read;
    };
    std::vector<call> calls;
    simulator_options options;
    service* running = nullptr;
    options.on_callback = [&](request const& q) {
        BOOST_TEST(q.fields.find("Content-Type").value() == "application/json; charset=utf-8");
        std::string const uri = boost::json::parse(q.body).at("uri").as_string().c_str();
        calls.push_back({q.line(), std::string(q.body), running->get(uri).body});
    };
    with_contacts s(options);
    running = &s;
    std::string const out = s.an_export();
    std::string const wanted = R"({"syncedInstanceUri":")" + out +
                               R"(","callbackUrl":"https://client.example.com/done?n=1"})";
    answer const made = s.post("/syncs", wanted);
    BOOST_TEST(made.at("callbackUrl") == "https://client.example.com/done?n=1");
    BOOST_TEST(calls.empty());
    s.eloqua.advance(10s);
    BOOST_REQUIRE(calls.size() == 1u);
    BOOST_TEST(calls[0].line == "POST https://client.example.com/done?n=1");
    BOOST_TEST(calls[0].body.find(R"("status":"success")") != std::string::npos);
    BOOST_TEST(calls[0].body == calls[0].read);
    s.sync(out);
    BOOST_TEST(calls.size() == 1u);
    answer const refused =
        s.post("/syncs", R"({"syncedInstanceUri":")" + out + R"(","callbackUrl":"ftp://nowhere"})");
    BOOST_TEST(refused.at("failures.0.field") == "callbackUrl");
}

BOOST_AUTO_TEST_CASE(a_call_can_come_before_or_after_the_creation_is_answered) {
    for (bool const before : {false, true}) {
        int calls = 0;
        simulator_options options;
        options.sync_pending = options.sync_active = 0s;
        options.callback_before_answer = before;
        options.on_callback = [&](request const&) { ++calls; };
        with_contacts s(options);
        std::string const out = s.an_export();
        answer const made = s.post("/syncs", R"({"syncedInstanceUri":")" + out +
                                                 R"(","callbackUrl":"https://a.example/"})");
        BOOST_TEST(made.at("status") == "pending");
        BOOST_TEST(calls == (before ? 1 : 0));
        BOOST_TEST(s.get(made.at("uri")).at("status") == "success");
        BOOST_TEST(calls == 1);
    }
}

BOOST_FIXTURE_TEST_CASE(syncs_can_be_searched_and_ordered, with_contacts) {
    std::string const out = an_export();
    sync(out);
    sync(out);
    begin_sync(out);
    BOOST_TEST(get("/syncs?orderBy=createdAt+DESC&limit=1").at("items.0.uri") == "/syncs/3");
    BOOST_TEST(get("/syncs?q=status=success").items() == 2u);
    BOOST_TEST(get("/syncs/1/logs?q=statusCode=ELQ-00102").at("items.0.count") == "3");
    BOOST_TEST(get("/syncs/1/rejects?orderBy=recordIndex").items() == 0u);
}

BOOST_FIXTURE_TEST_CASE(a_definition_with_a_life_of_its_own_outlives_the_year, with_contacts) {
    std::string const kept = an_export(R"(,"autoDeleteDuration":"P3650D")"), unused = an_export();
    eloqua.advance(366 * 24h);
    BOOST_TEST(get(unused).status == 404);
    BOOST_TEST(get(kept).at("autoDeleteDuration") == "P3650D");
    eloqua.advance(3'284 * 24h);
    BOOST_TEST(get(kept).status == 404);
}

BOOST_FIXTURE_TEST_CASE(what_only_the_service_sets_of_a_sync_is_ignored, with_contacts) {
    answer const made = post("/syncs", R"({"syncedInstanceUri":")" + an_export() + R"(",
        "status":"success","uri":"/syncs/99","createdBy":"nobody",
        "createdAt":"2020-01-01T00:00:00.0000000Z","syncStartedAt":"2020-01-01T00:00:00.0000000Z",
        "syncEndedAt":"2020-01-01T00:00:00.0000000Z"})");
    BOOST_TEST(made.body == R"({"syncedInstanceUri":"/contacts/exports/1","status":"pending",)"
                            R"("createdAt":"2025-06-02T09:00:00.0000000Z","createdBy":"user",)"
                            R"("uri":"/syncs/1"})");
}

BOOST_FIXTURE_TEST_CASE(every_end_has_its_times, with_contacts) {
    std::string const in = an_import();
    post(in + "/data", R"([{"e":"a@b.co"},{"e":"bad"}])");
    std::string const out = an_export(), deleted = an_export();
    for (auto const& [definition, status] :
         {std::pair(out, "success"), std::pair(in, "warning"), std::pair(deleted, "error")}) {
        std::string const uri = begin_sync(definition);
        if (definition == deleted)
            del(deleted);
        eloqua.advance(1s);
        BOOST_TEST(get(uri).at("syncEndedAt") == "-");
        eloqua.advance(2s);
        answer const ended = get(uri);
        BOOST_TEST(ended.at("status") == status);
        BOOST_TEST(ended.at("createdAt") < ended.at("syncStartedAt"));
        BOOST_TEST(ended.at("syncStartedAt") < ended.at("syncEndedAt"));
        BOOST_TEST(ended.at("updatedAt") == "-");
    }
}

BOOST_FIXTURE_TEST_CASE(a_definition_is_judged_again_when_it_is_synced, with_contacts) {
    eloqua.add_contact_list(7, "Seven", {1001, 1002});
    eloqua.add_import_priority(3, "Web forms", 2);
    std::string const add =
        R"(,"syncActions":[{"action":"add","destination":"{{ContactList[7]}}"}])";
    std::string const exists = "EXISTS('{{ContactList[7]}}')";
    std::string const from_list = an_export(R"(,"filter":")" + exists + '"');
    std::string const into_list = an_import(add);
    std::string const prior = an_import(R"(,"importPriorityUri":"/imports/priorities/3")");
    std::string const acting = define("/contacts/syncActions", R"({"name":"s",
        "identifierFieldName":"e","fields":{"e":"{{Contact.Field(C_EmailAddress)}}"})" +
                                                                   add + '}');
    std::string const pushing = an_import(add + R"(,"isSyncTriggeredOnImport":true)");
    std::string const begun = begin_sync(from_list);
    post(into_list + "/data", R"([{"e":"new@b.co"}])");
    std::string const importing = begin_sync(into_list);
    eloqua.remove_asset("/contacts/lists/7");
    eloqua.remove_asset("/imports/priorities/3");
    BOOST_TEST(get("/contacts/lists/7").status == 404);
    BOOST_TEST(get("/imports/priorities/3").status == 404);
    for (auto const& [definition, field] :
         {std::pair(from_list, "filter"), std::pair(into_list, "syncActions"),
          std::pair(prior, "importPriorityUri"), std::pair(acting, "syncActions")}) {
        answer const refused = post("/syncs", R"({"syncedInstanceUri":")" + definition + "\"}");
        BOOST_TEST(refused.status == 400, definition);
        BOOST_TEST(refused.at("failures.0.field") == field, definition << refused.body);
        BOOST_TEST(get(definition).status == 200, definition);
    }
    answer const pushed = post(pushing + "/data", R"([{"e":"other@b.co"}])");
    BOOST_TEST(pushed.status == 400);
    BOOST_TEST(pushed.at("failures.0.field") == "syncActions");
    // Operations that began before continue.
    eloqua.advance(10s);
    BOOST_TEST(column(begun, "x") == "a,b");
    BOOST_TEST(get(importing).at("status") == "success");
    BOOST_TEST(log_of(importing).find("00119") == std::string::npos);
    BOOST_TEST(eloqua.count("/contacts") == 21u);
    BOOST_CHECK_THROW(eloqua.remove_asset("/contacts/lists/7"), std::invalid_argument);
    BOOST_CHECK_THROW(eloqua.remove_asset("/customObjects/501"), std::invalid_argument);
    eloqua.add_contact_list(7, "Seven again");
    BOOST_TEST(get("/contacts/lists/7").at("count") == "0");
    BOOST_TEST(get(sync(from_list)).at("status") == "success");
}

BOOST_AUTO_TEST_SUITE_END()
