// SPDX-License-Identifier: BSL-1.0
// Reads the rows of a database query as records, for imports.
#pragma once

#include <eloqua/bulk/error.hpp>
#include <eloqua/bulk/record.hpp>

#include "table.hpp"
#include <algorithm>
#include <cstddef>
#include <iterator>
#include <memory>
#include <ranges>
#include <string>
#include <utility>
#include <vector>

/// Reads the rows of a query, one at a time, in memory that does not grow with their number.
/// Values are texts as the database writes them; NULL is blank. For one thread at a time.
///
///     sqlite_reader rows("crm.db", "SELECT mail AS \"C_EmailAddress\" FROM people");
///     client.import_records(bulk::contacts, columns, "C_EmailAddress", rows.records(columns));
class row_reader {
public:
    row_reader() = default;
    row_reader(row_reader const&) = delete;
    virtual ~row_reader() = default;

    /// The names of the query's columns, each once.
    std::vector<std::string> const& columns() const { return columns_; }
    /// Reads the next row: a value for each column. False at the end. Throws `bulk::error` that
    /// names the query and has the database's words: `errc::store_failed`, or for a lost
    /// connection a code of `condition::try_later`.
    virtual bool next(std::vector<std::string>& values) = 0;

    /// The rows that are left as a single-pass range of records: each column gets the value of the
    /// query's column of the same name. This must outlive the range. Throws `bulk::error` with
    /// `errc::invalid_argument` if the query lacks a column; columns of the query that are not
    /// needed are ignored.
    auto records(eloqua::bulk::record_columns columns);

protected:
    /// Throws `bulk::error` with `errc::invalid_argument` for a name that occurs twice.
    void set_columns(std::vector<std::string> names, std::string const& query) {
        columns_ = std::move(names);
        for (std::string const& each : columns_)
            if (std::ranges::count(columns_, each) > 1)
                databases::fail(eloqua::bulk::errc::invalid_argument,
                                "the query " + databases::named(query) + " returns two columns " +
                                    databases::named(each),
                                "give them different names with AS");
    }

private:
    std::vector<std::string> columns_;
};

namespace databases {

/// A range of the records that a reader returns. Copies share its position.
class record_range : public std::ranges::view_base {
public:
    record_range(row_reader& from, bulk::record_columns const& columns)
        : now_(std::make_shared<position>(from, bulk::record(columns))) {
        for (std::size_t i = 0; i != columns.size(); ++i) {
            auto const& names = from.columns();
            auto const found = std::ranges::find(names, columns[i].key);
            if (found == names.end()) {
                std::string all;
                for (std::string const& each : names)
                    all += (all.empty() ? "" : ", ") + named(each);
                fail(bulk::errc::invalid_argument,
                     "the query returns no column " + named(columns[i].key) + "; it returns " + all,
                     "rename a column with AS");
            }
            now_->indices.push_back(static_cast<std::size_t>(found - names.begin()));
        }
    }

private:
    struct position {
        position(row_reader& from, bulk::record first) : reader(from), record(std::move(first)) {}

        row_reader& reader;
        bulk::record record;
        std::vector<std::string> values;
        std::vector<std::size_t> indices;
        bool done = false;

        void advance() {
            done = !reader.next(values);
            for (std::size_t i = 0; !done && i != indices.size(); ++i)
                record[i].swap(values[indices[i]]);
        }
    };

public:
    class iterator {
    public:
        using value_type = bulk::record;
        using difference_type = std::ptrdiff_t;
        using iterator_concept = std::input_iterator_tag;

        explicit iterator(std::shared_ptr<position> at) : at_(std::move(at)) {}
        bulk::record const& operator*() const { return at_->record; }
        iterator& operator++() {
            at_->advance();
            return *this;
        }
        void operator++(int) { at_->advance(); }
        friend bool operator==(iterator const& i, std::default_sentinel_t) { return i.at_->done; }

    private:
        std::shared_ptr<position> at_;
    };

    /// Reads the first row.
    iterator begin() const {
        now_->advance();
        return iterator(now_);
    }
    std::default_sentinel_t end() const { return {}; }

private:
    std::shared_ptr<position> now_;
};
static_assert(std::ranges::view<record_range> && std::ranges::input_range<record_range>);

} // namespace databases

inline auto row_reader::records(eloqua::bulk::record_columns columns) {
    return databases::record_range(*this, columns);
}
