// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <eloqua/bulk/error.hpp>
#include <eloqua/bulk/wire/transport.hpp>

#include <cstdint>
#include <string_view>

namespace eloqua::bulk {

/// Told what a client does; for progress and tracing. Override what is of interest. Calls come from
/// wherever the client's operations run, and must not throw. No credentials are ever among what is
/// passed, nor bodies.
class observer {
public:
    virtual ~observer() = default;
    /// A request is about to be sent: "GET https://host/path".
    virtual void on_request(std::string_view line) { (void)line; }
    /// A request was answered.
    virtual void on_response(std::string_view line, int status) { (void)line, (void)status; }
    /// A request did not succeed and is made again after `delay`.
    virtual void on_retry(failure const& why, clock::duration delay) { (void)why, (void)delay; }
    /// A sync was looked at: its uri, and its status as the service spells it.
    virtual void on_sync(std::string_view uri, std::string_view status) { (void)uri, (void)status; }
    /// Rows of a job so far: handed out by an export, sent by an import; `total` where it is known,
    /// else 0.
    virtual void on_rows(std::int64_t rows, std::int64_t total) { (void)rows, (void)total; }
};

} // namespace eloqua::bulk
