// SPDX-License-Identifier: BSL-1.0
// refused: no matching function for call to .*actions_for[\s\S]*go_together
// Two statuses of e-mail addresses that one definition cannot set.
#include <eloqua/bulk/sync_actions.hpp>

namespace bulk = eloqua::bulk;

[[maybe_unused]] auto actions() {
    return bulk::actions_for(bulk::email_addresses, bulk::unsubscribe_globally()
#ifdef REFUSE
                                                        ,
                             bulk::mark_bounced()
#endif
    );
}
