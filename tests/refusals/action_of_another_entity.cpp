// SPDX-License-Identifier: BSL-1.0
// refused: no matching function for call to .*define_sync_action[\s\S]*(acts_on<Actions, E>.*E = eloqua::bulk::accounts_t|acts_on<.*action_on<.*contacts_t.*>, .*accounts_t)
// A list of contacts as the destination of an action on accounts.
#include <eloqua/bulk/sync_actions.hpp>

namespace bulk = eloqua::bulk;

#ifndef REFUSE
using list = bulk::account_list;
#else
using list = bulk::contact_list;
#endif

[[maybe_unused]] auto action() {
    return bulk::define_sync_action(bulk::accounts, "add", bulk::account_identifier::company_name,
                                    bulk::add_to(list(7)));
}
