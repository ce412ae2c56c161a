// SPDX-License-Identifier: BSL-1.0
/// \file
/// Decodes the rows of a page in JSON, and learns their layout from them.
#pragma once

#include <eloqua/bulk/detail/codec/column.hpp>
#include <eloqua/bulk/detail/codec/json_cursor.hpp>
#include <eloqua/bulk/detail/codec/page.hpp>
#include <eloqua/bulk/detail/codec/row_notes.hpp>
#include <eloqua/bulk/detail/codec/text.hpp>
#include <eloqua/bulk/detail/text/shown.hpp>
#include <eloqua/bulk/utf8.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace eloqua::bulk::detail {

/// All bytes from the closing quote of one value to the opening quote of the next, such as
/// `","LastName":"`. Where the same bytes follow again, the value has ended, the next key is the
/// expected one, and nothing is cut off.
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
    /// Removes the text: `at` returns false from now on.
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
    std::uint32_t all_;     ///< the 16 bits of a match; without a text, a value that never matches
};

/// The members of a row in their order. Rows usually repeat it. If a row differs, the layout
/// becomes that row's.
class row_layout {
public:
    /// For members that are not columns.
    static constexpr std::uint32_t no_column = std::numeric_limits<std::uint32_t>::max();
    static constexpr std::size_t most_members = 4'096;

    struct member {
        separator next; ///< leads to the next member; of the last member: to the next row
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
    /// Whether a row had exactly these members; otherwise they are those of an incomplete row.
    bool known() const { return known_; }
    /// Columns without a member in the row, once known.
    std::span<std::uint32_t const> absent() const { return absent_; }
    /// Whether the row has members, but none for a column.
    bool is_strange() const { return size_ != 0 && absent_.size() == columns_.size(); }
    /// Whether any row so far had this column.
    bool came(std::size_t column) const { return came_[column]; }
    /// The first key that is not a column's; empty if every key was, or if that key is empty.
    std::string const& unknown_key() const { return unknown_key_; }
    bool has_unknown_key() const { return has_unknown_key_; }

    /// Member number `i` of `row` has this key.
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

    /// The row is complete and had `n` members.
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

    /// Learns the bytes between the values of member `i` and of the next.
    void learn(std::size_t i, char const* from, char const* to, std::size_t brace = 0) {
        members_[i].next.learn({from, static_cast<std::size_t>(to - from)});
        members_[i].brace = static_cast<std::uint32_t>(brace);
    }

private:
    /// Removes the members from `i` on.
    void cut(std::size_t i) {
        known_ = false;
        size_ = i;
        if (i != 0)
            members_[i - 1].next.forget();
    }

    std::uint32_t column_of(std::string_view key, std::size_t i) const {
        // Usually the next column.
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
    bool known_ = false; ///< `absent_` is known
};

/// Decodes rows when they are complete. A row that the data cut off is taken back and decoded again
/// once its end has arrived.
///
/// A field normally takes one step: scan its text to the end, compare what follows with the
/// separator learned from an earlier row, assign. Everything else takes a slow step: a value with
/// escapes or without quotes, an unexpected key, different spacing.
class json_rows {
public:
    json_rows(std::span<column_codec const> columns, broken_text what_becomes)
        : notes(columns.size()), columns_(columns), layout_(columns),
          broken_(columns, what_becomes) {}

    /// Begins a page with at most `most_rows` rows.
    void begin(std::int64_t first_row, std::int64_t most_rows) {
        first_row_ = first_row;
        most_rows_ = most_rows;
        rows_ = 0;
        error_ = page_error();
    }

    /// Decodes rows, starting at the opening brace of one. True: `c.at` is after a row. False:
    /// there is an error in `c` or `error`, or the row that begins at `whole` is incomplete.
    bool decode(json_cursor& c, row_sink& sink);

    std::int64_t rows() const { return rows_; }
    std::string row_name() const { return "row " + std::to_string(first_row_ + rows_); }
    char const* whole() const { return whole_; }
    page_error& error() { return error_; }
    /// For all pages: which columns occurred, and whether other keys did.
    row_layout const& layout() const { return layout_; }
    /// Whether any page had a row.
    bool any_came() const { return any_came_; }
    void name_rows_by(std::size_t column) { broken_.name_rows_by(column); }
    /// The current member, or empty.
    std::string_view member() const {
        return at_.member < at_.members ? layout_.key(at_.member) : std::string_view();
    }

    row_notes notes;

private:
    enum class reached : unsigned char {
        text, ///< of a string: after its opening quote
        plain_value,
        row_end,
        stop, ///< an error, or the end of the data
    };
    /// A position in a row.
    struct place {
        std::size_t member = 0;
        std::size_t members = 0;       ///< whose keys are known
        char const* closing = nullptr; ///< quote of the previous value, if it had one
    };

