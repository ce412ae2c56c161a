// SPDX-License-Identifier: BSL-1.0
// Delays before retries, and the delays that the service may request.
#include <eloqua/bulk/detail/http/retry.hpp>
#include <eloqua/bulk/options.hpp>

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <utility>

namespace bulk = eloqua::bulk;
namespace data = boost::unit_test::data;

namespace {

using namespace std::chrono_literals;

constexpr double nearly_one = 0.999999;

/// A date in 1994, by this machine's clock.
constexpr std::chrono::sys_seconds here =
    std::chrono::sys_days(std::chrono::year(1994) / 11 / 6) + 8h + 49min + 37s;

std::optional<bulk::clock::duration> asked(std::string wait, std::string date = {}) {
    bulk::head h;
    h.fields.set("Retry-After", std::move(wait));
    if (!date.empty())
        h.fields.set("Date", std::move(date));
    return bulk::detail::retry_after(h, here);
}

} // namespace

BOOST_AUTO_TEST_SUITE(policy)

BOOST_AUTO_TEST_CASE(the_bound_of_a_delay_doubles_up_to_the_longest) {
    bulk::retry_policy policy;
    policy.first_delay = 1s;
    policy.longest_delay = 10s;
    bulk::clock::duration const bounds[] = {1s, 2s, 4s, 8s, 10s, 10s};
    for (unsigned n = 1; n <= 6; ++n) {
        BOOST_TEST((bulk::detail::backoff(policy, n, 0) == 0s));
        BOOST_TEST((bulk::detail::backoff(policy, n, 0.5) == bounds[n - 1] / 2));
        BOOST_TEST((bulk::detail::backoff(policy, n, nearly_one) < bounds[n - 1]));
        BOOST_TEST((bulk::detail::backoff(policy, n, nearly_one) > bounds[n - 1] - 1ms));
    }
    BOOST_TEST((bulk::detail::backoff(policy, 4'000'000'000u, 0.5) == 5s));
}

BOOST_AUTO_TEST_CASE(a_first_delay_past_the_longest_is_cut) {
    bulk::retry_policy policy;
    policy.first_delay = 1min;
    policy.longest_delay = 10s;
    BOOST_TEST((bulk::detail::backoff(policy, 1, 0.5) == 5s));
}

BOOST_AUTO_TEST_CASE(an_unlimited_delay_does_not_overflow) {
    bulk::retry_policy policy;
    policy.longest_delay = bulk::clock::duration::max();
    bulk::polling_policy polling;
    polling.longest_delay = bulk::clock::duration::max();
    for (unsigned n : {1u, 33u, 34u, 35u, 64u, 1'000u}) {
        BOOST_TEST((bulk::detail::backoff(policy, n, 0.5) > 0s));
        BOOST_TEST((bulk::detail::polling_delay(polling, n, 0.5) > 0s));
    }
    BOOST_TEST((bulk::detail::backoff(policy, 1'000, 0.5) > bulk::clock::duration::max() / 3));
}

BOOST_AUTO_TEST_CASE(a_sync_is_polled_less_and_less_often) {
    bulk::polling_policy policy;
    policy.first_delay = 2s;
    policy.longest_delay = 60s;
    bulk::clock::duration const delays[] = {2s, 4s, 8s, 16s, 32s, 60s, 60s};
    for (unsigned n = 1; n <= 7; ++n) {
        BOOST_TEST((bulk::detail::polling_delay(policy, n, 0) == delays[n - 1]));
        BOOST_TEST((bulk::detail::polling_delay(policy, n, nearly_one) < delays[n - 1]));
        BOOST_TEST((bulk::detail::polling_delay(policy, n, nearly_one) >= delays[n - 1] * 9 / 10));
    }
}

BOOST_AUTO_TEST_CASE(retry_after_seconds) {
    BOOST_TEST((asked("0") == 0s));
    BOOST_TEST((asked("120") == 120s));
    BOOST_TEST((asked("1.5") == 2s));
    BOOST_TEST((asked("2.000") == 2s));
    BOOST_TEST(!bulk::detail::retry_after(bulk::head()).has_value());
}

BOOST_AUTO_TEST_CASE(retry_after_a_date_is_measured_by_the_server_s_clock) {
    std::string const now = "Sun, 06 Nov 1994 08:49:37 GMT";
    BOOST_TEST((asked("Sun, 06 Nov 1994 08:51:37 GMT", now) == 2min));
    BOOST_TEST((asked("Mon, 07 Nov 1994 00:00:00 GMT", now) == 15h + 10min + 23s));
    BOOST_TEST((asked(now, now) == 0s));
    BOOST_TEST((asked("Sun, 06 Nov 1994 08:00:00 GMT", now) == 0s));
}

BOOST_AUTO_TEST_CASE(retry_after_a_date_without_another_is_measured_by_this_machine_s_clock) {
    std::string const later = "Sun, 06 Nov 1994 08:51:37 GMT";
    BOOST_TEST((asked(later) == 2min));
    BOOST_TEST((asked(later, "garbage") == 2min));
    BOOST_TEST((asked("Sun, 06 Nov 1994 08:00:00 GMT") == 0s));
    bulk::head h;
    h.fields.set("Retry-After", later);
    BOOST_TEST((bulk::detail::retry_after(h) == 0s)); // long ago
}

BOOST_AUTO_TEST_CASE(retry_after_a_date_in_its_older_forms) {
    for (std::string const now : {"Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT",
                                  "Sun Nov  6 08:49:37 1994"}) {
        BOOST_TEST((asked("Sunday, 06-Nov-94 08:49:39 GMT", now) == 2s));
        BOOST_TEST((asked("Sun Nov  6 08:49:39 1994", now) == 2s));
        BOOST_TEST((asked("Wed Nov 16 08:49:37 1994", now) == 240h));
    }
    // The year is no more than 50 years ahead.
    BOOST_TEST((asked("Sunday, 06-Nov-44 08:49:37 GMT") == bulk::detail::longest_retry_after));
    BOOST_TEST((asked("Sunday, 06-Nov-45 08:49:37 GMT") == 0s));
}

BOOST_AUTO_TEST_CASE(retry_after_is_never_longer_than_a_year) {
    bulk::clock::duration const longest = bulk::detail::longest_retry_after;
    for (char const* far : {"31536001", "99999999999", "99999999999999999999", "99999999999.9",
                            "Fri, 31 Dec 9999 23:59:59 GMT", "Fri Dec 31 23:59:59 9999"})
        BOOST_TEST((asked(far) == longest));
    BOOST_TEST(
        (asked("Fri, 31 Dec 9999 23:59:59 GMT", "Mon, 01 Jan 1900 00:00:00 GMT") == longest));
    BOOST_TEST((asked("Mon, 01 Jan 1900 00:00:00 GMT", "Fri, 31 Dec 9999 23:59:59 GMT") == 0s));
}

BOOST_DATA_TEST_CASE(an_invalid_retry_after_is_ignored,
                     data::make({"",
                                 "-1",
                                 "soon",
                                 "1.",
                                 ".5",
                                 "1.5.5",
                                 "1,5",
                                 "10 s",
                                 "1e3",
                                 "Sunday, 06-Nov-9 08:49:37 GMT",
                                 "Sun Nov  6 08:49:37 94",
                                 "Sunday, 06-Nov--1 08:49:37 GMT",
                                 "Sun Nov  x 08:49:37 1994",
                                 "Sun, 06 Nov 1994 08:49:37 CET",
                                 "Sun, 31 Feb 1994 08:49:37 GMT",
                                 "Sun, 06 ovD 1994 08:49:37 GMT",
                                 "Sun, 06 Nov 1994 24:49:37 GMT",
                                 "Sun, 06 Nov 1994 08:60:37 GMT",
                                 "Sun, 00 Nov 1994 08:49:37 GMT",
                                 "Sun, 06 Nov xxxx 08:49:37 GMT",
                                 "Sun, 06 Nov 1994 08:49:6a GMT"}),
                     text) {
    BOOST_TEST(!asked(text, "Sun, 06 Nov 1994 08:49:37 GMT").has_value());
}

BOOST_AUTO_TEST_CASE(severities_have_their_delays) {
    bulk::retry_policy policy;
    BOOST_TEST((bulk::detail::severity_delay(policy, 0) == 3600s));
    BOOST_TEST((bulk::detail::severity_delay(policy, 1) == 1800s));
    BOOST_TEST((bulk::detail::severity_delay(policy, 2) == 900s));
    BOOST_TEST((bulk::detail::severity_delay(policy, 3) == 120s));
    policy.severity_delays[3] = 7s;
    BOOST_TEST((bulk::detail::severity_delay(policy, 3) == 7s));
    for (std::optional<int> other : {std::optional<int>(), {-1}, {4}})
        BOOST_TEST((bulk::detail::severity_delay(policy, other) == 0s));
}

BOOST_AUTO_TEST_CASE(http_dates) {
    using std::chrono::sys_days;
    using std::chrono::year;
    auto const parsed = [](char const* text) { return bulk::detail::parse_http_date(text, here); };
    BOOST_TEST((parsed("Tue, 29 Feb 2000 23:59:60 GMT") == sys_days(year(2000) / 3 / 1)));
    BOOST_TEST((parsed("Thu, 01 Jan 1970 00:00:00 GMT") == sys_days()));
    BOOST_TEST(!parsed("Thu, 29 Feb 2001 00:00:00 GMT").has_value());
}

BOOST_AUTO_TEST_CASE(a_status_decides_with_the_request_what_comes_next) {
    using step = bulk::detail::next_step;
    struct {
        int status;
        step repeatable;
        step other;
    } const expected[] = {
        {200, step::accept, step::accept},
        {204, step::accept, step::accept},
        {302, step::look_elsewhere, step::look_elsewhere},
        {303, step::look_elsewhere, step::fail},
        {304, step::fail, step::fail},
        {400, step::fail, step::fail},
        {401, step::renew_credentials, step::renew_credentials},
        {404, step::fail, step::fail},
        {408, step::send_again, step::fail},
        {425, step::send_again, step::fail},
        {429, step::send_again, step::send_again},
        {500, step::send_again, step::fail},
        {503, step::send_again, step::fail},
    };
    for (auto const& each : expected) {
        BOOST_TEST_CONTEXT(each.status) {
            bulk::detail::sent_request const get(bulk::verb::get, true);
            bulk::detail::sent_request const post(bulk::verb::post, false);
            BOOST_TEST((step_after(each.status, false, get) == each.repeatable));
            BOOST_TEST((step_after(each.status, false, post) == each.other));
            if (each.status > 401) // what the service calls permanent is not sent again
                BOOST_TEST((step_after(each.status, true, get) == step::fail));
        }
    }
}

BOOST_AUTO_TEST_CASE(a_repeated_deletion_of_what_is_gone_has_succeeded) {
    using step = bulk::detail::next_step;
    bulk::detail::sent_request deletion(bulk::verb::delete_, true);
    BOOST_TEST((step_after(404, false, deletion) == step::fail));
    deletion.may_have_run = true;
    BOOST_TEST((step_after(404, false, deletion) == step::accept));
}

BOOST_AUTO_TEST_CASE(credentials_are_renewed_once) {
    using step = bulk::detail::next_step;
    bulk::detail::sent_request get(bulk::verb::get, true);
    get.renewed = true;
    BOOST_TEST((step_after(401, false, get) == step::fail));
}

BOOST_AUTO_TEST_CASE(a_success_of_a_request_that_was_cut_off_is_not_one) {
    using step = bulk::detail::next_step;
    bulk::detail::sent_request cut(bulk::verb::post, false);
    cut.sent_in_full = false;
    BOOST_TEST((step_after(200, false, cut) == step::fail));
    cut.repeatable = true;
    BOOST_TEST((step_after(200, false, cut) == step::send_again));
}

BOOST_AUTO_TEST_CASE(a_lost_connection_is_repeated_where_nothing_was_sent_or_nothing_can_double) {
    using step = bulk::detail::next_step;
    bulk::error_code const lost =
        boost::system::errc::make_error_code(boost::system::errc::connection_reset);
    bulk::error_code const cancelled =
        boost::system::errc::make_error_code(boost::system::errc::operation_canceled);
    bulk::error_code const garbage = make_error_code(bulk::framing::status_line);
    BOOST_TEST((bulk::detail::step_after(lost, true, false) == step::send_again));
    BOOST_TEST((bulk::detail::step_after(lost, false, true) == step::send_again));
    BOOST_TEST((bulk::detail::step_after(lost, false, false) == step::fail));
    BOOST_TEST((bulk::detail::step_after(garbage, false, true) == step::fail));
    BOOST_TEST((bulk::detail::step_after(cancelled, true, true) == step::fail));
}

BOOST_AUTO_TEST_SUITE_END()
