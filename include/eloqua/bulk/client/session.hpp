// SPDX-License-Identifier: BSL-1.0
/// \file
/// What the operations of one client share: credentials, the base URL, policies, chance.
#pragma once

#include <eloqua/bulk/client/chance.hpp>
#include <eloqua/bulk/client/options.hpp>
#include <eloqua/bulk/client/shared_work.hpp>
#include <eloqua/bulk/schema/field_list.hpp>
#include <eloqua/bulk/wire/credentials.hpp>
#include <eloqua/bulk/wire/http.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace eloqua::bulk {

/// Belongs to one thread or strand, like the client.
class session {
public:
    /// Throws `error` with `errc::invalid_argument` for options that can never work.
    session(any_credentials c, client_options o)
        : options(std::move(o)), who(std::move(c)),
          random_(options.seed ? *options.seed : bulk::chance::seed_of_this_moment()) {
        if (std::string wrong = detail::misuse_of(options); !wrong.empty())
            throw_exception_from_error(failure(errc::invalid_argument, std::move(wrong)),
                                       BOOST_CURRENT_LOCATION);
    }

    client_options options;
    any_credentials who;
    std::optional<url> base;          ///< once it is known
    std::uint64_t base_number = 0;    ///< how often it was found
    std::optional<std::int64_t> site; ///< the instance's number, if the login service has told it
    detail::shared_work finding_base;
    unsigned starved = 0;                                            ///< see `page_requests`
    std::map<std::string, std::shared_ptr<field_list const>> fields; ///< by the path of the list

    /// Uniform in [0, 1).
    double chance() { return random_.real(); }

    /// A name for a definition: unique, so that it can be found again.
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

    /// Calls the observer, if there is one.
    template <class... Parameters, class... Arguments>
    void tell(void (observer::*event)(Parameters...), Arguments const&... arguments) {
        if (options.observer)
            (*options.observer.*event)(arguments...);
    }

private:
    bulk::chance random_;
};

} // namespace eloqua::bulk
