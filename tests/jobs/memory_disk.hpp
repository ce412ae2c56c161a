// SPDX-License-Identifier: BSL-1.0
// Files in memory that crash on demand, and lose what was not forced to disk.
#pragma once

#include <eloqua/bulk/files.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace memory_disk {

namespace bulk = eloqua::bulk;
using bulk::result;

/// Thrown by the operation at which the process dies.
struct crash {};

/// What remains after a crash.
enum class loss {
    none,    ///< the process was killed: the system keeps what was written
    all,     ///< what was not forced to disk is lost
    at_will, ///< some of it is lost, or has become zeros
};

class disk final : public bulk::file_operations {
public:
    std::size_t operations = 0;          ///< so far
    std::optional<std::size_t> crash_at; ///< number of the operation that crashes, from 1
    std::optional<std::size_t> fail_at;  ///< number of the operation that fails, from 1
    std::vector<std::size_t> renames;    ///< numbers of these operations

    std::optional<std::string> content(std::string const& path) const {
        auto const found = names_.find(path);
        return found == names_.end() ? std::nullopt : std::optional(found->second->content);
    }
    void put(std::string const& path, std::string content) {
        names_[path] = std::make_shared<node>(node{content, content, false, false});
        durable_names_ = names_;
    }
    /// Restarts the machine.
    void reboot(loss what, std::mt19937& random) {
        crash_at.reset();
        fail_at.reset();
        if (what == loss::all)
            names_ = durable_names_;
        if (what == loss::at_will) {
            auto const before = std::exchange(names_, durable_names_);
            for (auto const& [name, file] : before)
                if (random() % 2)
                    names_[name] = file;
            for (auto const& [name, file] : durable_names_)
                if (!before.contains(name) && random() % 2)
                    names_.erase(name);
        }
        for (auto const& [name, file] : names_) {
            file->open = false;
            if (what == loss::all)
                file->content = file->durable;
            if (what == loss::at_will)
                file->content = remnant(*file, random);
            file->durable = file->content;
        }
        durable_names_ = names_;
    }

    /// Makes the file a pipe. What was written to it is its content, which no crash undoes.
    void put_stream(std::string const& path) {
        names_[path] = std::make_shared<node>();
        names_[path]->stream = true;
        durable_names_ = names_;
    }

    result<std::unique_ptr<bulk::durable_file>> open(std::filesystem::path const& path) override {
        return open(path, false);
    }
    result<std::unique_ptr<bulk::durable_file>> create(std::filesystem::path const& path) override {
        return open(path, true);
    }
    result<std::unique_ptr<bulk::durable_file>>
    open_data(std::filesystem::path const& path) override {
        return open(path, false);
    }
    bool is_stream(std::filesystem::path const& path) override {
        auto const found = names_.find(path.string());
        return found != names_.end() && found->second->stream;
    }
    result<std::optional<std::uint64_t>> size_of(std::filesystem::path const& path) override {
        result<void> const fine = step();
        if (!fine)
            return fine.error();
        auto const found = content(path.string());
        return found ? std::optional<std::uint64_t>(found->size()) : std::nullopt;
    }
    result<void> remove(std::filesystem::path const& path) override {
        result<void> const fine = step();
        if (fine)
            names_.erase(path.string());
        return fine;
    }
    result<void> sync_folder(std::filesystem::path const&) override {
        result<void> const fine = step();
        if (fine)
            durable_names_ = names_;
        return fine;
    }

private:
    struct node {
        std::string content;
        std::string durable;
        bool open = false;
        bool stream = false;
    };

    result<std::unique_ptr<bulk::durable_file>> open(std::filesystem::path const& path, bool anew) {
        result<void> const fine = step();
        if (!fine)
            return fine.error();
        auto& found = names_[path.string()];
        if (!found || anew)
            found = std::make_shared<node>();
        if (found->open)
            return bulk::failure(bulk::errc::in_use, path.string() + " is in use");
        found->open = true;
        return std::unique_ptr<bulk::durable_file>(std::make_unique<handle>(*this, found, path));
    }
    class handle final : public bulk::durable_file {
    public:
        handle(disk& on, std::shared_ptr<node> what, std::filesystem::path path)
            : on_(on), what_(std::move(what)), path_(std::move(path)) {}
        ~handle() override { what_->open = false; }

        result<std::uint64_t> size() const override {
            result<void> const fine = on_.step();
            return fine ? result<std::uint64_t>(what_->content.size()) : fine.error();
        }
        result<std::string> read_all() const override {
            result<void> const fine = on_.step();
            return fine ? result<std::string>(what_->content) : fine.error();
        }
        result<void> append(std::string_view text) override {
            bool const last = on_.is_last();
            what_->content += last ? text.substr(0, text.size() / 2) : text;
            return on_.step();
        }
        result<void> truncate(std::uint64_t size) override {
            result<void> const fine = on_.step();
            if (what_->stream)
                return bulk::failure(bulk::errc::journal_failed, "a pipe has no length");
            if (fine)
                what_->content.resize(size);
            return fine;
        }
        result<void> sync() override {
            result<void> const fine = on_.step();
            if (!fine)
                return fine;
            what_->durable = what_->content;
            auto const named = on_.names_.find(path_.string());
            if (named == on_.names_.end() || named->second != what_)
                return bulk::failure(bulk::errc::journal_failed,
                                     "'" + path_.string() + "' was removed or replaced");
            return {};
        }
        result<void> rename(std::filesystem::path const& to) override {
            on_.renames.push_back(on_.operations + 1);
            result<void> const fine = on_.step();
            if (fine) {
                on_.names_.erase(path_.string());
                on_.names_[to.string()] = what_;
                path_ = to;
            }
            return fine;
        }

    private:
        disk& on_;
        std::shared_ptr<node> what_;
        std::filesystem::path path_;
    };

    static std::string remnant(node const& file, std::mt19937& random) {
        if (!file.content.starts_with(file.durable)) // it was truncated
            return random() % 2 ? file.content : file.durable;
        std::size_t const more = file.content.size() - file.durable.size();
        std::string left = file.content.substr(0, file.durable.size() + random() % (more + 1));
        if (random() % 3 == 0)
            left.resize(left.size() + random() % (file.content.size() - left.size() + 1), '\0');
        return left;
    }
    bool is_last() const { return crash_at == operations + 1 || fail_at == operations + 1; }
    result<void> step() {
        ++operations;
        if (crash_at && operations >= *crash_at)
            throw crash();
        if (fail_at == operations)
            return bulk::failure(bulk::errc::journal_failed, "the disk is full");
        return {};
    }

    std::map<std::string, std::shared_ptr<node>> names_, durable_names_;
};

} // namespace memory_disk
