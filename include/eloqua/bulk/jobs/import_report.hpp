// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <eloqua/bulk/error.hpp>
#include <eloqua/bulk/schema/status_codes.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <ostream>
#include <string>
#include <utility>
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
    /// The row as the service gives it back. A rejected value may not convert.
    result<Row> row = failure(errc::invalid_value);
};

/// What became of an import.
template <class Row>
struct import_report {
    std::int64_t rows = 0;                   ///< sent
    std::int64_t created = 0;                ///< by the logs
    std::int64_t updated = 0;                ///< by the logs
    std::int64_t rejected = 0;               ///< rows not taken
    std::int64_t partly_taken = 0;           ///< rows taken without some values
    std::vector<import_reject<Row>> rejects; ///< in the order of the service's lists
    std::int64_t rejects_not_kept = 0; ///< those past `import_options::rejects_kept`: counted only
    std::map<std::string, std::int64_t> counts; ///< by ELQ code, summed over the logs
    std::vector<std::string> syncs;             ///< uris
    std::string definition;                     ///< uri
    bool definition_deleted = false;
    std::uint64_t bytes = 0;                ///< of rows
    unsigned requests = 0;                  ///< for rows
    std::vector<std::string> warnings;      ///< of the syncs' logs, in the service's words
    std::vector<std::string> disagreements; ///< between the service's counts, or with ours

    /// Throws `error` with `errc::unbalanced` if any counts disagree. What each of the service's
    /// codes counts is not fully documented, so a disagreement need not be a loss.
    void require_balanced() const {
        if (disagreements.empty())
            return;
        std::string all;
        for (std::string const& each : disagreements)
            all += (all.empty() ? "" : "; ") + each;
        throw_exception_from_error(failure(errc::unbalanced, std::move(all)),
                                   BOOST_CURRENT_LOCATION);
    }

    friend std::ostream& operator<<(std::ostream& out, import_report const& r) {
        out << r.rows << " rows sent in " << r.requests << " requests (" << r.bytes
            << " bytes) and " << r.syncs.size() << " syncs; " << r.created << " created, "
            << r.updated << " updated, " << r.rejected << " rejected, " << r.partly_taken
            << " partly taken";
        for (std::string const& each : r.disagreements)
            out << "; counts disagree: " << each;
        return out;
    }
};

} // namespace eloqua::bulk
