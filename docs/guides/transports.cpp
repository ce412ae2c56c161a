// SPDX-License-Identifier: BSL-1.0
// The transports of docs/guides/transports.md. Over sockets, a simulated Eloqua listens on a port
// of this machine; it is its own proxy, so that clients can call it by the names of the real
// service.
#include <eloqua/bulk.hpp>
#include <eloqua/bulk/beast_transport.hpp>
#include <eloqua/bulk/simulator.hpp>
#include <eloqua/bulk/simulator/certificate.hpp>
#include <eloqua/bulk/simulator/listener.hpp>
#include <eloqua/bulk/testing/scripted_transport.hpp>

#include "checks.hpp"
#include <chrono>
#include <cstddef>
#include <cstdlib>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

namespace bulk = eloqua::bulk;

namespace {

bulk::basic_credentials const me("Company", "user", "secret");

} // namespace

/// Notes every request of another transport, and its status.
template <bulk::blocking_transport Transport>
class noting_transport {
    using inner = decltype(std::declval<Transport&>().acquire());
    using lines = std::shared_ptr<std::vector<std::string>>;

public:
    class channel {
    public:
        channel(inner of, lines to) : channel_(std::move(of)), lines_(std::move(to)) {}
        void send(bulk::request const& q, std::stop_token stop, bulk::error_code& ec) {
            line_ = q.line(); // has no header field, so no credentials
            channel_.send(q, std::move(stop), ec);
            if (ec)
                lines_->push_back(line_ + ": " + ec.message());
        }
        void read_head(bulk::head& h, std::stop_token stop, bulk::error_code& ec) {
            channel_.read_head(h, std::move(stop), ec);
            lines_->push_back(line_ +
                              (ec ? ": " + ec.message() : " -> " + std::to_string(h.status)));
        }
        std::size_t read_some(std::span<char> into, std::stop_token stop, bulk::error_code& ec) {
            return channel_.read_some(into, std::move(stop), ec);
        }
        bool stale() { return channel_.stale(); }
        bool unsent() { return channel_.unsent(); }
        void drop() { channel_.drop(); }

    private:
        inner channel_;
        lines lines_;
        std::string line_;
    };

    noting_transport(Transport of, lines to) : transport_(std::move(of)), lines_(std::move(to)) {}
    channel acquire() { return channel(transport_.acquire(), lines_); }
    bulk::clock::time_point now()
        requires bulk::has_own_clock<Transport>
    {
        return transport_.now();
    }
    void wait(bulk::clock::duration time, std::stop_token stop)
        requires bulk::has_own_clock<Transport>
    {
        transport_.wait(time, std::move(stop));
    }

private:
    Transport transport_;
    lines lines_;
};

int main() {
    bulk::simulator_options real_time;
    real_time.simulated_clock = false;
    bulk::simulator eloqua(real_time);
    bulk::local_certificates const made =
        bulk::self_signed_ca({"login.eloqua.com", "secure.p03.eloqua.com"});
    bulk::listener_options tls;
    tls.certificate_pem = made.certificate;
    tls.key_pem = made.key;
    bulk::listener const server([&](bulk::request const& q) { return eloqua.handle(q); }, tls);
    std::string const proxy = "http://127.0.0.1:" + std::to_string(server.port());
    std::string const company_ca = made.ca;

    bulk::transport_options options;
    options.proxy = proxy;       // "http://user:password@host:port"
    options.ca_pem = company_ca; // in addition to the system's; or ca_file
    options.limits.connect = std::chrono::seconds(5);
    options.limits.request = std::chrono::minutes(10);
    bulk::client const client(bulk::beast_transport(options), me);
    expect(client.base_url().value() == "https://secure.p03.eloqua.com/API/Bulk/2.0");
    expect(client.syncs().list().page().get().has_value());

    // A certificate of an unknown authority is refused, and no password is sent.
    bulk::transport_options distrusting;
    distrusting.proxy = proxy;
    auto const refused = bulk::client(bulk::beast_transport(distrusting), me).base_url().get();
    expect(refused.error().code.category() == bulk::certificate_category());
    expect(refused.error().info.unsent && refused.error().code != bulk::condition::try_later);

    // Nothing listens there.
    bulk::client_options once;
    once.login_url = "https://localhost:1/id";
    once.retry.attempts = 1;
    auto const unreachable = bulk::client(bulk::beast_transport(), me, once).base_url().get();
    expect(unreachable.error().code == bulk::condition::try_later);

    auto const lines = std::make_shared<std::vector<std::string>>();
    bulk::client const noted(noting_transport(bulk::beast_transport(options), lines), me);
    noted.contact_lists().list().page().value();
    expect(lines->size() == 2 && lines->front() == "GET https://login.eloqua.com/id -> 200");

    bulk::scripted_transport script;
    script.expect(bulk::verb::get, "/api/bulk/2.0/syncs/1").answers(503).with("Retry-After", "60");
    script.expect(bulk::verb::get, "/api/bulk/2.0/syncs/1")
        .answers(200, R"({"uri": "/syncs/1", "syncedInstanceUri": "/contacts/exports/5",
                         "status": "active"})");
    bulk::client_options at_base;
    at_base.base_url = "https://secure.p03.eloqua.com/api/bulk/2.0";
    bulk::client const tested(script, me, at_base);
    expect(tested.syncs().read(1).value().status == bulk::sync_status::active);
    expect(script.finished() && script.unexpected().empty());
}
