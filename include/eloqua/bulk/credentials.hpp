// SPDX-License-Identifier: BSL-1.0
/// \file
/// Credentials, which provide the Authorization header. The usual ones are `basic_credentials`.
#pragma once

#include <eloqua/bulk/detail/text/ascii.hpp>
#include <eloqua/bulk/error.hpp>
#include <eloqua/bulk/flow.hpp>
#include <eloqua/bulk/http.hpp>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace eloqua::bulk {

/// Before each request, the client asks the credentials for the value of the Authorization header.
/// They may send requests of their own on `login_channel` to obtain it. When the service refuses a
/// value, the client passes it to `renew`; true means that a new value may be accepted.
template <class C>
concept credentials = std::movable<C> && requires(C& c, std::string refused) {
    { c.authorization() } -> std::same_as<flow<result<std::string>>>;
    { c.renew(std::move(refused)) } -> std::same_as<flow<result<bool>>>;
};

namespace detail {

inline std::string base64(std::string_view bytes) {
    static constexpr char digits[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string text;
    text.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        unsigned long group = 0;
        for (std::size_t k = 0; k != 3; ++k)
            group =
                group << 8 | (i + k < bytes.size() ? static_cast<unsigned char>(bytes[i + k]) : 0U);
        for (std::size_t k = 0; k != 4; ++k)
            text += i + k > bytes.size() ? '=' : digits[group >> (18 - 6 * k) & 63];
    }
    return text;
}

/// Whether credentials may be sent there: over TLS, within this machine, or where the caller
/// allows it.
inline bool may_get_credentials(origin const& at, bool allow_http) {
    return at.secure() || at.loopback() || allow_http;
}

/// The value of an Authorization header (RFC 7617). Error: `errc::invalid_argument` for control
/// characters, and for a user with a colon, where the password would start.
inline result<std::string> basic_authorization(std::string const& user,
                                               std::string const& password) {
    if (user.find(':') != user.npos)
        return failure(
            errc::invalid_argument,
            "company, user name or client id has a ':', which HTTP Basic cannot express");
    if (std::ranges::any_of(user, is_ascii_control) ||
        std::ranges::any_of(password, is_ascii_control))
        return failure(errc::invalid_argument,
                       "company, user name, client id or password has a control character, such as "
                       "a line end");
    return "Basic " + base64(user + ':' + password);
}

} // namespace detail

/// HTTP Basic in the service's form: company (site) name, backslash, user name, password.
/// Operations fail with `errc::invalid_argument` if company or user contain a colon, the company a
/// backslash, or any of them a control character.
class basic_credentials {
public:
    /// `company` is the name of the company (site), as in the login form.
    basic_credentials(std::string_view company, std::string_view user, std::string_view password)
        : value_(detail::basic_authorization(std::string(company) + '\\' + std::string(user),
                                             std::string(password))) {
        if (value_ && company.find('\\') != company.npos)
            value_ = failure(errc::invalid_argument, "the company's name has a backslash");
    }

    // Templates: g++ would compile other coroutines in every unit that includes them.
    /// The header's value. See `credentials`.
    template <class Result = result<std::string>>
    flow<Result> authorization() {
        co_return value_;
    }
    /// Always false: a refused password stays refused.
    template <class Result = result<bool>>
    flow<Result> renew(std::string) {
        co_return false;
    }

private:
    result<std::string> value_;
};

/// Type-erased credentials.
class any_credentials {
    struct interface {
        virtual ~interface() = default;
        virtual flow<result<std::string>> authorization() = 0;
        virtual flow<result<bool>> renew(std::string) = 0;
    };
    template <class C>
    struct model final : interface {
        C credentials;
        explicit model(C c) : credentials(std::move(c)) {}
        flow<result<std::string>> authorization() override { return credentials.authorization(); }
        flow<result<bool>> renew(std::string refused) override {
            return credentials.renew(std::move(refused));
        }
    };

public:
    /// Takes ownership of credentials.
    template <class C>
        requires(!std::same_as<C, any_credentials> && credentials<C>)
    any_credentials(C c) : self_(std::make_unique<model<C>>(std::move(c))) {}

    /// @{
    /// Forwards to the credentials, see `credentials`.
    flow<result<std::string>> authorization() { return self_->authorization(); }
    flow<result<bool>> renew(std::string refused) { return self_->renew(std::move(refused)); }
    /// @}

private:
    std::unique_ptr<interface> self_;
};

} // namespace eloqua::bulk
