// SPDX-License-Identifier: BSL-1.0
// Exports and the life cycle of syncs.
#include <eloqua/bulk/simulator/detail/login.hpp>
#include <eloqua/bulk/transport.hpp>

#include "service_fixture.hpp"
#include <chrono>
#include <cstdint>
#include <set>
#include <span>
#include <stop_token>
#include <string>

namespace {

using namespace simulator_tests;

struct with_contacts : service {
    explicit with_contacts(simulator_options options = {}) : service(std::move(options)) {
        for (char const* name : {"Ana", "Bo", "Cé", "D\"D", "E\\E"})
            eloqua.add_record("/contacts", {{"C_FirstName", name}, {"C_City", "Gent"}});
    }
    std::string names(std::string const& members = "") {
        return define("/contacts/exports",
                      R"({"name":"e","fields":{"Id":"{{Contact.Id}}",
                          "first":"{{Contact.Field(C_FirstName)}}"})" +
                          members + '}');
    }
};

std::string read_all(bulk::simulation::channel& from, std::size_t piece) {
    std::string all, buffer(piece, '\0');
    bulk::error_code ec;
    while (std::size_t const n = from.read_some(buffer, {}, ec))
        all.append(buffer, 0, n);
    return all;
}

} // namespace

BOOST_AUTO_TEST_SUITE(simulator_exports)

BOOST_FIXTURE_TEST_CASE(a_sync_is_pending_then_active_then_done, with_contacts) {
    std::string const uri = begin_sync(names());
    auto const shown = [&] { return get(uri).body; };
    std::string const rest =
        R"("createdAt":"2025-06-02T09:00:00.0000000Z","createdBy":"user","uri":"/syncs/1"})";
    BOOST_TEST(shown() ==
               R"({"syncedInstanceUri":"/contacts/exports/1","status":"pending",)" + rest);
    eloqua.advance(999ms);
    BOOST_TEST(get(uri).at("status") == "pending");
    eloqua.advance(1ms);
    BOOST_TEST(shown() == R"({"syncedInstanceUri":"/contacts/exports/1","status":"active",)"
                          R"("syncStartedAt":"2025-06-02T09:00:01.0000000Z",)" +
                              rest);
    BOOST_TEST(get(uri + "/data").status == 409);
    BOOST_TEST(get(uri + "/logs").items() == 0u);
    eloqua.advance(2s);
    BOOST_TEST(shown() == R"({"syncedInstanceUri":"/contacts/exports/1","status":"success",)"
                          R"("syncStartedAt":"2025-06-02T09:00:01.0000000Z",)"
                          R"("syncEndedAt":"2025-06-02T09:00:03.0000000Z",)" +
                              rest);
    BOOST_TEST(log_of(uri) == "00102:5 00131:0 00106:0 00101:0");
    answer const logs = get(uri + "/logs?limit=1");
    BOOST_TEST(logs.at("items.0.syncUri") == uri);
    BOOST_TEST(logs.at("items.0.severity") == "information");
    BOOST_TEST(logs.at("items.0.message") == "Successfully exported members to csv file.");
    BOOST_TEST(logs.at("hasMore") == "true");
    BOOST_TEST(get(uri + "/logs?offset=3").at("items.0.message") ==
               "Sync processed for sync 1, resulting in Success status.");
    BOOST_TEST(get(uri + "/rejects").items() == 0u);
    BOOST_TEST(get("/syncs").items() == 1u);
}

BOOST_AUTO_TEST_CASE(row_requests_can_be_delayed) {
    simulator_options options;
    options.sync_pending = 0s;
    options.sync_active = 1s;
    options.sync_active_per_row = 1ms;
    service s(options);
    s.eloqua.generate_contacts(5'000'000);
    std::string const uri = s.begin_sync(
        s.define("/contacts/exports",
                 R"({"name":"e","fields":{"Id":"{{Contact.Id}}"},"maxRecords":600000})"));
    BOOST_TEST(s.get(uri).at("status") == "active");
    s.eloqua.wait(10min, {});
    BOOST_TEST(s.get(uri).at("status") == "active");
    s.eloqua.wait(1s, {});
    BOOST_TEST(s.get(uri).at("status") == "success");
    BOOST_TEST(s.get(uri + "/data?limit=1").at("totalResults") == "600000");
}

