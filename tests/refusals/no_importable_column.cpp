// SPDX-License-Identifier: BSL-1.0
// refused: (?s)(?=.*number_of_columns<person, 0, 100>)(?=.*the row has no column)
// An import of only system values and fields of the account, all of which imports leave out.
#include <eloqua/bulk/bound_entity.hpp>

#include <boost/describe/class.hpp>

#include <chrono>
#include <string>

namespace bulk = eloqua::bulk;

struct person {
    std::chrono::sys_seconds updated;
    std::string company;
    using eloqua_fields = bulk::fields<
#ifdef REFUSE
        bulk::statement<&person::company, "{{Contact.Account.Field(M_CompanyName)}}">,
#endif
        bulk::attribute<&person::updated, "UpdatedAt">>;
};
BOOST_DESCRIBE_STRUCT(person, (), (updated, company))

static_assert(bulk::detail::check_importable<person, bulk::contacts_t>());
