// SPDX-License-Identifier: BSL-1.0
// Exports: every row once, in order, or an error that says what is missing.
#include <eloqua/bulk/simulator.hpp>
#include <eloqua/bulk/simulator/fault_plan.hpp>

#include <boost/describe.hpp>
#include <boost/test/unit_test.hpp>

#include "export_script.hpp"
#include <algorithm>
#include <chrono>
#include <memory_resource>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace bulk = eloqua::bulk;
using namespace export_script;

namespace {

struct contact_view {
    std::string_view email;
    std::optional<std::string_view> number;
};
BOOST_DESCRIBE_STRUCT(contact_view, (), (email, number))

struct pmr_contact {
    std::pmr::string email;
    int number = -1;
};
BOOST_DESCRIBE_STRUCT(pmr_contact, (), (email, number))

struct generated {
    std::string email;
    std::int64_t id = 0;
    using eloqua_fields = bulk::fields<bulk::field<&generated::email, "C_EmailAddress">,
                                       bulk::attribute<&generated::id, "Id">>;
};
BOOST_DESCRIBE_STRUCT(generated, (), (email, id))

bulk::export_options pages_of(int rows) {
    bulk::export_options o;
    o.page_rows = rows;
    return o;
}

/// The failure in which reading an export to its end results.
bulk::failure failure_of(bulk::scripted_transport const& script, int page_rows) {
    bulk::client client(script, me, options());
    auto source = client.export_rows<contact>(bulk::contacts, bulk::all_rows, pages_of(page_rows));
    auto const came = source.for_each([](contact const&) {}).get();
    BOOST_TEST_REQUIRE(came.has_error());
    BOOST_CHECK_THROW((void)source.receipt(), bulk::error);
    return came.error();
}

bool has(std::string const& text, std::string_view part) {
    return text.find(part) != text.npos;
}

} // namespace

BOOST_AUTO_TEST_SUITE(export_rows)

BOOST_AUTO_TEST_CASE(reads_all_pages_in_order_and_deletes_the_definition) {
    auto script = begin(5);
    page(script, 2, 0, rows(0, 2, R"(,"totalResults":5,"hasMore":true)"));
    page(script, 2, 2, rows(2, 2, R"(,"totalResults":5,"hasMore":true)"));
    page(script, 2, 4, rows(4, 1, R"(,"totalResults":5,"hasMore":false)"));
    removal(script);
    bulk::client client(script, me, options());
    auto source = client.export_rows<contact>(bulk::contacts, bulk::all_rows, pages_of(2));
    BOOST_TEST(numbers(source) == upto(5), boost::test_tools::per_element());
    bulk::export_receipt const& r = source.receipt();
    BOOST_TEST(r.rows == 5);
    BOOST_TEST(r.total_results.value() == 5);
    BOOST_TEST(r.logged.value() == 5);
    BOOST_TEST(r.requests == 3u);
    BOOST_TEST(r.definition_deleted);
    BOOST_TEST(script.finished());
    std::string const definition = script.requests()[0].body;
    BOOST_TEST(has(definition, R"("dataRetentionDuration":"P1D")"));
    BOOST_TEST(has(definition, R"("autoDeleteDuration":"P3D")"));
    BOOST_TEST(has(definition, R"("areSystemTimestampsInUTC":true)"));
    BOOST_TEST(has(definition, R"("number":"{{Contact.Field(number)}}")"));
}

