// SPDX-License-Identifier: BSL-1.0
// Records of custom objects and events, imported by their ids: rows in which these are blank create
// records each time they are applied.
#include <eloqua/bulk.hpp>
#include <eloqua/bulk/simulator.hpp>

#include <boost/describe.hpp>
#include <boost/test/unit_test.hpp>

#include "memory_journal.hpp"
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bulk = eloqua::bulk;
using namespace std::chrono_literals;

namespace {

struct warranty {
    std::optional<std::int64_t> id;
    std::string external_id;
    std::string serial;
    std::optional<std::chrono::sys_seconds> created;
    using eloqua_fields =
        bulk::fields<bulk::attribute<&warranty::id, "Id">,
                     bulk::attribute<&warranty::external_id, "ExternalId">,
                     bulk::statement<&warranty::serial, "{{CustomObject[172].Field[976]}}">,
                     bulk::attribute<&warranty::created, "CreatedAt">>;
};
BOOST_DESCRIBE_STRUCT(warranty, (), (id, external_id, serial, created))

struct registrant {
    std::string external_id;
    std::string serial;
    std::optional<std::int64_t> id;
    using eloqua_fields =
        bulk::fields<bulk::attribute<&registrant::external_id, "ExternalId">,
                     bulk::statement<&registrant::serial, "{{Event[9].Field[976]}}">,
                     bulk::attribute<&registrant::id, "Id">>;
};
BOOST_DESCRIBE_STRUCT(registrant, (), (external_id, serial, id))

/// Fields of which the program knows only the names.
struct named {
    std::string key;
    std::string serial;
    using eloqua_fields = bulk::fields<bulk::runtime_field<&named::key, "DataCardIDExt">,
                                       bulk::runtime_field<&named::serial, "Serial1">>;
};
BOOST_DESCRIBE_STRUCT(named, (), (key, serial))

/// The external id under its name in the list of fields.
struct by_name {
    std::string key;
    std::string serial;
    using eloqua_fields =
        bulk::fields<bulk::field<&by_name::key, "DataCardIDExt">,
                     bulk::statement<&by_name::serial, "{{CustomObject[172].Field[976]}}">>;
};
BOOST_DESCRIBE_STRUCT(by_name, (), (key, serial))

static_assert(bulk::identifier_of<&warranty::id, warranty, bulk::custom_object>);
static_assert(bulk::identifier_of<&warranty::external_id, warranty, bulk::custom_object>);
static_assert(bulk::identifier_of<&warranty::serial, warranty, bulk::custom_object>);
static_assert(!bulk::identifier_of<&warranty::created, warranty, bulk::custom_object>);
static_assert(bulk::identifier_of<&registrant::external_id, registrant, bulk::event>);
static_assert(!bulk::identifier_of<&registrant::id, registrant, bulk::event>);

auto const by_external_id = bulk::identified_by<&warranty::external_id>;
auto const by_id = bulk::identified_by<&warranty::id>;
bulk::custom_object const warranties(172);
char const* const pushes = "POST /customObjects/{parentId}/imports/{id}/data";

struct instance {
    explicit instance(bulk::simulator_options options = bulk::simulator_options())
        : eloqua(std::move(options)) {
        std::vector<bulk::simulated_field> const fields{
            bulk::simulated_field("Serial1", bulk::data_type::string, 976)};
        eloqua.add_custom_object(172, "Warranty", fields);
        eloqua.add_event(9, "Fair", fields);
        for (char const* serial : {"a", "b"}) {
            eloqua.add_record("/customObjects/172", {{"Serial1", serial}});
            eloqua.add_record("/events/9", {{"Serial1", serial}});
        }
    }
    bulk::client client() const {
        bulk::client_options options;
        options.seed = 1;
        return {eloqua, bulk::basic_credentials{"Company", "user", "secret"}, options};
    }
    std::string external_id(std::int64_t record) {
        return eloqua.value("/customObjects/172", record, "ExternalId");
    }
    /// The values of all records, in order.
    std::string serials() {
        std::string all;
        for (std::size_t i = 0; i != eloqua.count("/customObjects/172"); ++i)
            all += eloqua.value("/customObjects/172", 1001 + std::int64_t(i), "Serial1") + ' ';
        return all;
    }
    void inject(char const* endpoint, bulk::fault what) {
        bulk::fault_plan plan;
        plan.from(endpoint, 1, std::move(what));
        eloqua.inject(plan);
    }

