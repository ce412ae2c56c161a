// SPDX-License-Identifier: BSL-1.0
/// \file
/// What comes out of a page of rows.
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

/// What a page says besides its rows. A member is empty if the page does not have it.
struct page_envelope {
    std::optional<std::int64_t> totalResults;
    std::optional<std::int64_t> limit;
    std::optional<std::int64_t> offset;
    std::optional<std::int64_t> count; ///< not to be trusted: 0 beside rows has been seen
    std::optional<bool> hasMore;
    bool has_items = false; ///< may be missing where there are no rows
};

/// What a page was asked to be; empty members are not known.
struct asked_page {
    std::optional<std::int64_t> offset;
    std::optional<std::int64_t> limit;

    /// How many rows the page can have.
    std::int64_t most_rows() const {
        return limit.value_or(std::numeric_limits<std::int64_t>::max());
    }
    /// What of a page's own words contradicts it, in words; empty if nothing does. A smaller limit
    /// than asked for does not. `count` says nothing: 0 beside rows has been seen.
    std::string contradicted_by(std::optional<std::int64_t> said_offset,
                                std::optional<std::int64_t> said_limit) const {
        auto const differs = [](char const* what, std::int64_t said, std::int64_t wanted) {
            return "'" + std::string(what) + "' of the page is " + std::to_string(said) +
                   "; asked for was " + std::to_string(wanted);
        };
        if (offset && said_offset && *said_offset != *offset)
            return differs("offset", *said_offset, *offset);
        if (limit && said_limit && *said_limit > *limit)
            return differs("limit", *said_limit, *limit);
        return {};
    }
};

/// Where decoded rows go.
class row_sink {
public:
    /// The object to fill: of the type that the decoder's table is of. It must stay where it is
    /// until `end_row`, which comes before control leaves the decoder.
    virtual void* begin_row() = 0;
    /// The row is filled, or, if not `complete`, is taken back: a value did not fit, or the rest of
    /// the row has yet to arrive and it will begin anew.
    virtual void end_row(bool complete) = 0;
    /// The page is read again from its begin: forget its rows.
    virtual void restart() {}
    /// The last complete row, until another one is complete; null if it is not kept.
    virtual void const* last_row() const { return nullptr; }

protected:
    ~row_sink() = default;
};

/// A row that a sink was asked for: taken back unless it is completed.
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
    std::string what; ///< empty: it is not
    std::string member;
    char const* advice = "";
    bool of_value = false; ///< the page is right, but a member cannot hold `value`
    bool of_row = false;   ///< `what` is said of the row, which has `value` in the column `name`
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
    return "the page has more than the " + std::to_string(asked) + " rows that were asked for";
}

inline page_error value_error(std::int64_t row, std::string_view key, std::string_view text,
                              bool missing) {
    return {"row " + std::to_string(row) + ": member '" + std::string(key) + "' " +
                (missing        ? "is missing and cannot be blank"
                 : text.empty() ? "cannot be blank"
                                : "cannot hold"),
            {},
            text.empty() ? "make the member an optional, or say what a blank means: "
                           "bulk::default_if_blank in the row's eloqua_blanks"
                         : "give the member a type that can hold what the field holds; for a time, "
                           "one that is fine enough",
            true,
            false,
            {},
            std::string(text.substr(0, 2 * shown_of_value))};
}

} // namespace eloqua::bulk::detail