BOOST_AUTO_TEST_CASE(a_count_of_zero_with_rows_is_accepted) {
    auto script = begin();
    page(script, 9, 0, rows(0, 2, R"(,"totalResults":2,"count":0,"hasMore":false)"));
    removal(script);
    bulk::client client(script, me, options());
    auto source = client.export_rows<contact>(bulk::contacts, bulk::all_rows, pages_of(9));
    BOOST_TEST(numbers(source) == upto(2), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(an_empty_export_may_lack_its_items) {
    auto script = begin(0);
    page(script, 9, 0, R"({"totalResults":0,"hasMore":false})");
    removal(script);
    bulk::client client(script, me, options());
    auto source = client.export_rows<contact>(bulk::contacts, bulk::all_rows, pages_of(9));
    BOOST_TEST(numbers(source).empty());
    BOOST_TEST(source.receipt().rows == 0);
}

BOOST_AUTO_TEST_CASE(missing_items_although_rows_are_announced) {
    auto script = begin();
    page(script, 2, 0, R"({"totalResults":2,"hasMore":false})");
    bulk::failure const why = failure_of(script, 2);
    BOOST_TEST((why.code == bulk::errc::rows_missing));
    BOOST_TEST(has(why.message(), "totalResults 2"));
    BOOST_TEST(has(why.message(), "/syncs/6/data?limit=2&offset=0"));
}

BOOST_AUTO_TEST_CASE(an_empty_page_that_announces_more_is_an_error_not_a_loop) {
    auto script = begin();
    page(script, 2, 0, rows(0, 2, R"(,"hasMore":true)"));
    page(script, 2, 2, R"({"items":[],"hasMore":true})");
    BOOST_TEST((failure_of(script, 2).code == bulk::errc::empty_page));
    BOOST_TEST(script.finished());
}

BOOST_AUTO_TEST_CASE(changing_total) {
    auto script = begin();
    page(script, 2, 0, rows(0, 2, R"(,"totalResults":5,"hasMore":true)"));
    page(script, 2, 2, rows(2, 2, R"(,"totalResults":4,"hasMore":false)"));
    bulk::failure const why = failure_of(script, 2);
    BOOST_TEST((why.code == bulk::errc::total_changed));
    BOOST_TEST(has(why.message(), "totalResults 4"));
    BOOST_TEST(has(why.message(), "earlier the total was 5"));
}

BOOST_AUTO_TEST_CASE(short_page) {
    auto script = begin();
    page(script, 3, 0, rows(0, 2, R"(,"totalResults":5,"hasMore":true)"));
    bulk::failure const why = failure_of(script, 3);
    BOOST_TEST((why.code == bulk::errc::short_page));
    BOOST_TEST(has(why.message(), "has 2 rows"));
    BOOST_TEST(has(why.message(), "must have 3"));
}

BOOST_AUTO_TEST_CASE(a_page_that_states_a_smaller_limit_is_not_short) {
    auto script = begin(3);
    page(script, 9, 0, rows(0, 2, R"(,"totalResults":3,"limit":2,"hasMore":true)"));
    page(script, 9, 2, rows(2, 1, R"(,"totalResults":3,"limit":2,"hasMore":false)"));
    removal(script);
    bulk::client client(script, me, options());
    auto source = client.export_rows<contact>(bulk::contacts, bulk::all_rows, pages_of(9));
    BOOST_TEST(numbers(source) == upto(3), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(an_end_before_the_total) {
    auto script = begin();
    page(script, 2, 0, rows(0, 2, R"(,"totalResults":5,"hasMore":false)"));
    BOOST_TEST((failure_of(script, 2).code == bulk::errc::rows_missing));
}

BOOST_AUTO_TEST_CASE(more_rows_than_the_total) {
    auto script = begin();
    page(script, 9, 0, rows(0, 3, R"(,"totalResults":2,"hasMore":false)"));
    BOOST_TEST((failure_of(script, 9).code == bulk::errc::too_many_rows));
}

BOOST_AUTO_TEST_CASE(the_log_states_another_number) {
    auto script = begin(7);
    page(script, 9, 0, rows(0, 3, R"(,"totalResults":3,"hasMore":false)"));
    bulk::failure const why = failure_of(script, 9);
    BOOST_TEST((why.code == bulk::errc::count_mismatch));
    BOOST_TEST(has(why.message(), "3 rows were received, but the sync's log says 7"));
}

BOOST_AUTO_TEST_CASE(a_broken_page_resumes_after_the_last_row_at_every_cut) {
    std::string const body = rows(0, 3, R"(,"totalResults":3,"hasMore":false)");
    std::string const end = R"(,"totalResults":3,"hasMore":false)";
    for (std::size_t cut = 0; cut <= body.size(); ++cut) {
        auto script = begin(3);
        page(script, 9, 0, body).cut_after(cut);
        int whole = 0; // rows whose closing brace arrived
        for (std::size_t at = body.find('}'); at < cut && whole < 3; at = body.find('}', at + 1))
            ++whole;
        int const last = std::max(whole - 1, 0); // the last complete row is sent again
        page(script, 9, last, rows(last, 3 - last, end));
        removal(script);
        bulk::client client(script, me, options());
        auto source = client.export_rows<contact>(bulk::contacts, bulk::all_rows, pages_of(9));
        BOOST_TEST(numbers(source) == upto(3), boost::test_tools::per_element());
        BOOST_TEST(source.receipt().retries == 1u);
        BOOST_TEST(script.finished());
    }
}

BOOST_AUTO_TEST_CASE(a_page_that_keeps_breaking_fails_and_can_be_resumed) {
    auto script = begin(3);
    std::string const end = R"(,"totalResults":3,"hasMore":false)";
    page(script, 9, 0, rows(0, 3, end)).cut_after(60); // one row is complete
    page(script, 9, 0, rows(0, 3, end));
    removal(script);
    auto o = options();
    o.retry.attempts = 1;
    bulk::client client(script, me, o);
    auto source = client.export_rows<contact>(bulk::contacts, bulk::all_rows, pages_of(9));
    std::vector<int> got;
    auto collect = [&](contact const& c) { got.push_back(c.number); };
    auto const broken = source.for_each(collect).get();
    BOOST_TEST((broken.error().code == bulk::condition::try_later));
    BOOST_TEST(source.for_each(collect).get().value() == 2);
    BOOST_TEST(got == upto(3), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_page_that_breaks_without_a_new_row_is_not_requested_endlessly) {
    auto script = begin();
    for (int i = 0; i != 20; ++i)
        page(script, 9, 0, rows(0, 3, "")).cut_after(5);
    bulk::failure const why = failure_of(script, 9);
    BOOST_TEST((why.code == bulk::condition::try_later));
    BOOST_TEST(why.info.attempts == options().retry.attempts);
}

BOOST_AUTO_TEST_CASE(rows_left_by_a_pass_or_a_broken_batch_are_not_lost) {
    {
        auto script = begin(4);
        page(script, 9, 0, rows(0, 4, R"(,"totalResults":4,"hasMore":false)"));
        removal(script);
        bulk::client client(script, me, options());
        auto source = client.export_rows<contact>(bulk::contacts, bulk::all_rows, pages_of(9));
        for (contact const& c : source)
            if (c.number == 1)
                break;
        std::vector<int> rest;
        auto const n = source.for_each([&](contact const& c) { rest.push_back(c.number); }).get();
        BOOST_TEST(n.value() == 3);
        BOOST_TEST(rest == (std::vector<int>{1, 2, 3}), boost::test_tools::per_element());
    }
    auto script = begin(4);
    std::string const end = R"(,"totalResults":4,"hasMore":false)";
    page(script, 9, 0, rows(0, 4, end)).cut_after(110); // two rows are complete
    page(script, 9, 1, rows(1, 3, end));
    removal(script);
    auto o = options();
    o.retry.attempts = 1;
    bulk::client client(script, me, o);
    auto source = client.export_rows<contact>(bulk::contacts, bulk::all_rows, pages_of(9));
    BOOST_TEST(source.next().get().has_error());
    std::vector<int> got;
    auto const n = source.for_each([&](contact const& c) { got.push_back(c.number); }).get();
    BOOST_TEST(n.value() == 4);
    BOOST_TEST(got == upto(4), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(an_object_that_is_not_a_page_is_not_an_empty_export) {
    for (char const* body : {"{}", R"({"message":"internal problem"})", R"({"items":null})"}) {
        auto script = begin();
        page(script, 9, 0, body);
        bulk::failure const why = failure_of(script, 9);
        BOOST_TEST((why.code == bulk::errc::malformed_response));
        BOOST_TEST(has(why.message(), "no 'items'"));
    }
}

BOOST_AUTO_TEST_CASE(a_batch_has_at_least_one_row) {
    bulk::export_options o;
    o.batch_rows = 0;
    bulk::scripted_transport script;
    auto source =
        bulk::client(script, me, options()).export_rows<contact>(bulk::contacts, bulk::all_rows, o);
    BOOST_TEST((source.next().get().has_error() || script.requests().empty()));
    BOOST_TEST((source.for_each([](contact const&) {}).get().error().code ==
                bulk::errc::invalid_argument));
}

BOOST_AUTO_TEST_CASE(a_new_sync_replaces_one_that_failed_temporarily) {
    bulk::scripted_transport script;
    definition(script);
    sync(script, "error", 4);
    script.expect(verb::get, base + "/syncs/4/logs?limit=1000&offset=0")
        .answers(200,
                 R"({"items":[{"severity":"error","statusCode":"ELQ-00146","message":"Later."}]})");
    sync(script, "success");
    script.expect(verb::get, base + "/syncs/6/logs?limit=1000&offset=0").answers(200, "{}");
    page(script, 9, 0, rows(0, 1, R"(,"totalResults":1)"));
    removal(script);
    bulk::client client(script, me, options());
    auto source = client.export_rows<contact>(bulk::contacts, bulk::all_rows, pages_of(9));
    auto const first = source.next().get();
    BOOST_TEST((first.error().code == bulk::condition::try_later));
    BOOST_TEST(has(first.error().message(), "wait at least an hour"));
    BOOST_TEST(numbers(source) == upto(1), boost::test_tools::per_element());
    BOOST_TEST(script.finished());
}

BOOST_AUTO_TEST_CASE(a_sync_that_the_service_runs_again_is_still_watched) {
    bulk::scripted_transport script;
    auto const seen = [&](std::string const& status) {
        script.expect(verb::get, base + "/syncs/6")
            .answers(200, R"({"syncedInstanceUri":"/contacts/exports/5","status":")" + status +
                              R"(","uri":"/syncs/6"})");
    };
    auto const logged = [&](std::string const& items) {
        script.expect(verb::get, base + "/syncs/6/logs?limit=1000&offset=0")
            .answers(200, R"({"items":[)" + items + R"(],"hasMore":false})");
    };
    std::string const again = R"({"severity":"warning","statusCode":"ELQ-00145","count":0})";
    definition(script);
    sync(script, "error");
    logged(again);
    seen("error"); // it takes its time
    logged(again);
    seen("active");
    seen("success");
    logged(again + R"(,{"severity":"information","statusCode":"ELQ-00102","count":2})");
    page(script, 9, 0, rows(0, 2, R"(,"totalResults":2)"));
    removal(script);
    bulk::client client(script, me, options());
    auto source = client.export_rows<contact>(bulk::contacts, bulk::all_rows, pages_of(9));
    BOOST_TEST(numbers(source) == upto(2), boost::test_tools::per_element());
    BOOST_TEST(source.receipt().logged.value() == 2);
    BOOST_TEST_REQUIRE(source.receipt().warnings.size() == 1u);
    BOOST_TEST(has(source.receipt().warnings[0], "ELQ-00145"));
    BOOST_TEST(script.finished());
}

BOOST_AUTO_TEST_CASE(a_sync_that_never_runs_again_has_a_deadline) {
    bulk::simulator eloqua;
    eloqua.generate_contacts(3);
    eloqua.inject(bulk::fault_plan().from("POST /syncs", 1,
                                          bulk::fault::fail(bulk::elq::retried_automatically)));
    bulk::client client(eloqua, me);
    bulk::record_columns const columns({bulk::field_column("email", "C_EmailAddress")});
    auto source = client.export_records(bulk::contacts, columns);
    auto const begin = eloqua.now();
    auto const came = source.next().get();
    BOOST_TEST((came.error().code == bulk::errc::deadline_exceeded), came.error().message());
    BOOST_TEST(has(came.error().message(), "/syncs/1"));
    BOOST_TEST((eloqua.now() - begin <= bulk::polling_policy().deadline));
}

BOOST_AUTO_TEST_CASE(after_an_unknown_start_of_a_sync_another_definition_is_made) {
    bulk::scripted_transport script;
    definition(script, 4);
    script.expect(verb::post, base + "/syncs").answers(201, "oops");
    definition(script);
    sync(script, "success");
    script.expect(verb::get, base + "/syncs/6/logs?limit=1000&offset=0").answers(200, "{}");
    page(script, 9, 0, rows(0, 1, R"(,"totalResults":1)"));
    removal(script);
    bulk::client client(script, me, options());
    auto source = client.export_rows<contact>(bulk::contacts, bulk::all_rows, pages_of(9));
    BOOST_TEST((source.next().get().error().code == bulk::errc::malformed_response));
    BOOST_TEST(numbers(source) == upto(1), boost::test_tools::per_element());
    BOOST_TEST(script.finished());
}

BOOST_AUTO_TEST_CASE(a_value_of_the_wrong_type) {
    auto script = begin();
    page(script, 9, 0,
         R"({"items":[{"email":"a","number":"1"},{"email":"b","number":"two"}],"totalResults":2})");
    bulk::failure const why = failure_of(script, 9);
    BOOST_TEST((why.code == bulk::errc::invalid_value));
    BOOST_TEST(has(why.message(), "row 1: member 'number' cannot hold \"two\""));
    BOOST_TEST(has(why.message(), "/syncs/6/data"));
}

BOOST_AUTO_TEST_CASE(a_number_that_does_not_fit) {
    auto script = begin();
    page(script, 9, 0, R"({"items":[{"email":"a","number":"99999999999"}],"totalResults":1})");
    BOOST_TEST(has(failure_of(script, 9).message(), "cannot hold \"99999999999\""));
}

BOOST_AUTO_TEST_CASE(a_page_that_is_not_json) {
    for (char const* body :
         {"<html>busy</html>", R"("Not authenticated.")", "{\"items\":[{}", ""}) {
        auto script = begin();
        page(script, 9, 0, body);
        bulk::failure const why = failure_of(script, 9);
        BOOST_TEST(
            (why.code == bulk::errc::malformed_response || why.code == bulk::errc::invalid_value));
        BOOST_TEST(has(why.message(), "/syncs/6/data"));
    }
}

BOOST_AUTO_TEST_CASE(a_failed_sync_reports_its_logs) {
    bulk::scripted_transport script;
    definition(script);
    sync(script, "errored");
    script.expect(verb::get, base + "/syncs/6/logs?limit=1000&offset=0")
        .answers(
            200,
            R"({"items":[{"severity":"error","statusCode":"ELQ-00107","message":"There was an error."},
                          {"severity":"information","statusCode":"ELQ-00101"}],"hasMore":false})");
    removal(script);
    bulk::failure const why = failure_of(script, 9);
    BOOST_TEST((why.code == bulk::errc::sync_failed));
    BOOST_TEST(has(why.message(), "ELQ-00107 There was an error."));
    BOOST_TEST(has(why.message(), "/syncs/6 of /contacts/exports/5"));
    BOOST_TEST(script.finished());
}

BOOST_AUTO_TEST_CASE(a_sync_with_warnings_is_read_and_its_warnings_are_in_the_receipt) {
    bulk::scripted_transport script;
    definition(script);
    sync(script, "warning");
    script.expect(verb::get, base + "/syncs/6/logs?limit=1000&offset=0")
        .answers(
            200,
            R"({"items":[{"severity":"warning","statusCode":"ELQ-00142","message":"Retrying.","count":2}]})");
    page(script, 9, 0, rows(0, 1, R"(,"totalResults":1)"));
    removal(script);
    bulk::client client(script, me, options());
    auto source = client.export_rows<contact>(bulk::contacts, bulk::all_rows, pages_of(9));
    BOOST_TEST(numbers(source) == upto(1), boost::test_tools::per_element());
    BOOST_TEST(source.receipt().warnings.at(0) == "ELQ-00142 Retrying. (2)");
}

BOOST_AUTO_TEST_CASE(polling_grows_and_has_a_deadline) {
    bulk::scripted_transport script;
    definition(script);
    sync(script, "pending");
    for (int i = 0; i != 40; ++i)
        script.expect(verb::get, base + "/syncs/6")
            .answers(
                200,
                R"({"syncedInstanceUri":"/contacts/exports/5","status":"active","uri":"/syncs/6"})");
    auto o = options();
    o.polling.deadline = std::chrono::minutes(10);
    bulk::client client(script, me, o);
    auto const before = script.now();
    auto source = client.export_rows<contact>(bulk::contacts);
    auto const came = source.next().get();
    BOOST_TEST((came.error().code == bulk::errc::deadline_exceeded));
    BOOST_TEST(has(came.error().message(), "/syncs/6 is still active"));
    auto const looks = script.requests().size() - 2;
    BOOST_TEST((script.now() - before <= std::chrono::minutes(10)));
    BOOST_TEST((script.now() - before >= std::chrono::minutes(8)));
    // When it runs again, it watches the same sync: a second one would interfere with it.
    BOOST_TEST((source.next().get().error().code == bulk::errc::deadline_exceeded));
    BOOST_TEST(script.requests().back().line().ends_with("/syncs/6"));
    BOOST_TEST(looks > 9u); // 2, 4, 8, 16, 32, 60, 60 ... seconds
    BOOST_TEST(looks < 18u);
}

BOOST_AUTO_TEST_CASE(a_loop_continues_at_the_row_where_it_was_left) {
    auto script = begin(4);
    page(script, 9, 0, rows(0, 4, R"(,"totalResults":4,"hasMore":false)"));
    removal(script);
    bulk::client client(script, me, options());
    auto source = client.export_rows<contact>(bulk::contacts, bulk::all_rows, pages_of(9));
    for (contact const& c : source)
        if (c.number == 1)
            break;
    std::vector<int> const rest = numbers(source);
    BOOST_TEST(rest == (std::vector<int>{1, 2, 3}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(batches_are_bounded_and_a_pass_and_batches_mix) {
    bulk::simulator eloqua;
    eloqua.generate_contacts(2'000);
    bulk::client client(eloqua, me);
    bulk::export_options o;
    o.batch_rows = 100;
    auto source = client.export_rows<generated>(bulk::contacts, bulk::all_rows, o);
    std::int64_t seen = 0, previous = 0;
    bool ordered = true;
    auto take = [&](generated const& g) {
        ++seen;
        ordered = ordered && g.id > previous;
        previous = g.id;
    };
    for (generated const& g : source) {
        if (seen == 150)
            break;
        take(g);
    }
    for (;;) {
        std::vector<generated> const batch = source.next().get().value();
        if (batch.empty())
            break;
        BOOST_TEST(batch.size() < 1'500u); // the most that one piece of 64 KiB adds
        for (generated const& g : batch)
            take(g);
    }
    BOOST_TEST(seen == 2'000);
    BOOST_TEST(ordered);
    BOOST_TEST(source.receipt().rows == 2'000);
}

BOOST_AUTO_TEST_CASE(views_and_pmr_rows) {
    auto script = begin(2);
    std::string const body =
        R"({"items":[{"email":"a\u00e9@example.com","number":"1"},{"number":"","email":"b"}],"totalResults":2})";
    page(script, 9, 0, body).in_pieces_of(1);
    removal(script);
    bulk::client client(script, me, options());
    auto source = client.export_rows<contact_view>(bulk::contacts, bulk::all_rows, pages_of(9));
    std::vector<std::string> seen;
    auto const count = source
                           .for_each([&](contact_view const& c) {
                               seen.push_back(std::string(c.email) + "/" +
                                              std::string(c.number.value_or("blank")));
                           })
                           .get();
    BOOST_TEST(count.value() == 2);
    BOOST_TEST(seen == (std::vector<std::string>{"a\xc3\xa9@example.com/1", "b/blank"}),
               boost::test_tools::per_element());

    auto again = begin(1);
    page(again, 9, 0, rows(7, 1, R"(,"totalResults":1)"));
    removal(again);
    auto pmr = bulk::client(again, me, options())
                   .export_rows<pmr_contact>(bulk::contacts, bulk::all_rows, pages_of(9));
    BOOST_TEST(pmr.next().get().value().at(0).email == "row7@example.com");
}

BOOST_AUTO_TEST_CASE(a_row_whose_callback_throws_is_delivered_again) {
    auto script = begin(3);
    page(script, 9, 0, rows(0, 3, R"(,"totalResults":3,"hasMore":false)"));
    page(script, 9, 0, rows(0, 3, R"(,"totalResults":3,"hasMore":false)"));
    removal(script);
    bulk::client client(script, me, options());
    auto source = client.export_rows<contact>(bulk::contacts, bulk::all_rows, pages_of(9));
    std::vector<int> got;
    auto fussy = [&](contact const& c) {
        if (c.number == 1)
            throw std::runtime_error("no room");
        got.push_back(c.number);
    };
    BOOST_CHECK_THROW((void)source.for_each(fussy).get(), std::runtime_error);
    auto const rest = source.for_each([&](contact const& c) { got.push_back(c.number); }).get();
    BOOST_TEST(rest.value() == 2);
    BOOST_TEST(got == upto(3), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_filter_that_cannot_be_sent_is_not_sent) {
    bulk::scripted_transport script;
    bulk::client client(script, me, options());
    auto source =
        client.export_rows<contact>(bulk::contacts, bulk::where<&contact::email> == "O'Hara");
    auto const came = source.next().get();
    BOOST_TEST((came.error().code == bulk::errc::invalid_filter));
    BOOST_TEST(script.requests().empty());
}

BOOST_AUTO_TEST_CASE(a_filter_reaches_the_service) {
    bulk::simulator eloqua;
    for (char const* email : {"a@example.com", "b@example.com", "c@example.com"})
        eloqua.add_record("/contacts", {{"C_EmailAddress", email}});
    bulk::client client(eloqua, me);
    auto source = client.export_rows<generated>(bulk::contacts,
                                                bulk::where<&generated::email> == "b@example.com");
    auto const found = source.next().get().value();
    BOOST_TEST_REQUIRE(found.size() == 1u);
    BOOST_TEST(found[0].email == "b@example.com");
}

BOOST_AUTO_TEST_CASE(sync_actions_are_done_to_the_rows) {
    bulk::simulator eloqua;
    for (char const* email : {"a@example.com", "b@example.com", "c@example.com"})
        eloqua.add_record("/contacts", {{"C_EmailAddress", email}});
    bulk::client client(eloqua, me);
    bulk::contact_list const list(101);
    bulk::export_options how;
    how.sync_actions = bulk::actions_for(bulk::contacts, bulk::add_to(list));
    auto some = client.export_rows<generated>(
        bulk::contacts, bulk::where<&generated::email> == "b@example.com", how);
    BOOST_TEST(some.next().get().value().size() == 1u);
    auto listed = client.export_rows<generated>(bulk::contacts, bulk::exists(list));
    auto const found = listed.next().get().value();
    BOOST_TEST_REQUIRE(found.size() == 1u);
    BOOST_TEST(found[0].email == "b@example.com");

    auto visits = client.export_records(bulk::activities,
                                        bulk::record_columns({bulk::attribute_column("id", "Id")}),
                                        bulk::all_rows, how);
    bulk::failure const of_visits = visits.next().get().error();
    BOOST_TEST((of_visits.code == bulk::errc::invalid_argument));
    BOOST_TEST(has(of_visits.message(), "exports of Activity cannot have sync actions"));
    how.sync_actions.resize(11, how.sync_actions.front());
    auto many = client.export_rows<generated>(bulk::contacts, bulk::all_rows, how);
    BOOST_TEST(has(many.next().get().error().message(), "11 sync actions; at most 10"));
    BOOST_TEST(eloqua.requests("POST /contacts/exports") == 2u);
}

BOOST_AUTO_TEST_CASE(oddities_of_the_service_do_not_matter) {
    bulk::simulator_options odd;
    odd.count_always_zero = odd.omit_empty_items = odd.untidy_logs = true;
    bulk::simulator eloqua(odd);
    eloqua.generate_contacts(250);
    bulk::client client(eloqua, me);
    auto source = client.export_rows<generated>(bulk::contacts, bulk::all_rows, pages_of(100));
    std::int64_t seen = 0;
    for (generated const& g : source)
        seen += g.id > 0;
    BOOST_TEST(seen == 250);
    auto none =
        client.export_rows<generated>(bulk::contacts, bulk::where<&generated::email> == "nobody");
    BOOST_TEST(none.next().get().value().empty());
    BOOST_TEST(none.receipt().rows == 0);
}

BOOST_AUTO_TEST_CASE(a_source_can_be_abandoned_at_any_moment) {
    bulk::simulator eloqua;
    eloqua.generate_contacts(3'000);
    auto source = bulk::client(eloqua, me).export_rows<generated>(bulk::contacts);
    BOOST_TEST(!source.next().get().value().empty());
    BOOST_CHECK_THROW((void)source.receipt(), bulk::error);
    auto const unused = source.next();
}

BOOST_AUTO_TEST_SUITE_END()
