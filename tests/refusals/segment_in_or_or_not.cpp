// SPDX-License-Identifier: BSL-1.0
// refused: (?=[\s\S]*segment_in_or_or_not<[^\n]*with_segment)[\s\S]*static assertion failed.*eloqua: the service takes a contact segment neither in OR nor in NOT
// with: WHAT=segment||recent
// with: WHAT=belgian||segment
// with: WHAT=!segment
// with: WHAT=!(segment&&recent)
// with: WHAT=(recent&&segment)||recent
// A contact segment that is not joined by AND.
#include <eloqua/bulk/filter.hpp>

#include <chrono>
#include <string>

namespace bulk = eloqua::bulk;

inline auto const segment = bulk::exists(bulk::contact_segment(7));
inline auto const list = bulk::exists(bulk::contact_list(7));
inline auto const belgian = bulk::where_field<"C_Country", std::string> == "BE";
inline auto const recent =
    bulk::where_attribute<"UpdatedAt", std::chrono::sys_seconds> >= std::chrono::sys_days();

[[maybe_unused]] auto some() {
#ifndef REFUSE
    return !list || belgian || recent;
#else
    return WHAT;
#endif
}
