// SPDX-License-Identifier: BSL-1.0
// refused: no matching (member )?function for call to [\s\S]*(satisfaction of .has_field_list<E>. ?\[with E = eloqua::bulk::email_addresses_t\]|email_addresses_t'? does not satisfy 'has_field_list')
// Fields of an entity that has none.
#include <eloqua/bulk/client.hpp>

namespace bulk = eloqua::bulk;

#ifndef REFUSE
constexpr auto asked = bulk::contacts;
#else
constexpr auto asked = bulk::email_addresses;
#endif

[[maybe_unused]] auto definitions(bulk::client const& client) {
    return client.fields(asked).list();
}
