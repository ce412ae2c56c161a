// SPDX-License-Identifier: BSL-1.0
/// \file
/// Who is asking: what goes into the Authorization header. `basic_credentials.hpp` has the usual
/// one.
#pragma once

#include <eloqua/bulk/wire/flow.hpp>

#include <concepts>
#include <memory>
#include <string>
#include <utility>

namespace eloqua::bulk {

/// Credentials are asked for the value of the Authorization header before each request, and may
/// make requests of their own on `login_slot` to obtain it. When the service has refused a value,
/// `renew` is called with it; true means that a new value may be accepted.
template <class C>
concept credentials = std::movable<C> && requires(C& c, std::string refused) {
    { c.authorization() } -> std::same_as<flow<result<std::string>>>;
    { c.renew(std::move(refused)) } -> std::same_as<flow<result<bool>>>;
};

/// Credentials of any type.
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
    template <class C>
        requires(!std::same_as<C, any_credentials> && credentials<C>)
    any_credentials(C c) : self_(std::make_unique<model<C>>(std::move(c))) {}

    flow<result<std::string>> authorization() { return self_->authorization(); }
    flow<result<bool>> renew(std::string refused) { return self_->renew(std::move(refused)); }

private:
    std::unique_ptr<interface> self_;
};

} // namespace eloqua::bulk