BOOST_FIXTURE_TEST_CASE(pages_are_as_documented, with_contacts) {
    std::string const data = sync(names()) + "/data";
    BOOST_TEST(get(data + "?limit=2").body ==
               R"({"totalResults":5,"limit":2,"offset":0,"count":2,"hasMore":true,"items":[)"
               R"({"Id":"1001","first":"Ana"},{"Id":"1002","first":"Bo"}]})");
    BOOST_TEST(get(data + "?limit=2&offset=2").body ==
               R"({"totalResults":5,"limit":2,"offset":2,"count":2,"hasMore":true,"items":[)"
               R"({"Id":"1003","first":"Cé"},{"Id":"1004","first":"D\"D"}]})");
    BOOST_TEST(get(data + "?limit=2&offset=4").body ==
               R"({"totalResults":5,"limit":2,"offset":4,"count":1,"hasMore":false,"items":[)"
               R"({"Id":"1005","first":"E\\E"}]})");
    BOOST_TEST(
        get(data + "?offset=5").body ==
        R"({"totalResults":5,"limit":1000,"offset":5,"count":0,"hasMore":false,"items":[]})");
    answer const untold = get(data + "?limit=5&totalResults=false");
    BOOST_TEST(untold.at("totalResults") == "-");
    BOOST_TEST(untold.at("hasMore") == "true");
    BOOST_TEST(get(data + "?limit=50000").at("limit") == "50000");
    for (char const* wrong : {"limit=0", "limit=50001", "limit=-1", "limit=two", "offset=-1"}) {
        answer const refused = get(data + '?' + wrong);
        BOOST_TEST(refused.status == 400, wrong);
        BOOST_TEST(refused.at("failures.0.field") != "-", wrong);
    }
    extra.set("Accept", "text/csv");
    BOOST_TEST(get(data + "?limit=2&offset=2").body == "Id,first\n1003,Cé\n1004,\"D\"\"D\"\n");
    BOOST_TEST(get(data + "?offset=9").body == "Id,first\n");
}

BOOST_AUTO_TEST_CASE(oddities_can_be_switched_on) {
    simulator_options options;
    options.count_always_zero = true;
    options.omit_empty_items = true;
    options.true_text = "true";
    options.false_text = "false";
    with_contacts s(options);
    std::string const data =
        s.sync(s.define("/contacts/exports",
                        R"({"name":"e","fields":{"s":"{{Contact.Email.IsSubscribed}}",
                        "b":"{{Contact.Email.IsBounced}}"}})")) +
        "/data";
    BOOST_TEST(s.get(data + "?limit=1").body ==
               R"({"totalResults":5,"limit":1,"offset":0,"count":0,"hasMore":true,)"
               R"("items":[{"s":"true","b":"false"}]})");
    BOOST_TEST(s.get(data + "?offset=5").body ==
               R"({"totalResults":5,"limit":1000,"offset":5,"count":0,"hasMore":false})");
    BOOST_TEST(s.get("/accounts/exports").body ==
               R"({"totalResults":0,"limit":1000,"offset":0,"count":0,"hasMore":false})");
}

BOOST_AUTO_TEST_CASE(pages_can_be_shuffled) {
    auto const ids_of = [](bool shuffled) {
        simulator_options options;
        options.shuffle_pages = shuffled;
        service s(options);
        s.eloqua.generate_contacts(100);
        std::string const data = s.sync(s.define("/contacts/exports", R"({"name":"e","fields":{
            "Id":"{{Contact.Id}}"}})")) +
                                 "/data?limit=10&offset=";
        std::set<std::string> ids;
        for (int offset = 0; offset != 100; offset += 10) {
            answer const page = s.get(data + std::to_string(offset));
            BOOST_TEST(page.items() == 10u);
            for (int i = 0; i != 10; ++i)
                ids.insert(page.at("items." + std::to_string(i) + ".Id"));
        }
        return ids.size();
    };
    BOOST_TEST(ids_of(false) == 100u);
    BOOST_TEST(ids_of(true) < 100u);
}

