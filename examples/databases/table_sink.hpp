// SPDX-License-Identifier: BSL-1.0
// The part of a store that is the same for all databases: which statements run in which
// transaction.
#pragma once

#include <eloqua/bulk/error.hpp>
#include <eloqua/bulk/export.hpp>
#include <eloqua/bulk/export_checkpoint.hpp>
#include <eloqua/bulk/record.hpp>
#include <eloqua/bulk/time.hpp>

#include "table.hpp"
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

/// Stores the records of an export in a table, as `bulk::checkpointed_sink`.
///
/// - Rows go to a staging table, each batch in one transaction with its checkpoint. `complete`
///   moves them to the table, in one transaction with "complete": it merges them by key, the last
///   of repeated keys wins, or it replaces all rows. So the table always has the rows of a
///   complete export; those of the previous one stay until the new one is complete. A complete
///   export without rows empties the table, unless rows are merged.
/// - A blank value is stored as NULL, or as an empty text in a column that is NOT NULL. All other
///   texts are stored exactly as they came. A row with a blank key is an error.
/// - The table `eloqua_export` has the subject, the checkpoint and the state of each table's
///   export. Without a key, the table must be empty or have only rows of earlier exports: if it
///   may have others, the export is refused. What others insert later is replaced with the rest.
/// - Rows of one instance only: an export from another one is refused while the table has rows.
/// - For exports of changes, the table `eloqua_export` also has a copy of the mark. It counts
///   only as long as the table has rows. It does not show that somebody deleted some of the rows,
///   or restored this table without `eloqua_export`.
/// - One export at a time: the constructor fails if another process exports into the table. Every
///   transaction also verifies that the stored checkpoint is the one that this object wrote.
///
/// Functions return `errc::store_failed` with the database's words, `errc::invalid_checkpoint` if
/// the table has another export, `errc::in_use` if another process changed it, and for a lost
/// connection a code of `condition::try_later`. After any of them, a new object resumes from what
/// is stored.
class table_sink {
public:
    table_sink(table_sink const&) = delete;
    virtual ~table_sink() = default;

    eloqua::bulk::result<std::optional<eloqua::bulk::sink_progress>> last() try {
        std::optional<eloqua::bulk::sink_progress> found = read_progress();
        if (stored_ && stored_->unfinished() && stored_->of_changes && !options_.of_changes)
            refuse(eloqua::bulk::errc::other_export, "it has an unfinished export of changes",
                   "finish it in the same way first, or " + how_to_forget());
        return found;
    } catch (eloqua::bulk::error const& e) {
        return e.get_failure();
    }
    eloqua::bulk::result<void> begun(eloqua::bulk::export_checkpoint const& at) {
        return store({}, at, false);
    }
    eloqua::bulk::result<void> append(std::span<eloqua::bulk::record const> rows,
                                      eloqua::bulk::export_checkpoint const& at) {
        return store(rows, at, false);
    }
    eloqua::bulk::result<void> complete(eloqua::bulk::export_checkpoint const& at) {
        return store({}, at, true);
    }
    /// Up to which time the table has all changes; empty if it has no rows of such exports. Error:
    /// `errc::invalid_argument` without a key, by which rows of changes are merged.
    eloqua::bulk::result<std::optional<eloqua::bulk::timestamp>> changes_until();
    eloqua::bulk::result<void>
    set_changes_until(std::optional<eloqua::bulk::timestamp> const& until);
    /// Forgets an unfinished export, so that the next one starts over. The table keeps its rows.
    eloqua::bulk::result<void> clear();

protected:
    /// A row of a result; empty: NULL.
    using values = std::vector<std::optional<std::string>>;
    struct column {
        std::string name;
        bool not_null = false;
    };

    /// `table`: without its schema.
    table_sink(table_options options, std::string table, bool ignores_case)
        : options_(std::move(options)), table_(std::move(table)), ignores_case_(ignores_case) {
        databases::check_options(options_, table_, ignores_case_);
    }

    // The following functions throw `bulk::error`.

