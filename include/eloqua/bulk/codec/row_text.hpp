// SPDX-License-Identifier: BSL-1.0
/// \file
/// The text of rows as JSON, appended value by value.
#pragma once

#include <eloqua/bulk/codec/text_copy.hpp>
#include <eloqua/bulk/codec/text_scan.hpp>
#include <eloqua/bulk/schema/utf8.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>

namespace eloqua::bulk::detail {

/// Bytes of texts that a row has room for without a look.
inline constexpr std::size_t short_text = 32;
/// Bytes after the text that copies may overrun.
inline constexpr std::size_t copy_slack = 64;

/// What stands before the value of a column: `,"key":"`. Empty for a column that is not written.
class column_lead {
public:
    /// What is copied at once.
    static constexpr std::size_t block = 32;

    column_lead() = default;
    explicit column_lead(std::string_view text)
        : size_(text.size()), more_(text.substr(std::min(block, text.size()))) {
        std::copy_n(text.begin(), std::min(block, text.size()), begin_.begin());
    }
    std::size_t size() const { return size_; }
    /// Copies it, perhaps with more bytes after it. Gives its end.
    [[gnu::always_inline]] char* copy_to(char* out) const {
        std::memcpy(out, begin_.data(), block);
        if (size_ > block) [[unlikely]]
            std::memcpy(out + block, more_.data(), more_.size());
        return out + size_;
    }

private:
    std::array<char, block> begin_{};
    std::size_t size_ = 0;
    std::string more_;
};

/// Bytes that grow to a limit, for one row after another. Before a row there is room for its leads
/// and short texts, so that only longer ones ask.
class row_bytes {
public:
    explicit row_bytes(std::size_t limit) : most_(limit + limit / 16 + 65'536) {}

    char* data() { return bytes_.get(); }
    char* end() { return bytes_.get() + size_; }
    std::size_t size() const { return size_; }
    void resize(std::size_t n) { size_ = n; }
    void resize(char const* end) { size_ = static_cast<std::size_t>(end - bytes_.get()); }
    /// A row has one more column.
    void add_column(std::size_t lead) { row_room_ += lead + 6 * short_text; }
    /// Texts with NUL are not texts.
    void refuse_nul() { refuses_nul_ = true; }
    bool refuses_nul() const { return refuses_nul_; }

    /// Makes room for `n` bytes and the slack.
    void reserve(std::size_t n) {
        if (capacity_ - size_ < n + copy_slack) [[unlikely]]
            grow(size_ + n + copy_slack);
    }
    /// Where a row begins.
    char* begin_row() { return left(end()) < 0 ? make_room(end(), 0) : end(); }
    /// `out`, or its new place: with room for a text and the rest of its row.
    [[gnu::always_inline]] char* room_for(char* out, std::string_view text) {
        if (text.size() > short_text && left(out) < std::ptrdiff_t(6 * text.size())) [[unlikely]]
            return make_room(out, 6 * text.size());
        return out;
    }

private:
    std::ptrdiff_t left(char const* out) const {
        return static_cast<std::ptrdiff_t>(capacity_) - static_cast<std::ptrdiff_t>(row_room_) -
               (out - bytes_.get());
    }
    [[gnu::noinline]] char* make_room(char* out, std::size_t n) {
        resize(out);
        grow(size_ + n + row_room_);
        return end();
    }
    [[gnu::noinline]] void grow(std::size_t least) {
        std::size_t const capacity = std::max(least, std::min(most_, 2 * capacity_ + 65'536));
        auto bytes = std::make_unique_for_overwrite<char[]>(capacity);
        if (size_ != 0)
            std::memcpy(bytes.get(), bytes_.get(), size_);
        bytes_ = std::move(bytes);
        capacity_ = capacity;
    }

    std::unique_ptr<char[]> bytes_;
    std::size_t capacity_ = 0;
    std::size_t size_ = 0;
    std::size_t row_room_ = 2 + copy_slack;
    std::size_t most_;
    bool refuses_nul_ = false;
};

/// A text that was copied, but is not all ASCII, or has something to escape. Gives its end; null:
/// no text.
[[gnu::noinline]] inline char* append_unusual(row_bytes const& to, char* out,
                                              std::string_view text) {
    if (is_two_byte_text<json_special>(out, text.size()))
        return out + text.size();
    bool escape = false, nul = false;
    for (char const c : text) {
        escape |= json_special::is(static_cast<unsigned char>(c));
        nul |= c == 0;
    }
    if ((nul && to.refuses_nul()) || !is_valid_utf8(text))
        return nullptr;
    return escape ? append_escaped(out, text) : out + text.size();
}

/// Appends a text between the quotes of a JSON string. Gives its end; null: no text.
[[gnu::always_inline]] inline char* append_text(row_bytes& to, char* out, std::string_view text,
                                                bool has_16_bytes) {
    out = to.room_for(out, text);
    return copy_text<not_plain_json>(out, text, has_16_bytes) ? out + text.size()
                                                              : append_unusual(to, out, text);
}
[[gnu::noinline]] inline char* append_long_text(row_bytes& to, char* out, std::string_view text) {
    return append_text(to, out, text, false);
}

/// As above, for a string, of which most are short.
[[gnu::always_inline]] inline char* append_string(row_bytes& to, char* out, std::string_view text) {
#if ELOQUA_BULK_SSE2
    if (strings_have_16_bytes && text.size() <= 16) [[likely]] {
        __m128i const v = load16(text.data());
        store16(out, v);
        std::uint32_t const found = bits_of(not_plain_json::flags(v)) << (16 - text.size());
        return (found & 0xFFFF) == 0 ? out + text.size() : append_unusual(to, out, text);
    }
#endif
    return append_long_text(to, out, text);
}

} // namespace eloqua::bulk::detail
