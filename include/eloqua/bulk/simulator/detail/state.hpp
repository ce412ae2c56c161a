// SPDX-License-Identifier: BSL-1.0
/// \file
/// The whole state of a simulated service: read-only assets (lists, segments, filters, e-mail
/// groups, scoring models, priorities), definitions, syncs, and the size of the staging area.
#pragma once

#include <eloqua/bulk/assets.hpp>
#include <eloqua/bulk/definitions.hpp>
#include <eloqua/bulk/documents.hpp>
#include <eloqua/bulk/limits.hpp>
#include <eloqua/bulk/simulator/detail/definition_rules.hpp>
#include <eloqua/bulk/simulator/detail/fields.hpp>
#include <eloqua/bulk/simulator/detail/import_pass.hpp>
#include <eloqua/bulk/simulator/detail/records.hpp>
#include <eloqua/bulk/simulator/detail/snapshot.hpp>
#include <eloqua/bulk/simulator/detail/staging.hpp>
#include <eloqua/bulk/simulator/detail/store.hpp>
#include <eloqua/bulk/simulator/detail/values.hpp>
#include <eloqua/bulk/simulator/generated_activities.hpp>
#include <eloqua/bulk/simulator/simulator_options.hpp>
#include <eloqua/bulk/syncs.hpp>
#include <eloqua/bulk/transport.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace eloqua::bulk::simulation {

/// The author and time of creation.
inline audit made_by(std::string uri, std::string const& user, timestamp at) {
    audit made;
    made.uri = std::move(uri);
    made.createdBy = made.updatedBy = user;
    made.createdAt = made.updatedAt = at;
    return made;
}

/// Assets of one kind as documents, by id.
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
    /// Returns whether there was one with this uri.
    bool remove(std::string_view uri) {
        return std::erase_if(documents_,
                             [&](auto const& each) { return each.second.uri == uri; }) != 0;
    }
    /// The document with its computed members.
    Document current(Document d) const { return d; }
    std::map<std::int64_t, Document> const& all() const { return documents_; }
    std::map<std::int64_t, Document>& all() { return documents_; }

private:
    std::string path_;
    std::map<std::int64_t, Document> documents_;
};

/// A shelf of assets with members, which the table stores under the asset's statement.
template <class Document>
class container_shelf : public asset_shelf<Document> {
public:
    container_shelf(table& of, std::string path, std::string statement_name)
        : asset_shelf<Document>(std::move(path)), of_(of), name_(std::move(statement_name)) {}

    /// `members`: ids of records. Error: std::invalid_argument; std::out_of_range for a record that
    /// does not exist.
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
    /// As above; also removes its members.
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

/// A shelf of assets with fields and records: each also has a table.
class object_shelf : public asset_shelf<object_document> {
public:
    object_shelf(store& tables, std::string path)
        : asset_shelf<object_document>(std::move(path)), tables_(tables) {}

    /// Its special fields are the first ones of their kinds.
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

/// All assets, which the API can only read.
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
    /// Returns whether there was a list, segment, filter, e-mail group or priority with this uri.
    bool remove(std::string_view uri) {
        return contact_lists.remove(uri) || contact_segments.remove(uri) ||
               contact_filters.remove(uri) || account_lists.remove(uri) ||
               email_groups.remove(uri) || import_priorities.remove(uri);
    }
    /// Records that an export was filtered by contact segments or filters.
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

/// A clock: either stands still until it is advanced, or shows the machine's time.
class service_clock {
public:
    explicit service_clock(simulator_options const& o)
        : simulated_(o.simulated_clock), origin_(clock::now()) {
        using namespace std::chrono;
        if (o.start_time)
            start_ = *o.start_time;
        else if (simulated_)
            start_ = sys_days(year(2025) / 6 / 2) + hours(9);
        else
            start_ = floor<timestamp::duration>(system_clock::now());
    }
    bool simulated() const { return simulated_; }
    clock::time_point steady() const { return simulated_ ? origin_ + advanced_ : clock::now(); }
    timestamp now() const {
        return start_ + std::chrono::floor<timestamp::duration>(
                            steady() - origin_ + (simulated_ ? clock::duration() : advanced_));
    }
    void advance(clock::duration d) { advanced_ += d; }

private:
    bool simulated_;
    clock::time_point origin_;
    clock::duration advanced_{};
    timestamp start_;
};

enum class definition_kind : unsigned char { exports, imports, sync_actions };

template <class Definition>
struct definition_entry {
    using definition = Definition;

    std::int64_t id = 0;
    table* of = nullptr;
    stored<Definition> document;
    timestamp used; ///< when it was created or last synced
};
using export_entry = definition_entry<export_definition>;

/// A definition whose rows are pushed.
template <class Definition>
struct staging_entry : definition_entry<Definition> {
    checked_import checked;
    std::vector<staged_request> staged;
    bool over_quota = false; ///< pushed rows exceeded the staging area

    /// How long rows are kept before they are synced.
    std::chrono::seconds retention() const {
        if constexpr (requires { this->document.dataRetentionDuration; })
            return *read_duration(this->document.dataRetentionDuration->text());
        else
            return limits::import_retention_default;
    }
};
using import_entry = staging_entry<any_import_definition>;
using sync_action_entry = staging_entry<sync_action_definition>;

/// Definitions of one kind, by id.
template <class Entry>
struct definition_map : std::map<std::int64_t, Entry> {
    char const* collection; ///< "/exports/", the text before ids in uris
    std::int64_t next = 1;  ///< the next id

