// SPDX-License-Identifier: BSL-1.0
/// \file
/// The implementation of the Beast transports and the listener. Include it in one translation unit
/// of a program if all of its units define ELOQUA_BULK_SEPARATE_COMPILATION. Requires Asio, Beast,
/// OpenSSL and threads.
#pragma once

#ifndef ELOQUA_BULK_SEPARATE_COMPILATION
#error "define ELOQUA_BULK_SEPARATE_COMPILATION in every unit of the program, or do not include \
<eloqua/bulk/beast_src.hpp>: without the macro the headers alone are the library"
#endif

#include <eloqua/bulk/detail/client/beast_source.hpp>
#include <eloqua/bulk/simulator/detail/listener_source.hpp>
