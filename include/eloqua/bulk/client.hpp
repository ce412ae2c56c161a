// SPDX-License-Identifier: BSL-1.0
/// \file
/// The client, the starting point of the library.
#pragma once

#include <eloqua/bulk/any_transport.hpp>
#include <eloqua/bulk/bound_entity.hpp>
#include <eloqua/bulk/credentials.hpp>
#include <eloqua/bulk/detail/job/engine.hpp>
#include <eloqua/bulk/detail/job/import_rows.hpp>
#include <eloqua/bulk/field_report.hpp>
#include <eloqua/bulk/filter.hpp>
#include <eloqua/bulk/import.hpp>
#include <eloqua/bulk/operation.hpp>
#include <eloqua/bulk/options.hpp>
#include <eloqua/bulk/record.hpp>
#include <eloqua/bulk/report_json.hpp>
#include <eloqua/bulk/resources.hpp>
#include <eloqua/bulk/row_source.hpp>
#include <eloqua/bulk/sync_run.hpp>

#include <concepts>
#include <cstddef>
#include <memory>
#include <optional>
#include <ranges>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace eloqua::bulk {

/// A client of one Eloqua instance over a transport. Most programs use `client` or `async_client`.
///
/// Copies share state. Use a client from one thread or one strand. Several operations of one
/// asynchronous client may be in progress at once, and they may run on any thread. Operations and
/// row sources keep the shared state alive, so they may outlive the client and be destroyed on any
/// thread.
///
/// Nothing is sent until an operation runs. The first operation also looks up the instance's host.
template <class Transport>
class basic_client {
    template <class T>
    using argument = detail::argument<T, Transport>;

public:
    /// Throws `error` with `errc::invalid_argument` if an option is out of range.
    basic_client(Transport transport, any_credentials who,
                 client_options options = client_options())
        : core_(std::make_shared<detail::client_core<Transport>>(
              std::move(transport),
              detail::engine_for<Transport>(std::move(who), std::move(options)))) {}

    // Operations on one entity. Calling an operation that the entity does not offer is a compile
    // error.
    /// The export definitions of an entity, and their data.
    template <exportable E>
    auto exports(E of) const {
        return exports_resource<Transport, E>(core_, of);
    }
    /// The import definitions of an entity, and pushes of rows.
    template <importable E>
    auto imports(E of) const {
        return imports_resource<Transport, E>(core_, of);
    }
    /// The definitions of sync actions of an entity, and pushes of rows.
    template <has_sync_action_definitions E>
    auto sync_actions(E of) const {
        return sync_actions_resource<Transport, E>(core_, of);
    }
    /// The fields of an entity.
    template <has_field_list E>
    auto fields(E of) const {
        return fields_resource<Transport, E>(core_, of);
    }

    // Operations that belong to no single entity.
    /// The syncs of the instance: their states, logs, rejects and data.
    syncs_resource<Transport> syncs() const { return syncs_resource<Transport>(core_); }
    /// Export definitions of all entities, and the storage that exported rows use.
    auto all_exports() const {
        return stored_definitions_resource<Transport, endpoints::list_all_exports,
                                           endpoints::read_export_storage>(core_);
    }
    /// Import definitions of all entities, and the storage that staged rows use.
    auto all_imports() const {
        return stored_definitions_resource<Transport, endpoints::list_all_imports,
                                           endpoints::read_import_storage>(core_);
    }
    /// Definitions of sync actions of all entities.
    auto all_sync_actions() const {
        return all_definitions_resource<Transport, endpoints::list_all_sync_actions>(core_);
    }
    /// @{
    /// Assets of the instance: lists them, or reads one by its id.
    auto contact_filters() const { return assets<endpoints::contact_filters>(); }
    auto contact_lists() const { return assets<endpoints::contact_lists>(); }
    auto contact_segments() const { return assets<endpoints::contact_segments>(); }
    auto scoring_models() const { return assets<endpoints::scoring_models>(); }
    auto account_lists() const { return assets<endpoints::account_lists>(); }
    auto custom_objects() const { return assets<endpoints::custom_objects>(); }
    auto events() const { return assets<endpoints::events>(); }
    auto email_groups() const { return assets<endpoints::email_groups>(); }
    auto import_priorities() const { return assets<endpoints::import_priorities>(); }
    /// @}

