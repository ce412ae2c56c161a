// SPDX-License-Identifier: BSL-1.0
/// \file
/// Whether two pages are the same, without keeping them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace eloqua::bulk::detail {

/// Length and a hash of a part of a page's bytes, one of twelve or so, at distances that depend on
/// those before, so that no length of rows hides what differs. All bytes would cost more than
/// decoding does.
class page_print {
public:
    void add(std::span<char const> piece) {
        for (; next_ < piece.size(); next_ += 5 + (hash_ >> 60))
            hash_ = (hash_ ^ static_cast<unsigned char>(piece[next_])) * 0x9e3779b97f4a7c15;
        next_ -= piece.size();
        size_ += piece.size();
    }
    friend bool operator==(page_print const& a, page_print const& b) {
        return a.size_ == b.size_ && a.hash_ == b.hash_;
    }

private:
    std::uint64_t hash_ = 0xcbf29ce484222325, size_ = 0;
    std::size_t next_ = 0; ///< of the next piece
};

} // namespace eloqua::bulk::detail
