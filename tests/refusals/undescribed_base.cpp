// SPDX-License-Identifier: BSL-1.0
// refused: (?s)(?=.*base_of_row<person, home>)(?=.*is not described itself)
// A base that is listed, but not described.
#include <eloqua/bulk/bound_entity.hpp>

#include <boost/describe/class.hpp>

#include <string>

namespace bulk = eloqua::bulk;

struct home {
    std::string city;
};
#ifndef REFUSE
BOOST_DESCRIBE_STRUCT(home, (), (city))
#endif
struct person : home {
    std::string name;
};
BOOST_DESCRIBE_STRUCT(person, (home), (name))

static_assert(bulk::detail::check_exportable<person, bulk::contacts_t>());
