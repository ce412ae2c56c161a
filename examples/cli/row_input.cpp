// SPDX-License-Identifier: BSL-1.0
#include "row_input.hpp"

#include <eloqua/bulk/utf8.hpp>

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/error.hpp>
#include <boost/json/parse_options.hpp>
#include <boost/json/string_view.hpp>

#include "ending.hpp"
#include "text.hpp"
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <csv.h>
#include <deque>
#include <new>
#include <optional>
#include <utility>
#include <vector>

namespace cli {

namespace {

/// A row that never ends would otherwise fill the memory.
constexpr std::size_t largest_row = 32'000'000;

ending refuse(std::string const& name, std::uint64_t line, std::string const& why) {
    return {exit_code::refused, printable(name) + ", line " + std::to_string(line) + ": " + why};
}

/// Lines of UTF-8 without a byte order mark.
class text_lines {
public:
    text_lines(std::unique_ptr<byte_source> from, std::string name,
               std::function<void(std::string_view)> tap)
        : lines_(std::move(from)), name_(std::move(name)), tap_(std::move(tap)) {}

    /// Empty at the end of the file.
    std::string_view next() {
        std::string_view line = lines_.next(largest_row);
        if (line.size() >= largest_row)
            throw refuse(name_, lines_.number(), "the line is longer than 32 MB");
        if (tap_)
            tap_(line);
        skipped_ = 0;
        if (lines_.offset() == 0) {
            bool const marked = line.starts_with("\xEF\xBB\xBF");
            skipped_ = marked ? 3 : 0;
            line.remove_prefix(skipped_);
            if (line.starts_with("\xFF\xFE") || line.starts_with("\xFE\xFF"))
                throw refuse(name_, 1, "the file is UTF-16; convert it to UTF-8");
        }
        if (!bulk::is_valid_utf8(line))
            throw refuse(name_, lines_.number(), "it is not UTF-8; convert the file");
        return line;
    }
    std::uint64_t number() const { return lines_.number(); }
    std::uint64_t offset() const { return lines_.offset() + skipped_; }
    std::string const& name() const { return name_; }

private:
    line_input lines_;
    std::string name_;
    std::function<void(std::string_view)> tap_;
    std::size_t skipped_ = 0;
};

/// Parses CSV by libcsv, a line at a time, so that the line of each row is known.
class csv_rows final : public row_reader {
public:
    csv_rows(std::unique_ptr<byte_source> from, std::string name, char delimiter,
             std::function<void(std::string_view)> tap)
        : lines_(std::move(from), std::move(name), std::move(tap)) {
        if (::csv_init(&parser_, CSV_STRICT | CSV_STRICT_FINI) != 0)
            throw std::bad_alloc();
        ::csv_set_delim(&parser_, static_cast<unsigned char>(delimiter));
        ::csv_set_space_func(&parser_, [](unsigned char) { return 0; });
        input_row first;
        if (!read(first))
            throw refuse(lines_.name(), 1,
                         "the file is empty; its first line must name the columns");
        header_ = std::move(first.values);
        if (header_.size() == 1 && delimiter == ',' &&
            header_[0].find_first_of(";\t") != std::string::npos)
            throw refuse(lines_.name(), 1,
                         "there is only one column, '" + printable(header_[0], 100) +
                             "'; is --delimiter ';' or 'tab' missing?");
        for (std::size_t i = 0; i != header_.size(); ++i)
            if (std::find(header_.begin(), header_.begin() + std::ptrdiff_t(i), header_[i]) !=
                header_.begin() + std::ptrdiff_t(i))
                throw refuse(lines_.name(), first.line,
                             "two columns are called '" + printable(header_[i], 100) + "'");
    }
    csv_rows(csv_rows const&) = delete;
    ~csv_rows() override { ::csv_free(&parser_); }

