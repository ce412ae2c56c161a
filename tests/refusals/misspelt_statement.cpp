// SPDX-License-Identifier: BSL-1.0
// refused: (?s)(?=.*ENTRY<&person::company)(?=.*eloqua: .*SAYS)
// with: ENTRY=statement TEXT="Contact.Field(C_City)" SAYS=a.statement.is.written.in.full
// with: ENTRY=statement TEXT="{{Contact.Field('C_City')}}" SAYS=a.statement.is.written
// with: ENTRY=field TEXT="{{Contact.Field(C_Company)}}" SAYS=a.field.is.named.by.its.internal
// with: ENTRY=field TEXT="" SAYS=a.field.is.named.by.its.internal.name
// with: ENTRY=attribute TEXT="{{Contact.Id}}" SAYS=an.attribute.is.written.without.braces
// with: ENTRY=runtime_field TEXT="" SAYS=a.runtime_field.needs.the.name
// Map entries whose texts do not suit them.
#include <eloqua/bulk/bound_entity.hpp>

#include <boost/describe/class.hpp>

#include <string>

namespace bulk = eloqua::bulk;

#ifndef REFUSE
#define ENTRY statement
#define TEXT "{{Contact.Account.Field(M_CompanyName)}}"
#endif

struct person {
    std::string company;
    using eloqua_fields = bulk::fields<bulk::ENTRY<&person::company, TEXT>>;
};
BOOST_DESCRIBE_STRUCT(person, (), (company))

static_assert(bulk::detail::check_exportable<person, bulk::contacts_t>());
