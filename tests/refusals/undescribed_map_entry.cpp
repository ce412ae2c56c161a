// SPDX-License-Identifier: BSL-1.0
// refused: (?s)(?=.*entry_of_field_map<person, .*field<&person::secret)(?=.*names a member that BOOST_DESCRIBE_STRUCT does not list)
// A map entry for a member that is not described.
#include <eloqua/bulk/bound_entity.hpp>

#include <boost/describe/class.hpp>

#include <string>

namespace bulk = eloqua::bulk;

struct person {
    std::string email;
    std::string secret;
    using eloqua_fields = bulk::fields<bulk::field<&person::secret, "C_Secret">>;
};
#ifndef REFUSE
BOOST_DESCRIBE_STRUCT(person, (), (email, secret))
#else
BOOST_DESCRIBE_STRUCT(person, (), (email))
#endif

static_assert(bulk::detail::check_exportable<person, bulk::contacts_t>());
