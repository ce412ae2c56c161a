// SPDX-License-Identifier: BSL-1.0
// refused: (?s)(?=.*NAMES)(?=.*eloqua: .*SAYS)
// Entries for blanks that have no effect or are ambiguous: for a member that is not described, that
// already has an entry, or that can be blank; and a value that does not fit.
// with: NAMES=.*default_if_blank<&person::secret MEMBER=secret VALUE= SAYS=names.a.member.that
// with: NAMES=.*default_if_blank<&person::age MEMBER=age VALUE=,1 SAYS=another.entry.of.eloqua_bl
// with: NAMES=.*default_if_blank<&person::email MEMBER=email VALUE= SAYS=this.member.can.be
// with: NAMES=.*default_if_blank<&person::country MEMBER=country VALUE= SAYS=this.member.can
// with: NAMES=.*default_if_blank<&person::visits MEMBER=visits VALUE=,300 SAYS=is.not.of.the
// with: NAMES=blanks_check<person, MEMBER=visits VALUE= NO_POLICY=1 SAYS=is.not.a.bulk::blanks
#include <eloqua/bulk/detail/codec/column.hpp>

#include <boost/describe/class.hpp>

#include <optional>
#include <string>

namespace bulk = eloqua::bulk;

#ifndef REFUSE
#define MEMBER visits
#define VALUE , 30
#endif

struct person {
    std::string email;
    std::optional<std::string> country;
    signed char visits;
    int age;
    int secret;
#ifndef NO_POLICY
    using eloqua_blanks = bulk::blanks<bulk::default_if_blank<&person::age>,
                                       bulk::default_if_blank<&person::MEMBER VALUE>>;
#else
    using eloqua_blanks = bulk::default_if_blank<&person::visits>;
#endif
};
BOOST_DESCRIBE_STRUCT(person, (), (email, country, visits, age))

[[maybe_unused]] auto const& codec = bulk::detail::row_codec<person>;
