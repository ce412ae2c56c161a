// SPDX-License-Identifier: BSL-1.0
// Every operation of the API, called once, in an order in which each can succeed.
#pragma once

#include <eloqua/bulk.hpp>

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

/// "/contacts/exports/{}" for both "/contacts/exports/{id}" and "/contacts/exports/17".
inline std::string plain_path(std::string_view path) {
    std::string out;
    while (!path.empty()) {
        path.remove_prefix(1); // the slash
        std::string_view const part = path.substr(0, path.find('/'));
        bool const parameter =
            part.starts_with('{') || part.find_first_not_of("0123456789") == part.npos;
        (out += '/') += parameter ? "{}" : part;
        path.remove_prefix(part.size());
    }
    return out;
}

/// The operations of the API's shorter description, as the tour writes them.
inline constexpr std::string_view seed_operations[] = {
    "GET /contacts/exports",
    "POST /contacts/exports",
    "GET /contacts/exports/{}",
    "PUT /contacts/exports/{}",
    "DELETE /contacts/exports/{}",
    "GET /contacts/exports/{}/data",
    "GET /contacts/fields",
    "GET /contacts/imports",
    "POST /contacts/imports",
    "GET /contacts/imports/{}",
    "PUT /contacts/imports/{}",
    "DELETE /contacts/imports/{}",
    "POST /contacts/imports/{}/data",
    "DELETE /contacts/imports/{}/data",
    "POST /contacts/syncActions",
    "GET /accounts/exports",
    "POST /accounts/exports",
    "GET /accounts/exports/{}",
    "DELETE /accounts/exports/{}",
    "GET /accounts/fields",
    "GET /accounts/imports",
    "POST /accounts/imports",
    "GET /accounts/imports/{}",
    "DELETE /accounts/imports/{}",
    "POST /accounts/imports/{}/data",
    "GET /activities/exports",
    "POST /activities/exports",
    "GET /activities/exports/{}",
    "DELETE /activities/exports/{}",
    "POST /activities/imports",
    "POST /activities/imports/{}/data",
    "GET /customObjects",
    "GET /customObjects/{}/exports",
    "POST /customObjects/{}/exports",
    "GET /customObjects/{}/imports",
    "POST /customObjects/{}/imports",
    "POST /customObjects/{}/imports/{}/data",
    "GET /syncs",
    "POST /syncs",
    "GET /syncs/{}",
    "GET /syncs/{}/data",
    "DELETE /syncs/{}/data",
    "GET /syncs/{}/logs",
    "GET /syncs/{}/rejects",
};

/// The result of a call.
struct tour_outcome {
    eloqua::bulk::result<void> done;
    std::optional<std::size_t> items;    ///< number of items of a list
    std::optional<std::string> document; ///< the decoded document, encoded again
};
using tour_call = std::function<tour_outcome()>;
/// Called for each operation, such as "GET /contacts/exports/{}". It may make the call once,
/// several times or not at all; the tour uses the last result.
using tour_visitor = std::function<void(std::string const& line, tour_call const& call)>;
/// Waits until the sync that the tour starts has ended.
using tour_settle = std::function<void(eloqua::bulk::id sync)>;

/// The limits of the tour's requests for lists and rows: by default one item each.
struct tour_queries {
    eloqua::bulk::list_query lists;
    eloqua::bulk::rows_query rows;
    tour_queries() {
        lists.limit = 1;
        rows.limit = 1;
    }
};

/// Visits all 179 operations. The result of one call supplies the ids for later ones. If an object
/// could not be created, it is replaced and deleted by an id that does not exist, so that no other
/// object is touched.
void tour_operations(eloqua::bulk::client const& client, tour_visitor const& visit,
                     tour_settle const& settle, tour_queries const& queries = tour_queries());
