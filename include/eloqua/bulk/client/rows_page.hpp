// SPDX-License-Identifier: BSL-1.0
/// \file
/// One page of rows, whole.
#pragma once

#include <eloqua/bulk/client/call.hpp>
#include <eloqua/bulk/client/engine.hpp>
#include <eloqua/bulk/client/row_maker.hpp>
#include <eloqua/bulk/codec/page_envelope.hpp>
#include <eloqua/bulk/codec/row_codec.hpp>
#include <eloqua/bulk/wire/operation.hpp>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace eloqua::bulk::detail {

template <class Row>
struct vector_sink final : row_sink {
    std::vector<Row>& rows;
    row_maker<Row> maker;
    explicit vector_sink(std::vector<Row>& r, row_maker<Row> m = row_maker<Row>())
        : rows(r), maker(std::move(m)) {}
    void* begin_row() override { return &maker.append_to(rows); }
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
    call const what(of, std::move(*path));
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
