// SPDX-License-Identifier: BSL-1.0
// refused: number_of_columns<person, 251, 250>
// More columns than an export may have; their number and the limit are named.
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
PART(c)
PART(d)
PART(e)

struct person : part_a, part_b, part_c, part_d, part_e {
    std::string one_more;
};
#ifndef REFUSE
BOOST_DESCRIBE_STRUCT(person, (part_a, part_b, part_c, part_d, part_e), ())
#else
BOOST_DESCRIBE_STRUCT(person, (part_a, part_b, part_c, part_d, part_e), (one_more))
#endif

static_assert(bulk::detail::check_exportable<person, bulk::contacts_t>());