    std::vector<std::string> const& header() const override { return header_; }
    bool next(input_row& row) override {
        if (!read(row))
            return false;
        if (row.values.size() != header_.size())
            throw refuse(lines_.name(), row.line,
                         "the row has " + std::to_string(row.values.size()) +
                             " values, but the file has " + std::to_string(header_.size()) +
                             " columns");
        return true;
    }

private:
    bool read(input_row& row) {
        while (done_.empty()) {
            if (at_end_)
                return false;
            std::string_view const line = lines_.next();
            if (line.empty()) {
                at_end_ = true;
                if (::csv_fini(&parser_, &on_field, &on_row, this) != 0)
                    throw refuse(lines_.name(), started_.line,
                                 "a quotation mark is not closed until the end of the file");
                continue;
            }
            if (!in_row_) {
                started_.line = lines_.number();
                started_.offset = lines_.offset();
            }
            in_row_ = true;
            bytes_ += line.size();
            if (bytes_ > largest_row)
                throw refuse(lines_.name(), started_.line,
                             "the row is larger than 32 MB; is a quotation mark not closed?");
            if (::csv_parse(&parser_, line.data(), line.size(), &on_field, &on_row, this) !=
                line.size()) {
                if (::csv_error(&parser_) == CSV_ENOMEM)
                    throw std::bad_alloc();
                throw refuse(lines_.name(), lines_.number(),
                             "a quotation mark stands inside of a value: it must be doubled, and "
                             "the value must be in quotation marks");
            }
            if (line.find_first_not_of("\r\n") == line.npos && started_.values.empty() &&
                done_.empty() && bytes_ == line.size())
                end_row(); // a blank line is not a row
        }
        row = std::move(done_.front());
        done_.pop_front();
        return true;
    }
    void end_row() {
        in_row_ = false;
        bytes_ = 0;
    }
    static void on_field(void* text, std::size_t size, void* self) {
        static_cast<csv_rows*>(self)->started_.values.emplace_back(static_cast<char*>(text), size);
    }
    static void on_row(int, void* self) {
        auto& me = *static_cast<csv_rows*>(self);
        me.done_.push_back(std::move(me.started_));
        me.started_ = {};
        me.end_row();
    }

    text_lines lines_;
    csv_parser parser_{};
    std::vector<std::string> header_;
    input_row started_;
    std::deque<input_row> done_;
    std::size_t bytes_ = 0; ///< of the started row
    bool in_row_ = false, at_end_ = false;
};

/// Receives the parts of a JSON document. Keeps the members of an object whose values are scalars,
/// as the texts that an import sends: numbers with the characters that they have.
class flat_object {
public:
    struct member {
        std::string key;
        std::optional<std::string> value; ///< empty: an object or array
    };

    bool is_object() const { return is_object_; }
    std::vector<member>& members() { return members_; }

    // What `boost::json::basic_parser` requires.
    using error_code = boost::system::error_code;
    using text = boost::json::string_view;
    static constexpr std::size_t max_object_size = SIZE_MAX, max_array_size = SIZE_MAX,
                                 max_key_size = SIZE_MAX, max_string_size = SIZE_MAX;
    bool on_document_begin(error_code&) { return true; }
    bool on_document_end(error_code&) { return true; }
    bool on_object_begin(error_code&) {
        is_object_ = is_object_ || depth_ == 0;
        return ++depth_ != 0;
    }
    bool on_object_end(std::size_t, error_code&) { return depth_-- != 0; }
    bool on_array_begin(error_code&) { return ++depth_ != 0; }
    bool on_array_end(std::size_t, error_code&) { return depth_-- != 0; }
    bool on_key_part(text part, std::size_t, error_code&) { return more(part); }
    bool on_key(text part, std::size_t, error_code&) {
        (void)more(part);
        if (is_object_ && depth_ == 1)
            members_.push_back({std::move(text_), std::nullopt});
        text_.clear();
        return true;
    }
    bool on_string_part(text part, std::size_t, error_code&) { return more(part); }
    bool on_string(text part, std::size_t, error_code&) { return value(part); }
    bool on_number_part(text part, error_code&) { return more(part); }
    bool on_int64(std::int64_t, text part, error_code&) { return value(part); }
    bool on_uint64(std::uint64_t, text part, error_code&) { return value(part); }
    bool on_double(double, text part, error_code&) { return value(part); }
    bool on_bool(bool b, error_code&) { return value(b ? "true" : "false"); }
    bool on_null(error_code&) { return value(""); }
    bool on_comment_part(text, error_code&) { return true; }
    bool on_comment(text, error_code&) { return true; }

private:
    bool more(text part) {
        text_.append(part.data(), part.size());
        return true;
    }
    bool value(text part) {
        (void)more(part);
        if (is_object_ && depth_ == 1)
            members_.back().value = std::move(text_);
        text_.clear();
        return true;
    }