    bool texts(json_cursor& c, open_row& row);
    bool unusual_text(json_cursor& c, void* row);
    reached row_begin(json_cursor& c, void* row);
    reached behind_value(json_cursor& c, void* row);
    reached to_value(json_cursor& c, void* row);
    bool plain_value(json_cursor& c, void* row);
    bool finish_row(json_cursor& c, open_row& row);
    void note_broken(json_cursor& c, std::uint32_t column, char const* at);
    bool settle_broken(json_cursor& c, void const* row);
    bool refuse_strange(json_cursor& c);
    bool assign(json_cursor& c, void* row, std::string_view text) {
        row_layout::member const& m = layout_[at_.member];
        return m.assign_at(at_offset(row, m.offset), m.column, text) ||
               refuse_value(c, m.column, text, false);
    }
    [[gnu::noinline]] bool refuse(json_cursor& c, std::string what) {
        error_.what = std::move(what);
        c.wrong = "";
        return false;
    }
    [[gnu::noinline]] bool refuse_value(json_cursor& c, std::uint32_t column, std::string_view text,
                                        bool missing) {
        error_ = value_error(first_row_ + rows_, columns_[column].key, text, missing);
        c.wrong = "";
        return false;
    }

    std::span<column_codec const> columns_;
    std::int64_t first_row_ = 0;
    std::int64_t rows_ = 0;
    std::int64_t most_rows_ = 0;
    bool any_came_ = false;
    char const* whole_ = nullptr; ///< everything before this is decoded
    row_layout layout_;
    place at_;
    text_arena arena_, mended_;
    broken_texts broken_; ///< of the current row
    page_error error_;
};

/// Starts at the opening brace of a row.
inline bool json_rows::decode(json_cursor& c, row_sink& sink) {
    open_row row(sink);
    at_ = place();
    c.mended = &mended_;
    for (;;) {
        whole_ = c.at;
        arena_.next_row();
        mended_.next_row();
        broken_.forget();
        row.begin();
        reached next = row_begin(c, row.get());
        while (next == reached::text) {
            if (!texts(c, row))
                return false;
            next = behind_value(c, row.get());
        }
        if (next == reached::stop)
            return false;
        layout_.end_row(at_.members);
        if (layout_.is_strange())
            return refuse_strange(c);
        if (!finish_row(c, row))
            return false;
        any_came_ = true;
        if (at_.members == 0 && notes.counts(first_row_ + rows_ - 1))
            ++notes.blank_rows;
        whole_ = c.at;
        // Advances to the next row, if available, to learn the separator of rows.
        c.skip_space();
        if (*c.at == ',') {
            ++c.at;
            c.skip_space();
            if (*c.at == '{')
                continue;
        }
        c.at = whole_;
        c.mended = nullptr;
        return true;
    }
}

/// The fast steps, starting at the text of a value, through as many rows as possible. Stops after a
/// value that is followed by unexpected bytes.
[[gnu::noinline, gnu::flatten]] inline bool json_rows::texts(json_cursor& c, open_row& row) {
    row_layout::member const* const first = layout_.begin();
    row_layout::member const* const last = layout_.end() - 1;
    row_layout::member const* m = first + at_.member;
    void* object = row.get();
    char const* p = c.at;
    for (;;) {
        char const* closing =
            m->storage == stored_as::view ? scan_any_plain_text(p) : scan_plain_text(p);
        if (m->next.at(closing) || m->next.at(closing = scan_short_two_byte_text(p))) [[likely]] {
            std::string_view const text(p, static_cast<std::size_t>(closing - p));
            void* const value = at_offset(object, m->offset);
            if (m->storage == stored_as::string) {
                assign_padded(*static_cast<std::string*>(value), text);
            } else if (m->storage == stored_as::view) {
                *static_cast<std::string_view*>(value) = text;
            } else if (!m->assign_at(value, m->column, text)) [[unlikely]] {
                at_.member = static_cast<std::size_t>(m - first);
                return refuse_value(c, m->column, text, false);
            }
        } else {
            c.at = p;
            at_.member = static_cast<std::size_t>(m - first);
            at_.members = at_.member + 1;
            if (!unusual_text(c, object))
                return false;
            closing = at_.closing;
            if (!m->next.at(closing))
                return true;
        }
        p = closing + m->next.size();
        if (m != last) {
            ++m;
            continue;
        }
        if (!finish_row(c, row))
            return false;
        whole_ = closing + m->brace;
        arena_.next_row();
        object = row.begin();
        m = first;
    }
}

/// A text with an escape, a longer one that is not ASCII, or one that is not followed by the
/// separator.
[[gnu::noinline]] inline bool json_rows::unusual_text(json_cursor& c, void* row) {
    std::string_view text;
    char const* const begin = c.at;
    if (!c.text(text, arena_))
        return false;
    std::uint32_t const column = layout_[at_.member].column;
    bool const broken = c.broken;
    if (broken) [[unlikely]]
        note_broken(c, column, begin);
    // A refused row needs only the values that identify it.
    if (!(broken && broken_.refused()) && !assign(c, row, text))
        return false;
    at_.closing = c.at++;
    return true;
}

[[gnu::noinline]] inline void json_rows::note_broken(json_cursor& c, std::uint32_t column,
                                                     char const* at) {
    broken_.add(column, member(), std::exchange(c.broken, nullptr), at);
}
/// The row is complete: counts replaced texts, or refuses the row.
[[gnu::noinline]] inline bool json_rows::settle_broken(json_cursor& c, void const* row) {
    char const* const at = broken_.at();
    mended_.next_row();
    error_ = broken_.settle(first_row_ + rows_, row, notes);
    if (error_.what.empty())
        return true;
    c.at = at;
    c.wrong = "";
    return false;
}
[[gnu::noinline]] inline bool json_rows::refuse_strange(json_cursor& c) {
    at_.members = 0;
    c.at = whole_;
    return refuse(c, row_name() + " has '" + shown(layout_.key(0)) +
                         "', but none of the requested columns");
}

/// From the opening brace of a row to its first quoted value.
[[gnu::noinline]] inline json_rows::reached json_rows::row_begin(json_cursor& c, void* row) {
    ++c.at;
    at_.member = at_.members = 0;
    c.skip_space();
    if (*c.at == '}') {
        ++c.at;
        at_.closing = nullptr;
        return reached::row_end;
    }
    reached const next = to_value(c, row);
    if (next != reached::plain_value)
        return next;
    return plain_value(c, row) ? behind_value(c, row) : reached::stop;
}

/// From the place after a value to the next quoted value.
inline json_rows::reached json_rows::behind_value(json_cursor& c, void* row) {
    for (;;) {
        c.skip_space();
        if (*c.at == '}') {
            ++c.at;
            return reached::row_end;
        }
        if (!c.take(',', "expected ',' or '}'"))
            return reached::stop;
        ++at_.member;
        c.skip_space();
        reached const next = to_value(c, row);
        if (next != reached::plain_value)
            return next;
        if (!plain_value(c, row))
            return reached::stop;
    }
}

/// From a key to its value. The bytes between two quoted values are their separator.
inline json_rows::reached json_rows::to_value(json_cursor& c, void* row) {
    char const* const begin = c.at;
    std::size_t const used = arena_.used();
    std::string_view key;
    if (!c.key(key, arena_))
        return reached::stop;
    row_layout::taken const taken = layout_.take(at_.member, key, row);
    arena_.rewind(used);
    at_.members = at_.member + 1;
    bool const broken = c.broken;
    if (broken && taken == row_layout::taken::fine) [[unlikely]]
        note_broken(c, row_layout::no_column, begin);
    if (taken != row_layout::taken::fine) {
        c.at = begin;
        std::string what = row_name() + ": has ";
        at_.members = 0;
        (void)refuse(c, taken == row_layout::taken::twice ? what + "'" + shown(key) + "' twice"
                                                          : what + "too many members");
        return reached::stop;
    }
    c.skip_space();
    if (!c.take(':', "expected ':'"))
        return reached::stop;
    c.skip_space();
    char const* const closing = std::exchange(at_.closing, nullptr);
    if (*c.at != '"')
        return reached::plain_value;
    ++c.at;
    if (closing && !broken) { // otherwise later rows would skip over it
        bool const first = at_.member == 0;
        // If a row's first member differs from the previous row's, its last member is not known
        // yet.
        if (!first || layout_.known())
            layout_.learn(first ? layout_.size() - 1 : at_.member - 1, closing, c.at,
                          first ? static_cast<std::size_t>(whole_ - closing) : 0);
    }
    return reached::text;
}

/// A value without quotes.
inline bool json_rows::plain_value(json_cursor& c, void* row) {
    std::string_view text;
    char const* const value = c.at;
    switch (*c.at) {
    case '{':
    case '[':
        if (layout_[at_.member].column != row_layout::no_column)
            return refuse(c, row_name() + ": '" + shown(layout_.key(at_.member)) +
                                 "' is an object or array");
        if (!c.skip(3, arena_))
            return false;
        if (c.broken) [[unlikely]]
            note_broken(c, row_layout::no_column, value);
        return true;
    case 't':
        text = std::string_view(true_text, 4);
        break;
    case 'f':
        text = std::string_view(false_text, 5);
        break;
    case 'n':
        return c.literal("null") && assign(c, row, std::string_view(blank_text, 0));
    default:
        if (*c.at != '-' && (*c.at < '0' || *c.at > '9'))
            return c.fail("expected a value");
        return c.number(text) && assign(c, row, text);
    }
    return c.literal(text) && assign(c, row, text);
}

inline bool json_rows::finish_row(json_cursor& c, open_row& row) {
    if (rows_ == most_rows_) [[unlikely]]
        return refuse(c, too_many_rows(most_rows_));
    std::string_view const blank(blank_text, 0);
    for (std::uint32_t const column : layout_.absent())
        if (!columns_[column].assign(row.get(), column, blank))
            return refuse_value(c, column, blank, true);
    if (broken_.any()) [[unlikely]]
        if (!settle_broken(c, row.get()))
            return false;
    row.complete();
    ++rows_;
    return true;
}

} // namespace eloqua::bulk::detail
