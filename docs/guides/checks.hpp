// SPDX-License-Identifier: BSL-1.0
// What the programs of the guides share: each checks that what its guide says is so.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <source_location>
#include <stdexcept>
#include <string>
#include <system_error>

/// Ends the program with exit status 1 if something that a guide says is not so.
inline void expect(bool holds,
                   std::source_location const& where = std::source_location::current()) {
    if (holds)
        return;
    std::cerr << where.file_name() << ':' << where.line() << ": this is not so\n";
    std::exit(1);
}

/// A folder of its own, which is the current one until it is deleted at the end.
class temporary_folder {
public:
    temporary_folder() : before_(std::filesystem::current_path()) {
        std::string name = (std::filesystem::temp_directory_path() / "guide.XXXXXX").string();
        if (!::mkdtemp(name.data()))
            throw std::runtime_error("cannot create " + name);
        path_ = name;
        std::filesystem::current_path(path_);
    }
    temporary_folder(temporary_folder const&) = delete;
    temporary_folder& operator=(temporary_folder const&) = delete;
    ~temporary_folder() {
        std::error_code ignored;
        std::filesystem::current_path(before_, ignored);
        std::filesystem::remove_all(path_, ignored);
    }

private:
    std::filesystem::path before_, path_;
};
