// SPDX-License-Identifier: BSL-1.0
/// \file
/// Imports a range of described rows.
#pragma once

#include <eloqua/bulk/definitions.hpp>
#include <eloqua/bulk/detail/job/engine.hpp>
#include <eloqua/bulk/detail/job/make_call.hpp>
#include <eloqua/bulk/import.hpp>
#include <eloqua/bulk/record.hpp>
#include <eloqua/bulk/rejects.hpp>
#include <eloqua/bulk/resources.hpp>
#include <eloqua/bulk/row.hpp>

#include <concepts>
#include <cstddef>
#include <iterator>
#include <memory>
#include <optional>
#include <ranges>
#include <type_traits>
#include <utility>

namespace eloqua::bulk::detail {

/// Whether a row has the columns that the job was created for.
template <class Row>
bool is_made_by(row_factory<Row> const&, Row const&) {
    return true;
}
inline bool is_made_by(row_factory<record> const& maker, record const& row) {
    return row.columns() == maker.columns;
}

/// Remembers where the rows begin that may have to be passed again. Remembers nothing for
/// single-pass ranges.
template <class Rows>
class saved_iterator {
    using iterator = std::ranges::iterator_t<Rows>;

public:
    explicit saved_iterator(iterator const&) {}
    void keep(iterator const&, std::size_t, std::size_t) {}
    void restore(iterator&, std::size_t) {}
};
template <std::ranges::forward_range Rows>
class saved_iterator<Rows> {
    using iterator = std::ranges::iterator_t<Rows>;

public:
    explicit saved_iterator(iterator const& first) : at_(first) {}
    /// The row at `it` has this number; the first `synced` rows are synced.
    void keep(iterator const& it, std::size_t number, std::size_t synced) {
        if (synced == number)
            at_ = it;
        else if (synced != number_)
            std::ranges::advance(at_, static_cast<std::ptrdiff_t>(synced - number_));
        number_ = synced;
    }
    void restore(iterator& it, std::size_t synced) {
        std::ranges::advance(at_, static_cast<std::ptrdiff_t>(synced - number_));
        number_ = synced;
        it = at_;
    }

private:
    iterator at_;
    std::size_t number_ = 0;
};

/// The rows of a range. If the range returns temporaries, the current one lives until the next.
template <class Row, class Rows>
class rows_of_range final : public row_cursor {
    using reference = std::ranges::range_reference_t<Rows>;
    static constexpr bool are_objects =
        std::is_lvalue_reference_v<reference> && std::same_as<std::remove_cvref_t<reference>, Row>;

public:
    rows_of_range(Rows& rows, row_factory<Row> const& maker)
        : rows_(rows), maker_(maker), size_(size_of(rows)), at_(std::ranges::begin(rows)),
          unsynced_(at_) {}

    bool can_go_back() const override { return std::ranges::forward_range<Rows>; }
    bool at_end() override { return at_ == std::ranges::end(rows_); }
    std::int64_t size() const override { return size_; }
    void const* row() override {
        if constexpr (are_objects) {
            Row const& row = *at_;
            return is_made_by(maker_, row) ? &row : nullptr;
        } else {
            made_.emplace(*at_);
            return is_made_by(maker_, *made_) ? &*made_ : nullptr;
        }
    }
    void next(std::size_t number, std::size_t synced) override {
        unsynced_.keep(at_, number, synced);
        ++at_;
    }
    void go_back(std::size_t synced) override { unsynced_.restore(at_, synced); }

private:
    static std::int64_t size_of(Rows& rows) {
        if constexpr (std::ranges::sized_range<Rows>)
            return static_cast<std::int64_t>(std::ranges::size(rows));
        else
            return 0;
    }

    Rows& rows_;
    row_factory<Row> const& maker_;
    std::int64_t size_;
    std::ranges::iterator_t<Rows> at_;
    saved_iterator<Rows> unsynced_;
    std::optional<std::conditional_t<are_objects, char, Row>> made_;
};

template <class Row, class Core, class Rows>
flow<result<import_report<Row>>>
import_flow(Core core, row_plan plan, std::size_t identifier, Rows rows, import_options options,
            any_import_definition settings, row_factory<Row> maker, reject_handler<Row> sink) {
    result<void> const fits = identify_by(plan, identifier);
    if (!fits)
        co_return fits.error();
    import_report<Row> report;
    reject_collector<Row> desk{report, maker, plan.columns, options.rejects_kept, std::move(sink)};
    rows_of_range<Row, Rows> passed(rows, maker);
    result<void> const done = co_await core->engine->import_rows(
        std::move(plan), identifier, passed, std::move(options), std::move(settings), desk, report);
    desk.rethrow();
    if (done)
        co_return report;
    failure why = done.error();
    if (why.info.import_so_far) {
        static_cast<import_totals&>(report) = *why.info.import_so_far;
        why.info.import_so_far = std::make_shared<import_report<Row> const>(std::move(report));
        why.info.import_row = &tag_of_row<Row>;
    }
    co_return why;
}

} // namespace eloqua::bulk::detail
