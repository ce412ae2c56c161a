// SPDX-License-Identifier: BSL-1.0
/// \file
/// Pages of rows that faults make worse: columns that are missing or have another name, text that
/// is broken, what stands before and after the rows.
#pragma once

#include <eloqua/bulk/schema/utf8.hpp>
#include <eloqua/bulk/simulator/csv.hpp>
#include <eloqua/bulk/simulator/fault.hpp>
#include <eloqua/bulk/wire/http.hpp>

#include <boost/json.hpp>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace eloqua::bulk::simulation {

inline bool is_csv(response const& r) {
    return r.fields.find("Content-Type").value_or("").starts_with("text/csv");
}
inline std::string other_name(std::string_view key) {
    return std::string(key) + "_2";
}

/// Calls `change(cells)` for each record, the line of keys first, and writes them anew.
template <class F>
void change_csv(response& r, F change) {
    std::string out;
    std::vector<std::string> cells;
    for (csv_reader reader(r.body); reader.next(cells);) {
        change(cells);
        for (std::size_t i = 0; i != cells.size(); ++i) {
            out += i == 0 ? "" : ",";
            append_csv(out, cells[i]);
        }
        out += '\n';
    }
    r.body = std::move(out);
}

/// Takes columns of the rows away, or gives them another name: the one that is named, or all.
inline void change_columns(response& r, fault const& f) {
    bool const drop = f.kind == fault_kind::drop_columns;
    auto const meant = [&](std::string_view key) { return f.name.empty() || key == f.name; };
    if (is_csv(r)) {
        std::vector<std::string> keys;
        change_csv(r, [&](std::vector<std::string>& cells) {
            bool const first = keys.empty();
            if (first)
                keys = cells;
            std::vector<std::string> kept;
            for (std::size_t i = 0; i != std::min(cells.size(), keys.size()); ++i)
                if (!drop || !meant(keys[i]))
                    kept.push_back(first && meant(keys[i]) ? other_name(cells[i]) : cells[i]);
            cells = std::move(kept);
        });
        return;
    }
    boost::system::error_code ec;
    boost::json::value page = boost::json::parse(r.body, ec);
    boost::json::value* const items =
        !ec && page.is_object() ? page.get_object().if_contains("items") : nullptr;
    if (!items || !items->is_array() || items->get_array().empty())
        return;
    for (boost::json::value& each : items->get_array()) {
        if (!each.is_object())
            continue;
        boost::json::object row;
        for (auto const& [key, value] : each.get_object())
            if (!drop || !meant(key))
                row[meant(key) ? other_name(key) : std::string(key)] = value;
        each = std::move(row);
    }
    r.body = boost::json::serialize(page);
}

/// Breaks the text of one row, in the column that is named, or in its first.
inline void break_text(response& r, fault const& f) {
    static constexpr std::string_view latin = "\xE9", half_a_pair = "\\ud83d";
    std::size_t const wanted = f.bytes.value_or(0);
    if (is_csv(r)) {
        std::size_t records = 0, record = 0, column = 0;
        change_csv(r, [&](auto const&) { ++records; });
        change_csv(r, [&](std::vector<std::string>& cells) {
            if (record == 0)
                column = static_cast<std::size_t>(std::ranges::find(cells, f.name) - cells.begin());
            if (record++ != 0 && record - 2 == wanted % (records - 1))
                cells[column < cells.size() ? column : 0].insert(0, latin);
        });
        return;
    }
    std::vector<std::size_t> rows; // where they begin; inside of a text, the quote is escaped
    for (std::size_t at = r.body.find("\"items\":["); at != r.body.npos;
         at = r.body.find("{\"", at + 1))
        rows.push_back(at);
    if (rows.size() < 2)
        return;
    std::string const key = f.name.empty() ? "\":\"" : '"' + f.name + "\":\"";
    std::size_t const value = r.body.find(key, rows[1 + wanted % (rows.size() - 1)]);
    if (value != r.body.npos)
        r.body.insert(value + key.size(), f.escaped ? half_a_pair : latin);
}

/// The page with such a fault.
inline response with_other_rows(fault const& f, response r) {
    if (r.body.empty() || r.status != 200)
        return r;
    if (f.kind == fault_kind::byte_order_mark)
        r.body.insert(0, bulk::detail::byte_order_mark);
    else if (f.kind == fault_kind::break_text)
        break_text(r, f);
    else if (f.kind == fault_kind::open_last_line)
        r.body.resize(is_csv(r) ? r.body.find_last_not_of("\r\n") + 1 : r.body.size());
    else
        change_columns(r, f);
    return r;
}

} // namespace eloqua::bulk::simulation
