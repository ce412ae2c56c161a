// SPDX-License-Identifier: BSL-1.0
// Runs clients of a local service, one after the other in each round. Prints one JSON object per
// round, with the wall-clock seconds and the CPU seconds of each client's thread.
// `loopback_ratios` makes tables of them.
#include <eloqua/bulk.hpp>
#include <eloqua/bulk/beast_transport.hpp>
#include <eloqua/bulk/detail/http/exchange.hpp>
#include <eloqua/bulk/detail/http/session.hpp>

#include <boost/json.hpp>

#include "loopback_service.hpp"
#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <functional>
#include <memory>
#include <random>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <time.h>
#include <utility>
#include <vector>

#if ELOQUA_BENCHMARK_CURL
#include "curl_client.hpp"
#endif

namespace bulk = eloqua::bulk;
using loopback::contact;

namespace {

double thread_seconds() {
    timespec t{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) / 1e9;
}

struct contender {
    std::string name;
    std::function<void()> run;
};

/// Runs each client once to warm up, and then once in each round, in changing order.
void race(std::vector<contender> contenders, int rounds) {
    for (contender const& each : contenders)
        each.run();
    std::mt19937 random(1);
    for (int i = 0; i != rounds; ++i) {
        std::ranges::shuffle(contenders, random);
        std::string line;
        for (contender const& each : contenders) {
            double const cpu = thread_seconds();
            auto const begin = std::chrono::steady_clock::now();
            each.run();
            std::chrono::duration<double> const took = std::chrono::steady_clock::now() - begin;
            line += (line.empty() ? "{\"" : ", \"") + each.name + "\": [" +
                    std::to_string(took.count()) + ", " + std::to_string(thread_seconds() - cpu) +
                    ']';
        }
        std::printf("%s}\n", line.c_str());
        std::fflush(stdout);
    }
}

void check(bool right) {
    if (!right)
        throw std::runtime_error("a transfer is incomplete");
}

bulk::basic_credentials const me{"Company", "user", "secret"};

bulk::client_options options_for(loopback::server const& server) {
    bulk::client_options o;
    o.base_url = server.base();
    return o;
}
bulk::beast_transport transport_for(loopback::server const& server) {
    bulk::transport_options o;
    o.ca_pem = server.authority();
    return bulk::beast_transport(std::move(o));
}

/// Reads the bytes of a page as an export does, but does not decode them.
template <class Session>
bulk::flow<bulk::result<std::size_t>> download(Session& s, bulk::detail::endpoint_call what,
                                               std::span<char> buffer) {
    bulk::detail::exchange<Session> made(s, bulk::detail::channel_id(0), what);
    bulk::result<bulk::head> const opened = co_await made.open();
    if (!opened)
        co_return opened.error();
    for (std::size_t size = 0;;) {
        bulk::result<std::size_t> const n = co_await made.read(buffer);
        if (!n || *n == 0)
            co_return n ? bulk::result<std::size_t>(size) : n;
        size += *n;
    }
}

#if ELOQUA_BENCHMARK_CURL
void downloads(bool tls, int rounds) {
    constexpr int repetitions = 20;
    loopback::server const server({1, 50'000}, tls);
    bulk::detail::session session(me, options_for(server));
    bulk::beast_transport transport = transport_for(server);
    bulk::detail::channels<bulk::beast_transport> held;
    std::vector<char> buffer(64 * 1024);
    bulk::detail::endpoint_call const page =
        bulk::detail::endpoint_call::of<bulk::endpoints::read_sync_data>("/syncs/1/data");
    auto ours = [&] {
        for (int i = 0; i != repetitions; ++i)
            check(bulk::run(download(session, page, buffer), transport, held).value() > 10'000'000);
    };
    loopback::curl_client curl(server.authority());
    auto theirs = [&] {
        for (int i = 0; i != repetitions; ++i) {
            std::size_t size = 0;
            curl.get(server.base() + "/syncs/1/data",
                     [&](std::string_view s) { size += s.size(); });
            check(size > 10'000'000);
        }
    };
    race({{"eloqua-bulk", ours}, {"libcurl", theirs}}, rounds);
}
#endif

void exports(bool tls, int rounds) {
    loopback::extent const all{10, 50'000};
    loopback::server const server(all, tls);
    bulk::client const client(transport_for(server), me, options_for(server));
    auto ours = [&] {
        std::size_t characters = 0;
        auto source = client.export_rows<contact>(bulk::contacts);
        auto const n =
            source.for_each([&](contact const& c) { characters += c.email.size(); }).get();
        check(n.value() == all.rows() && characters != 0);
    };
    std::vector<contender> contenders{{"eloqua-bulk", ours}};
#if ELOQUA_BENCHMARK_CURL
    auto const curl = std::make_shared<loopback::curl_client>(server.authority());
    auto download = [&server, curl, all](auto page) {
        std::string body;
        for (std::int64_t i = 0; i != all.pages; ++i) {
            body.clear();
            curl->get(server.base() + "/syncs/1/data?limit=" + std::to_string(all.page_rows) +
                          "&offset=" + std::to_string(i * all.page_rows),
                      [&](std::string_view s) { body += s; });
            page(body);
        }
    };
    contenders.push_back({"libcurl + Boost.JSON", [download, all] {
                              std::int64_t rows = 0;
                              download([&](std::string const& body) {
                                  auto const v = boost::json::parse(body);
                                  auto const page =
                                      boost::json::value_to<std::vector<contact>>(v.at("items"));
                                  rows += static_cast<std::int64_t>(page.size());
                              });
                              check(rows == all.rows());
                          }});
    contenders.push_back({"libcurl, not decoded", [download] {
                              download([](std::string const& body) { check(!body.empty()); });
                          }});
#endif
    race(std::move(contenders), rounds);
}

void imports(bool tls, int rounds) {
    std::vector<contact> const rows = loopback::contacts(0, 200'000);
    loopback::server const server({1, 1, static_cast<std::int64_t>(rows.size())}, tls);
    bulk::client const client(transport_for(server), me, options_for(server));
    bulk::import_options options;
    options.check_fields = false; // the service has no list of fields
    auto ours = [&] {
        auto const report =
            client.import_rows(bulk::contacts, bulk::identified_by<&contact::email>, rows, options)
                .get()
                .value();
        report.require_proven();
        check(report.rows == static_cast<std::int64_t>(rows.size()));
    };
    std::vector<contender> contenders{{"eloqua-bulk", ours}};
#if ELOQUA_BENCHMARK_CURL
    auto const curl = std::make_shared<loopback::curl_client>(server.authority());
    contenders.push_back({"libcurl + Boost.JSON", [&server, &rows, curl] {
                              constexpr std::size_t at_once = 50'000; // below 32 MB
                              std::span<contact const> rest(rows);
                              while (!rest.empty()) {
                                  auto const part = rest.first(std::min(at_once, rest.size()));
                                  rest = rest.subspan(part.size());
                                  boost::json::array items;
                                  for (contact const& each : part)
                                      items.push_back(boost::json::value_from(each));
                                  curl->post(server.base() + "/contacts/imports/1/data",
                                             boost::json::serialize(items));
                              }
                          }});
#endif
    race(std::move(contenders), rounds);
}

/// Exports pages that the service takes 10 ms to prepare.
void thinking(bool tls, int rounds) {
    loopback::extent const all{100, 1'000};
    loopback::server const server(all, tls, std::chrono::milliseconds(10));
    bulk::client const client(transport_for(server), me, options_for(server));
    auto export_all = [&](bool ahead) {
        bulk::export_options o;
        o.page_rows = all.page_rows;
        o.read_ahead = ahead;
        auto source = client.export_rows<contact>(bulk::contacts, bulk::all_rows, o);
        check(source.for_each([](contact const&) {}).get().value() == all.rows());
    };
    race({{"two outstanding", [&] { export_all(true); }}, {"one", [&] { export_all(false); }}},
         rounds);
}

} // namespace

int main(int argc, char** argv) try {
    std::string_view const what = argc == 4 ? argv[1] : "";
    bool const tls = argc == 4 && std::string_view(argv[2]) == "tls";
    int rounds = 0;
    if (argc == 4)
        std::from_chars(argv[3], argv[3] + std::string_view(argv[3]).size(), rounds);
    if (what == "export")
        exports(tls, rounds);
    else if (what == "import")
        imports(tls, rounds);
    else if (what == "thinking")
        thinking(tls, rounds);
#if ELOQUA_BENCHMARK_CURL
    else if (what == "download")
        downloads(tls, rounds);
#endif
    else {
        std::fputs("usage: loopback download|export|import|thinking plain|tls ROUNDS\n"
                   "download needs a build with libcurl\n",
                   stderr);
        return 2;
    }
    return 0;
} catch (std::exception const& e) {
    std::fprintf(stderr, "loopback: %s\n", e.what());
    return 1;
}
