// SPDX-License-Identifier: BSL-1.0
/// \file
/// How an export is done, and the part of it that does not depend on the row's type.
#pragma once

#include <eloqua/bulk/codec/page_envelope.hpp>
#include <eloqua/bulk/codec/rows_format.hpp>
#include <eloqua/bulk/error.hpp>
#include <eloqua/bulk/jobs/checkpoint.hpp>
#include <eloqua/bulk/jobs/receipt.hpp>
#include <eloqua/bulk/schema/duration.hpp>
#include <eloqua/bulk/schema/limits.hpp>
#include <eloqua/bulk/wire/flow.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace eloqua::bulk {

/// How an export is done.
struct export_options {
    std::string name =
        "eloqua-bulk export"; ///< begins the definition's name; at most 80 characters
    /// Of the rows on the server, 1 h to 14 days: so long an export can be resumed.
    duration data_retention = std::chrono::hours(24);
    duration auto_delete = std::chrono::hours(72); ///< of the definition, should it be left behind
    /// Else times of the service's own, such as CreatedAt, come in US Eastern time without a zone:
    /// a member that is a time or a date refuses them, and so does a filter that compares one with
    /// a time, with `errc::invalid_argument`; read them as texts. Fields of the customer's own have
    /// no zone; they come and go as they are stored, whatever this says, and a `sys_time` takes
    /// them for UTC.
    bool system_timestamps_in_utc = true;
    std::optional<std::int64_t> max_records;        ///< empty: all
    std::int64_t page_rows = limits::rows_per_page; ///< rows a request, 1 to 50,000
    std::size_t batch_rows = 1'000; ///< rows that `row_source::next` gathers, at least 1
    /// Asks for the next page before the one under way is answered, so that the service's time to
    /// think is spent while rows are read. Takes a second connection, and no more memory.
    bool read_ahead = true;
    /// On the wire. Pages of CSV do not say how many rows there are: the last is one that is not
    /// full, and the count of the sync's log is the proof.
    rows_format rows = rows_format::json;
    /// What becomes of texts that are not UTF-8, or have half of a surrogate pair, such as those
    /// that were cut in the middle of a character before they came to the service.
    broken_text broken_texts = broken_text::refused;
    /// Leaves definition and rows on the server at the end; see `row_source::remove_definition`.
    bool keep_definition = false;
    /// As `import_options::check_fields`, of what matters to exports.
    bool check_fields = false;
};

namespace detail {

/// Refuses numbers that can never work, by `errc::invalid_argument`.
inline result<void> check_options(export_options const& o) {
    if (o.page_rows >= 1 && o.page_rows <= limits::rows_per_page && o.batch_rows >= 1)
        return {};
    return failure(errc::invalid_argument, "page_rows is " + std::to_string(o.page_rows) +
                                               "; 1 to " + std::to_string(limits::rows_per_page) +
                                               " are allowed; batch_rows is " +
                                               std::to_string(o.batch_rows) + "; at least 1");
}

} // namespace detail

/// An export from definition to proven end. Each `pull` is a flow of its own; the page under way
/// and the one asked for ahead stay open in between, on slots of leases that outlive the flows.
class export_job {
public:
    virtual ~export_job() = default;

    /// Does the next thing that comes before rows, without waiting for the sync: chooses the
    /// definition's name, makes it, starts its sync; or of an export that is resumed, finds them.
    /// True if the checkpoint has come to name more by that, false once it names the sync. After an
    /// error that may pass, the next call tries it again.
    [[nodiscard]] virtual flow<result<bool>> prepare() = 0;

    /// Decodes the next piece of a page; before the first, prepares what is not yet, and waits for
    /// the sync. Rows go to `sink`. False at the end, which is proven then. After an error that may
    /// pass, the next pull resumes after the last row that came.
    [[nodiscard]] virtual flow<result<bool>> pull(row_sink& sink) = 0;

    /// After the end, once all rows are in safe hands: removes the definition unless it is to be
    /// kept. If that fails, the receipt says so.
    [[nodiscard]] virtual flow<result<void>> conclude() = 0;
    /// Removes the definition, and with it the rows on the server.
    [[nodiscard]] virtual flow<result<void>> remove_definition() = 0;

    /// Before the first pull: no two rows may have the same value in this column, or the export
    /// fails with `errc::row_doubled`.
    virtual void require_unique(std::size_t column) = 0;
    /// After that: a row with this one's value has come before.
    virtual void has_come(void const* row) = 0;

    bool finished() const { return finished_; }
    std::int64_t rows() const { return checkpoint_.rows; }
    export_receipt const& receipt() const { return receipt_; }
    /// After the last row that came.
    export_checkpoint const& checkpoint() const { return checkpoint_; }

protected:
    bool finished_ = false;
    export_receipt receipt_;
    export_checkpoint checkpoint_;
};

} // namespace eloqua::bulk
