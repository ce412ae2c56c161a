// SPDX-License-Identifier: BSL-1.0
// refused: identifier<person, &stranger::email, false, false>
// An identifier that is a member of another class.
#include <eloqua/bulk/bound_entity.hpp>

#include <boost/describe/class.hpp>

#include <string>

namespace bulk = eloqua::bulk;

struct person {
    std::string email;
};
BOOST_DESCRIBE_STRUCT(person, (), (email))
struct stranger {
    std::string email;
};

#ifndef REFUSE
static_assert(bulk::detail::check_identifier<person, bulk::contacts_t, &person::email>());
#else
static_assert(bulk::detail::check_identifier<person, bulk::contacts_t, &stranger::email>());
#endif
