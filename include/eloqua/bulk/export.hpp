// SPDX-License-Identifier: BSL-1.0
/// \file
/// Exports: their options and receipts, the checkpoint from which another process resumes one, and
/// stores that keep rows with it.
#pragma once

#include <eloqua/bulk/definitions.hpp>
#include <eloqua/bulk/detail/codec/page.hpp>
#include <eloqua/bulk/detail/text/ascii.hpp>
#include <eloqua/bulk/error.hpp>
#include <eloqua/bulk/flow.hpp>
#include <eloqua/bulk/limits.hpp>
#include <eloqua/bulk/time.hpp>

#include <charconv>
#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <ostream>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace eloqua::bulk {

/// How far an export has come. `row_source::checkpoint` gives it, `export_options::resume_from`
/// goes on from it: with the rows after those that were handed out, or before there are any, with
/// what was made for them, from the name of the definition on.
struct export_checkpoint {
    std::string definition;       ///< uri; empty as long as none is known
    std::string sync;             ///< uri; empty as long as none is known to be started
    std::uint64_t columns = 0;    ///< fingerprint of the row type's columns
    std::int64_t rows = 0;        ///< handed out; the next one has this number
    std::int64_t known_row = -1;  ///< a row handed out whose hash is known; -1: none
    std::uint64_t known_hash = 0; ///< of that row's values
    std::string name;             ///< of the definition; it is chosen before that is made
    /// Number of the site, where it is known, and host, as in "4211@https://secure.p01.eloqua.com".
    std::string instance;

    /// One line of printable ASCII without blanks at its ends:
    /// "eloqua-bulk-export/2 instance=... name=... definition=/contacts/exports/5 sync=/syncs/6
    /// columns=... rows=1000 ...". Of some 300 bytes, unless `export_options::name` is long.
    std::string text() const {
        auto hex = [](std::uint64_t n) {
            char digits[16];
            auto const end = std::to_chars(digits, digits + sizeof digits, n, 16).ptr;
            return std::string(digits, end);
        };
        return std::string(version) + " instance=" + escaped(instance) + " name=" + escaped(name) +
               " definition=" + escaped(definition) + " sync=" + escaped(sync) +
               " columns=" + hex(columns) + " rows=" + std::to_string(rows) +
               " known_row=" + std::to_string(known_row) + " known_hash=" + hex(known_hash);
    }

    /// Reads what `text` gives, and what earlier versions of it gave, which named no instance.
    /// Error: `errc::invalid_checkpoint` for any other text, among them those of versions to come.
    static result<export_checkpoint> parse(std::string_view text);

    /// Whether its numbers can be right. Error: `errc::invalid_checkpoint`.
    result<void> check() const {
        constexpr std::int64_t most = 1'000'000'000'000'000; // far from where numbers overflow
        if (rows < 0 || rows > most || known_row < -1 || known_row >= rows ||
            (rows > 0 && sync.empty()))
            return failure(errc::invalid_checkpoint,
                           "it is after row " + std::to_string(rows) + " of '" + sync +
                               "', and knows row " + std::to_string(known_row),
                           "export anew");
        return {};
    }

private:
    static constexpr std::string_view version = "eloqua-bulk-export/2";
    static constexpr std::string_view former = "eloqua-bulk-export/1";

    static bool is_plain(char c) { return c > 0x20 && c < 0x7f; }
    /// Blanks and what is not printable ASCII as %20 and the like.
    static std::string escaped(std::string_view text) {
        std::string out;
        for (char const c : text) {
            if (is_plain(c) && c != '%')
                out += c;
            else
                detail::append_percent(out, c);
        }
        return out;
    }
    static bool take(std::string_view& text, std::string_view name, std::string_view& value) {
        if (!text.starts_with(name))
            return false;
        text.remove_prefix(name.size());
        std::size_t const end = text.find(' ');
        value = text.substr(0, end);
        text.remove_prefix(value.size());
        return true;
    }
    static bool take(std::string_view& text, std::string_view name, std::string& value) {
        std::string_view given;
        if (!take(text, name, given) || !std::ranges::all_of(given, is_plain))
            return false;
        std::optional<std::string> const decoded = detail::percent_decoded(given);
        value = decoded.value_or("");
        return decoded.has_value();
    }
    template <class Number>
    static bool take(std::string_view& text, std::string_view name, Number& value, int base) {
        std::string_view digits;
        return take(text, name, digits) && detail::read_whole(digits, value, base);
    }
};

