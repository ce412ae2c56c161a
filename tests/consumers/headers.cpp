// SPDX-License-Identifier: BSL-1.0
// A small unit that checks whether a header-only dependency provides the headers: the program's
// other units were compiled before.
#include <eloqua/bulk/error.hpp>
#include <eloqua/bulk/version.hpp>

#ifdef ELOQUA_BULK_SEPARATE_COMPILATION
#error "headers alone need no macro"
#endif
static_assert(ELOQUA_BULK_VERSION > 0);