    /// Runs a statement with parameters $1, $2 ... and returns its rows.
    virtual std::vector<values> query(std::string const& sql,
                                      std::vector<std::string> const& parameters) = 0;
    /// Runs a statement and returns how many rows it changed.
    virtual std::int64_t change(std::string const& sql,
                                std::vector<std::string> const& parameters) = 0;
    virtual void begin() = 0;
    virtual void commit() = 0;
    virtual void rollback() noexcept = 0;
    /// The columns of a table; empty if it does not exist.
    virtual std::optional<std::vector<column>> columns_of(std::string const& table) = 0;
    /// The statement that creates the staging table.
    virtual std::string staging_sql() const = 0;
    /// Called in the transaction that creates the state table.
    virtual void lock_state() {}
    /// Throws if the database cannot store the text.
    virtual void check_text(std::string_view) const {}
    /// Writes rows to the staging table: `number` and up. `at[i]`: index of `columns()[i]`.
    virtual void write(std::span<eloqua::bulk::record const> rows, std::int64_t number,
                       std::span<std::size_t const> at) = 0;

    table_options const& options() const { return options_; }
    std::vector<std::string> const& columns() const { return options_.columns; }
    std::string const& table() const { return table_; }
    /// The names of the tables as identifiers in SQL. `schema`: in SQL, with a dot, or empty.
    /// `state_key`: the table's name in the state table.
    void set_names(std::string const& schema, std::string state_key) {
        target_ = schema + databases::quoted(table_);
        state_ = schema + databases::quoted(databases::state_table);
        staging_ = schema + databases::quoted(staging());
        state_key_ = std::move(state_key);
    }
    std::string const& target_sql() const { return target_; }
    std::string const& staging_name_sql() const { return staging_; }
    std::string staging() const { return std::string(databases::staging_prefix) + table_; }
    bool blank_is_null(std::size_t i) const { return not_null_.empty() || !not_null_[i]; }
    /// The columns as a list in SQL.
    std::string column_list() const {
        std::string list;
        for (std::string const& each : columns())
            list += (list.empty() ? "" : ", ") + databases::quoted(each);
        return list;
    }
    /// Checks an existing table before anything is written. Call it in the constructor.
    void inspect();

private:
    struct stored_state {
        std::string subject, key, checkpoint;
        bool complete = false;
        bool of_changes = false; ///< of an unfinished export
        /// As in the column "complete": 0, 1, or 2 for an unfinished export of changes.
        std::string text() const { return complete ? "1" : of_changes ? "2" : "0"; }
        /// What the checkpoint says, which must be one.
        eloqua::bulk::export_checkpoint at() const {
            return eloqua::bulk::export_checkpoint::parse(checkpoint).value();
        }
        /// Whether an export has begun and is not complete.
        bool unfinished() const { return !complete && !checkpoint.empty() && !is_cleared(); }
        /// Whether the checkpoint has nothing but the instance.
        bool is_cleared() const {
            auto const read = eloqua::bulk::export_checkpoint::parse(checkpoint);
            return read && checkpoint == with_instance_of(*read).text();
        }
    };
    static eloqua::bulk::export_checkpoint
    with_instance_of(eloqua::bulk::export_checkpoint const& of) {
        eloqua::bulk::export_checkpoint made;
        made.instance = of.instance;
        return made;
    }

    [[noreturn]] void refuse(eloqua::bulk::errc code, std::string const& why,
                             std::string advice = "") const {
        databases::fail(code, "table " + databases::named(table_) + ": " + why, std::move(advice));
    }
    bool keeps_marks();
    void create_missing(bool fresh);
    void keep(std::string const& checkpoint, bool complete);
    std::string insert_sql(std::string const& source) const;
    std::vector<std::size_t> check_rows(std::span<eloqua::bulk::record const> rows,
                                        std::int64_t number) const;
    void check_moved(std::int64_t changed, std::int64_t staged);
    void check_instance(eloqua::bulk::export_checkpoint const& at);
    std::optional<eloqua::bulk::sink_progress> find_progress();
    std::optional<eloqua::bulk::sink_progress> read_progress() {
        read_ = false;
        std::optional<eloqua::bulk::sink_progress> found = find_progress();
        read_ = true;
        return found;
    }
    eloqua::bulk::result<void> store(std::span<eloqua::bulk::record const> rows,
                                     eloqua::bulk::export_checkpoint const& at, bool complete);
    /// How to give up what is stored about the table.
    std::string how_to_forget() const {
        return "use another table, or give up the stored export: DELETE FROM " + state_ +
               " WHERE table_name = " + databases::literal(state_key_) + "; DROP TABLE IF EXISTS " +
               staging_;
    }

