// SPDX-License-Identifier: BSL-1.0
// Imports whose requests are lost: each row is applied once, or an error lists the rows whose
// outcome is unknown.
#include <eloqua/bulk.hpp>
#include <eloqua/bulk/testing/scripted_transport.hpp>

#include <boost/describe.hpp>
#include <boost/test/unit_test.hpp>

#include "memory_journal.hpp"
#include <chrono>
#include <forward_list>
#include <memory>
#include <optional>
#include <ranges>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace bulk = eloqua::bulk;
using bulk::verb;

namespace {

struct contact {
    std::string email;
    friend std::istream& operator>>(std::istream& in, contact& c) { return in >> c.email; }
};
BOOST_DESCRIBE_STRUCT(contact, (), (email))

bulk::basic_credentials const me{"Company", "user", "secret"};
bulk::error_code const reset = make_error_code(boost::system::errc::connection_reset);

bulk::client_options options() {
    bulk::client_options o;
    o.base_url = "https://eloqua.example/b";
    o.seed = 1;
    return o;
}
/// One row per request, and this many requests per sync.
bulk::import_options one_row_a_request(std::size_t requests_per_sync = 500) {
    bulk::import_options o;
    o.request_bytes = 30;
    o.requests_per_sync = requests_per_sync;
    return o;
}
std::vector<contact> people(int n) {
    std::vector<contact> out;
    for (int i = 0; i != n; ++i)
        out.push_back({"p" + std::to_string(i) + "@x.com"});
    return out;
}
std::string row(int i) {
    return R"([{"email":"p)" + std::to_string(i) + R"(@x.com"}])";
}

/// A script with the steps of an import.
struct import_script : bulk::scripted_transport {
    step definition(int number) {
        return expect(verb::post, "/b/contacts/imports")
            .answers(201, R"({"uri":"/contacts/imports/)" + std::to_string(number) + R"("})");
    }
    step push(int definition, int i) {
        pushes.push_back(row(i));
        return expect(verb::post, "/b/contacts/imports/" + std::to_string(definition) + "/data")
            .answers(204);
    }
    step sync(int definition, int number) {
        return expect(verb::post, "/b/syncs").answers(201, sync_text(definition, number));
    }
    static std::string sync_text(int definition, int number) {
        return R"({"syncedInstanceUri":"/contacts/imports/)" + std::to_string(definition) +
               R"(","status":"success","uri":"/syncs/)" + std::to_string(number) + R"("})";
    }
    void logs(int number, int created) {
        expect(verb::get, "/b/syncs/" + std::to_string(number) + "/logs?limit=1000&offset=0")
            .answers(200, R"({"items":[{"statusCode":"ELQ-00004","count":)" +
                              std::to_string(created) + R"(}],"hasMore":false})");
    }
    void rejects(int number) {
        expect(verb::get, "/b/syncs/" + std::to_string(number) + "/rejects?limit=1000&offset=0")
            .answers(200, R"({"items":[],"hasMore":false})");
    }
    void synced(int definition, int number, int rows) {
        sync(definition, number);
        logs(number, rows);
        rejects(number);
    }
    void removal(int definition) {
        expect(verb::delete_, "/b/contacts/imports/" + std::to_string(definition)).answers(204);
    }
    /// All expected requests were sent, every push with its row.
    bool held() const {
        std::vector<std::string> bodies;
        for (bulk::seen_request const& each : requests())
            if (each.url.ends_with("/data"))
                bodies.push_back(each.body);
        BOOST_TEST(bodies == pushes, boost::test_tools::per_element());
        BOOST_TEST(unexpected().empty());
        return finished();
    }
    std::vector<std::string> pushes;
    step look_for_syncs(std::string items) {
        return expect(verb::get, "/b/syncs?limit=1000&offset=0&orderBy=createdAt%20DESC")
            .answers(200, R"({"items":[)" + items + R"(],"hasMore":false})");
    }
};

template <class Rows>
bulk::result<bulk::import_report<contact>> run(import_script& script, Rows&& rows,
                                               bulk::import_options o,
                                               bulk::client_options c = options()) {
    o.check_fields = false; // the scripts begin with the definition
    return bulk::client(script, me, c)
        .import_rows(bulk::contacts, bulk::identified_by<&contact::email>, std::forward<Rows>(rows),
                     o)
        .get();
}

} // namespace

BOOST_AUTO_TEST_SUITE(import_recovery)

