// SPDX-License-Identifier: BSL-1.0
// The instance's base URL: one request for all operations, and another one when the instance seems
// to have moved.
#include <eloqua/bulk/simulator.hpp>
#include <eloqua/bulk/testing/scripted_transport.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>

#include "../person.hpp"
#include "ways.hpp"
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bulk = eloqua::bulk;
namespace asio = boost::asio;
using bulk::fault;
using bulk::verb;
using eloqua_tests::me;

namespace {

constexpr char const* no_items = R"({"items":[],"hasMore":false})";
constexpr char const* syncs = "/API/Bulk/2.0/syncs";

bool has(std::string const& text, std::string_view part) {
    return text.find(part) != text.npos;
}

void says_where(bulk::scripted_transport& script, std::string const& pod) {
    script.expect(verb::get, "/id")
        .answers(200, R"({"site":{"id":1,"name":"C"},"user":{"id":2,"username":"u"},"urls":{)"
                      R"("base":"https://secure.)" +
                          pod + R"(.eloqua.com","apis":{"rest":{"bulk":"https://secure.)" + pod +
                          R"(.eloqua.com/API/Bulk/{version}/"}}}})");
}

bulk::client_options patient(unsigned attempts) {
    bulk::client_options o;
    o.seed = 1;
    o.retry.attempts = attempts;
    return o;
}

/// A sync that was started.
bulk::result<bulk::sync> start(bulk::client& client) {
    bulk::sync_definition of;
    of.syncedInstanceUri = "/contacts/exports/5";
    return client.syncs().create(of).get();
}
constexpr char const* started =
    R"({"syncedInstanceUri":"/contacts/exports/5","status":"pending","uri":"/syncs/6"})";

/// Cancels at the `nth` request to the login service.
struct cancels_at_login : bulk::observer {
    asio::cancellation_signal signal;
    unsigned nth = 1;
    void on_request(std::string_view line) override {
        if (line.ends_with("/id") && nth-- == 1)
            signal.emit(asio::cancellation_type::terminal);
    }
};

/// Operations of one client that start at the same time.
struct together {
    bulk::simulator eloqua;
    asio::io_context context;
    std::vector<bulk::error_code> came;

    bulk::async_client client(bulk::client_options options = bulk::client_options()) {
        options.seed = 1;
        return bulk::async_client(bulk::posted_transport(context.get_executor(), eloqua), me,
                                  std::move(options));
    }
    void begin(bulk::async_client const& by, asio::cancellation_slot slot = {}) {
        std::size_t const which = came.size();
        came.push_back(make_error_code(bulk::errc::not_finished));
        by.syncs().list().page()(asio::bind_cancellation_slot(slot, [this, which](auto const& r) {
            came[which] = r ? bulk::error_code() : r.error().code;
        }));
    }
    std::uint64_t asked() const { return eloqua.requests("GET /id"); }
};

} // namespace

BOOST_AUTO_TEST_SUITE(instance_base)

BOOST_FIXTURE_TEST_CASE(one_login_request_serves_all_operations, together) {
    auto const by = client();
    for (int i = 0; i != 10; ++i)
        begin(by);
    context.run();
    BOOST_TEST((came == std::vector<bulk::error_code>(10)));
    BOOST_TEST(asked() == 1u);
    begin(by);
    context.restart();
    context.run();
    BOOST_TEST(!came.back());
    BOOST_TEST(asked() == 1u);
}

BOOST_FIXTURE_TEST_CASE(a_waiting_operation_can_be_cancelled_alone, together) {
    auto const watch = std::make_shared<cancels_at_login>();
    bulk::client_options options;
    options.observer = watch;
    auto const by = client(options);
    begin(by);
    begin(by, watch->signal.slot());
    begin(by);
    context.run();
    BOOST_TEST(!came[0]);
    BOOST_TEST((came[1] == boost::system::errc::operation_canceled));
    BOOST_TEST(!came[2]);
    BOOST_TEST(asked() == 1u);
}

