// SPDX-License-Identifier: BSL-1.0
/// \file
/// The service's responses in their known forms, with the documented texts of its statuses as
/// reason phrases.
#pragma once

#include <eloqua/bulk/document_json.hpp>
#include <eloqua/bulk/documents.hpp>
#include <eloqua/bulk/http.hpp>
#include <eloqua/bulk/simulator/detail/definition_checks.hpp>
#include <eloqua/bulk/time.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace eloqua::bulk::simulation {

namespace reasons {
inline constexpr std::string_view parsing_error = "There was a parsing error.";
inline constexpr std::string_view bad_request = "Bad Request";
inline constexpr std::string_view serialization_error = "There was a serialization error.";
inline constexpr std::string_view validation_error = "There was a validation error.";
inline constexpr std::string_view login_required = "Login required";
inline constexpr std::string_view not_enabled = "This service has not been enabled for your site.";
inline constexpr std::string_view not_found = "The requested resource was not found.";
inline constexpr std::string_view gone = "The requested resource is no longer available.";
inline constexpr std::string_view storage_exceeded = "Storage space exceeded.";
} // namespace reasons

/// The documented text of a status, for responses without a text of their own; if there are
/// several, the first. Empty for an undocumented status.
constexpr std::string_view documented_reason(int status) {
    constexpr std::pair<int, std::string_view> texts[] = {
        {200, "OK"},
        {201, "Success"},
        {204, "Success"},
        {301, reasons::login_required},
        {304, "Not Modified"},
        {400, reasons::validation_error},
        {401, reasons::login_required},
        {403, "Forbidden"},
        {404, reasons::not_found},
        {409, "There was a conflict."},
        {410, reasons::gone},
        {412, "The resource you are attempting to delete has dependencies, and cannot be deleted"},
        {413, reasons::storage_exceeded},
        {429, "Too Many Requests"},
        {500, "The service has encountered an error."},
        {502, "Bad Gateway"},
        {503, "Service Unavailable"},
    };
    for (auto const& [documented, text] : texts)
        if (documented == status)
            return text;
    return {};
}

/// Whether a JSON string must escape it.
inline constexpr auto is_special_in_json = [](char c) -> bool {
    return (static_cast<unsigned char>(c) < 0x20) | (c == '"') | (c == '\\');
};

/// Whether `text` has a character that `special` recognizes.
template <class Special>
bool has_special(std::string_view text, Special special) {
    unsigned char any = 0; // g++ 12 does not vectorise the loop for a bool
    for (char const c : text)
        any = static_cast<unsigned char>(any | (special(c) ? 1 : 0));
    return any != 0;
}

/// Appends text escaped for a JSON string.
inline void append_escaped(std::string& out, std::string_view text) {
    if (!has_special(text, is_special_in_json)) {
        out += text;
        return;
    }
    std::size_t from = 0;
    for (std::size_t i = 0; i != text.size(); ++i) {
        auto const c = static_cast<unsigned char>(text[i]);
        if (!is_special_in_json(text[i]))
            continue;
        out.append(text.data() + from, i - from);
        from = i + 1;
        out += '\\';
        switch (c) {
        case '"':
        case '\\':
            out += text[i];
            break;
        case '\n':
            out += 'n';
            break;
        case '\r':
            out += 'r';
            break;
        case '\t':
            out += 't';
            break;
        default:
            out += "u00";
            out += "0123456789abcdef"[c >> 4];
            out += "0123456789abcdef"[c & 15];
        }
    }
    out.append(text.data() + from, text.size() - from);
}

/// Appends a JSON string.
inline void append_json(std::string& out, std::string_view text) {
    out += '"';
    append_escaped(out, text);
    out += '"';
}

inline response plain_text(int status, std::string text) {
    return response(status, std::move(text), "text/plain; charset=utf-8");
}

/// A response with a documented text as reason phrase and body.
inline response documented(int status, std::string_view text) {
    response answer = plain_text(status, std::string(text));
    answer.reason = text;
    return answer;
}

