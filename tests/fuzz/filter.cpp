// SPDX-License-Identifier: BSL-1.0
// Uses any bytes as the values and the shape of a filter: a parser of the language must read the
// rendered filter as the same tree. Also uses any bytes as a filter's text, which must be parsed or
// refused.
#include <eloqua/bulk/simulator/detail/eel.hpp>

#include "../schema/filter_bytes.hpp"
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* bytes, std::size_t size) {
    std::string_view const text(reinterpret_cast<char const*>(bytes), size);
    (void)eloqua::bulk::simulation::parse_eel(text, false);
    (void)eloqua::bulk::simulation::parse_eel(text, true);

    filter_bytes::reader reader(text.substr(0, 2'000));
    if (filter_bytes::read_back(reader.any(6)) == filter_bytes::outcome::other_tree)
        std::abort();
    return 0;
}
