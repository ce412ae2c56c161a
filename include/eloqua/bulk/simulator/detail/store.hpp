// SPDX-License-Identifier: BSL-1.0
/// \file
/// The tables of the simulated service, and the meaning of statements.
#pragma once

#include <eloqua/bulk/simulator/detail/fields.hpp>
#include <eloqua/bulk/simulator/detail/table.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace eloqua::bulk::simulation {

/// All tables.
class store {
public:
    store() {
        add(table_kind::contacts, 0, standard_contact_fields());
        add(table_kind::accounts, 0, standard_account_fields());
        add(table_kind::activities, 0, standard_activity_fields());
        add(table_kind::campaign_responses, 0, standard_campaign_response_fields());
        add(table_kind::campaigns, 0, standard_campaign_fields());
        add(table_kind::opportunities, 0, standard_opportunity_fields());
        add(table_kind::opportunity_contacts, 0, opportunity_link_values());
        add(table_kind::email_addresses, 0, standard_email_address_fields());
        add(table_kind::phone_numbers, 0, standard_phone_number_fields());
    }

    /// The table of a kind that has only one.
    table& of(table_kind kind) { return *tables_.at({kind, 0}); }
    table const& of(table_kind kind) const { return *tables_.at({kind, 0}); }
    table& contacts() { return of(table_kind::contacts); }
    table& accounts() { return of(table_kind::accounts); }
    table const& contacts() const { return of(table_kind::contacts); }
    table const& accounts() const { return of(table_kind::accounts); }

    /// Error: std::invalid_argument if the id is taken.
    table& add_custom_object(std::int64_t id, std::string name) {
        return add_object(table_kind::custom_object, id, std::move(name));
    }
    /// As `add_custom_object`.
    table& add_event(std::int64_t id, std::string name) {
        return add_object(table_kind::event, id, std::move(name));
    }
    /// The table of an entity, by path: "/contacts", "/customObjects/172". Null if no entity has
    /// this path.
    table* table_for(std::string_view path) {
        for (auto const& each : tables_)
            if (each.second->path == path)
                return each.second.get();
        return nullptr;
    }

    /// Names of the assets of external activities, in lower case.
    std::set<std::string> external_assets;

    /// Adds the values of a lead-scoring model to contacts: `LeadScore.Model[1].Rating` and others.
    void add_lead_score_model(std::int64_t model) {
        for (table_field& each : lead_score_values(model))
            contacts().add_field(std::move(each));
    }

    /// The meaning of a statement in a definition or filter of `in`; empty if it has none there. In
    /// a linkage of opportunities, the field is one of the opportunities.
    std::optional<column> resolve(table const& in, std::string_view statement) const {
        auto const path = parse_statement(statement);
        if (!path || path->size() < 2 || !is_root(in, path->front()))
            return std::nullopt;
        segment const& next = (*path)[1];
        table const& owner_table =
            in.kind == table_kind::opportunity_contacts ? of(table_kind::opportunities) : in;
        auto own = owner_table.field_by_statement(statement);
        if (!own && in.rules().has_id && path->size() == 2 && next.name == "Field")
            own = in.field_by_name(next.text);
        if (own)
            return owner_table.fields()[*own].as_column(*own);
        if (path->size() != 3)
            return std::nullopt;
        relations const& to = in.rules().to;
        std::string_view const tail =
            statement.substr(static_cast<std::size_t>(path->back().name.data() - statement.data()));
        using owner = column::owner;
        if (next.is("Account") && to.account)
            return related(table_kind::accounts, owner::account, tail);
        if (next.is("Contact") && to.contact)
            return related(table_kind::contacts, owner::contact, tail);
        if (!next.is("Campaign") || !to.campaign)
            return std::nullopt;
        auto found = related(table_kind::campaigns, owner::campaign, tail);
        if (found && in.kind == table_kind::contacts)
            found->where = column::use::app_exports;
        if (found && in.kind == table_kind::activities)
            found->types = activity_sets::campaign;
        return found;
    }

private:
    using key = std::pair<table_kind, std::int64_t>;

    table& add(table_kind kind, std::int64_t id, std::vector<table_field> fields) {
        auto made = std::make_unique<table>(kind, id);
        for (table_field& each : fields)
            made->add_field(std::move(each));
        auto& slot = tables_[key(kind, id)];
        if (slot)
            throw std::invalid_argument("there is an entity at " + made->path);
        slot = std::move(made);
        return *slot;
    }
    table& add_object(table_kind kind, std::int64_t id, std::string name) {
        if (id <= 0)
            throw std::invalid_argument("an id must be positive");
        table const shape(kind, id);
        table& made =
            add(kind, id,
                kind == table_kind::event ? standard_event_values(shape.path, shape.root)
                                          : standard_object_values(shape.path, shape.root));
        made.name = std::move(name);
        return made;
    }

    static bool is_root(table const& in, segment const& first) {
        if (!in.rules().has_id)
            return first.is(in.root);
        return first.number && first.name == in.rules().root &&
               in.root.ends_with('[' + std::to_string(*first.number) + ']');
    }
    /// `tail` is the statement from its last segment on.
    std::optional<column> related(table_kind kind, column::owner owner,
                                  std::string_view tail) const {
        table const& other = of(kind);
        auto const found = other.field_by_statement("{{" + other.root + '.' + std::string(tail));
        if (!found || other.fields()[*found].where != column::use::any)
            return std::nullopt;
        column made = other.fields()[*found].as_column(*found);
        made.of = owner;
        made.read_only = true;
        return made;
    }

    std::map<key, std::unique_ptr<table>> tables_;
};

} // namespace eloqua::bulk::simulation
