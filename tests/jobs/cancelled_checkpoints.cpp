// SPDX-License-Identifier: BSL-1.0
// Abandons exports at any request: another process can use the checkpoint of that moment and
// resumes with exactly the next row.
#include <eloqua/bulk.hpp>
#include <eloqua/bulk/async.hpp>
#include <eloqua/bulk/simulator.hpp>
#include <eloqua/bulk/simulator/detail/table.hpp>
#include <eloqua/bulk/testing/posted_transport.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/describe.hpp>
#include <boost/test/unit_test.hpp>

#include "resume.hpp"
#include <cstdint>
#include <functional>
#include <memory>
#include <numeric>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

namespace bulk = eloqua::bulk;
namespace asio = boost::asio;
using boost::test_tools::per_element;

namespace {

struct person {
    std::string email;
    std::int64_t id = 0;
    using eloqua_fields = bulk::fields<bulk::field<&person::email, "C_EmailAddress">,
                                       bulk::attribute<&person::id, "Id">>;
};
BOOST_DESCRIBE_STRUCT(person, (), (email, id))

using async_source = decltype(std::declval<bulk::async_client&>().export_rows<person>(
    bulk::contacts, bulk::all_rows, std::declval<bulk::export_options&>()));

bulk::basic_credentials const me{"Company", "user", "secret"};
std::int64_t const rows = 23;

/// How rows are requested: page and batch sizes that do not match, with and without an early
/// request for the next page.
bulk::export_options small(bool read_ahead) {
    bulk::export_options o;
    o.page_rows = 5;
    o.batch_rows = 3;
    o.read_ahead = read_ahead;
    return o;
}

struct service {
    bulk::simulator eloqua;
    std::vector<std::int64_t> got;
    bool reached = false;

    service() { eloqua.generate_contacts(rows); }
    /// Calls `f` at the `n`th request, from 0.
    void at_request(int n, std::function<void()> f) {
        eloqua.intercept([this, count = 0, n, f = std::move(f)](
                             bulk::request const&) mutable -> std::optional<bulk::response> {
            if (count++ == n) {
                reached = true;
                f();
            }
            return std::nullopt;
        });
    }
    auto collect() {
        return [this](person const& p) { got.push_back(p.id); };
    }
    /// The rows that another process gets from the checkpoint.
    void goes_on(std::string const& text, bool definition_is_gone = false) {
        eloqua.intercept({});
        auto const at = bulk::export_checkpoint::parse(text).value();
        BOOST_TEST(at.rows == static_cast<std::int64_t>(got.size()));
        if (at.sync.empty())
            BOOST_TEST(got.empty());
        if (at.name.empty())
            return;
        if (at.definition.empty() && eloqua.requests("POST /contacts/exports") == 0) {
            auto none = bulk::client(eloqua, me)
                            .export_rows<person>(bulk::contacts, bulk::all_rows, resume(at));
            BOOST_TEST((none.next().get().error().code == bulk::errc::sync_gone));
            return;
        }
        if (!definition_is_gone) {
            auto rest =
                bulk::client(eloqua, me)
                    .export_rows<person>(bulk::contacts, bulk::all_rows, resume(at, small(true)));
            auto const came = rest.for_each(collect()).get();
            BOOST_TEST(came.has_value(), (came ? std::string() : came.error().message()));
            BOOST_TEST(rest.receipt().rows == rows);
        }
        BOOST_TEST(eloqua.requests("POST /contacts/exports") == 1u);
        BOOST_TEST(eloqua.requests("POST /syncs") == 1u);
        is_all_there();
    }
    /// All rows, each once, in order.
    void is_all_there() {
        std::vector<std::int64_t> wanted(static_cast<std::size_t>(rows));
        std::iota(wanted.begin(), wanted.end(), std::int64_t(bulk::simulation::table::first_id));
        BOOST_TEST(got == wanted, per_element());
    }
    bool removed() { return eloqua.requests("DELETE /contacts/exports/{id}") != 0; }
};

} // namespace

BOOST_AUTO_TEST_SUITE(cancelled_checkpoints)

BOOST_AUTO_TEST_CASE(stopped_by_a_token_at_any_request) {
    for (bool by_batches : {false, true})
        for (bool read_ahead : {false, true})
            for (int n = 0;; ++n) {
                service at;
                bulk::client client(at.eloqua, me);
                std::stop_source stop;
                at.at_request(n, [&] { stop.request_stop(); });
                auto source =
                    client.export_rows<person>(bulk::contacts, bulk::all_rows, small(read_ahead));
                while (by_batches) {
                    auto const batch = source.next().get(stop.get_token());
                    if (!batch) {
                        BOOST_TEST((batch.error().code == boost::system::errc::operation_canceled));
                        break;
                    }
                    for (person const& p : *batch)
                        at.got.push_back(p.id);
                    if (batch->empty())
                        break;
                }
                if (!by_batches)
                    (void)source.for_each(at.collect()).get(stop.get_token());
                at.goes_on(source.checkpoint().text(), at.removed());
                if (!at.reached)
                    break;
            }
}

