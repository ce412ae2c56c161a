// SPDX-License-Identifier: BSL-1.0
/// \file
/// The steps that all imports share before they change records: number the rows, reject malformed,
/// empty and incomplete ones, and find the records that they name.
#pragma once

#include <eloqua/bulk/assets.hpp>
#include <eloqua/bulk/simulator/detail/definition_rules.hpp>
#include <eloqua/bulk/simulator/detail/fields.hpp>
#include <eloqua/bulk/simulator/detail/member_actions.hpp>
#include <eloqua/bulk/simulator/detail/records.hpp>
#include <eloqua/bulk/simulator/detail/snapshot.hpp>
#include <eloqua/bulk/simulator/detail/staging.hpp>
#include <eloqua/bulk/simulator/detail/table.hpp>
#include <eloqua/bulk/simulator/detail/values.hpp>
#include <eloqua/bulk/simulator/simulator_options.hpp>
#include <eloqua/bulk/syncs.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace eloqua::bulk::simulation {

/// The records with this value: an id, an external id or a stored value, ignoring case unless
/// `case_sensitive`. None for a blank value.
inline std::vector<position> records_named(table& in, column const& by, std::string_view value,
                                           bool case_sensitive = false) {
    if (by.from == column::source::stored) {
        std::vector<position> found = in.find(by.field, value);
        std::string scratch;
        if (case_sensitive)
            std::erase_if(found, [&](position p) {
                return in.records().value(p, by.field, scratch) != value;
            });
        return found;
    }
    bool const external = by.from == column::source::external_id;
    if (!external && by.from != column::source::id)
        return {};
    std::string_view digits = value;
    if (external) // "CELOQ000000001001"
        digits.remove_prefix(std::min(value.find_first_of("123456789"), value.size()));
    position const p = table::position_of(digits, in.size());
    if (p == no_position)
        return {};
    std::string text;
    if (external)
        append_external_id(text, in.kind, table::first_id + p);
    return external && folded(text) != folded(value) ? std::vector<position>()
                                                     : std::vector<position>{p};
}

/// A row that was rejected, or accepted without some values.
struct rejected_row {
    std::int64_t index; ///< from 1
    std::size_t order;  ///< of its row within the sync
    elq code;
    char const* message;
    packed_values values;                     ///< as pushed
    std::vector<std::size_t> invalid_columns; ///< indexes
};

struct import_counts {
    std::int64_t processed = 0, remaining = 0, cut = 0; ///< rows
    std::int64_t created = 0, updated = 0, linked = 0;  ///< records
    std::int64_t assets = 0;                            ///< of activities, created
    std::map<elq, std::int64_t> refused;                ///< rows
};

struct import_outcome {
    import_counts counts;
    std::vector<rejected_row> rejects;
    action_counts acted;
};

/// The rows of one sync and the results for them.
class import_pass {
public:
    struct row {
        staged_row* from;
        std::int64_t index;
        std::size_t order;
        std::vector<std::size_t> cut; ///< columns whose values cannot be stored
        bool refused = false;
    };

    import_pass(std::vector<checked_import::named_column> const& columns,
                std::vector<staged_request>& requests, simulator_options const& options)
        : columns_(columns), options_(options), needed_(columns.size()) {
        for (staged_request& each : requests) {
            std::int64_t index =
                options.record_index_per_request ? 0 : static_cast<std::int64_t>(rows.size());
            for (staged_row& staged : each.rows)
                rows.push_back({&staged, ++index, rows.size(), {}, false});
        }
        out.counts.processed = static_cast<std::int64_t>(rows.size());
    }

    /// Rejects rows without a value in this column.
    void need(std::size_t at) { needed_[at] = true; }
    void check_rows() {
        for (row& each : rows)
            check(each);
    }
    std::string_view value(row const& r, std::size_t at) const { return r.from->values.get(at); }
    column const& target(std::size_t at) const { return columns_[at].into; }
    void report(row const& r, elq code, char const* message, std::vector<std::size_t> invalid) {
        out.rejects.push_back(
            {r.index, r.order, code, message, r.from->values, std::move(invalid)});
    }
    void refuse(row& r, elq code, char const* message, std::vector<std::size_t> invalid) {
        r.refused = true;
        ++out.counts.refused[code];
        report(r, code, message, std::move(invalid));
    }
    /// Reports a row that is accepted without the values that cannot be stored.
    void report_cut(row const& r) {
        if (r.cut.empty())
            return;
        ++out.counts.cut;
        report(r, elq::rejected_fields_only, "Invalid field values.", r.cut);
    }
    /// Calls `take(row)` for each row not rejected yet. Returns the results of all rows.
    template <class Take>
    import_outcome take_all(Take take) {
        out.counts.remaining = std::ranges::count(rows, false, &row::refused);
        for (row& each : rows)
            if (!each.refused)
                take(each);
        std::ranges::sort(out.rejects, {}, &rejected_row::order);
        return std::move(out);
    }

    std::vector<row> rows;
    import_outcome out;

private:
    void check(row& r) {
        if (r.from->rejected_with != elq{})
            return refuse(r, r.from->rejected_with, "Rejected record.", {});
        if (r.from->malformed)
            return refuse(r, elq::malformed_record, "Malformed record.", {});
        bool blank = true, bad_need = false;
        std::vector<std::size_t> missing, bad_addresses;
        for (std::size_t i = 0; i != columns_.size(); ++i) {
            std::string_view const v = value(r, i);
            blank &= v.empty();
            if (v.empty()) {
                if (needed_[i])
                    missing.push_back(i);
            } else if (target(i).type == data_type::emailAddress) {
                if (!plausible_email(v))
                    bad_addresses.push_back(i);
            } else if (target(i).of == column::owner::self &&
                       !stored_form(v, target(i).type, options_)) {
                r.cut.push_back(i);
                bad_need |= needed_[i];
            }
        }
        if (blank)
            return refuse(r, elq::empty_record, "Empty record.", {});
        if (!missing.empty())
            return refuse(r, elq::missing_fields, "Missing fields.", std::move(missing));
        if (!bad_addresses.empty())
            return refuse(r, elq::invalid_email_address, "Invalid email address.",
                          std::move(bad_addresses));
        if (bad_need)
            return refuse(r, elq::malformed_record, "Malformed record.", r.cut);
        if (std::ranges::any_of(r.cut, [&](std::size_t i) { return target(i).unique; }))
            refuse(r, elq::rejected_fields_only, "Invalid field values.", r.cut);
    }

    std::vector<checked_import::named_column> const& columns_;
    simulator_options const& options_;
    std::vector<bool> needed_; ///< by column
};

} // namespace eloqua::bulk::simulation
