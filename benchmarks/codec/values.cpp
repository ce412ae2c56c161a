// SPDX-License-Identifier: BSL-1.0
// Reads and writes single values, compared with functions of C and C++, and renders a filter.
#include <eloqua/bulk.hpp>
#include <eloqua/bulk/detail/row/filter_text.hpp>

#include <boost/describe/class.hpp>

#include <benchmark/benchmark.h>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <random>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <vector>

namespace {

namespace bulk = eloqua::bulk;
using time_point = std::chrono::sys_time<std::chrono::milliseconds>;

constexpr std::size_t quantity = 10'000;

template <class T>
T random_value(std::mt19937_64& engine) {
    if constexpr (std::is_same_v<T, std::int64_t>)
        return std::uniform_int_distribution<std::int64_t>(-9'999'999, 9'999'999)(engine);
    else if constexpr (std::is_same_v<T, double>)
        return std::uniform_int_distribution<int>(0, 9'999'999)(engine) / 100.0;
    else
        return time_point(std::chrono::milliseconds(
            std::uniform_int_distribution<std::int64_t>(0, 1'900'000'000'000)(engine)));
}

template <class T>
struct sample {
    std::vector<T> values;
    std::vector<std::string> texts;
    sample() {
        std::mt19937_64 engine(7);
        for (std::size_t i = 0; i != quantity; ++i) {
            values.push_back(random_value<T>(engine));
            if (!bulk::value_traits<T>::write(values.back(), texts.emplace_back()))
                throw std::runtime_error("a value without a text");
        }
    }
};
template <class T>
sample<T> const& samples() {
    static sample<T> const all;
    return all;
}

/// Calls `read(text, value)` for each text.
template <class T, auto Read>
void read(benchmark::State& state) {
    T sum{};
    for (auto _ : state)
        for (std::string const& text : samples<T>().texts) {
            T value{};
            if (!Read(text, value))
                state.SkipWithError("not read");
            benchmark::DoNotOptimize(sum = value);
        }
    state.SetItemsProcessed(state.iterations() * std::int64_t(quantity));
}
/// Calls `write(value, out)` for each value.
template <class T, auto Write>
void write(benchmark::State& state) {
    std::string out;
    for (auto _ : state) {
        out.clear();
        for (T const& value : samples<T>().values)
            if (!Write(value, out))
                state.SkipWithError("not written");
        benchmark::DoNotOptimize(out.data());
    }
    state.SetItemsProcessed(state.iterations() * std::int64_t(quantity));
}

template <class T>
bool from_chars(std::string const& text, T& value) {
    return std::from_chars(text.data(), text.data() + text.size(), value).ec == std::errc();
}
bool from_strtod(std::string const& text, double& value) {
    value = std::strtod(text.c_str(), nullptr);
    return true;
}
bool from_strptime(std::string const& text, time_point& value) {
    std::tm parts{};
    char const* const rest = ::strptime(text.c_str(), "%Y-%m-%d %H:%M:%S", &parts);
    if (!rest || *rest != '.')
        return false;
    value = time_point(std::chrono::milliseconds(1000 * ::timegm(&parts) + std::atoi(rest + 1)));
    return true;
}
template <class T>
bool to_chars(T const& value, std::string& out) {
    char text[64];
    out.append(text, std::to_chars(text, text + sizeof text, value).ptr);
    return true;
}
bool to_strftime(time_point const& value, std::string& out) {
    std::time_t const seconds = value.time_since_epoch().count() / 1000;
    std::tm parts{};
    ::gmtime_r(&seconds, &parts);
    char text[64];
    std::size_t const size = std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &parts);
    int const more = std::snprintf(text + size, sizeof text - size, ".%03d",
                                   int(value.time_since_epoch().count() % 1000));
    out.append(text, size + std::size_t(more));
    return true;
}

struct person {
    std::string country, company;
    std::int64_t score = 0;
    time_point updated;
    using eloqua_fields = bulk::fields<bulk::field<&person::country, "C_Country">,
                                       bulk::field<&person::company, "C_Company">,
                                       bulk::field<&person::score, "C_Lead_Weight1">,
                                       bulk::attribute<&person::updated, "UpdatedAt">>;
};
BOOST_DESCRIBE_STRUCT(person, (), (country, company, score, updated))

/// Builds and renders four comparisons in a tree.
void filter(benchmark::State& state) {
    using bulk::where;
    time_point const since = samples<time_point>().values.front();
    for (auto _ : state) {
        bulk::filter<person> const wanted =
            (where<&person::country> == "BE" || where<&person::company> != "Acme") &&
            where<&person::score> >= 50 && !(where<&person::updated> < since);
        auto text = bulk::render_filter(wanted, bulk::contacts);
        if (!text)
            state.SkipWithError("not rendered");
        benchmark::DoNotOptimize(text);
    }
    state.SetItemsProcessed(state.iterations());
}

template <auto F>
void add(char const* name) {
    benchmark::RegisterBenchmark(name, F);
}
template <class T>
constexpr auto parsed =
    [](std::string const& text, T& value) { return bulk::value_traits<T>::parse(text, value); };
template <class T>
constexpr auto written =
    [](T const& value, std::string& out) { return bulk::value_traits<T>::write(value, out); };

bool const added = [] {
    add<&read<std::int64_t, parsed<std::int64_t>>>("read integers/eloqua-bulk");
    add<&read<std::int64_t, &from_chars<std::int64_t>>>("read integers/std::from_chars");
    add<&read<double, parsed<double>>>("read numbers/eloqua-bulk");
    add<&read<double, &from_chars<double>>>("read numbers/std::from_chars");
    add<&read<double, &from_strtod>>("read numbers/strtod");
    add<&read<time_point, parsed<time_point>>>("read times/eloqua-bulk");
    add<&read<time_point, &from_strptime>>("read times/strptime");
    add<&write<std::int64_t, written<std::int64_t>>>("write integers/eloqua-bulk");
    add<&write<std::int64_t, &to_chars<std::int64_t>>>("write integers/std::to_chars");
    add<&write<double, written<double>>>("write numbers/eloqua-bulk");
    add<&write<double, &to_chars<double>>>("write numbers/std::to_chars");
    add<&write<time_point, written<time_point>>>("write times/eloqua-bulk");
    add<&write<time_point, &to_strftime>>("write times/strftime");
    add<&filter>("filter/eloqua-bulk");
    return true;
}();

} // namespace
