// SPDX-License-Identifier: BSL-1.0
/// \file
/// The interface of a client's implementation, and the plan of a job. Units that use a client
/// include only this; only the unit that constructs the client compiles the implementation.
#pragma once

#include <eloqua/bulk/bound_entity.hpp>
#include <eloqua/bulk/credentials.hpp>
#include <eloqua/bulk/definitions.hpp>
#include <eloqua/bulk/detail/codec/column.hpp>
#include <eloqua/bulk/detail/codec/hash.hpp>
#include <eloqua/bulk/detail/codec/page.hpp>
#include <eloqua/bulk/detail/config.hpp>
#include <eloqua/bulk/detail/http/endpoint_call.hpp>
#include <eloqua/bulk/detail/row/table.hpp>
#include <eloqua/bulk/endpoints.hpp>
#include <eloqua/bulk/entity.hpp>
#include <eloqua/bulk/error.hpp>
#include <eloqua/bulk/export.hpp>
#include <eloqua/bulk/filter.hpp>
#include <eloqua/bulk/flow.hpp>
#include <eloqua/bulk/limits.hpp>
#include <eloqua/bulk/options.hpp>
#include <eloqua/bulk/record.hpp>
#include <eloqua/bulk/row.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace eloqua::bulk {

struct export_options;
struct field_report;
struct import_options;
struct import_totals;
struct record_column;
struct sync_run;
enum class field_use : unsigned char;

} // namespace eloqua::bulk

namespace eloqua::bulk::detail {

class export_job;
class reject_listener;
class row_cursor;

/// The path of an entity's field list. For activities and campaigns of one type: the fields of that
/// type.
template <has_field_list E>
result<std::string> fields_path(E const& of) {
    result<std::string> path = path_of<endpoints::list_fields>(of.base_path());
    if constexpr (requires { of.fields_argument(); })
        if (std::string const narrowed = of.fields_argument(); path && !narrowed.empty()) {
            std::string query;
            append_parameter(query, E::fields_parameter, narrowed);
            *path += query;
        }
    return path;
}

/// As above; empty for an entity without a field list.
template <entity E>
std::string fields_path_or_none(E const& of) {
    if constexpr (has_field_list<E>)
        if (result<std::string> path = fields_path(of))
            return *path;
    return {};
}

/// A row type and an entity in the form that jobs use.
struct row_plan {
    result<std::string> base_path; ///< the entity's
    std::string statement_root;    ///< the entity's
    std::span<column_codec const> codecs;
    std::span<column_info const> columns;
    std::string fields_path;                        ///< of the entity's field list; empty: none
    std::string export_condition;                   ///< see `export_condition_of`
    std::optional<std::int64_t> export_rows;        ///< see `rows_per_export_of`
    bool contact_fields_in_filters = true;          ///< see `contact_fields_in_filters_of`
    bool exports_act = false;                       ///< see `exports_act`
    required_fields needed = required_fields::none; ///< see `required_fields_of`
    bool (*importable)(statement_text) = nullptr;   ///< see `importable_statement`
    /// See `identifying_statement`.
    bool (*identifying)(statement_text) = nullptr;
    std::shared_ptr<void const> owner = {}; ///< keeps codecs and columns alive, if necessary
};

/// Whether export definitions of an entity have sync actions.
template <class E>
inline constexpr bool exports_act = requires(export_definition_t<E> d) { d.syncActions; };

/// Equal for equal columns, in every process.
inline std::uint64_t fingerprint_of(row_plan const& plan) {
    stable_hash hash;
    hash.add(plan.base_path ? *plan.base_path : std::string());
    for (column_info const& each : plan.columns) {
        hash.add(each.key);
        hash.add(render_statement(plan.statement_root, each.statement));
    }
    return hash.value();
}
/// As above, including the column that matches rows to records.
inline std::uint64_t fingerprint_of(row_plan const& plan, std::string_view identifier_key) {
    stable_hash hash;
    hash.add(std::to_string(fingerprint_of(plan)));
    hash.add(identifier_key);
    return hash.value();
}

template <entity E>
row_plan plan_of(E const& of, std::span<column_codec const> codecs,
                 std::span<column_info const> columns, std::shared_ptr<void const> owner) {
    return {of.base_path(),
            of.statement_root(),
            codecs,
            columns,
            fields_path_or_none(of),
            export_condition_of(of),
            rows_per_export_of<E>,
            contact_fields_in_filters_of(of),
            exports_act<E>,
            required_fields_of<E>,
            &importable_statement<E>,
            &identifying_statement<E>,
            std::move(owner)};
}

template <class Row, entity E>
row_plan plan_for(E const& of) {
    std::shared_ptr<void const> owner;
    if constexpr (detail::binds_fields_of<E, Row>)
        owner = of.owner();
    return detail::plan_of(of, row_codec<Row>, columns_for<Row>(of), std::move(owner));
}

/// Whether an import with this identifier column creates a record for each row in which it is
/// blank.
inline bool makes_records_of_blanks(row_plan const& plan, std::size_t identifier) {
    return plan.identifying(plan.columns[identifier].statement);
}

/// Turns a plan into that of an import with this identifier column. The column is written even if
/// imports normally omit it. Error: `errc::invalid_argument` if no import can write the column.
inline result<void> identify_by(row_plan& plan, std::size_t identifier) {
    if (plan.columns[identifier].importable)
        return {};
    if (!makes_records_of_blanks(plan, identifier))
        return failure(
            errc::invalid_argument,
            "'" + std::string(plan.columns[identifier].key) + "' stands for " +
                render_statement(plan.statement_root, plan.columns[identifier].statement) +
                ", which cannot identify the rows of an import");
    struct shared_columns {
        std::vector<column_info> columns;
        std::shared_ptr<void const> owner;
    };
    auto own = std::make_shared<shared_columns>();
    own->columns.assign(plan.columns.begin(), plan.columns.end());
    own->columns[identifier].importable = true;
    own->owner = std::move(plan.owner);
    plan.columns = own->columns;
    plan.owner = std::move(own);
    return {};
}

/// A column's field as the service lists it; name and type are empty if it does not.
struct listed_field {
    std::string statement;
    std::string name;
    std::string type;
};

/// A client's operations as flows, which must not outlive the engine.
class engine {
public:
    virtual ~engine() = default;

