// SPDX-License-Identifier: BSL-1.0
/// \file
/// What an import has done that another one resumes.
#pragma once

#include <eloqua/bulk/error.hpp>
#include <eloqua/bulk/jobs/import_progress.hpp>
#include <eloqua/bulk/jobs/ledger.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace eloqua::bulk {

/// The groups of rows that were synced, or may have been. Their rows come by once more, so that
/// they can be compared with what they were, and rejects be tied to them.
class import_history {
public:
    using group = import_progress::group;

    /// None.
    import_history() = default;
    explicit import_history(import_progress const& before)
        : groups_(before.groups.begin(), before.groups.end()), complete_(before.complete) {}

    bool empty() const { return groups_.empty(); }
    /// There is no row after them.
    bool complete() const { return complete_; }
    group& last() { return groups_.back(); }
    void drop_last() { groups_.pop_back(); }
    std::vector<std::string> syncs() const {
        std::vector<std::string> all;
        for (group const& each : groups_)
            all.insert(all.end(), each.syncs.begin(), each.syncs.end());
        return all;
    }

    /// Adds a row of the first group; false if that has no more.
    bool add(ledger& to, std::string_view identifier, std::uint64_t sent) const {
        if (to.rows() == groups_.front().rows())
            return false;
        std::size_t boundary = 0;
        for (std::size_t const each : groups_.front().requests) {
            if (boundary == to.rows())
                to.begin_request();
            boundary += each;
        }
        to.add(identifier, sent);
        return true;
    }
    /// The first group, if its rows are those that were added. Error: `errc::journal_failed`.
    result<group> take(ledger const& rows) {
        group const& first = groups_.front();
        std::size_t const begin = rows.first_row();
        if (rows.rows() != first.rows() ||
            rows.fingerprint(first.requests.size()) != first.fingerprint)
            return failure(
                errc::journal_failed,
                "rows " + std::to_string(begin) + " to " + std::to_string(begin + first.rows()) +
                    " (exclusive) are not those that it is of, or have other values",
                "pass the same rows in the same order, or begin anew with another journal");
        group taken = std::move(groups_.front());
        groups_.pop_front();
        return taken;
    }

private:
    std::deque<group> groups_;
    bool complete_ = false;
};

} // namespace eloqua::bulk
