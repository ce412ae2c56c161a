// SPDX-License-Identifier: BSL-1.0
/// \file
/// Decodes a page of rows in CSV.
#pragma once

#include <eloqua/bulk/detail/codec/column.hpp>
#include <eloqua/bulk/detail/codec/json_cursor.hpp>
#include <eloqua/bulk/detail/codec/json_rows.hpp>
#include <eloqua/bulk/detail/codec/page.hpp>
#include <eloqua/bulk/detail/codec/row_notes.hpp>
#include <eloqua/bulk/detail/codec/text.hpp>
#include <eloqua/bulk/detail/text/shown.hpp>
#include <eloqua/bulk/utf8.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace eloqua::bulk::detail {

/// Decodes one page by RFC 4180: a line of keys, then one line per row. Each line must end in LF or
/// CRLF, including the last one; otherwise the rest of a broken transfer could pass for a row. A
/// byte order mark is skipped, and so are empty lines, unless a row has one column. Additional
/// columns are skipped; the file must have all columns of the row.
class csv_page {
public:
    using end_finder = csv_end;
    static constexpr char const* unfinished = "the last line of the CSV has no line end";

    csv_page(std::span<column_codec const> columns, broken_text what_becomes)
        : notes(columns.size()), columns_(columns), broken_(columns, what_becomes) {}

    void begin(std::int64_t first_row, asked_page const& asked) {
        envelope = page_envelope();
        rows_ = 0;
        most_rows_ = asked.most_rows();
        first_row_ = first_row;
        cells_.clear();
        error_ = page_error();
    }

    /// See `json_page::decode`.
    char const* decode(char const* at, char const* end, row_sink& sink, page_error& wrong) {
        at_ = whole_ = at;
        end_ = end;
        if ((envelope.has_items || read_header()) && read_rows(sink))
            return at_;
        if (error_.what.empty())
            return whole_;
        wrong = std::exchange(error_, page_error());
        return at_;
    }

    bool finished() const { return true; }

    std::int64_t rows() const { return rows_; }

    void name_rows_by(std::size_t column) { broken_.name_rows_by(column); }

    page_envelope envelope; ///< `has_items`: the line of keys has arrived
    row_notes notes;

private:
    struct cell {
        bool (*assign_at)(void* place, std::size_t column, std::string_view text);
        std::uint32_t column;
        std::ptrdiff_t offset; ///< of the column's place in a row
    };

    /// Returns false, as all functions here do on an error or at the end of the data.
    bool refuse(char const* where, std::string what) {
        at_ = where;
        error_.what = std::move(what);
        return false;
    }
    bool refuse_value(std::uint32_t column, std::string_view text) {
        error_ = value_error(first_row_ + rows_, columns_[column].key, text, false);
        return false;
    }
    std::string row_name() const { return "row " + std::to_string(first_row_ + rows_); }

    /// Reads a value from `at_` up to its end. `of`: null for a key.
    [[gnu::always_inline]] bool read_value(std::string_view& text, cell const* of) {
        text_run const run = scan_text<csv_special>(at_);
        text = std::string_view(at_, run.size);
        char const stop = at_[run.size];
        if (stop == '"' || stop == 0 || run.size > max_text || !run.ascii) [[unlikely]]
            return read_slowly(text, of);
        at_ += run.size;
        return true;
    }
    bool read_slowly(std::string_view& text, cell const* of);
    bool read_quoted(std::string_view& text);
    /// Whether a line ends here. False at the end of the data.
    bool take_line_end() {
        if (*at_ == '\r')
            ++at_;
        if (at_ == end_)
            return false;
        if (*at_ != '\n')
            return refuse(at_, at_[-1] == '\r' ? "a carriage return that is not part of a line end"
                                               : "text after a value in quotes");
        ++at_;
        return true;
    }
    bool read_header();
    bool read_rows(row_sink& sink);
    bool read_row(void* row);
    bool settle_broken(void const* row);

    std::span<column_codec const> columns_;
    std::int64_t first_row_ = 0;
    std::int64_t rows_ = 0;
    std::int64_t most_rows_ = 0;
    std::vector<cell> cells_; ///< of a line
    std::vector<bool> seen_;  ///< by column: whether it has a cell
    char const* at_ = nullptr;
    char const* end_ = nullptr;
    char const* whole_ = nullptr; ///< everything before this is decoded
    text_arena arena_, mended_;
    broken_texts broken_; ///< of the current row
    page_error error_;
};

/// Reads a value that is quoted, long, not ASCII, or has NUL.
[[gnu::noinline]] inline bool csv_page::read_slowly(std::string_view& text, cell const* of) {
    char const* const begin = at_;
    if (*at_ == '"') {
        if (!read_quoted(text))
            return false;
    } else {
        for (;;) {
            at_ += scan_text<csv_special>(at_).size;
            if (*at_ != 0 || at_ == end_)
                break;
            ++at_;
        }
        if (at_ == end_)
            return false;
        if (*at_ == '"')
            return refuse(at_, "a quote in a value without quotes");
        text = std::string_view(begin, static_cast<std::size_t>(at_ - begin));
    }
    if (text.size() > max_text)
        return refuse(begin, "a value is too large");
    if (!is_valid_utf8(text)) [[unlikely]] {
        if (!of)
            return refuse(begin, json_cursor::not_utf8);
        bool const known = of->column != row_layout::no_column;
        broken_.add(of->column, known ? columns_[of->column].key : std::string_view(),
                    json_cursor::not_utf8, begin);
        char* const first = mended_.room(3 * static_cast<std::size_t>(end_ - begin));
        text = std::string_view(first, static_cast<std::size_t>(copy_as_utf8(text, first) - first));
        mended_.keep(text.size());
    }
    return true;
}

