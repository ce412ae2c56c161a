// SPDX-License-Identifier: BSL-1.0
// Ctrl+C and SIGTERM: the first one stops the command, the second one ends the process.
#pragma once

#include <atomic>
#include <stop_token>
#include <thread>

namespace cli {

/// Create it before any other thread. Blocks the signals and waits for them on a thread of its
/// own. Ignores SIGPIPE and SIGXFSZ, so that a closed pipe and a file that is too large are errors
/// of the write.
class interrupt {
public:
    interrupt();
    interrupt(interrupt const&) = delete;
    ~interrupt();

    std::stop_token token() const { return stop_.get_token(); }
    /// Says nothing about the first signal.
    void be_silent() { silent_ = true; }

private:
    std::stop_source stop_;
    std::atomic<bool> silent_ = false;
    std::jthread waiting_;
};

} // namespace cli
