// SPDX-License-Identifier: BSL-1.0
/// \file
/// Where rejects of an import go: into its report, and above a limit to the caller's function.
#pragma once

#include <eloqua/bulk/detail/codec/column.hpp>
#include <eloqua/bulk/detail/job/make_call.hpp>
#include <eloqua/bulk/detail/text/shown.hpp>
#include <eloqua/bulk/import.hpp>
#include <eloqua/bulk/operation.hpp>
#include <eloqua/bulk/record.hpp>
#include <eloqua/bulk/row.hpp>
#include <eloqua/bulk/syncs.hpp>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <exception>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace eloqua::bulk {

/// A setting of an import: passes the rejects beyond `import_options::rejects_kept` to `f`, as
/// `import_reject<Row>`, in the order of the service's lists, so that memory use stays bounded.
/// With `rejects_kept` 0, `f` gets all of them.
///
///     options.rejects_kept = 0;
///     client.import_rows(bulk::contacts, by, rows, options,
///                        bulk::rejects_to([&](bulk::import_reject<contact> const& r) {
///                            file << r << '\n';
///                        }));
///
/// `f` is called on the thread of the operation, once for each reject, while those of a sync are
/// read. If a journal resumes the import, it is also called for the rejects of earlier runs. An
/// exception ends the import: the sync of these rejects has been applied, no more rows are sent,
/// and the definition is deleted unless there is a journal. The exception leaves a blocking
/// `get()`; an asynchronous operation reports it as its failure, see `diagnostics::thrown`.
template <class F>
reject_sink<std::decay_t<F>, std::is_lvalue_reference_v<F>> rejects_to(F&& f) {
    return {std::forward<F>(f)};
}

namespace detail {

template <class Row>
using reject_handler = std::function<void(import_reject<Row>&&)>;

template <class Row, class F, bool Takes>
struct sink_of_rejects : compile_time_check {
    static_assert(
        Takes, "eloqua: the function passed to rejects_to does not accept an import_reject of the "
               "imported rows");
};
template <class Row, std::size_t Sinks>
struct number_of_sinks : compile_time_check {
    static_assert(Sinks <= 1, "eloqua: an import can have only one rejects_to");
};

template <class Row, class S>
void set_handler(reject_handler<Row>&, S const&) {}
template <class Row, class F, bool Named>
void set_handler(reject_handler<Row>& to, reject_sink<F, Named> const& given) {
    constexpr bool takes = std::invocable<F&, import_reject<Row>>;
    static_assert(sink_of_rejects<Row, F, takes>::checked);
    if constexpr (takes)
        to = given.sink;
}
template <class S, class Transport>
constexpr bool is_safe_part = !needs_named_arguments<Transport> || std::is_lvalue_reference_v<S> ||
                              !is_definition_part<std::remove_cvref_t<S>>;
template <class S, class Transport>
constexpr bool is_safe_sink = true;
template <class F, bool Named, class Transport>
constexpr bool is_safe_sink<reject_sink<F, Named>, Transport> =
    Named || is_safe_function<F, Transport>;

/// Settings that may be in a `co_await` expression, each with its value category.
template <class Transport, class... Settings>
struct safe_settings {
    static constexpr bool checked =
        (true && ... && named_argument<is_safe_part<Settings, Transport>>::checked) &&
        (true && ... &&
         named_function<is_safe_sink<std::remove_cvref_t<Settings>, Transport>>::checked);
};

/// The reject handler among the settings.
template <class Row, class... Settings>
reject_handler<Row> handler_among(Settings const&... settings) {
    static_assert(number_of_sinks<Row, (std::size_t(0) + ... + is_reject_sink<Settings>)>::checked);
    reject_handler<Row> found;
    (set_handler<Row>(found, settings), ...);
    return found;
}

/// The rejected row as the caller's type. A row of views would have nothing to refer to. A column
/// that is not returned counts as blank.
template <class Row>
void give_back_row(import_reject<Row>& to, sync_reject const& reject, row_factory<Row> const&,
                   std::span<column_info const> columns, row_values values) {
    if constexpr (is_view_row<Row>) {
        to.row_error = "the row's type holds views";
        return;
    }
    Row& row = to.row.emplace();
    for (std::size_t column = 0; column != row_codec<Row>.size(); ++column) {
        std::string_view const key = row_codec<Row>[column].key;
        auto const given =
            std::ranges::find(reject.fieldValues, key, [](auto const& v) { return v.first; });
        bool const missing = given == reject.fieldValues.end();
        if (missing && !columns[column].importable)
            continue;
        std::string_view const text = missing ? std::string_view() : given->second;
        if (!assign_text(row_codec<Row>[column], &row, column, text)) {
            to.row_error = "member '" + std::string(key) +
                           (missing ? "' was not returned by the service"
                                    : "' cannot hold " + shown_value(text, values));
            to.row.reset();
            return;
        }
    }
}

/// As above, as a record with the columns of `maker`.
template <std::same_as<record> Row>
void give_back_row(import_reject<Row>& to, sync_reject const& reject, row_factory<Row> const& maker,
                   std::span<column_info const>, row_values) {
    Row& row = to.row.emplace(maker.make());
    for (auto const& value : reject.fieldValues)
        if (std::size_t const at = maker.columns.index_of(value.first); at != row.size())
            row[at] = value.second;
}

/// Passes the rejects of an import to its report and to the sink.
template <class Row>
class reject_collector final : public reject_listener {
public:
    /// At most `kept` rejects go into `report`. `sink` may be empty. Everything but the sink must
    /// outlive this.
    reject_collector(import_report<Row>& report, row_factory<Row> const& maker,
                     std::span<column_info const> columns, std::size_t kept,
                     reject_handler<Row> sink)
        : report_(report), maker_(maker), columns_(columns), kept_(kept), sink_(std::move(sink)) {}

    bool take(sync_reject const& said, found_rows found, bool row_taken,
              row_values values) override {
        bool const keep = report_.rejects.size() < kept_;
        report_.rejects_not_kept += !keep;
        if (!keep && !sink_)
            return true;
        import_reject<Row> made;
        if (found.certain)
            made.row_index = found.rows.front();
        else
            made.candidates = std::move(found.rows);
        std::string const code = said.statusCode.value_or("");
        made.reason = parse_elq(code).value_or(elq{});
        if (said.message)
            made.message = words_of(code, said.message, values);
        for (std::string const& each : said.invalidFields)
            made.invalid_columns.push_back(shown(each));
        made.row_taken = row_taken;
        give_back_row(made, said, maker_, columns_, values);
        if (keep) {
            report_.rejects.push_back(std::move(made));
            return true;
        }
        try {
            sink_(std::move(made));
        } catch (...) {
            thrown_ = std::current_exception();
        }
        return !thrown_;
    }

    /// Rethrows the sink's exception.
    void rethrow() const {
        if (thrown_)
            std::rethrow_exception(thrown_);
    }

private:
    import_report<Row>& report_;
    row_factory<Row> const& maker_;
    std::span<column_info const> columns_;
    std::size_t kept_;
    reject_handler<Row> sink_;
    std::exception_ptr thrown_;
};

} // namespace detail

} // namespace eloqua::bulk
