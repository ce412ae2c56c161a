// SPDX-License-Identifier: BSL-1.0
/// \file
/// The checks that all definitions share.
///
/// Checks that the members of a client's document have the right types. This is stricter than the
/// client's reading of documents, which must accept whatever a service may send. Types are those of
/// the contract. Enumerators are spelled as documented; unknown ones are checked by the rules of
/// their definition. Booleans may be the texts "true" and "false", as documented. Unknown members,
/// and those that only the service sets, are ignored.
#pragma once

#include <eloqua/bulk/definitions.hpp>
#include <eloqua/bulk/detail/text/ascii.hpp>
#include <eloqua/bulk/document_json.hpp>
#include <eloqua/bulk/documents.hpp>
#include <eloqua/bulk/error.hpp>
#include <eloqua/bulk/limits.hpp>
#include <eloqua/bulk/simulator/detail/member_actions.hpp>
#include <eloqua/bulk/simulator/detail/table.hpp>
#include <eloqua/bulk/simulator/detail/values.hpp>
#include <eloqua/bulk/simulator/simulator_options.hpp>
#include <eloqua/bulk/time.hpp>

#include <boost/describe/enumerators.hpp>
#include <boost/describe/members.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>
#include <boost/json/value.hpp>
#include <boost/mp11/algorithm.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace eloqua::bulk::simulation {

/// `wrong(value)` says what a value of type `T` must be; empty if it is correct.
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
            if (detail::iequals(text, each.name) && text != each.name)
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

/// Keys chosen by the client.
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

/// Calls `f(name, error)` for each member of `sent` that does not match `T`.
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

/// The members of `sent` that `T` also has.
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

using failures = std::vector<validation_failure>;

/// Characters, not bytes.
inline std::size_t characters(std::string_view text) {
    return static_cast<std::size_t>(std::ranges::count_if(
        text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

/// Collects the errors of one definition and keeps the sent document.
class definition_checks {
public:
    explicit definition_checks(boost::json::object const& sent) : sent_(sent) {}

    void refuse(std::string_view field, std::string constraint) {
        boost::json::value const* const value = sent_.if_contains(field);
        found.push_back({std::string(field), value ? boost::json::serialize(*value) : "",
                         std::move(constraint)});
    }
    void refuse_value(std::string_view field, std::string_view value, std::string constraint) {
        found.push_back({std::string(field), boost::json::serialize(boost::json::string(value)),
                         std::move(constraint)});
    }
    /// Reads the document. Missing members, and those that only the service sets, are left blank;
    /// the checks of their contents report them. After a failure the document is unusable.
    template <class Definition>
    stored<Definition> read() {
        stored<Definition> d;
        for_each_misshapen<Definition>(
            sent_, [&](std::string_view field, std::string why) { refuse(field, std::move(why)); });
        if (!found.empty())
            return d;
        if (auto const wrong =
                detail::json_codec<stored<Definition>>::read(members_of<Definition>(sent_), d))
            refuse(std::string_view(wrong->path).substr(0, wrong->path.find_first_of(".[")),
                   wrong->what);
        return d;
    }
    void text(std::string_view field, std::string_view value, std::size_t most) {
        if (value.empty() || characters(value) > most)
            refuse(field, "Must be a string value, at least 1 character and at most " +
                              std::to_string(most) + " characters long.");
    }
    void durations(std::optional<duration> auto_delete, std::optional<duration> retention) {
        auto const kept = read_duration(auto_delete ? auto_delete->text() : "");
        if (auto_delete && (!kept || *kept < limits::auto_delete_min))
            refuse("autoDeleteDuration", "Must be at least PT1H.");
        auto const held = read_duration(retention ? retention->text() : "");
        if (retention && (!held || *held < limits::retention_min || *held > limits::retention_max))
            refuse("dataRetentionDuration", "Must be between PT1H and P14D.");
    }
    void fields(string_map const& fields, std::size_t most) {
        if (fields.empty())
            refuse("fields", "Must contain at least one field.");
        if (fields.size() > most)
            refuse("fields", "Must contain at most " + std::to_string(most) + " fields.");
        for (auto const& each : fields)
            if (each.first.empty())
                refuse("fields", "Field names must not be empty.");
    }
    void sync_actions(std::vector<sync_action> const& actions, table const& of,
                      simulator_options const& options) {
        if (actions.size() > limits::sync_actions)
            refuse("syncActions",
                   "Must contain at most " + std::to_string(limits::sync_actions) + " actions.");
        bool unsubscribes = false, bounces = false;
        for (sync_action const& each : actions) {
            std::string wrong = wrong_action(of, each, options);
            if (!wrong.empty())
                refuse("syncActions", std::move(wrong));
            unsubscribes |= each.status == member_status::unsubscribed;
            bounces |= each.status == member_status::bounced;
        }
        if (of.kind == table_kind::email_addresses && unsubscribes && bounces)
            refuse("syncActions", "Must not unsubscribe and set the bounceback together.");
    }
    /// As above, if the definition and the entity may lack sync actions.
    void sync_actions(std::optional<std::vector<sync_action>> const& actions, table const& of,
                      simulator_options const& options) {
        if (!actions || actions->empty())
            return;
        if (of.rules().sync_actions)
            sync_actions(*actions, of, options);
        else
            refuse("syncActions", "Must not be set for this entity.");
    }
    /// The rule, or `always` if it is not set; an unknown rule is also reported.
    update_rule rule(std::string_view field, std::optional<open_enum<update_rule>> const& sent) {
        if (sent && !sent->known())
            refuse(field, "Must be one of always, ifNewIsNotNull, ifExistingIsNull, useFieldRule.");
        return sent ? sent->known().value_or(update_rule::always) : update_rule::always;
    }

    failures found;

private:
    boost::json::object const& sent_;
};

} // namespace eloqua::bulk::simulation
