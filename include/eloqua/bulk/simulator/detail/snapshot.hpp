// SPDX-License-Identifier: BSL-1.0
/// \file
/// The data of an export: the records at the time its sync started. Also US Eastern time, the time
/// zone of the service's servers.
#pragma once

#include <eloqua/bulk/simulator/detail/store.hpp>
#include <eloqua/bulk/simulator/detail/values.hpp>
#include <eloqua/bulk/simulator/simulator_options.hpp>
#include <eloqua/bulk/time.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace eloqua::bulk::simulation {

/// The offset of Eastern time from UTC, a negative duration, by the rules since 1967 (without the
/// exceptions of 1974 and 1975).
inline std::chrono::hours eastern_offset(std::chrono::sys_seconds utc) {
    using namespace std::chrono;
    year const y = year_month_day(floor<days>(utc)).year();
    sys_days first, last;
    if (y >= year(2007)) {
        first = y / March / Sunday[2];
        last = y / November / Sunday[1];
    } else {
        first = y >= year(1987) ? sys_days(y / April / Sunday[1])
                                : sys_days(y / April / Sunday[std::chrono::last]);
        last = y / October / Sunday[std::chrono::last];
    }
    // Both changes are at 02:00 of the time then in force.
    bool const daylight = utc >= first + hours(7) && utc < last + hours(6);
    return daylight ? hours(-4) : hours(-5);
}

/// The duration to add to an Eastern time to get UTC. An ambiguous time is daylight saving time,
/// and one that does not exist is standard time; the other way round if `standard`.
inline std::chrono::seconds eastern_to_utc(std::chrono::sys_seconds local, bool standard = false) {
    using namespace std::chrono;
    sys_seconds const daylight = local + hours(4);
    if (standard)
        return eastern_offset(local + hours(5)) == hours(-5) ? hours(5) : hours(4);
    return eastern_offset(daylight) == hours(-4) ? hours(4) : hours(5);
}

/// The text of an id as other systems use it: "CELOQ000000001001".
inline void append_external_id(std::string& out, table_kind kind, std::int64_t id) {
    out += rules_of(kind).external_id;
    detail::append_padded(out, id, 12);
}

/// The records of other tables that an export reads.
struct related_records {
    bool any = false;
    position campaign = no_position; ///< of the app's execution that filters the export

    void add(column const& c) { any |= c.of != column::owner::self; }
    void add(related_records const& other) {
        any |= other.any;
        if (other.campaign != no_position)
            campaign = other.campaign;
    }
};

/// Reads values of records by column.
class snapshot {
public:
    snapshot(store const& s, table const& of, related_records related, bool utc,
             simulator_options const& o)
        : kind_(of.kind), rows_(of.records()), campaign_(related.campaign), utc_(utc),
          true_(o.true_text), false_(o.false_text) {
        if (!related.any)
            return;
        accounts_ = s.accounts().records();
        contacts_ = s.contacts().records();
        campaigns_ = s.of(table_kind::campaigns).records();
        campaign_id_ = of.field_by_name("CampaignId");
        if (kind_ != table_kind::contacts)
            return;
        company_ = of.field_by_name("C_Company").value();
        account_name_ = s.accounts().field_by_name("M_CompanyName").value();
        std::string scratch;
        auto const add = [&](position p) {
            account_by_name_.emplace(folded(accounts_.value(p, account_name_, scratch)), p);
        };
        if (accounts_.finder(account_name_))
            accounts_.for_each_stored(add);
        else
            for (std::size_t p = 0; p != accounts_.size(); ++p)
                add(static_cast<position>(p));
    }

    std::size_t size() const { return rows_.size(); }