    table_options options_;
    std::string table_, target_, state_, staging_, state_key_;
    bool ignores_case_;
    bool target_exists_ = false, state_exists_ = false;
    bool keeps_marks_ = false; ///< whether the state table has the column for that
    bool read_ = false;        ///< whether the two members below are those of the database
    std::optional<stored_state> stored_;
    std::int64_t rows_ = 0;      ///< in the staging table
    std::vector<bool> not_null_; ///< by column; empty: the table does not exist yet
};

inline void table_sink::inspect() {
    using databases::named;
    std::optional<std::vector<column>> const has = columns_of(table_);
    target_exists_ = has.has_value();
    if (!has)
        return;
    std::string missing, similar;
    for (std::string const& each : columns()) {
        auto same = [&](column const& c) {
            return ignores_case_ ? databases::equal_without_case(c.name, each) : c.name == each;
        };
        auto const found = std::ranges::find_if(*has, same);
        if (found != has->end()) {
            not_null_.push_back(found->not_null);
            continue;
        }
        missing += (missing.empty() ? "" : ", ") + named(each);
        for (column const& c : *has)
            if (databases::equal_without_case(c.name, each))
                similar += (similar.empty() ? "" : ", ") + named(c.name);
    }
    if (!missing.empty())
        refuse(eloqua::bulk::errc::store_failed,
               "it exists, but does not have the columns " + missing +
                   (similar.empty() ? "" : "; it has " + similar + ", and letter case matters"),
               "add them, or export into another table");
    // What `complete` will do must be possible: the database plans it without running it.
    std::string const itself = "(SELECT " + column_list() + ", CAST(NULL AS bigint) AS " +
                               std::string(databases::row_number_column) + " FROM " + target_ + ")";
    try {
        (void)query("EXPLAIN " + insert_sql(itself), {});
    } catch (eloqua::bulk::error const& e) {
        eloqua::bulk::failure why = e.get_failure();
        std::string_view const said = why.info.detail;
        // What SQLite and PostgreSQL say, the latter in any language.
        if (options_.key &&
            (said.find("ON CONFLICT clause") != said.npos || said.ends_with("(SQLSTATE 42P10)")))
            why.info.advice = "the key needs a unique index: CREATE UNIQUE INDEX " +
                              databases::quoted(table_ + "_key") + " ON " + target_ + " (" +
                              databases::quoted(*options_.key) + ")";
        throw eloqua::bulk::error(why);
    }
}

/// Copies rows from the staging table, or from `source` in its place, to the table.
inline std::string table_sink::insert_sql(std::string const& source) const {
    std::string const number(databases::row_number_column), list = column_list();
    std::string const insert = "INSERT INTO " + target_ + " (" + list + ") SELECT " + list;
    if (!options_.key)
        return insert + " FROM " + source + " AS s ORDER BY " + number;
    std::string const rank(databases::row_rank_column), key = databases::quoted(*options_.key);
    std::string changes;
    for (std::string const& each : columns())
        if (each != *options_.key)
            changes += (changes.empty() ? "" : ", ") + databases::quoted(each) + " = excluded." +
                       databases::quoted(each);
    return insert + " FROM (SELECT " + list + ", " + number + ", row_number() OVER (PARTITION BY " +
           key + " ORDER BY " + number + " DESC) AS " + rank + " FROM " + source +
           " AS r) AS s WHERE " + rank + " = 1 ORDER BY " + number + " ON CONFLICT (" + key +
           ") DO " + (changes.empty() ? "NOTHING" : "UPDATE SET " + changes);
}