    bulk::simulator eloqua;
};

/// Two new rows, and the first existing one.
std::vector<warranty> rows_of(instance& w) {
    return {{{}, "", "new1", {}}, {{}, w.external_id(1001), "A", {}}, {{}, "", "new2", {}}};
}
bulk::import_options with(std::shared_ptr<memory_journal> journal) {
    bulk::import_options options;
    options.journal = std::move(journal);
    return options;
}
bool has(std::string const& text, std::string_view part) {
    return text.find(part) != text.npos;
}

} // namespace

BOOST_AUTO_TEST_SUITE(object_ids)

BOOST_AUTO_TEST_CASE(blank_external_ids_create_records_and_known_ones_update_them) {
    instance w;
    auto const report =
        w.client().import_rows(warranties, by_external_id, rows_of(w)).get().value();
    BOOST_TEST(report.created == 2);
    BOOST_TEST(report.updated == 1);
    BOOST_TEST(report.rejected == 0);
    BOOST_TEST((report.proof == bulk::import_proof::proven));
    BOOST_TEST(report.unknown_rows.empty());
    BOOST_TEST(w.serials() == "A b new1 new2 ");
}

BOOST_AUTO_TEST_CASE(blank_ids_create_records_and_known_ones_update_them) {
    instance w;
    std::vector<warranty> const rows{{{}, "not sent", "new", {}}, {1002, "nor this", "B", {}}};
    auto const report = w.client().import_rows(warranties, by_id, rows).get().value();
    BOOST_TEST(report.created == 1);
    BOOST_TEST(report.updated == 1);
    BOOST_TEST(w.serials() == "a B new ");
}

BOOST_AUTO_TEST_CASE(only_imports_that_match_by_ids_send_them) {
    instance w;
    std::vector<warranty> const rows{{1001, "x", "b", {}}};
    bulk::import_options options;
    options.rows = bulk::rows_format::csv;
    std::string sent, fields;
    w.eloqua.intercept([&](bulk::request const& q) -> std::optional<bulk::response> {
        if (q.method == bulk::verb::post && q.target.ends_with("/imports"))
            fields = q.body;
        if (q.method == bulk::verb::post && q.target.ends_with("/data"))
            sent = q.body;
        return std::nullopt;
    });
    auto const run = [&](auto by) {
        (void)w.client().import_rows(warranties, by, rows, options).get();
    };
    run(bulk::identified_by<&warranty::serial>);
    BOOST_TEST(sent == "serial\r\nb\r\n");
    BOOST_TEST(!has(fields, "Id}}"));
    run(by_id);
    BOOST_TEST(sent == "id,serial\r\n1001,b\r\n");
    BOOST_TEST(has(fields, R"("id":"{{CustomObject[172].Id}}")"));
    run(by_external_id);
    BOOST_TEST(sent == "external_id,serial\r\nx,b\r\n");
}

BOOST_AUTO_TEST_CASE(an_unknown_id_is_rejected_and_its_row_is_named) {
    instance w;
    std::vector<warranty> rows = rows_of(w);
    rows[1].external_id = "DCELOQ000000009999";
    auto const report = w.client().import_rows(warranties, by_external_id, rows).get().value();
    BOOST_REQUIRE(report.rejects.size() == 1u);
    BOOST_TEST(report.rejects[0].row_index == 1u);
    BOOST_TEST((report.rejects[0].reason == bulk::elq::unmatched_record));
    BOOST_TEST(report.created == 2);
}

BOOST_AUTO_TEST_CASE(rejects_with_blank_ids_name_candidates_by_number) {
    instance w;
    bulk::fault_plan plan;
    plan.at("POST /syncs", 1, bulk::fault::reject(1, 1, bulk::elq::malformed_record));
    w.eloqua.inject(plan);
    auto const report =
        w.client().import_rows(warranties, by_external_id, rows_of(w)).get().value();
    BOOST_REQUIRE(!report.rejects.empty());
    for (auto const& each : report.rejects)
        if (!each.row || each.row->serial != "A") {
            BOOST_TEST(each.row_index == each.unknown);
            BOOST_TEST(each.candidates.size() == 1u);
        }
}

