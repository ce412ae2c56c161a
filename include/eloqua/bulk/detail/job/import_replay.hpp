// SPDX-License-Identifier: BSL-1.0
/// \file
/// What an interrupted import had done when another one resumes it: its journal's records, and the
/// groups of rows in them.
#pragma once

#include <eloqua/bulk/detail/job/ledger.hpp>
#include <eloqua/bulk/error.hpp>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace eloqua::bulk::detail {

/// The content of an import's journal. Each record is a word and its values:
///
/// - `import`: a version, a fingerprint of columns and identifier, the instance, and the settings
/// (`text_of_settings`); always and only the first record.
/// - `name`: of a definition about to be created; `definition`: its uri.
/// - `push`: a request with rows after the last group is about to be sent; the service may start a
/// sync with it. A fingerprint of all rows sent since that group, and the request's number of rows.
/// - `group`: a sync of the rows after the last group is about to be started. The same fingerprint,
/// and the number of rows in each request.
/// - `push_once`, `group_once`: like `push` and `group`, for rows that must not be pushed again
/// once a sync of them may have run: some have a blank identifier and create a record each time.
/// - `sync`: uri of a sync of that group.
/// - `applied`: the sync has ended, and its rejects were read.
/// - `failed`: the sync ended in an error; if the import runs again, it pushes the rows again.
/// - `complete`: no rows are left.
struct journal_records {
    /// Rows that one sync has applied, or may have applied.
    struct group {
        std::vector<std::size_t> requests; ///< rows of each
        std::uint64_t fingerprint = 0;
        bool pushed = false;            ///< the import started no sync; only the service may have
        bool once = false;              ///< must not be pushed again
        std::vector<std::string> syncs; ///< uris; empty: unknown whether one was started
        std::string definition;         ///< uri
        bool applied = false;

        std::size_t rows() const {
            std::size_t all = 0;
            for (std::size_t const each : requests)
                all += each;
            return all;
        }
    };

    std::uint64_t columns = 0; ///< fingerprint
    std::string instance;
    std::string settings;       ///< JSON
    std::string name;           ///< of the last created definition
    std::string definition;     ///< its uri; empty if unknown
    bool holds_nothing = false; ///< the definition is certainly empty
    std::vector<group> groups;  ///< all but the last are applied
    bool complete = false;

    static std::string import_record(std::uint64_t columns, std::string const& instance,
                                     std::string const& settings) {
        return "import 3 " + std::to_string(columns) + ' ' + instance + ' ' + settings;
    }
    static std::string name_record(std::string const& name) { return "name " + name; }
    static std::string definition_record(std::string const& uri) { return "definition " + uri; }
    static std::string push_record(group const& begun) {
        return (begun.once ? "push_once " : "push ") + std::to_string(begun.fingerprint) + ' ' +
               std::to_string(begun.requests.back());
    }
    static std::string group_record(group const& begun) {
        std::string text =
            (begun.once ? "group_once " : "group ") + std::to_string(begun.fingerprint);
        for (std::size_t const each : begun.requests)
            text += ' ' + std::to_string(each);
        return text;
    }
    static std::string sync_record(std::string const& uri) { return "sync " + uri; }
    static std::string applied_record() { return "applied"; }
    static std::string failed_record() { return "failed"; }
    static std::string complete_record() { return "complete"; }