    /// Exports the rows of an entity that match a filter. Build the filter with the functions of
    /// `filter.hpp`, or pass `all_rows`. A filter for another row type or entity is a compile
    /// error. The first operation reports errors in the filter. See `row_source` and
    /// `export_options::resume_from`.
    template <class Row, exportable E, class Filter = all_rows_t>
    row_source<Row, Transport>
    export_rows(E of, Filter condition = Filter(),
                argument<export_options> options = argument<export_options>()) const {
        return row_source<Row, Transport>(
            detail::request_rows<Row>(core_, of, std::move(condition), std::move(options)));
    }

    /// Imports a range of rows. Rows are matched by one member: unknown rows are created, known
    /// rows updated.
    ///
    /// A range passed by reference must stay alive until the operation completes. Rows are encoded
    /// into requests below 32 MB. A sync covers at most 500 requests or about 250 MB. After each
    /// sync, its rejects are matched with the caller's rows. The report is available when the
    /// whole import is done.
    ///
    /// If the response to a push is lost, the import abandons the definition with its staged rows
    /// and pushes them to a new one. Rows of a forward range are read again from the first row
    /// that is not synced; for other ranges see `import_options::replay_bytes`. If the response to
    /// the start of a sync is lost, the import searches for that sync. After a 413 response, it
    /// syncs the staged rows before it pushes more.
    ///
    /// `settings`: sync actions for the accepted rows, definition parts that only this entity has,
    /// and `rejects_to`; see `import_setting_for`. Errors: `errc::invalid_argument` for options;
    /// `errc::invalid_row` and `errc::row_too_large`, with the row's number; `errc::sync_failed`,
    /// or ELQ-00146 if the service asks to try later; `errc::deadline_exceeded` for a sync that
    /// does not end; `errc::journal_failed`; HTTP errors of the service; and
    /// `errc::outcome_unknown` if pushes failed repeatedly, or if the import cannot search for, or
    /// cannot find, what a request with a lost response may have created. Errors tell which rows
    /// are synced and which are not. The definition is then deleted, unless there is a journal, a
    /// sync of it may be running, or the operation was cancelled.
    ///
    /// For custom objects and events, a row with a blank `Id` or `ExternalId` as its identifier
    /// creates a new record each time. Once a sync of such rows has failed, or may have started,
    /// they are never pushed again, not even by a run that resumes a journal. The error is
    /// `errc::outcome_unknown`, or the error that kept the outcome unknown, and
    /// `import_totals::unknown_rows` lists the rows. One case goes undetected: a sync that starts
    /// although the definition says that pushes start none, and that no list shows in time.
    ///
    /// The service's logs must account for every row: see `import_totals::proof`. If they account
    /// for other rows than were sent, the error is `errc::rows_unaccounted`, and nothing is
    /// deleted. Every error carries the progress as `diagnostics::import_so_far`;
    /// `report_so_far<Row>` returns it with the known rejects.
    template <importable E, auto Member, std::ranges::input_range Rows, class... Settings>
        requires(std::ranges::viewable_range<Rows> &&
                 importable_by_rows<E, std::remove_cvref_t<Settings>...>)
    auto import_rows(E of, identified_by_t<Member>, Rows&& rows,
                     argument<import_options> options = argument<import_options>(),
                     Settings&&... settings) const {
        using row = std::ranges::range_value_t<Rows>;
        static_assert(detail::safe_settings<Transport, Settings...>::checked);
        static_assert(detail::check_importable<row, E>());
        static_assert(detail::check_identifier<row, E, Member>());
        using view = std::views::all_t<Rows>;
        return operation<import_report<row>, Transport>(
            detail::import_flow<row, detail::core_pointer<Transport>, view>(
                core_, detail::plan_for<row>(of), detail::column_index<row, Member>(),
                std::views::all(std::forward<Rows>(rows)), std::move(options),
                detail::with_settings(settings...), {}, detail::handler_among<row>(settings...)),
            transport());
    }

    /// Exports records: rows whose columns are chosen at run time. Build filters with
    /// `where_column` and the functions that name no member. Throws `error` with
    /// `errc::invalid_argument` for columns that the entity's exports cannot have.
    template <exportable E, class Filter = all_rows_t>
    row_source<record, Transport>
    export_records(E of, record_columns columns, Filter condition = Filter(),
                   argument<export_options> options = argument<export_options>()) const {
        return row_source<record, Transport>(detail::request_records(
            core_, of, std::move(columns), std::move(condition), std::move(options)));
    }

