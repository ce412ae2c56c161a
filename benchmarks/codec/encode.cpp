// SPDX-License-Identifier: BSL-1.0
// This library and others encode the same rows to the same bytes.
#include <eloqua/bulk.hpp>
#include <eloqua/bulk/async.hpp>
#include <eloqua/bulk/beast_transport.hpp>
#include <eloqua/bulk/detail/codec/row_decoder.hpp>
#include <eloqua/bulk/detail/codec/row_encoder.hpp>
#include <eloqua/bulk/simulator.hpp>

#include <boost/json/serializer.hpp>

#include "data_sets.hpp"
#include "members.hpp"
#include <benchmark/benchmark.h>

#if HAVE_NLOHMANN
#include <nlohmann/json.hpp>
#endif
#if HAVE_RAPIDJSON
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>
#endif

#include <algorithm>
#include <cstring>
#include <stdexcept>

namespace codec_benchmarks {

namespace {

template <class Set>
std::vector<typename Set::row> const& rows_of() {
    static std::vector<typename Set::row> const rows = [] {
        std::vector<typename Set::row> read;
        bulk::detail::vector_sink<typename Set::row> sink(read);
        bulk::detail::row_decoder decoder(bulk::detail::row_codec<typename Set::row>);
        decoder.begin_page(0);
        std::string_view page = page_of<Set>();
        while (!page.empty()) {
            auto const room = decoder.prepare();
            std::size_t const n = std::min(room.size(), page.size());
            std::memcpy(room.data(), page.data(), n);
            page.remove_prefix(n);
            decoder.commit(n, sink).value();
        }
        decoder.finish().value();
        return read;
    }();
    return rows;
}

/// The text of a member, a view of the member or of `scratch`.
template <class T>
std::string_view text_of(T const& member, std::string& scratch) {
    if constexpr (std::is_same_v<T, std::string>) {
        return member;
    } else {
        scratch.clear();
        if (!bulk::value_traits<T>::write(member, scratch))
            throw std::runtime_error("a value without a text");
        return scratch;
    }
}

template <class Set>
bulk::detail::row_encoder encoder_of(bulk::rows_format format, std::size_t limit) {
    return bulk::detail::row_encoder(bulk::detail::row_codec<typename Set::row>,
                                     bulk::detail::columns_of<typename Set::row, bulk::contacts_t>,
                                     format, limit);
}

/// Encodes all rows in one body.
template <class Set>
std::string const& whole_body() {
    static std::string const body = [] {
        auto encoder = encoder_of<Set>(bulk::rows_format::json, std::size_t(1) << 30);
        for (auto const& row : rows_of<Set>())
            if (encoder.append(&row) != bulk::detail::row_encoder::fit::taken)
                throw std::runtime_error("a row that cannot be written");
        return std::string(encoder.body());
    }();
    return body;
}

template <class Set>
void count(benchmark::State& state, std::size_t bytes) {
    state.SetItemsProcessed(state.iterations() * std::int64_t(page_rows));
    state.SetBytesProcessed(state.iterations() * std::int64_t(bytes));
}

/// Encodes bodies of 32 MB, as they would be sent.
template <class Set, bulk::rows_format Format>
void encode(benchmark::State& state) {
    auto const& rows = rows_of<Set>();
    auto encoder = encoder_of<Set>(Format, bulk::limits::request_bytes);
    std::size_t bytes = 0;
    for (auto _ : state) {
        bytes = 0;
        encoder.clear();
        for (auto const& row : rows)
            while (encoder.append(&row) != bulk::detail::row_encoder::fit::taken) {
                bytes += encoder.body().size();
                encoder.clear();
            }
        bytes += encoder.body().size();
        benchmark::DoNotOptimize(encoder.body().data());
        benchmark::ClobberMemory();
    }
    count<Set>(state, bytes);
}

template <class Set>
void copy_body(benchmark::State& state) {
    std::string const& body = whole_body<Set>();
    // Copies between several places in turn, since rows and their body do not fit into a cache
    // either.
    std::vector<std::string> const sources(1 + 200'000'000 / body.size(), body);
    // The same amount of memory as the encoder uses.
    std::size_t const most = std::min<std::size_t>(body.size(), bulk::limits::request_bytes);
    std::vector<std::string> copies(sources.size(), std::string(most, ' '));
    std::size_t turn = 0;
    for (auto _ : state) {
        std::string& copy = copies[turn % copies.size()];
        std::string const& from = sources[turn++ % sources.size()];
        for (std::size_t at = 0; at < from.size(); at += most) {
            std::memcpy(copy.data(), from.data() + at, std::min(most, from.size() - at));
            benchmark::DoNotOptimize(copy.data());
            benchmark::ClobberMemory();
        }
    }
    count<Set>(state, body.size());
}

#if HAVE_RAPIDJSON
template <class Set>
void rapidjson_writer(benchmark::State& state) {
    auto const& rows = rows_of<Set>();
    rapidjson::StringBuffer buffer;
    std::string scratch;
    for (auto _ : state) {
        buffer.Clear();
        rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
        writer.StartArray();
        for (auto const& row : rows) {
            writer.StartObject();
            for_each_member(row, [&](std::string_view key, auto const& member) {
                writer.Key(key.data(), static_cast<rapidjson::SizeType>(key.size()));
                std::string_view const text = text_of(member, scratch);
                writer.String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
            });
            writer.EndObject();
        }
        writer.EndArray();
        benchmark::DoNotOptimize(buffer.GetString());
    }
    if (std::string_view(buffer.GetString(), buffer.GetSize()).size() != whole_body<Set>().size())
        state.SkipWithError("another result");
    count<Set>(state, buffer.GetSize());
}
#endif

/// Encodes row by row into memory that is reused.
template <class Set>
void boost_serializer(benchmark::State& state) {
    auto const& rows = rows_of<Set>();
    std::vector<unsigned char> memory(65'536);
    boost::json::serializer serializer;
    std::string scratch, out;
    for (auto _ : state) {
        out.clear();
        for (auto const& row : rows) {
            boost::json::monotonic_resource arena(memory.data(), memory.size());
            boost::json::object object(&arena);
            object.reserve(bulk::detail::row_codec<typename Set::row>.size());
            for_each_member(row, [&](std::string_view key, auto const& member) {
                object[key].emplace_string() = text_of(member, scratch);
            });
            out += out.empty() ? '[' : ',';
            serializer.reset(&object);
            while (!serializer.done()) {
                char piece[4096];
                auto const part = serializer.read(piece);
                out.append(part.data(), part.size());
            }
        }
        out += ']';
        benchmark::DoNotOptimize(out.data());
    }
    count<Set>(state, out.size());
}

#if HAVE_NLOHMANN
template <class Set>
void nlohmann_dump(benchmark::State& state) {
    auto const& rows = rows_of<Set>();
    std::string scratch;
    std::size_t bytes = 0;
    for (auto _ : state) {
        auto all = nlohmann::ordered_json::array();
        for (auto const& row : rows) {
            nlohmann::ordered_json object;
            for_each_member(row, [&](std::string_view key, auto const& member) {
                object.emplace(std::string(key), std::string(text_of(member, scratch)));
            });
            all.push_back(std::move(object));
        }
        std::string const out = all.dump();
        bytes = out.size();
        benchmark::DoNotOptimize(out.data());
    }
    count<Set>(state, bytes);
}
#endif

template <class Set>
void add() {
    auto make = [&](std::string const& what, char const* who, void (*f)(benchmark::State&)) {
        benchmark::RegisterBenchmark((what + "/" + Set::name + "/" + who).c_str(), f)
            ->Unit(benchmark::kMillisecond);
    };
    make("encode", "eloqua-bulk", &encode<Set, bulk::rows_format::json>);
    make("encode CSV", "eloqua-bulk", &encode<Set, bulk::rows_format::csv>);
    make("encode", "memcpy of the result", &copy_body<Set>);
    make("encode", "Boost.JSON serializer", &boost_serializer<Set>);
#if HAVE_RAPIDJSON
    make("encode", "RapidJSON Writer", &rapidjson_writer<Set>);
#endif
#if HAVE_NLOHMANN
    make("encode", "nlohmann", &nlohmann_dump<Set>);
#endif
}

bool const added = (add<short_rows>(), add<wide_rows>(), true);

} // namespace

} // namespace codec_benchmarks
