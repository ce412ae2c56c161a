// SPDX-License-Identifier: BSL-1.0
/// \file
/// A request's head as HTTP/1.1 writes it.
#pragma once

#include <eloqua/bulk/error.hpp>
#include <eloqua/bulk/wire/http.hpp>

#include <algorithm>
#include <string>
#include <string_view>

namespace eloqua::bulk::detail {

inline bool is_field_name(std::string_view name) {
    auto token = [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
               std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
    };
    return !name.empty() && std::all_of(name.begin(), name.end(), token);
}

inline bool has_control(std::string_view text) {
    return std::any_of(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f;
    });
}

/// Appends request line and fields, with Host and Content-Length. `errc::invalid_argument`, and
/// nothing that may be sent, for what would not be one request: control characters, a target with
/// spaces, a field that is the transport's to write.
inline error_code write_head(request const& q, std::string_view user_agent, std::string& text) {
    error_code const refused = make_error_code(errc::invalid_argument);
    if (!q.target.starts_with('/') || q.target.find_first_of(" \t") != std::string::npos ||
        has_control(q.target) || has_control(q.to.host) || has_control(user_agent))
        return refused;
    auto add = [&text](std::string_view name, std::string_view value) {
        text.append(name).append(": ").append(value).append("\r\n");
    };
    text.append(to_string(q.method)).append(" ").append(q.target).append(" HTTP/1.1\r\n");
    add("Host", q.to.authority());
    for (auto const& [name, value] : q.fields) {
        if (!is_field_name(name) || has_control(value))
            return refused;
        for (std::string_view own : {"Host", "Content-Length", "Transfer-Encoding", "Connection"})
            if (iequals(name, own))
                return refused;
        add(name, value);
    }
    if (!user_agent.empty() && !q.fields.find("User-Agent"))
        add("User-Agent", user_agent);
    if (!q.body.empty() || q.method == verb::post || q.method == verb::put)
        add("Content-Length", std::to_string(q.body.size()));
    text.append("\r\n");
    return error_code();
}

} // namespace eloqua::bulk::detail
