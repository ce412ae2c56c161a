// SPDX-License-Identifier: BSL-1.0
// Documents of the API as JSON lists and as cells of tables.
#pragma once

#include <eloqua/bulk/document_json.hpp>
#include <eloqua/bulk/documents.hpp>

#include "text.hpp"
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace bulk = eloqua::bulk;

namespace cli {

/// A JSON array with one document per line.
template <class T>
std::string json_list(std::vector<T> const& all) {
    std::string text = "[";
    for (T const& each : all)
        text += (&each == &all.front() ? "\n" : ",\n") + bulk::write_document(each);
    return text + "\n]";
}

inline std::string cell(std::optional<std::string> const& text) {
    return printable(text.value_or(""), 200);
}
inline std::string cell(std::optional<std::int64_t> number) {
    return number ? std::to_string(*number) : "";
}
inline std::string cell(std::optional<bulk::timestamp> const& time) {
    return time ? time_text(std::chrono::floor<std::chrono::seconds>(*time)) : "";
}
template <class E>
std::string cell(std::optional<bulk::open_enum<E>> const& value) {
    return value ? printable(value->text()) : "";
}

/// The number at the end of a uri.
inline std::string id_cell(std::optional<std::string> const& uri) {
    std::string const text = cell(uri);
    return text.substr(text.rfind('/') + 1);
}

} // namespace cli
