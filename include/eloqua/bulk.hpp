// SPDX-License-Identifier: BSL-1.0
/// \file
/// Everything but the Beast transport (`eloqua/bulk/beast_transport.hpp`), the asynchronous client
/// (`eloqua/bulk/async.hpp`), OAuth (`eloqua/bulk/oauth.hpp`), the simulated Eloqua
/// (`eloqua/bulk/simulator.hpp`), exports to files and other stores
/// (`eloqua/bulk/jobs/export_to_file.hpp`, `export_into.hpp`) and the files that journals of
/// imports are kept in (`eloqua/bulk/jobs/import_journal.hpp`).
#pragma once

#include <eloqua/bulk/client.hpp>
#include <eloqua/bulk/schema/actions.hpp>
#include <eloqua/bulk/schema/status_codes.hpp>
#include <eloqua/bulk/version.hpp>
