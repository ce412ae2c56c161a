// SPDX-License-Identifier: BSL-1.0
// refused: (?s)(?=.*root_of_member<person, .*"?company)(?=.*this member's statement belongs to another entity)
// A statement of accounts in a row of contacts.
#include <eloqua/bulk/bound_entity.hpp>

#include <boost/describe/class.hpp>

#include <string>

namespace bulk = eloqua::bulk;

struct person {
    std::string email;
    std::string company;
#ifndef REFUSE
    using eloqua_fields =
        bulk::fields<bulk::statement<&person::company, "{{Contact.Account.Field(M_CompanyName)}}">>;
#else
    using eloqua_fields =
        bulk::fields<bulk::statement<&person::company, "{{Account.Field(M_CompanyName)}}">>;
#endif
};
BOOST_DESCRIBE_STRUCT(person, (), (email, company))

static_assert(bulk::detail::check_exportable<person, bulk::contacts_t>());
