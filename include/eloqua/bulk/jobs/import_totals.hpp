// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <eloqua/bulk/error.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace eloqua::bulk {

/// What the service's logs say of the rows that were sent.
enum class import_proof : unsigned char {
    proven,       ///< they account for each of them
    unproven,     ///< they lack the figures
    contradicted, ///< they account for other rows; only beside a failure
};

/// "proven" and so on.
constexpr std::string_view to_string(import_proof p) noexcept {
    return p == import_proof::proven     ? "proven"
           : p == import_proof::unproven ? "unproven"
                                         : "contradicted";
}

/// The numbers of an import.
struct import_totals {
    std::int64_t rows = 0;                      ///< sent, by earlier runs as well
    std::int64_t resumed = 0;                   ///< of them, what earlier runs had synced
    bool was_complete = false;                  ///< all of them; nothing was sent by this run
    std::int64_t created = 0;                   ///< by the logs
    std::int64_t updated = 0;                   ///< by the logs
    std::int64_t rejected = 0;                  ///< rows not taken
    std::int64_t partly_taken = 0;              ///< rows taken without some values
    std::map<std::string, std::int64_t> counts; ///< by ELQ code, summed over the logs
    std::vector<std::string> syncs;             ///< uris
    std::string definition;                     ///< uri
    bool definition_deleted = false;
    unsigned definitions_abandoned = 0; ///< since what they held was unknown, or they had vanished
    std::uint64_t bytes = 0;            ///< of rows
    unsigned requests = 0;              ///< for rows
    std::int64_t times_cut = 0;         ///< to milliseconds; see `import_options::finer_times`
    /// Of the syncs' logs, in the service's words, columns whose values are not stored first; and
    /// if fields could not be checked, why.
    std::vector<std::string> warnings;
    std::vector<std::string> disagreements; ///< between the service's counts, or with ours
    /// The worst of all syncs. For each, the log says that as many rows as were sent were staged or
    /// processed, and, where the entity has codes for it, created, updated and rejected.
    import_proof proof = import_proof::proven;
    std::vector<std::string> doubts; ///< why it is not proven, sync by sync
    /// Numbers of rows of which nobody can tell whether they have made records, since their
    /// identifier is blank; only beside a failure. Pushing them again may make records twice.
    std::vector<std::size_t> unknown_rows;

    /// Throws `error` with `errc::unproven` unless the service's logs account for each row.
    void require_proven() const {
        if (proof == import_proof::proven)
            return;
        throw_exception_from_error(failure(errc::unproven, joined(doubts)), BOOST_CURRENT_LOCATION);
    }

    /// Throws `error` with `errc::unbalanced` if any counts disagree. What each of the service's
    /// codes counts is not fully documented, so a disagreement need not be a loss.
    void require_balanced() const {
        if (disagreements.empty())
            return;
        throw_exception_from_error(failure(errc::unbalanced, joined(disagreements)),
                                   BOOST_CURRENT_LOCATION);
    }

    friend std::ostream& operator<<(std::ostream& out, import_totals const& r) {
        if (r.was_complete)
            out << "was complete already: ";
        else if (r.resumed)
            out << "resumed after " << r.resumed << " rows; ";
        out << r.rows << " rows sent in " << r.requests << " requests (" << r.bytes
            << " bytes) and " << r.syncs.size() << " syncs; " << r.created << " created, "
            << r.updated << " updated, " << r.rejected << " rejected, " << r.partly_taken
            << " partly taken; ";
        if (r.times_cut != 0)
            out << r.times_cut << " times cut to milliseconds; ";
        out << to_string(r.proof);
        for (std::string const& each : r.doubts)
            out << (&each == &r.doubts.front() ? ": " : "; ") << each;
        for (std::string const& each : r.disagreements)
            out << "; counts disagree: " << each;
        if (!r.unknown_rows.empty())
            out << "; " << r.unknown_rows.size() << " rows may or may not have made records";
        return out;
    }

private:
    static std::string joined(std::vector<std::string> const& texts) {
        std::string all;
        for (std::string const& each : texts)
            all += (all.empty() ? "" : "; ") + each;
        return all;
    }
};

} // namespace eloqua::bulk