    /// Imports a range of records that have these columns, matched by the column `identifier`; see
    /// `import_rows`. Throws like `export_records`. Additional error: `errc::invalid_row` for a
    /// record with other columns.
    template <importable E, std::ranges::input_range Rows, class... Settings>
        requires(std::ranges::viewable_range<Rows> &&
                 importable_by_rows<E, std::remove_cvref_t<Settings>...> &&
                 std::same_as<std::ranges::range_value_t<Rows>, record>)
    auto import_records(E of, record_columns columns, std::string_view identifier, Rows&& rows,
                        argument<import_options> options = argument<import_options>(),
                        Settings&&... settings) const {
        static_assert(detail::safe_settings<Transport, Settings...>::checked);
        using view = std::views::all_t<Rows>;
        auto const tables = detail::imported_record(of, columns, identifier).value();
        std::size_t const at = columns.index_of(identifier);
        return operation<import_report<record>, Transport>(
            detail::import_flow<record, detail::core_pointer<Transport>, view>(
                core_, detail::plan_for(of, tables), at, std::views::all(std::forward<Rows>(rows)),
                std::move(options), detail::with_settings(settings...), {std::move(columns)},
                detail::handler_among<record>(settings...)),
            transport());
    }

    /// Compares the columns of a row type with the instance's fields, which are requested once.
    /// Checks use in exports, in imports, or in whatever the entity offers. Reports:
    ///
    /// - statements of fields that do not exist, with the most similar names. A difference in
    ///   letter case only is a warning. Fields are looked up in the entity's list, fields of
    ///   related contacts and accounts in their lists. Fields of other related records, such as
    ///   scoring models, are not checked. System values are looked up only if the list has any;
    /// - types that do not fit. For imports: members, texts included, that may not hold a value of
    ///   a number, date or address field. For exports: numbers, times and booleans that cannot be
    ///   parsed from the field's values. It is a warning where it depends on the values or is
    ///   undocumented, as for booleans in number fields or numbers from text fields. Described
    ///   enums, user-defined types (except for what their `value_traits<T>::kind` says) and
    ///   members of records fit every field;
    /// - for imports: fields that are read-only. Also, as warnings, fields that new records
    ///   require: those that could be imported, are not, and have no default, or whose member is a
    ///   `std::optional`. Opportunities require all of them each time, so a field that is not
    ///   imported is an error.
    ///
    /// A job that runs the check fails on errors, and adds warnings to its report's `warnings`.
    /// The check of an export also looks up the fields that its filter names. Before it reports an
    /// error, it requests cached lists again. A list that is not shown, is malformed or is refused
    /// by any 4xx but 401 and 429 is reported as `unchecked`, which is also a warning of a job.
    /// Errors: all others of reading the list.
    template <class Row, entity E>
    operation<field_report, Transport> check(E of,
                                             std::optional<field_use> use = std::nullopt) const {
        static_assert(detail::check_row<Row, E>());
        return check_plan<E>(detail::plan_for<Row>(of), use);
    }
    /// Runs the check that an import with this identifier and these options would run, for the
    /// columns that it writes, with `import_options::rule`. An identifier may be read-only, and is
    /// never blank. With `import_rule::createOnly`, a missing field that new records require is an
    /// error.
    template <class Row, importable E, auto Member>
    operation<field_report, Transport>
    check(E of, identified_by_t<Member>,
          argument<import_options> options = argument<import_options>()) const {
        static_assert(detail::check_importable<Row, E>());
        static_assert(detail::check_identifier<Row, E, Member>());
        return {check_import_flow(core_, detail::plan_for<Row>(of),
                                  detail::column_index<Row, Member>(),
                                  import_options(std::move(options)).rule),
                transport()};
    }
    /// As above, for columns of records. Throws like `import_records`.
    template <importable E>
    operation<field_report, Transport>
    check(E of, record_columns columns, std::string_view identifier,
          argument<import_options> options = argument<import_options>()) const {
        auto const tables = detail::imported_record(of, columns, identifier).value();
        return {check_import_flow(core_, detail::plan_for(of, tables), columns.index_of(identifier),
                                  import_options(std::move(options)).rule),
                transport()};
    }
    /// As the first overload, for columns of records.
    template <entity E>
    operation<field_report, Transport> check(E of, record_columns columns,
                                             std::optional<field_use> use = std::nullopt) const {
        auto const tables = std::make_shared<detail::record_plan const>(std::move(columns), of);
        return check_plan<E>(detail::plan_for(of, tables), use);
    }
    /// Lists the fields of an entity as columns of records, in the service's order. Keys are
    /// internal names. The client and its copies cache the lists, for checks too, until
    /// `forget_fields`.
    template <has_field_list E>
    operation<std::vector<record_column>, Transport> columns(E of) const {
        return {columns_flow(core_, detail::fields_path(of)), transport()};
    }
    /// Resolves the `runtime_field`s of a row type by the names of the instance's fields: internal
    /// names, or else display names. Pass the result in place of the entity. Errors:
    /// `errc::fields_do_not_fit` for a name that no field has, with the nearest names, or that
    /// several fields have; those of reading the list.
    template <class Row, has_field_list E>
    operation<bound_entity<E, Row>, Transport> resolve(E of) const {
        static_assert(detail::check_row<Row, bound_entity<E, Row>>());
        return {resolve_flow<Row>(core_, std::move(of)), transport()};
    }
    /// Clears the cached field lists; the next check requests them again.
    void forget_fields() const { core_->engine->forget_fields(); }

