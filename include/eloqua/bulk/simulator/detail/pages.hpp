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
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace eloqua::bulk::simulation {

/// Whether a value of CSV must be quoted for it.
inline constexpr auto is_special_in_csv = [](char c) -> bool {
    return (c == ',') | (c == '"') | (c == '\r') | (c == '\n');
};

/// Appends one value, quoted if necessary.
inline void append_csv(std::string& out, std::string_view value) {
    if (!has_special(value, is_special_in_csv)) {
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

/// Writes rows as text: each value after the lead of its column, and the tail after the last one.
/// Most rows need no escape. So their values are computed one after another, examined together, and
/// copied in blocks.
class row_writer {
public:
    row_writer(exported_rows const& rows, std::vector<std::string> const& leads,
               std::string_view tail)
        : rows_(rows), ends_(leads.size()) {
        for (std::string const& each : leads)
            add_lead(each);
        add_lead(tail);
    }

    /// Appends a row. `escape` appends a value; those without a character that `special` recognizes
    /// do not need it.
    template <class Special, class Escape>
    void append(std::string& out, std::size_t row, Special special, Escape escape) {
        compute(rows_.at(row));
        // Whole blocks; the blanks after the values are not special.
        std::string_view const examined(values_.data(), (values_.size() - 1) / block * block);
        if (has_special(examined, special)) {
            for (std::size_t i = 0, begin = 0; i != ends_.size(); begin = ends_[i++]) {
                out.append(leads_[i].text, 0, leads_[i].size);
                escape(out, std::string_view(values_).substr(begin, ends_[i] - begin));
            }
            out.append(leads_.back().text, 0, leads_.back().size);
            return;
        }
        if (row_.size() < leads_size_ + values_.size())
            row_.resize(leads_size_ + values_.size());
        char* to = row_.data();
        for (std::size_t i = 0, begin = 0; i != ends_.size(); begin = ends_[i++]) {
            to = copy(to, leads_[i].text.data(), leads_[i].size);
            to = copy(to, values_.data() + begin, ends_[i] - begin);
        }
        to = copy(to, leads_.back().text.data(), leads_.back().size);
        out.append(row_.data(), static_cast<std::size_t>(to - row_.data()));
    }

private:
    static constexpr std::size_t block = 32; ///< bytes that are copied at once
    struct lead {
        std::string text; ///< with a block of blanks after it
        std::size_t size;
    };

    void add_lead(std::string_view text) {
        leads_.push_back({std::string(text) + std::string(block, ' '), text.size()});
        leads_size_ += text.size();
    }
    /// Fills `values_` and `ends_`.
    void compute(position p) {
        values_.clear();
        bool const stored = rows_.records.is_stored(p);
        for (std::size_t i = 0; i != ends_.size(); ++i) {
            column const& from = rows_.columns[i].from;
            if (stored || !rows_.records.append_computed(from, p, values_))
                values_ += rows_.records.value(from, p, scratch_);
            ends_[i] = values_.size();
        }
        values_.append(block + 1, ' ');
    }
    /// Both sides have room for a block more.
    static char* copy(char* to, char const* from, std::size_t size) {
        std::memcpy(to, from, block);
        if (size > block)
            std::memcpy(to + block, from + block, size - block);
        return to + size;
    }

    exported_rows const& rows_;
    std::vector<lead> leads_;
    std::size_t leads_size_ = 0;
    std::string values_;            ///< of the current row, with a block of blanks after them
    std::vector<std::size_t> ends_; ///< of the values
    std::vector<char> row_;         ///< stays in the processor's cache
    std::string scratch_;
};

inline std::string json_page(exported_rows const& rows, page_range const& range,
                             simulator_options const& options, std::size_t expected_bytes) {
    auto const size = static_cast<std::int64_t>(rows.size);
    std::string out;
    out.reserve(expected_bytes);
    out += '{' + page_members(range, size, options);
    if (range.count(size) == 0 && options.omit_empty_items)
        return out + '}';
    std::vector<std::string> leads; // everything between two values
    for (exported_rows::named_column const& each : rows.columns) {
        leads.emplace_back(leads.empty() ? ",{" : "\",");
        append_json(leads.back(), each.key);
        leads.back() += ":\"";
    }
    row_writer writer(rows, leads, "\"}");
    out += ",\"items\":";
    std::size_t const begin = out.size();
    for_each_row(range, rows.size, options.shuffle_pages || rows.reordered, [&](std::size_t row) {
        writer.append(out, row, is_special_in_json, append_escaped);
    });
    if (out.size() == begin)
        out += '[';
    out[begin] = '['; // in place of the first row's comma
    out += "]}";
    return out;
}

inline std::string csv_page(exported_rows const& rows, page_range const& range,
                            simulator_options const& options, std::size_t expected_bytes) {
    std::string out;
    out.reserve(expected_bytes);
    std::vector<std::string> leads;
    for (exported_rows::named_column const& each : rows.columns) {
        leads.emplace_back(leads.empty() ? "" : ",");
        out += leads.back();
        append_csv(out, each.key);
    }
    out += '\n';
    row_writer writer(rows, leads, "\n");
    for_each_row(range, rows.size, options.shuffle_pages || rows.reordered,
                 [&](std::size_t row) { writer.append(out, row, is_special_in_csv, append_csv); });
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
