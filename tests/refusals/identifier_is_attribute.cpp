// SPDX-License-Identifier: BSL-1.0
// refused: identifier<person, &person::updated, true, false>
// An identifier that is not imported, since it is a system value; row and member are named.
#include <eloqua/bulk/bound_entity.hpp>

#include <boost/describe/class.hpp>

#include <chrono>
#include <string>

namespace bulk = eloqua::bulk;

struct person {
    std::string email;
    std::chrono::sys_seconds updated;
    using eloqua_fields = bulk::fields<bulk::attribute<&person::updated, "UpdatedAt">>;
};
BOOST_DESCRIBE_STRUCT(person, (), (email, updated))

#ifndef REFUSE
static_assert(bulk::detail::check_identifier<person, bulk::contacts_t, &person::email>());
#else
static_assert(bulk::detail::check_identifier<person, bulk::contacts_t, &person::updated>());
#endif
