// SPDX-License-Identifier: BSL-1.0
/// \file
/// What the API's documents have in common. Documents are described structs with members spelled
/// as on the wire; what the service may leave out is `optional`.
#pragma once

#include <boost/describe/class.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <ratio>
#include <string>
#include <utility>
#include <vector>

namespace eloqua::bulk {

/// Times of resources: UTC, ISO 8601 with seven fractional digits on the wire.
using timestamp =
    std::chrono::sys_time<std::chrono::duration<std::int64_t, std::ratio<1, 10'000'000>>>;

/// Name and text in order: a JSON object whose keys the caller chooses.
using string_map = std::vector<std::pair<std::string, std::string>>;

/// What the service adds to a resource.
struct audit {
    std::optional<std::string> uri; ///< "/contacts/exports/1481"; see `id_of`
    std::optional<std::string> createdBy;
    std::optional<timestamp> createdAt;
    std::optional<std::string> updatedBy;
    std::optional<timestamp> updatedAt;
};
BOOST_DESCRIBE_STRUCT(audit, (), (uri, createdBy, createdAt, updatedBy, updatedAt))

/// A definition as the service keeps it: what a caller set, and what only the service sets. An
/// answer may lack any of it: the service's two descriptions differ in what they answer.
template <class Definition>
struct stored : Definition, audit {
    static constexpr bool answered_in_part = true;
    std::optional<std::int64_t> kbUsed; ///< staging space, in kB
    // One of the service's two descriptions has these.
    std::optional<std::string> syncedInstanceUri;
    std::optional<std::string> status;
    BOOST_DESCRIBE_CLASS(stored, (Definition, audit), (kbUsed, syncedInstanceUri, status), (), ())
};

/// One page of a list. `items` may be missing on the wire; `count` is not to be trusted.
template <class T>
struct page {
    std::vector<T> items;
    std::optional<std::int64_t> totalResults;
    std::optional<std::int64_t> limit;
    std::optional<std::int64_t> offset;
    std::optional<std::int64_t> count;
    bool hasMore = false;
    BOOST_DESCRIBE_CLASS(page, (), (items, totalResults, limit, offset, count, hasMore), (), ())
};

} // namespace eloqua::bulk
