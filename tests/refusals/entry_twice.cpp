// SPDX-License-Identifier: BSL-1.0
// refused: (?s)(?=.*entry_of_field_map<person, .*field<&person::email)(?=.*another entry of eloqua_fields names the same member)
// Two entries of the map for one member.
#include <eloqua/bulk/bound_entity.hpp>

#include <boost/describe/class.hpp>

#include <string>

namespace bulk = eloqua::bulk;

struct person {
    std::string email;
    std::string mail;
#ifndef REFUSE
    using eloqua_fields = bulk::fields<bulk::field<&person::email, "C_EmailAddress">,
                                       bulk::field<&person::mail, "C_Mail">>;
#else
    using eloqua_fields = bulk::fields<bulk::field<&person::email, "C_EmailAddress">,
                                       bulk::field<&person::email, "C_Mail">>;
#endif
};
BOOST_DESCRIBE_STRUCT(person, (), (email, mail))

static_assert(bulk::detail::check_exportable<person, bulk::contacts_t>());