inline result<export_checkpoint> export_checkpoint::parse(std::string_view text) {
    export_checkpoint read;
    std::string_view rest = text;
    bool const known = rest.starts_with(version) || rest.starts_with(former);
    bool const of_instance = rest.starts_with(version);
    rest.remove_prefix(known ? version.size() : 0);
    bool const fine =
        known &&
        (!of_instance ||
         (take(rest, " instance=", read.instance) && take(rest, " name=", read.name))) &&
        take(rest, " definition=", read.definition) && take(rest, " sync=", read.sync) &&
        take(rest, " columns=", read.columns, 16) && take(rest, " rows=", read.rows, 10) &&
        take(rest, " known_row=", read.known_row, 10) &&
        take(rest, " known_hash=", read.known_hash, 16) && rest.empty();
    if (!fine)
        return failure(errc::invalid_checkpoint,
                       "\"" + std::string(text.substr(0, 100)) +
                           "\" is not a checkpoint that this version can read",
                       "use a newer version of this program, or export anew");
    result<void> const possible = read.check();
    if (!possible)
        return possible.error();
    return read;
}

/// What an export was, once it is proven complete.
struct export_receipt {
    std::string sync;                          ///< uri
    std::string definition;                    ///< uri
    std::int64_t rows = 0;                     ///< handed out
    std::optional<std::int64_t> total_results; ///< what the pages said
    std::optional<std::int64_t> logged;        ///< what the sync's log said
    std::uint64_t bytes = 0;                   ///< of pages, inflated
    unsigned requests = 0;                     ///< for pages, but those sent ahead in vain
    unsigned retries = 0;                      ///< among them
    std::chrono::milliseconds queued{};        ///< sync created to started, by the service's clock
    std::chrono::milliseconds processed{};     ///< sync started to ended
    std::chrono::milliseconds transferred{};   ///< first page asked for to last row read
    /// Of the sync's log, in the service's words; if fields could not be checked, why; and what is
    /// odd about the rows of this run: those without any value, and columns that no row had.
    std::vector<std::string> warnings;
    /// In the service's language; empty: all rows. Unknown where a checkpoint was resumed by
    /// itself.
    std::optional<std::string> filter;
    /// By column: values of this run in which U+FFFD stands for text that was broken, see
    /// `export_options::broken_texts`.
    std::map<std::string, std::int64_t> replaced_texts;
    bool definition_deleted = false; ///< else it is left on the server until it deletes itself

    friend std::ostream& operator<<(std::ostream& out, export_receipt const& r) {
        out << r.rows << " rows, complete (pages say "
            << (r.total_results ? std::to_string(*r.total_results) : "nothing") << ", log says "
            << (r.logged ? std::to_string(*r.logged) : "nothing") << "); " << r.sync << " of "
            << r.definition << (r.definition_deleted ? " (deleted)" : " (still there)") << "; "
            << r.bytes << " bytes in " << r.requests << " requests, " << r.retries << " retries; "
            << r.queued.count() << " ms queued, " << r.processed.count() << " ms processed, "
            << r.transferred.count() << " ms transferred";
        if (r.filter && !r.filter->empty())
            out << "; where " << *r.filter;
        for (auto const& [column, count] : r.replaced_texts)
            out << "; " << count << " texts of '" << column << "' were broken and are mended";
        for (std::string const& each : r.warnings)
            out << "; warning: " << each;
        return out;
    }
};

/// How an export is done.
struct export_options {
    std::string name =
        "eloqua-bulk export"; ///< begins the definition's name; at most 80 characters
    /// Of the rows on the server, 1 h to 14 days: so long an export can be resumed.
    duration data_retention = std::chrono::hours(24);
    duration auto_delete = std::chrono::hours(72); ///< of the definition, should it be left behind
    /// Else times of the service's own, such as CreatedAt, come in US Eastern time without a zone:
    /// a member that is a time or a date refuses them, and so does a filter that compares one with
    /// a time, with `errc::invalid_argument`; read them as texts. Fields of the customer's own have
    /// no zone; they come and go as they are stored, whatever this says, and a `sys_time` takes
    /// them for UTC.
    bool system_timestamps_in_utc = true;
    std::optional<std::int64_t> max_records;        ///< empty: all
    std::int64_t page_rows = limits::rows_per_page; ///< rows a request, 1 to 50,000
    std::size_t batch_rows = 1'000; ///< rows that `row_source::next` gathers, at least 1
    /// Asks for the next page before the one under way is answered, so that the service's time to
    /// think is spent while rows are read. Takes a second connection, and no more memory.
    bool read_ahead = true;
    /// On the wire. Pages of CSV do not say how many rows there are: the last is one that is not
    /// full, and the count of the sync's log is the proof.
    rows_format rows = rows_format::json;
    /// What becomes of texts that are not UTF-8, or have half of a surrogate pair, such as those
    /// that were cut in the middle of a character before they came to the service.
    broken_text broken_texts = broken_text::refused;
    /// Leaves definition and rows on the server at the end; see `row_source::remove_definition`.
    bool keep_definition = false;
    /// Done to the records of all rows while the sync runs, at most 10; `actions_for` makes them.
    /// Exports of activities have none: `errc::invalid_argument`. A file that is resumed must have
    /// been begun with the same ones.
    std::vector<sync_action> sync_actions;
    /// As `import_options::check_fields`, of what matters to exports.
    bool check_fields = false;
    /// Resumes an export where this was taken, perhaps in another process. The last row known then
    /// is asked for once more, and must be the same; before there were rows, a sync that is under
    /// way is waited for, and what was made without being known is looked for. The rows are those
    /// of the filter and options that the definition was made with; others that are given now have
    /// no effect on it.
    /// Errors besides those of `row_source`: `errc::invalid_checkpoint` for one of other columns,
    /// of another instance, or that names nothing yet; `errc::sync_gone` also if the definition was
    /// never made, or another one would have to be. `export_into` and `export_to_file`, which find
    /// a checkpoint of their own, refuse one with `errc::invalid_argument`.
    std::optional<export_checkpoint> resume_from;
};

