// SPDX-License-Identifier: BSL-1.0
// Calls every operation of the API once and prints each result, against its own simulated Eloqua or
// any server that implements the contract.
#include <eloqua/bulk.hpp>

#include "instance.hpp"
#include "tour.hpp"
#include <algorithm>
#include <chrono>
#include <iomanip>
#include <iostream>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <thread>

namespace {

constexpr char const* usage =
    R"(usage: endpoint_tour [options]

Calls every operation of the Bulk API once, in an order in which each can succeed, and prints a
line for each: method and path, status, "ok" or the error. It creates definitions and deletes them
again, pushes one row to each import but syncs none, and runs one export of contacts.
Without --company it starts its own simulated Eloqua on a local port.
Exit status 0 if all succeeded.

  --only seed       calls only the 44 operations of the API's shorter description
  --help            this text
)";

/// Remembers the last request and its status.
class last_exchange final : public bulk::observer {
public:
    void on_request(std::string_view) override { status = 0; }
    void on_response(std::string_view, bulk::response_info const& answer) override {
        status = answer.status;
    }
    int status = 0;
};

class printing_visit {
public:
    printing_visit(std::shared_ptr<last_exchange> last, bool only_seed, int& called, int& failed)
        : last_(std::move(last)), only_seed_(only_seed), called_(called), failed_(failed) {}

    void operator()(std::string const& line, tour_call const& call) const {
        if (only_seed_ && std::ranges::find(seed_operations, line) == std::end(seed_operations))
            return;
        ++called_;
        last_->status = 0;
        bulk::result<void> const came = call().done;
        std::cout << std::left << std::setw(52) << line << ' ' << std::right << std::setw(3)
                  << (last_->status ? std::to_string(last_->status) : "-") << ' ';
        if (came) {
            std::cout << "ok" << std::endl;
        } else {
            ++failed_;
            std::cout << came.error().message() << std::endl;
        }
    }

private:
    std::shared_ptr<last_exchange> last_;
    bool only_seed_;
    int &called_, &failed_;
};

/// Waits until a sync has ended, but at most 10 s.
void settle(bulk::client const& client, bulk::id sync) {
    auto const give_up = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    auto pause = std::chrono::milliseconds(100);
    for (;;) {
        auto const seen = client.syncs().read(sync).get();
        if (!seen || seen->finished() || std::chrono::steady_clock::now() + pause > give_up)
            return;
        std::this_thread::sleep_for(pause);
        pause *= 2;
    }
}

int run(instance_arguments const& given, bool only_seed) {
    auto const last = std::make_shared<last_exchange>();
    bulk::client_options options;
    options.observer = last;
    options.retry.attempts = 1; // show the result of each single request
    instance eloqua(given, options);
    std::cout << "instance: " << eloqua.base() << std::endl;

    int called = 0, failed = 0;
    tour_operations(eloqua.client(), printing_visit(last, only_seed, called, failed),
                    [&](bulk::id sync) { settle(eloqua.client(), sync); });
    std::cout << called << " operations, " << failed << " failed" << std::endl;
    return failed ? 1 : 0;
}

} // namespace

int main(int argc, char** argv) {
    bool only_seed = false;
    auto own = [&](std::string_view word, auto value) {
        if (word != "--only")
            return false;
        if (value() != "seed")
            throw bad_usage("--only takes 'seed'");
        return only_seed = true;
    };
    return run_example("endpoint_tour", usage, argc, argv, own,
                       [&](instance_arguments const& where) { return run(where, only_seed); });
}
