// SPDX-License-Identifier: BSL-1.0
// refused: (?=[\s\S]*filter_of_entity<[^\n]*with_contact_fields, [^\n]*activities_t)[\s\S]*static assertion failed.*eloqua: filters of the exported entity cannot have fields of contacts
// with: WHAT=bulk::where<&visit::email>
// with: WHAT=of_contact
// with: WHAT=whole
// A field of contacts in a filter of activities.
#include <eloqua/bulk/filter.hpp>
#include <eloqua/bulk/render_filter.hpp>

#include <boost/describe/class.hpp>

#include <string>

namespace bulk = eloqua::bulk;

struct visit {
    std::string email, asset;
    using eloqua_fields =
        bulk::fields<bulk::attribute<&visit::email, "Contact.Field(C_EmailAddress)">,
                     bulk::attribute<&visit::asset, "Asset.Name">>;
};
BOOST_DESCRIBE_STRUCT(visit, (), (email, asset))

inline constexpr auto of_contact = bulk::where_attribute<"Contact.Field(C_City)", std::string>;
inline constexpr auto whole =
    bulk::where_statement<"{{Activity.Contact.Field(C_City)}}", std::string>;

[[maybe_unused]] auto text() {
#ifndef REFUSE
    return bulk::render_filter(bulk::where<&visit::asset> == "x", bulk::activities);
#else
    return bulk::render_filter(WHAT == "x", bulk::activities);
#endif
}
