// SPDX-License-Identifier: BSL-1.0
/// \file
/// Pages of rows, decoded while they arrive: JSON in pieces of any size in, rows out.
#pragma once

#include <eloqua/bulk/codec/page_handler.hpp>
#include <eloqua/bulk/codec/row_codec.hpp>
#include <eloqua/bulk/error.hpp>

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/error.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace eloqua::bulk {

/// Decodes pages of rows of one type, one page after another, each in pieces of any size:
///
///     decoder.begin_page(0);
///     while (std::size_t n = read(decoder.prepare()))
///         decoder.commit(n, sink).value();
///     decoder.finish().value();
///
/// Keys may come in any order, spacing and number; members that the row type lacks are skipped;
/// null and missing members are blank. Numbers and booleans count as their text.
/// Errors: `errc::malformed_response` with byte offset and row, for what is not JSON, no page, or
/// has a member twice; `errc::invalid_value` with row, member and text.
/// Memory: a buffer of 64 KiB and the text of one row, of which no value exceeds 4 MiB.
///
/// A template so that units which only see it do not compile the parser.
template <class Handler>
class basic_row_decoder {
public:
    /// `columns` must stay; a `row_codec` does for ever.
    explicit basic_row_decoder(std::span<column_codec const> columns)
        : parser_(boost::json::parse_options(), columns), buffer_(65'536) {}

    /// Forgets the page before, whatever became of it. `first_row` numbers rows in messages.
    void begin_page(std::int64_t first_row) {
        parser_.reset();
        parser_.handler().reset(first_row);
        consumed_ = 0;
    }

    /// Where the next bytes of the page belong.
    std::span<char> prepare() { return buffer_; }

    /// Decodes the first `n` bytes of what `prepare` returned. Rows that they complete go to `sink`
    /// before it returns.
    [[nodiscard]] result<void> commit(std::size_t n, row_sink& sink) {
        return feed(std::string_view(buffer_.data(), n), true, &sink);
    }

    /// The page has no more bytes. Error if it is cut short.
    [[nodiscard]] result<void> finish() { return feed({}, false, nullptr); }

    page_envelope const& envelope() const { return parser_.handler().envelope; }
    /// Complete rows of this page so far.
    std::int64_t rows() const { return parser_.handler().rows; }

private:
    result<void> feed(std::string_view bytes, bool more, row_sink* sink) {
        error_code ec;
        parser_.handler().sink = sink;
        std::size_t const used = parser_.write_some(more, bytes.data(), bytes.size(), ec);
        consumed_ += used;
        if (!ec && used != bytes.size() && bytes.find_first_not_of(" \t\r\n", used) != bytes.npos)
            return malformed("more text follows the page");
        if (!ec)
            return {};
        if (ec == make_error_code(errc::malformed_response))
            return malformed(parser_.handler().wrong);
        if (ec == make_error_code(errc::invalid_value))
            return failure(errc::invalid_value, parser_.handler().wrong,
                           "give the member a type that can hold what the field holds");
        if (ec == boost::json::error::string_too_large)
            return malformed("a value is too large");
        return malformed(more ? "this is not JSON (" + ec.message() + ")"
                              : "the JSON ends too early");
    }
    failure malformed(std::string what) const {
        what += ", at byte " + std::to_string(consumed_) + " of the page, in row " +
                std::to_string(parser_.handler().first_row + rows());
        return failure(errc::malformed_response, std::move(what));
    }

    boost::json::basic_parser<Handler> parser_;
    std::vector<char> buffer_;
    std::uint64_t consumed_ = 0;
};

using row_decoder = basic_row_decoder<detail::page_handler>;

} // namespace eloqua::bulk
