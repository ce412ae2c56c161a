// SPDX-License-Identifier: BSL-1.0
// refused: (?s)(?=.*number_of_columns<person, 0, 250>)(?=.*the row has no column)
// A row type with no described member.
#include <eloqua/bulk/bound_entity.hpp>

#include <boost/describe/class.hpp>

#include <string>

namespace bulk = eloqua::bulk;

struct person {
    std::string email;
};
#ifndef REFUSE
BOOST_DESCRIBE_STRUCT(person, (), (email))
#else
BOOST_DESCRIBE_STRUCT(person, (), ())
#endif

static_assert(bulk::detail::check_exportable<person, bulk::contacts_t>());
