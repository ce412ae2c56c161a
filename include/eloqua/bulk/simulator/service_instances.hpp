// SPDX-License-Identifier: BSL-1.0
/// \file
/// Instances of app services (actions, decisions, feeders, content, old connectors) with the status
/// of each record in each of their executions.
#pragma once

#include <eloqua/bulk/schema/sync_action.hpp>
#include <eloqua/bulk/simulator/records.hpp>
#include <eloqua/bulk/simulator/statements.hpp>
#include <eloqua/bulk/wire/http.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace eloqua::bulk::simulation {

/// A statement that names an instance, and perhaps one of its executions.
struct instance_reference {
    std::string key;            ///< "ActionInstance(f3689bdfbf2e48deb318019367b4f2a8)"
    std::int64_t execution = 0; ///< 0: none is named
    bool connector = false;     ///< an old cloud connector
};

/// A GUID without dashes in lower case.
inline std::string bare_guid(std::string_view guid) {
    std::string bare;
    for (char const c : guid)
        if (c != '-')
            bare += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    return bare;
}

/// Reads "{{ActionInstance(guid).Execution[7]}}", the other kinds of instances, and
/// "CloudConnectorStatus(id)", with or without braces. Empty for any other text.
inline std::optional<instance_reference> parse_instance(std::string_view text) {
    std::string braced(text);
    if (!text.starts_with("{{"))
        braced = "{{" + braced + "}}";
    auto const path = parse_statement(braced);
    if (!path || path->empty() || path->size() > 2 || path->front().text.empty())
        return std::nullopt;
    segment const& first = path->front();
    instance_reference found;
    found.connector = first.name == "CloudConnectorStatus";
    found.key = std::string(first.name) + '(' + bare_guid(first.text) + ')';
    if (!found.connector && (!text.starts_with("{{") ||
                             (first.name != "ActionInstance" && first.name != "DecisionInstance" &&
                              first.name != "FeederInstance" && first.name != "ContentInstance")))
        return std::nullopt;
    if (path->size() == 2) {
        if (found.connector || path->back().name != "Execution" || !path->back().number)
            return std::nullopt;
        found.execution = *path->back().number;
    }
    return found;
}

/// The status of each record of one execution.
using member_statuses = std::map<position, member_status>;

struct service_instance {
    position campaign = no_position; ///< of its canvas
    /// By number; 0 has the records of none.
    std::map<std::int64_t, member_statuses> executions;
};

class service_instances {
public:
    /// Adds an instance by its statement, or an execution of it. Error: std::invalid_argument if
    /// the statement names neither.
    service_instance& add(std::string_view statement) {
        auto const reference = parse_instance(statement);
        if (!reference)
            throw std::invalid_argument(std::string(statement) + " is not a service instance");
        service_instance& made = all_[reference->key];
        made.executions.try_emplace(reference->execution);
        return made;
    }
    /// The instance, if it and the execution that is named exist.
    service_instance* find(instance_reference const& reference) {
        auto const found = all_.find(reference.key);
        if (found == all_.end() ||
            (reference.execution != 0 && !found->second.executions.contains(reference.execution)))
            return nullptr;
        return &found->second;
    }
    service_instance const* find(instance_reference const& reference) const {
        return const_cast<service_instances*>(this)->find(reference);
    }
    bool has_guid(std::string_view guid) const {
        std::string const ending = '(' + bare_guid(guid) + ')';
        for (auto const& each : all_)
            if (each.first.ends_with(ending))
                return true;
        return false;
    }
    /// Whether a record has this status, in the execution that is named or in any.
    static bool has(service_instance const& in, std::int64_t execution, position p,
                    member_status wanted) {
        for (auto const& [number, members] : in.executions) {
            auto const member = members.find(p);
            if ((execution == 0 || number == execution) && member != members.end() &&
                member->second == wanted)
                return true;
        }
        return false;
    }
    /// Sets the status of a record in the execution that is named, else in all that have it; with
    /// `all`, that of their other records too.
    static void set(service_instance& in, std::int64_t execution, position p, member_status status,
                    bool all) {
        bool reached = false;
        for (auto& [number, members] : in.executions) {
            if (execution != 0 ? number != execution : !members.contains(p))
                continue;
            reached = true;
            members[p] = status;
            if (all)
                for (auto& each : members)
                    each.second = status;
        }
        if (!reached)
            in.executions[0][p] = status;
    }

private:
    std::map<std::string, service_instance, std::less<>> all_;
};

} // namespace eloqua::bulk::simulation
