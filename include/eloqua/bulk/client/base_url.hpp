// SPDX-License-Identifier: BSL-1.0
/// \file
/// Which host the instance lives on, out of what the login service answers.
#pragma once

#include <eloqua/bulk/client/options.hpp>
#include <eloqua/bulk/schema/shown.hpp>
#include <eloqua/bulk/wire/http.hpp>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

namespace eloqua::bulk {

/// Whether credentials may be sent to a base that the login service named: https on a host of
/// eloqua.com and the usual port, the login URL's own origin, or what the caller trusts.
[[nodiscard]] inline bool is_trusted(url const& base, url const& login,
                                     client_options const& options) {
    std::string_view const host = base.at.host;
    bool const usual_port = base.at.port == (base.at.secure() ? 443 : 80);
    if (base.at.scheme == login.at.scheme && base.at.port == login.at.port &&
        iequals(host, login.at.host))
        return true;
    std::string const named = base.at.authority(); // with the port if that is unusual
    if (std::ranges::any_of(options.trusted_hosts, [&](std::string const& trusted) {
            return iequals(trusted, named) ||
                   (usual_port && (iequals(trusted, host) ||
                                   iequals(trusted, named + ':' + std::to_string(base.at.port))));
        }))
        return base.at.secure() || !login.at.secure();
    constexpr std::string_view domain = ".eloqua.com";
    return base.at.secure() && usual_port && host.size() > domain.size() &&
           iequals(host.substr(host.size() - domain.size()), domain);
}

/// Whether the login service refuses, which it does with status 200 and these words.
[[nodiscard]] inline bool says_not_authenticated(std::string_view body) {
    return body.size() < 100 && body.find("Not authenticated") != body.npos;
}

/// The base of the bulk API, without a slash at its end, out of the URL that the login service
/// gives. Errors: `errc::untrusted_host`, `errc::malformed_response`.
[[nodiscard]] inline result<url> base_of(std::string text, url const& login,
                                         client_options const& options) {
    if (std::size_t const at = text.find("{version}"); at != text.npos)
        text.replace(at, 9, "2.0");
    while (text.ends_with('/'))
        text.pop_back();
    constexpr std::size_t longest = 2000;
    if (text.size() > longest)
        return failure(errc::malformed_response, "the base URL is too long");
    result<url> base = parse_url(text);
    if (!base)
        return failure(errc::malformed_response, base.error().info.detail);
    if (!is_trusted(*base, login, options))
        return failure(errc::untrusted_host, detail::shown(base->at.text()),
                       "add the host to client_options::trusted_hosts if it is yours");
    if (base->target == "/") // which a URL without a path gets
        base->target.clear();
    return base;
}

} // namespace eloqua::bulk
