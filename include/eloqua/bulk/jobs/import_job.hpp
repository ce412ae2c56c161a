// SPDX-License-Identifier: BSL-1.0
/// \file
/// How an import is done, and the part of it that does not depend on the row's type.
#pragma once

#include <eloqua/bulk/codec/rows_format.hpp>
#include <eloqua/bulk/error.hpp>
#include <eloqua/bulk/jobs/found_rows.hpp>
#include <eloqua/bulk/jobs/import_totals.hpp>
#include <eloqua/bulk/schema/definitions.hpp>
#include <eloqua/bulk/schema/limits.hpp>
#include <eloqua/bulk/schema/shown.hpp>
#include <eloqua/bulk/schema/syncs.hpp>
#include <eloqua/bulk/schema/time.hpp>
#include <eloqua/bulk/wire/flow.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace eloqua::bulk {

/// Is told of the rejects of an import.
class reject_listener {
public:
    virtual ~reject_listener() = default;
    /// The service's words, the rows in question, and what texts show of their values. False ends
    /// the import.
    virtual bool take(sync_reject const& said, found_rows found, bool row_taken,
                      row_values values) = 0;
};

/// Keeps the records of one import in their order; see `import_progress`.
class import_journal {
public:
    virtual ~import_journal() = default;
    /// All there are.
    virtual std::vector<std::string> const& records() const = 0;
    /// Durable when it returns.
    [[nodiscard]] virtual result<void> append(std::string_view record) = 0;
};

/// How an import is done.
struct import_options {
    std::string name =
        "eloqua-bulk import"; ///< begins the definition's name; at most 80 characters
    /// Blank values leave stored ones alone. The service's own default, `always`, would let an
    /// empty `optional` wipe what is stored.
    update_rule update = update_rule::ifNewIsNotNull;
    std::optional<import_rule> rule; ///< contacts and accounts; empty: create and update
    bool update_multiple_matches = false;
    duration data_retention = std::chrono::hours(7 * 24); ///< of staged rows; 1 h to 14 days
    duration auto_delete = std::chrono::hours(72); ///< of the definition, should it be left behind
    std::optional<std::string> priority_uri;       ///< an `/imports/priorities/{id}`
    rows_format rows = rows_format::json;          ///< on the wire
    /// What becomes of times that are finer than a millisecond, which is the finest that the
    /// service holds: the import fails with `errc::invalid_row`, which names row and column, or
    /// they are cut off and counted, see `import_totals::times_cut`. Of texts in the place of times
    /// nothing is known here.
    finer_part finer_times = finer_part::refused;
    std::size_t request_bytes = limits::request_bytes; ///< a request stays below; at most 32 MB
    /// At most 500. After each definition that was abandoned half as many, until a sync has
    /// succeeded: all that it is to hold has to arrive.
    std::size_t requests_per_sync = limits::requests_per_sync;
    std::size_t sync_bytes = limits::staged_bytes; ///< a sync begins when so much is staged
    /// Of rows that can be passed only once (no forward range), so much is kept in memory, with
    /// one request more, to be sent again should it be unknown whether it has arrived; a sync
    /// begins when so much is staged. In bytes.
    std::size_t replay_bytes = limits::request_bytes;
    /// Where the import notes what it has done, so that it can be run again after a crash without
    /// applying a row twice: with the same options, at the same instance, and with the same rows in
    /// the same order, it resumes where it was, and its report is of all rows; a sink of rejects is
    /// given all of them again. Instance, columns, identifier, and all that is sent of rows that
    /// were synced are compared; options are not. `open_import_journal` keeps it in a file. One
    /// that is complete is an error, see `allow_complete`: another import needs another journal.
    /// After an error nothing is removed from the server, for the next run to resume; rows
    /// whose sync has failed are pushed anew then, though the failed sync may have applied some,
    /// but for groups with rows that make records each time, see `basic_client::import_rows`.
    /// Errors besides: `errc::journal_failed`, also for rows that are not the same;
    /// `errc::sync_gone` if a sync has expired, or is of another instance. It serves one import at
    /// a time, on its thread.
    std::shared_ptr<import_journal> journal;
    /// With a journal that says that its import is complete: nothing is sent, and the report is
    /// that import's, with `import_totals::was_complete`. Else that is `errc::journal_failed`.
    bool allow_complete = false;
    /// Compares the columns with the instance's fields, asked for once by a client and entity,
    /// before anything is created; `basic_client::check` says what is compared. Error:
    /// `errc::fields_do_not_fit`, with all that is certainly wrong. What is in doubt, and that the
    /// service does not show its fields or shows them malformed, are warnings in the report of an
    /// import, which continues. One that its journal resumes was checked when it began.
    bool check_fields = true;
    /// In the report. Those past it are counted, and go to the sink if there is one, see
    /// `rejects_to`.
    std::size_t rejects_kept = 100'000;
};

/// An import from definition to counts.
class import_job {
public:
    virtual ~import_job() = default;

    /// What becomes of a row that was offered.
    enum class room { taken, full, refused };

    /// Appends a row to the request being filled. `full`: `push` first, then offer it again.
    /// `refused`: `refusal` says why.
    virtual room offer(void const* row) = 0;
    virtual failure refusal() const = 0;

    /// Where the job stands after rows were sent.
    enum class step {
        go_on,
        again, ///< rows from number `synced_rows()` on have to be offered once more
    };

    /// Before `begin`: rows cannot be offered again. What was sent is kept then until it is synced,
    /// which is as soon as it has `import_options::replay_bytes`.
    virtual void keep_requests() = 0;

    /// Checks the options and makes the definition.
    [[nodiscard]] virtual flow<result<void>> begin() = 0;
    /// Sends the request being filled, and runs a sync if enough is staged.
    [[nodiscard]] virtual flow<result<step>> push() = 0;
    /// Sends what is left, and syncs it. After `step::again`, more follows.
    [[nodiscard]] virtual flow<result<step>> finish() = 0;
    /// Rows that were offered, but for those that have to be offered again.
    virtual std::size_t rows() const = 0;
    /// The first ones of them.
    virtual std::size_t synced_rows() const = 0;
    /// Removes the definition, and with it what is staged; not while a sync of it may be running.
    [[nodiscard]] virtual flow<result<void>> remove_definition() = 0;

    import_totals const& so_far() const { return totals_; }

protected:
    import_totals totals_;
};

} // namespace eloqua::bulk
