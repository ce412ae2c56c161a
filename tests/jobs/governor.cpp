// SPDX-License-Identifier: BSL-1.0
// Governors: when syncs may start, what waits for what, and who is told. governor_file.cpp tests
// governors that share a file.
#include <eloqua/bulk/governor.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/describe.hpp>
#include <boost/test/unit_test.hpp>

#include "../client/ways.hpp"
#include "governed.hpp"
#include "memory_journal.hpp"
#include "resume.hpp"
#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace {

using namespace governed;

struct contact {
    std::string email;
    using eloqua_fields = bulk::fields<bulk::field<&contact::email, "C_EmailAddress">>;
};
BOOST_DESCRIBE_STRUCT(contact, (), (email))

std::vector<contact> people(int n) {
    std::vector<contact> out;
    for (int i = 0; i != n; ++i)
        out.push_back({"person" + std::to_string(i) + "@example.com"});
    return out;
}

/// Each row is a sync of its own.
bulk::import_options single_rows() {
    bulk::import_options o;
    o.request_bytes = 50;
    o.requests_per_sync = 1;
    return o;
}

bulk::import_definition_t<bulk::contacts_t> import_of_contacts(bool starts_syncs) {
    bulk::import_definition_t<bulk::contacts_t> d;
    d.name = "people";
    d.fields.emplace_back("email", "{{Contact.Field(C_EmailAddress)}}");
    d.identifierFieldName = "email";
    d.isSyncTriggeredOnImport = starts_syncs;
    return d;
}

} // namespace

BOOST_AUTO_TEST_SUITE(governor)

BOOST_FIXTURE_TEST_CASE(the_limit_is_exact_within_any_hour, service) {
    eloqua = limited(3);
    auto client = make(by(few_exports(3)));
    std::string const definition = contact_export(client);
    std::vector<bulk::timestamp> starts;
    std::vector<std::chrono::seconds> const pauses{0s, 100s, 50s, 0s, 0s, 0s, 3600s, 1s, 0s, 0s};
    for (std::chrono::seconds const pause : pauses) {
        eloqua.advance(pause);
        starts.push_back(start(client, definition).value().createdAt.value());
    }
    BOOST_TEST(eloqua.syncs_over_limit() == 0u);
    for (std::size_t i = 3; i != starts.size(); ++i)
        BOOST_TEST((starts[i] - starts[i - 3] >= 1h));
    // The three that had to wait started as soon as it was possible.
    for (std::size_t const i : {3u, 4u, 5u})
        BOOST_TEST((starts[i] - starts[i - 3] == 1h));
}

BOOST_FIXTURE_TEST_CASE(without_a_governor_the_simulator_counts_what_is_too_much, service) {
    eloqua = limited(3);
    auto client = make(nullptr);
    std::string const definition = contact_export(client);
    for (int i = 0; i != 5; ++i)
        BOOST_TEST(start(client, definition).has_value());
    BOOST_TEST(eloqua.syncs_over_limit() == 2u);
    eloqua.advance(1h);
    BOOST_TEST(start(client, definition).has_value());
    BOOST_TEST(eloqua.syncs_over_limit() == 2u);
}

BOOST_FIXTURE_TEST_CASE(the_observer_is_told_why_and_how_long, service) {
    auto client = make(by(few_exports(1)));
    std::string const definition = contact_export(client);
    BOOST_TEST(start(client, definition).has_value());
    BOOST_TEST(seen->reasons.empty());
    eloqua.advance(600s);
    BOOST_TEST(start(client, definition).has_value());
    BOOST_TEST_REQUIRE(seen->reasons.size() == 1u);
    BOOST_TEST(seen->reasons[0] == "the limit of 1 export syncs within an hour is reached at "
                                   "4211@https://secure.p03.eloqua.com");
    BOOST_TEST((seen->delays[0] == 3000s));
}

