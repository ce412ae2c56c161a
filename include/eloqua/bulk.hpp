// SPDX-License-Identifier: BSL-1.0
/// \file
/// The client. Include these separately: the transports over Beast
/// (`eloqua/bulk/beast_transport.hpp`, `async_beast_transport.hpp`), or what constructs a client
/// over another transport (`construct_client.hpp`); the asynchronous client (`async.hpp`), OAuth
/// (`oauth.hpp`), the simulated Eloqua (`simulator.hpp`), exports to files and other stores
/// (`export_to_file.hpp`, `export_into.hpp`) and the files that journals of imports are
/// kept in (`import_journal.hpp`).
#pragma once

#include <eloqua/bulk/client.hpp>
#include <eloqua/bulk/render_filter.hpp>
#include <eloqua/bulk/sync_actions.hpp>
#include <eloqua/bulk/syncs.hpp>
#include <eloqua/bulk/version.hpp>
