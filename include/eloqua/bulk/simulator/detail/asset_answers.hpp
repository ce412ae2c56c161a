// SPDX-License-Identifier: BSL-1.0
/// \file
/// The read-only endpoints: fields, lists, segments, models, objects, priorities. Lists the fields
/// of an entity.
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
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace eloqua::bulk::simulation {

/// A field of activities with its activity types.
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

/// The statement of a campaign's field in exports of this kind. The form for an app's exports is
/// inferred: both came with the same release.
inline std::string campaign_statement(std::string statement, campaign_field_type type) {
    std::string_view const before = type == campaign_field_type::activity ? "Activity."
                                    : type == campaign_field_type::campaignResponse
                                        ? "CampaignResponse."
                                        : "Contact.";
    return statement.insert(2, before);
}

using field_documents =
    std::variant<std::vector<field_definition>, std::vector<activity_field_definition>>;

/// The fields that the service lists. If the query's parameter names an activity type, or a kind of
/// exports of campaigns, only its fields. An unknown name gives none.
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

/// The endpoints for the fields of entities.
class field_answers {
public:
    explicit field_answers(service_state& s) : state_(s) {}

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
    service_state& state_;
};

/// The endpoints for the content of one shelf.
template <class List, class Read, auto Shelf>
class shelf_answers {
public:
    explicit shelf_answers(service_state& s) : state_(s), shelf_(s.assets.*Shelf) {}

    response answer(to<List>, call const& c) {
        std::vector<decltype(&shelf_.all().begin()->second)> documents;
        for (auto const& each : shelf_.all())
            documents.push_back(&each.second);
        return list_page(c.target, state_.options, documents.size(),
                         [&](std::size_t i) { return shelf_.current(*documents[i]); });
    }
    response answer(to<Read>, call const& c) {
        auto const* const found = shelf_.find(c.id);
        return found ? document_answer(200, shelf_.current(*found)) : not_found();
    }

private:
    service_state const& state_;
    std::remove_reference_t<decltype(std::declval<asset_store const&>().*Shelf)>& shelf_;
};

using asset_answers =
    answers_of<field_answers,
               shelf_answers<endpoints::list_contact_lists, endpoints::read_contact_list,
                             &asset_store::contact_lists>,
               shelf_answers<endpoints::list_contact_segments, endpoints::read_contact_segment,
                             &asset_store::contact_segments>,
               shelf_answers<endpoints::list_contact_filters, endpoints::read_contact_filter,
                             &asset_store::contact_filters>,
               shelf_answers<endpoints::list_account_lists, endpoints::read_account_list,
                             &asset_store::account_lists>,
               shelf_answers<endpoints::list_email_groups, endpoints::read_email_group,
                             &asset_store::email_groups>,
               shelf_answers<endpoints::list_scoring_models, endpoints::read_scoring_model,
                             &asset_store::scoring_models>,
               shelf_answers<endpoints::list_import_priorities, endpoints::read_import_priority,
                             &asset_store::import_priorities>,
               shelf_answers<endpoints::list_custom_objects, endpoints::read_custom_object,
                             &asset_store::custom_objects>,
               shelf_answers<endpoints::list_events, endpoints::read_event, &asset_store::events>>;

} // namespace eloqua::bulk::simulation
