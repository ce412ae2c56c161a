// SPDX-License-Identifier: BSL-1.0
/// \file
/// The client. Include separately: the Beast transports (`eloqua/bulk/beast_transport.hpp`,
/// `async_beast_transport.hpp`), or what is needed to construct a client over another transport
/// (`construct_client.hpp`); the asynchronous client (`async.hpp`), OAuth (`oauth.hpp`), the
/// simulated Eloqua (`simulator.hpp`), exports to files and other stores (`export_to_file.hpp`,
/// `export_into.hpp`), exports of changes (`export_changes.hpp`), import journals in files
/// (`import_journal.hpp`), and governors, which keep clients within the service's hourly limits
/// (`governor.hpp`, `shared_governor.hpp`).
#pragma once

#include <eloqua/bulk/client.hpp>
#include <eloqua/bulk/render_filter.hpp>
#include <eloqua/bulk/sync_actions.hpp>
#include <eloqua/bulk/syncs.hpp>
#include <eloqua/bulk/version.hpp>

/// \namespace eloqua::bulk
/// The library. Its starting point is `basic_client`, whose names are `client` and `async_client`.
/// Exports that can be resumed begin with `export_to_file` or `export_into`.