BOOST_FIXTURE_TEST_CASE(when_the_requesting_operation_is_cancelled_another_requests, together) {
    auto const watch = std::make_shared<cancels_at_login>();
    bulk::client_options options;
    options.observer = watch;
    auto const by = client(options);
    begin(by, watch->signal.slot());
    begin(by);
    begin(by);
    context.run();
    BOOST_TEST((came[0] == boost::system::errc::operation_canceled));
    BOOST_TEST(!came[1]);
    BOOST_TEST(!came[2]);
}

BOOST_FIXTURE_TEST_CASE(all_waiting_operations_get_the_error, together) {
    eloqua.inject(bulk::fault_plan().at("GET /id", 1, fault::other_status(404)));
    auto const by = client();
    for (int i = 0; i != 4; ++i)
        begin(by);
    context.run();
    bulk::error_code const not_there(404, bulk::http_category());
    BOOST_TEST((came == std::vector<bulk::error_code>(4, not_there)));
    BOOST_TEST(asked() == 1u);
    begin(by); // and later operations request it again
    context.restart();
    context.run();
    BOOST_TEST(!came.back());
}

BOOST_AUTO_TEST_CASE(operations_destroyed_during_the_request_leave_nothing_behind) {
    bulk::simulator eloqua;
    for (int steps = 0; steps != 8; ++steps) {
        asio::io_context context;
        bulk::async_client client(bulk::posted_transport(context.get_executor(), eloqua), me);
        client.syncs().list().page()([](auto const&) {});
        client.syncs().list().page()([](auto const&) {});
        for (int i = 0; i != steps; ++i)
            context.run_one();
    }
}

BOOST_FIXTURE_TEST_CASE(one_request_finds_a_moved_instance_for_all, together) {
    eloqua.inject(bulk::fault_plan().at("GET /syncs", 2, fault::move_pod(302)));
    auto const by = client();
    begin(by);
    context.run();
    for (int i = 0; i != 4; ++i)
        begin(by);
    context.restart();
    context.run();
    BOOST_TEST((came == std::vector<bulk::error_code>(5)));
    BOOST_TEST(asked() == 2u);
}

BOOST_AUTO_TEST_CASE(a_redirect_requests_the_base_url_again) {
    for (int status : {301, 302, 303, 307, 308})
        for (bool reads : {true, false}) {
            if (!reads && status == 303) // which means that it was carried out
                continue;
            bulk::scripted_transport script;
            verb const method = reads ? verb::get : verb::post;
            says_where(script, "p01");
            script.expect(method, syncs).answers(status, "Login required").with("Location", "/x");
            says_where(script, "p07");
            script.expect(method, syncs).answers(reads ? 200 : 201, reads ? no_items : started);
            bulk::client client(script, me, patient(1));
            BOOST_TEST((reads ? client.syncs().list().page().get().has_value()
                              : start(client).has_value()),
                       status);
            BOOST_TEST(script.requests().back().url ==
                       "https://secure.p07.eloqua.com/API/Bulk/2.0/syncs");
            BOOST_TEST(script.finished());
        }
}

BOOST_AUTO_TEST_CASE(a_redirect_from_an_unmoved_instance_is_an_error_with_advice) {
    for (int status : {301, 302, 303, 307, 308}) {
        bulk::scripted_transport script;
        says_where(script, "p01");
        script.expect(verb::get, syncs).answers(status, "Login required").with("Location", "/x");
        says_where(script, "p01");
        script.expect(verb::get, syncs).answers(status, "Login required").with("Location", "/x");
        bulk::client client(script, me, patient(3));
        auto const came = client.syncs().list().page().get();
        BOOST_TEST_REQUIRE(came.has_error());
        BOOST_TEST(came.error().info.status == status);
        BOOST_TEST(came.error().info.attempts == 1u);
        BOOST_TEST(has(came.error().message(), "redirects are not followed"), status);
        BOOST_TEST(has(came.error().message(), "Login required"), status);
        BOOST_TEST(script.finished());
        BOOST_TEST(script.unexpected().empty());
    }
}

