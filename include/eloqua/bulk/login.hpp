// SPDX-License-Identifier: BSL-1.0
/// \file
/// The documents of the login host.
#pragma once

#include <boost/describe/class.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace eloqua::bulk {

/// URLs contain the text "{version}", to be replaced by "2.0".
struct login_soap_urls {
    std::optional<std::string> standard;
    std::optional<std::string> dataTransfer;
    std::optional<std::string> email;
    std::optional<std::string> externalAction;
};
BOOST_DESCRIBE_STRUCT(login_soap_urls, (), (standard, dataTransfer, email, externalAction))
struct login_rest_urls {
    std::optional<std::string> standard;
    std::string bulk;
};
BOOST_DESCRIBE_STRUCT(login_rest_urls, (), (standard, bulk))
struct login_api_urls {
    std::optional<login_soap_urls> soap;
    login_rest_urls rest;
};
BOOST_DESCRIBE_STRUCT(login_api_urls, (), (soap, rest))
struct login_urls {
    std::string base;
    login_api_urls apis;
};
BOOST_DESCRIBE_STRUCT(login_urls, (), (base, apis))
struct login_site {
    std::int64_t id = 0;
    std::string name;
};
BOOST_DESCRIBE_STRUCT(login_site, (), (id, name))
struct login_user {
    std::int64_t id = 0;
    std::string username;
    std::optional<std::string> displayName;
    std::optional<std::string> firstName;
    std::optional<std::string> lastName;
    std::optional<std::string> emailAddress;
};
BOOST_DESCRIBE_STRUCT(login_user, (),
                      (id, username, displayName, firstName, lastName, emailAddress))
/// The response to `GET /id`.
struct login_response {
    login_site site;
    login_user user;
    login_urls urls;
};
BOOST_DESCRIBE_STRUCT(login_response, (), (site, user, urls))

/// A request to the token endpoint (RFC 6749), as a form or as JSON. Which members are set depends
/// on the grant.
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

/// The tokens in the response to it.
struct token_response {
    std::string access_token;
    std::optional<std::string> token_type;  ///< "bearer", in any letter case
    std::optional<std::int64_t> expires_in; ///< seconds; the service's value is 28,800
    std::optional<std::string> refresh_token;
};
BOOST_DESCRIBE_STRUCT(token_response, (), (access_token, token_type, expires_in, refresh_token))

/// The body of a refusal.
struct token_refusal {
    std::string error; ///< such as "invalid_grant"
    std::optional<std::string> error_description;
};
BOOST_DESCRIBE_STRUCT(token_refusal, (), (error, error_description))

} // namespace eloqua::bulk
