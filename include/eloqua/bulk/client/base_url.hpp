// SPDX-License-Identifier: BSL-1.0
/// \file
/// Which host the instance lives on, out of what the login service answers.
#pragma once

#include <eloqua/bulk/client/session.hpp>
#include <eloqua/bulk/codec/json.hpp>
#include <eloqua/bulk/schema/documents.hpp>
#include <eloqua/bulk/wire/http.hpp>

#include <algorithm>
#include <string>
#include <string_view>

namespace eloqua::bulk {

/// Whether credentials may be sent to a base that the login service named: https on a host of
/// eloqua.com, the login URL's own origin, or what the caller trusts.
[[nodiscard]] inline bool is_trusted(url const& base, url const& login,
                                     client_options const& options) {
    if (base.at == login.at)
        return true;
    if (std::ranges::any_of(options.trusted_hosts,
                            [&](std::string const& host) { return iequals(host, base.at.host); }))
        return base.at.secure() || !login.at.secure();
    std::string_view const host = base.at.host;
    constexpr std::string_view domain = ".eloqua.com";
    return base.at.secure() && host.size() > domain.size() &&
           iequals(host.substr(host.size() - domain.size()), domain);
}

/// The base of the bulk API, without a slash at its end, out of the answer to "GET /id".
/// Errors: `errc::not_authenticated` for the words with which the service refuses in spite of its
/// status 200, `errc::untrusted_host`, `errc::malformed_response`.
[[nodiscard]] inline result<url> read_base_url(std::string_view body, url const& login,
                                               client_options const& options) {
    if (body.find("Not authenticated") != body.npos && body.size() < 100)
        return failure(errc::not_authenticated, "the login service says: Not authenticated.",
                       "check company, user and password");
    result<login_response> const answer = parse_document<login_response>(body);
    if (!answer)
        return answer.error();
    std::string text = answer->urls.apis.rest.bulk;
    if (std::size_t const at = text.find("{version}"); at != text.npos)
        text.replace(at, 9, "2.0");
    while (text.ends_with('/'))
        text.pop_back();
    result<url> base = parse_url(text);
    if (!base)
        return failure(errc::malformed_response, base.error().info.detail);
    if (!is_trusted(*base, login, options))
        return failure(errc::untrusted_host, base->at.text(),
                       "add the host to client_options::trusted_hosts if it is yours");
    return base;
}

} // namespace eloqua::bulk
