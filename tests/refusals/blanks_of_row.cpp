// SPDX-License-Identifier: BSL-1.0
// refused: (?s)(?=.*entry_of_blanks<person, .*default_if_blank<&person::MEMBER)(?=.*eloqua: .*SAYS)
// Entries for blanks that have no effect, or none that is clear: of a member that is not described,
// of one that has an entry already, of members that can be blank; and a value that does not fit.
// with: MEMBER=secret VALUE= SAYS=names.a.member.that.BOOST_DESCRIBE_STRUCT
// with: MEMBER=age VALUE=,1 SAYS=another.entry.of.eloqua_blanks.names.the.same
// with: MEMBER=email VALUE= SAYS=this.member.can.be.blank
// with: MEMBER=country VALUE= SAYS=this.member.can.be.blank
// with: MEMBER=visits VALUE=,300 SAYS=is.none.of.the.member
#include <eloqua/bulk/codec/row_codec.hpp>

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
    using eloqua_blanks = bulk::blanks<bulk::default_if_blank<&person::age>,
                                       bulk::default_if_blank<&person::MEMBER VALUE>>;
};
BOOST_DESCRIBE_STRUCT(person, (), (email, country, visits, age))

[[maybe_unused]] auto const& codec = bulk::row_codec<person>;