BOOST_AUTO_TEST_CASE(a_lost_response_to_a_push_abandons_the_definition) {
    for (int lost = 0; lost != 3; ++lost) {
        import_script script;
        script.definition(3);
        for (int i = 0; i != lost; ++i)
            script.push(3, i);
        script.push(3, lost).fails_to_answer(reset);
        script.removal(3);
        script.definition(4);
        for (int i = 0; i != 3; ++i)
            script.push(4, i);
        script.synced(4, 7, 3);
        script.removal(4);
        auto const report = run(script, people(3), one_row_a_request());
        BOOST_TEST(report.value().created == 3);
        BOOST_TEST(report.value().definitions_abandoned == 1u);
        BOOST_TEST(report.value().definition == "/contacts/imports/4");
        BOOST_TEST(report.value().definition_deleted);
        BOOST_TEST(report.value().disagreements.empty());
        BOOST_TEST(script.held());
    }
}

BOOST_AUTO_TEST_CASE(synced_rows_are_not_pushed_again) {
    import_script script;
    script.definition(3);
    script.push(3, 0);
    script.push(3, 1);
    script.synced(3, 7, 2);
    script.push(3, 2);
    script.push(3, 3).fails_to_answer(reset);
    script.removal(3);
    script.definition(4);
    script.push(4, 2);
    script.synced(4, 8, 1); // fewer at once, since all of them have to arrive
    script.push(4, 3);
    script.synced(4, 9, 1);
    script.removal(4);
    auto const all = people(4);
    std::forward_list<contact> const rows(all.begin(), all.end());
    auto const report = run(script, rows, one_row_a_request(2));
    BOOST_TEST(report.value().created == 4);
    BOOST_TEST(report.value().rows == 4);
    BOOST_TEST(script.held());
}

BOOST_AUTO_TEST_CASE(rows_of_a_single_pass_range_are_buffered_until_synced) {
    import_script script;
    script.definition(3);
    script.push(3, 0);
    script.push(3, 1).fails_to_answer(reset);
    script.removal(3);
    script.definition(4);
    script.push(4, 0);
    script.push(4, 1);
    script.synced(4, 7, 2); // as much as may be buffered
    script.push(4, 2);
    script.synced(4, 8, 1);
    script.removal(4);
    std::istringstream in("p0@x.com p1@x.com p2@x.com");
    auto o = one_row_a_request();
    o.replay_bytes = 2 * row(0).size();
    auto const report = run(script, std::views::istream<contact>(in), o);
    BOOST_TEST(report.value().created == 3);
    BOOST_TEST(script.held());
}

BOOST_AUTO_TEST_CASE(a_vanished_definition_is_created_again) {
    import_script script;
    script.definition(3);
    script.push(3, 0);
    script.push(3, 1).answers(404, "");
    script.expect(verb::delete_, "/b/contacts/imports/3").answers(404, "");
    script.definition(4);
    script.push(4, 0);
    script.push(4, 1);
    script.synced(4, 7, 2);
    script.removal(4);
    auto const report = run(script, people(2), one_row_a_request());
    BOOST_TEST(report.value().created == 2);
    BOOST_TEST(script.held());
}

BOOST_AUTO_TEST_CASE(a_definition_that_vanishes_before_its_sync) {
    for (int status : {400, 404}) {
        import_script script;
        script.definition(3);
        script.push(3, 0);
        script.expect(verb::post, "/b/syncs").answers(status, "");
        if (status == 400)
            script.expect(verb::get, "/b/contacts/imports/3").answers(404, "");
        script.expect(verb::delete_, "/b/contacts/imports/3").answers(404, "");
        script.definition(4);
        script.push(4, 0);
        script.synced(4, 7, 1);
        script.removal(4);
        BOOST_TEST(run(script, people(1), one_row_a_request()).value().created == 1);
        BOOST_TEST(script.held());
    }
}

BOOST_AUTO_TEST_CASE(permanently_lost_responses_end_the_import) {
    import_script script;
    auto o = options();
    o.retry.attempts = 2;
    for (int i = 3; i != 6; ++i) {
        script.definition(i);
        script.push(i, 0).fails_to_answer(reset);
        script.removal(i);
    }
    auto const came = run(script, people(2), one_row_a_request(), o);
    BOOST_TEST((came.error().code == bulk::errc::outcome_unknown));
    BOOST_TEST(came.error().message().find("rows 0 to 1 (exclusive") != std::string::npos);
    BOOST_TEST(script.held()); // the definition is deleted, and any staged rows with it
}

