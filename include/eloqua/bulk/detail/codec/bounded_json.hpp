// SPDX-License-Identifier: BSL-1.0
/// \file
/// Parses JSON into a tree with bounded memory, since a text of permitted size may contain millions
/// of empty objects.
#pragma once

#include <eloqua/bulk/error.hpp>
#include <eloqua/bulk/utf8.hpp>

#include <boost/container/pmr/memory_resource.hpp>
#include <boost/json/parse_options.hpp>
#include <boost/json/parser.hpp>
#include <boost/json/storage_ptr.hpp>
#include <boost/json/value.hpp>
#include <boost/system/errc.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <optional>
#include <string>
#include <string_view>

namespace eloqua::bulk::detail {

/// Default limit in bytes for a document's tree.
inline constexpr std::size_t document_memory = 16 * 1024 * 1024;

/// `std::bad_alloc` as a failure.
inline failure out_of_memory() {
    return failure(make_error_code(boost::system::errc::not_enough_memory),
                   diagnostics{{}, 0, {}, {}, "out of memory while reading the response", {}, 0});
}

/// A memory resource that allocates at most a given number of bytes.
class limited_memory final : public boost::container::pmr::memory_resource {
public:
    explicit limited_memory(std::size_t bytes) : left_(bytes) {}
    bool exceeded() const { return exceeded_; }

private:
    void* do_allocate(std::size_t n, std::size_t) override {
        exceeded_ = exceeded_ || n > left_;
        if (exceeded_)
            throw std::bad_alloc();
        void* const place = ::operator new(n);
        left_ -= n;
        return place;
    }
    void do_deallocate(void* place, std::size_t n, std::size_t) override {
        ::operator delete(place);
        left_ += n;
    }
    bool do_is_equal(memory_resource const& other) const noexcept override {
        return this == &other;
    }

    std::size_t left_;
    bool exceeded_ = false;
};

/// A memory resource that frees everything at its end. The size of its blocks is bounded, so that
/// little of the limit is wasted.
class tree_memory final : public boost::container::pmr::memory_resource {
public:
    explicit tree_memory(limited_memory& from) : from_(from) {}
    tree_memory(tree_memory const&) = delete;
    tree_memory& operator=(tree_memory const&) = delete;
    ~tree_memory() {
        while (last_) {
            block* const gone = last_;
            last_ = gone->before;
            from_.deallocate(gone, gone->size);
        }
    }

private:
    struct alignas(std::max_align_t) block {
        block* before;
        std::size_t size;
    };
    static constexpr std::size_t largest = 256 * 1024;

    void* do_allocate(std::size_t n, std::size_t align) override {
        void* place = at_;
        if (!at_ || !std::align(align, n, place, left_)) {
            std::size_t const size = std::max(sizeof(block) + n + align, next_size_);
            next_size_ = std::min(2 * next_size_, largest);
            last_ = ::new (from_.allocate(size)) block{last_, size};
            place = last_ + 1;
            left_ = size - sizeof(block);
            (void)std::align(align, n, place, left_);
        }
        at_ = static_cast<char*>(place) + n;
        left_ -= n;
        return place;
    }
    void do_deallocate(void*, std::size_t, std::size_t) override {}
    bool do_is_equal(memory_resource const& other) const noexcept override {
        return this == &other;
    }

    limited_memory& from_;
    block* last_ = nullptr;
    char* at_ = nullptr;
    std::size_t left_ = 0;
    std::size_t next_size_ = 4096;
};

} // namespace eloqua::bulk::detail

/// The destructors of a tree need not run.
template <>
struct boost::json::is_deallocate_trivial<eloqua::bulk::detail::tree_memory> {
    static constexpr bool value = true;
};

namespace eloqua::bulk::detail {

/// Parses a text as JSON. Skips a byte order mark. Nesting is limited to 32.
class bounded_json {
public:
    /// `memory`: limit in bytes for the tree, at least 1 MiB.
    bounded_json(std::string_view text, std::size_t memory)
        : memory_(std::max<std::size_t>(memory, 1024 * 1024)), blocks_(memory_) {
        try {
            error_code ec;
            unsigned char stack[4096];
            boost::json::parser parser(&memory_, boost::json::parse_options(), stack);
            parser.reset(&blocks_);
            text = without_byte_order_mark(text);
            parser.write(text.data(), text.size(), ec);
            if (ec)
                wrong_ = failure(errc::malformed_response,
                                 "the response is not JSON (" + ec.message() + ")");
            else
                value_.emplace(parser.release());
        } catch (std::bad_alloc const&) {
            wrong_ = memory_.exceeded() ? failure(errc::response_too_large,
                                                  "its " + std::to_string(text.size()) +
                                                      " bytes of JSON hold too many values")
                                        : out_of_memory();
        }
    }
    bounded_json(bounded_json const&) = delete;
    bounded_json& operator=(bounded_json const&) = delete;

    /// Why there is no value: `errc::malformed_response`, `errc::response_too_large`, or out of
    /// memory.
    std::optional<failure> const& wrong() const { return wrong_; }
    boost::json::value const& value() const { return *value_; }
    boost::json::value& value() { return *value_; }

private:
    limited_memory memory_;
    tree_memory blocks_;
    std::optional<boost::json::value> value_;
    std::optional<failure> wrong_;
};

/// Counts the items of a page of a list while its text arrives, in pieces of any size. For text
/// that is not JSON the count has no meaning.
class item_counter {
public:
    void add(std::string_view piece) {
        for (char const c : piece) {
            if (in_text_)
                add_to_text(c);
            else if (c == '"')
                begin_text();
            else if (c == '{' || c == '[')
                open(c);
            else if (c == '}' || c == ']')
                close();
            else if (c == ',' && in_items_ && depth_ == 2)
                ++commas_;
        }
    }
    /// A lower bound of the items that have begun; a list of one item counts as 0.
    std::int64_t count() const { return commas_ == 0 ? 0 : commas_ + 1; }

private:
    static constexpr std::string_view key = "items";

    void begin_text() {
        in_text_ = true;
        size_ = 0;
        is_key_ = depth_ == 1;
    }
    void add_to_text(char c) {
        if (escaped_) {
            escaped_ = is_key_ = false;
        } else if (c == '\\') {
            escaped_ = true;
        } else if (c == '"') {
            in_text_ = false;
            is_key_ = is_key_ && size_ == key.size();
        } else if (is_key_) {
            is_key_ = size_ != key.size() && key[size_] == c;
            ++size_;
        }
    }
    void open(char c) {
        in_items_ = in_items_ || (c == '[' && depth_ == 1 && is_key_);
        ++depth_;
    }
    void close() {
        --depth_;
        in_items_ = in_items_ && depth_ > 1;
    }

    std::int64_t depth_ = 0;
    std::int64_t commas_ = 0; ///< between items
    std::size_t size_ = 0;    ///< of the current string, while it may be the key
    bool in_text_ = false;
    bool escaped_ = false;
    bool is_key_ = false; ///< whether the last string was the key
    bool in_items_ = false;
};

} // namespace eloqua::bulk::detail
