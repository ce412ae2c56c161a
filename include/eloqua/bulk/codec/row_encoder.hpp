// SPDX-License-Identifier: BSL-1.0
/// \file
/// Rows to the bodies of requests, each as large as the service takes.
#pragma once

#include <eloqua/bulk/codec/row_codec.hpp>
#include <eloqua/bulk/codec/rows_format.hpp>
#include <eloqua/bulk/codec/text_copy.hpp>
#include <eloqua/bulk/schema/limits.hpp>
#include <eloqua/bulk/schema/utf8.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace eloqua::bulk {

/// Gathers rows of one type in a request's body, which is a JSON array of flat objects of texts, or
/// CSV with a line of keys; only the importable columns. One buffer is used for all bodies; it
/// grows to the limit and the size of a row.
class row_encoder {
public:
    /// What became of a row.
    enum class fit : unsigned char {
        taken,
        full,      ///< the body has no room for it: `clear` it first
        too_large, ///< for any body
        refused,   ///< `refused_key` has no valid text
    };

    /// `codecs` and `columns` are those of one row type, and must stay; `row_codec` and
    /// `columns_of` do for ever. A body stays below `limit` bytes.
    row_encoder(std::span<column_codec const> codecs, std::span<column_info const> columns,
                rows_format format = rows_format::json, std::size_t limit = limits::request_bytes)
        : limit_(limit), csv_(format == rows_format::csv) {
        for (std::size_t i = 0; i != codecs.size(); ++i)
            if (columns[i].importable)
                add_column(codecs[i], i);
        if (csv_)
            header_ += "\r\n";
    }

    /// Appends a row, an object of the type that the table is of, if it is `taken`.
    [[nodiscard]] fit append(void const* row) {
        std::size_t const before = size_;
        if (!located_) [[unlikely]]
            locate(row);
        if (csv_ && rows_ == 0)
            put(header_);
        if (!csv_) {
            reserve(1);
            bytes_[size_++] = rows_ == 0 ? '[' : ',';
        }
        std::size_t const begin = size_;
        if (!(csv_ ? append_csv(row) : append_json(row))) {
            size_ = before;
            return fit::refused;
        }
        row_size_ = size_ - begin;
        if (size_ + closing() >= limit_) {
            size_ = before;
            return rows_ == 0 ? fit::too_large : fit::full;
        }
        ++rows_;
        return fit::taken;
    }

    /// The key of the member that the last row was refused for.
    std::string_view refused_key() const { return refused_key_; }
    /// Bytes of the last row that was not refused, without what separates rows.
    std::size_t row_size() const { return row_size_; }

    /// Rows in the body.
    std::size_t rows() const { return rows_; }
    /// Bytes of the body, as it would be sent now.
    std::size_t size() const { return rows_ == 0 ? 0 : size_ + closing(); }
    /// The body, valid until the next row is appended. Empty without rows.
    std::string_view body() {
        if (rows_ == 0)
            return {};
        if (!csv_) {
            reserve(1);
            bytes_[size_] = ']';
        }
        return {bytes_.get(), size()};
    }
    /// Begins a new body.
    void clear() { size_ = rows_ = 0; }

private:
    static constexpr std::size_t slack = 64;                 ///< that copies may overrun
    static constexpr std::string_view csv_marks = ",\"\r\n"; ///< that are quoted
    /// What of a lead is copied at once.
    static constexpr std::size_t block = 32;
    /// Bytes of texts that a row has room for without a look.
    static constexpr std::size_t short_text = 32;

    struct column {
        column_codec codec;
        std::size_t index;
        std::ptrdiff_t offset;        ///< of the member in a row, if it is a string
        std::array<char, block> lead; ///< what stands before the value: its first block
        std::size_t lead_size;
        std::string more_lead; ///< the rest of it
    };

    std::size_t closing() const { return csv_ ? 0 : 1; }

    void add_column(column_codec const& codec, std::size_t index) {
        bool const first = columns_.empty();
        std::string key(6 * codec.key.size() + 2, '\0');
        std::string lead;
        if (csv_) {
            bool const plain = codec.key.find_first_of(csv_marks) == codec.key.npos;
            char* const end = detail::append_quoted(key.data(), codec.key);
            key.resize(static_cast<std::size_t>(end - key.data()));
            header_ += first ? "" : ",";
            header_ += plain ? std::string(codec.key) : key;
            lead = first ? "" : ",";
        } else {
            char* const end = detail::append_escaped(key.data(), codec.key);
            key.resize(static_cast<std::size_t>(end - key.data()));
            lead = (first ? "{\"" : "\",\"") + key + "\":\"";
        }
        column added{codec, index, 0, {}, lead.size(), {}};
        std::copy_n(lead.begin(), std::min(block, lead.size()), added.lead.begin());
        if (lead.size() > block)
            added.more_lead = lead.substr(block);
        columns_.push_back(std::move(added));
        row_room_ += lead.size() + 6 * short_text;
    }

