// SPDX-License-Identifier: BSL-1.0
/// \file
/// Fault plans as text, for command lines and files.
///
///     GET /syncs/{id}/data #2 status 503, seconds 30; POST /syncs lose
///
/// A script has entries, each on a line of its own or separated by semicolons:
///
///     entry    = endpoint [ "#" number [ "+" ] ] [ "(" target "):" ] fault
///     endpoint = method path template, as `simulator::requests` takes it | "*"
///     fault    = kind { "," detail }
///
/// The number counts the requests to the endpoint from 1; the default is 1. A "+" after it
/// includes all later requests. `fault_forms` lists the kinds and their details. Details come in
/// any order, and are optional, except for the one that a kind requires. "lose" stands for
/// "lose_answer", and "status N" in place of a kind for the kind with that status. Text with a
/// comma, a semicolon, a quote or a backslash must be in double quotes, with backslash as the
/// escape character. The target is ignored, so a line of `injected_fault` is an entry, and a log
/// of faults is a script that repeats them.
#pragma once

#include <eloqua/bulk/simulator/fault.hpp>
#include <eloqua/bulk/simulator/fault_plan.hpp>
#include <eloqua/bulk/syncs.hpp>

#include <array>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace eloqua::bulk {

/// \cond
namespace simulation {

/// The syntax of a detail: N and M stand for numbers, X for text.
struct fault_detail {
    /// The values of the placeholders.
    struct values {
        std::uint64_t n = 0, m = 0;
        std::string x;
    };
    std::string_view form;
    /// False if a number is out of range.
    bool (*apply)(fault& f, values const& v);
};

inline constexpr auto fault_details = std::to_array<fault_detail>({
    {"at byte N", [](fault& f, auto const& v) { return f.bytes = v.n, true; }},
    {"bytes at a time N", [](fault& f, auto const& v) { return f.bytes = v.n, true; }},
    {"bytes too many N", [](fault& f, auto const& v) { return f.bytes = v.n, true; }},
    {"row N", [](fault& f, auto const& v) { return f.bytes = v.n, true; }},
    {"bytes of padding N", [](fault& f, auto const& v) { return f.bytes = v.n, true; }},
    {"status N",
     [](fault& f, auto const& v) {
         f.status = static_cast<int>(v.n);
         return v.n >= 200 && v.n <= 599;
     }},
    {"severity N",
     [](fault& f, auto const& v) {
         f.severity = static_cast<int>(v.n);
         return v.n <= 3;
     }},
    {"seconds N",
     [](fault& f, auto const& v) {
         f.time = std::chrono::seconds(v.n);
         return v.n <= 1'000'000'000;
     }},
    {"for ever", [](fault& f, auto const&) { return f.time.reset(), true; }},
    {"as a date", [](fault& f, auto const&) { return f.as_date = true; }},
    {"with its total", [](fault& f, auto const&) { return f.tells_total = true; }},
    {"without its total", [](fault& f, auto const&) { return f.tells_total = false, true; }},
    {"without their numbers", [](fault& f, auto const&) { return f.tells_total = false, true; }},
    {"that ends all the same", [](fault& f, auto const&) { return f.rows = 0, true; }},
    {"ELQ-N",
     [](fault& f, auto const& v) {
         f.code = static_cast<elq>(v.n);
         return v.n > 0 && v.n <= 99'999;
     }},
    {"after its work", [](fault& f, auto const&) { return f.rows = 1, true; }},
    {"N of M rows",
     [](fault& f, auto const& v) {
         f.rows = v.n;
         f.of_rows = v.m;
         return v.m > 0;
     }},
    {"as X", [](fault& f, auto const& v) { return f.name = v.x, true; }},
    {"until X", [](fault& f, auto const& v) { return f.name = v.x, true; }},
    {"to X", [](fault& f, auto const& v) { return f.name = v.x, true; }},
    {"in X", [](fault& f, auto const& v) { return f.name = v.x, true; }},
    {"by an escape", [](fault& f, auto const&) { return f.escaped = true; }},
    {"carried out", [](fault& f, auto const&) { return f.carried_out = true; }},
    {"not carried out", [](fault& f, auto const&) { return f.carried_out = false, true; }},
});

/// A kind of fault without details, and the syntax of its details.
struct fault_form {
    fault plain;
    std::vector<std::string_view> details = {};
    bool needs_first = false; ///< the first detail is required
    bool any_status = false;  ///< takes any status, not only its own
};

inline std::vector<fault_form> const& fault_form_table() {
    constexpr std::string_view at_byte = "at byte N", status = "status N", seconds = "seconds N",
                               in = "in X", as = "as X", done = "carried out",
                               not_done = "not carried out";
    static std::vector<fault_form> const table{
        {fault::refuse()},
        {fault::cut_handshake()},
        {fault::reset_before()},
        {fault::reset_inside()},
        {fault::lose_answer()},
        {fault::cut(0), {at_byte}},
        {fault::stall(), {at_byte, done, not_done}},
        {fault::trickle(), {"bytes at a time N"}},
        {fault::overstate(), {"bytes too many N"}},
        {fault::repeat_answer()},
        {fault::truncate(0), {at_byte}},
        {fault::garble()},
        {fault::unauthorized(), {status}},
        {fault::move_pod(), {status, "to X", not_done}, false, true},
        {fault::too_many_requests(), {status, seconds, "as a date"}},
        {fault::server_error(3), {status, "severity N", done, not_done}},
        {fault::bad_gateway(), {status, done, not_done}},
        {fault::unavailable(), {status, seconds, "until X", done, not_done}},
        {fault::gateway_timeout(), {status, done, not_done}},
        {fault::expire(), {status, done}, false, true},
        {fault::reorder()},
        {fault::hold(), {seconds, "for ever"}},
        {fault::fail(), {"ELQ-N", "after its work"}},
        {fault::reject(), {"ELQ-N", "N of M rows"}},
        {fault::byte_order_mark()},
        {fault::open_last_line()},
        {fault::other_page()},
        {fault::wrong_offset()},
        {fault::other_resource(), {in}},
        {fault::swallow_rows()},
        {fault::start_by_push()},
        {fault::cut_list(), {"with its total", "without its total"}},
        {fault::endless_list(), {"that ends all the same"}},
        {fault::extra_items()},
        {fault::late_log()},
        {fault::respell(), {"without their numbers"}},
        {fault::drop_columns(), {in}},
        {fault::rename_columns(), {in}},
        {fault::break_text(0, false), {"row N", in, "by an escape"}},
        {fault::other_status(0), {status, done}, true, true},
        {fault::odd_status(), {as}},
        {fault::other_form()},
        {fault::encode(""), {as, "bytes of padding N"}, true},
    };
    return table;
}

inline bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\r';
}
inline std::string_view trimmed(std::string_view text) {
    while (!text.empty() && is_blank(text.front()))
        text.remove_prefix(1);
    while (!text.empty() && is_blank(text.back()))
        text.remove_suffix(1);
    return text;
}
/// The position of the first of these characters outside quotes; otherwise the size of the text.
inline std::size_t find_unquoted(std::string_view text, std::string_view ends) {
    bool quoted = false;
    for (std::size_t i = 0; i != text.size(); ++i)
        if (text[i] == '"')
            quoted = !quoted;
        else if (quoted && text[i] == '\\' && i + 1 != text.size())
            ++i;
        else if (!quoted && ends.find(text[i]) != ends.npos)
            return i;
    return text.size();
}
/// Text without its quotes, if any; empty if it is blank or not properly quoted.
inline std::optional<std::string> unquoted(std::string_view text) {
    if (text.empty())
        return std::nullopt;
    if (text.front() != '"')
        return std::string(text);
    std::string made;
    for (std::size_t i = 1; i < text.size(); ++i) {
        if (text[i] == '"')
            return i + 1 == text.size() ? std::optional(std::move(made)) : std::nullopt;
        if (text[i] == '\\' && i + 1 != text.size())
            ++i;
        made += text[i];
    }
    return std::nullopt;
}
/// The values of a detail's placeholders; empty if it does not match the form.
inline std::optional<fault_detail::values> match_form(std::string_view form,
                                                      std::string_view text) {
    fault_detail::values v;
    for (char const c : form) {
        if (c == 'X') {
            auto x = unquoted(text);
            if (!x)
                return std::nullopt;
            v.x = std::move(*x);
            return v;
        }
        if (c == 'N' || c == 'M') {
            auto const read =
                std::from_chars(text.data(), text.data() + text.size(), c == 'N' ? v.n : v.m);
            if (read.ec != std::errc())
                return std::nullopt;
            text.remove_prefix(static_cast<std::size_t>(read.ptr - text.data()));
        } else if (text.empty() || text.front() != c) {
            return std::nullopt;
        } else {
            text.remove_prefix(1);
        }
    }
    return text.empty() ? std::optional(std::move(v)) : std::nullopt;
}

