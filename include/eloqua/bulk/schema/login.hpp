// SPDX-License-Identifier: BSL-1.0
/// \file
/// The documents of the login host.
#pragma once

#include <boost/describe/class.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace eloqua::bulk {

/// URLs hold the text "{version}", to be replaced by "2.0".
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
/// The answer of `GET /id`.
struct login_response {
    login_site site;
    login_user user;
    login_urls urls;
};
BOOST_DESCRIBE_STRUCT(login_response, (), (site, user, urls))

} // namespace eloqua::bulk
