// SPDX-License-Identifier: BSL-1.0
/// \file
/// Writes the rows of an export as lines of a file, while they are decoded.
#pragma once

#include <eloqua/bulk/detail/codec/column.hpp>
#include <eloqua/bulk/detail/codec/page.hpp>
#include <eloqua/bulk/detail/codec/row_encoder.hpp>
#include <eloqua/bulk/detail/job/engine.hpp>
#include <eloqua/bulk/detail/job/make_call.hpp>
#include <eloqua/bulk/error.hpp>
#include <eloqua/bulk/export.hpp>
#include <eloqua/bulk/record.hpp>
#include <eloqua/bulk/row.hpp>
#include <eloqua/bulk/row_source.hpp>
#include <eloqua/bulk/value.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace eloqua::bulk::detail {

/// Collects rows of one type as lines of a file, with all columns: of CSV, or of NDJSON.
class row_lines {
public:
    /// `codecs` must outlive this.
    row_lines(std::span<column_codec const> codecs, std::span<column_info const> columns,
              rows_format format)
        : encoder_(codecs, all_written(columns), format, largest_row),
          csv_(format == rows_format::csv) {}

    /// The start of the file.
    std::string_view header() const { return encoder_.header(); }

    /// Errors: `errc::invalid_row` and `errc::row_too_large`, with the row's `number`.
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

    /// Marks all columns as importable; the encoder would omit the others.
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

/// A row of a file while it is written.
template <class Row>
class written_row {
public:
    explicit written_row(row_factory<Row> const& maker) : row_(maker.make()) {}
    void* get() { return &row_; }

private:
    Row row_;
};
/// A record is written from the text of the page.
template <>
class written_row<record> {
public:
    explicit written_row(row_factory<record> const& maker) : texts_(maker.columns.size()) {}
    void* get() { return texts_.data(); }

private:
    std::vector<std::string_view> texts_;
};

/// The plan of a file's rows.
template <class Row>
row_plan plan_of_written(row_plan plan) {
    if constexpr (std::same_as<Row, record>)
        return plan_of_views(std::move(plan));
    else
        return plan;
}

/// Writes rows to an `export_file` as they are decoded. A destination of `export_rows_to`.
template <class Row, class File>
class file_rows final : private row_sink {
public:
    /// `request` must outlive the object, and its plan is that of `plan_of_written`.
    template <class Transport>
    file_rows(export_request<Row, Transport> const& request, File file, row_lines lines)
        : file_(std::move(file)), lines_(std::move(lines)), codecs_(request.plan.codecs),
          watch_(request.watch), most_(request.options.batch_rows),
          rows_{written_row<Row>(request.maker), written_row<Row>(request.maker)},
          number_(file_.last() ? file_.last()->at.rows : 0) {}

    result<std::optional<sink_progress>> last() const { return file_.last(); }
    result<void> begun(export_checkpoint const& at) {
        return at.rows == 0 ? file_.begun(at) : file_.reached(at, true);
    }
    row_sink& rows() { return *this; }
    bool empty() const { return waiting_ == 0; }
    bool full() const { return waiting_ >= most_ || lines_.text().size() >= written_at_once; }
    result<void> store(export_checkpoint const& at) {
        if (refused_)
            return *refused_;
        result<void> const written = file_.write(lines_.text());
        if (!written)
            return written;
        drop();
        number_ = at.rows;
        return file_.reached(at);
    }
    result<void> complete(export_checkpoint const& at) { return file_.complete(at); }
    result<void> interrupted(export_checkpoint const& at) { return file_.reached(at, true); }
    void drop() {
        lines_.clear();
        waiting_ = 0;
        refused_.reset();
    }
    static constexpr bool clears = true;
    result<void> clear() {
        number_ = 0;
        return file_.clear();
    }

private:
    static constexpr std::size_t written_at_once = 1'000'000;

    void* begin_row() override { return rows_[current_].get(); }
    void end_row(bool complete) override {
        if (!complete)
            return;
        void const* const row = rows_[current_].get();
        if (!refused_)
            if (result<void> const done =
                    lines_.append(row, number_ + static_cast<std::int64_t>(waiting_));
                !done)
                refused_ = done.error();
        if (watch_)
            watch_(codecs_, row);
        ++waiting_;
        came_ = true;
        current_ = 1 - current_;
    }
    void const* last_row() const override {
        return came_ ? const_cast<written_row<Row>&>(rows_[1 - current_]).get() : nullptr;
    }

    File file_;
    row_lines lines_;
    std::span<column_codec const> codecs_;
    row_watcher const& watch_;
    std::size_t most_;
    written_row<Row> rows_[2]; ///< used in turn, so that the previous row stays valid
    std::size_t current_ = 0;
    bool came_ = false;
    std::int64_t number_;     ///< of the first row that waits
    std::size_t waiting_ = 0; ///< rows since the last call of `store`
    std::optional<failure> refused_;
};

} // namespace eloqua::bulk::detail
