// SPDX-License-Identifier: BSL-1.0
/// \file
/// The client: everything starts here.
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

/// A client of one Eloqua instance over some transport; `client` and `async_client` are the usual
/// ones. Copies share everything. It belongs to one thread, or one strand; several operations of
/// one asynchronous client may be under way at once, on whatever threads they run. Operations and
/// row sources keep alive what they need, so a client may go first, and all of them on any thread.
///
/// Nothing is sent until an operation runs; the first one also finds the instance's host.
template <class Transport>
class basic_client {
    template <class T>
    using argument = detail::argument<T, Transport>;

public:
    /// Throws `error` with `errc::invalid_argument` for options that can never work.
    basic_client(Transport transport, any_credentials who,
                 client_options options = client_options())
        : core_(std::make_shared<detail::client_core<Transport>>(
              std::move(transport),
              detail::engine_for<Transport>(std::move(who), std::move(options)))) {}

    // Resources of an entity; what it lacks does not compile.
    template <exportable E>
    auto exports(E of) const {
        return exports_resource<Transport, E>(core_, of);
    }
    template <importable E>
    auto imports(E of) const {
        return imports_resource<Transport, E>(core_, of);
    }
    template <has_sync_action_definitions E>
    auto sync_actions(E of) const {
        return sync_actions_resource<Transport, E>(core_, of);
    }
    template <has_field_list E>
    auto fields(E of) const {
        return fields_resource<Transport, E>(core_, of);
    }

    // The others.
    syncs_resource<Transport> syncs() const { return syncs_resource<Transport>(core_); }
    /// Export definitions of all entities, and the space that exported rows use.
    auto all_exports() const {
        return stored_definitions_resource<Transport, endpoints::list_all_exports,
                                           endpoints::read_export_storage>(core_);
    }
    /// Import definitions of all entities, and the space that staged rows use.
    auto all_imports() const {
        return stored_definitions_resource<Transport, endpoints::list_all_imports,
                                           endpoints::read_import_storage>(core_);
    }
    auto all_sync_actions() const {
        return all_definitions_resource<Transport, endpoints::list_all_sync_actions>(core_);
    }
    auto contact_filters() const { return assets<endpoints::contact_filters>(); }
    auto contact_lists() const { return assets<endpoints::contact_lists>(); }
    auto contact_segments() const { return assets<endpoints::contact_segments>(); }
    auto scoring_models() const { return assets<endpoints::scoring_models>(); }
    auto account_lists() const { return assets<endpoints::account_lists>(); }
    auto custom_objects() const { return assets<endpoints::custom_objects>(); }
    auto events() const { return assets<endpoints::events>(); }
    auto email_groups() const { return assets<endpoints::email_groups>(); }
    auto import_priorities() const { return assets<endpoints::import_priorities>(); }

    /// Exports the rows of an entity that fit a filter, made of what `filter.hpp` offers, or
    /// `all_rows`. A filter of another row or entity does not compile. Errors of the filter come
    /// out of the first operation. See `row_source`, and `export_options::resume_from`.
    template <class Row, exportable E, class Filter = all_rows_t>
    row_source<Row, Transport>
    export_rows(E of, Filter condition = Filter(),
                argument<export_options> options = argument<export_options>()) const {
        return row_source<Row, Transport>(
            detail::request_rows<Row>(core_, of, std::move(condition), std::move(options)));
    }

    /// Imports a range of rows, matched by one member: new ones are created, known ones updated.
    ///
    /// A range passed by reference must stay until the operation is done. Rows are encoded into
    /// requests below 32 MB, at most 500 of them or about 250 MB to a sync; then the sync is run
    /// and its rejects are tied to the caller's rows. The report comes when all is done.
    ///
    /// When the answer to a push is lost, what is staged is abandoned with its definition, and
    /// pushed to another one: rows of a forward range are passed again from the first that is not
    /// synced, those of others are kept, see `import_options::replay_bytes`. When the answer to the
    /// start of a sync is lost, the sync is looked for. After 413, what is staged is synced before
    /// more is pushed.
    ///
    /// `settings`: sync actions to be done to the accepted rows, parts that only definitions of
    /// this entity have, and `rejects_to`; see `import_setting_for`.
    /// Errors: `errc::invalid_argument` for options; `errc::invalid_row` and `errc::row_too_large`
    /// with the row's number; `errc::sync_failed`, or ELQ-00146 if the service asks to try later;
    /// `errc::deadline_exceeded` for a sync that does not end; `errc::journal_failed`; refusals by
    /// the service; and `errc::outcome_unknown` only if pushes have failed time and again, or
    /// what a lost answer may have made cannot be looked for, or is nowhere to be found. They tell
    /// which rows are synced and which are not. The definition is removed then, unless a journal is
    /// kept, a sync of it may be running, or the operation was cancelled.
    ///
    /// Of custom objects and events, a row makes a record each time if it is matched by an `Id` or
    /// `ExternalId` that is blank. Once a sync of such rows has failed, or may have begun, they are
    /// never pushed again, not even by a run that resumes a journal. The error is
    /// `errc::outcome_unknown`, or that which kept the outcome from being known, and
    /// `import_totals::unknown_rows` lists them. A sync that begins although the definition says
    /// that pushes start none, and that no list shows in time, is not seen.
    ///
    /// Every row needs an account in the service's logs: see `import_totals::proof`. Where they
    /// account for other rows than were sent, the error is `errc::rows_unaccounted`, and nothing is
    /// removed. Every error carries what was done, as `diagnostics::import_so_far`, and with the
    /// rejects that are known `report_so_far<Row>` gives it.
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

