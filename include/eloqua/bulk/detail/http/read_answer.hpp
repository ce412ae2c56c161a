// SPDX-License-Identifier: BSL-1.0
/// \file
/// The document of an answer, if it says nothing of itself that contradicts the request.
#pragma once

#include <eloqua/bulk/detail/codec/page.hpp>
#include <eloqua/bulk/detail/http/call.hpp>
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

/// A uri of the service below the base of the API, which it may begin with.
inline std::string_view below_base(std::string_view uri) {
    if (std::size_t const scheme = uri.find("://"); scheme != uri.npos)
        uri.remove_prefix(std::min(uri.size(), uri.find('/', scheme + 3)));
    constexpr std::string_view base = "/api/bulk/2.0";
    if (iequals(uri.substr(0, base.size()), base))
        uri.remove_prefix(base.size());
    return uri;
}

/// Whether a uri that the service gives is that of a path, in any letter case. A text without a
/// slash is not a uri, and says nothing.
inline bool names_path(std::string_view uri, std::string_view path) {
    return uri.find('/') == uri.npos || iequals(below_base(uri), below_base(path));
}
/// Whether it is that of something in the collection at a path.
inline bool names_item_of(std::string_view uri, std::string_view path) {
    std::size_t const slash = uri.rfind('/');
    return slash == uri.npos || iequals(below_base(uri.substr(0, slash)), path);
}

/// As above, where the list at a path has the things of all entities, as "/exports" has.
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

/// What of a list the query of a path asks for.
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

/// How many items the list at a path can have, by its query.
inline std::int64_t items_asked_by(std::string_view path) {
    return page_asked_by(path).limit.value_or(limits::items_per_list);
}
template <class Answer>
inline constexpr bool is_list = false;
template <class T>
inline constexpr bool is_list<page<T>> = true;
/// `call::most_items` of a call that is answered so.
template <class Answer>
std::int64_t most_items_of(std::string_view path) {
    return is_list<Answer> ? items_asked_by(path) : 0;
}

inline std::string answer_is_of(std::string_view what, std::string_view said,
                                std::string_view asked) {
    return "'" + std::string(what) + "' of the answer is " + shown(said) + ", not " +
           std::string(asked) + ", which was asked for";
}

/// What contradicts the request in a document of its own; empty if nothing does.
template <class Document>
std::string contradiction_in(Document const& d, endpoint_call const& asked, bool) {
    std::string_view const path = without_query(asked.path);
    if constexpr (std::is_same_v<Document, sync>) {
        // Pushes answer with the sync that they have started.
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

/// What is in a list of its own kind, below whose path it has its uri.
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
        return "the page has more than the " + std::to_string(most) + " items that were asked for";
    if constexpr (has_uri_of_list<T>) {
        std::string_view const path = without_query(asked.path);
        for (T const& each : p.items)
            if (each.uri && !names_item_below(*each.uri, path))
                return answer_is_of("uri", *each.uri, std::string(path) + "/{id}");
    }
    if constexpr (requires(T const& item) { item.syncUri; }) {
        std::string_view path = without_query(asked.path);
        path = path.substr(0, path.rfind('/')); // the sync whose logs they are
        for (T const& each : p.items)
            if (each.syncUri && !names_path(*each.syncUri, path))
                return answer_is_of("syncUri", *each.syncUri, path);
    }
    return {};
}

/// Of an answer that may be blank, as that to a push.
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

/// The document of an answer to a call; failures are passed on. Error: `errc::malformed_response`.
template <class Answer>
[[nodiscard]] result<Answer> read_answer_as(result<response_body> const& got,
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
        failure why = read ? failure(errc::malformed_response, std::move(wrong),
                                     "something between here and the service may mix up answers")
                           : read.error();
        return got->refused(std::move(why));
    } else {
        return {};
    }
}

/// The document of an endpoint's answer to a call; failures are passed on. Where the document names
/// a uri, or a page its offset or limit, they agree with the call; letter case does not matter.
/// Error: `errc::malformed_response`.
template <class Endpoint, class E = void>
[[nodiscard]] result<answer_t<Endpoint, E>> read_answer(result<response_body> const& got,
                                                        endpoint_call const& asked) {
    return detail::read_answer_as<answer_t<Endpoint, E>>(got, asked);
}

} // namespace eloqua::bulk::detail
