// SPDX-License-Identifier: BSL-1.0
/// \file
/// What the service says when it refuses: six shapes of bodies, from a list of failures to nothing;
/// and what to do about it.
#pragma once

#include <eloqua/bulk/error.hpp>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace eloqua::bulk {

/// What of an error body the client acts on.
struct error_body {
    std::vector<validation_failure> failures;
    std::string text;                  ///< in the service's words, at most 300 bytes
    std::optional<int> error_severity; ///< 0 with the words "permanent error" is final
    bool permanent = false;
};

namespace detail {

inline std::string json_text(boost::json::object const& object, std::string_view key) {
    boost::json::value const* const found = object.if_contains(key);
    if (!found)
        return {};
    return found->is_string() ? std::string(std::string_view(found->get_string()))
                              : boost::json::serialize(*found);
}

/// Shortened at a character's begin, control characters made blanks.
inline std::string shorten(std::string_view text) {
    constexpr std::size_t longest = 300;
    std::size_t end = std::min(text.size(), longest);
    while (end != 0 && end != text.size() && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80)
        --end;
    std::string out(text.substr(0, end));
    for (char& c : out)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
            c = ' ';
    return end == text.size() ? out : out + "...";
}

/// An entry of the Application API's style, or a bad path parameter.
inline validation_failure requirement_failure(boost::json::object const& o) {
    validation_failure f;
    f.field = shorten(json_text(o, o.contains("parameter") ? "parameter" : "property"));
    f.value = shorten(json_text(o, "value"));
    if (auto const* r = o.if_contains("requirement"); r && r->is_object())
        f.constraint = shorten(json_text(r->get_object(), "type"));
    if (f.constraint.empty())
        f.constraint = shorten(json_text(o, "type"));
    return f;
}

/// Replaces each occurrence of a secret by "***".
inline void hide(std::string& text, std::string_view secret) {
    if (secret.empty())
        return;
    for (std::size_t at = text.find(secret); at != text.npos; at = text.find(secret, at + 3))
        text.replace(at, secret.size(), "***");
}

/// The same with what follows the scheme of an Authorization header, and with further secrets.
inline void hide(std::string& text, std::string_view authorization,
                 std::span<std::string const> secrets) {
    hide(text, authorization.substr(authorization.find(' ') + 1));
    for (std::string const& each : secrets)
        hide(text, each);
}

/// What to do about a status; empty if that depends.
inline std::string advice_for(int status) {
    switch (status) {
    case 301:
    case 302:
        return "redirects are not followed, lest credentials go astray; check the base URL";
    case 401:
        return "check company, user and password, and that the user may use the API";
    case 403:
        return "the user lacks the permission, or the service is not enabled";
    case 410:
        return "the data has expired; run a new sync";
    case 413:
        return "the staging area is full; delete staged data or sync it";
    case 429:
        return "too many requests; try later";
    case 500:
    case 502:
    case 503:
    case 504:
        return "try later";
    default:
        return {};
    }
}

} // namespace detail

/// Reads an error body of any shape; never fails.
[[nodiscard]] inline error_body read_error_body(std::string_view body) {
    error_body out;
    boost::system::error_code ec;
    boost::json::value const v = boost::json::parse(body, ec);
    if (ec) {
        out.text = detail::shorten(body);
        return out;
    }
    if (v.is_array())
        for (boost::json::value const& each : v.get_array())
            if (each.is_object())
                out.failures.push_back(detail::requirement_failure(each.get_object()));
    if (v.is_object()) {
        boost::json::object const& o = v.get_object();
        if (auto const* list = o.if_contains("failures"); list && list->is_array()) {
            for (boost::json::value const& each : list->get_array())
                if (each.is_object()) {
                    auto const& entry = each.get_object();
                    out.failures.push_back(validation_failure{
                        detail::shorten(detail::json_text(entry, "field")),
                        detail::shorten(detail::json_text(entry, "value")),
                        detail::shorten(detail::json_text(entry, "constraint"))});
                }
        } else if (o.contains("requirement")) {
            out.failures.push_back(detail::requirement_failure(o));
        }
        if (auto const* severity = o.if_contains("errorSeverity"); severity) {
            int const number = severity->to_number<int>(ec);
            if (!ec)
                out.error_severity = number;
        }
        out.text = detail::json_text(o, "error");
        if (o.contains("error_description"))
            out.text += ": " + detail::json_text(o, "error_description");
        out.text = detail::shorten(out.text);
        out.permanent = out.text.find("permanent error") != out.text.npos;
    }
    if (v.is_string())
        out.text = detail::shorten(std::string_view(v.get_string()));
    if (out.text.empty() && out.failures.empty())
        out.text = detail::shorten(body);
    return out;
}

} // namespace eloqua::bulk
