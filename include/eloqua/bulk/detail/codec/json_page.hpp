// SPDX-License-Identifier: BSL-1.0
/// \file
/// Decodes a page of rows in JSON.
#pragma once

#include <eloqua/bulk/detail/codec/column.hpp>
#include <eloqua/bulk/detail/codec/json_cursor.hpp>
#include <eloqua/bulk/detail/codec/json_rows.hpp>
#include <eloqua/bulk/detail/codec/page.hpp>

#include <charconv>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace eloqua::bulk::detail {

/// Decodes one page. Reads everything around the rows token by token, as it arrives.
class json_page {
public:
    using end_finder = json_end;
    static constexpr char const* unfinished = "the JSON ends too early";

    json_page(std::span<column_codec const> columns, broken_text what_becomes)
        : rows_(columns, what_becomes) {}

    void begin(std::int64_t first_row, asked_page const& asked) {
        asked_ = asked;
        envelope = page_envelope();
        rows_.begin(first_row, asked.most_rows());
        stage_ = stage::page;
        refused_.clear();
    }

    /// Decodes the complete parts of `[at, end)`, after which `text_padding` bytes must be
    /// readable, the first of them NUL. Returns where the incomplete part begins; or, with `wrong`
    /// set, the place of the error.
    char const* decode(char const* at, char const* end, row_sink& sink, page_error& wrong) {
        json_cursor c{at, end};
        do {
            c.skip_space();
            whole_ = c.at;
        } while (c.at != c.end && step(c, sink));
        if (!c.wrong)
            return whole_;
        wrong = std::exchange(rows_.error(), page_error());
        if (!refused_.empty())
            wrong.what = refused_;
        else if (wrong.what.empty())
            wrong.what = c.wrong == json_cursor::too_large
                             ? c.wrong
                             : std::string("this is not JSON (") + c.wrong + ')';
        if (stage_ == stage::row && refused_.empty() && wrong.member.empty())
            wrong.member = rows_.member();
        else if (stage_ == stage::colon || stage_ == stage::value)
            wrong.member = member_;
        return c.at;
    }

    bool finished() const { return stage_ == stage::end; }

    std::int64_t rows() const { return rows_.rows(); }
    json_rows& of_rows() { return rows_; }
    json_rows const& of_rows() const { return rows_; }

    page_envelope envelope;

private:
    enum class stage : unsigned char {
        page, ///< at its start
        first_member,
        member,
        colon,
        value,
        behind_value,
        first_row,
        row,
        behind_row,
        end,
    };
    bool refuse(json_cursor& c, std::string what) {
        refused_ = std::move(what);
        c.wrong = "";
        return false;
    }
    static char const* kind_of_value(char first) {
        return first == '"'                                     ? "a string"
               : first == '{'                                   ? "an object"
               : first == '['                                   ? "an array"
               : first == 't' || first == 'f'                   ? "a boolean"
               : first == 'n'                                   ? "null"
               : first == '-' || (first >= '0' && first <= '9') ? "a number"
                                                                : nullptr;
    }
    /// Reports a value of the wrong type, or text that is not JSON.
    bool refuse_kind(json_cursor& c, std::string const& what, char const* wanted) {
        char const* const kind = kind_of_value(*c.at);
        return kind ? refuse(c, what + " is " + kind + ", not " + wanted)
                    : c.fail("expected a value");
    }

    bool step(json_cursor& c, row_sink& sink);
    bool envelope_value(json_cursor& c);
    bool envelope_number(json_cursor& c, std::optional<std::int64_t>& into);

    json_rows rows_;
    asked_page asked_;
    stage stage_ = stage::page;
    char const* whole_ = nullptr; ///< everything before this is decoded
    std::string member_;          ///< of the envelope
    text_arena arena_;
    std::string refused_; ///< why it was refused
};