    /// Error: `errc::journal_failed` if they are not the records of an import.
    static result<journal_records> read(std::span<std::string const> records) {
        journal_records all;
        if (std::uint64_t former = 0; !records.empty() && records.front().starts_with("import ")) {
            std::string_view rest = std::string_view(records.front()).substr(7);
            // The first version had a fingerprint there, the second one no settings.
            if (number(rest, former) && (rest.empty() || former == 2))
                return failure(errc::journal_failed,
                               "the journal was written by an older version of this library",
                               "finish the import with the program that started it; or remove the "
                               "journal and import again, which imports the synced rows twice");
        }
        for (std::string const& each : records)
            if (!all.take(each, &each == records.data()))
                return failure(errc::journal_failed,
                               "\"" + each.substr(0, 100) +
                                   "\" is not valid at this place of an import's journal");
        return all;
    }

private:
    bool take(std::string_view record, bool first) {
        std::string_view const word = record.substr(0, record.find(' '));
        std::string_view rest = record.substr(std::min(record.size(), word.size() + 1));
        if (complete || first != (word == "import"))
            return false;
        bool const open = !groups.empty() && !groups.back().applied;
        if (word == "import") {
            unsigned version = 0;
            bool const fine = number(rest, version) && version == 3 && number(rest, columns);
            instance = rest.substr(0, rest.find(' '));
            settings = rest.substr(std::min(rest.size(), instance.size() + 1));
            return fine && !settings.empty();
        }
        if (word == "complete")
            return complete = !open && rest.empty();
        if (word == "name" || word == "definition") {
            if (open && !groups.back().syncs.empty())
                return false;
            if (open) // its rows will be pushed again
                groups.pop_back();
            if (word == "name")
                definition.clear();
            holds_nothing = word == "definition";
            (word == "name" ? name : definition) = rest;
            return !rest.empty();
        }
        bool const once = word.ends_with("_once");
        std::string_view const kind = once ? word.substr(0, word.size() - 5) : word;
        if (kind == "group" || kind == "push") {
            if (open && !groups.back().syncs.empty())
                return false;
            bool const more = open && kind == "push" && groups.back().pushed;
            if (open && !more) // its rows are named again
                groups.pop_back();
            group& begun = more ? groups.back() : groups.emplace_back();
            begun.definition = definition;
            begun.pushed = kind == "push";
            begun.once = begun.once || once;
            holds_nothing = false;
            std::size_t const before = begun.requests.size();
            bool fine = number(rest, begun.fingerprint);
            while (fine && !rest.empty())
                fine = number(rest, begun.requests.emplace_back());
            return fine && begun.rows() != 0 &&
                   (kind == "group" || begun.requests.size() == before + 1);
        }
        if (!open || once)
            return false;
        if (word == "sync") {
            groups.back().syncs.emplace_back(rest);
            return !rest.empty();
        }
        if (word == "applied")
            groups.back().applied = holds_nothing = true;
        else if (word == "failed")
            groups.pop_back();
        else
            return false;
        return rest.empty();
    }
    template <class Number>
    static bool number(std::string_view& text, Number& into) {
        auto const [end, ec] = std::from_chars(text.data(), text.data() + text.size(), into);
        text.remove_prefix(static_cast<std::size_t>(end - text.data()));
        if (ec != std::errc() || (!text.empty() && text.front() != ' '))
            return false;
        text.remove_prefix(std::min<std::size_t>(text.size(), 1));
        return true;
    }
};

/// The groups of rows that were synced, or may have been. Their rows are offered again, to check
/// that they are unchanged and to assign rejects to them.
class replay_queue {
public:
    using group = journal_records::group;

    /// Empty.
    replay_queue() = default;
    explicit replay_queue(journal_records const& before)
        : groups_(before.groups.begin(), before.groups.end()), complete_(before.complete) {}

    bool empty() const { return groups_.empty(); }
    /// No row follows them.
    bool complete() const { return complete_; }
    group& last() { return groups_.back(); }
    void drop_last() { groups_.pop_back(); }
    std::vector<std::string> syncs() const {
        std::vector<std::string> all;
        for (group const& each : groups_)
            all.insert(all.end(), each.syncs.begin(), each.syncs.end());
        return all;
    }

    /// Adds a row of the first group; false if the group is full.
    bool add(ledger& to, std::string_view identifier, std::uint64_t sent) const {
        if (to.rows() == groups_.front().rows())
            return false;
        std::size_t boundary = 0;
        for (std::size_t const each : groups_.front().requests) {
            if (boundary == to.rows())
                to.begin_request();
            boundary += each;
        }
        to.add(identifier, sent);
        return true;
    }
    /// The first group, if its rows are the added ones. Error: `errc::journal_failed`.
    result<group> take(ledger const& rows) {
        group const& first = groups_.front();
        std::size_t const begin = rows.first_row();
        if (rows.rows() != first.rows() ||
            rows.fingerprint(first.requests.size()) != first.fingerprint)
            return failure(
                errc::journal_failed,
                "rows " + std::to_string(begin) + " to " + std::to_string(begin + first.rows()) +
                    " (exclusive) are not the rows that it describes, or have other values",
                "pass the same rows in the same order, or start over with a new journal");
        group taken = std::move(groups_.front());
        groups_.pop_front();
        return taken;
    }

private:
    std::deque<group> groups_;
    bool complete_ = false;
};

} // namespace eloqua::bulk::detail
