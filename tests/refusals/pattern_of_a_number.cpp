// SPDX-License-Identifier: BSL-1.0
// refused: (?=[\s\S]*pattern_of_text<[^\n]*person::age)[\s\S]*static assertion failed.*eloqua: like, starts_with, contains and ends_with are for texts
// with: OPERATOR=like
// with: OPERATOR=starts_with
// with: OPERATOR=contains
// with: OPERATOR=ends_with
// A text pattern for a number.
#include <eloqua/bulk/filter.hpp>

#include <boost/describe/class.hpp>

#include <string>

namespace bulk = eloqua::bulk;

struct person {
    std::string name;
    int age;
};
BOOST_DESCRIBE_STRUCT(person, (), (name, age))

#ifndef REFUSE
[[maybe_unused]] auto const f = bulk::where<&person::name>.starts_with("4");
#else
[[maybe_unused]] auto const f = bulk::where<&person::age>.OPERATOR("4");
#endif
