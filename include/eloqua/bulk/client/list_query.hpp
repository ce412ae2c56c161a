// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <eloqua/bulk/error.hpp>
#include <eloqua/bulk/schema/limits.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace eloqua::bulk {

/// What of a list is wanted. Members left empty are not sent.
struct list_query {
    std::optional<std::int64_t> limit = {}; ///< items, 1 to 1,000; the service's default is 1,000
    std::optional<std::int64_t> offset = {};
    std::optional<std::string> orderBy = {}; ///< "name ASC"
    std::optional<std::string> q = {};       ///< "name=*Test*"; case matters, '*' is the wildcard
    std::optional<bool> totalResults = {};   ///< false: the page does not say how many there are
};

/// Which rows of a sync are wanted.
struct rows_query {
    /// Rows, 1 to 50,000; of the export definitions of campaign responses, at most 1,000.
    std::int64_t limit = limits::default_page;
    std::int64_t offset = 0;
    std::optional<bool> totalResults = {}; ///< false: the page does not say how many there are
};

namespace detail {

/// Percent-encodes all but RFC 3986's unreserved characters.
inline std::string percent_encode(std::string_view text) {
    std::string out;
    for (char c : text) {
        bool const plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                           (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || c == '~';
        if (plain) {
            out += c;
        } else {
            auto const byte = static_cast<unsigned char>(c);
            out += '%';
            out += "0123456789ABCDEF"[byte >> 4];
            out += "0123456789ABCDEF"[byte & 15];
        }
    }
    return out;
}

inline void append_parameter(std::string& query, std::string_view name, std::string_view value) {
    query += query.empty() ? '?' : '&';
    query.append(name).append("=").append(percent_encode(value));
}

inline void append_total(std::string& query, std::optional<bool> wanted) {
    if (wanted)
        append_parameter(query, "totalResults", *wanted ? "true" : "false");
}

inline result<std::string> checked_paging(std::int64_t limit, std::int64_t most,
                                          std::int64_t offset) {
    if (limit < 1 || limit > most || offset < 0)
        return failure(errc::invalid_argument, "limit " + std::to_string(limit) + ", offset " +
                                                   std::to_string(offset) + "; the limit is 1 to " +
                                                   std::to_string(most) +
                                                   ", the offset not negative");
    return std::string();
}

} // namespace detail

/// The query string, with its '?', or nothing. Error: `errc::invalid_argument` for a limit or
/// offset out of range, to which the service's answer is not documented.
[[nodiscard]] inline result<std::string> to_query_string(list_query const& wanted) {
    result<std::string> query = detail::checked_paging(
        wanted.limit.value_or(1), limits::items_per_list, wanted.offset.value_or(0));
    if (!query)
        return query;
    if (wanted.limit)
        detail::append_parameter(*query, "limit", std::to_string(*wanted.limit));
    if (wanted.offset)
        detail::append_parameter(*query, "offset", std::to_string(*wanted.offset));
    if (wanted.orderBy)
        detail::append_parameter(*query, "orderBy", *wanted.orderBy);
    if (wanted.q)
        detail::append_parameter(*query, "q", *wanted.q);
    detail::append_total(*query, wanted.totalResults);
    return query;
}

/// As above, for rows; `most` is the greatest limit that the endpoint takes.
[[nodiscard]] inline result<std::string>
to_query_string(rows_query const& wanted, std::int64_t most = limits::rows_per_page) {
    result<std::string> query = detail::checked_paging(wanted.limit, most, wanted.offset);
    if (query) {
        detail::append_parameter(*query, "limit", std::to_string(wanted.limit));
        detail::append_parameter(*query, "offset", std::to_string(wanted.offset));
        detail::append_total(*query, wanted.totalResults);
    }
    return query;
}

namespace detail {

/// A path with a query, either of which may be an error.
template <class Query, class... Limit>
result<std::string> with_query(result<std::string> path, Query const& wanted, Limit... most) {
    result<std::string> const query = to_query_string(wanted, most...);
    if (path && !query)
        return query;
    if (path && !query->empty()) {
        bool const first = path->find('?') == std::string::npos;
        *path += (first ? '?' : '&') + query->substr(1);
    }
    return path;
}

} // namespace detail

} // namespace eloqua::bulk