BOOST_AUTO_TEST_CASE(after_a_failed_sync_rows_with_blank_ids_are_listed_and_never_pushed_again) {
    for (bool const journaled : {false, true}) {
        instance w;
        w.inject("POST /syncs", bulk::fault::fail(bulk::elq::temporary_error, true));
        auto const journal = journaled ? std::make_shared<memory_journal>() : nullptr;
        for (int run = 1; run != 3; ++run) {
            auto const done =
                w.client().import_rows(warranties, by_external_id, rows_of(w), with(journal)).get();
            BOOST_REQUIRE(!done);
            bulk::failure const& why = done.error();
            BOOST_TEST(why.code == make_error_code(bulk::errc::outcome_unknown), why.message());
            BOOST_TEST((why.code != bulk::condition::try_later));
            BOOST_TEST(has(why.message(), "which may or may not have created records: 0, 2;"),
                       why.message());
            auto const* const so_far = bulk::report_so_far<warranty>(why);
            BOOST_REQUIRE(so_far);
            BOOST_TEST(so_far->unknown_rows == (std::vector<std::size_t>{0, 2}),
                       boost::test_tools::per_element());
            BOOST_TEST(has(bulk::to_json(*so_far), R"("unknown_rows":[0,2])"));
            if (!journaled)
                break;
        }
        BOOST_TEST(w.eloqua.requests(pushes) == 1u);
        BOOST_TEST(w.eloqua.requests("POST /syncs") == 1u);
        BOOST_TEST(w.eloqua.count("/customObjects/172") == 4u);
    }
}

BOOST_AUTO_TEST_CASE(an_external_id_is_recognised_under_every_name) {
    instance w;
    w.inject("POST /syncs", bulk::fault::fail(bulk::elq::temporary_error, true));
    auto const journal = std::make_shared<memory_journal>();
    std::vector<by_name> const rows{{"", "new"}};
    bulk::import_options options = with(journal);
    options.check_fields = false; // which only knows its statement
    for (int run = 1; run != 3; ++run) {
        auto const done =
            w.client()
                .import_rows(warranties, bulk::identified_by<&by_name::key>, rows, options)
                .get();
        BOOST_REQUIRE(!done);
        BOOST_TEST(done.error().code == make_error_code(bulk::errc::outcome_unknown));
    }
    BOOST_TEST(w.eloqua.requests(pushes) == 1u);
    BOOST_TEST(w.eloqua.count("/customObjects/172") == 3u);
}

BOOST_AUTO_TEST_CASE(after_a_refused_start_the_next_run_pushes_the_rows) {
    instance w;
    auto const journal = std::make_shared<memory_journal>();
    bool refuses = true;
    w.eloqua.intercept([&](bulk::request const& q) -> std::optional<bulk::response> {
        bool const starts = q.method == bulk::verb::post && q.target.ends_with("/syncs");
        return starts && refuses ? std::optional(bulk::response(403, "not today")) : std::nullopt;
    });
    auto const run = [&] {
        return w.client().import_rows(warranties, by_external_id, rows_of(w), with(journal)).get();
    };
    auto const refused = run();
    BOOST_REQUIRE(!refused);
    BOOST_TEST(refused.error().code == bulk::error_code(403, bulk::http_category()));
    BOOST_TEST(bulk::report_so_far<warranty>(refused.error())->unknown_rows.empty());
    refuses = false;
    BOOST_TEST(run().value().created == 2);
    BOOST_TEST(w.eloqua.count("/customObjects/172") == 4u);
}

BOOST_AUTO_TEST_CASE(a_deleted_sync_leaves_the_outcome_unknown) {
    instance w;
    auto const journal = std::make_shared<memory_journal>();
    w.inject("GET /syncs/{id}", bulk::fault::server_error(3));
    auto const run = [&] {
        return w.client().import_rows(warranties, by_external_id, rows_of(w), with(journal)).get();
    };
    BOOST_TEST(!run());
    w.inject("GET /syncs/{id}", bulk::fault::other_status(404));
    auto const gone = run();
    BOOST_REQUIRE(!gone);
    BOOST_TEST(gone.error().code == make_error_code(bulk::errc::outcome_unknown),
               gone.error().message());
    BOOST_TEST(!has(gone.error().message(), "start over"), gone.error().message());
    BOOST_TEST(bulk::report_so_far<warranty>(gone.error())->unknown_rows.size() == 2u);
    BOOST_TEST(w.eloqua.requests(pushes) == 1u);
}

