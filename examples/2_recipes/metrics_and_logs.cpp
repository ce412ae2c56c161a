// SPDX-License-Identifier: BSL-1.0
// Counts what a client does, as metrics in Prometheus' text format, and logs its retries.
// Run: 2_recipes/metrics_and_logs (an import into a simulated Eloqua that fails twice)
#include <eloqua/bulk.hpp>
#include <eloqua/bulk/simulator.hpp>

#include <boost/describe.hpp>

#include <chrono>
#include <cstdint>
#include <exception>
#include <iostream>
#include <map>
#include <memory>
#include <mutex>
#include <ostream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace bulk = eloqua::bulk;

struct person {
    std::string email;

    using eloqua_fields = bulk::fields<bulk::field<&person::email, "C_EmailAddress">>;
};
BOOST_DESCRIBE_STRUCT(person, (), (email))

/// Clients on several threads may share one.
class metrics final : public bulk::observer {
public:
    void on_response(std::string_view, bulk::response_info const& answer) override {
        std::lock_guard const one(mutex_);
        ++responses_[answer.status];
        received_ += answer.bytes;
        sent_ += answer.sent;
        seconds_ += std::chrono::duration<double>(answer.duration).count();
    }
    void on_retry(bulk::failure const& why, bulk::clock::duration delay) override {
        std::lock_guard const one(mutex_);
        ++retries_;
        std::clog << "retrying in " << std::chrono::duration<double>(delay).count()
                  << " s: " << why.message() << '\n';
    }
    void on_wait(std::string_view reason, bulk::clock::duration) override {
        std::clog << "waiting: " << reason << '\n';
    }

    /// For the page that Prometheus reads.
    void write(std::ostream& out) const {
        std::lock_guard const one(mutex_);
        out << "# TYPE eloqua_responses_total counter\n";
        for (auto const& [status, count] : responses_)
            out << "eloqua_responses_total{status=\"" << status << "\"} " << count << '\n';
        out << "# TYPE eloqua_retries_total counter\n"
            << "eloqua_retries_total " << retries_ << '\n'
            << "# TYPE eloqua_received_bytes_total counter\n"
            << "eloqua_received_bytes_total " << received_ << '\n'
            << "# TYPE eloqua_sent_bytes_total counter\n"
            << "eloqua_sent_bytes_total " << sent_ << '\n'
            << "# TYPE eloqua_request_seconds_total counter\n"
            << "eloqua_request_seconds_total " << seconds_ << '\n';
    }

private:
    mutable std::mutex mutex_;
    std::map<int, std::uint64_t> responses_;
    std::uint64_t retries_ = 0, received_ = 0, sent_ = 0;
    double seconds_ = 0;
};

int main() {
    try {
        bulk::simulator eloqua;
        bulk::fault_plan faults;
        faults.at("POST /contacts/imports", 1, bulk::fault::too_many_requests());
        faults.at("GET /syncs/{id}", 1, bulk::fault::unavailable());
        eloqua.inject(faults);
        auto const measured = std::make_shared<metrics>();
        bulk::client_options options;
        options.observer = measured;
        bulk::client const client{eloqua, bulk::basic_credentials{"Company", "user", "secret"},
                                  options};
        std::vector<person> const people{{"ada@example.com"}};
        (void)client.import_rows(bulk::contacts, bulk::identified_by<&person::email>, people)
            .value();

        std::ostringstream page;
        measured->write(page);
        std::cout << page.str();
        auto const has = [text = page.str()](char const* line) {
            return text.find(line) != text.npos;
        };
        return has("\neloqua_responses_total{status=\"429\"} 1\n") &&
                       has("\neloqua_responses_total{status=\"503\"} 1\n") &&
                       has("\neloqua_retries_total 2\n")
                   ? 0
                   : 1;
    } catch (std::exception const& e) {
        std::cerr << e.what() << '\n';
        return 1;
    }
}
