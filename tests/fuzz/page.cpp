// SPDX-License-Identifier: BSL-1.0
// Any bytes as a page of rows, whole and in pieces: both must come to the same rows and the same
// verdict. The bytes before the first '\n' say how long the pieces are; the rest is the page.
#include <eloqua/bulk/codec/row_codec.hpp>
#include <eloqua/bulk/codec/row_decoder.hpp>

#include <boost/describe/class.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bulk = eloqua::bulk;

namespace {

struct row {
    std::string EmailAddress;
    std::optional<std::string> FirstName;
    std::optional<std::int64_t> Id;
    std::optional<double> Weight;
    std::optional<bool> IsSubscribed;
    std::optional<std::chrono::sys_time<std::chrono::milliseconds>> UpdatedAt;
    friend bool operator==(row const&, row const&) = default;
};
BOOST_DESCRIBE_STRUCT(row, (), (EmailAddress, FirstName, Id, Weight, IsSubscribed, UpdatedAt))

struct sink final : bulk::row_sink {
    row current;
    std::vector<row> rows;
    void* begin_row() override { return &current; }
    void end_row(bool complete) override {
        if (complete)
            rows.push_back(current);
    }
};

struct outcome {
    std::vector<row> rows;
    int wrong = 0;
    friend bool operator==(outcome const&, outcome const&) = default;
};

outcome decode(bulk::row_decoder& decoder, std::string_view page, std::string_view lengths) {
    sink into;
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

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* bytes, std::size_t size) {
    std::string_view const input(reinterpret_cast<char const*>(bytes), size);
    std::size_t const end = std::min(input.find('\n'), input.size());
    std::string_view const page = input.substr(std::min(end + 1, input.size()));
    // One decoder for all: whatever a page did to it must not show in the next.
    static bulk::row_decoder decoder(bulk::row_codec<row>);
    if (decode(decoder, page, {}) != decode(decoder, page, input.substr(0, end)))
        std::abort();
    return 0;
}
