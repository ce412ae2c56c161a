// SPDX-License-Identifier: BSL-1.0
/// \file
/// The client. Include these separately: the transports over Beast
/// (`eloqua/bulk/beast_transport.hpp`, `async_beast_transport.hpp`), or what constructs a client
/// over another transport (`construct_client.hpp`); the asynchronous client (`async.hpp`), OAuth
/// (`oauth.hpp`), the simulated Eloqua (`simulator.hpp`), exports to files and other stores
/// (`jobs/export_to_file.hpp`, `jobs/export_into.hpp`) and the files that journals of imports are
/// kept in (`jobs/import_journal.hpp`).
#pragma once

#include <eloqua/bulk/client.hpp>
#include <eloqua/bulk/schema/actions.hpp>
#include <eloqua/bulk/schema/status_codes.hpp>
#include <eloqua/bulk/version.hpp>
