// SPDX-License-Identifier: BSL-1.0
/// \file
/// How much the staging area holds.
#pragma once

#include <eloqua/bulk/schema/assets.hpp>
#include <eloqua/bulk/simulator/state.hpp>

#include <cstddef>
#include <cstdint>

namespace eloqua::bulk::simulation {

/// Space of exported rows, in kB. They are read from a snapshot and not stored, so this is a guess
/// of 128 bytes each.
inline std::int64_t exported_kb(std::size_t rows) {
    return static_cast<std::int64_t>(rows / 8 + 1);
}

/// In kB: data of finished exports that were not deleted and are not expired.
inline std::int64_t stored_exports_kb(service_state const& state) {
    std::int64_t kb = 0;
    for (auto const& [id, job] : state.syncs)
        if (job.rows && job.finished() && !job.data_deleted && job.data_end() > state.time.now())
            kb += job.rows_kb;
    return kb;
}

/// In kB: rows that were pushed and not yet synced.
inline std::int64_t stored_imports_kb(service_state const& state) {
    std::size_t bytes = 0;
    auto const add = [&](auto const& entries) {
        for (auto const& [id, entry] : entries)
            for (staged_request const& each : entry.staged)
                if (each.at + entry.retention() > state.time.now())
                    bytes += each.bytes;
    };
    add(state.imports);
    add(state.sync_actions);
    for (std::int64_t const id : state.running)
        for (staged_request const& each : state.syncs.at(id).staged)
            bytes += each.bytes;
    return static_cast<std::int64_t>((bytes + 1023) / 1024);
}

/// Whether so many bytes more are too many for the staging area.
inline bool over_quota(service_state const& state, std::int64_t more_bytes) {
    return state.options.staging_kb != 0 &&
           stored_exports_kb(state) + stored_imports_kb(state) + (more_bytes + 1023) / 1024 >
               state.options.staging_kb;
}

} // namespace eloqua::bulk::simulation
