// SPDX-License-Identifier: BSL-1.0
/// \file
/// Reads the service's error responses: bodies of six forms, from a list of failures to an empty
/// one; and what to do about them. Classifies errors of requests without a response.
#pragma once

#include <eloqua/bulk/detail/http/endpoint_call.hpp>
#include <eloqua/bulk/detail/http/retry.hpp>
#include <eloqua/bulk/detail/http/secrets.hpp>
#include <eloqua/bulk/error.hpp>
#include <eloqua/bulk/transport_options.hpp>
#include <eloqua/bulk/utf8.hpp>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace eloqua::bulk::detail {

/// The parts of an error body that the client uses.
struct error_body {
    std::vector<validation_failure> failures;
    std::string text;                  ///< the service's words, at most 300 bytes
    std::optional<int> error_severity; ///< 0 with the words "permanent error" is final
    bool permanent = false;
};

inline std::string json_text(boost::json::object const& object, std::string_view key) {
    boost::json::value const* const found = object.if_contains(key);
    if (!found)
        return {};
    return found->is_string() ? std::string(std::string_view(found->get_string()))
                              : boost::json::serialize(*found);
}

/// An entry in the style of the Application API, or a bad path parameter.
inline validation_failure requirement_failure(boost::json::object const& o, secrets const& hidden) {
    validation_failure f;
    f.field = hidden.shown(json_text(o, o.contains("parameter") ? "parameter" : "property"));
    f.value = hidden.shown(json_text(o, "value"));
    if (auto const* r = o.if_contains("requirement"); r && r->is_object())
        f.constraint = hidden.shown(json_text(r->get_object(), "type"));
    if (f.constraint.empty())
        f.constraint = hidden.shown(json_text(o, "type"));
    return f;
}

/// Advice for a status; empty if it depends.
inline std::string advice_for(int status) {
    if (is_redirect(status))
        return "redirects are not followed, to protect the credentials; check base_url and "
               "login_url";
    constexpr std::pair<int, char const*> advice[] = {
        {401, "check company, user and password, and that the user may use the API"},
        {403, "the user lacks a permission for this request, or the Bulk API is not enabled"},
        {410, "the data has expired; run a new sync"},
        {413, "the staging area is full; delete staged data or sync it"},
        {429, "too many requests; try later"},
        {500, "try later"},
        {502, "try later"},
        {503, "try later"},
        {504, "try later"},
    };
    for (auto const& [of, what] : advice)
        if (of == status)
            return what;
    return {};
}

/// Reads an error body of any form; never fails. Texts are shortened to one line each, and the
/// hidden secrets are removed.
[[nodiscard]] inline error_body read_error_body(std::string_view body,
                                                secrets const& hidden = detail::secrets()) {
    using detail::json_text;
    constexpr std::size_t most_failures = 20;
    error_body out;
    boost::system::error_code ec;
    boost::json::value const v = boost::json::parse(detail::without_byte_order_mark(body), ec);
    if (ec) {
        out.text = hidden.shown(body);
        return out;
    }
    std::size_t more = 0;
    auto const add = [&](validation_failure f) {
        if (out.failures.size() != most_failures)
            out.failures.push_back(std::move(f));
        else
            ++more;
    };
    if (v.is_array())
        for (boost::json::value const& each : v.get_array())
            if (each.is_object())
                add(detail::requirement_failure(each.get_object(), hidden));
    if (v.is_object()) {
        boost::json::object const& o = v.get_object();
        if (auto const* list = o.if_contains("failures"); list && list->is_array()) {
            for (boost::json::value const& each : list->get_array())
                if (each.is_object()) {
                    auto const& entry = each.get_object();
                    add(validation_failure{hidden.shown(json_text(entry, "field")),
                                           hidden.shown(json_text(entry, "value")),
                                           hidden.shown(json_text(entry, "constraint"))});
                }
        } else if (o.contains("requirement")) {
            add(detail::requirement_failure(o, hidden));
        }
        if (auto const* severity = o.if_contains("errorSeverity"); severity) {
            int const number = severity->to_number<int>(ec);
            if (!ec)
                out.error_severity = number;
        }
        out.text = json_text(o, "error");
        if (o.contains("error_description"))
            out.text += ": " + json_text(o, "error_description");
        out.permanent = out.text.find("permanent error") != out.text.npos;
        out.text = hidden.shown(out.text);
    }
    if (more != 0)
        out.failures.push_back(
            validation_failure{"and " + std::to_string(more) + " more", {}, "not shown"});
    if (v.is_string())
        out.text = hidden.shown(std::string_view(v.get_string()));
    if (out.text.empty() && out.failures.empty())
        out.text = hidden.shown(body);
    return out;
}

/// Implements `response_body::refused`.
inline failure complete_failure(response_body const& of, failure why) {
    secrets const hidden(of.authorization);
    why.info.request = of.line;
    why.info.attempts = of.attempts;
    why.info.detail = hidden.shown(why.info.detail, 2 * shown_bytes);
    if (of.values == row_values::shown) // a list of rejects contains values
        why.info.server = hidden.shown(of.body);
    return why;
}

/// The service's words: the body, and the reason phrase unless the body already has it. A page of
/// HTML may lack it.
inline std::string with_reason(std::string said, std::string reason) {
    if (said.empty())
        return reason;
    if (said.starts_with('<') && said.find(reason) == std::string::npos)
        said.insert(0, reason + ' ');
    return said;
}

/// Only the named error of a body that may contain secrets such as tokens; no other text.
inline error_body read_error_beside_secrets(std::string_view body, secrets hidden) {
    boost::system::error_code ec;
    boost::json::value const v = boost::json::parse(without_byte_order_mark(body), ec);
    if (ec || !v.is_object())
        return {};
    boost::json::object named;
    for (auto const& [key, value] : v.get_object()) {
        bool const words = key == "error" || key == "error_description";
        if ((words && value.is_string()) || key == "failures" || key == "errorSeverity")
            named[key] = value;
        else if (value.is_string() && key != "token_type" && key != "scope")
            hidden.add(std::string_view(value.get_string()));
    }
    error_body out = read_error_body(boost::json::serialize(named), hidden);
    if (json_text(named, "error").empty() && !named.contains("error_description"))
        out.text.clear(); // otherwise it is the only text
    for (validation_failure& each : out.failures)
        each.value.clear();
    return out;
}

/// Whether a failed call may nevertheless have been carried out: true unless the service refused it
/// or it was never sent.
inline bool may_have_run(failure const& f) {
    return f.code.category() != http_category() && !f.info.unsent &&
           f.code != make_error_code(errc::not_authenticated) &&
           f.code != make_error_code(errc::untrusted_host);
}
/// Whether a request that starts a sync may have started it, or found one running.
inline bool may_have_started(failure const& f) {
    return may_have_run(f) || f.info.status >= 500 || f.info.status == 408 || f.info.status == 409;
}

} // namespace eloqua::bulk::detail
