// SPDX-License-Identifier: BSL-1.0
// Jobs with random faults over real connections, with real resets, plain and through TLS:
//
//     test_jobs --run_test=chaos_over_sockets -- --seeds 500
//     test_jobs --run_test=chaos_over_sockets -- --seed 17
//
// The order of events depends slightly on the machine, since two pages may be outstanding.
#include <eloqua/bulk/beast_transport.hpp>
#include <eloqua/bulk/simulator/certificate.hpp>
#include <eloqua/bulk/simulator/listener.hpp>

#include <boost/test/unit_test.hpp>

#include "chaos.hpp"
#include <chrono>
#include <mutex>
#include <optional>
#include <string>

using namespace chaos_runs;

namespace {

using namespace std::chrono_literals;

bulk::local_certificates const& certificates() {
    static bulk::local_certificates const made = bulk::self_signed_ca();
    return made;
}

/// A run whose service listens on a port. No fault takes long.
struct socket_run : run {
    bulk::listener_options how;
    std::mutex one_at_a_time; ///< the listener's thread uses the plan
    std::optional<bulk::listener> server;

    explicit socket_run(std::uint64_t s) : run(s, prompt()) {
        if (upto(1) != 0) {
            how.certificate_pem = certificates().certificate;
            how.key_pem = certificates().key;
        }
        server.emplace(
            [this](bulk::request const& q) {
                std::scoped_lock const lock(one_at_a_time);
                return eloqua.handle(q);
            },
            how);
    }
    static bulk::simulator_options prompt() {
        bulk::simulator_options o;
        o.simulated_clock = false;
        o.sync_pending = o.sync_active = 0ns;
        return o;
    }
    bulk::client client() override {
        bulk::transport_options network;
        network.ca_pem = certificates().ca;
        network.limits.head = network.limits.read = 400ms;
        bulk::client_options o = options();
        o.login_url = server->where().text() + "/id";
        o.retry.first_delay = o.retry.search_delay = o.retry.longest_delay = 2ms;
        o.polling.first_delay = o.polling.longest_delay = 1ms;
        return bulk::client(bulk::beast_transport(network), me, o);
    }
    bulk::fault_plan faults() override {
        bulk::fault_rates r = rates();
        r.stall = 0.001;
        r.hold = r.too_many_requests = r.server_error = r.severe_error =
            0; // they request minutes of delay
        bulk::fault_plan made(seed, r);
        for (int i = 0; i != 3; ++i) {
            made.at("*", 1 + upto(100), bulk::fault::too_many_requests(0s, upto(1) != 0));
            made.at("*", 1 + upto(100), bulk::fault::unavailable(upto(1) != 0, 0s));
        }
        return made;
    }
    void calm() override {
        std::scoped_lock const lock(one_at_a_time);
        run::calm();
    }
    void end() override {
        server.reset();
        run::end();
    }
    std::string suite() const override { return "chaos_over_sockets"; }
};

} // namespace

BOOST_AUTO_TEST_SUITE(chaos_over_sockets)

BOOST_AUTO_TEST_CASE(exports) {
    auto const seeds = chaos_runs::seeds(30);
    outcomes const all = export_all<socket_run>(seeds);
    if (all.fine && seeds.size() >= 30) {
        BOOST_TEST(all.complete > all.failed);
        BOOST_TEST(all.kinds.size() > 10u);
    }
}

BOOST_AUTO_TEST_CASE(imports) {
    auto const seeds = chaos_runs::seeds(30);
    outcomes const all = import_all<socket_run>(seeds);
    if (all.fine && seeds.size() >= 30) {
        BOOST_TEST(all.complete > all.failed);
        BOOST_TEST(all.kinds.size() > 10u);
    }
}

BOOST_AUTO_TEST_SUITE_END()
