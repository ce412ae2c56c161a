// SPDX-License-Identifier: BSL-1.0
/// \file
/// Reports a job's rows to an observer.
#pragma once

#include <eloqua/bulk/options.hpp>
#include <eloqua/bulk/transport.hpp>

#include <chrono>
#include <cstdint>

namespace eloqua::bulk::detail {

/// Calls `observer::on_rows` as rows move.
template <class Session>
class row_progress {
public:
    /// `s` must outlive the object.
    explicit row_progress(Session& s) : session_(s) {}

    /// Whether there is an observer, for whom the time must be read.
    bool watched() const { return session_.options.observer != nullptr; }
    /// `total`: 0 if unknown. The last row is left to `ended`.
    void moved(std::int64_t rows, std::int64_t total, clock::time_point now) {
        if (rows < told_) // they are offered again
            told_ = rows;
        if (rows == told_ || rows == total || (rows - told_ < most_rows && now - at_ < longest))
            return;
        told_ = rows;
        at_ = now;
        session_.tell(&observer::on_rows, rows, total);
    }
    void ended(std::int64_t rows) { session_.tell(&observer::on_rows, rows, rows); }

private:
    static constexpr std::int64_t most_rows = 1'000;
    static constexpr clock::duration longest = std::chrono::milliseconds(200);

    Session& session_;
    std::int64_t told_ = 0;
    clock::time_point at_{};
};

} // namespace eloqua::bulk::detail
