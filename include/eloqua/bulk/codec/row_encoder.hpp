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
        if (rows_ == 0)
            put(csv_ ? std::string_view(header_) : std::string_view("["));
        else if (!csv_)
            put(",");
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

    struct column {
        column_codec codec;
        std::size_t index;
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
        column added{codec, index, {}, lead.size(), {}};
        std::copy_n(lead.begin(), std::min(block, lead.size()), added.lead.begin());
        if (lead.size() > block)
            added.more_lead = lead.substr(block);
        columns_.push_back(std::move(added));
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

    bool append_json(void const* row) {
        for (column const& each : columns_) {
            std::string_view const text = each.codec.text(row, each.index, scratch_);
            if (!text.data()) [[unlikely]]
                return refuse(each);
            reserve(each.lead_size + 6 * text.size() + 2);
            char* out = bytes_.get() + size_;
            std::memcpy(out, each.lead.data(), block);
            if (each.lead_size > block) [[unlikely]]
                std::memcpy(out + block, each.more_lead.data(), each.more_lead.size());
            out += each.lead_size;
            size_ += each.lead_size + text.size();
            if (!detail::copy_text<detail::not_plain_json>(out, text, each.codec.has_16_bytes) &&
                !append_unusual(out, text)) [[unlikely]]
                return refuse(each);
        }
        std::memcpy(bytes_.get() + size_, "\"}", 2);
        size_ += 2;
        return true;
    }
    /// A text of which something may have to be escaped.
    [[gnu::noinline]] bool append_unusual(char* out, std::string_view text) {
        if (!is_valid_utf8(text))
            return false;
        size_ = static_cast<std::size_t>(detail::append_escaped(out, text) - bytes_.get());
        return true;
    }

    bool append_csv(void const* row) {
        for (column const& each : columns_) {
            std::string_view const text = each.codec.text(row, each.index, scratch_);
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
    std::string header_; ///< of CSV
    std::size_t limit_;
    bool csv_;
    text_scratch scratch_;
    std::unique_ptr<char[]> bytes_;
    std::size_t capacity_ = 0;
    std::size_t size_ = 0; ///< without what closes the body
    std::size_t rows_ = 0;
    std::size_t row_size_ = 0;
    std::string_view refused_key_;
};

} // namespace eloqua::bulk
