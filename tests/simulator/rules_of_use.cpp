// SPDX-License-Identifier: BSL-1.0
// The hourly limits of syncs, and activity exports at the same time.
#include <boost/test/unit_test.hpp>

#include "service_fixture.hpp"
#include <string>
#include <utility>

namespace {

using namespace simulator_tests;

simulator_options rules(bulk::rule_response over_limit, bulk::rule_response overlapping) {
    simulator_options o;
    o.export_syncs_per_hour = 2;
    o.import_syncs_per_hour = 1;
    o.sync_action_syncs_per_hour = 1;
    o.over_limit = over_limit;
    o.overlapping_activities = overlapping;
    return o;
}

struct ruled : service {
    explicit ruled(bulk::rule_response over_limit,
                   bulk::rule_response overlapping = bulk::rule_response::ignore)
        : service(rules(over_limit, overlapping)) {}

    std::string contacts() {
        return define("/contacts/exports",
                      R"({"name":"e","fields":{"x":"{{Contact.Field(C_FirstName)}}"}})");
    }
    std::string activities() {
        return define("/activities/exports",
                      R"({"name":"e","filter":"'{{Activity.Type}}'='EmailOpen'",
            "fields":{"x":"{{Activity.CreatedAt}}"}})");
    }
    answer try_sync(std::string const& definition) {
        return post("/syncs", R"({"syncedInstanceUri":")" + definition + "\"}");
    }
    std::string status_after(std::string const& sync, std::chrono::seconds time) {
        eloqua.advance(time);
        return get(sync).at("status");
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(simulator_rules_of_use)

BOOST_AUTO_TEST_CASE(syncs_over_the_hourly_limit_are_counted) {
    ruled s(bulk::rule_response::ignore);
    std::string const definition = s.contacts();
    (void)s.sync(definition);
    s.eloqua.advance(30min);
    (void)s.sync(definition);
    BOOST_TEST(s.eloqua.syncs_over_limit() == 0u);
    (void)s.sync(definition);
    BOOST_TEST(s.eloqua.syncs_over_limit() == 1u);
    s.eloqua.advance(30min); // the first no longer counts
    (void)s.sync(definition);
    BOOST_TEST(s.eloqua.syncs_over_limit() == 2u);
    s.eloqua.advance(1h);
    (void)s.sync(definition);
    BOOST_TEST(s.eloqua.syncs_over_limit() == 2u);
    // Other kinds have their own limits.
    std::string const people = s.define("/contacts/imports", R"({"name":"i",
        "identifierFieldName":"e","fields":{"e":"{{Contact.Field(C_EmailAddress)}}"}})");
    (void)s.sync(people);
    BOOST_TEST(s.eloqua.syncs_over_limit() == 2u);
    (void)s.sync(people);
    BOOST_TEST(s.eloqua.syncs_over_limit() == 3u);
}

BOOST_AUTO_TEST_CASE(they_may_be_refused) {
    ruled s(bulk::rule_response::refuse);
    std::string const definition = s.contacts();
    (void)s.sync(definition);
    (void)s.sync(definition);
    answer const refused = s.try_sync(definition);
    BOOST_TEST(refused.status == 429);
    BOOST_TEST(s.eloqua.syncs_over_limit() == 1u);
    s.eloqua.advance(1h);
    BOOST_TEST(s.try_sync(definition).status == 201);
}

BOOST_AUTO_TEST_CASE(they_may_be_slow_or_fail) {
    ruled slow(bulk::rule_response::delay);
    std::string const definition = slow.contacts();
    BOOST_TEST(slow.status_after(slow.begin_sync(definition), 5s) == "success");
    BOOST_TEST(slow.status_after(slow.begin_sync(definition), 5s) == "success");
    std::string const late = slow.begin_sync(definition);
    BOOST_TEST(slow.status_after(late, 599s) == "pending");
    BOOST_TEST(slow.status_after(late, 5s) == "success");

    ruled hard(bulk::rule_response::fail);
    std::string const other = hard.contacts();
    (void)hard.sync(other);
    (void)hard.sync(other);
    BOOST_TEST(hard.status_after(hard.begin_sync(other), 5s) == "error");
}

BOOST_AUTO_TEST_CASE(activity_exports_at_the_same_time_are_counted) {
    ruled s(bulk::rule_response::ignore);
    std::string const one = s.activities(), two = s.activities();
    (void)s.sync(one);
    (void)s.begin_sync(s.contacts());
    std::string const first = s.begin_sync(one);
    BOOST_TEST(s.eloqua.overlapping_activity_exports() == 0u);
    std::string const second = s.begin_sync(two);
    BOOST_TEST(s.eloqua.overlapping_activity_exports() == 1u);
    BOOST_TEST(s.status_after(second, 5s) == "success");
    BOOST_TEST(s.status_after(first, 0s) == "success");
}

BOOST_AUTO_TEST_CASE(they_may_be_refused_or_fail) {
    using enum bulk::rule_response;
    ruled strict(ignore, refuse);
    std::string const one = strict.activities();
    (void)strict.begin_sync(one);
    BOOST_TEST(strict.try_sync(one).status == 429);
    strict.eloqua.advance(5s);
    BOOST_TEST(strict.try_sync(one).status == 201);
    ruled hard(ignore, fail);
    std::string const two = hard.activities();
    (void)hard.begin_sync(two);
    BOOST_TEST(hard.status_after(hard.begin_sync(two), 5s) == "error");
}

BOOST_AUTO_TEST_SUITE_END()
