// SPDX-License-Identifier: BSL-1.0
/// \file
/// Encodes rows into request bodies, each as large as the service accepts.
#pragma once

#include <eloqua/bulk/detail/codec/column.hpp>
#include <eloqua/bulk/detail/codec/page.hpp>
#include <eloqua/bulk/detail/codec/text.hpp>
#include <eloqua/bulk/error.hpp>
#include <eloqua/bulk/limits.hpp>
#include <eloqua/bulk/time.hpp>
#include <eloqua/bulk/utf8.hpp>

#include <cstddef>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace eloqua::bulk::detail {

/// Collects rows of one type in a request body: a JSON array of flat objects of texts, or CSV with
/// a line of keys. Writes only the importable columns. One buffer is used for all bodies; it grows
/// to the limit plus the size of a row.
class row_encoder {
public:
    /// The result of appending a row.
    enum class fit : unsigned char {
        taken,
        full,      ///< the body has no room for it: call `clear` first
        too_large, ///< for any body
        refused,   ///< `refused_key` has no valid text
    };

    /// `codecs` and `columns` belong to one row type and must outlive the encoder; `row_codec` and
    /// `columns_of` always do. A body stays below `limit` bytes.
    row_encoder(std::span<column_codec const> codecs, std::span<column_info const> columns,
                rows_format format = rows_format::json, std::size_t limit = limits::request_bytes)
        : codecs_(codecs), leads_(codecs.size()), bytes_(limit), limit_(limit),
          csv_(format == rows_format::csv) {
        for (std::size_t i = 0; i != codecs.size(); ++i)
            if (columns[i].importable)
                add_column(i);
        if (csv_)
            header_ += "\r\n";
    }

    /// Writes rows as the service can store them: texts with NUL are refused; times finer than a
    /// millisecond are refused or cut, as `finer` says.
    void write_for_service(finer_part finer) {
        bytes_.refuse_nul();
        scratch_.times = finer == finer_part::refused ? fine_times::refused : fine_times::cut_off;
    }

    /// Appends a row, an object of the table's type. It is in the body only if the result is
    /// `taken`.
    [[nodiscard]] fit append(void const* row) {
        std::size_t const before = bytes_.size();
        scratch_.times_cut = 0;
        if (csv_ && rows_ == 0)
            put(header_);
        if (!csv_) {
            bytes_.reserve(1);
            *bytes_.end() = rows_ == 0 ? '[' : ',';
            bytes_.resize(before + 1);
        }
        std::size_t const begin = bytes_.size();
        if (!(csv_ ? append_csv(row) : append_json(row))) {
            bytes_.resize(before);
            return fit::refused;
        }
        row_size_ = bytes_.size() - begin;
        if (bytes_.size() + closing() >= limit_) {
            bytes_.resize(before);
            return rows_ == 0 ? fit::too_large : fit::full;
        }
        ++rows_;
        return fit::taken;
    }

    /// The key of the member for which the last row was refused.
    std::string_view refused_key() const { return refused_key_; }
    /// The number of times in the last row that were cut.
    std::size_t times_cut() const { return scratch_.times_cut; }
    /// As above, for a row that is not written.
    std::size_t times_cut(void const* row) {
        scratch_.times_cut = 0;
        for (std::size_t i = 0; i != codecs_.size(); ++i)
            if (leads_[i].size() != 0)
                (void)codecs_[i].text(row, i, scratch_);
        return scratch_.times_cut;
    }
    /// Size in bytes of the last row that was not refused, without separators.
    std::size_t row_size() const { return row_size_; }
    /// Why the last row, with number `row`, was not taken: `errc::invalid_row` or
    /// `errc::row_too_large`.
    failure refusal(fit why, std::size_t row) const {
        std::string const which = "row " + std::to_string(row);
        if (why == fit::too_large)
            return failure(errc::row_too_large, which + " takes " + std::to_string(row_size_) +
                                                    " bytes; a request holds " +
                                                    std::to_string(limit_));
        failure refused(errc::invalid_row, which + ": member '" + std::string(refused_key_) + "' ");
        switch (reason_) {
        case reason::too_fine:
            refused.info.detail +=
                "is a time finer than a millisecond, which the service cannot store";
            refused.info.advice = "round it, or set import_options::finer_times to cut such times";
            break;
        case reason::nul:
            refused.info.detail += "contains a NUL, at which the service may end the text";
            refused.info.advice = "remove it from the text";
            break;
        case reason::no_text:
            refused.info.detail += "has no valid text (UTF-8, a finite number, a time of the years "
                                   "0 to 9999, a described enumerator)";
        }
        return refused;
    }

    /// The line of keys at the start of a CSV body; empty for JSON.
    std::string_view header() const { return header_; }
    /// The number of rows in the body.
    std::size_t rows() const { return rows_; }
    /// The size of the body if it were sent now.
    std::size_t size() const { return rows_ == 0 ? 0 : bytes_.size() + closing(); }
    /// The body, valid until the next row is appended. Empty without rows.
    std::string_view body() {
        if (rows_ == 0)
            return {};
        if (!csv_) {
            bytes_.reserve(1);
            *bytes_.end() = ']';
        }
        return {bytes_.data(), size()};
    }
    /// Begins a new body.
    void clear() {
        bytes_.resize(std::size_t(0));
        rows_ = 0;
    }

private:
    /// A column of CSV that is written.
    struct csv_column {
        std::size_t number;
        std::ptrdiff_t offset; ///< in a row
        stored_as storage;
    };

    std::size_t closing() const { return csv_ ? 0 : 1; }

