// SPDX-License-Identifier: BSL-1.0
/// \file
/// The definition of an import, and what is staged in it.
#pragma once

#include <eloqua/bulk/client/definition_checks.hpp>
#include <eloqua/bulk/client/engine.hpp>
#include <eloqua/bulk/jobs/creation.hpp>
#include <eloqua/bulk/jobs/import_job.hpp>
#include <eloqua/bulk/jobs/import_progress.hpp>
#include <eloqua/bulk/schema/definitions.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace eloqua::bulk {

/// The rows of requests that were sent and not synced yet are in one definition, which may have to
/// give way to another one.
template <class Session>
class staging_area {
public:
    /// `s`, `plan`, `options` and `totals` must outlive the object. `settings`: what the definition
    /// has besides what they say.
    staging_area(Session& s, row_plan const& plan, import_options const& options,
                 import_totals& totals, any_import_definition settings)
        : session_(s), plan_(plan), options_(options), totals_(totals),
          wanted_(std::move(settings)) {}

    /// Completes the definition but for its name. Error: `errc::invalid_argument`.
    [[nodiscard]] result<void> prepare(std::string_view identifier_key);

    /// Makes a definition, and notes it in the journal.
    [[nodiscard]] flow<result<void>> make();
    bool exists() const { return id_ != 0; }
    made_definition const& definition() const { return definition_; }
    /// It was made by the import that is resumed. Whether it is there is not asked.
    void take_over(import_progress const& before) {
        made_definition there;
        there.uri = before.definition;
        there.name = before.name;
        there.may_be_doubled = there.uri.empty() && !there.name.empty();
        use(std::move(there));
    }
    /// Looks for the one that was about to be made by the import that is resumed, and leaves it if
    /// it is nowhere.
    [[nodiscard]] flow<result<void>> find();
    /// Goes away from it, and leaves its removal for the end; or, if a sync of it may run, to the
    /// service, which removes it sooner or later.
    void leave() {
        if (!std::exchange(may_be_syncing_, false))
            left_behind_.push_back(definition_);
        definition_ = made_definition();
        id_ = 0;
        clear();
    }
    /// Removes it, and those that were left.
    [[nodiscard]] flow<result<void>> remove();

    /// Sends a request. `look`: if its answer is lost, whether the service has started a sync by
    /// itself is looked for though it never did before.
    [[nodiscard]] flow<result<void>> stage(std::string_view body, bool look);
    /// Whether the definition is not there any more, which makes the service refuse a sync with
    /// this failure.
    [[nodiscard]] flow<bool> has_vanished(failure why);
    /// The sync that the service has started by itself at the last push, of all that is staged.
    std::optional<sync> const& started() const { return started_; }
    /// Whether the service starts syncs by itself, as far as it is known.
    bool starts_syncs() const { return starts_syncs_; }
    /// Whether the service may have started one that could not be looked for.
    bool may_be_syncing() const { return may_be_syncing_; }
    std::size_t requests() const { return requests_; }
    std::size_t bytes() const { return bytes_; }
    /// All of it is synced.
    void clear() {
        requests_ = bytes_ = 0;
        started_.reset();
    }

    result<void> note(std::string const& record) const {
        return options_.journal ? options_.journal->append(record) : result<void>();
    }

private:
    void use(made_definition there) {
        may_be_syncing_ = false;
        definition_ = std::move(there);
        result<id> const which = id_of(definition_.uri);
        id_ = which ? *which : 0;
    }

    Session& session_;
    row_plan const& plan_;
    import_options const& options_;
    import_totals& totals_;
    any_import_definition wanted_;
    made_definition definition_;
    bulk::id id_ = 0;
    std::size_t requests_ = 0;
    std::size_t bytes_ = 0;
    std::optional<sync> started_;
    bool starts_syncs_ = false; ///< at pushes
    bool may_be_syncing_ = false;
    std::vector<made_definition> left_behind_;
};

template <class Session>
result<void> staging_area<Session>::prepare(std::string_view identifier_key) {
    if (options_.request_bytes < 2 || options_.request_bytes > limits::request_bytes ||
        options_.requests_per_sync < 1 || options_.requests_per_sync > limits::requests_per_sync)
        return failure(errc::invalid_argument,
                       "request_bytes is " + std::to_string(options_.request_bytes) + "; 2 to " +
                           std::to_string(limits::request_bytes) +
                           " are allowed; requests_per_sync is " +
                           std::to_string(options_.requests_per_sync) + "; 1 to " +
                           std::to_string(limits::requests_per_sync));
    for (column_info const& each : plan_.columns)
        if (each.importable)
            wanted_.fields.emplace_back(each.key,
                                        render_statement(plan_.statement_root, each.statement));
    if (!wanted_.linkOpportunitiesMatchFieldName) // links are matched by that column
        wanted_.identifierFieldName = identifier_key;
    wanted_.isSyncTriggeredOnImport = false;
    wanted_.isUpdatingMultipleMatchedRecords = options_.update_multiple_matches;
    wanted_.updateRule = open_enum<update_rule>(options_.update);
    if (options_.rule)
        wanted_.importRule = open_enum<import_rule>(*options_.rule);
    wanted_.importPriorityUri = options_.priority_uri;
    wanted_.dataRetentionDuration = options_.data_retention;
    wanted_.autoDeleteDuration = options_.auto_delete;
    return check_durations(wanted_);
}

