// SPDX-License-Identifier: BSL-1.0
#include "reporting.hpp"

#include "ending.hpp"
#include "text.hpp"
#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <iostream>
#include <sys/ioctl.h>
#include <system_error>
#include <unistd.h>

namespace cli {

namespace {

using std::chrono::duration_cast;
using std::chrono::seconds;

/// "1:05:07" or "2:30".
std::string clock_text(double duration) {
    auto const all = static_cast<std::int64_t>(std::max(duration, 0.0));
    char text[64];
    if (all >= 3600)
        (void)std::snprintf(
            text, sizeof text, "%lld:%02lld:%02lld", static_cast<long long>(all / 3600),
            static_cast<long long>(all / 60 % 60), static_cast<long long>(all % 60));
    else
        (void)std::snprintf(text, sizeof text, "%lld:%02lld", static_cast<long long>(all / 60),
                            static_cast<long long>(all % 60));
    return text;
}

/// How many columns of a line can be used.
std::size_t columns_of_terminal() {
    winsize size{};
    bool const known = ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1;
    return known ? size.ws_col - 1u : 79u;
}

} // namespace

progress::progress(std::string command, bool quiet)
    : command_(std::move(command)), quiet_(quiet), terminal_(::isatty(STDERR_FILENO) != 0) {}

progress::~progress() {
    end();
}

void progress::begin(std::string what) {
    std::lock_guard const one(mutex_);
    what_ = std::move(what);
    first_rows_.reset();
    begun_ = next_ = bulk::clock::now();
}

void progress::end() {
    std::lock_guard const one(mutex_);
    clear_line();
}

void progress::note(std::string const& text) {
    if (quiet_)
        return;
    std::lock_guard const one(mutex_);
    clear_line();
    std::cerr << "eloqua-bulk " << command_ << ": " << text << std::endl;
}

void progress::on_rows(std::int64_t rows, std::int64_t total) {
    std::lock_guard const one(mutex_);
    show(rows, total);
}

void progress::on_retry(bulk::failure const& why, bulk::clock::duration delay) {
    auto const ms = duration_cast<std::chrono::milliseconds>(delay).count();
    note("retrying in " + std::to_string((ms + 999) / 1000) + " s: " + printable(why.message()));
}

void progress::on_wait(std::string_view reason, bulk::clock::duration delay) {
    auto const seconds = duration_cast<std::chrono::seconds>(delay).count();
    note("waiting about " + std::to_string(seconds) + " s: " + printable(reason));
}

void progress::on_sync(std::string_view uri, std::string_view status) {
    std::lock_guard const one(mutex_);
    std::string const text = printable(uri) + " is " + printable(status);
    if (quiet_ || text == status_)
        return;
    status_ = text;
    line(text);
}

void progress::show(std::int64_t rows, std::int64_t total) {
    if (quiet_)
        return;
    auto const now = bulk::clock::now();
    if (!first_rows_) {
        first_rows_ = rows;
        begun_ = now;
    }
    bool const last = rows == total && total != 0;
    if (now < next_ && !last)
        return;
    next_ = now + (terminal_ ? bulk::clock::duration(std::chrono::milliseconds(200))
                             : bulk::clock::duration(seconds(5)));
    double const elapsed = std::chrono::duration<double>(now - begun_).count();
    double const rate = elapsed > 0.5 ? double(rows - *first_rows_) / elapsed : 0;
    double const part = total != 0 ? double(rows) / double(total) : 0;
    std::string text =
        std::to_string(rows) + (total != 0 ? " of " + std::to_string(total) : "") + " rows";
    if (rate > 0)
        text += ", " + std::to_string(static_cast<std::int64_t>(rate)) + " rows/s";
    if (rate > 0 && total > rows)
        text += ", " + clock_text(double(total - rows) / rate) + " left";
    if (terminal_ && total != 0) {
        std::size_t const others = what_.size() + text.size() + 4, columns = columns_of_terminal();
        std::size_t const width =
            std::clamp(columns - std::min(columns, others), std::size_t(5), std::size_t(30));
        std::string bar(static_cast<std::size_t>(double(width) * std::clamp(part, 0.0, 1.0)), '#');
        bar.resize(width, '.');
        text.insert(0, '[' + bar + "] ");
    }
    line(what_ + ' ' + text);
}

void progress::line(std::string const& text) {
    if (terminal_) {
        // A line that wraps could not be replaced.
        std::cerr << "\r\033[K" << std::string_view(text).substr(0, columns_of_terminal())
                  << std::flush;
        open_ = true;
    } else {
        std::cerr << "eloqua-bulk " << command_ << ": " << text << std::endl;
    }
}

void progress::clear_line() {
    if (open_)
        std::cerr << "\r\033[K" << std::flush;
    open_ = false;
}

void say(std::string_view text) {
    std::cout << text << '\n';
    if (!std::cout)
        flush_output();
}

void flush_output() {
    errno = 0;
    if (std::cout.flush())
        return;
    std::string const why = errno == EPIPE
                                ? "was closed"
                                : "cannot be written: " + std::generic_category().message(errno);
    std::cout.clear();
    throw ending(exit_code::failed, "standard output " + why + " before everything was written");
}

} // namespace cli