BOOST_AUTO_TEST_CASE(a_second_redirect_requests_nothing) {
    bulk::scripted_transport script;
    says_where(script, "p01");
    script.expect(verb::get, syncs).answers(302);
    says_where(script, "p07");
    script.expect(verb::get, syncs).answers(302);
    bulk::client client(script, me, patient(3));
    BOOST_TEST(client.syncs().list().page().get().error().info.status == 302);
    BOOST_TEST(script.unexpected().empty());
}

BOOST_AUTO_TEST_CASE(a_given_base_url_is_never_requested) {
    for (int status : {302, 503}) {
        bulk::scripted_transport script;
        script.expect(verb::get, syncs).answers(status);
        bulk::client_options options = patient(1);
        options.base_url = "https://secure.p01.eloqua.com/API/Bulk/2.0";
        bulk::client client(script, me, options);
        BOOST_TEST(client.syncs().list().page().get().error().info.status == status);
        BOOST_TEST(script.unexpected().empty());
    }
}

BOOST_AUTO_TEST_CASE(a_creation_is_not_retried_after_303) {
    bulk::scripted_transport script;
    says_where(script, "p01");
    script.expect(verb::post, syncs).answers(303);
    bulk::client client(script, me, patient(3));
    BOOST_TEST(start(client).error().info.status == 303);
    BOOST_TEST(script.unexpected().empty());
}

BOOST_AUTO_TEST_CASE(an_error_on_all_attempts_requests_the_base_url_again) {
    for (bool answers : {true, false})
        for (bool moved : {true, false}) {
            bulk::scripted_transport script;
            auto const fail = [&] {
                auto step = script.expect(verb::get, syncs);
                answers ? step.answers(503, "gone") : step.fails_to_connect();
            };
            says_where(script, "p01");
            fail();
            fail();
            says_where(script, moved ? "p07" : "p01");
            fail();
            if (moved)
                script.expect(verb::get, syncs).answers(200, no_items);
            bulk::client client(script, me, patient(2));
            auto const came = client.syncs().list().page().get();
            BOOST_TEST(came.has_value() == moved);
            if (!moved && answers) {
                BOOST_TEST(came.error().info.status == 503);
                BOOST_TEST(came.error().info.attempts == 3u);
            }
            BOOST_TEST(script.finished());
            BOOST_TEST(script.unexpected().empty());
        }
}

BOOST_AUTO_TEST_CASE(only_an_unsent_creation_is_sent_to_a_new_base_url) {
    bulk::scripted_transport unsent;
    says_where(unsent, "p01");
    unsent.expect(verb::post, syncs).fails_to_connect();
    says_where(unsent, "p07");
    unsent.expect(verb::post, syncs).answers(201, started);
    bulk::client client(unsent, me, patient(1));
    BOOST_TEST(start(client).has_value());

    bulk::scripted_transport perhaps_done;
    says_where(perhaps_done, "p01");
    perhaps_done.expect(verb::post, syncs).answers(503);
    bulk::client other(perhaps_done, me, patient(1));
    BOOST_TEST((start(other).error().code == bulk::errc::outcome_unknown));
    BOOST_TEST(perhaps_done.unexpected().empty());
}

BOOST_AUTO_TEST_CASE(an_unresponsive_login_service_leaves_the_first_error) {
    bulk::scripted_transport script;
    says_where(script, "p01");
    script.expect(verb::get, syncs).answers(503, "gone");
    script.expect(verb::get, "/id").answers(404);
    bulk::client client(script, me, patient(1));
    auto const came = client.syncs().list().page().get();
    BOOST_TEST(came.error().info.status == 503);
    BOOST_TEST(has(came.error().message(), "gone"));
}

BOOST_AUTO_TEST_SUITE_END()
