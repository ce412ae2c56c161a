// SPDX-License-Identifier: BSL-1.0
// Exports all e-mail opens of the last year, beginning with one window of the whole year, and
// prints the cost: rows, windows, seconds, peak resident memory. Fails unless their ids are
// consecutive numbers, each of which came once.
#include <eloqua/bulk.hpp>
#include <eloqua/bulk/beast_transport.hpp>

#include <boost/describe.hpp>

#include "peak_memory.hpp"
#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <limits>
#include <vector>

namespace bulk = eloqua::bulk;

struct opened {
    std::int64_t id = 0;
    std::chrono::sys_time<std::chrono::milliseconds> at;

    using eloqua_fields =
        bulk::fields<bulk::attribute<&opened::id, "Id">, bulk::attribute<&opened::at, "CreatedAt">>;
};
BOOST_DESCRIBE_STRUCT(opened, (), (id, at))

/// The ids that have come, one bit for each.
class id_set {
public:
    explicit id_set(std::size_t most) : bits_(most) {}

    /// False if the id came before, or is too large.
    bool insert(std::int64_t id) {
        if (id < 0 || static_cast<std::size_t>(id) >= bits_.size())
            return false;
        auto bit = bits_[static_cast<std::size_t>(id)];
        if (bit)
            return false;
        bit = true;
        first_ = std::min(first_, id);
        last_ = std::max(last_, id);
        ++size_;
        return true;
    }
    /// Whether the ids are exactly so many consecutive numbers.
    bool consecutive(std::int64_t count) const {
        return size_ == count && (count == 0 || last_ - first_ == count - 1);
    }

private:
    std::vector<bool> bits_;
    std::int64_t first_ = std::numeric_limits<std::int64_t>::max(), last_ = -1, size_ = 0;
};

int main(int argc, char** argv) try {
    std::int64_t const expected = argc == 4 ? std::atoll(argv[2]) : 0;
    std::int64_t const room = argc == 4 ? std::atoll(argv[3]) : 0;
    if (expected < 1 || room < expected) {
        std::fputs("usage: export_windows LOGIN_URL ROWS ROOM\n"
                   "Expects ROWS e-mail opens. Takes memory for the ids of ROOM of them.\n",
                   stderr);
        return 2;
    }
    bulk::client_options options;
    options.login_url = argv[1];
    bulk::client client{bulk::beast_transport{},
                        bulk::basic_credentials{"Company", "user", "secret"}, options};
    auto const today = std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now());
    bulk::time_window const year{today - std::chrono::days(366), today + std::chrono::days(1)};
    bulk::export_options how;
    how.windows = bulk::export_windows<&opened::at>(bulk::time_windows(year));

    id_set came(static_cast<std::size_t>(room) + 10'000); // ids do not begin at 0
    auto const begin = std::chrono::steady_clock::now();
    auto source = client.export_rows<opened>(bulk::activities_of(bulk::activity_type::EmailOpen),
                                             bulk::all_rows, how);
    for (opened const& each : source)
        if (!came.insert(each.id)) {
            std::fprintf(stderr, "export_windows: the row with id %lld is not expected\n",
                         static_cast<long long>(each.id));
            return 1;
        }
    std::chrono::duration<double> const took = std::chrono::steady_clock::now() - begin;
    if (!came.consecutive(expected)) {
        std::fputs("export_windows: rows are missing\n", stderr);
        return 1;
    }
    bulk::window_totals const windows = source.receipt().windows.value();
    std::printf("%lld rows, %lld windows, %lld halved, %lld rows dropped, %.1f s, peak %ld KiB\n",
                static_cast<long long>(source.receipt().rows),
                static_cast<long long>(windows.exported), static_cast<long long>(windows.halved),
                static_cast<long long>(windows.outside), took.count(), peak_kib());
    return source.receipt().rows == expected ? 0 : 1;
} catch (std::exception const& e) {
    std::fprintf(stderr, "export_windows: %s\n", e.what());
    return 1;
}
