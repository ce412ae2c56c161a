// SPDX-License-Identifier: BSL-1.0
// Runs jobs in every way and cancels them at each of their requests: nothing hangs, nothing leaks,
// and every job that can resume does.
#include <eloqua/bulk/simulator.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/describe.hpp>
#include <boost/test/unit_test.hpp>

#include "../client/ways.hpp"
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

namespace bulk = eloqua::bulk;
namespace asio = boost::asio;

namespace {

struct contact {
    std::string email;
    using eloqua_fields = bulk::fields<bulk::field<&contact::email, "C_EmailAddress">>;
};
BOOST_DESCRIBE_STRUCT(contact, (), (email))

bulk::basic_credentials const me{"Company", "user", "secret"};

std::vector<contact> people(int n) {
    std::vector<contact> out;
    for (int i = 0; i != n; ++i)
        out.push_back({"person" + std::to_string(i) + "@example.com"});
    return out;
}

bulk::import_options small_requests() {
    bulk::import_options o;
    o.request_bytes = 120;
    o.requests_per_sync = 2;
    return o;
}

bulk::export_options small_pages() {
    bulk::export_options o;
    o.page_rows = 4;
    o.batch_rows = 1;
    return o;
}

/// Calls `f` at the `n`th request, from 0.
void at_request(bulk::simulator& eloqua, int n, std::function<void()> f) {
    eloqua.intercept([count = 0, n, f = std::move(f)](
                         bulk::request const&) mutable -> std::optional<bulk::response> {
        if (count++ == n)
            f();
        return std::nullopt;
    });
}

} // namespace

BOOST_AUTO_TEST_SUITE(cancellation)

BOOST_AUTO_TEST_CASE_TEMPLATE(jobs_in_every_way_to_run_them, Way, ways::all) {
    bulk::simulator eloqua;
    Way way;
    auto client = way.make(eloqua, me);
    bulk::import_options const in_parts = small_requests();
    auto const report = way.run(client.import_rows(
        bulk::contacts, bulk::identified_by<&contact::email>, people(10), in_parts));
    BOOST_TEST(report.value().created == 10);
    bulk::export_options const options = small_pages();
    auto source = client.template export_rows<contact>(bulk::contacts, bulk::all_rows, options);
    std::size_t rows = 0;
    for (;;) {
        auto const batch = way.run(source.next()).value();
        if (batch.empty())
            break;
        rows += batch.size();
    }
    BOOST_TEST(rows == 10u);
    BOOST_TEST(source.receipt().rows == 10);
}

BOOST_AUTO_TEST_CASE(an_export_stopped_at_any_request_resumes_when_run_again) {
    for (int n = 0;; ++n) {
        bulk::simulator eloqua;
        for (contact const& each : people(10))
            eloqua.add_record("/contacts", {{"C_EmailAddress", each.email}});
        bulk::client client(eloqua, me);
        std::stop_source stop;
        at_request(eloqua, n, [&] { stop.request_stop(); });
        auto source = client.export_rows<contact>(bulk::contacts, bulk::all_rows, small_pages());
        std::vector<std::string> got;
        auto collect = [&](contact const& c) { got.push_back(c.email); };
        auto const first = source.for_each(collect).get(stop.get_token());
        if (first) // stopped after the last request: there is nothing left to stop
            BOOST_TEST(*first == 10);
        else
            BOOST_TEST((first.error().code == boost::system::errc::operation_canceled));
        if (!stop.stop_requested())
            break;
        if (!first)
            BOOST_TEST(source.for_each(collect).get().has_value());
        BOOST_TEST(got.size() == 10u);
        for (std::size_t i = 0; i != got.size(); ++i)
            BOOST_TEST(got[i] == people(10)[i].email);
        BOOST_TEST(source.receipt().rows == 10);
    }
}

BOOST_AUTO_TEST_CASE(an_import_stopped_at_any_request_reports_it) {
    for (int n = 0;; ++n) {
        bulk::simulator eloqua;
        bulk::client client(eloqua, me);
        std::stop_source stop;
        at_request(eloqua, n, [&] { stop.request_stop(); });
        auto const came = client
                              .import_rows(bulk::contacts, bulk::identified_by<&contact::email>,
                                           people(10), small_requests())
                              .get(stop.get_token());
        if (!stop.stop_requested())
            break;
        if (came) { // stopped at the very last request
            BOOST_TEST(came->created == 10);
            continue;
        }
        BOOST_TEST((came.error().code == boost::system::errc::operation_canceled));
        // Requests 0 to 2 are for the base URL, the fields and the definition, whose name is not
        // known yet.
        bool const named =
            came.error().message().find("/contacts/imports/1 remains") != std::string::npos;
        BOOST_TEST(named == (n >= 3));
    }
}

BOOST_AUTO_TEST_CASE(an_asynchronous_export_cancelled_at_any_request_by_any_type) {
    for (auto type : {asio::cancellation_type::terminal, asio::cancellation_type::partial,
                      asio::cancellation_type::total})
        for (int n = 0;; ++n) {
            bulk::simulator eloqua;
            for (contact const& each : people(10))
                eloqua.add_record("/contacts", {{"C_EmailAddress", each.email}});
            asio::io_context context;
            bulk::async_client client(
                bulk::posted_transport<bulk::simulator>(context.get_executor(), eloqua), me);
            asio::cancellation_signal cancel;
            bool cancelled = false;
            at_request(eloqua, n, [&] {
                cancelled = true;
                cancel.emit(type);
            });
            bulk::export_options const options = small_pages();
            auto source = client.export_rows<contact>(bulk::contacts, bulk::all_rows, options);
            std::optional<bulk::result<std::int64_t>> came;
            std::size_t got = 0;
            auto count = [&](contact const&) { ++got; };
            source.for_each(count)(asio::bind_cancellation_slot(
                cancel.slot(), [&](bulk::result<std::int64_t> r) { came = std::move(r); }));
            context.run();
            BOOST_TEST_REQUIRE(came.has_value());
            if (!cancelled)
                break;
            if (came->has_error()) {
                BOOST_TEST((came->error().code == boost::system::errc::operation_canceled));
                came.reset();
                source.for_each(count)([&](bulk::result<std::int64_t> r) { came = std::move(r); });
                context.restart();
                context.run();
                BOOST_TEST(came.value().has_value());
            }
            BOOST_TEST(got == 10u);
        }
}

BOOST_AUTO_TEST_CASE(a_context_can_be_destroyed_while_jobs_run) {
    for (int polls = 0; polls != 60; ++polls) {
        bulk::simulator eloqua;
        auto context = std::make_unique<asio::io_context>();
        bulk::async_client client(
            bulk::posted_transport<bulk::simulator>(context->get_executor(), eloqua), me);
        bool completed = false;
        bulk::import_options const options = small_requests();
        client.import_rows(bulk::contacts, bulk::identified_by<&contact::email>, people(10),
                           options)(
            [&](bulk::result<bulk::import_report<contact>> const&) { completed = true; });
        for (int i = 0; i != polls; ++i)
            context->poll_one();
        context.reset();
        if (completed)
            break;
    }
}

BOOST_AUTO_TEST_SUITE_END()
