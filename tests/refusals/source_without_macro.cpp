// SPDX-License-Identifier: BSL-1.0
// refused: define ELOQUA_BULK_SEPARATE_COMPILATION in every unit of the program, or do not include\s+<eloqua/bulk/SOURCE>
// The headers that are compiled once, in a program that compiles header-only.
// with: SOURCE=src.hpp
// with: SOURCE=beast_src.hpp
#ifdef REFUSE
#define HEADER_OF(name) <eloqua/bulk/name>
#include HEADER_OF(SOURCE)
#endif
