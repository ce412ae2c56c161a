// SPDX-License-Identifier: BSL-1.0
/// \file
/// Pages of exported rows as JSON and CSV. A page of 50,000 rows is common: no tree of values is
/// built for it.
///
/// CSV by RFC 4180; line ends of either kind.
#pragma once

#include <eloqua/bulk/simulator/detail/snapshot.hpp>
#include <eloqua/bulk/simulator/options.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace eloqua::bulk::simulation {

/// Reads records one by one; a byte order mark and empty lines are skipped.
class csv_reader {
public:
    explicit csv_reader(std::string_view text) : rest_(text) {
        if (rest_.starts_with("\xEF\xBB\xBF"))
            rest_.remove_prefix(3);
    }
    /// False at the end, and if the text is broken.
    bool next(std::vector<std::string>& cells) {
        cells.clear();
        while (!rest_.empty() && (rest_[0] == '\n' || rest_[0] == '\r'))
            rest_.remove_prefix(1);
        if (rest_.empty() || broken_)
            return false;
        for (;;) {
            std::string& cell = cells.emplace_back();
            if (rest_.starts_with('"')) {
                if (!quoted(cell))
                    return false;
            } else {
                std::size_t const end = std::min(rest_.find_first_of(",\r\n"), rest_.size());
                cell = rest_.substr(0, end);
                rest_.remove_prefix(end);
            }
            if (rest_.empty() || rest_[0] == '\r' || rest_[0] == '\n')
                return true;
            if (rest_[0] != ',') {
                broken_ = true;
                return false;
            }
            rest_.remove_prefix(1);
        }
    }
    /// Whether a quoted value had no end, or text after it.
    bool broken() const { return broken_; }

private:
    bool quoted(std::string& cell) {
        rest_.remove_prefix(1);
        for (;;) {
            std::size_t const quote = rest_.find('"');
            if (quote == rest_.npos) {
                broken_ = true;
                return false;
            }
            cell.append(rest_, 0, quote);
            rest_.remove_prefix(quote + 1);
            if (!rest_.starts_with('"'))
                return true;
            cell += '"';
            rest_.remove_prefix(1);
        }
    }

    std::string_view rest_;
    bool broken_ = false;
};

/// Whether the text is UTF-8: no stray bytes, no over-long forms, no surrogates.
inline bool is_utf8(std::string_view text) {
    while (!text.empty()) {
        auto const at = [&](std::size_t i) {
            return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u;
        };
        auto const within = [&](std::size_t i, unsigned from, unsigned to) {
            return at(i) >= from && at(i) <= to;
        };
        unsigned const first = at(0);
        std::size_t const n = first < 0x80   ? 1
                              : first < 0xC2 ? 0
                              : first < 0xE0 ? 2
                              : first < 0xF0 ? 3
                              : first < 0xF5 ? 4
                                             : 0;
        if (n == 0)
            return false;
        if (n > 1 && !within(1,
                             first == 0xE0   ? 0xA0
                             : first == 0xF0 ? 0x90
                                             : 0x80,
                             first == 0xED   ? 0x9F
                             : first == 0xF4 ? 0x8F
                                             : 0xBF))
            return false;
        for (std::size_t i = 2; i < n; ++i)
            if (!within(i, 0x80, 0xBF))
                return false;
        text.remove_prefix(n);
    }
    return true;
}

/// Appends one value, in quotes where it must be.
inline void append_csv(std::string& out, std::string_view value) {
    if (value.find_first_of(",\"\r\n") == value.npos) {
        out += value;
        return;
    }
    out += '"';
    for (char c : value) {
        if (c == '"')
            out += '"';
        out += c;
    }
    out += '"';
}

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
