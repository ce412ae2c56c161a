// SPDX-License-Identifier: BSL-1.0
/// \file
/// The results of decoding a page of rows.
#pragma once

#include <eloqua/bulk/detail/text/shown.hpp>
#include <eloqua/bulk/error.hpp>
#include <eloqua/bulk/value.hpp>

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

namespace eloqua::bulk::detail {

/// The content of a page besides its rows. A member is empty if the page lacks it.
struct page_envelope {
    std::optional<std::int64_t> totalResults;
    std::optional<std::int64_t> limit;
    std::optional<std::int64_t> offset;
    std::optional<std::int64_t> count; ///< not reliable: pages with rows may say 0
    std::optional<bool> hasMore;
    bool has_items = false; ///< may be false if there are no rows
};

/// The page that was requested; empty members are not known.
struct asked_page {
    std::optional<std::int64_t> offset;
    std::optional<std::int64_t> limit;

    /// The most rows that the page can have.
    std::int64_t most_rows() const {
        return limit.value_or(std::numeric_limits<std::int64_t>::max());
    }
    /// Describes how the page's own values contradict the request; empty if they do not. A smaller
    /// limit than requested is fine. `count` is ignored: pages with rows may say 0.
    std::string contradicted_by(std::optional<std::int64_t> said_offset,
                                std::optional<std::int64_t> said_limit) const {
        auto const differs = [](char const* what, std::int64_t said, std::int64_t wanted) {
            return "'" + std::string(what) + "' of the page is " + std::to_string(said) +
                   "; requested was " + std::to_string(wanted);
        };
        if (offset && said_offset && *said_offset != *offset)
            return differs("offset", *said_offset, *offset);
        if (limit && said_limit && *said_limit > *limit)
            return differs("limit", *said_limit, *limit);
        return {};
    }
};

/// Receives decoded rows.
class row_sink {
public:
    /// Returns the object to fill, of the type of the decoder's table. It must not move until
    /// `end_row`, which is called before control leaves the decoder.
    virtual void* begin_row() = 0;
    /// The row is filled if `complete`. Otherwise it must be taken back: a value did not fit, or
    /// the rest of the row has not arrived yet and it will begin again.
    virtual void end_row(bool complete) = 0;
    /// The page is read again from its start: discard its rows.
    virtual void restart() {}
    /// The last complete row, valid until another one is complete; null if it is not kept.
    virtual void const* last_row() const { return nullptr; }

protected:
    ~row_sink() = default;
};

/// A row requested from a sink: taken back unless it is completed.
class open_row {
public:
    explicit open_row(row_sink& sink) : sink_(sink) {}
    open_row(open_row const&) = delete;
    open_row& operator=(open_row const&) = delete;
    ~open_row() {
        if (row_)
            sink_.end_row(false);
    }
    void* begin() { return row_ = sink_.begin_row(); }
    void complete() {
        row_ = nullptr;
        sink_.end_row(true);
    }
    void* get() const { return row_; }

private:
    row_sink& sink_;
    void* row_ = nullptr;
};

/// Why a page is refused.
struct page_error {
    std::string what; ///< empty: it is not refused
    std::string member;
    char const* advice = "";
    bool of_value = false; ///< the page is correct, but a member cannot hold `value`
    bool of_row = false;   ///< `what` refers to the row, which has `value` in the column `name`
    std::string name = {};
    std::string value = {}; ///< empty if there is no value

    failure at(std::uint64_t byte, std::int64_t row, row_values how) const {
        if (of_value)
            return failure(errc::invalid_value,
                           value.empty() ? what : what + ' ' + shown_value(value, how), advice);
        std::string text = what;
        if (of_row)
            text =
                "row " + std::to_string(row) +
                (value.empty() ? "" : " (" + shown(name) + " is " + shown_value(value, how) + ')') +
                ' ' + what;
        return failure(errc::malformed_response,
                       text + ", at byte " + std::to_string(byte) + " of the page, in row " +
                           std::to_string(row) +
                           (member.empty() ? "" : ", member '" + shown(member) + "'"),
                       advice);
    }
};

inline std::string too_many_rows(std::int64_t asked) {
    return "the page has more than the " + std::to_string(asked) + " rows that were requested";
}

inline page_error value_error(std::int64_t row, std::string_view key, std::string_view text,
                              bool missing) {
    return {"row " + std::to_string(row) + ": member '" + std::string(key) + "' " +
                (missing        ? "is missing and cannot be blank"
                 : text.empty() ? "cannot be blank"
                                : "cannot hold"),
            {},
            text.empty() ? "make the member optional, or define what a blank means: "
                           "bulk::default_if_blank in the row's eloqua_blanks"
                         : "give the member a type that can hold the field's values; for a time, "
                           "one of fine enough resolution",
            true,
            false,
            {},
            std::string(text.substr(0, 2 * shown_of_value))};
}

} // namespace eloqua::bulk::detail
