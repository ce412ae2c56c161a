// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <eloqua/bulk/codec/row_codec.hpp>
#include <eloqua/bulk/schema/record.hpp>

#include <vector>

namespace eloqua::bulk::detail {

/// Refuses, with a message, rows that do not stay as they are handed out.
template <class Row, bool OwnsValues = !is_view_row<Row>>
struct row_to_keep {
    static_assert(
        OwnsValues,
        "eloqua: rows with std::string_view members are valid in a call of for_each only; "
        "give the row std::string members to have its rows in any other way");
    static constexpr bool checked = true;
};

/// Makes rows of a type, for what gathers them.
template <class Row>
struct row_maker {
    Row make() const { return Row{}; }
    Row& append_to(std::vector<Row>& rows) const { return rows.emplace_back(); }
};
template <>
struct row_maker<record> {
    record_columns columns;
    record make() const { return record(columns); }
    record& append_to(std::vector<record>& rows) const { return rows.emplace_back(columns); }
};

} // namespace eloqua::bulk::detail
