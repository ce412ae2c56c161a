// SPDX-License-Identifier: BSL-1.0
/// \file
/// Finds the caller's row that a reject refers to.
#pragma once

#include <eloqua/bulk/detail/codec/hash.hpp>
#include <eloqua/bulk/import.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <deque>
#include <numeric>
#include <optional>
#include <ranges>
#include <string_view>
#include <vector>

namespace eloqua::bulk::detail {

/// The rows of the current sync: eight bytes each, a hash of their identifier; four more from the
/// first reject whose row number is of no use.
///
/// The service numbers rejects from 1 over the pushed rows. Whether the count continues from one
/// request to the next is not documented. So a number counts only if the identifier agrees;
/// otherwise the identifier alone decides. Blanks around identifiers and the case of ASCII letters
/// are ignored unless the definition says otherwise: a service that ignores them may return them
/// changed. If the service returns an identifier that was not sent in any such spelling, the rows
/// with that number may be meant. Two different identifiers have the same hash with probability
/// 2^-64.
class ledger {
public:
    explicit ledger(bool case_sensitive = false) : case_sensitive_(case_sensitive) {}

    using finding = found_rows;

    /// Clears the previous sync and frees its memory. `first_row` is the caller's number of the
    /// next row.
    void begin_sync(std::size_t first_row) {
        first_row_ = first_row;
        first_blank_ = none;
        std::deque<std::uint64_t>().swap(hashes_);
        std::vector<std::uint32_t>().swap(order_);
        requests_.clear();
        prints_.clear();
    }
    /// Removes the first `n` rows: whole requests that a sync has applied.
    void forget_first(std::size_t n) {
        first_row_ += n;
        hashes_.erase(hashes_.begin(), hashes_.begin() + static_cast<std::ptrdiff_t>(n));
        if (first_blank_ != none) {
            auto const blank = std::ranges::find(hashes_, hash({}));
            first_blank_ =
                blank == hashes_.end() ? none : static_cast<std::size_t>(blank - hashes_.begin());
        }
        std::vector<std::uint32_t>().swap(order_);
        auto const gone = std::ranges::lower_bound(requests_, n) - requests_.begin();
        requests_.erase(requests_.begin(), requests_.begin() + gone);
        prints_.erase(prints_.begin(), prints_.begin() + gone);
        for (std::size_t& begin : requests_)
            begin -= n;
    }
    void begin_request() {
        requests_.push_back(hashes_.size());
        prints_.push_back(0);
    }
    /// `sent`: a hash of all values of the row, for `fingerprint`.
    void add(std::string_view identifier, std::uint64_t sent = 0) {
        hashes_.push_back(hash(identifier));
        if (first_blank_ == none && hashes_.back() == hash({}))
            first_blank_ = hashes_.size() - 1;
        if (!prints_.empty())
            prints_.back() = detail::mix_bits(prints_.back() + sent + 1);
    }
    std::size_t rows() const { return hashes_.size(); }
    std::size_t first_row() const { return first_row_; }
    /// Whether one of the first `n` rows has a blank identifier.
    bool has_blank_rows(std::size_t n) const { return first_blank_ < n; }
    /// The caller's numbers of those of the first `n` rows whose identifier is blank.
    std::vector<std::size_t> blank_rows(std::size_t n) const {
        std::vector<std::size_t> blank;
        std::uint64_t const wanted = hash({});
        for (std::size_t row = 0; row != n; ++row)
            if (hashes_[row] == wanted)
                blank.push_back(first_row_ + row);
        return blank;
    }
    /// The number of rows of each request.
    std::vector<std::size_t> requests() const {
        std::vector<std::size_t> rows;
        for (std::size_t r = 0; r != requests_.size(); ++r)
            rows.push_back((r + 1 == requests_.size() ? hashes_.size() : requests_[r + 1]) -
                           requests_[r]);
        return rows;
    }
    /// Fingerprint of the first `n` requests: equal for the same rows in the same order, in any
    /// process.
    std::uint64_t fingerprint(std::size_t n) const {
        std::uint64_t all = 0;
        for (std::size_t i = 0; i != n; ++i)
            all = detail::mix_bits(all + prints_[i] + 1);
        return all;
    }

