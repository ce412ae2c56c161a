// SPDX-License-Identifier: BSL-1.0
/// \file
/// The endpoints of what is only read: fields, lists, segments, models, objects, priorities.
#pragma once

#include <eloqua/bulk/schema/endpoints.hpp>
#include <eloqua/bulk/simulator/answers.hpp>
#include <eloqua/bulk/simulator/asset_store.hpp>
#include <eloqua/bulk/simulator/call.hpp>
#include <eloqua/bulk/simulator/field_lists.hpp>
#include <eloqua/bulk/simulator/lists.hpp>
#include <eloqua/bulk/simulator/state.hpp>
#include <eloqua/bulk/wire/http.hpp>

#include <cstddef>
#include <optional>
#include <variant>
#include <vector>

namespace eloqua::bulk::simulation {

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
