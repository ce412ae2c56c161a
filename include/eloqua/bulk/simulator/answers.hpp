// SPDX-License-Identifier: BSL-1.0
/// \file
/// Answers of the service in the shapes it is known to use.
#pragma once

#include <eloqua/bulk/codec/json.hpp>
#include <eloqua/bulk/simulator/definition_rules.hpp>
#include <eloqua/bulk/simulator/pages.hpp>
#include <eloqua/bulk/wire/http.hpp>

#include <string>
#include <string_view>
#include <utility>

namespace eloqua::bulk::simulation {

inline response plain_text(int status, std::string text) {
    return response(status, std::move(text), "text/plain; charset=utf-8");
}

inline response json_answer(int status, std::string body) {
    return response(status, std::move(body), "application/json; charset=utf-8");
}

template <class Document>
response document_answer(int status, Document const& d) {
    return json_answer(status, write_document(d));
}

/// 400 with what is wrong, member by member.
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

inline response login_required() {
    return plain_text(401, "Login required");
}

inline response not_found() {
    return plain_text(404, "The requested resource was not found.");
}

} // namespace eloqua::bulk::simulation
