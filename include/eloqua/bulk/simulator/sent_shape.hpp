// SPDX-License-Identifier: BSL-1.0
/// \file
/// Whether a document that a client sends has members of the right kinds. Stricter than the reading
/// of documents, which has to take what a service may answer: kinds are those of the contract, and
/// enumerators are spelt as documented; unknown ones are left to the rules of their definition.
/// Booleans may be the texts "true" and "false", as is documented; members that nobody knows, or
/// that only the service sets, are ignored.
#pragma once

#include <eloqua/bulk/schema/ascii.hpp>
#include <eloqua/bulk/schema/documents.hpp>
#include <eloqua/bulk/schema/duration.hpp>
#include <eloqua/bulk/schema/open_enum.hpp>

#include <boost/describe/enumerators.hpp>
#include <boost/describe/members.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <boost/mp11/algorithm.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace eloqua::bulk::simulation {

/// `wrong(value)` tells what a value of type `T` must be; it is empty if it is.
template <class T>
struct sent_shape;

template <>
struct sent_shape<std::string> {
    static std::string wrong(boost::json::value const& v) {
        return v.is_string() ? "" : "Must be a string value.";
    }
};

template <>
struct sent_shape<duration> : sent_shape<std::string> {};

template <>
struct sent_shape<bool> {
    static std::string wrong(boost::json::value const& v) {
        bool const text = v.is_string() && (v.get_string() == "true" || v.get_string() == "false");
        return v.is_bool() || text ? "" : "Must be true or false.";
    }
};

template <>
struct sent_shape<std::int64_t> {
    static std::string wrong(boost::json::value const& v) {
        return v.is_int64() ? "" : "Must be an integer.";
    }
};

template <class E>
struct sent_shape<open_enum<E>> {
    static std::string wrong(boost::json::value const& v) {
        std::string why = sent_shape<std::string>::wrong(v);
        if (!why.empty())
            return why;
        std::string_view const text = v.get_string();
        boost::mp11::mp_for_each<boost::describe::describe_enumerators<E>>([&](auto const& each) {
            if (iequals(text, each.name) && text != each.name)
                why = "Must be spelt " + std::string(each.name) + '.';
        });
        return why;
    }
};

template <class T>
struct sent_shape<std::optional<T>> {
    static std::string wrong(boost::json::value const& v) {
        return v.is_null() ? "" : sent_shape<T>::wrong(v);
    }
};

template <class T>
struct sent_shape<std::vector<T>> {
    static std::string wrong(boost::json::value const& v) {
        if (!v.is_array())
            return "Must be an array.";
        for (boost::json::value const& each : v.get_array())
            if (std::string why = sent_shape<T>::wrong(each); !why.empty())
                return why;
        return {};
    }
};

/// Keys that the client chooses.
template <class T>
struct sent_shape<std::vector<std::pair<std::string, T>>> {
    static std::string wrong(boost::json::value const& v) {
        if (!v.is_object())
            return "Must be an object.";
        for (auto const& each : v.get_object())
            if (std::string why = sent_shape<T>::wrong(each.value()); !why.empty())
                return "'" + std::string(each.key()) + "': " + why;
        return {};
    }
};

/// Calls `f(name, what is wrong)` for each member of `sent` that is not as `T` has it.
template <class T, class F>
void for_each_misshapen(boost::json::object const& sent, F f) {
    namespace describe = boost::describe;
    using members = describe::describe_members<T, describe::mod_public | describe::mod_inherited>;
    boost::mp11::mp_for_each<members>([&](auto member) {
        using type = std::remove_cvref_t<decltype(std::declval<T&>().*member.pointer)>;
        boost::json::value const* const found = sent.if_contains(member.name);
        if (!found)
            return;
        if (std::string why = sent_shape<type>::wrong(*found); !why.empty())
            f(std::string_view(member.name), std::move(why));
    });
}

template <class T>
    requires boost::describe::has_describe_members<T>::value
struct sent_shape<T> {
    static std::string wrong(boost::json::value const& v) {
        if (!v.is_object())
            return "Must be an object.";
        std::string first;
        for_each_misshapen<T>(v.get_object(), [&](std::string_view name, std::string why) {
            if (first.empty())
                first = "'" + std::string(name) + "': " + why;
        });
        return first;
    }
};

/// The members of `sent` that `T` has.
template <class T>
boost::json::object members_of(boost::json::object const& sent) {
    namespace describe = boost::describe;
    using members = describe::describe_members<T, describe::mod_public | describe::mod_inherited>;
    boost::json::object known;
    boost::mp11::mp_for_each<members>([&](auto member) {
        if (auto const* const found = sent.if_contains(member.name))
            known[member.name] = *found;
    });
    return known;
}

} // namespace eloqua::bulk::simulation
