// SPDX-License-Identifier: BSL-1.0
// refused: (?=[\s\S]*statement_of_filter<[^\n]*Country)[\s\S]*static assertion failed.*eloqua: this is not a statement
// with: WHAT=braced
// with: WHAT=quoted
// with: WHAT=bare
// A field by an invalid name, and an incomplete statement.
#include <eloqua/bulk/filter.hpp>

#include <string>

namespace bulk = eloqua::bulk;

template <class T>
auto braced = bulk::where_field<"{{Contact.Field(C_Country)}}", T> == "BE";
template <class T>
auto quoted = bulk::where_attribute<"Country'", T> == "BE";
template <class T>
auto bare = bulk::where_statement<"Contact.Field(C_Country)", T> == "BE";

#ifndef REFUSE
[[maybe_unused]] auto const f = bulk::where_field<"C_Country", std::string> == "BE";
#else
[[maybe_unused]] auto const f = WHAT<std::string>;
#endif
