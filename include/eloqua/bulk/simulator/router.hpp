// SPDX-License-Identifier: BSL-1.0
/// \file
/// From the target of a request to an endpoint of the table.
#pragma once

#include <eloqua/bulk/schema/endpoints.hpp>
#include <eloqua/bulk/wire/http.hpp>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace eloqua::bulk::simulation {

/// Undoes percent-encoding; what is not properly encoded stays as it is.
inline std::string percent_decoded(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i != text.size(); ++i) {
        unsigned code = 0;
        if (text[i] == '%' && i + 2 < text.size()) {
            auto const end = text.data() + i + 3;
            auto const read = std::from_chars(text.data() + i + 1, end, code, 16);
            if (read.ec == std::errc() && read.ptr == end) {
                out += static_cast<char>(code);
                i += 2;
                continue;
            }
        }
        out += text[i];
    }
    return out;
}

/// A request's target taken apart. Doubled slashes and a bare '?' mean nothing.
struct request_target {
    std::vector<std::string> path;
    std::vector<std::pair<std::string, std::string>> query;

    explicit request_target(std::string_view target) {
        std::size_t const mark = target.find('?');
        for_each_part(target.substr(0, mark), '/',
                      [&](std::string_view part) { path.push_back(percent_decoded(part)); });
        if (mark == target.npos)
            return;
        for_each_part(target.substr(mark + 1), '&', [&](std::string_view part) {
            std::size_t const equals = part.find('=');
            std::string value(equals == part.npos ? "" : part.substr(equals + 1));
            for (char& c : value)
                if (c == '+')
                    c = ' ';
            query.emplace_back(percent_decoded(part.substr(0, equals)), percent_decoded(value));
        });
    }
    std::optional<std::string_view> parameter(std::string_view name) const {
        for (auto const& each : query)
            if (iequals(each.first, name))
                return each.second;
        return std::nullopt;
    }

private:
    template <class F>
    static void for_each_part(std::string_view text, char separator, F f) {
        while (!text.empty()) {
            std::size_t const end = std::min(text.find(separator), text.size());
            if (end != 0)
                f(text.substr(0, end));
            text.remove_prefix(std::min(end + 1, text.size()));
        }
    }
};

/// Whether the segments from `from` to `to` fit a path template in any letter case; the one in
/// place of a parameter goes to `id`.
inline bool fits(std::string_view path_template, std::vector<std::string> const& path,
                 std::size_t from, std::size_t to, std::string_view& id) {
    while (!path_template.empty()) {
        path_template.remove_prefix(1); // the slash
        std::size_t const end = std::min(path_template.find('/'), path_template.size());
        std::string_view const wanted = path_template.substr(0, end);
        if (from == to)
            return false;
        if (wanted.front() == '{')
            id = path[from];
        else if (!iequals(wanted, path[from]))
            return false;
        path_template.remove_prefix(end);
        ++from;
    }
    return from == to;
}

/// "parentId" of "/customObjects/{parentId}".
constexpr std::string_view parameter_of(std::string_view path_template) {
    std::size_t const open = path_template.find('{');
    return open == path_template.npos
               ? std::string_view()
               : path_template.substr(open + 1, path_template.find('}') - open - 1);
}

/// A positive integer, or nothing.
inline std::optional<std::int64_t> parse_id(std::string_view text) {
    std::int64_t value = 0;
    auto const end = text.data() + text.size();
    auto const read = std::from_chars(text.data(), end, value);
    if (read.ec != std::errc() || read.ptr != end || value <= 0)
        return std::nullopt;
    return value;
}

} // namespace eloqua::bulk::simulation
