// SPDX-License-Identifier: BSL-1.0
/// \file
/// Pages of exported rows as JSON and CSV. A page of 50,000 rows is common: no tree of values is
/// built for it.
#pragma once

#include <eloqua/bulk/simulator/csv.hpp>
#include <eloqua/bulk/simulator/options.hpp>
#include <eloqua/bulk/simulator/snapshot.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace eloqua::bulk::simulation {

/// Which part of a list is asked for.
struct page_range {
    std::int64_t limit = 0;
    std::int64_t offset = 0;
    bool total = true; ///< whether `totalResults` is wanted

    /// Number of items of a list of `size` that fall on the page.
    std::int64_t count(std::int64_t size) const {
        return std::clamp<std::int64_t>(size - offset, 0, limit);
    }
    /// Without a total the service tells by the page alone, as if more followed a full one.
    bool more(std::int64_t size) const {
        return total ? offset + count(size) < size : count(size) == limit;
    }
};

/// Appends text as it stands between the quotes of a JSON string.
inline void append_escaped(std::string& out, std::string_view text) {
    static constexpr auto special = [] {
        std::array<bool, 256> flags{};
        for (std::size_t i = 0; i != 0x20; ++i)
            flags[i] = true;
        flags['"'] = flags['\\'] = true;
        return flags;
    }();
    std::size_t from = 0;
    for (std::size_t i = 0; i != text.size(); ++i) {
        auto const c = static_cast<unsigned char>(text[i]);
        if (!special[c])
            continue;
        out.append(text.data() + from, i - from);
        from = i + 1;
        out += '\\';
        switch (c) {
        case '"':
        case '\\':
            out += text[i];
            break;
        case '\n':
            out += 'n';
            break;
        case '\r':
            out += 'r';
            break;
        case '\t':
            out += 't';
            break;
        default:
            out += "u00";
            out += "0123456789abcdef"[c >> 4];
            out += "0123456789abcdef"[c & 15];
        }
    }
    out.append(text.data() + from, text.size() - from);
}

/// Appends a JSON string.
inline void append_json(std::string& out, std::string_view text) {
    out += '"';
    append_escaped(out, text);
    out += '"';
}

/// Members of a page but its items: `"totalResults":5,"limit":2,...`
inline std::string page_members(page_range const& range, std::int64_t size,
                                simulator_options const& options) {
    std::string out;
    if (range.total)
        out += "\"totalResults\":" + std::to_string(size) + ',';
    out += "\"limit\":" + std::to_string(range.limit);
    out += ",\"offset\":" + std::to_string(range.offset);
    out += ",\"count\":" + std::to_string(options.count_always_zero ? 0 : range.count(size));
    out += range.more(size) ? ",\"hasMore\":true" : ",\"hasMore\":false";
    return out;
}

/// Calls `f(row number)` for the rows of a page, in the order in which the page has them.
template <class F>
void for_each_row(page_range const& range, std::size_t size, bool shuffled, F f) {
    auto const n = static_cast<std::size_t>(range.count(static_cast<std::int64_t>(size)));
    auto const first = static_cast<std::size_t>(range.offset);
    if (!shuffled || size < 2) {
        for (std::size_t i = 0; i != n; ++i)
            f(first + i);
        return;
    }
    // Each page begins elsewhere in the list, so that pages overlap and leave gaps.
    std::size_t const shift = (first / 2 + first % 7) % size;
    for (std::size_t i = 0; i != n; ++i)
        f((first + shift + (n - 1 - i)) % size);
}

inline std::string json_page(exported_rows const& rows, page_range const& range,
                             simulator_options const& options, std::size_t expected_bytes) {
    auto const size = static_cast<std::int64_t>(rows.size);
    std::string out;
    out.reserve(expected_bytes);
    out += '{' + page_members(range, size, options);
    if (range.count(size) == 0 && options.omit_empty_items)
        return out + '}';
    std::vector<std::string> keys; // with all that stands between two values
    for (std::size_t i = 0; i != rows.columns.size(); ++i) {
        keys.emplace_back(i == 0 ? "{" : "\",");
        append_json(keys.back(), rows.columns[i].key);
        keys.back() += ":\"";
    }
    std::string scratch;
    char separator = '[';
    out += ",\"items\":";
    for_each_row(range, rows.size, options.shuffle_pages || rows.reordered, [&](std::size_t row) {
        position const p = rows.at(row);
        out += separator;
        separator = ',';
        for (std::size_t i = 0; i != keys.size(); ++i) {
            out += keys[i];
            append_escaped(out, rows.records.value(rows.columns[i].from, p, scratch));
        }
        out += "\"}";
    });
    out += separator == '[' ? "[]}" : "]}";
    return out;
}

inline std::string csv_page(exported_rows const& rows, page_range const& range,
                            simulator_options const& options, std::size_t expected_bytes) {
    std::string out;
    out.reserve(expected_bytes);
    auto line = [&](auto value) {
        for (std::size_t i = 0; i != rows.columns.size(); ++i) {
            if (i != 0)
                out += ',';
            append_csv(out, value(i));
        }
        out += '\n';
    };
    line([&](std::size_t i) -> std::string_view { return rows.columns[i].key; });
    std::string scratch;
    for_each_row(range, rows.size, options.shuffle_pages || rows.reordered, [&](std::size_t row) {
        position const p = rows.at(row);
        line([&](std::size_t i) { return rows.records.value(rows.columns[i].from, p, scratch); });
    });
    return out;
}

} // namespace eloqua::bulk::simulation
