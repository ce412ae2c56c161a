// SPDX-License-Identifier: BSL-1.0
// refused: (?=[\s\S]*ordered<[^\n]*person::stage)[\s\S]*static assertion failed.*eloqua: the service orders enumerators and booleans by their texts
// Enumerators by their order, which is another at the service.
#include <eloqua/bulk/schema/where.hpp>

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

namespace bulk = eloqua::bulk;

enum class stage_of_life { lead, customer };
BOOST_DESCRIBE_ENUM(stage_of_life, lead, customer)
struct person {
    stage_of_life stage;
};
BOOST_DESCRIBE_STRUCT(person, (), (stage))

#ifndef REFUSE
[[maybe_unused]] auto const f = bulk::where<&person::stage> != stage_of_life::lead;
#else
[[maybe_unused]] auto const f = bulk::where<&person::stage> > stage_of_life::lead;
#endif
