// SPDX-License-Identifier: BSL-1.0
/// \file
/// Which mark, store and export of changes belong together.
#pragma once

#include <eloqua/bulk/change_mark.hpp>
#include <eloqua/bulk/detail/http/instance.hpp>
#include <eloqua/bulk/detail/text/shown.hpp>
#include <eloqua/bulk/documents.hpp>
#include <eloqua/bulk/error.hpp>
#include <eloqua/bulk/export_checkpoint.hpp>
#include <eloqua/bulk/time.hpp>

#include <algorithm>
#include <concepts>
#include <optional>
#include <string>
#include <utility>

namespace eloqua::bulk::detail {

/// Compares the stored mark with what is exported now. Errors: `errc::invalid_mark`;
/// `errc::fields_do_not_fit` if a field has changed.
inline result<void> compare_marks(change_mark const& was, change_mark const& now,
                                  bool accept_changed_columns) {
    std::string const anew = "use another mark for this export, or remove the mark to export all "
                             "rows again";
    if (are_other_instances(was.instance, now.instance))
        return failure(errc::invalid_mark,
                       "the mark belongs to the instance " + shown(was.instance) +
                           ", but this is " + now.instance,
                       anew);
    auto const differs = [&](char const* what, std::string const& then, std::string const& here) {
        return failure(errc::invalid_mark,
                       std::string("the mark belongs to an export with another ") + what + ": '" +
                           shown(then) + "', now '" + shown(here) + "'",
                       anew);
    };
    if (was.entity != now.entity)
        return differs("entity", was.entity, now.entity);
    if (was.filter != now.filter)
        return differs("filter", was.filter, now.filter);
    if (was.column != now.column)
        return differs("column of times", was.column, now.column);
    if (was.destination && now.destination && *was.destination != *now.destination)
        return failure(errc::invalid_mark,
                       "the rows up to the mark went to '" + shown(*was.destination) +
                           "', but these are for '" + shown(*now.destination) +
                           "', which would lack earlier rows",
                       "use another mark for each destination, or remove the mark to export all "
                       "rows there; for one reader of several files, set "
                       "change_options::destination");
    if (accept_changed_columns)
        return {};
    std::string const go_on = "adapt the receiver of the rows, then set accept_changed_columns for "
                              "one export, or remove the mark to export all rows again";
    auto const with_key = [](change_mark const& of, std::string const& key) {
        auto const found = std::ranges::find(of.columns, key, &marked_column::key);
        return found == of.columns.end() ? nullptr : &*found;
    };
    for (marked_column const& each : was.columns) {
        marked_column const* const here = with_key(now, each.key);
        if (!here)
            return failure(errc::invalid_mark,
                           "the export has no column '" + shown(each.key) +
                               "' any more, which it had when the mark was stored",
                           go_on);
        if (each.statement != here->statement)
            return failure(errc::invalid_mark,
                           "column '" + shown(each.key) + "' was " + shown(each.statement) +
                               " when the mark was stored, and is " + shown(here->statement),
                           go_on);
        auto const changed = [](std::string const& then, std::string const& now_is) {
            return !then.empty() && !now_is.empty() && then != now_is;
        };
        bool const type = changed(each.type, here->type);
        if (type || changed(each.name, here->name))
            return failure(errc::fields_do_not_fit,
                           "the field of column '" + shown(each.key) + "' (" +
                               shown(each.statement) + ") " +
                               (type ? "was of type " + shown(each.type)
                                     : "had the name " + shown(each.name)) +
                               " when the mark was stored, and " +
                               (type ? "is of type " + shown(here->type)
                                     : "has the name " + shown(here->name)),
                           go_on);
    }
    for (marked_column const& each : now.columns)
        if (!with_key(was, each.key))
            return failure(errc::invalid_mark,
                           "the export has a column '" + shown(each.key) +
                               "', which it did not have when the mark was stored",
                           go_on);
    return {};
}

/// Checks that the part of an export that a store has is the one that the mark says is running.
/// Error: `errc::other_export`.
inline result<void> check_running(export_checkpoint const& begun,
                                  std::optional<change_mark> const& mark,
                                  std::string const& asked) {
    std::string wrong, advice = "clear the store to export the changes again";
    if (!mark || !mark->running) {
        wrong = mark ? "the mark does not say that an export of changes is running"
                     : "there is no mark";
    } else if (std::ranges::find(mark->definitions, begun.name) == mark->definitions.end()) {
        wrong = "the definition '" + shown(begun.name) +
                "' is not one of the export of changes that the mark says is running";
    } else if (*mark->running != asked) {
        auto const since = [](std::string const& time) {
            return time.empty() ? std::string("of all times") : "since '" + shown(time) + "'";
        };
        wrong = "that is an export of changes " + since(*mark->running) +
                ", and the mark and the options ask for changes " + since(asked);
        advice = "use the options that it began with, or " + advice;
    }
    if (wrong.empty())
        return {};
    return failure(errc::other_export, "the store has a part of an export, but " + wrong,
                   std::move(advice));
}

/// A store that knows up to which time it has all changes; see `export_changes_into`.
template <class Sink>
concept knows_its_changes = requires(Sink& sink, std::optional<timestamp> until) {
    { sink.changes_until() } -> std::same_as<result<std::optional<timestamp>>>;
    { sink.set_changes_until(until) } -> std::same_as<result<void>>;
};

/// Checks that a store has the rows that the mark says were exported. Error:
/// `errc::store_lacks_rows`.
template <class Sink>
result<void> check_earlier_rows(Sink& sink, std::optional<timestamp> marked) {
    if constexpr (knows_its_changes<Sink>) {
        result<std::optional<timestamp>> const has = sink.changes_until();
        if (!has)
            return has.error();
        if (!marked || *has >= marked)
            return {};
        std::string wanted, found;
        if (!append_time(wanted, *marked) || (*has && !append_time(found, **has)))
            wanted = found = "a time that cannot be shown";
        return failure(errc::store_lacks_rows,
                       "the mark says that all changes up to " + wanted +
                           " UTC were exported, but the store " +
                           (*has ? "has only those up to " + found + " UTC"
                                 : "has no rows of such exports; it may have been emptied"),
                       "restore the rows, or the mark that belongs to them, or set "
                       "change_options::from_start for one export, which exports all rows again");
    } else {
        return {};
    }
}

} // namespace eloqua::bulk::detail