inline std::string joined(std::vector<std::string_view> const& words) {
    std::string all;
    for (std::string_view const each : words)
        all.append(all.empty() ? "" : ", ").append(each);
    return all;
}

/// Parses one fault: its kind, then its details.
class fault_reader {
public:
    explicit fault_reader(std::string_view text) : left_(text) {}

    fault read() {
        std::string_view const first = part();
        fault_form const& form = begin(first);
        std::string const kind(to_string(form.plain.kind));
        bool const by_status = first.starts_with("status ");
        fault made = form.plain;
        bool complete = !form.needs_first;
        if (by_status)
            complete = note(form, made, first) || complete;
        while (!left_.empty())
            complete = note(form, made, part()) || complete;
        if (!complete)
            throw std::invalid_argument(kind + " needs '" + std::string(form.details.front()) +
                                        "'");
        if (!form.any_status && made.status != form.plain.status)
            throw std::invalid_argument(kind + " answers " + std::to_string(form.plain.status) +
                                        ", not " + std::to_string(made.status));
        return made;
    }

private:
    std::string_view part() {
        std::size_t const end = find_unquoted(left_, ",");
        std::string_view const found = trimmed(left_.substr(0, end));
        left_.remove_prefix(end == left_.size() ? end : end + 1);
        return found;
    }
    static fault_form const& begin(std::string_view word) {
        std::vector<std::string_view> kinds;
        for (fault_form const& each : fault_form_table()) {
            std::string_view const kind = to_string(each.plain.kind);
            if (word == kind || (word == "lose" && each.plain.kind == fault_kind::lose_answer))
                return each;
            kinds.push_back(kind);
        }
        auto const status = match_form("status N", word);
        if (!status)
            throw std::invalid_argument("'" + std::string(word) + "' is not a fault; there are " +
                                        joined(kinds) + ", lose and status N");
        fault_form const* found = nullptr;
        for (fault_form const& each : fault_form_table()) {
            bool const own = !each.any_status && each.plain.status != 0 &&
                             static_cast<std::uint64_t>(each.plain.status) == status->n;
            if (own || (!found && each.plain.kind == fault_kind::other_status))
                found = &each;
            if (own)
                break;
        }
        return *found;
    }
    /// Whether this is the detail that the kind requires.
    static bool note(fault_form const& form, fault& made, std::string_view text) {
        for (std::string_view const each : form.details)
            for (fault_detail const& detail : fault_details) {
                if (detail.form != each)
                    continue;
                auto const found = match_form(each, text);
                if (!found)
                    continue;
                if (!detail.apply(made, *found))
                    throw std::invalid_argument("'" + std::string(text) + "' is out of range");
                return each == form.details.front();
            }
        throw std::invalid_argument(
            "'" + std::string(text) + "' is not a detail of " +
            std::string(to_string(form.plain.kind)) + ", which has " +
            (form.details.empty() ? std::string("none") : joined(form.details)));
    }

