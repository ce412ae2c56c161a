// SPDX-License-Identifier: BSL-1.0
/// \file
/// Hashes of rows and values, equal in every process on every machine.
#pragma once

#include <eloqua/bulk/detail/codec/column.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace eloqua::bulk::detail {

/// Mixes the bits of a number, one to one: the last step of SplitMix64.
constexpr std::uint64_t mix_bits(std::uint64_t z) {
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    return z ^ z >> 31;
}

/// FNV-1a with 64 bits and a separator between texts.
class stable_hash {
public:
    void add(std::string_view text) {
        for (char const c : text)
            add(static_cast<unsigned char>(c));
        add(separator);
    }
    // The low bits of FNV depend on few bits of the text.
    std::uint64_t value() const { return mix_bits(value_); }

private:
    static constexpr unsigned char separator = 0xFF; // not valid in UTF-8
    void add(unsigned char byte) { value_ = (value_ ^ byte) * 0x100000001b3; }
    std::uint64_t value_ = 0xcbf29ce484222325;
};

/// The hash of a row's values as texts.
inline std::uint64_t hash_of_row(std::span<column_codec const> columns, void const* row,
                                 text_scratch& scratch) {
    stable_hash hash;
    for (std::size_t i = 0; i != columns.size(); ++i)
        hash.add(columns[i].text(row, i, scratch));
    return hash.value();
}

} // namespace eloqua::bulk::detail
