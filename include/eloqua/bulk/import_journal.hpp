// SPDX-License-Identifier: BSL-1.0
/// \file
/// Import journals in files.
#pragma once

#include <eloqua/bulk/detail/file/journal.hpp>
#include <eloqua/bulk/files.hpp>
#include <eloqua/bulk/import.hpp>

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace eloqua::bulk {

/// Opens or creates a file for `import_options::journal`:
///
///     bulk::import_options options;
///     options.journal = bulk::open_import_journal("contacts.journal").value();
///     client.import_rows(bulk::contacts, bulk::identified_by<&person::email>, people, options);
///
/// When it is run again after a crash or an error, the import resumes where it stopped; see
/// `import_options::journal`. A file serves one import: for the next one, use another file, or
/// delete this one once its import is complete. The file is closed with the last copy of the
/// pointer, so options that hold a copy keep it open. Only one object at a time can have it open.
/// `files` must outlive it. Errors: those of `journal`.
inline result<std::shared_ptr<import_journal>>
open_import_journal(std::filesystem::path path, file_operations& files = posix_files::instance()) {
    class file final : public import_journal {
    public:
        explicit file(detail::journal j) : journal_(std::move(j)), records_(journal_.records()) {}
        std::vector<std::string> const& records() const override { return records_; }
        result<void> append(std::string_view record) override {
            result<void> const appended = journal_.append(record);
            if (appended)
                records_.emplace_back(record);
            return appended;
        }

    private:
        detail::journal journal_;
        std::vector<std::string> records_;
    };
    result<detail::journal> opened = detail::journal::open(std::move(path), files);
    if (!opened)
        return opened.error();
    return std::shared_ptr<import_journal>(std::make_shared<file>(std::move(*opened)));
}

} // namespace eloqua::bulk
