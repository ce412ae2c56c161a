// SPDX-License-Identifier: BSL-1.0
// The observers of docs/guides/watching.md, with a job against a simulated Eloqua that has faults.
#include <eloqua/bulk.hpp>
#include <eloqua/bulk/simulator.hpp>

#include <boost/describe.hpp>

#include "checks.hpp"
#include <chrono>
#include <cstdint>
#include <iostream>
#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace bulk = eloqua::bulk;

struct person {
    std::string email;
    using eloqua_fields = bulk::fields<bulk::field<&person::email, "C_EmailAddress">>;
};
BOOST_DESCRIBE_STRUCT(person, (), (email))

/// Shows progress, and a line for everything that slows a job down.
class progress : public bulk::observer {
public:
    void on_rows(std::int64_t rows, std::int64_t total) override {
        std::cerr << '\r' << rows << " rows";
        if (total > 0)
            std::cerr << " of " << total;
        std::cerr << (rows == total ? "\n" : "");
    }
    void on_sync(std::string_view uri, std::string_view status) override {
        std::cerr << uri << ' ' << status << '\n';
    }
    void on_retry(bulk::failure const& why, bulk::clock::duration delay) override {
        auto const wait = std::chrono::round<std::chrono::seconds>(delay);
        std::cerr << why.message() << "; again in " << wait.count() << " s\n";
    }
    void on_wait(std::string_view reason, bulk::clock::duration delay) override {
        auto const wait = std::chrono::round<std::chrono::seconds>(delay);
        std::cerr << "waiting " << wait.count() << " s: " << reason << '\n';
    }
};

/// Counts requests by status, bytes and retries.
class metrics : public progress {
public:
    void on_response(std::string_view line, bulk::response_info const& answer) override {
        (void)line; // "GET https://host/path"
        ++responses[answer.status];
        received += answer.bytes;
        sent += answer.sent;
        longest = std::max(longest, answer.duration);
    }
    void on_retry(bulk::failure const& why, bulk::clock::duration delay) override {
        ++retries;
        progress::on_retry(why, delay);
    }

    std::map<int, std::uint64_t> responses;
    std::uint64_t received = 0, sent = 0, retries = 0;
    bulk::clock::duration longest{};
};

int main() {
    bulk::simulator eloqua;
    eloqua.generate_contacts(2'500);
    bulk::fault_plan plan;
    plan.at("GET /syncs/{id}/data", 1, bulk::fault::unavailable());
    eloqua.inject(plan);

    auto const counted = std::make_shared<metrics>();
    bulk::client_options options;
    options.observer = counted;
    bulk::client const client(eloqua, bulk::basic_credentials("Company", "user", "secret"),
                              options);
    auto source = client.export_rows<person>(bulk::contacts);
    std::int64_t const rows = source.for_each([](person const&) {}).value();
    expect(rows == 2'500 && counted->retries == 1);
    expect(counted->responses[503] == 1 && counted->responses[200] >= 3 && counted->received > 0);

    std::cout << source.receipt() << '\n';
    std::cout << bulk::to_json(source.receipt()) << '\n';
    expect(bulk::to_json(source.receipt()).find(R"("rows":2500)") != std::string::npos);
}
