// SPDX-License-Identifier: BSL-1.0
/// \file
/// Rows to JSON, appended to a buffer that the caller reuses.
#pragma once

#include <eloqua/bulk/codec/row_codec.hpp>
#include <eloqua/bulk/schema/utf8.hpp>

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace eloqua::bulk {

/// Writes rows of one type as flat JSON objects of texts; only the importable columns.
class row_encoder {
public:
    /// `codecs` and `columns` are those of one row type, and must stay; `row_codec` and
    /// `columns_of` do for ever.
    row_encoder(std::span<column_codec const> codecs, std::span<column_info const> columns) {
        for (std::size_t i = 0; i != codecs.size(); ++i)
            if (columns[i].importable) {
                std::string lead = columns_.empty() ? "{\"" : "\",\"";
                append_escaped(lead, codecs[i].key);
                columns_.emplace_back(&codecs[i], lead + "\":\"");
            }
    }

    /// Appends one row, an object of the type that the table is of. If a member has no valid text,
    /// appends nothing and returns its key.
    [[nodiscard]] std::optional<std::string_view> append(void const* row, std::string& out) {
        std::size_t const begin = out.size();
        for (auto const& [column, lead] : columns_) {
            text_.clear();
            if (!column->write(row, text_) || !is_valid_utf8(text_)) {
                out.resize(begin);
                return column->key;
            }
            out += lead;
            append_escaped(out, text_);
        }
        out += "\"}";
        return std::nullopt;
    }

private:
    static void append_escaped(std::string& out, std::string_view text) {
        std::size_t plain = 0;
        for (std::size_t i = 0; i != text.size(); ++i) {
            auto const c = static_cast<unsigned char>(text[i]);
            if (c >= 0x20 && c != '"' && c != '\\')
                continue;
            out.append(text, plain, i - plain);
            plain = i + 1;
            switch (c) {
            case '"':
                out += "\\\"";
                break;
            case '\\':
                out += "\\\\";
                break;
            case '\n':
                out += "\\n";
                break;
            case '\r':
                out += "\\r";
                break;
            case '\t':
                out += "\\t";
                break;
            default:
                out += "\\u00";
                out += "0123456789abcdef"[c >> 4];
                out += "0123456789abcdef"[c & 15];
            }
        }
        out.append(text, plain);
    }

    std::vector<std::pair<column_codec const*, std::string>> columns_;
    std::string text_;
};

} // namespace eloqua::bulk
