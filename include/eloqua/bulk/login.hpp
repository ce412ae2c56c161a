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
    /// @{
    /// The URL of that API.
    std::optional<std::string> standard;
    std::optional<std::string> dataTransfer;
    std::optional<std::string> email;
    std::optional<std::string> externalAction;
    /// @}
};
BOOST_DESCRIBE_STRUCT(login_soap_urls, (), (standard, dataTransfer, email, externalAction))
/// The URLs of REST APIs.
struct login_rest_urls {
    std::optional<std::string> standard; ///< of the other REST APIs
    std::string bulk;                    ///< of the Bulk API
};
BOOST_DESCRIBE_STRUCT(login_rest_urls, (), (standard, bulk))
/// The URLs of all APIs.
struct login_api_urls {
    /// @{
    /// By kind of API.
    std::optional<login_soap_urls> soap;
    login_rest_urls rest;
    /// @}
};
BOOST_DESCRIBE_STRUCT(login_api_urls, (), (soap, rest))
/// The host of an instance, and its APIs.
struct login_urls {
    std::string base;    ///< scheme and host
    login_api_urls apis; ///< URLs on that host
};
BOOST_DESCRIBE_STRUCT(login_urls, (), (base, apis))
/// A company's instance.
struct login_site {
    std::int64_t id = 0; ///< number of the site
    std::string name;    ///< name of the company
};
BOOST_DESCRIBE_STRUCT(login_site, (), (id, name))
/// The user whose credentials were sent.
struct login_user {
    std::int64_t id = 0;  ///< number of the user
    std::string username; ///< login name
    /// @{
    /// As entered in Eloqua.
    std::optional<std::string> displayName;
    std::optional<std::string> firstName;
    std::optional<std::string> lastName;
    std::optional<std::string> emailAddress;
    /// @}
};
BOOST_DESCRIBE_STRUCT(login_user, (),
                      (id, username, displayName, firstName, lastName, emailAddress))
/// The response to `GET /id`.
struct login_response {
    login_site site; ///< the instance
    login_user user; ///< the user
    login_urls urls; ///< where requests are to be sent
};
BOOST_DESCRIBE_STRUCT(login_response, (), (site, user, urls))

/// A request to the token endpoint (RFC 6749), as a form or as JSON. Which members are set depends
/// on the grant.
struct token_request {
    std::string grant_type;          ///< "authorization_code", "refresh_token" or "password"
    std::optional<std::string> code; ///< for "authorization_code": the code
    std::optional<std::string> refresh_token; ///< for "refresh_token": the token; it works once
    std::optional<std::string> username;      ///< company (site) name, backslash, user name
    std::optional<std::string> password;      ///< for "password"; a secret
    std::optional<std::string> redirect_uri;  ///< for "authorization_code": as registered
    std::optional<std::string> scope;         ///< such as "full"
};
BOOST_DESCRIBE_STRUCT(token_request, (),
                      (grant_type, code, refresh_token, username, password, redirect_uri, scope))

/// The tokens in the response to it.
struct token_response {
    std::string access_token;                 ///< for the Authorization header; a secret
    std::optional<std::string> token_type;    ///< "bearer", in any letter case
    std::optional<std::int64_t> expires_in;   ///< seconds; the service's value is 28,800
    std::optional<std::string> refresh_token; ///< for the next request; a secret
};
BOOST_DESCRIBE_STRUCT(token_response, (), (access_token, token_type, expires_in, refresh_token))

/// The body of a refusal.
struct token_refusal {
    std::string error;                            ///< such as "invalid_grant"
    std::optional<std::string> error_description; ///< why, for a person to read
};
BOOST_DESCRIBE_STRUCT(token_refusal, (), (error, error_description))

} // namespace eloqua::bulk
