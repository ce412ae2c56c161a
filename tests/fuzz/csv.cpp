// SPDX-License-Identifier: BSL-1.0
// Any bytes as a page of CSV, whole and in pieces: both must come to the same rows, and both must
// be refused or neither. What was read must be read again once it is written. The bytes before the
// first '\n' say how long the pieces are; the rest is the page.
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
    static bulk::row_decoder decoder(bulk::row_codec<row>, bulk::rows_format::csv);
    auto const whole = decode<row>(decoder, page, {});
    auto const pieces = decode<row>(decoder, page, lengths);
    require(whole.rows == pieces.rows && (whole.wrong == 0) == (pieces.wrong == 0));

    static bulk::row_encoder encoder(bulk::row_codec<row>, bulk::columns_of<row, bulk::contacts_t>,
                                     bulk::rows_format::csv);
    encoder.clear();
    for (row const& each : whole.rows)
        require(encoder.append(&each) == bulk::row_encoder::fit::taken);
    if (!whole.rows.empty()) {
        auto const again = decode<row>(decoder, encoder.body(), {});
        require(again.wrong == 0 && again.rows == whole.rows);
    }
    return 0;
}
