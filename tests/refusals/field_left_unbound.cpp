// SPDX-License-Identifier: BSL-1.0
// refused: runtime_field_of_member<warranty, .*(months|109, 111, 110, 116, 104, 115).*false>
// One of two fields is bound.
#include <eloqua/bulk/bound_entity.hpp>

#include <boost/describe/class.hpp>

#include <string>

namespace bulk = eloqua::bulk;

struct warranty {
    std::string serial;
    int months;
    using eloqua_fields = bulk::fields<bulk::runtime_field<&warranty::serial, "Serial Number">,
                                       bulk::runtime_field<&warranty::months, "Months">>;
};
BOOST_DESCRIBE_STRUCT(warranty, (), (serial, months))

auto bound() {
    return bulk::bind_fields<warranty>(bulk::custom_object(23),
#ifndef REFUSE
                                       bulk::bound_to<&warranty::months>(977),
#endif
                                       bulk::bound_to<&warranty::serial>(976));
}
