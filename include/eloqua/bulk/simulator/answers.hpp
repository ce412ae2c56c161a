// SPDX-License-Identifier: BSL-1.0
/// \file
/// Answers of the service in the shapes it is known to use.
#pragma once

#include <eloqua/bulk/codec/json.hpp>
#include <eloqua/bulk/simulator/definition_rules.hpp>
#include <eloqua/bulk/simulator/pages.hpp>
#include <eloqua/bulk/simulator/reasons.hpp>
#include <eloqua/bulk/wire/http.hpp>

#include <string>
#include <string_view>
#include <utility>

namespace eloqua::bulk::simulation {

inline response plain_text(int status, std::string text) {
    return response(status, std::move(text), "text/plain; charset=utf-8");
}

/// One of the service's documented texts, as reason phrase and as body.
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

/// 400 for a request that HTTP allows but the service does not.
inline response bad_request(std::string text) {
    response answer = plain_text(400, std::string(text));
    answer.reason = reasons::bad_request;
    return answer;
}

/// What a 401 names as the way to authenticate.
inline constexpr std::string_view basic_challenge = "Basic realm=\"Eloqua\"";

inline response login_required() {
    response answer = documented(401, reasons::login_required);
    answer.fields.set("WWW-Authenticate", std::string(basic_challenge));
    return answer;
}

inline response not_found() {
    return documented(404, reasons::not_found);
}

/// The methods of a resource.
class allowed_methods {
public:
    /// HEAD comes with GET.
    void add(verb v) {
        bits_ |= bit(v);
        if (v == verb::get)
            bits_ |= bit(verb::head);
    }
    bool any() const { return bits_ != 0; }
    /// 405 that names them.
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

} // namespace eloqua::bulk::simulation