    /// Exports records: rows whose columns are chosen when the program runs. Filters are made by
    /// `where_column` and what names no member. Throws `error` with `errc::invalid_argument` for
    /// columns that no export of the entity can have.
    template <exportable E, class Filter = all_rows_t>
    row_source<record, Transport>
    export_records(E of, record_columns columns, Filter condition = Filter(),
                   argument<export_options> options = argument<export_options>()) const {
        return row_source<record, Transport>(detail::request_records(
            core_, of, std::move(columns), std::move(condition), std::move(options)));
    }

    /// Imports a range of records that have these columns, matched by the column `identifier`; see
    /// `import_rows`. Throws as `export_records`. Error besides: `errc::invalid_row` for a record
    /// that has other columns.
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

    /// Compares rows of a type with the instance's fields, which are asked for once. What it finds,
    /// for exports, for imports, or for all that the entity has:
    ///
    /// - statements of fields that are not there, with the names that are most like them, or whose
    ///   letter case is another than the service's, which is a warning. Fields are looked for in
    ///   the entity's list, those of related contacts and accounts in theirs; of other related
    ///   records, such as scoring models, nothing is known. System values are looked for only if
    ///   the list has any;
    /// - types that do not fit: for imports, members that may not be a value of a field of numbers,
    ///   dates or addresses, texts among them; for exports, members of numbers, times and booleans
    ///   that the field's values cannot be read as. Where it depends on the values or is not
    ///   documented, as for booleans in fields of numbers or numbers out of those of texts, it is a
    ///   warning. Described enums, types of one's own (but for what their `value_traits<T>::kind`
    ///   says) and members of records fit every field;
    /// - for imports, fields that are read only, and, as warnings, those in which new records need
    ///   a value: one that could be imported, is not, and has no default, or whose member is an
    ///   `std::optional`. Of opportunities, which need all each time, one that is not imported is
    ///   an error.
    ///
    /// Errors refuse a job that checks, warnings go to its report's `warnings`. The check of an
    /// export also looks for the fields that its filter names by themselves. Lists that were kept
    /// are asked for anew before an error is told. A list that is not shown, is malformed or is
    /// refused by any 4xx but 401 and 429 is told of as `unchecked`, which is a job's warning too.
    /// Errors: others of reading the list.
    template <class Row, entity E>
    operation<field_report, Transport> check(E of,
                                             std::optional<field_use> use = std::nullopt) const {
        static_assert(detail::check_row<Row, E>());
        return check_plan<E>(detail::plan_for<Row>(of), use);
    }
    /// What an import by this identifier and with these options would find, were it to check: of
    /// the columns that it writes, with `import_options::rule`. An identifier may be read only, and
    /// is never blank. With `import_rule::createOnly` a field that new records need is an error.
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
    /// As above, for columns of records. Throws as `import_records`.
    template <importable E>
    operation<field_report, Transport>
    check(E of, record_columns columns, std::string_view identifier,
          argument<import_options> options = argument<import_options>()) const {
        auto const tables = detail::imported_record(of, columns, identifier).value();
        return {check_import_flow(core_, detail::plan_for(of, tables), columns.index_of(identifier),
                                  import_options(std::move(options)).rule),
                transport()};
    }
    /// The first for columns of records.
    template <entity E>
    operation<field_report, Transport> check(E of, record_columns columns,
                                             std::optional<field_use> use = std::nullopt) const {
        auto const tables = std::make_shared<detail::record_plan const>(std::move(columns), of);
        return check_plan<E>(detail::plan_for(of, tables), use);
    }
    /// The fields of an entity as columns of records, in the service's order, for choosing from;
    /// keys are internal names. Lists of fields are kept as long as the client and its copies, for
    /// checks as well, or until `forget_fields`.
    template <has_field_list E>
    operation<std::vector<record_column>, Transport> columns(E of) const {
        return {columns_flow(core_, detail::fields_path(of)), transport()};
    }
    /// Finds out what the `runtime_field`s of a row type stand for, by the names of the instance's
    /// fields: internal ones, or else those that people see. The result takes the entity's place.
    /// Errors: `errc::fields_do_not_fit` for a name that no field has, with the nearest ones, or
    /// that several have; those of reading the list.
    template <class Row, has_field_list E>
    operation<bound_entity<E, Row>, Transport> resolve(E of) const {
        static_assert(detail::check_row<Row, bound_entity<E, Row>>());
        return {resolve_flow<Row>(core_, std::move(of)), transport()};
    }
    /// The next check asks for fields anew.
    void forget_fields() const { core_->engine->forget_fields(); }

    /// Starts a sync of a definition and watches it to its end, by `client_options::polling`.
    /// Errors: `errc::sync_failed`, or ELQ-00146, with what the logs say; `errc::deadline_exceeded`
    /// if it may yet end; `errc::outcome_unknown` when the answer to the start is lost, after which
    /// it may be running: nobody but the caller knows whether another one does harm.
    operation<sync_run, Transport> run_sync(std::string definition_uri) const {
        return operation<sync_run, Transport>(sync_flow(core_, std::move(definition_uri)),
                                              transport());
    }

    /// The base of the bulk API: asks the login service if it is not known yet, so it also shows
    /// whether the credentials are good.
    operation<std::string, Transport> base_url() const {
        return operation<std::string, Transport>(base_flow(core_), transport());
    }

    /// The instance's name, by which checkpoints and journals know it: the number of its site,
    /// where the login service tells it, and the host of its base. Asks as `base_url`.
    operation<std::string, Transport> instance() const {
        return operation<std::string, Transport>(instance_flow(core_), transport());
    }

    /// For operations of one's own; both keep the client alive.
    std::shared_ptr<Transport> transport() const {
        return std::shared_ptr<Transport>(core_, &core_->transport);
    }
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
