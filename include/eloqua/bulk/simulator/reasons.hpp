// SPDX-License-Identifier: BSL-1.0
/// \file
/// The texts that the service documents for its statuses: they are the reason phrases of its
/// answers.
#pragma once

#include <string_view>

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

/// The text of a status, where an answer has none of its own; the first one of several. Empty for a
/// status that is not documented.
constexpr std::string_view documented_reason(int status) {
    switch (status) {
    case 200:
        return "OK";
    case 201:
    case 204:
        return "Success";
    case 301:
        return reasons::login_required;
    case 304:
        return "Not Modified";
    case 400:
        return reasons::validation_error;
    case 401:
        return reasons::login_required;
    case 403:
        return "Forbidden";
    case 404:
        return reasons::not_found;
    case 409:
        return "There was a conflict.";
    case 410:
        return reasons::gone;
    case 412:
        return "The resource you are attempting to delete has dependencies, and cannot be deleted";
    case 413:
        return reasons::storage_exceeded;
    case 429:
        return "Too Many Requests";
    case 500:
        return "The service has encountered an error.";
    case 502:
        return "Bad Gateway";
    case 503:
        return "Service Unavailable";
    default:
        return {};
    }
}

} // namespace eloqua::bulk::simulation
