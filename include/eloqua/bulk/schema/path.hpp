// SPDX-License-Identifier: BSL-1.0
/// \file
/// Path templates that know their parameters at compile time.
#pragma once

#include <eloqua/bulk/error.hpp>
#include <eloqua/bulk/schema/fixed_string.hpp>
#include <eloqua/bulk/schema/shown.hpp>

#include <algorithm>
#include <charconv>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace eloqua::bulk {

/// An id of the service: a positive integer.
using id = std::int64_t;

/// The id at the end of a resource's `uri`, such as 1444 of "/syncs/1444".
/// Error: `errc::malformed_response` if there is none, or the text, which comes from the service,
/// is not one of printable ASCII without blanks.
[[nodiscard]] inline result<id> id_of(std::string_view uri) {
    std::string_view const last = uri.substr(uri.rfind('/') + 1);
    id value = 0;
    auto [end, ec] = std::from_chars(last.data(), last.data() + last.size(), value);
    constexpr std::size_t longest = 1000;
    bool const plain = uri.size() <= longest &&
                       std::ranges::all_of(uri, [](char c) { return c > ' ' && c <= '~'; });
    if (uri.empty() || uri.front() != '/' || last.empty() || ec != std::errc() ||
        end != last.data() + last.size() || value <= 0 || !plain)
        return failure(errc::malformed_response,
                       "'" + detail::shown(uri) + "' is not a uri of a resource");
    return value;
}

namespace detail {

consteval bool is_path_template(std::string_view text) {
    if (text.empty())
        return true; // the root of a collection
    if (text.front() != '/' || text.back() == '/')
        return false;
    char previous = 0;
    bool inside = false;
    for (char c : text) {
        if (c == '{') {
            if (inside || previous != '/')
                return false;
            inside = true;
        } else if (c == '}') {
            if (!inside || previous == '{')
                return false;
            inside = false;
        } else if (c == '/') {
            if (inside || previous == '/')
                return false;
        } else if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) ||
                   (previous == '}' && !inside)) {
            return false;
        }
        previous = c;
    }
    return !inside;
}

/// Whether a text is segments of letters, digits, '-' and '_', each after one '/', or empty.
constexpr bool is_plain_path(std::string_view text) {
    char previous = 'x';
    for (char const c : text) {
        bool const plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                           (c >= '0' && c <= '9') || c == '-' || c == '_';
        if (!plain && (c != '/' || previous == '/'))
            return false;
        previous = c;
    }
    return previous != '/' && (text.empty() || text.front() == '/');
}

constexpr std::size_t count_parameters(std::string_view text) {
    std::size_t n = 0;
    for (char c : text)
        n += c == '{';
    return n;
}

} // namespace detail

/// A path template such as `path<"/syncs/{id}/data">`, checked when it is compiled.
template <fixed_string Text>
struct path {
    static_assert(detail::is_path_template(Text.view()),
                  "a path template is segments of letters or {parameters}, each after one '/'");
    static constexpr std::string_view text = Text.view();
    static constexpr std::size_t parameters = detail::count_parameters(Text.view());

    /// The path with its parameters filled in. A wrong number of them does not compile.
    /// Error: `errc::invalid_argument` for an id that is not positive; nothing else could ever
    /// reach a path, since ids are the only parameters.
    template <std::same_as<id>... Ids>
        requires(sizeof...(Ids) == parameters)
    [[nodiscard]] static result<std::string> expand(Ids... ids) {
        if constexpr (parameters == 0) {
            return std::string(text);
        } else {
            id const values[] = {ids...};
            std::string out;
            std::size_t next = 0;
            for (std::size_t i = 0; i != text.size(); ++i) {
                if (text[i] != '{') {
                    out += text[i];
                    continue;
                }
                std::size_t const close = text.find('}', i);
                id const value = values[next++];
                if (value <= 0)
                    return failure(errc::invalid_argument,
                                   "'" + std::string(text.substr(i + 1, close - i - 1)) + "' of " +
                                       std::string(text) + " is " + std::to_string(value) +
                                       "; ids are positive");
                out += std::to_string(value);
                i = close;
            }
            return out;
        }
    }
};

} // namespace eloqua::bulk
