// SPDX-License-Identifier: BSL-1.0
// Other libraries decode the same page into the same rows, as their documentation advises. All are
// given the number of rows, and reusable parsers are reused. Also measures limits that no decoder
// can beat.
#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value_to.hpp>

#include "data_sets.hpp"
#include "members.hpp"
#include <benchmark/benchmark.h>

#if HAVE_NLOHMANN
#include <nlohmann/json.hpp>
#endif
#if HAVE_RAPIDJSON
#include <rapidjson/reader.h>
#endif
#if HAVE_SIMDJSON
#include <simdjson.h>
#endif

#include <algorithm>
#include <cstring>
#include <map>
#include <string_view>
#include <vector>

namespace codec_benchmarks {

// The interface that Boost.JSON and nlohmann call.
template <class Row>
    requires bulk::described<Row>
Row tag_invoke(boost::json::value_to_tag<Row>, boost::json::value const& v) {
    Row row;
    boost::json::object const& object = v.get_object();
    for_each_member(row, [&](std::string_view key, auto& member) {
        convert(object.at(key).get_string(), member);
    });
    return row;
}

namespace {

/// Runs `decode(page, rows)` with a new vector each time, and does not time its destruction.
template <class Set, class Decode>
void fill(benchmark::State& state, Decode decode) {
    std::string const& page = page_of<Set>();
    for (auto _ : state) {
        std::vector<typename Set::row> rows;
        rows.reserve(page_rows);
        decode(page, rows);
        state.PauseTiming();
        if (rows.size() != page_rows)
            state.SkipWithError("rows are missing");
        rows = std::vector<typename Set::row>();
        state.ResumeTiming();
    }
    state.SetItemsProcessed(state.iterations() * std::int64_t(page_rows));
    state.SetBytesProcessed(state.iterations() * std::int64_t(page.size()));
}

template <class Set>
void copy_page(benchmark::State& state) {
    std::string const& page = page_of<Set>();
    std::string copy(page.size(), ' ');
    for (auto _ : state) {
        std::memcpy(copy.data(), page.data(), page.size());
        benchmark::DoNotOptimize(copy.data());
        benchmark::ClobberMemory();
    }
    state.SetBytesProcessed(state.iterations() * std::int64_t(page.size()));
}

/// Only creates the rows' strings, from known texts.
template <class Set>
void only_strings(benchmark::State& state) {
    using row = typename Set::row;
    auto const cells = cells_of(Set(), page_rows);
    std::string all; // in order, as on a page
    std::vector<std::string_view> texts;
    for (auto const& each : cells)
        for (auto const& cell : each)
            all += cell;
    std::size_t at = 0;
    row example;
    for (auto const& each : cells) {
        std::size_t i = 0;
        for_each_member(example, [&](std::string_view, auto& member) {
            if constexpr (std::is_same_v<std::remove_cvref_t<decltype(member)>, std::string>)
                texts.push_back(std::string_view(all).substr(at, each[i].size()));
            at += each[i++].size();
        });
    }
    fill<Set>(state, [&](std::string const&, std::vector<row>& rows) {
        std::string_view const* next = texts.data();
        for (std::size_t i = 0; i != page_rows; ++i)
            for_each_member(rows.emplace_back(), [&](std::string_view, auto& member) {
                if constexpr (std::is_same_v<std::remove_cvref_t<decltype(member)>, std::string>)
                    member.assign(*next++);
            });
    });
}

template <class Set>
void boost_value_to(benchmark::State& state) {
    fill<Set>(state, [](std::string const& page, auto& rows) {
        boost::json::value const v = boost::json::parse(page);
        for (auto const& each : v.at("items").get_array())
            rows.push_back(boost::json::value_to<typename Set::row>(each));
    });
}

/// Finds the member for a key; keys arrive in the order of the members.
template <class Row>
struct predicted_members {
    std::size_t column = 0;
    std::size_t next = 0;
    Row* row = nullptr;
    static constexpr auto const& codecs = bulk::detail::row_codec<Row>;

