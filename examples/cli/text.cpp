// SPDX-License-Identifier: BSL-1.0
#include "text.hpp"

#include <eloqua/bulk/time.hpp>
#include <eloqua/bulk/utf8.hpp>

#include "ending.hpp"
#include <algorithm>
#include <charconv>
#include <ostream>
#include <system_error>

namespace cli {

namespace {

/// The number of bytes of a character of valid UTF-8.
std::size_t size_of(char lead) {
    auto const byte = static_cast<unsigned char>(lead);
    return byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}

/// Controls, line ends, and marks of writing direction.
bool is_control(std::string_view character) {
    if (character.size() == 1)
        return static_cast<unsigned char>(character[0]) < ' ' || character[0] == 0x7f;
    if (character.size() == 2)
        return (character >= "\u0080" && character <= "\u009F") || character == "\u061C";
    return character.size() == 3 && ((character >= "\u200E" && character <= "\u200F") ||
                                     (character >= "\u2028" && character <= "\u202E") ||
                                     (character >= "\u2066" && character <= "\u2069"));
}

std::size_t width_of(std::string_view text) {
    return static_cast<std::size_t>(std::ranges::count_if(
        text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

} // namespace

std::string printable(std::string_view text, std::size_t most) {
    std::string out;
    while (!text.empty()) {
        std::size_t const valid = bulk::valid_utf8_prefix(text);
        for (std::size_t at = 0; at != valid;) {
            std::string_view const character = text.substr(at, size_of(text[at]));
            if (out.size() + character.size() > most)
                return out + "...";
            out += is_control(character) ? std::string_view(" ") : character;
            at += character.size();
        }
        text.remove_prefix(valid);
        if (!text.empty()) {
            out += "\uFFFD";
            text.remove_prefix(1);
        }
    }
    return out;
}

std::string shell_word(std::string_view text) {
    constexpr std::string_view plain =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-+=:,./@%";
    if (!text.empty() && text.find_first_not_of(plain) == text.npos)
        return std::string(text);
    std::string made = "'";
    for (char const c : text)
        made += c == '\'' ? "'\\''" : std::string(1, c);
    return made + '\'';
}

std::int64_t number_of(std::string const& option, std::string_view text, std::int64_t least,
                       std::int64_t most) {
    std::int64_t n = 0;
    auto const end = text.data() + text.size();
    auto const read = std::from_chars(text.data(), end, n);
    if (read.ec != std::errc() || read.ptr != end || n < least || n > most)
        throw bad_usage(option + " takes a number from " + std::to_string(least) + " to " +
                        std::to_string(most) + ", not '" + printable(text) + "'");
    return n;
}

std::vector<std::string> list_of(std::string_view text) {
    std::vector<std::string> parts(1);
    std::size_t depth = 0;
    for (std::size_t i = 0; i != text.size(); ++i) {
        depth += text.substr(i, 2) == "{{";
        depth -= depth != 0 && text.substr(i, 2) == "}}";
        if (text[i] == ',' && depth == 0)
            parts.emplace_back();
        else
            parts.back() += text[i];
    }
    for (std::string& each : parts) {
        each.erase(0, std::min(each.find_first_not_of(' '), each.size()));
        each.erase(each.find_last_not_of(' ') + 1);
    }
    std::erase(parts, std::string());
    return parts;
}

std::string time_text(std::chrono::sys_seconds time) {
    std::string text;
    return bulk::append_time(text, time) ? text : std::string("?");
}

std::chrono::seconds length_of_time(std::string const& option, std::string_view text) {
    constexpr std::string_view letters = "smhd";
    constexpr std::int64_t units[] = {1, 60, 3'600, 86'400};
    std::size_t const unit = text.empty() ? letters.npos : letters.find(text.back());
    std::string_view number = text;
    number.remove_suffix(unit != letters.npos);
    if (unit == letters.npos || number.empty() ||
        number.find_first_not_of("0123456789") != number.npos)
        throw bad_usage(option + " takes a length of time such as 90m, 12h or 3d, not '" +
                        printable(text) + "'");
    return std::chrono::seconds(units[unit] * number_of(option, number, 0, 100'000));
}

std::chrono::sys_seconds time_of(std::string const& option, std::string_view text) {
    auto const time = bulk::parse_time<std::chrono::seconds>(text, bulk::finer_part::refused);
    if (!time)
        throw bad_usage(option + " takes times such as 2025-06-01 or 2025-06-01T10:00:00Z, not '" +
                        printable(text) + "'");
    return *time;
}

time_range time_range_of(std::string const& option, std::string_view text,
                         std::chrono::sys_seconds now) {
    std::size_t const dots = text.find("..");
    if (dots == text.npos)
        throw bad_usage(option + " takes FROM..TO or FROM.., not '" + printable(text) + "'");
    std::string_view const to = text.substr(dots + 2);
    time_range const range{time_of(option, text.substr(0, dots)),
                           to.empty() ? now : time_of(option, to)};
    if (range.to <= range.from)
        throw bad_usage(option + " '" + printable(text) + "' ends before it begins");
    return range;
}

std::ostream& operator<<(std::ostream& out, table const& t) {
    std::vector<std::size_t> widths;
    for (auto const& row : t.rows_)
        for (std::size_t i = 0; i != row.size(); ++i) {
            widths.resize(std::max(widths.size(), i + 1));
            widths[i] = std::max(widths[i], width_of(row[i]));
        }
    for (auto const& row : t.rows_) {
        std::string line;
        for (std::size_t i = 0; i != row.size(); ++i) {
            line += row[i];
            if (i + 1 != row.size())
                line.append(widths[i] - width_of(row[i]) + 2, ' ');
        }
        line.erase(line.find_last_not_of(' ') + 1);
        out << line << '\n';
    }
    return out;
}

std::string wrapped(std::string_view text, std::size_t width, std::size_t indent) {
    std::string all, line;
    auto const end_line = [&] {
        all += line + '\n';
        line.clear();
    };
    while (!text.empty()) {
        std::size_t const end = std::min(text.find_first_of(" \n"), text.size());
        std::string_view const word = text.substr(0, end);
        bool const first = line.empty();
        if (!first && indent + line.size() + 1 + word.size() > width) {
            end_line();
            line = std::string(word);
        } else {
            line += (first ? "" : " ") + std::string(word);
        }
        bool const breaks = end != text.size() && text[end] == '\n';
        text.remove_prefix(std::min(end + 1, text.size()));
        if (breaks)
            end_line();
    }
    end_line();
    std::string indented;
    for (std::size_t at = 0; at != all.size();) {
        std::size_t const next = all.find('\n', at) + 1;
        indented += (at == 0 ? "" : std::string(indent, ' ')) + all.substr(at, next - at);
        at = next;
    }
    return indented;
}

} // namespace cli