BOOST_FIXTURE_TEST_CASE(each_kind_has_its_own_limit, service) {
    bulk::governor_options o = few_exports(1);
    o.imports = 2;
    o.sync_actions = 1;
    auto client = make(by(o));
    std::string const exported = contact_export(client);
    auto const actions = client.sync_actions(bulk::contacts);
    auto const defined = actions
                             .create(bulk::define_sync_action(
                                 bulk::contacts, "leave", bulk::contact_identifier::email_address,
                                 bulk::unsubscribe_globally()))
                             .value();
    BOOST_TEST(start(client, exported).has_value());
    BOOST_TEST(start(client, *defined.uri).has_value());
    BOOST_TEST(client
                   .import_rows(bulk::contacts, bulk::identified_by<&contact::email>, people(2),
                                single_rows())
                   .value()
                   .created == 2);
    BOOST_TEST(seen->reasons.empty());
    BOOST_TEST(start(client, *defined.uri).has_value());
    BOOST_TEST_REQUIRE(seen->reasons.size() == 1u);
    BOOST_TEST(has(seen->reasons[0], "the limit of 1 syncs of sync actions within an hour"));
}

BOOST_FIXTURE_TEST_CASE(a_job_that_needs_more_syncs_waits_in_the_middle, service) {
    bulk::simulator_options rules;
    rules.import_syncs_per_hour = 2;
    eloqua = bulk::simulator(rules);
    bulk::governor_options o = at_service_time();
    o.imports = 2;
    auto client = make(by(o));
    auto const begin = eloqua.service_time();
    auto const report = client
                            .import_rows(bulk::contacts, bulk::identified_by<&contact::email>,
                                         people(5), single_rows())
                            .value();
    BOOST_TEST(report.created == 5);
    BOOST_TEST((report.proof == bulk::import_proof::proven));
    BOOST_TEST(eloqua.requests("POST /syncs") == 5u);
    BOOST_TEST(eloqua.syncs_over_limit() == 0u);
    BOOST_TEST((eloqua.service_time() - begin > 2h));
    BOOST_TEST((eloqua.service_time() - begin < 2h + 2min));
    BOOST_TEST(seen->reasons.size() == 2u);
    BOOST_TEST(has(seen->reasons[0], "import syncs"));
}

BOOST_FIXTURE_TEST_CASE(clients_share_it_and_instances_do_not, service) {
    auto const shared = by(few_exports(2));
    auto first = make(shared);
    auto second = make(shared);
    bulk::simulator_options elsewhere;
    elsewhere.site = 7;
    bulk::simulator another(elsewhere);
    bulk::client_options o;
    o.governor = shared;
    bulk::client third(another, me, o);
    std::string const definition = contact_export(first), there = contact_export(third);
    auto const begin = eloqua.service_time();
    BOOST_TEST(start(first, definition).has_value());
    BOOST_TEST(start(second, definition).has_value());
    BOOST_TEST(start(third, there).has_value());
    BOOST_TEST(start(third, there).has_value());
    BOOST_TEST((eloqua.service_time() == begin));
    BOOST_TEST(start(second, definition).has_value());
    BOOST_TEST((eloqua.service_time() - begin == 1h));
}

BOOST_FIXTURE_TEST_CASE(a_refused_start_does_not_count_and_a_lost_one_does, service) {
    auto client = make(by(few_exports(2)));
    std::string const definition = contact_export(client);
    for (int i = 0; i != 5; ++i)
        BOOST_TEST((start(client, "/contacts/exports/999").error().info.status == 400));
    eloqua.inject(bulk::fault_plan().at("POST /syncs", 1, bulk::fault::lose_answer()));
    BOOST_TEST((start(client, definition).error().code == bulk::errc::outcome_unknown));
    BOOST_TEST(start(client, definition).has_value());
    BOOST_TEST(seen->reasons.empty());
    BOOST_TEST(start(client, definition).has_value());
    BOOST_TEST(seen->reasons.size() == 1u);
}

BOOST_FIXTURE_TEST_CASE(a_job_that_finds_its_sync_again_has_started_one, service) {
    eloqua.add_record("/contacts", {{"C_EmailAddress", "a@example.com"}});
    auto client = make(by(few_exports(2)));
    eloqua.inject(bulk::fault_plan().at("POST /syncs", 1, bulk::fault::lose_answer()));
    for (int i = 0; i != 2; ++i) {
        auto source = client.export_rows<contact>(bulk::contacts);
        BOOST_TEST(source.next().value().size() == 1u);
    }
    BOOST_TEST(seen->reasons.empty());
    BOOST_TEST(client.export_rows<contact>(bulk::contacts).next().value().size() == 1u);
    BOOST_TEST(seen->reasons.size() == 1u);
}

