// SPDX-License-Identifier: BSL-1.0
// A small unit, for whether a dependency that is headers alone brings them: the other units of the
// program were compiled before.
#include <eloqua/bulk/error.hpp>
#include <eloqua/bulk/version.hpp>

#ifdef ELOQUA_BULK_SEPARATE_COMPILATION
#error "headers alone need no macro"
#endif
static_assert(ELOQUA_BULK_VERSION > 0);
