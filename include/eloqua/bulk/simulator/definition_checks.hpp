// SPDX-License-Identifier: BSL-1.0
/// \file
/// What all definitions are checked for.
#pragma once

#include <eloqua/bulk/codec/json.hpp>
#include <eloqua/bulk/error.hpp>
#include <eloqua/bulk/schema/definitions.hpp>
#include <eloqua/bulk/schema/documents.hpp>
#include <eloqua/bulk/schema/duration.hpp>
#include <eloqua/bulk/schema/limits.hpp>
#include <eloqua/bulk/schema/sync_action.hpp>
#include <eloqua/bulk/simulator/member_actions.hpp>
#include <eloqua/bulk/simulator/options.hpp>
#include <eloqua/bulk/simulator/read_values.hpp>
#include <eloqua/bulk/simulator/sent_shape.hpp>
#include <eloqua/bulk/simulator/table.hpp>

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace eloqua::bulk::simulation {

using failures = std::vector<validation_failure>;

/// Characters, not bytes.
inline std::size_t characters(std::string_view text) {
    return static_cast<std::size_t>(std::ranges::count_if(
        text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

/// Collects what is wrong with one definition; knows what was sent.
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
    /// Reads the document; members that are missing are left blank, to be found by the checks of
    /// their contents, and so are those that only the service sets. After a failure the document
    /// is of no use.
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
    /// As above, for a definition that may have none, of an entity that may have none.
    void sync_actions(std::optional<std::vector<sync_action>> const& actions, table const& of,
                      simulator_options const& options) {
        if (!actions || actions->empty())
            return;
        if (of.rules().sync_actions)
            sync_actions(*actions, of, options);
        else
            refuse("syncActions", "Must not be set for this entity.");
    }
    /// The rule, or `always` if it is not set or, with a failure, not one.
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