BOOST_AUTO_TEST_CASE(more_records_than_rows_are_not_a_success) {
    instance w;
    w.eloqua.intercept([&](bulk::request const& q) -> std::optional<bulk::response> {
        if (q.target.find("/logs") == q.target.npos)
            return std::nullopt;
        return bulk::response(200, R"({"items":[
            {"statusCode":"ELQ-00130","count":3,"severity":"information"},
            {"statusCode":"ELQ-00001","count":3,"severity":"information"},
            {"statusCode":"ELQ-00007","count":4,"severity":"information"},
            {"statusCode":"ELQ-00012","count":1,"severity":"information"}],"hasMore":false})");
    });
    auto const done = w.client().import_rows(warranties, by_external_id, rows_of(w)).get();
    BOOST_REQUIRE(!done);
    BOOST_TEST(done.error().code == make_error_code(bulk::errc::rows_unaccounted),
               done.error().message());
    BOOST_TEST(bulk::report_so_far<warranty>(done.error())->unknown_rows.size() == 2u);
}

BOOST_AUTO_TEST_CASE(rows_that_all_have_ids_are_pushed_again) {
    instance w;
    std::vector<warranty> rows = rows_of(w);
    rows = {rows[1]};
    auto const journal = std::make_shared<memory_journal>();
    auto const run = [&] {
        return w.client().import_rows(warranties, by_external_id, rows, with(journal)).get();
    };
    w.inject("POST /syncs", bulk::fault::fail(bulk::elq::temporary_error));
    auto const failed = run();
    BOOST_REQUIRE(!failed);
    BOOST_TEST((failed.error().code == bulk::condition::try_later));
    w.eloqua.inject(std::nullopt);
    BOOST_TEST(run().value().updated == 1);
    BOOST_TEST(w.serials() == "A b ");
}

BOOST_AUTO_TEST_CASE(a_sync_that_is_not_found_leaves_the_outcome_unknown) {
    instance w;
    w.inject("POST /syncs", bulk::fault::server_error(3));
    auto const journal = std::make_shared<memory_journal>();
    for (int run = 1; run != 3; ++run) {
        auto const done =
            w.client().import_rows(warranties, by_external_id, rows_of(w), with(journal)).get();
        BOOST_REQUIRE(!done);
        BOOST_TEST(done.error().code == make_error_code(bulk::errc::outcome_unknown),
                   done.error().message());
        BOOST_TEST(has(done.error().message(), "created records: 0, 2;"), done.error().message());
        BOOST_TEST(w.eloqua.requests(pushes) == 1u);
        w.eloqua.inject(std::nullopt);
    }
    BOOST_TEST(w.eloqua.count("/customObjects/172") == 2u);
}

BOOST_AUTO_TEST_CASE(a_sync_is_found_after_a_lost_response) {
    instance w;
    bulk::fault_plan plan;
    plan.at("POST /syncs", 1, bulk::fault::lose_answer());
    w.eloqua.inject(plan);
    BOOST_TEST(
        w.client().import_rows(warranties, by_external_id, rows_of(w)).get().value().created == 2);
    BOOST_TEST(w.eloqua.count("/customObjects/172") == 4u);
}

BOOST_AUTO_TEST_CASE(a_push_with_a_lost_response_creates_records_once) {
    for (bool const by_itself : {false, true}) {
        instance w;
        bulk::fault_plan plan;
        plan.at(pushes, 1, bulk::fault::lose_answer());
        w.eloqua.inject(plan);
        // A service that starts a sync at each push, whatever the definition says.
        if (by_itself)
            w.eloqua.intercept([&, before = true](bulk::request const& q) mutable
                                   -> std::optional<bulk::response> {
                if (!before || q.method != bulk::verb::post || !q.target.ends_with("/data"))
                    return std::nullopt;
                before = false;
                std::string const body = R"({"syncedInstanceUri":")" +
                                         q.target.substr(13, q.target.size() - 13 - 5) + R"("})";
                bulk::request start(bulk::verb::post, q.to, "/API/Bulk/2.0/syncs");
                start.fields = q.fields;
                start.fields.set("Content-Type", "application/json");
                start.body = body;
                (void)w.eloqua.handle(q);
                (void)w.eloqua.handle(start);
                return bulk::response(500);
            });
        auto const done = w.client().import_rows(warranties, by_external_id, rows_of(w)).get();
        BOOST_TEST((done || done.error().code == make_error_code(bulk::errc::outcome_unknown)));
        BOOST_TEST(w.eloqua.count("/customObjects/172") == 4u, w.serials());
    }
}

