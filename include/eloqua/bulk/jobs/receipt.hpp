// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

namespace eloqua::bulk {

/// What an export was, once it is proven complete.
struct export_receipt {
    std::string sync;                          ///< uri
    std::string definition;                    ///< uri
    std::int64_t rows = 0;                     ///< handed out
    std::optional<std::int64_t> total_results; ///< what the pages said
    std::optional<std::int64_t> logged;        ///< what the sync's log said
    std::uint64_t bytes = 0;                   ///< of pages, inflated
    unsigned requests = 0;                     ///< for pages, but those sent ahead in vain
    unsigned retries = 0;                      ///< among them
    std::chrono::milliseconds queued{};        ///< sync created to started, by the service's clock
    std::chrono::milliseconds processed{};     ///< sync started to ended
    std::chrono::milliseconds transferred{};   ///< first page asked for to last row read
    /// Of the sync's log, in the service's words; if fields could not be checked, why; and what is
    /// odd about the rows of this run: those without any value, and columns that no row had.
    std::vector<std::string> warnings;
    /// In the service's language; empty: all rows. Unknown where a checkpoint was resumed by
    /// itself.
    std::optional<std::string> filter;
    /// By column: values of this run in which U+FFFD stands for text that was broken, see
    /// `export_options::broken_texts`.
    std::map<std::string, std::int64_t> replaced_texts;
    bool definition_deleted = false; ///< else it is left on the server until it deletes itself

    friend std::ostream& operator<<(std::ostream& out, export_receipt const& r) {
        out << r.rows << " rows, complete (pages say "
            << (r.total_results ? std::to_string(*r.total_results) : "nothing") << ", log says "
            << (r.logged ? std::to_string(*r.logged) : "nothing") << "); " << r.sync << " of "
            << r.definition << (r.definition_deleted ? " (deleted)" : " (still there)") << "; "
            << r.bytes << " bytes in " << r.requests << " requests, " << r.retries << " retries; "
            << r.queued.count() << " ms queued, " << r.processed.count() << " ms processed, "
            << r.transferred.count() << " ms transferred";
        if (r.filter && !r.filter->empty())
            out << "; where " << *r.filter;
        for (auto const& [column, count] : r.replaced_texts)
            out << "; " << count << " texts of '" << column << "' were broken and are mended";
        for (std::string const& each : r.warnings)
            out << "; warning: " << each;
        return out;
    }
};

} // namespace eloqua::bulk