    void add_column(std::size_t i) {
        bool const first = columns_++ == 0;
        std::string_view const name = codecs_[i].key;
        std::string key(6 * name.size() + 2, '\0');
        std::string lead = first ? "{\"" : "\",\"";
        if (csv_) {
            bool const plain = name.find_first_of(",\"\r\n") == name.npos;
            char* const end = detail::append_quoted(key.data(), name);
            key.resize(static_cast<std::size_t>(end - key.data()));
            header_ += first ? "" : ",";
            header_ += plain ? std::string(name) : key;
        } else {
            char* const end = detail::append_escaped(key.data(), name);
            key.resize(static_cast<std::size_t>(end - key.data()));
            lead += key + "\":\"";
        }
        leads_[i] = detail::column_lead(lead);
        bytes_.add_column(lead.size());
    }

    void put(std::string_view text) {
        bytes_.reserve(text.size());
        std::memcpy(bytes_.end(), text.data(), text.size());
        bytes_.resize(bytes_.size() + text.size());
    }

    bool append_json(void const* row) {
        std::size_t refused = 0;
        char* out = bytes_.begin_row();
        if (codecs_.empty() || !codecs_.front().append_row)
            out = append_columns(row, out, refused);
        else
            out = codecs_.front().append_row(bytes_, leads_.data(), scratch_, row, out, refused);
        if (!out) [[unlikely]]
            return refuse(row, refused);
        std::memcpy(out, "\"}", 2);
        bytes_.resize(out + 2);
        return true;
    }
    /// Does the work of `column_codec::append_row` column by column.
    char* append_columns(void const* row, char* out, std::size_t& refused) {
        for (std::size_t i = 0; i != codecs_.size() && out; ++i) {
            if (leads_[i].size() == 0)
                continue;
            refused = i;
            std::string_view const text = codecs_[i].text(row, i, scratch_);
            out = text.data() ? detail::append_text(bytes_, leads_[i].copy_to(out), text,
                                                    codecs_[i].has_16_bytes)
                              : nullptr;
        }
        return out;
    }

    bool append_csv(void const* row) {
        if (csv_columns_.empty())
            for (std::size_t i = 0; i != codecs_.size(); ++i)
                if (leads_[i].size() != 0)
                    csv_columns_.push_back({i, codecs_[i].offset(row), codecs_[i].storage});
        char* out = bytes_.begin_row();
        bool first = true;
        for (csv_column const& each : csv_columns_) {
            *out = ',';
            out += !std::exchange(first, false);
            std::string_view const text = text_in(each, row);
            out = text.data() ? append_csv_value(out, text, codecs_[each.number].has_16_bytes)
                              : nullptr;
            if (!out) [[unlikely]]
                return refuse(row, each.number);
        }
        std::memcpy(out, "\r\n", 2);
        bytes_.resize(out + 2);
        return true;
    }
    std::string_view text_in(csv_column const& of, void const* row) {
        void const* const place = static_cast<std::byte const*>(row) + of.offset;
        if (of.storage == stored_as::view)
            return text_of(*static_cast<std::string_view const*>(place), scratch_);
        if (of.storage == stored_as::string)
            return *static_cast<std::string const*>(place);
        return codecs_[of.number].text_at(place, of.number, scratch_);
    }
    /// Returns the end of the value; null: not a valid text.
    char* append_csv_value(char* out, std::string_view text, bool has_16_bytes) {
        out = bytes_.room_for(out, text);
        bool const plain = detail::copy_text<not_plain_csv>(out, text, has_16_bytes);
        if (plain && (columns_ != 1 || !text.empty())) [[likely]]
            return out + text.size();
        return append_unusual_csv(out, text);
    }
    [[gnu::noinline]] char* append_unusual_csv(char* out, std::string_view text) {
        if (is_two_byte_text<csv_special>(out, text.size()) && (columns_ != 1 || !text.empty()))
            return out + text.size();
        bool marked = false, nul = false, high = false;
        for (char const c : text) {
            marked |= (c == ',') | (c == '"') | (c == '\r') | (c == '\n');
            nul |= c == 0;
            high |= static_cast<unsigned char>(c) >= 0x80;
        }
        if ((nul && bytes_.refuses_nul()) || (high && !is_valid_utf8(text)))
            return nullptr;
        // A line with one blank value would be an empty line, which readers skip.
        return marked || (columns_ == 1 && text.empty()) ? detail::append_quoted(out, text)
                                                         : out + text.size();
    }
    enum class reason : unsigned char { no_text, too_fine, nul };

    bool refuse(void const* row, std::size_t column) {
        refused_key_ = codecs_[column].key;
        fine_times const wanted = std::exchange(scratch_.times, fine_times::kept);
        std::string_view const text = codecs_[column].text(row, column, scratch_);
        bool const nul = text.data() && text.find('\0') != text.npos && is_valid_utf8(text);
        bool const writable = text.data() != nullptr;
        scratch_.times = wanted;
        bool const admitted = codecs_[column].text(row, column, scratch_).data() != nullptr;
        reason_ = writable && !admitted ? reason::too_fine : nul ? reason::nul : reason::no_text;
        return false;
    }

    std::span<column_codec const> codecs_;
    std::vector<column_lead> leads_;      ///< by column
    std::vector<csv_column> csv_columns_; ///< known from the first row on
    std::size_t columns_ = 0;             ///< that are written
    std::string header_;                  ///< of CSV
    row_bytes bytes_;                     ///< without the end of the body
    std::size_t limit_;
    bool csv_;
    text_scratch scratch_;
    std::size_t rows_ = 0;
    std::size_t row_size_ = 0;
    std::string_view refused_key_;
    reason reason_ = reason::no_text; ///< of the last refusal
};

} // namespace eloqua::bulk::detail