inline std::optional<eloqua::bulk::sink_progress> table_sink::find_progress() {
    using databases::named;
    using eloqua::bulk::errc;
    state_exists_ = columns_of(std::string(databases::state_table)).has_value();
    keeps_marks_ = keeps_marks();
    stored_.reset();
    rows_ = 0;
    if (state_exists_) {
        auto const found = query("SELECT subject, merge_key, checkpoint, complete FROM " + state_ +
                                     " WHERE table_name = $1",
                                 {state_key_});
        if (!found.empty()) {
            values const& v = found.front();
            stored_ = stored_state{v[0].value_or(""), v[1].value_or(""), v[2].value_or(""),
                                   v[3] == "1", v[3] == "2"};
        }
    }
    bool const unfinished = stored_ && stored_->unfinished();
    bool const has_others = !stored_ || (!unfinished && !stored_->key.empty());
    if (has_others && target_exists_ && !options_.key &&
        !query("SELECT 1 FROM " + target_ + " LIMIT 1", {}).empty())
        refuse(errc::store_failed,
               "it has rows that may not come from an export, and a new export would delete them",
               "empty it, or export into another table, or merge by a key");
    if (!stored_)
        return std::nullopt;
    if (stored_->subject != options_.subject)
        refuse(errc::invalid_checkpoint,
               std::string("it has ") + (unfinished ? "an unfinished" : "an") +
                   " export of another subject: " +
                   databases::named_difference(stored_->subject, options_.subject),
               how_to_forget());
    if (stored_->checkpoint.empty() || (!stored_->complete && !unfinished))
        return std::nullopt;
    auto const at = eloqua::bulk::export_checkpoint::parse(stored_->checkpoint);
    if (!at)
        refuse(errc::invalid_checkpoint, at.error().info.detail, how_to_forget());
    if (stored_->complete) {
        if (options_.replace_complete || !target_exists_)
            return std::nullopt;
        return eloqua::bulk::sink_progress{*at, true};
    }
    if (stored_->key != options_.key.value_or(""))
        refuse(errc::invalid_checkpoint,
               "it has an unfinished export with " +
                   (stored_->key.empty() ? "no key" : "the key " + named(stored_->key)),
               "finish it in the same way first, or " + how_to_forget());
    if (!columns_of(staging()))
        refuse(errc::store_failed,
               "the rows of its unfinished export are gone: there is no table " + named(staging()),
               how_to_forget());
    auto const counted = query("SELECT count(*) FROM " + staging_, {});
    if (counted.front().front() != std::to_string(at->rows))
        refuse(errc::store_failed,
               "its unfinished export has " + counted.front().front().value_or("?") +
                   " rows in table " + named(staging()) + ", but its checkpoint says " +
                   std::to_string(at->rows),
               how_to_forget());
    rows_ = at->rows;
    return eloqua::bulk::sink_progress{*at, false};
}

/// Earlier versions created the table without this column.
inline bool table_sink::keeps_marks() {
    auto const has = columns_of(std::string(databases::state_table));
    return has && std::ranges::any_of(
                      *has, [](column const& each) { return each.name == "changes_until"; });
}

/// Creates the tables that are missing, and for a new export an empty staging table.
inline void table_sink::create_missing(bool fresh) {
    if (!state_exists_ || !keeps_marks_) {
        lock_state();
        (void)change("CREATE TABLE IF NOT EXISTS " + state_ +
                         " (table_name text PRIMARY KEY, subject text NOT NULL, merge_key text NOT "
                         "NULL, checkpoint text NOT NULL, complete integer NOT NULL, "
                         "changes_until text)",
                     {});
        if (!keeps_marks())
            (void)change("ALTER TABLE " + state_ + " ADD COLUMN changes_until text", {});
    }
    if (!target_exists_) {
        std::string made;
        for (std::string const& each : columns())
            made += (made.empty() ? "" : ", ") + databases::quoted(each) + " text" +
                    (each == options_.key ? " NOT NULL PRIMARY KEY" : "");
        (void)change("CREATE TABLE " + target_ + " (" + made + ")", {});
    }
    if (fresh) {
        (void)change("UPDATE " + state_ + " SET changes_until = NULL WHERE table_name = $1 AND " +
                         "NOT EXISTS (SELECT 1 FROM " + target_ + ")",
                     {state_key_});
        (void)change("DROP TABLE IF EXISTS " + staging_, {});
        (void)change(staging_sql(), {});
    }
}

