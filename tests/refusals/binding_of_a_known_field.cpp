// SPDX-License-Identifier: BSL-1.0
// refused: (?s)(?=.*binding_of_member<warranty, &warranty::MEMBER, )(?=.*eloqua: .*SAYS)
// with: MEMBER=note SAYS=does.not.declare.as.runtime_field
// with: MEMBER=serial SAYS=this.member.is.bound.twice
// A binding of a member whose statement is in the map, or that is already bound.
#include <eloqua/bulk/bound_entity.hpp>

#include <boost/describe/class.hpp>

#include <string>

namespace bulk = eloqua::bulk;

struct warranty {
    std::string serial, note;
    using eloqua_fields = bulk::fields<bulk::runtime_field<&warranty::serial, "Serial Number">,
                                       bulk::field<&warranty::note, "Note1">>;
};
BOOST_DESCRIBE_STRUCT(warranty, (), (serial, note))

auto bound() {
    return bulk::bind_fields<warranty>(bulk::custom_object(23),
#ifdef REFUSE
                                       bulk::bound_to<&warranty::MEMBER>(977),
#endif
                                       bulk::bound_to<&warranty::serial>(976));
}
