// SPDX-License-Identifier: BSL-1.0
// refused: (?=[\s\S]*member_of_filter<ROW, [^\n]*ROW::age)[\s\S]*static assertion failed.*eloqua: (the row type of this filter is not described|where<> names a member that BOOST_DESCRIBE_STRUCT does not list)
// with: ROW=person
// with: ROW=stranger
// A member that Boost.Describe does not know.
#include <eloqua/bulk/filter.hpp>

#include <boost/describe/class.hpp>

namespace bulk = eloqua::bulk;

struct person {
    int visits, age;
};
BOOST_DESCRIBE_STRUCT(person, (), (visits))
struct stranger {
    int age;
};

#ifndef REFUSE
[[maybe_unused]] auto const f = bulk::where<&person::visits> == 7;
#else
[[maybe_unused]] auto const f = bulk::where<&ROW::age> == 7;
#endif
