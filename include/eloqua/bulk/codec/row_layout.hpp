// SPDX-License-Identifier: BSL-1.0
/// \file
/// What the rows of a page look like, learned from them.
#pragma once

#include <eloqua/bulk/codec/row_codec.hpp>
#include <eloqua/bulk/codec/text_scan.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace eloqua::bulk::detail {

/// All bytes from the closing quote of one value to the opening quote of the next, such as
/// `","LastName":"`: where they are what they were, the value has ended, the next key is the
/// expected one and none of it is cut off.
class separator {
public:
    static constexpr std::size_t longest = text_padding;

    std::size_t size() const { return size_; }

    void learn(std::string_view bytes) {
        forget();
        if (bytes.size() < 3 || bytes.size() > longest)
            return;
        std::memcpy(bytes_.data(), bytes.data(), bytes.size());
        size_ = static_cast<std::uint16_t>(bytes.size());
        ignored_ = bytes.size() < 16 ? static_cast<std::uint16_t>(0xFFFFu << bytes.size()) : 0;
        tail_ = static_cast<std::uint16_t>(std::max<std::size_t>(bytes.size(), 16) - 16);
        all_ = 0xFFFF;
    }
    /// From now on it is nowhere.
    void forget() {
        bytes_.fill('.');
        size_ = ignored_ = tail_ = 0;
        all_ = 0x10000;
    }

    /// Whether it is at `p`, after which `text_padding` bytes are readable.
    [[gnu::always_inline]] bool at(char const* p) const {
#if ELOQUA_BULK_SSE2
        __m128i const first = _mm_cmpeq_epi8(load16(p), load16(bytes_.data()));
        __m128i const last = _mm_cmpeq_epi8(load16(p + tail_), load16(bytes_.data() + tail_));
        return (bits_of(_mm_and_si128(first, last)) | ignored_) == all_ &&
               (size_ <= 32 || std::memcmp(p + 16, bytes_.data() + 16, size_ - 32u) == 0);
#else
        return size_ != 0 && std::memcmp(p, bytes_.data(), size_) == 0;
#endif
    }

private:
    std::array<char, longest> bytes_;
    std::uint16_t size_;
    std::uint16_t ignored_; ///< of the first 16 bytes, those after the separator
    std::uint16_t tail_;    ///< where its last 16 bytes begin
    std::uint32_t all_;     ///< bits of bytes that fit; one that none has where there is none
};

/// The members of a row in their order. Rows repeat it, but need not: where one differs, the layout
/// becomes that of this row.
class row_layout {
public:
    /// An unknown member is not a column.
    static constexpr std::uint32_t no_column = std::numeric_limits<std::uint32_t>::max();
    static constexpr std::size_t most_members = 4'096;

    struct member {
        separator next; ///< leads to the next member, that of the last one to the next row
        bool (*assign_at)(void* place, std::size_t column, std::string_view text);
        std::uint32_t column;
        std::uint32_t brace;   ///< in `next` of the last one: where the next row begins
        std::ptrdiff_t offset; ///< of the column's place in a row
        stored_as storage;
    };
    enum class taken { fine, twice, too_many };

    explicit row_layout(std::span<column_codec const> columns)
        : columns_(columns), place_(columns.size(), 0), came_(columns.size(), false) {
        end_row(0);
    }

    std::size_t size() const { return size_; }
    member const* begin() const { return members_.data(); }
    member const* end() const { return members_.data() + size_; }
    member const& operator[](std::size_t i) const { return members_[i]; }
    std::string_view key(std::size_t i) const { return keys_[i]; }
    /// Whether a row had these members, and none besides; else they are those of a row under way.
    bool known() const { return known_; }
    /// Columns that no member of the row stands for, once that is known.
    std::span<std::uint32_t const> absent() const { return absent_; }
    /// Whether the row has members, but none for a column.
    bool is_strange() const { return size_ != 0 && absent_.size() == columns_.size(); }
    /// Whether any row so far has had this column.
    bool came(std::size_t column) const { return came_[column]; }
    /// The first key that is not a column's; empty if there was none, or if it is.
    std::string const& unknown_key() const { return unknown_key_; }
    bool has_unknown_key() const { return has_unknown_key_; }

    /// The member number `i` of `row` has this key.
    taken take(std::size_t i, std::string_view key, void* row) {
        if (i < size_ && keys_[i] == key)
            return taken::fine;
        cut(i);
        if (i == most_members)
            return taken::too_many;
        std::uint32_t const column = column_of(key, i);
        if (column != no_column) {
            std::size_t const before = place_[column];
            if (before < i && members_[before].column == column)
                return taken::twice;
            place_[column] = static_cast<std::uint32_t>(i);
        }
        if (i == members_.size()) {
            members_.emplace_back();
            keys_.emplace_back();
        }
        members_[i].next.forget();
        bool const known = column != no_column;
        members_[i].assign_at = known ? columns_[column].assign_at : &ignore_text;
        members_[i].column = column;
        members_[i].storage = known ? columns_[column].storage : stored_as::other;
        members_[i].offset = known ? columns_[column].offset(row) : 0;
        keys_[i] = key;
        size_ = i + 1;
        if (!known && !has_unknown_key_) {
            has_unknown_key_ = true;
            unknown_key_ = key;
        }
        return taken::fine;
    }

    /// The row has had so many members.
    void end_row(std::size_t n) {
        if (n == size_ && known_)
            return;
        cut(n);
        known_ = true;
        absent_.clear();
        for (std::uint32_t c = 0; c != columns_.size(); ++c)
            if (place_[c] >= size_ || members_[place_[c]].column != c)
                absent_.push_back(c);
            else
                came_[c] = true;
    }

    /// What stands between the values of member `i` and of the next.
    void learn(std::size_t i, char const* from, char const* to, std::size_t brace = 0) {
        members_[i].next.learn({from, static_cast<std::size_t>(to - from)});
        members_[i].brace = static_cast<std::uint32_t>(brace);
    }

private:
    /// Members from `i` on are no longer as they were.
    void cut(std::size_t i) {
        known_ = false;
        size_ = i;
        if (i != 0)
            members_[i - 1].next.forget();
    }

    std::uint32_t column_of(std::string_view key, std::size_t i) const {
        // Most often it follows the one before it.
        std::size_t const likely = i == 0 ? 0 : std::size_t(members_[i - 1].column) + 1;
        if (likely < columns_.size() && columns_[likely].key == key)
            return static_cast<std::uint32_t>(likely);
        for (std::size_t c = 0; c != columns_.size(); ++c)
            if (columns_[c].key == key)
                return static_cast<std::uint32_t>(c);
        return no_column;
    }

    std::span<column_codec const> columns_;
    std::vector<member> members_; ///< only the first `size_` of them are in use
    std::vector<std::string> keys_;
    std::size_t size_ = 0;
    std::vector<std::uint32_t> place_; ///< by column: which member it may be
    std::vector<std::uint32_t> absent_;
    std::vector<bool> came_; ///< by column, in any row
    std::string unknown_key_;
    bool has_unknown_key_ = false;
    bool known_ = false; ///< what is absent
};

} // namespace eloqua::bulk::detail
