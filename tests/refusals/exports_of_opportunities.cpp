// SPDX-License-Identifier: BSL-1.0
// refused: no matching (member )?function for call to [\s\S]*(satisfaction of .exportable<E>. ?\[with E = eloqua::bulk::opportunities_t\]|opportunities_t'? does not satisfy 'exportable')
// Exports of an entity that has none.
#include <eloqua/bulk/client.hpp>

namespace bulk = eloqua::bulk;

#ifndef REFUSE
constexpr auto asked = bulk::contacts;
#else
constexpr auto asked = bulk::opportunities;
#endif

[[maybe_unused]] auto definitions(bulk::client const& client) {
    return client.exports(asked).list();
}