BOOST_FIXTURE_TEST_CASE(pushes_that_start_syncs_wait_and_others_do_not, service) {
    bulk::governor_options o = at_service_time();
    o.imports = 2;
    bulk::simulator_options rules;
    rules.import_syncs_per_hour = 2;
    eloqua = bulk::simulator(rules);
    auto client = make(by(o));
    auto const imports = client.imports(bulk::contacts);
    bulk::id const quiet = bulk::id_of(imports.create(import_of_contacts(false)).value()).value();
    bulk::id const busy = bulk::id_of(imports.create(import_of_contacts(true)).value()).value();
    for (int i = 0; i != 5; ++i)
        BOOST_TEST((imports.push(quiet, people(1)).value() == std::nullopt));
    BOOST_TEST(eloqua.requests("GET /contacts/imports/{id}") == 1u);
    BOOST_TEST(imports.push(busy, people(1)).value().has_value());
    BOOST_TEST(imports.push(busy, people(1)).value().has_value());
    BOOST_TEST(seen->reasons.empty());
    BOOST_TEST(imports.push(busy, people(1)).value().has_value());
    BOOST_TEST(seen->reasons.size() == 1u);
    BOOST_TEST((imports.push(quiet, people(1)).value() == std::nullopt));
    BOOST_TEST(eloqua.requests("GET /contacts/imports/{id}") == 2u);
    // A definition that is replaced may start syncs from then on.
    (void)imports.replace(quiet, import_of_contacts(true)).value();
    eloqua.advance(2h);
    for (bulk::id const each : {busy, busy, quiet})
        BOOST_TEST(imports.push(each, people(1)).value().has_value());
    BOOST_TEST(seen->reasons.size() == 2u);
    BOOST_TEST(eloqua.syncs_over_limit() == 0u);
}

BOOST_FIXTURE_TEST_CASE(syncs_that_the_service_starts_unasked_count, service) {
    bulk::simulator_options rules;
    rules.import_syncs_per_hour = 2;
    eloqua = bulk::simulator(rules);
    eloqua.inject(bulk::fault_plan().from("POST /contacts/imports/{id}/data", 1,
                                          bulk::fault::start_by_push()));
    bulk::governor_options o = at_service_time();
    o.imports = 2;
    auto client = make(by(o));
    auto const report = client
                            .import_rows(bulk::contacts, bulk::identified_by<&contact::email>,
                                         people(5), single_rows())
                            .value();
    BOOST_TEST(report.created == 5);
    BOOST_TEST(eloqua.requests("POST /syncs") == 0u);
    BOOST_TEST(eloqua.syncs_over_limit() == 0u);
    BOOST_TEST(seen->reasons.size() == 2u);
}

BOOST_FIXTURE_TEST_CASE(activity_exports_take_turns_even_if_nobody_reads_the_first, service) {
    auto client = make(by(at_service_time()));
    auto first = opens(client), second = visits(client);
    BOOST_TEST(first.prepare().value());
    while (first.checkpoint().sync.empty())
        BOOST_TEST(first.prepare().value());
    BOOST_TEST(second.next().get().value().size() == 0u);
    BOOST_TEST(eloqua.overlapping_activity_exports() == 0u);
    BOOST_TEST_REQUIRE(!seen->reasons.empty());
    BOOST_TEST(seen->reasons[0] == "activity exports take turns: /syncs/1 of "
                                   "/activities/exports/1 is still pending");
    BOOST_TEST(first.next().get().has_value());
    // An export that was read to its end keeps nobody waiting.
    std::size_t const told = seen->reasons.size();
    BOOST_TEST(opens(client).next().get().has_value());
    BOOST_TEST(seen->reasons.size() == told);
}

BOOST_FIXTURE_TEST_CASE(without_a_governor_activity_exports_overlap, service) {
    auto client = make(nullptr);
    auto first = opens(client), second = visits(client);
    while (first.checkpoint().sync.empty())
        BOOST_TEST(first.prepare().value());
    BOOST_TEST(second.next().get().has_value());
    BOOST_TEST(eloqua.overlapping_activity_exports() == 1u);
}

BOOST_FIXTURE_TEST_CASE(direct_calls_take_turns_too, service) {
    auto client = make(by(at_service_time()));
    std::string const definition = activity_export(client);
    BOOST_TEST(start(client, definition).has_value());
    BOOST_TEST(start(client, definition).has_value()); // also a second sync of the same one
    BOOST_TEST(client.run_sync(definition).value().sync.succeeded());
    BOOST_TEST(eloqua.overlapping_activity_exports() == 0u);
    BOOST_TEST(start(client, contact_export(client)).has_value());
    bulk::governor_options o = at_service_time();
    o.activities_take_turns = false;
    auto careless = make(by(o));
    BOOST_TEST(start(careless, definition).has_value());
    BOOST_TEST(start(careless, definition).has_value());
    BOOST_TEST(eloqua.overlapping_activity_exports() == 1u);
}