    std::vector<member> members_;
    std::string text_;
    std::size_t depth_ = 0;
    bool is_object_ = false;
};

/// A JSON object in each line. The keys of the first one are the columns.
class ndjson_rows final : public row_reader {
public:
    ndjson_rows(std::unique_ptr<byte_source> from, std::string name,
                std::function<void(std::string_view)> tap)
        : lines_(std::move(from), std::move(name), std::move(tap)) {
        first_ = parse_next();
        if (!first_)
            throw refuse(lines_.name(), 1, "the file has no rows");
        for (flat_object::member const& each : *first_)
            header_.push_back(each.key);
        first_row_ = row_of(*first_);
    }

    std::vector<std::string> const& header() const override { return header_; }
    bool next(input_row& row) override {
        if (first_row_) {
            row = std::move(*first_row_);
            first_row_.reset();
            return true;
        }
        std::optional<std::vector<flat_object::member>> const object = parse_next();
        if (object)
            row = row_of(*object);
        return object.has_value();
    }

private:
    std::optional<std::vector<flat_object::member>> parse_next() {
        std::string_view line;
        do {
            line = lines_.next();
            if (line.empty())
                return std::nullopt;
        } while (line.find_first_not_of(" \t\r\n") == line.npos);
        boost::system::error_code wrong;
        boost::json::basic_parser<flat_object> parser{boost::json::parse_options()};
        std::size_t const read = parser.write_some(false, line.data(), line.size(), wrong);
        if (!wrong && line.find_first_not_of(" \t\r\n", read) != line.npos)
            wrong = boost::json::error::extra_data;
        if (wrong || !parser.handler().is_object())
            throw refuse(lines_.name(), lines_.number(),
                         "it is not a JSON object" + (wrong ? ": " + wrong.message() : ""));
        return std::move(parser.handler().members());
    }
    input_row row_of(std::vector<flat_object::member> const& object) const {
        input_row row;
        row.line = lines_.number();
        row.offset = lines_.offset();
        row.values.resize(header_.size());
        std::vector<bool> given(header_.size());
        for (flat_object::member const& each : object) {
            std::string const name = "'" + printable(each.key, 100) + "'";
            auto const column = std::ranges::find(header_, each.key);
            if (column == header_.end())
                throw refuse(lines_.name(), row.line,
                             "the first object has no " + name + "; its keys are the columns");
            auto const at = static_cast<std::size_t>(column - header_.begin());
            if (given[at])
                throw refuse(lines_.name(), row.line, name + " comes twice");
            if (!each.value)
                throw refuse(lines_.name(), row.line,
                             name + " is an object or array; a value is a text, number or boolean");
            given[at] = true;
            row.values[at] = *each.value;
        }
        return row;
    }

    text_lines lines_;
    std::vector<std::string> header_;
    std::optional<std::vector<flat_object::member>> first_;
    std::optional<input_row> first_row_;
};

} // namespace

row_format format_by_name(std::string_view path) {
    if (path.ends_with(".gz"))
        path.remove_suffix(3);
    row_format format;
    format.ndjson = path.ends_with(".ndjson") || path.ends_with(".jsonl");
    if (path.ends_with(".tsv"))
        format.delimiter = '\t';
    return format;
}

std::unique_ptr<row_reader> read_rows(std::unique_ptr<byte_source> from, std::string name,
                                      row_format format,
                                      std::function<void(std::string_view)> tap) {
    if (format.ndjson)
        return std::make_unique<ndjson_rows>(std::move(from), std::move(name), std::move(tap));
    return std::make_unique<csv_rows>(std::move(from), std::move(name), format.delimiter,
                                      std::move(tap));
}

raw_rows::raw_rows(std::unique_ptr<byte_source> from, row_format format, std::uint64_t line)
    : lines_(std::move(from), 0, line), format_(format) {}

bool raw_rows::next(std::string& text, std::uint64_t& line) {
    text.clear();
    for (bool quoted = false;;) {
        std::string_view const part = lines_.next(largest_row);
        if (part.empty())
            return !text.empty();
        if (text.empty()) {
            if (part.find_first_not_of("\r\n") == part.npos)
                continue; // a blank line is not a row
            line = lines_.number();
        }
        // A doubled quotation mark ends and starts the quotes.
        if (!format_.ndjson)
            quoted ^= std::ranges::count(part, '"') % 2 != 0;
        text += part;
        if (!quoted) {
            text.erase(text.find_last_not_of("\r\n") + 1);
            return true;
        }
    }
}

} // namespace cli
