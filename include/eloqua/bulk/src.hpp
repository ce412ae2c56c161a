// SPDX-License-Identifier: BSL-1.0
/// \file
/// The implementation of clients, OAuth and the simulated Eloqua. Include it in one translation
/// unit of a program if all of its units define ELOQUA_BULK_SEPARATE_COMPILATION. Requires
/// Boost.JSON and zlib; see `beast_src.hpp` for the rest.
#pragma once

#ifndef ELOQUA_BULK_SEPARATE_COMPILATION
#error "define ELOQUA_BULK_SEPARATE_COMPILATION in every unit of the program, or do not include \
<eloqua/bulk/src.hpp>: without the macro the headers alone are the library"
#endif

#include <eloqua/bulk/detail/http/token_source.hpp>
#include <eloqua/bulk/detail/job/engine_source.hpp>
#include <eloqua/bulk/simulator/detail/simulator_source.hpp>
