// SPDX-License-Identifier: BSL-1.0
// refused: type_of_member<.*person.*(status|115, 116, 97, 116, 117, 115).*stage
// An enum whose names are not described; row, member and type are named.
#include <eloqua/bulk/bound_entity.hpp>

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include <string>

namespace bulk = eloqua::bulk;

enum class stage { lead, customer };
#ifndef REFUSE
BOOST_DESCRIBE_ENUM(stage, lead, customer)
#endif

struct person {
    std::string email;
    stage status;
};
BOOST_DESCRIBE_STRUCT(person, (), (email, status))

static_assert(bulk::detail::check_exportable<person, bulk::contacts_t>());
