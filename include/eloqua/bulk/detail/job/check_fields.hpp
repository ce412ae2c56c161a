// SPDX-License-Identifier: BSL-1.0
/// \file
/// Checks columns before anything is created: reads an instance's field lists once and compares
/// them.
#pragma once

#include <eloqua/bulk/assets.hpp>
#include <eloqua/bulk/definitions.hpp>
#include <eloqua/bulk/detail/job/create_or_find.hpp>
#include <eloqua/bulk/detail/job/engine.hpp>
#include <eloqua/bulk/detail/job/field_rules.hpp>
#include <eloqua/bulk/detail/row/field_list.hpp>
#include <eloqua/bulk/endpoints.hpp>
#include <eloqua/bulk/entity.hpp>
#include <eloqua/bulk/error.hpp>
#include <eloqua/bulk/export.hpp>
#include <eloqua/bulk/field_report.hpp>
#include <eloqua/bulk/filter.hpp>
#include <eloqua/bulk/import.hpp>

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace eloqua::bulk::detail {

/// All fields of the list at this path. Cached in the session.
template <class Session>
flow<result<std::shared_ptr<field_list const>>> listed_fields(Session& s, std::string path) {
    if (auto const there = s.fields.find(path); there != s.fields.end())
        co_return there->second;
    constexpr std::int64_t most = 100'000;
    result<std::vector<field_definition>> all =
        co_await read_list<endpoints::list_fields, field_definition>(s, path, most);
    if (!all)
        co_return all.error();
    auto made = std::make_shared<field_list const>(std::move(*all));
    s.fields[path] = made;
    co_return std::shared_ptr<field_list const>(std::move(made));
}

/// Whether a list could not be read for a reason that concerns this list only: the user may not see
/// it, or the response is malformed.
inline bool is_of_list_alone(failure const& why) {
    if (why.info.status == 401 || why.info.status == 429 || why.info.status >= 500)
        return false;
    if (is_among(why.code,
                 {errc::malformed_response, errc::response_too_large, errc::rows_missing}))
        return true;
    bool const answered =
        why.code.category() == http_category() || why.code.category() == elq_category();
    return answered && !(why.code == condition::try_later) &&
           why.code != error_code(401, http_category());
}

/// As above. Null if the list cannot be read or is empty; `unchecked` gets the reason.
template <class Session>
flow<result<std::shared_ptr<field_list const>>> shown_fields(Session& s, std::string path,
                                                             std::vector<std::string>& unchecked) {
    result<std::shared_ptr<field_list const>> got = co_await listed_fields(s, path);
    if (got && !(*got)->empty())
        co_return got;
    if (got) {
        unchecked.push_back(path + " lists no fields");
        co_return std::shared_ptr<field_list const>();
    }
    if (!is_of_list_alone(got.error()))
        co_return got;
    unchecked.push_back(path + " could not be read: " + got.error().message());
    co_return std::shared_ptr<field_list const>();
}

/// The job whose columns are checked.
struct checked_job {
    std::optional<field_use> use;         ///< empty: both export and import
    std::optional<import_rule> rule = {}; ///< imports only
    std::string identifier = {};          ///< key of the column that matches rows to records
    std::vector<compared_column> of_filter =
        {}; ///< statements that the filter uses in addition to the columns
    explicit checked_job(std::optional<field_use> u) : use(u) {}
};
inline checked_job checked_import(std::string_view identifier, std::optional<import_rule> rule) {
    checked_job what(field_use::imported);
    what.rule = rule;
    what.identifier = identifier;
    return what;
}

inline needed_by_import needed_by(row_plan const& plan, checked_job const& what) {
    needed_by_import needed;
    needed.importable = plan.importable;
    needed.which = plan.needed;
    bool const new_only = plan.needed == required_fields::of_new_records;
    if (what.use == field_use::exported || (new_only && what.rule == import_rule::updateOnly))
        needed.which = required_fields::none;
    needed.certain = !new_only || what.rule == import_rule::createOnly;
    return needed;
}

/// Compares once. Lists may come from the cache; their paths are appended to `asked`.
template <class Session>
flow<result<field_report>> compare_fields(Session& s, row_plan const& plan, checked_job const& what,
                                          std::vector<std::string>& asked) {
    field_report report;
    known_fields known;
    asked.push_back(plan.fields_path);
    result<std::shared_ptr<field_list const>> shown =
        co_await shown_fields(s, plan.fields_path, report.unchecked);
    if (!shown)
        co_return shown.error();
    known.own = *shown;
    std::vector<compared_column> columns = compared_columns(plan, what.identifier);
    if (what.use == field_use::imported)
        std::erase_if(columns, [](compared_column const& each) { return !each.importable; });
    columns.insert(columns.end(), what.of_filter.begin(), what.of_filter.end());
    for (std::size_t i = 0; i != std::size(related_entities); ++i) {
        if (std::ranges::none_of(columns, [&](compared_column const& each) {
                return related_by(each.statement) == related_entities + i;
            }))
            continue;
        std::string path(related_entities[i].fields_path);
        asked.push_back(path);
        shown = co_await shown_fields(s, std::move(path), report.unchecked);
        if (!shown)
            co_return shown.error();
        known.related[i] = *shown;
    }
    field_comparison<known_fields> comparison(plan.statement_root, known, needed_by(plan, what));
    report.findings = comparison.compare(columns);
    std::erase_if(report.findings, [&](field_issue const& f) { return !f.concerns(what.use); });
    co_return report;
}

/// Removes these lists from the cache. Returns whether any was cached.
template <class Session>
bool forget_lists(Session& s, std::vector<std::string> const& paths) {
    std::size_t forgotten = 0;
    for (std::string const& each : paths)
        forgotten += s.fields.erase(each);
    return forgotten != 0;
}

/// A cached list is never the reason to report a problem: a field may have been created since, so
/// the list is read again first. The plan must outlive the flow.
template <class Session>
flow<result<field_report>> check_fields(Session& s, row_plan const& plan, checked_job what) {
    if (plan.fields_path.empty()) {
        field_report none;
        none.unchecked.push_back(plan.statement_root + " has no list of fields");
        co_return none;
    }
    std::vector<std::string> asked;
    auto const before = s.fields;
    result<field_report> report = co_await compare_fields(s, plan, what, asked);
    if (!report || report->ok())
        co_return report;
    std::erase_if(asked, [&](std::string const& each) { return !before.contains(each); });
    if (!forget_lists(s, asked))
        co_return report;
    report = co_await compare_fields(s, plan, what, asked);
    co_return report;
}

inline failure fields_do_not_fit(field_report const& report) {
    return failure(
        errc::fields_do_not_fit, report.message(),
        "fix the row type or its columns, or set check_fields = false to skip this check");
}

/// Checks a job before it creates anything. `warnings` gets what could not be checked.
template <class Session>
flow<result<void>> check_job(Session& s, row_plan const& plan, checked_job what,
                             std::vector<std::string>& warnings) {
    if (plan.fields_path.empty())
        co_return result<void>();
    result<field_report> const found = co_await check_fields(s, plan, std::move(what));
    if (!found)
        co_return found.error();
    if (!found->ok())
        co_return fields_do_not_fit(*found);
    for (std::string const& each : found->unchecked)
        warnings.push_back("fields could not be checked: " + each);
    for (field_issue const& each : found->findings)
        warnings.push_back("fields might not fit: " + each.message());
    co_return result<void>();
}
template <class Session>
flow<result<void>> check_import(Session& s, row_plan const& plan, std::string_view identifier,
                                import_options const& how, std::vector<std::string>& warnings) {
    if (!how.check_fields)
        co_return result<void>();
    checked_job what = checked_import(identifier, how.rule);
    co_return co_await check_job(s, plan, std::move(what), warnings);
}
template <class Session>
flow<result<void>> check_export(Session& s, row_plan const& plan,
                                std::vector<filter_node> const& filter, export_options const& how,
                                std::vector<std::string>& warnings) {
    if (!how.check_fields)
        co_return result<void>();
    warnings.clear(); // from an earlier run
    checked_job what(field_use::exported);
    what.of_filter = compared_columns(filter);
    co_return co_await check_job(s, plan, std::move(what), warnings);
}

/// See `engine::describe_columns`. The plan must outlive the flow.
template <class Session>
flow<result<std::vector<listed_field>>> describe_columns(Session& s, row_plan const& plan) {
    std::shared_ptr<field_list const> list;
    std::vector<std::string> unchecked;
    if (!plan.fields_path.empty()) {
        result<std::shared_ptr<field_list const>> const shown =
            co_await shown_fields(s, plan.fields_path, unchecked);
        if (!shown)
            co_return shown.error();
        list = *shown;
    }
    std::vector<listed_field> all;
    for (column_info const& each : plan.columns) {
        listed_field made;
        made.statement = render_statement(plan.statement_root, each.statement);
        field_definition const* const found =
            list ? list->find(plan.statement_root, each.statement) : nullptr;
        if (found) {
            made.name = found->internalName.value_or(found->name);
            made.type = found->dataType ? found->dataType->text() : std::string();
        }
        all.push_back(std::move(made));
    }
    co_return all;
}

/// See `engine::find_statements`. The plan must outlive the flow.
template <class Session>
flow<result<std::vector<std::string>>> find_statements(Session& s, row_plan const& plan) {
    field_report report;
    for (bool kept = true; kept;) {
        kept = s.fields.contains(plan.fields_path);
        result<std::shared_ptr<field_list const>> const list =
            co_await listed_fields(s, plan.fields_path);
        if (!list)
            co_return list.error();
        report.findings.clear();
        std::vector<std::string> statements = statements_by_name(plan, **list, report.findings);
        if (report.ok())
            co_return statements;
        if (kept)
            s.fields.erase(plan.fields_path);
    }
    co_return failure(errc::fields_do_not_fit, report.message(),
                      "use the service's name for the field, or bind it with bind_fields");
}

} // namespace eloqua::bulk::detail