BOOST_FIXTURE_TEST_CASE(a_sync_that_does_not_exist_any_more_keeps_nobody_waiting, service) {
    auto client = make(by(at_service_time()));
    std::string const definition = activity_export(client);
    BOOST_TEST(start(client, definition).has_value());
    eloqua.intercept([](bulk::request const& q) -> std::optional<bulk::response> {
        if (q.method == bulk::verb::get && q.target.ends_with("/syncs/1"))
            return bulk::response(404, "Not found.", "text/plain");
        return std::nullopt;
    });
    auto const begin = eloqua.service_time();
    BOOST_TEST(start(client, definition).has_value());
    BOOST_TEST((eloqua.service_time() == begin));
}

BOOST_FIXTURE_TEST_CASE(an_endless_sync_ends_the_wait_of_others_by_the_deadline, service) {
    eloqua.inject(bulk::fault_plan().at("POST /syncs", 1, bulk::fault::hold()));
    auto client = make(by(at_service_time()));
    std::string const definition = activity_export(client);
    BOOST_TEST(start(client, definition).has_value());
    auto const begin = eloqua.service_time();
    auto waiting = visits(client);
    bulk::failure const why = waiting.next().get().error();
    BOOST_TEST((why.code == bulk::errc::deadline_exceeded));
    BOOST_TEST(has(why.message(), "the sync of /activities/exports/2 was not started: activity "
                                  "exports take turns: /syncs/1 of /activities/exports/1 is still "
                                  "pending"),
               why.message());
    BOOST_TEST(has(why.message(), "client_options::polling.deadline"));
    BOOST_TEST((eloqua.service_time() - begin > 5h));
    BOOST_TEST((eloqua.service_time() - begin <= 6h));
    BOOST_TEST(eloqua.requests("POST /syncs") == 1u);
    // The other sync cannot be read: the error says what waits for it.
    eloqua.intercept([](bulk::request const& q) -> std::optional<bulk::response> {
        if (q.method == bulk::verb::get && q.target.ends_with("/syncs/1"))
            return bulk::response(403, "Forbidden", "text/plain");
        return std::nullopt;
    });
    bulk::failure const forbidden = waiting.next().get().error();
    BOOST_TEST(forbidden.info.status == 403);
    BOOST_TEST(has(forbidden.message(), "the sync of /activities/exports/2 waits for the end of "
                                        "/syncs/1 of /activities/exports/1"),
               forbidden.message());
    BOOST_TEST(forbidden.info.unsent);
}

BOOST_FIXTURE_TEST_CASE(a_start_of_unknown_outcome_keeps_others_waiting_for_a_while, service) {
    eloqua.inject(bulk::fault_plan().at("POST /syncs", 1, bulk::fault::lose_answer()));
    auto client = make(by(at_service_time()));
    std::string const definition = activity_export(client);
    BOOST_TEST((start(client, definition).error().code == bulk::errc::outcome_unknown));
    auto const begin = eloqua.service_time();
    BOOST_TEST(visits(client).next().get().has_value());
    BOOST_TEST((eloqua.service_time() - begin >= 10min));
    BOOST_TEST((eloqua.service_time() - begin < 11min));
    BOOST_TEST(eloqua.overlapping_activity_exports() == 0u);
    BOOST_TEST(seen->reasons.size() == 1u);
    BOOST_TEST((seen->delays.at(0) == 10min));
    BOOST_TEST(has(seen->reasons.at(0), "a sync of /activities/exports/1 may have been started"));
}

