// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <eloqua/bulk/codec/text_scan.hpp>

#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>
#include <span>

namespace eloqua::bulk::detail {

/// Bytes that were received and not yet consumed, followed by `text_padding` bytes of NUL. It grows
/// as far as its user lets data stay in it.
class receive_buffer {
public:
    static constexpr std::size_t piece = 65'536;

    receive_buffer() { reallocate(2 * piece); }

    void clear() {
        begin_ = end_ = 0;
        if (capacity_ > 2 * piece)
            reallocate(2 * piece);
        else
            std::memset(bytes_.get(), 0, text_padding);
    }

    /// Room for the next piece. Moves the data.
    std::span<char> prepare() {
        if (begin_ != 0) {
            std::memmove(bytes_.get(), bytes_.get() + begin_, end_ - begin_);
            end_ -= begin_;
            begin_ = 0;
        }
        if (capacity_ - end_ < piece)
            reallocate(2 * capacity_);
        return {bytes_.get() + end_, piece};
    }
    void commit(std::size_t n) {
        end_ += n;
        std::memset(bytes_.get() + end_, 0, text_padding);
    }
    void consume(std::size_t n) { begin_ += n; }

    char const* begin() const { return bytes_.get() + begin_; }
    char const* end() const { return bytes_.get() + end_; }

private:
    struct free_bytes {
        void operator()(char* p) const { std::free(p); }
    };

    /// By `realloc`, which moves pages of memory instead of copying what is in them: a large buffer
    /// is never there twice.
    void reallocate(std::size_t capacity) {
        void* const bytes = std::realloc(bytes_.get(), capacity + text_padding);
        if (!bytes)
            throw std::bad_alloc();
        (void)bytes_.release();
        bytes_.reset(static_cast<char*>(bytes));
        capacity_ = capacity;
        std::memset(bytes_.get() + end_, 0, text_padding);
    }

    std::unique_ptr<char[], free_bytes> bytes_;
    std::size_t capacity_ = 0;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
};

} // namespace eloqua::bulk::detail
