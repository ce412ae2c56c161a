// SPDX-License-Identifier: BSL-1.0
// Shared by the fuzzers of pages: decoding a page whole or in pieces.
#pragma once

#include <eloqua/bulk/detail/codec/column.hpp>
#include <eloqua/bulk/detail/codec/row_decoder.hpp>

#include <boost/describe/class.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fuzz {

namespace bulk = eloqua::bulk;

inline void require(bool holds) {
    if (!holds)
        std::abort();
}

/// The lengths of the pieces, and the page.
inline std::pair<std::string_view, std::string_view> split(std::uint8_t const* bytes,
                                                           std::size_t size) {
    std::string_view const input(reinterpret_cast<char const*>(bytes), size);
    std::size_t const end = std::min(input.find('\n'), input.size());
    return {input.substr(0, end), input.substr(std::min(end + 1, input.size()))};
}

template <class Row>
struct sink final : bulk::detail::row_sink {
    Row current{};
    std::vector<Row> rows;
    void* begin_row() override { return &current; }
    void end_row(bool complete) override {
        if (complete)
            rows.push_back(current);
    }
};

template <class Row>
struct outcome {
    std::vector<Row> rows;
    int wrong = 0;
};

/// Decodes a page in pieces of these lengths, repeated as needed; without lengths, the whole page
/// at once.
template <class Row>
outcome<Row> decode(bulk::detail::row_decoder& decoder, std::string_view page,
                    std::string_view lengths) {
    sink<Row> into;
    decoder.begin_page(0);
    std::size_t piece = 0;
    while (!page.empty()) {
        auto const room = decoder.prepare();
        std::size_t n = std::min(room.size(), page.size());
        if (!lengths.empty())
            n = std::min<std::size_t>(
                n, static_cast<unsigned char>(lengths[piece++ % lengths.size()]) % 32u + 1);
        std::copy_n(page.data(), n, room.data());
        page.remove_prefix(n);
        if (auto const r = decoder.commit(n, into); !r)
            return {into.rows, r.error().code.value()};
    }
    auto const r = decoder.finish();
    return {into.rows, r ? 0 : r.error().code.value()};
}

} // namespace fuzz