BOOST_AUTO_TEST_CASE(rows_pushed_before_a_crash_are_pushed_once_more) {
    instance w;
    auto const journal = std::make_shared<memory_journal>();
    w.inject(pushes, bulk::fault::lose_answer());
    BOOST_TEST(
        !w.client().import_rows(warranties, by_external_id, rows_of(w), with(journal)).get());
    w.eloqua.inject(std::nullopt);
    auto const done =
        w.client().import_rows(warranties, by_external_id, rows_of(w), with(journal)).get();
    BOOST_TEST(done.value().created == 2);
    BOOST_TEST(w.eloqua.count("/customObjects/172") == 4u);
}

BOOST_AUTO_TEST_CASE(registrants_have_external_ids_if_the_service_accepts_them) {
    auto const by = bulk::identified_by<&registrant::external_id>;
    std::vector<registrant> const rows{{"", "new", {}}, {"ERELOQ000000001001", "A", {}}};
    instance w;
    BOOST_TEST(w.client().import_rows(bulk::event(9), by, rows).get().value().created == 1);
    BOOST_TEST(w.eloqua.value("/events/9", 1001, "Serial1") == "A");

    bulk::simulator_options options;
    options.event_imports_take_external_ids = false;
    instance other(options);
    auto const refused = other.client().import_rows(bulk::event(9), by, rows).get();
    BOOST_REQUIRE(!refused);
    BOOST_TEST(refused.error().code == bulk::error_code(400, bulk::http_category()));
}

BOOST_AUTO_TEST_CASE(lists_of_fields_have_the_system_values) {
    instance w;
    bulk::client const client = w.client();
    std::string keys;
    for (bulk::record_column const& each : client.columns(warranties).get().value())
        keys += each.key + ' ';
    BOOST_TEST(keys == "Id DataCardIDExt CreatedAt UpdatedAt Serial1 ");
    BOOST_TEST(client.check<warranty>(warranties).get().value().findings.empty());
    BOOST_TEST(client.check<warranty>(warranties, by_external_id).get().value().findings.empty());
}

BOOST_AUTO_TEST_CASE(rows_that_are_resolved_can_be_matched_by_external_ids) {
    instance w;
    bulk::client const client = w.client();
    auto const resolved = client.resolve<named>(warranties).get().value();
    std::vector<named> const rows{{"", "new"}, {w.external_id(1002), "B"}};
    auto const report =
        client.import_rows(resolved, bulk::identified_by<&named::key>, rows).get().value();
    BOOST_TEST(report.created == 1);
    BOOST_TEST(w.serials() == "a B new ");
    std::string read;
    for (named const& each : client.export_rows<named>(resolved))
        read += each.key + '=' + each.serial + ' ';
    BOOST_TEST(read == "DCELOQ000000001001=a DCELOQ000000001002=B DCELOQ000000001003=new ");
    // If the import matches by another column, it is left out.
    std::vector<named> const others{{"not sent", "a"}};
    BOOST_TEST(client.import_rows(resolved, bulk::identified_by<&named::serial>, others)
                   .get()
                   .value()
                   .updated == 1);

    auto const by_time = bulk::bind_fields<named>(
        warranties, bulk::bound_to<&named::key>("{{CustomObject[172].CreatedAt}}"),
        bulk::bound_to<&named::serial>(976));
    auto const refused =
        client.import_rows(by_time, bulk::identified_by<&named::key>, others).get();
    BOOST_REQUIRE(!refused);
    BOOST_TEST(refused.error().code == make_error_code(bulk::errc::invalid_argument));
}

BOOST_AUTO_TEST_CASE(records_can_be_matched_by_external_ids) {
    instance w;
    bulk::client const client = w.client();
    bulk::record_columns const columns(client.columns(warranties).get().value());
    std::vector<bulk::record> rows(2, bulk::record(columns));
    rows[0]["Serial1"] = "new";
    rows[1]["DataCardIDExt"] = w.external_id(1001);
    rows[1]["Serial1"] = "A";
    auto const report =
        client.import_records(warranties, columns, "DataCardIDExt", rows).get().value();
    BOOST_TEST(report.created == 1);
    BOOST_TEST(report.updated == 1);
    BOOST_TEST(w.serials() == "A b new ");
    BOOST_CHECK_THROW((void)client.import_records(warranties, columns, "CreatedAt", rows),
                      bulk::error);
}

BOOST_AUTO_TEST_SUITE_END()