    void begin(Row& r) {
        row = &r;
        next = 0;
    }
    void key(std::string_view name) {
        column = next;
        if (column == codecs.size() || codecs[column].key != name)
            for (column = 0; column != codecs.size() && codecs[column].key != name;)
                ++column;
        next = column + 1;
    }
    bool text(std::string_view value) {
        using assigner = bool (*)(Row&, std::string_view);
        static constexpr auto assigners = []<template <class...> class List, class... Members>(
                                              List<Members...>) {
            return std::array<assigner, sizeof...(Members)>{[](Row& into, std::string_view t) {
                auto& member = into.*Members::pointer;
                return bulk::value_traits<std::remove_cvref_t<decltype(member)>>::parse(t, member);
            }...};
        }(bulk::detail::row_members<Row>{});
        return column == codecs.size() || assigners[column](*row, value);
    }
};

template <class Row>
struct boost_handler {
    static constexpr std::size_t max_object_size = std::size_t(-1);
    static constexpr std::size_t max_array_size = std::size_t(-1);
    static constexpr std::size_t max_key_size = std::size_t(-1);
    static constexpr std::size_t max_string_size = std::size_t(-1);
    std::vector<Row>* rows = nullptr;
    predicted_members<Row> members;
    std::string key, text; // assembled from parts
    int depth = 0;

