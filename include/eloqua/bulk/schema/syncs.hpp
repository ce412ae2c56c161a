// SPDX-License-Identifier: BSL-1.0
/// \file
/// Syncs, their logs and rejects.
#pragma once

#include <eloqua/bulk/schema/documents.hpp>
#include <eloqua/bulk/schema/open_enum.hpp>

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace eloqua::bulk {

/// `errored` is how one page of the documentation spells `error`.
enum class sync_status { pending, active, success, warning, error, errored };
BOOST_DESCRIBE_ENUM(sync_status, pending, active, success, warning, error, errored)

/// What a caller sets of a sync.
struct sync_definition {
    std::string syncedInstanceUri; ///< `uri` of the definition
    /// Called when the sync ends; the call may come before the sync's own creation is answered.
    std::optional<std::string> callbackUrl;
};
BOOST_DESCRIBE_STRUCT(sync_definition, (), (syncedInstanceUri, callbackUrl))

/// A sync as the service tells of it.
struct sync : sync_definition {
    std::optional<open_enum<sync_status>> status;
    std::optional<timestamp> syncStartedAt;
    std::optional<timestamp> syncEndedAt;
    std::optional<timestamp> createdAt;
    std::optional<std::string> createdBy;
    std::optional<std::string> uri;

    bool failed() const { return status == sync_status::error || status == sync_status::errored; }
    bool succeeded() const {
        return status == sync_status::success || status == sync_status::warning;
    }
    /// Whether the service is done with it: by its status, or, if that is not known, by the time of
    /// its end.
    bool finished() const {
        bool const known = status && status->known();
        return failed() || succeeded() || (!known && syncEndedAt);
    }
};
BOOST_DESCRIBE_STRUCT(sync, (sync_definition),
                      (status, syncStartedAt, syncEndedAt, createdAt, createdBy, uri))

enum class severity { information, warning, error };
BOOST_DESCRIBE_ENUM(severity, information, warning, error)

struct sync_log {
    std::optional<std::string> syncUri;
    std::optional<std::int64_t> count;
    std::optional<open_enum<bulk::severity>> severity;
    std::optional<std::string> statusCode; ///< "ELQ-00102"; see `parse_elq`
    std::optional<std::string> message;
    std::optional<timestamp> createdAt;
};
BOOST_DESCRIBE_STRUCT(sync_log, (), (syncUri, count, severity, statusCode, message, createdAt))

struct sync_reject {
    string_map fieldValues;                 ///< the pushed row
    std::vector<std::string> invalidFields; ///< columns
    std::optional<std::string> message;
    std::optional<std::string> statusCode;   ///< "ELQ-00026"; see `parse_elq`
    std::optional<std::int64_t> recordIndex; ///< counts from 1 over the pushed rows
};
BOOST_DESCRIBE_STRUCT(sync_reject, (),
                      (fieldValues, invalidFields, message, statusCode, recordIndex))

} // namespace eloqua::bulk
