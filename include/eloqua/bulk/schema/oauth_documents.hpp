// SPDX-License-Identifier: BSL-1.0
/// \file
/// The documents of the login service's token endpoint (RFC 6749). Members are spelled as on the
/// wire.
#pragma once

#include <boost/describe/class.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace eloqua::bulk {

/// What is traded for tokens: as a form or as JSON. Which members are set depends on the grant.
struct token_request {
    std::string grant_type; ///< "authorization_code", "refresh_token" or "password"
    std::optional<std::string> code;
    std::optional<std::string> refresh_token;
    std::optional<std::string> username; ///< company (site) name, backslash, user name
    std::optional<std::string> password;
    std::optional<std::string> redirect_uri;
    std::optional<std::string> scope;
};
BOOST_DESCRIBE_STRUCT(token_request, (),
                      (grant_type, code, refresh_token, username, password, redirect_uri, scope))

struct token_response {
    std::string access_token;
    std::optional<std::string> token_type;  ///< "bearer", in any letter case
    std::optional<std::int64_t> expires_in; ///< seconds; the service's are 28,800
    std::optional<std::string> refresh_token;
};
BOOST_DESCRIBE_STRUCT(token_response, (), (access_token, token_type, expires_in, refresh_token))

/// The body of a refusal.
struct token_refusal {
    std::string error; ///< "invalid_grant" and the like
    std::optional<std::string> error_description;
};
BOOST_DESCRIBE_STRUCT(token_refusal, (), (error, error_description))

} // namespace eloqua::bulk