    bool on_document_begin(boost::json::error_code&) { return true; }
    bool on_document_end(boost::json::error_code&) { return true; }
    bool on_object_begin(boost::json::error_code&) {
        if (++depth == 2)
            members.begin(rows->emplace_back());
        return true;
    }
    bool on_object_end(std::size_t, boost::json::error_code&) {
        --depth;
        return true;
    }
    bool on_array_begin(boost::json::error_code&) { return true; }
    bool on_array_end(std::size_t, boost::json::error_code&) { return true; }
    bool on_key_part(boost::json::string_view s, std::size_t, boost::json::error_code&) {
        key.append(s.data(), s.size());
        return true;
    }
    bool on_key(boost::json::string_view s, std::size_t, boost::json::error_code&) {
        if (depth == 2 && key.empty()) {
            members.key(s);
        } else {
            key.append(s.data(), s.size());
            if (depth == 2)
                members.key(key);
            key.clear();
        }
        return true;
    }
    bool on_string_part(boost::json::string_view s, std::size_t, boost::json::error_code&) {
        text.append(s.data(), s.size());
        return true;
    }
    bool on_string(boost::json::string_view s, std::size_t, boost::json::error_code&) {
        if (text.empty())
            return members.text(s);
        text.append(s.data(), s.size());
        bool const fine = members.text(text);
        text.clear();
        return fine;
    }
    bool on_number_part(boost::json::string_view, boost::json::error_code&) { return true; }
    bool on_int64(std::int64_t, boost::json::string_view, boost::json::error_code&) { return true; }
    bool on_uint64(std::uint64_t, boost::json::string_view, boost::json::error_code&) {
        return true;
    }
    bool on_double(double, boost::json::string_view, boost::json::error_code&) { return true; }
    bool on_bool(bool, boost::json::error_code&) { return true; }
    bool on_null(boost::json::error_code&) { return true; }
    bool on_comment_part(boost::json::string_view, boost::json::error_code&) { return true; }
    bool on_comment(boost::json::string_view, boost::json::error_code&) { return true; }
};

template <class Set>
void boost_basic_parser(benchmark::State& state) {
    using row = typename Set::row;
    boost::json::basic_parser<boost_handler<row>> parser{boost::json::parse_options()};
    fill<Set>(state, [&](std::string const& page, std::vector<row>& rows) {
        parser.reset();
        parser.handler().rows = &rows;
        boost::json::error_code ec;
        for (std::size_t at = 0; at != page.size() && !ec;) {
            std::size_t const n = std::min<std::size_t>(page.size() - at, 65'536);
            parser.write_some(true, page.data() + at, n, ec);
            at += n;
        }
    });
}

#if HAVE_NLOHMANN
template <class Set>
void nlohmann_parse(benchmark::State& state) {
    fill<Set>(state, [](std::string const& page, auto& rows) {
        auto const v = nlohmann::json::parse(page);
        for (auto const& each : v.at("items"))
            for_each_member(rows.emplace_back(), [&](std::string_view key, auto& member) {
                convert(each.at(std::string(key)).template get_ref<std::string const&>(), member);
            });
    });
}
#endif

#if HAVE_RAPIDJSON
template <class Row>
struct rapidjson_handler : rapidjson::BaseReaderHandler<rapidjson::UTF8<>, rapidjson_handler<Row>> {
    std::vector<Row>& rows;
    predicted_members<Row> members;
    int depth = 0;

    explicit rapidjson_handler(std::vector<Row>& r) : rows(r) {}
    bool StartObject() {
        if (++depth == 2)
            members.begin(rows.emplace_back());
        return true;
    }
    bool EndObject(rapidjson::SizeType) {
        --depth;
        return true;
    }
    bool Key(char const* s, rapidjson::SizeType n, bool) {
        if (depth == 2)
            members.key({s, n});
        return true;
    }
    bool String(char const* s, rapidjson::SizeType n, bool) { return members.text({s, n}); }
};

template <class Set>
void rapidjson_reader(benchmark::State& state) {
    fill<Set>(state, [](std::string const& page, auto& rows) {
        rapidjson_handler<typename Set::row> handler(rows);
        rapidjson::Reader reader;
        rapidjson::StringStream stream(page.c_str());
        reader.Parse<rapidjson::kParseValidateEncodingFlag>(stream, handler);
    });
}
#endif

#if HAVE_SIMDJSON
simdjson::padded_string const& padded(std::string const& page) {
    static std::map<std::string const*, simdjson::padded_string> copies;
    auto const [at, made] = copies.try_emplace(&page);
    if (made)
        at->second = simdjson::padded_string(page);
    return at->second;
}

/// Touches its buffers once, however often benchmarks restart.
simdjson::ondemand::parser& reused_parser() {
    static simdjson::ondemand::parser parser;
    return parser;
}

template <class Row>
void find_members(simdjson::ondemand::object object, Row& row) {
    for_each_member(row, [&](std::string_view key, auto& member) {
        convert(std::string_view(object[key].get_string()), member);
    });
}

template <class Set>
void simdjson_find(benchmark::State& state) {
    simdjson::ondemand::parser& parser = reused_parser();
    fill<Set>(state, [&](std::string const& page, auto& rows) {
        auto document = parser.iterate(padded(page));
        for (auto each : document["items"].get_array())
            find_members(each.get_object(), rows.emplace_back());
    });
}

template <class Set>
void simdjson_iterate(benchmark::State& state) {
    simdjson::ondemand::parser& parser = reused_parser();
    fill<Set>(state, [&](std::string const& page, auto& rows) {
        auto document = parser.iterate(padded(page));
        predicted_members<typename Set::row> members;
        for (auto each : document["items"].get_array()) {
            members.begin(rows.emplace_back());
            for (auto field : each.get_object()) {
                members.key(std::string_view(field.unescaped_key()));
                members.text(std::string_view(field.value().get_string()));
            }
        }
    });
}

template <class Set, class Row>
void simdjson_one_row(benchmark::State& state) {
    std::string const& page = page_of<Set>();
    simdjson::ondemand::parser& parser = reused_parser();
    Row row{};
    for (auto _ : state) {
        auto document = parser.iterate(padded(page));
        for (auto each : document["items"].get_array()) {
            find_members(each.get_object(), row);
            benchmark::DoNotOptimize(row);
        }
    }
    state.SetItemsProcessed(state.iterations() * std::int64_t(page_rows));
    state.SetBytesProcessed(state.iterations() * std::int64_t(page.size()));
}
#endif

template <class Set>
void add() {
    auto make = [&](std::string const& what, char const* who, void (*f)(benchmark::State&)) {
        benchmark::RegisterBenchmark((what + "/" + Set::name + "/" + who).c_str(), f)
            ->Unit(benchmark::kMillisecond);
    };
    make("decode", "memcpy of the page", &copy_page<Set>);
    make("decode", "only make the strings", &only_strings<Set>);
    make("decode", "Boost.JSON value_to", &boost_value_to<Set>);
    make("decode", "Boost.JSON basic_parser", &boost_basic_parser<Set>);
#if HAVE_NLOHMANN
    make("decode", "nlohmann", &nlohmann_parse<Set>);
#endif
#if HAVE_RAPIDJSON
    make("decode", "RapidJSON Reader", &rapidjson_reader<Set>);
#endif
#if HAVE_SIMDJSON
    make("decode", "simdjson find", &simdjson_find<Set>);
    make("decode", "simdjson iterate", &simdjson_iterate<Set>);
    make("decode one row", "simdjson find", &simdjson_one_row<Set, typename Set::row>);
    make("decode views", "simdjson find", &simdjson_one_row<Set, typename Set::views>);
#endif
}

bool const added = (add<short_rows>(), add<wide_rows>(), true);

} // namespace

} // namespace codec_benchmarks