/// Stores the checkpoint, if the stored one is still that of this object.
inline void table_sink::keep(std::string const& checkpoint, bool complete) {
    std::string const key = options_.key.value_or("");
    std::string const done = stored_state{{}, {}, {}, complete, options_.of_changes}.text();
    std::int64_t const changed =
        stored_ ? change("UPDATE " + state_ +
                             " SET checkpoint = $1, complete = CAST($2 AS integer), merge_key = $3 "
                             "WHERE table_name = $4 AND checkpoint = $5 AND complete = CAST($6 AS "
                             "integer)",
                         {checkpoint, done, key, state_key_, stored_->checkpoint, stored_->text()})
                : change("INSERT INTO " + state_ +
                             " (table_name, subject, merge_key, checkpoint, complete) VALUES ($1, "
                             "$2, $3, $4, CAST($5 AS integer)) ON CONFLICT (table_name) DO NOTHING",
                         {state_key_, options_.subject, key, checkpoint, done});
    if (changed != 1)
        refuse(eloqua::bulk::errc::in_use, "another process has changed its export",
               "run only one export into it at a time, and run this one again");
}

/// Throws for rows that must not be stored. Returns the index of each column in the records.
inline std::vector<std::size_t> table_sink::check_rows(std::span<eloqua::bulk::record const> rows,
                                                       std::int64_t number) const {
    using databases::named;
    using eloqua::bulk::errc;
    std::vector<std::size_t> at;
    if (rows.empty())
        return at;
    eloqua::bulk::record_columns const& has = rows.front().columns();
    for (std::string const& each : columns()) {
        at.push_back(has.index_of(each));
        if (at.back() == has.size())
            refuse(errc::invalid_argument, "the exported records have no column " + named(each));
    }
    for (eloqua::bulk::record const& row : rows) {
        auto where = [&](std::size_t i) {
            return "row " + std::to_string(number + (&row - rows.data())) + ", column " +
                   named(columns()[i]) + ": ";
        };
        if (!(row.columns() == has))
            refuse(errc::invalid_argument, "the exported records have different columns");
        for (std::size_t i = 0; i != at.size(); ++i) {
            if (row[at[i]].empty() && columns()[i] == options_.key)
                refuse(errc::store_failed, where(i) + "the key is blank",
                       "exclude such rows by a filter, or merge by another column, such as an id");
            try {
                check_text(row[at[i]]);
            } catch (eloqua::bulk::error const& e) {
                refuse(errc::store_failed, where(i) + e.info().detail, e.info().advice);
            }
        }
    }
    return at;
}

/// Throws if the table took fewer rows than it was given, by a trigger or a rule of its own.
/// `changed`: what the database counted; `staged`: rows of the export.
inline void table_sink::check_moved(std::int64_t changed, std::int64_t staged) {
    auto const count = [this](std::string const& what, std::string const& of) {
        std::string const sql = "SELECT CAST(count(" + what + ") AS text) FROM " + of;
        return std::stoll(query(sql, {}).front().front().value());
    };
    if (options_.key && columns().size() == 1) // rows that are there already do not change
        return;
    std::int64_t const has = options_.key ? changed : count("*", target_);
    std::int64_t const wanted =
        options_.key ? count("DISTINCT " + databases::quoted(*options_.key), staging_) : staged;
    if (has < wanted) // others may have added rows
        refuse(eloqua::bulk::errc::store_failed,
               "it took " + std::to_string(has) + " of " + std::to_string(wanted) +
                   " rows, so it was left as it was",
               "it may have a trigger, a rule or a constraint that drops rows");
}

/// Throws if a new export would be merged with rows of another instance, or replace them.
inline void table_sink::check_instance(eloqua::bulk::export_checkpoint const& at) {
    using databases::named;
    if (!stored_ || stored_->checkpoint.empty() || !target_exists_)
        return;
    eloqua::bulk::export_checkpoint const before = stored_->at();
    if (at.is_of_other_instance_than(before) &&
        !query("SELECT 1 FROM " + target_ + " LIMIT 1", {}).empty())
        refuse(eloqua::bulk::errc::invalid_checkpoint,
               "its rows belong to the instance " + named(before.instance) + ", but this is " +
                   named(at.instance),
               "use another table, or empty this one");
}

