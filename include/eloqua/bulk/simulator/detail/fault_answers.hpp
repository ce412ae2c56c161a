// SPDX-License-Identifier: BSL-1.0
/// \file
/// Responses created or damaged by faults, and damaged pages of rows: missing or renamed columns,
/// broken text, changes around the rows.
#pragma once

#include <eloqua/bulk/http.hpp>
#include <eloqua/bulk/simulator/detail/answers.hpp>
#include <eloqua/bulk/simulator/detail/gzip.hpp>
#include <eloqua/bulk/simulator/detail/pages.hpp>
#include <eloqua/bulk/simulator/detail/staging.hpp>
#include <eloqua/bulk/simulator/detail/state.hpp>
#include <eloqua/bulk/simulator/fault.hpp>
#include <eloqua/bulk/utf8.hpp>

#include <boost/json.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
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

/// Calls `change(cells)` for each record, the line of keys first, and writes the results.
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

/// Changes a body that is a JSON object. `change(object)` returns whether it changed anything.
template <class F>
void change_document(response& r, F change) {
    boost::system::error_code ec;
    boost::json::value whole = boost::json::parse(r.body, ec);
    if (ec || !whole.is_object())
        return;
    if (change(whole.get_object()))
        r.body = boost::json::serialize(whole);
}
/// Changes a body that is a list, using `change(page, items)`.
template <class F>
void change_list(response& r, F change) {
    change_document(r, [&](boost::json::object& page) {
        boost::json::value* const items = page.if_contains("items");
        bool const list = items && items->is_array();
        if (list)
            change(page, items->get_array());
        return list;
    });
}
/// Changes the documents in a body: a single one, or the items of a list.
template <class F>
void change_documents(response& r, F change) {
    change_document(r, [&](boost::json::object& whole) {
        boost::json::value* const items = whole.if_contains("items");
        if (!items || !items->is_array())
            return change(whole);
        bool changed = false;
        for (boost::json::value& each : items->get_array())
            changed = (each.is_object() && change(each.get_object())) || changed;
        return changed;
    });
}

/// Removes or renames columns of the rows: the named one, or all.
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
    change_list(r, [&](boost::json::object&, boost::json::array& items) {
        for (boost::json::value& each : items) {
            if (!each.is_object())
                continue;
            boost::json::object row;
            for (auto const& [key, value] : each.get_object())
                if (!drop || !meant(key))
                    row[meant(key) ? other_name(key) : std::string(key)] = value;
            each = std::move(row);
        }
    });
}

/// Breaks the text of one row, in the named column or its first.
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
    std::vector<std::size_t> rows; // where they begin; within texts the quote is escaped
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

/// The page with the fault applied.
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

/// A page from a gateway in front of the service.
inline response gateway_page(int status, std::string_view title) {
    std::string const line = std::to_string(status) + ' ' + std::string(title);
    response page(status,
                  "<html>\r\n<head><title>" + line + "</title></head>\r\n<body>\r\n<center><h1>" +
                      line + "</h1></center>\r\n</body>\r\n</html>\r\n",
                  "text/html");
    page.reason = title;
    return page;
}

/// Asks the client to retry later.
inline response with_retry_after(response r, fault const& f, timestamp now) {
    if (!f.name.empty())
        r.fields.set("Retry-After", f.name);
    if (!f.time)
        return r;
    r.fields.set("Retry-After",
                 f.as_date ? http_date(now + *f.time) : std::to_string(f.time->count()));
    return r;
}

/// Ends the body cleanly after this many bytes; CSV after the last complete line within them.
inline void truncate(response& r, std::size_t bytes) {
    std::size_t end = bytes;
    if (is_csv(r) && bytes != 0) {
        std::size_t const line = r.body.rfind('\n', bytes - 1);
        end = line == r.body.npos ? 0 : line + 1;
    }
    r.body.resize(end);
}

/// Replaces the number at the end by the next one, or appends the first.
inline std::string with_next_number(std::string_view text) {
    std::size_t const digits = text.find_last_not_of("0123456789") + 1;
    if (digits == text.size())
        return std::string(text) + '1';
    std::string out(text.substr(0, digits));
    return out += std::to_string(std::strtoll(text.data() + digits, nullptr, 10) + 1);
}
/// Pretends that more items follow. An empty page is replaced by the `repeated` one, if there is
/// one.
inline void without_end(response& r, std::string* repeated) {
    change_list(r, [&](boost::json::object& page, boost::json::array& items) {
        if (repeated && items.empty() && !repeated->empty())
            items = boost::json::parse(*repeated).get_array();
        else if (repeated)
            *repeated = boost::json::serialize(items);
        page["hasMore"] = true;
        page.erase("totalResults");
    });
}
/// Repeats the last item until there are more than `asked`.
inline void with_extra_items(response& r, std::int64_t asked) {
    auto const most = static_cast<std::size_t>(asked);
    if (is_csv(r)) {
        auto lines = static_cast<std::size_t>(std::ranges::count(r.body, '\n'));
        if (lines < 2)
            return;
        std::string const last = r.body.substr(r.body.rfind('\n', r.body.size() - 2) + 1);
        for (; lines <= most + 1; ++lines)
            r.body += last;
        return;
    }
    change_list(r, [&](boost::json::object&, boost::json::array& items) {
        while (!items.empty() && items.size() <= most)
            items.push_back(boost::json::value(items.back()));
    });
}

