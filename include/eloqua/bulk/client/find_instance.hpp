// SPDX-License-Identifier: BSL-1.0
/// \file
/// Asking which instance a session is of.
#pragma once

#include <eloqua/bulk/client/exchange.hpp>
#include <eloqua/bulk/client/instance.hpp>
#include <eloqua/bulk/client/session.hpp>
#include <eloqua/bulk/wire/flow.hpp>

#include <string>

namespace eloqua::bulk::detail {

/// The instance that a session is of; the login service is asked if it is not known yet. Errors:
/// those of `base_url`.
template <class Session>
flow<result<std::string>> instance_of(Session& s) {
    result<url> const base = co_await base_url(s);
    if (!base)
        co_return base.error();
    co_return name_of_instance(s.site, base->at.text());
}

} // namespace eloqua::bulk::detail
