// SPDX-License-Identifier: BSL-1.0
/// \file
/// How far an import has come, as records of a journal.
#pragma once

#include <eloqua/bulk/error.hpp>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace eloqua::bulk {

/// What the records of an import's journal say. Each is a word and what belongs to it:
///
/// - `import`: a fingerprint of columns and identifier; the first record, and no other.
/// - `name`: of a definition about to be made; `definition`: its uri. Rows after the last group
///   may be staged in it.
/// - `group`: a sync of the rows after the last group is about to be started: their number in
///   each request, and a fingerprint of their identifiers.
/// - `sync`: uri of a sync of that group.
/// - `applied`: the sync has ended, and its rejects were read.
/// - `failed`: the sync has ended in an error; its rows are to be pushed anew, should the import be
///   run again.
/// - `complete`: no row is left.
struct import_progress {
    /// Rows that one sync has applied, or may have.
    struct group {
        std::vector<std::size_t> requests; ///< rows of each
        std::uint64_t identifiers = 0;     ///< fingerprint
        std::vector<std::string> syncs;    ///< uris; none: whether one was started is unknown
        std::string definition;            ///< uri
        bool applied = false;

        std::size_t rows() const {
            std::size_t all = 0;
            for (std::size_t const each : requests)
                all += each;
            return all;
        }
    };

    std::uint64_t columns = 0; ///< fingerprint
    std::string name;          ///< of the definition made last
    std::string definition;    ///< its uri; empty if it is not known
    std::vector<group> groups; ///< all but the last are applied
    bool complete = false;

    static std::string import_record(std::uint64_t columns) {
        return "import " + std::to_string(columns);
    }
    static std::string name_record(std::string const& name) { return "name " + name; }
    static std::string definition_record(std::string const& uri) { return "definition " + uri; }
    static std::string group_record(group const& begun) {
        std::string text = "group " + std::to_string(begun.identifiers);
        for (std::size_t const each : begun.requests)
            text += ' ' + std::to_string(each);
        return text;
    }
    static std::string sync_record(std::string const& uri) { return "sync " + uri; }
    static std::string applied_record() { return "applied"; }
    static std::string failed_record() { return "failed"; }
    static std::string complete_record() { return "complete"; }

    /// Error: `errc::journal_failed` if they are not the records of an import.
    static result<import_progress> read(std::span<std::string const> records) {
        import_progress all;
        for (std::string const& each : records)
            if (!all.take(each, &each == records.data()))
                return failure(errc::journal_failed,
                               "\"" + each.substr(0, 100) + "\" is no record of an import here");
        return all;
    }

private:
    bool take(std::string_view record, bool first) {
        std::string_view const word = record.substr(0, record.find(' '));
        std::string_view rest = record.substr(std::min(record.size(), word.size() + 1));
        if (complete || first != (word == "import"))
            return false;
        bool const open = !groups.empty() && !groups.back().applied;
        if (word == "import")
            return number(rest, columns) && rest.empty();
        if (word == "complete")
            return complete = !open && rest.empty();
        if (word == "name" || word == "definition") {
            if (word == "name")
                definition.clear();
            (word == "name" ? name : definition) = rest;
            return !rest.empty();
        }
        if (word == "group") {
            // One whose sync was never started is replaced by what is pushed anew.
            if (open && groups.back().syncs.empty())
                groups.pop_back();
            else if (open)
                return false;
            group& begun = groups.emplace_back();
            begun.definition = definition;
            bool fine = number(rest, begun.identifiers);
            while (fine && !rest.empty())
                fine = number(rest, begun.requests.emplace_back());
            return fine && begun.rows() != 0;
        }
        if (!open)
            return false;
        if (word == "sync") {
            groups.back().syncs.emplace_back(rest);
            return !rest.empty();
        }
        if (word == "applied")
            groups.back().applied = true;
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

} // namespace eloqua::bulk
