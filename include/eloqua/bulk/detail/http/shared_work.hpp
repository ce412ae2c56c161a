// SPDX-License-Identifier: BSL-1.0
/// \file
/// Work that one flow of a client does for all flows that need it at that time. Also a guard that
/// allows one operation at a time on an object that is read in order.
#pragma once

#include <eloqua/bulk/error.hpp>
#include <eloqua/bulk/flow.hpp>
#include <eloqua/bulk/options.hpp>

#include <boost/system/errc.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace eloqua::bulk::detail {

/// Whether a flow is doing the work, and how it ended last time.
class shared_work {
public:
    /// Held by the flow that does the work. Ends with the flow, even if that is abandoned.
    class turn {
    public:
        explicit turn(shared_work& of) : of_(of) { of.under_way_ = true; }
        turn(turn const&) = delete;
        turn& operator=(turn const&) = delete;
        ~turn() { of_.under_way_ = false; }

        /// Sets the result for the waiting flows. A cancellation concerns this flow only; one of
        /// the others starts the work again.
        template <class T>
        void end(result<T> const& came) {
            if (!came && came.error().code == boost::system::errc::operation_canceled)
                return;
            ++of_.ended_;
            of_.failed_.reset();
            if (!came)
                of_.failed_ = came.error();
        }

    private:
        shared_work& of_;
    };

    bool under_way() const { return under_way_; }
    std::uint64_t ended() const { return ended_; }
    std::optional<failure> const& failed() const { return failed_; }

private:
    bool under_way_ = false;
    std::uint64_t ended_ = 0; ///< how often
    std::optional<failure> failed_;
};

/// Waits with growing delays, for the `n`th time (from 1). False after `patience` has passed.
template <class Result = result<bool>>
flow<Result> wait_a_little(clock::time_point begun, clock::duration patience, unsigned n) {
    io_result const now = co_await io_request::time();
    if (now.now - begun >= patience)
        co_return false;
    io_result const waited = co_await io_request::wait(
        exponential_delay(std::chrono::milliseconds(50), std::chrono::seconds(1), n));
    if (waited.ec)
        co_return failure(waited.ec);
    co_return true;
}

/// Waits until no other flow does the work. Errors: the work's, if it failed meanwhile;
/// `errc::deadline_exceeded` with the text `too_long`. `work` must outlive the flow.
template <class Work>
flow<result<void>> wait_for_others(Work& work, clock::duration patience, std::string too_long) {
    if (!work.under_way())
        co_return result<void>();
    io_result const begun = co_await io_request::time();
    std::uint64_t const before = work.ended();
    for (unsigned n = 1; work.under_way(); ++n) {
        result<bool> const waited = co_await wait_a_little(begun.now, patience, n);
        if (!waited)
            co_return waited.error();
        if (!*waited)
            co_return failure(errc::deadline_exceeded, too_long);
        if (work.ended() != before && work.failed())
            co_return *work.failed();
    }
    co_return result<void>();
}

/// The turn of one operation for as long as it runs. `busy` is shared with the other operations.
class turn {
public:
    explicit turn(bool& busy) : busy_(busy), mine_(!busy) { busy = true; }
    turn(turn const&) = delete;
    ~turn() {
        if (mine_)
            busy_ = false;
    }
    /// False if another operation has the turn.
    bool mine() const { return mine_; }
    /// The failure that says that the other operation must end first.
    static failure taken(std::string const& of_what) {
        return failure(errc::invalid_argument,
                       "another operation of the same " + of_what + " is still running",
                       "wait for each operation before starting the next");
    }

private:
    bool& busy_;
    bool mine_;
};

} // namespace eloqua::bulk::detail
