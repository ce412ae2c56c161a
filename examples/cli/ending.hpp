// SPDX-License-Identifier: BSL-1.0
// How the program ends: exit codes, and errors in one sentence.
#pragma once

#include <eloqua/bulk/error.hpp>

#include <exception>
#include <stdexcept>
#include <string>

namespace bulk = eloqua::bulk;

namespace cli {

/// Exit codes; --help and docs/guides/program.md list them.
enum class exit_code : int {
    complete = 0,
    rejected = 1,  ///< complete, but the service rejected rows or values
    usage = 2,     ///< the arguments are wrong; nothing was sent
    refused = 3,   ///< credentials, permissions, fields or files were refused
    resumable = 4, ///< incomplete; the same command resumes
    failed = 5,    ///< incomplete or not proven, and cannot be resumed
};

/// The list of exit codes for --help.
extern char const* const exit_codes_text;

/// Arguments that do not fit together.
struct bad_usage : std::runtime_error {
    using runtime_error::runtime_error;
};

/// Ends the program with one sentence and a code.
struct ending : std::runtime_error {
    ending(exit_code with, std::string const& sentence) : runtime_error(sentence), code(with) {}
    exit_code code;
};

/// Whether the same command can resume what failed.
enum class resuming : unsigned char { possible, impossible };

/// The code for a failure of the library.
exit_code code_of(bulk::failure const& why, resuming how);

/// Whether a failure has this error number as its cause, such as ENOSPC.
bool caused_by(bulk::failure const& why, int error_number);

/// The code and the sentence for an exception, without the name of the program.
ending ending_of(std::exception const& thrown);

} // namespace cli
