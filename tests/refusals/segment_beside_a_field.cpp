// SPDX-License-Identifier: BSL-1.0
// refused: (?=[\s\S]*beside_segment<[^\n]*(with_segment, [^\n]*without_segment|without_segment<[^\n]*with_segment))[\s\S]*static assertion failed.*eloqua: beside a contact segment the service takes conditions on UpdatedAt, CreatedAt, C_DateModified and C_DateCreated alone
// with: WHAT=segment&&belgian
// with: WHAT=belgian&&segment
// with: WHAT=segment&&recent&&city
// with: WHAT=segment&&(recent&&belgian)
// with: WHAT=segment&&(bounced||recent)
// with: WHAT=segment&&company
// A contact segment together with a condition that the service does not accept next to it.
#include <eloqua/bulk/filter.hpp>

#include <boost/describe/class.hpp>

#include <chrono>
#include <string>

namespace bulk = eloqua::bulk;

struct person {
    std::string country;
    bool bounced = false;
    std::chrono::sys_seconds updated;
    using eloqua_fields = bulk::fields<bulk::field<&person::country, "C_Country">,
                                       bulk::attribute<&person::bounced, "Email.IsBounced">,
                                       bulk::attribute<&person::updated, "UpdatedAt">>;
};
BOOST_DESCRIBE_STRUCT(person, (), (country, bounced, updated))

inline auto const segment = bulk::exists(bulk::contact_segment(7));
inline auto const belgian = bulk::where<&person::country> == "BE";
inline auto const bounced = bulk::where<&person::bounced> == true;
inline auto const recent = bulk::where<&person::updated> >= std::chrono::sys_days();
inline auto const city = bulk::where_field<"C_City", std::string> == "Gent";
inline auto const company =
    bulk::where_statement<"{{Contact.Account.Field(M_CompanyName)}}", std::string> == "Acme";

[[maybe_unused]] auto some() {
#ifndef REFUSE
    return segment && recent && bulk::where_field<"C_DateCreated", std::string>.is_blank();
#else
    return WHAT;
#endif
}
