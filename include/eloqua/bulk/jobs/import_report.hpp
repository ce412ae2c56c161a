// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <eloqua/bulk/error.hpp>
#include <eloqua/bulk/jobs/import_totals.hpp>
#include <eloqua/bulk/schema/status_codes.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace eloqua::bulk {

/// A row that the service did not take, or not wholly.
template <class Row>
struct import_reject {
    static constexpr std::size_t unknown = std::numeric_limits<std::size_t>::max();

    /// Number of the caller's row, from 0, in the order of the range; `unknown` if several rows
    /// come into question, see `candidates`.
    std::size_t row_index = unknown;
    std::vector<std::size_t> candidates; ///< rows with the same identifier, if it is not one
    elq reason{};                        ///< 0 if the service gives none
    std::string message;                 ///< in the service's words
    std::vector<std::string> invalid_columns;
    bool row_taken = false; ///< only the values of `invalid_columns` were dropped
    /// The row as the service gives it back. A rejected value may not convert; a type that holds
    /// views cannot be given back.
    result<Row> row = failure(errc::invalid_value);
};

/// What became of an import.
template <class Row>
struct import_report : import_totals {
    std::vector<import_reject<Row>> rejects; ///< in the order of the service's lists
    std::int64_t rejects_not_kept = 0; ///< those past `import_options::rejects_kept`: counted only
};

} // namespace eloqua::bulk
