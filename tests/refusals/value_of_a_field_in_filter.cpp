// SPDX-License-Identifier: BSL-1.0
// refused: (?=[\s\S]*value_of_filter<[^\n]*C_Country[^\n]*(void ?\*))[\s\S]*static assertion failed.*eloqua: a field cannot hold values of this type
// A field by its name, with a value type that no field has.
#include <eloqua/bulk/filter.hpp>

#include <string>

namespace bulk = eloqua::bulk;

#ifndef REFUSE
[[maybe_unused]] auto const f = bulk::where_field<"C_Country", std::string>.is_blank();
#else
[[maybe_unused]] auto const f = bulk::where_field<"C_Country", void*>.is_blank();
#endif