inline eloqua::bulk::result<void> table_sink::store(std::span<eloqua::bulk::record const> rows,
                                                    eloqua::bulk::export_checkpoint const& at,
                                                    bool complete) {
    bool begun = false;
    try {
        if (!read_)
            (void)read_progress();
        bool const fresh = !stored_ || !stored_->unfinished();
        std::int64_t const number = at.rows - static_cast<std::int64_t>(rows.size());
        if (number != (fresh ? 0 : rows_))
            refuse(eloqua::bulk::errc::invalid_checkpoint,
                   "it has " + std::to_string(fresh ? 0 : rows_) +
                       " rows of the export, but the next one has the number " +
                       std::to_string(number));
        std::vector<std::size_t> const indices = check_rows(rows, number);
        if (fresh)
            check_instance(at);
        begun = true;
        begin();
        create_missing(fresh);
        keep(at.text(), complete);
        if (!rows.empty())
            write(rows, number, indices);
        if (complete) {
            if (!options_.key)
                (void)change("DELETE FROM " + target_, {});
            check_moved(change(insert_sql(staging_), {}), at.rows);
            (void)change("DROP TABLE " + staging_, {});
        }
        commit();
        stored_ = stored_state{options_.subject, options_.key.value_or(""), at.text(), complete,
                               !complete && options_.of_changes};
        target_exists_ = state_exists_ = keeps_marks_ = true;
        rows_ = at.rows;
        return {};
    } catch (eloqua::bulk::error const& e) {
        if (begun)
            rollback();
        read_ = false;
        return e.get_failure();
    }
}

inline eloqua::bulk::result<void> table_sink::clear() {
    bool begun = false;
    try {
        if (!read_)
            (void)read_progress();
        if (!stored_ || !stored_->unfinished())
            return {};
        // The rows of earlier exports stay, so their instance is kept.
        eloqua::bulk::export_checkpoint const before = with_instance_of(stored_->at());
        std::string const cleared = before.instance.empty() ? "" : before.text();
        begun = true;
        begin();
        keep(cleared, false);
        (void)change("DROP TABLE IF EXISTS " + staging_, {});
        commit();
        stored_->checkpoint = cleared;
        stored_->of_changes = options_.of_changes;
        rows_ = 0;
        return {};
    } catch (eloqua::bulk::error const& e) {
        if (begun)
            rollback();
        read_ = false;
        return e.get_failure();
    }
}

inline eloqua::bulk::result<std::optional<eloqua::bulk::timestamp>>
table_sink::changes_until() try {
    using eloqua::bulk::timestamp;
    if (!options_.key)
        refuse(eloqua::bulk::errc::invalid_argument,
               "rows of changes would replace all rows of the table",
               "merge them by a key: table_options::key");
    if (!read_)
        (void)read_progress();
    if (!keeps_marks_ || !columns_of(table_) ||
        query("SELECT 1 FROM " + target_ + " LIMIT 1", {}).empty())
        return std::optional<timestamp>();
    auto const found =
        query("SELECT changes_until FROM " + state_ + " WHERE table_name = $1", {state_key_});
    if (found.empty() || !found.front().front())
        return std::optional<timestamp>();
    std::string const& text = *found.front().front();
    auto const until = eloqua::bulk::parse_time<timestamp::duration>(text);
    if (!until)
        refuse(eloqua::bulk::errc::store_failed,
               "changes_until of table " + state_ + " is not a time: " + databases::named(text));
    return until;
} catch (eloqua::bulk::error const& e) {
    return e.get_failure();
}

inline eloqua::bulk::result<void>
table_sink::set_changes_until(std::optional<eloqua::bulk::timestamp> const& until) try {
    std::string text;
    if (until && !eloqua::bulk::append_time(text, *until))
        refuse(eloqua::bulk::errc::invalid_argument, "the mark is outside of the years 0 to 9999");
    std::int64_t const changed =
        change("UPDATE " + state_ + " SET changes_until = nullif($1, '') WHERE table_name = $2 " +
                   "AND checkpoint = $3 AND complete = 1",
               {text, state_key_, stored_ ? stored_->checkpoint : std::string()});
    if (changed != 1)
        refuse(eloqua::bulk::errc::in_use, "another process has changed its export",
               "run only one export into it at a time, and run this one again");
    return {};
} catch (eloqua::bulk::error const& e) {
    return e.get_failure();
}