    std::string_view left_;
};

/// Parses the entries of a script into a plan.
class script_reader {
public:
    script_reader(std::string_view script, fault_plan& into) : left_(script), into_(into) {}

    void run() {
        for (std::size_t number = 1;; ++number) {
            while (!left_.empty() && (is_blank(left_.front()) || is_end(left_.front())))
                left_.remove_prefix(1);
            if (left_.empty())
                return;
            std::string_view const whole = left_;
            try {
                entry();
            } catch (std::invalid_argument const& wrong) {
                std::string_view const shown = whole.substr(0, find_unquoted(whole, ";\n"));
                throw std::invalid_argument("entry " + std::to_string(number) + ", '" +
                                            std::string(trimmed(shown)) + "': " + wrong.what());
            }
        }
    }

private:
    static bool is_end(char c) { return c == ';' || c == '\n'; }
    std::string_view word() {
        skip_blanks();
        std::size_t n = 0;
        while (n != left_.size() && !is_blank(left_[n]) && !is_end(left_[n]))
            ++n;
        std::string_view const found = left_.substr(0, n);
        left_.remove_prefix(n);
        return found;
    }
    void skip_blanks() {
        while (!left_.empty() && is_blank(left_.front()))
            left_.remove_prefix(1);
    }
    void entry() {
        std::string endpoint(word());
        if (endpoint != "*") {
            std::string_view const path = word();
            if (!path.starts_with('/'))
                throw std::invalid_argument("it does not start with an endpoint, such as "
                                            "GET /syncs/{id}/data, or *");
            endpoint.append(" ").append(path);
        }
        skip_blanks();
        std::uint64_t number = 1;
        bool for_ever = false;
        if (left_.starts_with('#')) {
            std::string_view const text = word();
            auto const end = text.data() + text.size();
            auto const read = std::from_chars(text.data() + 1, end, number);
            for_ever = read.ptr + 1 == end && *read.ptr == '+';
            if (read.ec != std::errc() || (read.ptr != end && !for_ever))
                throw std::invalid_argument("'" + std::string(text) +
                                            "' is not the number of a request, such as #2 or #2+");
            skip_blanks();
        }
        std::size_t const line = left_.find('\n');
        std::size_t const target = left_.starts_with('(') ? left_.find("):") : left_.npos;
        if (target < line)
            left_.remove_prefix(target + 2);
        std::string_view const text = left_.substr(0, find_unquoted(left_, ";\n"));
        left_.remove_prefix(text.size());
        fault what = fault_reader(text).read();
        if (for_ever)
            into_.from(std::move(endpoint), number, std::move(what));
        else
            into_.at(std::move(endpoint), number, std::move(what));
    }

    std::string_view left_;
    fault_plan& into_;
};

} // namespace simulation
/// \endcond

/// Parses a fault in the format of `fault::describe`: "cut, at byte 100". Error:
/// std::invalid_argument, with an explanation.
inline fault read_fault(std::string_view text) {
    return simulation::fault_reader(text).read();
}

/// Adds the entries of a script to a plan and returns that plan, which all its copies share.
/// Error: std::invalid_argument, with the entry and an explanation; the entries before it were
/// added.
inline fault_plan read_fault_plan(std::string_view script, fault_plan into = fault_plan()) {
    simulation::script_reader(script, into).run();
    return into;
}

/// The kinds of faults with all their details: "stall, at byte N, carried out, ...".
inline std::vector<std::string> fault_forms() {
    std::vector<std::string> all;
    for (simulation::fault_form const& each : simulation::fault_form_table()) {
        std::string& line = all.emplace_back(to_string(each.plain.kind));
        for (std::string_view const detail : each.details)
            line.append(", ").append(detail);
    }
    return all;
}

} // namespace eloqua::bulk