    /// Sends a call and reads the whole response. The call's body must outlive the flow.
    virtual flow<result<response_body>> fetch(endpoint_call what) = 0;
    /// Sends a call whose response is a page of rows, and passes the rows to `sink`. Before reading
    /// the page again it calls `restart` on the sink.
    virtual flow<result<page_envelope>>
    read_page(endpoint_call what, std::span<column_codec const> columns, row_sink& sink) = 0;
    /// See `base_url`.
    virtual flow<result<std::string>> base_url() = 0;
    /// The instance's name, see detail/http/instance.hpp.
    virtual flow<result<std::string>> instance() = 0;
    /// Starts a sync and polls it until it ends.
    virtual flow<result<sync_run>> run_sync(std::string definition_uri) = 0;
    /// Compares a plan's columns with the entity's fields, for one use if it is given.
    virtual flow<result<field_report>> check_fields(row_plan plan, std::optional<field_use> of) = 0;
    /// As above, for an import with this identifier column.
    virtual flow<result<field_report>> check_import(row_plan plan, std::size_t identifier,
                                                    std::optional<import_rule> rule) = 0;
    /// The statements of the columns that are `runtime_field`s, found by name; empty for other
    /// columns.
    virtual flow<result<std::vector<std::string>>> find_statements(row_plan plan) = 0;
    /// The fields of a list (see `row_plan::fields_path`) as columns.
    virtual flow<result<std::vector<record_column>>> list_columns(std::string fields_path) = 0;
    /// How the entity's field list describes the fields of the plan's columns, in their order.
    virtual flow<result<std::vector<listed_field>>> describe_columns(row_plan plan) = 0;
    /// Clears the cache of field lists. Otherwise they are cached as long as the engine lives.
    virtual void forget_fields() = 0;
    /// `filter`: in prefix order; empty: no filter.
    virtual std::unique_ptr<export_job> make_export(row_plan plan, std::vector<filter_node> filter,
                                                    export_options options) = 0;
    /// Imports all rows. `identifier`: index of the column that matches rows to records.
    /// `settings`: what the definition contains in addition to columns and options. `rejects` and
    /// `totals` receive the results. They and `rows` must outlive the flow.
    virtual flow<result<void>> import_rows(row_plan plan, std::size_t identifier, row_cursor& rows,
                                           import_options options, any_import_definition settings,
                                           reject_listener& rejects, import_totals& totals) = 0;
};

#ifdef ELOQUA_BULK_SEPARATE_COMPILATION
std::unique_ptr<engine> make_engine(any_credentials who, client_options options);
template <class Transport>
std::unique_ptr<engine> engine_for(any_credentials who, client_options options) {
    return make_engine(std::move(who), std::move(options));
}
#else
/// Complete in units that construct clients; see `construct_client.hpp`.
template <class Transport>
struct engine_source;
template <class Transport>
std::unique_ptr<engine> engine_for(any_credentials who, client_options options) {
    constexpr bool included = requires { sizeof(engine_source<Transport>); };
    static_assert(included, "eloqua: a unit that constructs a client over a transport of its own "
                            "includes <eloqua/bulk/construct_client.hpp>");
    if constexpr (included)
        return engine_source<Transport>::make(std::move(who), std::move(options));
    else
        return nullptr;
}
#endif

/// A client's state, shared with its operations.
template <class Transport>
struct client_core {
    Transport transport;
    std::unique_ptr<detail::engine> engine;
    client_core(Transport t, std::unique_ptr<detail::engine> e)
        : transport(std::move(t)), engine(std::move(e)) {}
};

template <class Transport>
using core_pointer = std::shared_ptr<client_core<Transport>>;

/// A pass through the rows of an import. It can return to the first row that is not synced yet.
class row_cursor {
public:
    virtual ~row_cursor() = default;