/// Changes the form of the response: see `fault::other_form`.
inline bool in_other_form(boost::json::object& document) {
    bool changed = false;
    for (auto& [key, value] : document) {
        bool const number =
            key == "createdAt" || key == "updatedAt" || key == "createdBy" || key == "updatedBy";
        if (key == "status" && document.contains("syncedInstanceUri") && value.is_string())
            for (char& c : value.get_string())
                c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
        else if (number && value.is_string())
            value = 1'748'854'800;
        else if (key == "recordIndex" && value.is_int64())
            value = std::to_string(value.get_int64());
        else
            continue;
        changed = true;
    }
    return changed;
}

/// Applies the codings of `fault::encode`.
inline response encoded(response r, std::string_view codings, std::size_t padding, bool gzipped) {
    if (r.body.empty())
        return r;
    while (!codings.empty()) {
        std::string_view const field = codings.substr(0, codings.find('+'));
        codings.remove_prefix(std::min(codings.size(), field.size() + 1));
        bool const compressed = field.find("gzip") != field.npos;
        if (compressed && !gzipped)
            continue;
        for (std::size_t at = field.find("gzip"); at != field.npos; at = field.find("gzip", at + 1))
            r.body = gzip(r.body) + std::string(padding, '\0');
        r.fields.add("Content-Encoding", std::string(field));
    }
    return r;
}

/// Writes the values of a reject with HTML escapes.
inline void respell(boost::json::object& reject, bool tells_number) {
    if (!tells_number)
        reject.erase("recordIndex");
    boost::json::value* const values = reject.if_contains("fieldValues");
    if (!values || !values->is_object())
        return;
    for (auto& [key, value] : values->get_object()) {
        if (!value.is_string())
            continue;
        std::string text(value.get_string());
        for (std::size_t at = 0; (at = text.find('@', at)) != text.npos;)
            text.replace(at, 1, "&#64;");
        value = text;
    }
}

/// The response that the client gets instead of the service's own, if any.
inline response answer_with(fault const& f, response said, timestamp now) {
    switch (f.kind) {
    case fault_kind::truncate:
        if (!said.body.empty())
            truncate(said, f.bytes.value_or(0));
        return said;
    case fault_kind::garble:
        if (!said.body.empty())
            said.body = std::string("\0\xff\xfe{]\"\x80\n\x1f\xc0garbage", 17);
        return said;
    case fault_kind::unauthorized:
        return login_required();
    case fault_kind::move_pod:
        return f.status == 401 ? login_required() : plain_text(f.status, "Not here.");
    case fault_kind::too_many_requests:
        return with_retry_after(plain_text(429, "Too many requests."), f, now);
    case fault_kind::server_error:
        return json_answer(500, "{\"errorSeverity\":" + std::to_string(f.severity) +
                                    ",\"error\":\"Unable to process request due to a " +
                                    (f.severity == 0 ? "permanent" : "temporary") + " error.\"}");
    case fault_kind::wrong_offset:
        change_document(said, [](boost::json::object& page) {
            boost::json::value* const offset = page.if_contains("offset");
            if (offset && offset->is_int64())
                ++offset->get_int64();
            return offset != nullptr;
        });
        return said;
    case fault_kind::other_resource:
        change_document(said, [&](boost::json::object& document) {
            boost::json::value* const uri = document.if_contains(f.name);
            if (uri && uri->is_string())
                *uri = with_next_number(std::string(uri->get_string()));
            return uri != nullptr;
        });
        return said;
    case fault_kind::cut_list:
        change_list(said, [&](boost::json::object& page, boost::json::array& items) {
            items.resize(items.size() / 2);
            page["hasMore"] = false;
            if (!f.tells_total)
                page.erase("totalResults");
        });
        return said;
    case fault_kind::late_log:
        change_document(said, [](boost::json::object& page) {
            page["items"] = boost::json::array();
            page["totalResults"] = 0;
            page["hasMore"] = false;
            return true;
        });
        return said;
    case fault_kind::respell:
        change_list(said, [&](boost::json::object&, boost::json::array& items) {
            for (boost::json::value& each : items)
                respell(each.get_object(), f.tells_total);
        });
        return said;
    case fault_kind::other_status:
        if (f.status >= 300)
            return gateway_page(f.status, "Unknown Status");
        if (said.status >= 200 && said.status < 300) {
            said.status = f.status;
            said.reason.clear();
        }
        return said;
    case fault_kind::byte_order_mark:
    case fault_kind::open_last_line:
    case fault_kind::drop_columns:
    case fault_kind::rename_columns:
    case fault_kind::break_text:
        return with_other_rows(f, std::move(said));
    case fault_kind::odd_status:
        change_documents(said, [&](boost::json::object& document) {
            bool const ended = document.contains("syncEndedAt") && document.contains("status");
            if (ended)
                document["status"] = f.name;
            return ended;
        });
        return said;
    case fault_kind::other_form:
        change_documents(said, in_other_form);
        return said;
    case fault_kind::bad_gateway:
        return gateway_page(502, "Bad Gateway");
    case fault_kind::unavailable:
        return with_retry_after(gateway_page(503, "Service Temporarily Unavailable"), f, now);
    case fault_kind::gateway_timeout:
        return gateway_page(504, "Gateway Time-out");
    default:
        if (!f.arrives())
            return response(0);
        return said;
    }
}

} // namespace eloqua::bulk::simulation
