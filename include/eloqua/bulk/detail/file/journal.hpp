// SPDX-License-Identifier: BSL-1.0
/// \file
/// A file of short records that survives a crash at any time.
#pragma once

#include <eloqua/bulk/error.hpp>
#include <eloqua/bulk/files.hpp>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>
#include <zlib.h>

namespace eloqua::bulk::detail {

/// Texts in a file, appended one by one. Each is on disk when `append` succeeds. A crash during
/// `append` leaves the previous records, with or without the last one; a crash during `rewrite`
/// leaves the old records or the new ones.
///
/// The file is a line with a version, then for each record its length, CRC-32 and text. An
/// incomplete last record is dropped. An incomplete record that others follow is an error, and so
/// is a file that is not a journal. Only one object at a time can have a journal open, in this
/// process or another; see `posix_files`, which refuses files that others can write to. The folder
/// must exist. A journal belongs to one thread.
///
/// Errors: `errc::journal_failed`. After a failed write a journal accepts nothing more, since the
/// content on disk is unknown: open it again.
class journal {
public:
    /// Opens a journal, or creates an empty one. `files` must outlive it.
    static result<journal> open(std::filesystem::path path,
                                file_operations& files = posix_files::instance());

    /// The records at the time it was opened.
    std::vector<std::string> const& records() const { return records_; }
    std::filesystem::path const& path() const { return path_; }
    /// The size of the file in bytes. Use `rewrite` when it has grown too large.
    std::uint64_t size() const { return size_; }

    /// Appends any text below 1 GB.
    [[nodiscard]] result<void> append(std::string_view record) {
        std::string text;
        add(text, record);
        return change([&] { return write(*file_, text); }, size_ + text.size());
    }
    /// Replaces all records at once: writes a new file with the suffix ".new" and renames it.
    [[nodiscard]] result<void> rewrite(std::span<std::string const> records) {
        std::string text(header);
        for (std::string const& each : records)
            add(text, each);
        return change([&] { return replace(text); }, text.size());
    }

private:
    static constexpr std::string_view header = "eloqua-bulk-journal/1\n";

    journal(std::filesystem::path path, file_operations& files, std::unique_ptr<durable_file> file)
        : path_(std::move(path)), files_(&files), file_(std::move(file)) {}

    static std::uint32_t checksum(std::string_view text) {
        return static_cast<std::uint32_t>(::crc32(0, reinterpret_cast<Bytef const*>(text.data()),
                                                  static_cast<uInt>(text.size())));
    }
    static void add(std::string& to, std::string_view record) {
        char digits[8];
        auto const end = std::to_chars(digits, digits + sizeof digits, checksum(record), 16).ptr;
        std::string const sum(digits, end);
        to += std::to_string(record.size()) + ' ' + std::string(8 - sum.size(), '0') + sum + ' ';
        to.append(record) += '\n';
    }
    /// Removes a record from the front, if a complete one is there. Subtracts its bytes from
    /// `budget`; a larger record is not removed.
    static std::optional<std::string_view> take(std::string_view& rest, std::size_t& budget) {
        char const* const end = rest.data() + rest.size();
        constexpr std::size_t digits = 10; // of a length
        std::size_t length = 0;
        std::uint32_t sum = 0;
        auto read =
            std::from_chars(rest.data(), rest.data() + std::min(rest.size(), digits + 1), length);
        if (read.ec != std::errc() || end - read.ptr < 11 || *read.ptr != ' ')
            return std::nullopt;
        read = std::from_chars(read.ptr + 1, read.ptr + 9, sum, 16);
        std::string_view const text(read.ptr, static_cast<std::size_t>(end - read.ptr));
        if (read.ec != std::errc() || text.front() != ' ' || text.size() - 2 < length ||
            text[1 + length] != '\n')
            return std::nullopt;
        bool const affordable = length <= budget;
        budget -= std::min(length, budget);
        if (!affordable || checksum(text.substr(1, length)) != sum)
            return std::nullopt;
        rest = text.substr(length + 2);
        return text.substr(1, length);
    }

    failure failed(std::string_view what, std::string advice) const {
        return failure(errc::journal_failed, "'" + path_.string() + "' " + std::string(what),
                       std::move(advice));
    }
    static result<void> write(durable_file& file, std::string_view text) {
        result<void> const appended = file.append(text);
        return appended ? file.sync() : appended;
    }
    [[nodiscard]] result<void> load();
    [[nodiscard]] result<void> replace(std::string_view text);

    template <class F>
    result<void> change(F f, std::uint64_t size) {
        if (broken_)
            return *broken_;
        result<void> const done = f();
        if (done)
            size_ = size;
        else
            broken_ = done.error();
        return done;
    }

    std::filesystem::path path_;
    file_operations* files_;
    std::unique_ptr<durable_file> file_;
    std::vector<std::string> records_;
    std::uint64_t size_ = 0;
    std::optional<failure> broken_;
};

inline result<journal> journal::open(std::filesystem::path path, file_operations& files) {
    opened_file file = files.open(path);
    if (!file)
        return file.error();
    journal made(std::move(path), files, std::move(*file));
    result<void> const loaded = made.load();
    if (!loaded)
        return loaded.error();
    return made;
}

inline result<void> journal::load() {
    result<std::string> const content = file_->read_all();
    if (!content)
        return content.error();
    std::string_view rest = *content;
    if (!rest.starts_with(header)) {
        // A crash may have left a part of the first line, followed by zeros.
        if (rest.size() > header.size() ||
            !header.starts_with(rest.substr(0, rest.find_last_not_of('\0') + 1)))
            return failed(rest.starts_with("eloqua-bulk-journal/")
                              ? "has a version that this program does not support"
                              : "is not a journal",
                          "it was not changed");
        result<void> emptied = file_->truncate(0);
        if (emptied)
            emptied = file_->append(header);
        if (!emptied)
            return emptied;
        rest = header;
        size_ = header.size();
    } else {
        size_ = content->size();
    }
    rest.remove_prefix(header.size());
    std::size_t budget = content->size();
    while (std::optional<std::string_view> const record = take(rest, budget))
        records_.emplace_back(*record);
    size_ -= rest.size();
    // A crash leaves nothing that looks like many records, so the search for a later record stops
    // after reading a few times the size of the file.
    budget = 4 * content->size();
    for (std::size_t at = 1; at < rest.size(); ++at) {
        std::string_view behind = rest.substr(at);
        if (take(behind, budget) || budget == 0)
            return failed("is damaged at byte " + std::to_string(size_),
                          "restore it from a backup; if you remove it, an export starts anew, and "
                          "an import sends "
                          "every row again, which may create duplicates");
    }
    result<void> ready = file_->truncate(size_);
    // Records written by a process that was killed may not be on disk yet, nor the file's name.
    if (ready)
        ready = file_->sync();
    return ready ? files_->sync_folder(path_) : ready;
}

inline result<void> journal::replace(std::string_view text) {
    std::filesystem::path fresh_path = path_;
    fresh_path += ".new";
    opened_file fresh = files_->create(fresh_path);
    if (!fresh)
        return fresh.error();
    result<void> done = write(**fresh, text);
    if (done)
        done = (*fresh)->rename(path_);
    if (!done) {
        (void)files_->remove(fresh_path);
        return done;
    }
    file_ = std::move(*fresh); // is locked already
    return files_->sync_folder(path_);
}

} // namespace eloqua::bulk::detail
