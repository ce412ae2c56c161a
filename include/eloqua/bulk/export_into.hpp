// SPDX-License-Identifier: BSL-1.0
/// \file
/// Exports into a store that they are resumed from.
#pragma once

#include <eloqua/bulk/client.hpp>
#include <eloqua/bulk/detail/http/instance.hpp>
#include <eloqua/bulk/detail/job/endpoint_call.hpp>
#include <eloqua/bulk/detail/job/engine.hpp>
#include <eloqua/bulk/export.hpp>
#include <eloqua/bulk/filter.hpp>
#include <eloqua/bulk/operation.hpp>
#include <eloqua/bulk/record.hpp>
#include <eloqua/bulk/syncs.hpp>

#include <concepts>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace eloqua::bulk {

namespace detail {

/// How the rows of one export are asked for.
template <class Row, class Transport, exportable E>
class row_request {
public:
    using row = Row;
    using transport = Transport;
    using source = row_source<Row, Transport>;

    row_request(basic_client<Transport> with, E of, row_maker<Row> maker,
                std::optional<filter<Row, E>> condition, export_options options)
        : client_(std::move(with)), of_(std::move(of)), maker_(std::move(maker)),
          condition_(std::move(condition)), options_(std::move(options)),
          keep_definition_(options_.keep_definition) {
        options_.keep_definition = true; // until all is stored
    }

    source begin() const {
        if constexpr (std::same_as<Row, record>)
            return condition_ ? client_.export_records(of_, maker_.columns, *condition_, options_)
                              : client_.export_records(of_, maker_.columns, options_);
        else
            return condition_ ? client_.template export_rows<Row>(of_, *condition_, options_)
                              : client_.template export_rows<Row>(of_, options_);
    }
    source resume(export_checkpoint at) const {
        if constexpr (std::same_as<Row, record>)
            return client_.resume_records(of_, maker_.columns, std::move(at), options_);
        else
            return client_.template resume_rows<Row>(of_, std::move(at), options_);
    }
    bool keep_definition() const { return keep_definition_; }
    /// In place of the filter that was asked for, one in the service's language; empty for none.
    void replace_filter(std::string text) {
        condition_.reset();
        if (!text.empty())
            condition_ = filter_for<Row, E>(unchecked_filter(std::move(text)));
    }
    operation<std::string, Transport> instance() const { return client_.instance(); }

private:
    basic_client<Transport> client_;
    E of_;
    row_maker<Row> maker_;
    std::optional<filter<Row, E>> condition_;
    export_options options_;
    bool keep_definition_;
};

/// Tells a store what was made before there are rows.
template <class Row, class Sink>
result<void> note_begun(Sink& sink, export_checkpoint const& at) {
    if constexpr (requires { sink.begun(at); })
        return sink.begun(at);
    else
        return sink.append(std::span<Row const>(), at);
}

/// `start_over`: the sink is cleared if the sync of its checkpoint is gone.
template <class Request, checkpointed_sink<typename Request::row> Sink>
flow<result<stored_export>> export_into_flow(Request request, Sink& sink, bool start_over) {
    using row = typename Request::row;
    using transport = typename Request::transport;
    stored_export done;
    result<std::optional<sink_progress>> last = sink.last();
    if (!last)
        co_return last.error();
    bool resumed = last->has_value();
    if (resumed) {
        export_checkpoint const& at = (*last)->at;
        done.resumed = at.rows;
        done.was_complete = (*last)->complete;
        done.receipt.rows = at.rows;
        done.receipt.sync = at.sync;
        done.receipt.definition = at.definition;
    }
    if (done.was_complete) {
        operation<std::string, transport> asked = request.instance();
        result<std::string> const here = co_await std::move(asked).release();
        if (!here)
            co_return here.error();
        std::string const& its = (*last)->at.instance;
        if (are_other_instances(its, *here))
            co_return of_another_instance(errc::invalid_checkpoint, "what is stored", its, *here);
        co_return done;
    }
    std::optional<typename Request::source> source;
    source.emplace(resumed ? request.resume((*last)->at) : request.begin());
    for (bool prepared = false;;) {
        result<std::vector<row>> rows = std::vector<row>();
        if (prepared) {
            operation<std::vector<row>, transport> asked = source->next();
            rows = co_await std::move(asked).release();
        } else {
            operation<bool, transport> asked = source->prepare();
            result<bool> const more = co_await std::move(asked).release();
            if (more && *more) {
                result<void> const noted = note_begun<row>(sink, source->checkpoint());
                if (!noted)
                    co_return noted.error();
            }
            if (more) {
                prepared = !*more;
                continue;
            }
            rows = more.error();
        }
        if (!rows) {
            error_code const why = rows.error().code;
            bool const gone = why == make_error_code(errc::sync_gone);
            bool const failed = why == make_error_code(errc::sync_failed);
            bool const later = why == make_error_code(elq::temporary_error);
            bool const nothing_stored = source->checkpoint().rows == 0;
            bool anew = false;
            if (resumed && nothing_stored && (gone || failed || later)) {
                // What an earlier run has begun came to nothing, and nobody has been told.
                anew = !later;
                if (failed) {
                    operation<void, transport> removal = source->remove_definition();
                    (void)co_await std::move(removal).release();
                }
            } else if constexpr (requires { sink.clear(); }) {
                if (start_over && gone) {
                    anew = true;
                    result<void> const cleared = sink.clear();
                    if (!cleared)
                        co_return cleared.error();
                }
            }
            if (!anew && !(resumed && nothing_stored && later))
                co_return rows.error();
            resumed = start_over = prepared = false;
            if (anew) {
                done.resumed = 0;
                source.emplace(request.begin());
            }
            continue;
        }
        export_checkpoint const at = source->checkpoint();
        result<void> const stored =
            rows->empty() ? sink.complete(at) : sink.append(std::span<row const>(*rows), at);
        if (!stored)
            co_return stored.error();
        if (rows->empty())
            break;
    }
    if (!request.keep_definition()) {
        operation<void, transport> removal = source->remove_definition();
        (void)co_await std::move(removal).release(); // if it fails, the receipt says so
    }
    done.receipt = source->receipt();
    co_return done;
}

template <class Row, class Transport, exportable E, checkpointed_sink<Row> Sink>
operation<stored_export, Transport>
export_into(basic_client<Transport> const& with, E of, row_maker<Row> maker, Sink& sink,
            std::optional<filter<Row, E>> condition, export_options options) {
    static_assert(row_to_keep<Row>::checked);
    row_request<Row, Transport, E> request(with, std::move(of), std::move(maker),
                                           std::move(condition), std::move(options));
    return operation<stored_export, Transport>(export_into_flow(std::move(request), sink, false),
                                               with.transport());
}

} // namespace detail

