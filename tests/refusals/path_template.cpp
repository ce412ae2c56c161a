// SPDX-License-Identifier: BSL-1.0
// refused: a path template is segments of letters or \{parameters\}, each after one '/'
// A malformed path template does not compile, and the message says what one looks like.
#include <eloqua/bulk/entity.hpp>

namespace bulk = eloqua::bulk;

#ifndef REFUSE
using sync_data = bulk::path<"/syncs/{id}/data">;
#else
using sync_data = bulk::path<"/syncs/{id/data">;
#endif

[[maybe_unused]] auto const expanded = sync_data::expand(bulk::id(7));
