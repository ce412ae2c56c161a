// SPDX-License-Identifier: BSL-1.0
/// \file
/// Columns of records as the jobs know columns.
#pragma once

#include <eloqua/bulk/client/engine.hpp>
#include <eloqua/bulk/codec/row_codec.hpp>
#include <eloqua/bulk/error.hpp>
#include <eloqua/bulk/schema/entity.hpp>
#include <eloqua/bulk/schema/fields.hpp>
#include <eloqua/bulk/schema/limits.hpp>
#include <eloqua/bulk/schema/record.hpp>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace eloqua::bulk {

namespace detail {

inline bool assign_to_record(void* row, std::size_t column, std::string_view text) {
    assign_padded((*static_cast<record*>(row))[column], text);
    return true;
}
inline std::string_view text_of_record(void const* row, std::size_t column, text_scratch&) {
    return (*static_cast<record const*>(row))[column];
}

/// Columns of records as the jobs know them, for one entity. Views what the columns share.
struct record_tables {
    record_columns columns;
    std::vector<column_codec> codecs;
    std::vector<column_info> infos;

    template <entity E>
    record_tables(record_columns of, E const&) : columns(std::move(of)) {
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

/// The tables of records, if an export of the entity can have these columns.
/// Error: `errc::invalid_argument`.
template <exportable E>
result<std::shared_ptr<record_tables const>> exported_record(E const& of, record_columns columns) {
    auto made = std::make_shared<record_tables const>(std::move(columns), of);
    if (made->codecs.empty())
        return failure(errc::invalid_argument, "an export has at least one column");
    auto const of_contacts = std::ranges::count_if(
        made->infos, [](column_info const& each) { return is_contact_field(each.statement); });
    if (static_cast<std::size_t>(of_contacts) > contact_fields_per_export_of<E>)
        return failure(errc::invalid_argument, std::to_string(of_contacts) +
                                                   " fields of contacts; an export of this "
                                                   "entity has at most " +
                                                   std::to_string(contact_fields_per_export_of<E>));
    return std::shared_ptr<record_tables const>(std::move(made));
}

/// As above, for an import, whose rows are matched by column `identifier`.
template <importable E>
result<std::shared_ptr<record_tables const>> imported_record(E const& of, record_columns columns,
                                                             std::string_view identifier) {
    auto made = std::make_shared<record_tables const>(std::move(columns), of);
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
    return std::shared_ptr<record_tables const>(std::move(made));
}

template <entity E>
row_plan plan_for(E const& of, std::shared_ptr<record_tables const> const& tables) {
    return {of.base_path(),
            of.statement_root(),
            tables->codecs,
            tables->infos,
            fields_path_or_none(of),
            export_condition_of(of),
            rows_per_export_of<E>,
            contact_fields_in_filters_of(of),
            needed_fields_of<E>,
            &importable_statement<E>,
            &identifying_statement<E>,
            tables};
}

} // namespace detail

} // namespace eloqua::bulk
