// SPDX-License-Identifier: BSL-1.0
/// \file
/// A governor that the processes of one machine share, by a file. POSIX only.
#pragma once

#include <eloqua/bulk/detail/file/governor_file.hpp>
#include <eloqua/bulk/governor.hpp>

#include <filesystem>
#include <memory>
#include <utility>

namespace eloqua::bulk {

/// A governor whose records are in a file, so that all processes of the user on this machine can
/// share the limits and the turns of activity exports:
///
///     options.governor = bulk::shared_governor("/var/lib/nightly/governor.json");
///
/// The file is created when it is first needed; its folder must exist. It is readable and writable
/// by its owner only, and has at most 16 MiB. Each change replaces the whole file by a new one, so
/// that a process may be killed at any moment. Changes are made under an flock() on a second file,
/// with ".lock" added to the name, which is held for the moment of a change, never during a wait
/// or a request, and ends with its process. flock() does not work on some network file systems.
///
/// Throws `error` with `errc::invalid_argument` for options out of range. Errors of operations that
/// start a sync: `errc::governor_failed` if the file is damaged, has another format, belongs to
/// another user, can be written by others, is not a regular file or has a second name, or if it
/// cannot be written; `errc::deadline_exceeded` if another process keeps it locked.
inline std::shared_ptr<governor> shared_governor(std::filesystem::path file,
                                                 governor_options options = governor_options()) {
    return std::make_shared<governor>(std::move(options),
                                      std::make_unique<detail::governor_file>(std::move(file)));
}

} // namespace eloqua::bulk
