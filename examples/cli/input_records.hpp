// SPDX-License-Identifier: BSL-1.0
// The rows of an input as a range of records.
#pragma once

#include <eloqua/bulk/record.hpp>

#include "import_columns.hpp"
#include "row_input.hpp"
#include "row_places.hpp"
#include <cstddef>
#include <iterator>
#include <memory>
#include <utility>

namespace bulk = eloqua::bulk;

namespace cli {

/// A single-pass range; holds one row.
class input_records {
public:
    /// `rows` stands after the header; `places` learns where rows are. `size`: the number of rows,
    /// 0 if it is not known. All must outlive this.
    input_records(row_reader& rows, import_columns const& columns, row_places& places,
                  std::size_t size)
        : rows_(rows), columns_(columns), places_(places), size_(size), record_(columns.columns) {}

    class iterator {
    public:
        using iterator_concept = std::input_iterator_tag;
        using value_type = bulk::record;
        using difference_type = std::ptrdiff_t;

        iterator() = default;
        explicit iterator(input_records& of) : of_(&of) {}
        bulk::record const& operator*() const { return of_->record_; }
        iterator& operator++() {
            of_->read();
            return *this;
        }
        void operator++(int) { ++*this; }
        friend bool operator==(iterator const& i, std::default_sentinel_t) { return i.at_end(); }

    private:
        bool at_end() const { return of_->at_end_; }

        input_records* of_ = nullptr;
    };

    iterator begin() {
        if (number_ == 0 && !at_end_)
            read();
        return iterator(*this);
    }
    std::default_sentinel_t end() const { return {}; }
    std::size_t size() const { return size_; }

private:
    void read() {
        at_end_ = !rows_.next(row_);
        if (at_end_)
            return;
        places_.reached(number_++, row_.line, row_.offset);
        for (std::size_t i = 0; i != columns_.sources.size(); ++i)
            record_[i] = std::move(row_.values[columns_.sources[i]]);
    }

    row_reader& rows_;
    import_columns const& columns_;
    row_places& places_;
    std::size_t size_, number_ = 0;
    bool at_end_ = false;
    input_row row_;
    bulk::record record_;
};

} // namespace cli
