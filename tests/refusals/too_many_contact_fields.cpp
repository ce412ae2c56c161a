// SPDX-License-Identifier: BSL-1.0
// refused: (?s)(?=.*number_of_contact_fields<opening, 11)(?=.*more contact fields than an export of this entity may have)
// An export of activities with more than ten fields of their contacts.
#include <eloqua/bulk/client.hpp>

#include <boost/describe/class.hpp>

#include <string>

namespace bulk = eloqua::bulk;

struct opening {
    std::string a, b, c, d, e, f, g, h, i, j, k;

    using eloqua_fields = bulk::fields<bulk::attribute<&opening::a, "Contact.Field(C_A)">,
                                       bulk::attribute<&opening::b, "Contact.Field(C_B)">,
                                       bulk::attribute<&opening::c, "Contact.Field(C_C)">,
                                       bulk::attribute<&opening::d, "Contact.Field(C_D)">,
                                       bulk::attribute<&opening::e, "Contact.Field(C_E)">,
                                       bulk::attribute<&opening::f, "Contact.Field(C_F)">,
                                       bulk::attribute<&opening::g, "Contact.Field(C_G)">,
                                       bulk::attribute<&opening::h, "Contact.Field(C_H)">,
                                       bulk::attribute<&opening::i, "Contact.Field(C_I)">,
                                       bulk::attribute<&opening::j, "Contact.Field(C_J)">
#ifdef REFUSE
                                       ,
                                       bulk::attribute<&opening::k, "Contact.Field(C_K)">
#endif
                                       >;
};
BOOST_DESCRIBE_STRUCT(opening, (), (a, b, c, d, e, f, g, h, i, j, k))

[[maybe_unused]] auto openings(bulk::client const& client) {
    return client.export_rows<opening>(bulk::activities_of(bulk::activity_type::EmailOpen));
}