    /// `record_index` counts from 1; 0 if the service gives none. `identifier` is empty if the
    /// service gives none. A blank identifier proves nothing: blank rows with that number are
    /// candidates, and one is certain only if no other row is blank or has the number. If no row
    /// has the identifier, the number alone gives candidates; without a number the result is empty.
    ///
    /// Cost: a binary search in sorted rows, which the first search of a sync sorts.
    finding find(std::int64_t record_index, std::optional<std::string_view> identifier) {
        std::uint64_t const wanted = hash(identifier.value_or(std::string_view()));
        bool const blank = wanted == hash({});
        finding found;
        std::vector<std::size_t> numbered = rows_of(record_index);
        for (std::size_t const row : numbered)
            if (hashes_[row] == wanted)
                found.rows.push_back(row);
        found.certain = found.rows.size() == 1 &&
                        (!blank || (numbered.size() == 1 && rows_with(wanted).size() == 1));
        if (found.rows.empty() && (!blank || numbered.empty())) {
            for (std::uint32_t const row : rows_with(wanted) | std::views::take(most))
                found.rows.push_back(row);
            found.certain = found.rows.size() == 1 && !blank;
        }
        if (found.rows.empty())
            found.rows = std::move(numbered);
        found.rows.resize(std::min(found.rows.size(), most));
        for (std::size_t& row : found.rows)
            row += first_row_;
        return found;
    }

private:
    static constexpr std::size_t most = 100;
    static constexpr std::size_t none = SIZE_MAX;

    /// The rows that a number can refer to, for either way of counting.
    std::vector<std::size_t> rows_of(std::int64_t record_index) const {
        std::vector<std::size_t> rows;
        if (record_index <= 0)
            return rows;
        auto const index = static_cast<std::size_t>(record_index) - 1;
        if (index < hashes_.size())
            rows.push_back(index);
        for (std::size_t r = 1; r < requests_.size(); ++r) { // request 0 counts as the sync does
            std::size_t const end = r + 1 == requests_.size() ? hashes_.size() : requests_[r + 1];
            if (index < end - requests_[r])
                rows.push_back(requests_[r] + index);
        }
        return rows;
    }
    /// The rows with this hash, in order.
    std::ranges::subrange<std::vector<std::uint32_t>::const_iterator>
    rows_with(std::uint64_t wanted) {
        auto const hash_of = [this](std::uint32_t row) { return hashes_[row]; };
        if (order_.size() != hashes_.size()) { // 32 bits suffice: a sync has less than 16 GB
            order_ = std::vector<std::uint32_t>(hashes_.size());
            std::iota(order_.begin(), order_.end(), std::uint32_t(0));
            std::ranges::sort(order_, [&](std::uint32_t a, std::uint32_t b) {
                return hashes_[a] != hashes_[b] ? hashes_[a] < hashes_[b] : a < b;
            });
        }
        auto const found = std::ranges::equal_range(order_, wanted, {}, hash_of);
        return {found.begin(), found.end()};
    }

    std::uint64_t hash(std::string_view text) const {
        constexpr std::string_view blanks = " \t\r\n";
        std::size_t const begin = std::min(text.find_first_not_of(blanks), text.size());
        text.remove_prefix(begin);
        text = text.substr(0, text.find_last_not_of(blanks) + 1);
        std::uint64_t h = text.size();
        for (std::size_t at = 0; at < text.size(); at += 8) {
            std::uint64_t bytes = 0;
            std::memcpy(&bytes, text.data() + at, std::min<std::size_t>(8, text.size() - at));
            h = detail::mix_bits(h ^ (case_sensitive_ ? bytes : lower(bytes)));
        }
        return h;
    }
    /// Eight characters; converts ASCII capitals to lower case.
    static std::uint64_t lower(std::uint64_t bytes) {
        constexpr std::uint64_t each = 0x0101010101010101;
        std::uint64_t const low = bytes & each * 0x7f;
        std::uint64_t const from_a = low + each * (0x80 - 'A');
        std::uint64_t const past_z = low + each * (0x80 - 'Z' - 1);
        return bytes | ((from_a & ~past_z & ~bytes & each * 0x80) >> 2);
    }

    bool case_sensitive_;
    std::size_t first_row_ = 0;
    std::size_t first_blank_ = none;    ///< index of the first row whose identifier is blank
    std::deque<std::uint64_t> hashes_;  ///< grows without copying, unlike a vector
    std::vector<std::uint32_t> order_;  ///< rows by hash, then number; empty until needed
    std::vector<std::size_t> requests_; ///< where each begins in `hashes_`
    std::vector<std::uint64_t> prints_; ///< of the rows of each request, as sent
};

} // namespace eloqua::bulk::detail
