// SPDX-License-Identifier: BSL-1.0
// How all contenders fill the same row with the same conversions.
#pragma once

#include <eloqua/bulk/row.hpp>
#include <eloqua/bulk/value.hpp>

#include <boost/mp11/algorithm.hpp>

#include <stdexcept>
#include <string_view>

namespace codec_benchmarks {

namespace bulk = eloqua::bulk;

/// Calls `f(key, member)` for each member of a row, in the order of its description.
template <class Row, class F>
void for_each_member(Row& row, F f) {
    boost::mp11::mp_for_each<bulk::detail::row_members<std::remove_const_t<Row>>>(
        [&](auto member) { f(std::string_view(member.name), row.*member.pointer); });
}

template <class T>
void convert(std::string_view text, T& into) {
    if (!bulk::value_traits<T>::parse(text, into))
        throw std::runtime_error("a value that does not fit");
}

} // namespace codec_benchmarks