BOOST_FIXTURE_TEST_CASE(a_start_of_unknown_outcome_keeps_its_turn_while_its_sync_runs, service) {
    // The next export is started at once, or when the wait would be over.
    for (std::chrono::minutes const later : {0min, 20min}) {
        eloqua = bulk::simulator();
        seen = std::make_shared<waits>();
        eloqua.inject(bulk::fault_plan().at("POST /syncs", 1, bulk::fault::hold(3600s)));
        auto client = make(by(at_service_time()));
        std::string const definition = activity_export(client);
        lose_starts(true);
        BOOST_TEST(start(client, definition).has_error());
        eloqua.intercept(nullptr);
        auto const begin = eloqua.service_time();
        eloqua.advance(later);
        BOOST_TEST(visits(client).next().get().has_value());
        BOOST_TEST((eloqua.service_time() - begin >= 1h));
        BOOST_TEST((eloqua.service_time() - begin < 1h + 3min));
        BOOST_TEST(eloqua.overlapping_activity_exports() == 0u);
        BOOST_TEST(eloqua.requests("GET /syncs") == 1u);
        BOOST_TEST_REQUIRE(!seen->reasons.empty());
        BOOST_TEST(has(seen->reasons.back(), "/syncs/1 of /activities/exports/1 is still "),
                   seen->reasons.back());
    }
}

BOOST_FIXTURE_TEST_CASE(a_start_that_did_not_happen_is_searched_for_once, service) {
    auto client = make(by(at_service_time()));
    std::string const definition = activity_export(client);
    lose_starts(false);
    BOOST_TEST(start(client, definition).has_error());
    eloqua.advance(20min);
    // While the service refuses the list, it is unknown whether the turn is free.
    eloqua.intercept([](bulk::request const& q) -> std::optional<bulk::response> {
        if (q.method == bulk::verb::get && q.target.find("/syncs?") != q.target.npos)
            return bulk::response(403, "Forbidden", "text/plain");
        return std::nullopt;
    });
    bulk::failure const why = visits(client).next().get().error();
    eloqua.intercept(nullptr);
    BOOST_TEST(why.info.status == 403);
    BOOST_TEST(has(why.message(), "waits for the end of a sync of /activities/exports/1"),
               why.message());
    BOOST_TEST(why.info.unsent);
    auto const begin = eloqua.service_time();
    auto const searches = eloqua.requests("GET /syncs");
    for (int i = 0; i != 2; ++i)
        BOOST_TEST(visits(client).next().get().has_value());
    BOOST_TEST((eloqua.service_time() - begin < 5min));
    BOOST_TEST(eloqua.requests("GET /syncs") == searches + 1);
    BOOST_TEST(seen->reasons.empty());
}

BOOST_FIXTURE_TEST_CASE(a_lost_answer_does_not_delay_the_job_itself, service) {
    eloqua.inject(bulk::fault_plan()
                      .at("POST /syncs", 1, bulk::fault::reset_before())
                      .at("POST /syncs", 2, bulk::fault::lose_answer()));
    auto client = make(by(at_service_time()));
    auto const begin = eloqua.service_time();
    BOOST_TEST(opens(client).next().get().has_value());
    BOOST_TEST((eloqua.service_time() - begin < 5min));
    BOOST_TEST(seen->reasons.empty());
    BOOST_TEST(visits(client).next().get().has_value());
    BOOST_TEST(seen->reasons.empty());
}

BOOST_FIXTURE_TEST_CASE(a_resumed_export_takes_the_place_of_its_own_sync, service) {
    eloqua.inject(bulk::fault_plan().at("POST /syncs", 1, bulk::fault::hold(600s)));
    auto before = make(nullptr);
    auto interrupted = opens(before);
    while (interrupted.checkpoint().sync.empty())
        BOOST_TEST(interrupted.prepare().value());

    auto client = make(by(at_service_time()));
    auto resumed = opens(client, resume(interrupted.checkpoint()));
    (void)resumed.prepare().value(); // finds its sync, and does not wait for it
    BOOST_TEST(seen->reasons.empty());
    auto const begin = eloqua.service_time();
    BOOST_TEST(visits(client).next().get().has_value());
    BOOST_TEST((eloqua.service_time() - begin >= 600s));
    BOOST_TEST(eloqua.overlapping_activity_exports() == 0u);
    BOOST_TEST(has(seen->reasons.at(0), "/syncs/1 of /activities/exports/1"));
    BOOST_TEST(resumed.next().get().has_value());
}

