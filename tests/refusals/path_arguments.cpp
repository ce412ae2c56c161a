// SPDX-License-Identifier: BSL-1.0
// refused: (constraints? not satisfied|no matching function)
// A path template is expanded with as many ids as it has parameters.
#include <eloqua/bulk/entity.hpp>

namespace bulk = eloqua::bulk;

using sync_data = bulk::path<"/syncs/{id}/data">;

#ifndef REFUSE
[[maybe_unused]] auto const expanded = sync_data::expand(bulk::id(7));
#else
[[maybe_unused]] auto const expanded = sync_data::expand(bulk::id(7), bulk::id(8));
#endif
