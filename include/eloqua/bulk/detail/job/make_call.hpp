// SPDX-License-Identifier: BSL-1.0
/// \file
/// Calls of endpoints as flows and as operations; one whole page of rows.
#pragma once

#include <eloqua/bulk/detail/codec/column.hpp>
#include <eloqua/bulk/detail/codec/page.hpp>
#include <eloqua/bulk/detail/http/endpoint_call.hpp>
#include <eloqua/bulk/detail/http/parse_response.hpp>
#include <eloqua/bulk/detail/job/engine.hpp>
#include <eloqua/bulk/operation.hpp>
#include <eloqua/bulk/record.hpp>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace eloqua::bulk::detail {

/// `of` must outlive the flow, as `facts_of` an endpoint does.
template <class Answer, class Core>
flow<result<Answer>> call_flow(Core core, call_facts const& of, result<std::string> path,
                               std::string body, std::string content_type) {
    if (!path)
        co_return path.error();
    endpoint_call what(of, std::move(*path), body);
    what.content_type = content_type;
    what.most_items = most_items_of<Answer>(what.path);
    result<response_body> const got = co_await core->engine->fetch(what);
    co_return parse_response_as<Answer>(got, what);
}

/// An operation that sends one call to a path.
template <class Answer, class Transport>
operation<Answer, Transport> make_call(core_pointer<Transport> const& core, call_facts const& of,
                                       result<std::string> path, std::string body = std::string(),
                                       std::string content_type = "application/json") {
    return operation<Answer, Transport>(
        call_flow<Answer>(core, of, std::move(path), std::move(body), std::move(content_type)),
        std::shared_ptr<Transport>(core, &core->transport));
}

/// Refuses, with a message, row types that refer to memory which is reused.
template <class Row, bool OwnsValues = !is_view_row<Row>>
struct row_to_keep : compile_time_check {
    static_assert(
        OwnsValues,
        "eloqua: rows with std::string_view members are valid in a call of for_each only; "
        "give the row std::string members to have its rows in any other way");
};

/// Creates rows of a type for functions that collect them.
template <class Row>
struct row_factory {
    Row make() const { return Row{}; }
    Row& append_to(std::vector<Row>& rows) const { return rows.emplace_back(); }
};
template <>
struct row_factory<record> {
    record_columns columns;
    record make() const { return record(columns); }
    record& append_to(std::vector<record>& rows) const { return rows.emplace_back(columns); }
};

template <class Row>
struct vector_sink final : row_sink {
    std::vector<Row>& rows;
    row_factory<Row> maker;
    std::vector<Row>* reused; ///< rows whose memory is used before that of new ones; may be null
    explicit vector_sink(std::vector<Row>& r, row_factory<Row> m = row_factory<Row>(),
                         std::vector<Row>* old = nullptr)
        : rows(r), maker(std::move(m)), reused(old) {}
    void* begin_row() override {
        if (!reused || reused->empty())
            return &maker.append_to(rows);
        rows.push_back(std::move(reused->back()));
        reused->pop_back();
        return &rows.back();
    }
    void end_row(bool complete) override {
        if (!complete)
            rows.pop_back();
    }
    void restart() override { rows.clear(); }
    void const* last_row() const override { return rows.empty() ? nullptr : &rows.back(); }
};

template <class Row, class Core>
flow<result<page<Row>>> rows_page_flow(Core core, call_facts const& of, result<std::string> path) {
    if (!path)
        co_return path.error();
    endpoint_call const what(of, std::move(*path));
    page<Row> read;
    vector_sink<Row> sink(read.items);
    result<page_envelope> const said = co_await core->engine->read_page(what, row_codec<Row>, sink);
    if (!said)
        co_return said.error();
    read.totalResults = said->totalResults;
    read.limit = said->limit;
    read.offset = said->offset;
    read.count = said->count;
    read.hasMore = said->hasMore.value_or(false);
    co_return read;
}

template <class Endpoint, class Row, class Transport>
operation<page<Row>, Transport> read_rows_page(core_pointer<Transport> const& core,
                                               result<std::string> path) {
    return operation<page<Row>, Transport>(
        rows_page_flow<Row>(core, facts_of<Endpoint>, std::move(path)),
        std::shared_ptr<Transport>(core, &core->transport));
}

} // namespace eloqua::bulk::detail
