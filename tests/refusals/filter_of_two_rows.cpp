// SPDX-License-Identifier: BSL-1.0
// refused: (?=[\s\S]*rows_of_filter<person, stranger)[\s\S]*static assertion failed.*eloqua: these two filters are on the members of different rows
// Conditions on two unrelated rows.
#include <eloqua/bulk/filter.hpp>

#include <boost/describe/class.hpp>

#include <string>

namespace bulk = eloqua::bulk;

struct person {
    std::string email;
};
BOOST_DESCRIBE_STRUCT(person, (), (email))
struct employee : person {
    std::string company;
};
BOOST_DESCRIBE_STRUCT(employee, (person), (company))
struct stranger {
    std::string company;
};
BOOST_DESCRIBE_STRUCT(stranger, (), (company))

[[maybe_unused]] auto some() {
#ifndef REFUSE
    return bulk::where<&person::email> == "x" && bulk::where<&employee::company> == "y";
#else
    return bulk::where<&person::email> == "x" && bulk::where<&stranger::company> == "y";
#endif
}