BOOST_AUTO_TEST_CASE(resumed_by_the_same_process) {
    for (bool const done : {false, true}) // the request that got an empty response
        for (int n = 0;; ++n) {
            service at;
            bulk::client client(at.eloqua, me);
            std::stop_source stop;
            at.eloqua.intercept(
                [&, count = 0](bulk::request const&) mutable -> std::optional<bulk::response> {
                    if (count++ != n)
                        return std::nullopt;
                    at.reached = true;
                    stop.request_stop();
                    return done ? std::nullopt : std::optional(bulk::response(503));
                });
            auto source = client.export_rows<person>(bulk::contacts, bulk::all_rows, small(false));
            auto const came = source.for_each(at.collect()).get(stop.get_token());
            at.eloqua.intercept({});
            if (!came) {
                auto const again = source.for_each(at.collect()).get();
                BOOST_TEST(again.has_value(), (again ? std::string() : again.error().message()));
            }
            at.is_all_there();
            BOOST_TEST_CONTEXT("request " << n << ", carried out: " << done) {
                BOOST_TEST(at.eloqua.requests("POST /contacts/exports") == 1u);
                BOOST_TEST(at.eloqua.requests("POST /syncs") == 1u);
            }
            if (!at.reached)
                break;
        }
}

BOOST_AUTO_TEST_CASE(cancelled_by_a_signal_at_any_request) {
    for (auto type : {asio::cancellation_type::terminal, asio::cancellation_type::partial,
                      asio::cancellation_type::total})
        for (int n = 0;; ++n) {
            service at;
            asio::io_context context;
            bulk::async_client client(
                bulk::posted_transport<bulk::simulator>(context.get_executor(), at.eloqua), me);
            asio::cancellation_signal cancel;
            at.at_request(n, [&] { cancel.emit(type); });
            bulk::export_options const options = small(n % 2 == 0);
            auto source = client.export_rows<person>(bulk::contacts, bulk::all_rows, options);
            bool completed = false;
            source.for_each(at.collect())(asio::bind_cancellation_slot(
                cancel.slot(), [&](bulk::result<std::int64_t> const&) { completed = true; }));
            context.run();
            BOOST_TEST(completed);
            at.goes_on(source.checkpoint().text(), at.removed());
            if (!at.reached)
                break;
        }
}

BOOST_AUTO_TEST_CASE(a_source_destroyed_between_two_batches) {
    for (std::size_t batches = 0;; ++batches) {
        service at;
        std::string text;
        bool ended = false;
        {
            bulk::client client(at.eloqua, me);
            auto source =
                client.export_rows<person>(bulk::contacts, bulk::all_rows, small(batches % 2 == 0));
            for (std::size_t i = 0; i != batches && !ended; ++i) {
                auto const batch = source.next().get().value();
                for (person const& p : batch)
                    at.got.push_back(p.id);
                ended = batch.empty();
            }
            text = source.checkpoint().text();
        }
        at.goes_on(text, at.removed());
        if (ended)
            break;
    }
}

BOOST_AUTO_TEST_CASE(a_source_destroyed_with_its_context_at_any_request) {
    for (bool read_ahead : {false, true})
        for (int n = 0;; ++n) {
            service at;
            std::string text;
            {
                auto context = std::make_unique<asio::io_context>();
                bulk::async_client client(
                    bulk::posted_transport<bulk::simulator>(context->get_executor(), at.eloqua),
                    me);
                bulk::export_options const options = small(read_ahead);
                std::optional<async_source> source(
                    client.export_rows<person>(bulk::contacts, bulk::all_rows, options));
                at.at_request(n, [&] { context->stop(); });
                source->for_each(at.collect())([](bulk::result<std::int64_t> const&) {});
                context->run();
                text = source->checkpoint().text();
                source.reset();
                context.reset();
            }
            at.goes_on(text, at.removed());
            if (!at.reached)
                break;
        }
}

BOOST_AUTO_TEST_CASE(interrupted_at_every_request_repeatedly) {
    service at;
    std::string text;
    int cuts = 0;
    for (;; ++cuts) {
        bulk::client client(at.eloqua, me);
        auto source = text.empty()
                          ? client.export_rows<person>(bulk::contacts, bulk::all_rows, small(false))
                          : client.export_rows<person>(
                                bulk::contacts, bulk::all_rows,
                                resume(bulk::export_checkpoint::parse(text).value(), small(false)));
        std::stop_source stop;
        // One more page, and the next one is requested.
        at.at_request(text.empty() ? 9 : 4, [&] { stop.request_stop(); });
        auto const came = source.for_each(at.collect()).get(stop.get_token());
        if (came)
            break;
        auto const now = source.checkpoint();
        BOOST_TEST_REQUIRE(now.rows == static_cast<std::int64_t>(at.got.size()));
        text = now.text();
        BOOST_TEST_REQUIRE(cuts < 20);
    }
    BOOST_TEST(cuts > 1);
    at.is_all_there();
}

BOOST_AUTO_TEST_SUITE_END()
