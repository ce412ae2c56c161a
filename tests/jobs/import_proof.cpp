// SPDX-License-Identifier: BSL-1.0
// Imports for whose rows the service gives a wrong account, or none.
#include <eloqua/bulk.hpp>
#include <eloqua/bulk/simulator.hpp>
#include <eloqua/bulk/testing/scripted_transport.hpp>

#include <boost/test/unit_test.hpp>

#include "../person.hpp"
#include "memory_journal.hpp"
#include <algorithm>
#include <cstddef>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

namespace bulk = eloqua::bulk;
using namespace eloqua_tests;
using bulk::fault;
using bulk::fault_plan;
using bulk::import_proof;

namespace {

auto by = bulk::identified_by<&person::email>;

constexpr auto push = "POST /contacts/imports/{id}/data";
constexpr auto logs = "GET /syncs/{id}/logs";
constexpr auto rejects = "GET /syncs/{id}/rejects";

bulk::result<bulk::import_report<person>> import_ten(bulk::simulator& eloqua, fault_plan plan,
                                                     bulk::import_options o = {}) {
    eloqua.inject(std::move(plan));
    auto came = bulk::client(eloqua, me).import_rows(bulk::contacts, by, people(10), o).get();
    eloqua.inject(std::nullopt);
    return came;
}

std::size_t definitions(bulk::simulator& eloqua) {
    return bulk::client(eloqua, me).all_imports().list().all().get().value().size();
}

void is_contradicted(bulk::result<bulk::import_report<person>> const& came,
                     std::string const& words) {
    BOOST_TEST_REQUIRE(came.has_error());
    bulk::failure const& why = came.error();
    BOOST_TEST((why.code == bulk::errc::rows_unaccounted));
    BOOST_TEST(why.info.detail.find(words) != std::string::npos, why.info.detail);
    BOOST_TEST_REQUIRE(why.info.import_so_far);
    BOOST_TEST((why.info.import_so_far->proof == import_proof::contradicted));
    BOOST_TEST(why.info.import_so_far->rows == 10);
}

} // namespace

BOOST_AUTO_TEST_SUITE(proof_of_imports)

