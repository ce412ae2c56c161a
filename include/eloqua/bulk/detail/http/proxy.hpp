// SPDX-License-Identifier: BSL-1.0
/// \file
/// Selects the proxy of a connection.
#pragma once

#include <eloqua/bulk/credentials.hpp>
#include <eloqua/bulk/detail/text/ascii.hpp>
#include <eloqua/bulk/error.hpp>
#include <eloqua/bulk/http.hpp>
#include <eloqua/bulk/transport_options.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace eloqua::bulk::detail {

/// A proxy and the credentials for it.
struct proxy {
    origin at;
    std::string authorization; ///< value of Proxy-Authorization; empty: none
};

/// Parses the URL of a proxy. Errors: `errc::invalid_argument`, without the text, which may contain
/// a password. `from`: the name of the text in messages.
inline result<proxy> parse_proxy(std::string_view text, std::string const& from) {
    auto bad = [&from](std::string const& why) {
        return failure(errc::invalid_argument, from + ' ' + why,
                       "write a proxy as http://host:port or http://user:password@host:port");
    };
    if (std::size_t const colon = text.find("://"); colon != text.npos) {
        if (!iequals(text.substr(0, colon), "http"))
            return bad("is not an http proxy");
        text.remove_prefix(colon + 3);
    }
    proxy found;
    std::size_t const at = text.rfind('@');
    if (at != text.npos) {
        std::string_view const who = text.substr(0, at);
        std::size_t const colon = who.find(':');
        auto const user = percent_decoded(who.substr(0, colon));
        auto const password =
            percent_decoded(colon == who.npos ? std::string_view() : who.substr(colon + 1));
        if (!user || !password || user->find(':') != user->npos ||
            std::ranges::any_of(*user, is_ascii_control) ||
            std::ranges::any_of(*password, is_ascii_control))
            return bad("has a user or password that cannot be sent");
        found.authorization = "Basic " + base64(*user + ':' + *password);
        text.remove_prefix(at + 1);
    }
    result<url> const where = parse_url("http://" + std::string(text));
    if (!where || where->target != "/")
        return bad("has no host and port");
    found.at = where->at;
    return found;
}

/// Whether an entry of NO_PROXY, see `transport_options`, matches this host.
inline bool bypassed_by(std::string_view entry, origin const& to) {
    if (entry == "*")
        return true;
    bool const bracketed = entry.starts_with('[');
    std::size_t const colon = bracketed ? entry.find(':', entry.find(']')) : entry.find(':');
    bool const address =
        !bracketed && colon != entry.npos && entry.find(':', colon + 1) != entry.npos;
    if (colon != entry.npos && !address) {
        if (entry.substr(colon + 1) != std::to_string(to.port))
            return false;
        entry = entry.substr(0, colon);
    }
    if (bracketed && entry.ends_with(']'))
        entry = entry.substr(1, entry.size() - 2);
    if (entry.starts_with("*.")) // some write this for ".host"
        entry.remove_prefix(1);
    std::string_view host = to.host;
    if (host.ends_with('.'))
        host.remove_suffix(1);
    bool const below = entry.starts_with('.');
    if (entry.empty() || host.size() < entry.size())
        return false;
    std::string_view const end = host.substr(host.size() - entry.size());
    if (!iequals(end, entry))
        return false;
    bool const same = host.size() == entry.size();
    return below ? !same : same || host[host.size() - entry.size() - 1] == '.';
}

/// The proxies of a transport. Throws `error` with `errc::invalid_argument` for a URL that is not a
/// proxy's.
class proxies {
public:
    /// `variable(name)`: value of an environment variable, or null.
    template <class Variable>
    proxies(transport_options const& options, Variable variable) {
        if (!options.proxy.empty()) {
            for_https_ = for_http_ = parse_proxy(options.proxy, "transport_options::proxy").value();
            return;
        }
        if (!options.proxy_from_environment)
            return;
        from_environment_ = true;
        // HTTP_PROXY is not used: a client of a CGI program could set it by a header field Proxy.
        for_https_ = first_of(variable, {"https_proxy", "HTTPS_PROXY"});
        for_http_ = first_of(variable, {"http_proxy"});
        for (char const* name : {"no_proxy", "NO_PROXY"})
            if (char const* const text = variable(name)) {
                split(text);
                break;
            }
    }
    explicit proxies(transport_options const& options)
        : proxies(options, [](char const* name) { return std::getenv(name); }) {}

    /// The proxy of connections to `to`, or null.
    proxy const* through(origin const& to) const {
        auto const& chosen = to.secure() ? for_https_ : for_http_;
        auto const means = [&to](std::string const& entry) { return bypassed_by(entry, to); };
        bool const direct =
            from_environment_ && (to.loopback() || std::ranges::any_of(without_, means));
        return chosen && !direct ? &*chosen : nullptr;
    }

private:
    template <class Variable>
    static std::optional<proxy> first_of(Variable variable,
                                         std::initializer_list<char const*> names) {
        for (char const* name : names)
            if (char const* const text = variable(name); text && *text)
                return parse_proxy(text, std::string("the environment's ") + name).value();
        return std::nullopt;
    }
    void split(std::string_view list) {
        constexpr std::string_view separators = ", \t";
        for (std::size_t at = 0; at < list.size();) {
            std::size_t const end = std::min(list.find_first_of(separators, at), list.size());
            if (end != at)
                without_.emplace_back(list.substr(at, end - at));
            at = end + 1;
        }
    }

    std::optional<proxy> for_https_, for_http_;
    std::vector<std::string> without_;
    bool from_environment_ = false;
};

/// The CONNECT request that asks a proxy for a connection to `to`.
inline std::string connect_request(proxy const& by, origin const& to, std::string_view user_agent) {
    std::string const host = to.host.find(':') == std::string::npos ? to.host : '[' + to.host + ']';
    std::string const where = host + ':' + std::to_string(to.port);
    std::string text = "CONNECT " + where + " HTTP/1.1\r\nHost: " + where + "\r\n";
    if (!user_agent.empty())
        text.append("User-Agent: ").append(user_agent).append("\r\n");
    if (!by.authorization.empty())
        text.append("Proxy-Authorization: ").append(by.authorization).append("\r\n");
    return text + "\r\n";
}

} // namespace eloqua::bulk::detail
