// SPDX-License-Identifier: BSL-1.0
/// \file
/// Removes secrets from texts in which a server may repeat them.
#pragma once

#include <eloqua/bulk/detail/text/ascii.hpp>
#include <eloqua/bulk/detail/text/shown.hpp>
#include <eloqua/bulk/error.hpp>
#include <eloqua/bulk/utf8.hpp>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace eloqua::bulk::detail {

/// Decodes base64; ignores everything from the first other character on.
inline std::string from_base64(std::string_view text) {
    std::string bytes;
    std::uint32_t bits = 0;
    unsigned held = 0;
    for (char const c : text) {
        int const digit = c >= 'A' && c <= 'Z'   ? c - 'A'
                          : c >= 'a' && c <= 'z' ? c - 'a' + 26
                          : c >= '0' && c <= '9' ? c - '0' + 52
                          : c == '+' || c == '-' ? 62
                          : c == '/' || c == '_' ? 63
                                                 : -1;
        if (digit < 0)
            break;
        bits = (bits << 6 | static_cast<std::uint32_t>(digit)) & 0xFFFFFU;
        held += 6;
        if (held >= 8) {
            held -= 8;
            bytes += static_cast<char>(bits >> held & 0xFFU);
        }
    }
    return bytes;
}

/// The result of reading an escape at a place in a text.
struct escaped {
    char bytes[4] = {};
    std::size_t size = 0;   ///< of `bytes`; 0: no escape there
    std::size_t length = 0; ///< in the text

    void put(std::uint32_t code, std::size_t taken) {
        length = taken;
        size = static_cast<std::size_t>(write_utf8(code, bytes) - bytes);
    }
};

/// Reads a number of at most `digits` digits at the start of a text; false if it does not start
/// with one.
inline bool read_number(std::string_view text, int base, std::size_t digits, std::uint32_t& into,
                        std::size_t& read) {
    std::string_view const part = text.substr(0, digits);
    auto const [end, ec] = std::from_chars(part.data(), part.data() + part.size(), into, base);
    read = static_cast<std::size_t>(end - part.data());
    return ec == std::errc() && read != 0;
}

