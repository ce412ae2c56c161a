// SPDX-License-Identifier: BSL-1.0
// refused: (?s)(?=.*name_of_member<person, .*"?city)(?=.*two bases of the row have a member of this name)
// Two bases with a member of the same name, mapped to different fields.
#include <eloqua/bulk/bound_entity.hpp>

#include <boost/describe/class.hpp>

#include <string>

namespace bulk = eloqua::bulk;

struct home {
    std::string city;
    using eloqua_fields = bulk::fields<bulk::field<&home::city, "C_City">>;
};
BOOST_DESCRIBE_STRUCT(home, (), (city))
struct work {
#ifndef REFUSE
    std::string town;
    using eloqua_fields = bulk::fields<bulk::field<&work::town, "C_Town">>;
};
BOOST_DESCRIBE_STRUCT(work, (), (town))
#else
    std::string city;
    using eloqua_fields = bulk::fields<bulk::field<&work::city, "C_Town">>;
};
BOOST_DESCRIBE_STRUCT(work, (), (city))
#endif
struct person : home, work {};
BOOST_DESCRIBE_STRUCT(person, (home, work), ())

static_assert(bulk::detail::check_exportable<person, bulk::contacts_t>());
