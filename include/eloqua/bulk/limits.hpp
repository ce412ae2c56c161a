// SPDX-License-Identifier: BSL-1.0
/// \file
/// The service's documented limits ("Limits and retention" of the Bulk API documentation), for
/// client and simulator.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

/// Limits of the service, as documented.
namespace eloqua::bulk::limits {

/// Sizes are in bytes, others are numbers of rows, items, columns or characters.
inline constexpr std::int64_t rows_per_page = 50'000; ///< maximum `limit` of a data request
inline constexpr std::int64_t items_per_list = 1'000; ///< maximum `limit` of a list request
inline constexpr std::int64_t default_page = 1'000;   ///< `limit` of a request without one
inline constexpr std::int64_t rows_per_activity_export = 5'000'000; ///< more are cut off
inline constexpr std::size_t request_bytes = 32'000'000;            ///< larger bodies get 404
inline constexpr std::size_t staged_bytes = 250'000'000; ///< recommended maximum before a sync
inline constexpr std::size_t requests_per_sync = 500;    ///< "files" of an import sync
inline constexpr std::size_t export_fields = 250;        ///< maximum in a definition
inline constexpr std::size_t import_fields = 100;        ///< maximum in a definition
inline constexpr std::size_t contact_fields_of_activity_export = 10; ///< maximum in a definition
inline constexpr std::size_t filter_characters = 1'000;              ///< maximum length
inline constexpr std::size_t conditions_beside_segment = 2; ///< in a filter, since release 19B
inline constexpr std::size_t name_characters = 100;       ///< maximum length of a definition's name
inline constexpr std::size_t identifier_characters = 100; ///< maximum length of a column's name
inline constexpr std::size_t sync_actions = 10;           ///< maximum in a definition
/// @{
/// Starts of syncs within an hour, per instance. More are slower, and Oracle may act.
inline constexpr std::int64_t export_syncs_per_hour = 2'000;
inline constexpr std::int64_t import_syncs_per_hour = 2'000;
inline constexpr std::int64_t sync_action_syncs_per_hour = 4'000;
/// @}
/// @{
/// Durations that definitions may have, and their defaults.
inline constexpr std::chrono::hours auto_delete_min{1};
inline constexpr std::chrono::hours retention_min{1};
inline constexpr std::chrono::hours retention_max{14 * 24};
inline constexpr std::chrono::hours export_retention_default{6};
inline constexpr std::chrono::hours import_retention_default{7 * 24};
/// @}
/// Retention of a sync, its logs and rejects.
inline constexpr std::chrono::hours sync_life{365 * 24};
/// Retention of a definition since its last sync, unless it has an `autoDeleteDuration`.
inline constexpr std::chrono::hours unused_definition_life{365 * 24};

} // namespace eloqua::bulk::limits