BOOST_AUTO_TEST_CASE(a_full_staging_area_syncs_the_staged_rows) {
    import_script script;
    script.definition(3);
    script.push(3, 0);
    script.push(3, 1).answers(413, "");
    script.synced(3, 7, 1);
    script.push(3, 1);
    script.push(3, 2);
    script.synced(3, 8, 2);
    script.removal(3);
    auto const report = run(script, people(3), one_row_a_request());
    BOOST_TEST(report.value().created == 3);
    BOOST_TEST(report.value().disagreements.empty());
    BOOST_TEST(script.held());

    import_script full;
    full.definition(3);
    full.push(3, 0).answers(413, "");
    full.removal(3);
    BOOST_TEST(run(full, people(1), one_row_a_request()).error().info.status == 413);
    BOOST_TEST(full.held());
}

BOOST_AUTO_TEST_CASE(a_sync_is_found_after_a_lost_response) {
    import_script script;
    script.definition(3);
    script.push(3, 0);
    script.expect(verb::post, "/b/syncs").fails_to_answer(reset);
    script.look_for_syncs(""); // it takes its time
    script.look_for_syncs(import_script::sync_text(9, 6) + "," + import_script::sync_text(3, 7));
    script.logs(7, 1);
    script.rejects(7);
    script.removal(3);
    auto const report = run(script, people(1), one_row_a_request());
    BOOST_TEST(report.value().created == 1);
    BOOST_TEST(report.value().syncs == std::vector<std::string>{"/syncs/7"},
               boost::test_tools::per_element());
    BOOST_TEST(script.held());
}

BOOST_AUTO_TEST_CASE(a_missing_sync_is_restarted_and_its_duplicate_is_read_too) {
    import_script script;
    script.definition(3);
    script.push(3, 0);
    script.expect(verb::post, "/b/syncs").answers(503, "");
    for (int look = 0; look != 3; ++look)
        script.look_for_syncs("");
    script.sync(3, 8);
    script.logs(8, 0);
    script.look_for_syncs(import_script::sync_text(3, 8) + "," + import_script::sync_text(3, 7));
    script.expect(verb::get, "/b/syncs/7").answers(200, import_script::sync_text(3, 7));
    script.logs(7, 1);
    script.rejects(8);
    script.rejects(7);
    script.removal(3);
    auto const report = run(script, people(1), one_row_a_request());
    BOOST_TEST(report.value().created == 1);
    BOOST_TEST(report.value().rows == 1);
    BOOST_TEST(report.value().disagreements.empty());
    BOOST_TEST(script.held());
}

BOOST_AUTO_TEST_CASE(a_resumed_import_reads_a_duplicate_sync_too) {
    auto const journal = std::make_shared<memory_journal>();
    auto o = one_row_a_request();
    o.journal = journal;
    {
        import_script script; // which ends with the process
        script.definition(3);
        script.push(3, 0);
        script.expect(verb::post, "/b/syncs").answers(503, "");
        for (int look = 0; look != 3; ++look)
            script.look_for_syncs("");
        script.sync(3, 8);
        BOOST_TEST(run(script, people(1), o).has_error());
        BOOST_TEST(script.finished());
    }
    import_script script;
    script.expect(verb::get, "/b/syncs/8").answers(200, import_script::sync_text(3, 8));
    script.expect(verb::get, "/b/syncs/8").answers(200, import_script::sync_text(3, 8));
    script.logs(8, 0);
    script.look_for_syncs(import_script::sync_text(3, 8) + "," + import_script::sync_text(3, 7));
    script.expect(verb::get, "/b/syncs/7").answers(200, import_script::sync_text(3, 7));
    script.logs(7, 1);
    script.rejects(8);
    script.rejects(7);
    script.removal(3);
    auto const report = run(script, people(1), o);
    BOOST_TEST(report.value().created == 1);
    BOOST_TEST(report.value().disagreements.empty());
    BOOST_TEST(script.held());
}

BOOST_AUTO_TEST_CASE(a_permanent_error_is_not_a_lost_response) {
    import_script script;
    script.definition(3);
    script.push(3, 0).answers(
        500, R"({"errorSeverity":0,"error":"Unable to do it due to a permanent error."})");
    script.removal(3);
    auto const came = run(script, people(1), one_row_a_request());
    BOOST_TEST(came.error().info.status == 500);
    BOOST_TEST((came.error().code != bulk::errc::outcome_unknown));
    BOOST_TEST(script.held());
}

