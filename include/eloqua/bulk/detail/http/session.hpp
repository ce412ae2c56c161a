// SPDX-License-Identifier: BSL-1.0
/// \file
/// The state that operations of one client share: credentials, base URL, policies, random numbers.
#pragma once

#include <eloqua/bulk/credentials.hpp>
#include <eloqua/bulk/detail/codec/random_generator.hpp>
#include <eloqua/bulk/detail/http/shared_work.hpp>
#include <eloqua/bulk/detail/row/field_list.hpp>
#include <eloqua/bulk/detail/text/shown.hpp>
#include <eloqua/bulk/flow.hpp>
#include <eloqua/bulk/http.hpp>
#include <eloqua/bulk/options.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace eloqua::bulk::detail {

/// Whether credentials may be sent to a base URL from the login service: https on a host of
/// eloqua.com and the default port, the login URL's own origin, or a host that the caller trusts.
[[nodiscard]] inline bool is_trusted(url const& base, url const& login,
                                     client_options const& options) {
    std::string_view const host = base.at.host;
    bool const usual_port = base.at.port == (base.at.secure() ? 443 : 80);
    if (base.at.scheme == login.at.scheme && base.at.port == login.at.port &&
        iequals(host, login.at.host))
        return true;
    std::string const named = base.at.authority(); // with the port if it is not the default
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

/// Whether the login service refused, which it does with status 200 and these words.
[[nodiscard]] inline bool says_not_authenticated(std::string_view body) {
    return body.size() < 100 && body.find("Not authenticated") != body.npos;
}

/// The base URL of the bulk API, without a slash at its end, from the URL that the login service
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
    if (base->target == "/") // what a URL without a path gets
        base->target.clear();
    return base;
}

/// Used by one thread or strand, like the client.
class session {
public:
    /// Throws `error` with `errc::invalid_argument` for options that can never work.
    session(any_credentials c, client_options o)
        : options(std::move(o)), who(std::move(c)),
          random_(options.seed ? *options.seed : detail::random_generator::seed_of_this_moment()) {
        if (std::string wrong = detail::misuse_of(options); !wrong.empty())
            throw_exception_from_error(failure(errc::invalid_argument, std::move(wrong)),
                                       BOOST_CURRENT_LOCATION);
    }

    client_options options;
    any_credentials who;
    std::optional<url> base;          ///< once known
    std::uint64_t base_number = 0;    ///< how often it was looked up
    std::optional<std::int64_t> site; ///< the instance's number, if the login service stated it
    shared_work finding_base;
    unsigned starved = 0;                                            ///< see `page_requests`
    std::map<std::string, std::shared_ptr<field_list const>> fields; ///< by the path of the list

    /// A random number, uniform in [0, 1).
    double random() { return random_.real(); }

    /// A unique name for a definition, by which it can be found again.
    std::string unique_name(std::string_view prefix) {
        std::size_t end = std::min<std::size_t>(prefix.size(), 80);
        while (end != 0 && end != prefix.size() &&
               (static_cast<unsigned char>(prefix[end]) & 0xC0) == 0x80)
            --end; // not inside a character
        std::string name(prefix.substr(0, end));
        name += ' ';
        for (std::uint64_t bits = random_(), i = 0; i != 16; ++i, bits >>= 4)
            name += "0123456789abcdef"[bits & 15];
        return name;
    }

    /// Forgets the base URL of this number, unless another operation has looked it up again since.
    void forget_base(std::uint64_t number) {
        if (base_number == number)
            base.reset();
    }

    /// Notifies the observer, if there is one.
    template <class... Parameters, class... Arguments>
    void tell(void (observer::*event)(Parameters...), Arguments const&... arguments) {
        if (options.observer)
            (*options.observer.*event)(arguments...);
    }

private:
    detail::random_generator random_;
};

/// After a 401: renews the refused credentials. Forgets the base URL as well, since the instance
/// may have moved, unless the request went to `another_url` or the base URL is an option. False if
/// nothing has changed, so that the same request would be refused again.
template <class Session>
[[nodiscard]] flow<result<bool>> renew_after_401(Session& s, std::string refused,
                                                 std::uint64_t base_number, bool another_url) {
    result<bool> const renewed = co_await s.who.renew(std::move(refused));
    if (!renewed)
        co_return renewed;
    bool const may_have_moved = !another_url && !s.options.base_url;
    if (may_have_moved)
        s.forget_base(base_number);
    co_return *renewed || may_have_moved;
}

} // namespace eloqua::bulk::detail