/// Exports every row of an entity into a store, or resumes what an earlier run left there;
/// does nothing if that was all. What is made on the server is told to the store before it is
/// waited for, so that another run waits for the same sync. The definition is kept until the store
/// is complete. Where nothing is stored yet and the sync of an earlier run has failed or is gone,
/// the export begins anew by itself. Rows are handed to the store `export_options::batch_rows` at a
/// time.
///
/// The store must stay until the operation is done. It is called on the thread that runs the
/// operation, which waits for it, an asynchronous one too. What it throws comes out of a blocking
/// `get()`; of an asynchronous operation it is the failure, see `diagnostics::thrown`.
///
/// Errors: those of `row_source` and of the store; after one that may pass, the same call resumes.
/// After `errc::sync_gone`, when the rows on the server have expired, and after those by which rows
/// came that cannot be right, empty the store and begin anew.
template <class Row, class Transport, exportable E, checkpointed_sink<Row> Sink>
operation<stored_export, Transport>
export_into(basic_client<Transport> const& with, E of, Sink& sink,
            detail::argument<export_options, Transport> options =
                detail::argument<export_options, Transport>()) {
    return detail::export_into<Row, Transport, E>(with, std::move(of), {}, sink, std::nullopt,
                                                  std::move(options));
}

/// As above, for the rows that fit a filter. An export that is resumed has the filter that it began
/// with.
template <class Row, class Transport, exportable E, checkpointed_sink<Row> Sink, class FilterRow,
          class FilterEntity>
operation<stored_export, Transport>
export_into(basic_client<Transport> const& with, E of, Sink& sink,
            filter<FilterRow, FilterEntity> condition,
            detail::argument<export_options, Transport> options =
                detail::argument<export_options, Transport>()) {
    return detail::export_into<Row, Transport, E>(with, std::move(of), {}, sink,
                                                  detail::filter_for<Row, E>(std::move(condition)),
                                                  std::move(options));
}

/// As above, for records. Throws as `basic_client::export_records`.
template <class Transport, exportable E, checkpointed_sink<record> Sink>
operation<stored_export, Transport>
export_records_into(basic_client<Transport> const& with, E of, record_columns columns, Sink& sink,
                    detail::argument<export_options, Transport> options =
                        detail::argument<export_options, Transport>()) {
    (void)detail::exported_record(of, columns).value();
    return detail::export_into<record, Transport, E>(with, std::move(of), {std::move(columns)},
                                                     sink, std::nullopt, std::move(options));
}
template <class Transport, exportable E, checkpointed_sink<record> Sink, class FilterRow,
          class FilterEntity>
operation<stored_export, Transport>
export_records_into(basic_client<Transport> const& with, E of, record_columns columns, Sink& sink,
                    filter<FilterRow, FilterEntity> condition,
                    detail::argument<export_options, Transport> options =
                        detail::argument<export_options, Transport>()) {
    (void)detail::exported_record(of, columns).value();
    return detail::export_into<record, Transport, E>(
        with, std::move(of), {std::move(columns)}, sink,
        detail::filter_for<record, E>(std::move(condition)), std::move(options));
}

} // namespace eloqua::bulk