BOOST_FIXTURE_TEST_CASE(a_wait_can_be_cancelled_without_having_started_anything, service) {
    eloqua.add_record("/contacts", {{"C_EmailAddress", "a@example.com"}});
    auto client = make(by(few_exports(1)));
    BOOST_TEST(start(client, contact_export(client)).has_value());
    std::stop_source stop;
    seen->then = [&] { stop.request_stop(); };
    auto source = client.export_rows<contact>(bulk::contacts);
    bulk::failure const why = source.next().get(stop.get_token()).error();
    BOOST_TEST((why.code == boost::system::errc::operation_canceled));
    BOOST_TEST(why.info.unsent);
    BOOST_TEST(eloqua.requests("POST /syncs") == 1u);
    // The same export goes on, without searching for a sync that it never started.
    BOOST_TEST(source.next().value().size() == 1u);
    BOOST_TEST(eloqua.requests("GET /syncs") == 0u);
    BOOST_TEST(eloqua.requests("POST /syncs") == 2u);
}

BOOST_FIXTURE_TEST_CASE(an_asynchronous_wait_is_cancelled_by_its_slot, service) {
    namespace asio = boost::asio;
    asio::io_context context;
    bulk::client_options o = options(by(few_exports(1)));
    bulk::async_client client(
        bulk::posted_transport<bulk::simulator>(context.get_executor(), eloqua), me, o);
    auto blocking = make(nullptr);
    std::string const definition = contact_export(blocking);
    int ended = 0;
    client.run_sync(definition)([&](bulk::result<bulk::sync_run> r) {
        BOOST_TEST(r.has_value());
        ++ended;
    });
    context.run();
    asio::cancellation_signal signal;
    seen->then = [&] { signal.emit(asio::cancellation_type::terminal); };
    auto const begin = eloqua.service_time();
    client.run_sync(definition)(
        asio::bind_cancellation_slot(signal.slot(), [&](bulk::result<bulk::sync_run> r) {
            BOOST_TEST_REQUIRE(r.has_error());
            BOOST_TEST((r.error().code == boost::system::errc::operation_canceled));
            ++ended;
        }));
    context.restart();
    context.run();
    BOOST_TEST(ended == 2);
    BOOST_TEST(seen->reasons.size() == 1u);
    BOOST_TEST((eloqua.service_time() - begin < 1h));
    BOOST_TEST(eloqua.requests("POST /syncs") == 1u);
}

BOOST_FIXTURE_TEST_CASE(a_wait_that_is_destroyed_leaves_nothing, service) {
    namespace asio = boost::asio;
    auto const shared = by(at_service_time());
    auto blocking = make(shared);
    std::string const definition = activity_export(blocking);
    {
        asio::io_context context;
        bulk::async_client client(
            bulk::posted_transport<bulk::simulator>(context.get_executor(), eloqua), me,
            options(shared));
        // Destroyed before its request was sent.
        client.run_sync(definition)([](bulk::result<bulk::sync_run>) {});
        context.run_one();
    }
    BOOST_TEST(eloqua.requests("POST /syncs") == 0u);
    BOOST_TEST(visits(blocking).next().get().has_value());
    BOOST_TEST(seen->reasons.empty());
}

BOOST_FIXTURE_TEST_CASE(rows_that_must_be_sent_once_are_not_in_doubt_after_a_wait, service) {
    eloqua.add_custom_object(172, "Warranties",
                             {bulk::simulated_field("Serial1", bulk::data_type::string, 976)});
    bulk::governor_options o = at_service_time();
    o.imports = 1;
    auto client = make(by(o));
    bulk::record_columns const columns(
        {bulk::attribute_column("id", "Id"),
         bulk::statement_column("serial", "{{CustomObject[172].Field[976]}}")});
    std::vector<bulk::record> rows;
    for (char const* each : {"one", "two"}) {
        bulk::record& made = rows.emplace_back(columns);
        made["serial"] = each;
    }
    bulk::import_options each_row = single_rows();
    auto const journal = std::make_shared<memory_journal>();
    each_row.journal = journal;
    std::stop_source stop;
    // What another process finds if this one is killed during the wait.
    auto const left = std::make_shared<memory_journal>();
    seen->then = [&] {
        *left = *journal;
        stop.request_stop();
    };
    auto const stopped =
        client.import_records(bulk::custom_object(172), columns, "id", rows, each_row)
            .get(stop.get_token());
    BOOST_TEST_REQUIRE(stopped.has_error());
    BOOST_TEST((stopped.error().code == boost::system::errc::operation_canceled));
    each_row.journal = left;
    auto const report =
        client.import_records(bulk::custom_object(172), columns, "id", rows, each_row).value();
    BOOST_TEST(report.unknown_rows.empty());
    BOOST_TEST(report.rows == 2);
    BOOST_TEST(eloqua.count("/customObjects/172") == 2u);
}

