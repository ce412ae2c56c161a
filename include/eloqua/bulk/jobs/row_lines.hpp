// SPDX-License-Identifier: BSL-1.0
/// \file
/// Rows to the lines of a file.
#pragma once

#include <eloqua/bulk/codec/row_codec.hpp>
#include <eloqua/bulk/codec/row_encoder.hpp>
#include <eloqua/bulk/codec/rows_format.hpp>
#include <eloqua/bulk/error.hpp>
#include <eloqua/bulk/schema/fields.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace eloqua::bulk {

/// What a file of rows is made of.
enum class file_format : unsigned char {
    ndjson, ///< a JSON object of texts for each row, each on a line
    csv,    ///< RFC 4180: a line of keys, then a record for each row; lines end with CR LF
};

namespace detail {

/// Gathers rows of one type as the lines of a file, with all columns.
class row_lines {
public:
    /// `codecs` must stay.
    row_lines(std::span<column_codec const> codecs, std::span<column_info const> columns,
              file_format format)
        : encoder_(codecs, all_written(columns),
                   format == file_format::csv ? rows_format::csv : rows_format::json, largest_row),
          csv_(format == file_format::csv) {}

    /// What the file begins with.
    std::string_view header() const { return encoder_.header(); }

    /// Errors: `errc::invalid_row` and `errc::row_too_large`, naming the row by `number`.
    [[nodiscard]] result<void> append(void const* row, std::int64_t number) {
        row_encoder::fit const fit = encoder_.append(row);
        if (fit != row_encoder::fit::taken)
            return encoder_.refusal(fit, static_cast<std::size_t>(number));
        std::string_view body = encoder_.body();
        body.remove_prefix(csv_ ? header().size() : 1);
        body.remove_suffix(csv_ ? 0 : 1);
        text_ += body;
        if (!csv_)
            text_ += '\n';
        encoder_.clear();
        return {};
    }

    std::string_view text() const { return text_; }
    void clear() { text_.clear(); }

private:
    static constexpr std::size_t largest_row = 1'000'000'000;

    /// An import would leave out what is not importable.
    static std::vector<column_info> all_written(std::span<column_info const> columns) {
        std::vector<column_info> all(columns.begin(), columns.end());
        for (column_info& each : all)
            each.importable = true;
        return all;
    }

    row_encoder encoder_;
    bool csv_;
    std::string text_;
};

} // namespace detail

} // namespace eloqua::bulk
