// SPDX-License-Identifier: BSL-1.0
// refused: (?s)(?=.*statement<&person::company)(?=.*a statement is written in full: \{\{Contact)
// A statement without its braces.
#include <eloqua/bulk/schema/row_checks.hpp>

#include <boost/describe/class.hpp>

#include <string>

namespace bulk = eloqua::bulk;

struct person {
    std::string company;
#ifndef REFUSE
    using eloqua_fields =
        bulk::fields<bulk::statement<&person::company, "{{Contact.Account.Field(M_CompanyName)}}">>;
#else
    using eloqua_fields =
        bulk::fields<bulk::statement<&person::company, "Contact.Account.Field(M_CompanyName)">>;
#endif
};
BOOST_DESCRIBE_STRUCT(person, (), (company))

static_assert(bulk::detail::check_exportable<person, bulk::contacts_t>());
