// SPDX-License-Identifier: BSL-1.0
/// \file
/// Stores that keep rows with the checkpoint they reach to.
#pragma once

#include <eloqua/bulk/error.hpp>
#include <eloqua/bulk/jobs/checkpoint.hpp>
#include <eloqua/bulk/jobs/receipt.hpp>

#include <concepts>
#include <cstdint>
#include <optional>
#include <ostream>
#include <span>

namespace eloqua::bulk {

/// How far a store has come.
struct sink_progress {
    export_checkpoint at;
    bool complete = false;
};

/// A store for rows that an export is resumed from. After a crash at any moment it has exactly the
/// rows up to the checkpoint that `last` gives; empty: it has none, and the export begins anew.
///
/// `append` takes rows and the checkpoint after them; both may be made durable later, but then
/// together. Before there are rows, it is told without any what was made for them, so that another
/// run waits for the same sync: that is better made durable at once; a store that has a member
/// `begun` of the checkpoint alone is told by that. When `complete` succeeds, all rows are durable,
/// and that they are all. Calls come one after another; none comes after one that failed.
template <class Sink, class Row>
concept checkpointed_sink =
    requires(Sink& sink, std::span<Row const> rows, export_checkpoint const& at) {
        { sink.last() } -> std::same_as<result<std::optional<sink_progress>>>;
        { sink.append(rows, at) } -> std::same_as<result<void>>;
        { sink.complete(at) } -> std::same_as<result<void>>;
    };

/// What became of an export into a store.
struct stored_export {
    export_receipt receipt;    ///< if `was_complete`, only sync, definition and number of rows
    std::int64_t resumed = 0;  ///< rows that earlier runs had stored
    bool was_complete = false; ///< nothing was left to do, and nothing was done

    friend std::ostream& operator<<(std::ostream& out, stored_export const& e) {
        if (e.was_complete)
            return out << "was complete already: " << e.receipt.rows << " rows of "
                       << e.receipt.sync;
        if (e.resumed)
            out << "resumed after " << e.resumed << " rows; ";
        return out << e.receipt;
    }
};

} // namespace eloqua::bulk
