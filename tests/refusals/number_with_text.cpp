// SPDX-License-Identifier: BSL-1.0
// refused: no match for .operator==.*condition_on<&person::age>|invalid operands to binary expression .*condition_on<&person::age>
// A number compared with a text.
#include <eloqua/bulk/schema/where.hpp>

#include <boost/describe/class.hpp>

namespace bulk = eloqua::bulk;

struct person {
    int age;
};
BOOST_DESCRIBE_STRUCT(person, (), (age))

#ifndef REFUSE
[[maybe_unused]] auto const f = bulk::where<&person::age> == 40;
#else
[[maybe_unused]] auto const f = bulk::where<&person::age> == "40";
#endif
