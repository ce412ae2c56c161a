// SPDX-License-Identifier: BSL-1.0
// refused: no matching (member )?function for call to [\s\S]*(satisfaction of .CONCEPT<E>. ?\[with E = eloqua::bulk::ENTITY\]|ENTITY'? does not satisfy 'CONCEPT')
// The operations that entities lack, all of them.
// with: ENTITY=activities_t RESOURCE=sync_actions CONCEPT=has_sync_action_definitions
// with: ENTITY=event RESOURCE=sync_actions CONCEPT=has_sync_action_definitions
// with: ENTITY=campaign_responses_t RESOURCE=sync_actions CONCEPT=has_sync_action_definitions
// with: ENTITY=campaigns_t RESOURCE=sync_actions CONCEPT=has_sync_action_definitions
// with: ENTITY=opportunities_t RESOURCE=sync_actions CONCEPT=has_sync_action_definitions
// with: ENTITY=opportunity_contacts_t RESOURCE=sync_actions CONCEPT=has_sync_action_definitions
// with: ENTITY=email_addresses_t RESOURCE=sync_actions CONCEPT=has_sync_action_definitions
// with: ENTITY=phone_numbers_t RESOURCE=sync_actions CONCEPT=has_sync_action_definitions
// with: ENTITY=campaigns_t RESOURCE=exports CONCEPT=exportable
// with: ENTITY=opportunities_t RESOURCE=exports CONCEPT=exportable
// with: ENTITY=opportunity_contacts_t RESOURCE=exports CONCEPT=exportable
// with: ENTITY=email_addresses_t RESOURCE=exports CONCEPT=exportable
// with: ENTITY=phone_numbers_t RESOURCE=exports CONCEPT=exportable
// with: ENTITY=campaigns_t RESOURCE=imports CONCEPT=importable
// with: ENTITY=opportunity_contacts_t RESOURCE=fields CONCEPT=has_field_list
// with: ENTITY=email_addresses_t RESOURCE=fields CONCEPT=has_field_list
// with: ENTITY=phone_numbers_t RESOURCE=fields CONCEPT=has_field_list
#include <eloqua/bulk/client.hpp>

namespace bulk = eloqua::bulk;

#ifndef REFUSE
using entity_asked = bulk::contacts_t;
#define RESOURCE exports
#else
using entity_asked = bulk::ENTITY;
#endif

[[maybe_unused]] auto all_of(bulk::client const& client, entity_asked const& asked) {
    return client.RESOURCE(asked).list();
}
