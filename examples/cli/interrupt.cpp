// SPDX-License-Identifier: BSL-1.0
#include "interrupt.hpp"

#include <csignal>
#include <pthread.h>
#include <string>
#include <string_view>
#include <unistd.h>

namespace cli {

namespace {

/// Replaces the progress bar, if there is a terminal.
void say(std::string_view text) {
    std::string const line = (::isatty(STDERR_FILENO) ? "\r\033[K" : "") + std::string(text);
    [[maybe_unused]] auto const written = ::write(STDERR_FILENO, line.data(), line.size());
}

} // namespace

interrupt::interrupt() {
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGXFSZ, SIG_IGN);
    sigset_t ending;
    sigemptyset(&ending);
    sigaddset(&ending, SIGINT);
    sigaddset(&ending, SIGTERM);
    sigaddset(&ending, SIGUSR2); // ends the thread
    pthread_sigmask(SIG_BLOCK, &ending, nullptr);
    waiting_ = std::jthread([this, ending] {
        for (bool again = false;; again = true) {
            int got = 0;
            sigwait(&ending, &got);
            if (got == SIGUSR2)
                return;
            if (again) {
                say("eloqua-bulk: ended at once by a second signal\n");
                ::_exit(128 + got);
            }
            if (!silent_)
                say("eloqua-bulk: stopping; a second Ctrl+C ends at once\n");
            stop_.request_stop();
        }
    });
}

interrupt::~interrupt() {
    pthread_kill(waiting_.native_handle(), SIGUSR2);
}

} // namespace cli
