// SPDX-License-Identifier: BSL-1.0
// Reads the fields of an entity that is named at run time.
#pragma once

#include <eloqua/bulk/assets.hpp>
#include <eloqua/bulk/client.hpp>
#include <eloqua/bulk/entity.hpp>
#include <eloqua/bulk/value.hpp>

#include <boost/describe/enumerators.hpp>
#include <boost/mp11/algorithm.hpp>

#include "row_header.hpp"
#include "row_names.hpp"
#include <charconv>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace field_lists {

template <class E>
field_list list_of(E const& of, std::string entity, std::string struct_name) {
    field_list made{entity, std::move(entity), std::move(struct_name), of.statement_root()};
    made.exported = E::has_exports;
    made.importable_attribute = [](std::string_view path) {
        return E::importable_attribute(path) || bulk::identifying_attribute_of<E>(path);
    };
    return made;
}

template <class Client, class E>
field_list read(Client const& client, E const& of, field_list made) {
    for (auto& each : client.fields(of).list().all().value())
        made.fields.push_back(std::move(each));
    return made;
}

inline bulk::id id_of(std::string const& entity, std::string_view text) {
    bulk::id number = 0;
    auto const end = text.data() + text.size();
    auto const came = std::from_chars(text.data(), end, number);
    if (came.ec != std::errc() || came.ptr != end || number <= 0)
        throw std::invalid_argument(entity + " needs an id, a positive number, not '" +
                                    std::string(text) + "'");
    return number;
}

inline bulk::activity_type activity_of(std::string_view text) {
    bulk::activity_type type{};
    bool found = false;
    std::string all;
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<bulk::activity_type>>(
        [&](auto const& each) {
            all += (all.empty() ? "" : ", ") + std::string(each.name);
            if (text == each.name) {
                type = each.value;
                found = true;
            }
        });
    if (!found)
        throw std::invalid_argument("activities needs a type: " + all);
    return type;
}

/// A custom object or an event. Its struct is named after it, with the suffix "_row" so that the
/// name is not a function of the C library.
template <class Client, class E, class Assets>
field_list read_object(Client const& client, E const& of, Assets const& assets,
                       std::string const& entity) {
    std::string const name = assets.read(of.id).value().name;
    field_list made =
        list_of(of, entity + ' ' + std::to_string(of.id), row_names::legal_name(name + " row"));
    made.title += " (" + name + "), with ids that are valid for one instance only";
    return read(client, of, std::move(made));
}

} // namespace field_lists

/// Reads the fields of "contacts", "activities" with a type, "customObjects" with an id ...
/// Errors: std::invalid_argument for an unknown entity, type or id;
/// `bulk::error`.
template <class Client>
field_list ask_for_fields(Client const& client, std::string const& entity,
                          std::string const& which) {
    using namespace field_lists;
    if (entity == "activities") {
        bulk::activities_t const of = bulk::activities_of(activity_of(which));
        return read(client, of, list_of(of, entity + ' ' + which, row_names::legal_name(which)));
    }
    if (entity == "customObjects")
        return read_object(client, bulk::custom_object(id_of(entity, which)),
                           client.custom_objects(), entity);
    if (entity == "events")
        return read_object(client, bulk::event(id_of(entity, which)), client.events(), entity);
    if (!which.empty())
        throw std::invalid_argument("'" + entity + "' does not take '" + which + "'");
    if (entity == "contacts") {
        field_list made = list_of(bulk::contacts, entity, "contact");
        made.prefix = "C_";
        return read(client, bulk::contacts, std::move(made));
    }
    if (entity == "accounts") {
        field_list made = list_of(bulk::accounts, entity, "account");
        made.prefix = "M_";
        return read(client, bulk::accounts, std::move(made));
    }
    if (entity == "campaignResponses")
        return read(client, bulk::campaign_responses,
                    list_of(bulk::campaign_responses, entity, "campaign_response"));
    if (entity == "opportunities")
        return read(client, bulk::opportunities,
                    list_of(bulk::opportunities, entity, "opportunity"));
    throw std::invalid_argument(
        "'" + entity +
        "' is not one of contacts, accounts, activities TYPE, customObjects ID, "
        "events ID, campaignResponses, opportunities");
}