template <class Session>
flow<result<void>> staging_area<Session>::make() {
    wanted_.name = session_.unique_name(options_.name);
    result<void> const noted = note(import_progress::name_record(wanted_.name));
    if (!noted)
        co_return noted;
    result<std::string> path = path_of<endpoints::create_import>(plan_.base_path);
    if (!path)
        co_return path.error();
    result<made_definition> made =
        co_await detail::make_definition<endpoints::create_import, endpoints::list_imports>(
            session_, std::move(*path), write_document(wanted_), wanted_.name);
    if (!made) {
        if (detail::may_have_made(made.error())) {
            made_definition lost;
            lost.name = wanted_.name;
            lost.may_be_doubled = true;
            left_behind_.push_back(std::move(lost));
        }
        co_return made.error();
    }
    use(std::move(*made));
    if (!definition_.warning.empty())
        totals_.warnings.push_back(definition_.warning);
    totals_.definition = definition_.uri;
    totals_.definition_deleted = false;
    co_return note(import_progress::definition_record(definition_.uri));
}

template <class Session>
flow<result<void>> staging_area<Session>::find() {
    result<std::string> path = path_of<endpoints::list_imports>(plan_.base_path);
    if (!path)
        co_return path.error();
    result<made_definition> found = co_await detail::look_for_definition<endpoints::list_imports>(
        session_, std::move(*path), definition_.name);
    if (!found)
        co_return found.error();
    if (found->uri.empty()) {
        leave();
        co_return result<void>();
    }
    use(std::move(*found));
    totals_.definition = definition_.uri;
    co_return note(import_progress::definition_record(definition_.uri));
}

template <class Session>
flow<result<void>> staging_area<Session>::stage(std::string_view body, bool look) {
    call data = call::of<endpoints::push_import_data>(
        *path_of<endpoints::push_import_data>(plan_.base_path, id_), body);
    data.content_type = media_type(options_.rows);
    result<answer> const got = co_await detail::fetch(session_, data);
    bool const lost = !got && (starts_syncs_ || look) && detail::may_have_made(got.error());
    if (!got && !lost)
        co_return got.error();
    result<std::optional<sync>> pushed = read_answer<endpoints::push_import_data>(got, data);
    if (pushed && *pushed && id_of((*pushed)->uri.value_or("")))
        started_ = **pushed;
    else if (!pushed || *pushed) {
        // The rows are staged, but whether a sync of them has begun is not said in a way that can
        // be understood; or, where each push starts one, it tells whether they have arrived.
        may_be_syncing_ = true;
        result<void> const waited = co_await detail::wait_to_look(session_, 1);
        result<std::vector<sync>> found = failure();
        if (waited)
            found = co_await detail::syncs_of(session_, definition_.uri, totals_.syncs);
        if (!found)
            co_return waited ? found.error() : waited.error();
        may_be_syncing_ = false;
        if (!found->empty())
            started_ = found->front();
        else if (lost)
            co_return got.error();
    }
    starts_syncs_ = starts_syncs_ || started_;
    bytes_ += body.size();
    ++requests_;
    totals_.bytes += body.size();
    ++totals_.requests;
    co_return result<void>();
}

template <class Session>
flow<bool> staging_area<Session>::has_vanished(failure why) {
    if (why.code != error_code(400, http_category()))
        co_return why.code == error_code(404, http_category());
    call const ask =
        call::of<endpoints::read_import>(*path_of<endpoints::read_import>(plan_.base_path, id_));
    result<answer> const there = co_await detail::fetch(session_, ask);
    co_return !there && there.error().code == error_code(404, http_category());
}

template <class Session>
flow<result<void>> staging_area<Session>::remove() {
    leave();
    result<void> all;
    result<std::string> const path = path_of<endpoints::list_imports>(plan_.base_path);
    for (std::size_t i = 0; path && i != left_behind_.size(); ++i) {
        result<void> const gone =
            co_await detail::remove_definitions<endpoints::delete_import, endpoints::list_imports>(
                session_, *plan_.base_path, *path, left_behind_[i]);
        if (!gone)
            all = gone;
    }
    left_behind_.clear();
    co_return all;
}

} // namespace eloqua::bulk
