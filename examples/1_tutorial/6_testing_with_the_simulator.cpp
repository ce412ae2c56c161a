// SPDX-License-Identifier: BSL-1.0
// Step 6 of the tutorial: tests a program's own function with the simulated Eloqua and faults.
#define BOOST_TEST_MODULE testing_with_the_simulator
#include <eloqua/bulk.hpp>
#include <eloqua/bulk/simulator.hpp>

#include <boost/describe.hpp>
#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace bulk = eloqua::bulk;

struct person {
    std::string email;
    std::string country;

    using eloqua_fields = bulk::fields<bulk::field<&person::email, "C_EmailAddress">,
                                       bulk::field<&person::country, "C_Country">>;
};
BOOST_DESCRIBE_STRUCT(person, (), (email, country))

/// The function under test: stores people and returns the addresses that Eloqua rejects.
std::vector<std::string> store_people(bulk::client const& client,
                                      std::vector<person> const& people) {
    auto const report =
        client.import_rows(bulk::contacts, bulk::identified_by<&person::email>, people).value();
    report.require_proven();
    std::vector<std::string> rejected;
    for (auto const& reject : report.rejects)
        rejected.push_back(people.at(reject.row_index).email);
    return rejected;
}

struct test_bench {
    bulk::simulator eloqua;
    bulk::client client{eloqua, bulk::basic_credentials{"Company", "user", "secret"}};
    std::vector<person> people{{"ada@example.com", "GB"}, {"alan@example.com", "GB"}};
};

BOOST_FIXTURE_TEST_CASE(stores_people, test_bench) {
    BOOST_TEST(store_people(client, people).empty());
    auto const found = eloqua.find("/contacts", "C_EmailAddress", "ada@example.com");
    BOOST_REQUIRE_EQUAL(found.size(), 1u);
    BOOST_TEST(eloqua.value("/contacts", found.front(), "C_Country") == "GB");
}

BOOST_FIXTURE_TEST_CASE(returns_rejected_addresses, test_bench) {
    people.push_back({"no address", "GB"});
    BOOST_TEST(store_people(client, people) == std::vector<std::string>{"no address"});
    BOOST_TEST(eloqua.count("/contacts") == 2u);
}

BOOST_FIXTURE_TEST_CASE(an_overloaded_service_delays_it_only, test_bench) {
    bulk::fault_plan faults;
    faults.at("POST /syncs", 1, bulk::fault::too_many_requests());
    eloqua.inject(faults);
    BOOST_TEST(store_people(client, people).empty());
    BOOST_TEST(eloqua.requests("POST /syncs") == 2u);
}

BOOST_FIXTURE_TEST_CASE(an_unreachable_service_is_an_error_to_try_later, test_bench) {
    bulk::fault_plan faults;
    faults.from("*", 1, bulk::fault::refuse());
    eloqua.inject(faults);
    BOOST_CHECK_EXCEPTION(store_people(client, people), bulk::error, [](bulk::error const& e) {
        return e.code() == bulk::condition::try_later;
    });
    BOOST_TEST(eloqua.count("/contacts") == 0u);
}

BOOST_AUTO_TEST_CASE(any_response_may_be_lost) {
    for (std::uint64_t request = 1;; ++request) {
        BOOST_TEST_CONTEXT("the response to request " << request << " is lost") {
            test_bench bench;
            bulk::fault_plan faults;
            faults.at("*", request, bulk::fault::lose_answer());
            bench.eloqua.inject(faults);
            BOOST_TEST(store_people(bench.client, bench.people).empty());
            BOOST_TEST(bench.eloqua.count("/contacts") == 2u);
            if (!faults.finished()) { // there were fewer requests
                BOOST_TEST(request > 5u);
                break;
            }
        }
    }
}