BOOST_FIXTURE_TEST_CASE(times_are_in_utc_or_eastern, with_contacts) {
    std::string const fields =
        R"({"name":"e","fields":{"t":"{{Contact.CreatedAt}}"},"maxRecords":1)";
    BOOST_TEST(column(sync(define("/contacts/exports", fields + "}")), "t") ==
               "2025-06-02 09:00:00.000");
    BOOST_TEST(
        column(sync(define("/contacts/exports", fields + R"(,"areSystemTimestampsInUTC":true})")),
               "t") == "2025-06-02 09:00:00.000");
    BOOST_TEST(
        column(sync(define("/contacts/exports", fields + R"(,"areSystemTimestampsInUTC":false})")),
               "t") == "2025-06-02 05:00:00.000");
    // A filter uses the time zone of its export.
    std::string const since = R"(,"filter":"'{{Contact.CreatedAt}}' >= '2025-06-02 05:00:00'")";
    BOOST_TEST(column(sync(define("/contacts/exports",
                                  fields + since + R"(,"areSystemTimestampsInUTC":false})")),
                      "t") == "2025-06-02 05:00:00.000");
    std::string const after = R"(,"filter":"'{{Contact.CreatedAt}}' > '2025-06-02 05:00:00'")";
    BOOST_TEST(column(sync(define("/contacts/exports",
                                  fields + after + R"(,"areSystemTimestampsInUTC":false})")),
                      "t") == "");
}

BOOST_FIXTURE_TEST_CASE(an_export_shows_the_moment_its_sync_started, with_contacts) {
    std::string const in = define("/contacts/imports", R"({"name":"i","identifierFieldName":"city",
        "isUpdatingMultipleMatchedRecords":true,"fields":{"city":"{{Contact.Field(C_City)}}",
        "first":"{{Contact.Field(C_FirstName)}}"}})");
    std::string const before = sync(names());
    import(in, R"([{"city":"Gent","first":"X"},{"city":"Oslo","first":"Y"}])");
    BOOST_TEST(column(before, "first") == "Ana,Bo,Cé,D\"D,E\\E");
    BOOST_TEST(column(sync(names()), "first") == "X,X,X,X,X,Y");
    BOOST_TEST(column(before, "first") == "Ana,Bo,Cé,D\"D,E\\E");
}

BOOST_FIXTURE_TEST_CASE(max_records_bounds_what_passes_the_filter, with_contacts) {
    BOOST_TEST(column(sync(names(R"(,"maxRecords":2)")), "first") == "Ana,Bo");
    std::string const uri =
        sync(names(R"(,"maxRecords":2,"filter":"'{{Contact.Field(C_FirstName)}}' != 'Ana'")"));
    BOOST_TEST(column(uri, "first") == "Bo,Cé");
    BOOST_TEST(log_of(uri) == "00102:2 00131:0 00106:0 00101:0");
}