namespace detail {

/// Refuses numbers that can never work, by `errc::invalid_argument`.
inline result<void> check_options(export_options const& o) {
    if (o.page_rows >= 1 && o.page_rows <= limits::rows_per_page && o.batch_rows >= 1)
        return {};
    return failure(errc::invalid_argument, "page_rows is " + std::to_string(o.page_rows) +
                                               "; 1 to " + std::to_string(limits::rows_per_page) +
                                               " are allowed; batch_rows is " +
                                               std::to_string(o.batch_rows) + "; at least 1");
}

/// An export from definition to proven end. Each `pull` is a flow of its own; the page under way
/// and the one asked for ahead stay open in between, on slots of leases that outlive the flows.
class export_job {
public:
    virtual ~export_job() = default;

    /// Does the next thing that comes before rows, without waiting for the sync: chooses the
    /// definition's name, makes it, starts its sync; or of an export that is resumed, finds them.
    /// True if the checkpoint has come to name more by that, false once it names the sync. After an
    /// error that may pass, the next call tries it again.
    [[nodiscard]] virtual flow<result<bool>> prepare() = 0;

    /// Decodes the next piece of a page; before the first, prepares what is not yet, and waits for
    /// the sync. Rows go to `sink`. False at the end, which is proven then. After an error that may
    /// pass, the next pull resumes after the last row that came.
    [[nodiscard]] virtual flow<result<bool>> pull(row_sink& sink) = 0;

    /// After the end, once all rows are in safe hands: removes the definition unless it is to be
    /// kept. If that fails, the receipt says so.
    [[nodiscard]] virtual flow<result<void>> conclude() = 0;
    /// Removes the definition, and with it the rows on the server.
    [[nodiscard]] virtual flow<result<void>> remove_definition() = 0;

    /// Before the first pull: no two rows may have the same value in this column, or the export
    /// fails with `errc::duplicate_row`.
    virtual void require_unique(std::size_t column) = 0;
    /// After that: a row with this one's value has come before.
    virtual void has_come(void const* row) = 0;

    bool finished() const { return finished_; }
    std::int64_t rows() const { return checkpoint_.rows; }
    export_receipt const& receipt() const { return receipt_; }
    /// After the last row that came.
    export_checkpoint const& checkpoint() const { return checkpoint_; }

protected:
    bool finished_ = false;
    export_receipt receipt_;
    export_checkpoint checkpoint_;
};

} // namespace detail

/// How far a store has come.
struct sink_progress {
    export_checkpoint at;
    bool complete = false;
};

/// A store for rows that an export is resumed from. After a crash at any moment it has exactly the
/// rows up to the checkpoint that `last` gives; empty: it has none, and the export begins anew.
///
/// `append` takes rows and the checkpoint after them; both may be made durable later, but then
/// together. Before there are rows, it is told without any what was made for them, so that another
/// run waits for the same sync: that is better made durable at once; a store that has a member
/// `begun` of the checkpoint alone is told by that. When `complete` succeeds, all rows are durable,
/// and that they are all. Calls come one after another; none comes after one that failed.
template <class Sink, class Row>
concept checkpointed_sink =
    requires(Sink& sink, std::span<Row const> rows, export_checkpoint const& at) {
        { sink.last() } -> std::same_as<result<std::optional<sink_progress>>>;
        { sink.append(rows, at) } -> std::same_as<result<void>>;
        { sink.complete(at) } -> std::same_as<result<void>>;
    };

/// What became of an export into a store.
struct stored_export {
    export_receipt receipt;    ///< if `was_complete`, only sync, definition and number of rows
    std::int64_t resumed = 0;  ///< rows that earlier runs had stored
    bool was_complete = false; ///< nothing was left to do, and nothing was done

    friend std::ostream& operator<<(std::ostream& out, stored_export const& e) {
        if (e.was_complete)
            return out << "was complete already: " << e.receipt.rows << " rows of "
                       << e.receipt.sync;
        if (e.resumed)
            out << "resumed after " << e.resumed << " rows; ";
        return out << e.receipt;
    }
};

} // namespace eloqua::bulk
