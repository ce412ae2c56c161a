// SPDX-License-Identifier: BSL-1.0
// refused: type_of_member<.*person.*(tags|116, 97, 103, 115).*vector<
// A member whose type no field can hold; row, member and type are named.
#include <eloqua/bulk/bound_entity.hpp>

#include <boost/describe/class.hpp>

#include <string>
#include <vector>

namespace bulk = eloqua::bulk;

struct person {
    std::string email;
#ifndef REFUSE
    std::string tags;
#else
    std::vector<int> tags;
#endif
};
BOOST_DESCRIBE_STRUCT(person, (), (email, tags))

static_assert(bulk::detail::check_exportable<person, bulk::contacts_t>());
