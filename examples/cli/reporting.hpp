// SPDX-License-Identifier: BSL-1.0
// What a command tells its user: progress, notes and results.
#pragma once

#include <eloqua/bulk/options.hpp>

#include "connection.hpp"
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

namespace bulk = eloqua::bulk;

namespace cli {

/// Options that every command has.
struct common_arguments {
    connection_arguments connection;
    bool quiet = false; ///< only errors on standard error
    bool json = false;  ///< the result as JSON on standard output
    std::stop_token stop;
};

/// Shows the progress of a job on standard error: one line with a bar on a terminal, otherwise a
/// line every few seconds. Thread-safe.
class progress final : public bulk::observer {
public:
    progress(std::string command, bool quiet);
    ~progress() override;

    /// `what`: what happens to rows, such as "exported".
    void begin(std::string what);
    /// Ends the line on a terminal.
    void end();
    /// A note on a line of its own, unless quiet.
    void note(std::string const& text);

    void on_rows(std::int64_t rows, std::int64_t total) override;
    void on_retry(bulk::failure const& why, bulk::clock::duration delay) override;
    void on_wait(std::string_view reason, bulk::clock::duration delay) override;
    void on_sync(std::string_view uri, std::string_view status) override;

private:
    void show(std::int64_t rows, std::int64_t total);
    void line(std::string const& text);
    void clear_line();

    std::mutex mutex_;
    std::string command_, what_, status_;
    bool quiet_, terminal_, open_ = false;
    std::optional<std::int64_t> first_rows_; ///< the first number: an earlier run's rows
    bulk::clock::time_point begun_{}, next_{};
};

/// Writes a line to standard output. Throws `ending` if it cannot be written.
void say(std::string_view text);
/// Writes everything to standard output that was not written yet. Throws `ending` as above.
void flush_output();

} // namespace cli