inline response json_answer(int status, std::string body) {
    return response(status, std::move(body), "application/json; charset=utf-8");
}

template <class Document>
response document_answer(int status, Document const& d) {
    return json_answer(status, write_document(d));
}

/// 400 with the errors of each member.
inline response refusal(failures const& found) {
    std::string body = "{\"failures\":[";
    for (validation_failure const& each : found) {
        body += body.back() == '[' ? "{\"field\":" : ",{\"field\":";
        append_json(body, each.field);
        if (!each.value.empty())
            body += ",\"value\":" + each.value;
        body += ",\"constraint\":";
        append_json(body, each.constraint);
        body += '}';
    }
    return json_answer(400, body + "]}");
}

inline response refusal(std::string field, std::string_view value, std::string constraint) {
    std::string text;
    append_json(text, value);
    return refusal({{std::move(field), std::move(text), std::move(constraint)}});
}

/// 400 for a path parameter that is not an id.
inline response no_id(std::string_view parameter, std::string_view value) {
    std::string body = "{\"type\":\"EndpointParameterError\",\"parameter\":";
    append_json(body, parameter);
    body += ",\"requirement\":{\"type\":\"IdRequirement\",\"isRelativeAllowed\":false},\"value\":";
    append_json(body, value);
    return json_answer(400, body + '}');
}

/// 400 for a request that is valid HTTP but not accepted by the service.
inline response bad_request(std::string text) {
    response answer = plain_text(400, std::string(text));
    answer.reason = reasons::bad_request;
    return answer;
}

/// The value of WWW-Authenticate in a 401.
inline constexpr std::string_view basic_challenge = "Basic realm=\"Eloqua\"";

inline response login_required() {
    response answer = documented(401, reasons::login_required);
    answer.fields.set("WWW-Authenticate", std::string(basic_challenge));
    return answer;
}

inline response not_found() {
    return documented(404, reasons::not_found);
}

/// The methods that a resource allows.
class allowed_methods {
public:
    /// GET includes HEAD.
    void add(verb v) {
        bits_ |= bit(v);
        if (v == verb::get)
            bits_ |= bit(verb::head);
    }
    bool any() const { return bits_ != 0; }
    /// A 405 that lists them.
    response refusal() const {
        std::string names;
        for (verb const each : {verb::get, verb::head, verb::post, verb::put, verb::delete_})
            if ((bits_ & bit(each)) != 0)
                names.append(names.empty() ? "" : ", ").append(to_string(each));
        response answer = plain_text(405, "The method is not allowed here.");
        answer.fields.set("Allow", names);
        return answer;
    }

private:
    static constexpr unsigned bit(verb v) { return 1u << static_cast<unsigned>(v); }

    unsigned bits_ = 0;
};

/// "Sun, 06 Nov 1994 08:49:37 GMT", the date format of RFC 9110 (5.6.7), for years 0 to 9999.
inline std::string http_date(timestamp t) {
    using namespace std::chrono;
    static constexpr std::array<std::string_view, 7> names{"Sun", "Mon", "Tue", "Wed",
                                                           "Thu", "Fri", "Sat"};
    static constexpr std::array<std::string_view, 12> months{
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    auto const whole = floor<seconds>(t);
    auto const day = floor<days>(whole);
    year_month_day const date(day);
    hh_mm_ss const time(whole - day);
    std::string out(names[weekday(day).c_encoding()]);
    auto const add = [&out](std::string_view before, std::int64_t number, std::size_t width) {
        out += before;
        detail::append_padded(out, number, width);
    };
    add(", ", unsigned(date.day()), 2);
    out.append(" ").append(months[unsigned(date.month()) - 1]);
    add(" ", int(date.year()), 4);
    add(" ", time.hours().count(), 2);
    add(":", time.minutes().count(), 2);
    add(":", time.seconds().count(), 2);
    return out += " GMT";
}

} // namespace eloqua::bulk::simulation
