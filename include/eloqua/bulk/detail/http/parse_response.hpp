// SPDX-License-Identifier: BSL-1.0
/// \file
/// Reads the document of a response and checks that it does not contradict the request.
#pragma once

#include <eloqua/bulk/detail/codec/page.hpp>
#include <eloqua/bulk/detail/http/endpoint_call.hpp>
#include <eloqua/bulk/detail/text/ascii.hpp>
#include <eloqua/bulk/detail/text/shown.hpp>
#include <eloqua/bulk/document_json.hpp>
#include <eloqua/bulk/documents.hpp>
#include <eloqua/bulk/limits.hpp>
#include <eloqua/bulk/syncs.hpp>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <type_traits>
#include <utility>

namespace eloqua::bulk::detail {

/// The part of a uri below the base URL of the API, if it starts with one.
inline std::string_view below_base(std::string_view uri) {
    if (std::size_t const scheme = uri.find("://"); scheme != uri.npos)
        uri.remove_prefix(std::min(uri.size(), uri.find('/', scheme + 3)));
    constexpr std::string_view base = "/api/bulk/2.0";
    if (iequals(uri.substr(0, base.size()), base))
        uri.remove_prefix(base.size());
    return uri;
}

/// Whether a uri from the service is the one at a path, ignoring case. A text without a slash is
/// not a uri and matches.
inline bool names_path(std::string_view uri, std::string_view path) {
    return uri.find('/') == uri.npos || iequals(below_base(uri), below_base(path));
}
/// Whether a uri is that of an item in the collection at a path.
inline bool names_item_of(std::string_view uri, std::string_view path) {
    std::size_t const slash = uri.rfind('/');
    return slash == uri.npos || iequals(below_base(uri.substr(0, slash)), path);
}

/// As above, for lists that contain the items of all entities, such as "/exports".
inline bool names_item_below(std::string_view uri, std::string_view path) {
    std::size_t const slash = uri.rfind('/');
    if (slash == uri.npos)
        return true;
    std::string_view const list = below_base(uri.substr(0, slash));
    return list.size() >= path.size() && iequals(list.substr(list.size() - path.size()), path);
}

inline std::string_view without_query(std::string_view path) {
    return path.substr(0, path.find('?'));
}

/// The part of a list that a path's query requests.
inline asked_page page_asked_by(std::string_view path) {
    asked_page asked;
    asked.offset = 0;
    std::string_view rest = path.substr(std::min(path.size(), path.find('?')));
    while (!rest.empty()) {
        rest.remove_prefix(1);
        std::string_view const part = rest.substr(0, rest.find('&'));
        rest.remove_prefix(part.size());
        for (auto [name, into] :
             {std::pair<std::string_view, std::optional<std::int64_t>*>("offset=", &asked.offset),
              std::pair<std::string_view, std::optional<std::int64_t>*>("limit=", &asked.limit)}) {
            std::int64_t n = 0;
            char const* const end = part.data() + part.size();
            if (part.starts_with(name) &&
                std::from_chars(part.data() + name.size(), end, n).ec == std::errc())
                *into = n;
        }
    }
    return asked;
}

/// How many items the list at a path can have, according to its query.
inline std::int64_t items_asked_by(std::string_view path) {
    return page_asked_by(path).limit.value_or(limits::items_per_list);
}
template <class Answer>
inline constexpr bool is_list = false;
template <class T>
inline constexpr bool is_list<page<T>> = true;
/// The value of `endpoint_call::most_items` for a call with this response type.
template <class Answer>
std::int64_t most_items_of(std::string_view path) {
    return is_list<Answer> ? items_asked_by(path) : 0;
}

inline std::string answer_is_of(std::string_view what, std::string_view said,
                                std::string_view asked) {
    return "'" + std::string(what) + "' of the response is " + shown(said) + ", not " +
           std::string(asked) + ", which was requested";
}

/// Describes how a single document contradicts the request; empty if it does not.
template <class Document>
std::string contradiction_in(Document const& d, endpoint_call const& asked, bool) {
    std::string_view const path = without_query(asked.path);
    if constexpr (std::is_same_v<Document, sync>) {
        // The response to a push is the sync that was started.
        bool const pushed = asked.method == verb::post && path.ends_with("/data");
        std::string_view of;
        std::string named;
        if (pushed) {
            of = path.substr(0, path.rfind('/'));
        } else if (asked.method == verb::post) {
            if (result<sync_definition> const sent = parse_document<sync_definition>(asked.body))
                of = named = sent->syncedInstanceUri;
        }
        if (!of.empty() && !names_path(d.syncedInstanceUri, of))
            return answer_is_of("syncedInstanceUri", d.syncedInstanceUri, of);
        if (pushed)
            return d.uri && !names_item_of(*d.uri, "/syncs")
                       ? answer_is_of("uri", *d.uri, "that of a sync")
                       : std::string();
    }
    if constexpr (requires { d.uri->size(); }) {
        bool const made = asked.method == verb::post;
        if (d.uri && !(made ? names_item_of(*d.uri, path) : names_path(*d.uri, path)))
            return answer_is_of("uri", *d.uri, made ? std::string(path) + "/{id}" : path);
    }
    return {};
}

/// Items with a uri below the path of the list that contains them.
template <class T>
concept has_uri_of_list =
    requires(T const& item) { item.uri->size(); } &&
    (std::is_same_v<T, sync> || requires { T::named_in_list; } || requires { T::answered_in_part; });

/// As above, for a page of a list. `any_offset`: see `client_options::ignore_offset_echo`.
template <class T>
std::string contradiction_in(page<T> const& p, endpoint_call const& asked, bool any_offset) {
    asked_page wanted = page_asked_by(asked.path);
    if (any_offset)
        wanted.offset.reset();
    if (std::string wrong = wanted.contradicted_by(p.offset, p.limit); !wrong.empty())
        return wrong;
    std::int64_t const most = items_asked_by(asked.path);
    if (static_cast<std::int64_t>(p.items.size()) > most)
        return "the page has more than the " + std::to_string(most) + " items that were requested";
    if constexpr (has_uri_of_list<T>) {
        std::string_view const path = without_query(asked.path);
        for (T const& each : p.items)
            if (each.uri && !names_item_below(*each.uri, path))
                return answer_is_of("uri", *each.uri, std::string(path) + "/{id}");
    }
    if constexpr (requires(T const& item) { item.syncUri; }) {
        std::string_view path = without_query(asked.path);
        path = path.substr(0, path.rfind('/')); // the sync that the logs belong to
        for (T const& each : p.items)
            if (each.syncUri && !names_path(*each.syncUri, path))
                return answer_is_of("syncUri", *each.syncUri, path);
    }
    return {};
}

/// For a response that may be blank, such as that to a push.
template <class Answer>
struct document_in {
    using type = Answer;
    static constexpr bool may_be_blank = false;
};
template <class Document>
struct document_in<std::optional<Document>> {
    using type = Document;
    static constexpr bool may_be_blank = true;
};

/// The document of a response to a call; passes failures on. Error: `errc::malformed_response`.
template <class Answer>
[[nodiscard]] result<Answer> parse_response_as(result<response_body> const& got,
                                               endpoint_call const& asked) {
    if (!got)
        return got.error();
    if constexpr (!std::is_void_v<Answer>) {
        using document = typename document_in<Answer>::type;
        if constexpr (document_in<Answer>::may_be_blank)
            if (got->body.find_first_not_of(" \t\r\n") == std::string::npos)
                return Answer();
        result<document> read = parse_document<document>(got->body, got->document_bytes);
        std::string wrong;
        if (read)
            wrong = contradiction_in(*read, asked, got->any_offset);
        if (read && wrong.empty())
            return Answer(std::move(*read));
        failure why =
            read ? failure(errc::malformed_response, std::move(wrong),
                           "a proxy between this program and the service may mix up responses")
                 : read.error();
        return got->refused(std::move(why));
    } else {
        return {};
    }
}

/// The document of an endpoint's response to a call; passes failures on. If the document states a
/// uri, or a page its offset or limit, these must match the call; case is ignored. Error:
/// `errc::malformed_response`.
template <class Endpoint, class E = void>
[[nodiscard]] result<answer_t<Endpoint, E>> parse_response(result<response_body> const& got,
                                                           endpoint_call const& asked) {
    return detail::parse_response_as<answer_t<Endpoint, E>>(got, asked);
}

} // namespace eloqua::bulk::detail