    /// Starts a sync of a definition and polls it until it ends, by `client_options::polling`.
    /// Errors: `errc::sync_failed`, or ELQ-00146, with the messages of the logs;
    /// `errc::deadline_exceeded` if it may still end; `errc::outcome_unknown` if the response to
    /// the start is lost. The sync may then be running, and only the caller knows if a second one
    /// is safe.
    operation<sync_run, Transport> run_sync(std::string definition_uri) const {
        return operation<sync_run, Transport>(sync_flow(core_, std::move(definition_uri)),
                                              transport());
    }

    /// The base URL of the Bulk API. Asks the login service unless it is known already, so the
    /// call also verifies the credentials.
    operation<std::string, Transport> base_url() const {
        return operation<std::string, Transport>(base_flow(core_), transport());
    }

    /// The instance's name, which checkpoints and journals store: the number of its site, if the
    /// login service returns it, and the host of its base URL. Sends the same request as
    /// `base_url`.
    operation<std::string, Transport> instance() const {
        return operation<std::string, Transport>(instance_flow(core_), transport());
    }

    /// Access to the transport and the core for custom operations. Both keep the shared state
    /// alive.
    std::shared_ptr<Transport> transport() const {
        return std::shared_ptr<Transport>(core_, &core_->transport);
    }
    /// The core that operations share; for functions of this library.
    detail::core_pointer<Transport> shared_core() const { return core_; }

private:
    using core = detail::core_pointer<Transport>;

    template <class Kind>
    assets_resource<Transport, Kind> assets() const {
        return assets_resource<Transport, Kind>(core_);
    }

    template <class E>
    operation<field_report, Transport> check_plan(detail::row_plan plan,
                                                  std::optional<field_use> use) const {
        if (!use && exportable<E> != importable<E>)
            use = exportable<E> ? field_use::exported : field_use::imported;
        return {check_flow(core_, std::move(plan), use), transport()};
    }

    static flow<result<field_report>> check_flow(core c, detail::row_plan plan,
                                                 std::optional<field_use> use) {
        co_return co_await c->engine->check_fields(std::move(plan), use);
    }
    static flow<result<field_report>> check_import_flow(core c, detail::row_plan plan,
                                                        std::size_t identifier,
                                                        std::optional<import_rule> rule) {
        result<void> const fits = detail::identify_by(plan, identifier);
        if (!fits)
            co_return fits.error();
        co_return co_await c->engine->check_import(std::move(plan), identifier, rule);
    }
    static flow<result<std::vector<record_column>>> columns_flow(core c, result<std::string> path) {
        if (!path)
            co_return path.error();
        co_return co_await c->engine->list_columns(std::move(*path));
    }
    template <class Row, class E>
    static flow<result<bound_entity<E, Row>>> resolve_flow(core c, E of) {
        result<std::string> const path = detail::fields_path(of);
        if (!path)
            co_return path.error();
        detail::row_plan plan = detail::plan_for<Row>(of);
        result<std::vector<std::string>> found =
            co_await c->engine->find_statements(std::move(plan));
        if (!found)
            co_return found.error();
        result<std::shared_ptr<detail::bound_columns const>> columns = detail::bind_columns(
            detail::columns_of<Row, E>, of.statement_root(), std::move(*found));
        if (!columns)
            co_return columns.error();
        co_return bound_entity<E, Row>(std::move(of), std::move(*columns));
    }

    static flow<result<sync_run>> sync_flow(core c, std::string definition_uri) {
        co_return co_await c->engine->run_sync(std::move(definition_uri));
    }
    static flow<result<std::string>> base_flow(core c) { co_return co_await c->engine->base_url(); }
    static flow<result<std::string>> instance_flow(core c) {
        co_return co_await c->engine->instance();
    }

    core core_;
};

/// The blocking client.
using client = basic_client<any_transport>;

} // namespace eloqua::bulk
