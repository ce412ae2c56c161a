// SPDX-License-Identifier: BSL-1.0
// Text for terminals, shells and tables.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cli {

/// Foreign text in one line of valid UTF-8: blanks replace control characters and marks of writing
/// direction. Cut after `most` bytes.
std::string printable(std::string_view text, std::size_t most = 1'000);

/// Quotes a word for a POSIX shell, unless it needs no quotes.
std::string shell_word(std::string_view text);

/// A whole number in a range. Throws `bad_usage`, which names the option.
std::int64_t number_of(std::string const& option, std::string_view text, std::int64_t least,
                       std::int64_t most);

/// The parts between commas; commas inside of "{{" and "}}" do not count.
std::vector<std::string> list_of(std::string_view text);

/// "2025-06-01 10:00:01".
std::string time_text(std::chrono::sys_seconds time);
/// Throws `bad_usage` for text that is not a time.
std::chrono::sys_seconds time_of(std::string const& option, std::string_view text);

/// "90s", "90m", "12h" or "3d". Throws `bad_usage` for other text.
std::chrono::seconds length_of_time(std::string const& option, std::string_view text);

/// A half-open range of times.
struct time_range {
    std::chrono::sys_seconds from, to;
};
/// Reads "FROM..TO"; without TO, the range ends at `now`. Throws `bad_usage`.
time_range time_range_of(std::string const& option, std::string_view text,
                         std::chrono::sys_seconds now);

/// Rows of texts in aligned columns.
class table {
public:
    explicit table(std::vector<std::string> header) : rows_{std::move(header)} {}
    void add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }
    friend std::ostream& operator<<(std::ostream& out, table const& t);

private:
    std::vector<std::vector<std::string>> rows_;
};

/// Breaks text at blanks into lines of at most `width` columns; later lines are indented.
std::string wrapped(std::string_view text, std::size_t width, std::size_t indent);

} // namespace cli
