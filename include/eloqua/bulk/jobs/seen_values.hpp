// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace eloqua::bulk::detail {

/// A set of hashes that takes 8 bytes each and little more, if their number is known: open
/// addressing in a table that is filled to nine tenths.
class seen_values {
public:
    /// Makes room for `n` in all.
    void reserve(std::size_t n) {
        if (n + n / 8 + 1 > table_.size())
            rehash(n + n / 8 + 1);
    }
    /// False if it was there.
    bool insert(std::uint64_t hash) {
        hash += hash == empty;
        if ((count_ + 1) * 10 > table_.size() * 9)
            rehash(std::max<std::size_t>(64, table_.size() + table_.size() / 2));
        std::uint64_t& place = place_of(hash);
        if (place == hash)
            return false;
        place = hash;
        ++count_;
        return true;
    }
    std::size_t bytes() const { return table_.capacity() * sizeof(std::uint64_t); }

private:
    static constexpr std::uint64_t empty = 0;

    std::uint64_t& place_of(std::uint64_t hash) {
        std::size_t at = static_cast<std::size_t>(hash % table_.size());
        while (table_[at] != empty && table_[at] != hash)
            at = at + 1 == table_.size() ? 0 : at + 1;
        return table_[at];
    }
    void rehash(std::size_t size) {
        std::vector<std::uint64_t> const before = std::exchange(table_, {});
        table_.assign(size, empty);
        for (std::uint64_t const hash : before)
            if (hash != empty)
                place_of(hash) = hash;
    }

    std::vector<std::uint64_t> table_;
    std::size_t count_ = 0;
};

} // namespace eloqua::bulk::detail
