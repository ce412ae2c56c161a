// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <eloqua/bulk/schema/time.hpp>

#include <chrono>
#include <concepts>
#include <optional>
#include <string>
#include <utility>

namespace eloqua::bulk {

/// How long something is kept. On the wire it is an ISO 8601 duration: "PT6H", "P7D". A text of the
/// service's without a fixed length, such as "P1M", is kept as it is and written back unchanged.
class duration {
public:
    duration() : duration(std::chrono::seconds(0)) {}
    /// From any `std::chrono` duration of whole seconds, as in `std::chrono::hours(6)`.
    template <std::convertible_to<std::chrono::seconds> D>
    duration(D d) : known_(d), text_(format_duration(d)) {}
    explicit duration(std::string text) : known_(parse_duration(text)), text_(std::move(text)) {}

    /// Empty if the text has no fixed length.
    std::optional<std::chrono::seconds> known() const { return known_; }
    std::string const& text() const { return text_; }

    friend bool operator==(duration const& a, duration const& b) {
        return a.known_ && b.known_ ? *a.known_ == *b.known_ : a.text_ == b.text_;
    }

private:
    std::optional<std::chrono::seconds> known_;
    std::string text_;
};

} // namespace eloqua::bulk
