// SPDX-License-Identifier: BSL-1.0
/// \file
/// Filters the rows of an export, so that each is delivered once.
#pragma once

#include <eloqua/bulk/detail/codec/column.hpp>
#include <eloqua/bulk/detail/codec/hash.hpp>
#include <eloqua/bulk/detail/codec/page.hpp>
#include <eloqua/bulk/detail/text/shown.hpp>
#include <eloqua/bulk/error.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace eloqua::bulk::detail {

/// A set of hashes. Open addressing in a table filled to nine tenths: little more than 8 bytes per
/// hash if the number is known in advance.
class hash_set {
public:
    /// Makes room for `n` hashes in total.
    void reserve(std::size_t n) {
        if (n + n / 8 + 1 > table_.size())
            rehash(n + n / 8 + 1);
    }
    /// False if the hash was already there.
    bool insert(std::uint64_t hash) {
        hash += hash == empty;
        if ((count_ + 1) * 10 > table_.size() * 9)
            rehash(std::max<std::size_t>(64, table_.size() + table_.size() / 2));
        std::uint64_t& place = place_of(hash);
        if (place == hash)
            return false;
        place = hash;
        ++count_;
        return true;
    }
    std::size_t bytes() const { return table_.capacity() * sizeof(std::uint64_t); }

private:
    static constexpr std::uint64_t empty = 0;

    std::uint64_t& place_of(std::uint64_t hash) {
        std::size_t at = static_cast<std::size_t>(hash % table_.size());
        while (table_[at] != empty && table_[at] != hash)
            at = at + 1 == table_.size() ? 0 : at + 1;
        return table_[at];
    }
    void rehash(std::size_t size) {
        std::vector<std::uint64_t> const before = std::exchange(table_, {});
        table_.assign(size, empty);
        for (std::uint64_t const hash : before)
            if (hash != empty)
                place_of(hash) = hash;
    }

    std::vector<std::uint64_t> table_;
    std::size_t count_ = 0;
};

/// Passes rows to another sink, except those that were delivered before; the first of those must be
/// unchanged. Optionally also drops rows whose value in one column was seen before.
class duplicate_filter final : public row_sink {
public:
    /// `values`: whether errors may show row values.
    explicit duplicate_filter(std::span<column_codec const> columns,
                              row_values values = row_values::shown)
        : columns_(columns), values_(values) {}

    /// Requires that values in this column are unique.
    void unique_by(std::size_t column) { unique_ = column; }
    /// Records that a row with this value was delivered.
    void has_come(void const* row) {
        (void)is_new(row);
        given_.reset();
    }
    /// Sets the total number of expected rows.
    void expect(std::int64_t rows) {
        if (unique_ && rows > 0)
            seen_.reserve(static_cast<std::size_t>(std::min<std::int64_t>(rows, 5'000'000)));
    }
    /// The next `rows` rows were delivered before. The first of them must have this hash, if it is
    /// known.
    void skip(std::int64_t rows, std::optional<std::uint64_t> hash) {
        skip_ = rows;
        hash_ = hash;
    }
    /// Sets the sink for the next rows, the first of which has the number `row`.
    row_sink& before(row_sink& next, std::int64_t row) {
        next_ = &next;
        row_ = row;
        return skip_ == 0 && !unique_ ? next : *this;
    }
    /// Why no more rows are passed on.
    std::optional<failure> const& wrong() const { return wrong_; }
    /// The number of the row that caused it.
    std::int64_t row() const { return row_; }

    void* begin_row() override { return at_ = next_->begin_row(); }
    void end_row(bool complete) override {
        bool const passed = complete && passes();
        next_->end_row(passed);
        if (passed)
            given_.reset();
    }
    void const* last_row() const override { return next_->last_row(); }

private:
    bool is_new(void const* row) {
        stable_hash hash;
        hash.add(columns_[*unique_].text(row, *unique_, scratch_));
        if (!seen_.insert(hash.value()) && given_ != hash.value())
            return false;
        given_ = hash.value();
        return true;
    }
    bool passes() {
        if (wrong_)
            return false;
        bool const skipped = skip_ != 0;
        if (skipped) {
            if (hash_ && detail::hash_of_row(columns_, at_, scratch_) != *hash_)
                wrong_ = failure(errc::rows_reordered,
                                 "row " + std::to_string(row_) +
                                     " was delivered before, but is a different row now",
                                 "start a new export, and set unique_by to detect duplicate rows");
            hash_.reset();
            --skip_;
        } else if (unique_ && !is_new(at_)) {
            std::string_view const value = columns_[*unique_].text(at_, *unique_, scratch_);
            wrong_ = failure(
                errc::duplicate_row,
                "row " + std::to_string(row_) + ": '" + std::string(columns_[*unique_].key) +
                    "' is " + detail::shown_value(value, values_) + ", as in an earlier row",
                "the column is not unique, or the order of the rows changed between pages; "
                "check unique_by, then start a new export");
        }
        row_ += !wrong_;
        return !skipped && !wrong_;
    }

    std::span<column_codec const> columns_;
    row_values values_;
    row_sink* next_ = nullptr;
    void* at_ = nullptr;
    std::int64_t row_ = 0;
    std::int64_t skip_ = 0;
    std::optional<std::uint64_t> hash_;
    std::optional<std::size_t> unique_;
    hash_set seen_;
    std::optional<std::uint64_t>
        given_; ///< value of a row for which the next sink threw: it comes again
    std::optional<failure> wrong_;
    text_scratch scratch_;
};

} // namespace eloqua::bulk::detail
