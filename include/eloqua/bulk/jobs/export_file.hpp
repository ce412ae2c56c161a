// SPDX-License-Identifier: BSL-1.0
/// \file
/// The file of an export beside its journal, whatever the rows.
#pragma once

#include <eloqua/bulk/error.hpp>
#include <eloqua/bulk/jobs/checkpoint.hpp>
#include <eloqua/bulk/jobs/export_job.hpp>
#include <eloqua/bulk/jobs/export_sink.hpp>
#include <eloqua/bulk/jobs/file_operations.hpp>
#include <eloqua/bulk/jobs/journal.hpp>
#include <eloqua/bulk/jobs/row_lines.hpp>
#include <eloqua/bulk/wire/transport.hpp>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace eloqua::bulk {

/// How an export to a file is done. It is forced to the disk, with a checkpoint, when any of three
/// limits is reached; what came after the last one is exported again after a crash.
struct export_file_options : export_options {
    file_format format = file_format::ndjson;
    std::int64_t checkpoint_rows = 10'000;
    std::uint64_t checkpoint_bytes = 8'000'000;
    clock::duration checkpoint_time = std::chrono::seconds(10);
    /// Begins anew, with an empty file, when the sync to resume has expired.
    bool start_over_if_gone = false;
    file_operations* files = &posix_files::instance(); ///< must stay
};

namespace detail {

/// A file that grows, and the journal which says to what length it is good. The order of writing
/// makes it so: the file is on the disk before the journal names its length.
class export_file {
public:
    /// `of`: what is exported, without line ends; a journal of anything else is refused. `header`:
    /// what the file begins with.
    static result<export_file> open(std::filesystem::path path, std::string of, std::string header,
                                    export_file_options const& options);

    std::optional<sink_progress> const& last() const { return last_; }

    [[nodiscard]] result<void> write(std::string_view lines) {
        return change([&] {
            size_ += lines.size();
            return data_->append(lines);
        });
    }
    /// What was written are the rows up to this checkpoint.
    [[nodiscard]] result<void> reached(export_checkpoint const& at) {
        if (at.rows - durable_rows_ < options_.checkpoint_rows &&
            size_ - durable_size_ < options_.checkpoint_bytes &&
            clock::now() - durable_since_ < options_.checkpoint_time)
            return {};
        return change([&] { return save(at, false); });
    }
    [[nodiscard]] result<void> complete(export_checkpoint const& at) {
        return change([&] { return save(at, true); });
    }
    /// Begins anew.
    [[nodiscard]] result<void> clear() {
        last_.reset();
        durable_rows_ = 0;
        return change([&] {
            // The other way round, a crash in between would leave a file shorter than its journal
            // says.
            std::vector<std::string> const nothing{of_};
            result<void> const forgotten = journal_.rewrite(nothing);
            return forgotten ? begin() : forgotten;
        });
    }

private:
    static constexpr std::uint64_t largest_journal = 16'384;

    export_file(std::filesystem::path path, std::string of, std::string header, journal j,
                export_file_options const& options)
        : path_(std::move(path)), of_(std::move(of)), header_(std::move(header)),
          journal_(std::move(j)), options_(options) {}

    static failure failed(std::filesystem::path const& path, std::string const& what,
                          std::string advice) {
        return failure(errc::journal_failed, "'" + path.string() + "' " + what, std::move(advice));
    }
    failure failed(std::string const& what) const {
        return failed(path_, what,
                      "put it back, or remove it and '" + journal_.path().string() +
                          "' to export anew");
    }

    [[nodiscard]] result<void> recall(std::optional<std::uint64_t> there);
    [[nodiscard]] result<void> begin();
    [[nodiscard]] result<void> save(export_checkpoint const& at, bool complete);

    template <class F>
    result<void> change(F f) {
        if (broken_)
            return *broken_;
        result<void> const done = f();
        if (!done)
            broken_ = done.error(); // what is on the disk is unknown
        return done;
    }

