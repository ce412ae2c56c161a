// SPDX-License-Identifier: BSL-1.0
// refused: no matching (member )?function for call to [\s\S]*(importable<E>|campaigns_t' does not satisfy 'importable')
// Imports of an entity that has none.
#include <eloqua/bulk/client.hpp>

namespace bulk = eloqua::bulk;

#ifndef REFUSE
constexpr auto of = bulk::contacts;
#else
constexpr auto of = bulk::campaigns;
#endif

[[maybe_unused]] auto definitions(bulk::client const& client) {
    return client.imports(of).list();
}
