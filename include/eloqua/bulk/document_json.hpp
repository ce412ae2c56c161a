// SPDX-License-Identifier: BSL-1.0
/// \file
/// Conversion of documents to and from JSON, with Boost.JSON and Boost.Describe.
///
/// Parsing tolerates what a newer service may send: unknown members, unknown enumerators,
/// durations without a fixed length and times in other formats are never errors. Optional members,
/// lists and booleans may be missing or null, and so may every member of a `stored` definition.
/// All other members are required, with the right type. Booleans and optional integers may be
/// given as text; optional texts may be given as integers. A byte order mark is skipped.
#pragma once

#include <eloqua/bulk/detail/codec/bounded_json.hpp>
#include <eloqua/bulk/detail/text/ascii.hpp>
#include <eloqua/bulk/detail/text/shown.hpp>
#include <eloqua/bulk/documents.hpp>
#include <eloqua/bulk/error.hpp>
#include <eloqua/bulk/limits.hpp>
#include <eloqua/bulk/time.hpp>

#include <boost/describe/members.hpp>
#include <boost/json/array.hpp>
#include <boost/json/kind.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <boost/mp11/algorithm.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <new>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace eloqua::bulk {

namespace detail {

template <class T>
concept described_struct = std::is_class_v<T> && boost::describe::has_describe_members<T>::value;

template <class T>
using document_members = boost::describe::describe_members<T, boost::describe::mod_public |
                                                                  boost::describe::mod_inherited>;

/// The position and description of an error in a document.
struct json_error {
    std::string path;
    std::string what;
    explicit json_error(std::string w) : what(std::move(w)) {}
    void inside(std::string_view member) {
        path.insert(0, path.empty() || path.front() == '[' ? "" : ".");
        path.insert(0, shown(member));
    }
};
using json_outcome = std::optional<json_error>;

inline json_outcome mismatch(char const* wanted, boost::json::value const& v) {
    std::string_view const kind(to_string(v.kind()));
    return json_error("expected " + std::string(wanted) + ", got " + std::string(kind));
}

template <class T>
struct json_codec;

template <>
struct json_codec<std::string> {
    static json_outcome read(boost::json::value const& v, std::string& into) {
        if (!v.is_string())
            return mismatch("a string", v);
        into = std::string_view(v.get_string());
        return {};
    }
    static void write(std::string const& value, boost::json::value& out) { out = value; }
};

template <>
struct json_codec<bool> {
    static json_outcome read(boost::json::value const& v, bool& into) {
        if (v.is_bool())
            into = v.get_bool();
        else if (v.is_string() && (v.get_string() == "true" || v.get_string() == "false"))
            into = v.get_string() == "true";
        else
            return mismatch("a boolean", v);
        return {};
    }
    static void write(bool value, boost::json::value& out) { out = value; }
};

template <>
struct json_codec<std::int64_t> {
    static json_outcome read(boost::json::value const& v, std::int64_t& into) {
        boost::system::error_code ec;
        into = v.to_number<std::int64_t>(ec);
        if (ec)
            return mismatch("an integer of 64 bits", v);
        return {};
    }
    static void write(std::int64_t value, boost::json::value& out) { out = value; }
};

/// Types that keep their text: `open_enum`, `duration`.
template <class T>
concept text_keeper = std::constructible_from<T, std::string> && requires(T const& value) {
    { value.text() } -> std::same_as<std::string const&>;
};
template <text_keeper T>
struct json_codec<T> {
    static json_outcome read(boost::json::value const& v, T& into) {
        if (!v.is_string())
            return mismatch("a string", v);
        into = T(std::string(std::string_view(v.get_string())));
        return {};
    }
    static void write(T const& value, boost::json::value& out) { out = value.text(); }
};

template <>
struct json_codec<timestamp> {
    static json_outcome read(boost::json::value const& v, timestamp& into) {
        auto const time = v.is_string() ? parse_time<timestamp::duration>(v.get_string())
                                        : std::optional<timestamp>();
        if (!time)
            return mismatch("an ISO 8601 time", v);
        into = *time;
        return {};
    }
    static void write(timestamp value, boost::json::value& out) {
        std::string text;
        if (append_time(text, value, 'T')) {
            text.append(27 - text.size(), '0'); // always seven fractional digits
            text += 'Z';
        }
        out = text;
    }
};

template <class T>
struct json_codec<std::vector<T>> {
    static json_outcome read(boost::json::value const& v, std::vector<T>& into) {
        if (!v.is_array())
            return mismatch("an array", v);
        into.clear();
        if constexpr (described_struct<T>) // an empty object is small only in JSON
            if (v.get_array().size() > static_cast<std::size_t>(limits::items_per_list))
                return json_error("has more than " + std::to_string(limits::items_per_list) +
                                  " entries");
        into.reserve(v.get_array().size());
        for (boost::json::value const& each : v.get_array())
            if (auto wrong = json_codec<T>::read(each, into.emplace_back())) {
                wrong->inside("[" + std::to_string(into.size() - 1) + "]");
                return wrong;
            }
        return {};
    }
    static void write(std::vector<T> const& value, boost::json::value& out) {
        boost::json::array& array = out.emplace_array();
        array.reserve(value.size());
        for (T const& each : value)
            json_codec<T>::write(each, array.emplace_back(nullptr));
    }
};

/// Objects whose keys are data.
template <class T>
struct json_codec<std::vector<std::pair<std::string, T>>> {
    using map = std::vector<std::pair<std::string, T>>;
    static json_outcome read(boost::json::value const& v, map& into) {
        if (!v.is_object())
            return mismatch("an object", v);
        into.clear();
        for (auto const& each : v.get_object()) {
            into.emplace_back(std::string_view(each.key()), T{});
            if constexpr (std::same_as<T, std::string>) {
                // Values of rejected rows: blanks may come as null, numbers as numbers.
                if (each.value().is_null())
                    continue;
                if (each.value().is_primitive() && !each.value().is_string()) {
                    into.back().second = boost::json::serialize(each.value());
                    continue;
                }
            }
            if (auto wrong = json_codec<T>::read(each.value(), into.back().second)) {
                wrong->inside(std::string_view(each.key()));
                return wrong;
            }
        }
        return {};
    }
    static void write(map const& value, boost::json::value& out) {
        boost::json::object& object = out.emplace_object();
        for (auto const& each : value)
            json_codec<T>::write(each.second, object[each.first]);
    }
};

template <class T>
struct json_codec<std::optional<T>> {
    static json_outcome read(boost::json::value const& v, std::optional<T>& into) {
        if (v.is_null()) {
            into.reset();
            return {};
        }
        into.emplace();
        if constexpr (std::same_as<T, std::string>)
            if (v.is_int64() || v.is_uint64()) {
                *into = boost::json::serialize(v);
                return {};
            }
        if constexpr (std::same_as<T, std::int64_t>)
            if (v.is_string() && read_whole(v.get_string(), *into))
                return {};
        return json_codec<T>::read(v, *into);
    }
};

/// Times only say when something was done, and nothing depends on them, so a time in another
/// format than the documented one is ignored.
template <>
struct json_codec<std::optional<timestamp>> {
    static json_outcome read(boost::json::value const& v, std::optional<timestamp>& into) {
        into = v.is_string() ? parse_time<timestamp::duration>(v.get_string()) : std::nullopt;
        return {};
    }
};

template <class T>
inline constexpr bool may_be_missing = std::same_as<T, bool>;
template <class T>
inline constexpr bool may_be_missing<std::optional<T>> = true;
template <class T>
inline constexpr bool may_be_missing<std::vector<T>> = true;
/// A document of the service in which every member may be missing.
template <class T>
concept answered_in_part = requires { requires T::answered_in_part; };

template <described_struct T>
struct json_codec<T> {
    static json_outcome read(boost::json::value const& v, T& into) {
        if (!v.is_object())
            return mismatch("an object", v);
        json_outcome wrong;
        boost::mp11::mp_for_each<document_members<T>>([&](auto member) {
            using type = std::remove_cvref_t<decltype(into.*member.pointer)>;
            if (wrong)
                return;
            boost::json::value const* const found = v.get_object().if_contains(member.name);
            constexpr bool optional = may_be_missing<type> || answered_in_part<T>;
            if (!found || (found->is_null() && optional)) {
                if constexpr (!optional)
                    wrong.emplace("is missing");
            } else {
                wrong = json_codec<type>::read(*found, into.*member.pointer);
            }
            if (wrong)
                wrong->inside(member.name);
        });
        return wrong;
    }
    static void write(T const& value, boost::json::value& out) {
        boost::json::object& object = out.emplace_object();
        boost::mp11::mp_for_each<document_members<T>>([&](auto member) {
            auto const& field = value.*member.pointer;
            using type = std::remove_cvref_t<decltype(field)>;
            if constexpr (is_optional_value<type>) {
                if (field)
                    json_codec<typename type::value_type>::write(*field, object[member.name]);
            } else {
                json_codec<type>::write(field, object[member.name]);
            }
        });
    }
};

} // namespace detail

/// Parses a document. Errors: `errc::malformed_response`, with the path of the error, such as
/// "items[3].count: expected an integer of 64 bits, got string"; `errc::response_too_large` if its
/// parsed form takes more than `memory` bytes, or one MiB; `not_enough_memory`. Nesting is limited
/// to 32 levels, a list of objects to 1,000 items.
template <class T>
[[nodiscard]] result<T> parse_document(std::string_view text,
                                       std::size_t memory = detail::document_memory) {
    detail::bounded_json const json(text, memory);
    if (json.wrong())
        return *json.wrong();
    try {
        T document{};
        if (auto wrong = detail::json_codec<T>::read(json.value(), document))
            return failure(errc::malformed_response,
                           (wrong->path.empty() ? "the document" : wrong->path) + ": " +
                               wrong->what);
        return document;
    } catch (std::bad_alloc const&) {
        return detail::out_of_memory();
    }
}

/// Serialises a document as compact JSON. Empty optional members are omitted.
template <class T>
[[nodiscard]] std::string write_document(T const& document) {
    boost::json::value v;
    detail::json_codec<T>::write(document, v);
    return boost::json::serialize(v);
}

} // namespace eloqua::bulk
