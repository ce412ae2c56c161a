// SPDX-License-Identifier: BSL-1.0
// Misuse is reported and has no effect.
#include <eloqua/bulk.hpp>
#include <eloqua/bulk/async.hpp>
#include <eloqua/bulk/oauth.hpp>
#include <eloqua/bulk/simulator.hpp>
#include <eloqua/bulk/testing/posted_transport.hpp>
#include <eloqua/bulk/testing/scripted_transport.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

#include "../person.hpp"
#include <chrono>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace bulk = eloqua::bulk;
namespace asio = boost::asio;
using namespace eloqua_tests;

namespace {

bool is_misuse(bulk::error const& e) {
    return e.code() == bulk::errc::invalid_argument;
}
void is_refused(bulk::failure const& why, std::string const& words,
                bulk::errc code = bulk::errc::invalid_argument) {
    BOOST_TEST((why.code == code), why.message());
    BOOST_TEST(why.message().find(words) != std::string::npos, why.message());
}
bool names_it(std::invalid_argument const& e) {
    return std::string(e.what()).find("'GET /sync/{id}'") != std::string::npos;
}

} // namespace

BOOST_AUTO_TEST_SUITE(misuse)

BOOST_AUTO_TEST_CASE(an_operation_that_is_run_twice) {
    bulk::simulator eloqua;
    bulk::client const client(eloqua, me);
    auto read = client.syncs().list().page();
    BOOST_TEST(std::move(read).get().has_value());
    BOOST_CHECK_EXCEPTION((void)std::move(read).get(), bulk::error, is_misuse);
    BOOST_CHECK_EXCEPTION((void)std::move(read).release(), bulk::error, is_misuse);
    auto rows = client.export_rows<person>(bulk::contacts);
    auto next = rows.next();
    auto moved = std::move(next);
    BOOST_CHECK_EXCEPTION((void)std::move(next).get(), bulk::error, is_misuse);
    BOOST_TEST(std::move(moved).get().has_value());
    BOOST_CHECK_EXCEPTION((void)std::move(moved).get(), bulk::error, is_misuse);

    asio::io_context context;
    bulk::async_client const async(
        bulk::posted_transport<bulk::simulator>(context.get_executor(), eloqua), me);
    auto later = async.syncs().list().page();
    int came = 0;
    std::move(later)([&](auto const&) { ++came; });
    BOOST_CHECK_EXCEPTION(std::move(later)([&](auto const&) { ++came; }), bulk::error, is_misuse);
    context.run();
    BOOST_TEST(came == 1);
}

BOOST_AUTO_TEST_CASE(value_returns_a_value_or_throws) {
    bulk::simulator eloqua;
    bulk::client const client(eloqua, me);
    std::string const base = client.base_url().value();
    BOOST_TEST(base.ends_with("/API/Bulk/2.0"), base);
    BOOST_CHECK_EXCEPTION(client.syncs().remove_data(1'000'000).value(), bulk::error,
                          [](bulk::error const& e) {
                              return e.code() == bulk::error_code(404, bulk::http_category());
                          });
}

BOOST_AUTO_TEST_CASE(two_operations_of_a_row_source_at_once) {
    bulk::simulator eloqua;
    eloqua.generate_contacts(500);
    asio::io_context context;
    bulk::export_options how;
    how.page_rows = how.batch_rows = 100;
    bulk::async_client const client(
        bulk::posted_transport<bulk::simulator>(context.get_executor(), eloqua), me);
    auto rows = client.export_rows<person>(bulk::contacts, bulk::all_rows, how);
    std::size_t got = 0;
    int ends = 0, refused = 0;
    std::function<void(bulk::result<std::vector<person>>)> on = [&](auto came) {
        BOOST_TEST_REQUIRE(came.has_value());
        got += came->size();
        if (came->empty())
            ++ends;
        else
            rows.next()(on);
    };
    rows.next()(on);
    auto const refuse = [&](auto const& came) {
        BOOST_TEST_REQUIRE(came.has_error());
        is_refused(came.error(), "another operation of the same row source");
        ++refused;
    };
    rows.next()(refuse);
    rows.for_each([](person const&) {})(refuse);
    rows.remove_definition()(refuse);
    context.run();
    BOOST_TEST(got == 500u);
    BOOST_TEST(ends == 1);
    BOOST_TEST(refused == 3);
}

