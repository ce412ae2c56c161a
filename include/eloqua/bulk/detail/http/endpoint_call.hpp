// SPDX-License-Identifier: BSL-1.0
/// \file
/// A call of an endpoint, and its response.
#pragma once

#include <eloqua/bulk/detail/text/ascii.hpp>
#include <eloqua/bulk/document_json.hpp>
#include <eloqua/bulk/endpoints.hpp>
#include <eloqua/bulk/error.hpp>
#include <eloqua/bulk/http.hpp>
#include <eloqua/bulk/limits.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace eloqua::bulk::detail {

/// An endpoint's properties. Code that needs only these is compiled once for all endpoints.
struct call_facts {
    verb method;
    bulk::retry_class retry_class;
    bool sends_rows;
};
template <class Endpoint>
inline constexpr call_facts facts_of{Endpoint::method, Endpoint::retry_class,
                                     std::same_as<typename Endpoint::body_type, rows>};

/// A request to be sent.
struct endpoint_call {
    verb method = verb::get;
    std::string path;      ///< with query, relative to the base of the bulk API
    std::optional<url> to; ///< a full URL, used instead of `path`
    std::string_view body;
    std::string_view content_type = "application/json";
    std::string_view accept = "application/json"; ///< media type of the response
    bulk::retry_class retry_class = bulk::retry_class::safe;
    bool sends_rows = false;              ///< the body contains rows, not a document
    std::span<std::string const> secrets; ///< in the body; never shown in messages
    bool response_has_secrets = false;    ///< the response has secrets: show only named errors
    std::int64_t most_items = 0;          ///< of the list in the response; 0: not a list
    bool shielded = false;                ///< once sent, a cancellation waits for the response

    endpoint_call() = default;
    endpoint_call(call_facts const& of, std::string at, std::string_view sent = std::string_view())
        : method(of.method), path(std::move(at)), body(sent), retry_class(of.retry_class),
          sends_rows(of.sends_rows) {}
    template <class Endpoint>
    static endpoint_call of(std::string path, std::string_view body = std::string_view()) {
        return endpoint_call(facts_of<Endpoint>, std::move(path), body);
    }
    bool repeatable() const {
        return retry_class == retry_class::safe || retry_class == retry_class::idempotent;
    }
};

/// A successful response, read whole.
struct response_body {
    std::string body;
    std::string line; ///< the request: "GET https://host/path"
    unsigned attempts = 0;
    bool any_offset = false;                      ///< see `client_options::ignore_offset_echo`
    std::size_t document_bytes = document_memory; ///< see `client_options`
    std::size_t list_bytes = document_memory;     ///< see `client_options`
    std::string authorization;                    ///< of the request; never shown in messages
    row_values values = row_values::shown;
    /// Implements `refused`. Set by whoever creates the response, so that other units need not
    /// compile it.
    failure (*complete)(response_body const& of, failure why) = nullptr;

    /// Adds the request and the service's own words to a failure to read the response.
    failure refused(failure why) const { return complete ? complete(*this, std::move(why)) : why; }
};

/// The path of an endpoint below an entity's base path (empty for other endpoints), with ids.
/// Error: `errc::invalid_argument` for an id that is not positive, or a base path that is not made
/// of segments of letters, digits, '-' and '_'.
template <class Endpoint, std::same_as<id>... Ids>
[[nodiscard]] result<std::string> path_of(result<std::string> base, Ids... ids) {
    if (!base)
        return base;
    if (!detail::is_plain_path(*base))
        return failure(errc::invalid_argument, "an entity's base path is not a path of the API");
    result<std::string> rest = Endpoint::path_type::expand(ids...);
    if (rest)
        rest->insert(0, *base);
    return rest;
}

/// Percent-encodes all characters except RFC 3986's unreserved ones.
inline std::string percent_encode(std::string_view text) {
    std::string out;
    for (char c : text) {
        if (is_letter(c) || is_digit(c) || c == '-' || c == '.' || c == '_' || c == '~')
            out += c;
        else
            append_percent(out, c);
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

/// The query string with its '?', or an empty text. Error: `errc::invalid_argument` for a limit or
/// offset out of range, for which the service's behavior is not documented.
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

/// As above, for rows; `most` is the endpoint's largest limit.
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

/// A path with a query. Passes on errors of both.
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

} // namespace eloqua::bulk::detail