    /// The value as text: a view of the record, of this object or of `scratch`.
    std::string_view value(column const& c, position p, std::string& scratch) const {
        if (c.of == column::owner::self)
            return value_of(rows_, kind_, c, p, scratch);
        position const other = linked(c.of, p, scratch);
        if (other == no_position)
            return {};
        return c.of == column::owner::account
                   ? value_of(accounts_, table_kind::accounts, c, other, scratch)
               : c.of == column::owner::contact
                   ? value_of(contacts_, table_kind::contacts, c, other, scratch)
                   : value_of(campaigns_, table_kind::campaigns, c, other, scratch);
    }
    /// Whether the record is stored. Otherwise a population computes it.
    bool is_stored(position p) const { return rows_.find(p) != nullptr; }
    /// Appends a value of a record that is not stored. Does nothing and returns false for columns
    /// that only `value` reads.
    bool append_computed(column const& c, position p, std::string& out) const {
        if (c.of != column::owner::self)
            return false;
        if (c.from != column::source::stored)
            return append_system_value(rows_, c, p, out);
        rows_.compute(p, c.field, out);
        return true;
    }
    /// A system time of the record itself; empty for other columns.
    std::optional<timestamp> time(column const& c, position p) const {
        if (c.of != column::owner::self)
            return std::nullopt;
        if (c.from == column::source::created_at)
            return rows_.created_at(p);
        if (c.from == column::source::updated_at)
            return rows_.updated_at(p);
        return std::nullopt;
    }
    bool utc() const { return utc_; }

private:
    position linked(column::owner owner, position p, std::string& scratch) const {
        if (owner == column::owner::campaign)
            return campaign_of(p, scratch);
        bool const account = owner == column::owner::account;
        if (account && kind_ == table_kind::contacts)
            return account_named(rows_.value(p, company_, scratch));
        position const link = rows_.link(p, account);
        return link < (account ? accounts_ : contacts_).size() ? link : no_position;
    }
    /// The first account with this name, stored or computed.
    position account_named(std::string_view company) const {
        std::string const wanted = folded(company);
        auto const found = account_by_name_.find(wanted);
        position first = found == account_by_name_.end() ? no_position : found->second;
        std::string scratch;
        if (population::finder const* const finder = accounts_.finder(account_name_))
            for (std::int64_t const each : (*finder)(company)) {
                auto const p = static_cast<position>(each);
                if (p < first && folded(accounts_.value(p, account_name_, scratch)) == wanted)
                    first = p;
            }
        return first;
    }
    position campaign_of(position p, std::string& scratch) const {
        if (!campaign_id_)
            return campaign_;
        std::string_view const text = rows_.value(p, *campaign_id_, scratch);
        return table::position_of(text, campaigns_.size());
    }
    std::string_view value_of(record_set const& of, table_kind kind, column const& c, position p,
                              std::string& scratch) const {
        using source = column::source;
        if (c.from == source::stored)
            return of.value(p, c.field, scratch);
        record const* const r = of.find(p);
        scratch.clear();
        if (append_system_value(of, c, p, scratch))
            return scratch;
        switch (c.from) {
        case source::external_id:
            if (std::string_view const own = r ? r->values.get(c.field) : ""; !own.empty())
                return own;
            append_external_id(scratch, kind, table::first_id + p);
            return scratch;
        case source::is_subscribed:
            return !r || r->subscribed ? true_ : false_;
        case source::is_bounced:
            return r && r->bounced ? true_ : false_;
        case source::email_format:
            return "Html";
        default:
            break;
        }
        return {};
    }
    /// Appends an id or a system time; false for other columns.
    bool append_system_value(record_set const& of, column const& c, position p,
                             std::string& out) const {
        if (c.from == column::source::id)
            append_number(out, table::first_id + p);
        else if (c.from == column::source::created_at)
            append_system_time(out, of.created_at(p));
        else if (c.from == column::source::updated_at)
            append_system_time(out, of.updated_at(p));
        else
            return false;
        return true;
    }
    void append_system_time(std::string& out, timestamp t) const {
        auto ms = std::chrono::floor<std::chrono::milliseconds>(t);
        if (!utc_)
            ms += eastern_offset(std::chrono::floor<std::chrono::seconds>(t));
        (void)append_time(out, ms); // a time without text is blank
    }

    table_kind kind_;
    record_set rows_, accounts_, contacts_, campaigns_;
    position campaign_;
    std::optional<std::size_t> campaign_id_; ///< the field
    std::unordered_map<std::string, position> account_by_name_;
    std::size_t company_ = 0, account_name_ = 0; ///< fields
    bool utc_;
    std::string true_, false_;
};

/// The rows of one export: a snapshot, the selected records and their keys.
struct exported_rows {
    struct named_column {
        std::string key;
        column from;
    };
    snapshot records;
    std::vector<named_column> columns;
    std::size_t size = 0;
    /// The selected records; empty: the first `size` records.
    std::optional<std::vector<position>> selected;
    bool reordered = false; ///< by a fault

    position at(std::size_t row) const {
        return selected ? (*selected)[row] : static_cast<position>(row);
    }
};

} // namespace eloqua::bulk::simulation
