// SPDX-License-Identifier: BSL-1.0
/// \file
/// Collects oddities of rows that are not errors.
#pragma once

#include <eloqua/bulk/detail/codec/column.hpp>
#include <eloqua/bulk/detail/codec/page.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace eloqua::bulk::detail {

/// Statistics of an export's rows over all pages. A row that is read again counts once.
struct row_notes {
    std::int64_t next = 0;              ///< rows before this one are already counted
    std::int64_t blank_rows = 0;        ///< JSON objects without members
    std::vector<std::int64_t> replaced; ///< by column: texts with a replacement by U+FFFD

    explicit row_notes(std::size_t columns) : replaced(columns, 0) {}

    /// Whether this row must be counted. Marks it as counted.
    bool counts(std::int64_t row) {
        bool const first = row >= next;
        next = std::max(next, row + 1);
        return first;
    }
};

/// The broken texts of a row: not UTF-8, or with half of a surrogate pair. Reported when the row is
/// complete, with a value that identifies it.
class broken_texts {
public:
    static constexpr std::uint32_t no_column = std::numeric_limits<std::uint32_t>::max();

    broken_texts(std::span<column_codec const> columns, broken_text what_becomes)
        : columns_(columns), refused_(what_becomes == broken_text::refused) {}

    /// Identifies rows by this column if it is not blank.
    void name_rows_by(std::size_t column) { identifier_ = column; }
    bool any() const { return what_ != nullptr; }
    bool refused() const { return refused_; }
    /// The place of the first one.
    char const* at() const { return at_; }

    void forget() {
        what_ = nullptr;
        found_.clear();
    }
    /// `column`: `no_column` for a key or for a value without a column.
    void add(std::uint32_t column, std::string_view key, char const* what, char const* at) {
        if (!any()) {
            what_ = what;
            key_ = key;
            at_ = at;
        }
        if (column != no_column)
            found_.push_back(column);
    }

    /// The row is complete. Returns why it is refused, if it is.
    page_error settle(std::int64_t number, void const* row, row_notes& notes) {
        page_error wrong;
        if (refused_) {
            wrong.what = std::string("has broken text (") + what_ + ")";
            wrong.of_row = true;
            wrong.member = key_;
            name_row(row, wrong);
            wrong.advice = "fix the value, or set export_options::broken_texts to replace broken "
                           "text by U+FFFD";
        } else if (!found_.empty() && notes.counts(number)) {
            for (std::uint32_t const column : found_)
                ++notes.replaced[column];
        }
        forget();
        return wrong;
    }

private:
    /// Uses the first column that has a valid value.
    void name_row(void const* row, page_error& wrong) {
        for (std::size_t n = 0; n != columns_.size() + 1 && wrong.value.empty(); ++n) {
            std::size_t const column = n == 0 ? identifier_ : n - 1;
            if (std::ranges::find(found_, column) != found_.end())
                continue;
            wrong.name = columns_[column].key;
            wrong.value =
                columns_[column].text(row, column, scratch_).substr(0, 2 * shown_of_value);
        }
    }

    std::span<column_codec const> columns_;
    bool refused_;
    std::size_t identifier_ = 0;
    char const* what_ = nullptr;
    char const* at_ = nullptr;
    std::string key_;
    std::vector<std::uint32_t> found_;
    text_scratch scratch_;
};

} // namespace eloqua::bulk::detail
