// SPDX-License-Identifier: BSL-1.0
/// \file
/// Everything but the Beast transport (`eloqua/bulk/beast_transport.hpp`), the asynchronous client
/// (`eloqua/bulk/async.hpp`), OAuth (`eloqua/bulk/oauth.hpp`) and the simulated Eloqua
/// (`eloqua/bulk/simulator.hpp`).
#pragma once

#include <eloqua/bulk/client.hpp>
#include <eloqua/bulk/schema/actions.hpp>
#include <eloqua/bulk/schema/status_codes.hpp>
#include <eloqua/bulk/version.hpp>
