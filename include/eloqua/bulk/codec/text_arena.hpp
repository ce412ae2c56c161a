// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <eloqua/bulk/codec/text_scan.hpp>

#include <cstddef>
#include <memory>
#include <utility>

namespace eloqua::bulk::detail {

/// Where the unescaped texts of one row lie, so that views of them stay as long as the row; those
/// of the row before stay, too.
class text_arena {
public:
    /// Forgets the texts.
    void clear() { used_ = 0; }

    /// Forgets the texts of the row before, and keeps those there are.
    void next_row() {
        if (used_ == 0)
            return;
        std::swap(bytes_, before_);
        std::swap(capacity_, capacity_before_);
        used_ = 0;
        if (capacity_ < capacity_before_) // soon it will be needed
            reallocate(capacity_before_);
    }

    /// Room for a text of at most `n` bytes, if `n` bounds all texts to come as well. No text
    /// moves.
    char* room(std::size_t n) {
        if (used_ == 0 && capacity_ < n + text_padding) {
            reallocate(n + text_padding);
        }
        return bytes_.get() + used_;
    }
    /// The text in the room given last has this size.
    void keep(std::size_t n) { used_ += n; }

    std::size_t used() const { return used_; }
    void rewind(std::size_t used) { used_ = used; }

private:
    void reallocate(std::size_t capacity) {
        bytes_ = std::make_unique<char[]>(capacity);
        capacity_ = capacity;
    }

    std::unique_ptr<char[]> bytes_;
    std::unique_ptr<char[]> before_;
    std::size_t capacity_ = 0;
    std::size_t capacity_before_ = 0;
    std::size_t used_ = 0;
};

} // namespace eloqua::bulk::detail
