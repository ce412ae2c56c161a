// SPDX-License-Identifier: BSL-1.0
// refused: (?=[\s\S]*ordered<[^\n]*person::subscribed)[\s\S]*static assertion failed.*eloqua: the service orders enumerators and booleans by their texts
// Booleans by their order, which is one of texts at the service.
#include <eloqua/bulk/schema/where.hpp>

#include <boost/describe/class.hpp>

#include <optional>

namespace bulk = eloqua::bulk;

struct person {
    std::optional<bool> subscribed;
};
BOOST_DESCRIBE_STRUCT(person, (), (subscribed))

#ifndef REFUSE
[[maybe_unused]] auto const f = bulk::where<&person::subscribed> != false;
#else
[[maybe_unused]] auto const f = bulk::where<&person::subscribed> > false;
#endif