/// An escape of JSON (`\/`, `\u002f`), of a URL (`%2F`), or of HTML (`&#47;`, `&amp;`).
inline escaped escape_at(std::string_view text, std::size_t at) {
    escaped out;
    std::string_view const rest = text.substr(at);
    std::uint32_t code = 0, low = 0;
    std::size_t read = 0;
    if (rest.size() < 2)
        return out;
    if (rest.starts_with("\\u")) {
        if (!read_number(rest.substr(2), 16, 4, code, read) || read != 4)
            return out;
        bool const pair = code >= 0xD800 && code < 0xDC00 && rest.substr(6).starts_with("\\u") &&
                          read_number(rest.substr(8), 16, 4, low, read) && read == 4;
        if (pair)
            out.put(0x10000 + ((code & 0x3FFU) << 10) + (low & 0x3FFU), 12);
        else
            out.put(code, 6);
    } else if (rest[0] == '\\') {
        constexpr std::string_view names = "\"\\/bfnrt", values = "\"\\/\b\f\n\r\t";
        if (std::size_t const which = names.find(rest[1]); which != names.npos)
            out.put(static_cast<unsigned char>(values[which]), 2);
    } else if (rest[0] == '%') {
        if (std::optional<char> const byte = percent_at(text, at)) {
            out.bytes[0] = *byte;
            out.size = 1;
            out.length = 3;
        }
    } else if (rest.starts_with("&#")) {
        bool const hex = rest.size() > 2 && (rest[2] == 'x' || rest[2] == 'X');
        std::size_t const begin = hex ? 3 : 2;
        if (rest.size() > begin && read_number(rest.substr(begin), hex ? 16 : 10, 7, code, read) &&
            code < 0x110000 && rest.substr(begin + read).starts_with(';'))
            out.put(code, begin + read + 1);
    } else if (rest[0] == '&') {
        constexpr std::pair<std::string_view, char> names[] = {
            {"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}};
        for (auto const& [name, c] : names)
            if (rest.starts_with(name))
                out.put(static_cast<unsigned char>(c), name.size());
    }
    return out;
}

/// Texts that must not appear in messages. Immutable except for `add`.
class secrets {
public:
    secrets() = default;
    /// `authorization`: value of an Authorization header. For Basic, the password alone is a secret
    /// too.
    explicit secrets(std::string_view authorization) {
        std::size_t const space = authorization.find(' ');
        std::string_view value = authorization.substr(space + 1);
        while (value.ends_with('='))
            value.remove_suffix(1);
        add(value);
        if (iequals(authorization.substr(0, space), "basic")) {
            std::string const both = from_base64(value);
            add(std::string_view(both).substr(std::min(both.size(), both.find(':') + 1)));
        }
    }

    void add(std::string_view secret) {
        if (secret.empty())
            return;
        auto const longer = [](std::string const& a, std::string const& b) {
            return a.size() > b.size();
        };
        all_.emplace(std::ranges::upper_bound(all_, std::string(secret), longer), secret);
    }
    void add(std::span<std::string const> more) {
        for (std::string const& each : more)
            add(std::string_view(each));
    }

    /// Replaces each occurrence by "***", even if its characters are escaped or the text was cut in
    /// the middle of it. Secrets of less than four bytes are replaced only as whole words; secrets
    /// shorter than `least` not at all.
    void hide_in(std::string& text, std::size_t least = 1) const {
        for (std::string const& each : all_)
            if (each.size() >= least)
                hide(text, each);
    }
    void hide_in(failure& f) const {
        if (all_.empty())
            return;
        hide_in(f.info.server);
        hide_in(f.info.detail);
        for (validation_failure& each : f.info.failures)
            for (std::string* part : {&each.field, &each.value, &each.constraint})
                hide_in(*part);
    }

    /// Removes secrets, then makes the text safe to show as `detail::shown` does.
    std::string shown(std::string_view text, std::size_t most = shown_bytes) const {
        if (all_.empty())
            return detail::shown(text, most);
        std::string clean(text);
        hide_in(clean);
        return detail::shown(clean, most);
    }

private:
    static constexpr std::size_t least_of_cut = 6; ///< bytes by which a cut secret is recognised

    static bool is_word(char c) { return is_digit(c) || is_letter(c); }
    /// The number of bytes of the text at `at` that spell the secret; 0: none.
    static std::size_t length_of(std::string_view text, std::size_t at, std::string_view secret) {
        std::size_t i = at, known = 0;
        while (known != secret.size()) {
            if (i == text.size() || text.substr(i).starts_with(cut_mark))
                return known >= least_of_cut ? i - at : 0;
            escaped const e = escape_at(text, i);
            char const c = text[i], wanted = secret[known];
            if (e.size != 0 &&
                secret.substr(known).starts_with(std::string_view(e.bytes, e.size))) {
                i += e.length;
                known += e.size;
            } else if (c == wanted || (wanted == '+' && c == '-') || (wanted == '/' && c == '_') ||
                       (wanted == ' ' && c == '+')) {
                ++i;
                ++known;
            } else {
                return 0;
            }
        }
        return i - at;
    }
    static void hide(std::string& text, std::string_view secret) {
        bool const anywhere = secret.size() >= 4;
        std::string out;
        std::size_t copied = 0;
        for (std::size_t at = 0; at != text.size();) {
            char const c = text[at];
            bool const may_begin = c == secret[0] || c == '\\' || c == '%' || c == '&' ||
                                   c == '-' || c == '_' || c == '+';
            std::size_t const length = may_begin ? length_of(text, at, secret) : 0;
            std::size_t const end = at + length;
            if (length == 0 || (!anywhere && ((at != 0 && is_word(text[at - 1])) ||
                                              (end != text.size() && is_word(text[end]))))) {
                ++at;
                continue;
            }
            out.append(text, copied, at - copied).append("***");
            at = copied = end;
        }
        if (copied != 0)
            text = out.append(text, copied);
    }

    std::vector<std::string> all_; ///< longest first
};

} // namespace eloqua::bulk::detail
