// SPDX-License-Identifier: BSL-1.0
// The two data sets of the codec's benchmarks, from a fixed seed: "short" with 12 fields and 331
// bytes of JSON per row, and "wide" with 60 fields and 1.9 KB.
#pragma once

#include <eloqua/bulk/detail/codec/column.hpp>

#include <boost/describe/class.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory_resource>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace codec_benchmarks {

namespace bulk = eloqua::bulk;

using milliseconds_time = std::chrono::sys_time<std::chrono::milliseconds>;

template <class Text>
struct basic_short_row {
    Text EmailAddress, FirstName, LastName, Company, City, Country, Title, Phone, ContactIDExt;
    std::int64_t Score = 0;
    milliseconds_time UpdatedAt;
    std::optional<bool> IsSubscribed;

    BOOST_DESCRIBE_CLASS(basic_short_row, (),
                         (EmailAddress, FirstName, LastName, Company, City, Country, Title, Phone,
                          ContactIDExt, Score, UpdatedAt, IsSubscribed),
                         (), ())
};

// Boost 1.81 describes at most 52 members of one class.
template <class Text>
struct wide_left {
    Text C_Text01, C_Text02, C_Text03, C_Text04, C_Text05, C_Text06, C_Text07, C_Text08, C_Text09,
        C_Text10, C_Text11, C_Text12, C_Text13, C_Text14, C_Text15, C_Text16, C_Text17, C_Text18,
        C_Text19, C_Text20, C_Text21, C_Text22, C_Text23, C_Text24;
    std::int64_t C_Number01 = 0, C_Number02 = 0, C_Number03 = 0;
    double C_Amount01 = 0;
    milliseconds_time CreatedAt;
    std::optional<bool> C_Flag01;

    BOOST_DESCRIBE_CLASS(wide_left, (),
                         (C_Text01, C_Text02, C_Text03, C_Text04, C_Text05, C_Text06, C_Text07,
                          C_Text08, C_Text09, C_Text10, C_Text11, C_Text12, C_Text13, C_Text14,
                          C_Text15, C_Text16, C_Text17, C_Text18, C_Text19, C_Text20, C_Text21,
                          C_Text22, C_Text23, C_Text24, C_Number01, C_Number02, C_Number03,
                          C_Amount01, CreatedAt, C_Flag01),
                         (), ())
};
template <class Text>
struct wide_right {
    Text C_Text25, C_Text26, C_Text27, C_Text28, C_Text29, C_Text30, C_Text31, C_Text32, C_Text33,
        C_Text34, C_Text35, C_Text36, C_Text37, C_Text38, C_Text39, C_Text40, C_Text41, C_Text42,
        C_Text43, C_Text44, C_Text45, C_Text46, C_Text47, C_Text48;
    std::int64_t C_Number04 = 0, C_Number05 = 0, C_Number06 = 0;
    double C_Amount02 = 0;
    milliseconds_time UpdatedAt;
    std::optional<bool> C_Flag02;

    BOOST_DESCRIBE_CLASS(wide_right, (),
                         (C_Text25, C_Text26, C_Text27, C_Text28, C_Text29, C_Text30, C_Text31,
                          C_Text32, C_Text33, C_Text34, C_Text35, C_Text36, C_Text37, C_Text38,
                          C_Text39, C_Text40, C_Text41, C_Text42, C_Text43, C_Text44, C_Text45,
                          C_Text46, C_Text47, C_Text48, C_Number04, C_Number05, C_Number06,
                          C_Amount02, UpdatedAt, C_Flag02),
                         (), ())
};
template <class Text>
struct basic_wide_row : wide_left<Text>, wide_right<Text> {
    using left = wide_left<Text>;
    using right = wide_right<Text>;
    BOOST_DESCRIBE_CLASS(basic_wide_row, (left, right), (), (), ())
};

/// The rows of a data set, with texts of three kinds.
struct short_rows {
    static constexpr char const* name = "short";
    using row = basic_short_row<std::string>;
    using views = basic_short_row<std::string_view>;
    using pmr_row = basic_short_row<std::pmr::string>;
};
struct wide_rows {
    static constexpr char const* name = "wide";
    using row = basic_wide_row<std::string>;
    using views = basic_wide_row<std::string_view>;
    using pmr_row = basic_wide_row<std::pmr::string>;
};

/// Rows on a page.
inline constexpr std::size_t page_rows = 50'000;

/// The texts of a page, row by row, as in JSON, with their escapes.
std::vector<std::vector<std::string>> cells_of(short_rows, std::size_t rows);
std::vector<std::vector<std::string>> cells_of(wide_rows, std::size_t rows);

/// A page as the service writes it: compact, all values as texts, keys in the same order.
template <class Set>
std::string make_page(std::size_t rows) {
    std::string page =
        "{\"totalResults\":" + std::to_string(rows) + ",\"limit\":" + std::to_string(rows) +
        ",\"offset\":0,\"count\":" + std::to_string(rows) + ",\"hasMore\":false,\"items\":[";
    bool first = true;
    for (auto const& cells : cells_of(Set(), rows)) {
        page += first ? "{" : ",{";
        first = false;
        for (std::size_t i = 0; i != cells.size(); ++i) {
            page += i == 0 ? "\"" : ",\"";
            page += bulk::detail::row_codec<typename Set::row>[i].key;
            page += "\":\"" + cells[i] + '"';
        }
        page += '}';
    }
    return page + "]}";
}

/// Created once for all contenders.
template <class Set>
std::string const& page_of() {
    static std::string const page = make_page<Set>(page_rows);
    return page;
}

} // namespace codec_benchmarks