inline bool csv_page::read_quoted(std::string_view& text) {
    char const* plain = ++at_;
    char* first = nullptr;
    char* out = nullptr;
    for (;;) {
        at_ += scan_text<csv_quoted_special>(at_).size;
        if (at_ == end_)
            return false;
        if (*at_++ != '"')
            continue;
        if (at_ == end_) // the quote may be the first of two
            return false;
        auto const n = static_cast<std::size_t>(at_ - plain) - 1;
        if (*at_ != '"' && !first) {
            text = std::string_view(plain, n);
            return true;
        }
        if (!first)
            first = out = arena_.room(static_cast<std::size_t>(end_ - plain));
        std::memcpy(out, plain, n);
        out += n;
        if (*at_ != '"')
            break;
        *out++ = '"';
        plain = ++at_;
    }
    text = std::string_view(first, static_cast<std::size_t>(out - first));
    arena_.keep(text.size());
    return true;
}

inline bool csv_page::read_header() {
    std::string_view const data(at_, static_cast<std::size_t>(end_ - at_));
    if (data.starts_with(byte_order_mark))
        at_ += byte_order_mark.size();
    cells_.clear();
    arena_.clear();
    seen_.assign(columns_.size(), false);
    std::string unknown;
    for (bool more = true; more;) {
        std::string_view key;
        char const* const begin = at_;
        if (!read_value(key, nullptr))
            return false;
        std::uint32_t column = 0;
        while (column != columns_.size() && columns_[column].key != key)
            ++column;
        if (column == columns_.size()) {
            cells_.push_back({&ignore_text, row_layout::no_column, 0});
            if (unknown.empty())
                unknown = shown(key);
        } else {
            if (seen_[column])
                return refuse(begin, "the CSV has the column '" + shown(key) + "' twice");
            seen_[column] = true;
            cells_.push_back({columns_[column].assign_at, column, 0});
        }
        if (cells_.size() > row_layout::most_members)
            return refuse(begin, "the CSV has too many columns");
        more = *at_ == ',';
        if (more)
            ++at_;
    }
    if (!take_line_end())
        return false;
    for (std::uint32_t c = 0; c != columns_.size(); ++c)
        if (!seen_[c])
            return refuse(whole_,
                          "the CSV's first line lacks '" + std::string(columns_[c].key) + "'" +
                              (unknown.empty()
                                   ? ""
                                   : ", and has '" + unknown + "', which was not requested"));
    envelope.has_items = true;
    return true;
}

inline bool csv_page::read_rows(row_sink& sink) {
    open_row row(sink);
    mended_.next_row();
    broken_.forget(); // of a row that was cut off
    for (;;) {
        whole_ = at_;
        if (at_ == end_)
            return true;
        if ((*at_ == '\n' || *at_ == '\r') && cells_.size() != 1) {
            if (!take_line_end())
                return false;
            continue;
        }
        if (rows_ == most_rows_)
            return refuse(at_, too_many_rows(most_rows_));
        arena_.next_row();
        void* const object = row.begin();
        if (rows_ == 0)
            for (cell& each : cells_)
                if (each.column != row_layout::no_column)
                    each.offset = columns_[each.column].offset(object);
        if (!read_row(object))
            return false;
        if (broken_.any()) [[unlikely]]
            if (!settle_broken(object))
                return false;
        row.complete();
        ++rows_;
    }
}

/// The row is complete: counts replaced texts, or refuses the row.
[[gnu::noinline]] inline bool csv_page::settle_broken(void const* row) {
    char const* const at = broken_.at();
    mended_.next_row();
    error_ = broken_.settle(first_row_ + rows_, row, notes);
    if (!error_.what.empty())
        at_ = at;
    return error_.what.empty();
}

inline bool csv_page::read_row(void* row) {
    cell const* const last = cells_.data() + cells_.size() - 1;
    for (cell const* c = cells_.data();; ++c) {
        std::string_view text;
        if (!read_value(text, c)) {
            if (!error_.what.empty() && c->column != row_layout::no_column)
                error_.member = columns_[c->column].key;
            return false;
        }
        if (!c->assign_at(at_offset(row, c->offset), c->column, text)) [[unlikely]]
            // A refused row needs only the values that identify it.
            if (!broken_.any() || !broken_.refused())
                return refuse_value(c->column, text);
        char const* const behind = at_;
        if (*at_ != ',') {
            if (!take_line_end())
                return false;
            return c == last ||
                   refuse(behind, row_name() + " has fewer values than there are columns");
        }
        if (c == last)
            return refuse(behind, row_name() + " has more values than there are columns");
        ++at_;
    }
}

} // namespace eloqua::bulk::detail
