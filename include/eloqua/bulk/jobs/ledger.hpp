// SPDX-License-Identifier: BSL-1.0
/// \file
/// Which of the caller's rows a reject of the service is about.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

namespace eloqua::bulk {

/// The rows of the sync under way: eight bytes each, their identifier's hash.
///
/// The service numbers rejects from 1 over the rows pushed; whether it goes on counting from one
/// request to the next is not documented. So a number counts only if the identifier agrees, and
/// without agreement the identifier alone decides.
class ledger {
public:
    /// Forgets the sync before. `first_row` is the caller's number of the next row.
    void begin_sync(std::size_t first_row) {
        first_row_ = first_row;
        hashes_.clear();
        requests_.clear();
    }
    void begin_request() { requests_.push_back(hashes_.size()); }
    void add(std::string_view identifier) { hashes_.push_back(hash(identifier)); }
    std::size_t rows() const { return hashes_.size(); }
    std::size_t first_row() const { return first_row_; }

    /// The rows that a reject can be about: one if all is well; none if the service speaks of an
    /// identifier that was not sent; at most 100. `record_index` counts from 1; 0 if the service
    /// gives none.
    std::vector<std::size_t> find(std::int64_t record_index, std::string_view identifier) const {
        std::uint64_t const wanted = hash(identifier);
        std::vector<std::size_t> found;
        auto consider = [&](std::size_t row) {
            if (row < hashes_.size() && hashes_[row] == wanted && found.size() < 100 &&
                std::ranges::find(found, first_row_ + row) == found.end())
                found.push_back(first_row_ + row);
        };
        if (record_index > 0) {
            auto const index = static_cast<std::size_t>(record_index) - 1;
            consider(index);
            for (std::size_t r = 0; r != requests_.size(); ++r) {
                std::size_t const end =
                    r + 1 == requests_.size() ? hashes_.size() : requests_[r + 1];
                if (index < end - requests_[r])
                    consider(requests_[r] + index);
            }
        }
        for (std::size_t row = 0; found.empty() && row != hashes_.size(); ++row)
            if (hashes_[row] == wanted) {
                for (; row != hashes_.size(); ++row)
                    consider(row);
                break;
            }
        return found;
    }

private:
    static std::uint64_t hash(std::string_view text) { return std::hash<std::string_view>()(text); }

    std::size_t first_row_ = 0;
    std::vector<std::uint64_t> hashes_;
    std::vector<std::size_t> requests_; ///< where each begins in `hashes_`
};

} // namespace eloqua::bulk