BOOST_AUTO_TEST_CASE(the_time_of_activities_named_twice_may_shuffle_the_columns) {
    auto const exported = [](bool shuffles, std::string const& statement, char const* column) {
        simulator_options options;
        options.shuffle_repeated_statements = shuffles;
        service s(options);
        s.eloqua.add_activity(bulk::activity_type::EmailOpen, 0);
        std::string const twice = R"({"name":"e","filter":"'{{Activity.Type}}'='EmailOpen'",
            "fields":{"type":"{{Activity.Type}}","a":")" +
                                  statement + R"(","b":")" + statement + "\"}}";
        return s.column(s.sync(s.define("/activities/exports", twice)), column);
    };
    std::string const time = "{{Activity.CreatedAt}}", id = "{{Activity.Id}}";
    BOOST_TEST(!simulator_options().shuffle_repeated_statements);
    BOOST_TEST(exported(false, time, "type") == "EmailOpen");
    BOOST_TEST(exported(false, time, "b") == "2025-06-02 09:00:00.000");
    BOOST_TEST(exported(true, time, "b") == "EmailOpen");
    BOOST_TEST(exported(true, time, "type") == "2025-06-02 09:00:00.000");
    BOOST_TEST(exported(true, id, "type") == "EmailOpen"); // other statements do not matter
    BOOST_TEST(exported(true, id, "b") == "1001");

    simulator_options options;
    options.shuffle_repeated_statements = true;
    with_contacts s(options);
    BOOST_TEST(s.column(s.sync(s.define("/contacts/exports", R"({"name":"e","fields":{
        "Id":"{{Contact.Id}}","a":"{{Contact.Field(C_FirstName)}}",
        "b":"{{Contact.Field(C_FirstName)}}"},"maxRecords":1})")),
                        "b") == "Ana");
}

BOOST_FIXTURE_TEST_CASE(data_ends_in_several_ways, with_contacts) {
    std::string const definition = names(R"(,"dataRetentionDuration":"PT1H")");
    std::string const first = sync(definition);
    eloqua.add_user("other", "secret");
    user = "other";
    BOOST_TEST(get(first + "/data").status == 403);
    BOOST_TEST(get(first).status == 200);
    user = "user";
    BOOST_TEST(get(first + "/data").status == 200);
    BOOST_TEST(del(first + "/data").status == 204);
    BOOST_TEST(get(first + "/data").status == 404);
    BOOST_TEST(get(first + "/logs").items() == 4u);
    BOOST_TEST(del("/syncs/77/data").status == 404);

    std::string const second = sync(definition);
    eloqua.advance(1h - 8s); // the sync ended seven seconds ago
    BOOST_TEST(get(second + "/data").status == 200);
    eloqua.advance(1s);
    BOOST_TEST(get(second + "/data").status == 410);
    BOOST_TEST(get(second + "/data").status == 410);

    std::string const third = sync(definition);
    BOOST_TEST(del(definition + "/data").status == 204);
    BOOST_TEST(get(third + "/data").status == 404);
    std::string const fourth = sync(definition);
    BOOST_TEST(del(definition).status == 204);
    BOOST_TEST(get(fourth + "/data").status == 404);
    BOOST_TEST(get(fourth).at("status") == "success");
}

BOOST_FIXTURE_TEST_CASE(a_definition_deleted_under_its_sync_fails_it, with_contacts) {
    std::string const definition = names();
    std::string const uri = begin_sync(definition);
    eloqua.advance(2s);
    BOOST_TEST(del(definition).status == 204);
    eloqua.advance(1s);
    BOOST_TEST(get(uri).at("status") == "error");
    BOOST_TEST(log_of(uri) == "00143:0 00101:0");
    BOOST_TEST(get(uri + "/logs").at("items.0.severity") == "error");
    BOOST_TEST(get(uri + "/data").status == 404);
}

BOOST_FIXTURE_TEST_CASE(syncs_must_name_a_definition, with_contacts) {
    answer const unknown = post("/syncs", R"({"syncedInstanceUri":"/contacts/exports/9"})");
    BOOST_TEST(unknown.status == 400);
    BOOST_TEST(unknown.at("failures.0.field") == "syncedInstanceUri");
    BOOST_TEST(unknown.at("failures.0.value") == "/contacts/exports/9");
    BOOST_TEST(post("/syncs", "{}").at("failures.0.field") == "syncedInstanceUri");
    BOOST_TEST(post("/syncs", R"({"syncedInstanceUri":7})").at("failures.0.field") ==
               "syncedInstanceUri");
    answer const called = post("/syncs", R"({"syncedInstanceUri":")" + names() +
                                             R"(","callbackUrl":"https://client.example.com/"})");
    BOOST_TEST(called.status == 201);
    BOOST_TEST(called.at("callbackUrl") == "https://client.example.com/");
}

