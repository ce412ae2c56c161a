// SPDX-License-Identifier: BSL-1.0
/// \file
/// What the API only reads: lists, segments, filters, e-mail groups, scoring models, priorities.
#pragma once

#include <eloqua/bulk/assets.hpp>
#include <eloqua/bulk/documents.hpp>
#include <eloqua/bulk/simulator/detail/records.hpp>
#include <eloqua/bulk/simulator/detail/standard_fields.hpp>
#include <eloqua/bulk/simulator/detail/store.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace eloqua::bulk::simulation {

/// Who made a thing, and when.
inline audit made_by(std::string uri, std::string const& user, timestamp at) {
    audit made;
    made.uri = std::move(uri);
    made.createdBy = made.updatedBy = user;
    made.createdAt = made.updatedAt = at;
    return made;
}

/// Things of one kind by their ids, as documents.
template <class Document>
class asset_shelf {
public:
    explicit asset_shelf(std::string path) : path_(std::move(path)) {}

    /// Error: std::invalid_argument if the id is taken or not positive.
    Document& add(std::int64_t id, std::string name, std::string const& user, timestamp at) {
        std::string uri = path_ + '/' + std::to_string(id);
        if (id <= 0 || documents_.contains(id))
            throw std::invalid_argument(uri + (id <= 0 ? " has no id" : " exists"));
        Document& made = documents_[id];
        static_cast<audit&>(made) = made_by(std::move(uri), user, at);
        made.name = std::move(name);
        return made;
    }
    Document const* find(std::int64_t id) const {
        auto const found = documents_.find(id);
        return found == documents_.end() ? nullptr : &found->second;
    }
    bool contains_uri(std::string_view uri) const {
        return std::ranges::any_of(documents_,
                                   [&](auto const& each) { return each.second.uri == uri; });
    }
    /// Whether there was one of this uri.
    bool remove(std::string_view uri) {
        return std::erase_if(documents_,
                             [&](auto const& each) { return each.second.uri == uri; }) != 0;
    }
    /// The document with what changes by itself.
    Document current(Document d) const { return d; }
    std::map<std::int64_t, Document> const& all() const { return documents_; }
    std::map<std::int64_t, Document>& all() { return documents_; }

private:
    std::string path_;
    std::map<std::int64_t, Document> documents_;
};

/// A shelf of things that have members; those are the table's, by the thing's statement.
template <class Document>
class container_shelf : public asset_shelf<Document> {
public:
    container_shelf(table& of, std::string path, std::string statement_name)
        : asset_shelf<Document>(std::move(path)), of_(of), name_(std::move(statement_name)) {}

    /// Members are ids of records. Error: std::invalid_argument, and std::out_of_range for a record
    /// that is not there.
    void add(std::int64_t id, std::string name, std::string const& user, timestamp at,
             std::vector<std::int64_t> const& members) {
        std::set<position> found;
        for (std::int64_t const each : members) {
            if (each < table::first_id ||
                each - table::first_id >= static_cast<std::int64_t>(of_.size()))
                throw std::out_of_range("no record " + std::to_string(each));
            found.insert(static_cast<position>(each - table::first_id));
        }
        Document& made = asset_shelf<Document>::add(id, std::move(name), user, at);
        made.statement = "{{" + name_ + '[' + std::to_string(id) + "]}}";
        of_.containers[*made.statement] = std::move(found);
    }
    /// As above, with its members.
    bool remove(std::string_view uri) {
        for (auto const& [id, document] : this->all())
            if (document.uri == uri)
                of_.retire(*document.statement);
        return asset_shelf<Document>::remove(uri);
    }
    Document current(Document d) const {
        if constexpr (requires { d.count; }) {
            auto const members = of_.containers.find(*d.statement);
            d.count = members == of_.containers.end()
                          ? 0
                          : static_cast<std::int64_t>(members->second.size());
        }
        return d;
    }

private:
    table& of_;
    std::string name_;
};

/// A shelf of things that have fields and records: each is a table too.
class object_shelf : public asset_shelf<object_document> {
public:
    object_shelf(store& tables, std::string path)
        : asset_shelf<object_document>(std::move(path)), tables_(tables) {}

    /// Its special fields are the first of their kinds.
    object_document current(object_document d) const {
        for (table_field const& each : tables_.table_for(*d.uri)->fields()) {
            field_definition const& f = each.definition;
            if (!each.listed || each.from != column::source::stored)
                continue;
            if (!d.displayNameFieldUri)
                d.displayNameFieldUri = f.uri;
            if (!d.uniqueFieldUri && f.hasUniquenessConstraint.value_or(false))
                d.uniqueFieldUri = f.uri;
            if (!d.emailAddressFieldUri && f.dataType == data_type::emailAddress)
                d.emailAddressFieldUri = f.uri;
        }
        return d;
    }

private:
    store& tables_;
};

/// All that the API only reads.
struct asset_store {
    explicit asset_store(store& tables)
        : contact_lists(tables.contacts(), "/contacts/lists", "ContactList"),
          contact_segments(tables.contacts(), "/contacts/segments", "ContactSegment"),
          contact_filters(tables.contacts(), "/contacts/filters", "ContactFilter"),
          account_lists(tables.accounts(), "/accounts/lists", "AccountList"),
          email_groups(tables.contacts(), "/emailGroups", "EmailGroup"),
          custom_objects(tables, "/customObjects"), events(tables, "/events"), tables_(tables) {}

    void add_scoring_model(std::int64_t id, std::string name, std::string const& user,
                           timestamp at) {
        lead_score_model& made = scoring_models.add(id, std::move(name), user, at);
        made.id = id;
        made.status = "Active";
        tables_.add_lead_score_model(id);
        for (table_field const& each : lead_score_values(id)) {
            field_definition& f = made.fields.emplace_back();
            f.name = each.definition.name.substr(each.definition.name.rfind('.') + 1);
            f.statement = each.definition.statement;
            f.dataType = each.definition.dataType;
        }
    }
    void add_import_priority(std::int64_t id, std::string name, std::int64_t place,
                             std::string const& user, timestamp at) {
        import_priorities.add(id, std::move(name), user, at).priority = place;
    }
    /// Whether there was a list, segment, filter, e-mail group or priority of this uri.
    bool remove(std::string_view uri) {
        return contact_lists.remove(uri) || contact_segments.remove(uri) ||
               contact_filters.remove(uri) || account_lists.remove(uri) ||
               email_groups.remove(uri) || import_priorities.remove(uri);
    }
    /// Notes that an export was filtered by segments or filters of contacts.
    void executed(std::string_view filter, timestamp at) {
        for (auto* const shelf : {&contact_segments, &contact_filters})
            for (auto& [id, document] : shelf->all())
                if (filter.find(*document.statement) != filter.npos)
                    document.executedAt = at;
    }

    container_shelf<list_document> contact_lists;
    container_shelf<segment_document> contact_segments, contact_filters;
    container_shelf<list_document> account_lists;
    container_shelf<email_group_document> email_groups;
    object_shelf custom_objects, events;
    asset_shelf<lead_score_model> scoring_models{"/contacts/scoring/models"};
    asset_shelf<import_priority> import_priorities{"/imports/priorities"};

private:
    store& tables_;
};

} // namespace eloqua::bulk::simulation
