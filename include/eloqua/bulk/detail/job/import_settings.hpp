// SPDX-License-Identifier: BSL-1.0
/// \file
/// What an import's journal keeps of its settings, so that a run with other settings does not
/// resume it.
#pragma once

#include <eloqua/bulk/definitions.hpp>
#include <eloqua/bulk/detail/codec/bounded_json.hpp>
#include <eloqua/bulk/detail/text/shown.hpp>
#include <eloqua/bulk/document_json.hpp>
#include <eloqua/bulk/error.hpp>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace eloqua::bulk::detail {

/// What decides how rows are imported, as one line of JSON: the entity's path and its definition,
/// without its name and without how long the service keeps things.
inline std::string text_of_settings(std::string_view path, any_import_definition definition) {
    definition.autoDeleteDuration.reset();
    definition.dataRetentionDuration.reset();
    boost::json::value written;
    json_codec<any_import_definition>::write(definition, written);
    boost::json::object all;
    all["entity"] = path;
    for (auto const& [key, value] : written.get_object())
        if (key != "name")
            all[key] = value;
    return boost::json::serialize(all);
}

/// Adds where two values differ, member by member; null: there is no such value.
inline void add_differences(std::string const& name, boost::json::value const* was,
                            boost::json::value const* is, std::vector<std::string>& to) {
    constexpr std::size_t most = 2'000; // bytes; ten sync actions are less
    if (was && is && was->is_object() && is->is_object()) {
        std::string const before = name.empty() ? name : name + '.';
        for (auto const& [key, value] : was->get_object())
            add_differences(before + std::string(key), &value, is->get_object().if_contains(key),
                            to);
        for (auto const& [key, value] : is->get_object())
            if (!was->get_object().contains(key))
                add_differences(before + std::string(key), nullptr, &value, to);
    } else if (!was || !is || *was != *is) {
        auto const text = [](boost::json::value const* v) {
            return v ? shown(boost::json::serialize(*v), most) : std::string("not set");
        };
        to.push_back("'" + shown(name) + "' was " + text(was) + " when it began, and is " +
                     text(is));
    }
}

/// The differences of two outputs of `text_of_settings`; blank: they are equal.
inline std::string differences_of_settings(std::string_view was, std::string_view is) {
    bounded_json const then(was, document_memory), now(is, document_memory);
    if (then.wrong() || !then.value().is_object() || now.wrong())
        return "what it has of them cannot be read";
    std::vector<std::string> all;
    add_differences({}, &then.value(), &now.value(), all);
    constexpr std::size_t most = 5;
    std::string text;
    for (std::size_t i = 0; i != all.size() && i != most; ++i)
        text += (i == 0 ? "" : "; ") + all[i];
    if (all.size() > most)
        text += "; and " + std::to_string(all.size() - most) + " more";
    return text;
}

/// The failure for resuming an import with other columns or settings. `differences`: may be blank.
inline failure of_another_import(std::string_view differences) {
    return failure(errc::journal_failed,
                   "the journal belongs to an import with other " +
                       (differences.empty() ? std::string("columns")
                                            : "settings: " + std::string(differences)),
                   "pass the settings that it began with, or start over with a new journal, which "
                   "imports the synced rows again");
}

} // namespace eloqua::bulk::detail
