// SPDX-License-Identifier: BSL-1.0
/// \file
/// Decodes pages of rows while they arrive: takes bytes in pieces of any size and returns rows.
#pragma once

#include <eloqua/bulk/detail/codec/column.hpp>
#include <eloqua/bulk/detail/codec/csv_page.hpp>
#include <eloqua/bulk/detail/codec/json_page.hpp>
#include <eloqua/bulk/detail/codec/page.hpp>
#include <eloqua/bulk/detail/codec/row_notes.hpp>
#include <eloqua/bulk/detail/codec/text.hpp>
#include <eloqua/bulk/error.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>
#include <span>
#include <string>
#include <utility>
#include <variant>

namespace eloqua::bulk::detail {

/// Bytes that were received and not consumed yet, followed by `text_padding` bytes of NUL. Grows as
/// far as its user leaves data in it.
class receive_buffer {
public:
    static constexpr std::size_t piece = 65'536;

    receive_buffer() { reallocate(2 * piece); }

    void clear() {
        begin_ = end_ = 0;
        if (capacity_ > 2 * piece)
            reallocate(2 * piece);
        else
            std::memset(bytes_.get(), 0, text_padding);
    }

    /// Room for the next piece. Moves the data.
    std::span<char> prepare() {
        if (begin_ != 0) {
            std::memmove(bytes_.get(), bytes_.get() + begin_, end_ - begin_);
            end_ -= begin_;
            begin_ = 0;
        }
        if (capacity_ - end_ < piece)
            reallocate(2 * capacity_);
        return {bytes_.get() + end_, piece};
    }
    void commit(std::size_t n) {
        end_ += n;
        std::memset(bytes_.get() + end_, 0, text_padding);
    }
    void consume(std::size_t n) { begin_ += n; }

    char const* begin() const { return bytes_.get() + begin_; }
    char const* end() const { return bytes_.get() + end_; }

private:
    struct free_bytes {
        void operator()(char* p) const { std::free(p); }
    };

    /// Uses `realloc`, which moves pages of memory instead of copying their content: a large buffer
    /// never exists twice.
    void reallocate(std::size_t capacity) {
        void* const bytes = std::realloc(bytes_.get(), capacity + text_padding);
        if (!bytes)
            throw std::bad_alloc();
        (void)bytes_.release();
        bytes_.reset(static_cast<char*>(bytes));
        capacity_ = capacity;
        std::memset(bytes_.get() + end_, 0, text_padding);
    }

    std::unique_ptr<char[], free_bytes> bytes_;
    std::size_t capacity_ = 0;
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
};

} // namespace eloqua::bulk::detail

#if ELOQUA_BULK_SSE2 && !defined(__AVX__)
#include <immintrin.h>
#endif

namespace eloqua::bulk::detail {

#if ELOQUA_BULK_SSE2 && !defined(__AVX__)
/// SSE2 code is slow while the upper halves of the AVX registers are in use, and some libraries
/// leave them so.
[[gnu::target("avx")]] inline void clear_upper_halves() {
    _mm256_zeroupper();
}
inline bool const has_upper_halves = __builtin_cpu_supports("avx");
#endif

/// Decodes pages of rows of one type, one page after another, each in pieces of any size:
///
///     decoder.begin_page(0);
///     while (std::size_t n = read(decoder.prepare()))
///         decoder.commit(n, sink).value();
///     decoder.finish().value();
///
/// JSON: keys may come in any order, number and spacing. Members that the row type lacks are
/// skipped. Null and missing members are blank; an object without members is a row of blanks.
/// Numbers and booleans count as their text. A byte order mark is skipped. CSV: see `csv_page`.
/// Errors: `errc::malformed_response` with byte offset, row and member, for data that are not JSON
/// (RFC 8259) or CSV (RFC 4180) or not a page, for a duplicate member, too many rows, or a row
/// whose members are all unknown; also for broken text, unless it is replaced, with a value that
/// identifies its row. `errc::invalid_value` with row, member and text. After an error or an
/// exception from the sink or a value's type, only `begin_page` may be called. Memory: 128 KiB,
/// plus the part of a row that does not fit into that. Limits: 4 MiB per value, 32 MiB per row, 32
/// levels of nesting, 4,096 members per row. Views in a row stay valid until its `end_row` has
/// returned.
class row_decoder {
public:
    static constexpr std::size_t max_row = 33'554'432;

    /// `columns` must outlive the decoder; a `row_codec` always does. `values`: whether errors may
    /// show row values.
    explicit row_decoder(std::span<column_codec const> columns,
                         rows_format format = rows_format::json,
                         row_values values = row_values::shown,
                         broken_text broken = broken_text::refused)
        : columns_(columns), page_(std::in_place_type<json_page>, columns, broken),
          values_(values) {
        if (format == rows_format::csv)
            page_.emplace<csv_page>(columns, broken);
    }