/// Reads one token of the envelope, or as many rows as are available.
inline bool json_page::step(json_cursor& c, row_sink& sink) {
    switch (stage_) {
    case stage::page:
        if (*c.at == byte_order_mark.front()) {
            std::string_view const data(c.at, static_cast<std::size_t>(c.end - c.at));
            if (data.starts_with(byte_order_mark)) {
                c.at += byte_order_mark.size();
                c.skip_space();
            } else if (byte_order_mark.starts_with(data)) {
                return false; // not complete yet
            }
            if (c.at == c.end)
                return false;
        }
        if (*c.at != '{')
            return refuse_kind(c, "the response", "a page of rows");
        ++c.at;
        stage_ = stage::first_member;
        return true;
    case stage::first_member:
    case stage::member: {
        if (*c.at == '}' && stage_ == stage::first_member) {
            ++c.at;
            stage_ = stage::end;
            return true;
        }
        std::string_view key;
        arena_.clear();
        if (!c.key(key, arena_))
            return false;
        member_ = key;
        stage_ = stage::colon;
        return true;
    }
    case stage::colon:
        stage_ = stage::value;
        return c.take(':', "expected ':'");
    case stage::value:
        return envelope_value(c);
    case stage::behind_value:
        stage_ = *c.at == '}' ? stage::end : stage::member;
        return *c.at == '}' ? c.take('}', "") : c.take(',', "expected ',' or '}'");
    case stage::first_row:
    case stage::behind_row: {
        if (*c.at == ']') {
            ++c.at;
            stage_ = stage::behind_value;
            return true;
        }
        bool const first = stage_ == stage::first_row;
        stage_ = stage::row;
        return first || c.take(',', "expected ',' or ']'");
    }
    case stage::row:
        if (*c.at != '{')
            return refuse_kind(c, rows_.row_name(), "an object");
        if (!rows_.decode(c, sink)) {
            whole_ = rows_.whole();
            return false;
        }
        stage_ = stage::behind_row;
        return true;
    default:
        return refuse(c, "more text follows the page");
    }
}

inline bool json_page::envelope_value(json_cursor& c) {
    auto what = [&] { return "'" + member_ + "' of the page"; };
    arena_.clear();
    std::optional<std::int64_t>* const number = member_ == "totalResults" ? &envelope.totalResults
                                                : member_ == "limit"      ? &envelope.limit
                                                : member_ == "offset"     ? &envelope.offset
                                                : member_ == "count"      ? &envelope.count
                                                                          : nullptr;
    bool const known = number || member_ == "items" || member_ == "hasMore";
    if (!known || *c.at == 'n') {
        if (!(known ? c.literal("null") : c.skip(1, arena_)))
            return false;
        stage_ = stage::behind_value;
        return true;
    }
    if (number ? number->has_value()
               : (member_ == "items" ? envelope.has_items : envelope.hasMore.has_value()))
        return refuse(c, "the page has '" + member_ + "' twice");
    if (member_ == "items") {
        if (*c.at != '[')
            return refuse_kind(c, what(), "an array");
        ++c.at;
        envelope.has_items = true;
        stage_ = stage::first_row;
        return true;
    }
    if (number) {
        char const* const begin = c.at;
        if (*c.at != '-' && (*c.at < '0' || *c.at > '9'))
            return refuse_kind(c, what(), "a number");
        std::string_view text;
        if (!c.number(text))
            return false;
        std::int64_t value = 0;
        auto const [last, ec] = std::from_chars(begin, c.at, value);
        if (ec != std::errc() || last != c.at) {
            c.at = begin;
            return refuse(c, what() + " is not an integer of 64 bits");
        }
        *number = value;
        if (std::string wrong = asked_.contradicted_by(envelope.offset, envelope.limit);
            !wrong.empty())
            return refuse(c, std::move(wrong));
    } else {
        bool const yes = *c.at == 't';
        if (!yes && *c.at != 'f')
            return refuse_kind(c, what(), "a boolean");
        if (!c.literal(yes ? "true" : "false"))
            return false;
        envelope.hasMore = yes;
    }
    stage_ = stage::behind_value;
    return true;
}

} // namespace eloqua::bulk::detail