BOOST_AUTO_TEST_CASE(accounting_for_each_row_proves_an_import) {
    bulk::simulator eloqua;
    auto const report = import_ten(eloqua, {}).value();
    BOOST_TEST((report.proof == import_proof::proven));
    BOOST_TEST(report.doubts.empty());
    BOOST_CHECK_NO_THROW(report.require_proven());
    std::ostringstream text;
    text << report;
    BOOST_TEST(text.str().find("; proven") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(lost_rows_fail_the_import_and_nothing_is_deleted) {
    bulk::simulator eloqua;
    is_contradicted(import_ten(eloqua, fault_plan().from(push, 1, fault::swallow_rows())),
                    "nothing to process, sent 10");
    BOOST_TEST(eloqua.count("/contacts") == 0u);
    BOOST_TEST(definitions(eloqua) == 1u);
}

BOOST_AUTO_TEST_CASE(one_lost_request_of_several_fails_the_import) {
    bulk::simulator eloqua;
    bulk::import_options o;
    o.request_bytes = 100;
    auto const came = import_ten(eloqua, fault_plan().at(push, 2, fault::swallow_rows()), o);
    is_contradicted(came, ", sent 10");
    BOOST_TEST(eloqua.count("/contacts") < 10u);
}

BOOST_AUTO_TEST_CASE(an_empty_log_proves_nothing) {
    bulk::simulator eloqua;
    auto const report = import_ten(eloqua, fault_plan().from(logs, 1, fault::late_log())).value();
    BOOST_TEST((report.proof == import_proof::unproven));
    BOOST_TEST_REQUIRE(report.doubts.size() == 1u);
    BOOST_TEST(report.doubts[0].find("does not say how many rows") != std::string::npos);
    BOOST_CHECK_EXCEPTION(report.require_proven(), bulk::error,
                          [](bulk::error const& e) { return e.code() == bulk::errc::unproven; });
    std::ostringstream text;
    text << report;
    BOOST_TEST(text.str().find("; unproven: ") != std::string::npos);
    BOOST_TEST(bulk::to_json(report).find(R"("proof":"unproven")") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_late_log_is_read_again) {
    bulk::simulator eloqua;
    auto const report =
        import_ten(eloqua,
                   fault_plan().at(logs, 1, fault::late_log()).at(logs, 2, fault::late_log()))
            .value();
    BOOST_TEST((report.proof == import_proof::proven));
    BOOST_TEST(report.created == 10);
}

BOOST_AUTO_TEST_CASE(a_list_that_ends_before_its_total_is_not_complete) {
    for (auto const& [endpoint, name] : {std::pair(logs, "log"), std::pair(rejects, "rejects")}) {
        bulk::simulator eloqua;
        auto const came = [&] {
            eloqua.inject(fault_plan().from(endpoint, 1, fault::cut_list()));
            std::vector<person> rows = people(10);
            rows[3].email = rows[5].email = "nobody";
            return bulk::client(eloqua, me).import_rows(bulk::contacts, by, rows).get();
        }();
        BOOST_TEST_REQUIRE(came.has_error(), name);
        BOOST_TEST((came.error().code == bulk::errc::rows_missing), name);
        BOOST_TEST(came.error().info.import_so_far != nullptr);
    }
}

BOOST_AUTO_TEST_CASE(silently_truncated_rejects_leave_the_import_unproven) {
    bulk::simulator eloqua;
    eloqua.inject(fault_plan().from(rejects, 1, fault::cut_list(false)));
    std::vector<person> rows = people(10);
    rows[3].email = rows[5].email = "nobody";
    auto const report =
        bulk::client(eloqua, me).import_rows(bulk::contacts, by, rows).get().value();
    BOOST_TEST((report.proof == import_proof::unproven));
    BOOST_TEST(report.doubts.at(0) == "/syncs/1: its log says rejected 2, listed 1");
}

BOOST_AUTO_TEST_CASE(a_silently_truncated_log_leaves_the_import_unproven) {
    bulk::simulator eloqua;
    auto const report =
        import_ten(eloqua, fault_plan().from(logs, 1, fault::cut_list(false))).value();
    BOOST_TEST((report.proof == import_proof::unproven));
    BOOST_TEST(report.doubts.size() == 1u);
}

BOOST_AUTO_TEST_CASE(what_logs_prove) {
    struct {
        char const* log;
        import_proof proves;
        std::optional<bulk::import_rule> rule;
        bool several = false;
    } const cases[] = {
        {"130:10 1:10 4:10", import_proof::proven, {}},
        {"130:10 4:4 22:6", import_proof::proven, {}},
        {"4:10", import_proof::proven, {}},
        {"130:9 60:1 4:9", import_proof::unproven, {}}, // the reject is not listed
        {"130:10 1:10", import_proof::unproven, {}},
        {"130:10", import_proof::unproven, {}},
        {"", import_proof::unproven, {}},
        {"130:10 124:0", import_proof::contradicted, {}},
        {"124:0", import_proof::contradicted, {}},
        {"130:9 1:9 4:9", import_proof::contradicted, {}},
        {"130:10 1:10 4:9", import_proof::contradicted, {}},
        {"130:11 1:11 4:11", import_proof::contradicted, {}},
        {"130:20 145:0 130:0 1:10 4:10", import_proof::proven, {}}, // counted twice
        {"5:10", import_proof::unproven, {}},                       // an import of accounts
        {"4:5 5:5", import_proof::contradicted, {}},
        {"130:10 1:10 22:4", import_proof::unproven, bulk::import_rule::updateOnly},
        {"130:10 1:15 22:15", import_proof::proven, {}, true},
        {"1:15 22:15", import_proof::unproven, {}, true},
        {"130:10 22:9", import_proof::contradicted, {}, true},
    };
    for (auto const& each : cases) {
        BOOST_TEST_INFO_SCOPE(each.log);
        std::string items;
        std::istringstream words(each.log);
        for (std::string word; words >> word;) {
            std::size_t const colon = word.find(':');
            items += (items.empty() ? "" : ",") +
                     (R"({"statusCode":"ELQ-)" + std::string(5 - colon, '0') +
                      word.substr(0, colon) + R"(","count":)" + word.substr(colon + 1) + "}");
        }
        bulk::simulator eloqua;
        eloqua.intercept([&](bulk::request const& q) -> std::optional<bulk::response> {
            bool const log = q.target.find("/logs") != q.target.npos;
            if (!log && q.target.find("/rejects") == q.target.npos)
                return std::nullopt;
            return bulk::response(200,
                                  R"({"items":[)" + (log ? items : "") + R"(],"hasMore":false})");
        });
        bulk::import_options o;
        o.rule = each.rule;
        o.update_multiple_matches = each.several;
        auto const came =
            bulk::client(eloqua, me).import_rows(bulk::contacts, by, people(10), o).get();
        import_proof const proof = came ? came->proof : came.error().info.import_so_far->proof;
        BOOST_TEST(to_string(proof) == to_string(each.proves));
        BOOST_TEST(came.has_value() == (proof != import_proof::contradicted));
    }
}

BOOST_AUTO_TEST_CASE(after_an_empty_response_to_a_push_a_sync_is_searched_for) {
    for (char const* const body : {"{}", "OK",
                                   R"({"syncedInstanceUri":"/contacts/imports/99",)"
                                   R"("status":"pending","uri":"/syncs/77"})"}) {
        BOOST_TEST_INFO_SCOPE(body);
        bulk::simulator eloqua;
        bool starts = false;
        for (int round = 0; round != 2; ++round, starts = true) {
            fault_plan plan;
            if (starts)
                plan.from(push, 1, fault::start_by_push());
            eloqua.inject(plan);
            bool handling = false;
            eloqua.intercept([&](bulk::request const& q) -> std::optional<bulk::response> {
                if (handling || q.method != bulk::verb::post || !q.target.ends_with("/data"))
                    return std::nullopt;
                handling = true;
                (void)eloqua.handle(q);
                handling = false;
                return bulk::response(201, body);
            });
            auto const report =
                bulk::client(eloqua, me).import_rows(bulk::contacts, by, people(10)).get().value();
            BOOST_TEST((report.proof == import_proof::proven));
            BOOST_TEST(report.created + report.updated == 10);
            BOOST_TEST(report.definitions_abandoned == 0u);
        }
        BOOST_TEST(eloqua.requests("POST /syncs") == 1u); // of the first round
    }
}

BOOST_AUTO_TEST_CASE(a_sync_started_by_a_push_is_used_for_its_rows) {
    bulk::simulator eloqua;
    bulk::client client(eloqua, me);
    eloqua.inject(fault_plan().from(push, 1, fault::start_by_push()));
    std::vector<person> rows = people(10);
    rows[3].email = "nobody";
    bulk::import_options o;
    o.request_bytes = 100;
    auto const report = client.import_rows(bulk::contacts, by, rows, o).get().value();
    BOOST_TEST(eloqua.requests("POST /syncs") == 0u);
    BOOST_TEST(report.syncs.size() == report.requests);
    BOOST_TEST((report.proof == import_proof::proven));
    BOOST_TEST(report.created == 9);
    BOOST_TEST_REQUIRE(report.rejects.size() == 1u);
    BOOST_TEST(report.rejects[0].row_index == 3u);
}

BOOST_AUTO_TEST_CASE(a_definition_with_a_possibly_running_sync_is_kept) {
    bulk::simulator eloqua;
    bool handling = false;
    eloqua.intercept([&](bulk::request const& q) -> std::optional<bulk::response> {
        if (q.target.find("/syncs?") != q.target.npos)
            return bulk::response(503, "down");
        if (handling || q.method != bulk::verb::post || !q.target.ends_with("/data"))
            return std::nullopt;
        handling = true;
        (void)eloqua.handle(q);
        handling = false;
        return bulk::response(201, "{}");
    });
    auto const came = bulk::client(eloqua, me).import_rows(bulk::contacts, by, people(10)).get();
    BOOST_TEST_REQUIRE(came.has_error());
    BOOST_TEST(came.error().info.status == 503);
    BOOST_TEST(came.error().info.detail.find("/contacts/imports/1 remains on the server") !=
               std::string::npos);
    eloqua.intercept({});
    BOOST_TEST(definitions(eloqua) == 1u);
}

BOOST_AUTO_TEST_CASE(an_import_that_cannot_search_for_a_sync_uses_a_new_definition) {
    bulk::simulator eloqua;
    int pushes = 0, looks = 0;
    bool handling = false;
    eloqua.intercept([&](bulk::request const& q) -> std::optional<bulk::response> {
        if (q.target.find("/syncs?") != q.target.npos && looks++ == 0)
            return bulk::response(200, "[");
        if (handling || q.method != bulk::verb::post || !q.target.ends_with("/data") ||
            ++pushes != 3)
            return std::nullopt;
        handling = true;
        (void)eloqua.handle(q);
        handling = false;
        return bulk::response(201, "{}");
    });
    bulk::import_options small;
    small.request_bytes = 120;
    small.requests_per_sync = 5;
    auto const report =
        bulk::client(eloqua, me).import_rows(bulk::contacts, by, people(20), small).get().value();
    BOOST_TEST(looks == 1);
    BOOST_TEST(report.created == 20);
    BOOST_TEST(report.definitions_abandoned == 1u);
    eloqua.intercept({});
    BOOST_TEST(eloqua.requests("DELETE /contacts/imports/{id}") == 1u);
    BOOST_TEST(definitions(eloqua) == 1u); // a sync of them may have run
}

BOOST_AUTO_TEST_CASE(a_contradicted_group_stays_open_in_the_journal) {
    bulk::simulator eloqua;
    bulk::import_options o;
    auto const journal = std::make_shared<memory_journal>();
    o.journal = journal;
    is_contradicted(import_ten(eloqua, fault_plan().from(push, 1, fault::swallow_rows()), o),
                    "sent 10");
    auto const& records = journal->records();
    BOOST_TEST((std::ranges::find(records, "applied") == records.end()));
    BOOST_TEST((std::ranges::find(records, "complete") == records.end()));
    is_contradicted(import_ten(eloqua, {}, o), "sent 10"); // nothing was forgotten
}

BOOST_AUTO_TEST_CASE(one_row_with_several_records) {
    bulk::simulator eloqua;
    for (int i = 0; i != 2; ++i)
        eloqua.add_record("/contacts", {{"C_EmailAddress", "p" + std::to_string(i) + "@x.com"},
                                        {"C_City", "Ghent"}});
    BOOST_TEST(eloqua.count("/contacts") == 2u);
    bulk::import_options o;
    o.update_multiple_matches = true;
    auto const report = import_ten(eloqua, {}, o).value();
    BOOST_TEST((report.proof == import_proof::proven));
    is_contradicted(import_ten(eloqua, fault_plan().from(push, 1, fault::swallow_rows()), o),
                    "sent 10");
}

BOOST_AUTO_TEST_SUITE_END()
