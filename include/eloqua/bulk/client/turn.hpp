// SPDX-License-Identifier: BSL-1.0
/// \file
/// One operation at a time of what hands out its parts in order.
#pragma once

#include <eloqua/bulk/error.hpp>

#include <string>

namespace eloqua::bulk::detail {

/// The turn of one operation, as long as it is under way; `busy` is what it shares with others.
class turn {
public:
    explicit turn(bool& busy) : busy_(busy), mine_(!busy) { busy = true; }
    turn(turn const&) = delete;
    ~turn() {
        if (mine_)
            busy_ = false;
    }
    /// False if another one has it.
    bool mine() const { return mine_; }
    /// Why the other one has to end first.
    static failure taken(std::string const& of_what) {
        return failure(errc::invalid_argument,
                       "another operation of the same " + of_what + " is under way",
                       "await each before the next begins");
    }

private:
    bool& busy_;
    bool mine_;
};

} // namespace eloqua::bulk::detail
