// SPDX-License-Identifier: BSL-1.0
// Any bytes as the values and the shape of a filter: what is rendered must be the same tree to a
// parser of the language. Any bytes as a filter's text must be parsed or refused.
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
