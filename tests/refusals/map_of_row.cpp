// SPDX-License-Identifier: BSL-1.0
// refused: (?s)(?=.*map_of_row<person,)(?=.*eloqua: this row's map is not a bulk::fields)
// with: MAP=1
// with: MAP=2
// with: MAP=3
// Invalid maps: an entry alone, one of another kind, a mapping without a type.
#include <eloqua/bulk/bound_entity.hpp>

#include <boost/describe/class.hpp>

#include <string>

namespace bulk = eloqua::bulk;

struct person {
    std::string email;
#if !defined(REFUSE)
    using eloqua_fields = bulk::fields<bulk::field<&person::email, "C_EmailAddress">>;
#elif MAP == 1
    using eloqua_fields = bulk::field<&person::email, "C_EmailAddress">;
#elif MAP == 2
    using eloqua_fields = bulk::fields<std::string>;
#endif
};
BOOST_DESCRIBE_STRUCT(person, (), (email))

#if defined(REFUSE) && MAP == 3
template <>
struct eloqua::bulk::mapping<person, eloqua::bulk::contacts_t> {};
#endif

static_assert(bulk::detail::check_exportable<person, bulk::contacts_t>());
