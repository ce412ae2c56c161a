// SPDX-License-Identifier: BSL-1.0
// refused: (?=[\s\S]*filter_of_entity<[^\n]*WHICH_t, [^\n]*accounts_t)[\s\S]*static assertion failed.*eloqua: this filter holds a list, segment, filter, type or statement of another entity
// with: WHICH=contacts WHAT=list
// with: WHICH=contacts WHAT=segment
// with: WHICH=contacts WHAT=city
// with: WHICH=activities WHAT=opened
// What is of one entity in a filter of another.
#include <eloqua/bulk/filter.hpp>
#include <eloqua/bulk/render_filter.hpp>

#include <string>

namespace bulk = eloqua::bulk;

inline auto const list = bulk::exists(bulk::contact_list(7));
inline auto const segment = bulk::exists(bulk::contact_segment(7));
inline auto const opened = bulk::activity_type_is(bulk::activity_type::EmailOpen);
inline auto const city = bulk::where_statement<"{{Contact.Field(C_City)}}", std::string> == "Gent";

[[maybe_unused]] auto text() {
#ifndef REFUSE
    return bulk::render_filter(bulk::exists(bulk::account_list(7)), bulk::accounts);
#else
    return bulk::render_filter(WHAT, bulk::accounts);
#endif
}
