// SPDX-License-Identifier: BSL-1.0
// Records the exchanges of a client in files, without values of rows and without secrets.
#pragma once

#include <eloqua/bulk/any_transport.hpp>
#include <eloqua/bulk/http.hpp>

#include <cstddef>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

namespace bulk = eloqua::bulk;

namespace cli {

/// Text of the same shape: x for letters, 9 for digits; other ASCII characters stay.
std::string masked(std::string_view text);

/// A JSON document with its texts masked, except for those that say how the service behaves: uris,
/// statements, internal names, types, statuses, codes, times, and the unquoted words of messages.
/// Numbers in rows are masked too, but not the words true, false, yes and no. Any other content is
/// masked as a whole.
std::string masked_document(std::string_view body, bool has_rows);

/// One exchange.
struct exchange {
    bulk::verb method = bulk::verb::get;
    std::string target;
    bulk::header_fields asked;
    std::string sent;
    bulk::head head; ///< status 0: there was no response
    std::string received;
    bool complete = false;
};

/// A folder of recorded exchanges. Thread-safe.
class recording {
public:
    /// Creates the folder, which must be empty or missing. Throws `ending`.
    explicit recording(std::filesystem::path folder);
    /// Writes "0001-GET-contacts-fields.json". Throws `ending`.
    void add(exchange const& done);
    std::size_t count() const;

private:
    std::filesystem::path folder_;
    mutable std::mutex mutex_;
    std::size_t count_ = 0;
};

/// A transport that records every exchange of another one.
bulk::any_transport recorded(bulk::any_transport network, std::shared_ptr<recording> into);

} // namespace cli