BOOST_AUTO_TEST_CASE(a_sync_that_was_started_after_all) {
    import_script script;
    script.definition(3);
    script.push(3, 0);
    script.expect(verb::post, "/b/syncs").fails_to_answer(reset);
    for (int look = 0; look != 3; ++look)
        script.look_for_syncs(""); // too early
    script.expect(verb::post, "/b/syncs").answers(409, "");
    script.look_for_syncs(import_script::sync_text(3, 7));
    script.logs(7, 1);
    script.look_for_syncs(import_script::sync_text(3, 7)); // there is no other
    script.rejects(7);
    script.removal(3);
    BOOST_TEST(run(script, people(1), one_row_a_request()).value().created == 1);
    BOOST_TEST(script.held());
}

BOOST_AUTO_TEST_CASE(a_failed_sync_with_an_empty_duplicate_is_not_a_success) {
    import_script script;
    script.definition(3);
    script.push(3, 0);
    script.expect(verb::post, "/b/syncs").fails_to_answer(reset);
    for (int look = 0; look != 3; ++look)
        script.look_for_syncs("");
    script.sync(3, 8);
    script.logs(8, 0);
    script.look_for_syncs(import_script::sync_text(3, 7));
    std::string failed = import_script::sync_text(3, 7);
    failed.replace(failed.find("success"), 7, "error");
    script.expect(verb::get, "/b/syncs/7").answers(200, failed);
    script.expect(verb::get, "/b/syncs/7/logs?limit=1000&offset=0")
        .answers(200, R"({"items":[{"severity":"error","message":"No."}],"hasMore":false})");
    script.removal(3);
    auto const came = run(script, people(1), one_row_a_request());
    BOOST_TEST((came.error().code == bulk::errc::sync_failed));
    BOOST_TEST(came.error().message().find("it is unknown which of these rows were applied") !=
               std::string::npos);
    BOOST_TEST(script.held());
}

BOOST_AUTO_TEST_CASE(without_a_buffer_each_request_is_synced) {
    import_script script;
    script.definition(3);
    for (int i = 0; i != 2; ++i) {
        script.push(3, i);
        script.synced(3, 7 + i, 1);
    }
    script.removal(3);
    std::istringstream in("p0@x.com p1@x.com");
    auto o = one_row_a_request();
    o.replay_bytes = 0;
    BOOST_TEST(run(script, std::views::istream<contact>(in), o).value().created == 2);
    BOOST_TEST(script.held());
}

BOOST_AUTO_TEST_CASE(a_failed_search_for_a_sync_is_an_unknown_outcome) {
    import_script script;
    script.definition(3);
    script.push(3, 0);
    script.expect(verb::post, "/b/syncs").fails_to_answer(reset);
    script.look_for_syncs("").answers(403, "");
    auto const came = run(script, people(1), one_row_a_request());
    BOOST_TEST((came.error().code == bulk::errc::outcome_unknown));
    BOOST_TEST(came.error().message().find("rows 0 to 1 (exclusive") != std::string::npos);
    BOOST_TEST(came.error().message().find("/contacts/imports/3 remains on the server") !=
               std::string::npos);
    BOOST_TEST(script.held());
}

BOOST_AUTO_TEST_CASE(a_sync_that_the_service_runs_again_is_still_watched) {
    import_script script;
    script.definition(3);
    script.push(3, 0);
    auto const seen = [](std::string const& status) {
        return R"({"syncedInstanceUri":"/contacts/imports/3","uri":"/syncs/7","status":")" +
               status + R"("})";
    };
    script.expect(verb::post, "/b/syncs").answers(201, seen("error"));
    script.expect(verb::get, "/b/syncs/7/logs?limit=1000&offset=0")
        .answers(200, R"({"items":[{"severity":"warning","statusCode":"ELQ-00145"}]})");
    script.expect(verb::get, "/b/syncs/7").answers(200, seen("active"));
    script.expect(verb::get, "/b/syncs/7").answers(200, seen("success"));
    script.logs(7, 1);
    script.rejects(7);
    script.removal(3);
    auto const report = run(script, people(1), one_row_a_request());
    BOOST_TEST(report.value().created == 1);
    BOOST_TEST(report.value().disagreements.empty());
    BOOST_TEST(script.held());
}

