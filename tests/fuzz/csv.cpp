// SPDX-License-Identifier: BSL-1.0
// Decodes any bytes as a page of CSV, whole and in pieces: both must give the same rows or both
// must refuse the page. Decoded rows must decode again after they were encoded. The bytes before
// the first '\n' are the lengths of the pieces; the rest is the page.
#include <eloqua/bulk/detail/codec/row_encoder.hpp>
#include <eloqua/bulk/entity.hpp>

#include "pieces.hpp"

namespace {

using namespace fuzz;

struct row {
    std::string a, b, c;
    friend bool operator==(row const&, row const&) = default;
};
BOOST_DESCRIBE_STRUCT(row, (), (a, b, c))

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* bytes, std::size_t size) {
    auto const [lengths, page] = split(bytes, size);
    static bulk::detail::row_decoder decoder(bulk::detail::row_codec<row>, bulk::rows_format::csv);
    auto const whole = decode<row>(decoder, page, {});
    auto const pieces = decode<row>(decoder, page, lengths);
    require(whole.rows == pieces.rows && (whole.wrong == 0) == (pieces.wrong == 0));

    static bulk::detail::row_encoder encoder(bulk::detail::row_codec<row>,
                                             bulk::detail::columns_of<row, bulk::contacts_t>,
                                             bulk::rows_format::csv);
    encoder.clear();
    for (row const& each : whole.rows)
        require(encoder.append(&each) == bulk::detail::row_encoder::fit::taken);
    if (!whole.rows.empty()) {
        auto const again = decode<row>(decoder, encoder.body(), {});
        require(again.wrong == 0 && again.rows == whole.rows);
    }
    return 0;
}
