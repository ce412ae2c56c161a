// SPDX-License-Identifier: BSL-1.0
/// \file
/// CSV by RFC 4180; line ends of either kind.
#pragma once

#include <algorithm>
#include <cstddef>
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

} // namespace eloqua::bulk::simulation
