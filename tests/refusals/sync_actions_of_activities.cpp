// SPDX-License-Identifier: BSL-1.0
// refused: no matching (member )?function for call to [\s\S]*(satisfaction of .has_sync_action_definitions<E>. ?\[with E = eloqua::bulk::activities_t\]|activities_t'? does not satisfy 'has_sync_action_definitions')
// Definitions of sync actions of an entity that has none.
#include <eloqua/bulk/client.hpp>

namespace bulk = eloqua::bulk;

#ifndef REFUSE
constexpr auto asked = bulk::contacts;
#else
constexpr auto asked = bulk::activities;
#endif

[[maybe_unused]] auto definitions(bulk::client const& client) {
    return client.sync_actions(asked).list();
}
