// SPDX-License-Identifier: BSL-1.0
// refused: define ELOQUA_BULK_SEPARATE_COMPILATION in every unit of the program, or do not include\s+<eloqua/bulk/SOURCE>
// What is compiled once, in a program that compiles everything by the headers.
// with: SOURCE=src.hpp
// with: SOURCE=beast_src.hpp
#ifdef REFUSE
#define HEADER_OF(name) <eloqua/bulk/name>
#include HEADER_OF(SOURCE)
#endif
