// SPDX-License-Identifier: BSL-1.0
// Imports a million rows, of which the service rejects 1 %, into a simulator in this process, with
// each numbering of rejects and without numbers. Each reject must name its row. Prints the client's
// peak memory without the simulator's. `--json FILE` also writes it as JSON, in report.py's format.
#include <eloqua/bulk.hpp>

#include <boost/describe.hpp>
#include <boost/json.hpp>

#include "../tests/jobs/watched_simulator.hpp"
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <exception>
#include <fstream>
#include <iterator>
#include <optional>
#include <ranges>
#include <string>
#include <string_view>
#include <utility>

namespace bulk = eloqua::bulk;
namespace json = boost::json;

namespace {

struct contact {
    std::string email;
    using eloqua_fields = bulk::fields<bulk::field<&contact::email, "C_EmailAddress">>;
};
BOOST_DESCRIBE_STRUCT(contact, (), (email))

constexpr std::size_t row_count = 1'000'000;
constexpr char const* columns[] = {"numbers of rejects",    "syncs",
                                   "rejects on their rows", "peak of the client, KiB",
                                   "at most, KiB",          "time, s"};
constexpr std::size_t bound = 16; // bytes per row of a sync, in addition to a request and a page

contact make(std::size_t i) {
    return {(i % 100 == 37 ? "no address " : "person@example.com.") + std::to_string(i)};
}

/// The same responses without the numbers of rejects.
void forget_numbers(bulk::simulator& eloqua, bool& inside) {
    eloqua.intercept([&](bulk::request const& q) -> std::optional<bulk::response> {
        if (inside || q.target.find("/rejects") == std::string::npos)
            return std::nullopt;
        inside = true;
        bulk::response answer = eloqua.handle(q);
        inside = false;
        std::string_view const name = "\"recordIndex\"";
        for (std::size_t at = 0; (at = answer.body.find(name, at)) != std::string::npos;)
            answer.body.replace(at, name.size(), "\"other_Index\"");
        return answer;
    });
}

/// The JSON for the file.
struct figures {
    json::array rows, bounds;

    bool bound(std::string what, std::size_t value, std::string_view kind, std::size_t limit) {
        bool const holds = kind == "at most" ? value <= limit : value >= limit;
        bounds.push_back({{"what", std::move(what)},
                          {"value", value},
                          {"kind", kind},
                          {"limit", limit},
                          {"holds", holds}});
        return holds;
    }
};

bool import(figures& found, std::string const& numbers, bool per_request, bool none) {
    bulk::simulator_options how;
    how.record_index_per_request = per_request;
    bulk::simulator eloqua(how);
    bool inside = false;
    if (none)
        forget_numbers(eloqua, inside);
    bulk::import_options options;
    options.request_bytes = 1'000'000;
    options.sync_bytes = 10'000'000;
    options.rejects_kept = 0;
    std::size_t on_their_rows = 0;
    auto const check = [&](bulk::import_reject<contact> const& r) {
        on_their_rows += r.row_index == 100 * on_their_rows + 37 && r.row &&
                         r.row->email == make(r.row_index).email;
    };
    counted_memory::watch const memory;
    auto const begin = std::chrono::steady_clock::now();
    auto const report =
        bulk::client(watched_simulator(eloqua),
                     bulk::basic_credentials{"Company", "user", "secret"})
            .import_rows(bulk::contacts, bulk::identified_by<&contact::email>,
                         std::views::iota(std::size_t(0), row_count) | std::views::transform(make),
                         options, bulk::rejects_to(check))
            .get()
            .value();
    std::chrono::duration<double> const took = std::chrono::steady_clock::now() - begin;
    report.require_balanced();
    std::size_t const most = memory.most();
    std::size_t const rows_per_sync = row_count / (report.syncs.size() - 1);
    std::size_t const limit = bound * rows_per_sync + 2 * options.request_bytes + 2'000'000;
    std::printf("| %s | %zu | %zu of %zu | %zu | %zu | %.1f |\n", numbers.c_str(),
                report.syncs.size(), on_their_rows, row_count / 100, most / 1024, limit / 1024,
                took.count());
    std::fflush(stdout);
    found.rows.push_back({{columns[0], numbers},
                          {columns[1], report.syncs.size()},
                          {columns[2], on_their_rows},
                          {columns[3], most / 1024},
                          {columns[4], limit / 1024},
                          {columns[5], took.count()}});
    bool fine = found.bound(numbers + ": rejects on their rows", on_their_rows, "at least",
                            row_count / 100);
    fine = found.bound(numbers + ": rejects kept", report.rejects.size(), "at most", 0) && fine;
    return found.bound(numbers + ": bytes of memory", most, "at most", limit) && fine;
}

} // namespace

int main(int argc, char** argv) try {
    if (argc != 1 && (argc != 3 || std::string_view(argv[1]) != "--json")) {
        std::fputs("usage: import_ledger [--json FILE]\n", stderr);
        return 2;
    }
    std::string head = "|", line = "|";
    for (char const* each : columns) {
        head += std::string(" ") + each + " |";
        line += "---|";
    }
    std::printf("%s\n%s\n", head.c_str(), line.c_str());
    figures found;
    bool fine = import(found, "over the sync", false, false);
    fine = import(found, "over the request", true, false) && fine;
    fine = import(found, "none", false, true) && fine;
    if (argc == 3) {
        json::array names(std::begin(columns), std::end(columns));
        std::ofstream(argv[2]) << json::value{{"title", "import_ledger"},
                                              {"columns", std::move(names)},
                                              {"rows", std::move(found.rows)},
                                              {"bounds", std::move(found.bounds)}}
                               << '\n';
    }
    return fine ? 0 : 1;
} catch (std::exception const& e) {
    std::fprintf(stderr, "import_ledger: %s\n", e.what());
    return 1;
}
