// SPDX-License-Identifier: BSL-1.0
/// \file
/// The fields of an entity as the service lists them.
#pragma once

#include <eloqua/bulk/schema/assets.hpp>
#include <eloqua/bulk/schema/entity.hpp>
#include <eloqua/bulk/simulator/statements.hpp>
#include <eloqua/bulk/simulator/table.hpp>

#include <boost/describe/enum_from_string.hpp>
#include <boost/describe/enumerators.hpp>
#include <boost/mp11/algorithm.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace eloqua::bulk::simulation {

/// A field of activities with its types.
inline activity_field_definition activity_field(table_field const& from) {
    activity_field_definition made;
    static_cast<field_definition&>(made) = from.definition;
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<activity_type>>(
        [&](auto const& each) {
            if ((from.types & only(each.value)) != 0)
                made.activityTypes.emplace_back(each.value);
        });
    return made;
}

/// The statement of a campaign's field as exports of this kind have it. For those of an app it is
/// an inference: the two came with the same release.
inline std::string campaign_statement(std::string statement, campaign_field_type type) {
    std::string_view const before = type == campaign_field_type::activity ? "Activity."
                                    : type == campaign_field_type::campaignResponse
                                        ? "CampaignResponse."
                                        : "Contact.";
    return statement.insert(2, before);
}

using field_documents =
    std::variant<std::vector<field_definition>, std::vector<activity_field_definition>>;

/// The fields that the service tells of; those of activities of one type, or of campaigns as one
/// kind of exports see them, if the query's parameter names it. A name of neither gives none.
inline field_documents listed_fields(table const& of, std::optional<std::string_view> narrowed,
                                     bool system_values) {
    std::vector<field_definition> plain;
    std::vector<activity_field_definition> of_activities;
    activity_type activity{};
    campaign_field_type campaign{};
    bool const activities = of.kind == table_kind::activities;
    bool const campaigns = of.kind == table_kind::campaigns;
    std::string const name(narrowed.value_or(""));
    if (narrowed && ((activities && !boost::describe::enum_from_string(name.c_str(), activity)) ||
                     (campaigns && !boost::describe::enum_from_string(name.c_str(), campaign))))
        return activities ? field_documents(of_activities) : field_documents(plain);
    for (table_field const& each : of.fields()) {
        bool const system_value = of.rules().has_id && each.from != column::source::stored;
        if (!each.listed || (system_value && !system_values))
            continue;
        if (activities) {
            if (!narrowed || (each.types & only(activity)) != 0)
                of_activities.push_back(activity_field(each));
            continue;
        }
        plain.push_back(each.definition);
        if (campaigns && narrowed)
            plain.back().statement = campaign_statement(*each.definition.statement, campaign);
    }
    return activities ? field_documents(std::move(of_activities))
                      : field_documents(std::move(plain));
}

} // namespace eloqua::bulk::simulation
