// SPDX-License-Identifier: BSL-1.0
/// \file
/// High-water marks: up to which time changes were exported, and where that is stored. The file is
/// POSIX only.
#pragma once

#include <eloqua/bulk/detail/file/journal.hpp>
#include <eloqua/bulk/document_json.hpp>
#include <eloqua/bulk/documents.hpp>
#include <eloqua/bulk/error.hpp>
#include <eloqua/bulk/files.hpp>

#include <boost/describe/class.hpp>

#include <concepts>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace eloqua::bulk {

/// A column of an export of changes, and the field that it stood for.
struct marked_column {
    std::string key;       ///< key of the column
    std::string statement; ///< statement of the column
    std::string name;      ///< internal name of the field; empty if the service did not list it
    std::string type;      ///< its data type; empty likewise
    /// Compares all members.
    friend bool operator==(marked_column const&, marked_column const&) = default;
};
BOOST_DESCRIBE_STRUCT(marked_column, (), (key, statement, name, type))

/// The progress of repeated exports of changes; see `export_changes_into`.
struct change_mark {
    /// All changes up to this time were exported; empty: none yet.
    std::optional<timestamp> until;
    std::string instance;               ///< to which the rows belong
    std::string entity;                 ///< its path, and its own condition
    std::string column;                 ///< key of the column with the time of the change
    std::string filter;                 ///< without the time; empty: all rows
    std::vector<marked_column> columns; ///< the columns of the rows
    /// An export has begun that is not complete: the first time it asks for; blank: all times.
    std::optional<std::string> running;
    /// Names of the last definitions of that export, if its rows go into a store. They tell whether
    /// the unfinished export in a store is that one.
    std::vector<std::string> definitions;
    /// Where the rows go, see `change_options::destination`; empty: not known.
    std::optional<std::string> destination;

    /// One line of JSON, with a version.
    std::string text() const;
    /// Parses the output of `text`. Error: `errc::invalid_mark` for other text, including that of
    /// later versions.
    static result<change_mark> parse(std::string const& text);
};
BOOST_DESCRIBE_STRUCT(change_mark, (),
                      (until, instance, entity, column, filter, columns, running, definitions,
                       destination))

namespace detail {

/// The first member of any mark, whatever a newer version may add.
struct mark_version {
    std::int64_t version = 1;
};
BOOST_DESCRIBE_STRUCT(mark_version, (), (version))

struct mark_document : mark_version, change_mark {};
BOOST_DESCRIBE_STRUCT(mark_document, (mark_version, change_mark), ())

} // namespace detail

inline std::string change_mark::text() const {
    detail::mark_document document;
    static_cast<change_mark&>(document) = *this;
    return write_document(document);
}

inline result<change_mark> change_mark::parse(std::string const& text) {
    auto const version = parse_document<detail::mark_version>(text);
    if (version && version->version != 1)
        return failure(errc::invalid_mark,
                       "the mark has version " + std::to_string(version->version) +
                           ", which this program does not support",
                       "use a newer version of this program");
    auto read = version ? parse_document<detail::mark_document>(text)
                        : result<detail::mark_document>(version.error());
    if (!read)
        return failure(errc::invalid_mark, "the text is not a mark: " + read.error().info.detail,
                       "restore it from a backup; without it, the next export is of all rows");
    return change_mark(std::move(*read));
}

/// A store for a mark. `load` returns what was stored last, or nothing. When `store` succeeds, the
/// mark is durable; after an error or a crash, either the old or the new one is stored. If the rows
/// are in a database, keep the mark in the same one, so that a backup has both.
template <class M>
concept mark_store = requires(M& store, change_mark const& mark) {
    { store.load() } -> std::same_as<result<std::optional<change_mark>>>;
    { store.store(mark) } -> std::same_as<result<void>>;
};

/// Stores a mark in a file, which is replaced as a whole. The file is locked from the first use
/// until the object is destroyed, so that two exports cannot use it at once. `posix_files` says
/// which files are refused. The folder must exist. Errors: `errc::journal_failed`; `errc::in_use`
/// while another object has the file; `errc::invalid_mark`.
class mark_file {
public:
    /// `files` must outlive the object.
    explicit mark_file(std::filesystem::path path, file_operations& files = posix_files::instance())
        : path_(std::move(path)), files_(&files) {}

    /// The file's name, as given.
    std::filesystem::path const& path() const { return path_; }

    /// Returns the mark in the file; nothing if the file is empty or was just created.
    [[nodiscard]] result<std::optional<change_mark>> load() {
        result<void> const opened = open();
        if (!opened)
            return opened.error();
        if (text_.empty())
            return std::optional<change_mark>();
        result<change_mark> read = change_mark::parse(text_);
        if (read)
            return std::optional<change_mark>(std::move(*read));
        failure why = read.error();
        why.info.detail = "'" + path_.string() + "': " + why.info.detail;
        return why;
    }
    /// Replaces the mark. It is durable on return.
    [[nodiscard]] result<void> store(change_mark const& mark) {
        result<void> const opened = open();
        if (!opened)
            return opened;
        std::vector<std::string> const records{mark.text()};
        result<void> const replaced = file_->rewrite(records);
        if (replaced)
            text_ = records.front();
        return replaced;
    }

private:
    result<void> open() {
        if (file_)
            return {};
        result<detail::journal> opened = detail::journal::open(path_, *files_);
        if (!opened)
            return opened.error();
        file_.emplace(std::move(*opened));
        if (!file_->records().empty())
            text_ = file_->records().back();
        return {};
    }

    std::filesystem::path path_;
    file_operations* files_;
    std::optional<detail::journal> file_;
    std::string text_; ///< as stored last; empty: nothing
};

static_assert(mark_store<mark_file>);

} // namespace eloqua::bulk
