// SPDX-License-Identifier: BSL-1.0
/// \file
/// How the library is compiled: header-only, or once per program.
///
/// By default every unit compiles what it uses. A program that defines
/// ELOQUA_BULK_SEPARATE_COMPILATION in all units includes `eloqua/bulk/src.hpp` in one of them, and
/// `eloqua/bulk/beast_src.hpp` in one if it uses Beast or the listener. Alternatively it links the
/// libraries that the build files define.
#pragma once

#ifdef ELOQUA_BULK_SEPARATE_COMPILATION
#define ELOQUA_BULK_DECL
#else
#define ELOQUA_BULK_DECL inline
#endif
