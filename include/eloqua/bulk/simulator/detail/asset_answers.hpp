// SPDX-License-Identifier: BSL-1.0
/// \file
/// The endpoints of what is only read: fields, lists, segments, models, objects, priorities.
///
/// The fields of an entity as the service lists them.
#pragma once

#include <eloqua/bulk/assets.hpp>
#include <eloqua/bulk/endpoints.hpp>
#include <eloqua/bulk/entity.hpp>
#include <eloqua/bulk/http.hpp>
#include <eloqua/bulk/simulator/detail/answers.hpp>
#include <eloqua/bulk/simulator/detail/call.hpp>
#include <eloqua/bulk/simulator/detail/fields.hpp>
#include <eloqua/bulk/simulator/detail/pages.hpp>
#include <eloqua/bulk/simulator/detail/state.hpp>
#include <eloqua/bulk/simulator/detail/table.hpp>

#include <boost/describe/enum_from_string.hpp>
#include <boost/describe/enumerators.hpp>
#include <boost/mp11/algorithm.hpp>

#include <cstddef>
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

class asset_answers {
public:
    explicit asset_answers(service_state& s) : state_(s) {}

    response answer(to<endpoints::list_contact_lists>, call const& c) {
        return list(c, state_.assets.contact_lists);
    }
    response answer(to<endpoints::read_contact_list>, call const& c) {
        return read(c, state_.assets.contact_lists);
    }
    response answer(to<endpoints::list_contact_segments>, call const& c) {
        return list(c, state_.assets.contact_segments);
    }
    response answer(to<endpoints::read_contact_segment>, call const& c) {
        return read(c, state_.assets.contact_segments);
    }
    response answer(to<endpoints::list_contact_filters>, call const& c) {
        return list(c, state_.assets.contact_filters);
    }
    response answer(to<endpoints::read_contact_filter>, call const& c) {
        return read(c, state_.assets.contact_filters);
    }
    response answer(to<endpoints::list_account_lists>, call const& c) {
        return list(c, state_.assets.account_lists);
    }
    response answer(to<endpoints::read_account_list>, call const& c) {
        return read(c, state_.assets.account_lists);
    }
    response answer(to<endpoints::list_email_groups>, call const& c) {
        return list(c, state_.assets.email_groups);
    }
    response answer(to<endpoints::read_email_group>, call const& c) {
        return read(c, state_.assets.email_groups);
    }
    response answer(to<endpoints::list_scoring_models>, call const& c) {
        return list(c, state_.assets.scoring_models);
    }
    response answer(to<endpoints::read_scoring_model>, call const& c) {
        return read(c, state_.assets.scoring_models);
    }
    response answer(to<endpoints::list_import_priorities>, call const& c) {
        return list(c, state_.assets.import_priorities);
    }
    response answer(to<endpoints::read_import_priority>, call const& c) {
        return read(c, state_.assets.import_priorities);
    }

    response answer(to<endpoints::list_custom_objects>, call const& c) {
        return list(c, state_.assets.custom_objects);
    }
    response answer(to<endpoints::read_custom_object>, call const& c) {
        return read(c, state_.assets.custom_objects);
    }
    response answer(to<endpoints::list_events>, call const& c) {
        return list(c, state_.assets.events);
    }
    response answer(to<endpoints::read_event>, call const& c) {
        return read(c, state_.assets.events);
    }

    // Fields.

    response answer(to<endpoints::list_fields>, call const& c) {
        auto const narrowed = c.entity->fields_parameter.empty()
                                  ? std::nullopt
                                  : c.target.parameter(c.entity->fields_parameter);
        return std::visit(
            [&](auto const& fields) {
                return list_page(c.target, state_.options, fields.size(),
                                 [&](std::size_t i) { return fields[i]; });
            },
            listed_fields(*c.of, narrowed, state_.options.custom_objects_list_system_values));
    }
    response answer(to<endpoints::read_field>, call const& c) {
        auto const found = c.of->field_by_id(c.id);
        if (!found)
            return not_found();
        table_field const& field = c.of->fields()[*found];
        return c.of->kind == table_kind::activities ? document_answer(200, activity_field(field))
                                                    : document_answer(200, field.definition);
    }

private:
    template <class Shelf>
    response list(call const& c, Shelf const& shelf) {
        std::vector<decltype(&shelf.all().begin()->second)> documents;
        for (auto const& each : shelf.all())
            documents.push_back(&each.second);
        return list_page(c.target, state_.options, documents.size(),
                         [&](std::size_t i) { return shelf.current(*documents[i]); });
    }
    template <class Shelf>
    response read(call const& c, Shelf const& shelf) {
        auto const* const found = shelf.find(c.id);
        return found ? document_answer(200, shelf.current(*found)) : not_found();
    }

    service_state& state_;
};

} // namespace eloqua::bulk::simulation