BOOST_AUTO_TEST_CASE(a_second_sync_can_be_refused) {
    simulator_options options;
    options.allow_concurrent_syncs = false;
    with_contacts s(options);
    std::string const definition = s.names();
    std::string const body = "{\"syncedInstanceUri\":\"" + definition + "\"}";
    s.begin_sync(definition);
    BOOST_TEST(s.post("/syncs", body).status == 409);
    s.begin_sync(s.names());
    s.eloqua.advance(3s);
    BOOST_TEST(s.post("/syncs", body).status == 201);
    with_contacts lenient;
    std::string const again = lenient.names();
    lenient.begin_sync(again);
    lenient.begin_sync(again);
}

BOOST_FIXTURE_TEST_CASE(an_import_sync_has_no_data, with_contacts) {
    std::string const in = define("/contacts/imports", R"({"name":"i","identifierFieldName":"e",
        "fields":{"e":"{{Contact.Field(C_EmailAddress)}}"}})");
    std::string const uri = import(in, R"([{"e":"a@b.co"}])");
    BOOST_TEST(get(uri + "/data").status == 400);
    BOOST_TEST(del(uri + "/data").status == 204);
}

BOOST_FIXTURE_TEST_CASE(imports_and_exports_happen_in_order_of_time, with_contacts) {
    std::string const in = define("/contacts/imports", R"({"name":"i","identifierFieldName":"e",
        "fields":{"e":"{{Contact.Field(C_EmailAddress)}}"}})");
    post(in + "/data", R"([{"e":"a@b.co"}])");
    begin_sync(in); // ends after 3 s
    eloqua.advance(1500ms);
    std::string const early = begin_sync(names()); // starts after 2.5 s
    eloqua.advance(1s);
    std::string const late = begin_sync(names()); // starts after 3.5 s
    eloqua.advance(24h);
    BOOST_TEST(log_of(early).starts_with("00102:5 "));
    BOOST_TEST(log_of(late).starts_with("00102:6 "));
}

BOOST_FIXTURE_TEST_CASE(five_million_rows_are_paged_without_keeping_them, service) {
    eloqua.generate_contacts(5'000'000);
    std::string const data = sync(define("/contacts/exports", R"({"name":"e","fields":{
        "Id":"{{Contact.Id}}","e":"{{Contact.Field(C_EmailAddress)}}"}})")) +
                             "/data";
    answer const last = get(data + "?limit=50000&offset=4950000");
    BOOST_TEST(last.items() == 50'000u);
    BOOST_TEST(last.at("hasMore") == "false");
    BOOST_TEST(last.at("items.49999.e") == "person4999999@example.org");
    BOOST_TEST(last.at("items.0.Id") == "4951001");
}

