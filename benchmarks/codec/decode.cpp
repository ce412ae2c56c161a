// SPDX-License-Identifier: BSL-1.0
// This library decodes a page of rows in pieces of 64 KiB, which are copied into its buffer as from
// a socket. The unit includes the whole library, since inlining depends on the rest of the unit.
#include <eloqua/bulk.hpp>
#include <eloqua/bulk/async.hpp>
#include <eloqua/bulk/beast_transport.hpp>
#include <eloqua/bulk/detail/codec/row_decoder.hpp>
#include <eloqua/bulk/simulator.hpp>

#include "data_sets.hpp"
#include <algorithm>
#include <benchmark/benchmark.h>
#include <cstring>
#include <memory_resource>
#include <stdexcept>

namespace codec_benchmarks {

namespace {

void feed(bulk::detail::row_decoder& decoder, std::string_view page, bulk::detail::row_sink& sink) {
    decoder.begin_page(0);
    while (!page.empty()) {
        auto const room = decoder.prepare();
        std::size_t const n = std::min(room.size(), page.size());
        std::memcpy(room.data(), page.data(), n);
        page.remove_prefix(n);
        decoder.commit(n, sink).value();
    }
    decoder.finish().value();
}

template <class Row>
struct reused_row final : bulk::detail::row_sink {
    Row row{};
    std::size_t rows = 0;
    void* begin_row() override { return &row; }
    void end_row(bool complete) override {
        rows += complete;
        benchmark::DoNotOptimize(row);
    }
};

template <class Set>
std::string csv_page_of() {
    struct sink final : bulk::detail::row_sink {
        bulk::detail::row_encoder encoder{
            bulk::detail::row_codec<typename Set::row>,
            bulk::detail::columns_of<typename Set::row, bulk::contacts_t>, bulk::rows_format::csv,
            std::size_t(1) << 30};
        typename Set::row row;
        void* begin_row() override { return &row; }
        void end_row(bool complete) override {
            if (complete && encoder.append(&row) != bulk::detail::row_encoder::fit::taken)
                throw std::runtime_error("a row that cannot be written");
        }
    } sink;
    bulk::detail::row_decoder decoder(bulk::detail::row_codec<typename Set::row>);
    feed(decoder, page_of<Set>(), sink);
    return std::string(sink.encoder.body());
}

template <class Set>
std::string const& text_of(bulk::rows_format format) {
    if (format == bulk::rows_format::json)
        return page_of<Set>();
    static std::string const page = csv_page_of<Set>();
    return page;
}

template <class Set, bulk::rows_format Format>
void owning_rows(benchmark::State& state) {
    using row = typename Set::row;
    std::string const& page = text_of<Set>(Format);
    bulk::detail::row_decoder decoder(bulk::detail::row_codec<row>, Format);
    for (auto _ : state) {
        std::vector<row> rows;
        rows.reserve(page_rows);
        bulk::detail::vector_sink<row> sink(rows);
        feed(decoder, page, sink);
        state.PauseTiming();
        if (rows.size() != page_rows)
            state.SkipWithError("rows are missing");
        rows = std::vector<row>();
        state.ResumeTiming();
    }
    state.SetItemsProcessed(state.iterations() * std::int64_t(page_rows));
    state.SetBytesProcessed(state.iterations() * std::int64_t(page.size()));
}

template <class Set, class Row, bulk::rows_format Format>
void one_row(benchmark::State& state) {
    std::string const& page = text_of<Set>(Format);
    bulk::detail::row_decoder decoder(bulk::detail::row_codec<Row>, Format);
    reused_row<Row> sink;
    for (auto _ : state) {
        sink.rows = 0;
        feed(decoder, page, sink);
        if (sink.rows != page_rows)
            state.SkipWithError("rows are missing");
    }
    state.SetItemsProcessed(state.iterations() * std::int64_t(page_rows));
    state.SetBytesProcessed(state.iterations() * std::int64_t(page.size()));
}

template <class Set>
void pmr_rows(benchmark::State& state) {
    using row = typename Set::pmr_row;
    std::string const& page = page_of<Set>();
    bulk::detail::row_decoder decoder(bulk::detail::row_codec<row>);
    std::vector<char> memory(2 * page.size());
    for (auto _ : state) {
        std::pmr::monotonic_buffer_resource arena(memory.data(), memory.size());
        std::pmr::memory_resource* const before = std::pmr::set_default_resource(&arena);
        std::vector<row> rows;
        rows.reserve(page_rows);
        bulk::detail::vector_sink<row> sink(rows);
        feed(decoder, page, sink);
        std::pmr::set_default_resource(before);
        state.PauseTiming();
        rows = std::vector<row>();
        state.ResumeTiming();
    }
    state.SetItemsProcessed(state.iterations() * std::int64_t(page_rows));
    state.SetBytesProcessed(state.iterations() * std::int64_t(page.size()));
}

template <class Set>
void add() {
    std::string const of = std::string("/") + Set::name + "/eloqua-bulk";
    auto make = [&](std::string const& name, void (*f)(benchmark::State&)) {
        benchmark::RegisterBenchmark((name).c_str(), f)->Unit(benchmark::kMillisecond);
    };
    using enum bulk::rows_format;
    make("decode" + of, &owning_rows<Set, json>);
    make("decode" + of + " pmr", &pmr_rows<Set>);
    make("decode one row" + of, &one_row<Set, typename Set::row, json>);
    make("decode views" + of, &one_row<Set, typename Set::views, json>);
    make("decode CSV" + of, &owning_rows<Set, csv>);
    make("decode CSV views" + of, &one_row<Set, typename Set::views, csv>);
}

bool const added = (add<short_rows>(), add<wide_rows>(), true);

} // namespace

} // namespace codec_benchmarks
