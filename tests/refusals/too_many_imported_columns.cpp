// SPDX-License-Identifier: BSL-1.0
// refused: (?s)(?=.*number_of_columns<person, 101, 100>)(?=.*more columns than a definition may have)
// More columns than an import may have; a system value is not among them.
#include <eloqua/bulk/bound_entity.hpp>

#include <boost/describe/class.hpp>
#include <boost/preprocessor/cat.hpp>
#include <boost/preprocessor/repetition/enum_params.hpp>
#include <boost/preprocessor/repetition/repeat.hpp>

#include <string>

namespace bulk = eloqua::bulk;

#define MEMBER(z, n, name) std::string BOOST_PP_CAT(name, n);
#define PART(name)                                                                                 \
    struct part_##name {                                                                           \
        BOOST_PP_REPEAT(50, MEMBER, name)                                                          \
    };                                                                                             \
    BOOST_DESCRIBE_STRUCT(part_##name, (), (BOOST_PP_ENUM_PARAMS(50, name)))
PART(a)
PART(b)

struct person : part_a, part_b {
    std::string one_more;
#ifndef REFUSE
    using eloqua_fields = bulk::fields<bulk::attribute<&person::one_more, "Id">>;
#endif
};
BOOST_DESCRIBE_STRUCT(person, (part_a, part_b), (one_more))

static_assert(bulk::detail::check_importable<person, bulk::contacts_t>());