    explicit definition_map(char const* uris) : collection(uris) {}
};

/// A sync, its state and its results.
struct sync_job {
    std::int64_t id = 0;
    bulk::sync document;
    definition_kind kind = definition_kind::exports;
    std::int64_t definition_id = 0;
    table* of = nullptr;
    timestamp starts, ends;

    export_definition exported; ///< as it was when the sync was created
    checked_export export_plan;
    std::optional<exported_rows> rows;
    std::int64_t rows_kb = 0; ///< in the staging area
    bool data_deleted = false;
    std::size_t page_bytes = 0; ///< of the largest page so far; reserved for the next

    any_import_definition imported;
    checked_import import_plan;       ///< also for sync actions
    std::vector<sync_action> actions; ///< of a definition of sync actions
    std::vector<staged_request> staged;
    bool over_quota = false;

    std::vector<sync_log> logs;
    std::vector<rejected_row> rejects;

    // Set by faults.
    std::chrono::seconds held{0}; ///< additional time in pending; `for_ever`
    elq fails_with{};             ///< set: the sync fails
    bool fails_late = false;      ///< after all of its work
    int data_gone = 0;            ///< status for expired data

    static constexpr std::chrono::seconds for_ever = std::chrono::seconds::max();

    bool finished() const { return document.finished(); }
    bool succeeded() const { return finished() && !document.failed(); }
    /// For imports and sync actions.
    std::size_t staged_rows() const {
        std::size_t n = 0;
        for (staged_request const& each : staged)
            n += each.rows.size();
        return n;
    }
    bool is(definition_kind k, std::int64_t id_of_definition) const {
        return kind == k && definition_id == id_of_definition;
    }
    /// When the data of a finished export expire.
    timestamp data_end() const {
        return ends + *read_duration(exported.dataRetentionDuration->text());
    }
};

/// How syncs keep to the rules of use.
struct sync_usage {
    std::array<std::deque<timestamp>, 3> starts; ///< within the last hour, by `definition_kind`
    std::uint64_t over_limit = 0;                ///< syncs that broke the rule
    std::uint64_t overlapping = 0;               ///< as above, of activities
};

/// A request to the `callbackUrl` of a sync.
struct callback {
    url to;
    std::string body;
};

/// A client application of the login service.
struct oauth_application_entry {
    std::string secret;
    std::string redirect_uri;
};

/// An authorization code, an access token or a refresh token: its user and expiry.
struct oauth_grant {
    std::string user;
    std::string client_id;
    timestamp ends;
    std::string access_token; ///< for a refresh token: the access token issued with it
};

struct oauth_state {
    std::map<std::string, oauth_application_entry> applications; ///< by client id
    std::map<std::string, oauth_grant> codes, access_tokens, refresh_tokens;
    std::uint64_t issued = 0;
};

struct service_state {
    explicit service_state(simulator_options o) : options(std::move(o)), time(options) {}

    simulator_options options;
    service_clock time;
    store tables;
    std::vector<activity_series> activities; ///< that are computed
    definition_map<export_entry> exports{"/exports/"};
    definition_map<import_entry> imports{"/imports/"};
    definition_map<sync_action_entry> sync_actions{"/syncActions/"};
    std::map<std::int64_t, sync_job> syncs;
    std::vector<std::int64_t> running; ///< syncs that are not finished
    std::int64_t next_sync = 1;
    sync_usage usage;
    std::vector<callback> callbacks; ///< that are due
    asset_store assets{tables};
    std::map<std::string, std::string> users; ///< by value of the Authorization header
    oauth_state oauth;
    std::uint64_t answered = 0;                       ///< number of requests
    std::map<std::string, std::uint64_t> requests;    ///< by method and path template
    std::map<std::string, std::string> endless_lists; ///< items that they repeat
};

/// Size of exported rows in kB. They are read from a snapshot and not stored, so this is a guess of
/// 128 bytes per row.
inline std::int64_t exported_kb(std::size_t rows) {
    return static_cast<std::int64_t>(rows / 8 + 1);
}

/// In kB: data of finished exports that are neither deleted nor expired.
inline std::int64_t stored_exports_kb(service_state const& state) {
    std::int64_t kb = 0;
    for (auto const& [id, job] : state.syncs)
        if (job.rows && job.finished() && !job.data_deleted && job.data_end() > state.time.now())
            kb += job.rows_kb;
    return kb;
}

/// In kB: rows that were pushed but not synced yet.
inline std::int64_t stored_imports_kb(service_state const& state) {
    std::size_t bytes = 0;
    auto const add = [&](auto const& entries) {
        for (auto const& [id, entry] : entries)
            for (staged_request const& each : entry.staged)
                if (each.at + entry.retention() > state.time.now())
                    bytes += each.bytes;
    };
    add(state.imports);
    add(state.sync_actions);
    for (std::int64_t const id : state.running)
        for (staged_request const& each : state.syncs.at(id).staged)
            bytes += each.bytes;
    return static_cast<std::int64_t>((bytes + 1023) / 1024);
}

/// Whether this many additional bytes exceed the staging area.
inline bool over_quota(service_state const& state, std::int64_t more_bytes) {
    return state.options.staging_kb != 0 &&
           stored_exports_kb(state) + stored_imports_kb(state) + (more_bytes + 1023) / 1024 >
               state.options.staging_kb;
}

} // namespace eloqua::bulk::simulation