BOOST_AUTO_TEST_CASE(two_operations_of_a_list_at_once) {
    bulk::simulator eloqua;
    asio::io_context context;
    bulk::async_client const client(
        bulk::posted_transport<bulk::simulator>(context.get_executor(), eloqua), me);
    bulk::list_query small;
    small.limit = 5;
    auto fields = client.fields(bulk::contacts).list(small);
    std::size_t got = 0;
    int refused = 0;
    fields.all()([&](auto const& came) { got = came.value().size(); });
    auto const refuse = [&](auto const& came) {
        BOOST_TEST_REQUIRE(came.has_error());
        is_refused(came.error(), "another operation of the same list");
        ++refused;
    };
    fields.all()(refuse);
    fields.next()(refuse);
    context.run();
    BOOST_TEST(refused == 2);
    auto const whole = bulk::client(eloqua, me).fields(bulk::contacts).list().all().get().value();
    BOOST_TEST(got == whole.size());
    BOOST_TEST(got > 5u);
}

BOOST_AUTO_TEST_CASE(an_operation_from_a_callback_of_the_same_source) {
    bulk::simulator eloqua;
    eloqua.generate_contacts(3);
    auto rows = bulk::client(eloqua, me).export_rows<person>(bulk::contacts);
    int refused = 0;
    auto came = rows.for_each([&](person const&) {
        auto const inner = rows.next().get();
        BOOST_TEST_REQUIRE(inner.has_error());
        is_refused(inner.error(), "row source");
        ++refused;
    });
    BOOST_TEST(std::move(came).get().value() == 3);
    BOOST_TEST(refused == 3);
}

BOOST_AUTO_TEST_CASE(a_source_is_free_once_its_operation_was_destroyed) {
    bulk::simulator eloqua;
    eloqua.generate_contacts(3);
    asio::io_context context;
    bulk::async_client const client(
        bulk::posted_transport<bulk::simulator>(context.get_executor(), eloqua), me);
    auto source = client.export_rows<person>(bulk::contacts);
    int came = 0;
    {
        auto const dropped = source.next();
    }
    asio::cancellation_signal stop;
    source.next()(asio::bind_cancellation_slot(stop.slot(), [&](auto const& r) {
        BOOST_TEST((r.error().code == boost::system::errc::operation_canceled));
        ++came;
    }));
    context.poll_one();
    stop.emit(asio::cancellation_type::terminal);
    context.run();
    context.restart();
    source.next()([&](auto const& r) {
        BOOST_TEST_REQUIRE(r.has_value());
        BOOST_TEST(r->size() == 3u);
        ++came;
    });
    context.run();
    BOOST_TEST(came == 2);
}

BOOST_AUTO_TEST_CASE(a_filter_that_is_blank) {
    bulk::simulator eloqua;
    bulk::client const client(eloqua, me);
    for (char const* text : {"", " \t\n"}) {
        auto rows =
            client.export_rows<person>(bulk::contacts, bulk::unchecked_filter<person>(text));
        is_refused(rows.next().get().error(), "would choose every row", bulk::errc::invalid_filter);
        auto negated =
            client.export_rows<person>(bulk::contacts, !bulk::unchecked_filter<person>(text));
        is_refused(negated.next().get().error(), "every row", bulk::errc::invalid_filter);
    }
    auto rows = client.export_rows<person>(
        bulk::contacts, bulk::unchecked_filter<person>("'{{Contact.Id}}' = 'caf\xE9'"));
    is_refused(rows.next().get().error(), "not valid UTF-8", bulk::errc::invalid_filter);
    BOOST_TEST(eloqua.requests("POST /contacts/exports") == 0u);
}

