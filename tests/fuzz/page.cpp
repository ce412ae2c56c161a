// SPDX-License-Identifier: BSL-1.0
// Decodes any bytes as a page of rows, whole and in pieces: both must give the same rows or both
// must refuse the page; Boost.JSON's parser must agree. The bytes before the first '\n' are the
// lengths of the pieces; the rest is the page.
#include "../codec/oracle.hpp"
#include "pieces.hpp"
#include <chrono>

namespace {

using namespace fuzz;

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

struct view_row {
    std::string_view EmailAddress;
    std::optional<std::string_view> FirstName;
};
BOOST_DESCRIBE_STRUCT(view_row, (), (EmailAddress, FirstName))

/// Copies what the views show while they are valid.
struct view_sink final : bulk::detail::row_sink {
    view_row current;
    std::vector<std::pair<std::string, std::optional<std::string>>> rows;
    void* begin_row() override { return &current; }
    void end_row(bool complete) override {
        if (complete)
            rows.emplace_back(current.EmailAddress, current.FirstName);
    }
};

} // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* bytes, std::size_t size) {
    auto const [lengths, page] = split(bytes, size);
    // One decoder for all pages: a page must not affect the next one.
    static bulk::detail::row_decoder decoder(bulk::detail::row_codec<row>);
    auto const whole = decode<row>(decoder, page, {});
    auto const pieces = decode<row>(decoder, page, lengths);
    // If a page has several errors, the reported one may depend on the pieces: a row is decoded
    // when it is complete.
    require(whole.rows == pieces.rows && (whole.wrong == 0) == (pieces.wrong == 0));

    // The decoder skips a byte order mark, the oracle does not.
    std::string_view json = page;
    json.remove_prefix(std::min(json.find_first_not_of(" \t\r\n"), json.size()));
    json = bulk::detail::without_byte_order_mark(json);
    auto const oracle = codec_tests::ask_oracle<row>(json);
    if (!oracle.wrong)
        // The decoder refuses what the oracle accepts: envelope members that appear twice.
        require(whole.wrong == 0 ? whole.rows == oracle.rows
                                 : std::string_view(page).find('"') != page.npos);
    else
        // The oracle's numbers are bounded, the decoder's are texts.
        require(whole.wrong != 0 || page.find_first_of("eE") != page.npos);

    static bulk::detail::row_decoder view_decoder(bulk::detail::row_codec<view_row>);
    view_sink views;
    view_decoder.begin_page(0);
    std::string_view rest = page;
    for (std::size_t piece = 0; !rest.empty(); ++piece) {
        auto const room = view_decoder.prepare();
        std::size_t n = std::min(room.size(), rest.size());
        if (!lengths.empty())
            n = std::min<std::size_t>(n,
                                      static_cast<unsigned char>(lengths[piece % lengths.size()]));
        n = std::max<std::size_t>(n, 1);
        std::copy_n(rest.data(), n, room.data());
        rest.remove_prefix(n);
        if (!view_decoder.commit(n, views))
            break;
    }
    for (std::size_t i = 0; i != std::min(views.rows.size(), whole.rows.size()); ++i)
        require(views.rows[i].first == whole.rows[i].EmailAddress &&
                views.rows[i].second == whole.rows[i].FirstName);
    return 0;
}
