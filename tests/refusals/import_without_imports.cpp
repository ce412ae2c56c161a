// SPDX-License-Identifier: BSL-1.0
// refused: no matching (member )?function for call to .*import_rows[\s\S]*(satisfaction of .importable<E>. ?\[with E = eloqua::bulk::campaigns_t\]|campaigns_t'? does not satisfy 'importable')
// An import to an entity that has none.
#include <eloqua/bulk/client.hpp>

#include <boost/describe/class.hpp>

#include <string>
#include <vector>

namespace bulk = eloqua::bulk;

struct named {
    std::string name;
};
BOOST_DESCRIBE_STRUCT(named, (), (name))

#ifndef REFUSE
#define ENTITY accounts
#else
#define ENTITY campaigns
#endif

[[maybe_unused]] auto import(bulk::client const& client, std::vector<named> const& rows) {
    return client.import_rows(bulk::ENTITY, bulk::identified_by<&named::name>, rows);
}
