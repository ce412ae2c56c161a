// SPDX-License-Identifier: BSL-1.0
/// \file
/// What is odd about the rows of pages, besides what refuses them.
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

/// What the rows of an export were like, over all of its pages. A row that is read again counts
/// once.
struct row_notes {
    std::int64_t next = 0;              ///< rows before this one were counted, as far as they count
    std::int64_t blank_rows = 0;        ///< JSON objects without members
    std::vector<std::int64_t> replaced; ///< by column: texts with U+FFFD for what was broken

    explicit row_notes(std::size_t columns) : replaced(columns, 0) {}

    /// Whether this row is to be counted, which it is then.
    bool counts(std::int64_t row) {
        bool const first = row >= next;
        next = std::max(next, row + 1);
        return first;
    }
};

/// The texts of a row that are not UTF-8, or have half of a surrogate pair. They are told when the
/// row is whole, with a value that says which row it is.
class broken_texts {
public:
    static constexpr std::uint32_t no_column = std::numeric_limits<std::uint32_t>::max();

    broken_texts(std::span<column_codec const> columns, broken_text what_becomes)
        : columns_(columns), refused_(what_becomes == broken_text::refused) {}

    /// Rows are named by this column, where it is not blank.
    void name_rows_by(std::size_t column) { identifier_ = column; }
    bool any() const { return what_ != nullptr; }
    bool refused() const { return refused_; }
    /// Where the first one is.
    char const* at() const { return at_; }

    void forget() {
        what_ = nullptr;
        found_.clear();
    }
    /// `column`: none for a key, or for a value that no column has.
    void add(std::uint32_t column, std::string_view key, char const* what, char const* at) {
        if (!any()) {
            what_ = what;
            key_ = key;
            at_ = at;
        }
        if (column != no_column)
            found_.push_back(column);
    }

    /// The row is whole. Why it is refused, if it is.
    page_error settle(std::int64_t number, void const* row, row_notes& notes) {
        page_error wrong;
        if (refused_) {
            wrong.what = std::string("has broken text (") + what_ + ")";
            wrong.of_row = true;
            wrong.member = key_;
            name_row(row, wrong);
            wrong.advice = "mend the value, or let an export replace what is broken by U+FFFD: "
                           "export_options::broken_texts";
        } else if (!found_.empty() && notes.counts(number)) {
            for (std::uint32_t const column : found_)
                ++notes.replaced[column];
        }
        forget();
        return wrong;
    }

private:
    /// By the first column that has a good value.
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
