// SPDX-License-Identifier: BSL-1.0
/// \file
/// `record`: rows whose columns are chosen at run time. The same jobs process them as structs.
/// What the compiler checks for structs is checked when the columns are created and when a job
/// starts.
#pragma once

#include <eloqua/bulk/detail/row/filter_messages.hpp>
#include <eloqua/bulk/detail/text/shown.hpp>
#include <eloqua/bulk/error.hpp>
#include <eloqua/bulk/filter.hpp>
#include <eloqua/bulk/limits.hpp>
#include <eloqua/bulk/row.hpp>
#include <eloqua/bulk/utf8.hpp>

#include <boost/assert/source_location.hpp>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace eloqua::bulk {

/// One column of records; created by `field_column`, `attribute_column` and `statement_column`.
struct record_column {
    std::string key; ///< name of the column, also in requests and responses
    statement_kind kind = statement_kind::field; ///< how the statement is written
    std::string text;                            ///< see `statement_kind`

    /// The statement. Valid as long as the column.
    statement_text statement() const { return {kind, text}; }
};

/// The field with this internal name, such as "C_EmailAddress".
[[nodiscard]] inline record_column field_column(std::string key, std::string internal_name) {
    return {std::move(key), statement_kind::field, std::move(internal_name)};
}
/// A system value, such as "UpdatedAt". It is not imported unless the entity says otherwise.
[[nodiscard]] inline record_column attribute_column(std::string key, std::string path) {
    return {std::move(key), statement_kind::attribute, std::move(path)};
}
/// A full statement, such as "{{Contact.Account.Field(M_CompanyName)}}".
[[nodiscard]] inline record_column statement_column(std::string key, std::string statement) {
    return {std::move(key), statement_kind::verbatim, std::move(statement)};
}

/// The columns of records, in order. Copies share them.
class record_columns {
public:
    record_columns() : record_columns(std::vector<record_column>()) {}
    /// Throws `error` with `errc::invalid_argument` for more than 250 columns, a key that is empty
    /// or used twice, a statement that is malformed or used twice, or text that is not UTF-8.
    explicit record_columns(std::vector<record_column> columns)
        : columns_(std::make_shared<std::vector<record_column> const>(std::move(columns))) {
        std::string const wrong = complaint();
        if (!wrong.empty())
            throw_exception_from_error(failure(errc::invalid_argument, wrong),
                                       BOOST_CURRENT_LOCATION);
    }

    /// Number of columns.
    std::size_t size() const { return columns_->size(); }
    /// By index, which must be less than `size()`.
    record_column const& operator[](std::size_t i) const { return (*columns_)[i]; }
    /// The index of the column with this key, or `size()`.
    std::size_t index_of(std::string_view key) const {
        return static_cast<std::size_t>(std::ranges::find(*columns_, key, &record_column::key) -
                                        columns_->begin());
    }
    /// Whether both are copies of the same object.
    friend bool operator==(record_columns const& a, record_columns const& b) {
        return a.columns_ == b.columns_;
    }
    /// The columns, which copies share.
    std::shared_ptr<std::vector<record_column> const> const& shared() const { return columns_; }

private:
    std::string complaint() const {
        if (size() > limits::export_fields)
            return std::to_string(size()) + " columns; at most " +
                   std::to_string(limits::export_fields) + " are allowed";
        // There are few enough columns for a linear search.
        std::vector<statement_text> statements;
        for (record_column const& each : *columns_) {
            if (each.key.empty())
                return "a column without a key";
            if (!is_valid_utf8(each.key) || !is_valid_utf8(each.text))
                return "column '" + detail::shown(each.key) + "': '" + detail::shown(each.text) +
                       "': a key or statement that is not UTF-8";
            for (std::size_t before = 0; before != statements.size(); ++before)
                if ((*columns_)[before].key == each.key)
                    return "two columns have the key '" + each.key + "'";
            bool const whole = each.kind == statement_kind::verbatim;
            std::string_view const text = each.text;
            if (whole && (!text.starts_with("{{") || !text.ends_with("}}")))
                return "column '" + each.key +
                       "': write the full statement, {{Contact.Field(C_City)}}";
            if (each.kind == statement_kind::runtime || !detail::is_spelled_well(each.statement()))
                return "column '" + each.key + "': '" + each.text + "' is not a statement";
            statement_text const same = detail::canonical(each.statement());
            for (statement_text const& before : statements)
                if (before == same)
                    return "column '" + each.key + "': another column has the statement " +
                           each.text + " already; the service would mix up their values";
            statements.push_back(same);
        }
        return {};
    }

    std::shared_ptr<std::vector<record_column> const> columns_;
};

/// A row of texts, one per column; initially blank.
class record {
public:
    record() = default;
    /// With these columns and blank values.
    explicit record(record_columns columns)
        : columns_(std::move(columns)), values_(columns_.size()) {}

    /// The columns, which records of one export share.
    record_columns const& columns() const { return columns_; }
    /// The value of a column. Throws std::out_of_range for an unknown key.
    std::string& operator[](std::string_view key) { return values_[checked(key)]; }
    /// As above, read only.
    std::string const& operator[](std::string_view key) const { return values_[checked(key)]; }
    /// By index of the column, which must exist.
    std::string& operator[](std::size_t i) { return values_[i]; }
    /// As above, read only.
    std::string const& operator[](std::size_t i) const { return values_[i]; }
    /// Number of columns.
    std::size_t size() const { return values_.size(); }
    /// Compares columns, by identity, and values.
    friend bool operator==(record const&, record const&) = default;

private:
    std::size_t checked(std::string_view key) const {
        std::size_t const at = columns_.index_of(key);
        if (at == columns_.size())
            throw std::out_of_range("no column '" + std::string(key) + "'");
        return at;
    }

    record_columns columns_;
    std::vector<std::string> values_;
};

namespace detail {

/// A column of records as the subject of a condition.
struct column_of_record {
    using row = record;
    using type = any_value;
    using restriction = any_entity;
    std::string key;

    filter_node node() const {
        filter_node made{filter_node_kind::column};
        made.left = key;
        return made;
    }
};

} // namespace detail

/// Starts a condition on a column of records: `where_column("C_Country") == "BE"`. It compares
/// with values of every type that a member of a row may have, see `condition_on`. An unknown key
/// is an error of the export.
[[nodiscard]] inline condition_on<detail::column_of_record> where_column(std::string key) {
    return condition_on<detail::column_of_record>(detail::column_of_record{std::move(key)});
}

} // namespace eloqua::bulk