    std::filesystem::path path_;
    std::string of_;
    std::string header_;
    journal journal_;
    export_file_options options_;
    std::unique_ptr<durable_file> data_;
    std::uint64_t size_ = 0;
    std::optional<sink_progress> last_; ///< when it was opened
    std::int64_t durable_rows_ = 0;
    std::uint64_t durable_size_ = 0;
    clock::time_point durable_since_ = clock::now();
    std::optional<failure> broken_;
};

inline result<export_file> export_file::open(std::filesystem::path path, std::string of,
                                             std::string header,
                                             export_file_options const& options) {
    std::filesystem::path journal_path = path;
    journal_path += ".journal";
    auto of_others = [&] {
        return failed(path, "is not empty, and has no journal",
                      "remove it, or export to another file");
    };
    result<std::optional<std::uint64_t>> there = options.files->size_of(path);
    result<std::optional<std::uint64_t>> const known = options.files->size_of(journal_path);
    if (!there || !known)
        return there ? known.error() : there.error();
    if (there->value_or(0) > 0 && !*known)
        return of_others();
    result<journal> opened = journal::open(journal_path, *options.files);
    if (!opened)
        return opened.error();
    std::vector<std::string> const& records = opened->records();
    if (records.empty()) {
        if (there->value_or(0) > 0)
            return of_others();
        result<void> const begun = opened->append(of);
        if (!begun)
            return begun.error();
    } else if (records.front() != of) {
        return failed(journal_path,
                      "is of another export (" + records.front() + "; asked for is " + of + ")",
                      "repeat that one, or remove it and '" + path.string() + "' to export anew");
    }
    // Another process may have written to it until the journal was opened.
    there = options.files->size_of(path);
    if (!there)
        return there.error();
    export_file made(std::move(path), std::move(of), std::move(header), std::move(*opened),
                     options);
    result<void> const recalled = made.recall(*there);
    if (!recalled)
        return recalled.error();
    return made;
}

/// Makes the file what it was at the journal's last record.
inline result<void> export_file::recall(std::optional<std::uint64_t> there) {
    if (journal_.records().size() > 1) {
        std::string_view text = journal_.records().back();
        sink_progress last;
        std::string_view const word = text.substr(0, text.find(' '));
        last.complete = word == "complete";
        text.remove_prefix(std::min(text.size(), word.size() + 1));
        auto const [end, ec] = std::from_chars(text.data(), text.data() + text.size(), size_);
        text.remove_prefix(static_cast<std::size_t>(end - text.data()));
        result<export_checkpoint> at = export_checkpoint::parse(text.substr(text.empty() ? 0 : 1));
        if ((!last.complete && word != "at") || ec != std::errc() || !at)
            return failed(journal_.path(), "has a record that is none of an export",
                          "it was left as it is");
        last.at = std::move(*at);
        last_ = std::move(last);
        durable_rows_ = last_->at.rows;
    }
    bool const complete = last_ && last_->complete;
    std::uint64_t const has = there.value_or(0);
    if (has < size_ || (complete && has != size_))
        return failed((there ? "has " + std::to_string(has) + " bytes" : "is gone") +
                      ", its journal states " + std::to_string(size_));
    if (complete)
        return {};
    result<std::unique_ptr<durable_file>> opened = options_.files->open_data(path_);
    if (!opened)
        return opened.error();
    data_ = std::move(*opened);
    result<void> ready = options_.files->sync_folder(path_);
    if (!ready)
        return ready;
    if (!last_)
        return begin();
    if (has > size_)
        ready = data_->truncate(size_);
    durable_size_ = size_;
    return ready;
}

inline result<void> export_file::begin() {
    result<void> const emptied = data_->truncate(0);
    size_ = header_.size();
    durable_size_ = 0;
    return emptied && !header_.empty() ? data_->append(header_) : emptied;
}

inline result<void> export_file::save(export_checkpoint const& at, bool complete) {
    result<void> const forced = data_->sync();
    if (!forced)
        return forced;
    std::string record = (complete ? "complete " : "at ") + std::to_string(size_) + ' ' + at.text();
    durable_rows_ = at.rows;
    durable_size_ = size_;
    durable_since_ = clock::now();
    if (journal_.size() < largest_journal)
        return journal_.append(record);
    std::vector<std::string> const all{of_, std::move(record)};
    return journal_.rewrite(all);
}

} // namespace detail

} // namespace eloqua::bulk
