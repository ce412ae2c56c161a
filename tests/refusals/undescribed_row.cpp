// SPDX-License-Identifier: BSL-1.0
// refused: (?s)(?=.*described_row<person,)(?=.*eloqua: the row type is not described; list its members with BOOST_DESCRIBE_STRUCT)
// A row type that Boost.Describe does not know.
#include <eloqua/bulk/bound_entity.hpp>

#include <boost/describe/class.hpp>

#include <string>

namespace bulk = eloqua::bulk;

struct person {
    std::string email;
};
#ifndef REFUSE
BOOST_DESCRIBE_STRUCT(person, (), (email))
#endif

static_assert(bulk::detail::check_exportable<person, bulk::contacts_t>());
