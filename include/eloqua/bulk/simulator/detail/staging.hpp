// SPDX-License-Identifier: BSL-1.0
/// \file
/// Rows that were pushed but not synced yet; converts JSON and CSV bodies to rows.
#pragma once

#include <eloqua/bulk/documents.hpp>
#include <eloqua/bulk/simulator/detail/definition_rules.hpp>
#include <eloqua/bulk/simulator/detail/records.hpp>
#include <eloqua/bulk/syncs.hpp>

#include <boost/json/monotonic_resource.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <iterator>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace eloqua::bulk::simulation {

/// Reads records one by one. Skips a byte order mark and empty lines.
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
    /// Whether a quoted value had no end, or text after its end.
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

/// Whether the text is UTF-8: no stray bytes, no overlong forms, no surrogates.
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

struct staged_row {
    packed_values values; ///< by index of the column
    bool malformed = false;
    elq rejected_with{}; ///< by a fault
};

/// The rows of one request.
struct staged_request {
    timestamp at;
    std::size_t bytes = 0; ///< of the body
    std::vector<staged_row> rows;
    std::set<std::string> unknown; ///< columns that the definition lacks
    std::vector<bool> seen;        ///< by index of the column
    bool mapped() const { return std::ranges::find(seen, true) != seen.end(); }
};

/// Finds columns by key. Rows usually repeat their keys in the same order, so the next column is
/// tried first.
class column_finder {
public:
    explicit column_finder(checked_import const& d) : columns_(d.columns) {}
    std::optional<std::size_t> operator()(std::string_view key) {
        for (std::size_t i = 0; i != columns_.size(); ++i) {
            std::size_t const at = (next_ + i) % columns_.size();
            if (columns_[at].key == key) {
                next_ = at + 1;
                return at;
            }
        }
        return std::nullopt;
    }

private:
    std::vector<checked_import::named_column> const& columns_;
    std::size_t next_ = 0;
};

/// A JSON number or boolean as text, without an exponent.
inline std::string text_of(boost::json::value const& scalar) {
    if (!scalar.is_double())
        return boost::json::serialize(scalar);
    char digits[400]; // enough for the smallest and the largest number
    auto const end = std::to_chars(std::begin(digits), std::end(digits), scalar.get_double(),
                                   std::chars_format::fixed)
                         .ptr;
    return std::string(std::begin(digits), end);
}

/// The rows of a JSON body. Numbers and booleans are accepted as their text and null as blank,
/// unless the options say otherwise. Anything that is not a flat object is a malformed row. Empty
/// if the body is not a JSON array.
inline std::optional<staged_request> stage_json(std::string_view body, checked_import const& d,
                                                simulator_options const& options) {
    boost::json::monotonic_resource memory;
    boost::system::error_code ec;
    boost::json::value const all = boost::json::parse(body, ec, &memory);
    if (ec || !all.is_array())
        return std::nullopt;
    staged_request staged;
    staged.seen.resize(d.columns.size());
    column_finder find(d);
    staged.rows.reserve(all.get_array().size());
    for (boost::json::value const& each : all.get_array()) {
        staged_row& row = staged.rows.emplace_back();
        row.malformed = !each.is_object();
        if (row.malformed)
            continue;
        for (auto const& member : each.get_object()) {
            std::string_view const key(member.key());
            auto const at = find(key);
            if (!at) {
                staged.unknown.emplace(key);
                continue;
            }
            staged.seen[*at] = true;
            if (member.value().is_string())
                row.values.set(*at, member.value().get_string());
            else if (member.value().is_structured() || !options.takes_values_without_quotes)
                row.malformed = true;
            else if (member.value().is_null())
                row.values.set(*at, "");
            else
                row.values.set(*at, text_of(member.value()));
        }
        row.values.shrink();
    }
    return staged;
}

/// The rows of a CSV body with a header line. A row with more or fewer values than the header is
/// malformed. Empty if a quoted value is not closed, the header is missing, or the text is not
/// UTF-8.
inline std::optional<staged_request> stage_csv(std::string_view body, checked_import const& d) {
    csv_reader csv(body);
    std::vector<std::string> cells;
    if (!is_utf8(body) || !csv.next(cells))
        return std::nullopt;
    staged_request staged;
    staged.seen.resize(d.columns.size());
    column_finder find(d);
    std::vector<std::optional<std::size_t>> header;
    for (std::string const& key : cells) {
        header.push_back(find(key));
        if (header.back())
            staged.seen[*header.back()] = true;
        else
            staged.unknown.insert(key);
    }
    while (csv.next(cells)) {
        staged_row& row = staged.rows.emplace_back();
        row.malformed = cells.size() != header.size();
        for (std::size_t i = 0; i != header.size() && i != cells.size(); ++i)
            if (header[i])
                row.values.set(*header[i], cells[i]);
        row.values.shrink();
    }
    if (csv.broken())
        return std::nullopt;
    return staged;
}

} // namespace eloqua::bulk::simulation