BOOST_AUTO_TEST_CASE(a_temporarily_failed_sync_is_reported_with_its_rows) {
    import_script script;
    script.definition(3);
    script.push(3, 0);
    script.push(3, 1);
    script.synced(3, 7, 2);
    script.push(3, 2);
    script.expect(verb::post, "/b/syncs")
        .answers(201, R"({"syncedInstanceUri":"/contacts/imports/3","uri":"/syncs/8",)"
                      R"("status":"error"})");
    script.expect(verb::get, "/b/syncs/8/logs?limit=1000&offset=0")
        .answers(200,
                 R"({"items":[{"severity":"error","statusCode":"ELQ-00146","message":"Later."}]})");
    script.removal(3);
    auto const came = run(script, people(3), one_row_a_request(2));
    BOOST_TEST((came.error().code == bulk::elq::temporary_error));
    BOOST_TEST((came.error().code == bulk::condition::try_later));
    for (char const* part :
         {"rows 2 to 3 (exclusive", "2 rows before them are synced", "/syncs/7",
          "/syncs/8 of /contacts/imports/3", "ELQ-00146 Later.", "wait at least an hour",
          "it is unknown which of these rows were applied"})
        BOOST_TEST(came.error().message().find(part) != std::string::npos,
                   part << " is not in: " << came.error().message());
    BOOST_TEST(script.unexpected().empty());
}

BOOST_AUTO_TEST_CASE(the_policy_sets_number_and_delay_of_searches) {
    using namespace std::chrono_literals;
    struct timetable : bulk::observer {
        import_script script;
        std::string text;
        void on_request(std::string_view line) override {
            auto const at = std::chrono::floor<std::chrono::seconds>(script.now() - begin);
            text += std::to_string(at.count()) + (line.starts_with("POST") ? " asked, " : ", ");
        }
        bulk::clock::time_point begin;
    };
    for (bool of_a_sync : {false, true}) {
        auto watch = std::make_shared<timetable>();
        import_script& script = watch->script;
        watch->begin = script.now();
        auto o = options();
        o.retry.attempts = 2;
        o.retry.search_attempts = 4;
        o.retry.search_delay = 3s;
        o.retry.longest_delay = 30s;
        o.observer = watch;
        if (of_a_sync) {
            script.definition(3);
            script.push(3, 0);
        }
        for (unsigned i = 0; i != o.retry.attempts; ++i) {
            script.expect(verb::post, of_a_sync ? "/b/syncs" : "/b/contacts/imports")
                .fails_to_answer(reset);
            for (unsigned look = 0; look != o.retry.search_attempts; ++look)
                script.expect(verb::get, of_a_sync ? "/b/syncs?*" : "/b/contacts/imports?*")
                    .answers(200, R"({"items":[],"hasMore":false})");
        }
        if (!of_a_sync) // to delete what may exist
            script.expect(verb::get, "/b/contacts/imports?*")
                .answers(200, R"({"items":[],"hasMore":false})");
        auto const came = run(script, people(1), one_row_a_request(), o);
        BOOST_TEST((came.error().code == bulk::errc::outcome_unknown));
        BOOST_TEST(script.finished());
        BOOST_TEST(watch->text == std::string(of_a_sync ? "0 asked, 0 asked, " : "") +
                                      "0 asked, 3, 15, 45, 75, 75 asked, 78, 90, 120, 150, " +
                                      (of_a_sync ? "" : "150, "));
    }
}

BOOST_AUTO_TEST_CASE(a_definition_is_found_by_name_after_a_lost_response) {
    std::string name;
    for (int lost = 0; lost != 2; ++lost) {
        import_script script;
        script.expect(verb::post, "/b/contacts/imports").fails_to_answer(reset);
        if (lost == 1) {
            // The seed makes the name the same in both rounds.
            std::string const word = name.substr(name.rfind(' ') + 1);
            script
                .expect(verb::get,
                        "/b/contacts/imports?limit=1000&offset=0&q=name%3D%2A" + word + "%2A")
                .answers(200, R"({"items":[{"name":"another )" + word +
                                  R"(","uri":"/contacts/imports/9"},{"name":")" + name +
                                  R"(","uri":"/contacts/imports/3"}],"hasMore":false})");
            script.push(3, 0);
            script.synced(3, 7, 1);
            script.removal(3);
        }
        auto const came = run(script, people(1), one_row_a_request());
        if (lost == 0) {
            std::string const body = script.requests().front().body;
            std::size_t const at = body.find(R"("name":")") + 8;
            name = body.substr(at, body.find('"', at) - at);
            continue;
        }
        BOOST_TEST(came.value().created == 1);
    }
}

BOOST_AUTO_TEST_SUITE_END()