BOOST_AUTO_TEST_CASE(options_that_can_never_work) {
    using namespace std::chrono_literals;
    std::pair<char const*, std::function<void(bulk::client_options&)>> const cases[] = {
        {"retry.search_attempts", [](auto& o) { o.retry.search_attempts = 0; }},
        {"retry.attempts", [](auto& o) { o.retry.attempts = 0; }},
        {"retry policy is negative", [](auto& o) { o.retry.search_delay = -1s; }},
        {"retry policy is negative", [](auto& o) { o.retry.severity_delays[2] = -1s; }},
        {"polling policy is negative", [](auto& o) { o.polling.deadline = -1s; }},
        {"document_bytes", [](auto& o) { o.document_bytes = 0; }},
    };
    for (auto const& [words, change] : cases) {
        bulk::client_options o;
        change(o);
        try {
            bulk::client const client(bulk::simulator(), me, o);
            BOOST_ERROR(words);
        } catch (bulk::error const& e) {
            is_refused(e.get_failure(), words);
        }
    }
    bulk::oauth_options o;
    o.retry.attempts = 0;
    bulk::oauth_application const app("id", "secret", "https://c.example/cb");
    is_refused(bulk::exchange_code(bulk::simulator(), app, "c", o).get().error(), "retry.attempts");
}

BOOST_AUTO_TEST_CASE(text_that_is_not_utf_8_is_named_and_not_sent) {
    bulk::simulator eloqua;
    bulk::client const client(eloqua, me);
    bulk::export_options exported;
    exported.name = "caf\xE9";
    auto rows = client.export_rows<person>(bulk::contacts, bulk::all_rows, exported);
    is_refused(rows.next().get().error(), R"("name":"caf)");
    bulk::import_options imported;
    imported.name = "caf\xE9";
    auto const by = bulk::identified_by<&person::email>;
    is_refused(client.import_rows(bulk::contacts, by, people(1), imported).get().error(),
               R"("name":"caf)");
    for (auto const& [key, field] : {std::pair("e\xE9", "C_City"), std::pair("e", "C_\xE9")}) {
        try {
            bulk::record_columns const none({bulk::field_column(key, field)});
            BOOST_ERROR(key);
        } catch (bulk::error const& e) {
            is_refused(e.get_failure(), "that is not UTF-8");
            BOOST_TEST(bulk::is_valid_utf8(e.what()));
        }
    }
    bulk::export_definition own;
    own.name = "a long name before " + std::string(200, 'n') + "\xFF";
    auto const made = client.exports(bulk::contacts).create(own).get();
    is_refused(made.error(), std::string(60, 'n'));
    BOOST_TEST(made.error().info.request.find("/contacts/exports") != std::string::npos);
    BOOST_TEST(eloqua.requests("POST /contacts/exports") == 0u);
    BOOST_TEST(eloqua.requests("POST /contacts/imports") == 0u);
}

BOOST_AUTO_TEST_CASE(a_misspelt_endpoint_in_a_test) {
    bulk::simulator eloqua;
    BOOST_CHECK_EXCEPTION((void)eloqua.requests("GET /sync/{id}"), std::invalid_argument, names_it);
    for (char const* name : {"", "*", "GET", "/syncs", "get /syncs", "GET /syncs/5",
                             "GET /syncs/{id} ", "DELETE /syncs/{id}", "POST /campaigns/imports"})
        BOOST_CHECK_THROW((void)eloqua.requests(name), std::invalid_argument);
    for (char const* name :
         {"GET /syncs/{id}", "POST /customObjects/{parentId}/imports", "GET /id",
          "POST /auth/oauth2/token", "GET /contacts/fields", "GET /syncs/{id}/rejects"})
        BOOST_TEST(eloqua.requests(name) == 0u);

    bulk::fault_plan plan;
    plan.at("GET /sync/{id}", 1, bulk::fault::cut(3));
    BOOST_CHECK_EXCEPTION(eloqua.inject(plan), std::invalid_argument, names_it);
    bulk::simulator_options o;
    o.faults = plan;
    BOOST_CHECK_EXCEPTION(bulk::simulator{o}, std::invalid_argument, names_it);
    bulk::fault_plan good;
    good.at("*", 1, bulk::fault::cut(3)).from("GET /syncs", 2, bulk::fault::garble());
    eloqua.inject(good);
    BOOST_CHECK_EXCEPTION(good.from("GET /sync/{id}", 1, bulk::fault::garble()),
                          std::invalid_argument, names_it);
    BOOST_CHECK_THROW(good.at("GET /syncs", 0, bulk::fault::garble()), std::invalid_argument);
    BOOST_TEST(!good.finished());
}

BOOST_AUTO_TEST_SUITE_END()