BOOST_FIXTURE_TEST_CASE(the_simulator_is_a_transport, with_contacts) {
    bulk::any_transport transport{eloqua};
    auto const start = transport.now();
    transport.wait(6h, {});
    BOOST_CHECK(transport.now() - start == 6h);
    BOOST_CHECK(eloqua.service_time() ==
                bulk::timestamp(std::chrono::sys_days(std::chrono::year(2025) / 6 / 2)) + 15h);
    std::stop_source stopped;
    stopped.request_stop();
    transport.wait(1h, stopped.get_token());
    BOOST_CHECK(transport.now() - start == 6h);

    auto channel = eloqua.acquire();
    bulk::error_code ec;
    request q(verb::get, {}, "/id");
    q.fields.set("Authorization",
                 bulk::simulation::basic_authorization("Company", "user", "secret"));
    std::string const expected = eloqua.handle(q).body;
    for (std::size_t piece : {1u, 7u, 100'000u}) {
        channel.send(q, {}, ec);
        bulk::head h;
        channel.read_head(h, {}, ec);
        BOOST_TEST(!ec);
        BOOST_TEST(h.status == 200);
        BOOST_TEST(h.content_length.value() == expected.size());
        BOOST_TEST(read_all(channel, piece) == expected);
    }
    channel.send(q, stopped.get_token(), ec);
    BOOST_TEST((ec == boost::system::errc::operation_canceled));
    BOOST_TEST(!channel.stale());
}

BOOST_AUTO_TEST_CASE(the_clock_can_be_the_machines) {
    simulator_options options;
    options.simulated_clock = false;
    options.sync_pending = options.sync_active = 0s;
    with_contacts s(options);
    BOOST_TEST(s.get(s.begin_sync(s.names())).at("status") == "success");
    auto const before = s.eloqua.now();
    s.eloqua.wait(1ms, {});
    BOOST_CHECK(s.eloqua.now() - before >= 1ms);
    std::stop_source stopped;
    stopped.request_stop();
    s.eloqua.wait(24h, stopped.get_token());
}

BOOST_FIXTURE_TEST_CASE(all_values_are_texts, with_contacts) {
    eloqua.add_field("/contacts", bulk::simulated_field("flag", bulk::data_type::boolean));
    eloqua.add_record("/contacts", {{"C_FirstName", "Eve"},
                                    {"C_Lead_Weight1", "7.5"},
                                    {"C_Last_Visit", "2024-02-29 12:30:00"},
                                    {"flag", "True"}});
    std::string const uri = sync(define("/contacts/exports", R"({"name":"e","fields":{
        "id":"{{Contact.Id}}","weight":"{{Contact.Field(C_Lead_Weight1)}}",
        "visit":"{{Contact.Field(C_Last_Visit)}}","flag":"{{Contact.Field(flag)}}",
        "blank":"{{Contact.Field(C_City)}}","account":"{{Contact.Account.Field(M_City)}}"},
        "filter":"'{{Contact.Field(C_FirstName)}}' = 'Eve'"})"));
    BOOST_TEST(get(uri + "/data").at("items") ==
               R"([{"id":"1006","weight":"7.5","visit":"2024-02-29 12:30:00","flag":"True",)"
               R"("blank":"","account":""}])");
}

BOOST_FIXTURE_TEST_CASE(system_times_alone_follow_the_zone, with_contacts) {
    eloqua.add_record("/contacts",
                      {{"C_FirstName", "Eve"}, {"C_Last_Visit", "2024-02-29 12:30:00"}});
    auto const times = [&](char const* utc) {
        std::string const uri = sync(define("/contacts/exports", R"({"name":"e","fields":{
            "made":"{{Contact.CreatedAt}}","changed":"{{Contact.UpdatedAt}}",
            "visit":"{{Contact.Field(C_Last_Visit)}}"},"areSystemTimestampsInUTC":)" +
                                                                     std::string(utc) + R"(,
            "filter":"'{{Contact.Field(C_FirstName)}}' = 'Eve'"})"));
        return column(uri, "made") + ' ' + column(uri, "changed") + ' ' + column(uri, "visit");
    };
    BOOST_TEST(times("true") ==
               "2025-06-02 09:00:00.000 2025-06-02 09:00:00.000 2024-02-29 12:30:00");
    BOOST_TEST(times("false") ==
               "2025-06-02 05:00:00.000 2025-06-02 05:00:00.000 2024-02-29 12:30:00");
}

BOOST_FIXTURE_TEST_CASE(rows_are_neither_searched_nor_ordered, with_contacts) {
    std::string const data = sync(names()) + "/data?limit=3";
    BOOST_TEST(get(data + "&q=first=Bo&orderBy=first+DESC&links=next").body == get(data).body);
}

BOOST_FIXTURE_TEST_CASE(an_entry_of_a_log_has_all_its_members, with_contacts) {
    std::string const uri = sync(names());
    BOOST_TEST(get(uri + "/logs").at("items.0") ==
               R"({"syncUri":"/syncs/1","count":5,"severity":"information",)"
               R"("statusCode":"ELQ-00102","message":"Successfully exported members to csv file.",)"
               R"("createdAt":"2025-06-02T09:00:02.0000000Z"})");
}

BOOST_AUTO_TEST_SUITE_END()
