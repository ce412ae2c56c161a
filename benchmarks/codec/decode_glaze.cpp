// SPDX-License-Identifier: BSL-1.0
// glaze decodes the same page. It needs C++23 and is not packaged in Debian, so it is measured only
// where -Dglaze=enabled finds its headers. Checks compile this file with those of glaze_stand_in/.
#include "data_sets.hpp"
#include "members.hpp"
#include <benchmark/benchmark.h>
#include <glaze/glaze.hpp>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <vector>

namespace codec_benchmarks {

/// The part of a page that glaze reads.
template <class Row>
struct glaze_page {
    std::vector<Row> items;
};

template <class Row, class Member>
constexpr auto read_text =
    [](Row& row, std::string const& text) { convert(text, row.*Member::pointer); };
template <class Row, class Member>
constexpr auto write_nothing = [](Row&) -> std::string { return {}; };

template <class Row, class Member>
constexpr auto handler_of() {
    using type = bulk::detail::member_type<Member>;
    if constexpr (std::is_same_v<type, std::string>)
        return static_cast<type Row::*>(Member::pointer);
    else
        return glz::custom<read_text<Row, Member>, write_nothing<Row, Member>>;
}
template <class Row, template <class...> class List, class... Members>
constexpr auto object_of(List<Members...>) {
    return std::apply(
        [](auto... parts) { return glz::object(parts...); },
        std::tuple_cat(std::tuple(std::string_view(Members::name), handler_of<Row, Members>())...));
}

} // namespace codec_benchmarks

template <>
struct glz::meta<codec_benchmarks::short_rows::row> {
    static constexpr auto value = codec_benchmarks::object_of<codec_benchmarks::short_rows::row>(
        eloqua::bulk::detail::row_members<codec_benchmarks::short_rows::row>());
};
template <>
struct glz::meta<codec_benchmarks::wide_rows::row> {
    static constexpr auto value = codec_benchmarks::object_of<codec_benchmarks::wide_rows::row>(
        eloqua::bulk::detail::row_members<codec_benchmarks::wide_rows::row>());
};
template <class Row>
struct glz::meta<codec_benchmarks::glaze_page<Row>> {
    static constexpr auto value = glz::object("items", &codec_benchmarks::glaze_page<Row>::items);
};

namespace codec_benchmarks {

namespace {

template <class Set>
void glaze_read(benchmark::State& state) {
    std::string const& page = page_of<Set>();
    for (auto _ : state) {
        glaze_page<typename Set::row> read;
        read.items.reserve(page_rows);
        if (glz::read<glz::opts{.error_on_unknown_keys = false}>(read, page))
            state.SkipWithError("not read");
        state.PauseTiming();
        if (read.items.size() != page_rows)
            state.SkipWithError("rows are missing");
        read.items = std::vector<typename Set::row>();
        state.ResumeTiming();
    }
    state.SetItemsProcessed(state.iterations() * std::int64_t(page_rows));
    state.SetBytesProcessed(state.iterations() * std::int64_t(page.size()));
}

bool const added = [] {
    benchmark::RegisterBenchmark("decode/short/glaze", &glaze_read<short_rows>)
        ->Unit(benchmark::kMillisecond);
    benchmark::RegisterBenchmark("decode/wide/glaze", &glaze_read<wide_rows>)
        ->Unit(benchmark::kMillisecond);
    return true;
}();

} // namespace

} // namespace codec_benchmarks
