// SPDX-License-Identifier: BSL-1.0
// Shared parts of the tests of pages: a row type, a sink, and decoding in pieces.
#pragma once

#include <eloqua/bulk/detail/codec/column.hpp>
#include <eloqua/bulk/detail/codec/row_decoder.hpp>

#include <boost/describe/class.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace codec_tests {

namespace bulk = eloqua::bulk;

/// The rows of the sample pages.
struct contact {
    std::int64_t Id = 0;
    std::string EmailAddress;
    std::string FirstName;
    std::string LastName;
    std::optional<std::string> CompanyName;
    bool IsSubscribed = false;
    std::chrono::sys_time<std::chrono::milliseconds> UpdatedAt;
    friend bool operator==(contact const&, contact const&) = default;
};
BOOST_DESCRIBE_STRUCT(contact, (),
                      (Id, EmailAddress, FirstName, LastName, CompanyName, IsSubscribed, UpdatedAt))

/// Any three texts.
struct texts {
    std::string a, b, c;
    friend bool operator==(texts const&, texts const&) = default;
};
BOOST_DESCRIBE_STRUCT(texts, (), (a, b, c))

inline std::string shown(texts const& t) {
    return t.a + '|' + t.b + '|' + t.c;
}

/// Fills one object repeatedly, and shows each row when it is complete.
template <class Row>
class reusing_sink final : public bulk::detail::row_sink {
public:
    std::function<void(Row const&)> on_row;
    Row row{};
    int incomplete = 0;

    void* begin_row() override { return &row; }
    void end_row(bool complete) override {
        if (complete)
            on_row(row);
        else
            ++incomplete;
    }
};

/// The result of decoding a page.
template <class Row>
struct outcome {
    std::vector<Row> rows;
    bulk::detail::page_envelope envelope;
    std::optional<bulk::failure> wrong;
    int incomplete = 0;

    std::string detail() const { return wrong ? wrong->info.detail : "nothing is wrong"; }
};

/// The ends of the pieces of a page of `size` bytes: each of `n` bytes.
inline std::vector<std::size_t> pieces_of(std::size_t size, std::size_t n) {
    std::vector<std::size_t> ends;
    for (std::size_t at = 0; at < size; at += n)
        ends.push_back(std::min(at + n, size));
    return ends;
}

/// Decodes a page cut at these ends; the end of the last piece can be omitted.
template <class Row>
outcome<Row> decode(bulk::detail::row_decoder& decoder, std::string_view page,
                    std::vector<std::size_t> ends = {}, std::int64_t first_row = 0) {
    outcome<Row> out;
    reusing_sink<Row> sink;
    sink.on_row = [&](Row const& row) { out.rows.push_back(row); };
    auto done = [&](bulk::result<void> const& r) {
        if (r.has_error())
            out.wrong = r.error();
        out.envelope = decoder.envelope();
        out.incomplete = sink.incomplete;
    };
    ends.push_back(page.size());
    decoder.begin_page(first_row);
    std::size_t at = 0;
    for (std::size_t const cut : ends)
        for (std::size_t const end = std::min(cut, page.size()); at != end;) {
            auto const room = decoder.prepare();
            std::size_t const n = std::min(room.size(), end - at);
            std::copy_n(page.data() + at, n, room.data());
            at += n;
            if (auto const r = decoder.commit(n, sink); !r) {
                done(r);
                return out;
            }
        }
    done(decoder.finish());
    return out;
}

template <class Row>
outcome<Row> decode(std::string_view page, std::vector<std::size_t> ends = {},
                    std::int64_t first_row = 0, bulk::rows_format format = {}) {
    bulk::detail::row_decoder decoder(bulk::detail::row_codec<Row>, format);
    return decode<Row>(decoder, page, std::move(ends), first_row);
}

/// A page with these items and nothing else.
inline std::string page_of(std::string_view items) {
    return "{\"items\":[" + std::string(items) + "]}";
}

/// The rows of a page of `texts` in order, or the error.
inline std::string read_texts(std::string_view page, std::vector<std::size_t> ends = {}) {
    auto const out = decode<texts>(page, std::move(ends));
    std::string all;
    for (texts const& each : out.rows)
        all += '<' + shown(each) + '>';
    return out.wrong ? all + "! " + out.detail() : all;
}

} // namespace codec_tests
