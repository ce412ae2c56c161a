// SPDX-License-Identifier: BSL-1.0
/// \file
/// The records of a governor in a file. POSIX only.
#pragma once

#include <eloqua/bulk/detail/file/own_file.hpp>
#include <eloqua/bulk/detail/http/governor_records.hpp>
#include <eloqua/bulk/document_json.hpp>
#include <eloqua/bulk/error.hpp>

#include <boost/describe/class.hpp>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <fcntl.h>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <sys/file.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace eloqua::bulk::detail {

/// The first members of any such file, whatever a newer version may add.
struct governor_file_format {
    std::string format;
    std::int64_t version = 1;
};
BOOST_DESCRIBE_STRUCT(governor_file_format, (), (format, version))

struct governor_document : governor_file_format, governor_records {};
BOOST_DESCRIBE_STRUCT(governor_document, (governor_file_format, governor_records), ())

/// Keeps records in a JSON file, which every change replaces.
class governor_file final : public record_store {
public:
    explicit governor_file(std::filesystem::path path) : path_(std::move(path)) {}

    result<governor_records*> open() override {
        unique_fd lock;
        bool busy = false;
        if (auto const why = lock_own(beside(".lock"), lock, busy))
            return failed("cannot be locked: '" + beside(".lock").string() + "' " + why->text(), 0,
                          why->advice);
        if (busy)
            return nullptr;
        lock_ = std::move(lock);
        struct unlocking { // also after an exception
            governor_file* of;
            ~unlocking() {
                if (of)
                    of->close();
            }
        } at_end{this};
        result<governor_records> read = load();
        if (!read)
            return read.error();
        records_ = std::move(*read);
        at_end.of = nullptr;
        return &records_;
    }

    result<void> save() override {
        governor_document document;
        document.format = name_of_format;
        static_cast<governor_records&>(document) = records_;
        std::string const text = write_document(document);
        if (text.size() >= most_bytes)
            return failed("would get more than " + std::to_string(most_bytes) + " bytes", 0,
                          "use another file for some of the instances");
        // Under the lock, nobody else writes a file of this name.
        std::filesystem::path const fresh = beside(".new");
        {
            unique_fd file;
            if (auto const why = make_own(fresh, file))
                return failed("cannot be replaced: '" + fresh.string() + "' " + why->text(), 0,
                              why->advice);
            int why = write_all(file.get(), text);
            if (!why && repeat_call([&] { return ::fdatasync(file.get()); }) != 0)
                why = errno;
            if (why) {
                ::unlink(fresh.c_str());
                return failed("cannot be replaced", why);
            }
        }
        if (::rename(fresh.c_str(), path_.c_str()) != 0) {
            int const why = errno;
            ::unlink(fresh.c_str());
            return failed("cannot be replaced", why);
        }
        return {};
    }

    void close() override {
        if (lock_) // closing is not enough: a child process may have a copy
            ::flock(lock_.get(), LOCK_UN);
        lock_ = unique_fd();
        records_ = governor_records();
    }

private:
    static constexpr std::size_t most_bytes = 16 * 1024 * 1024;
    static constexpr std::string_view name_of_format = "eloqua-bulk governor";

    std::filesystem::path beside(char const* suffix) const { return path_.string() + suffix; }

    failure failed(std::string what, int error = 0, std::string advice = std::string()) const {
        std::string text = "the governor's file '" + path_.string() + "' " + what;
        if (error)
            text += " (" + std::generic_category().message(error) + ")";
        return failure(errc::governor_failed, std::move(text), std::move(advice));
    }

    /// A missing or empty file has no records.
    result<governor_records> load() const {
        unique_fd file;
        if (auto const why = open_own(path_, O_RDONLY, false, file)) {
            if (why->error == ENOENT)
                return governor_records();
            return failed(why->text(), 0, why->advice);
        }
        std::string text;
        if (int const why = read_all(file.get(), text, most_bytes))
            return failed(why == EFBIG ? "is too large for a file of a governor" : "cannot be read",
                          why == EFBIG ? 0 : why,
                          why == EFBIG ? "name another file" : std::string());
        if (text.empty())
            return governor_records();
        constexpr std::size_t memory = 8 * most_bytes;
        auto const format = parse_document<governor_file_format>(text, memory);
        if (!format || format->format != name_of_format)
            return failed("was not written by a governor, or is damaged", 0,
                          "name another file; if it is this governor's own, remove it, and the "
                          "syncs of the last hour are forgotten");
        if (format->version != 1)
            return failed("has version " + std::to_string(format->version) +
                              ", which this program does not support",
                          0, "use a newer version of this program");
        result<governor_document> read = parse_document<governor_document>(text, memory);
        if (!read)
            return failed("is damaged: " + read.error().info.detail, 0,
                          "remove it; the syncs of the last hour are then forgotten");
        for (instance_records& each : read->instances) {
            for (std::int64_t const kind : {0, 1, 2})
                if (std::ranges::any_of(each.times(kind), is_no_time) ||
                    !std::ranges::is_sorted(each.times(kind)))
                    return odd_numbers();
            for (open_start const& start : each.open)
                if (is_no_time(start.at) || start.kind < 0 || start.kind > 2)
                    return odd_numbers();
            for (activity_run const& run : each.activities)
                if (is_no_time(run.since))
                    return odd_numbers();
        }
        if (is_no_time(read->window) || is_no_time(read->next))
            return odd_numbers();
        return governor_records(std::move(*read));
    }
    /// Numbers with which sums would overflow.
    static bool is_no_time(std::int64_t at) { return at < 0 || at > std::int64_t(1) << 60; }
    failure odd_numbers() const {
        return failed("is damaged: it contains impossible times or numbers", 0,
                      "remove it; the syncs of the last hour are then forgotten");
    }

    std::filesystem::path path_;
    unique_fd lock_;
    governor_records records_;
};

} // namespace eloqua::bulk::detail
