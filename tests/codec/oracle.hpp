// SPDX-License-Identifier: BSL-1.0
// The oracle of the decoder's tests: turns the events of Boost.JSON's parser into rows and a page's
// envelope.
#pragma once

#include <eloqua/bulk/detail/codec/column.hpp>
#include <eloqua/bulk/detail/codec/page.hpp>
#include <eloqua/bulk/error.hpp>

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/string_view.hpp>

#include "pages.hpp"
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace codec_tests {

namespace bulk = eloqua::bulk;

/// The handler of Boost.JSON's parser.
struct page_handler {
    // Limits for input from a server; large text fields hold 32,000 characters.
    static constexpr std::size_t max_object_size = std::size_t(-1);
    static constexpr std::size_t max_array_size = std::size_t(-1);
    static constexpr std::size_t max_key_size = 4'096;
    static constexpr std::size_t max_string_size = 4'194'304;

    enum class place : unsigned char { start, envelope, items, row, end };
    enum class member : unsigned char { other, items, totalResults, limit, offset, count, hasMore };
    struct value {
        std::size_t column, offset, size;
    };

    std::span<bulk::detail::column_codec const> columns;
    bulk::detail::row_sink* sink = nullptr;
    bulk::detail::page_envelope envelope;
    std::int64_t rows = 0;      ///< complete rows of this page
    std::int64_t first_row = 0; ///< number of the page's first row, for messages
    std::string wrong;          ///< description, when an error code was set

    explicit page_handler(std::span<bulk::detail::column_codec const> c)
        : columns(c), seen_(c.size(), -1) {}

    void reset(std::int64_t first) {
        envelope = bulk::detail::page_envelope();
        rows = 0;
        first_row = first;
        wrong.clear();
        place_ = place::start;
        nested_ = 0;
        key_.clear();
        number_.clear();
        text_.clear();
        values_.clear();
        std::fill(seen_.begin(), seen_.end(), -1);
    }

    bool on_document_begin(bulk::error_code&) { return true; }
    bool on_document_end(bulk::error_code&) { return true; }

    bool on_object_begin(bulk::error_code& ec) {
        if (nested_ == 0 && place_ == place::start) {
            place_ = place::envelope;
            return true;
        }
        if (nested_ == 0 && place_ == place::items) {
            place_ = place::row;
            keys_ = 0;
            next_ = 0;
            text_.clear();
            values_.clear();
            return true;
        }
        return enter(ec);
    }
    bool on_object_end(std::size_t, bulk::error_code& ec) {
        if (nested_ != 0) {
            --nested_;
            return true;
        }
        if (place_ == place::envelope) {
            place_ = place::end;
            return true;
        }
        place_ = place::items;
        return finish_row(ec);
    }
    bool on_array_begin(bulk::error_code& ec) {
        if (nested_ == 0 && place_ == place::envelope && member_ == member::items) {
            if (envelope.has_items)
                return refuse(ec, bulk::errc::malformed_response, "the page has 'items' twice");
            envelope.has_items = true;
            place_ = place::items;
            return true;
        }
        return enter(ec);
    }
    bool on_array_end(std::size_t, bulk::error_code&) {
        if (nested_ != 0)
            --nested_;
        else
            place_ = place::envelope;
        return true;
    }

    bool on_key_part(boost::json::string_view s, std::size_t, bulk::error_code&) {
        if (nested_ == 0)
            key_ += std::string_view(s);
        return true;
    }
    bool on_key(boost::json::string_view s, std::size_t, bulk::error_code& ec) {
        if (nested_ != 0)
            return true;
        std::string_view key(s);
        if (!key_.empty())
            key = key_ += key;
        bool const fine = place_ == place::row ? choose_column(key, ec) : choose_member(key);
        key_.clear();
        return fine;
    }

    bool on_string_part(boost::json::string_view s, std::size_t, bulk::error_code&) {
        if (nested_ == 0 && place_ == place::row && column_ != columns.size())
            text_ += std::string_view(s);
        return true;
    }
    bool on_string(boost::json::string_view s, std::size_t n, bulk::error_code& ec) {
        if (nested_ != 0)
            return true;
        if (place_ == place::row) {
            if (column_ != columns.size()) {
                text_ += std::string_view(s);
                values_.push_back(value{column_, text_.size() - n, n});
            }
            return true;
        }
        return scalar_outside_row("a string", ec);
    }

    bool on_number_part(boost::json::string_view s, bulk::error_code& ec) {
        if (nested_ != 0)
            return true;
        // The parser limits texts, but not digits.
        if (number_.size() + s.size() > max_string_size)
            return refuse(ec, bulk::errc::malformed_response, "a value is too large");
        number_ += std::string_view(s);
        return true;
    }
    bool on_int64(std::int64_t i, boost::json::string_view s, bulk::error_code& ec) {
        return number(s, i, ec);
    }
    bool on_uint64(std::uint64_t, boost::json::string_view s, bulk::error_code& ec) {
        return number(s, std::nullopt, ec);
    }
    bool on_double(double, boost::json::string_view s, bulk::error_code& ec) {
        return number(s, std::nullopt, ec);
    }
    bool on_bool(bool b, bulk::error_code& ec) {
        if (nested_ != 0)
            return true;
        if (place_ == place::row)
            return text_value(b ? "true" : "false");
        if (place_ == place::envelope && member_ == member::hasMore) {
            envelope.hasMore = b;
            return true;
        }
        return scalar_outside_row("a boolean", ec);
    }
    bool on_null(bulk::error_code& ec) {
        if (nested_ != 0)
            return true;
        if (place_ == place::row)
            return text_value("");
        return place_ == place::envelope || scalar_outside_row("null", ec);
    }
    // The parser is configured to refuse comments, but still needs these.
    bool on_comment_part(boost::json::string_view, bulk::error_code&) { return true; }
    bool on_comment(boost::json::string_view, bulk::error_code&) { return true; }

private:
    bool refuse(bulk::error_code& ec, bulk::errc code, std::string what) {
        wrong = std::move(what);
        ec = bulk::make_error_code(code);
        return false;
    }
    std::string row_name() const { return "row " + std::to_string(first_row + rows); }

    /// An object or array in which no row begins: skipped if it was not requested.
    bool enter(bulk::error_code& ec) {
        bool const known = (place_ == place::envelope && member_ != member::other) ||
                           (place_ == place::row && column_ != columns.size());
        if (nested_ == 0 && known)
            return refuse(ec, bulk::errc::malformed_response,
                          (place_ == place::row
                               ? row_name() + ": '" + std::string(columns[column_].key) + "'"
                               : "a member of the page") +
                              " is an object or array");
        if (nested_ == 0 && place_ != place::envelope && place_ != place::row)
            return refuse(ec, bulk::errc::malformed_response, "the response is not a page of rows");
        ++nested_;
        return true;
    }

    bool choose_member(std::string_view key) {
        member_ = key == "items"          ? member::items
                  : key == "totalResults" ? member::totalResults
                  : key == "limit"        ? member::limit
                  : key == "offset"       ? member::offset
                  : key == "count"        ? member::count
                  : key == "hasMore"      ? member::hasMore
                                          : member::other;
        return true;
    }

    bool choose_column(std::string_view key, bulk::error_code& ec) {
        ++keys_;
        // Rows repeat the order of keys, so the next column is nearly always the right one.
        column_ = next_;
        if (column_ == columns.size() || columns[column_].key != key) {
            column_ = 0;
            while (column_ != columns.size() && columns[column_].key != key)
                ++column_;
        }
        if (column_ == columns.size())
            return true;
        if (seen_[column_] == rows)
            return refuse(ec, bulk::errc::malformed_response,
                          row_name() + ": has '" + std::string(key) + "' twice");
        seen_[column_] = rows;
        next_ = column_ + 1;
        return true;
    }

    bool text_value(std::string_view text) {
        if (column_ != columns.size()) {
            values_.push_back(value{column_, text_.size(), text.size()});
            text_ += text;
        }
        return true;
    }

    bool number(boost::json::string_view s, std::optional<std::int64_t> i, bulk::error_code& ec) {
        if (nested_ != 0)
            return true;
        if (!on_number_part(s, ec))
            return false;
        std::string const text = std::move(number_);
        number_.clear();
        if (place_ == place::row)
            return text_value(text);
        if (place_ == place::envelope && member_ == member::other)
            return true;
        std::optional<std::int64_t>* const into = member_ == member::totalResults
                                                      ? &envelope.totalResults
                                                  : member_ == member::limit  ? &envelope.limit
                                                  : member_ == member::offset ? &envelope.offset
                                                  : member_ == member::count  ? &envelope.count
                                                                              : nullptr;
        if (place_ != place::envelope || !into || !i)
            return scalar_outside_row("the number " + text, ec);
        *into = i;
        return true;
    }

    bool scalar_outside_row(std::string const& what, bulk::error_code& ec) {
        if (place_ == place::envelope && member_ == member::other)
            return true;
        return refuse(ec, bulk::errc::malformed_response,
                      place_ == place::items   ? row_name() + ": is " + what + ", not an object"
                      : place_ == place::start ? "the response is " + what + ", not a page of rows"
                                               : "a member of the page is " + what);
    }

    bool finish_row(bulk::error_code& ec) {
        void* const row = sink->begin_row();
        try {
            if (!fill_row(row, ec))
                return false;
        } catch (...) { // a user-defined type, or out of memory
            sink->end_row(false);
            throw;
        }
        sink->end_row(true);
        ++rows;
        return true;
    }

    bool fill_row(void* row, bulk::error_code& ec) {
        if (keys_ != 0 && values_.empty()) {
            sink->end_row(false);
            return refuse(ec, bulk::errc::malformed_response, row_name() + " has other columns");
        }
        for (value const& each : values_) {
            std::string_view const text = std::string_view(text_).substr(each.offset, each.size);
            if (!assign_text(columns[each.column], row, each.column, text))
                return refuse_value(each.column, text, ec);
        }
        // A member that a row lacks is blank, so that a reused row does not keep the value of
        // another.
        for (std::size_t i = 0; values_.size() != columns.size() && i != columns.size(); ++i)
            if (seen_[i] != rows && !assign_text(columns[i], row, i, {}))
                return refuse_value(i, {}, ec);
        return true;
    }

    bool refuse_value(std::size_t column, std::string_view text, bulk::error_code& ec) {
        sink->end_row(false);
        bool const given = seen_[column] == rows;
        return refuse(ec, bulk::errc::invalid_value,
                      row_name() + ": member '" + std::string(columns[column].key) + "' " +
                          (!given         ? "is missing and cannot be blank"
                           : text.empty() ? "cannot be blank"
                                          : "cannot hold " + bulk::detail::shown_value(
                                                                 text, bulk::row_values::shown)));
    }

    place place_ = place::start;
    member member_ = member::other;
    int nested_ = 0; ///< depth inside an ignored value
    std::size_t column_ = 0;
    std::size_t keys_ = 0; ///< of the current row
    std::size_t next_ = 0;
    std::string key_;
    std::string number_;
    std::string text_; ///< the values of the current row in order
    std::vector<value> values_;
    std::vector<std::int64_t> seen_; ///< by column: the last row that had it
};

/// The oracle's result for a page: rows up to the first error, and the error.
template <class Row>
outcome<Row> ask_oracle(std::string_view page) {
    outcome<Row> out;
    reusing_sink<Row> sink;
    sink.on_row = [&](Row const& row) { out.rows.push_back(row); };
    boost::json::basic_parser<page_handler> parser(boost::json::parse_options(),
                                                   bulk::detail::row_codec<Row>);
    page_handler& handler = parser.handler();
    handler.reset(0);
    handler.sink = &sink;
    bulk::error_code ec;
    std::size_t const used = parser.write_some(false, page.data(), page.size(), ec);
    if (!ec && page.find_first_not_of(" \t\r\n", used) != page.npos)
        ec = make_error_code(bulk::errc::malformed_response);
    if (ec)
        out.wrong = bulk::failure(bulk::errc::malformed_response,
                                  handler.wrong.empty() ? ec.message() : handler.wrong);
    out.envelope = handler.envelope;
    return out;
}

} // namespace codec_tests