    /// Sets the column by which errors identify rows; by default the first. If it is blank, they
    /// use another.
    void name_rows_by(std::size_t column) {
        if (auto* const json = std::get_if<json_page>(&page_))
            json->of_rows().name_rows_by(column);
        else
            std::get<csv_page>(page_).name_rows_by(column);
    }
    /// Rows before this one are not counted by `notes`.
    void count_from(std::int64_t row) { kept_notes().next = row; }
    /// For all pages.
    row_notes const& notes() const { return const_cast<row_decoder*>(this)->kept_notes(); }
    /// Fails if no row of any page had some column while rows had unknown keys: the column probably
    /// has another name. Error: `errc::malformed_response`.
    [[nodiscard]] result<void> check_columns() const {
        auto const* const json = std::get_if<json_page>(&page_);
        std::string const missing = missing_columns();
        if (missing.empty() || !json->of_rows().layout().has_unknown_key())
            return {};
        return failure(
            errc::malformed_response,
            "no row has " + missing + ", but rows have '" +
                detail::shown(json->of_rows().layout().unknown_key()) +
                "', which was not requested",
            "the values may have another name; request the columns that the definition has");
    }
    /// The keys of columns that no row had, in quotes; empty if every column came, or no row did.
    /// CSV always has all columns.
    std::string missing_columns() const {
        auto const* const json = std::get_if<json_page>(&page_);
        std::string missing;
        if (json && json->of_rows().any_came())
            for (std::size_t i = 0; i != columns_.size(); ++i)
                if (!json->of_rows().layout().came(i))
                    missing += (missing.empty() ? "'" : ", '") + std::string(columns_[i].key) + "'";
        return missing;
    }

    /// Begins a page, whatever the state of the previous one. `first_row` numbers rows in messages.
    /// The page's own values must agree with `asked`, and it may not have more rows.
    void begin_page(std::int64_t first_row, asked_page const& asked = asked_page()) {
        buffer_.clear();
        consumed_ = 0;
        first_row_ = first_row;
        waiting_ = false;
        std::visit([&](auto& page) { page.begin(first_row, asked); }, page_);
    }

    /// The buffer for the next bytes of the page: 64 KiB.
    std::span<char> prepare() { return buffer_.prepare(); }

    /// Decodes the first `n` bytes of the buffer from `prepare`. Passes the rows that they complete
    /// to `sink` before it returns.
    [[nodiscard]] result<void> commit(std::size_t n, row_sink& sink) {
#if ELOQUA_BULK_SSE2 && !defined(__AVX__)
        if (has_upper_halves)
            detail::clear_upper_halves();
#endif
        buffer_.commit(n);
        return std::visit([&](auto& page) { return go_on(page, sink); }, page_);
    }

    /// The page has ended. Error if it is incomplete.
    [[nodiscard]] result<void> finish() {
        return std::visit(
            [&](auto& page) -> result<void> {
                if (page.finished() && buffer_.begin() == buffer_.end())
                    return {};
                page_error wrong;
                wrong.what = page.unfinished;
                return wrong.at(consumed_ + held(), first_row_ + page.rows(), values_);
            },
            page_);
    }

    /// As above, for a page whose length was known, so that nothing can be missing: the last line
    /// of CSV may lack its line end.
    [[nodiscard]] result<void> finish_whole(row_sink& sink) {
        if (std::holds_alternative<csv_page>(page_) && held() != 0) {
            prepare().front() = '\n';
            result<void> const ended = commit(1, sink);
            if (!ended)
                return ended;
        }
        return finish();
    }

    page_envelope const& envelope() const {
        return std::visit([](auto& page) -> page_envelope const& { return page.envelope; }, page_);
    }
    /// Complete rows of this page so far.
    std::int64_t rows() const {
        return std::visit([](auto& page) { return page.rows(); }, page_);
    }

private:
    row_notes& kept_notes() {
        auto* const json = std::get_if<json_page>(&page_);
        return json ? json->of_rows().notes : std::get<csv_page>(page_).notes;
    }
    std::size_t held() const { return static_cast<std::size_t>(buffer_.end() - buffer_.begin()); }

    template <class Page>
    result<void> go_on(Page& page, row_sink& sink) {
        page_error wrong;
        auto& end = std::get<typename Page::end_finder>(end_);
        if (!waiting_ || end.found(buffer_.begin(), buffer_.end())) {
            char const* const at = page.decode(buffer_.begin(), buffer_.end(), sink, wrong);
            auto const done = static_cast<std::size_t>(at - buffer_.begin());
            consumed_ += done;
            buffer_.consume(done);
            waiting_ = held() != 0;
            if (waiting_ && wrong.what.empty()) {
                end.begin();
                (void)end.found(buffer_.begin(), buffer_.end());
            }
        }
        if (wrong.what.empty() && held() > max_row)
            wrong.what = "a row is too large";
        if (!wrong.what.empty())
            return wrong.at(consumed_, first_row_ + page.rows(), values_);
        return {};
    }

    std::span<column_codec const> columns_;
    receive_buffer buffer_;
    std::variant<json_page, csv_page> page_;
    row_values values_;
    std::uint64_t consumed_ = 0;
    std::int64_t first_row_ = 0;
    bool waiting_ = false; ///< for the end of the row at the start of the buffer
    std::pair<json_end, csv_end> end_;
};

} // namespace eloqua::bulk::detail
