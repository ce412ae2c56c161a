// SPDX-License-Identifier: BSL-1.0
// Failures of docs/guides/errors.md: each is caused by a fault of a simulated Eloqua.
#include <eloqua/bulk.hpp>
#include <eloqua/bulk/simulator.hpp>

#include <boost/describe.hpp>

#include "checks.hpp"
#include <chrono>
#include <iostream>
#include <string>
#include <vector>

namespace bulk = eloqua::bulk;

struct person {
    std::string email;
    using eloqua_fields = bulk::fields<bulk::field<&person::email, "C_EmailAddress">>;
};
BOOST_DESCRIBE_STRUCT(person, (), (email))

namespace {

bulk::basic_credentials const me("Company", "user", "secret");
auto const by = bulk::identified_by<&person::email>;

enum class next { done, later, never };

next import_people(bulk::client const& client, std::vector<person> const& people) {
    auto const done = client.import_rows(bulk::contacts, by, people).get();
    if (done) {
        std::cout << *done << '\n';
        return next::done;
    }
    std::cerr << done.error().message() << '\n'; // one line, without secrets
    if (done.error().code == bulk::condition::try_later)
        return next::later; // overload, timeout, lost connection
    if (auto const* sofar = bulk::report_so_far<person>(done.error()))
        std::cerr << "until then: " << *sofar << '\n';
    return next::never;
}

bool print_lists(bulk::client const& client) {
    try {
        for (auto const& list : client.contact_lists().list())
            std::cout << list.name << '\n';
        return true;
    } catch (bulk::error const& e) {
        std::cerr << e.what() << '\n'; // the same line
        if (e.code() == bulk::condition::bad_credentials)
            std::cerr << "to do: " << e.info().advice << '\n';
        return false;
    }
}

} // namespace

int main() {
    std::vector<person> const people{{"ada@example.com"}, {"bob@example.com"}};
    using bulk::fault;

    { // Errors that pass are retried, and a lost push is sent to a new definition.
        bulk::simulator eloqua;
        bulk::fault_plan plan;
        plan.at("POST /contacts/imports", 1, fault::unavailable());
        plan.at("POST /contacts/imports/{id}/data", 1, fault::lose_answer());
        plan.at("POST /syncs", 1, fault::lose_answer());
        eloqua.inject(plan);
        bulk::client const client(eloqua, me);
        auto const report = client.import_rows(bulk::contacts, by, people).value();
        expect(plan.finished() && report.created == 2 && eloqua.count("/contacts") == 2);
        expect(report.definitions_abandoned == 1 && eloqua.requests("POST /syncs") == 1);
    }
    { // An hour of 503.
        bulk::simulator eloqua;
        bulk::fault_plan plan;
        plan.from("*", 1, fault::unavailable());
        eloqua.inject(plan);
        bulk::client_options options;
        options.retry.attempts = 3;                             // of each request; the default is 6
        options.retry.longest_delay = std::chrono::seconds(30); // between two attempts
        options.polling.deadline = std::chrono::hours(2);       // for one sync
        bulk::client const client(eloqua, me, options);
        expect(import_people(client, people) == next::later);
        expect(plan.log().size() == 3);
    }
    { // A request that must not be repeated, called directly.
        bulk::simulator eloqua;
        bulk::fault_plan plan;
        plan.at("POST /contacts/exports", 1, fault::lose_answer());
        eloqua.inject(plan);
        bulk::client const client(eloqua, me);
        bulk::export_definition definition;
        definition.name = "my definition";
        definition.fields = {{"email", "{{Contact.Field(C_EmailAddress)}}"}};
        auto const made = client.exports(bulk::contacts).create(definition).get();
        expect(made.error().code == bulk::errc::outcome_unknown);
    }
    { // Credentials that the service refuses.
        bulk::simulator eloqua;
        bulk::client const client(eloqua, bulk::basic_credentials("Company", "user", "wrong"));
        expect(!print_lists(client));
        expect(import_people(client, people) == next::never);
    }
    { // A sync that fails.
        bulk::simulator eloqua;
        bulk::fault_plan plan;
        plan.at("POST /syncs", 1, fault::fail(bulk::elq{107}));
        eloqua.inject(plan);
        bulk::client const client(eloqua, me);
        auto const failed = client.import_rows(bulk::contacts, by, people).get();
        expect(failed.error().code == bulk::errc::sync_failed);
        expect(bulk::report_so_far<person>(failed.error()) != nullptr);
    }
}
