// SPDX-License-Identifier: BSL-1.0
/// \file
/// Pages of lists: exported rows as JSON and CSV (RFC 4180), and documents by `limit`, `offset`,
/// `totalResults`, `orderBy` and `q`. Since pages of 50,000 rows are common, they are written
/// without a tree of values.
#pragma once

#include <eloqua/bulk/document_json.hpp>
#include <eloqua/bulk/http.hpp>
#include <eloqua/bulk/limits.hpp>
#include <eloqua/bulk/simulator/detail/answers.hpp>
#include <eloqua/bulk/simulator/detail/call.hpp>
#include <eloqua/bulk/simulator/detail/snapshot.hpp>
#include <eloqua/bulk/simulator/detail/values.hpp>
#include <eloqua/bulk/simulator/simulator_options.hpp>

#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace eloqua::bulk::simulation {

/// Appends one value, quoted if necessary.
inline void append_csv(std::string& out, std::string_view value) {
    bool marked = false;
    for (char c : value) // without an early end, so that compilers can vectorise it
        marked |= (c == ',') | (c == '"') | (c == '\r') | (c == '\n');
    if (!marked) {
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

/// The requested part of a list.
struct page_range {
    std::int64_t limit = 0;
    std::int64_t offset = 0;
    bool total = true; ///< whether `totalResults` is requested

    /// The number of items on the page for a list of `size`.
    std::int64_t count(std::int64_t size) const {
        return std::clamp<std::int64_t>(size - offset, 0, limit);
    }
    /// Without a total the service decides by the page alone: a full page counts as having a
    /// successor.
    bool more(std::int64_t size) const {
        return total ? offset + count(size) < size : count(size) == limit;
    }
};

/// The members of a page except its items: `"totalResults":5,"limit":2,...`
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

/// Calls `f(row number)` for the rows of a page, in the page's order.
template <class F>
void for_each_row(page_range const& range, std::size_t size, bool shuffled, F f) {
    auto const n = static_cast<std::size_t>(range.count(static_cast<std::int64_t>(size)));
    auto const first = static_cast<std::size_t>(range.offset);
    if (!shuffled || size < 2) {
        for (std::size_t i = 0; i != n; ++i)
            f(first + i);
        return;
    }
    // Each page starts elsewhere in the list, so that pages overlap and leave gaps.
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
    std::vector<std::string> keys; // with everything between two values
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

/// Reads which page is requested. Returns a refusal if a number is out of range. A limit above
/// `gives_at_most` is accepted up to `most`, but lowered.
inline std::optional<response> read_range(request_target const& target, std::int64_t most,
                                          simulator_options const& options, page_range& into,
                                          std::int64_t gives_at_most = INT64_MAX) {
    auto number = [&](char const* name, std::int64_t least, std::int64_t at_most,
                      std::int64_t& value) -> std::optional<response> {
        auto const text = target.parameter(name);
        if (!text)
            return std::nullopt;
        std::int64_t wanted = 0;
        bool const fits = read_integer(*text, wanted) && wanted >= least && wanted <= at_most;
        if (fits)
            value = wanted;
        if (fits || !options.refuses_bad_paging)
            return std::nullopt;
        return refusal(name, *text,
                       at_most == INT64_MAX ? "Must be at least " + std::to_string(least) + '.'
                                            : "Must be between " + std::to_string(least) + " and " +
                                                  std::to_string(at_most) + '.');
    };
    into.limit = limits::default_page;
    if (auto refused = number("limit", 1, most, into.limit))
        return refused;
    if (auto refused = number("offset", 0, INT64_MAX, into.offset))
        return refused;
    into.limit = std::min(into.limit, gives_at_most);
    std::string_view const total = target.parameter("totalResults").value_or("true");
    into.total = !detail::iequals(total, "false");
    if (into.total && !detail::iequals(total, "true") && options.refuses_bad_paging)
        return refusal("totalResults", total, "Must be true or false.");
    return std::nullopt;
}

/// The conditions of `q` and `orderBy` for documents in JSON.
class list_query {
public:
    /// Returns a refusal if one of them is invalid. A member that a document lacks is blank.
    std::optional<response> read(request_target const& target) {
        std::string_view const order = target.parameter("orderBy").value_or("");
        std::size_t const space = order.find(' ');
        order_by_ = order.substr(0, space);
        std::string_view const direction = space == order.npos ? "ASC" : order.substr(space + 1);
        descending_ = detail::iequals(direction, "DESC");
        if (!descending_ && !detail::iequals(direction, "ASC"))
            return refusal("orderBy", order, "Must end in ASC or DESC.");

        std::string_view condition = target.parameter("q").value_or("");
        if (condition.size() >= 2 && condition.front() == '"' && condition.back() == '"')
            condition = condition.substr(1, condition.size() - 2);
        if (condition.empty())
            return std::nullopt;
        std::size_t const at = condition.find_first_of("=<>!");
        if (at == condition.npos || at == 0)
            return refusal("q", condition, "Must be a term, an operator and a value.");
        std::size_t const n = condition.substr(at + 1, 1) == "=" ? 2 : 1;
        term_ = condition.substr(0, at);
        operator_ = condition.substr(at, n);
        wanted_ = condition.substr(at + n);
        if (operator_ == "!" || operator_ == "==")
            return refusal("q", condition, "Must be a term, an operator and a value.");
        bool const pattern = wanted_.find('*') != std::string::npos;
        if (is_time(term_) && !pattern && !wanted_.empty() && !time_in(wanted_))
            return refusal("q", condition, "Must have a date as its value.");
        return std::nullopt;
    }
    /// Members that are times have such names.
    static bool is_time(std::string_view term) { return term.ends_with("At"); }
    bool trivial() const { return term_.empty() && order_by_.empty(); }

    void apply(std::vector<boost::json::value>& items) const {
        if (!term_.empty())
            std::erase_if(items, [&](auto const& each) { return !holds(each); });
        if (order_by_.empty())
            return;
        std::vector<std::pair<std::string, std::size_t>> keys; // equal items stay in order
        bool times = true, numbers = true;
        for (std::size_t i = 0; i != items.size(); ++i) {
            std::string const& text = keys.emplace_back(text_of(items[i], order_by_), i).first;
            times = times && time_in(text);
            numbers = numbers && read_number(text);
        }
        auto const order_of = [&](std::string const& a, std::string const& b) {
            return times     ? std::partial_ordering(*time_in(a) <=> *time_in(b))
                   : numbers ? *read_number(a) <=> *read_number(b)
                             : std::partial_ordering(a <=> b);
        };
        std::ranges::sort(keys, [&](auto const& a, auto const& b) {
            auto const order = order_of(a.first, b.first);
            return order == 0 ? a.second < b.second : descending_ ? order > 0 : order < 0;
        });
        std::vector<boost::json::value> ordered;
        for (auto const& each : keys)
            ordered.push_back(std::move(items[each.second]));
        items = std::move(ordered);
    }

private:
    static std::string text_of(boost::json::value const& document, std::string_view member) {
        boost::json::value const* const found = document.as_object().if_contains(member);
        if (!found)
            return {};
        return found->is_string() ? std::string(std::string_view(found->get_string()))
                                  : boost::json::serialize(*found);
    }
    /// In the form of documents or of filters.
    static std::optional<timestamp> time_in(std::string_view text) {
        auto const of_resource = read_resource_time(text);
        return of_resource ? of_resource : read_time(text);
    }
    /// Compares times and numbers as such, everything else as text with case.
    static std::partial_ordering compare(std::string_view a, std::string_view b) {
        if (auto const x = time_in(a), y = time_in(b); x && y)
            return *x <=> *y;
        if (auto const x = read_number(a), y = read_number(b); x && y)
            return *x <=> *y;
        return a <=> b;
    }
    /// `*` matches any text.
    static bool fits_wildcard(std::string_view text, std::string_view pattern) {
        std::size_t star = pattern.find('*');
        if (star == pattern.npos)
            return text == pattern;
        if (!text.starts_with(pattern.substr(0, star)))
            return false;
        text.remove_prefix(star);
        for (;;) { // each piece where it first occurs
            pattern.remove_prefix(star + 1);
            star = pattern.find('*');
            if (star == pattern.npos)
                return text.ends_with(pattern);
            std::size_t const at = text.find(pattern.substr(0, star));
            if (at == text.npos)
                return false;
            text.remove_prefix(at + star);
        }
    }
    bool holds(boost::json::value const& document) const {
        std::string const text = text_of(document, term_);
        bool const pattern = wanted_.find('*') != std::string::npos;
        auto const order = compare(text, wanted_);
        bool const equal = pattern ? fits_wildcard(text, wanted_) : order == 0;
        if (operator_ == "=")
            return equal;
        if (operator_ == "!=")
            return !equal;
        return operator_ == "<"    ? order < 0
               : operator_ == ">"  ? order > 0
               : operator_ == "<=" ? order <= 0
                                   : order >= 0;
    }

    std::string order_by_, term_, operator_, wanted_;
    bool descending_ = false;
};

/// A page of a list of `size` documents; `item(n)` gives the nth.
template <class Item>
response list_page(request_target const& target, simulator_options const& options, std::size_t size,
                   Item item) {
    page_range range;
    list_query query;
    std::int64_t const most = limits::items_per_list;
    if (auto refused = read_range(target, options.lowers_list_limits ? limits::rows_per_page : most,
                                  options, range, most))
        return std::move(*refused);
    if (auto refused = query.read(target))
        return std::move(*refused);
    auto as_json = [&](std::size_t n) {
        auto const document = item(n);
        boost::json::value v;
        detail::json_codec<std::remove_cvref_t<decltype(document)>>::write(document, v);
        return v;
    };
    std::vector<boost::json::value> all;
    if (!query.trivial()) {
        for (std::size_t i = 0; i != size; ++i)
            all.push_back(as_json(i));
        query.apply(all);
        size = all.size();
    }
    auto const total = static_cast<std::int64_t>(size);
    std::string items;
    for (std::int64_t i = 0; i != range.count(total); ++i) {
        auto const n = static_cast<std::size_t>(range.offset + i);
        items += i == 0 ? "" : ",";
        items += boost::json::serialize(query.trivial() ? as_json(n) : all[n]);
    }
    std::string body = "{";
    if (!items.empty() || !options.omit_empty_items)
        body += "\"items\":[" + items + "],";
    return json_answer(200, body + page_members(range, total, options) + '}');
}

} // namespace eloqua::bulk::simulation