    /// Finds the members that are strings, which are as far from the begin in all rows.
    void locate(void const* row) {
        for (column& each : columns_)
            if (each.codec.storage == stored_as::string)
                each.offset = static_cast<std::byte*>(
                                  each.codec.address(const_cast<void*>(row), each.index)) -
                              static_cast<std::byte const*>(row);
        located_ = true;
    }
    /// Makes room for `n` bytes and `slack`.
    void reserve(std::size_t n) {
        if (capacity_ - size_ < n + slack) [[unlikely]]
            grow(size_ + n + slack);
    }
    [[gnu::noinline]] void grow(std::size_t least) {
        std::size_t const most = limit_ + limit_ / 16 + 65'536;
        std::size_t const capacity = std::max(least, std::min(most, 2 * capacity_ + 65'536));
        auto bytes = std::make_unique_for_overwrite<char[]>(capacity);
        if (size_ != 0)
            std::memcpy(bytes.get(), bytes_.get(), size_);
        bytes_ = std::move(bytes);
        capacity_ = capacity;
    }
    void put(std::string_view text) {
        reserve(text.size());
        std::memcpy(bytes_.get() + size_, text.data(), text.size());
        size_ += text.size();
    }

    std::string const& string_at(void const* row, column const& of) const {
        return *reinterpret_cast<std::string const*>(static_cast<std::byte const*>(row) +
                                                     of.offset);
    }
    /// The text of a member; of a string without a call.
    std::string_view text_of(column const& of, void const* row) {
        return of.codec.storage == stored_as::string ? std::string_view(string_at(row, of))
                                                     : of.codec.text(row, of.index, scratch_);
    }

    char* end() { return bytes_.get() + size_; }
    /// Bytes that are left at `out` besides those that a row of short texts may take.
    std::ptrdiff_t left(char const* out) const {
        return static_cast<std::ptrdiff_t>(capacity_) - static_cast<std::ptrdiff_t>(row_room_) -
               (out - bytes_.get());
    }
    /// Makes room for `n` bytes at `out`, and gives its new place.
    [[gnu::noinline]] char* make_room(char* out, std::size_t n) {
        size_ = static_cast<std::size_t>(out - bytes_.get());
        grow(size_ + n + row_room_);
        return end();
    }

    /// Lead and text of one value, from `out` on. Gives the end, or null if the text is none.
    [[gnu::always_inline]] char* append_value(char* out, column const& of, std::string_view text,
                                              bool has_16_bytes) {
        if (text.size() > short_text && left(out) < std::ptrdiff_t(6 * text.size())) [[unlikely]]
            out = make_room(out, 6 * text.size());
        std::memcpy(out, of.lead.data(), block);
        if (of.lead_size > block) [[unlikely]]
            std::memcpy(out + block, of.more_lead.data(), of.more_lead.size());
        out += of.lead_size;
        return detail::copy_text<detail::not_plain_json>(out, text, has_16_bytes)
                   ? out + text.size()
                   : append_unusual(out, text);
    }

    bool append_json(void const* row) {
        char* out = end(); // no member, which any byte that is written could alias
        if (left(out) < 0) [[unlikely]]
            out = make_room(out, 0);
        for (column const *each = columns_.data(), *last = each + columns_.size(); each != last;
             ++each) {
            if (each->codec.storage == stored_as::string) [[likely]] {
                out =
                    append_value(out, *each, string_at(row, *each), detail::strings_have_16_bytes);
            } else {
                std::string_view const text = each->codec.text(row, each->index, scratch_);
                out = text.data() ? append_value(out, *each, text, each->codec.has_16_bytes)
                                  : nullptr;
            }
            if (!out) [[unlikely]]
                return refuse(*each);
        }
        std::memcpy(out, "\"}", 2);
        size_ = static_cast<std::size_t>(out - bytes_.get()) + 2;
        return true;
    }
    /// A text that was copied, but is not all ASCII, or has something to escape. Null: no text.
    [[gnu::noinline]] static char* append_unusual(char* out, std::string_view text) {
        if (detail::is_two_byte_text<detail::json_special>(out, text.size()))
            return out + text.size();
        bool escape = false;
        for (char const c : text)
            escape |= detail::json_special::is(static_cast<unsigned char>(c));
        if (!is_valid_utf8(text))
            return nullptr;
        return escape ? detail::append_escaped(out, text) : out + text.size();
    }

    bool append_csv(void const* row) {
        for (column const& each : columns_) {
            std::string_view const text = text_of(each, row);
            if (!text.data()) [[unlikely]]
                return refuse(each);
            reserve(2 * text.size() + 5);
            char* out = bytes_.get() + size_;
            *out = ',';
            out += each.lead_size;
            bool const plain =
                detail::copy_text<detail::not_plain_csv>(out, text, each.codec.has_16_bytes);
            if (!plain && !is_valid_utf8(text)) [[unlikely]]
                return refuse(each);
            // A line of one blank value would be an empty line, which readers skip.
            bool const quoted = (!plain && text.find_first_of(csv_marks) != text.npos) ||
                                (columns_.size() == 1 && text.empty());
            out = quoted ? detail::append_quoted(out, text) : out + text.size();
            size_ = static_cast<std::size_t>(out - bytes_.get());
        }
        std::memcpy(bytes_.get() + size_, "\r\n", 2);
        size_ += 2;
        return true;
    }
    bool refuse(column const& which) {
        refused_key_ = which.codec.key;
        return false;
    }

    std::vector<column> columns_;
    std::string header_;               ///< of CSV
    std::size_t row_room_ = 2 + slack; ///< of a row of short texts, escaped one and all
    std::size_t limit_;
    bool csv_;
    bool located_ = false;
    text_scratch scratch_;
    std::unique_ptr<char[]> bytes_;
    std::size_t capacity_ = 0;
    std::size_t size_ = 0; ///< without what closes the body
    std::size_t rows_ = 0;
    std::size_t row_size_ = 0;
    std::string_view refused_key_;
};

} // namespace eloqua::bulk