BOOST_FIXTURE_TEST_CASE(a_clock_that_is_set_back_delays_by_at_most_an_hour, service) {
    std::chrono::seconds shift{0};
    bulk::governor_options o = few_exports(2);
    o.time_of_day = [this, &shift] { return eloqua.service_time() + shift; };
    auto client = make(by(o));
    std::string const definition = contact_export(client);
    for (int i = 0; i != 2; ++i)
        BOOST_TEST(start(client, definition).has_value());
    shift = -5h;
    auto begin = eloqua.service_time();
    BOOST_TEST(start(client, definition).has_value());
    BOOST_TEST((eloqua.service_time() - begin == 1h));
    // As above, for an activity export whose sync is unknown.
    std::string const activities = activity_export(client);
    eloqua.advance(2h);
    eloqua.inject(bulk::fault_plan().at("POST /syncs", 1, bulk::fault::lose_answer()));
    BOOST_TEST(start(client, activities).has_error());
    shift = -24h;
    begin = eloqua.service_time();
    BOOST_TEST(visits(client).next().get().has_value());
    BOOST_TEST((eloqua.service_time() - begin < 11min));
}

BOOST_FIXTURE_TEST_CASE(a_clock_that_stands_still_ends_in_an_error, service) {
    bulk::governor_options o = few_exports(1);
    o.time_of_day = [] { return bulk::timestamp(std::chrono::hours(500'000)); };
    auto client = make(by(o));
    std::string const definition = contact_export(client);
    BOOST_TEST(start(client, definition).has_value());
    bulk::failure const why = start(client, definition).error();
    BOOST_TEST((why.code == bulk::errc::deadline_exceeded));
    BOOST_TEST((why.code == bulk::condition::try_later));
    BOOST_TEST(has(why.message(), "the sync of /contacts/exports/1 was not started: the limit of 1 "
                                  "export syncs within an hour is reached"),
               why.message());
    BOOST_TEST(has(why.message(), "governor_options::longest_wait"));
    BOOST_TEST(why.info.unsent);
}

BOOST_AUTO_TEST_CASE(options_that_cannot_work_are_refused) {
    auto const message = [](auto change) {
        bulk::governor_options o;
        change(o);
        try {
            bulk::governor const made(o);
        } catch (bulk::error const& e) {
            BOOST_TEST((e.code() == bulk::errc::invalid_argument));
            return std::string(e.what());
        }
        return std::string();
    };
    using options = bulk::governor_options;
    BOOST_TEST(message([](options&) {}).empty());
    BOOST_TEST(has(message([](options& o) { o.exports = 0; }), "governor_options::exports is 0"));
    BOOST_TEST(has(message([](options& o) { o.imports = -1; }), "governor_options::imports is -1"));
    BOOST_TEST(has(message([](options& o) { o.sync_actions = 100'001; }), "sync_actions"));
    BOOST_TEST(has(message([](options& o) { o.window = 0s; }), "window"));
    BOOST_TEST(has(message([](options& o) { o.window = 169h; }), "window"));
    BOOST_TEST(has(message([](options& o) { o.look_again = 0s; }), "look_again"));
    BOOST_TEST(has(message([](options& o) { o.look_again = 2h; }), "look_again"));
    BOOST_TEST(has(message([](options& o) { o.unknown_sync = -1s; }), "unknown_sync"));
    BOOST_TEST(has(message([](options& o) { o.longest_wait = -1s; }), "longest_wait"));
}

BOOST_AUTO_TEST_CASE(threads_share_the_limit_exactly) {
    bulk::governor_options o;
    o.exports = 500;
    bulk::governor shared(o);
    std::atomic<int> allowed{0};
    std::vector<std::thread> threads;
    for (int t = 0; t != 4; ++t)
        threads.emplace_back([&] {
            for (int i = 0; i != 200; ++i) {
                auto const now =
                    shared.book().try_start("4211@x", bulk::sync_kind::exports, "").value();
                if (now.number == 0)
                    continue;
                ++allowed;
                shared.book().settle("4211@x", {now.number, 0, true, true, std::nullopt});
            }
        });
    for (std::thread& each : threads)
        each.join();
    BOOST_TEST(allowed == 500);
}

BOOST_AUTO_TEST_SUITE_END()
