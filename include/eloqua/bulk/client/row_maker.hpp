// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <eloqua/bulk/schema/record.hpp>

#include <vector>

namespace eloqua::bulk::detail {

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
