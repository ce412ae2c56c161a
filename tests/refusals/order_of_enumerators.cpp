// SPDX-License-Identifier: BSL-1.0
// refused: (?=[\s\S]*ordered<[^\n]*person::MEMBER)[\s\S]*static assertion failed.*eloqua: the service orders enumerators and booleans by their texts
// with: MEMBER=stage VALUE=stage_of_life::lead
// with: MEMBER=subscribed VALUE=false
// with: MEMBER=flag VALUE=flag{}
// Ordered comparisons of enumerators, booleans and wrappers of one, which the service orders
// differently.
#include <eloqua/bulk/filter.hpp>

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include <optional>

namespace bulk = eloqua::bulk;

enum class stage_of_life { lead, customer };
BOOST_DESCRIBE_ENUM(stage_of_life, lead, customer)
struct flag {
    bool set;
    using eloqua_value = bulk::wrapping<&flag::set>;
};
struct person {
    stage_of_life stage;
    std::optional<bool> subscribed;
    ::flag flag;
};
BOOST_DESCRIBE_STRUCT(person, (), (stage, subscribed, flag))

#ifndef REFUSE
[[maybe_unused]] auto const f = bulk::where<&person::stage> != stage_of_life::lead &&
                                bulk::where<&person::subscribed> != false &&
                                bulk::where<&person::flag> != flag{};
#else
[[maybe_unused]] auto const f = bulk::where<&person::MEMBER> > VALUE;
#endif