    /// Whether rows can be passed more than once.
    virtual bool can_go_back() const = 0;
    virtual bool at_end() = 0;
    /// The number of rows; 0 if unknown.
    virtual std::int64_t size() const = 0;
    /// The current row, valid until `next`; null if it does not have the columns of this import.
    virtual void const* row() = 0;
    /// Advances to row `number`. The first `synced` rows will not be needed again.
    virtual void next(std::size_t number, std::size_t synced) = 0;
    /// Returns to the row after the first `synced` rows.
    virtual void go_back(std::size_t synced) = 0;
};

inline bool assign_to_record(void* row, std::size_t column, std::string_view text) {
    assign_padded((*static_cast<record*>(row))[column], text);
    return true;
}
inline std::string_view text_of_record(void const* row, std::size_t column, text_scratch&) {
    return (*static_cast<record const*>(row))[column];
}

/// Columns of records for one entity, in the form that jobs use. Refers to data that the columns
/// own.
struct record_plan {
    record_columns columns;
    std::vector<column_codec> codecs;
    std::vector<column_info> infos;

    template <entity E>
    record_plan(record_columns of, E const&) : columns(std::move(of)) {
        for (record_column const& each : *columns.shared()) {
            codecs.push_back({each.key, &place_of_row, &assign_to_record, &text_of_record,
                              strings_have_16_bytes, stored_as::other, value_kind::any, false});
            infos.push_back(
                {each.key, each.statement(), importable_statement<E>(each.statement())});
        }
    }
    std::size_t importable() const {
        return static_cast<std::size_t>(std::ranges::count_if(infos, &column_info::importable));
    }
};

/// The plan of records for an export, if the entity's exports can have these columns. Error:
/// `errc::invalid_argument`.
template <exportable E>
result<std::shared_ptr<record_plan const>> exported_record(E const& of, record_columns columns) {
    auto made = std::make_shared<record_plan const>(std::move(columns), of);
    if (made->codecs.empty())
        return failure(errc::invalid_argument, "an export needs at least one column");
    auto const of_contacts = std::ranges::count_if(
        made->infos, [](column_info const& each) { return is_contact_field(each.statement); });
    if (static_cast<std::size_t>(of_contacts) > contact_fields_per_export_of<E>)
        return failure(errc::invalid_argument, std::to_string(of_contacts) +
                                                   " fields of contacts; an export of this "
                                                   "entity has at most " +
                                                   std::to_string(contact_fields_per_export_of<E>));
    return std::shared_ptr<record_plan const>(std::move(made));
}

/// As above, for an import. Column `identifier` matches rows to records.
template <importable E>
result<std::shared_ptr<record_plan const>> imported_record(E const& of, record_columns columns,
                                                           std::string_view identifier) {
    auto made = std::make_shared<record_plan const>(std::move(columns), of);
    std::size_t const at = made->columns.index_of(identifier);
    bool const own = at != made->infos.size() && made->infos[at].importable;
    if (!own && (at == made->infos.size() || !identifying_statement<E>(made->infos[at].statement)))
        return failure(errc::invalid_argument,
                       "'" + std::string(identifier) + "' is not among the imported columns");
    std::size_t const imported = made->importable() + (own ? 0 : 1);
    if (imported > limits::import_fields)
        return failure(errc::invalid_argument,
                       std::to_string(imported) + " imported columns; at most " +
                           std::to_string(limits::import_fields) + " are allowed");
    return std::shared_ptr<record_plan const>(std::move(made));
}

/// A plan of records as one of arrays with a `std::string_view` for each column.
inline row_plan plan_of_views(row_plan plan) {
    struct view_codecs {
        std::vector<column_codec> codecs;
        std::shared_ptr<void const> records;
    };
    auto made = std::make_shared<view_codecs>();
    for (column_codec const& each : plan.codecs) {
        column_codec codec = codec_of_member<std::string_view>(
            each.key, &place_of_row, &assign_value<std::string_view>, nullptr);
        codec.index = static_cast<std::ptrdiff_t>(made->codecs.size() * sizeof(std::string_view));
        codec.has_16_bytes = true; // the decoder's texts are followed by padding
        codec.kind = each.kind;
        made->codecs.push_back(codec);
    }
    made->records = std::move(plan.owner);
    plan.codecs = made->codecs;
    plan.owner = std::move(made);
    return plan;
}

template <entity E>
row_plan plan_for(E const& of, std::shared_ptr<record_plan const> const& tables) {
    return plan_of(of, tables->codecs, tables->infos, tables);
}

} // namespace eloqua::bulk::detail
