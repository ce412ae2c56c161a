// SPDX-License-Identifier: BSL-1.0
// refused: statement_of_member<person, .*(mail|109, 97, 105, 108).*false>
// with: ENTRY=field TEXT="C_EmailAddress"
// with: ENTRY=attribute TEXT="Field(C_EmailAddress)"
// with: ENTRY=statement TEXT="{{Contact.Field(C_EmailAddress)}}"
// Two members with one statement, however it is written; the second is named.
#include <eloqua/bulk/bound_entity.hpp>

#include <boost/describe/class.hpp>

#include <string>

namespace bulk = eloqua::bulk;

struct person {
    std::string email;
    std::string mail;
#ifndef REFUSE
    using eloqua_fields = bulk::fields<bulk::field<&person::email, "C_EmailAddress">>;
#else
    using eloqua_fields = bulk::fields<bulk::field<&person::email, "C_EmailAddress">,
                                       bulk::ENTRY<&person::mail, TEXT>>;
#endif
};
BOOST_DESCRIBE_STRUCT(person, (), (email, mail))

static_assert(bulk::detail::check_exportable<person, bulk::contacts_t>());
