// SPDX-License-Identifier: BSL-1.0
/// \file
/// How the library is compiled: by the headers alone, or once for a program.
///
/// By default every unit compiles what it uses. A program that defines
/// ELOQUA_BULK_SEPARATE_COMPILATION in all of its units includes `eloqua/bulk/src.hpp` in one of
/// them, and `eloqua/bulk/beast_src.hpp` in one if it uses Beast or the listener; or it links the
/// libraries that the build files make of them.
#pragma once

#ifdef ELOQUA_BULK_SEPARATE_COMPILATION
#define ELOQUA_BULK_DECL
#else
#define ELOQUA_BULK_DECL inline
#endif
