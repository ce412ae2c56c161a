// SPDX-License-Identifier: BSL-1.0
// Files compressed by gzip from which an export can be resumed.
#pragma once

#include <eloqua/bulk/files.hpp>

#include <filesystem>

namespace bulk = eloqua::bulk;

namespace cli {

/// The files of this machine, of which one is compressed. Its sizes and contents are those of the
/// uncompressed rows.
///
/// The file consists of complete gzip members, which gunzip joins. A member ends wherever the file
/// is forced to disk, so a journal's lengths are ends of members, and a file can be cut there. The
/// header of a member holds its own size and that of its content, so that nothing has to be
/// decompressed to find them.
class gzip_files final : public bulk::file_operations {
public:
    /// `compressed`: the path of that file.
    explicit gzip_files(std::filesystem::path compressed) : path_(std::move(compressed)) {}

    [[nodiscard]] bulk::opened_file open(std::filesystem::path const& path) override {
        return plain_.open(path);
    }
    [[nodiscard]] bulk::opened_file create(std::filesystem::path const& path) override {
        return plain_.create(path);
    }
    [[nodiscard]] bulk::opened_file open_data(std::filesystem::path const& path) override;
    [[nodiscard]] bool is_stream(std::filesystem::path const& path) override {
        return plain_.is_stream(path);
    }
    [[nodiscard]] bulk::result<std::optional<std::uint64_t>>
    size_of(std::filesystem::path const& path) override;
    [[nodiscard]] bulk::result<void> remove(std::filesystem::path const& path) override {
        return plain_.remove(path);
    }
    [[nodiscard]] bulk::result<void> sync_folder(std::filesystem::path const& path) override {
        return plain_.sync_folder(path);
    }

private:
    bulk::posix_files& plain_ = bulk::posix_files::instance();
    std::filesystem::path path_;
};

} // namespace cli
